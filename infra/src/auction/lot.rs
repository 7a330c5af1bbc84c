//! Lots as the tables have them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::auction::LotNumber;
use domain::kernel::{AuctionId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::auction_lot;

/// A lot. Prices are of one unit, in minor units of the currency.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = auction_lot)]
pub struct LotRow {
    pub auction_id: Uuid,
    pub number: i16,
    pub phase: String,
    /// What became of it, after its close as well: a state of [`domain::auction::AuctionState`].
    pub state: String,
    pub ends_at: Timestamp,
    pub price: Option<i64>,
    pub leader: Option<String>,
    pub reserve_met: bool,
    pub units_left: Option<i64>,
    pub entries: i32,
    /// None before the first entry.
    pub last_hash: Option<Vec<u8>>,
    pub changes: i64,
    pub outcome: Option<String>,
    pub closed_at: Option<Timestamp>,
    /// What follows from its close was done.
    pub settled_at: Option<Timestamp>,
}

/// All lots of an auction, by their numbers; none before the state machine knows of it.
pub async fn of_auction(connection: &mut Connection, auction: AuctionId) -> Result<Vec<LotRow>, Failure> {
    let all = auction_lot::table.filter(auction_lot::auction_id.eq(auction.0)).order(auction_lot::number);
    Ok(all.select(LotRow::as_select()).load(connection).await?)
}

pub async fn one(
    connection: &mut Connection,
    auction: AuctionId,
    number: LotNumber,
) -> Result<Option<LotRow>, Failure> {
    let Ok(number) = i16::try_from(number) else { return Ok(None) };
    let query = auction_lot::table.find((auction.0, number)).select(LotRow::as_select());
    Ok(query.first(connection).await.optional()?)
}
