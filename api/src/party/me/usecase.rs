//! What people do with their own accounts.

use domain::kernel::language::check_tag;
use domain::kernel::{Faults, OrganisationId, PersonId, Refusal};
use domain::party::check_password;
use domain::party::registration::text;
use infra::Failure;
use infra::db::Connection;
use infra::party::person::{self, PersonRow};
use infra::party::{erasure, password_reset, session};
use serde_json::json;
use uuid::Uuid;

use super::dto::{Me, MembershipDto, MyProfile, PasswordChange};
use crate::app::App;
use crate::auth::password;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::{Actor, Principal};
use crate::party::member::usecase::{Held, leave};

/// Who the caller is. A machine is never edited here, so it has no version.
pub async fn find(connection: &mut Connection, by: &Principal) -> Result<(Me, Option<i64>), Failure> {
    let Actor::Person { person: id, .. } = by.actor else { return Ok((machine(by)?, None)) };
    let id = PersonId(id);
    let row = person::find(connection, id).await?.ok_or_else(unknown)?;
    let version = row.version;
    Ok((me(connection, by, row).await?, Some(version)))
}

async fn me(connection: &mut Connection, by: &Principal, row: PersonRow) -> Result<Me, Failure> {
    let found = person::memberships(connection, PersonId(row.id)).await?;
    let memberships = found.into_iter().map(|(member, legal_name)| MembershipDto {
        organisation_id: member.organisation_id,
        legal_name,
        roles: member.roles,
    });
    let roles = by.organisation.iter().flat_map(|member| &member.roles);
    Ok(Me {
        kind: "person",
        id: row.id,
        name: row.name,
        email: Some(row.email),
        language: Some(row.language),
        operator: by.operator,
        organisation_id: by.organisation_id(),
        roles: roles.map(|role| role.code()).collect(),
        scopes: None,
        memberships: memberships.collect(),
    })
}

fn machine(by: &Principal) -> Result<Me, Refusal> {
    let scopes = by.organisation.iter().flat_map(|member| member.scopes.iter().flatten());
    Ok(Me {
        kind: "client",
        id: by.actor_id().ok_or_else(unknown)?,
        name: by.name.clone(),
        email: None,
        language: None,
        operator: false,
        organisation_id: by.organisation_id(),
        roles: Vec::new(),
        scopes: Some(scopes.map(|scope| scope.code()).collect()),
        memberships: Vec::new(),
    })
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    expected: i64,
    patch: &Patch<MyProfile>,
) -> Result<Answer<Me>, Failure> {
    let mut held = person::lock(tx, command.by.person()?).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    let after = patch.apply(&MyProfile { name: held.name.clone(), language: held.language.clone() })?;
    let mut faults = Faults::default();
    faults.keep("/name", text(&after.name, 200));
    faults.keep("/language", check_tag(&after.language));
    faults.result()?;
    held.name = after.name.trim().to_owned();
    held.language = after.language;
    held.version += 1;
    person::update(tx, &held).await?;
    tell(tx, command, "person.changed", &held).await?;
    let version = held.version;
    Ok(Answer::ok(me(tx, &command.by, held).await?).version(version))
}

/// A new password and what the old one was when it was proved.
pub struct Proved {
    old_hash: String,
    new_hash: String,
}

/// Checks the old password and hashes the new one; before the transaction, since both take time.
pub async fn prove(app: &App, wanted: &PasswordChange, held: PersonRow) -> Result<Proved, Failure> {
    let mut faults = Faults::default();
    if !password::verify(wanted.old_password.clone(), Some(held.password_hash.clone())).await? {
        faults.add("/old_password", "wrong_password", "This is not your password.");
    }
    faults.keep("/new_password", check_password(&wanted.new_password, &held.email));
    faults.result()?;
    let new_hash = password::hash(wanted.new_password.clone(), app.config.password_cost).await?;
    Ok(Proved { old_hash: held.password_hash, new_hash })
}

/// Changes the password. All other sessions end, and links to reset it stop working.
pub async fn change_password(
    tx: &mut Connection,
    command: &Command,
    proved: &Result<Proved, Refusal>,
) -> Result<Answer<()>, Failure> {
    let Actor::Person { person: id, session: current } = command.by.actor else {
        return Err(Refusal::forbidden("Only a person may do this.").into());
    };
    let proved = proved.as_ref().map_err(Clone::clone)?;
    let mut held = person::lock(tx, PersonId(id)).await?.ok_or_else(unknown)?;
    if held.password_hash != proved.old_hash {
        return Err(Refusal::fault("/old_password", "wrong_password", "It was changed at this very moment.").into());
    }
    held.password_hash.clone_from(&proved.new_hash);
    held.version += 1;
    person::update(tx, &held).await?;
    session::end_others(tx, PersonId(id), current, command.at, "the password was changed").await?;
    password_reset::forget(tx, PersonId(id), command.at).await?;
    tell(tx, command, "person.password_changed", &held).await?;
    Ok(Answer::no_content())
}

/// Erases the caller's personal data. What was signed keeps the name it was signed with.
pub async fn erase(tx: &mut Connection, command: &Command, expected: i64) -> Result<Answer<()>, Failure> {
    let id = command.by.person()?;
    let mut organisations: Vec<Uuid> =
        person::memberships(tx, id).await?.into_iter().map(|(member, _)| member.organisation_id).collect();
    organisations.sort_unstable();
    for organisation in organisations {
        let held = Held::lock(tx, OrganisationId(organisation), id).await?;
        held.check(id, &[])?;
        leave(tx, command, &held.member, "the person was erased").await?;
    }
    let mut held = person::lock(tx, id).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    let instead = format!("erased-{id}@erased.invalid");
    erasure::forget(tx, id, &held.email, &instead, command.at).await?;
    held.email = instead;
    held.name = "Erased".to_owned();
    held.password_hash = password::NOBODY.to_owned();
    held.disabled_at = Some(command.at);
    held.erased_at = Some(command.at);
    held.version += 1;
    person::update(tx, &held).await?;
    session::end_all(tx, id, None, command.at, "the person was erased").await?;
    tell(tx, command, "person.erased", &held).await?;
    Ok(Answer::no_content())
}

fn unknown() -> Refusal {
    Refusal::not_found("person")
}

/// Tells the person's organisations. Events stay for ever, so they name nobody but by id.
pub async fn tell(tx: &mut Connection, command: &Command, kind: &'static str, row: &PersonRow) -> Result<(), Failure> {
    let found = person::memberships(tx, PersonId(row.id)).await?;
    let audience: Vec<Uuid> = found.into_iter().map(|(member, _)| member.organisation_id).collect();
    let subject = Subject { kind: "person", id: row.id, version: row.version };
    command.event(kind, subject, None, &audience, json!({}));
    Ok(())
}
