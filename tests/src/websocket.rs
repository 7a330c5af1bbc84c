//! A client for WebSockets.

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::client::Client;

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Connects as a client with its token, or without one.
    pub async fn open(by: &Client, path: &str, token: Option<&str>) -> Self {
        let mut request = by.url(path).replacen("http", "ws", 1).into_client_request().expect("a request");
        if let Some(token) = token {
            let bearer = format!("Bearer {token}").parse().expect("a header");
            request.headers_mut().insert(AUTHORIZATION, bearer);
        }
        Self(connect_async(request).await.expect("a connection").0)
    }

    pub async fn say(&mut self, what: Value) {
        self.text(&what.to_string()).await;
    }

    pub async fn text(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.expect("it is sent");
    }

    /// The next message; none where the other side has closed, or is gone.
    pub async fn hear(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await?.ok()? {
                Message::Text(text) => return Some(serde_json::from_str(&text).expect("JSON")),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// Says something, and gives what comes next.
    pub async fn ask(&mut self, what: Value) -> Value {
        self.say(what).await;
        self.hear().await.expect("an answer")
    }

    /// The next message of that type.
    pub async fn until(&mut self, kind: &str) -> Value {
        loop {
            let heard = self.hear().await.expect("a message");
            if heard["type"] == kind {
                return heard;
            }
        }
    }
}
