//! What an auction is: what is sold, on which terms, and by which rules bids compete.

use rust_decimal::Decimal;

use super::rules::Rules;
use crate::catalogue::Tax;
use crate::contract;
use crate::kernel::language::Texts;
use crate::kernel::{Refusal, Timestamp, Unit};

/// What one lot consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    pub names: Texts,
    pub unit: Unit,
    /// How much of the goods one unit that is bid for holds: the whole lot, where it is sold as a whole.
    pub content: Decimal,
}

/// An auction that passed the checks of [`super::AuctionInput`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub names: Texts,
    pub rules: Rules,
    /// By lot, in the order of [`Rules::lots`].
    pub goods: Vec<Goods>,
    /// Of the contracts that come of it.
    pub contract: contract::Terms,
    pub tax: Tax,
}

impl Terms {
    /// Refuses to publish an auction whose opening has passed.
    pub fn check_new(&self, at: Timestamp) -> Result<(), Refusal> {
        if self.rules.opens_at > at {
            return Ok(());
        }
        Err(Refusal::fault("/opens_at", "in_past", "The opening lies in the future."))
    }
}
