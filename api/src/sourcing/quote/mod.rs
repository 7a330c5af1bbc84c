//! Quotes: put together, handed in, revised, confirmed, taken back; and read as far as they are open.

pub mod dto;
pub mod hand_in;
pub mod input;
pub mod read;
pub mod routes;
pub mod sealing;
pub mod show;
pub mod usecase;
