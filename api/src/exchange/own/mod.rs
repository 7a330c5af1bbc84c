//! A member's own orders and fills as they happen.

mod disconnect;
pub mod routes;
pub mod stream;
