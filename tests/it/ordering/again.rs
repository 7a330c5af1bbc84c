use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_quick_order_takes_skus_as_lines_and_as_csv_and_tells_of_candidates() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let second = trade.market.member(&app, "Second", &["sell"]).await;
    let buyer = &trade.buyer.owner;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let nut = trade.market.offer(&trade.seller.owner, "1000", &[("1", "1.00")]).await;
    let twin = json!({"sku": bolt.sku});
    trade.market.offer_with(&second.owner, "1000", &[("1", "1.90")], twin).await;
    let mut body = json!({"portal_id": trade.market.portal_id, "currency": "EUR", "submit": true,
        "lines": [{"sku": bolt.sku, "quantity": "4"}, {"sku": "NONE", "quantity": "1"}], "csv": format!("{};2,0", nut.sku)});
    let refused = buyer.post("/v1/orders/quick", body.clone()).await;
    let told = refused.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
    assert!(told.contains(&trade.seller.id) && told.contains(&second.id) && told.contains("Second"), "{told}");
    assert_eq!(refused.faults(), ["/lines/0/sku ambiguous_sku", "/lines/1/sku not_offered"]);
    body["lines"] = json!([{"sku": bolt.sku, "quantity": "4", "seller_id": trade.seller.id}]);
    let placed = buyer.post("/v1/orders/quick", body.clone()).await.expect(201).json();
    let lines = placed["orders"][0]["lines"].as_array().unwrap();
    assert_eq!((&lines[0]["offer_id"], &lines[1]["offer_id"]), (&json!(bolt.offer_id), &json!(nut.offer_id)));
    assert_eq!(placed["orders"][0]["total"]["amount"], "10.00");
    body["csv"] = json!("A\n;;\n");
    assert_eq!(buyer.post("/v1/orders/quick", body).await.faults(), ["/csv line", "/csv line"]);
    assert_eq!(app.count("SELECT count(*) FROM purchase_order").await, 1);
}

#[tokio::test]
async fn a_hundred_lines_are_ordered_at_once() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let mut csv = String::from("sku;quantity\n");
    for _ in 0..100 {
        csv.push_str(&format!("{};1\n", trade.market.offer(&trade.seller.owner, "10", &[("1", "2.00")]).await.sku));
    }
    let body = json!({"portal_id": trade.market.portal_id, "currency": "EUR", "csv": csv, "submit": true});
    let placed = trade.buyer.owner.post("/v1/orders/quick", body).await.expect(201).json();
    assert_eq!(placed["orders"][0]["lines"].as_array().unwrap().len(), 100);
    assert_eq!(placed["orders"][0]["total"]["amount"], "200.00");
}

#[tokio::test]
async fn an_order_is_made_again_at_todays_prices_without_what_is_gone() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "1000", &[("1", "2.00")]).await;
    let nut = trade.market.offer(seller, "1000", &[("1", "1.00")]).await;
    let body = trade.market.order(&[(&bolt, "4"), (&nut, "3")], true);
    let order = buyer.post("/v1/orders", body).await.expect(201).json()["orders"][0]["id"].as_str().unwrap().to_owned();
    let offers = format!("/v1/portals/{}/offers", trade.market.slug);
    let dearer = json!({"tiers": [{"from": "1", "unit_price": {"amount": "3.00", "currency": "EUR"}}]});
    seller.edit(&format!("{offers}/{}", bolt.offer_id), dearer).await.expect(200);
    seller.post(&format!("{offers}/{}/withdraw", nut.offer_id), json!({})).await.expect(200);
    let again = buyer.post(&format!("/v1/orders/{order}/reorder"), json!({})).await.expect(201).json();
    assert_eq!(
        (&again["orders"][0]["state"], &again["orders"][0]["total"]["amount"]),
        (&json!("draft"), &json!("12.00"))
    );
    assert_eq!(again["no_longer_offered"][0]["sku"], json!(nut.sku));
    seller.post(&format!("/v1/orders/{order}/reorder"), json!({})).await.problem(404, "not-found");
    seller.post(&format!("{offers}/{}/withdraw", bolt.offer_id), json!({})).await.expect(200);
    buyer.post(&format!("/v1/orders/{order}/reorder"), json!({})).await.problem(409, "not-offered");
}

