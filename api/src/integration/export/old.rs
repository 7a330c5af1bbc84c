//! What is removed again of exports: all of them some days after they are over.

use chrono::TimeDelta;
use infra::Failure;
use infra::db::tx;
use infra::integration::export::{job, part};

use crate::app::App;

/// How long an export can be read when it is over.
pub const LIFE: TimeDelta = TimeDelta::days(7);

/// Removes exports that have expired. Their files go by the worker that removes files without a job.
pub async fn forget(app: &App) -> Result<(), Failure> {
    let at = app.clock.now();
    for id in job::over_before(&mut *app.pool.get().await?, at - LIFE).await? {
        tx::transaction(&app.pool, async |tx| {
            part::leave_all(tx, id, at).await?;
            job::delete(tx, id).await
        })
        .await?;
    }
    Ok(())
}
