//! What stands behind orders: limits and holdings that the portal's managers set, with whom a company trades and for how much, and
//! what it has bound.

pub mod dto;
pub mod routes;
