//! A portal's rules: versions that members accept.

use domain::kernel::language::check_texts;
use domain::kernel::{Kind, OrganisationId, Refusal};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::List;
use infra::portal::store::{self, RulesRow};
use serde_json::json;

use super::dto::{NewRules, PortalMemberDto, RulesDto};
use super::rights;
use super::usecase::{managed, seen, unknown};
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::Principal;

/// Publishes a new version: from now on members act only after accepting it.
pub async fn publish(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    new: &NewRules,
) -> Result<Answer<RulesDto>, Failure> {
    let seen = managed(tx, &command.by, portal).await?;
    check_texts(&new.text, 100_000).map_err(|invalid| invalid.at("/text"))?;
    let mut row = store::lock(tx, seen.id).await?.ok_or_else(unknown)?;
    row.rules_version += 1;
    row.version += 1;
    let rules = RulesRow {
        portal_id: row.id,
        version: row.rules_version,
        text: json!(new.text),
        published_by: command.by.person()?.0,
        published_at: command.at,
    };
    store::insert_rules(tx, &rules).await?;
    store::update(tx, &row).await?;
    let subject = Subject { kind: "portal", id: row.id, version: row.version };
    let audience: Vec<_> = command.by.organisation_id().into_iter().collect();
    command.event("portal.rules_published", subject, Some(row.id), &audience, json!({"version": rules.version}));
    let location = format!("/v1/portals/{}/rules", row.id);
    Ok(Answer::created(location, RulesDto::of(rules)?))
}

pub async fn list(
    connection: &mut Connection,
    by: Option<&Principal>,
    portal: &str,
) -> Result<List<RulesDto>, Failure> {
    let seen = seen(connection, by, portal).await?;
    let rules: Result<Vec<_>, _> = store::rules(connection, seen.id).await?.into_iter().map(RulesDto::of).collect();
    Ok(List { items: rules?, next: None })
}

/// A member accepts the version in force.
pub async fn accept(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    version: i32,
) -> Result<Answer<PortalMemberDto>, Failure> {
    let seen = seen(tx, Some(&command.by), portal).await?;
    let own = command.by.require(rights::MANAGE)?;
    if version != seen.rules_version {
        let detail = format!("Version {} of the rules is in force.", seen.rules_version);
        return Err(Refusal::new(Kind::WrongState, detail).into());
    }
    let mut member = store::lock_member(tx, seen.id, own).await?.ok_or_else(|| Refusal::not_found("membership"))?;
    record(tx, command, seen.id, version, own).await?;
    member.accepted_rules = version;
    member.version += 1;
    store::update_member(tx, &member).await?;
    super::member::answer(tx, command, "portal_member.accepted_rules", member).await
}

/// Notes who accepted for the organisation.
pub(super) async fn record(
    tx: &mut Connection,
    command: &Command,
    portal: domain::kernel::PortalId,
    version: i32,
    organisation: OrganisationId,
) -> Result<(), Failure> {
    let person = command.by.person()?;
    store::accept_rules(tx, portal, version, organisation, person.0, command.at).await
}
