//! Events in JSON.

use infra::event::{AuditRow, EventRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::Time;

/// Which part of the feed is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FeedQuery {
    /// The position behind which to go on: `next_after` of the answer before. `now` for what happens from now on; without it, from
    /// the beginning.
    pub after: Option<String>,
    /// Only events of these types, separated by commas, such as `order.placed,order.confirmed`.
    #[serde(rename = "type")]
    #[param(rename = "type", max_length = 1000)]
    pub kind: Option<String>,
    /// Only events of this portal.
    pub portal_id: Option<Uuid>,
    /// Only events about this thing.
    pub subject_id: Option<Uuid>,
    /// How many events to give: 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// Where a stream begins.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StreamQuery {
    /// The position behind which to begin: an `id` of the stream, `next_after` of the list, or `now`; without it, from the beginning.
    /// The header `Last-Event-ID` goes first.
    pub after: Option<String>,
    /// Only events of these types, separated by commas.
    #[serde(rename = "type")]
    #[param(rename = "type", max_length = 1000)]
    pub kind: Option<String>,
    /// Only events of this portal.
    pub portal_id: Option<Uuid>,
    /// Only events about this thing.
    pub subject_id: Option<Uuid>,
}

/// Which events of the audit log are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Only events about this thing.
    pub subject_id: Option<Uuid>,
    /// Only events of this type.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    pub kind: Option<String>,
    /// How many events to give: 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// Where to go on: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event, example = json!({"id": "0190b5a0-0000-7000-8000-000000000001", "type": "order.confirmed",
    "at": "2026-11-23T08:00:00.000000Z", "subject": {"kind": "order", "id": "0190b5a0-0000-7000-8000-000000000002", "version": 3},
    "portal_id": "0190b5a0-0000-7000-8000-000000000003", "schema_version": 1, "data": {"number": "PO-000123"}}))]
pub struct EventDto {
    pub id: Uuid,
    #[serde(rename = "type")]
    pub kind: String,
    pub at: Time,
    pub subject: SubjectDto,
    pub portal_id: Option<Uuid>,
    /// Grows when `data` of this type changes its meaning.
    pub schema_version: i16,
    /// What else is to be said, by type.
    #[schema(value_type = Object)]
    pub data: Value,
}

/// What an event is about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventSubject)]
pub struct SubjectDto {
    pub kind: String,
    pub id: Uuid,
    /// The version of the thing after it happened.
    pub version: i64,
}

/// A part of the feed, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventFeed)]
pub struct FeedDto {
    pub items: Vec<EventDto>,
    /// Give this as `after` to go on, also when there is nothing new at the moment.
    pub next_after: String,
}

/// A type of events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventType, example = json!({"type": "person.changed", "subject_kind": "person", "description": "A person has changed what is known \
    of them.", "data": {"type": "object", "properties": {}, "required": []}}))]
pub struct EventTypeDto {
    /// Such as `order.confirmed`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of thing that it is about.
    pub subject_kind: String,
    /// What has happened.
    pub description: String,
    /// The JSON Schema of `data`. Members may be added to it.
    #[schema(value_type = Object)]
    pub data: Value,
}

/// All types of events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventTypes)]
pub struct EventTypesDto {
    pub items: Vec<EventTypeDto>,
}

/// An event with who caused it, for the operator.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub struct AuditDto {
    pub id: Uuid,
    #[serde(rename = "type")]
    pub kind: String,
    pub at: Time,
    pub subject: SubjectDto,
    pub portal_id: Option<Uuid>,
    pub schema_version: i16,
    #[schema(value_type = Object)]
    pub data: Value,
    /// The person or API client; none where the service itself did it.
    pub actor_id: Option<Uuid>,
    pub request_id: Option<String>,
}

impl From<EventRow> for EventDto {
    fn from(row: EventRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            at: row.at.into(),
            subject: SubjectDto { kind: row.subject_kind, id: row.subject_id, version: row.subject_version },
            portal_id: row.portal_id,
            schema_version: row.schema_version,
            data: row.data,
        }
    }
}

impl From<AuditRow> for AuditDto {
    fn from(row: AuditRow) -> Self {
        let event = EventDto::from(row.event);
        Self {
            id: event.id,
            kind: event.kind,
            at: event.at,
            subject: event.subject,
            portal_id: event.portal_id,
            schema_version: event.schema_version,
            data: event.data,
            actor_id: row.actor_id,
            request_id: row.request_id,
        }
    }
}
