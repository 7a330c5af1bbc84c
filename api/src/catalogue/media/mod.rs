//! Images and data sheets of products, with previews that a worker makes.

pub mod dto;
pub mod file;
pub mod pdf;
pub mod prepare;
pub mod preview;
pub mod routes;
pub mod usecase;
