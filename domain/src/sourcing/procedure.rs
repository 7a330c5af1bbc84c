//! How a request is run: one procedure for all of them, made of settings.

use serde::{Deserialize, Serialize};

use super::preset::Preset;
use crate::kernel::Faults;
use crate::kernel::refusal::Invalid;

/// The most rounds of quotes.
pub const MAX_ROUNDS: u8 = 10;

/// The longest standstill, in days.
pub const MAX_STANDSTILL_DAYS: u16 = 60;

/// What quoters and buyer learn of quotes before the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secrecy {
    /// Nothing but a commitment, until the quotes are opened.
    Sealed,
    /// The buyer reads them as they come in, and each quoter learns its rank.
    OpenRanking,
}

/// In how many parts a quote is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Envelopes {
    One,
    /// The technical part first; the commercial one only of those that passed.
    Two,
}

/// What an award leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Contracts over what was awarded.
    Contract,
    /// Framework agreements, from which orders are called off.
    Framework,
}

/// Who may know of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// All who may quote on the portal.
    Portal,
    /// The invited only.
    Invited,
    /// All who may quote on the portal; some of them are invited besides.
    Both,
}

/// The settings of a procedure, checked to go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    pub secrecy: Secrecy,
    pub envelopes: Envelopes,
    /// The most rounds of quotes. One means that quotes stand as they are handed in, and nothing is negotiated.
    pub rounds: u8,
    /// Who wants to quote has to be admitted by the buyer first.
    pub prequalification: bool,
    /// Two different people have to open the quotes.
    pub two_person_opening: bool,
    /// The days between an award and its contracts, in which others may object.
    pub standstill_days: u16,
    /// Lines may be left out, or offered in part.
    pub partial_quotes: bool,
    /// Something else than was asked for may be offered.
    pub alternatives: bool,
    /// A reverse auction may follow as the last round.
    pub final_auction: bool,
    pub outcome: Outcome,
    pub visibility: Visibility,
}

/// A procedure as it is sent in: a preset, and single settings that override it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProcedureInput {
    /// `mini_tender` if nothing is said.
    pub preset: Option<String>,
    pub secrecy: Option<String>,
    pub envelopes: Option<u8>,
    pub rounds: Option<u8>,
    pub prequalification: Option<bool>,
    pub two_person_opening: Option<bool>,
    pub standstill_days: Option<u16>,
    pub partial_quotes: Option<bool>,
    pub alternatives: Option<bool>,
    pub final_auction: Option<bool>,
    pub outcome: Option<String>,
    /// `invited` where companies are invited and nothing is said, `portal` where none are.
    pub visibility: Option<String>,
}

impl ProcedureInput {
    /// Notes all faults with pointers that begin with `pointer`; `invites` says whether companies are invited.
    pub fn check(&self, invites: bool, pointer: &str, faults: &mut Faults) -> Option<Procedure> {
        let before = faults.0.len();
        let at = |name: &str| format!("{pointer}/{name}");
        let preset = self
            .preset
            .as_ref()
            .map_or(Some(Preset::MiniTender), |code| faults.keep(at("preset"), Preset::parse(code)));
        let secrecy = self.secrecy.as_ref().map(|code| faults.keep(at("secrecy"), Secrecy::parse(code)));
        let envelopes = self.envelopes.map(|count| faults.keep(at("envelopes"), Envelopes::parse(count)));
        let outcome = self.outcome.as_ref().map(|code| faults.keep(at("outcome"), Outcome::parse(code)));
        let visibility = self.visibility.as_ref().map(|code| faults.keep(at("visibility"), Visibility::parse(code)));
        let by_invitations = if invites { Visibility::Invited } else { Visibility::Portal };
        let base = preset?.procedure();
        let procedure = Procedure {
            secrecy: secrecy.unwrap_or(Some(base.secrecy))?,
            envelopes: envelopes.unwrap_or(Some(base.envelopes))?,
            rounds: self.rounds.unwrap_or(base.rounds),
            prequalification: self.prequalification.unwrap_or(base.prequalification),
            two_person_opening: self.two_person_opening.unwrap_or(base.two_person_opening),
            standstill_days: self.standstill_days.unwrap_or(base.standstill_days),
            partial_quotes: self.partial_quotes.unwrap_or(base.partial_quotes),
            alternatives: self.alternatives.unwrap_or(base.alternatives),
            final_auction: self.final_auction.unwrap_or(base.final_auction),
            outcome: outcome.unwrap_or(Some(base.outcome))?,
            visibility: visibility.unwrap_or(Some(by_invitations))?,
        };
        procedure.check(pointer, faults);
        procedure.check_invites(invites, pointer, faults);
        (faults.0.len() == before).then_some(procedure)
    }
}

