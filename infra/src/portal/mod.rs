//! Portals and their members.

pub mod access;
