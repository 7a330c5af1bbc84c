//! Works off the files that wait: leased, batch by batch, each batch once.

use chrono::TimeDelta;
use domain::catalogue::import::{ImportKind, JobState, JobStep, Mapping};
use domain::kernel::refusal::Invalid;
use domain::kernel::{Kind, Refusal, Timestamp};
use infra::Failure;
use infra::catalogue::import::job::{self, JobRow};
use infra::db::tx;

use super::dto::slug;
use super::reading::{Parsed, Reading, Rows, fault};
use super::{batch, usecase};
use crate::app::App;
use crate::command::{Command, on_behalf};
use crate::http::principal::Principal;

/// Rows in a transaction, at most.
const BATCH: usize = 1000;

/// How long nobody hears from a node before another one goes on. A batch takes less.
const LEASE: TimeDelta = TimeDelta::seconds(6);

/// How often a job that does not get on is taken up. Where the store or the database is away it waits twice as long each time, for
/// more than an hour in all.
pub const MAX_ATTEMPTS: i32 = 10;

/// When a job that did not get on is taken up again.
pub fn next_try(at: Timestamp, attempts: i32) -> Timestamp {
    at + LEASE * 2_i32.pow(attempts.clamp(0, MAX_ATTEMPTS).unsigned_abs())
}

/// Works off the file that has waited longest, if there is one.
pub async fn run_next(app: App) -> Result<(), Failure> {
    let at = app.clock.now();
    let leased = tx::transaction(&app.pool, async |tx| job::lease(tx, at, at + LEASE).await).await?;
    let Some(leased) = leased else { return Ok(()) };
    if leased.attempts > MAX_ATTEMPTS {
        // Be it that it failed each time, or that the node ended with it.
        tracing::error!(import = %leased.id, "an import was given up");
        return give_up(&app, &leased, &Refusal::new(Kind::Internal, "Something went wrong on our side.")).await;
    }
    match work(&app, &leased).await {
        Ok(()) => Ok(()),
        Err(Failure::Refused(refusal)) => give_up(&app, &leased, &refusal).await,
        // The lease ends, and somebody goes on.
        Err(failure) if !failure.is_passing() => Err(failure),
        Err(failure) => {
            let until = next_try(app.clock.now(), leased.attempts);
            tx::transaction(&app.pool, async |tx| job::put_off(tx, leased.id, leased.attempts, until).await).await?;
            Err(failure)
        }
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
        let goes_on = match as_sender.batch(done, &parsed, &mapping).await {
            Err(failure) if is_broken(&failure) => as_sender.one_by_one(done, &parsed, &mapping).await?,
            other => other?,
        };
        if !goes_on {
            return Ok(());
        }
        done = read;
        if app.stopping.is_cancelled() {
            let at = app.clock.now();
            return tx::transaction(&app.pool, async |tx| job::put_off(tx, leased.id, 0, at).await).await;
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

    /// Does rows together; false if the job was stopped.
    async fn batch(&self, done: usize, rows: &[Parsed], mapping: &Mapping) -> Result<bool, Failure> {
        let from = i64::try_from(done).map_err(Failure::broken)?;
        let until = self.app.clock.now() + LEASE;
        self.act(async |tx, command| batch::run(tx, command, self.job.id, from, rows, mapping, until).await).await
    }

    /// Does rows one after the other that cannot be done together, so that the one which cannot be kept is refused and no other.
    async fn one_by_one(&self, done: usize, rows: &[Parsed], mapping: &Mapping) -> Result<bool, Failure> {
        for (done, row) in (done..).zip(rows) {
            let goes_on = match self.batch(done, std::slice::from_ref(row), mapping).await {
                Err(failure) if is_broken(&failure) => {
                    tracing::error!(import = %self.job.id, row = row.number, %failure, "a row cannot be kept");
                    let why = fault(String::new(), Invalid::new("not_kept", "The row cannot be kept."));
                    let refused = Parsed { number: row.number, sku: row.sku.clone(), row: Err(vec![why]) };
                    self.batch(done, &[refused], mapping).await?
                }
                other => other?,
            };
            if !goes_on {
                return Ok(false);
            }
        }
        Ok(true)
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

/// Neither a rule says no, nor would the same pass later.
fn is_broken(failure: &Failure) -> bool {
    !matches!(failure, Failure::Refused(_)) && !failure.is_passing()
}
