//! What the orders of a call are, and what the tables say of those that were placed.

use domain::exchange::{Amendment, Command, Market, NewOrder, OrderNumber, order_number};
use domain::kernel::{ExchangeOrderId, Findings, InstrumentId, Kind, OrganisationId, Refusal};
use domain::portal::Capability;
use infra::Failure;
use infra::db::page::{List, Page};
use infra::exchange::order::{self, Filter};
use uuid::Uuid;

use super::dto::{NewExchangeOrder, OrderAmendment, OrderDto, OrderQuery, StepDto};
use super::report;
use crate::app::App;
use crate::clock::new_id;
use crate::exchange::floor::{self, Listed};
use crate::exchange::{access, rights};
use crate::hosting;
use crate::http::principal::Principal;
use crate::portal::access::may;

pub fn unknown() -> Refusal {
    Refusal::not_found("order")
}

/// The order as the market takes it, with all faults at once.
pub fn read(
    app: &App,
    listed: &Listed,
    data: &NewExchangeOrder,
    pointer: &str,
    findings: &mut Findings,
) -> Option<NewOrder> {
    let linked = data.linked_to.map(|id| order_number(listed.stream, ExchangeOrderId(id)));
    if linked == Some(None) {
        let detail = "There is no such live order of yours in the instrument.";
        findings.add(Kind::InvalidInput, format!("{pointer}/linked_to"), "cannot_link", detail);
    }
    data.input(|| new_id(app.clock.now()), linked.flatten()).check(listed.counted(), pointer, findings)
}

pub fn place(app: &App, company: OrganisationId, listed: &Listed, data: &NewExchangeOrder) -> Result<Command, Refusal> {
    let mut findings = Findings::default();
    let order = read(app, listed, data, "", &mut findings);
    findings.result()?;
    let order = order.ok_or_else(|| Refusal::fault("", "invalid", "The order cannot be read."))?;
    Ok(Command::Place { company, instrument: listed.id, order })
}

pub fn amendment(listed: &Listed, data: &OrderAmendment) -> Result<Amendment, Refusal> {
    let mut findings = Findings::default();
    let change = data.input().check(listed.counted(), "", &mut findings);
    findings.result()?;
    change.ok_or_else(|| Refusal::fault("", "invalid", "The change cannot be read."))
}

/// The market of an order, and the order's number there.
pub async fn named(app: &App, id: ExchangeOrderId) -> Result<(Uuid, OrderNumber), Failure> {
    let stream = floor::stream_of_order(app, id).await?.ok_or_else(unknown)?;
    Ok((stream, order_number(stream, id).ok_or_else(unknown)?))
}

/// A refusal about an instrument, for a caller that may know of it; whoever does not see the portal learns nothing.
pub async fn hidden(app: &App, by: &Principal, listed: &Listed, refusal: Refusal) -> Result<Refusal, Failure> {
    let mut connection = app.pool.get().await?;
    let seen = access::seen_of(&mut connection, Some(by), listed.portal.0, floor::unknown).await?;
    let missing = matches!(refusal.kind, Kind::CapabilityMissing | Kind::Suspended);
    Ok(may(&seen, Capability::Trade).err().filter(|_| missing).unwrap_or(refusal))
}

pub async fn list(app: &App, by: &Principal, query: &OrderQuery, page: &Page) -> Result<List<OrderDto>, Failure> {
    let company = by.require(rights::READ)?;
    let filter = Filter {
        instrument: query.instrument_id.map(InstrumentId),
        state: query.state.as_deref(),
        client_order_id: query.client_order_id.as_deref(),
    };
    match query.instrument_id {
        Some(instrument) => {
            hosting::caught_up::<Market>(app, floor::listed(app, InstrumentId(instrument)).await?.stream).await?
        }
        None => hosting::all_caught_up::<Market>(app).await?,
    }
    let rows = order::of_organisation(&mut *app.pool.get().await?, company, &filter, page).await?;
    let found = page.cut_by_id(rows, |row| row.id);
    let instruments = floor::listed_of(app, found.items.iter().map(|row| row.instrument_id)).await?;
    let shown = |row: infra::exchange::order::OrderRow| {
        let listed = instruments.get(&row.instrument_id).cloned();
        listed.map(|listed| report::order(row, &listed))
    };
    Ok(List { items: found.items.into_iter().filter_map(shown).collect(), next: found.next })
}

pub async fn find(app: &App, by: &Principal, id: ExchangeOrderId) -> Result<OrderDto, Failure> {
    let company = by.require(rights::READ)?;
    hosting::caught_up::<Market>(app, named(app, id).await?.0).await?;
    let row = order::one(&mut *app.pool.get().await?, company, id).await?.ok_or_else(unknown)?;
    let listed = floor::listed(app, InstrumentId(row.instrument_id)).await?;
    Ok(report::order(row, &listed))
}

pub async fn steps(app: &App, by: &Principal, id: ExchangeOrderId) -> Result<Vec<StepDto>, Failure> {
    let company = by.require(rights::READ)?;
    hosting::caught_up::<Market>(app, named(app, id).await?.0).await?;
    let mut connection = app.pool.get().await?;
    let row = order::one(&mut connection, company, id).await?.ok_or_else(unknown)?;
    let rows = order::steps(&mut connection, company, id).await?;
    drop(connection);
    let listed = floor::listed(app, InstrumentId(row.instrument_id)).await?;
    Ok(rows.into_iter().map(|row| report::step(row, &listed)).collect())
}
