//! Requisition lists: what a company orders again and again.

pub mod dto;
pub mod routes;
pub mod usecase;
