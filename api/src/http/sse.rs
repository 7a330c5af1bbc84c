//! Server-Sent Events (WHATWG HTML, section 9.2): what streams are made of, and the answer that carries them.

use std::convert::Infallible;
use std::future::ready;

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};

/// How soon a reader whose connection broke off shall connect again.
const BEGIN: &[u8] = b": torg\nretry: 1000\n\n";

/// What happened, as it is told to a reader of a stream.
#[derive(Debug, Clone)]
pub struct Message {
    /// Where the reader goes on after this.
    pub id: String,
    pub event: String,
    /// JSON on one line.
    pub data: String,
}

/// What a stream sends at once.
pub enum Part {
    Messages(Vec<Message>),
    /// Nothing, so that both ends and all between them know that the other one is there.
    Beat,
}

impl Part {
    fn into_bytes(self) -> Bytes {
        let Self::Messages(messages) = self else { return Bytes::from_static(b":\n\n") };
        let text =
            |message: &Message| format!("id: {}\nevent: {}\ndata: {}\n\n", message.id, message.event, message.data);
        Bytes::from(messages.iter().map(text).collect::<String>())
    }
}

/// The answer, whose head goes out at once, however long nothing happens.
pub fn answer(parts: impl Stream<Item = Part> + 'static) -> HttpResponse {
    let begin = stream::once(ready(Bytes::from_static(BEGIN)));
    let body = begin.chain(parts.map(Part::into_bytes)).map(Ok::<_, Infallible>);
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(body)
}
