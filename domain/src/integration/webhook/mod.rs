//! Webhooks: events that are sent to addresses of organisations, as the Standard Webhooks specification says.

pub mod address;
pub mod endpoint;
pub mod filter;
pub mod health;
pub mod network;
pub mod schedule;
pub mod signing;

/// How many webhooks an organisation may have.
pub const MOST_WEBHOOKS: i64 = 50;

/// How long an attempt may take as a whole, from the resolution of the name to the end of the answer; in seconds.
pub const TIME_OUT: u32 = 20;
