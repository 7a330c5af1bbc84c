//! Lots that are offered to their second bidders.

use diesel::dsl::{exists, select};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{AuctionId, AuctionOfferId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{auction_award, auction_offer};

/// An offer.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = auction_offer, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct OfferRow {
    pub id: Uuid,
    pub auction_id: Uuid,
    pub lot: i16,
    /// The second bidder.
    pub organisation_id: Uuid,
    /// Under which the seller knows it until it accepts.
    pub pseudonym: String,
    /// Of one unit, in minor units of the currency.
    pub price: i64,
    /// `open`, `accepted`, `declined`, `withdrawn` or `expired`.
    pub state: String,
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
    pub answered_at: Option<Timestamp>,
}

/// Keeps a new offer.
pub async fn insert(tx: &mut Connection, new: &OfferRow) -> Result<(), Failure> {
    diesel::insert_into(auction_offer::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps the answer to an offer.
pub async fn update(tx: &mut Connection, changed: &OfferRow) -> Result<(), Failure> {
    diesel::update(auction_offer::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// An offer, whoever asks.
pub async fn of_id(connection: &mut Connection, id: AuctionOfferId) -> Result<Option<OfferRow>, Failure> {
    let query = auction_offer::table.find(id.0).select(OfferRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`of_id`], held until the transaction ends.
pub async fn lock(tx: &mut Connection, id: AuctionOfferId) -> Result<Option<OfferRow>, Failure> {
    let query = auction_offer::table.find(id.0).select(OfferRow::as_select());
    Ok(query.for_update().first(tx).await.optional()?)
}

/// Whether an offer of an auction waits for its answer.
pub async fn is_any_open(connection: &mut Connection, auction: AuctionId) -> Result<bool, Failure> {
    let open =
        auction_offer::table.filter(auction_offer::auction_id.eq(auction.0).and(auction_offer::state.eq("open")));
    Ok(select(exists(open)).get_result(connection).await?)
}

/// The offers of an auction, the newest first, each with the contract that came of it: all of them, or those to one company.
pub async fn list(
    connection: &mut Connection,
    auction: AuctionId,
    to: Option<OrganisationId>,
    page: &Page,
) -> Result<List<(OfferRow, Option<Uuid>)>, Failure> {
    let mut query = auction_offer::table
        .left_join(auction_award::table.on(auction_award::offer_id.eq(auction_offer::id.nullable())))
        .filter(auction_offer::auction_id.eq(auction.0))
        .order(auction_offer::id.desc())
        .limit(page.rows())
        .select((OfferRow::as_select(), auction_award::contract_id.nullable()))
        .into_boxed();
    if let Some(to) = to {
        query = query.filter(auction_offer::organisation_id.eq(to.0));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(auction_offer::id.lt(after));
    }
    let rows: Vec<(OfferRow, Option<Uuid>)> = query.load(connection).await?;
    Ok(page.cut_by_id(rows, |(row, _)| row.id))
}
