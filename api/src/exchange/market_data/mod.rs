//! Market data and a member's own orders over one WebSocket (RFC 6455): the same messages as the streams of Server-Sent Events have.

mod connection;
pub mod dto;
mod relay;
pub mod routes;
