//! Standing orders: what is ordered by schedule, in the name of a person.

pub mod dto;
pub mod routes;
pub mod run;
pub mod usecase;
