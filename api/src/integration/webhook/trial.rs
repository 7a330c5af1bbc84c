//! A test event for one webhook: what its owner looks at to see that it works.

use domain::integration::webhook::endpoint::State;
use domain::kernel::{WebhookDeliveryId, WebhookId};
use infra::Failure;
use infra::db::Connection;
use infra::event::{self, Event};
use infra::integration::webhook::{delivery, fan_out};
use serde_json::json;

use super::delivery::unknown;
use super::delivery_dto::DeliveryDto;
use super::usecase::held;
use crate::command::Command;
use crate::http::answer::Answer;

/// Sends an event `webhook.test`, whatever the webhook's filters are. It is in nobody's feed.
pub async fn send(tx: &mut Connection, command: &Command, id: WebhookId) -> Result<Answer<DeliveryDto>, Failure> {
    let row = held(tx, command, id).await?;
    State::parse(&row.state, row.reason.as_deref())?.check_enabled("tested")?;
    let test = Event {
        id: command.id(),
        kind: "webhook.test",
        subject_kind: "webhook",
        subject_id: row.id,
        subject_version: row.version,
        portal_id: None,
        actor_id: command.by.actor_id(),
        request_id: command.request_id().map(str::to_owned),
        audience: Vec::new(),
        data: json!({"text": "This is a test. Nothing has happened."}),
        at: command.at,
    };
    event::append(tx, std::slice::from_ref(&test)).await?;
    fan_out::queue_one(tx, id, test.id, command.at).await?;
    let made = WebhookDeliveryId(delivery::id_of(tx, test.id, id).await?);
    let found = delivery::find(tx, row.organisation_id.into(), made).await?.ok_or_else(unknown)?;
    Ok(Answer::accepted(format!("/v1/webhook-deliveries/{made}"), DeliveryDto::from(&found)))
}
