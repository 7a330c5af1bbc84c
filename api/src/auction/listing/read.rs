//! Reading auctions.

use domain::auction::{AuctionState, Disclosure, Format};
use domain::kernel::refusal::Invalid;
use domain::kernel::{AuctionId, Kind, OrganisationId, Refusal};
use infra::Failure;
use infra::auction::listing::{self, Reader, Search, Sort};
use infra::auction::store::AuctionRow;
use infra::auction::{bidder, deposit, history, lot, outcome};
use infra::db::Connection;
use infra::db::page::{List, Page};

use super::dto::AuctionQuery;
use super::show::{AuctionDto, AuctionSummary, Beside, Reading};
use crate::auction::{access, rights};
use crate::http::principal::Principal;

/// One auction as the caller sees it, with its version. What is its company's own is for those who may read that.
pub async fn find(
    connection: &mut Connection,
    by: Option<&Principal>,
    id: AuctionId,
    languages: &[String],
) -> Result<(AuctionDto, i64), Failure> {
    let seen = access::seen(connection, by, id).await?;
    let own = by.and_then(|by| by.require(rights::READ).ok());
    let is_own = seen.is_own && own.is_some();
    let beside = beside(connection, &seen.row, own.filter(|_| !is_own)).await?;
    let is_operator = by.is_some_and(|by| by.operator);
    let reading = Reading { organisation: own.map(|own| own.0), is_own, is_operator, languages };
    Ok((AuctionDto::of(&seen.row, &beside, &reading)?, seen.row.version))
}

/// An auction as its holder sees it.
pub(super) async fn own(
    connection: &mut Connection,
    row: &AuctionRow,
    languages: &[String],
) -> Result<AuctionDto, Failure> {
    let beside = beside(connection, row, None).await?;
    let reading = Reading { organisation: Some(row.seller_id), is_own: true, is_operator: false, languages };
    AuctionDto::of(row, &beside, &reading)
}

/// What stands beside the row, for somebody who is not the holder: also what they are in it. Of what nobody has announced there is nothing.
async fn beside(
    connection: &mut Connection,
    row: &AuctionRow,
    other: Option<OrganisationId>,
) -> Result<Beside, Failure> {
    if row.published_at.is_none() {
        return Ok(Beside::default());
    }
    let id = AuctionId(row.id);
    let (lots, awards) = (lot::of_auction(connection, id).await?, outcome::awards(connection, id).await?);
    let mut beside = Beside { lots, awards, ..Beside::default() };
    let Some(own) = other else { return Ok(beside) };
    beside.bidder = bidder::find(connection, id, own.0).await?;
    if beside.bidder.is_some() {
        beside.deposit = deposit::last(connection, id, own).await?;
    }
    if row.disclosure == Disclosure::Participants.code() {
        beside.taken_part = history::lots_of_bidder(connection, id, own).await?;
    }
    Ok(beside)
}

/// The auctions of a portal that the caller may know of.
pub async fn list(
    connection: &mut Connection,
    by: Option<&Principal>,
    portal: &str,
    query: &AuctionQuery,
    page: &Page,
    languages: &[String],
) -> Result<List<AuctionSummary>, Failure> {
    let seen = access::portal(connection, by, portal).await?;
    let invalid = |odd: Invalid| Refusal::new(Kind::InvalidQuery, odd.detail);
    let state = query.state.as_deref().map(AuctionState::parse).transpose().map_err(invalid)?;
    let format = query.format.as_deref().map(Format::parse).transpose().map_err(invalid)?;
    let sort = match query.sort.as_deref() {
        None | Some("ends_at") => Sort::End,
        Some("newest") => Sort::Newest,
        Some(_) => return Err(Refusal::new(Kind::InvalidQuery, "`sort` is `ends_at` or `newest`.").into()),
    };
    let search = Search {
        state: state.map(AuctionState::code),
        format: format.map(Format::code),
        currency: query.currency.as_deref(),
        seller: query.seller,
        closing_before: query.closing_before.map(|before| before.0),
        sort,
    };
    let reader =
        Reader { organisation: by.and_then(Principal::organisation_id), operator: by.is_some_and(|by| by.operator) };
    let found = listing::list(connection, seen.id, reader, search, page).await?;
    let items: Result<Vec<_>, _> = found.items.iter().map(|row| AuctionSummary::of(row, languages)).collect();
    Ok(List { items: items?, next: found.next })
}
