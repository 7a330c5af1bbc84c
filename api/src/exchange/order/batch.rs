//! Many orders in one call: one entry of the journal, a result for each.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::exchange::{Answer as MarketAnswer, Command, Market};
use domain::kernel::{Findings, InstrumentId, OrganisationId, PortalId, Refusal};
use infra::Failure;
use uuid::Uuid;

use super::dto::{BatchEntry, BatchItem, BatchResult, OrderBatch};
use super::report::{self, Fills};
use super::usecase;
use crate::app::App;
use crate::exchange::floor::{self, Done, Listed};
use crate::exchange::{access, rights};
use crate::hosting::act::act;
use crate::http::answer::Answer;
use crate::http::body::Quick;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::{Problem, Reply};

/// What is known of an order before the market is asked.
#[derive(Clone)]
enum Item {
    /// It is the next of the commands.
    Asked(Arc<Listed>),
    Refused(Refusal),
}

pub async fn place(app: &App, call: &Call, by: &Principal, body: &Quick<OrderBatch>) -> Reply {
    let batch = &body.data;
    let company = by.require(rights::TRADE)?;
    let instruments = instruments(app, by, batch).await?;
    let streams: Vec<Uuid> = instruments.values().flatten().map(|listed| listed.stream).collect();
    if streams.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(Refusal::fault("/orders", "several_portals", "The instruments are not all of one portal.").into());
    }
    let (mut items, mut commands) = (Vec::new(), Vec::new());
    for entry in &batch.orders {
        match command(app, company, &instruments, entry) {
            Ok((listed, command)) => {
                items.push(Item::Asked(listed));
                commands.push(command);
            }
            Err(refusal) => items.push(Item::Refused(refusal)),
        }
    }
    if commands.len() < items.len() {
        body.judged(app)?;
    }
    let (path, id) = (call.path().to_owned(), call.request_id());
    let render = move |done: &Done| Ok(Answer::ok(BatchResult { results: results(&items, done, (&path, &id)) }));
    match streams.first() {
        Some(&stream) => act::<Market, _>(app, call, by, stream, commands, render).await,
        None => {
            let nothing = Done { at: app.clock.now(), outcomes: Vec::new(), events: Vec::new() };
            Ok(crate::http::answer::changed(&crate::command::keepable(render(&nothing)?, by)?, false))
        }
    }
}

/// The instruments of the batch that the caller may know of.
async fn instruments(
    app: &App,
    by: &Principal,
    batch: &OrderBatch,
) -> Result<HashMap<Uuid, Option<Arc<Listed>>>, Failure> {
    let named: BTreeSet<Uuid> = batch.orders.iter().map(|entry| entry.instrument_id).collect();
    let mut found = HashMap::new();
    for id in named {
        found.insert(id, known(floor::listed(app, InstrumentId(id)).await)?);
    }
    let portals: BTreeSet<PortalId> = found.values().flatten().map(|listed| listed.portal).collect();
    let mut connection = app.pool.get().await?;
    for portal in portals {
        let seen = known(access::seen_of(&mut connection, Some(by), portal.0, floor::unknown).await)?;
        if seen.is_none() {
            let hidden = |listed: &Arc<Listed>| listed.portal == portal;
            found.values_mut().filter(|one| one.as_ref().is_some_and(hidden)).for_each(|one| *one = None);
        }
    }
    Ok(found)
}

/// Nothing where a refusal says that there is nothing.
fn known<T>(looked: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match looked {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Refused(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn command(
    app: &App,
    company: OrganisationId,
    instruments: &HashMap<Uuid, Option<Arc<Listed>>>,
    entry: &BatchEntry,
) -> Result<(Arc<Listed>, Command), Refusal> {
    let listed = instruments.get(&entry.instrument_id).cloned().flatten().ok_or_else(floor::unknown)?;
    let mut findings = Findings::default();
    let order = usecase::read(app, &listed, &entry.order, "/order", &mut findings);
    findings.result()?;
    let order = order.ok_or_else(|| Refusal::fault("/order", "invalid", "The order cannot be read."))?;
    let instrument = listed.id;
    Ok((listed, Command::Place { company, instrument, order }))
}

fn results(items: &[Item], done: &Done, (path, request_id): (&str, &str)) -> Vec<BatchItem> {
    let refused = |refusal: Refusal| {
        let problem = Problem::from(refusal).document(path, request_id);
        BatchItem { status: problem.status, order: None, problem: Some(problem) }
    };
    let fills = Fills::of(&done.events);
    let mut outcomes = done.outcomes.iter();
    let result = |item: &Item| match item {
        Item::Refused(refusal) => refused(refusal.clone()),
        Item::Asked(listed) => match outcomes.next() {
            Some(Ok(MarketAnswer::Order(placed))) => {
                let status = if placed.replayed { 200 } else { 201 };
                BatchItem { status, order: Some(report::of(placed, listed, &fills)), problem: None }
            }
            Some(Err(rejection)) => refused((*rejection).into()),
            _ => refused(usecase::unknown()),
        },
    };
    items.iter().map(result).collect()
}
