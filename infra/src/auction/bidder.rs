//! Who bids in an auction, or would like to.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{AuctionId, OrganisationId, PortalId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{auction_bidder, organisation, portal_member};

/// A company in an auction.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = auction_bidder, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct BidderRow {
    pub auction_id: Uuid,
    pub organisation_id: Uuid,
    /// `invited`, `applied`, `admitted`, `refused` or `withdrawn`.
    pub state: String,
    pub note: Option<String>,
    /// Under which it bids; none before the state machine has admitted it.
    pub pseudonym: Option<String>,
    pub created_at: Timestamp,
    pub decided_at: Option<Timestamp>,
}

/// One company in one auction.
pub async fn find(
    connection: &mut Connection,
    auction: AuctionId,
    organisation: Uuid,
) -> Result<Option<BidderRow>, Failure> {
    let query = auction_bidder::table.find((auction.0, organisation)).select(BidderRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`find`], held until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    auction: AuctionId,
    organisation: OrganisationId,
) -> Result<Option<BidderRow>, Failure> {
    let query = auction_bidder::table.find((auction.0, organisation.0)).select(BidderRow::as_select());
    Ok(query.for_update().first(tx).await.optional()?)
}

/// Keeps companies that were nothing in the auction before.
pub async fn insert(tx: &mut Connection, new: &[BidderRow]) -> Result<(), Failure> {
    diesel::insert_into(auction_bidder::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps where a company stands and what was said; the pseudonym is not this one's to write.
pub async fn update(tx: &mut Connection, changed: &BidderRow) -> Result<(), Failure> {
    diesel::update(auction_bidder::table.find((changed.auction_id, changed.organisation_id)))
        .set((
            auction_bidder::state.eq(&changed.state),
            auction_bidder::note.eq(&changed.note),
            auction_bidder::decided_at.eq(changed.decided_at),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// Who bids in an auction, or would like to; or one company alone.
pub async fn list(
    connection: &mut Connection,
    auction: AuctionId,
    only: Option<OrganisationId>,
    page: &Page,
) -> Result<List<BidderRow>, Failure> {
    let mut query = auction_bidder::table
        .filter(auction_bidder::auction_id.eq(auction.0))
        .order(auction_bidder::organisation_id)
        .limit(page.rows())
        .select(BidderRow::as_select())
        .into_boxed();
    if let Some(only) = only {
        query = query.filter(auction_bidder::organisation_id.eq(only.0));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(auction_bidder::organisation_id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &BidderRow| row.organisation_id))
}

/// All companies that are, or were, something in an auction.
pub async fn organisations(connection: &mut Connection, auction: AuctionId) -> Result<Vec<Uuid>, Failure> {
    let query = auction_bidder::table.filter(auction_bidder::auction_id.eq(auction.0));
    Ok(query.select(auction_bidder::organisation_id).load(connection).await?)
}

/// The company behind a pseudonym.
pub async fn of_pseudonym(
    connection: &mut Connection,
    auction: AuctionId,
    pseudonym: &str,
) -> Result<Option<Uuid>, Failure> {
    let query = auction_bidder::table
        .filter(auction_bidder::auction_id.eq(auction.0).and(auction_bidder::pseudonym.eq(pseudonym)))
        .select(auction_bidder::organisation_id);
    Ok(query.first(connection).await.optional()?)
}

/// Which of these companies may bid on the portal: verified, active members with the capability.
pub async fn may_bid(connection: &mut Connection, on: PortalId, of: &[Uuid]) -> Result<HashSet<Uuid>, Failure> {
    let query = portal_member::table
        .inner_join(organisation::table.on(organisation::id.eq(portal_member::organisation_id)))
        .filter(portal_member::portal_id.eq(on.0).and(portal_member::organisation_id.eq_any(of.to_vec())))
        .filter(portal_member::state.eq("active").and(portal_member::capabilities.contains(vec!["bid"])))
        .filter(organisation::state.eq("verified"))
        .select(portal_member::organisation_id);
    Ok(query.load(connection).await?.into_iter().collect())
}

/// Which of these companies are controlled together with one company, or are that company itself: those with the same top above them.
pub async fn of_group(
    connection: &mut Connection,
    of: OrganisationId,
    companies: &[Uuid],
) -> Result<HashSet<Uuid>, Failure> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = SqlUuid)]
        company: Uuid,
    }
    let found: Vec<Found> = diesel::sql_query(
        "WITH RECURSIVE chain AS (
             SELECT id AS company, id AS top FROM unnest($2 || $1) id
             UNION
             SELECT c.company, o.parent_id FROM chain c JOIN organisation o ON o.id = c.top
             WHERE o.parent_id IS NOT NULL AND o.parent_confirmed_at IS NOT NULL),
         topmost AS (
             SELECT company, top FROM chain
             WHERE NOT EXISTS (SELECT FROM organisation o WHERE o.id = top AND o.parent_confirmed_at IS NOT NULL))
         SELECT DISTINCT other.company FROM topmost own JOIN topmost other ON other.top = own.top WHERE own.company = $1",
    )
    .bind::<SqlUuid, _>(of.0)
    .bind::<Array<SqlUuid>, _>(companies)
    .load(connection)
    .await?;
    Ok(found.into_iter().map(|one| one.company).collect())
}
