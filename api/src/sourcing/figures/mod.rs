//! Conversion figures: of what was asked how much was quoted, how fast, and how much was won.

pub mod dto;
pub mod read;
pub mod routes;
