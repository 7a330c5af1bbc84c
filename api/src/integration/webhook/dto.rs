//! Webhooks in JSON.

use infra::integration::webhook::endpoint::{EndpointRow, HealthRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// Where your organisation has its events sent, and which.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"url": "https://hooks.example.org/torg", "description": "Warehouse", "event_types": ["order.*", "invoice.issued"]}))]
pub struct WebhookData {
    /// An address `https://…` of the public internet, at the port 443 or 8443, without user and fragment. Redirects are not followed.
    #[schema(min_length = 1, max_length = 2000)]
    pub url: String,
    #[schema(min_length = 1, max_length = 500)]
    pub description: Option<String>,
    /// Types of events such as `order.placed`, or `order.*` for all about orders; all events of your feed, if none is named.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub event_types: Vec<String>,
    /// Only what happens on this portal.
    pub portal_id: Option<Uuid>,
}

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct WebhookDto {
    pub id: Uuid,
    pub url: String,
    pub description: Option<String>,
    /// None at all: all events.
    pub event_types: Vec<String>,
    pub portal_id: Option<Uuid>,
    /// `enabled`, `disabled` (by you), or `failed`: disabled by the service.
    pub state: String,
    /// Why it has failed: `gone` (it answered 410), `exhausted` (nothing was taken for three days).
    pub reason: Option<String>,
    pub disabled_at: Option<Time>,
    /// Since when nothing was taken; none while all is well.
    pub failing_since: Option<Time>,
    /// Nothing is sent before: it asked for a pause, or has failed often.
    pub rests_until: Option<Time>,
    /// Until when the secret that was replaced signs beside the new one.
    pub old_secret_until: Option<Time>,
    pub created_at: Time,
}

/// A webhook that was just made, with its secret, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewWebhook {
    #[serde(flatten)]
    pub webhook: WebhookDto,
    /// `whsec_` and the key of HMAC-SHA-256 in base64.
    pub secret: String,
}

/// How a secret is replaced.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_hours": 24}))]
pub struct SecretRotation {
    /// How long the old secret signs beside the new one: 24 hours by default; 0, if it has become known to others.
    #[schema(minimum = 0, maximum = 168)]
    pub overlap_hours: Option<u16>,
}

/// A secret that was just made. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookSecret {
    /// `whsec_` and the key of HMAC-SHA-256 in base64.
    pub secret: String,
    /// Until when the old one signs beside it.
    pub old_secret_until: Time,
}

impl From<&EndpointRow> for WebhookData {
    fn from(row: &EndpointRow) -> Self {
        Self {
            url: row.url.clone(),
            description: row.description.clone(),
            event_types: row.event_types.clone(),
            portal_id: row.portal_id,
        }
    }
}

impl WebhookDto {
    pub fn of(row: &EndpointRow, health: Option<&HealthRow>) -> Self {
        Self {
            id: row.id,
            url: row.url.clone(),
            description: row.description.clone(),
            event_types: row.event_types.clone(),
            portal_id: row.portal_id,
            state: row.state.clone(),
            reason: row.reason.clone(),
            disabled_at: row.disabled_at.map(Time::from),
            failing_since: health.and_then(|health| health.failing_since).map(Time::from),
            rests_until: health.and_then(|health| health.rests_until).map(Time::from),
            old_secret_until: row.old_secret_until.map(Time::from),
            created_at: row.created_at.into(),
        }
    }
}