impl Procedure {
    /// Notes settings that are out of range or contradict each other.
    fn check(&self, pointer: &str, faults: &mut Faults) {
        let at = |name: &str| format!("{pointer}/{name}");
        if !(1..=MAX_ROUNDS).contains(&self.rounds) {
            faults.add(at("rounds"), "out_of_range", format!("There are 1 to {MAX_ROUNDS} rounds."));
        }
        if self.standstill_days > MAX_STANDSTILL_DAYS {
            let detail = format!("A standstill lasts at most {MAX_STANDSTILL_DAYS} days.");
            faults.add(at("standstill_days"), "out_of_range", detail);
        }
        if self.secrecy == Secrecy::OpenRanking && self.envelopes == Envelopes::Two {
            faults.add(at("envelopes"), "contradiction", "Open quotes have no envelopes that are opened one by one.");
        }
        if self.secrecy == Secrecy::OpenRanking && self.two_person_opening {
            faults.add(at("two_person_opening"), "contradiction", "Open quotes are not opened by anybody.");
        }
        if self.final_auction && self.alternatives {
            faults.add(at("alternatives"), "contradiction", "An auction compares prices for the same goods.");
        }
        if self.final_auction && self.partial_quotes {
            faults.add(at("partial_quotes"), "contradiction", "An auction compares prices for all lines.");
        }
    }

    fn check_invites(&self, invites: bool, pointer: &str, faults: &mut Faults) {
        let at = format!("{pointer}/visibility");
        match (self.visibility, invites) {
            (Visibility::Invited, false) => {
                faults.add(at, "contradiction", "Nobody is invited: nobody could see the request.");
            }
            (Visibility::Portal, true) => faults.add(at, "contradiction", "Companies are invited: say `both`."),
            _ => {}
        }
    }

    /// Whether quotes may still become better once they are open: by further rounds and by counter-offers.
    pub fn is_negotiable(&self) -> bool {
        self.rounds > 1
    }

    /// The settings as if they were sent in anew.
    pub fn input(&self) -> ProcedureInput {
        ProcedureInput {
            preset: None,
            secrecy: Some(self.secrecy.code().to_owned()),
            envelopes: Some(self.envelopes.count()),
            rounds: Some(self.rounds),
            prequalification: Some(self.prequalification),
            two_person_opening: Some(self.two_person_opening),
            standstill_days: Some(self.standstill_days),
            partial_quotes: Some(self.partial_quotes),
            alternatives: Some(self.alternatives),
            final_auction: Some(self.final_auction),
            outcome: Some(self.outcome.code().to_owned()),
            visibility: Some(self.visibility.code().to_owned()),
        }
    }
}

impl Secrecy {
    pub fn code(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::OpenRanking => "open_ranking",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "sealed" => Ok(Self::Sealed),
            "open_ranking" => Ok(Self::OpenRanking),
            _ => Err(Invalid::new("secrecy", format!("`{code}` is neither `sealed` nor `open_ranking`."))),
        }
    }
}

impl Envelopes {
    pub fn count(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    pub fn parse(count: u8) -> Result<Self, Invalid> {
        match count {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            _ => Err(Invalid::new("out_of_range", "A quote has one or two envelopes.")),
        }
    }
}

impl Outcome {
    pub fn code(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Framework => "framework",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "contract" => Ok(Self::Contract),
            "framework" => Ok(Self::Framework),
            _ => Err(Invalid::new("outcome", format!("`{code}` is neither `contract` nor `framework`."))),
        }
    }
}

impl Visibility {
    pub fn code(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Invited => "invited",
            Self::Both => "both",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "portal" => Ok(Self::Portal),
            "invited" => Ok(Self::Invited),
            "both" => Ok(Self::Both),
            _ => Err(Invalid::new("visibility", format!("`{code}` is not one of portal, invited and both."))),
        }
    }
}

#[cfg(test)]
#[path = "procedure/tests.rs"]
mod tests;
