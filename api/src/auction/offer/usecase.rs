//! What is done with offers to second bidders.

use domain::auction::{AuctionState, AuctionStep, OfferAnswer, SecondOffer, offer_end};
use domain::kernel::{AuctionAwardId, AuctionId, AuctionOfferId, Kind, Refusal};
use infra::Failure;
use infra::auction::bidder;
use infra::auction::lot::LotRow;
use infra::auction::offer::{self, OfferRow};
use infra::auction::outcome::{self, AwardRow};
use infra::auction::store::{self, AuctionRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use super::dto::{OfferDto, SecondOfferData};
use crate::auction::holder::lock_own;
use crate::auction::listing::usecase::terms_of;
use crate::auction::settlement::{contract, review};
use crate::auction::tell::tell_both;
use crate::auction::{access, rights};
use crate::command::Command;
use crate::http::answer::Answer;
use crate::http::dto::Time;
use crate::http::principal::Principal;

/// The timer that ends an offer that nobody answered.
pub const EXPIRY: &str = "auction_offer.expiry";

fn unknown() -> Refusal {
    Refusal::not_found("offer")
}

/// The seller offers an unsold lot to the second bidder, at what that bid.
pub async fn make(
    tx: &mut Connection,
    command: &Command,
    (id, number): (AuctionId, i16),
    data: &SecondOfferData,
) -> Result<Answer<OfferDto>, Failure> {
    let (auction, _) = lock_own(tx, command, id).await?;
    let lot = outcome::lock_lot(tx, id, number).await?.ok_or_else(|| Refusal::not_found("lot"))?;
    let after = AuctionState::parse(&lot.state)?.after(AuctionStep::Offer)?;
    let expires_at = offer_end(data.expires_at.map(|end| end.0), command.at).map_err(|odd| odd.at("/expires_at"))?;
    let (company, pseudonym, price) = second_bidder(tx, id, number).await?;
    let row = OfferRow {
        id: command.id::<AuctionOfferId>().0,
        auction_id: id.0,
        lot: number,
        organisation_id: company,
        pseudonym,
        price,
        state: "open".to_owned(),
        expires_at,
        created_at: command.at,
        answered_at: None,
    };
    offer::insert(tx, &row).await?;
    outcome::set_lot_state(tx, &lot, after).await?;
    // Something is open again.
    store::set_settled(tx, id, None).await?;
    timer::set(tx, EXPIRY, row.id, expires_at).await?;
    tell(command, "auction.offer_made", &auction, &row, None);
    let dto = OfferDto::of(&row, None, &auction.currency, auction.seller_id)?;
    Ok(Answer::created(format!("/v1/auctions/{id}/offers"), dto))
}

/// Who bid best of those who won nothing, under which name, and how much. Whoever has won the lot before and lost it again is not asked.
async fn second_bidder(tx: &mut Connection, id: AuctionId, number: i16) -> Result<(Uuid, String, i64), Failure> {
    let none = || Refusal::new(Kind::WrongState, "There is no second bidder to whom the lot can be offered.");
    let second = outcome::runner_up(tx, id, number).await?.ok_or_else(none)?;
    let company = bidder::of_pseudonym(tx, id, &second.pseudonym).await?.ok_or_else(none)?;
    if outcome::awards_of_lot(tx, id, number).await?.iter().any(|award| award.organisation_id == company) {
        return Err(none().into());
    }
    Ok((company, second.pseudonym, second.price))
}

/// The second bidder takes the lot: a contract is made of it.
pub async fn accept(tx: &mut Connection, command: &Command, id: AuctionOfferId) -> Result<Answer<OfferDto>, Failure> {
    let (auction, lot, row) = lock_asked(tx, command, id).await?;
    let after = check(&row, &lot)?.answer(OfferAnswer::Accept, command.at)?;
    let award = AwardRow {
        id: command.id::<AuctionAwardId>().0,
        auction_id: row.auction_id,
        lot: row.lot,
        organisation_id: row.organisation_id,
        pseudonym: row.pseudonym.clone(),
        number: None,
        units: 1,
        price: row.price,
        at: command.at,
        contract_id: None,
        defaulted_at: None,
        given_up_by: None,
        given_up_at: None,
        offer_id: Some(row.id),
    };
    outcome::insert_award(tx, &award).await?;
    let terms = terms_of(&auction)?;
    let contract = contract::of_awards(tx, command, &auction, &terms, std::slice::from_ref(&award)).await?;
    outcome::note_contract(tx, &[award.id], contract).await?;
    let ended = Ended { state: "accepted", kind: "auction.offer_accepted", contract: Some(contract) };
    end(tx, command, (&auction, &lot, row), after, ended).await
}

/// The second bidder does not take it.
pub async fn decline(tx: &mut Connection, command: &Command, id: AuctionOfferId) -> Result<Answer<OfferDto>, Failure> {
    let (auction, lot, row) = lock_asked(tx, command, id).await?;
    let after = check(&row, &lot)?.answer(OfferAnswer::Decline, command.at)?;
    let ended = Ended { state: "declined", kind: "auction.offer_declined", contract: None };
    end(tx, command, (&auction, &lot, row), after, ended).await
}

/// The seller takes it back.
pub async fn withdraw(tx: &mut Connection, command: &Command, id: AuctionOfferId) -> Result<Answer<OfferDto>, Failure> {
    let found = seen(tx, &command.by, id).await?;
    let (auction, _) = lock_own(tx, command, AuctionId(found.auction_id)).await?;
    let (lot, row) = lock(tx, id, found.lot, &auction).await?;
    let after = check(&row, &lot)?.answer(OfferAnswer::Withdraw, command.at)?;
    let ended = Ended { state: "withdrawn", kind: "auction.offer_withdrawn", contract: None };
    end(tx, command, (&auction, &lot, row), after, ended).await
}

/// Nobody answered in time. Does nothing if it was answered meanwhile.
pub async fn expire(tx: &mut Connection, command: &Command, id: AuctionOfferId) -> Result<(), Failure> {
    let Some(found) = offer::of_id(tx, id).await? else { return Ok(()) };
    let Some(auction) = store::lock(tx, AuctionId(found.auction_id)).await? else { return Ok(()) };
    let (lot, row) = lock(tx, id, found.lot, &auction).await?;
    let Ok(standing) = check(&row, &lot) else { return Ok(()) };
    let Ok(after) = standing.answer(OfferAnswer::Expire, command.at) else { return Ok(()) };
    let ended = Ended { state: "expired", kind: "auction.offer_expired", contract: None };
    end(tx, command, (&auction, &lot, row), after, ended).await.map(drop)
}

/// The offers of an auction, newest first: its holder sees all, the companies that were asked their own.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    id: AuctionId,
    page: &Page,
) -> Result<List<OfferDto>, Failure> {
    let seen = access::seen(connection, Some(by), id).await?;
    let own = by.require(rights::READ)?;
    let found = offer::list(connection, id, (!seen.is_own).then_some(own), page).await?;
    let of = |(row, contract): &(OfferRow, Option<Uuid>)| OfferDto::of(row, *contract, &seen.row.currency, own.0);
    let items = found.items.iter().map(of).collect::<Result<_, _>>()?;
    Ok(List { items, next: found.next })
}

