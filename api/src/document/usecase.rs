//! What is done with documents.

use chrono::TimeDelta;
use domain::document::{DocumentState, DocumentStep, DocumentVisibility};
use domain::kernel::{DocumentId, Faults, Kind, OrganisationId, PortalId, Refusal, Timestamp};
use domain::party::registration::text;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::document::{self, DocumentRow, Reader, Search, VersionRow};
use infra::sourcing;
use serde_json::json;
use uuid::Uuid;

use super::dto::{ContentQuery, DocumentData, DocumentDto, DocumentProfile, DocumentQuery, FileDto, LinkData, LinkDto};
use super::upload::Received;
use super::{link, rights, subject};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::ordering::sight;
use crate::secret::SecretKey;

fn unknown() -> Refusal {
    Refusal::not_found("document")
}

/// Who reads: anybody, a member of an organisation, or the operator.
pub async fn reader(connection: &mut Connection, by: Option<&Principal>, at: Timestamp) -> Result<Reader, Failure> {
    let Some(by) = by else { return Ok(Reader::default()) };
    if by.organisation.is_some() {
        by.require(rights::READ)?;
    }
    let seen = sight::of(connection, by, at).await?;
    Ok(Reader { organisation: by.organisation_id(), operator: by.operator, sight: seen })
}

/// Makes a document of a file that was stored before.
pub async fn create(
    tx: &mut Connection,
    command: &Command,
    data: &DocumentData,
    file: &Received,
) -> Result<Answer<DocumentDto>, Failure> {
    let own = command.by.require(rights::WRITE)?;
    add(tx, command, own, data, file).await
}

/// Makes a document for an organisation in the name of whoever may do what it is made for.
pub async fn add(
    tx: &mut Connection,
    command: &Command,
    own: OrganisationId,
    data: &DocumentData,
    file: &Received,
) -> Result<Answer<DocumentDto>, Failure> {
    let mut faults = Faults::default();
    faults.keep("/title", text(&data.title, 200));
    if let Some(visibility) = faults.keep("/visibility", DocumentVisibility::parse(&data.visibility)) {
        faults.keep("/visibility", visibility.check(data.subject.is_some(), data.portal_id.is_some()));
    }
    if let Some(portal) = data.portal_id {
        subject::check_portal(tx, own, PortalId(portal), &mut faults).await?;
    }
    let parties = match &data.subject {
        Some(subject) => {
            let seen = sight::of(tx, &command.by, command.at).await?;
            subject::parties(tx, own, subject, seen.as_ref()).await?
        }
        None => Some(Vec::new()),
    };
    if parties.is_none() {
        faults.add("/subject", "unknown_subject", "There is nothing like this that you attach documents to.");
    }
    faults.result()?;
    let parties = parties.unwrap_or_default();
    let row = DocumentRow {
        id: command.id::<DocumentId>().0,
        owner_id: own.0,
        title: data.title.trim().to_owned(),
        visibility: data.visibility.clone(),
        portal_id: data.portal_id,
        subject_kind: data.subject.as_ref().map(|subject| subject.kind.clone()),
        subject_id: data.subject.as_ref().map(|subject| subject.id),
        published_at: None,
        archived_at: None,
        version: 1,
        created_at: command.at,
    };
    let version = version_row(command, row.id, 1, file)?;
    document::insert(tx, &row, &version, &parties).await?;
    tell(tx, command, "document.added", &row, Some(&version)).await?;
    let location = format!("/v1/documents/{}", row.id);
    Ok(Answer::created(location, DocumentDto::of(&row, &version)).version(1))
}

fn version_row(command: &Command, of: Uuid, number: i32, file: &Received) -> Result<VersionRow, Failure> {
    Ok(VersionRow {
        document_id: of,
        number,
        sha256: file.stored.sha256.to_vec(),
        size: i64::try_from(file.stored.size).map_err(Failure::broken)?,
        media_type: file.media.code().to_owned(),
        file_name: file.file_name.clone(),
        uploaded_by: command.by.actor_id(),
        uploaded_at: command.at,
    })
}

