//! Who bids in an auction: those who apply, and whom the holder invites, qualifies, refuses or withdraws.

pub mod dto;
pub mod routes;
pub mod usecase;
