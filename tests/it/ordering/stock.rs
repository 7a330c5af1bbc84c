use futures::future::join_all;
use serde_json::json;
use tests::app::TestApp;
use tests::market::stock;

// S7
#[tokio::test]
async fn of_fifty_buyers_of_the_last_unit_exactly_one_gets_it() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let one = market.member(&app, "One", &["buy"]).await.owner;
    let other = market.member(&app, "Other", &["buy"]).await.owner;
    let last = market.offer(&seller, "1", &[("1", "2.00")]).await;
    let calls = (0..50).map(|n| {
        let (buyer, body) = (if n % 2 == 0 { one.clone() } else { other.clone() }, market.order(&[(&last, "1")], true));
        async move { buyer.post("/v1/orders", body).await }
    });
    let mut won = 0;
    for answer in join_all(calls).await {
        if answer.status.as_u16() == 201 {
            won += 1;
        } else {
            let problem = answer.problem(409, "out-of-stock");
            assert_eq!(problem["errors"][0]["pointer"], "/lines/0/quantity");
        }
    }
    assert_eq!(won, 1);
    assert_eq!(stock(&seller, &last).await, ("1".into(), "1".into()));
}

#[tokio::test]
async fn sixty_four_orders_at_once_on_four_connections_all_end() {
    let app = TestApp::start_with(|config| config.connections_per_worker = 4).await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let mut offers = Vec::new();
    for _ in 0..5 {
        offers.push(market.offer(&seller, "1000", &[("1", "2.00")]).await);
    }
    // Each in another order, so that the locks would meet crosswise.
    let calls = (0..64).map(|n| {
        let mut lines: Vec<_> = offers.iter().map(|offer| (offer, "1")).collect();
        lines.rotate_left(n % 5);
        let (buyer, body) = (buyer.clone(), market.order(&lines, true));
        async move { buyer.post("/v1/orders", body).await.expect(201) }
    });
    join_all(calls).await;
    for offer in &offers {
        assert_eq!(stock(&seller, offer).await, ("1000".into(), "64".into()));
    }
}

#[tokio::test]
async fn one_line_short_reserves_nothing() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let plenty = market.offer(&seller, "100", &[("1", "2.00")]).await;
    let few = market.offer(&seller, "3", &[("1", "2.00")]).await;
    let short = buyer.post("/v1/orders", market.order(&[(&plenty, "5"), (&few, "2"), (&few, "2")], true)).await;
    let problem = short.problem(409, "out-of-stock");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1);
    assert_eq!(problem["errors"][0]["pointer"], "/lines/2/quantity");
    assert_eq!(stock(&seller, &plenty).await.1, "0");
    assert_eq!(stock(&seller, &few).await.1, "0");
}

#[tokio::test]
async fn what_is_reserved_cannot_be_counted_away() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let bolt = market.offer(&seller, "10", &[("1", "2.00")]).await;
    market.place(&buyer, &bolt, "4").await;
    let path = format!("/v1/products/{}/stock", bolt.product_id);
    let etag = seller.etag(&path).await;
    seller.put_if(&path, &etag, json!({"on_hand": "3"})).await.problem(409, "stock-reserved");
    seller.put_if(&path, &etag, json!({"on_hand": "4"})).await.expect(200);
    seller.put_if(&path, &etag, json!({"on_hand": "5"})).await.problem(412, "precondition-failed");
    assert_eq!(stock(&seller, &bolt).await, ("4".into(), "4".into()));
}
