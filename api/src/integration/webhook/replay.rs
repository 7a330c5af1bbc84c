//! Everything since a time is sent again: after a receiver has lost what it got, or was disabled for a while.

use chrono::TimeDelta;
use domain::integration::webhook::endpoint::State;
use domain::kernel::{Refusal, WebhookId};
use infra::Failure;
use infra::db::Connection;
use infra::event::Position;
use infra::integration::webhook::replay::{self, Span};
use infra::integration::webhook::{fan_out, lease};
use serde_json::json;

use super::delivery_dto::{ReplayWish, ReplayedDto};
use super::rights;
use super::usecase::held;
use crate::app::App;
use crate::command::{Command, Subject};
use crate::event::position::{self, Start};
use crate::http::answer::Answer;
use crate::http::principal::Principal;

/// How far back a replay goes: as long as deliveries are kept.
pub const LONGEST: TimeDelta = TimeDelta::days(30);

/// How much later than it began something may be committed.
const SLACK: TimeDelta = TimeDelta::minutes(10);

/// How many events of an organisation one replay looks at: while it queues them the readers of the feed wait for it.
const MOST: i64 = 10_000;

/// How far back the beginning is looked for.
const FARTHEST: i64 = 1_000_000;

/// Where a replay begins and how far it goes, or why there is none. It is found before the transaction, which would be long otherwise; what
/// is refused is told within it, since the answer that is kept with a key comes first.
pub async fn plan(
    connection: &mut Connection,
    app: &App,
    by: &Principal,
    wish: &ReplayWish,
) -> Result<Result<Span, Refusal>, Failure> {
    let own = rights::send_events(by)?;
    let (at, since) = (app.clock.now(), wish.since.0);
    if since > at || since < at - LONGEST {
        return Ok(Err(Refusal::fault("/since", "out_of_range", "It lies within the last 30 days.")));
    }
    let from = match position::start(&app.secret, own, wish.after.as_deref()) {
        Ok(Start::After(position)) => Some(position),
        Ok(Start::Beginning) => replay::begin(connection, own, since, SLACK, FARTHEST).await?,
        Ok(Start::Now) | Err(_) => {
            let detail = "It is `next_after` of the replay before.";
            return Ok(Err(Refusal::fault("/after", "position", detail)));
        }
    };
    let Some(from) = from else {
        let detail = format!(
            "There are more than {FARTHEST} events since then; name a later time, and read the others in the feed."
        );
        return Ok(Err(Refusal::fault("/since", "too_many", detail)));
    };
    Ok(Ok(replay::span(connection, own, from, MOST).await?))
}

/// Queues what the webhook wants of the events since a time, those too that it never got. What is queued already is not queued twice.
pub async fn since(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: WebhookId,
    wish: &ReplayWish,
    planned: &Result<Span, Refusal>,
) -> Result<Answer<ReplayedDto>, Failure> {
    rights::send_events(&command.by)?;
    let row = held(tx, command, id).await?;
    State::parse(&row.state, row.reason.as_deref())?.check_enabled("sent anything")?;
    let Span { from, end } = planned.clone()?;
    lease::hold_any(tx, id).await?;
    // What lies behind is queued anyway.
    let last = fan_out::position(tx).await?.max(Position { tx: row.since_tx, seq: row.since_seq });
    let next = end.filter(|end| *end < last);
    let span = (from, next.unwrap_or(last));
    let queued = replay::queue(tx, id, span, wish.since.0, 2 * MOST, command.at).await?;
    let subject = Subject { kind: "webhook", id: row.id, version: row.version };
    command.event("webhook.replayed", subject, None, &[], json!({"since": wish.since, "queued": queued}));
    let next_after = next.map(|at| position::seal(&app.secret, row.organisation_id.into(), at));
    Ok(Answer::accepted(format!("/v1/webhooks/{id}/deliveries"), ReplayedDto { queued, next_after }))
}
