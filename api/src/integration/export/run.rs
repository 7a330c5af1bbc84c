//! Works off the exports that wait: leased, part by part, each part once.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::catalogue::import::{JobState, JobStep};
use domain::integration::export::Section;
use domain::kernel::{Kind, OrganisationId, Refusal, Timestamp};
use infra::Failure;
use infra::catalogue::import::file as file_store;
use infra::db::{Connection, tx};
use infra::integration::export::job::{self, JobRow};
use infra::integration::export::owned;
use infra::integration::export::part::{self, PartRow};

use super::cursor::Cursor;
use super::part::Part;
use super::read::Reader;
use super::{rights, usecase};
use crate::app::App;
use crate::auth::principals;
use crate::catalogue::import::dto::slug;
use crate::catalogue::import::file;
use crate::catalogue::import::run::{MAX_ATTEMPTS, next_try};
use crate::clock::new_id;
use crate::command::{Command, on_behalf};
use crate::http::principal::Principal;

/// How long nobody hears from a node before another one goes on. A part takes less.
const LEASE: TimeDelta = TimeDelta::seconds(6);

/// The same while all that there is to write is counted, which takes longer the more that is.
const COUNTING: TimeDelta = TimeDelta::seconds(60);

/// How long an export is written before it is another one's turn.
const TURN: Duration = Duration::from_secs(5);

/// Works on the export that has waited longest, if there is one, until it is another one's turn.
pub async fn run_next(app: App) -> Result<(), Failure> {
    run_turn(app, TURN).await
}

/// [`run_next`] with a turn of this length; a part is written in each.
pub async fn run_turn(app: App, turn: Duration) -> Result<(), Failure> {
    let at = app.clock.now();
    let leased = tx::transaction(&app.pool, async |tx| job::lease(tx, at, at + LEASE).await).await?;
    let Some(leased) = leased else { return Ok(()) };
    let writer = Writer { app: &app, job: &leased };
    if leased.attempts > MAX_ATTEMPTS {
        tracing::error!(export = %leased.id, "an export was given up");
        let refusal = Refusal::new(Kind::Internal, "Something went wrong on our side.");
        return writer.step(JobStep::Fail, None, Some(&refusal)).await;
    }
    match writer.work(turn).await {
        Ok(()) => Ok(()),
        Err(Failure::Refused(refusal)) => writer.step(JobStep::Fail, None, Some(&refusal)).await,
        // The lease ends, and somebody goes on.
        Err(failure) if !failure.is_passing() => Err(failure),
        Err(failure) => {
            let until = next_try(app.clock.now(), leased.attempts);
            writer.put_off(leased.attempts, until).await?;
            Err(failure)
        }
    }
}

/// Acts for who asked for an export.
struct Writer<'a> {
    app: &'a App,
    job: &'a JobRow,
}

