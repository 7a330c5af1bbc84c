//! The database goes away under a market, and comes back.

use diesel_async::SimpleAsyncConnection;
use futures::future::join_all;
use serde_json::json;
use tests::database;
use tests::exchange::{buy, sell};
use tests::nodes::Ground;

use super::hosts::placed;
use super::load::{Nodes, Trader};
use super::verdict::all_is_as_answered;

const TRADERS: usize = 4;

/// All connections but the caller's own end.
const TERMINATE: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()";

// T2
#[tokio::test]
async fn a_market_whose_connections_break_again_and_again_goes_on_and_loses_nothing() {
    let ground = Ground::prepare(TRADERS).await;
    let nodes = Nodes::default();
    let services = [ground.node().await];
    nodes.are(&services);
    let load = join_all((0..TRADERS).map(|index| Trader::new(&ground, &nodes, index).trade()));
    let trial = async {
        for _ in 0..10 {
            nodes.answer(40).await;
            ground.sql(TERMINATE).await;
        }
        nodes.answer(40).await;
        nodes.end();
    };
    let (traders, ()) = tokio::join!(load, trial);
    all_is_as_answered(&ground, &services[0], &traders).await;
}

// T2, R45
#[tokio::test]
async fn while_the_database_lets_nobody_in_a_market_refuses_and_goes_on_by_itself() {
    let ground = Ground::prepare(2).await;
    let node = ground.node().await;
    let (alice, bob) = (ground.trader(0, &node), ground.trader(1, &node));
    placed(&ground, &alice, &sell("20", "601")).await;
    let before = ground.book(&node).await;

    let (server, name) = ground.database_url.rsplit_once('/').unwrap();
    let mut elsewhere = database::connect(&format!("{server}/postgres")).await;
    let shut = format!(
        "ALTER DATABASE {name} ALLOW_CONNECTIONS false;
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    elsewhere.batch_execute(&shut).await.unwrap();
    let order = buy("5", "601");
    for _ in 0..5 {
        let answer = bob.post(&ground.path("orders"), order.clone()).await;
        assert!(answer.headers.contains_key("retry-after"), "{answer:?}");
        answer.problem(503, "unavailable");
    }
    elsewhere.batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await.unwrap();

    let taken = placed(&ground, &bob, &order).await;
    assert_eq!((&taken["state"], &taken["replayed"]), (&json!("filled"), &json!(false)));
    let after = ground.book(&node).await;
    assert_eq!(
        (&before["asks"][0]["quantity"]["value"], &after["asks"][0]["quantity"]["value"]),
        (&json!("20"), &json!("15"))
    );
    ground.agrees().await;
}

// T3
#[tokio::test]
async fn while_the_disk_is_full_a_market_refuses_and_goes_on_by_itself() {
    let ground = Ground::prepare(2).await;
    let node = ground.node().await;
    let (alice, bob) = (ground.trader(0, &node), ground.trader(1, &node));
    placed(&ground, &alice, &sell("20", "601")).await;
    ground.refuse_entries().await;
    let order = buy("5", "601");
    for _ in 0..3 {
        bob.post(&ground.path("orders"), order.clone()).await.problem(503, "unavailable");
    }
    // Tables are read as before.
    alice.get("/v1/exchange/orders").await.expect(200);
    ground.sql("DROP TRIGGER refuse ON journal_entry").await;
    let taken = placed(&ground, &bob, &order).await;
    assert_eq!((&taken["state"], &taken["replayed"]), (&json!("filled"), &json!(false)));
    let orders = bob.get("/v1/exchange/orders").await.expect(200).json();
    assert_eq!((&orders["items"][0]["filled_quantity"]["value"], &orders["items"][1]), (&json!("5"), &json!(null)));
    ground.agrees().await;
}
