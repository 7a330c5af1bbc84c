//! Webhooks are enabled and disabled: by their owners, and by the service when nothing is taken any more.

use domain::integration::webhook::endpoint::{Reason, State, Step};
use domain::kernel::{OrganisationId, WebhookId};
use infra::db::Connection;
use infra::integration::webhook::endpoint::{self, EndpointRow};
use infra::{Failure, event, mailbox};

use super::dto::WebhookDto;
use super::usecase::{held, host, tell};
use crate::app::App;
use crate::command::Command;
use crate::http::answer::Answer;

/// Sends again: what was left, and what happens from now on. What happened meanwhile a replay sends.
pub async fn enable(tx: &mut Connection, command: &Command, id: WebhookId) -> Result<Answer<WebhookDto>, Failure> {
    let mut row = held(tx, command, id).await?;
    step(&mut row, Step::Enable, command)?;
    let since = event::end(tx).await?;
    (row.since_tx, row.since_seq) = (since.tx, since.seq);
    endpoint::update(tx, &row).await?;
    endpoint::resume(tx, id, command.at).await?;
    tell(command, "webhook.enabled", &row);
    Ok(Answer::ok(WebhookDto::of(&row, None)).version(row.version))
}

/// Sends nothing any more. What is on its way may still arrive.
pub async fn disable(tx: &mut Connection, command: &Command, id: WebhookId) -> Result<Answer<WebhookDto>, Failure> {
    let mut row = held(tx, command, id).await?;
    step(&mut row, Step::Disable, command)?;
    endpoint::update(tx, &row).await?;
    endpoint::pause(tx, id).await?;
    tell(command, "webhook.disabled", &row);
    Ok(Answer::ok(WebhookDto::of(&row, None)).version(row.version))
}

/// The service gives a webhook up, and tells those who look after it. Does nothing about one that is not enabled any more, or was moved from
/// the address at which it failed.
pub async fn give_up(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    (id, url): (WebhookId, &str),
    reason: Reason,
) -> Result<(), Failure> {
    let found = endpoint::lock_any(tx, id).await?;
    let still = |row: &EndpointRow| row.state == State::Enabled.code().0 && row.url == url;
    let Some(mut row) = found.filter(still) else { return Ok(()) };
    step(&mut row, Step::GiveUp(reason), command)?;
    endpoint::update(tx, &row).await?;
    endpoint::pause(tx, id).await?;
    tell(command, "webhook.disabled", &row);
    let why = match reason {
        Reason::Gone => "It answered that it is gone (410).",
        Reason::Exhausted => "It has taken nothing for three days.",
    };
    let text = format!(
        "Nothing is sent any more to your webhook at {} ({}).\n\n{why}\n\nWhen it works again, enable it: POST {}/v1/webhooks/{id}/enable\n\
         What happened meanwhile is sent by: POST {}/v1/webhooks/{id}/replay\n",
        host(&row),
        row.description.as_deref().unwrap_or("without a description"),
        app.config.issuer,
        app.config.issuer,
    );
    let sealed = app.secret.seal(text.as_bytes())?;
    for address in endpoint::administrators(tx, OrganisationId(row.organisation_id)).await? {
        mailbox::put(tx, command.id(), &address, "A webhook was disabled", &sealed, command.at).await?;
    }
    Ok(())
}

fn step(row: &mut EndpointRow, step: Step, command: &Command) -> Result<(), Failure> {
    let after = State::parse(&row.state, row.reason.as_deref())?.after(step)?;
    let (state, reason) = after.code();
    row.state = state.to_owned();
    row.reason = reason.map(str::to_owned);
    row.disabled_at = (after != State::Enabled).then_some(command.at);
    row.version += 1;
    Ok(())
}
