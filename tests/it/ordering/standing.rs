use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::market::Offered;
use tests::trade::Trade;

/// Bolts by the day, from today on.
fn bolts(app: &TestApp, trade: &Trade, bolt: &Offered, mode: &str, quantity: &str) -> Value {
    json!({"name": "Bolts", "portal_id": trade.market.portal_id, "currency": "EUR", "mode": mode, "lead_days": 3,
        "schedule": {"period": "day", "interval": 2, "first_on": today(app)}, "buyer_reference": "SO-1",
        "lines": [{"offer_id": bolt.offer_id, "quantity": {"value": quantity, "unit": "C62"}}]})
}

fn today(app: &TestApp) -> chrono::NaiveDate {
    app.shared.clock.now().date_naive()
}

async fn set_up(of: &Client, body: Value) -> String {
    format!("/v1/standing-orders/{}", of.post("/v1/standing-orders", body).await.expect(201).id())
}

/// What became of its days, as soon as there are so many.
async fn runs(app: &TestApp, of: &Client, standing: &str, count: usize) -> Vec<Value> {
    let read = async || of.get(standing).await.expect(200).json()["runs"].as_array().expect("runs").clone();
    app.until(async || read().await.len() >= count).await;
    read().await
}

/// So many days pass.
async fn days_pass(app: &TestApp, days: i32) {
    app.sql(&format!(
        "UPDATE standing_order_run SET due_on = due_on - {days};
         UPDATE standing_order SET first_on = first_on - {days}, next_on = next_on - {days};
         UPDATE timer SET due_at = due_at - interval '{days} days' WHERE kind = 'standing_order.due'"
    ))
    .await;
}

#[tokio::test]
async fn a_standing_order_orders_on_its_days_each_once_at_the_prices_of_the_day() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let buyer = &trade.buyer.owner;
    let standing = set_up(buyer, bolts(&app, &trade, &bolt, "order", "5")).await;
    let first = runs(&app, buyer, &standing, 1).await;
    let order =
        buyer.get(&format!("/v1/orders/{}", first[0]["order_ids"][0].as_str().unwrap())).await.expect(200).json();
    assert_eq!((&order["state"], &order["total"]["amount"]), (&json!("placed"), &json!("10.00")));
    assert_eq!(order["requested_date"], json!(today(&app) + chrono::TimeDelta::days(3)));
    assert_eq!(order["buyer_reference"], "SO-1");
    let next = buyer.get(&standing).await.expect(200).json()["next_on"].clone();
    assert_eq!(next, json!(today(&app) + chrono::TimeDelta::days(2)));
    // Dearer on the next day; of days that were missed there is one order.
    let offer = format!("/v1/portals/{}/offers/{}", trade.market.slug, bolt.offer_id);
    let dearer = json!({"tiers": [{"from": "1", "unit_price": {"amount": "3.00", "currency": "EUR"}}]});
    trade.seller.owner.edit(&offer, dearer).await.expect(200);
    days_pass(&app, 7).await;
    let second = runs(&app, buyer, &standing, 2).await;
    let order =
        buyer.get(&format!("/v1/orders/{}", second[0]["order_ids"][0].as_str().unwrap())).await.expect(200).json();
    assert_eq!(order["total"]["amount"], "15.00");
    let found = buyer.get(&standing).await.expect(200).json();
    assert_eq!(found["next_on"], json!(today(&app) + chrono::TimeDelta::days(1)));
    // A change on the day does not order for the day again.
    buyer.edit(&standing, json!({"schedule": {"interval": 1, "first_on": today(&app)}})).await.expect(200);
    assert_eq!(buyer.get(&standing).await.expect(200).json()["next_on"], found["next_on"]);
    assert_eq!(app.count("SELECT count(*) FROM purchase_order").await, 2);
    let etag = buyer.etag(&standing).await;
    buyer.delete_if(&standing, &etag).await.expect(204);
    assert_eq!(app.count("SELECT count(*) FROM timer WHERE kind = 'standing_order.due'").await, 0);
}

