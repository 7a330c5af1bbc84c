//! What is done with portals.

use domain::kernel::{OrganisationId, Refusal};
use domain::portal::{Capability, Function, MemberState, PortalInput, Visibility};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::portal::access::{self, SeenPortal};
use infra::portal::store::{self, MemberRow, PortalRow, Reader};
use serde_json::json;

use super::dto::{PortalData, PortalDto};
use super::rights;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;

pub(super) fn unknown() -> Refusal {
    Refusal::not_found("portal")
}

/// Opens a portal: the operator, or a verified organisation, which then manages it.
pub async fn open(
    tx: &mut Connection,
    command: &Command,
    data: &PortalData,
    languages: &[String],
) -> Result<Answer<PortalDto>, Failure> {
    let owner = if command.by.operator { None } else { Some(command.by.require(rights::OPEN)?) };
    let functions = check(data)?;
    let row = PortalRow {
        id: command.id(),
        slug: data.slug.clone(),
        owner_id: owner.map(|id| id.0),
        name: json!(data.name),
        description: json!(data.description),
        visibility: data.visibility.clone(),
        functions,
        rules_version: 0,
        version: 1,
        created_at: command.at,
        archived_at: None,
    };
    store::insert(tx, &row).await?;
    if let Some(owner) = owner {
        let member = MemberRow {
            portal_id: row.id,
            organisation_id: owner.0,
            state: MemberState::Active.code().to_owned(),
            capabilities: Capability::ALL.iter().map(|one| one.code().to_owned()).collect(),
            accepted_rules: 0,
            version: 1,
            created_at: command.at,
        };
        store::insert_member(tx, &member).await?;
    }
    event(command, "portal.opened", &row, owner);
    Ok(Answer::created(format!("/v1/portals/{}", row.id), PortalDto::of(&row, languages)?).version(1))
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    expected: i64,
    patch: &Patch<PortalData>,
    languages: &[String],
) -> Result<Answer<PortalDto>, Failure> {
    let seen = managed(tx, &command.by, portal).await?;
    let mut row = store::lock(tx, seen.id).await?.ok_or_else(unknown)?;
    check_version(row.version, expected)?;
    let data = patch.apply(&PortalData::of(&row)?)?;
    row.functions = check(&data)?;
    row.slug.clone_from(&data.slug);
    row.name = json!(data.name);
    row.description = json!(data.description);
    row.visibility.clone_from(&data.visibility);
    row.version += 1;
    store::update(tx, &row).await?;
    event(command, "portal.changed", &row, command.by.organisation_id().map(OrganisationId));
    Ok(Answer::ok(PortalDto::of(&row, languages)?).version(row.version))
}

/// Closes a portal for good; what was agreed there stays.
pub async fn archive(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let seen = managed(tx, &command.by, portal).await?;
    let mut row = store::lock(tx, seen.id).await?.ok_or_else(unknown)?;
    check_version(row.version, expected)?;
    row.archived_at = Some(command.at);
    row.version += 1;
    store::update(tx, &row).await?;
    event(command, "portal.archived", &row, command.by.organisation_id().map(OrganisationId));
    Ok(Answer::no_content())
}

pub async fn find(
    connection: &mut Connection,
    by: Option<&Principal>,
    portal: &str,
    languages: &[String],
) -> Result<(PortalDto, i64), Failure> {
    let seen = seen(connection, by, portal).await?;
    let row = store::find(connection, seen.id).await?.ok_or_else(unknown)?;
    Ok((PortalDto::of(&row, languages)?, row.version))
}

pub async fn list(
    connection: &mut Connection,
    by: Option<&Principal>,
    page: &Page,
    languages: &[String],
) -> Result<List<PortalDto>, Failure> {
    let reader = match by {
        Some(by) if by.operator => Reader::Operator,
        Some(by) => by.organisation_id().map_or(Reader::Anybody, |id| Reader::Organisation(OrganisationId(id))),
        None => Reader::Anybody,
    };
    let found = store::list(connection, reader, page).await?;
    let items: Result<Vec<_>, _> = found.items.iter().map(|row| PortalDto::of(row, languages)).collect();
    Ok(List { items: items?, next: found.next })
}

/// The portal, if the caller may know of it; the operator knows of all.
pub(super) async fn seen(
    connection: &mut Connection,
    by: Option<&Principal>,
    portal: &str,
) -> Result<SeenPortal, Failure> {
    let own = by.and_then(Principal::organisation_id).map(OrganisationId);
    if let Some(seen) = access::seen(connection, portal, own).await? {
        return Ok(seen);
    }
    match by {
        Some(by) if by.operator => Ok(access::any(connection, portal).await?.ok_or_else(unknown)?),
        _ => Err(unknown().into()),
    }
}

/// The portal, if the caller manages it: the operator, or a member with the capability.
pub(super) async fn managed(tx: &mut Connection, by: &Principal, portal: &str) -> Result<SeenPortal, Failure> {
    let seen = seen(tx, Some(by), portal).await?;
    if !by.operator {
        by.require(rights::MANAGE)?;
        super::access::may_manage(&seen)?;
    }
    Ok(seen)
}

fn check(data: &PortalData) -> Result<Vec<String>, Refusal> {
    let input = PortalInput {
        slug: data.slug.clone(),
        names: data.name.clone(),
        descriptions: data.description.clone(),
        functions: data.functions.clone(),
    };
    Visibility::parse(&data.visibility).map_err(|invalid| invalid.at("/visibility"))?;
    Ok(input.check()?.iter().map(|function: &Function| function.code().to_owned()).collect())
}

fn event(command: &Command, kind: &'static str, row: &PortalRow, owner: Option<OrganisationId>) {
    let audience: Vec<_> = owner.map(|id| id.0).into_iter().collect();
    let subject = Subject { kind: "portal", id: row.id, version: row.version };
    command.event(kind, subject, Some(row.id), &audience, json!({"slug": row.slug}));
}
