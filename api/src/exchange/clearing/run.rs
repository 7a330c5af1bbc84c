//! When markets are cleared, and what they are told of it.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use domain::exchange::{Command, Market, TradeNumber, Unsettled};
use domain::kernel::InstrumentId;
use infra::Failure;
use infra::exchange::clearing;
use infra::journal::Handle;
use uuid::Uuid;

use super::usecase;
use crate::app::App;
use crate::command::by_service;

/// How many trades one command settles.
const PART: usize = 10_000;

/// How often a market is told again at once, where somebody else has told it a part meanwhile.
const ATTEMPTS: u32 = 3;

/// How long a caller waits until the market knows what was cleared; if it takes longer, the worker tells it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The session that each instrument of a market was in.
type Sessions = HashMap<InstrumentId, u32>;

/// The sessions up to which the markets of this node are cleared. It is only known for as long as they are hosted here: a node that
/// begins to host looks for itself.
#[derive(Default)]
pub struct Looked(Mutex<HashMap<Uuid, Sessions>>);

impl Looked {
    fn is_done(&self, stream: Uuid, sessions: &Sessions) -> bool {
        self.0.lock().is_ok_and(|looked| looked.get(&stream) == Some(sessions))
    }

    fn note(&self, stream: Uuid, sessions: Sessions) {
        if let Ok(mut looked) = self.0.lock() {
            looked.insert(stream, sessions);
        }
    }

    fn forget(&self, stream: Uuid) {
        if let Ok(mut looked) = self.0.lock() {
            looked.remove(&stream);
        }
    }

    fn retain(&self, hosted: &[Handle<Market>]) {
        if let Ok(mut looked) = self.0.lock() {
            looked.retain(|stream, _| hosted.iter().any(|market| market.stream() == *stream));
        }
    }
}

/// The worker: clears the trades of all sessions that have ended in the markets of this node.
pub async fn clear_ended(app: App) -> Result<(), Failure> {
    let markets = app.floor.markets.here();
    app.floor.looked.retain(&markets);
    let mut failed = Ok(());
    for market in markets {
        // One market does not hold up another.
        if let Err(failure) = after_sessions(&app, &market).await {
            failed = Err(failure);
        }
    }
    failed
}

async fn after_sessions(app: &App, market: &Handle<Market>) -> Result<(), Failure> {
    let stream = market.stream();
    let sessions = market.ask(sessions).await?;
    if app.floor.looked.is_done(stream, &sessions) {
        return Ok(());
    }
    // First of all what was cleared before somebody was killed.
    settle(app, market).await?;
    loop {
        let ended = ended(app, market, &sessions).await?;
        let work = async |tx: &mut _, command: &_| usecase::clear(tx, command, stream, &ended).await;
        if ended.is_empty() || by_service(app, work).await?.cleared == 0 {
            break;
        }
        settle(app, market).await?;
    }
    app.floor.looked.note(stream, sessions);
    Ok(())
}

fn sessions(market: &Market) -> Sessions {
    let session = |id| Some((id, market.status(id).ok()?.session));
    market.instruments().filter_map(|(id, _)| session(id)).collect()
}

/// The trades that are not settled and whose session is over.
async fn ended(app: &App, market: &Handle<Market>, sessions: &Sessions) -> Result<Vec<Unsettled>, Failure> {
    let open = unsettled(market).await?;
    if open.is_empty() {
        return Ok(open);
    }
    market.projected().await?;
    let named: Vec<TradeNumber> = open.iter().map(|trade| trade.trade).collect();
    let of = clearing::sessions(&mut *app.pool.get().await?, market.stream(), &named).await?;
    let is_over = |trade: &Unsettled| Some(of.get(&trade.trade)? < sessions.get(&trade.instrument)?);
    Ok(open.into_iter().filter(|trade| is_over(trade).unwrap_or(false)).collect())
}

/// All trades of a market that are not settled.
pub async fn unsettled(market: &Handle<Market>) -> Result<Vec<Unsettled>, Failure> {
    market.ask(|market| market.unsettled().collect()).await
}

/// Tells a market after a call has cleared its trades. The call was done, whatever comes of this.
pub async fn settle_now(app: &App, market: &Handle<Market>) {
    app.floor.looked.forget(market.stream());
    match tokio::time::timeout(PATIENCE, settle(app, market)).await {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => tracing::warn!(stream = %market.stream(), %failure, "cleared trades are to be settled"),
        Err(_) => tracing::warn!(stream = %market.stream(), "cleared trades are to be settled"),
    }
}

/// Tells a market which of its trades are cleared: they do not bind limits, holdings and credit any more.
async fn settle(app: &App, market: &Handle<Market>) -> Result<(), Failure> {
    for _ in 0..ATTEMPTS {
        let open: Vec<TradeNumber> = unsettled(market).await?.into_iter().map(|trade| trade.trade).collect();
        let cleared = clearing::cleared(&mut *app.pool.get().await?, market.stream(), &open).await?;
        let told: Vec<TradeNumber> = open.into_iter().filter(|trade| cleared.contains(trade)).collect();
        let commands: Vec<Command> = told.chunks(PART).map(|part| Command::Settle { trades: part.to_vec() }).collect();
        if commands.is_empty() {
            return Ok(());
        }
        // Refused only if somebody else has settled some of them meanwhile.
        if market.submit(commands, None).await?.outcomes.iter().all(Result::is_ok) {
            return Ok(());
        }
    }
    Err(Failure::Unavailable("the market does not follow its clearing yet".to_owned()))
}
