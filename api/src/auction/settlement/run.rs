//! When lots that have closed are settled.

use std::cell::Cell;
use std::time::{Duration, Instant};

use infra::Failure;
use infra::auction::outcome;
use uuid::Uuid;

use super::usecase;
use crate::app::App;
use crate::command::by_service;

/// How long a backlog is worked off before a rest.
const STRETCH: Duration = Duration::from_millis(200);

/// The worker: settles lots that have closed, auction by auction. One whose settlement fails does not hold up the others; it is tried again
/// the next time.
pub async fn settle_closed(app: App) -> Result<(), Failure> {
    let begun = Instant::now();
    let mut failed: Vec<Uuid> = Vec::new();
    while begun.elapsed() < STRETCH && settle_some(&app, &mut failed).await? {}
    Ok(())
}

/// Settles some lots of one auction; false where none is left.
async fn settle_some(app: &App, failed: &mut Vec<Uuid>) -> Result<bool, Failure> {
    let taken = Cell::new(None);
    let left = failed.clone();
    let outcome = by_service(app, async |tx, command| {
        let Some(auction) = outcome::take_closed(tx, &left).await? else { return Ok(false) };
        taken.set(Some(auction.id));
        usecase::settle(tx, command, app, &auction).await?;
        Ok(true)
    })
    .await;
    let (Err(failure), Some(auction)) = (&outcome, taken.get()) else { return outcome };
    tracing::error!(%auction, %failure, "lots of an auction are not settled");
    failed.push(auction);
    Ok(true)
}
