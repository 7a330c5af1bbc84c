//! What was sent to webhooks, for those who look why something did not arrive.

use domain::integration::webhook::endpoint::State;
use domain::kernel::{Kind, Refusal, WebhookDeliveryId, WebhookId};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::integration::webhook::delivery::{self, Wanted};
use infra::integration::webhook::{attempt, lease};
use serde_json::json;

use super::delivery_dto::{AttemptDto, DeliveriesQuery, DeliveryDto, DetailDto};
use super::sender::request;
use super::{rights, usecase};
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::Principal;

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    id: WebhookId,
    query: &DeliveriesQuery,
    page: &Page,
) -> Result<List<DeliveryDto>, Failure> {
    let row = usecase::own(connection, by, id).await?;
    let known = |word: &str| delivery::state(word);
    let odd = || Refusal::new(Kind::InvalidQuery, "`state` is one of pending, retrying, delivered and failed.");
    let state = query.state.as_deref().map(|word| known(word).ok_or_else(odd)).transpose()?;
    let wanted = Wanted { state, event_type: query.event_type.clone(), since: query.since.map(|time| time.0) };
    let found = delivery::list(connection, WebhookId(row.id), &wanted, page).await?;
    Ok(found.map(|row| DeliveryDto::from(&row)))
}

pub async fn find(connection: &mut Connection, by: &Principal, id: WebhookDeliveryId) -> Result<DetailDto, Failure> {
    let own = rights::see_events(by)?;
    let row = delivery::find(connection, own, id).await?.ok_or_else(unknown)?;
    let event = delivery::event_of(connection, &row).await?;
    let attempts = attempt::of_delivery(connection, row.id).await?;
    Ok(DetailDto {
        delivery: DeliveryDto::from(&row),
        request_body: String::from_utf8(request::body(event)?).map_err(Failure::broken)?,
        requests: attempts.into_iter().map(|one| AttemptDto::of(one, row.event_id)).collect(),
    })
}

/// Sends an event again, under its old id, whatever came of it before; it has all its attempts before it again.
pub async fn resend(
    tx: &mut Connection,
    command: &Command,
    id: WebhookDeliveryId,
) -> Result<Answer<DeliveryDto>, Failure> {
    let own = rights::send_events(&command.by)?;
    let endpoint_id = delivery::find(tx, own, id).await?.ok_or_else(unknown)?.endpoint_id;
    let endpoint = usecase::held(tx, command, WebhookId(endpoint_id)).await?;
    State::parse(&endpoint.state, endpoint.reason.as_deref())?.check_enabled("sent anything")?;
    lease::hold_any(tx, WebhookId(endpoint_id)).await?;
    let row = delivery::find(tx, own, id).await?.ok_or_else(unknown)?;
    delivery::send_again(tx, &row, command.at).await?;
    let subject = Subject { kind: "webhook", id: endpoint.id, version: endpoint.version };
    let told = json!({"delivery_id": row.id, "event_id": row.event_id, "event_type": row.event_type});
    command.event("webhook.resent", subject, None, &[], told);
    let row = delivery::find(tx, own, id).await?.ok_or_else(unknown)?;
    Ok(Answer::accepted(format!("/v1/webhook-deliveries/{id}"), DeliveryDto::from(&row)))
}

pub fn unknown() -> Refusal {
    Refusal::not_found("webhook delivery")
}