impl Writer<'_> {
    async fn work(&self, turn: Duration) -> Result<(), Failure> {
        let (app, own, begun) = (self.app, OrganisationId(self.job.organisation_id), Instant::now());
        if JobState::parse(&self.job.state)? == JobState::Queued {
            self.put_off(self.job.attempts, app.clock.now() + COUNTING).await?;
            let total = self.total(own).await?;
            self.step(JobStep::Start, Some(total), None).await?;
        }
        let mut connection = app.pool.get().await?;
        let written = part::of_export(&mut connection, self.job.id).await?.len();
        drop(connection);
        let mut cursor = Cursor::of(&self.job.position)?;
        for number in written.. {
            let by = self.asker(own).await?;
            let reader = Reader { app, by: &by, own, left_out: &self.job.left_out, at: app.clock.now() };
            let (part, next) = reader.gather(cursor).await?;
            if !self.keep(number, part, cursor, next).await? {
                return Ok(());
            }
            let Some(next) = next else { return Ok(()) };
            cursor = next;
            if app.stopping.is_cancelled() || begun.elapsed() >= turn {
                return self.put_off(0, app.clock.now()).await;
            }
        }
        Ok(())
    }

    async fn put_off(&self, attempts: i32, until: Timestamp) -> Result<(), Failure> {
        tx::transaction(&self.app.pool, async |tx| job::put_off(tx, self.job.id, attempts, until).await).await
    }

    /// Who asked for it, with the rights of now; they may be less than when it was asked for.
    async fn asker(&self, own: OrganisationId) -> Result<Principal, Failure> {
        let mut connection = self.app.pool.get().await?;
        let found = match self.job.actor_id {
            Some(actor) => principals::of_actor(&mut connection, own.0, actor, self.app.clock.now()).await?,
            None => None,
        };
        let gone = || Refusal::forbidden("Who asked for the export acts for the organisation no more.");
        let by = found.ok_or_else(gone)?;
        by.require(rights::EXPORT)?;
        Ok(by)
    }

    /// How many things there are to look at. Events are added as they are read: to count them takes as long.
    async fn total(&self, own: OrganisationId) -> Result<i64, Failure> {
        let by = self.asker(own).await?;
        let mut connection = self.app.pool.get().await?;
        let mut total = 0;
        for section in Section::ALL {
            if rights::reads(&by, &self.job.left_out, *section) {
                total += owned::count(&mut connection, own, *section).await?;
            }
        }
        Ok(total)
    }

    /// Stores a part and notes how far the job is; false if it was removed, or somebody else has gone on with it.
    async fn keep(&self, number: usize, part: Part, from: Cursor, next: Option<Cursor>) -> Result<bool, Failure> {
        let (seen, lines, plain) = (part.seen, part.lines, part.plain);
        let packed = part.packed()?;
        let row = PartRow {
            export_id: self.job.id,
            number: i32::try_from(number).map_err(Failure::broken)?,
            file_id: new_id(self.app.clock.now()),
            packed: i64::try_from(packed.len()).map_err(Failure::broken)?,
            plain: i64::try_from(plain).map_err(Failure::broken)?,
        };
        file::expect(self.app, row.file_id).await?;
        let mut upload = self.app.files.begin(row.file_id);
        upload.put(packed.into()).await?;
        upload.wait(row.file_id).await?;
        let until = self.app.clock.now() + LEASE;
        let kept = self.act(async |tx, command| {
            let Some(mut held) = job::lock_any(tx, self.job.id).await? else { return Ok(false) };
            if JobState::parse(&held.state)? != JobState::Running || held.position != from.kept() {
                return Ok(false);
            }
            if !file_store::unleave(tx, row.file_id).await? {
                return Err(Failure::Unavailable("the part was stored too slowly".to_owned()));
            }
            part::insert(tx, &row).await?;
            held.done += seen;
            held.total = held.total.max(held.done);
            held.lines += lines;
            held.version += 1;
            (held.leased_until, held.attempts) = (until, 0);
            let Some(next) = next else {
                return usecase::advance(tx, command, held, JobStep::Finish, None).await.map(|()| true);
            };
            held.position = next.kept();
            job::update(tx, &held).await?;
            Ok(true)
        });
        let kept = kept.await?;
        if !kept {
            file::discard(self.app, row.file_id).await?;
        }
        Ok(kept)
    }

    async fn act<T>(&self, work: impl AsyncFn(&mut Connection, &Command) -> Result<T, Failure>) -> Result<T, Failure> {
        let by = Principal::on_record(self.job.actor_id, self.app.clock.now());
        on_behalf(self.app, &by, self.job.request_id.as_deref(), work).await
    }

    /// Moves the job on, unless it is over; `total` where that is known now, `why` it fails.
    async fn step(&self, step: JobStep, total: Option<i64>, why: Option<&Refusal>) -> Result<(), Failure> {
        self.act(async |tx, command| {
            let Some(mut held) = job::lock_any(tx, self.job.id).await? else { return Ok(()) };
            let state = JobState::parse(&held.state)?;
            // Two nodes may begin where one was slow: who stores the next part goes on.
            if state.is_over() || (state == JobState::Running && step == JobStep::Start) {
                return Ok(());
            }
            if step == JobStep::Start {
                held.leased_until = command.at + LEASE;
            }
            held.total = total.unwrap_or(held.total);
            let problem = why.map(|refusal| (slug(refusal.kind), refusal.summary()));
            usecase::advance(tx, command, held, step, problem).await
        })
        .await
    }
}
