//! Requests for quotation, quotes and what comes of them. Whoever changes something of a request holds its row first ([`rfq::lock`]); who
//! hands in a quote shares it ([`rfq::share`]) and holds the quote.

pub mod application;
pub mod approval;
pub mod award;
pub mod document;
pub mod evaluation;
pub mod figures;
pub mod framework;
pub mod listing;
pub mod negotiation;
pub mod open_data;
pub mod opening;
pub mod question;
pub mod quote;
pub mod recipient;
pub mod revision;
pub mod rfq;
pub mod subscription;
pub mod supplier;
pub mod template;
pub mod version;
