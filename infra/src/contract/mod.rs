//! Contracts, signatures and deliveries.

pub mod amendment;
pub mod delivery;
pub mod goods_return;
pub mod grade;
mod lines;
pub mod store;
pub mod weight;
