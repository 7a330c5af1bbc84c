//! Orders with their lines. A draft belongs to its buyer alone; a placed order to both sides.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::catalogue::pack::share;
use domain::kernel::refusal::Invalid;
use domain::kernel::{Date, OrderId, OrganisationId, Timestamp};
use futures::future::try_join_all;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::lines::{InsertLines, PlaceLines, UpdateLines};
use super::sight::{Sight, visible};
use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{order_line, purchase_order};

/// An order without its lines.
#[derive(Debug, Clone, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = purchase_order, treat_none_as_null = true)]
pub struct OrderRow {
    pub id: Uuid,
    #[diesel(skip_update)]
    pub number: i64,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    /// None for a draft with several sellers.
    pub seller_id: Option<Uuid>,
    /// The draft that was split into this and other orders.
    pub split_from: Option<Uuid>,
    pub state: String,
    pub currency: String,
    pub buyer_reference: Option<String>,
    pub note: Option<String>,
    pub delivery_address: Option<Value>,
    pub requested_date: Option<Date>,
    pub freight_terms: String,
    pub freight_limit: Option<Decimal>,
    pub freight: Decimal,
    pub incoterm: Option<String>,
    pub incoterm_place: Option<String>,
    /// None as long as nobody has said it: at the latest when it is placed.
    pub payment_days: Option<i32>,
    /// Lines and freight, without tax.
    pub total: Decimal,
    /// Why it was declined or cancelled.
    pub reason: Option<String>,
    pub created_by: Uuid,
    pub created_at: Timestamp,
    pub placed_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub decided_at: Option<Timestamp>,
    pub version: i64,
    pub contract_id: Option<Uuid>,
    /// What becomes of that which the seller cannot confirm.
    pub shortage: String,
    /// The order of whose confirmation this is the rest.
    pub backorder_of: Option<Uuid>,
    /// When the goods of a backorder are expected.
    pub expected_date: Option<Date>,
    /// Where its lines are charged to, unless they name another one.
    pub cost_centre_id: Option<Uuid>,
    /// Over the credit that the seller gives: not confirmed until it is released.
    pub credit_hold: bool,
}

/// A new order: its number comes from the database.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = purchase_order, treat_none_as_default_value = false)]
pub struct NewOrder {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    pub seller_id: Option<Uuid>,
    pub split_from: Option<Uuid>,
    pub state: String,
    pub currency: String,
    pub buyer_reference: Option<String>,
    pub note: Option<String>,
    pub delivery_address: Option<Value>,
    pub requested_date: Option<Date>,
    pub freight_terms: String,
    pub freight_limit: Option<Decimal>,
    pub incoterm: Option<String>,
    pub incoterm_place: Option<String>,
    pub payment_days: Option<i32>,
    pub total: Decimal,
    pub created_by: Uuid,
    pub created_at: Timestamp,
    pub placed_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub shortage: String,
    pub cost_centre_id: Option<Uuid>,
}

/// A line of an order, with what was true of the offer when it was priced.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = order_line)]
pub struct LineRow {
    pub id: Uuid,
    pub order_id: Uuid,
    pub position: i32,
    pub offer_id: Uuid,
    pub product_id: Uuid,
    pub seller_id: Uuid,
    pub sku: String,
    pub name: Value,
    pub quantity: Decimal,
    pub unit: String,
    pub unit_price: Decimal,
    pub price_source: String,
    pub price_list_id: Option<Uuid>,
    pub discount_percent: Decimal,
    pub tax_category: String,
    pub tax_rate: Decimal,
    pub amount: Decimal,
    /// Taken from the seller's stock for this line, in the product's base unit.
    pub reserved: Decimal,
    pub confirmed_quantity: Option<Decimal>,
    /// The price that was agreed on where it is not the ordered one.
    pub confirmed_price: Option<Decimal>,
    /// The quantity in the product's base unit: stock is counted in it.
    pub base_quantity: Decimal,
    /// What the buyer says about the line; what is none is as the order says.
    pub cost_centre_id: Option<Uuid>,
    pub buyer_reference: Option<String>,
    pub note: Option<String>,
    pub requested_date: Option<Date>,
    pub delivery_address: Option<Value>,
    /// The negotiated price that it is ordered at.
    pub price_proposal_id: Option<Uuid>,
    /// The weighing unit, where it is billed by what was weighed, as the product said when it was priced.
    pub weight_unit: Option<String>,
    /// What one of the base unit weighs.
    pub weight_nominal: Option<Decimal>,
    pub weight_tolerance: Option<Decimal>,
}

