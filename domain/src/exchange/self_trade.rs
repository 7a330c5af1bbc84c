//! What happens where two orders of one company, or of companies of one group, would meet.

use serde::{Deserialize, Serialize};

use crate::kernel::refusal::Invalid;

/// Which one gives way. The one that came first is the resting one, also in a call auction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelfTrade {
    #[default]
    CancelResting,
    /// What is left of the incoming order is cancelled; an order that would meet an own one before any other is refused.
    CancelIncoming,
    CancelBoth,
    /// Both lose the smaller of what is open of the two; no trade.
    Decrement,
}

impl SelfTrade {
    pub const ALL: [Self; 4] = [Self::CancelResting, Self::CancelIncoming, Self::CancelBoth, Self::Decrement];

    pub fn code(self) -> &'static str {
        match self {
            Self::CancelResting => "cancel_resting",
            Self::CancelIncoming => "cancel_incoming",
            Self::CancelBoth => "cancel_both",
            Self::Decrement => "decrement",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|mode| mode.code() == code);
        known.ok_or_else(|| Invalid::new("self_trade", format!("`{code}` is not a way to prevent self-trades.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_modes_correspond() {
        for mode in SelfTrade::ALL {
            assert_eq!(SelfTrade::parse(mode.code()), Ok(mode));
        }
        assert_eq!(SelfTrade::parse("allow").unwrap_err().code, "self_trade");
    }
}
