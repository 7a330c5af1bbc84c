//! Opening sealed quotes: when, by whom, and in which order; the record of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::procedure::{Envelopes, Procedure, Secrecy};
use super::rfq_state::RfqState;
use super::submission::Published;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, OrganisationId, PersonId, Refusal, Timestamp};

/// A part of a quote that is opened at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Envelope {
    /// All of it.
    Whole,
    /// What is offered, without prices.
    Technical,
    /// The prices.
    Commercial,
}

impl Envelope {
    pub const ALL: [Self; 3] = [Self::Whole, Self::Technical, Self::Commercial];

    pub fn code(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Technical => "technical",
            Self::Commercial => "commercial",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|envelope| envelope.code() == code);
        known
            .ok_or_else(|| Invalid::new("envelope", format!("`{code}` is not one of whole, technical and commercial.")))
    }
}

impl Procedure {
    /// The parts in which sealed quotes are opened, in that order; none where quotes are open.
    pub fn envelopes_in_order(&self) -> &'static [Envelope] {
        match (self.secrecy, self.envelopes) {
            (Secrecy::OpenRanking, _) => &[],
            (Secrecy::Sealed, Envelopes::One) => &[Envelope::Whole],
            (Secrecy::Sealed, Envelopes::Two) => &[Envelope::Technical, Envelope::Commercial],
        }
    }
}

/// Somebody who opened, or was the first of two to say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningEntry {
    pub envelope: Envelope,
    pub person: PersonId,
    pub at: Timestamp,
}

/// What has come of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// Somebody else has to open as well.
    AwaitsSecond,
    /// The envelope is open from now on.
    Done,
}

/// Who opened what and when, of one round: only added to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningRecord {
    pub entries: Vec<OpeningEntry>,
}

impl OpeningRecord {
    /// Whether this envelope of the quotes is open.
    pub fn is_open(&self, envelope: Envelope, procedure: &Procedure) -> bool {
        let needed = if procedure.two_person_opening { 2 } else { 1 };
        self.persons(envelope).len() >= needed
    }

    /// Whether everything is open, so that the buyer may evaluate.
    pub fn is_complete(&self, procedure: &Procedure) -> bool {
        procedure.envelopes_in_order().iter().all(|envelope| self.is_open(*envelope, procedure))
    }

    /// When this envelope was opened; none before.
    pub fn opened_at(&self, envelope: Envelope, procedure: &Procedure) -> Option<Timestamp> {
        let last = self.entries.iter().rev().find(|entry| entry.envelope == envelope);
        last.filter(|_| self.is_open(envelope, procedure)).map(|entry| entry.at)
    }

    /// A person of `company` opens an envelope. Only the buyer's people open, nobody else, operators neither; not before the deadline, nor
    /// before the envelope in front of it ([`Kind::StillSealed`]); not twice; and where two have to open, the second one is somebody else
    /// ([`Kind::SecondPersonNeeded`]).
    pub fn open(
        &mut self,
        request: Published<'_>,
        buyer: OrganisationId,
        company: OrganisationId,
        entry: OpeningEntry,
    ) -> Result<Opened, Refusal> {
        let OpeningEntry { envelope, person, at } = entry;
        let procedure = &request.terms.procedure;
        if company != buyer {
            return Err(Refusal::forbidden("Only the buyer's people open quotes."));
        }
        let order = procedure.envelopes_in_order();
        let Some(place) = order.iter().position(|known| *known == envelope) else {
            let detail = format!("`{}` is no envelope of this procedure.", envelope.code());
            return Err(Refusal::fault("/envelope", "envelope", detail));
        };
        let is_closed = request.state == RfqState::Closed;
        if request.state.takes_quotes() || (is_closed && at < request.terms.deadlines.quotes) {
            return Err(Refusal::new(Kind::StillSealed, "Quotes are opened once the request is closed."));
        }
        if !is_closed {
            return Err(Refusal::wrong_state("request for quotation", request.state.code(), "opened"));
        }
        if order[..place].iter().any(|earlier| !self.is_open(*earlier, procedure)) {
            return Err(Refusal::new(Kind::StillSealed, "The technical envelopes are opened first."));
        }
        if self.is_open(envelope, procedure) {
            return Err(Refusal::new(Kind::WrongState, "The envelopes are open already."));
        }
        if self.persons(envelope).contains(&person) {
            return Err(Refusal::new(
                Kind::SecondPersonNeeded,
                "Two different people open: somebody else has to join.",
            ));
        }
        self.entries.push(entry);
        Ok(if self.is_open(envelope, procedure) { Opened::Done } else { Opened::AwaitsSecond })
    }

    fn persons(&self, envelope: Envelope) -> BTreeSet<PersonId> {
        self.entries.iter().filter(|entry| entry.envelope == envelope).map(|entry| entry.person).collect()
    }
}
