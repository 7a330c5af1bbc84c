//! Requests that are sent again: templates, and copies of earlier ones.

pub mod dto;
pub mod routes;
pub mod usecase;
