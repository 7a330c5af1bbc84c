//! Warehouses of sellers.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Kind, OrganisationId, Refusal, Timestamp, WarehouseId};
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{expected_receipt, stock_lot, warehouse};

/// A place where a seller keeps stock.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = warehouse, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct WarehouseRow {
    pub id: Uuid,
    pub seller_id: Uuid,
    /// Unique with its seller.
    pub name: String,
    pub country: Option<String>,
    pub city: Option<String>,
    pub archived_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

fn name_taken(name: &str) -> Refusal {
    Refusal::new(Kind::AlreadyExists, format!("You have a warehouse with the name {name} already."))
}

pub async fn insert(tx: &mut Connection, new: &WarehouseRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(warehouse::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "warehouse_name_key", || name_taken(&new.name))?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &WarehouseRow) -> Result<(), Failure> {
    let updated = diesel::update(warehouse::table.find(changed.id)).set(changed).execute(tx).await;
    constraint::refuse(updated, "warehouse_name_key", || name_taken(&changed.name))?;
    Ok(())
}

/// A warehouse of this seller that is in use.
pub async fn find(
    connection: &mut Connection,
    seller: OrganisationId,
    id: WarehouseId,
) -> Result<Option<WarehouseRow>, Failure> {
    let query = warehouse::table
        .filter(warehouse::id.eq(id.0).and(warehouse::seller_id.eq(seller.0)))
        .filter(warehouse::archived_at.is_null());
    Ok(query.select(WarehouseRow::as_select()).first(connection).await.optional()?)
}

/// [`find`]: it stays in use until the transaction ends.
pub async fn hold(
    tx: &mut Connection,
    seller: OrganisationId,
    id: WarehouseId,
) -> Result<Option<WarehouseRow>, Failure> {
    let query = warehouse::table
        .filter(warehouse::id.eq(id.0).and(warehouse::seller_id.eq(seller.0)))
        .filter(warehouse::archived_at.is_null());
    Ok(query.select(WarehouseRow::as_select()).for_share().first(tx).await.optional()?)
}

/// All warehouses of this seller that are in use, held until the transaction ends: of two that are taken out of use at once, the
/// second is judged without the first.
pub async fn lock_all(tx: &mut Connection, seller: OrganisationId) -> Result<Vec<WarehouseRow>, Failure> {
    let query = warehouse::table
        .filter(warehouse::seller_id.eq(seller.0).and(warehouse::archived_at.is_null()))
        .order(warehouse::id);
    Ok(query.select(WarehouseRow::as_select()).for_update().load(tx).await?)
}

/// [`find`], held until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    seller: OrganisationId,
    id: WarehouseId,
) -> Result<Option<WarehouseRow>, Failure> {
    let query = warehouse::table
        .filter(warehouse::id.eq(id.0).and(warehouse::seller_id.eq(seller.0)))
        .filter(warehouse::archived_at.is_null());
    Ok(query.select(WarehouseRow::as_select()).for_update().first(tx).await.optional()?)
}

/// The warehouses of a seller that are in use, oldest first.
pub async fn list(
    connection: &mut Connection,
    seller: OrganisationId,
    page: &Page,
) -> Result<List<WarehouseRow>, Failure> {
    let mut query = warehouse::table
        .filter(warehouse::seller_id.eq(seller.0).and(warehouse::archived_at.is_null()))
        .order(warehouse::id)
        .limit(page.rows())
        .select(WarehouseRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(warehouse::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &WarehouseRow| row.id))
}

/// Whether anything lies there, or is expected.
pub async fn holds_stock(tx: &mut Connection, id: WarehouseId) -> Result<bool, Failure> {
    let some = stock_lot::table
        .filter(stock_lot::warehouse_id.eq(id.0).and(stock_lot::quantity.gt(rust_decimal::Decimal::ZERO)));
    let coming = expected_receipt::table.filter(expected_receipt::warehouse_id.eq(id.0));
    let either = diesel::dsl::exists(some).or(diesel::dsl::exists(coming));
    Ok(diesel::select(either).get_result(tx).await?)
}

/// Whether a seller keeps its stock by lots.
pub async fn has_lots(tx: &mut Connection, seller: OrganisationId) -> Result<bool, Failure> {
    let lots = stock_lot::table
        .inner_join(warehouse::table.on(warehouse::id.eq(stock_lot::warehouse_id)))
        .filter(warehouse::seller_id.eq(seller.0));
    Ok(diesel::select(diesel::dsl::exists(lots)).get_result(tx).await?)
}
