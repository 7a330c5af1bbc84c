//! What companies are told in their feeds of events.

use serde_json::Value;

use crate::app::TestApp;
use crate::client::Client;

/// The events of a kind that somebody was told, in their order, once there are so many. What a call has made is in the feed a moment later:
/// when no older transaction runs any more, be it one of another test.
pub async fn told(app: &TestApp, by: &Client, kind: &str, count: usize) -> Vec<Value> {
    let path = format!("/v1/events?limit=200&type={kind}");
    let items = async || by.get(&path).await.expect(200).json()["items"].as_array().expect("events").clone();
    app.until(async || items().await.len() >= count).await;
    items().await
}
