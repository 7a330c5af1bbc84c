//! Rules of what other systems send and fetch.

pub mod export;
pub mod numbered_order;
pub mod punchout;
pub mod webhook;
