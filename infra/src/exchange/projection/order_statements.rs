//! How changes of orders are written: one statement each for those that are new and those that were there.

use uuid::Uuid;

use super::orders::{Change, New};
use crate::db::unnest::{Append, Column, Unnest};

/// Orders that came in with some entries, as they are after them.
pub fn insert(stream: Uuid, rows: &[(&New, &Change)]) -> Append {
    fn each<T>(rows: &[(&New, &Change)], of: impl Fn(&New, &Change) -> T) -> Vec<T> {
        rows.iter().map(|(new, change)| of(new, change)).collect()
    }
    Append {
        into: "exchange_order (stream_id, id, instrument_id, organisation_id, client_order_id, side, order_type, time_in_force, expires_at,
            price, trigger_price, display, min_lots, post_only, linked_to, lots, created_at, filled, open, turnover, state, end_reason,
            updated_at, entry, position, sent_lots, sent_price, sent_trigger_price)",
        columns: vec![
            Column::Uuids(vec![stream; rows.len()]),
            Column::Uuids(each(rows, |new, _| new.id)),
            Column::Uuids(each(rows, |new, _| new.instrument)),
            Column::Uuids(each(rows, |new, _| new.organisation)),
            Column::Texts(each(rows, |new, _| new.client_order_id.clone())),
            Column::Words(each(rows, |new, _| new.side)),
            Column::Words(each(rows, |new, _| new.order_type)),
            Column::Words(each(rows, |new, _| new.time_in_force)),
            Column::OptionalTimes(each(rows, |new, _| new.expires_at)),
            Column::OptionalNumbers(each(rows, |new, change| new.price.and(change.price).or(new.price))),
            Column::OptionalNumbers(each(rows, |new, change| change.trigger.or(new.trigger))),
            Column::OptionalNumbers(each(rows, |new, _| new.display)),
            Column::OptionalNumbers(each(rows, |new, _| new.min_lots)),
            Column::Flags(each(rows, |new, _| new.post_only)),
            Column::OptionalUuids(each(rows, |new, _| new.linked_to)),
            Column::Numbers(each(rows, |new, change| change.lots.unwrap_or(new.lots) - change.less)),
            Column::Times(each(rows, |new, _| new.created_at)),
            Column::Numbers(each(rows, |_, change| change.filled)),
            Column::Numbers(each(rows, |_, change| change.open)),
            Column::Decimals(each(rows, |_, change| change.turnover)),
            Column::Words(each(rows, |_, change| change.state)),
            Column::OptionalWords(each(rows, |_, change| change.end_reason)),
            Column::Times(each(rows, |_, change| change.at)),
            Column::Numbers(each(rows, |new, _| new.place.entry)),
            Column::Integers(each(rows, |new, _| new.place.position)),
            Column::Numbers(each(rows, |new, _| new.lots)),
            Column::OptionalNumbers(each(rows, |new, _| new.price)),
            Column::OptionalNumbers(each(rows, |new, _| new.trigger)),
        ],
    }
}

/// What some entries have changed of orders that were there before.
pub fn update(changes: &[&Change]) -> Unnest {
    fn each<T>(changes: &[&Change], of: impl Fn(&Change) -> T) -> Vec<T> {
        changes.iter().map(|change| of(change)).collect()
    }
    Unnest {
        before: "UPDATE exchange_order AS o SET lots = coalesce(c.lots, o.lots) - c.less, filled = o.filled + c.filled,
                turnover = o.turnover + c.turnover, open = c.open,
                price = CASE WHEN o.price IS NOT NULL THEN coalesce(c.price, o.price) END,
                trigger_price = coalesce(c.trigger_price, o.trigger_price), state = c.state, end_reason = c.end_reason, updated_at = c.at
            FROM ",
        columns: vec![
            Column::Uuids(each(changes, |change| change.id)),
            Column::OptionalNumbers(each(changes, |change| change.lots)),
            Column::Numbers(each(changes, |change| change.less)),
            Column::Numbers(each(changes, |change| change.filled)),
            Column::Decimals(each(changes, |change| change.turnover)),
            Column::Numbers(each(changes, |change| change.open)),
            Column::OptionalNumbers(each(changes, |change| change.price)),
            Column::OptionalNumbers(each(changes, |change| change.trigger)),
            Column::Words(each(changes, |change| change.state)),
            Column::OptionalWords(each(changes, |change| change.end_reason)),
            Column::Times(each(changes, |change| change.at)),
        ],
        after: " AS c (id, lots, less, filled, turnover, open, price, trigger_price, state, end_reason, at) WHERE o.id = c.id",
    }
}
