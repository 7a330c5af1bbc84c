//! Questions about requests: who asks is known to nobody, the answer to all who know of the request.

pub mod dto;
pub mod routes;
pub mod usecase;
