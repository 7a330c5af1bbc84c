//! Comparing quotes: side by side, with what the buyer says of them.

pub mod dto;
pub mod entrants;
pub mod evaluate;
pub mod exclude;
pub mod judged;
pub mod read;
pub mod render;
pub mod routes;
pub mod show;
pub mod xlsx;
mod xlsx_quotes;
