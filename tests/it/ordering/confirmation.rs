use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::market::{Offered, stock};
use tests::trade::{Trade, sign};

/// Orders 4 bolts with more data; the path of the order and its line.
async fn placed(trade: &Trade, bolt: &Offered, more: Value) -> (String, Value) {
    let mut body = trade.market.order(&[(bolt, "4")], true);
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    let order = trade.buyer.owner.post("/v1/orders", body).await.expect(201).json()["orders"][0].clone();
    (format!("/v1/orders/{}", order["id"].as_str().unwrap()), order["lines"][0]["id"].clone())
}

fn euros(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

async fn accept(buyer: &Client, path: &str) -> tests::client::Answer {
    let etag = buyer.etag(path).await;
    buyer.post_if(&format!("{path}/accept"), &etag, json!(null)).await
}

#[tokio::test]
async fn a_worse_price_binds_only_once_the_buyer_has_accepted_it() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "10", &[("1", "2.00")]).await;
    let (path, line) = placed(&trade, &bolt, json!({"requested_date": "2999-01-10"})).await;
    let changed = json!({"delivery_date": "2999-01-12", "note": "Steel is dearer.",
        "lines": [{"line_id": line, "quantity": "5", "unit_price": euros("2.10")}]});
    let proposed = seller.post(&format!("{path}/confirm"), changed.clone()).await.expect(200).json();
    assert_eq!((&proposed["state"], &proposed["contract_id"]), (&json!("confirmation_proposed"), &json!(null)));
    assert_eq!(stock(seller, &bolt).await, ("10".into(), "5".into()));
    assert_eq!(app.count("SELECT count(*) FROM contract").await, 0);
    seller.post(&format!("{path}/confirm"), json!({})).await.problem(409, "wrong-state");
    seller.post(&format!("{path}/refuse"), json!({})).await.problem(404, "not-found");
    let listed = buyer.get(&format!("{path}/confirmations")).await.expect(200).json();
    assert_eq!(listed["items"][0]["lines"][0]["unit_price"], euros("2.10"));
    assert_eq!(listed["items"][0]["lines"][0]["ordered_price"], euros("2.00"));
    buyer.post(&format!("{path}/accept"), json!(null)).await.problem(428, "precondition-required");
    // What was withdrawn and proposed anew is not what the buyer has seen.
    let seen = buyer.etag(&path).await;
    seller.post(&format!("{path}/withdraw"), json!({})).await.expect(200);
    assert_eq!(stock(seller, &bolt).await, ("10".into(), "4".into()));
    seller.post(&format!("{path}/confirm"), changed).await.expect(200);
    buyer.post_if(&format!("{path}/accept"), &seen, json!(null)).await.problem(412, "precondition-failed");
    let confirmed = accept(buyer, &path).await.expect(200).json();
    assert_eq!((&confirmed["state"], &confirmed["total"]), (&json!("confirmed"), &euros("10.50")));
    let contract = format!("/v1/contracts/{}", confirmed["contract_id"].as_str().unwrap());
    let contract = buyer.get(&contract).await.json();
    assert_eq!((&contract["total"], &contract["delivery_date"]), (&euros("10.50"), &json!("2999-01-12")));
    assert_eq!(stock(seller, &bolt).await, ("10".into(), "5".into()));
    accept(buyer, &path).await.problem(409, "wrong-state");
    let states = buyer.get(&format!("{path}/confirmations")).await.json()["items"].clone();
    assert_eq!((&states[0]["state"], &states[1]["state"]), (&json!("accepted"), &json!("withdrawn")));
}

