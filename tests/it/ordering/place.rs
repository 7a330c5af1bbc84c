use serde_json::json;
use tests::app::TestApp;
use tests::market::stock;

use super::credit::{credit, exposure};

#[tokio::test]
async fn a_draft_of_several_sellers_becomes_one_order_for_each() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let first = market.member(&app, "First", &["sell"]).await;
    let second = market.member(&app, "Second", &["sell"]).await;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let bolt = market.offer(&first.owner, "100", &[("1", "2.00"), ("10", "1.50")]).await;
    let nut = market.offer(&second.owner, "100", &[("1", "0.125")]).await;

    let made = buyer.post("/v1/orders", market.order(&[(&bolt, "10"), (&nut, "3")], false)).await.expect(201);
    let draft = made.json()["orders"][0].clone();
    assert_eq!((&draft["state"], &draft["seller_id"]), (&json!("draft"), &json!(null)));
    assert_eq!(draft["total"], json!({"amount": "15.38", "currency": "EUR"}));
    assert_eq!(
        (&draft["lines"][0]["price_source"], &draft["lines"][1]["price_source"]),
        (&json!("tier"), &json!("list"))
    );
    let path = format!("/v1/orders/{}", draft["id"].as_str().unwrap());
    first.owner.get(&path).await.problem(404, "not-found");
    assert_eq!(stock(&first.owner, &bolt).await, ("100".into(), "0".into()));

    let placed = buyer.post(&format!("{path}/submit"), json!({})).await.expect(200).json();
    let orders = placed["orders"].as_array().unwrap();
    assert_eq!(orders.len(), 2);
    assert_eq!((&orders[0]["seller_id"], &orders[1]["seller_id"]), (&json!(first.id), &json!(second.id)));
    assert_eq!((&orders[0]["total"]["amount"], &orders[1]["total"]["amount"]), (&json!("15.00"), &json!("0.38")));
    assert!(orders.iter().all(|order| order["state"] == "placed" && order["split_from"] == draft["id"]));
    assert_eq!(buyer.get(&path).await.expect(200).json()["state"], "split");
    assert_eq!(stock(&first.owner, &bolt).await, ("100".into(), "10".into()));
    assert_eq!(stock(&second.owner, &nut).await, ("100".into(), "3".into()));

    let theirs = first.owner.get("/v1/orders?role=seller").await.expect(200).json();
    assert_eq!(theirs["items"].as_array().unwrap().len(), 1);
    let own = format!("/v1/orders/{}", orders[0]["id"].as_str().unwrap());
    assert_eq!(first.owner.get(&own).await.expect(200).json()["state"], "placed");
    second.owner.get(&own).await.problem(404, "not-found");
    first.owner.get(&path).await.problem(404, "not-found");
}

#[tokio::test]
async fn all_faults_of_an_order_are_told_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell", "buy"]).await.owner;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let packs = json!({"minimum_order": "10", "order_multiple": "5"});
    let bolt = market.offer_with(&seller, "100", &[("10", "2.00")], packs).await;
    let mut body = market.order(&[(&bolt, "7"), (&bolt, "12"), (&bolt, "-1"), (&bolt, "1.0000001")], true);
    assert_eq!(
        buyer.post("/v1/orders", body.clone()).await.faults(),
        ["/lines/2/quantity negative", "/lines/3/quantity too_precise"]
    );
    body["lines"] = market.order(&[(&bolt, "7"), (&bolt, "12")], true)["lines"].clone();
    assert_eq!(
        buyer.post("/v1/orders", body.clone()).await.faults(),
        ["/lines/0/quantity below_minimum", "/lines/0/quantity not_a_multiple", "/lines/1/quantity not_a_multiple"]
    );
    body["lines"] = market.order(&[(&bolt, "10")], true)["lines"].clone();
    body["lines"][0]["quantity"]["unit"] = json!("KGM");
    buyer.post("/v1/orders", body.clone()).await.problem(422, "unit-mismatch");
    body["lines"][0]["quantity"]["unit"] = json!("C62");
    body["currency"] = json!("USD");
    buyer.post("/v1/orders", body.clone()).await.problem(422, "currency-mismatch");
    body["currency"] = json!("EUR");
    seller.post("/v1/orders", body.clone()).await.problem(409, "own-offer");
    body["lines"][0]["offer_id"] = json!("0190b5a0-0000-7000-8000-000000000001");
    buyer.post("/v1/orders", body.clone()).await.problem(409, "not-offered");
    body["lines"] = json!([]);
    buyer.post("/v1/orders", body.clone()).await.problem(409, "empty-order");
    body["total"] = json!("1");
    assert_eq!(buyer.post("/v1/orders", body).await.faults(), ["/total unknown_field"]);
    assert_eq!(app.count("SELECT count(*) FROM purchase_order").await, 0);
    assert_eq!(stock(&seller, &bolt).await, ("100".into(), "0".into()));
}

