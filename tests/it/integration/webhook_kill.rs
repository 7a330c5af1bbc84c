use std::collections::BTreeSet;

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::nodes::until;
use tests::process::Service;
use tests::webhook::add_warehouse;
use tests::webhook_receiver::Receiver;

const ROUNDS: usize = 3;
const EVENTS: usize = 40;

/// The ids of all events of warehouses in the feed.
async fn in_feed(of: &Client) -> BTreeSet<String> {
    let (mut ids, mut after) = (BTreeSet::new(), String::new());
    loop {
        let page = of.get(&format!("/v1/events?type=warehouse.created&limit=200{after}")).await.expect(200).json();
        let items: &Vec<Value> = page["items"].as_array().unwrap();
        if items.is_empty() {
            return ids;
        }
        ids.extend(items.iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        after = format!("&after={}", page["next_after"].as_str().unwrap());
    }
}

/// Every committed event is delivered at least once, and nothing else, however often the sender is killed.
// R33, T1
#[tokio::test]
async fn every_committed_event_is_delivered_although_the_service_is_killed() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let receivers = [Receiver::start().await, Receiver::start().await];
    for receiver in &receivers {
        company.webhook(receiver).await;
    }
    let (url, secret) = (app.database_url.clone(), app.config().secret_key.clone().unwrap());
    drop(app);
    let variables = [
        ("TORG_DATABASE_URL", url.as_str()),
        ("TORG_SECRET_KEY", secret.expose_secret()),
        ("TORG_WEBHOOK_ALLOWED_NETWORKS", "[\"127.0.0.0/8\"]"),
    ];
    let count = async |query: &str| tests::database::count(&url, query).await;
    for round in 0..ROUNDS {
        let service = Service::start(&variables).await;
        let owner = service.client().with_token(company.owner.token());
        for _ in 0..EVENTS {
            add_warehouse(&owner).await;
        }
        // It dies as soon as some have arrived, ever later.
        let some = round * EVENTS + 1 + round * 10;
        until(async || receivers[0].received().len() >= some).await;
        service.kill().await;
        // What a dead node has leased another one takes when that has ended: time that nobody waits for here.
        let mut connection = tests::database::connect(&url).await;
        let ended = "UPDATE webhook_sending SET leased_until = '2000-01-01' WHERE lease IS NOT NULL";
        diesel_async::SimpleAsyncConnection::batch_execute(&mut connection, ended).await.unwrap();
    }
    let service = Service::start(&variables).await;
    let owner = service.client().with_token(company.owner.token());
    let committed = in_feed(&owner).await;
    assert_eq!(committed.len(), ROUNDS * EVENTS);
    for receiver in &receivers {
        let ids = || -> BTreeSet<String> {
            receiver.received().iter().map(|one| one.header("webhook-id").to_owned()).collect()
        };
        until(async || ids().len() >= committed.len()).await;
        assert_eq!(ids(), committed);
    }
    let open = "SELECT count(*) FROM webhook_delivery WHERE state <> 'delivered'";
    until(async || count(open).await == 0).await;
    service.kill().await;
}

/// An event whose transaction was rolled back was never there.
// R33
#[tokio::test]
async fn what_was_refused_is_never_delivered() {
    let (app, receiver) = (TestApp::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    company.webhook(&receiver).await;
    let name = json!({"name": "The same"});
    company.owner.post("/v1/warehouses", name.clone()).await.expect(201);
    company.owner.post("/v1/warehouses", name).await.expect(409);
    company.add_warehouse().await;
    receiver.until(2).await;
    assert_eq!(receiver.kinds(), ["warehouse.created", "warehouse.created"]);
}
