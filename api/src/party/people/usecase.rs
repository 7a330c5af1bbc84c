//! What the operator does with people.

use domain::kernel::{PersonId, Refusal};
use infra::Failure;
use infra::db::Connection;
use infra::party::{password_reset, person, session};
use serde_json::json;
use uuid::Uuid;

use super::dto::{AccessReason, PersonDto};
use crate::command::{Command, Subject};
use crate::http::answer::Answer;

/// Shuts a person out, with all sessions and links, or lets them in again.
pub async fn set_disabled(
    tx: &mut Connection,
    command: &Command,
    id: PersonId,
    disabled: bool,
    reason: &AccessReason,
) -> Result<Answer<PersonDto>, Failure> {
    command.by.require_operator()?;
    if command.by.person()? == id {
        return Err(Refusal::forbidden("Nobody shuts themselves out.").into());
    }
    let held = person::lock(tx, id).await?.filter(|person| person.erased_at.is_none());
    let mut held = held.ok_or_else(|| Refusal::not_found("person"))?;
    if held.disabled_at.is_some() == disabled {
        let (is, step) = if disabled { ("disabled", "disabled") } else { ("enabled", "enabled") };
        return Err(Refusal::wrong_state("person", is, step).into());
    }
    held.disabled_at = disabled.then_some(command.at);
    held.version += 1;
    person::update(tx, &held).await?;
    if disabled {
        session::end_all(tx, id, None, command.at, "the person was disabled").await?;
        password_reset::forget(tx, id, command.at).await?;
    }
    let memberships = person::memberships(tx, id).await?;
    let audience: Vec<Uuid> = memberships.into_iter().map(|(member, _)| member.organisation_id).collect();
    let kind = if disabled { "person.disabled" } else { "person.enabled" };
    let subject = Subject { kind: "person", id: id.0, version: held.version };
    command.event(kind, subject, None, &audience, json!({"note": reason.note}));
    let shown =
        PersonDto { id: held.id, name: held.name, email: held.email, disabled_at: held.disabled_at.map(Into::into) };
    Ok(Answer::ok(shown))
}
