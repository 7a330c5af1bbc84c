//! Cost centres with their budgets, and what orders take of them.

pub mod budget;
pub mod charging;
pub mod dto;
pub mod routes;
pub mod usecase;
