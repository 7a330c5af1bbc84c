//! What is removed again of imports: their files as soon as they are of no use, jobs and what they refused after some months.

use chrono::TimeDelta;
use infra::Failure;
use infra::catalogue::import::{file, job};
use infra::db::tx;
use uuid::Uuid;

use crate::app::App;

/// How long a file waits for the rest of its request.
const PATIENCE: TimeDelta = TimeDelta::hours(1);

/// How long a job can be read when it is over.
const JOB_LIFE: TimeDelta = TimeDelta::days(90);

/// Notes a file that is about to be stored. Unless a job takes it in time, it is removed.
pub async fn expect(app: &App, id: Uuid) -> Result<(), Failure> {
    let remove_at = app.clock.now() + PATIENCE;
    tx::transaction(&app.pool, async |tx| file::leave(tx, id, remove_at).await).await
}

/// Removes a file that no job takes.
pub async fn discard(app: &App, id: Uuid) -> Result<(), Failure> {
    app.files.remove_waiting(id).await?;
    tx::transaction(&app.pool, async |tx| file::unleave(tx, id).await.map(drop)).await
}

/// Removes the files of jobs that are over, and those that no job took.
pub async fn remove(app: App) -> Result<(), Failure> {
    for id in file::left(&mut *app.pool.get().await?, app.clock.now()).await? {
        discard(&app, id).await?;
    }
    loop {
        let left = job::with_file_left(&mut *app.pool.get().await?).await?;
        let Some((id, file)) = left else { return Ok(()) };
        app.files.remove_waiting(file).await?;
        tx::transaction(&app.pool, async |tx| job::file_removed(tx, id).await).await?;
    }
}

/// Forgets jobs that were over long ago, a part of what they refused at a time.
pub async fn forget_old(app: &App) -> Result<(), Failure> {
    let before = app.clock.now() - JOB_LIFE;
    while tx::transaction(&app.pool, async |tx| job::forget_some(tx, before).await).await? {}
    Ok(())
}
