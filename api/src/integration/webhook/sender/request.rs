//! The request that is sent for an event: always the same body and id, with the time and signature of each attempt.

use infra::Failure;
use infra::event::EventRow;
use serde::Serialize;
use uuid::Uuid;

use crate::event::dto::EventDto;
use crate::http::dto::Time;

pub const USER_AGENT: &str = "Torg-Webhooks/1";

/// An event as it is sent.
#[derive(Serialize)]
struct Payload {
    #[serde(rename = "type")]
    kind: String,
    timestamp: Time,
    data: EventDto,
}

/// The bytes of the body.
pub fn body(event: EventRow) -> Result<Vec<u8>, Failure> {
    let payload = Payload { kind: event.kind.clone(), timestamp: event.at.into(), data: EventDto::from(event) };
    serde_json::to_vec(&payload).map_err(Failure::broken)
}

/// The headers of an attempt.
pub fn headers(event: Uuid, timestamp: i64, signature: &str) -> [(&'static str, String); 5] {
    [
        ("content-type", "application/json".to_owned()),
        ("user-agent", USER_AGENT.to_owned()),
        ("webhook-id", event.to_string()),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signature.to_owned()),
    ]
}
