//! Naming a price, answering it, and reading negotiations.

use domain::contract::Side;
use domain::kernel::refusal::Invalid;
use domain::kernel::{
    Currency, Faults, Findings, Kind, OfferId, OrderLineId, OrganisationId, PortalId, PriceProposalId, Quantity,
    Refusal, Timestamp,
};
use domain::ordering::proposal::{order_by, round_end};
use domain::ordering::{DraftLine, FreightTerms, OrderFrame, Proposal, ProposalState, ProposalStep};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::proposal::{self, Negotiation, ProposalRow, RoundRow};
use infra::timer;
use rust_decimal::Decimal;
use serde_json::json;

use super::dto::{CounterOffer, PriceProposalData, PriceProposalDto, PriceProposalQuery};
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::{Principal, Right};
use crate::ordering::dto::Reason;
use crate::ordering::pricing::price;
use crate::ordering::{rights, sight};

/// The timer that ends what nobody answered, and what was agreed on and not ordered.
pub const EXPIRY: &str = "price_proposal.expiry";

fn unknown() -> Refusal {
    Refusal::not_found("price proposal")
}

/// A buyer names a price for a quantity that it could order.
pub async fn propose(
    tx: &mut Connection,
    command: &Command,
    data: &PriceProposalData,
) -> Result<Answer<PriceProposalDto>, Failure> {
    let buyer = command.by.require(rights::BUY)?;
    let mut faults = Faults::default();
    let quantity = faults.keep("/quantity", data.quantity.parse());
    let price = faults.keep("/unit_price", data.unit_price.parse_price());
    let end = faults.keep("/expires_at", round_end(data.expires_at.map(|end| end.0), command.at));
    faults.result()?;
    let (Some(quantity), Some(price), Some(end)) = (quantity, price, end) else {
        return Err(Failure::broken("a price without faults and without a value"));
    };
    let (portal, offer) = (PortalId(data.portal_id), OfferId(data.offer_id));
    let (seller, base_quantity) =
        check_quantity(tx, command, (buyer, portal, offer), quantity, price.currency()).await?;
    let id = command.id::<PriceProposalId>();
    let row = ProposalRow {
        id: id.0,
        portal_id: portal.0,
        offer_id: offer.0,
        buyer_id: buyer.0,
        seller_id: seller.0,
        state: ProposalState::Proposed.code().to_owned(),
        currency: price.currency().code().to_owned(),
        quantity: quantity.value(),
        unit: quantity.unit().code().to_owned(),
        base_quantity,
        unit_price: price.amount(),
        rounds: 1,
        expires_at: end,
        reason: None,
        created_at: command.at,
        decided_at: None,
        version: 1,
    };
    let first = round(command, &row, Side::Buyer, data.note.clone());
    let made = Negotiation { row, rounds: vec![first] };
    proposal::insert(tx, &made).await?;
    timer::set(tx, EXPIRY, id.0, end).await?;
    tell(command, "price_proposal.made", &made.row, json!({}));
    let location = format!("/v1/price-proposals/{id}");
    Ok(Answer::created(location, PriceProposalDto::from(&made)).version(1))
}

/// The side whose turn it is names another price.
pub async fn counter(
    tx: &mut Connection,
    command: &Command,
    id: PriceProposalId,
    data: &CounterOffer,
) -> Result<Answer<PriceProposalDto>, Failure> {
    let (mut held, side) = lock(tx, command, id).await?;
    let after = standing(&held.row)?.act(side, ProposalStep::Counter, command.at)?;
    let mut findings = Findings::default();
    let price = findings.keep("/unit_price", data.unit_price.parse_price());
    let end = findings.keep("/expires_at", round_end(data.expires_at.map(|end| end.0), command.at));
    let quantity = data.quantity.as_ref().and_then(|quantity| findings.keep("/quantity", quantity.parse()));
    if price.is_some_and(|price| price.currency().code() != held.row.currency) {
        let detail = format!("The offer is in {}.", held.row.currency);
        findings.add(Kind::CurrencyMismatch, "/unit_price/currency", "currency_mismatch", detail);
    }
    if quantity.is_some_and(|quantity| quantity.unit().code() != held.row.unit) {
        let detail = format!("The price is negotiated for a quantity in {}.", held.row.unit);
        findings.add(Kind::UnitMismatch, "/quantity/unit", "unit_mismatch", detail);
    }
    findings.result()?;
    let (Some(price), Some(end)) = (price, end) else {
        return Err(Failure::broken("a price without faults and without a value"));
    };
    if let Some(quantity) = quantity {
        let row = &held.row;
        let of = (OrganisationId(row.buyer_id), PortalId(row.portal_id), OfferId(row.offer_id));
        held.row.base_quantity = check_quantity(tx, command, of, quantity, price.currency()).await?.1;
        held.row.quantity = quantity.value();
    }
    held.row.state = after.code().to_owned();
    held.row.unit_price = price.amount();
    held.row.expires_at = end;
    held.row.rounds += 1;
    held.row.version += 1;
    let next = round(command, &held.row, side, data.note.clone());
    {
        let tx = &*tx;
        let set = timer::set(tx, EXPIRY, id.0, end);
        futures::try_join!(proposal::update(tx, &held.row), proposal::insert_round(tx, &next), set)?;
    }
    held.rounds.push(next);
    tell(command, "price_proposal.countered", &held.row, json!({"by": side.code()}));
    Ok(answer(&held))
}

