//! Prints and publishes issued invoices: one at a time with a pause, so that a backlog of thousands holds up neither the requests
//! nor the other timers.

use chrono::TimeDelta;
use infra::Failure;
use infra::db::tx;
use infra::timer;

use crate::app::App;
use crate::billing::publication;
use crate::billing::usecase::PUBLICATION;

/// Leases the invoice that is to be published next and publishes it. One that fails is tried again, ever less often.
pub async fn publish_next(app: App) -> Result<(), Failure> {
    let at = app.clock.now();
    let until = |attempts: i32| at + TimeDelta::minutes(2_i64.pow(attempts.clamp(0, 10).unsigned_abs()));
    let leased = tx::transaction(&app.pool, async |tx| timer::lease_due(tx, PUBLICATION, at, until).await).await?;
    let Some(leased) = leased else { return Ok(()) };
    let Err(failure) = publication::publish(&app, leased.subject_id.into()).await else { return Ok(()) };
    tracing::warn!(kind = leased.kind, subject = %leased.subject_id, %failure, "a timer failed");
    metrics::counter!("torg_timer_failures_total", "kind" => PUBLICATION).increment(1);
    let error = failure.to_string();
    tx::transaction(&app.pool, async |tx| timer::note_error(tx, &leased, &error).await).await
}
