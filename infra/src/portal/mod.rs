//! Portals and their members.

pub mod access;
pub mod company;
pub mod store;
