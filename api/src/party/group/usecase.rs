//! What is done with groups of companies.

use domain::kernel::{OrganisationId, Refusal};
use domain::party::organisation::check_parent;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::organisation::{self as organisations, Organisation};
use serde_json::json;

use super::dto::{AffiliateDto, ParentProposal};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;
use crate::party::organisation::dto::OrganisationDto;
use crate::party::organisation::usecase::own;
use crate::party::rights;

/// Lets pass an owner of this organisation.
fn allow(by: &Principal, of: OrganisationId) -> Result<(), Refusal> {
    own(by, of)?;
    by.person()?;
    by.require(rights::GROUP).map(|_| ())
}

/// Names a parent, which has to agree. All changes of groups wait for each other, so that no two of them make a circle.
pub async fn propose(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    expected: i64,
    wanted: &ParentProposal,
) -> Result<Answer<OrganisationDto>, Failure> {
    allow(&command.by, of)?;
    organisations::lock_groups(tx).await?;
    let mut held = organisations::lock(tx, of).await?.ok_or_else(unknown)?;
    check_version(held.row.version, expected)?;
    let parent = OrganisationId(wanted.parent_id);
    check_parent(of, parent, &organisations::ancestors(tx, parent).await?)?;
    if organisations::known(tx, &[parent.0]).await?.is_empty() {
        return Err(Refusal::fault("/parent_id", "unknown", "There is no such organisation in the directory.").into());
    }
    if held.row.parent_id != Some(parent.0) {
        let left = held.row.parent_id.replace(parent.0);
        held.row.parent_confirmed_at = None;
        save(tx, command, &mut held, "organisation.parent_proposed", &[left, Some(parent.0)]).await?;
    }
    Ok(shown(held))
}

/// Leaves the group, or takes the proposal back.
pub async fn leave(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    expected: i64,
) -> Result<Answer<OrganisationDto>, Failure> {
    allow(&command.by, of)?;
    let mut held = organisations::lock(tx, of).await?.ok_or_else(unknown)?;
    check_version(held.row.version, expected)?;
    if let Some(parent) = held.row.parent_id.take() {
        held.row.parent_confirmed_at = None;
        save(tx, command, &mut held, "organisation.parent_left", &[Some(parent)]).await?;
    }
    Ok(shown(held))
}

/// The affiliates of an organisation: for its own people and the operator also those that it has not agreed to.
pub async fn affiliates(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    page: &Page,
) -> Result<List<AffiliateDto>, Failure> {
    let inside = by.operator || by.organisation_id() == Some(of.0);
    if !by.operator {
        by.require(rights::READ)?;
    }
    if !inside && organisations::known(connection, &[of.0]).await?.is_empty() {
        return Err(unknown().into());
    }
    Ok(organisations::affiliates(connection, of, !inside, page).await?.map(AffiliateDto::from))
}

/// Agrees to a company that named this one as its parent.
pub async fn confirm(
    tx: &mut Connection,
    command: &Command,
    (of, affiliate): (OrganisationId, OrganisationId),
) -> Result<Answer<AffiliateDto>, Failure> {
    allow(&command.by, of)?;
    let mut held = lock_affiliate(tx, of, affiliate).await?;
    if held.row.parent_confirmed_at.is_some() {
        return Err(Refusal::wrong_state("affiliate", "confirmed", "confirmed").into());
    }
    held.row.parent_confirmed_at = Some(command.at);
    save(tx, command, &mut held, "organisation.parent_confirmed", &[Some(of.0)]).await?;
    Ok(Answer::ok(AffiliateDto::from(held.row)))
}

/// Takes a company out of the group, or turns its proposal down. Whatever it has changed of itself meanwhile does not matter, so no
/// ETag is asked for.
pub async fn expel(
    tx: &mut Connection,
    command: &Command,
    (of, affiliate): (OrganisationId, OrganisationId),
) -> Result<Answer<()>, Failure> {
    allow(&command.by, of)?;
    let mut held = lock_affiliate(tx, of, affiliate).await?;
    held.row.parent_id = None;
    held.row.parent_confirmed_at = None;
    save(tx, command, &mut held, "organisation.parent_refused", &[Some(of.0)]).await?;
    Ok(Answer::no_content())
}

async fn lock_affiliate(tx: &mut Connection, of: OrganisationId, id: OrganisationId) -> Result<Organisation, Failure> {
    let held = organisations::lock(tx, id).await?.filter(|found| found.row.parent_id == Some(of.0));
    Ok(held.ok_or_else(|| Refusal::not_found("affiliate"))?)
}

/// Counts the version up, keeps it, and tells the organisation and the parents concerned.
async fn save(
    tx: &mut Connection,
    command: &Command,
    held: &mut Organisation,
    event: &'static str,
    parents: &[Option<uuid::Uuid>],
) -> Result<(), Failure> {
    held.row.version += 1;
    organisations::set_parent(tx, &held.row).await?;
    let (id, version) = (held.row.id, held.row.version);
    let audience: Vec<_> = parents.iter().flatten().copied().chain([id]).collect();
    let data = json!({"parent_id": held.row.parent_id});
    command.event(event, Subject { kind: "organisation", id, version }, None, &audience, data);
    Ok(())
}

fn shown(held: Organisation) -> Answer<OrganisationDto> {
    let version = held.row.version;
    Answer::ok(OrganisationDto::of(held, true)).version(version)
}

fn unknown() -> Refusal {
    Refusal::not_found("organisation")
}
