//! Requests as their buyers put them together, publish, amend and close them, and as others find them.

pub mod amend;
pub mod close;
pub mod dto;
pub mod input;
pub mod lines;
pub mod mini_tender;
pub mod publish;
pub mod read;
pub mod routes;
pub mod show;
pub mod terms;
pub mod usecase;
