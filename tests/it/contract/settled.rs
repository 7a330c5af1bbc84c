//! What closes a contract, whoever settles the last of it.

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::database;
use tests::trade::Trade;

async fn state(trade: &Trade, contract: &str) -> Value {
    trade.seller.owner.get(&format!("/v1/contracts/{contract}")).await.expect(200).json()["state"].clone()
}

// T7
#[tokio::test]
async fn two_payments_at_once_for_the_last_invoices_close_their_contract() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    // The accounts are there already, so that nobody waits for these.
    let before = trade.invoice(&[(&bolt, "1")]).await;
    trade.paid("11.90", Some(&before)).await;
    let contract = trade.active(&[(&bolt, "2")]).await;
    let path = format!("/v1/contracts/{contract}");
    let line = seller.get(&path).await.json()["lines"][0]["id"].clone();
    let mut payments = Vec::new();
    for _ in 0..2 {
        let one = json!({"lines": [{"contract_line_id": line, "quantity": {"value": "1", "unit": "C62"}}]});
        let delivery = seller.post(&format!("{path}/deliveries"), one).await.expect(201).id();
        buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
        let body = json!({"contract_id": contract, "issue": true});
        let invoice = seller.post("/v1/invoices", body).await.expect(201).json();
        payments.push(trade.pay("11.90", Some(&invoice)).await.expect(201).id());
    }
    // Nor for those who print the invoices.
    let printed = "SELECT count(*) FROM timer WHERE kind = 'invoice.publication'";
    app.until(async || app.count(printed).await == 0).await;
    let mut other = database::connect(&app.database_url).await;
    other.batch_execute(&format!("BEGIN; SELECT 1 FROM contract WHERE id = '{contract}' FOR UPDATE")).await.unwrap();
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let confirm = async |payment: &str| {
        seller.post(&format!("/v1/payments/{payment}/confirm"), json!({})).await.expect(200);
    };
    let let_go = async {
        app.until(async || app.count(waiting).await == 2).await;
        other.batch_execute("COMMIT").await.unwrap();
    };
    tokio::join!(confirm(&payments[0]), confirm(&payments[1]), let_go);
    assert_eq!(state(&trade, &contract).await, "closed");
}

#[tokio::test]
async fn a_contract_that_was_paid_for_during_a_dispute_closes_with_it() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let buyer = &trade.buyer.owner;
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "1")]).await;
    let contract = invoice["contract_id"].as_str().unwrap();
    buyer.post(&format!("/v1/contracts/{contract}/dispute"), json!({"reason": "wet"})).await.expect(200);
    trade.paid("11.90", Some(&invoice)).await;
    assert_eq!(state(&trade, contract).await, "disputed");
    let resolved = buyer.post(&format!("/v1/contracts/{contract}/resolve"), json!({})).await.expect(200).json();
    assert_eq!((&resolved["state"], state(&trade, contract).await), (&json!("closed"), json!("closed")));
}

#[tokio::test]
async fn what_costs_nothing_is_settled_as_it_is_invoiced() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let sample = trade.market.offer(&trade.seller.owner, "100", &[("1", "0.00")]).await;
    let invoice = trade.invoice(&[(&sample, "1")]).await;
    assert_eq!(invoice["state"], "paid");
    assert_eq!(state(&trade, invoice["contract_id"].as_str().unwrap()).await, "closed");
}

#[tokio::test]
async fn a_return_settles_the_other_contracts_of_a_collective_invoice_too() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let (one, two) = (trade.fulfilled(&[(&bolt, "1")]).await, trade.fulfilled(&[(&bolt, "2")]).await);
    let body = json!({"buyer_id": trade.buyer.id, "issue": true});
    let made = seller.post("/v1/collective-invoices", body).await.expect(201).json()["invoices"][0].clone();
    trade.paid("11.90", Some(&made)).await;
    trade.give_back(&two, "2").await;
    assert_eq!((state(&trade, &one).await, state(&trade, &two).await), (json!("closed"), json!("closed")));
}

#[tokio::test]
async fn freight_is_invoiced_alone_when_all_goods_went_back_before_the_first_invoice() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let mut body = trade.market.order(&[(&bolt, "2")], true);
    body["freight_terms"] = json!("added");
    let order = buyer.post("/v1/orders", body).await.expect(201).json()["orders"][0]["id"].clone();
    let confirm = format!("/v1/orders/{}/confirm", order.as_str().unwrap());
    let freight = json!({"freight": {"amount": "5.00", "currency": "EUR"}});
    let contract = seller.post(&confirm, freight).await.expect(200).json()["contract_id"].clone();
    let contract = contract.as_str().unwrap();
    for owner in [seller, buyer] {
        tests::trade::sign(owner, contract).await.expect(200);
    }
    let path = format!("/v1/contracts/{contract}/deliveries");
    let line = seller.get(&format!("/v1/contracts/{contract}")).await.json()["lines"][0]["id"].clone();
    let collective = json!({"buyer_id": trade.buyer.id, "issue": true});
    for _ in 0..2 {
        // As long as goods are to come the freight goes with them.
        seller.post("/v1/collective-invoices", collective.clone()).await.problem(409, "nothing-to-invoice");
        let bolts = json!({"lines": [{"contract_line_id": line, "quantity": {"value": "1", "unit": "C62"}}]});
        let delivery = seller.post(&path, bolts).await.expect(201).id();
        buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
        trade.give_back(contract, "1").await;
    }
    let made = seller.post("/v1/collective-invoices", collective).await.expect(201).json()["invoices"][0].clone();
    assert_eq!(made["gross"]["amount"], "5.95");
    // Credited, it can be invoiced again.
    let credit = format!("/v1/invoices/{}/credit", made["id"].as_str().unwrap());
    seller.post(&credit, json!({"reason": "Wrong.", "invoice_again": true})).await.expect(201);
    let again = seller.post("/v1/invoices", json!({"contract_id": contract, "issue": true})).await.expect(201).json();
    trade.paid("5.95", Some(&again)).await;
    assert_eq!(state(&trade, contract).await, "closed");
}
