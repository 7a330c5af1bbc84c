//! Bids: placing them, in whatever form the format takes, taking them back, and the receipts for them.

pub mod dto;
pub mod own;
pub mod place;
pub mod read;
pub mod routes;
