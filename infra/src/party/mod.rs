//! Legal entities, people and their credentials.

pub mod access;
