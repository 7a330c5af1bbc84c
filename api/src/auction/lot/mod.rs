//! Lots as they run and as they ended: what stands, the history, the result, and the stream of their changes.

pub mod dto;
mod look;
mod result;
pub mod routes;
pub mod show;
pub mod stream;
