//! The three-way match: what arrives from sellers against order and receipt, within the buyer's tolerances.

pub mod arrival;
pub mod decide;
pub mod dto;
pub mod routes;
pub mod tolerance;
