use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::feed;
use tests::given::Company;
use tests::trade::{Trade, weigh};

/// The buyer has invoices matched, and tolerates so many percent of the quantity and so much money.
async fn tolerate(trade: &Trade, percent: &str, amount: &str) {
    let path = format!("/v1/organisations/{}/invoice-tolerances", trade.buyer.id);
    let body = json!({"is_active": true, "quantity_percent": percent, "amount": {"amount": amount, "currency": "EUR"}});
    let buyer = &trade.buyer.owner;
    buyer.put_if(&path, &buyer.etag(&path).await, body).await.expect(200);
}

/// Four pieces of about 2.5 kg for 25 euros each, which weigh so much.
async fn weighed(trade: &Trade, kilograms: &str) -> Value {
    let seller = &trade.seller.owner;
    let cheese = trade.market.offer(seller, "10", &[("1", "25.00")]).await;
    weigh(seller, &cheese.product_id, "2.5", "10").await;
    let contract = trade.active(&[(&cheese, "4")]).await;
    delivered(trade, &trade.buyer.owner, &contract, "4", kilograms).await
}

/// So many pieces of a contract are delivered, received and invoiced.
async fn delivered(trade: &Trade, receiver: &Client, contract: &str, pieces: &str, kilograms: &str) -> Value {
    let seller = &trade.seller.owner;
    let path = format!("/v1/contracts/{contract}");
    let line = seller.get(&path).await.json()["lines"][0]["id"].clone();
    let body = json!({"lines": [{"contract_line_id": line, "quantity": {"value": pieces, "unit": "C62"},
        "weighed": {"value": kilograms, "unit": "KGM"}}]});
    let delivery = seller.post(&format!("{path}/deliveries"), body).await.expect(201).id();
    receiver.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
    seller.post("/v1/invoices", json!({"contract_id": contract, "issue": true})).await.expect(201).json()
}

fn path(invoice: &Value) -> String {
    format!("/v1/invoices/{}", invoice["id"].as_str().unwrap())
}

#[tokio::test]
async fn what_is_within_the_tolerances_is_matched_and_what_is_not_is_held_until_somebody_else_approves_it() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    tolerate(&trade, "3", "5.00").await;
    assert_eq!(weighed(&trade, "10.2").await["match_state"], "matched");
    let held = weighed(&trade, "10.4").await;
    assert_eq!(held["match_state"], "held");
    let difference = &held["matching"]["differences"][0];
    assert_eq!((&difference["kind"], &difference["found"]), (&json!("quantity_ordered"), &json!("10.4")));
    // Nothing is paid for it: not as the buyer, nor as the seller says, nor because it is due.
    trade.pay("10.00", Some(&held)).await.problem(409, "invoice-held");
    let payment = trade.pay("123.76", None).await.expect(201).id();
    let confirm = format!("/v1/payments/{payment}/confirm");
    let to_held =
        json!({"allocations": [{"invoice_id": held["id"], "amount": {"amount": "123.76", "currency": "EUR"}}]});
    seller.post(&confirm, to_held).await.problem(409, "invoice-held");
    let confirmed = seller.post(&confirm, json!({})).await.expect(200).json();
    assert!(confirmed["allocations"].as_array().unwrap().iter().all(|one| one["invoice_id"] != held["id"]));
    // Later tolerances are no way around, and nobody approves what they ordered.
    tolerate(&trade, "100", "1000.00").await;
    assert_eq!(buyer.get(&path(&held)).await.json()["match_state"], "held");
    let approve = format!("{}/approve", path(&held));
    let why = json!({"reason": "We wanted it so."});
    buyer.post(&approve, why.clone()).await.problem(403, "own-order");
    seller.post(&approve, why.clone()).await.problem(404, "not-found");
    assert_eq!(buyer.post(&format!("{}/dispute", path(&held)), why.clone()).await.json()["match_state"], "disputed");
    let accountant: Company = app.person(&trade.buyer, &["finance"]).await;
    let approved = accountant.owner.post(&approve, why.clone()).await.expect(200).json();
    assert_eq!((&approved["match_state"], &approved["matching"]["reason"]), (&json!("approved"), &why["reason"]));
    accountant.owner.post(&approve, why).await.problem(409, "wrong-state");
    trade.paid("10.00", Some(&held)).await;
}

#[tokio::test]
async fn a_credit_note_over_what_is_too_much_settles_a_held_invoice() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    tolerate(&trade, "0", "0.00").await;
    let held = weighed(&trade, "10.4").await;
    let credit = |kilograms: &str| {
        json!({"reason": "too much", "lines": [{"invoice_line_id": held["lines"][0]["id"],
        "quantity": {"value": kilograms, "unit": "KGM"}}]})
    };
    let post = async |kilograms: &str| {
        trade.seller.owner.post(&format!("{}/credit", path(&held)), credit(kilograms)).await.expect(201);
        trade.buyer.owner.get(&path(&held)).await.json()["match_state"].clone()
    };
    assert_eq!(post("0.3").await, "held");
    assert_eq!(post("0.1").await, "matched");
    // What was ordered and received alike is matched without any tolerance.
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "3.33")]).await;
    assert_eq!(trade.invoice(&[(&bolt, "7")]).await["match_state"], "matched");
}

#[tokio::test]
async fn who_ordered_does_not_approve_after_the_contract_is_over_either() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    tolerate(&trade, "0", "0.00").await;
    let cheese = trade.market.offer(seller, "10", &[("1", "25.00")]).await;
    weigh(seller, &cheese.product_id, "2.5", "10").await;
    let contract = trade.active(&[(&cheese, "4")]).await;
    let other = app.person(&trade.buyer, &["buyer"]).await.owner;
    let held = delivered(&trade, &other, &contract, "4", "10.4").await;
    assert_eq!(held["match_state"], "held");
    let of = format!("/v1/contracts/{contract}");
    buyer.post(&format!("{of}/dispute"), json!({"reason": "It is too much."})).await.expect(200);
    let operator = app.operator().await;
    operator.post(&format!("{of}/terminate"), json!({"reason": "It is."})).await.expect(200);
    let approve = format!("{}/approve", path(&held));
    buyer.post(&approve, json!({"reason": "So be it."})).await.problem(403, "own-order");
    app.sql_error(&format!("UPDATE invoice SET paid = 1 WHERE id = '{}'", held["id"].as_str().unwrap())).await;
}

#[tokio::test]
async fn a_credit_note_over_one_invoice_settles_another_one_over_the_same_goods() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    tolerate(&trade, "0", "0.00").await;
    let cheese = trade.market.offer(seller, "10", &[("1", "25.00")]).await;
    weigh(seller, &cheese.product_id, "2.5", "10").await;
    let contract = trade.active(&[(&cheese, "4")]).await;
    let first = delivered(&trade, buyer, &contract, "2", "5.2").await;
    let second = delivered(&trade, buyer, &contract, "2", "5.2").await;
    assert_eq!((&first["match_state"], &second["match_state"]), (&json!("matched"), &json!("held")));
    let credit = json!({"reason": "too much", "lines": [{"invoice_line_id": first["lines"][0]["id"],
        "quantity": {"value": "0.4", "unit": "KGM"}}]});
    seller.post(&format!("{}/credit", path(&first)), credit).await.expect(201);
    app.until(async || buyer.get(&path(&second)).await.json()["match_state"] == "matched").await;
    let told = feed::told(&app, buyer, "invoice.matched", 1).await;
    assert_eq!(told[0]["subject"]["id"], second["id"]);
}
