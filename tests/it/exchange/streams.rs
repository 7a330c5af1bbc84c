//! Streams: a snapshot, then numbered changes.

use serde_json::json;
use tests::app::TestApp;
use tests::exchange::{buy, sell};
use tests::sse::read;

// R42
#[tokio::test]
async fn a_reader_begins_with_a_snapshot_and_goes_on_where_it_broke_off() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let instrument = exchange.traded(json!({})).await;
    let (path, orders) =
        (format!("/v1/instruments/{instrument}/stream"), format!("/v1/instruments/{instrument}/orders"));
    let trader = exchange.trader(&app, "Trader").await;
    trader.owner.post(&orders, sell("10", "601")).await.expect(201);
    let anonymous = app.anonymous();
    let first = read(&anonymous, &path, None, 1).await;
    assert_eq!((first[0].kind.as_str(), &first[0].data["book"]["change"]), ("snapshot", &json!(1)));

    exchange.manager.owner.post(&orders, buy("15", "602")).await.expect(201);
    let missed = read(&anonymous, &path, Some(&first[0].id), 2).await;
    let kinds: Vec<&str> = missed.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["trade", "book"]);
    assert_eq!((&missed[1].data["change"], &missed[1].data["previous"]), (&json!(2), &json!(1)));
    assert_eq!(missed[1].data["levels"].as_array().unwrap().len(), 2);
    let book = anonymous.get(&format!("/v1/instruments/{instrument}/book")).await.expect(200).json();
    assert_eq!(missed[1].data["checksum"], book["checksum"]);
    // Between the two events nothing comes twice, and none is left out.
    let rest = read(&anonymous, &path, Some(&missed[0].id), 1).await;
    assert_eq!(rest[0], missed[1]);
    assert!(!missed[0].data.to_string().contains(&trader.id));
    // What is not remembered any more begins anew.
    let anew = read(&anonymous, &path, Some("0.0"), 1).await;
    assert_eq!(anew[0].kind, "snapshot");
}

#[tokio::test]
async fn a_member_hears_of_its_own_orders_alone() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let instrument = exchange.traded(json!({})).await;
    let orders = format!("/v1/instruments/{instrument}/orders");
    let trader = exchange.trader(&app, "Trader").await;
    let placed = trader.owner.post(&orders, sell("10", "601")).await.expect(201).id();
    exchange.manager.owner.post(&orders, buy("10", "601")).await.expect(201);
    let heard = read(&trader.owner, &exchange.path("exchange/stream"), Some("0"), 3).await;
    let kinds: Vec<&str> = heard.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["accepted", "rested", "filled"]);
    assert!(heard.iter().all(|event| event.data["order_id"] == json!(placed)));
    let rest = read(&trader.owner, &exchange.path("exchange/stream"), Some(&heard[1].id), 1).await;
    assert_eq!(rest[0], heard[2]);
}
