//! Who decides for whom: everybody says so for themselves, owners and admins for all.

use domain::kernel::{DelegationId, Faults, OrganisationId, PersonId, Refusal};
use domain::ordering::approval::Delegation;
use domain::party::Role;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::cost_centre::people_of;
use infra::ordering::delegation::{self, DelegationRow};
use serde_json::json;
use uuid::Uuid;

use super::dto::{DelegationData, DelegationDto};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;
use crate::ordering::rights;
use crate::party::bank_account::usecase::own;

/// Whether the caller sees and sets those of everybody.
fn is_for_all(by: &Principal) -> bool {
    by.organisation.iter().flat_map(|member| &member.roles).any(|role| matches!(role, Role::Owner | Role::Admin))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    page: &Page,
) -> Result<List<DelegationDto>, Failure> {
    let own = own(by, of, rights::DELEGATIONS)?;
    let person = by.person()?.0;
    let mine = (!is_for_all(by)).then_some(person);
    Ok(delegation::list(connection, own, mine, page).await?.map(|row| DelegationDto::from(&row)))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    (of, id): (OrganisationId, DelegationId),
) -> Result<(DelegationDto, i64), Failure> {
    let own = own(by, of, rights::DELEGATIONS)?;
    let person = by.person()?.0;
    let row = delegation::find(connection, own, id).await?.filter(|row| concerns(by, row, person));
    let row = row.ok_or_else(unknown)?;
    Ok((DelegationDto::from(&row), row.version))
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    data: &DelegationData,
) -> Result<Answer<DelegationDto>, Failure> {
    let own = own(&command.by, of, rights::DELEGATIONS)?;
    let person = command.by.person()?.0;
    let from = data.from.unwrap_or(person);
    if from != person && !is_for_all(&command.by) {
        return Err(Refusal::forbidden("Only owners and admins say who stands in for somebody else.").into());
    }
    let (starts_at, ends_at) = (data.starts_at.map_or(command.at, |time| time.0), data.ends_at.0);
    Delegation { from: PersonId(from), to: PersonId(data.to), starts_at, ends_at }.check(command.at)?;
    let known = people_of(tx, own, &[from, data.to]).await?;
    let mut faults = Faults::default();
    for (pointer, id) in [("/from", from), ("/to", data.to)] {
        if !known.contains(&id) {
            faults.add(pointer, "unknown", "Your organisation has no such member.");
        }
    }
    faults.result()?;
    let row = DelegationRow {
        id: command.id::<DelegationId>().0,
        organisation_id: own.0,
        from_id: from,
        to_id: data.to,
        starts_at,
        ends_at,
        revoked_at: None,
        version: 1,
        created_by: person,
        created_at: command.at,
    };
    delegation::insert(tx, &row).await?;
    tell(command, "approval_delegation.made", &row);
    let location = format!("/v1/organisations/{own}/delegations/{}", row.id);
    Ok(Answer::created(location, DelegationDto::from(&row)).version(1))
}

/// Takes a delegation back. What was decided under it stands.
pub async fn revoke(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, DelegationId),
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let own = own(&command.by, of, rights::DELEGATIONS)?;
    let person = command.by.person()?.0;
    let held = delegation::lock(tx, own, id).await?.filter(|row| concerns(&command.by, row, person));
    let held = held.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    delegation::revoke(tx, &held, command.at).await?;
    tell(command, "approval_delegation.revoked", &held);
    Ok(Answer::no_content())
}

fn concerns(by: &Principal, row: &DelegationRow, person: Uuid) -> bool {
    is_for_all(by) || row.from_id == person || row.to_id == person
}

fn unknown() -> Refusal {
    Refusal::not_found("delegation")
}

fn tell(command: &Command, kind: &'static str, row: &DelegationRow) {
    let subject = Subject { kind: "approval_delegation", id: row.id, version: row.version };
    command.event(kind, subject, None, &[row.organisation_id], json!({"from": row.from_id, "to": row.to_id}));
}
