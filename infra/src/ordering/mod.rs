//! Orders: drafts and what was placed.

mod lines;
pub mod order;
