//! Webhooks: the endpoints, what is queued for them, and what came of it.
//!
//! Who changes what is to be sent to an endpoint holds its row of `webhook_sending` first, and the endpoint's own row before that one if it
//! needs both.

pub mod attempt;
pub mod delivery;
pub mod endpoint;
pub mod fan_out;
pub mod lease;
pub mod replay;
pub mod turn;
