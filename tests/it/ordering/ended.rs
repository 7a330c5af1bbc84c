use serde_json::json;
use tests::app::TestApp;
use tests::client::Client;
use tests::trade::{Trade, sign};

use super::cost_centre::{budget, committed, cost_centre, order};
use super::credit::{credit, exposure};

/// Confirms the only order there is and has both sign the contract: its id.
async fn signed(trade: &Trade, body: serde_json::Value) -> String {
    let order = trade.buyer.owner.post("/v1/orders", body).await.expect(201).json()["orders"][0]["id"].clone();
    let confirm = format!("/v1/orders/{}/confirm", order.as_str().expect("an id"));
    let confirmed = trade.seller.owner.post(&confirm, json!({})).await.expect(200).json();
    let contract = confirmed["contract_id"].as_str().expect("a contract").to_owned();
    for owner in [&trade.seller.owner, &trade.buyer.owner] {
        sign(owner, &contract).await.expect(200);
    }
    contract
}

async fn deliver(trade: &Trade, contract: &str, quantity: &str) {
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let path = format!("/v1/contracts/{contract}");
    let line = seller.get(&path).await.json()["lines"][0]["id"].clone();
    let body = json!({"lines": [{"contract_line_id": line, "quantity": {"value": quantity, "unit": "C62"}}]});
    let delivery = seller.post(&format!("{path}/deliveries"), body).await.expect(201).id();
    buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
}

async fn invoice(seller: &Client, contract: &str) -> serde_json::Value {
    seller.post("/v1/invoices", json!({"contract_id": contract, "issue": true})).await.expect(201).json()
}

#[tokio::test]
async fn a_terminated_contract_binds_only_what_was_delivered_or_invoiced() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer, operator) = (&trade.seller.owner, &trade.buyer.owner, app.operator().await);
    let bolt = trade.market.offer(seller, "1000", &[("1", "2.00")]).await;
    let (path, centre) = cost_centre(&trade.buyer, "4711", &[]).await;
    let budget = budget(&trade.buyer, &path, Some("100.00")).await;
    let line = credit(&trade, None).await;
    let contract = signed(&trade, order(&trade, &bolt, "30", &centre)).await;
    assert_eq!(
        (committed(&trade.buyer, &budget).await, exposure(seller, &line).await),
        ("60.00".into(), "71.40".into())
    );
    deliver(&trade, &contract, "10").await;
    let first = invoice(seller, &contract).await;
    deliver(&trade, &contract, "5").await;
    let path = format!("/v1/contracts/{contract}");
    buyer.post(&format!("{path}/dispute"), json!({"reason": "It rusts."})).await.expect(200);
    operator.post(&format!("{path}/terminate"), json!({"reason": "It does."})).await.expect(200);
    // 10 bolts are invoiced with their tax; 5 more were delivered, and the budget still pays for them.
    assert_eq!(
        (committed(&trade.buyer, &budget).await, exposure(seller, &line).await),
        ("30.00".into(), "23.80".into())
    );
    invoice(seller, &contract).await;
    assert_eq!(exposure(seller, &line).await, "35.70");
    trade.paid("23.80", Some(&first)).await;
    assert_eq!(exposure(seller, &line).await, "11.90");
}

#[tokio::test]
async fn a_closed_contract_binds_nothing_that_rounding_left() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "1000", &[("1", "3.33")]).await;
    let line = credit(&trade, None).await;
    // 9.99 and 1.90 of tax; in three invoices 3.33 and 0.63 each.
    let contract = signed(&trade, trade.market.order(&[(&bolt, "3")], true)).await;
    assert_eq!(exposure(seller, &line).await, "11.89");
    for _ in 0..3 {
        deliver(&trade, &contract, "1").await;
        let made = invoice(seller, &contract).await;
        assert_eq!(made["gross"]["amount"], "3.96");
        trade.paid("3.96", Some(&made)).await;
    }
    assert_eq!(seller.get(&format!("/v1/contracts/{contract}")).await.json()["state"], "closed");
    assert_eq!(exposure(seller, &line).await, "0.00");
}

#[tokio::test]
async fn a_credit_line_begins_without_what_has_ended() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, operator) = (&trade.seller.owner, app.operator().await);
    let bolt = trade.market.offer(seller, "1000", &[("1", "3.33")]).await;
    let closed = signed(&trade, trade.market.order(&[(&bolt, "3")], true)).await;
    for _ in 0..3 {
        deliver(&trade, &closed, "1").await;
        let made = invoice(seller, &closed).await;
        trade.paid("3.96", Some(&made)).await;
    }
    let terminated = format!("/v1/contracts/{}", signed(&trade, trade.market.order(&[(&bolt, "3")], true)).await);
    seller.post(&format!("{terminated}/dispute"), json!({"reason": "Unpaid."})).await.expect(200);
    operator.post(&format!("{terminated}/terminate"), json!({"reason": "So it is."})).await.expect(200);
    let line = credit(&trade, None).await;
    assert_eq!(exposure(seller, &line).await, "0.00");
}

