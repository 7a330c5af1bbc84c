//! Keeps a market up to what is decided outside it: who may trade, what is listed by which rules, and which phase the schedule wants.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::exchange::{Answer, Command, GroupId, Market, Phase, Rejection};
use domain::kernel::{InstrumentId, OrganisationId};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::exchange::instrument::{self, InstrumentRow};
use infra::exchange::schedule::{self, ScheduleRow};
use infra::journal::Handle;
use infra::portal::company::{self, Company};
use infra::timer;
use uuid::Uuid;

use crate::app::App;

/// Brings the market up to what the tables say now.
pub async fn look_after(app: &App, market: &Handle<Market>) -> Result<(), Failure> {
    let portal = market.portal();
    let (traders, instruments) = {
        let mut connection = app.pool.get().await?;
        let traders = company::able(&mut connection, portal, (Capability::Trade, Function::Exchange), None).await?;
        (traders, instrument::all_of_portal(&mut connection, portal).await?)
    };
    let commands = market.ask(move |market| wanted(market, &traders, &instruments)).await?;
    tell(market, commands?).await
}

/// The worker: looks after all markets of this node.
pub async fn look_after_all(app: App) -> Result<(), Failure> {
    for market in app.floor.markets.here() {
        look_after(&app, &market).await?;
        keep_schedules(&app, &market).await?;
    }
    Ok(())
}

async fn tell(market: &Handle<Market>, commands: Vec<Command>) -> Result<(), Failure> {
    if commands.is_empty() {
        return Ok(());
    }
    let done = market.submit(commands, None).await?;
    for rejection in done.outcomes.into_iter().filter_map(Result::<Answer, Rejection>::err) {
        // Somebody else may just have said the same; what is still wanted is said again.
        tracing::info!(stream = %market.stream(), %rejection, "the market does not follow yet");
    }
    Ok(())
}

fn wanted(market: &Market, traders: &[Company], instruments: &[InstrumentRow]) -> Result<Vec<Command>, Failure> {
    let mut commands = wanted_members(market, traders);
    commands.extend(wanted_instruments(market, instruments)?);
    Ok(commands)
}

/// Who is to be admitted, or in another group; who trades again, and who no more.
fn wanted_members(market: &Market, traders: &[Company]) -> Vec<Command> {
    let mut known: HashMap<OrganisationId, _> = market.admitted().map(|one| (one.company, one)).collect();
    let mut commands = Vec::new();
    for trader in traders {
        let (company, group) = (OrganisationId(trader.company), Some(GroupId::from(trader.top)));
        let member = known.remove(&company);
        if member.is_none_or(|member| member.group != group) {
            commands.push(Command::Admit { company, group });
        }
        if member.is_some_and(|member| member.suspended) {
            commands.push(Command::Reinstate { company });
        }
    }
    let mut gone: Vec<_> = known.into_values().filter(|member| !member.suspended).map(|one| one.company).collect();
    gone.sort_unstable();
    commands.extend(gone.into_iter().map(|company| Command::Suspend { company }));
    commands
}

/// What is to be listed, or follows other rules now. Rules change while the instrument is closed; delisted ones are closed.
fn wanted_instruments(market: &Market, instruments: &[InstrumentRow]) -> Result<Vec<Command>, Failure> {
    let known: HashMap<InstrumentId, _> = market.instruments().collect();
    let mut commands = Vec::new();
    for row in instruments {
        let (instrument, rules) = (InstrumentId(row.id), row.rules()?);
        let phase = market.status(instrument).map_or(Phase::Closed, |status| status.phase);
        match known.get(&instrument) {
            None if row.delisted_at.is_none() => {
                let reference = row.reference_price.map(|price| rules.ticks(price)).transpose();
                let reference = reference.map_err(|rejection| Failure::broken(rejection.to_string()))?;
                commands.push(Command::List { instrument, rules, reference });
            }
            Some(_) if row.delisted_at.is_some() && phase != Phase::Closed => {
                commands.push(Command::ChangePhase { instrument, to: Phase::Closed });
            }
            Some(&listed) if *listed != rules && phase == Phase::Closed => {
                commands.push(Command::ChangeRules { instrument, rules });
            }
            _ => {}
        }
    }
    Ok(commands)
}

/// The timer of the next change of phase that an instrument's schedule asks for. Only the host of its market works it off.
pub const STEP: &str = "instrument.phase";

/// Changes the phases that are due, and sets when to look again.
async fn keep_schedules(app: &App, market: &Handle<Market>) -> Result<(), Failure> {
    let mut connection = app.pool.get().await?;
    let instruments = instrument::all_of_portal(&mut connection, market.portal()).await?;
    let by_schedule = |row: &InstrumentRow| Some((InstrumentId(row.id), row.schedule_id?));
    let traded: Vec<_> = instruments.iter().filter(|row| row.delisted_at.is_none()).filter_map(by_schedule).collect();
    if traded.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = traded.iter().map(|(instrument, _)| instrument.0).collect();
    let due: HashMap<_, _> = timer::of_subjects(&mut connection, STEP, &ids).await?.into_iter().collect();
    let rows = schedule::all_of_portal(&mut connection, market.portal()).await?;
    let schedules: HashMap<Uuid, &ScheduleRow> = rows.iter().map(|row| (row.id, row)).collect();
    let now = app.clock.now();
    for (instrument, id) in traded {
        let Some(row) = schedules.get(&id) else { continue };
        let schedule = row.schedule()?;
        let known = due.get(&instrument.0).copied();
        if let Some(since) = known.filter(|due| *due <= now) {
            let since = since - TimeDelta::microseconds(1);
            let phase = market.ask(move |market| market.status(instrument).map(|status| status.phase)).await?;
            let steps = phase.map(|phase| schedule.catch_up(phase, since, now)).unwrap_or_default();
            tell(market, steps.into_iter().map(|to| Command::ChangePhase { instrument, to }).collect()).await?;
        }
        let next = schedule.next_step_after(now).map(|due| due.at);
        if let Some(next) = next.filter(|next| known != Some(*next)) {
            timer::set(&connection, STEP, instrument.0, next).await?;
        }
    }
    Ok(())
}
