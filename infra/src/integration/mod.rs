//! What is kept of the exchange with other systems, and what is looked up for it.

pub mod export;
pub mod numbered_order;
pub mod offered;
pub mod party;
pub mod punchout;
pub mod webhook;