#[tokio::test]
async fn what_came_back_and_nobody_invoiced_binds_nothing() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "1000", &[("1", "2.00")]).await;
    let line = credit(&trade, None).await;
    let contract = trade.fulfilled(&[(&bolt, "10")]).await;
    trade.give_back(&contract, "4").await;
    assert_eq!(exposure(seller, &line).await, "14.28");
    trade.give_back(&contract, "6").await;
    assert_eq!(seller.get(&format!("/v1/contracts/{contract}")).await.json()["state"], "closed");
    assert_eq!(exposure(seller, &line).await, "0.00");
}

#[tokio::test]
async fn what_is_to_be_invoiced_again_binds_credit_meanwhile() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "1000", &[("1", "2.00")]).await;
    let line = credit(&trade, Some("40.00")).await;
    let contract = signed(&trade, trade.market.order(&[(&bolt, "10")], true)).await;
    deliver(&trade, &contract, "8").await;
    let first = invoice(seller, &contract).await;
    assert_eq!(exposure(seller, &line).await, "23.80");
    let credit = json!({"reason": "The address was wrong.", "invoice_again": true});
    seller.post(&format!("/v1/invoices/{}/credit", first["id"].as_str().unwrap()), credit).await.expect(201);
    assert_eq!(exposure(seller, &line).await, "23.80");
    // Otherwise this one would not be over it.
    let more = buyer.post("/v1/orders", trade.market.order(&[(&bolt, "10")], true)).await.expect(201).json();
    assert_eq!(more["orders"][0]["credit_hold"], true);
    // A draft is no invoice yet, and its part of the order stays bound as another part is invoiced.
    seller.post("/v1/invoices", json!({"contract_id": contract})).await.expect(201);
    deliver(&trade, &contract, "2").await;
    invoice(seller, &contract).await;
    assert_eq!(exposure(seller, &line).await, "47.60");
}

#[tokio::test]
async fn budgets_pay_for_what_is_on_its_way_as_a_contract_ends_and_get_back_what_is_credited_later() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer, operator) = (&trade.seller.owner, &trade.buyer.owner, app.operator().await);
    let bolt = trade.market.offer(seller, "1000", &[("1", "2.00")]).await;
    let (path, centre) = cost_centre(&trade.buyer, "4711", &[]).await;
    let budget = budget(&trade.buyer, &path, Some("100.00")).await;
    let contract = signed(&trade, order(&trade, &bolt, "30", &centre)).await;
    let path = format!("/v1/contracts/{contract}");
    let line = seller.get(&path).await.json()["lines"][0]["id"].clone();
    let bolts = |quantity: &str| json!({"value": quantity, "unit": "C62"});
    let body = json!({"lines": [{"contract_line_id": line, "quantity": bolts("10")}]});
    let delivery = seller.post(&format!("{path}/deliveries"), body).await.expect(201).id();
    buyer.post(&format!("{path}/dispute"), json!({"reason": "It rusts."})).await.expect(200);
    operator.post(&format!("{path}/terminate"), json!({"reason": "It does."})).await.expect(200);
    assert_eq!(committed(&trade.buyer, &budget).await, "20.00");
    let short = json!({"lines": [{"contract_line_id": line, "received": bolts("8")}]});
    buyer.post(&format!("/v1/deliveries/{delivery}/receive"), short).await.expect(200);
    assert_eq!(committed(&trade.buyer, &budget).await, "16.00");
    let made = invoice(seller, &contract).await;
    let body =
        json!({"reason": "It rusts.", "lines": [{"invoice_line_id": made["lines"][0]["id"], "quantity": bolts("3")}]});
    seller.post(&format!("/v1/invoices/{}/credit", made["id"].as_str().unwrap()), body).await.expect(201);
    assert_eq!(committed(&trade.buyer, &budget).await, "10.00");
    trade.give_back(&contract, "1").await;
    assert_eq!(committed(&trade.buyer, &budget).await, "8.00");
    // Nothing is left of it.
    seller
        .post(&format!("/v1/invoices/{}/credit", made["id"].as_str().unwrap()), json!({"reason": "All of it."}))
        .await
        .expect(201);
    assert_eq!(committed(&trade.buyer, &budget).await, "0.00");
}
