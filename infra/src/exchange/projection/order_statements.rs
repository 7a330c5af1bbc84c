//! How changes of orders are written: one statement each for those that are new and those that were there.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use domain::exchange::Price;
use domain::kernel::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::orders::{Change, New};

pub struct Insert<'a> {
    stream: Uuid,
    ids: Vec<Uuid>,
    instruments: Vec<Uuid>,
    organisations: Vec<Uuid>,
    clients: Vec<&'a str>,
    sides: Vec<&'a str>,
    types: Vec<&'a str>,
    times_in_force: Vec<&'a str>,
    expiries: Vec<Option<Timestamp>>,
    prices: Vec<Option<Price>>,
    triggers: Vec<Option<Price>>,
    displays: Vec<Option<i64>>,
    min_lots: Vec<Option<i64>>,
    post_only: Vec<bool>,
    linked: Vec<Option<Uuid>>,
    lots: Vec<i64>,
    created: Vec<Timestamp>,
    filled: Vec<i64>,
    open: Vec<i64>,
    turnover: Vec<Decimal>,
    states: Vec<&'static str>,
    reasons: Vec<Option<&'static str>>,
    updated: Vec<Timestamp>,
    entries: Vec<i64>,
    positions: Vec<i32>,
    sent_lots: Vec<i64>,
    sent_prices: Vec<Option<Price>>,
    sent_triggers: Vec<Option<Price>>,
}

impl<'a> Insert<'a> {
    pub fn new(stream: Uuid, rows: &[(&'a New, &'a Change)]) -> Self {
        Self {
            stream,
            ids: rows.iter().map(|(new, _)| new.id).collect(),
            instruments: rows.iter().map(|(new, _)| new.instrument).collect(),
            organisations: rows.iter().map(|(new, _)| new.organisation).collect(),
            clients: rows.iter().map(|(new, _)| new.client_order_id.as_str()).collect(),
            sides: rows.iter().map(|(new, _)| new.side).collect(),
            types: rows.iter().map(|(new, _)| new.order_type).collect(),
            times_in_force: rows.iter().map(|(new, _)| new.time_in_force).collect(),
            expiries: rows.iter().map(|(new, _)| new.expires_at).collect(),
            prices: rows.iter().map(|(new, change)| new.price.and(change.price).or(new.price)).collect(),
            triggers: rows.iter().map(|(new, change)| change.trigger.or(new.trigger)).collect(),
            displays: rows.iter().map(|(new, _)| new.display).collect(),
            min_lots: rows.iter().map(|(new, _)| new.min_lots).collect(),
            post_only: rows.iter().map(|(new, _)| new.post_only).collect(),
            linked: rows.iter().map(|(new, _)| new.linked_to).collect(),
            lots: rows.iter().map(|(new, change)| change.lots.unwrap_or(new.lots) - change.less).collect(),
            created: rows.iter().map(|(new, _)| new.created_at).collect(),
            filled: rows.iter().map(|(_, change)| change.filled).collect(),
            open: rows.iter().map(|(_, change)| change.open).collect(),
            turnover: rows.iter().map(|(_, change)| change.turnover).collect(),
            states: rows.iter().map(|(_, change)| change.state).collect(),
            reasons: rows.iter().map(|(_, change)| change.end_reason).collect(),
            updated: rows.iter().map(|(_, change)| change.at).collect(),
            entries: rows.iter().map(|(new, _)| new.place.entry).collect(),
            positions: rows.iter().map(|(new, _)| new.place.position).collect(),
            sent_lots: rows.iter().map(|(new, _)| new.lots).collect(),
            sent_prices: rows.iter().map(|(new, _)| new.price).collect(),
            sent_triggers: rows.iter().map(|(new, _)| new.trigger).collect(),
        }
    }
}

impl QueryFragment<Pg> for Insert<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO exchange_order (stream_id, id, instrument_id, organisation_id, client_order_id, side, order_type,
                 time_in_force, expires_at, price, trigger_price, display, min_lots, post_only, linked_to, lots, created_at,
                 filled, open, turnover, state, end_reason, updated_at, entry, position, sent_lots, sent_price,
                 sent_trigger_price) SELECT ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.stream)?;
        out.push_sql(", * FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        for ids in [&self.instruments, &self.organisations] {
            out.push_sql(", ");
            out.push_bind_param::<Array<SqlUuid>, _>(ids)?;
        }
        for words in [&self.clients, &self.sides, &self.types, &self.times_in_force] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Text>, _>(words)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Timestamptz>>, _>(&self.expiries)?;
        for numbers in [&self.prices, &self.triggers, &self.displays, &self.min_lots] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Nullable<BigInt>>, _>(numbers)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Bool>, _>(&self.post_only)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.linked)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.lots)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.created)?;
        for numbers in [&self.filled, &self.open] {
            out.push_sql(", ");
            out.push_bind_param::<Array<BigInt>, _>(numbers)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.turnover)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.states)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.reasons)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.updated)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.entries)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Integer>, _>(&self.positions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.sent_lots)?;
        for prices in [&self.sent_prices, &self.sent_triggers] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Nullable<BigInt>>, _>(prices)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for Insert<'_> {
    type QueryId = Insert<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Insert<'_> {}

pub struct Update {
    ids: Vec<Uuid>,
    lots: Vec<Option<i64>>,
    less: Vec<i64>,
    filled: Vec<i64>,
    turnover: Vec<Decimal>,
    open: Vec<i64>,
    prices: Vec<Option<Price>>,
    triggers: Vec<Option<Price>>,
    states: Vec<&'static str>,
    reasons: Vec<Option<&'static str>>,
    times: Vec<Timestamp>,
}

impl Update {
    pub fn new(changes: &[&Change]) -> Self {
        Self {
            ids: changes.iter().map(|change| change.id).collect(),
            lots: changes.iter().map(|change| change.lots).collect(),
            less: changes.iter().map(|change| change.less).collect(),
            filled: changes.iter().map(|change| change.filled).collect(),
            turnover: changes.iter().map(|change| change.turnover).collect(),
            open: changes.iter().map(|change| change.open).collect(),
            prices: changes.iter().map(|change| change.price).collect(),
            triggers: changes.iter().map(|change| change.trigger).collect(),
            states: changes.iter().map(|change| change.state).collect(),
            reasons: changes.iter().map(|change| change.end_reason).collect(),
            times: changes.iter().map(|change| change.at).collect(),
        }
    }
}

impl QueryFragment<Pg> for Update {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "UPDATE exchange_order AS o SET lots = coalesce(c.lots, o.lots) - c.less, filled = o.filled + c.filled,
                 turnover = o.turnover + c.turnover, open = c.open,
                 price = CASE WHEN o.price IS NOT NULL THEN coalesce(c.price, o.price) END,
                 trigger_price = coalesce(c.trigger_price, o.trigger_price), state = c.state, end_reason = c.end_reason,
                 updated_at = c.at
             FROM unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<BigInt>>, _>(&self.lots)?;
        for numbers in [&self.less, &self.filled] {
            out.push_sql(", ");
            out.push_bind_param::<Array<BigInt>, _>(numbers)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.turnover)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.open)?;
        for prices in [&self.prices, &self.triggers] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Nullable<BigInt>>, _>(prices)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.states)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.reasons)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.times)?;
        out.push_sql(
            ") AS c (id, lots, less, filled, turnover, open, price, trigger_price, state, end_reason, at) WHERE o.id = c.id",
        );
        Ok(())
    }
}

impl QueryId for Update {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Update {}
