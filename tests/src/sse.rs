//! A reader of Server-Sent Events.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::client::Client;

/// A stream that is read: what has arrived and was not looked at yet.
pub struct Listener {
    response: reqwest::Response,
    text: String,
}

/// An event as it came over the stream.
#[derive(Debug, PartialEq)]
pub struct Heard {
    pub id: String,
    pub kind: String,
    pub data: Value,
}

impl Listener {
    /// Begins to read, or goes on after the event of that id.
    pub async fn connect(of: &Client, path: &str, last: Option<&str>) -> Self {
        let mut request = of.request(Method::GET, path);
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new() }
    }

    /// The next event; none when the stream has ended.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
                if let Some(id) = field("id: ") {
                    let data = serde_json::from_str(&field("data: ").expect("data")).expect("JSON");
                    return Some(Heard { id, kind: field("event: ").expect("a kind"), data });
                }
            }
            let chunk = tokio::time::timeout(Duration::from_secs(10), self.response.chunk()).await;
            let chunk = chunk.expect("something comes in time").expect("the stream is whole")?;
            self.text.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }

    /// So many events.
    pub async fn take(&mut self, count: usize) -> Vec<Heard> {
        let mut heard = Vec::new();
        while heard.len() < count {
            heard.push(self.next().await.expect("an event"));
        }
        heard
    }
}

/// So many events of a stream, from its beginning or from where it broke off.
pub async fn read(of: &Client, path: &str, last: Option<&str>, count: usize) -> Vec<Heard> {
    Listener::connect(of, path, last).await.take(count).await
}
