//! Auctions as their holders put them together, announce and cancel them, and as others find them.

pub mod dto;
pub mod read;
pub mod relist;
pub mod routes;
pub mod show;
pub mod usecase;
