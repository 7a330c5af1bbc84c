//! Orders and their steps as they are read: always those of one company.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{ExchangeOrderId, InstrumentId, OrganisationId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::Page;
use crate::schema::exchange_order;

diesel::table! {
    /// All steps of orders: those that orders and trades tell by themselves, and the rows of `exchange_step`.
    exchange_order_step (organisation_id, stream_id, entry, position) {
        organisation_id -> Uuid,
        stream_id -> Uuid,
        entry -> BigInt,
        position -> Integer,
        order_id -> Uuid,
        kind -> Text,
        price -> Nullable<BigInt>,
        trigger_price -> Nullable<BigInt>,
        lots -> Nullable<BigInt>,
        open -> Nullable<BigInt>,
        trade_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        keeps_priority -> Nullable<Bool>,
        at -> Timestamptz,
    }
}
diesel::allow_tables_to_appear_in_same_query!(exchange_order, exchange_order_step);

/// Prices in ticks, quantities in lots.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = exchange_order)]
pub struct OrderRow {
    pub id: Uuid,
    pub stream_id: Uuid,
    pub instrument_id: Uuid,
    pub client_order_id: String,
    pub side: String,
    pub order_type: String,
    pub time_in_force: String,
    pub expires_at: Option<Timestamp>,
    pub price: Option<i64>,
    pub trigger_price: Option<i64>,
    pub display: Option<i64>,
    pub min_lots: Option<i64>,
    pub post_only: bool,
    pub linked_to: Option<Uuid>,
    pub lots: i64,
    pub filled: i64,
    pub open: i64,
    /// The sum of price × lots over its fills.
    pub turnover: Decimal,
    pub state: String,
    pub end_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Which orders are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    pub instrument: Option<InstrumentId>,
    /// `live`, `filled`, `ended`.
    pub state: Option<&'a str>,
    pub client_order_id: Option<&'a str>,
}

/// The orders of a company, the last one first.
pub async fn of_organisation(
    connection: &mut Connection,
    organisation: OrganisationId,
    filter: &Filter<'_>,
    page: &Page,
) -> Result<Vec<OrderRow>, Failure> {
    let mut query = exchange_order::table
        .filter(exchange_order::organisation_id.eq(organisation.0))
        .order(exchange_order::id.desc())
        .limit(page.rows())
        .select(OrderRow::as_select())
        .into_boxed();
    if let Some(instrument) = filter.instrument {
        query = query.filter(exchange_order::instrument_id.eq(instrument.0));
    }
    if let Some(state) = filter.state {
        query = query.filter(exchange_order::state.eq(state.to_owned()));
    }
    if let Some(name) = filter.client_order_id {
        query = query.filter(exchange_order::client_order_id.eq(name.to_owned()));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(exchange_order::id.lt(after));
    }
    Ok(query.load(connection).await?)
}

pub async fn one(
    connection: &mut Connection,
    organisation: OrganisationId,
    order: ExchangeOrderId,
) -> Result<Option<OrderRow>, Failure> {
    let own = exchange_order::table.find(order.0).filter(exchange_order::organisation_id.eq(organisation.0));
    Ok(own.select(OrderRow::as_select()).first(connection).await.optional()?)
}

/// A step of an order.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = exchange_order_step)]
pub struct StepRow {
    pub entry: i64,
    pub position: i32,
    pub order_id: Uuid,
    pub kind: String,
    pub price: Option<i64>,
    pub trigger_price: Option<i64>,
    pub lots: Option<i64>,
    pub open: Option<i64>,
    pub trade_id: Option<Uuid>,
    pub reason: Option<String>,
    pub keeps_priority: Option<bool>,
    pub at: Timestamp,
}

/// What happened to an order, from the beginning.
pub async fn steps(
    connection: &mut Connection,
    organisation: OrganisationId,
    order: ExchangeOrderId,
) -> Result<Vec<StepRow>, Failure> {
    let own = exchange_order_step::table
        .filter(exchange_order_step::order_id.eq(order.0).and(exchange_order_step::organisation_id.eq(organisation.0)));
    let ordered = own.order((exchange_order_step::entry, exchange_order_step::position)).select(StepRow::as_select());
    Ok(ordered.load(connection).await?)
}

/// What happened to the orders of a company in one market after a place in its journal, at most so many steps, each with its instrument.
pub async fn steps_after(
    connection: &mut Connection,
    organisation: OrganisationId,
    stream: Uuid,
    (entry, position): (i64, i32),
    limit: i64,
) -> Result<Vec<(StepRow, Uuid)>, Failure> {
    let own = exchange_order_step::table
        .inner_join(exchange_order::table.on(exchange_order::id.eq(exchange_order_step::order_id)))
        .filter(exchange_order_step::organisation_id.eq(organisation.0).and(exchange_order_step::stream_id.eq(stream)));
    let later = exchange_order_step::position.gt(position).or(exchange_order_step::entry.gt(entry));
    let page = own.filter(exchange_order_step::entry.ge(entry)).filter(later);
    let ordered = page.order((exchange_order_step::entry, exchange_order_step::position)).limit(limit);
    Ok(ordered.select((StepRow::as_select(), exchange_order::instrument_id)).load(connection).await?)
}