#[tokio::test]
async fn refused_changes_leave_the_order_as_it_was_and_unanswered_ones_end_it() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "10", &[("1", "2.00")]).await;
    let (path, line) = placed(&trade, &bolt, json!({"shortage": "ask"})).await;
    let less = json!({"lines": [{"line_id": line, "quantity": "3"}]});
    seller.post(&format!("{path}/confirm"), less.clone()).await.expect(200);
    let refused = buyer.post(&format!("{path}/refuse"), json!({"reason": "all or nothing"})).await.expect(200).json();
    assert_eq!(refused["state"], "placed");
    assert_eq!(stock(seller, &bolt).await, ("10".into(), "4".into()));
    let mut late = less.clone();
    late["answer_by"] = json!("2020-01-01T00:00:00Z");
    assert_eq!(seller.post(&format!("{path}/confirm"), late).await.faults(), ["/answer_by in_past"]);
    seller.post(&format!("{path}/confirm"), less).await.expect(200);
    app.sql("UPDATE purchase_order SET expires_at = now() - interval '1 second'; UPDATE timer SET due_at = now()")
        .await;
    app.until(async || buyer.get(&path).await.json()["state"] == "expired").await;
    accept(buyer, &path).await.problem(409, "wrong-state");
    assert_eq!(stock(seller, &bolt).await, ("10".into(), "0".into()));
    let states = buyer.get(&format!("{path}/confirmations")).await.json()["items"].clone();
    assert_eq!((&states[0]["state"], &states[1]["state"]), (&json!("expired"), &json!("refused")));
}

#[tokio::test]
async fn the_rest_stays_open_as_a_backorder_that_takes_its_stock_when_it_is_confirmed() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "4", &[("1", "2.00")]).await;
    let (path, line) = placed(&trade, &bolt, json!({})).await;
    let part = json!({"expected_date": "2999-01-20", "lines": [{"line_id": line, "quantity": "1"}]});
    let answer = seller.post(&format!("{path}/confirm"), part.clone()).await;
    assert_eq!(answer.faults(), ["/expected_date backorder_not_wanted"]);
    buyer.post(&format!("{path}/cancel"), json!({})).await.expect(200);
    let (path, line) = placed(&trade, &bolt, json!({"shortage": "backorder"})).await;
    let part = json!({"expected_date": "2999-01-20", "lines": [{"line_id": line, "quantity": "1"}]});
    let confirmed = seller.post(&format!("{path}/confirm"), part).await.expect(200).json();
    assert_eq!(confirmed["state"], "partly_confirmed");
    assert_eq!(stock(seller, &bolt).await, ("4".into(), "1".into()));
    let open = buyer.get("/v1/orders?state=placed").await.json()["items"][0].clone();
    assert_eq!((&open["backorder_of"], &open["expected_date"]), (&confirmed["id"], &json!("2999-01-20")));
    assert_eq!((&open["lines"][0]["quantity"]["value"], &open["total"]), (&json!("3"), &euros("6.00")));
    let rest = format!("/v1/orders/{}", open["id"].as_str().unwrap());
    let other = trade.market.place(buyer, &bolt, "2").await;
    let refused = seller.post(&format!("{rest}/confirm"), json!({})).await;
    refused.problem(409, "out-of-stock");
    buyer.post(&format!("/v1/orders/{other}/cancel"), json!({})).await.expect(200);
    assert_eq!(seller.post(&format!("{rest}/confirm"), json!({})).await.expect(200).json()["state"], "confirmed");
    assert_eq!(stock(seller, &bolt).await, ("4".into(), "4".into()));
}

#[tokio::test]
async fn a_backorder_whose_changes_are_dropped_waits_as_long_as_before() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "4", &[("1", "2.00")]).await;
    let (path, line) = placed(&trade, &bolt, json!({"shortage": "backorder"})).await;
    let part = json!({"expected_date": "2999-01-20", "lines": [{"line_id": line, "quantity": "1"}]});
    seller.post(&format!("{path}/confirm"), part).await.expect(200);
    let open = buyer.get("/v1/orders?state=placed").await.json()["items"][0].clone();
    assert!(open["expires_at"].as_str().unwrap().starts_with("2999-01-23T00:00:00"), "{open}");
    let rest = format!("/v1/orders/{}", open["id"].as_str().unwrap());
    let dearer = json!({"lines": [{"line_id": open["lines"][0]["id"], "unit_price": euros("2.10")}]});
    for (by, step) in [(buyer, "refuse"), (seller, "withdraw")] {
        seller.post(&format!("{rest}/confirm"), dearer.clone()).await.expect(200);
        let dropped = by.post(&format!("{rest}/{step}"), json!({})).await.expect(200).json();
        assert_eq!(dropped["expires_at"], open["expires_at"], "{step}");
    }
    let first = buyer.get(&format!("{rest}/confirmations?limit=1")).await.expect(200).json();
    assert_eq!(first["items"][0]["state"], "withdrawn");
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = buyer.get(&format!("{rest}/confirmations?limit=1&cursor={cursor}")).await.expect(200).json();
    assert_eq!((&second["items"][0]["state"], &second["next_cursor"]), (&json!("refused"), &json!(null)));
}

