//! Standing orders, and what became of each of their days.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Date, OrganisationId, StandingOrderId, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{standing_order, standing_order_line, standing_order_run};

/// A standing order without its lines.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = standing_order, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct StandingRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    /// The person in whose name it orders.
    pub owner_id: Uuid,
    pub name: String,
    pub portal_id: Uuid,
    pub currency: String,
    /// `draft` or `order`.
    pub mode: String,
    pub period: String,
    pub interval: i32,
    pub first_on: Date,
    pub last_on: Option<Date>,
    /// The goods are wanted so many days after the order.
    pub lead_days: Option<i32>,
    pub cost_centre_id: Option<Uuid>,
    pub buyer_reference: Option<String>,
    pub note: Option<String>,
    pub delivery_address: Option<Value>,
    pub paused: bool,
    /// None when it is over.
    pub next_on: Option<Date>,
    pub version: i64,
    pub created_at: Timestamp,
}

/// A line of a standing order.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = standing_order_line, treat_none_as_default_value = false)]
pub struct StandingLineRow {
    pub standing_order_id: Uuid,
    pub position: i32,
    pub offer_id: Uuid,
    pub quantity: Decimal,
    pub unit: String,
    pub note: Option<String>,
}

/// What became of a day.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = standing_order_run, treat_none_as_default_value = false)]
pub struct RunRow {
    pub standing_order_id: Uuid,
    pub due_on: Date,
    /// Empty where it was refused.
    pub order_ids: Vec<Uuid>,
    /// The kind of problem, and what it says.
    pub problem: Option<String>,
    pub detail: Option<String>,
    pub at: Timestamp,
}

/// A standing order with its lines by position.
#[derive(Debug, Clone)]
pub struct StandingOrder {
    pub row: StandingRow,
    pub lines: Vec<StandingLineRow>,
}

pub async fn insert(tx: &mut Connection, new: &StandingOrder) -> Result<(), Failure> {
    diesel::insert_into(standing_order::table).values(&new.row).execute(tx).await?;
    diesel::insert_into(standing_order_line::table).values(&new.lines).execute(tx).await?;
    Ok(())
}

/// Keeps a changed standing order, its lines replaced.
pub async fn update(tx: &mut Connection, changed: &StandingOrder) -> Result<(), Failure> {
    diesel::update(standing_order::table.find(changed.row.id)).set(&changed.row).execute(tx).await?;
    let lines = standing_order_line::table.filter(standing_order_line::standing_order_id.eq(changed.row.id));
    diesel::delete(lines).execute(tx).await?;
    diesel::insert_into(standing_order_line::table).values(&changed.lines).execute(tx).await?;
    Ok(())
}

/// Keeps when it orders next, and whether it is paused.
pub async fn advance(tx: &mut Connection, row: &StandingRow) -> Result<(), Failure> {
    diesel::update(standing_order::table.find(row.id))
        .set((
            standing_order::next_on.eq(row.next_on),
            standing_order::paused.eq(row.paused),
            standing_order::version.eq(row.version),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// Removes it with what is known of its days; the orders stay.
pub async fn delete(tx: &mut Connection, id: StandingOrderId) -> Result<(), Failure> {
    let runs = standing_order_run::table.filter(standing_order_run::standing_order_id.eq(id.0));
    diesel::delete(runs).execute(tx).await?;
    let lines = standing_order_line::table.filter(standing_order_line::standing_order_id.eq(id.0));
    diesel::delete(lines).execute(tx).await?;
    diesel::delete(standing_order::table.find(id.0)).execute(tx).await?;
    Ok(())
}

pub async fn insert_run(tx: &mut Connection, run: &RunRow) -> Result<(), Failure> {
    diesel::insert_into(standing_order_run::table).values(run).execute(tx).await?;
    Ok(())
}

/// A standing order of the organisation; of `owner` alone where one is given.
pub async fn find(
    connection: &mut Connection,
    of: OrganisationId,
    owner: Option<Uuid>,
    id: StandingOrderId,
) -> Result<Option<StandingOrder>, Failure> {
    let mut query = standing_order::table
        .filter(standing_order::id.eq(id.0).and(standing_order::organisation_id.eq(of.0)))
        .select(StandingRow::as_select())
        .into_boxed();
    if let Some(owner) = owner {
        query = query.filter(standing_order::owner_id.eq(owner));
    }
    let row: Option<StandingRow> = query.first(connection).await.optional()?;
    Ok(complete(connection, row.into_iter().collect()).await?.pop())
}

/// The standing order, whoever's, held until the transaction ends.
pub async fn lock(tx: &mut Connection, id: StandingOrderId) -> Result<Option<StandingOrder>, Failure> {
    let query = standing_order::table.find(id.0).select(StandingRow::as_select()).for_update();
    let row: Option<StandingRow> = query.first(tx).await.optional()?;
    Ok(complete(tx, row.into_iter().collect()).await?.pop())
}

/// The standing orders of an organisation, or those of an `owner`, oldest first.
pub async fn list(
    connection: &mut Connection,
    of: OrganisationId,
    owner: Option<Uuid>,
    page: &Page,
) -> Result<List<StandingOrder>, Failure> {
    let mut query = standing_order::table
        .filter(standing_order::organisation_id.eq(of.0))
        .order(standing_order::id)
        .limit(page.rows())
        .select(StandingRow::as_select())
        .into_boxed();
    if let Some(owner) = owner {
        query = query.filter(standing_order::owner_id.eq(owner));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(standing_order::id.gt(after));
    }
    let list = page.cut_by_id(query.load(connection).await?, |row: &StandingRow| row.id);
    Ok(List { items: complete(connection, list.items).await?, next: list.next })
}

/// What became of the last days of one, the latest first; at most `limit`.
pub async fn last_runs(connection: &mut Connection, id: StandingOrderId, limit: i64) -> Result<Vec<RunRow>, Failure> {
    let query = standing_order_run::table
        .filter(standing_order_run::standing_order_id.eq(id.0))
        .order(standing_order_run::due_on.desc())
        .limit(limit)
        .select(RunRow::as_select());
    Ok(query.load(connection).await?)
}

async fn complete(connection: &mut Connection, rows: Vec<StandingRow>) -> Result<Vec<StandingOrder>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let lines: Vec<StandingLineRow> = standing_order_line::table
        .filter(standing_order_line::standing_order_id.eq_any(ids))
        .order((standing_order_line::standing_order_id, standing_order_line::position))
        .select(StandingLineRow::as_select())
        .load(connection)
        .await?;
    let whole = |row: StandingRow| StandingOrder {
        lines: lines.iter().filter(|line| line.standing_order_id == row.id).cloned().collect(),
        row,
    };
    Ok(rows.into_iter().map(whole).collect())
}
