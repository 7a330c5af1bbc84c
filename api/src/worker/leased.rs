//! Timers that are worked off outside their transaction: leased, and due again if that fails, ever less often.

use chrono::TimeDelta;
use infra::Failure;
use infra::db::tx;
use infra::timer;
use uuid::Uuid;

use crate::app::App;

/// Leases the timer of this kind that became due last and does its work; what the work leaves is cleared or moved by it.
pub async fn work_off_one(
    app: &App,
    kind: &'static str,
    work: impl AsyncFnOnce(Uuid) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let at = app.clock.now();
    let until = |attempts: i32| at + TimeDelta::minutes(2_i64.pow(attempts.clamp(0, 10).unsigned_abs()));
    let leased = tx::transaction(&app.pool, async |tx| timer::lease_due(tx, kind, at, until).await).await?;
    let Some(leased) = leased else { return Ok(()) };
    let Err(failure) = work(leased.subject_id).await else { return Ok(()) };
    tracing::warn!(kind, subject = %leased.subject_id, %failure, "a timer failed");
    metrics::counter!("torg_timer_failures_total", "kind" => kind).increment(1);
    let error = failure.to_string();
    tx::transaction(&app.pool, async |tx| timer::note_error(tx, &leased, &error).await).await
}
