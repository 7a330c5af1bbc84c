//! Agreements, signatures, deliveries.

pub mod origin;
pub mod usecase;
