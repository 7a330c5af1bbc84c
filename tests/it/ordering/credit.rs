use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::trade::{Trade, sign};

/// Gives the buyer of a trade credit in euros, and the path of the line.
pub async fn credit(trade: &Trade, limit: Option<&str>) -> String {
    let path = format!("/v1/organisations/{}/credit-lines", trade.seller.id);
    let body = json!({"buyer_id": trade.buyer.id, "currency": "EUR", "limit": limit, "payment_days": 14});
    format!("{path}/{}", trade.seller.owner.post(&path, body).await.expect(201).id())
}

pub async fn exposure(of: &Client, line: &str) -> String {
    of.get(line).await.expect(200).json()["exposure"]["amount"].as_str().expect("an amount").to_owned()
}

/// What happened to a line, the first thing first: kind, source and amount.
async fn entries(of: &Client, line: &str) -> Vec<String> {
    let found = of.get(&format!("{line}/entries")).await.expect(200).json();
    let text = |one: &Value| {
        let text = |key: &str| one[key].as_str().expect("a text").to_owned();
        format!("{} {} {}", text("kind"), text("source_kind"), one["amount"]["amount"].as_str().expect("an amount"))
    };
    found["items"].as_array().expect("items").iter().rev().map(text).collect()
}

fn path(order: &Value) -> String {
    format!("/v1/orders/{}", order["id"].as_str().expect("an id"))
}

// T7
#[tokio::test]
async fn two_orders_at_once_do_not_both_pass_the_limit() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    // 20 bolts at 2.00 with 19 % tax are 47.60; two such orders are over it.
    let line = credit(&trade, Some("90.00")).await;
    let bolts = [
        trade.market.offer(seller, "1000", &[("1", "2.00")]).await,
        trade.market.offer(seller, "1000", &[("1", "2.00")]).await,
    ];
    let order = |bolt| buyer.post("/v1/orders", trade.market.order(&[(bolt, "20")], true));
    let (one, other) = tokio::join!(order(&bolts[0]), order(&bolts[1]));
    let placed = [one.expect(201).json()["orders"][0].clone(), other.expect(201).json()["orders"][0].clone()];
    let held: Vec<&Value> = placed.iter().filter(|order| order["credit_hold"] == true).collect();
    assert_eq!(held.len(), 1);
    assert_eq!(exposure(seller, &line).await, "95.20");
    // Held: placed, its stock reserved, but not to be confirmed before the seller releases it.
    let held = path(held[0]);
    assert_eq!(seller.get(&held).await.expect(200).json()["state"], "placed");
    seller.post(&format!("{held}/confirm"), json!({})).await.problem(409, "credit-hold");
    buyer.post(&format!("{held}/release"), json!({})).await.problem(404, "not-found");
    seller.post(&format!("{held}/release"), json!({})).await.expect(200);
    seller.post(&format!("{held}/release"), json!({})).await.problem(409, "wrong-state");
    seller.post(&format!("{held}/confirm"), json!({})).await.expect(200);
    assert_eq!(
        app.count("SELECT count(*) FROM event WHERE type IN ('order.credit_held', 'order.credit_released')").await,
        2
    );
}

#[tokio::test]
async fn the_exposure_follows_orders_invoices_and_payments() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "1000", &[("1", "2.00")]).await;
    // What is open already counts from the beginning.
    let early = trade.market.place(buyer, &bolt, "10").await;
    let line = credit(&trade, None).await;
    assert_eq!(exposure(seller, &line).await, "23.80");
    seller.post(&format!("/v1/orders/{early}/decline"), json!({})).await.expect(200);
    assert_eq!(exposure(buyer, &line.replace(&trade.seller.id, &trade.buyer.id)).await, "0.00");
    let order = buyer.post("/v1/orders", trade.market.order(&[(&bolt, "10")], true)).await.expect(201).json();
    // The relation's days to pay, where the buyer names none.
    assert_eq!(order["orders"][0]["payment_days"], 14);
    let body = json!({"lines": [{"line_id": order["orders"][0]["lines"][0]["id"], "quantity": "5"}]});
    let confirm = format!("{}/confirm", path(&order["orders"][0]));
    let contract = seller.post(&confirm, body).await.expect(200).json()["contract_id"].as_str().unwrap().to_owned();
    assert_eq!(exposure(seller, &line).await, "11.90");
    for owner in [seller, buyer] {
        sign(owner, &contract).await.expect(200);
    }
    let delivery = seller.post(&format!("/v1/contracts/{contract}/deliveries"), json!({})).await.expect(201).id();
    buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
    let invoice = seller.post("/v1/invoices", json!({"contract_id": contract, "issue": true})).await.expect(201).json();
    assert_eq!(exposure(seller, &line).await, "11.90");
    trade.paid("10.00", Some(&invoice)).await;
    assert_eq!(exposure(seller, &line).await, "1.90");
    assert_eq!(
        entries(seller, &line).await,
        [
            "opening order 23.80",
            "ended order -23.80",
            "placed order 23.80",
            "confirmed order -11.90",
            "invoiced invoice 11.90",
            "invoiced order -11.90",
            "paid invoice -10.00"
        ]
    );
    let refused = app.sql_error("UPDATE credit_entry SET amount = 1").await;
    assert!(refused.contains("append-only"), "{refused}");
}

