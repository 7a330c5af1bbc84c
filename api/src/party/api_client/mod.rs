//! Machines that act for organisations, and their secrets.

pub mod dto;
pub mod routes;
pub mod usecase;
