//! What several features share: identifiers, money, quantities, time, languages, refusals, and the bytes of state machines.

pub mod country;
pub mod findings;
pub mod id;
pub mod language;
pub mod money;
pub mod quantity;
pub mod refusal;
pub mod time;
#[cfg(test)]
pub mod transitions;
pub mod unit;
pub mod wire;

pub use findings::Findings;
pub use id::*;
pub use money::{Currency, Money, UnitPrice};
pub use quantity::Quantity;
pub use refusal::{Fault, Faults, Kind, Refusal};
pub use time::{Date, Timestamp};
pub use unit::Unit;
