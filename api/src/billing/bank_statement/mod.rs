//! Statements of banks: taken in, matched with open invoices, booked as far as they say what they are for.

pub mod allocate;
mod before;
pub mod book;
mod content;
pub mod dto;
pub mod entries;
pub mod read;
pub mod receive;
pub mod routes;