#[tokio::test]
async fn no_credit_limit_is_no_limit_of_zero() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "1000", &[("1", "2.00")]).await;
    let line = credit(&trade, None).await;
    let held = async || {
        let mut body = trade.market.order(&[(&bolt, "1")], true);
        body["payment_days"] = json!(7);
        let placed = buyer.post("/v1/orders", body).await.expect(201).json();
        assert_eq!(placed["orders"][0]["payment_days"], 7);
        placed["orders"][0]["credit_hold"] == true
    };
    assert_eq!(seller.get(&line).await.json()["limit"], Value::Null);
    assert!(!held().await);
    seller.edit(&line, json!({"limit": "0"})).await.expect(200);
    assert_eq!(seller.get(&line).await.json()["limit"]["amount"], "0.00");
    assert!(held().await);
    seller.edit(&line, json!({"limit": null, "state": "suspended"})).await.expect(200);
    assert!(held().await);
    seller.edit(&line, json!({"state": "active"})).await.expect(200);
    assert!(!held().await);
    assert_eq!(seller.edit(&line, json!({"limit": "-1"})).await.faults(), ["/limit negative"]);
    let again = json!({"buyer_id": trade.buyer.id, "currency": "EUR"});
    let lines = line.rsplit_once('/').unwrap().0.to_owned();
    seller.post(&lines, again).await.problem(409, "already-exists");
    let own = json!({"buyer_id": trade.seller.id, "currency": "USD"});
    assert_eq!(seller.post(&lines, own).await.faults(), ["/buyer_id unknown"]);
    // Credit in dollars says nothing of euros: an order in these is asked about.
    let dollars = trade.market.member(&app, "Dollars", &["buy"]).await;
    let body = json!({"buyer_id": dollars.id, "currency": "USD"});
    seller.post(&lines, body).await.expect(201);
    let placed = dollars.owner.post("/v1/orders", trade.market.order(&[(&bolt, "1")], true)).await.expect(201).json();
    assert_eq!(placed["orders"][0]["credit_hold"], true);
}

#[tokio::test]
async fn an_order_that_is_placed_while_credit_is_given_binds_it() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "1000", &[("1", "2.00")]).await;
    let lines = format!("/v1/organisations/{}/credit-lines", trade.seller.id);
    for name in ["First", "Second", "Third"] {
        let buyer = trade.market.member(&app, name, &["buy"]).await;
        let given = json!({"buyer_id": buyer.id, "currency": "EUR"});
        let order = trade.market.order(&[(&bolt, "10")], true);
        let (placed, line) = tokio::join!(buyer.owner.post("/v1/orders", order), seller.post(&lines, given));
        placed.expect(201);
        assert_eq!(exposure(seller, &format!("{lines}/{}", line.expect(201).id())).await, "23.80");
    }
}

#[tokio::test]
async fn what_is_paid_already_is_no_part_of_the_opening() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let (paid, open) = (trade.invoice(&[(&bolt, "10")]).await, trade.invoice(&[(&bolt, "5")]).await);
    trade.paid("23.80", Some(&paid)).await;
    assert_eq!(open["gross"]["amount"], "11.90");
    let line = credit(&trade, None).await;
    assert_eq!(entries(&trade.seller.owner, &line).await, ["opening invoice 11.90"]);
    assert_eq!(exposure(&trade.seller.owner, &line).await, "11.90");
}
