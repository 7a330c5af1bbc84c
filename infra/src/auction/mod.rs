//! Auctions: what is kept of them beside the state machine that runs them, and the tables that follow its journal.

pub mod bidder;
pub mod deposit;
pub mod history;
pub mod listing;
pub mod lot;
pub mod machine;
pub mod offer;
pub mod outcome;
pub mod projection;
pub mod question;
pub mod receipt;
pub mod running;
pub mod store;
pub mod words;

/// What members are allowed to whom it concerns what is auctioned on a portal: they are told by events.
pub const CONCERNED: [&str; 3] = ["bid", "sell", "manage"];
