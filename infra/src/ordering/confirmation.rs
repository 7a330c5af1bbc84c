//! Confirmations with changes that the buyer has to accept.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Date, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{order_confirmation, order_confirmation_line};

/// A confirmation without its lines.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_confirmation, treat_none_as_default_value = false)]
pub struct ConfirmationRow {
    pub id: Uuid,
    pub order_id: Uuid,
    /// `proposed`, `accepted`, `refused`, `withdrawn` or `expired`.
    pub state: String,
    pub freight: Decimal,
    pub total: Decimal,
    pub delivery_date: Option<Date>,
    /// When the rest is expected, which stays open as a backorder.
    pub expected_date: Option<Date>,
    pub note: Option<String>,
    pub proposed_by: Uuid,
    pub proposed_at: Timestamp,
    pub answer_by: Timestamp,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<Timestamp>,
    pub reason: Option<String>,
}

/// What it says about a line of the order.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_confirmation_line)]
pub struct ConfirmationLineRow {
    pub confirmation_id: Uuid,
    pub order_line_id: Uuid,
    pub quantity: Decimal,
    pub unit_price: Decimal,
    pub discount_percent: Decimal,
    pub amount: Decimal,
    pub backorder: Decimal,
}

/// How a confirmation was decided.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    pub state: &'a str,
    pub by: Option<Uuid>,
    pub at: Timestamp,
    pub reason: Option<&'a str>,
}

/// A confirmation with its lines.
#[derive(Debug, Clone)]
pub struct ProposedConfirmation {
    pub row: ConfirmationRow,
    pub lines: Vec<ConfirmationLineRow>,
}

pub async fn insert(tx: &mut Connection, new: &ProposedConfirmation) -> Result<(), Failure> {
    diesel::insert_into(order_confirmation::table).values(&new.row).execute(tx).await?;
    diesel::insert_into(order_confirmation_line::table).values(&new.lines).execute(tx).await?;
    Ok(())
}

/// The confirmation of an order, held by the caller, that the buyer has not answered.
pub async fn open_of(tx: &mut Connection, order: Uuid) -> Result<Option<ProposedConfirmation>, Failure> {
    let query = order_confirmation::table
        .filter(order_confirmation::order_id.eq(order).and(order_confirmation::state.eq("proposed")))
        .select(ConfirmationRow::as_select());
    let row: Option<ConfirmationRow> = query.first(tx).await.optional()?;
    Ok(complete(tx, row.into_iter().collect()).await?.pop())
}

/// Decides the open confirmation of an order, held by the caller.
pub async fn decide(tx: &Connection, order: Uuid, decision: &Decision<'_>) -> Result<(), Failure> {
    let open = order_confirmation::order_id.eq(order).and(order_confirmation::state.eq("proposed"));
    diesel::update(order_confirmation::table.filter(open))
        .set((
            order_confirmation::state.eq(decision.state),
            order_confirmation::decided_by.eq(decision.by),
            order_confirmation::decided_at.eq(decision.at),
            order_confirmation::reason.eq(decision.reason),
        ))
        .execute(&mut &*tx)
        .await?;
    Ok(())
}

/// The confirmations with changes of an order, newest first. Whoever asks was found to be a party before.
pub async fn of_order(
    connection: &mut Connection,
    order: Uuid,
    page: &Page,
) -> Result<List<ProposedConfirmation>, Failure> {
    let mut query = order_confirmation::table
        .filter(order_confirmation::order_id.eq(order))
        .order(order_confirmation::id.desc())
        .limit(page.rows())
        .select(ConfirmationRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(order_confirmation::id.lt(after));
    }
    let list = page.cut_by_id(query.load(connection).await?, |row: &ConfirmationRow| row.id);
    Ok(List { items: complete(connection, list.items).await?, next: list.next })
}

async fn complete(
    connection: &mut Connection,
    rows: Vec<ConfirmationRow>,
) -> Result<Vec<ProposedConfirmation>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let lines: Vec<ConfirmationLineRow> = order_confirmation_line::table
        .filter(order_confirmation_line::confirmation_id.eq_any(&ids))
        .order((order_confirmation_line::confirmation_id, order_confirmation_line::order_line_id))
        .select(ConfirmationLineRow::as_select())
        .load(connection)
        .await?;
    let of = |row: ConfirmationRow| ProposedConfirmation {
        lines: lines.iter().filter(|line| line.confirmation_id == row.id).cloned().collect(),
        row,
    };
    Ok(rows.into_iter().map(of).collect())
}
