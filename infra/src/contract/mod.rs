//! Contracts, signatures and deliveries.

pub mod amendment;
pub mod delivery;
mod lines;
pub mod store;
pub mod weight;
