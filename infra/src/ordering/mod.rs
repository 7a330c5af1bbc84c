//! Orders: drafts and what was placed.

pub mod approval;
pub mod budget;
pub mod confirmation;
pub mod cost_centre;
pub mod credit;
pub mod delegation;
mod lines;
pub mod order;
pub mod proposal;
pub mod quick;
pub mod requisition;
pub mod sight;
pub mod standing;
pub mod terms;
