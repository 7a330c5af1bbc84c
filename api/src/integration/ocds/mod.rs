//! Requests and awards of open portals as open data: a release package of the Open Contracting Data Standard (OCDS) 1.1.
//!
//! [`schema`] holds the forms of the standard as they are serialised; [`process`] what we tell of a request, to be filled by whoever knows
//! it, and how that becomes a release. Only what everybody may see belongs in here: nothing is hidden again.
//!
//! Numbers are written in JSON with exactly the digits that they have; no float is in between.

pub mod process;
pub mod schema;

pub use process::{Publication, package};

#[cfg(test)]
mod tests;
