//! Further rounds of quotes: to all who are left, to some for their best and final offers, or as an auction.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::rfq_state::{RfqState, RfqStep};
use super::terms::Terms;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Faults, Kind, OrganisationId, Refusal, Timestamp};

/// What a round is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundKind {
    /// Quotes may be revised; other rounds may follow.
    Revision,
    /// The last chance to revise a quote.
    BestAndFinal,
    /// A reverse auction among the quoters; no quotes come in.
    Auction,
}

impl RoundKind {
    pub const ALL: [Self; 3] = [Self::Revision, Self::BestAndFinal, Self::Auction];

    pub fn code(self) -> &'static str {
        match self {
            Self::Revision => "revision",
            Self::BestAndFinal => "best_and_final",
            Self::Auction => "auction",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|kind| kind.code() == code);
        known.ok_or_else(|| {
            Invalid::new("kind", format!("`{code}` is not one of revision, best_and_final and auction."))
        })
    }
}

/// A round after the first, as it is kept: earlier ones stay as they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// From 2 on.
    pub number: u8,
    pub kind: RoundKind,
    pub begun_at: Timestamp,
    pub deadline: Timestamp,
    /// Who may take part. What others quoted stands as it is.
    pub invited: Vec<OrganisationId>,
}

/// A round as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundInput {
    pub kind: String,
    pub deadline: Timestamp,
    /// All whose quotes stand, if nothing is said.
    pub invited: Option<Vec<OrganisationId>>,
}

impl Round {
    /// Refuses a quote of a company that is not in the round, and any while there is an auction.
    pub fn check(&self, company: OrganisationId) -> Result<(), Refusal> {
        if self.kind == RoundKind::Auction {
            return Err(Refusal::new(Kind::WrongState, "The last round is an auction: bid there."));
        }
        if !self.invited.contains(&company) {
            return Err(Refusal::forbidden("The company is not in this round; its quote stands as it is."));
        }
        Ok(())
    }
}

/// Begins a round after those that were before, and gives the terms with its deadline. `standing` are the companies whose quotes stand.
/// Refused are more rounds than the procedure has, an auction where it has none, anything after the last round, companies without a
/// quote that stands, and a deadline that is not in the future. An auction comes on top of the rounds and needs two companies.
pub fn next_round(
    state: RfqState,
    terms: &Terms,
    earlier: &[Round],
    standing: &[OrganisationId],
    input: &RoundInput,
    at: Timestamp,
) -> Result<(Round, Terms), Refusal> {
    state.after(RfqStep::NextRound)?;
    let mut faults = Faults::default();
    let kind = faults.keep("/kind", RoundKind::parse(&input.kind));
    if kind == Some(RoundKind::Auction) && !terms.procedure.final_auction {
        faults.add("/kind", "not_taken", "The procedure has no auction at its end.");
    }
    let invited = input.invited.clone().unwrap_or_else(|| standing.to_vec());
    let mut seen = BTreeSet::new();
    for (index, company) in invited.iter().enumerate() {
        if !seen.insert(*company) {
            faults.add(format!("/invited/{index}"), "twice", "The company is named twice.");
        } else if !standing.contains(company) {
            faults.add(format!("/invited/{index}"), "not_standing", "The company has no quote that stands.");
        }
    }
    let least = if kind == Some(RoundKind::Auction) { 2 } else { 1 };
    if invited.len() < least {
        faults.add("/invited", "too_few", format!("At least {least} take part."));
    }
    let terms_then = terms.with_deadline(input.deadline);
    let mut late = Faults::default();
    terms_then.deadlines.check_quotes(at, "", &mut late);
    faults.0.extend(late.0.into_iter().map(|fault| crate::kernel::Fault { pointer: "/deadline".into(), ..fault }));
    faults.result()?;
    let Some(kind) = kind else {
        return Err(Refusal::fault("/kind", "required", "A kind of round is needed."));
    };
    check_number(terms, earlier, kind)?;
    let number = u8::try_from(earlier.len() + 2).unwrap_or(u8::MAX);
    Ok((Round { number, kind, begun_at: at, deadline: input.deadline, invited }, terms_then))
}

fn check_number(terms: &Terms, earlier: &[Round], kind: RoundKind) -> Result<(), Refusal> {
    let last = earlier.last().map(|round| round.kind);
    let detail = match (last, kind) {
        (Some(RoundKind::Auction), _) => "The auction was the last round.".to_owned(),
        (Some(RoundKind::BestAndFinal), RoundKind::Revision | RoundKind::BestAndFinal) => {
            "Best and final offers were the last round.".to_owned()
        }
        (_, RoundKind::Revision | RoundKind::BestAndFinal)
            if earlier.len() + 2 > usize::from(terms.procedure.rounds) =>
        {
            format!("The procedure has {} rounds at most.", terms.procedure.rounds)
        }
        _ => return Ok(()),
    };
    Err(Refusal::new(Kind::WrongState, detail))
}
