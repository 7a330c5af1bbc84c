//! Compares the live orders of the machine itself with those that are kept: this does not rely on how rows are made of events.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::exchange::{Market, OrderReport, OrderState, order_number};
use domain::kernel::{ExchangeOrderId, OrganisationId};
use futures::TryStreamExt;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::Trouble;
use crate::db::Connection;
use crate::schema::exchange_order;

#[derive(Debug, Queryable)]
struct Live {
    id: Uuid,
    company: Uuid,
    instrument: Uuid,
    filled: i64,
    open: i64,
    turnover: Decimal,
}

/// Says how many live orders there are if the machine has the same ones.
pub async fn check(market: &Market, stream: Uuid, kept: &mut Connection) -> Result<u64, Trouble> {
    let live = exchange_order::table
        .filter(exchange_order::stream_id.eq(stream).and(exchange_order::state.eq("live")))
        .order(exchange_order::id)
        .select((
            exchange_order::id,
            exchange_order::organisation_id,
            exchange_order::instrument_id,
            exchange_order::filled,
            exchange_order::open,
            exchange_order::turnover,
        ));
    let mut rows = live.load_stream::<Live>(kept).await?;
    let mut count = 0;
    while let Some(row) = rows.try_next().await? {
        compare(market, stream, &row)?;
        count += 1;
    }
    let known = u64::try_from(market.live_orders()).unwrap_or(u64::MAX);
    if count != known {
        return Err(Trouble::Differs(format!("{count} orders are kept as live, and {known} are by the journal")));
    }
    Ok(count)
}

fn compare(market: &Market, stream: Uuid, row: &Live) -> Result<(), Trouble> {
    let number = order_number(stream, ExchangeOrderId(row.id));
    let report = number.and_then(|number| market.order(OrganisationId(row.company), number)).filter(is_live);
    let Some(report) = report else {
        return Err(Trouble::Differs(format!("order {} is kept as live, and it is not by the journal", row.id)));
    };
    let kept = (row.instrument, i128::from(row.filled), i128::from(row.open), row.turnover.to_string());
    let made = (report.instrument.0, i128::from(report.filled), i128::from(report.open), report.turnover.to_string());
    if kept != made {
        let id = row.id;
        return Err(Trouble::Differs(format!(
            "order {id}: (instrument, filled, open, turnover) is {kept:?}, and {made:?} in the market"
        )));
    }
    Ok(())
}

fn is_live(report: &OrderReport) -> bool {
    matches!(report.state, OrderState::Resting | OrderState::AwaitingTrigger | OrderState::AwaitingClose)
}