/// The side whose turn it is accepts: the price is good for one order within two weeks.
pub async fn accept(
    tx: &mut Connection,
    command: &Command,
    id: PriceProposalId,
) -> Result<Answer<PriceProposalDto>, Failure> {
    let (mut held, side) = lock(tx, command, id).await?;
    held.row.state = standing(&held.row)?.act(side, ProposalStep::Accept, command.at)?.code().to_owned();
    held.row.expires_at = order_by(command.at);
    held.row.decided_at = Some(command.at);
    held.row.version += 1;
    {
        let tx = &*tx;
        let set = timer::set(tx, EXPIRY, id.0, held.row.expires_at);
        futures::try_join!(proposal::update(tx, &held.row), set)?;
    }
    tell(command, "price_proposal.accepted", &held.row, json!({"by": side.code()}));
    Ok(answer(&held))
}

/// The side whose turn it is declines.
pub async fn decline(
    tx: &mut Connection,
    command: &Command,
    id: PriceProposalId,
    reason: &Reason,
) -> Result<Answer<PriceProposalDto>, Failure> {
    end(tx, command, id, (ProposalStep::Decline, "price_proposal.declined"), reason).await
}

/// The side that waits for an answer takes its offer back.
pub async fn withdraw(
    tx: &mut Connection,
    command: &Command,
    id: PriceProposalId,
    reason: &Reason,
) -> Result<Answer<PriceProposalDto>, Failure> {
    end(tx, command, id, (ProposalStep::Withdraw, "price_proposal.withdrawn"), reason).await
}

/// Nobody answered in time, or ordered in time. Does nothing if it has moved on meanwhile.
pub async fn expire(tx: &mut Connection, command: &Command, id: PriceProposalId) -> Result<(), Failure> {
    let Some(mut row) = proposal::lock_any(tx, id).await? else { return Ok(()) };
    let Ok(after) = ProposalState::parse(&row.state)?.after(ProposalStep::Expire) else { return Ok(()) };
    if row.expires_at <= command.at {
        row.state = after.code().to_owned();
        row.decided_at = Some(command.at);
        row.version += 1;
        proposal::update(tx, &row).await?;
        tell(command, "price_proposal.expired", &row, json!({}));
    }
    Ok(())
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: PriceProposalId,
    at: Timestamp,
) -> Result<(PriceProposalDto, i64), Failure> {
    let own = by.require(rights::READ)?;
    let found = proposal::find(connection, own, id).await?.ok_or_else(unknown)?;
    check_sight(connection, by, &found, at).await?;
    Ok((PriceProposalDto::from(&found), found.row.version))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    query: &PriceProposalQuery,
    page: &Page,
    at: Timestamp,
) -> Result<List<PriceProposalDto>, Failure> {
    let own = by.require(rights::READ)?;
    let invalid = |odd: Invalid| Refusal::new(Kind::InvalidQuery, odd.detail);
    let side = query.role.as_deref().map(Side::parse).transpose().map_err(invalid)?;
    let state = query.state.as_deref().map(ProposalState::parse).transpose().map_err(invalid)?;
    let as_buyer = side.map(|side| side == Side::Buyer);
    let maker = sight::of(connection, by, at).await?.map(|seen| seen.person);
    let found = proposal::list(connection, own, as_buyer, state.map(ProposalState::code), maker, page).await?;
    Ok(found.map(|one| PriceProposalDto::from(&one)))
}

