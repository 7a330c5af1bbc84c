//! Requests for quotation: from the draft to the contract, with all that must not be seen, or not happen, on the way.

mod admission;
mod amendment;
mod approval;
mod auction_round;
mod award;
mod award_end;
mod comparison;
mod deadline;
mod demonstration;
mod draft;
mod envelope;
mod evaluation;
mod figures;
mod framework;
mod kill;
mod letter;
mod lines;
mod list;
mod mini_tender;
mod negotiation;
mod offer;
mod opening;
mod publish;
mod question;
mod quote;
mod ranking;
mod round;
mod secrecy;
mod subscription;
mod supplier;
mod template;

use serde_json::Value;
use tests::app::TestApp;
use tests::client::Client;
use tests::feed;
pub use tests::sourcing::column;
use tests::sourcing::{id_of, items};

/// What the events of a kind said that somebody was told, in their order, once there are some.
async fn told(app: &TestApp, by: &Client, kind: &str) -> Vec<Value> {
    feed::told(app, by, kind, 1).await.into_iter().map(|event| event["data"].clone()).collect()
}

/// The types of the events about a request that somebody hears of.
async fn heard(by: &Client, rfq: &str) -> Vec<String> {
    let all = items(by, "/v1/events?limit=200").await;
    let own = all.iter().filter(|one| one["subject"]["id"] == id_of(rfq));
    own.map(|one| one["type"].as_str().expect("a type").to_owned()).collect()
}
