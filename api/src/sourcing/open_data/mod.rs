//! Requests and awards of open portals as open data (OCDS 1.1).

pub mod build;
pub mod read;
pub mod routes;
