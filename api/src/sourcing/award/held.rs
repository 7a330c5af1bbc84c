//! A decision while something is done with it.

use domain::kernel::{Kind, QuoteId, Refusal, RfqAwardId, RfqId};
use domain::sourcing::{AwardPart, Quote, Terms};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::award::{self, AwardRow, DecisionRow};
use infra::sourcing::quote::{self, QuoteRow};
use infra::sourcing::revision;
use infra::sourcing::rfq::{self, RfqRow};
use uuid::Uuid;

use crate::http::principal::Principal;
use crate::secret::SecretKey;
use crate::sourcing::quote::sealing;

/// A decision with all that follows from it, held until the transaction ends.
pub struct Held {
    pub request: RfqRow,
    pub terms: Terms,
    /// All quotes to the request that were ever handed in.
    pub quotes: Vec<QuoteRow>,
    pub decision: DecisionRow,
    /// Those of the decision.
    pub awards: Vec<AwardRow>,
}

impl Held {
    pub fn award(&self, id: RfqAwardId) -> Result<&AwardRow, Refusal> {
        self.awards.iter().find(|award| award.id == id.0).ok_or_else(unknown)
    }

    pub fn quote(&self, id: Uuid) -> Result<&QuoteRow, Failure> {
        self.quotes.iter().find(|quote| quote.id == id).ok_or_else(|| Failure::broken("an award of no quote"))
    }
}

pub fn unknown() -> Refusal {
    Refusal::not_found("award")
}

/// Holds a decision: its request first, then the quotes to it.
pub async fn lock(tx: &mut Connection, decision: Uuid) -> Result<Option<Held>, Failure> {
    let Some(found) = award::decision(tx, decision).await? else { return Ok(None) };
    let Some(request) = rfq::lock(tx, RfqId(found.rfq_id)).await? else { return Ok(None) };
    let quotes = quote::lock_handed_in(tx, RfqId(request.id)).await?;
    // As it is now that nobody else changes it.
    let Some(decision) = award::decision(tx, decision).await? else { return Ok(None) };
    let awards = award::of_decision(tx, decision.id).await?;
    Ok(Some(Held { terms: request.terms()?, request, quotes, decision, awards }))
}

/// How a caller stands to an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Buyer,
    /// It was told of the award.
    Quoter,
    Operator,
}

/// An award that the caller may know of: the company that asks, the quoter once it was announced, and the operator.
pub async fn known(connection: &mut Connection, by: &Principal, id: RfqAwardId) -> Result<(AwardRow, Side), Failure> {
    let row = award::of_id(connection, id).await?.ok_or_else(unknown)?;
    let request = rfq::of_id(connection, RfqId(row.rfq_id)).await?.ok_or_else(unknown)?;
    let side = match by.organisation_id() {
        Some(own) if own == request.buyer_id => Side::Buyer,
        Some(own) if own == row.quoter_id && row.announced_at.is_some() => Side::Quoter,
        _ if by.operator => Side::Operator,
        _ => return Err(unknown().into()),
    };
    Ok((row, side))
}

/// Lets pass who is on one side of an award.
pub fn check_side(side: Side, wanted: Side) -> Result<(), Refusal> {
    match wanted {
        _ if side == wanted => Ok(()),
        Side::Quoter => Err(Refusal::forbidden("The company that was awarded decides whether it takes the award.")),
        _ => Err(Refusal::forbidden("The company that asks for quotes decides about its awards.")),
    }
}

/// Refuses what would change that on which an award was decided that waits for consent. Whoever asks holds the request.
pub async fn check_undecided(tx: &mut Connection, request: RfqId) -> Result<(), Failure> {
    if award::is_any_waiting(tx, request).await? {
        return Err(Refusal::new(Kind::WrongState, "An award waits for consent: take it back first.").into());
    }
    Ok(())
}

/// What a quote says that is decided on: its prices are open.
pub async fn said(tx: &mut Connection, key: &SecretKey, row: &QuoteRow) -> Result<Quote, Failure> {
    let standing = revision::find(tx, QuoteId(row.id), row.revision).await?;
    let standing = standing.ok_or_else(|| Failure::broken("a quote that was handed in has no revision"))?;
    Ok(sealing::open(key, &standing)?.quote)
}

/// The parts of the awards that stand.
pub fn standing(awards: &[AwardRow]) -> Result<Vec<AwardPart>, Failure> {
    let mut parts = Vec::new();
    for award in awards {
        if award.state()?.stands() {
            parts.push(award.part()?);
        }
    }
    Ok(parts)
}
