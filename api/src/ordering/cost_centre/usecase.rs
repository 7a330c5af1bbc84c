//! What is done with cost centres.

use std::collections::HashSet;

use domain::kernel::{CostCentreId, Faults, OrganisationId, PersonId, Refusal};
use domain::party::registration::text;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::cost_centre::{self, CostCentre, CostCentreRow};
use serde_json::json;
use uuid::Uuid;

use super::dto::{CostCentreData, CostCentreDto};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::{Actor, Principal};
use crate::ordering::{rights, sight};
use crate::party::bank_account::usecase::own;

/// The cost centres that a caller is kept to: those they are a member of, and those they own. None where nothing keeps them
/// ([`sight::is_bound`]).
pub async fn kept_to(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
) -> Result<Option<Vec<Uuid>>, Failure> {
    let Actor::Person { person, .. } = by.actor else { return Ok(None) };
    if sight::sees_all(by) {
        return Ok(None);
    }
    let (member_of, owned) = cost_centre::of_person(connection, of, PersonId(person)).await?;
    Ok(sight::is_bound(by, &member_of).then(|| [member_of, owned].concat()))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    page: &Page,
) -> Result<List<CostCentreDto>, Failure> {
    let own = own(by, of, rights::COST_CENTRES_READ)?;
    let seen = kept_to(connection, by, own).await?;
    let found = cost_centre::list(connection, own, seen.as_deref(), page).await?;
    Ok(found.map(|centre| CostCentreDto::from(&centre)))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    (of, id): (OrganisationId, CostCentreId),
) -> Result<(CostCentreDto, i64), Failure> {
    let found = seen(connection, by, of, id).await?;
    Ok((CostCentreDto::from(&found), found.row.version))
}

/// A cost centre that the caller may see.
pub async fn seen(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    id: CostCentreId,
) -> Result<CostCentre, Failure> {
    let own = own(by, of, rights::COST_CENTRES_READ)?;
    let seen = kept_to(connection, by, own).await?;
    let hidden = seen.is_some_and(|ids| !ids.contains(&id.0));
    let found = if hidden { None } else { cost_centre::find(connection, own, id).await? };
    Ok(found.filter(|centre| centre.row.archived_at.is_none()).ok_or_else(unknown)?)
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    data: &CostCentreData,
) -> Result<Answer<CostCentreDto>, Failure> {
    let own = own(&command.by, of, rights::COST_CENTRES)?;
    let members = check(tx, own, data).await?;
    let row = CostCentreRow {
        id: command.id::<CostCentreId>().0,
        organisation_id: own.0,
        code: data.code.trim().to_owned(),
        name: data.name.trim().to_owned(),
        owner_id: data.owner_id,
        budget_required: data.budget_required,
        archived_at: None,
        version: 1,
        created_at: command.at,
    };
    let new = CostCentre { row, members };
    cost_centre::insert(tx, &new).await?;
    tell(command, "cost_centre.created", &new);
    let location = format!("/v1/organisations/{own}/cost-centres/{}", new.row.id);
    Ok(Answer::created(location, CostCentreDto::from(&new)).version(1))
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, CostCentreId),
    expected: i64,
    patch: &Patch<CostCentreData>,
) -> Result<Answer<CostCentreDto>, Failure> {
    let (own, held) = lock(tx, command, of, id).await?;
    check_version(held.row.version, expected)?;
    let data = patch.apply(&CostCentreData::of(&held))?;
    let members = check(tx, own, &data).await?;
    let row = CostCentreRow {
        code: data.code.trim().to_owned(),
        name: data.name.trim().to_owned(),
        owner_id: data.owner_id,
        budget_required: data.budget_required,
        version: held.row.version + 1,
        ..held.row
    };
    let changed = CostCentre { row, members };
    cost_centre::update(tx, &changed).await?;
    tell(command, "cost_centre.changed", &changed);
    Ok(Answer::ok(CostCentreDto::from(&changed)).version(changed.row.version))
}

/// From then on nothing is ordered on it. Orders that name it keep it, and its members stay bound.
pub async fn archive(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, CostCentreId),
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let (_, mut held) = lock(tx, command, of, id).await?;
    check_version(held.row.version, expected)?;
    held.row.archived_at = Some(command.at);
    held.row.version += 1;
    cost_centre::update(tx, &held).await?;
    tell(command, "cost_centre.archived", &held);
    Ok(Answer::no_content())
}

async fn lock(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    id: CostCentreId,
) -> Result<(OrganisationId, CostCentre), Failure> {
    let own = own(&command.by, of, rights::COST_CENTRES)?;
    let held = cost_centre::lock(tx, own, id).await?.filter(|centre| centre.row.archived_at.is_none());
    Ok((own, held.ok_or_else(unknown)?))
}

/// Checks texts and people; gives the members, each once.
async fn check(tx: &mut Connection, of: OrganisationId, data: &CostCentreData) -> Result<Vec<Uuid>, Failure> {
    let mut faults = Faults::default();
    faults.keep("/code", text(&data.code, 50));
    faults.keep("/name", text(&data.name, 200));
    let named: Vec<Uuid> = data.members.iter().copied().chain([data.owner_id]).collect();
    let known: HashSet<Uuid> = cost_centre::people_of(tx, of, &named).await?.into_iter().collect();
    if !known.contains(&data.owner_id) {
        faults.add("/owner_id", "unknown", "Your organisation has no such member.");
    }
    let mut members = Vec::new();
    for (index, person) in data.members.iter().enumerate() {
        if !known.contains(person) {
            faults.add(format!("/members/{index}"), "unknown", "Your organisation has no such member.");
        } else if !members.contains(person) {
            members.push(*person);
        }
    }
    faults.result()?;
    Ok(members)
}

pub(super) fn unknown() -> Refusal {
    Refusal::not_found("cost centre")
}

fn tell(command: &Command, kind: &'static str, centre: &CostCentre) {
    let subject = Subject { kind: "cost_centre", id: centre.row.id, version: centre.row.version };
    command.event(kind, subject, None, &[centre.row.organisation_id], json!({"code": centre.row.code}));
}