#[tokio::test]
async fn a_draft_whose_price_has_changed_is_not_placed_until_the_buyer_looked() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let bolt = market.offer(&seller, "100", &[("1", "2.00")]).await;
    let draft = buyer.post("/v1/orders", market.order(&[(&bolt, "2")], false)).await.expect(201).json();
    let path = format!("/v1/orders/{}", draft["orders"][0]["id"].as_str().unwrap());
    let offer = format!("/v1/portals/{}/offers/{}", market.slug, bolt.offer_id);
    let dearer = json!({"tiers": [{"from": "1", "unit_price": {"amount": "3.00", "currency": "EUR"}}]});
    seller.edit(&offer, dearer).await.expect(200);
    let problem = buyer.post(&format!("{path}/submit"), json!({})).await.problem(409, "price-changed");
    assert_eq!(problem["errors"][0]["pointer"], "/lines/0");
    buyer.edit(&path, json!({})).await.expect(200);
    let placed = buyer.post(&format!("{path}/submit"), json!({})).await.expect(200).json();
    assert_eq!(placed["orders"][0]["total"]["amount"], "6.00");
    buyer.post(&format!("{path}/submit"), json!({})).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn only_verified_members_who_may_buy_order() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let bolt = market.offer(&seller, "100", &[("1", "2.00")]).await;
    let body = market.order(&[(&bolt, "1")], true);
    let outsider = app.company("Outsider").await.owner;
    outsider.post("/v1/orders", body.clone()).await.problem(403, "capability-missing");
    let pending = app.pending_company("Pending").await.owner;
    pending.post("/v1/orders", body.clone()).await.problem(403, "not-verified");
    let buyer = market.member(&app, "Buyer", &["buy"]).await;
    let operator = app.operator().await;
    let suspend = format!("/v1/organisations/{}/suspend", buyer.id);
    operator.post(&suspend, json!({"note": "unpaid fees"})).await.expect(200);
    buyer.owner.post("/v1/orders", body).await.problem(403, "suspended");
    assert_eq!(app.count("SELECT count(*) FROM purchase_order").await, 0);
}

// R2, R3
#[tokio::test]
async fn a_double_submit_with_a_key_is_one_order_and_without_one_two() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let bolt = market.offer(&seller, "100", &[("1", "2.00")]).await;
    let body = market.order(&[(&bolt, "1")], true);
    let first = buyer.post_once("/v1/orders", "order-1", body.clone()).await.expect(201);
    let again = buyer.post_once("/v1/orders", "order-1", body.clone()).await.expect(201);
    assert_eq!(first.text, again.text);
    assert_eq!(stock(&seller, &bolt).await.1, "1");
    buyer.post("/v1/orders", body.clone()).await.expect(201);
    buyer.post("/v1/orders", body).await.expect(201);
    assert_eq!(stock(&seller, &bolt).await.1, "3");
}

#[tokio::test]
async fn a_draft_is_placed_at_the_tax_and_the_term_of_payment_of_that_day() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let made = buyer.post("/v1/orders", trade.market.order(&[(&bolt, "10")], false)).await.expect(201).json();
    assert_eq!(made["orders"][0]["payment_days"], json!(null));
    let path = format!("/v1/orders/{}", made["orders"][0]["id"].as_str().unwrap());
    let line = credit(&trade, Some("100.00")).await;
    let product = format!("/v1/products/{}", bolt.product_id);
    seller.edit(&product, json!({"tax": {"category": "S", "rate": "7"}})).await.expect(200);
    buyer.post(&format!("{path}/submit"), json!({})).await.expect(200);
    let placed = seller.get(&path).await.expect(200).json();
    assert_eq!((&placed["lines"][0]["tax"]["rate"], &placed["payment_days"]), (&json!("7"), &json!(14)));
    assert_eq!(exposure(seller, &line).await, "21.40");
    let confirmed = seller.post(&format!("{path}/confirm"), json!({})).await.expect(200).json();
    let contract = format!("/v1/contracts/{}", confirmed["contract_id"].as_str().unwrap());
    let contract = buyer.get(&contract).await.expect(200).json();
    assert_eq!((&contract["lines"][0]["tax"]["rate"], &contract["payment_days"]), (&json!("7"), &json!(14)));
    assert_eq!(exposure(seller, &line).await, "21.40");
}

#[tokio::test]
async fn each_order_of_a_split_draft_has_the_term_of_payment_of_its_seller() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let buyer = &trade.buyer.owner;
    credit(&trade, None).await;
    let second = trade.market.member(&app, "Second", &["sell"]).await.owner;
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "2.00")]).await;
    let nut = trade.market.offer(&second, "100", &[("1", "1.00")]).await;
    let days = async |said: serde_json::Value| {
        let mut body = trade.market.order(&[(&bolt, "1"), (&nut, "1")], false);
        body["payment_days"] = said;
        let draft = buyer.post("/v1/orders", body).await.expect(201).json()["orders"][0]["id"].clone();
        let submit = format!("/v1/orders/{}/submit", draft.as_str().unwrap());
        let placed = buyer.post(&submit, json!({})).await.expect(200).json();
        [0, 1].map(|index| placed["orders"][index]["payment_days"].as_i64().unwrap())
    };
    assert_eq!(days(json!(null)).await, [14, 30]);
    assert_eq!(days(json!(7)).await, [7, 7]);
}
