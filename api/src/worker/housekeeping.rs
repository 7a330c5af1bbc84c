//! What keeps the node in order.

use chrono::TimeDelta;
use infra::db::{clock, tx};
use infra::integration::punchout;
use infra::integration::webhook::{delivery, endpoint};
use infra::{Failure, idempotency, timer};

use crate::app::App;
use crate::catalogue::import::file;
use crate::catalogue::price_list::upload;
use crate::integration::export::old;
use crate::integration::webhook::replay;

/// Idempotency keys are good for at least a day; forgetting them a little later leaves room for clocks and pauses.
const KEY_LIFE: TimeDelta = TimeDelta::hours(26);

/// Ended visits of procurement systems are told of as ended for so long; then they are not known any more.
const VISIT_LIFE: TimeDelta = TimeDelta::days(7);

/// What somebody should know of: a clock was set, or is wrong.
const FAR_APART: TimeDelta = TimeDelta::seconds(1);

/// Prices that were sent and not put in force after so long are those of a request that was broken off.
const UPLOAD_LIFE: TimeDelta = TimeDelta::hours(3);

pub async fn read_clock(app: App) -> Result<(), Failure> {
    let mut connection = app.pool.get().await?;
    let ahead = app.clock.follow(clock::now(&mut connection).await?);
    if ahead.abs() > FAR_APART {
        tracing::warn!(
            seconds = ahead.num_seconds(),
            "the database's clock is far from this node's, which follows it slowly"
        );
    }
    let (size, free, waiting) = app.pool.status();
    for (state, count) in [("open", size), ("free", free), ("waiting", waiting)] {
        metrics::gauge!("torg_worker_pool_connections", "state" => state).set(u32::try_from(count).unwrap_or(u32::MAX));
    }
    Ok(())
}

/// How far the timers are behind. Those of other nodes count as well: the gauge is of the database.
pub async fn watch_timers(app: App) -> Result<(), Failure> {
    let at = app.clock.now();
    let (due, oldest) = timer::backlog(&mut *app.pool.get().await?, at).await?;
    metrics::gauge!("torg_timers_due").set(u32::try_from(due).unwrap_or(u32::MAX));
    let lag = oldest.map_or(0, |oldest| (at - oldest).num_seconds());
    metrics::gauge!("torg_timer_lag_seconds").set(u32::try_from(lag).unwrap_or(u32::MAX));
    Ok(())
}

/// What was sent to webhooks is kept for as long as it can be sent again.
async fn forget_deliveries(app: &App) -> Result<(), Failure> {
    let before = app.clock.now() - replay::LONGEST;
    while tx::transaction(&app.pool, async |tx| delivery::forget(tx, before).await).await? {}
    tx::transaction(&app.pool, async |tx| endpoint::forget(tx, before).await).await
}

pub async fn refresh_keys(app: App) -> Result<(), Failure> {
    let at = app.clock.now();
    tx::transaction(&app.pool, async |tx| app.keys.refresh(tx, &app.secret, at).await).await
}

pub async fn forget_old(app: App) -> Result<(), Failure> {
    app.limits.tidy();
    let now = app.clock.now();
    tx::transaction(&app.pool, async |tx| {
        idempotency::forget(tx, now - KEY_LIFE).await?;
        punchout::forget(tx, now - VISIT_LIFE).await
    })
    .await?;
    upload::forget_abandoned(&app, app.clock.now() - UPLOAD_LIFE).await?;
    old::forget(&app).await?;
    forget_deliveries(&app).await?;
    file::forget_old(&app).await
}
