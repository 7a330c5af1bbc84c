//! The token endpoint for machines: OAuth 2 client credentials (RFC 6749 §4.4).

pub mod dto;
pub mod grant;
pub mod routes;
pub mod usecase;
