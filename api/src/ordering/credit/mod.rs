//! Credit that sellers give buyers, and the ledger of what binds it.

pub mod dto;
pub mod exposure;
pub mod hold;
pub mod routes;
pub mod usecase;
