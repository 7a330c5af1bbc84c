//! Stock by warehouse and lot: what lies where, what moves it, what is expected, and what can be had when.

pub mod dto;
pub mod movement;
pub mod routes;
pub mod usecase;