impl LineRow {
    /// What a part of the line is in the base unit.
    pub fn in_base_unit(&self, quantity: Decimal) -> Result<Decimal, Failure> {
        let exact = share(quantity, self.quantity, self.base_quantity);
        exact.ok_or_else(|| {
            Invalid::new("inexact", "In the base unit it would have more than 6 decimals.").at("").into()
        })
    }
}

/// An order with its lines by position.
#[derive(Debug, Clone)]
pub struct Order {
    pub row: OrderRow,
    pub lines: Vec<LineRow>,
}

/// On which side of its orders an organisation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Buyer,
    Seller,
}

/// Keeps new orders with their lines, in one round trip, and gives them their numbers. Each order has a statement of its own, which
/// is prepared once; one for several rows would be another text for each number of rows.
pub async fn insert(tx: &Connection, orders: &[NewOrder], lines: &[LineRow]) -> Result<Vec<(Uuid, i64)>, Failure> {
    let insert = async |new: &NewOrder| {
        let query = diesel::insert_into(purchase_order::table).values(new);
        query.returning((purchase_order::id, purchase_order::number)).get_result(&mut &*tx).await
    };
    let (numbers, _) =
        futures::try_join!(try_join_all(orders.iter().map(insert)), InsertLines::new(lines).execute(&mut &*tx))?;
    Ok(numbers)
}

/// Keeps all that can change of an order, its lines left alone.
pub async fn update(tx: &Connection, changed: &OrderRow) -> Result<(), Failure> {
    diesel::update(purchase_order::table.find(changed.id)).set(changed).execute(&mut &*tx).await?;
    Ok(())
}

/// Keeps what was confirmed and reserved of lines, in one statement.
pub async fn update_lines(tx: &Connection, changed: &[LineRow]) -> Result<(), Failure> {
    UpdateLines::new(changed).execute(&mut &*tx).await?;
    Ok(())
}

/// Keeps what the lines of a draft are placed at and what is reserved for them, in one statement.
pub async fn place_lines(tx: &Connection, placed: &[LineRow]) -> Result<(), Failure> {
    PlaceLines::new(placed).execute(&mut &*tx).await?;
    Ok(())
}

/// Replaces the lines of a draft.
pub async fn replace_lines(tx: &Connection, order: Uuid, lines: &[LineRow]) -> Result<(), Failure> {
    diesel::delete(order_line::table.filter(order_line::order_id.eq(order))).execute(&mut &*tx).await?;
    InsertLines::new(lines).execute(&mut &*tx).await?;
    Ok(())
}

/// An order that the organisation may know of, held until the transaction ends.
pub async fn lock(tx: &mut Connection, by: OrganisationId, id: OrderId) -> Result<Option<Order>, Failure> {
    let query = purchase_order::table
        .filter(purchase_order::id.eq(id.0))
        .filter(purchase_order::buyer_id.eq(by.0).or(purchase_order::seller_id.eq(by.0)))
        .select(OrderRow::as_select())
        .for_update();
    let row: Option<OrderRow> = query.first(tx).await.optional()?;
    with_lines(tx, row, by).await
}

/// An order, whoever's it is, held until the transaction ends: for timers.
pub async fn lock_any(tx: &mut Connection, id: OrderId) -> Result<Option<Order>, Failure> {
    let query = purchase_order::table.find(id.0).select(OrderRow::as_select()).for_update();
    let row: Option<OrderRow> = query.first(tx).await.optional()?;
    match row {
        Some(row) => {
            let lines = lines_of(tx, &[row.id]).await?;
            Ok(Some(Order { row, lines }))
        }
        None => Ok(None),
    }
}

/// An order that the organisation may know of.
pub async fn find(connection: &mut Connection, by: OrganisationId, id: OrderId) -> Result<Option<Order>, Failure> {
    let query = purchase_order::table
        .filter(purchase_order::id.eq(id.0))
        .filter(purchase_order::buyer_id.eq(by.0).or(purchase_order::seller_id.eq(by.0)))
        .select(OrderRow::as_select());
    let row: Option<OrderRow> = query.first(connection).await.optional()?;
    with_lines(connection, row, by).await
}

async fn with_lines(
    connection: &mut Connection,
    row: Option<OrderRow>,
    by: OrganisationId,
) -> Result<Option<Order>, Failure> {
    // A draft, also one that was split, is its buyer's own affair.
    let private = |row: &OrderRow| row.buyer_id != by.0 && (row.placed_at.is_none() || row.state == "split");
    match row.filter(|row| !private(row)) {
        Some(row) => {
            let lines = lines_of(connection, &[row.id]).await?;
            Ok(Some(Order { row, lines }))
        }
        None => Ok(None),
    }
}

