//! What was sent to webhooks, in JSON.

use infra::integration::webhook::attempt::AttemptRow;
use infra::integration::webhook::delivery::DeliveryRow;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::sender::request;
use crate::http::dto::Time;

/// Which deliveries are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesQuery {
    /// `pending` (not sent yet), `retrying` (to be sent again), `delivered` or `failed` (given up).
    pub state: Option<String>,
    /// Only events of this type.
    #[param(max_length = 125)]
    pub event_type: Option<String>,
    /// Only events since then (RFC 3339).
    pub since: Option<Time>,
    /// How many items to give: 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// Where to go on: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// An event that is or was sent to a webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub struct DeliveryDto {
    pub id: Uuid,
    pub webhook_id: Uuid,
    /// The `webhook-id` of every attempt.
    pub event_id: Uuid,
    pub event_type: String,
    /// `pending` (not sent yet), `retrying` (to be sent again), `delivered` or `failed` (given up).
    pub state: String,
    /// How often it was sent.
    pub attempts: i32,
    pub next_attempt_at: Option<Time>,
    pub created_at: Time,
    /// When it was delivered or given up.
    pub ended_at: Option<Time>,
}

/// A delivery with all its attempts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDeliveryDetail)]
pub struct DetailDto {
    #[serde(flatten)]
    pub delivery: DeliveryDto,
    /// The body of every attempt.
    pub request_body: String,
    /// First to last.
    pub requests: Vec<AttemptDto>,
}

/// A request, and what was answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookAttempt)]
pub struct AttemptDto {
    /// From 1.
    pub number: i32,
    pub at: Time,
    pub duration_ms: i32,
    #[schema(value_type = Object)]
    pub request_headers: Value,
    /// None where there was no answer.
    pub status: Option<i16>,
    /// Why there was no answer, or it was no success.
    pub error: Option<String>,
    /// The first of them.
    #[schema(value_type = Option<Object>)]
    pub response_headers: Option<Value>,
    /// The first 4 KiB of it.
    pub response_body: Option<String>,
}

/// From when on everything is sent again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookReplay, example = json!({"since": "2026-11-29T00:00:00Z"}))]
pub struct ReplayWish {
    /// Within the last 30 days.
    pub since: Time,
    /// Where to go on: `next_after` of the replay before, which was from the same time on.
    pub after: Option<String>,
}

/// What is sent again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookReplayed)]
pub struct ReplayedDto {
    /// How many events.
    pub queued: usize,
    /// Where to go on: there is more. None at the end.
    pub next_after: Option<String>,
}

impl From<&DeliveryRow> for DeliveryDto {
    fn from(row: &DeliveryRow) -> Self {
        Self {
            id: row.id,
            webhook_id: row.endpoint_id,
            event_id: row.event_id,
            event_type: row.event_type.clone(),
            state: row.state.clone(),
            attempts: row.attempts_in_all,
            next_attempt_at: row.next_attempt_at.map(Time::from),
            created_at: row.created_at.into(),
            ended_at: row.ended_at.map(Time::from),
        }
    }
}

impl AttemptDto {
    pub fn of(row: AttemptRow, event: Uuid) -> Self {
        let headers = request::headers(event, row.at.timestamp(), &row.signature);
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), json!(value)));
        Self {
            number: row.number,
            at: row.at.into(),
            duration_ms: row.duration_ms,
            request_headers: Value::Object(headers.collect()),
            status: row.status,
            error: row.error,
            response_headers: row.response_headers,
            response_body: row.response_body,
        }
    }
}