pub async fn list(
    connection: &mut Connection,
    by: Option<&Principal>,
    query: &DocumentQuery,
    page: &Page,
    at: Timestamp,
) -> Result<List<DocumentDto>, Failure> {
    let reader = reader(connection, by, at).await?;
    let kinds = ["organisation", "product", "order", "contract", "delivery", "invoice", "auction", "rfq"];
    if query.subject_kind.as_deref().is_some_and(|kind| !kinds.contains(&kind)) {
        let detail = format!("`subject_kind` is one of {}.", kinds.join(", "));
        return Err(Refusal::new(Kind::InvalidQuery, detail).into());
    }
    let search = Search {
        subject_kind: query.subject_kind.clone(),
        subject_id: query.subject_id,
        portal: query.portal_id.map(PortalId),
        owner: query.own.then(|| OrganisationId(reader.organisation.unwrap_or_default())),
    };
    let rows = document::list(connection, &reader, &search, page).await?;
    let ids: Vec<Uuid> = rows.items.iter().map(|row| row.id).collect();
    let files = document::newest(connection, &ids).await?;
    let with_file = |row: DocumentRow| files.iter().find(|file| file.document_id == row.id).map(|file| (row, file));
    let items = rows.items.into_iter().filter_map(with_file).map(|(row, file)| DocumentDto::of(&row, file));
    Ok(List { items: items.collect(), next: rows.next })
}

pub async fn find(
    connection: &mut Connection,
    by: Option<&Principal>,
    id: DocumentId,
    at: Timestamp,
) -> Result<(DocumentDto, i64), Failure> {
    let (row, file) = seen(connection, by, id, at).await?;
    Ok((DocumentDto::of(&row, &file), row.version))
}

pub async fn versions(
    connection: &mut Connection,
    by: Option<&Principal>,
    id: DocumentId,
    at: Timestamp,
) -> Result<Vec<FileDto>, Failure> {
    seen(connection, by, id, at).await?;
    Ok(document::versions(connection, id).await?.iter().map(FileDto::from).collect())
}

/// A document that the reader sees, and its newest file.
async fn seen(
    connection: &mut Connection,
    by: Option<&Principal>,
    id: DocumentId,
    at: Timestamp,
) -> Result<(DocumentRow, VersionRow), Failure> {
    let reader = reader(connection, by, at).await?;
    Ok(document::find(connection, &reader, id).await?.ok_or_else(unknown)?)
}

/// The file that is to be downloaded: by a signed link, or by somebody who sees the document.
pub async fn file(
    connection: &mut Connection,
    key: &SecretKey,
    by: Option<&Principal>,
    id: DocumentId,
    query: &ContentQuery,
    at: Timestamp,
) -> Result<VersionRow, Failure> {
    let number = match (query.expires, query.signature.as_deref()) {
        (Some(expires), Some(signature)) => {
            let number = link::check(key, id, query.version, (expires, signature), at)?;
            document::find_linked(connection, id).await?.ok_or_else(unknown)?;
            Some(number)
        }
        (None, None) => {
            seen(connection, by, id, at).await?;
            query.version
        }
        _ => return Err(unknown().into()),
    };
    Ok(document::version(connection, id, number).await?.ok_or_else(unknown)?)
}

/// Adds a file to a document; the earlier ones stay.
pub async fn add_version(
    tx: &mut Connection,
    command: &Command,
    id: DocumentId,
    expected: i64,
    file: &Received,
) -> Result<Answer<DocumentDto>, Failure> {
    let (mut held, newest) = lock_own(tx, command, id).await?;
    check_version(held.version, expected)?;
    state(&held).step(DocumentStep::AddVersion)?;
    if sourcing::document::is_attached(tx, id).await? {
        let detail = "A request for quotation or a quote names the document: others rely on what it says.";
        return Err(Refusal::new(Kind::WrongState, detail).into());
    }
    let version = version_row(command, held.id, newest.number + 1, file)?;
    document::insert_version(tx, &version).await?;
    save(tx, command, &mut held, &version, "document.version_added").await
}

/// Changes the title, or who sees it.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: DocumentId,
    expected: i64,
    patch: &Patch<DocumentProfile>,
) -> Result<Answer<DocumentDto>, Failure> {
    let (mut held, newest) = lock_own(tx, command, id).await?;
    check_version(held.version, expected)?;
    let before = DocumentProfile { title: held.title.clone(), visibility: held.visibility.clone() };
    let after = patch.apply(&before)?;
    let mut faults = Faults::default();
    faults.keep("/title", text(&after.title, 200));
    let visibility = faults.keep("/visibility", DocumentVisibility::parse(&after.visibility));
    if let Some(visibility) = visibility {
        faults.keep("/visibility", visibility.check(held.subject_id.is_some(), held.portal_id.is_some()));
    }
    faults.result()?;
    if let Some(visibility) = visibility {
        state(&held).step(DocumentStep::ChangeVisibility(visibility))?;
    }
    held.title = after.title.trim().to_owned();
    held.visibility = after.visibility;
    save(tx, command, &mut held, &newest, "document.changed").await
}

/// Makes a document public for good.
pub async fn publish(tx: &mut Connection, command: &Command, id: DocumentId) -> Result<Answer<DocumentDto>, Failure> {
    let (mut held, newest) = lock_own(tx, command, id).await?;
    state(&held).step(DocumentStep::Publish)?;
    held.published_at = Some(command.at);
    held.visibility = DocumentVisibility::Public.code().to_owned();
    save(tx, command, &mut held, &newest, "document.published").await
}

