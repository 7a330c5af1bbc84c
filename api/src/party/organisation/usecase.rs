//! What is done with organisations.

use domain::kernel::{Faults, OrganisationId, Refusal};
use domain::party::identifier::Identifier;
use domain::party::organisation::Step;
use domain::party::registration::{NewPerson, Profile, check_registration};
use domain::party::{OrganisationState, Role};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::document;
use infra::party::organisation::{self, AddressRow, IdentifierRow, Organisation, OrganisationRow, Search};
use infra::party::person::{self, MemberRow, PersonRow};
use infra::party::verification::{self, VerificationRow};
use serde_json::json;
use uuid::Uuid;

use super::dto::{
    Decision, DirectoryQuery, OrganisationDto, OrganisationProfile, Registered, Registration, VerificationDto,
};
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::party::rights;

/// Registers an organisation and its first person, who owns it. The password was hashed before.
pub async fn register(
    tx: &mut Connection,
    command: &Command,
    input: &Registration,
    password_hash: &str,
) -> Result<Answer<Registered>, Failure> {
    let (profile, owner) = (input.profile(), NewPerson::from(&input.person));
    let identifiers = check_registration(&Profile::from(&profile), &owner)?;
    let id: OrganisationId = command.id();
    let row = OrganisationRow {
        id: id.0,
        legal_name: profile.legal_name.trim().to_owned(),
        legal_form: profile.legal_form.trim().to_owned(),
        country: profile.country.clone(),
        state: OrganisationState::Pending.code().to_owned(),
        state_reason: None,
        parent_id: None,
        parent_confirmed_at: None,
        version: 1,
        created_at: command.at,
        verified_at: None,
    };
    let new = Organisation { row, identifiers: identifier_rows(&identifiers), addresses: address_rows(&profile) };
    organisation::insert(tx, &new).await?;
    let person_id = insert_owner(tx, command, &owner, password_hash, id).await?;
    let subject = Subject { kind: "organisation", id: id.0, version: 1 };
    command.event("organisation.registered", subject, None, &[id.0], json!({"legal_name": new.row.legal_name}));
    let registered = Registered { id: id.0, person_id, state: new.row.state };
    Ok(Answer::created(format!("/v1/organisations/{id}"), registered).version(1))
}

async fn insert_owner(
    tx: &mut Connection,
    command: &Command,
    owner: &NewPerson,
    password_hash: &str,
    organisation: OrganisationId,
) -> Result<Uuid, Failure> {
    let row = PersonRow::new(command.id(), owner, password_hash.to_owned(), command.at);
    person::insert(tx, &row).await?;
    let member = MemberRow {
        organisation_id: organisation.0,
        person_id: row.id,
        roles: vec![Role::Owner.code().to_owned()],
        version: 1,
        created_at: command.at,
    };
    person::insert_member(tx, &member).await?;
    Ok(row.id)
}

/// One organisation: one's own, or for others one that is in the directory.
pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: OrganisationId,
) -> Result<(OrganisationDto, i64), Failure> {
    let inside = by.operator || by.organisation_id() == Some(id.0);
    if !by.operator {
        by.require(rights::READ)?;
    }
    let found = organisation::find(connection, id).await?.ok_or_else(|| Refusal::not_found("organisation"))?;
    if !inside && !is_public(&found.row.state) {
        return Err(Refusal::not_found("organisation").into());
    }
    let version = found.row.version;
    Ok((OrganisationDto::of(found, inside), version))
}

/// The directory: verified organisations for everybody, all of them for the operator.
pub async fn directory(
    connection: &mut Connection,
    by: &Principal,
    query: &DirectoryQuery,
    page: &Page,
) -> Result<List<OrganisationDto>, Failure> {
    if !by.operator {
        by.require(rights::READ)?;
    }
    let all: Vec<&'static str> = OrganisationState::ALL.iter().map(|state| state.code()).collect();
    let states = match &query.state {
        Some(code) if by.operator => vec![OrganisationState::parse(code).map_err(|i| i.at("/state"))?.code()],
        Some(_) => return Err(Refusal::forbidden("Only the operator filters by state.").into()),
        None if by.operator => all,
        None => vec![OrganisationState::Verified.code()],
    };
    let search = Search {
        words: query.q.clone().filter(|words| words.chars().any(char::is_alphanumeric)),
        country: query.country.clone(),
        identifier: query.identifier.clone(),
        states,
    };
    let found = organisation::list(connection, &search, page).await?;
    Ok(found.map(|one| {
        let inside = by.operator || by.organisation_id() == Some(one.row.id);
        OrganisationDto::of(one, inside)
    }))
}

/// Changes what an organisation says of itself. Another name, country or identifier must be verified anew.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: OrganisationId,
    expected: i64,
    patch: &Patch<OrganisationProfile>,
) -> Result<Answer<OrganisationDto>, Failure> {
    let mut held = lock_own(tx, &command.by, id).await?;
    command.by.require(rights::EDIT)?;
    crate::http::answer::check_version(held.row.version, expected)?;
    let before = OrganisationProfile::from(&held);
    let after = patch.apply(&before)?;
    let identifiers = identifier_rows(&Profile::from(&after).check()?);
    let renamed = before.legal_name != after.legal_name
        || before.country != after.country
        || before.legal_form != after.legal_form
        || held.identifiers != identifiers;
    if renamed {
        held.row.state = OrganisationState::parse(&held.row.state)?.step(Step::Change)?.code().to_owned();
    }
    held.row.legal_name = after.legal_name.trim().to_owned();
    held.row.legal_form = after.legal_form.trim().to_owned();
    held.row.country.clone_from(&after.country);
    held.identifiers = identifiers;
    held.addresses = address_rows(&after);
    save(tx, command, held, "organisation.changed", json!({"verification_needed": renamed})).await
}

