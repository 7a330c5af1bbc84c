//! What is done with the people of an organisation.

use domain::kernel::refusal::Invalid;
use domain::kernel::{Faults, OrganisationId, PersonId, Refusal};
use domain::party::Role;
use domain::party::role::check_change;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::person::{self, MemberRow};
use infra::party::session;
use serde_json::json;
use uuid::Uuid;

use super::dto::{MemberDto, MemberRoles};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::party::{organisation, rights};

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    page: &Page,
) -> Result<List<MemberDto>, Failure> {
    organisation::usecase::inside(connection, by, of).await?;
    Ok(person::members(connection, of, page).await?.map(MemberDto::from))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    (of, id): (OrganisationId, PersonId),
) -> Result<(MemberDto, i64), Failure> {
    organisation::usecase::inside(connection, by, of).await?;
    let found = person::find_member(connection, of, id).await?.ok_or_else(unknown)?;
    let version = found.0.version;
    Ok((MemberDto::from(found), version))
}

/// Changes what a member may do.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, PersonId),
    expected: i64,
    patch: &Patch<MemberRoles>,
) -> Result<Answer<MemberDto>, Failure> {
    organisation::usecase::own(&command.by, of)?;
    let actor = command.by.person()?;
    command.by.require(rights::PEOPLE)?;
    let held = Held::lock(tx, of, id).await?;
    check_version(held.member.version, expected)?;
    let after = patch.apply(&MemberRoles { roles: held.member.roles.clone() })?;
    let roles = parse_roles(&after.roles)?;
    held.check(actor, &roles)?;
    let codes = roles.iter().map(|role| role.code().to_owned()).collect();
    let changed = MemberRow { roles: codes, version: held.member.version + 1, ..held.member };
    person::set_roles(tx, &changed).await?;
    tell(command, "member.changed", &changed);
    let found = person::find_member(tx, of, id).await?.ok_or_else(unknown)?;
    Ok(Answer::ok(MemberDto::from(found)).version(changed.version))
}

/// Takes a member out, or lets the caller leave. Sessions for the organisation end with it.
pub async fn remove(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, PersonId),
    expected: i64,
) -> Result<Answer<()>, Failure> {
    organisation::usecase::own(&command.by, of)?;
    let actor = command.by.person()?;
    if actor != id {
        command.by.require(rights::PEOPLE)?;
    }
    let held = Held::lock(tx, of, id).await?;
    check_version(held.member.version, expected)?;
    held.check(actor, &[])?;
    leave(tx, command, &held.member, "no longer a member").await?;
    Ok(Answer::no_content())
}

/// Ends a membership that may end, with the sessions for it.
pub async fn leave(tx: &mut Connection, command: &Command, member: &MemberRow, why: &str) -> Result<(), Failure> {
    let (of, id) = (OrganisationId(member.organisation_id), PersonId(member.person_id));
    person::remove_member(tx, of, id).await?;
    session::end_all(tx, id, Some(of), command.at, why).await?;
    tell(command, "member.removed", member);
    Ok(())
}

/// A member among all the others, who are held, too.
pub struct Held {
    pub member: MemberRow,
    all: Vec<MemberRow>,
}

impl Held {
    pub async fn lock(tx: &mut Connection, of: OrganisationId, id: PersonId) -> Result<Self, Failure> {
        let all = person::lock_members(tx, of).await?;
        let member = all.iter().find(|one| one.person_id == id.0).cloned().ok_or_else(unknown)?;
        Ok(Self { member, all })
    }

    /// Whether `actor`, with the roles of this moment, may change the member's roles to these.
    pub fn check(&self, actor: PersonId, after: &[Role]) -> Result<(), Failure> {
        let by = self.all.iter().find(|one| one.person_id == actor.0).map(roles_of).transpose()?.unwrap_or_default();
        let owner = Role::Owner.code();
        let others = self.all.iter().filter(|one| one.person_id != self.member.person_id);
        let other_owners = others.filter(|one| one.roles.iter().any(|role| role == owner)).count();
        Ok(check_change(&by, &roles_of(&self.member)?, after, other_owners)?)
    }
}

fn roles_of(row: &MemberRow) -> Result<Vec<Role>, Invalid> {
    row.roles.iter().map(|code| Role::parse(code)).collect()
}

/// The roles in their order, each once; or all faults.
pub fn parse_roles(codes: &[String]) -> Result<Vec<Role>, Refusal> {
    let mut faults = Faults::default();
    let parsed = codes.iter().enumerate();
    let given: Vec<Role> =
        parsed.filter_map(|(index, code)| faults.keep(format!("/roles/{index}"), Role::parse(code))).collect();
    faults.result()?;
    Ok(Role::ALL.into_iter().filter(|role| given.contains(role)).collect())
}

fn unknown() -> Refusal {
    Refusal::not_found("member")
}

/// Tells the organisation of a member. Events stay for ever, so they name nobody but by id.
pub fn tell(command: &Command, kind: &'static str, row: &MemberRow) {
    let subject = Subject { kind: "member", id: row.person_id, version: row.version };
    let audience: &[Uuid] = &[row.organisation_id];
    command.event(kind, subject, None, audience, json!({"organisation_id": row.organisation_id, "roles": row.roles}));
}