async fn end(
    tx: &mut Connection,
    command: &Command,
    id: PriceProposalId,
    (step, kind): (ProposalStep, &'static str),
    reason: &Reason,
) -> Result<Answer<PriceProposalDto>, Failure> {
    let (mut held, side) = lock(tx, command, id).await?;
    held.row.state = standing(&held.row)?.act(side, step, command.at)?.code().to_owned();
    held.row.reason.clone_from(&reason.reason);
    held.row.decided_at = Some(command.at);
    held.row.version += 1;
    {
        let tx = &*tx;
        futures::try_join!(proposal::update(tx, &held.row), timer::clear(tx, EXPIRY, id.0))?;
    }
    tell(command, kind, &held.row, json!({"by": side.code(), "reason": held.row.reason}));
    Ok(answer(&held))
}

/// A negotiation of the caller's, held, and the caller's side of it.
async fn lock(tx: &mut Connection, command: &Command, id: PriceProposalId) -> Result<(Negotiation, Side), Failure> {
    let own = command.by.member()?.id;
    let held = proposal::lock(tx, own, id).await?.ok_or_else(unknown)?;
    check_sight(tx, &command.by, &held, command.at).await?;
    let (side, right): (Side, Right) =
        if held.row.buyer_id == own.0 { (Side::Buyer, rights::BUY) } else { (Side::Seller, rights::SELL) };
    command.by.require(right)?;
    Ok((held, side))
}

/// Refuses a colleague's negotiation to who does not see all that their company buys, as if it did not exist.
async fn check_sight(tx: &mut Connection, by: &Principal, of: &Negotiation, at: Timestamp) -> Result<(), Failure> {
    if by.organisation_id() != Some(of.row.buyer_id) {
        return Ok(());
    }
    let seen = sight::of(tx, by, at).await?;
    let maker = of.rounds.first().map(|round| round.by_id);
    if seen.is_some_and(|seen| Some(seen.person) != maker) {
        return Err(unknown().into());
    }
    Ok(())
}

fn standing(row: &ProposalRow) -> Result<Proposal, Failure> {
    Ok(Proposal { state: ProposalState::parse(&row.state)?, rounds: row.rounds, expires_at: row.expires_at })
}

/// A quantity that the buyer could order as the offer stands; gives the seller, and the quantity in the base unit.
async fn check_quantity(
    tx: &mut Connection,
    command: &Command,
    (buyer, portal, offer): (OrganisationId, PortalId, OfferId),
    quantity: Quantity,
    currency: Currency,
) -> Result<(OrganisationId, Decimal), Failure> {
    let frame = OrderFrame { buyer, portal, currency, freight: FreightTerms::Included };
    let line = DraftLine { id: command.id::<OrderLineId>(), offer, quantity, proposal: None };
    let priced = price(tx, command, &frame, &[line], false).await;
    let priced = priced.map_err(|failure| match failure {
        Failure::Refused(refusal) => Failure::Refused(flat(refusal)),
        other => other,
    })?;
    let line = priced.lines.first().ok_or_else(|| Failure::broken("a line without faults and without a price"))?;
    Ok((line.seller, line.base_quantity))
}

/// The faults of the first line of an order, as those of a body that has no lines.
fn flat(mut refusal: Refusal) -> Refusal {
    for fault in &mut refusal.faults {
        if let Some(rest) = fault.pointer.strip_prefix("/lines/0") {
            fault.pointer = rest.to_owned();
        }
    }
    refusal
}

fn round(command: &Command, row: &ProposalRow, side: Side, note: Option<String>) -> RoundRow {
    RoundRow {
        proposal_id: row.id,
        number: row.rounds,
        side: side.code().to_owned(),
        quantity: row.quantity,
        unit_price: row.unit_price,
        note,
        expires_at: row.expires_at,
        by_id: command.by.actor_id().unwrap_or_default(),
        at: command.at,
    }
}

fn answer(of: &Negotiation) -> Answer<PriceProposalDto> {
    Answer::ok(PriceProposalDto::from(of)).version(of.row.version)
}

/// An event for both sides.
pub(super) fn tell(command: &Command, kind: &'static str, row: &ProposalRow, mut data: serde_json::Value) {
    data["state"] = json!(row.state);
    data["offer_id"] = json!(row.offer_id);
    let subject = Subject { kind: "price_proposal", id: row.id, version: row.version };
    command.event(kind, subject, Some(row.portal_id), &[row.buyer_id, row.seller_id], data);
}
