//! Dunning: levels that a seller sets, raised by a timer while an invoice is overdue.

pub mod dto;
pub mod overdue;
pub mod routes;
pub mod usecase;
