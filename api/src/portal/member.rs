//! Memberships: by application or invitation.

use domain::kernel::{Faults, Kind, OrganisationId, PortalId, Refusal};
use domain::portal::{Capability, MemberState, MemberStep, Visibility};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::organisation;
use infra::portal::store::{self, MemberRow};
use serde_json::json;

use super::dto::{Application, Approval, MemberCapabilities, MemberInvitation, MemberQuery, PortalMemberDto};
use super::usecase::{managed, seen};
use super::{rights, rules};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, Status, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;

fn unknown() -> Refusal {
    Refusal::not_found("membership")
}

/// The caller's organisation asks to be let in.
pub async fn apply(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    wanted: &Application,
) -> Result<Answer<PortalMemberDto>, Failure> {
    let seen = seen(tx, Some(&command.by), portal).await?;
    let own = command.by.require(rights::MANAGE)?;
    let capabilities = capabilities(&wanted.capabilities)?;
    if let Some(index) = capabilities.iter().position(|one| !one.can_be_applied_for()) {
        let pointer = format!("/capabilities/{index}");
        return Err(Refusal::fault(pointer, "not_applicable", "This is given by those who manage the portal.").into());
    }
    let accepted = wanted.accepted_rules.unwrap_or(0);
    if seen.rules_version > 0 && accepted != seen.rules_version {
        let detail = format!("Accept version {} of the portal's rules with your application.", seen.rules_version);
        return Err(Refusal::new(Kind::RulesNotAccepted, detail).into());
    }
    if accepted != seen.rules_version {
        return Err(Refusal::fault("/accepted_rules", "unknown", "The portal has no rules.").into());
    }
    let held = store::lock_member(tx, seen.id, own).await?;
    if held.is_none() && seen.visibility == Visibility::Closed {
        return Err(Refusal::not_found("portal").into());
    }
    if accepted > 0 {
        rules::record(tx, command, seen.id, accepted, own).await?;
    }
    let codes = capabilities.iter().map(|one| one.code().to_owned()).collect();
    let (member, created) = match held {
        None => (new(command, seen.id, own, MemberState::Applied, codes, accepted), true),
        Some(mut member) => {
            let before = MemberState::parse(&member.state)?;
            member.state = before.step(MemberStep::Apply)?.code().to_owned();
            // Who takes up an invitation gets what was offered; who applies anew what was asked for.
            if before == MemberState::Ended {
                member.capabilities = codes;
            }
            member.accepted_rules = member.accepted_rules.max(accepted);
            member.version += 1;
            (member, false)
        }
    };
    if created {
        store::insert_member(tx, &member).await?;
    } else {
        store::update_member(tx, &member).await?;
    }
    let location = format!("/v1/portals/{}/members/{own}", seen.id);
    let answer = answer(tx, command, "portal_member.applied", member).await?;
    Ok(Answer { status: Status::CREATED, location: Some(location), ..answer })
}

/// Those who manage the portal ask an organisation in.
pub async fn invite(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    wanted: &MemberInvitation,
) -> Result<Answer<PortalMemberDto>, Failure> {
    let seen = managed(tx, &command.by, portal).await?;
    let capabilities = capabilities(&wanted.capabilities)?;
    let codes: Vec<String> = capabilities.iter().map(|one| one.code().to_owned()).collect();
    let who = OrganisationId(wanted.organisation_id);
    if organisation::known(tx, &[who.0]).await?.is_empty() {
        return Err(Refusal::fault("/organisation_id", "unknown", "There is no such organisation.").into());
    }
    let member = match store::lock_member(tx, seen.id, who).await? {
        None => {
            let member = new(command, seen.id, who, MemberState::Invited, codes, 0);
            store::insert_member(tx, &member).await?;
            member
        }
        Some(mut member) => {
            member.state = MemberState::parse(&member.state)?.step(MemberStep::Invite)?.code().to_owned();
            member.capabilities = codes;
            member.version += 1;
            store::update_member(tx, &member).await?;
            member
        }
    };
    let location = format!("/v1/portals/{}/members/{who}", seen.id);
    let answer = answer(tx, command, "portal_member.invited", member).await?;
    Ok(Answer { status: Status::CREATED, location: Some(location), ..answer })
}

/// A step of those who manage the portal, or of the member itself.
pub async fn step(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    who: OrganisationId,
    step: MemberStep,
    approval: &Approval,
) -> Result<Answer<PortalMemberDto>, Failure> {
    let own = command.by.organisation_id() == Some(who.0);
    let seen = match step {
        MemberStep::Accept if own => seen(tx, Some(&command.by), portal).await?,
        MemberStep::End if own => seen(tx, Some(&command.by), portal).await?,
        MemberStep::Accept => return Err(unknown().into()),
        _ => managed(tx, &command.by, portal).await?,
    };
    if own && !command.by.operator {
        command.by.require(rights::MANAGE)?;
    }
    let mut member = store::lock_member(tx, seen.id, who).await?.ok_or_else(unknown)?;
    member.state = MemberState::parse(&member.state)?.step(step)?.code().to_owned();
    if let Some(given) = approval.capabilities.as_ref().filter(|_| step == MemberStep::Approve) {
        member.capabilities = capabilities(given)?.iter().map(|one| one.code().to_owned()).collect();
    }
    if matches!(step, MemberStep::Suspend | MemberStep::End) {
        keep_a_manager(tx, command, seen.id, &member).await?;
    }
    member.version += 1;
    store::update_member(tx, &member).await?;
    answer(tx, command, event_of(step), member).await
}

