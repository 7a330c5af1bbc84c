//! A member's own orders and fills as they happen.

pub mod routes;
pub mod stream;
