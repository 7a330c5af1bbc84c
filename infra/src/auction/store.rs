//! Auctions as their holders put them together.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::auction::{AuctionState, Rules};
use domain::kernel::{AuctionId, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::auction;

/// An auction. The values were checked by [`domain::auction::AuctionInput`] before they were kept.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = auction, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct AuctionRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    /// Who holds it: the seller, or the buyer where suppliers undercut each other.
    pub seller_id: Uuid,
    /// A state of [`domain::auction::AuctionState`]; from its publication on it follows its lots.
    pub state: String,
    /// As it was sent in last.
    pub input: Value,
    /// Made of that: [`Rules`].
    pub rules: Value,
    pub format: String,
    pub currency: String,
    pub access: String,
    pub disclosure: String,
    pub opens_at: Timestamp,
    /// The end of its last lot, as far as it is known.
    pub ends_at: Timestamp,
    /// What a bidder has to have deposited before it bids, in units of the currency.
    pub deposit: Decimal,
    /// From which pseudonyms and nonces follow, sealed.
    pub secret: Vec<u8>,
    pub relisted_from: Option<Uuid>,
    /// Since when it is to be cancelled, and why.
    pub cancelled_at: Option<Timestamp>,
    pub cancel_reason: Option<String>,
    /// Raised by each change that somebody makes.
    pub version: i64,
    pub created_at: Timestamp,
    pub published_at: Option<Timestamp>,
    /// All of it is settled.
    pub settled_at: Option<Timestamp>,
}

impl AuctionRow {
    /// The rules by which it runs.
    pub fn rules(&self) -> Result<Rules, Failure> {
        serde_json::from_value(self.rules.clone()).map_err(Failure::broken)
    }

    /// Whether it is published, and lots of it are still to open or to close.
    pub fn is_running(&self) -> bool {
        let running = [AuctionState::Scheduled, AuctionState::Open];
        self.published_at.is_some() && running.into_iter().any(|state| state.code() == self.state)
    }
}

/// An auction, whoever asks.
pub async fn of_id(connection: &mut Connection, id: AuctionId) -> Result<Option<AuctionRow>, Failure> {
    let query = auction::table.find(id.0).select(AuctionRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`of_id`], held until the transaction ends.
pub async fn lock(tx: &mut Connection, id: AuctionId) -> Result<Option<AuctionRow>, Failure> {
    let query = auction::table.find(id.0).select(AuctionRow::as_select());
    Ok(query.for_no_key_update().first(tx).await.optional()?)
}

/// Keeps a new auction.
pub async fn insert(tx: &mut Connection, new: &AuctionRow) -> Result<(), Failure> {
    diesel::insert_into(auction::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps all that may have changed of an auction that is held.
pub async fn update(tx: &mut Connection, changed: &AuctionRow) -> Result<(), Failure> {
    diesel::update(auction::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// Removes a draft, of which nobody but its holder knows, with whom it has invited.
pub async fn delete(tx: &mut Connection, id: AuctionId) -> Result<(), Failure> {
    use crate::schema::auction_bidder;
    let invited = auction_bidder::table.filter(auction_bidder::auction_id.eq(id.0));
    diesel::delete(invited).execute(tx).await?;
    diesel::delete(auction::table.find(id.0)).execute(tx).await?;
    Ok(())
}

/// Notes where an auction stands. No version is raised: nobody has edited it.
pub async fn set_state(tx: &mut Connection, id: AuctionId, state: AuctionState) -> Result<(), Failure> {
    diesel::update(auction::table.find(id.0)).set(auction::state.eq(state.code())).execute(tx).await?;
    Ok(())
}

/// Notes that all of it is settled, or that something is open again.
pub async fn set_settled(tx: &mut Connection, id: AuctionId, at: Option<Timestamp>) -> Result<(), Failure> {
    diesel::update(auction::table.find(id.0)).set(auction::settled_at.eq(at)).execute(tx).await?;
    Ok(())
}
