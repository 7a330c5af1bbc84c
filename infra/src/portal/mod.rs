//! Portals and their members.

pub mod access;
pub mod store;
