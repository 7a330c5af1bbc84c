//! What is done with imports.

use std::collections::BTreeMap;

use domain::catalogue::import::{Dialect, Field, ImportKind, JobState, JobStep};
use domain::kernel::{ImportId, Kind, OrganisationId, PortalId, Refusal};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::catalogue::import::error;
use infra::catalogue::import::file as file_store;
use infra::catalogue::import::job::{self, JobRow};
use infra::catalogue::import::mapping as store;
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;

use super::dto::{ImportDto, ImportError, ImportMappingData, ImportOptions};
use super::reading::Reading;
use super::upload::Received;
use crate::catalogue::rights;
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::portal::access;

/// How many jobs of an organisation may wait or run.
const MAX_WAITING: i64 = 100;

fn unknown() -> Refusal {
    Refusal::not_found("import")
}

/// Takes a file on that waits. What can be told of it as a whole is told now.
pub async fn create(
    tx: &mut Connection,
    command: &Command,
    options: &ImportOptions,
    file: &Received,
) -> Result<Answer<ImportDto>, Failure> {
    let own = command.by.require(rights::EDIT)?;
    let kind = options.kind.as_deref().map_or(Ok(ImportKind::Products), ImportKind::parse);
    let kind = kind.map_err(|invalid| invalid.at("/kind"))?;
    let portal = match &options.portal {
        Some(named) => Some(portal_of(tx, command, named).await?),
        None => None,
    };
    let mut data = mapping_of(tx, own, options).await?;
    if file.is_catalogue {
        // Its fields are known; what else a mapping says is about files in another form.
        let fixed = std::mem::take(&mut data.fixed);
        data = ImportMappingData { fixed, ..plain_mapping() };
    }
    let mapping = data.parse()?;
    if file.surveyed.dialect != Dialect::Ndjson {
        let fields = mapping.layout(&file.surveyed.header, kind)?;
        if portal.is_none() && fields.iter().flatten().any(Field::is_of_offer) {
            return Err(portal_missing().into());
        }
    }
    if portal.is_none() && kind == ImportKind::Prices {
        return Err(portal_missing().into());
    }
    if job::waiting(tx, own).await? >= MAX_WAITING {
        return Err(Refusal::new(Kind::TooManyJobs, "Too many of your files wait.").into());
    }
    if !file_store::unleave(tx, file.file).await? {
        return Err(Failure::Unavailable("the upload took too long".to_owned()));
    }
    let row = row(command, own, (kind, portal), options, data, file)?;
    job::insert(tx, &row).await?;
    tell(command, "import.queued", &row);
    Ok(Answer::accepted(format!("/v1/imports/{}", row.id), ImportDto::of(&row)?).version(1))
}

pub fn portal_missing() -> Refusal {
    Refusal::fault("/portal", "required", "Say on which portal the prices of the file hold.")
}

/// The portal, for a seller who may sell there.
async fn portal_of(tx: &mut Connection, command: &Command, named: &str) -> Result<PortalId, Failure> {
    let seen = access::look(tx, named, command.by.organisation_id(), Function::Catalogue).await?;
    command.by.require(rights::OFFER)?;
    access::may(&seen, Capability::Sell)?;
    Ok(seen.id)
}

fn plain_mapping() -> ImportMappingData {
    ImportMappingData { date_format: "YYYY-MM-DD".into(), ..Default::default() }
}

async fn mapping_of(
    tx: &mut Connection,
    own: OrganisationId,
    options: &ImportOptions,
) -> Result<ImportMappingData, Failure> {
    let Some(name) = &options.mapping else {
        return Ok(plain_mapping());
    };
    let no_such = || Refusal::fault("/mapping", "unknown", "You have no mapping of this name.");
    let found = store::by_name(tx, own, name).await?.ok_or_else(no_such)?;
    serde_json::from_value(found.definition).map_err(Failure::broken)
}

