use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};

async fn product(seller: &Client) -> String {
    let body = json!({"product": {"sku": "A", "name": {"en": "Thing"}, "base_unit": "C62", "tax": {"category": "S", "rate": "19"}}});
    format!("/v1/products/{}", seller.post("/v1/products", body).await.expect(201).id())
}

async fn get_unless(client: &Client, path: &str, tag: &str) -> Answer {
    client.send(client.request(Method::GET, path).header("If-None-Match", tag)).await
}

/// The version in a tag.
fn version(etag: &str) -> u32 {
    etag.trim_matches('"').split('.').next().unwrap().parse().unwrap()
}

// R17
#[tokio::test]
async fn who_has_the_current_version_gets_304_and_no_body() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let path = product(&seller).await;
    let first = seller.get(&path).await.expect(200);
    let tag = first.etag();
    assert!(tag.starts_with('"') && tag.ends_with('"') && !tag.starts_with("W/"), "{tag}");
    for known in [tag.clone(), format!("\"other\", {tag}")] {
        let answer = get_unless(&seller, &path, &known).await.expect(304);
        assert_eq!((answer.text.as_str(), answer.etag()), ("", tag.clone()));
        assert!(!answer.headers.contains_key("content-type") && answer.headers.contains_key("cache-control"));
    }
    get_unless(&seller, &path, "\"other\"").await.expect(200);
    seller.patch_if(&path, &tag, json!({"name": {"en": "Better thing"}})).await.expect(200);
    let changed = get_unless(&seller, &path, &tag).await.expect(200);
    assert_eq!(version(&changed.etag()), version(&tag) + 1);
}

// R18
#[tokio::test]
async fn a_change_without_the_version_is_428_and_of_a_stale_one_412() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let path = product(&seller).await;
    let tag = seller.etag(&path).await;
    let stock = format!("{path}/stock");
    for (method, path) in [(Method::PATCH, &path), (Method::DELETE, &path), (Method::PUT, &stock)] {
        let body = if method == Method::PUT { r#"{"on_hand": "1"}"# } else { "{}" };
        let request = || seller.request(method.clone(), path).header("Content-Type", "application/json").body(body);
        seller.send(request()).await.problem(428, "precondition-required");
        for stale in ["\"99.000000000000\"", "*", "W/\"1.0\"", "1", "\"\"", "\"x\""] {
            seller.send(request().header("If-Match", stale)).await.problem(412, "precondition-failed");
        }
    }
    assert_eq!(seller.etag(&path).await, tag);
    seller.delete_if(&path, &tag).await.expect(204);
}

// R19
#[tokio::test]
async fn of_twenty_writers_with_the_same_version_one_wins() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let path = product(&seller).await;
    let tag = seller.etag(&path).await;
    let patches: Vec<Value> = (0..20).map(|n| json!({"name": {"en": format!("Thing {n}")}})).collect();
    let answers = join_all(patches.iter().map(|patch| seller.patch_if(&path, &tag, patch.clone()))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 19));
    for answer in lost {
        answer.problem(412, "precondition-failed");
    }
    let now = seller.get(&path).await.expect(200);
    assert_eq!((version(&now.etag()), &now.json()["name"]), (version(&tag) + 1, &won[0].json()["name"]));
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type = 'product.changed'").await, 1);
}

// R20
#[tokio::test]
async fn a_step_that_the_state_does_not_allow_is_409_every_time() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offer = trade.market.offer(&trade.seller.owner, "10", &[("1", "2.00")]).await;
    let order = trade.market.place(&trade.buyer.owner, &offer, "1").await;
    let step = async |client: &Client, verb: &str| client.post(&format!("/v1/orders/{order}/{verb}"), json!({})).await;
    step(&trade.buyer.owner, "cancel").await.expect(200);
    let events = app.count("SELECT count(*) FROM event").await;
    for (client, verb) in [
        (&trade.buyer.owner, "cancel"),
        (&trade.buyer.owner, "submit"),
        (&trade.seller.owner, "confirm"),
        (&trade.seller.owner, "decline"),
    ] {
        step(client, verb).await.problem(409, "wrong-state");
    }
    assert_eq!(app.count("SELECT count(*) FROM event").await, events);
}

// R44
#[tokio::test]
async fn digits_and_times_survive_the_round_trip() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let fine = json!({"order_multiple": "0.000001"});
    let offer = trade.market.offer_with(&trade.seller.owner, "1000000.123456", &[("1", "0.123456")], fine).await;
    let path = format!("/v1/portals/{}/offers/{}", trade.market.slug, offer.offer_id);
    let read = trade.seller.owner.get(&path).await.expect(200).json();
    assert_eq!(read["tiers"][0]["unit_price"], json!({"amount": "0.123456", "currency": "EUR"}));
    let stock = trade.seller.owner.get(&format!("/v1/products/{}/stock", offer.product_id)).await.expect(200).json();
    assert_eq!(stock["on_hand"], "1000000.123456");
    let order = trade
        .buyer
        .owner
        .post("/v1/orders", trade.market.order(&[(&offer, "3.000001")], true))
        .await
        .expect(201)
        .json();
    let order = &order["orders"][0];
    assert_eq!(order["lines"][0]["quantity"]["value"], "3.000001");
    assert_eq!(order["total"], json!({"amount": "0.37", "currency": "EUR"}));
    for name in ["created_at", "placed_at", "expires_at"] {
        let text = order[name].as_str().unwrap_or_else(|| panic!("{name}: {order}"));
        let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_eq!(shape, "0000-00-00T00:00:00.000000Z", "{name}");
    }
}
