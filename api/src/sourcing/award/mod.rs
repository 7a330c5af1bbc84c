//! Awards: who gets what, with the consent that it needs, until there is a contract.

pub mod announce;
pub mod approval;
pub mod conclude;
pub mod contract;
pub mod decide;
pub mod dto;
pub mod end;
pub mod held;
pub mod letter;
pub mod paper;
pub mod read;
pub mod routes;
pub mod wording;
pub mod write;
