//! What the state machine of a portal's auctions is to know, whoever hosts it.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{AuctionId, PortalId, Timestamp};
use uuid::Uuid;

use super::bidder::BidderRow;
use super::store::AuctionRow;
use crate::Failure;
use crate::db::Connection;
use crate::schema::{auction, auction_bidder, auction_deposit};

/// The auctions of a portal that are published, and not settled; of those alone that are named, if some are.
pub async fn auctions(
    connection: &mut Connection,
    portal: PortalId,
    only: Option<&[Uuid]>,
) -> Result<Vec<AuctionRow>, Failure> {
    let mut query = auction::table
        .filter(auction::portal_id.eq(portal.0))
        .filter(auction::published_at.is_not_null().and(auction::settled_at.is_null()))
        .order(auction::id)
        .select(AuctionRow::as_select())
        .into_boxed();
    if let Some(only) = only {
        query = query.filter(auction::id.eq_any(only));
    }
    Ok(query.load(connection).await?)
}

/// The companies that were invited to an auction, applied, or bid there.
pub async fn companies(connection: &mut Connection, auction: AuctionId) -> Result<Vec<Uuid>, Failure> {
    let all = auction_bidder::table.filter(auction_bidder::auction_id.eq(auction.0));
    let ordered = all.order(auction_bidder::organisation_id).select(auction_bidder::organisation_id);
    Ok(ordered.load(connection).await?)
}

/// A company as the state machine is to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub auction: Uuid,
    pub company: Uuid,
    pub is_admitted: bool,
    /// A deposit is held for it.
    pub has_deposit: bool,
}

/// The companies of those auctions that were admitted, and not only invited or waiting.
pub async fn bidders(connection: &mut Connection, auctions: &[Uuid]) -> Result<Vec<Wanted>, Failure> {
    let held = diesel::dsl::exists(
        auction_deposit::table
            .filter(auction_deposit::auction_id.eq(auction_bidder::auction_id))
            .filter(auction_deposit::organisation_id.eq(auction_bidder::organisation_id))
            .filter(auction_deposit::state.eq("held")),
    );
    let rows: Vec<(Uuid, Uuid, String, bool)> = auction_bidder::table
        .filter(auction_bidder::auction_id.eq_any(auctions))
        .filter(auction_bidder::state.eq("admitted").or(auction_bidder::pseudonym.is_not_null()))
        .order((auction_bidder::auction_id, auction_bidder::organisation_id))
        .select((auction_bidder::auction_id, auction_bidder::organisation_id, auction_bidder::state, held))
        .load(connection)
        .await?;
    let wanted = |(auction, company, state, has_deposit): (Uuid, Uuid, String, bool)| {
        let is_admitted = state == "admitted";
        Wanted { auction, company, is_admitted, has_deposit }
    };
    Ok(rows.into_iter().map(wanted).collect())
}

/// Admits a company that has not been heard of in the auction, or was invited; false where it is known otherwise.
pub async fn admit_new(
    connection: &mut Connection,
    auction: AuctionId,
    company: Uuid,
    at: Timestamp,
) -> Result<bool, Failure> {
    let row = BidderRow {
        auction_id: auction.0,
        organisation_id: company,
        state: "admitted".to_owned(),
        note: None,
        pseudonym: None,
        created_at: at,
        decided_at: Some(at),
    };
    let inserted = diesel::insert_into(auction_bidder::table).values(&row).on_conflict_do_nothing();
    if inserted.execute(connection).await? > 0 {
        return Ok(true);
    }
    let invited = auction_bidder::table.find((auction.0, company)).filter(auction_bidder::state.eq("invited"));
    let admitted = (auction_bidder::state.eq("admitted"), auction_bidder::decided_at.eq(Some(at)));
    Ok(diesel::update(invited).set(admitted).execute(connection).await? > 0)
}
