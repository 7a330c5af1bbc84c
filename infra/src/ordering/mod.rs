//! Orders: drafts and what was placed.

pub mod budget;
pub mod confirmation;
pub mod cost_centre;
mod lines;
pub mod order;
pub mod proposal;
pub mod terms;
