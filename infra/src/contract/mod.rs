//! Contracts, signatures and deliveries.

pub mod delivery;
mod lines;
pub mod store;