/// Leaves a document out of lists. Who saw it still reads it; links to it end.
pub async fn archive(
    tx: &mut Connection,
    command: &Command,
    id: DocumentId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let (mut held, newest) = lock_own(tx, command, id).await?;
    check_version(held.version, expected)?;
    state(&held).step(DocumentStep::Archive)?;
    held.archived_at = Some(command.at);
    save(tx, command, &mut held, &newest, "document.archived").await?;
    Ok(Answer::no_content())
}

/// Makes a link by which anybody reads the newest file for a while.
pub async fn share(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    id: DocumentId,
    data: &LinkData,
) -> Result<Answer<LinkDto>, Failure> {
    let (held, newest) = lock_seen(tx, command, id).await?;
    if held.archived_at.is_some() {
        return Err(Refusal::wrong_state("document", DocumentState::Archived.code(), "shared").into());
    }
    let expires_at = command.at + TimeDelta::minutes(data.minutes.unwrap_or(15));
    let url = link::url(key, id, newest.number, expires_at.timestamp());
    let subject = Subject { kind: "document", id: held.id, version: held.version };
    let told = json!({"number": newest.number, "expires_at": crate::http::dto::Time(expires_at)});
    command.event("document.shared", subject, held.portal_id, &[held.owner_id], told);
    Ok(Answer::created(url.clone(), LinkDto { url, expires_at: expires_at.into() }))
}

fn state(of: &DocumentRow) -> DocumentState {
    DocumentState::of(of.published_at.is_some(), of.archived_at.is_some())
}

/// The caller's organisation, if the document belongs to it.
pub async fn check_own(
    connection: &mut Connection,
    by: &Principal,
    id: DocumentId,
    at: Timestamp,
) -> Result<OrganisationId, Failure> {
    let seen = sight::of(connection, by, at).await?;
    let seeing = Reader { organisation: Some(by.member()?.id.0), operator: false, sight: seen };
    let (row, _) = document::find(connection, &seeing, id).await?.ok_or_else(unknown)?;
    let own = by.require(rights::WRITE)?;
    if row.owner_id != own.0 {
        return Err(Refusal::forbidden("The organisation that a document belongs to decides about it.").into());
    }
    Ok(own)
}

/// A document of the caller's organisation, held until the transaction ends. Those of others that the caller sees are
/// refused, all others do not exist.
async fn lock_seen(
    tx: &mut Connection,
    command: &Command,
    id: DocumentId,
) -> Result<(DocumentRow, VersionRow), Failure> {
    let own = check_own(tx, &command.by, id, command.at).await?;
    let held = document::lock(tx, own, id).await?.ok_or_else(unknown)?;
    let newest = document::version(tx, id, None).await?.ok_or_else(unknown)?;
    Ok((held, newest))
}

/// [`lock_seen`] for a change: what the service wrote, such as a printed invoice, stays as it is.
async fn lock_own(
    tx: &mut Connection,
    command: &Command,
    id: DocumentId,
) -> Result<(DocumentRow, VersionRow), Failure> {
    let (held, newest) = lock_seen(tx, command, id).await?;
    if newest.uploaded_by.is_none() {
        return Err(Refusal::forbidden("The service wrote this document: it stays as it is.").into());
    }
    Ok((held, newest))
}

/// Counts the version up, keeps it, and tells.
async fn save(
    tx: &mut Connection,
    command: &Command,
    changed: &mut DocumentRow,
    newest: &VersionRow,
    event: &'static str,
) -> Result<Answer<DocumentDto>, Failure> {
    changed.version += 1;
    document::update(tx, changed).await?;
    tell(tx, command, event, changed, Some(newest)).await?;
    Ok(Answer::ok(DocumentDto::of(changed, newest)).version(changed.version))
}

/// An event for those who see the document as its owner or as parties.
async fn tell(
    tx: &mut Connection,
    command: &Command,
    kind: &'static str,
    row: &DocumentRow,
    file: Option<&VersionRow>,
) -> Result<(), Failure> {
    let mut audience = vec![row.owner_id];
    if row.visibility != DocumentVisibility::Owner.code() {
        audience.extend(document::parties(tx, DocumentId(row.id)).await?);
    }
    audience.sort_unstable();
    audience.dedup();
    let subject = Subject { kind: "document", id: row.id, version: row.version };
    let data = json!({"title": row.title, "visibility": row.visibility, "subject_kind": row.subject_kind,
        "subject_id": row.subject_id, "sha256": file.map(|file| hex::encode(&file.sha256))});
    command.event(kind, subject, row.portal_id, &audience, data);
    Ok(())
}
