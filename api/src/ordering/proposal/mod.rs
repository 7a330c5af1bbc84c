//! Price proposals: a buyer names a price, the seller accepts, counters or declines; what is agreed on is good for one order.

pub mod dto;
pub mod ordered;
pub mod routes;
pub mod usecase;
