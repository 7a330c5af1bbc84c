//! Sample documents, written for these tests, and the round trips of what is both read and written.

mod inbound;
mod outbound;
mod sample;

pub use inbound::{CATALOGUE_LINE, catalogue_text};
