//! What is said over the WebSocket. All messages are JSON texts.

use domain::kernel::InstrumentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::problem::{Problem, ProblemDocument};
use crate::http::sse::Message;

/// What a client asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MarketDataRequest)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum RequestDto {
    /// Says who asks from here on: for clients that cannot send a header, and again before an access token ends.
    Authenticate {
        token: String,
    },
    /// Book, trades and phases of an instrument, from a snapshot on, or from where an earlier stream broke off.
    Subscribe {
        #[schema(value_type = Uuid)]
        instrument_id: InstrumentId,
        last_event_id: Option<String>,
    },
    Unsubscribe {
        #[schema(value_type = Uuid)]
        instrument_id: InstrumentId,
    },
    /// What happens to your organisation's orders on the exchange of a portal. With `cancel_on_disconnect` all of them are cancelled when
    /// this subscription ends, in whatever way.
    SubscribeOrders {
        /// Id or slug.
        portal: String,
        last_event_id: Option<String>,
        #[serde(default)]
        cancel_on_disconnect: bool,
    },
    UnsubscribeOrders {
        portal: String,
    },
}

/// What is subscribed to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[schema(as = MarketDataChannel)]
#[serde(rename_all = "snake_case")]
pub enum ChannelDto {
    #[schema(value_type = Uuid)]
    InstrumentId(InstrumentId),
    /// The exchange of a portal, as it was named.
    Portal(String),
}

/// What the server says beside what happens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MarketDataReply)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ReplyDto {
    Authenticated {
        organisation_id: Option<Uuid>,
    },
    Subscribed {
        #[serde(flatten)]
        channel: ChannelDto,
    },
    Unsubscribed {
        #[serde(flatten)]
        channel: ChannelDto,
    },
    /// The stream has ended: the market has moved, or you may not read it any more. Subscribe again with the last `id`.
    StreamEnded {
        #[serde(flatten)]
        channel: ChannelDto,
    },
    /// What was asked for is refused; the connection goes on.
    Refused {
        /// What it is about, where it could be read.
        #[serde(flatten)]
        channel: Option<ChannelDto>,
        problem: ProblemDocument,
    },
}

impl ReplyDto {
    pub fn refused(channel: Option<ChannelDto>, problem: &Problem, request_id: &str) -> Self {
        Self::Refused { channel, problem: problem.document(super::routes::PATH, request_id) }
    }

    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A message of a stream, such as `{"type": "trade", "instrument_id": "…", "id": "17.2", "data": {…}}`.
pub fn told(channel: &ChannelDto, message: &Message) -> String {
    let Message { id, event, data } = message;
    let (name, of) = match channel {
        ChannelDto::InstrumentId(id) => ("instrument_id", id.to_string()),
        ChannelDto::Portal(portal) => ("portal", portal.clone()),
    };
    let of = serde_json::Value::from(of);
    format!(r#"{{"type":"{event}","{name}":{of},"id":"{id}","data":{data}}}"#)
}