/// Other capabilities for a member.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    who: OrganisationId,
    expected: i64,
    patch: &Patch<MemberCapabilities>,
) -> Result<Answer<PortalMemberDto>, Failure> {
    let seen = managed(tx, &command.by, portal).await?;
    let mut member = store::lock_member(tx, seen.id, who).await?.ok_or_else(unknown)?;
    check_version(member.version, expected)?;
    let wanted = patch.apply(&MemberCapabilities { capabilities: member.capabilities.clone() })?;
    let before = member.clone();
    member.capabilities = capabilities(&wanted.capabilities)?.iter().map(|one| one.code().to_owned()).collect();
    if !member.capabilities.iter().any(|code| code == Capability::Manage.code()) {
        keep_a_manager(tx, command, seen.id, &before).await?;
    }
    member.version += 1;
    store::update_member(tx, &member).await?;
    answer(tx, command, "portal_member.changed", member).await
}

/// One membership: for the portal's members and managers, and the organisation itself.
pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    who: OrganisationId,
) -> Result<(PortalMemberDto, i64), Failure> {
    let seen = seen(connection, Some(by), portal).await?;
    if !by.operator {
        by.require(rights::READ)?;
    }
    let (row, name) = store::find_member(connection, seen.id, who).await?.ok_or_else(unknown)?;
    let active = MemberState::parse(&row.state)? == MemberState::Active;
    let inside = by.operator || by.organisation_id() == Some(who.0) || manages(&seen);
    let member = seen.standing.as_ref().is_some_and(|standing| standing.state == MemberState::Active);
    if !(inside || active && member) {
        return Err(unknown().into());
    }
    let version = row.version;
    Ok((PortalMemberDto::of(row, name), version))
}

/// The members: active ones for members, all of them for those who manage.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    query: &MemberQuery,
    page: &Page,
) -> Result<List<PortalMemberDto>, Failure> {
    let seen = seen(connection, Some(by), portal).await?;
    if !by.operator {
        by.require(rights::READ)?;
    }
    let all = by.operator || manages(&seen);
    let member = seen.standing.as_ref().is_some_and(|standing| standing.state == MemberState::Active);
    if !all && !member {
        return Err(domain::portal::member::missing(Capability::Manage).into());
    }
    let invalid = |detail: String| Refusal::new(Kind::InvalidQuery, detail);
    let states: Vec<&str> = match query.state.as_deref() {
        Some(code) if all => vec![MemberState::parse(code).map_err(|odd| invalid(odd.detail))?.code()],
        Some(_) => return Err(Refusal::forbidden("Only those who manage the portal filter by state.").into()),
        None if all => MemberState::ALL.iter().map(|state| state.code()).collect(),
        None => vec![MemberState::Active.code()],
    };
    let found = store::members(connection, seen.id, &states, page).await?;
    Ok(found.map(|(row, name)| PortalMemberDto::of(row, name)))
}

fn manages(seen: &infra::portal::access::SeenPortal) -> bool {
    seen.standing.as_ref().is_some_and(|standing| standing.may(Capability::Manage, &seen.functions, 0).is_ok())
}

/// A portal that an organisation opened keeps somebody who manages it.
async fn keep_a_manager(
    tx: &mut Connection,
    command: &Command,
    portal: PortalId,
    leaving: &MemberRow,
) -> Result<(), Failure> {
    let managed = leaving.capabilities.iter().any(|code| code == Capability::Manage.code());
    if managed
        && !command.by.operator
        && store::other_managers(tx, portal, OrganisationId(leaving.organisation_id)).await? == 0
    {
        return Err(Refusal::new(Kind::LastOwner, "This is the last member that manages the portal.").into());
    }
    Ok(())
}

/// Tells both the organisation and who acted, and answers with the membership.
pub(super) async fn answer(
    tx: &mut Connection,
    command: &Command,
    kind: &'static str,
    member: MemberRow,
) -> Result<Answer<PortalMemberDto>, Failure> {
    let (portal, who) = (PortalId(member.portal_id), OrganisationId(member.organisation_id));
    let mut audience = vec![who.0];
    audience.extend(command.by.organisation_id().filter(|id| *id != who.0));
    let subject = Subject { kind: "portal_member", id: who.0, version: member.version };
    let data = json!({"organisation_id": who, "state": member.state, "capabilities": member.capabilities});
    command.event(kind, subject, Some(portal.0), &audience, data);
    let (_, name) = store::find_member(tx, portal, who).await?.ok_or_else(unknown)?;
    let version = member.version;
    Ok(Answer::ok(PortalMemberDto::of(member, name)).version(version))
}

fn new(
    command: &Command,
    portal: PortalId,
    who: OrganisationId,
    state: MemberState,
    capabilities: Vec<String>,
    accepted_rules: i32,
) -> MemberRow {
    MemberRow {
        portal_id: portal.0,
        organisation_id: who.0,
        state: state.code().to_owned(),
        capabilities,
        accepted_rules,
        version: 1,
        created_at: command.at,
    }
}

fn capabilities(codes: &[String]) -> Result<Vec<Capability>, Refusal> {
    let mut faults = Faults::default();
    let mut known = Vec::new();
    for (index, code) in codes.iter().enumerate() {
        let pointer = format!("/capabilities/{index}");
        match faults.keep(pointer.clone(), Capability::parse(code)) {
            Some(one) if known.contains(&one) => faults.add(pointer, "twice", "It is named twice."),
            Some(one) => known.push(one),
            None => {}
        }
    }
    faults.result().map(|()| known)
}

fn event_of(step: MemberStep) -> &'static str {
    match step {
        MemberStep::Invite => "portal_member.invited",
        MemberStep::Apply => "portal_member.applied",
        MemberStep::Accept => "portal_member.accepted",
        MemberStep::Approve => "portal_member.approved",
        MemberStep::Suspend => "portal_member.suspended",
        MemberStep::Reinstate => "portal_member.reinstated",
        MemberStep::End => "portal_member.ended",
    }
}
