//! Deliveries under contracts.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{ContractId, DeliveryId, OrganisationId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::grade::{self, MeasurementRow};
use crate::Failure;
use crate::db::Connection;
use crate::schema::{contract, delivery, delivery_line};

/// A delivery without its lines.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = delivery, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct DeliveryRow {
    pub id: Uuid,
    pub contract_id: Uuid,
    /// Counted within the contract.
    pub number: i32,
    pub state: String,
    pub carrier: Option<String>,
    pub tracking: Option<String>,
    pub despatched_by: Uuid,
    pub despatched_at: Timestamp,
    pub received_by: Option<Uuid>,
    pub received_at: Option<Timestamp>,
    pub note: Option<String>,
    pub version: i64,
    /// The invoice that holds it.
    pub invoice_id: Option<Uuid>,
}

/// How much of a contract's line is in a delivery, and what arrived of it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = delivery_line, treat_none_as_default_value = false)]
pub struct DeliveryLineRow {
    pub delivery_id: Uuid,
    pub contract_line_id: Uuid,
    pub quantity: Decimal,
    /// In good order.
    pub received: Option<Decimal>,
    pub damaged: Option<Decimal>,
    /// Beyond what was despatched.
    pub surplus: Option<Decimal>,
    /// What it weighs, if it is billed by that.
    pub weighed: Option<Decimal>,
}

/// A delivery with its lines.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub row: DeliveryRow,
    pub lines: Vec<DeliveryLineRow>,
    /// What was measured of the lines.
    pub measured: Vec<MeasurementRow>,
}

/// The number of the next delivery under a contract that is held.
pub async fn next_number(tx: &mut Connection, of: ContractId) -> Result<i32, Failure> {
    let last = delivery::table.filter(delivery::contract_id.eq(of.0)).select(diesel::dsl::max(delivery::number));
    let last: Option<i32> = last.first(tx).await?;
    Ok(last.unwrap_or(0) + 1)
}

pub async fn insert(tx: &Connection, new: &Delivery) -> Result<(), Failure> {
    diesel::insert_into(delivery::table).values(&new.row).execute(&mut &*tx).await?;
    diesel::insert_into(delivery_line::table).values(&new.lines).execute(&mut &*tx).await?;
    grade::keep_measurements(tx, &new.measured).await
}

/// Keeps a receipt. A delivery has few lines, each written once in its life.
pub async fn keep_receipt(tx: &Connection, changed: &Delivery) -> Result<(), Failure> {
    diesel::update(delivery::table.find(changed.row.id)).set(&changed.row).execute(&mut &*tx).await?;
    diesel::insert_into(delivery_line::table)
        .values(&changed.lines)
        .on_conflict((delivery_line::delivery_id, delivery_line::contract_line_id))
        .do_update()
        .set((
            delivery_line::received.eq(diesel::upsert::excluded(delivery_line::received)),
            delivery_line::damaged.eq(diesel::upsert::excluded(delivery_line::damaged)),
            delivery_line::surplus.eq(diesel::upsert::excluded(delivery_line::surplus)),
        ))
        .execute(&mut &*tx)
        .await?;
    grade::keep_measurements(tx, &changed.measured).await
}

/// The deliveries under a contract, first to last. Whoever asks was found to be a party before.
pub async fn of_contract(connection: &mut Connection, id: ContractId) -> Result<Vec<Delivery>, Failure> {
    let rows: Vec<DeliveryRow> = delivery::table
        .filter(delivery::contract_id.eq(id.0))
        .order(delivery::number)
        .select(DeliveryRow::as_select())
        .load(connection)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let (lines, all) = content(connection, &ids).await?;
    let mut of: HashMap<Uuid, Vec<DeliveryLineRow>> = HashMap::new();
    for line in lines {
        of.entry(line.delivery_id).or_default().push(line);
    }
    let mut measured: HashMap<Uuid, Vec<MeasurementRow>> = HashMap::new();
    for one in all {
        measured.entry(one.delivery_id).or_default().push(one);
    }
    let whole = |row: DeliveryRow| Delivery {
        lines: of.remove(&row.id).unwrap_or_default(),
        measured: measured.remove(&row.id).unwrap_or_default(),
        row,
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// A delivery under a contract of this party.
pub async fn find(
    connection: &mut Connection,
    by: OrganisationId,
    id: DeliveryId,
) -> Result<Option<Delivery>, Failure> {
    let own = contract::table
        .filter(contract::buyer_id.eq(by.0).or(contract::seller_id.eq(by.0)))
        .filter(contract::id.eq(delivery::contract_id));
    let query = delivery::table.filter(delivery::id.eq(id.0)).filter(diesel::dsl::exists(own));
    let row: Option<DeliveryRow> = query.select(DeliveryRow::as_select()).first(connection).await.optional()?;
    let Some(row) = row else { return Ok(None) };
    let (lines, measured) = content(connection, &[row.id]).await?;
    Ok(Some(Delivery { row, lines, measured }))
}

/// The lines of deliveries and what was measured of them: one round trip.
async fn content(connection: &Connection, of: &[Uuid]) -> Result<(Vec<DeliveryLineRow>, Vec<MeasurementRow>), Failure> {
    let query = delivery_line::table
        .filter(delivery_line::delivery_id.eq_any(of))
        .order((delivery_line::delivery_id, delivery_line::contract_line_id))
        .select(DeliveryLineRow::as_select());
    let lines = async { Ok(query.load(&mut &*connection).await?) };
    futures::try_join!(lines, grade::measurements(connection, of))
}
