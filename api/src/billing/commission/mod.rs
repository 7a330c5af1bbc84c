//! The operator's commission: terms per portal and category, fixed with each sale, billed to the sellers by the month.

pub mod dto;
pub mod routes;
pub mod sale;
pub mod statement;
pub mod terms;
