//! The steps of orders that neither the order nor a trade tells.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::exchange::{OrderNumber, Price, What, order_id};
use domain::kernel::{OrganisationId, Timestamp};
use uuid::Uuid;

use super::super::words;
use super::{Place, signed};
use crate::Failure;
use crate::db::Connection;

/// The steps of some entries by column, as `unnest` takes them.
#[derive(Default)]
pub struct Rows {
    stream: Option<Uuid>,
    organisations: Vec<Uuid>,
    entries: Vec<i64>,
    positions: Vec<i32>,
    orders: Vec<Uuid>,
    kinds: Vec<&'static str>,
    prices: Vec<Option<Price>>,
    triggers: Vec<Option<Price>>,
    lots: Vec<Option<i64>>,
    open: Vec<Option<i64>>,
    reasons: Vec<Option<&'static str>>,
    keeps_priority: Vec<Option<bool>>,
    times: Vec<Timestamp>,
}

/// What a step says besides of which order it is.
#[derive(Default)]
struct Step {
    kind: &'static str,
    price: Option<Price>,
    trigger: Option<Price>,
    lots: Option<u64>,
    open: Option<u64>,
    reason: Option<&'static str>,
    keeps_priority: Option<bool>,
}

fn step(what: &What) -> Option<(OrderNumber, Step)> {
    Some(match *what {
        What::Rested { order, price, open } => {
            (order, Step { kind: "rested", price: Some(price), open: Some(open), ..Step::default() })
        }
        What::Elected { order } => (order, Step { kind: "elected", ..Step::default() }),
        What::Amended { order, total, open, price, trigger, keeps_priority } => {
            let (lots, open) = (Some(total), Some(open));
            let keeps_priority = Some(keeps_priority);
            (
                order,
                Step { kind: "amended", price: Some(price), trigger, lots, open, keeps_priority, ..Step::default() },
            )
        }
        What::Decremented { order, lots, open } => {
            (order, Step { kind: "decremented", lots: Some(lots), open: Some(open), ..Step::default() })
        }
        What::Ended { order, open, reason } => (
            order,
            Step { kind: "ended", open: Some(open), reason: Some(words::end_reason(reason)), ..Step::default() },
        ),
        _ => return None,
    })
}

impl Rows {
    pub fn note(&mut self, stream: Uuid, place: Place, company: OrganisationId, what: &What, at: Timestamp) {
        let Some((order, step)) = step(what) else { return };
        self.stream = Some(stream);
        self.organisations.push(company.0);
        self.entries.push(place.entry);
        self.positions.push(place.position);
        self.orders.push(order_id(stream, order).0);
        self.kinds.push(step.kind);
        self.prices.push(step.price);
        self.triggers.push(step.trigger);
        self.lots.push(step.lots.map(signed));
        self.open.push(step.open.map(signed));
        self.reasons.push(step.reason);
        self.keeps_priority.push(step.keeps_priority);
        self.times.push(at);
    }

    pub async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        if let Some(stream) = self.stream {
            Insert { stream, rows: self }.execute(&mut &*connection).await?;
        }
        Ok(())
    }
}

struct Insert<'a> {
    stream: Uuid,
    rows: &'a Rows,
}

impl QueryFragment<Pg> for Insert<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let rows = self.rows;
        out.push_sql(
            "INSERT INTO exchange_step (stream_id, organisation_id, entry, position, order_id, kind, price, trigger_price, lots,
                 open, reason, keeps_priority, at) SELECT ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.stream)?;
        out.push_sql(", * FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&rows.organisations)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&rows.entries)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Integer>, _>(&rows.positions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&rows.orders)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&rows.kinds)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<BigInt>>, _>(&rows.prices)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<BigInt>>, _>(&rows.triggers)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<BigInt>>, _>(&rows.lots)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<BigInt>>, _>(&rows.open)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&rows.reasons)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Bool>>, _>(&rows.keeps_priority)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&rows.times)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for Insert<'_> {
    type QueryId = Insert<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Insert<'_> {}
