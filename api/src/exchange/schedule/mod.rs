//! Trading schedules: when the phases of instruments change by themselves.

pub mod dto;
pub mod routes;
pub mod usecase;
