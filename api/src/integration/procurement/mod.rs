//! The documents of procurement systems over HTTP: orders and answers to them in UBL 2.1, both ways; despatch advices, requests and quotations
//! on their way out.
//!
//! Documents say the same as JSON, and go through the same use cases with the same rights: an order through [`crate::ordering::usecase`], an
//! answer to it through [`crate::ordering::decide`]. What is read is read by the same functions that answer in JSON, so that nobody sees more
//! in one form than in the other.

pub mod answer_in;
pub mod answer_out;
pub mod despatch_out;
pub mod dto;
pub mod goods;
pub mod intake;
pub mod order_in;
pub mod order_out;
pub mod parties;
pub mod places;
pub mod quote_out;
pub mod rfq_out;
pub mod routes;
