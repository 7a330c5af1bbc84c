//! Works off the files that wait: leased, batch by batch, each batch once.

use chrono::TimeDelta;
use domain::catalogue::import::{ImportKind, JobState, JobStep};
use domain::kernel::{Kind, Refusal};
use infra::Failure;
use infra::catalogue::import::job::{self, JobRow};
use infra::db::tx;

use super::dto::slug;
use super::reading::{Reading, Rows};
use super::{batch, usecase};
use crate::app::App;
use crate::command::{Command, on_behalf};
use crate::http::principal::Principal;

/// Rows in a transaction.
const BATCH: usize = 1000;

/// How long nobody hears from a node before another one goes on. A batch takes less.
const LEASE: TimeDelta = TimeDelta::seconds(6);

/// How often a job that does not get on is taken up.
const MAX_ATTEMPTS: i32 = 10;

/// Works off the file that has waited longest, if there is one.
pub async fn run_next(app: App) -> Result<(), Failure> {
    let at = app.clock.now();
    let leased = tx::transaction(&app.pool, async |tx| job::lease(tx, at, at + LEASE).await).await?;
    let Some(leased) = leased else { return Ok(()) };
    match work(&app, &leased).await {
        Ok(()) => Ok(()),
        Err(Failure::Refused(refusal)) => give_up(&app, &leased, &refusal).await,
        Err(failure) if leased.attempts >= MAX_ATTEMPTS => {
            tracing::error!(import = %leased.id, %failure, "an import was given up");
            give_up(&app, &leased, &Refusal::new(Kind::Internal, "Something went wrong on our side.")).await
        }
        // The lease ends, and somebody goes on.
        Err(failure) => Err(failure),
    }
}

async fn work(app: &App, leased: &JobRow) -> Result<(), Failure> {
    let as_sender = Sender { app, job: leased };
    if JobState::parse(&leased.state)? == JobState::Queued {
        as_sender.step(JobStep::Start, None).await?;
    }
    let reading = Reading::of(&leased.reading)?;
    let (_, content) = app.files.read_waiting(leased.file_id).await?;
    let kind = ImportKind::parse(&leased.kind)?;
    let mut rows = Rows::new(content, &reading, kind, leased.portal_id.is_some())?;
    // What was done before is read again, since a number may come once in a file, but not done again.
    let mut read = 0;
    let mut done = usize::try_from(leased.done).map_err(Failure::broken)?;
    let mapping = rows.mapping.clone();
    loop {
        let size = if read < done { BATCH.min(done - read) } else { BATCH };
        let parsed = rows.batch(size).await?;
        if parsed.is_empty() {
            return as_sender.step(JobStep::Finish, None).await;
        }
        read += parsed.len();
        if read <= done {
            tokio::task::yield_now().await;
            continue;
        }
        let from = i64::try_from(done).map_err(Failure::broken)?;
        let until = app.clock.now() + LEASE;
        let work = async |tx: &mut _, command: &Command| {
            batch::run(tx, command, leased.id, from, &parsed, &mapping, until).await
        };
        if !as_sender.act(work).await? {
            return Ok(());
        }
        done = read;
        if app.stopping.is_cancelled() {
            let at = app.clock.now();
            return tx::transaction(&app.pool, async |tx| job::release(tx, leased.id, at).await).await;
        }
    }
}

async fn give_up(app: &App, leased: &JobRow, refusal: &Refusal) -> Result<(), Failure> {
    Sender { app, job: leased }.step(JobStep::Fail, Some(refusal)).await
}

/// Acts for who sent a file.
struct Sender<'a> {
    app: &'a App,
    job: &'a JobRow,
}

impl Sender<'_> {
    async fn act<T>(
        &self,
        work: impl AsyncFn(&mut infra::db::Connection, &Command) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let by = Principal::on_record(self.job.actor_id, self.app.clock.now());
        on_behalf(self.app, &by, self.job.request_id.as_deref(), work).await
    }

    /// Moves the job on, unless it is over.
    async fn step(&self, step: JobStep, why: Option<&Refusal>) -> Result<(), Failure> {
        self.act(async |tx, command| {
            let Some(held) = job::lock_any(tx, self.job.id).await? else { return Ok(()) };
            if JobState::parse(&held.state)?.is_over() {
                return Ok(());
            }
            let problem = why.map(|refusal| (slug(refusal.kind), refusal.summary()));
            usecase::advance(tx, command, held, step, problem).await.map(drop)
        })
        .await
    }
}