/// How an offer ends.
struct Ended {
    state: &'static str,
    kind: &'static str,
    contract: Option<Uuid>,
}

async fn end(
    tx: &mut Connection,
    command: &Command,
    (auction, lot, mut row): (&AuctionRow, &LotRow, OfferRow),
    after: AuctionState,
    ended: Ended,
) -> Result<Answer<OfferDto>, Failure> {
    row.state = ended.state.to_owned();
    row.answered_at = Some(command.at);
    offer::update(tx, &row).await?;
    outcome::set_lot_state(tx, lot, after).await?;
    timer::clear(tx, EXPIRY, row.id).await?;
    review::set(tx, auction, command.at).await?;
    tell(command, ended.kind, auction, &row, ended.contract);
    let by = command.by.organisation_id().unwrap_or_default();
    Ok(Answer::ok(OfferDto::of(&row, ended.contract, &auction.currency, by)?))
}

/// An offer that the caller may know of: its holder's, or to its company.
async fn seen(tx: &mut Connection, by: &Principal, id: AuctionOfferId) -> Result<OfferRow, Failure> {
    let own = by.member()?.id;
    let found = offer::of_id(tx, id).await?.ok_or_else(unknown)?;
    if found.organisation_id == own.0 {
        return Ok(found);
    }
    let auction = store::of_id(tx, AuctionId(found.auction_id)).await?.ok_or_else(unknown)?;
    if auction.seller_id == own.0 { Ok(found) } else { Err(unknown().into()) }
}

/// An offer to the caller's company, held with its lot and auction.
async fn lock_asked(
    tx: &mut Connection,
    command: &Command,
    id: AuctionOfferId,
) -> Result<(AuctionRow, LotRow, OfferRow), Failure> {
    let found = seen(tx, &command.by, id).await?;
    let own = command.by.require(rights::BID)?;
    if found.organisation_id != own.0 {
        return Err(Refusal::forbidden("The company that was asked answers.").into());
    }
    let auction = store::lock(tx, AuctionId(found.auction_id)).await?.ok_or_else(unknown)?;
    let (lot, row) = lock(tx, id, found.lot, &auction).await?;
    Ok((auction, lot, row))
}

async fn lock(
    tx: &mut Connection,
    id: AuctionOfferId,
    lot: i16,
    auction: &AuctionRow,
) -> Result<(LotRow, OfferRow), Failure> {
    let lot = outcome::lock_lot(tx, AuctionId(auction.id), lot).await?.ok_or_else(unknown)?;
    let row = offer::lock(tx, id).await?.ok_or_else(unknown)?;
    Ok((lot, row))
}

/// The offer as it stands, if it waits for an answer.
fn check(row: &OfferRow, lot: &LotRow) -> Result<SecondOffer, Failure> {
    if row.state != "open" {
        return Err(Refusal::wrong_state("offer", &row.state, "answered").into());
    }
    Ok(SecondOffer { state: AuctionState::parse(&lot.state)?, expires_at: row.expires_at })
}

/// An event for the seller and the second bidder. The seller does not learn of it who that is before it accepts.
fn tell(command: &Command, kind: &'static str, auction: &AuctionRow, row: &OfferRow, contract: Option<Uuid>) {
    let told = json!({
        "offer_id": row.id, "lot": row.lot, "pseudonym": row.pseudonym, "state": row.state, "contract_id": contract,
        "expires_at": Time(row.expires_at),
    });
    tell_both(command, kind, auction, row.organisation_id, told);
}
