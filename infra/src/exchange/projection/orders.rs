//! Orders: what came in, and what has become of those that were there.

use std::collections::HashMap;

use domain::exchange::{NewOrder, OrderNumber, Price, TimeInForce, What, order_id};
use domain::kernel::{InstrumentId, OrganisationId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::super::words;
use super::{Place, order_statements, signed};
use crate::Failure;
use crate::db::Connection;

/// An order that came in with these entries, as it is after them.
pub struct New {
    pub id: Uuid,
    /// Where it was accepted.
    pub place: Place,
    pub instrument: Uuid,
    pub organisation: Uuid,
    pub client_order_id: String,
    pub side: &'static str,
    pub order_type: &'static str,
    pub time_in_force: &'static str,
    pub expires_at: Option<Timestamp>,
    pub price: Option<Price>,
    pub trigger: Option<Price>,
    pub display: Option<i64>,
    pub min_lots: Option<i64>,
    pub post_only: bool,
    pub linked_to: Option<Uuid>,
    pub lots: i64,
    pub created_at: Timestamp,
}

/// What these entries have changed of an order.
pub struct Change {
    pub id: Uuid,
    /// The new total, if it was amended.
    pub lots: Option<i64>,
    /// By how much the total became less since then.
    pub less: i64,
    pub filled: i64,
    pub turnover: Decimal,
    pub open: i64,
    pub price: Option<Price>,
    pub trigger: Option<Price>,
    pub state: &'static str,
    pub end_reason: Option<&'static str>,
    pub at: Timestamp,
}

#[derive(Default)]
pub struct Changes {
    stream: Option<Uuid>,
    pub new: Vec<New>,
    pub changed: Vec<Change>,
    /// Where in `changed` an order is.
    places: HashMap<OrderNumber, usize>,
}

fn new(
    stream: Uuid,
    place: Place,
    company: OrganisationId,
    order: OrderNumber,
    instrument: InstrumentId,
    terms: &NewOrder,
    at: Timestamp,
) -> New {
    let expires_at = match terms.time_in_force {
        TimeInForce::Gtd(until) => Some(until),
        _ => None,
    };
    New {
        id: order_id(stream, order).0,
        place,
        instrument: instrument.0,
        organisation: company.0,
        client_order_id: terms.client_order_id.to_string(),
        side: words::side(terms.side),
        order_type: words::order_type(terms.order_type),
        time_in_force: words::time_in_force(terms.time_in_force),
        expires_at,
        price: terms.order_type.limit(),
        trigger: terms.order_type.trigger(),
        display: terms.order_type.display().map(signed),
        min_lots: terms.min_quantity.map(signed),
        post_only: terms.post_only,
        linked_to: terms.linked_to.map(|number| order_id(stream, number).0),
        lots: signed(terms.lots),
        created_at: at,
    }
}

impl Changes {
    pub fn note(&mut self, stream: Uuid, place: Place, company: OrganisationId, what: &What, at: Timestamp) {
        self.stream = Some(stream);
        match *what {
            What::Accepted { order, instrument, ref terms } => {
                self.new.push(new(stream, place, company, order, instrument, terms, at));
                self.change(stream, order, signed(terms.lots), at);
            }
            What::Rested { order, open, .. } => {
                self.change(stream, order, signed(open), at);
            }
            What::Filled { order, price, lots, open, .. } => {
                let change = self.change(stream, order, signed(open), at);
                change.filled += signed(lots);
                change.turnover += Decimal::from(price) * Decimal::from(lots);
                if open == 0 {
                    change.state = "filled";
                }
            }
            What::Amended { order, total, open, price, trigger, .. } => {
                let change = self.change(stream, order, signed(open), at);
                (change.lots, change.less) = (Some(signed(total)), 0);
                (change.price, change.trigger) = (Some(price), trigger.or(change.trigger));
            }
            What::Decremented { order, lots, open } => {
                self.change(stream, order, signed(open), at).less += signed(lots);
            }
            What::Ended { order, reason, .. } => {
                let change = self.change(stream, order, 0, at);
                (change.state, change.end_reason) = ("ended", Some(words::end_reason(reason)));
            }
            _ => {}
        }
    }

    fn change(&mut self, stream: Uuid, order: OrderNumber, open: i64, at: Timestamp) -> &mut Change {
        let place = *self.places.entry(order).or_insert(self.changed.len());
        if place == self.changed.len() {
            self.changed.push(Change {
                id: order_id(stream, order).0,
                lots: None,
                less: 0,
                filled: 0,
                turnover: Decimal::ZERO,
                open,
                price: None,
                trigger: None,
                state: "live",
                end_reason: None,
                at,
            });
        }
        let change = &mut self.changed[place];
        (change.open, change.at) = (open, at);
        change
    }

    pub async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        let Some(stream) = self.stream else { return Ok(()) };
        let (inserted, changed) = self.split();
        if !inserted.is_empty() {
            order_statements::insert(stream, &inserted).execute(connection).await?;
        }
        if !changed.is_empty() {
            order_statements::update(&changed).execute(connection).await?;
        }
        Ok(())
    }

    /// New orders, each with what became of it, and the changes of those that were there before.
    fn split(&self) -> (Vec<(&New, &Change)>, Vec<&Change>) {
        let new: HashMap<Uuid, &New> = self.new.iter().map(|new| (new.id, new)).collect();
        let is_new = |change: &&Change| new.contains_key(&change.id);
        let inserted = self.changed.iter().filter_map(|change| Some((*new.get(&change.id)?, change))).collect();
        let changed = self.changed.iter().filter(|change| !is_new(change)).collect();
        (inserted, changed)
    }
}
