use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::market::stock;
use tests::trade::Trade;

use super::approval::{decide, set_policy};
use super::cost_centre::{cost_centre, me};
use super::credit::{credit, exposure};

fn euros(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

/// Places an order, and has its only line confirmed with other words of the seller: the path.
async fn changed(trade: &Trade, by: &Client, body: Value, said: &Value) -> String {
    let order = by.post("/v1/orders", body).await.expect(201).json()["orders"][0].clone();
    let path = format!("/v1/orders/{}", order["id"].as_str().expect("an id"));
    let mut line = said.clone();
    line["line_id"] = order["lines"][0]["id"].clone();
    let proposed = trade.seller.owner.post(&format!("{path}/confirm"), json!({"lines": [line]})).await.expect(200);
    assert_eq!(proposed.json()["state"], "confirmation_proposed");
    path
}

async fn accept(by: &Client, path: &str) -> Answer {
    let etag = by.etag(path).await;
    by.post_if(&format!("{path}/accept"), &etag, json!(null)).await
}

/// A policy by which an approver is asked above 100 euros.
async fn ask_above_100(trade: &Trade) {
    let rules = json!([{"name": "Above 100", "when": {"above": [euros("100.00")]},
        "steps": [{"name": "Consent", "approvers": {"roles": ["approver"]}}]}]);
    set_policy(&trade.buyer, rules).await.expect(200);
}

#[tokio::test]
async fn what_costs_more_than_was_approved_is_accepted_with_the_consent_of_those_who_are_asked() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "10000", &[("1", "2.00")]).await;
    let anna = app.person(&trade.buyer, &["buyer"]).await.owner;
    let carl = app.person(&trade.buyer, &["approver"]).await.owner;
    ask_above_100(&trade).await;
    let one = || trade.market.order(&[(&bolt, "1")], true);
    for said in [json!({"quantity": "1000"}), json!({"unit_price": euros("100.01")})] {
        let path = changed(&trade, &anna, one(), &said).await;
        let waiting = accept(&anna, &path).await.expect(200).json();
        assert_eq!((&waiting["state"], &waiting["contract_id"]), (&json!("confirmation_in_approval"), &json!(null)));
        accept(&anna, &path).await.problem(409, "wrong-state");
        decide(&anna, &path, "approve", json!({})).await.problem(403, "own-order");
        assert_eq!(
            carl.get(&format!("{path}/confirmations")).await.expect(200).json()["items"][0]["state"],
            "proposed"
        );
        assert_eq!(app.count("SELECT count(*) FROM contract").await, 0);
        // Who rejects refuses the changes; the seller does not hear why.
        let rejected = decide(&carl, &path, "reject", json!({"reason": "Too dear."})).await.expect(200).json();
        assert_eq!(rejected["state"], "placed");
        let refused = seller.get(&format!("{path}/confirmations")).await.json()["items"][0].clone();
        assert_eq!((&refused["state"], &refused["reason"]), (&json!("refused"), &json!(null)));
        let told = seller.get("/v1/events?limit=200").await.expect(200).json();
        let about = |one: &&Value| one["type"] == "order.rejected" || one["type"] == "order.submitted";
        assert_eq!(told["items"].as_array().expect("events").iter().filter(about).count(), 0);
    }
    let path = changed(&trade, &anna, one(), &json!({"quantity": "1000"})).await;
    accept(&anna, &path).await.expect(200);
    let approved = decide(&carl, &path, "approve", json!({})).await.expect(200).json()["orders"][0].clone();
    assert_eq!((&approved["state"], &approved["total"]), (&json!("confirmed"), &euros("2000.00")));
    assert!(approved["contract_id"].is_string());
    let rounds = anna.get(&format!("{path}/approvals")).await.expect(200).json()["rounds"].clone();
    assert_eq!((rounds.as_array().map(Vec::len), &rounds[0]["state"]), (Some(1), &json!("approved")));
    // Below the threshold nobody is asked.
    let path = changed(&trade, &anna, one(), &json!({"quantity": "50"})).await;
    assert_eq!(accept(&anna, &path).await.expect(200).json()["state"], "confirmed");
}

#[tokio::test]
async fn an_acceptance_that_waits_can_be_taken_back_by_both_sides_and_ends_with_the_time_to_answer() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "10000", &[("1", "2.00")]).await;
    let carl = app.person(&trade.buyer, &["approver"]).await.owner;
    ask_above_100(&trade).await;
    let more = json!({"quantity": "1000"});
    let waiting = async || {
        let path = changed(&trade, buyer, trade.market.order(&[(&bolt, "1")], true), &more).await;
        assert_eq!(accept(buyer, &path).await.expect(200).json()["state"], "confirmation_in_approval");
        path
    };
    for (by, step, state) in
        [(seller, "withdraw", "placed"), (buyer, "refuse", "placed"), (buyer, "cancel", "cancelled")]
    {
        let path = waiting().await;
        assert_eq!(by.post(&format!("{path}/{step}"), json!({})).await.expect(200).json()["state"], state, "{step}");
        // Who only approves sees what waits for them.
        decide(&carl, &path, "approve", json!({})).await.problem(404, "not-found");
        assert_eq!(buyer.get(&format!("{path}/approvals")).await.json()["rounds"][0]["state"], "cancelled");
    }
    let path = waiting().await;
    app.sql("UPDATE purchase_order SET expires_at = now() WHERE state = 'confirmation_in_approval'").await;
    app.sql("UPDATE timer SET due_at = now() WHERE kind = 'order.expiry'").await;
    app.until(async || buyer.get(&path).await.json()["state"] == "expired").await;
    assert_eq!(buyer.get(&format!("{path}/approvals")).await.json()["rounds"][0]["state"], "expired");
    assert_eq!(stock(seller, &bolt).await.1, "2");
}

