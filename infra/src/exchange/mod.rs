//! The exchange: instruments and schedules, markets as the journal hosts them, the tables that follow, and replays that
//! compare the two.

pub mod candle;
pub mod clearing;
pub mod instrument;
pub mod machine;
pub mod order;
pub mod past_clearing;
pub mod projection;
pub mod replay;
pub mod schedule;
pub mod trade;
pub mod words;

/// What members are allowed to whom it concerns what is traded on a portal, and when: they are told by events.
pub const CONCERNED: [&str; 2] = ["trade", "manage"];
