//! Procedures as buyers know them, by one word; single settings override them.

use super::procedure::{Envelopes, Outcome, Procedure, Secrecy, Visibility};
use crate::kernel::refusal::Invalid;

/// A set of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// A few lines, quotes in whole or in part, some bargaining, contracts at once.
    MiniTender,
    /// All lines as asked for, opened by two people, with a standstill of ten days.
    SealedTender,
    /// The same, with the technical part opened and judged before the prices.
    TwoEnvelope,
    /// Prices for a period, from which orders are called off.
    Framework,
}

impl Preset {
    pub const ALL: [Self; 4] = [Self::MiniTender, Self::SealedTender, Self::TwoEnvelope, Self::Framework];

    pub fn code(self) -> &'static str {
        match self {
            Self::MiniTender => "mini_tender",
            Self::SealedTender => "sealed_tender",
            Self::TwoEnvelope => "two_envelope",
            Self::Framework => "framework",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|preset| preset.code() == code);
        known.ok_or_else(|| Invalid::new("preset", format!("`{code}` is not a preset of requests.")))
    }

    /// What it says; on the whole portal as long as nobody is invited.
    pub fn procedure(self) -> Procedure {
        let mini = Procedure {
            secrecy: Secrecy::Sealed,
            envelopes: Envelopes::One,
            rounds: 3,
            prequalification: false,
            two_person_opening: false,
            standstill_days: 0,
            partial_quotes: true,
            alternatives: true,
            final_auction: false,
            outcome: Outcome::Contract,
            visibility: Visibility::Portal,
        };
        let tender = Procedure {
            rounds: 1,
            two_person_opening: true,
            standstill_days: 10,
            partial_quotes: false,
            alternatives: false,
            ..mini
        };
        match self {
            Self::MiniTender => mini,
            Self::SealedTender => tender,
            Self::TwoEnvelope => Procedure { envelopes: Envelopes::Two, ..tender },
            Self::Framework => Procedure { outcome: Outcome::Framework, standstill_days: 10, ..mini },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        for preset in Preset::ALL {
            assert_eq!(Preset::parse(preset.code()), Ok(preset));
        }
        assert_eq!(Preset::parse("maxi_tender").unwrap_err().code, "preset");
    }

    #[test]
    fn they_differ_in_what_they_are_named_for() {
        let [mini, sealed, two, framework] = Preset::ALL.map(Preset::procedure);
        assert!(!mini.two_person_opening && mini.standstill_days == 0 && mini.partial_quotes && mini.is_negotiable());
        assert!(
            sealed.two_person_opening
                && sealed.standstill_days > 0
                && !sealed.partial_quotes
                && !sealed.is_negotiable()
        );
        assert_eq!(Procedure { envelopes: Envelopes::One, ..two }, sealed);
        assert_eq!(framework.outcome, Outcome::Framework);
    }
}
