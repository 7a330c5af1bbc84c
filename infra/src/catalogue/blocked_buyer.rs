//! Buyers that a seller does not serve.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Kind, OrganisationId, Refusal, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{blocked_buyer, organisation};

/// A buyer that sees and buys nothing of a seller.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = blocked_buyer, treat_none_as_default_value = false)]
pub struct BlockedBuyerRow {
    pub seller_id: Uuid,
    pub buyer_id: Uuid,
    pub reason: Option<String>,
    pub blocked_at: Timestamp,
}

pub async fn insert(tx: &mut Connection, new: &BlockedBuyerRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(blocked_buyer::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "blocked_buyer_pkey", || {
        Refusal::new(Kind::AlreadyExists, "You have blocked this organisation already.")
    })?;
    Ok(())
}

/// False if the buyer was not blocked.
pub async fn delete(tx: &mut Connection, seller: OrganisationId, buyer: OrganisationId) -> Result<bool, Failure> {
    Ok(diesel::delete(blocked_buyer::table.find((seller.0, buyer.0))).execute(tx).await? > 0)
}

/// Those that a seller has blocked, with their names.
pub async fn list(
    connection: &mut Connection,
    seller: OrganisationId,
    page: &Page,
) -> Result<List<(BlockedBuyerRow, String)>, Failure> {
    let mut query = blocked_buyer::table
        .inner_join(organisation::table.on(organisation::id.eq(blocked_buyer::buyer_id)))
        .filter(blocked_buyer::seller_id.eq(seller.0))
        .order(blocked_buyer::buyer_id)
        .limit(page.rows())
        .select((BlockedBuyerRow::as_select(), organisation::legal_name))
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(blocked_buyer::buyer_id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |(row, _): &(BlockedBuyerRow, String)| row.buyer_id))
}
