use serde_json::json;
use tests::app::TestApp;
use tests::market::stock;

#[tokio::test]
async fn declined_and_cancelled_orders_give_the_stock_back_and_end() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let bolt = market.offer(&seller, "10", &[("1", "2.00")]).await;
    let declined = format!("/v1/orders/{}", market.place(&buyer, &bolt, "4").await);
    let cancelled = format!("/v1/orders/{}", market.place(&buyer, &bolt, "5").await);
    assert_eq!(stock(&seller, &bolt).await, ("10".into(), "9".into()));
    buyer.post(&format!("{declined}/decline"), json!({})).await.problem(404, "not-found");
    seller.post(&format!("{cancelled}/cancel"), json!({})).await.problem(404, "not-found");
    let answer = seller.post(&format!("{declined}/decline"), json!({"reason": "not made any more"})).await.expect(200);
    assert_eq!((&answer.json()["state"], &answer.json()["reason"]), (&json!("declined"), &json!("not made any more")));
    assert_eq!(buyer.post(&format!("{cancelled}/cancel"), json!({})).await.expect(200).json()["state"], "cancelled");
    assert_eq!(stock(&seller, &bolt).await, ("10".into(), "0".into()));
    for step in ["confirm", "decline"] {
        seller.post(&format!("{declined}/{step}"), json!({})).await.problem(409, "wrong-state");
    }
    buyer.post(&format!("{cancelled}/cancel"), json!({})).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn an_order_that_nobody_answers_expires_and_frees_the_stock() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let bolt = market.offer(&seller, "10", &[("1", "2.00")]).await;
    let id = market.place(&buyer, &bolt, "4").await;
    let path = format!("/v1/orders/{id}");
    app.sql(&format!(
        "UPDATE purchase_order SET expires_at = now() - interval '1 second' WHERE id = '{id}';
         UPDATE timer SET due_at = now() - interval '1 second' WHERE subject_id = '{id}'"
    ))
    .await;
    app.until(async || buyer.get(&path).await.json()["state"] == "expired").await;
    assert_eq!(stock(&seller, &bolt).await, ("10".into(), "0".into()));
    seller.post(&format!("{path}/confirm"), json!({})).await.problem(409, "wrong-state");
    assert_eq!(app.count("SELECT count(*) FROM timer WHERE kind = 'order.expiry'").await, 0);
}

#[tokio::test]
async fn a_partial_confirmation_makes_a_contract_of_what_was_confirmed() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let bolt = market.offer(&seller, "10", &[("1", "2.00")]).await;
    let nut = market.offer(&seller, "10", &[("1", "1.00")]).await;
    let mut body = market.order(&[(&bolt, "4"), (&nut, "6")], true);
    body["freight_terms"] = json!("added");
    body["freight_limit"] = json!({"amount": "5.00", "currency": "EUR"});
    let order = buyer.post("/v1/orders", body).await.expect(201).json()["orders"][0].clone();
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    let confirm = |freight: &str| {
        json!({"freight": {"amount": freight, "currency": "EUR"}, "lines": [
            {"line_id": order["lines"][0]["id"], "quantity": "3", "discount_percent": "10"}, {"line_id": order["lines"][1]["id"], "quantity": "0"}]})
    };
    assert_eq!(seller.post(&format!("{path}/confirm"), confirm("5.01")).await.faults(), ["/freight above_limit"]);
    let answer = seller.post(&format!("{path}/confirm"), confirm("4.50")).await.expect(200).json();
    assert_eq!((&answer["state"], &answer["total"]["amount"]), (&json!("partly_confirmed"), &json!("9.90")));
    assert_eq!(stock(&seller, &bolt).await, ("10".into(), "3".into()));
    assert_eq!(stock(&seller, &nut).await, ("10".into(), "0".into()));
    let contract =
        buyer.get(&format!("/v1/contracts/{}", answer["contract_id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(contract["state"], "awaiting_signatures");
    assert_eq!(contract["total"], json!({"amount": "9.90", "currency": "EUR"}));
}
