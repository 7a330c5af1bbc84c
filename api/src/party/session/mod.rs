//! Log-ins of people: by password, kept alive by refresh tokens that rotate.

pub mod dto;
pub mod routes;
pub mod usecase;
