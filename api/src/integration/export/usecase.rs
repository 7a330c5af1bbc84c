//! What is done with exports.

use domain::catalogue::import::{JobState, JobStep};
use domain::integration::export::Section;
use domain::kernel::{ExportId, Kind, Refusal};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::event;
use infra::integration::export::job::{self, JobRow};
use infra::integration::export::part::{self, PartRow};
use serde_json::json;

use super::cursor::Cursor;
use super::dto::ExportDto;
use super::rights;
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::Principal;

/// How many exports of an organisation may wait or run. One is written at a time, in turns with those of others.
const MAX_WAITING: i64 = 5;

/// How many there may be, over or not: each is a copy of everything.
const MAX_KEPT: i64 = 20;

fn unknown() -> Refusal {
    Refusal::not_found("export")
}

/// Takes an export on.
pub async fn create(tx: &mut Connection, command: &Command) -> Result<Answer<ExportDto>, Failure> {
    let own = command.by.require(rights::EXPORT)?;
    if job::waiting(tx, own).await? >= MAX_WAITING {
        return Err(Refusal::new(Kind::TooManyJobs, "Too many of your exports wait.").into());
    }
    if job::kept(tx, own).await? >= MAX_KEPT {
        return Err(Refusal::new(Kind::TooManyJobs, "Too many of your exports are kept. Remove some.").into());
    }
    let until = event::end(tx).await?.tx;
    let left_out = Section::ALL.iter().filter(|section| command.by.require(rights::of(**section)).is_err());
    let row = JobRow {
        id: command.id::<ExportId>().0,
        organisation_id: own.0,
        actor_id: command.by.actor_id(),
        request_id: command.request_id().map(str::to_owned),
        state: JobState::Queued.code().to_owned(),
        problem: None,
        detail: None,
        left_out: left_out.map(|section| section.code().to_owned()).collect(),
        total: 0,
        done: 0,
        lines: 0,
        position: Cursor::at(Section::Organisation, until).kept(),
        version: 1,
        created_at: command.at,
        started_at: None,
        finished_at: None,
        leased_until: command.at,
        attempts: 0,
    };
    job::insert(tx, &row).await?;
    tell(command, "export.queued", &row);
    Ok(Answer::accepted(format!("/v1/exports/{}", row.id), ExportDto::of(&row)?).version(1))
}

pub async fn find(connection: &mut Connection, by: &Principal, id: ExportId) -> Result<(ExportDto, i64), Failure> {
    let job = own(connection, by, id).await?;
    Ok((ExportDto::of(&job)?, job.version))
}

async fn own(connection: &mut Connection, by: &Principal, id: ExportId) -> Result<JobRow, Failure> {
    let member = by.member()?.id;
    let found = job::find(connection, member, id).await?.ok_or_else(unknown)?;
    by.require(rights::EXPORT)?;
    Ok(found)
}

pub async fn list(connection: &mut Connection, by: &Principal, page: &Page) -> Result<List<ExportDto>, Failure> {
    let own = by.require(rights::EXPORT)?;
    let found = job::list(connection, own, page).await?;
    let items: Result<Vec<_>, _> = found.items.iter().map(ExportDto::of).collect();
    Ok(List { items: items?, next: found.next })
}

/// The parts of a finished export, for who may read all that is in it: a machine reads none that somebody with wider rights has had written.
pub async fn parts(connection: &mut Connection, by: &Principal, id: ExportId) -> Result<Vec<PartRow>, Failure> {
    let job = own(connection, by, id).await?;
    for section in Section::ALL.iter().filter(|section| !job.left_out.iter().any(|code| code == section.code())) {
        by.require(rights::of(*section))?;
    }
    if JobState::parse(&job.state)? != JobState::Finished {
        return Err(Refusal::wrong_state("export", &job.state, "downloaded").into());
    }
    part::of_export(connection, job.id).await
}

/// Stops an export that is not over, and removes it with its file.
pub async fn remove(tx: &mut Connection, command: &Command, id: ExportId) -> Result<Answer<()>, Failure> {
    let own = command.by.member()?.id;
    let held = job::lock(tx, own, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::EXPORT)?;
    part::leave_all(tx, held.id, command.at).await?;
    job::delete(tx, held.id).await?;
    tell(command, "export.removed", &held);
    Ok(Answer::no_content())
}

/// Moves a job that is held on; `why` it fails, if it does.
pub async fn advance(
    tx: &mut Connection,
    command: &Command,
    mut held: JobRow,
    step: JobStep,
    why: Option<(&'static str, String)>,
) -> Result<(), Failure> {
    let state = JobState::parse(&held.state)?.after(step)?;
    held.state = state.code().to_owned();
    held.version += 1;
    held.started_at = held.started_at.or((step == JobStep::Start).then_some(command.at));
    held.finished_at = state.is_over().then_some(command.at);
    (held.problem, held.detail) = why.map(|(problem, detail)| (problem.to_owned(), detail)).unzip();
    let kind = match step {
        JobStep::Start => "export.started",
        JobStep::Finish => {
            // What went away meanwhile is not waited for.
            held.total = held.done;
            "export.finished"
        }
        JobStep::Fail => {
            part::leave_all(tx, held.id, command.at).await?;
            "export.failed"
        }
        JobStep::Cancel => "export.cancelled",
    };
    job::update(tx, &held).await?;
    tell(command, kind, &held);
    Ok(())
}

fn tell(command: &Command, kind: &'static str, job: &JobRow) {
    let subject = Subject { kind: "export", id: job.id, version: job.version };
    let data = json!({"state": job.state, "total": job.total, "done": job.done, "lines": job.lines});
    command.event(kind, subject, None, &[job.organisation_id], data);
}