#[tokio::test]
async fn another_day_than_a_line_is_wanted_on_has_to_be_accepted_and_a_backorder_keeps_none() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "10", &[("1", "2.00")]).await;
    let mut body = trade.market.order(&[(&bolt, "4")], true);
    body["lines"][0]["requested_date"] = json!("2999-01-10");
    body["shortage"] = json!("backorder");
    let order = buyer.post("/v1/orders", body).await.expect(201).json()["orders"][0].clone();
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    let later = json!({"delivery_date": "2999-01-12", "expected_date": "2999-01-20",
        "lines": [{"line_id": order["lines"][0]["id"], "quantity": "1"}]});
    let proposed = seller.post(&format!("{path}/confirm"), later).await.expect(200).json();
    assert_eq!(proposed["state"], "confirmation_proposed");
    accept(buyer, &path).await.expect(200);
    let open = buyer.get("/v1/orders?state=placed").await.json()["items"][0].clone();
    assert_eq!((&open["backorder_of"], open["lines"][0].get("requested_date")), (&order["id"], None));
}

#[tokio::test]
async fn where_and_when_goods_are_wanted_becomes_part_of_the_contract_and_its_deliveries() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let nut = trade.market.offer(seller, "100", &[("1", "1.00")]).await;
    let to = |street: &str, city: &str| json!({"kind": "delivery", "lines": [street], "city": city, "postal_code": "24103", "country": "DE"});
    let mut body = trade.market.order(&[(&bolt, "4"), (&nut, "3")], true);
    body["delivery_address"] = to("Hafen 1", "Kiel");
    body["requested_date"] = json!("2999-01-10");
    body["lines"][1]["delivery_address"] = to("Tor 2", "Bremen");
    body["lines"][1]["requested_date"] = json!("2999-02-01");
    let contract = async |said: Value| {
        let order = buyer.post("/v1/orders", body.clone()).await.expect(201).json()["orders"][0]["id"].clone();
        let order = format!("/v1/orders/{}", order.as_str().unwrap());
        seller.post(&format!("{order}/confirm"), said).await.expect(200);
        if seller.get(&order).await.json()["state"] == "confirmation_proposed" {
            buyer.post_if(&format!("{order}/accept"), &buyer.etag(&order).await, json!(null)).await.expect(200);
        }
        buyer.get(&order).await.json()["contract_id"].as_str().expect("a contract").to_owned()
    };
    let id = contract(json!({})).await;
    let path = format!("/v1/contracts/{id}");
    let made = buyer.get(&path).await.expect(200).json();
    assert_eq!((&made["incoterm_place"], &made["delivery_date"]), (&json!("Kiel, DE"), &json!("2999-01-10")));
    let places = |lines: &Value| {
        [0, 1].map(|index| (lines[index]["delivery_address"]["city"].clone(), lines[index]["delivery_date"].clone()))
    };
    let expected = [(json!("Kiel"), json!("2999-01-10")), (json!("Bremen"), json!("2999-02-01"))];
    assert_eq!(places(&made["lines"]), expected);
    let text = buyer.get(&format!("{path}/text")).await.expect(200).text;
    assert!(text.contains("  Deliver to: Hafen 1, 24103 Kiel, DE\n"), "{text}");
    assert!(text.contains("  Deliver to: Tor 2, 24103 Bremen, DE\n  Deliver by: 2999-02-01\n"), "{text}");
    for owner in [seller, buyer] {
        sign(owner, &id).await.expect(200);
    }
    let delivery = seller.post(&format!("{path}/deliveries"), json!({})).await.expect(201).json();
    assert_eq!(places(&delivery["lines"]), expected);
    // The day that the seller names, and the buyer accepts, is that of all lines.
    let id = contract(json!({"delivery_date": "2999-01-20"})).await;
    let made = buyer.get(&format!("/v1/contracts/{id}")).await.expect(200).json();
    assert_eq!(places(&made["lines"]).map(|(_, date)| date), ["2999-01-20", "2999-01-20"].map(|date| json!(date)));
}
