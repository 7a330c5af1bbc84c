//! Orders: drafts and what was placed.

pub mod confirmation;
mod lines;
pub mod order;
