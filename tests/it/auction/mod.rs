//! Auctions: what is put together and settled, and how they run: every format by a worked example, what bad bids get, histories, streams,
//! and several nodes.

mod bidder;
mod deposit;
mod draft;
mod dutch;
mod english;
mod faults;
mod hosts;
mod hybrid;
mod kill;
mod offer;
mod question;
mod relist;
mod sealed;
mod settlement;
mod stream;
mod surplus;
mod units;

use serde_json::Value;
use tests::app::TestApp;
use tests::feed;
use tests::given::Company;

/// The events of a kind that a company was told, in their order, once there are some.
async fn told(app: &TestApp, company: &Company, kind: &str) -> Vec<Value> {
    feed::told(app, &company.owner, kind, 1).await.into_iter().map(|event| event["data"].clone()).collect()
}