#[tokio::test]
async fn freight_that_the_seller_may_add_counts_before_it_is_ordered() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "10000", &[("1", "2.00")]).await;
    app.person(&trade.buyer, &["approver"]).await;
    ask_above_100(&trade).await;
    let state = async |limit: Option<&str>| {
        let mut body = trade.market.order(&[(&bolt, "10")], true);
        body["freight_terms"] = json!("added");
        body["freight_limit"] = json!(limit.map(euros));
        let made = trade.buyer.owner.post("/v1/orders", body).await.expect(201).json();
        made["orders"][0]["state"].as_str().expect("a state").to_owned()
    };
    assert_eq!(state(Some("80.00")).await, "placed");
    assert_eq!(state(Some("80.01")).await, "awaiting_approval");
    // Without a limit it could be any amount.
    assert_eq!(state(None).await, "awaiting_approval");
}

#[tokio::test]
async fn changes_beyond_the_buyers_credit_are_not_accepted() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "10000", &[("1", "2.00")]).await;
    // 4 bolts with 19 % tax are 9.52; 10 are 23.80.
    let line = credit(&trade, Some("20.00")).await;
    let four = || trade.market.order(&[(&bolt, "4")], true);
    let path = changed(&trade, buyer, four(), &json!({"quantity": "10"})).await;
    accept(buyer, &path).await.problem(409, "credit-hold");
    assert_eq!(exposure(seller, &line).await, "9.52");
    seller.edit(&line, json!({"limit": "23.80"})).await.expect(200);
    accept(buyer, &path).await.expect(200);
    assert_eq!(exposure(seller, &line).await, "23.80");
    // What does not cost more is no matter of credit.
    seller.edit(&line, json!({"limit": "40.00"})).await.expect(200);
    let mut ask = four();
    ask["shortage"] = json!("ask");
    let path = changed(&trade, buyer, ask, &json!({"quantity": "3"})).await;
    seller.edit(&line, json!({"limit": "0"})).await.expect(200);
    accept(buyer, &path).await.expect(200);
}

// S1
#[tokio::test]
async fn who_accepted_changes_does_not_approve_later_ones() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "10000", &[("1", "2.00")]).await;
    let anna = app.person(&trade.buyer, &["buyer"]).await.owner;
    let carl = app.person(&trade.buyer, &["approver"]).await.owner;
    let dora = app.person(&trade.buyer, &["buyer", "approver"]).await.owner;
    ask_above_100(&trade).await;
    let more = json!({"quantity": "1000"});
    let path = changed(&trade, &anna, trade.market.order(&[(&bolt, "1")], true), &more).await;
    accept(&dora, &path).await.expect(200);
    decide(&carl, &path, "reject", json!({"reason": "Too many."})).await.expect(200);
    let line = seller.get(&path).await.expect(200).json()["lines"][0]["id"].clone();
    let again = json!({"lines": [{"line_id": line, "quantity": "900"}]});
    seller.post(&format!("{path}/confirm"), again).await.expect(200);
    accept(&anna, &path).await.expect(200);
    decide(&dora, &path, "approve", json!({})).await.problem(403, "own-order");
    decide(&carl, &path, "approve", json!({})).await.expect(200);
}

#[tokio::test]
async fn the_owner_of_an_archived_cost_centre_is_asked_about_what_costs_more() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let buyer = &trade.buyer.owner;
    let bolt = trade.market.offer(&trade.seller.owner, "10000", &[("1", "2.00")]).await;
    let carl = app.person(&trade.buyer, &["approver"]).await.owner;
    let (centre, id) = cost_centre(&trade.buyer, "4711", &[]).await;
    buyer.edit(&centre, json!({"owner_id": me(&carl).await})).await.expect(200);
    let rules = json!([{"name": "Above 100", "when": {"above": [euros("100.00")]},
        "steps": [{"name": "Consent", "approvers": {"cost_centre_owner": true}}]}]);
    set_policy(&trade.buyer, rules).await.expect(200);
    let mut body = trade.market.order(&[(&bolt, "1")], true);
    body["cost_centre_id"] = json!(id);
    let path = changed(&trade, buyer, body, &json!({"quantity": "1000"})).await;
    buyer.delete_if(&centre, &buyer.etag(&centre).await).await.expect(204);
    assert_eq!(accept(buyer, &path).await.expect(200).json()["state"], "confirmation_in_approval");
    decide(&carl, &path, "approve", json!({})).await.expect(200);
}
