//! What happens where two orders of one company, or of companies of one group, would meet.

use serde::{Deserialize, Serialize};

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
