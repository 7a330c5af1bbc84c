//! Market data: book, ticker, trades, candles, and the stream of their changes. No company is to be found in it.

pub mod dto;
mod look;
pub mod own;
pub mod routes;
pub mod show;
pub mod stream;
