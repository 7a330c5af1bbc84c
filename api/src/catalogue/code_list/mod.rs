//! Code lists: classifications that products are given codes of. OKPD2 comes with the service, others are uploaded.

pub mod bundled;
pub mod dto;
pub mod routes;
pub mod table;
pub mod upload;
pub mod usecase;
