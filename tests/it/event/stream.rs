use std::time::Duration;

use futures::StreamExt;
use reqwest::Method;
use serde_json::Value;
use tests::app::TestApp;
use tests::client::Client;

use super::feed::add_account;

/// A reader of the stream: what has arrived and was not read yet.
struct Listener {
    response: reqwest::Response,
    text: String,
}

/// An event as it came over the stream.
#[derive(Debug, PartialEq)]
struct Heard {
    id: String,
    kind: String,
    data: Value,
}

impl Listener {
    async fn connect(of: &Client, query: &str, last: Option<&str>) -> Self {
        let mut request = of.request(Method::GET, &format!("/v1/events/stream{query}"));
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new() }
    }

    /// The next event; none when the stream has ended.
    async fn next(&mut self) -> Option<Heard> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
                if let Some(id) = field("id: ") {
                    let data = serde_json::from_str(&field("data: ").unwrap()).unwrap();
                    return Some(Heard { id, kind: field("event: ").unwrap(), data });
                }
            }
            let chunk = tokio::time::timeout(Duration::from_secs(10), self.response.chunk()).await;
            let chunk = chunk.expect("something comes in time").expect("the stream is whole")?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    async fn take(&mut self, count: usize) -> Vec<Heard> {
        futures::stream::unfold(self, async |one| Some((one.next().await.expect("an event"), one)))
            .take(count)
            .collect()
            .await
    }
}

// R42
#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off_without_gap_or_repeat() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let mut listener = Listener::connect(&company.owner, "", None).await;
    let first = listener.take(2).await;
    assert_eq!(first[1].kind, "organisation.verified");
    assert_eq!(first[1].data["subject"]["id"], company.id);
    add_account(&company).await;
    let live = listener.take(1).await;
    assert_eq!(live[0].kind, "bank_account.added");
    drop(listener);
    add_account(&company).await;
    add_account(&company).await;
    let mut resumed = Listener::connect(&company.owner, "?after=now", Some(&first[1].id)).await;
    let rest = resumed.take(3).await;
    assert_eq!(rest[0], live[0]);
    let mut again = Listener::connect(&company.owner, &format!("?after={}", rest[1].id), None).await;
    assert_eq!(again.take(1).await[0], rest[2]);
    let mut some = Listener::connect(&company.owner, "?type=organisation.verified", None).await;
    assert_eq!(some.take(1).await[0].data, first[1].data);
    let listed = company.owner.get(&format!("/v1/events?after={}", rest[0].id)).await.expect(200).json();
    assert_eq!(listed["items"][1], rest[2].data);
}

// S10
#[tokio::test]
async fn a_stream_ends_when_its_reader_may_not_read_any_more() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let mut listener = Listener::connect(&company.owner, "", None).await;
    listener.take(2).await;
    company.owner.delete("/v1/sessions/current").await.expect(204);
    assert_eq!(listener.next().await, None);
    company.owner.get("/v1/events/stream").await.problem(401, "invalid-token");
}

// R45
#[tokio::test]
async fn a_stream_ends_when_the_service_stops() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let mut listener = Listener::connect(&company.owner, "", None).await;
    listener.take(2).await;
    app.shared.stopping.cancel();
    assert_eq!(listener.next().await, None);
}
