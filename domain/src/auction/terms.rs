//! What an auction is: what is sold, on which terms, and by which rules bids compete.

use chrono::TimeDelta;
use rust_decimal::Decimal;

use super::rules::Rules;
use crate::catalogue::Tax;
use crate::contract;
use crate::kernel::language::Texts;
use crate::kernel::{Faults, Kind, Refusal, Timestamp, Unit};

/// The seconds before the opening in which a published auction changes no more: whoever runs it has to learn of a change before it opens.
pub const LAST_CHANGE_SECONDS: i64 = 60;

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

    /// Refuses what may not become of a published auction: who is in it relied on who may know of it, and bound deposits in its currency.
    pub fn check_change(&self, after: &Self, at: Timestamp) -> Result<(), Refusal> {
        if at + TimeDelta::seconds(LAST_CHANGE_SECONDS) >= self.rules.opens_at {
            let detail =
                format!("In the last {LAST_CHANGE_SECONDS} seconds before its opening an auction does not change.");
            return Err(Refusal::new(Kind::WrongState, detail));
        }
        let mut faults = Faults::default();
        let kept = "It stays once the auction is published.";
        if self.rules.currency != after.rules.currency {
            faults.add("/currency", "not_changeable", kept);
        }
        if self.rules.access != after.rules.access {
            faults.add("/access", "not_changeable", kept);
        }
        faults.result()?;
        after.check_new(at)
    }
}
