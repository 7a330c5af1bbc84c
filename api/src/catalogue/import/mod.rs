//! Files of goods: taken in as streams, worked off by jobs in the background.

pub mod batch;
pub mod classify;
pub mod dto;
pub mod errors;
pub mod file;
pub mod mapping;
pub mod mapping_routes;
pub mod object;
pub mod plan;
pub mod reading;
pub mod routes;
pub mod run;
pub mod ubl;
pub mod upload;
pub mod usecase;