#[tokio::test]
async fn what_cannot_be_ordered_is_told_to_the_owner_and_the_next_day_tries_again() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "4", &[("1", "2.00")]).await;
    let anna = app.colleague(&trade.buyer, &["buyer"]).await;
    let standing = set_up(&anna.client, bolts(&app, &trade, &bolt, "order", "5")).await;
    let first = runs(&app, &anna.client, &standing, 1).await;
    assert_eq!((&first[0]["problem"], &first[0]["order_ids"]), (&json!("out-of-stock"), &json!([])), "{first:?}");
    let mails = app.mails_to(&anna.email, 2).await;
    assert!(mails.iter().any(|mail| mail.contains("Standing order Bolts: nothing ordered")), "{mails:?}");
    let (seller, stock) = (&trade.seller.owner, format!("/v1/products/{}/stock", bolt.product_id));
    seller.put_if(&stock, &seller.etag(&stock).await, json!({"on_hand": "10"})).await.expect(200);
    days_pass(&app, 2).await;
    assert_eq!(runs(&app, &anna.client, &standing, 2).await[0]["problem"], Value::Null);
    // Who does not belong to the company any more orders nothing in its name.
    let owner = &trade.buyer.owner;
    let member = trade.buyer.member(&anna.id);
    let etag = owner.etag(&member).await;
    owner.delete_if(&member, &etag).await.expect(204);
    days_pass(&app, 2).await;
    assert_eq!(runs(&app, owner, &standing, 3).await[0]["problem"], "forbidden");
    assert_eq!(owner.get(&standing).await.expect(200).json()["paused"], true);
    // They hear nothing of it.
    let told = app.count("SELECT count(*) FROM mail WHERE subject LIKE 'Standing order%'").await;
    assert_eq!(told, 1);
    assert_eq!(app.count("SELECT count(*) FROM purchase_order").await, 1);
}

// S1
#[tokio::test]
async fn a_standing_order_is_its_owners_and_orders_only_what_the_owner_said() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let (anna, boris) =
        (app.person(&trade.buyer, &["buyer"]).await.owner, app.person(&trade.buyer, &["buyer"]).await.owner);
    let mut body = bolts(&app, &trade, &bolt, "draft", "5");
    body["schedule"] = json!({"period": "month", "first_on": "2099-01-31"});
    let standing = set_up(&anna, body.clone()).await;
    boris.get(&standing).await.problem(404, "not-found");
    assert_eq!(boris.get("/v1/standing-orders").await.expect(200).json()["items"], json!([]));
    // An owner pauses it, and says nothing in Anna's name.
    let owner = &trade.buyer.owner;
    owner.edit(&standing, json!({"lead_days": 9})).await.problem(403, "forbidden");
    owner.edit(&standing, json!({"paused": true})).await.expect(200);
    anna.edit(&standing, json!({"paused": false, "lead_days": 9})).await.expect(200);
    assert_eq!(anna.get(&standing).await.expect(200).json()["next_on"], "2099-01-31");
    // It is paused also when what it orders is no longer offered.
    let withdraw = format!("/v1/portals/{}/offers/{}/withdraw", trade.market.slug, bolt.offer_id);
    trade.seller.owner.post(&withdraw, json!({})).await.expect(200);
    anna.edit(&standing, json!({"paused": true})).await.expect(200);
    body["schedule"] = json!({"period": "month", "first_on": "2020-01-31", "last_on": "2019-01-01"});
    body["cost_centre_id"] = json!(trade.market.portal_id);
    body["lines"][0]["offer_id"] = json!(trade.market.portal_id);
    assert_eq!(
        anna.post("/v1/standing-orders", body.clone()).await.faults(),
        ["/cost_centre_id unknown_cost_centre", "/lines/0/offer_id not_offered", "/schedule/last_on before_start"]
    );
}