fn row(
    command: &Command,
    own: OrganisationId,
    (kind, portal): (ImportKind, Option<PortalId>),
    options: &ImportOptions,
    mapping: ImportMappingData,
    file: &Received,
) -> Result<JobRow, Failure> {
    let mut fixed = BTreeMap::new();
    if portal.is_some() {
        fixed.extend(options.currency.clone().map(|currency| (Field::Currency.name(), currency)));
        fixed.extend(options.publish.map(|publish| (Field::Published.name(), publish.to_string())));
    }
    let reading = Reading {
        separator: match file.surveyed.dialect {
            Dialect::Csv { separator } => Some(char::from(separator)),
            Dialect::Ndjson => None,
        },
        encoding: file.surveyed.encoding.code().to_owned(),
        mapping,
        fixed,
        is_catalogue: file.is_catalogue,
    };
    Ok(JobRow {
        id: command.id::<ImportId>().0,
        organisation_id: own.0,
        actor_id: command.by.actor_id(),
        request_id: command.request_id().map(str::to_owned),
        kind: kind.code().to_owned(),
        portal_id: portal.map(|id| id.0),
        dry_run: options.dry_run.unwrap_or(false),
        file_name: file.file_name.clone(),
        file_id: file.file,
        size: i64::try_from(file.size).map_err(Failure::broken)?,
        reading: json!(reading),
        state: JobState::Queued.code().to_owned(),
        problem: None,
        detail: None,
        total: i64::try_from(file.surveyed.rows).map_err(Failure::broken)?,
        done: 0,
        created: 0,
        updated: 0,
        unchanged: 0,
        failed: 0,
        listed: 0,
        version: 1,
        created_at: command.at,
        started_at: None,
        finished_at: None,
        leased_until: command.at,
        attempts: 0,
        file_removed: false,
    })
}

pub async fn find(connection: &mut Connection, by: &Principal, id: ImportId) -> Result<(ImportDto, i64), Failure> {
    let job = own(connection, by, id).await?;
    Ok((ImportDto::of(&job)?, job.version))
}

/// A job of the caller's organisation.
pub async fn own(connection: &mut Connection, by: &Principal, id: ImportId) -> Result<JobRow, Failure> {
    let member = by.member()?.id;
    let found = job::find(connection, member, id).await?.ok_or_else(unknown)?;
    by.require(rights::READ)?;
    Ok(found)
}

pub async fn list(connection: &mut Connection, by: &Principal, page: &Page) -> Result<List<ImportDto>, Failure> {
    let own = by.require(rights::READ)?;
    let found = job::list(connection, own, page).await?;
    let items: Result<Vec<_>, _> = found.items.iter().map(ImportDto::of).collect();
    Ok(List { items: items?, next: found.next })
}

/// What was refused, in the order of the rows.
pub async fn errors(
    connection: &mut Connection,
    by: &Principal,
    id: ImportId,
    page: &Page,
) -> Result<List<ImportError>, Failure> {
    let job = own(connection, by, id).await?;
    Ok(error::list(connection, job.id, page).await?.map(ImportError::from))
}

/// Stops a job. What it did before stays done.
pub async fn cancel(tx: &mut Connection, command: &Command, id: ImportId) -> Result<Answer<ImportDto>, Failure> {
    let own = command.by.member()?.id;
    let held = job::lock(tx, own, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::EDIT)?;
    let job = advance(tx, command, held, JobStep::Cancel, None).await?;
    Ok(Answer::ok(ImportDto::of(&job)?).version(job.version))
}

/// Moves a job that is held on; `why` it fails, if it does.
pub async fn advance(
    tx: &mut Connection,
    command: &Command,
    mut held: JobRow,
    step: JobStep,
    why: Option<(&'static str, String)>,
) -> Result<JobRow, Failure> {
    let state = JobState::parse(&held.state)?.after(step)?;
    held.state = state.code().to_owned();
    held.version += 1;
    held.started_at = held.started_at.or((step == JobStep::Start).then_some(command.at));
    held.finished_at = state.is_over().then_some(command.at);
    (held.problem, held.detail) = why.map(|(problem, detail)| (problem.to_owned(), detail)).unzip();
    job::update(tx, &held).await?;
    let kind = match step {
        JobStep::Start => "import.started",
        JobStep::Finish => "import.finished",
        JobStep::Fail => "import.failed",
        JobStep::Cancel => "import.cancelled",
    };
    tell(command, kind, &held);
    Ok(held)
}

fn tell(command: &Command, kind: &'static str, job: &JobRow) {
    let subject = Subject { kind: "import", id: job.id, version: job.version };
    let data = json!({"state": job.state, "total": job.total, "done": job.done, "created": job.created,
        "updated": job.updated, "unchanged": job.unchanged, "failed": job.failed});
    command.event(kind, subject, job.portal_id, &[job.organisation_id], data);
}
