//! What companies have bound for auctions.

use diesel::dsl::{exists, select};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::auction::DepositState;
use domain::kernel::{AuctionId, Kind, OrganisationId, Refusal, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::{Connection, constraint};
use crate::schema::auction_deposit;

/// A deposit for an auction.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = auction_deposit, treat_none_as_default_value = false)]
pub struct DepositRow {
    pub id: Uuid,
    pub auction_id: Uuid,
    pub organisation_id: Uuid,
    pub amount: Decimal,
    pub currency: String,
    /// `held`, `released` or `taken`.
    pub state: String,
    pub held_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// Keeps a deposit that is held from now on. A company has one at a time.
pub async fn insert(tx: &mut Connection, new: &DepositRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(auction_deposit::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "auction_deposit_held", || {
        Refusal::new(Kind::AlreadyExists, "Your deposit for the auction is held already.")
    })?;
    Ok(())
}

/// Notes how a deposit has ended.
pub async fn end(tx: &mut Connection, id: Uuid, as_what: DepositState, at: Timestamp) -> Result<(), Failure> {
    diesel::update(auction_deposit::table.find(id))
        .set((auction_deposit::state.eq(as_what.code()), auction_deposit::ended_at.eq(at)))
        .execute(tx)
        .await?;
    Ok(())
}

/// The last deposit of a company for an auction.
pub async fn last(
    connection: &mut Connection,
    auction: AuctionId,
    of: OrganisationId,
) -> Result<Option<DepositRow>, Failure> {
    let query = auction_deposit::table
        .filter(auction_deposit::auction_id.eq(auction.0).and(auction_deposit::organisation_id.eq(of.0)))
        .order(auction_deposit::id.desc())
        .select(DepositRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// The deposit that a company has bound for an auction, held until the transaction ends.
pub async fn lock_held(
    tx: &mut Connection,
    auction: AuctionId,
    of: OrganisationId,
) -> Result<Option<DepositRow>, Failure> {
    let query = auction_deposit::table
        .filter(auction_deposit::auction_id.eq(auction.0).and(auction_deposit::organisation_id.eq(of.0)))
        .filter(auction_deposit::state.eq(DepositState::Held.code()))
        .select(DepositRow::as_select());
    Ok(query.for_update().first(tx).await.optional()?)
}

/// So many of the deposits that are bound for an auction by others than these companies, held until the transaction ends.
pub async fn lock_others(
    tx: &mut Connection,
    auction: AuctionId,
    bound: &[Uuid],
    most: i64,
) -> Result<Vec<DepositRow>, Failure> {
    let query = auction_deposit::table
        .filter(auction_deposit::auction_id.eq(auction.0).and(auction_deposit::state.eq(DepositState::Held.code())))
        .filter(auction_deposit::organisation_id.ne_all(bound.to_vec()))
        .order(auction_deposit::organisation_id)
        .limit(most)
        .select(DepositRow::as_select());
    Ok(query.for_update().load(tx).await?)
}

/// Whether something is bound for an auction.
pub async fn is_any_held(connection: &mut Connection, auction: AuctionId) -> Result<bool, Failure> {
    let held = auction_deposit::table
        .filter(auction_deposit::auction_id.eq(auction.0).and(auction_deposit::state.eq(DepositState::Held.code())));
    Ok(select(exists(held)).get_result(connection).await?)
}
