//! The steps of orders that neither the order nor a trade tells.

use domain::exchange::{OrderNumber, Price, What, order_id};
use domain::kernel::{OrganisationId, Timestamp};
use uuid::Uuid;

use super::super::words;
use super::{Place, signed};
use crate::Failure;
use crate::db::Connection;
use crate::db::unnest::{Append, Column};

/// The steps of some entries.
#[derive(Default)]
pub struct Rows {
    stream: Option<Uuid>,
    all: Vec<Row>,
}

struct Row {
    organisation: Uuid,
    place: Place,
    order: Uuid,
    step: Step,
    at: Timestamp,
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
        self.all.push(Row { organisation: company.0, place, order: order_id(stream, order).0, step, at });
    }

    pub async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        if let Some(stream) = self.stream {
            insert(stream, &self.all).execute(connection).await?;
        }
        Ok(())
    }
}

fn insert(stream: Uuid, rows: &[Row]) -> Append {
    fn each<T>(rows: &[Row], of: impl Fn(&Row) -> T) -> Vec<T> {
        rows.iter().map(of).collect()
    }
    Append {
        into: "exchange_step (stream_id, organisation_id, entry, position, order_id, kind, price, trigger_price, lots, open, reason,
            keeps_priority, at)",
        columns: vec![
            Column::Uuids(vec![stream; rows.len()]),
            Column::Uuids(each(rows, |row| row.organisation)),
            Column::Numbers(each(rows, |row| row.place.entry)),
            Column::Integers(each(rows, |row| row.place.position)),
            Column::Uuids(each(rows, |row| row.order)),
            Column::Words(each(rows, |row| row.step.kind)),
            Column::OptionalNumbers(each(rows, |row| row.step.price)),
            Column::OptionalNumbers(each(rows, |row| row.step.trigger)),
            Column::OptionalNumbers(each(rows, |row| row.step.lots.map(signed))),
            Column::OptionalNumbers(each(rows, |row| row.step.open.map(signed))),
            Column::OptionalWords(each(rows, |row| row.step.reason)),
            Column::OptionalFlags(each(rows, |row| row.step.keeps_priority)),
            Column::Times(each(rows, |row| row.at)),
        ],
    }
}
