//! Exports of everything that an organisation owns: jobs that write lines of JSON, part by part.

pub mod content;
pub mod cursor;
pub mod dto;
pub mod old;
mod part;
mod read;
pub mod rights;
pub mod routes;
pub mod run;
pub mod usecase;
