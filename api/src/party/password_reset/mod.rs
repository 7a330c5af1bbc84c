//! A new password for somebody who forgot the old one.

pub mod dto;
pub mod routes;
pub mod usecase;
