//! What is done with bidders.

use std::collections::HashSet;

use domain::auction::{Access, AuctionState, BidderState, BidderStep};
use domain::kernel::{AuctionId, Faults, Kind, OrganisationId, PortalId, Refusal, Timestamp};
use domain::portal::Capability;
use infra::Failure;
use infra::auction::bidder::{self, BidderRow};
use infra::auction::outcome;
use infra::auction::store::{self, AuctionRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;
use uuid::Uuid;

use super::dto::{AuctionApplication, AuctionInvitations, BidderDecision, BidderDto};
use crate::auction::access::{self, Seen};
use crate::auction::holder::{check_not_cancelled, check_running, lock_own};
use crate::auction::rights;
use crate::auction::tell::tell_both;
use crate::command::Command;
use crate::http::answer::{Answer, Items};
use crate::http::principal::Principal;
use crate::portal;

fn unknown() -> Refusal {
    Refusal::not_found("bidder")
}

/// A company asks to be admitted: at once where everybody may bid, or where it was invited; else the holder decides.
pub async fn apply(
    tx: &mut Connection,
    command: &Command,
    id: AuctionId,
    data: &AuctionApplication,
) -> Result<Answer<BidderDto>, Failure> {
    let seen = access::seen(tx, Some(&command.by), id).await?;
    let own = command.by.require(rights::BID)?;
    check_not_own(tx, &seen, own).await?;
    portal::access::may(&seen.portal, Capability::Bid)?;
    let auction = store::lock(tx, id).await?.ok_or_else(access::unknown)?;
    check_running(&auction, "applied to")?;
    let known = bidder::lock(tx, id, own).await?;
    let before = known.as_ref().map(|row| BidderState::parse(&row.state)).transpose()?;
    let after = match before {
        Some(before) => before.after(BidderStep::Apply)?,
        None => BidderState::of_applicant(Access::parse(&auction.access)?)?,
    };
    let decided_at = (after == BidderState::Admitted).then_some(command.at);
    let row = match known {
        Some(known) => BidderRow { state: after.code().to_owned(), note: data.note.clone(), decided_at, ..known },
        None => BidderRow { note: data.note.clone(), decided_at, ..new_row(&auction, own.0, after, command.at) },
    };
    if before.is_some() {
        bidder::update(tx, &row).await?;
    } else {
        bidder::insert(tx, std::slice::from_ref(&row)).await?;
    }
    tell(
        command,
        if decided_at.is_some() { "auction.bidder_admitted" } else { "auction.bidder_applied" },
        &auction,
        &row,
    );
    Ok(Answer::ok(BidderDto::of(&row, true)))
}

/// The holder asks companies in.
pub async fn invite(
    tx: &mut Connection,
    command: &Command,
    id: AuctionId,
    data: &AuctionInvitations,
) -> Result<Answer<Items<BidderDto>>, Failure> {
    let (auction, _) = lock_own(tx, command, id).await?;
    if AuctionState::parse(&auction.state)? == AuctionState::Draft {
        check_not_cancelled(&auction, "opened to others")?;
    } else {
        check_running(&auction, "opened to others")?;
    }
    check_invited(tx, &auction, &data.organisation_ids).await?;
    let known: HashSet<Uuid> = bidder::organisations(tx, id).await?.into_iter().collect();
    let mut new: Vec<Uuid> = data.organisation_ids.iter().copied().filter(|one| !known.contains(one)).collect();
    new.sort_unstable();
    new.dedup();
    let row = |company: &Uuid| new_row(&auction, *company, BidderState::Invited, command.at);
    let rows: Vec<BidderRow> = new.iter().map(row).collect();
    bidder::insert(tx, &rows).await?;
    // Of a draft nobody else learns; who is invited hears of it when it is published.
    if auction.published_at.is_some() {
        rows.iter().for_each(|row| tell(command, "auction.bidder_invited", &auction, row));
    }
    let items = rows.iter().map(|row| BidderDto::of(row, false)).collect();
    Ok(Answer::ok(Items { items, next_cursor: None }))
}

/// Notes companies that may not bid, and those of the holder's own group.
async fn check_invited(tx: &mut Connection, auction: &AuctionRow, companies: &[Uuid]) -> Result<(), Failure> {
    let may = bidder::may_bid(tx, PortalId(auction.portal_id), companies).await?;
    let own = bidder::of_group(tx, OrganisationId(auction.seller_id), companies).await?;
    let mut faults = Faults::default();
    for (index, company) in companies.iter().enumerate() {
        let at = format!("/organisation_ids/{index}");
        if own.contains(company) {
            faults.add(at, "own_group", "Companies of your own group do not bid.");
        } else if !may.contains(company) {
            faults.add(at, "no_bidder", "This is no verified member of the portal that may bid.");
        }
    }
    Ok(faults.result()?)
}

/// The holder decides about a company.
pub async fn decide(
    tx: &mut Connection,
    command: &Command,
    (id, company): (AuctionId, OrganisationId),
    (step, kind): (BidderStep, &'static str),
    data: &BidderDecision,
) -> Result<Answer<BidderDto>, Failure> {
    let (auction, _) = lock_own(tx, command, id).await?;
    check_running(&auction, "changed")?;
    let known = bidder::lock(tx, id, company).await?.ok_or_else(unknown)?;
    let after = BidderState::parse(&known.state)?.after(step)?;
    let row = BidderRow {
        state: after.code().to_owned(),
        note: data.note.clone().or(known.note),
        decided_at: Some(command.at),
        ..known
    };
    bidder::update(tx, &row).await?;
    tell(command, kind, &auction, &row);
    Ok(Answer::ok(BidderDto::of(&row, false)))
}

/// Who bids: for the holder and the operator all of them, for anybody else themselves. Who stands behind which pseudonym nobody learns but of
/// winners, once all lots have closed.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    id: AuctionId,
    page: &Page,
) -> Result<List<BidderDto>, Failure> {
    let seen = access::seen(connection, Some(by), id).await?;
    if by.operator && by.organisation.is_none() {
        return Ok(bidder::list(connection, id, None, page).await?.map(|row| BidderDto::of(&row, false)));
    }
    let own = by.require(rights::READ)?;
    if !seen.is_own {
        return Ok(bidder::list(connection, id, Some(own), page).await?.map(|row| BidderDto::of(&row, true)));
    }
    let winners: HashSet<Uuid> = if outcome::is_over(connection, id).await? {
        outcome::awards(connection, id).await?.into_iter().map(|award| award.organisation_id).collect()
    } else {
        HashSet::new()
    };
    let found = bidder::list(connection, id, None, page).await?;
    Ok(found.map(|row| BidderDto::of(&row, winners.contains(&row.organisation_id))))
}

/// Refuses the holder of an auction and the companies of its group.
pub async fn check_not_own(tx: &mut Connection, seen: &Seen, own: OrganisationId) -> Result<(), Failure> {
    if bidder::of_group(tx, OrganisationId(seen.row.seller_id), &[own.0]).await?.contains(&own.0) {
        let detail = "Your organisation holds the auction, or belongs to the group of the company that does.";
        return Err(Refusal::new(Kind::OwnAuction, detail).into());
    }
    Ok(())
}

fn new_row(auction: &AuctionRow, company: Uuid, state: BidderState, at: Timestamp) -> BidderRow {
    BidderRow {
        auction_id: auction.id,
        organisation_id: company,
        state: state.code().to_owned(),
        note: None,
        pseudonym: None,
        created_at: at,
        decided_at: None,
    }
}

fn tell(command: &Command, kind: &'static str, auction: &AuctionRow, row: &BidderRow) {
    let data = json!({"organisation_id": row.organisation_id, "state": row.state, "note": row.note});
    tell_both(command, kind, auction, row.organisation_id, data);
}
