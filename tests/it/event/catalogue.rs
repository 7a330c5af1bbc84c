//! The catalogue of events as readers of the feed and makers of receivers know it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::app::TestApp;

use super::feed::add_account;

/// `OrderConfirmedEvent` of `order.confirmed`.
fn schema_name(kind: &str) -> String {
    let words = kind.split(['.', '_']).map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect::<String>() + "Event"
}

#[tokio::test]
async fn anybody_reads_which_events_there_are_and_what_they_say() {
    let app = TestApp::start().await;
    let document = api::server::document();
    let listed = app.anonymous().get("/v1/event-types").await.expect(200).json();
    let items = listed["items"].as_array().unwrap();
    let names: BTreeSet<&str> = items.iter().filter_map(|one| one["type"].as_str()).collect();
    let webhooks = document["webhooks"].as_object().unwrap();
    assert_eq!(names, webhooks.keys().map(String::as_str).collect());
    for one in items {
        let kind = one["type"].as_str().unwrap();
        let schema = &document["components"]["schemas"][schema_name(kind)];
        assert_eq!(schema["properties"]["type"]["const"], kind);
        assert_eq!(schema["properties"]["subject"]["properties"]["kind"]["const"], one["subject_kind"]);
        assert_eq!(schema["description"], one["description"]);
        assert_eq!(schema["properties"]["data"]["required"], one["data"]["required"], "{kind}");
        jsonschema::draft202012::new(&one["data"]).unwrap();
    }
    let told = items.iter().find(|one| one["type"] == "order.placed").unwrap();
    assert_eq!(told["data"]["properties"]["total"]["required"], json!(["amount", "currency"]));
}

// R35
#[tokio::test]
async fn all_events_of_a_trade_are_as_their_schemas_say() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offered = trade.market.offer(&trade.seller.owner, "100", &[("1", "3.33")]).await;
    let invoice = trade.invoice(&[(&offered, "2")]).await;
    trade.paid(invoice["gross"]["amount"].as_str().unwrap(), Some(&invoice)).await;
    let document = api::server::document();
    let read = async || trade.buyer.owner.get("/v1/events?limit=200").await.expect(200).json();
    let items = |feed: &Value| feed["items"].as_array().unwrap().clone();
    app.until(async || items(&read().await).iter().any(|event| event["type"] == "invoice.paid")).await;
    let mut kinds = BTreeSet::new();
    for event in items(&read().await) {
        let kind = event["type"].as_str().unwrap();
        let name = schema_name(kind);
        let schema = json!({"$ref": format!("#/components/schemas/{name}"), "components": document["components"]});
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let faults: Vec<String> = validator.iter_errors(&event).map(|error| error.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new(), "{event}");
        kinds.insert(kind.to_owned());
    }
    for kind in ["order.placed", "order.confirmed", "contract.signed", "delivery.received", "invoice.issued"] {
        assert!(kinds.contains(kind), "{kinds:?}");
    }
}

#[tokio::test]
async fn the_feed_is_narrowed_to_a_portal_and_to_a_thing() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offered = trade.market.offer(&trade.seller.owner, "100", &[("1", "3.33")]).await;
    trade.market.place(&trade.buyer.owner, &offered, "2").await;
    let of = &trade.buyer.owner;
    let read = async |filter: &str| -> Vec<Value> {
        let feed = of.get(&format!("/v1/events?limit=200&{filter}")).await.expect(200).json();
        feed["items"].as_array().unwrap().clone()
    };
    app.until(async || !read("type=order.placed").await.is_empty()).await;
    let placed = read("type=order.placed").await.remove(0);
    let (portal, order) = (placed["portal_id"].as_str().unwrap(), placed["subject"]["id"].as_str().unwrap());
    let there = read(&format!("portal_id={portal}")).await;
    assert!(there.contains(&placed) && there.iter().all(|one| one["portal_id"] == portal));
    assert!(there.len() < read("").await.len(), "what belongs to no portal is left out");
    let about = read(&format!("subject_id={order}")).await;
    assert!(about.contains(&placed) && about.iter().all(|one| one["subject"]["id"] == order));
    let nowhere = "0190b5a0-0000-7000-8000-000000000001";
    assert_eq!(read(&format!("portal_id={nowhere}")).await, Vec::<Value>::new());
    // R11
    of.get("/v1/events?portal_id=x").await.problem(400, "invalid-query");
    of.get("/v1/events?portal=x").await.problem(400, "invalid-query");
    add_account(&trade.buyer).await;
    let path = format!("/v1/events/stream?subject_id={order}");
    let mut listener = tests::sse::Listener::connect(of, &path, None).await;
    assert_eq!(listener.take(1).await[0].data, about[0]);
}