/// Those among these orders that the organisation buys.
pub async fn find_all(connection: &mut Connection, by: OrganisationId, ids: &[Uuid]) -> Result<Vec<Order>, Failure> {
    let query = purchase_order::table.filter(purchase_order::id.eq_any(ids).and(purchase_order::buyer_id.eq(by.0)));
    let rows = query.select(OrderRow::as_select()).load(connection).await?;
    complete(connection, rows).await
}

/// The orders that a draft was split into.
pub async fn split_into(connection: &mut Connection, draft: Uuid) -> Result<Vec<Order>, Failure> {
    let rows: Vec<OrderRow> = purchase_order::table
        .filter(purchase_order::split_from.eq(draft))
        .order(purchase_order::number)
        .select(OrderRow::as_select())
        .load(connection)
        .await?;
    complete(connection, rows).await
}

/// The orders of an organisation on one side, newest first.
pub async fn list(
    connection: &mut Connection,
    by: OrganisationId,
    side: Side,
    state: Option<&str>,
    sight: Option<&Sight>,
    page: &Page,
) -> Result<List<Order>, Failure> {
    let mut query = purchase_order::table
        .order(purchase_order::id.desc())
        .limit(page.rows())
        .select(OrderRow::as_select())
        .into_boxed();
    query = match side {
        Side::Buyer => query.filter(purchase_order::buyer_id.eq(by.0)),
        Side::Seller => query.filter(purchase_order::seller_id.eq(by.0).and(purchase_order::placed_at.is_not_null())),
    };
    if let Some(state) = state {
        query = query.filter(purchase_order::state.eq(state.to_owned()));
    }
    if let Some(sight) = sight {
        query = query.filter(visible(sight));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(purchase_order::id.lt(after));
    }
    let list = page.cut_by_id(query.load(connection).await?, |row: &OrderRow| row.id);
    Ok(List { items: complete(connection, list.items).await?, next: list.next })
}

async fn complete(connection: &mut Connection, rows: Vec<OrderRow>) -> Result<Vec<Order>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let lines = lines_of(connection, &ids).await?;
    let of =
        |row: OrderRow| Order { lines: lines.iter().filter(|line| line.order_id == row.id).cloned().collect(), row };
    Ok(rows.into_iter().map(of).collect())
}

async fn lines_of(connection: &mut Connection, orders: &[Uuid]) -> Result<Vec<LineRow>, Failure> {
    let query = order_line::table
        .filter(order_line::order_id.eq_any(orders))
        .order((order_line::order_id, order_line::position))
        .select(LineRow::as_select());
    Ok(query.load(connection).await?)
}

impl NewOrder {
    /// The row as the database keeps it.
    pub fn with_number(self, number: i64) -> OrderRow {
        OrderRow {
            id: self.id,
            number,
            portal_id: self.portal_id,
            buyer_id: self.buyer_id,
            seller_id: self.seller_id,
            split_from: self.split_from,
            state: self.state,
            currency: self.currency,
            buyer_reference: self.buyer_reference,
            note: self.note,
            delivery_address: self.delivery_address,
            requested_date: self.requested_date,
            freight_terms: self.freight_terms,
            freight_limit: self.freight_limit,
            freight: Decimal::ZERO,
            incoterm: self.incoterm,
            incoterm_place: self.incoterm_place,
            payment_days: self.payment_days,
            total: self.total,
            reason: None,
            created_by: self.created_by,
            created_at: self.created_at,
            placed_at: self.placed_at,
            expires_at: self.expires_at,
            decided_at: None,
            version: 1,
            contract_id: None,
            shortage: self.shortage,
            backorder_of: None,
            expected_date: None,
            cost_centre_id: self.cost_centre_id,
            credit_hold: false,
        }
    }
}

/// The number of an order and what its buyer calls it.
pub async fn reference(connection: &mut Connection, id: Uuid) -> Result<Option<(i64, Option<String>)>, Failure> {
    let query = purchase_order::table.find(id).select((purchase_order::number, purchase_order::buyer_reference));
    Ok(query.first(connection).await.optional()?)
}

/// The orders to a seller that bear this number, or that their buyer calls so, newest first: the few that can be meant.
pub async fn sold_by_number(
    connection: &mut Connection,
    seller: OrganisationId,
    number: Option<i64>,
    reference: &str,
) -> Result<Vec<Order>, Failure> {
    let rows: Vec<OrderRow> = purchase_order::table
        .filter(purchase_order::seller_id.eq(seller.0).and(purchase_order::placed_at.is_not_null()))
        .filter(purchase_order::buyer_reference.eq(reference).or(purchase_order::number.nullable().eq(number)))
        .order(purchase_order::id.desc())
        .limit(20)
        .select(OrderRow::as_select())
        .load(connection)
        .await?;
    complete(connection, rows).await
}
