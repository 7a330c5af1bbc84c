//! Who hosts a market: after a restart, beside another node, and after that one is gone.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::exchange::{buy, join, sell};

async fn book(app: &TestApp, instrument: &str) -> Value {
    app.anonymous().get(&format!("/v1/instruments/{instrument}/book")).await.expect(200).json()
}

// T1, T9
#[tokio::test]
async fn a_market_is_the_same_after_a_restart() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let instrument = exchange.traded(json!({})).await;
    let trader = exchange.trader(&app, "Trader").await;
    let path = format!("/v1/instruments/{instrument}/orders");
    for price in ["598", "599", "600"] {
        trader.owner.post(&path, buy("10", price)).await.expect(201);
    }
    exchange.manager.owner.post(&path, sell("15", "599")).await.expect(201);
    let before = book(&app, &instrument).await;
    let orders = trader.owner.get("/v1/exchange/orders").await.expect(200).json();
    let (url, key) = (app.database_url.clone(), app.config().secret_key.clone());
    drop(app);

    let app = TestApp::start_on(url, |config| config.secret_key = key).await;
    assert_eq!(book(&app, &instrument).await, before);
    let trader = app.log_in(&trader.email).await;
    assert_eq!(trader.get("/v1/exchange/orders").await.expect(200).json(), orders);
    trader.post(&path, buy("10", "600")).await.expect(201);
    assert_ne!(book(&app, &instrument).await, before);
}

#[tokio::test]
async fn another_node_forwards_to_the_host_and_takes_over_when_it_is_gone() {
    let first = TestApp::start().await;
    let exchange = first.exchange().await;
    let instrument = exchange.traded(json!({})).await;
    let trader = exchange.trader(&first, "Trader").await;
    let (url, key) = (first.database_url.clone(), first.config().secret_key.clone());
    let second = TestApp::start_on(url, |config| config.secret_key = key).await;
    let there = second.log_in(&trader.email).await;
    let path = format!("/v1/instruments/{instrument}/orders");
    let order = buy("10", "600");
    let placed = there.post(&path, order.clone()).await.expect(201).json();
    assert_eq!(book(&first, &instrument).await, book(&second, &instrument).await);
    // The same retry on the other node is the same order.
    let again = trader.owner.post(&path, order).await.expect(200).json();
    assert_eq!((&again["id"], &again["replayed"]), (&placed["id"], &json!(true)));
    drop(first);

    let orders = format!("/v1/exchange/orders/{}", placed["id"].as_str().unwrap());
    second.until(async || there.delete(&orders).await.status == 200).await;
    assert_eq!(book(&second, &instrument).await["bids"], json!([]));
}

#[tokio::test]
async fn any_node_tells_what_a_company_has_on_all_markets() {
    let first = TestApp::start().await;
    let trader = first.company("Trader").await;
    let (url, key) = (first.database_url.clone(), first.config().secret_key.clone());
    let second = TestApp::start_on(url, |config| config.secret_key = key).await;
    let there = second.log_in(&trader.email).await;
    let mut portals = Vec::new();
    for (app, by) in [(&first, &trader.owner), (&second, &there)] {
        let exchange = app.exchange().await;
        join(app, &exchange.slug, &trader).await;
        let instrument = exchange.traded(json!({})).await;
        by.post(&format!("/v1/instruments/{instrument}/orders"), buy("10", "600")).await.expect(201);
        portals.push(exchange.portal_id);
    }
    for by in [&trader.owner, &there] {
        let held = by.get("/v1/exchange/positions").await.expect(200).json();
        let told: Vec<&str> =
            held["items"].as_array().unwrap().iter().map(|one| one["portal_id"].as_str().unwrap()).collect();
        assert_eq!(told, portals);
        assert!(held["items"].as_array().unwrap().iter().all(|one| one["positions"][0]["live_orders"] == 1), "{held}");
        let orders = by.get("/v1/exchange/orders").await.expect(200).json();
        assert_eq!(orders["items"].as_array().unwrap().len(), 2);
    }
}
