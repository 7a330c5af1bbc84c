//! The phases of an instrument's day.

use serde::{Deserialize, Serialize};

use crate::kernel::refusal::Invalid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Orders may be cancelled, nothing else.
    Closed,
    /// Orders gather, nothing trades.
    PreOpen,
    /// The same, towards the opening price.
    OpeningAuction,
    /// Every order meets the book as it comes in.
    Continuous,
    /// A call in the middle of the session, since a trade would have moved the price too far.
    VolatilityAuction,
    ClosingAuction,
    /// Orders may be cancelled, nothing else, until the instrument goes on.
    Halted,
}

/// What a change of phase brings about besides the phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing: orders stay as they are.
    Plain,
    /// What can trade trades at the price of the call.
    Uncross,
    /// The session ends, without trades.
    End,
    /// The price of the call is found, what can trade trades, and the session ends.
    UncrossAndEnd,
}

/// Why an instrument was halted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HaltReason {
    News,
    Regulatory,
    Technical,
    Disorderly,
    Other,
}

impl Phase {
    pub const ALL: [Self; 7] = [
        Self::Closed,
        Self::PreOpen,
        Self::OpeningAuction,
        Self::Continuous,
        Self::VolatilityAuction,
        Self::ClosingAuction,
        Self::Halted,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::PreOpen => "pre_open",
            Self::OpeningAuction => "opening_auction",
            Self::Continuous => "continuous",
            Self::VolatilityAuction => "volatility_auction",
            Self::ClosingAuction => "closing_auction",
            Self::Halted => "halted",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|phase| phase.code() == code);
        known.ok_or_else(|| Invalid::new("phase", format!("`{code}` is not a phase of an instrument.")))
    }

    /// All transitions that there are; `None` for those that are not. The volatility auction begins by itself alone; after a halt the
    /// instrument reopens by a call, or at once, which uncrosses what a halted call has left crossed.
    pub fn step(self, to: Self) -> Option<Step> {
        use Phase::{Closed, ClosingAuction, Continuous, Halted, OpeningAuction, PreOpen, VolatilityAuction};
        match (self, to) {
            (Closed, PreOpen) | (PreOpen | Halted, OpeningAuction) => Some(Step::Plain),
            (OpeningAuction | VolatilityAuction | Halted, Continuous) => Some(Step::Uncross),
            (Continuous | VolatilityAuction | Halted, ClosingAuction) => Some(Step::Plain),
            (PreOpen | OpeningAuction | Continuous | VolatilityAuction | Halted, Closed) => Some(Step::End),
            (ClosingAuction, Closed) => Some(Step::UncrossAndEnd),
            (PreOpen | OpeningAuction | Continuous | VolatilityAuction | ClosingAuction, Halted) => Some(Step::Plain),
            _ => None,
        }
    }

    /// Whether orders may come in and be amended.
    pub fn takes_orders(self) -> bool {
        !matches!(self, Self::Closed | Self::Halted)
    }

    /// Whether orders gather without trading.
    pub fn is_call(self) -> bool {
        matches!(self, Self::PreOpen | Self::OpeningAuction | Self::VolatilityAuction | Self::ClosingAuction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_phases_correspond() {
        for phase in Phase::ALL {
            assert_eq!(Phase::parse(phase.code()), Ok(phase));
        }
        assert_eq!(Phase::parse("open").unwrap_err().code, "phase");
    }

    /// The whole table: rows are where from, columns where to, in the order of [`Phase::ALL`].
    #[test]
    fn the_transitions_are_these_and_no_others() {
        let table = [
            // closed pre  open cont vola clos halted
            ". p . . . . .",
            "e . p . . . p",
            "e . . u . . p",
            "e . . . . p p",
            "e . . u . p p",
            "x . . . . . p",
            "e . p u . p .",
        ];
        for (from, row) in Phase::ALL.into_iter().zip(table) {
            for (to, cell) in Phase::ALL.into_iter().zip(row.split(' ')) {
                let expected = match cell {
                    "p" => Some(Step::Plain),
                    "u" => Some(Step::Uncross),
                    "e" => Some(Step::End),
                    "x" => Some(Step::UncrossAndEnd),
                    _ => None,
                };
                assert_eq!(from.step(to), expected, "{from:?} to {to:?}");
            }
        }
    }
}