/// A decision of the operator.
pub async fn decide(
    tx: &mut Connection,
    command: &Command,
    id: OrganisationId,
    step: Step,
    decision: &Decision,
) -> Result<Answer<OrganisationDto>, Failure> {
    command.by.require_operator()?;
    let mut held = organisation::lock(tx, id).await?.ok_or_else(|| Refusal::not_found("organisation"))?;
    if matches!(step, Step::Reject | Step::Suspend | Step::Close)
        && decision.note.as_deref().is_none_or(|note| note.trim().is_empty())
    {
        return Err(Refusal::fault("/note", "required", "Say why: the organisation will read it.").into());
    }
    check_evidence(tx, id, &decision.evidence).await?;
    let state = OrganisationState::parse(&held.row.state)?.step(step)?;
    held.row.state = state.code().to_owned();
    held.row.state_reason =
        decision.note.clone().filter(|_| matches!(step, Step::Reject | Step::Suspend | Step::Close));
    if step == Step::Verify {
        held.row.verified_at = Some(command.at);
    }
    let (decided, kind) = match step {
        Step::Verify => ("verified", "organisation.verified"),
        Step::Reject => ("rejected", "organisation.rejected"),
        Step::Suspend => ("suspended", "organisation.suspended"),
        Step::Reinstate => ("reinstated", "organisation.reinstated"),
        Step::Close => ("closed", "organisation.closed"),
        Step::Change => return Err(Failure::broken("not a decision of the operator")),
    };
    let row = VerificationRow {
        id: command.id(),
        organisation_id: id.0,
        decision: decided.to_owned(),
        note: decision.note.clone(),
        evidence: decision.evidence.clone(),
        decided_by: command.by.person()?.0,
        decided_at: command.at,
    };
    verification::insert(tx, &row).await?;
    save(tx, command, held, kind, json!({"note": decision.note})).await
}

/// Evidence is what the organisation uploaded about itself.
async fn check_evidence(tx: &mut Connection, about: OrganisationId, evidence: &[Uuid]) -> Result<(), Failure> {
    if evidence.is_empty() {
        return Ok(());
    }
    let known = document::of_owner(tx, about, evidence).await?;
    let mut faults = Faults::default();
    for (index, id) in evidence.iter().enumerate().filter(|(_, id)| !known.contains(id)) {
        let detail = format!("The organisation has given no document {id} as evidence.");
        faults.add(format!("/evidence/{index}"), "unknown_document", detail);
    }
    Ok(faults.result()?)
}

/// The decisions about an organisation, for its own people and the operator.
pub async fn decisions(
    connection: &mut Connection,
    by: &Principal,
    id: OrganisationId,
    page: &Page,
) -> Result<List<VerificationDto>, Failure> {
    if !by.operator {
        by.require(rights::READ)?;
        own(by, id)?;
    }
    Ok(verification::list(connection, id, page).await?.map(VerificationDto::from))
}

/// Counts the version up, keeps it, and tells.
async fn save(
    tx: &mut Connection,
    command: &Command,
    mut changed: Organisation,
    event: &'static str,
    data: serde_json::Value,
) -> Result<Answer<OrganisationDto>, Failure> {
    changed.row.version += 1;
    organisation::update(tx, &changed).await?;
    let (id, version) = (changed.row.id, changed.row.version);
    command.event(event, Subject { kind: "organisation", id, version }, None, &[id], data);
    Ok(Answer::ok(OrganisationDto::of(changed, true)).version(version))
}

/// Another organisation's inside does not exist for the caller.
pub fn own(by: &Principal, id: OrganisationId) -> Result<(), Refusal> {
    if by.organisation_id() == Some(id.0) { Ok(()) } else { Err(Refusal::not_found("organisation")) }
}

/// Lets pass the organisation's own people and, if there is such an organisation, the operator.
pub async fn inside(connection: &mut Connection, by: &Principal, id: OrganisationId) -> Result<(), Failure> {
    if by.operator {
        organisation::find(connection, id).await?.ok_or_else(|| Refusal::not_found("organisation"))?;
        return Ok(());
    }
    own(by, id)?;
    by.require(rights::READ)?;
    Ok(())
}

async fn lock_own(tx: &mut Connection, by: &Principal, id: OrganisationId) -> Result<Organisation, Failure> {
    own(by, id)?;
    Ok(organisation::lock(tx, id).await?.ok_or_else(|| Refusal::not_found("organisation"))?)
}

fn is_public(state: &str) -> bool {
    state == OrganisationState::Verified.code() || state == OrganisationState::Suspended.code()
}

fn identifier_rows(identifiers: &[Identifier]) -> Vec<IdentifierRow> {
    let mut rows: Vec<_> = identifiers
        .iter()
        .map(|one| IdentifierRow { scheme: one.scheme.code().to_owned(), value: one.value.clone() })
        .collect();
    rows.sort_by(|a, b| a.scheme.cmp(&b.scheme));
    rows
}

fn address_rows(profile: &OrganisationProfile) -> Vec<AddressRow> {
    profile.addresses.iter().map(AddressRow::from).collect()
}

/// All faults of a registration before the password is hashed, which costs time.
pub fn check(input: &Registration) -> Result<(), Refusal> {
    check_registration(&Profile::from(&input.profile()), &NewPerson::from(&input.person)).map(|_| ())
}