// R18, S1
#[tokio::test]
async fn a_requisition_list_is_its_owners_or_the_companys_and_becomes_a_draft() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let (anna, boris) =
        (app.person(&trade.buyer, &["buyer"]).await.owner, app.person(&trade.buyer, &["buyer"]).await.owner);
    let line = |quantity: &str| json!({"offer_id": bolt.offer_id, "quantity": {"value": quantity, "unit": "C62"}});
    let body = json!({"name": "Monthly", "portal_id": trade.market.portal_id, "currency": "EUR", "lines": [line("5")]});
    let list =
        format!("/v1/requisition-lists/{}", anna.post("/v1/requisition-lists", body.clone()).await.expect(201).id());
    boris.get(&list).await.problem(404, "not-found");
    boris.post(&format!("{list}/order"), json!({})).await.problem(404, "not-found");
    anna.edit(&list, json!({"shared": true})).await.expect(200);
    boris.edit(&list, json!({"lines": [line("6")]})).await.expect(200);
    boris.edit(&list, json!({"shared": false})).await.problem(403, "forbidden");
    let stale = "\"1.000000000000\"";
    boris.patch_if(&list, stale, json!({"name": "x"})).await.problem(412, "precondition-failed");
    let made = boris.post(&format!("{list}/order"), json!({})).await.expect(201).json();
    assert_eq!(
        (&made["orders"][0]["state"], &made["orders"][0]["total"]["amount"]),
        (&json!("draft"), &json!("12.00"))
    );
    let mut odd = body;
    odd["lines"] = json!([line("0"), line("-1")]);
    assert_eq!(
        anna.post("/v1/requisition-lists", odd).await.faults(),
        ["/lines/0/quantity not_positive", "/lines/1/quantity negative"]
    );
    let etag = anna.etag(&list).await;
    boris.delete_if(&list, &etag).await.problem(403, "forbidden");
    anna.delete_if(&list, &etag).await.expect(204);
    anna.get(&list).await.problem(404, "not-found");
}

// S1
#[tokio::test]
async fn a_quick_order_tells_nobody_what_they_may_not_buy() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let second = trade.market.member(&app, "Second", &["sell"]).await;
    trade.market.offer_with(&second.owner, "1000", &[("1", "1.90")], json!({"sku": bolt.sku})).await;
    let body = |sku: &str| json!({"portal_id": trade.market.portal_id, "currency": "EUR", "lines": [{"sku": sku, "quantity": "1"}]});
    // Who may not buy hears the same of what is there and of what is not.
    let outsider = app.company("Outsider").await.owner;
    for sku in [bolt.sku.as_str(), "NONE"] {
        outsider.post("/v1/orders/quick", body(sku)).await.problem(403, "capability-missing");
    }
    app.sql(&format!("UPDATE portal SET visibility = 'closed' WHERE id = '{}'", trade.market.portal_id)).await;
    for sku in [bolt.sku.as_str(), "NONE"] {
        outsider.post("/v1/orders/quick", body(sku)).await.problem(404, "not-found");
    }
    // Whose seller may not trade is no candidate.
    let buyer = &trade.buyer.owner;
    assert_eq!(buyer.post("/v1/orders/quick", body(&bolt.sku)).await.faults(), ["/lines/0/sku ambiguous_sku"]);
    let suspend = format!("/v1/organisations/{}/suspend", second.id);
    app.operator().await.post(&suspend, json!({"note": "unpaid fees"})).await.expect(200);
    let made = buyer.post("/v1/orders/quick", body(&bolt.sku)).await.expect(201).json();
    assert_eq!(made["orders"][0]["seller_id"], json!(trade.seller.id));
}

#[tokio::test]
async fn what_a_price_list_gives_in_another_currency_is_ordered_again() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "1000", &[("1", "2.00")]).await;
    let dollars = json!([{"offer_id": bolt.offer_id, "tiers": [{"from": "1", "unit_price": {"amount": "2.20", "currency": "USD"}}]}]);
    let list = json!({"name": "Dollars", "valid_from": "2020-01-01T00:00:00Z", "buyers": [trade.buyer.id], "entries": dollars});
    seller.post(&format!("/v1/portals/{}/price-lists", trade.market.slug), list).await.expect(201);
    let mut body = trade.market.order(&[(&bolt, "10")], true);
    body["currency"] = json!("USD");
    let order = buyer.post("/v1/orders", body).await.expect(201).json()["orders"][0]["id"].clone();
    let reorder = format!("/v1/orders/{}/reorder", order.as_str().unwrap());
    let again = buyer.post(&reorder, json!({})).await.expect(201).json();
    assert_eq!(again["orders"][0]["total"], json!({"amount": "22.00", "currency": "USD"}));
    assert_eq!(again["no_longer_offered"], json!([]));
}
