//! What a host does with a state that is ahead of its journal, and with tables that another host still writes.

use diesel_async::SimpleAsyncConnection;
use reqwest::Method;
use serde_json::json;
use tests::database;
use tests::exchange::{buy, sell};
use tests::nodes::{Ground, until};

use super::hosts::placed;

/// How often an entry was refused.
const REFUSED: &str = "SELECT last_value AS count FROM refused";

#[tokio::test]
async fn a_host_that_stops_in_doubt_hands_over_nothing_that_the_journal_does_not_hold() {
    let ground = Ground::prepare(2).await;
    let node = ground.node().await;
    let (alice, bob) = (ground.trader(0, &node), ground.trader(1, &node));
    placed(&ground, &alice, &sell("20", "601")).await;
    let before = ground.book(&node).await;
    ground.refuse_entries().await;
    let (lost, path) = (buy("15", "601"), ground.path("orders"));
    let asked = async { bob.try_send(bob.request(Method::POST, &path).json(&lost)).await };
    let stopped = async {
        // Its state has the order, its entry was refused, and so was the attempt to find out about it.
        until(async || ground.count(REFUSED).await >= 3).await;
        node.signal("TERM");
    };
    let (answer, ()) = tokio::join!(asked, stopped);
    assert!(answer.as_ref().is_none_or(|answer| answer.status == 503), "{answer:?}");
    assert!(node.ended().await.success());
    ground.sql("DROP TRIGGER refuse ON journal_entry").await;

    let node = ground.node().await;
    placed(&ground, &ground.trader(0, &node), &sell("5", "602")).await;
    assert_eq!(ground.book(&node).await["asks"][0], before["asks"][0]);
    let bob = ground.trader(1, &node);
    assert_eq!(bob.get("/v1/exchange/orders").await.expect(200).json()["items"], json!([]));
    assert_eq!(placed(&ground, &bob, &lost).await["replayed"], json!(false));
    ground.agrees().await;
}

/// The host writes an entry without commands where it is in doubt; if the answer to that is lost, it finds its own number taken by itself.
#[tokio::test]
async fn an_entry_that_was_given_up_is_not_taken_for_written() {
    let ground = Ground::prepare(2).await;
    let node = ground.node().await;
    let (alice, bob) = (ground.trader(0, &node), ground.trader(1, &node));
    placed(&ground, &alice, &sell("20", "601")).await;
    let before = ground.book(&node).await;
    ground.refuse_entries().await;
    let (order, path) = (buy("15", "601"), ground.path("orders"));
    let given_up = async {
        until(async || ground.count(REFUSED).await >= 3).await;
        ground
            .sql(
                "BEGIN; DROP TRIGGER refuse ON journal_entry;
                 INSERT INTO journal_entry SELECT stream_id, number + 1, epoch, at, 0, 0, '' FROM journal_entry
                     ORDER BY number DESC LIMIT 1;
                 COMMIT",
            )
            .await;
    };
    let (answer, ()) = tokio::join!(bob.send(bob.request(Method::POST, &path).json(&order)), given_up);
    answer.problem(503, "unavailable");
    assert_eq!(ground.book(&node).await["asks"], before["asks"]);
    let taken = placed(&ground, &bob, &order).await;
    assert_eq!((&taken["state"], &taken["replayed"]), (&json!("filled"), &json!(false)));
    ground.agrees().await;
}

/// Who waits for a lock.
const WAITING: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

// R2
#[tokio::test]
async fn who_hangs_up_and_asks_again_by_the_key_places_no_second_order() {
    let ground = Ground::prepare(1).await;
    let node = ground.node().await;
    let (alice, path) = (ground.trader(0, &node), ground.path("orders"));
    placed(&ground, &alice, &sell("5", "602")).await;
    // The order has no name of its own, and its entry takes long.
    let mut order = sell("20", "601");
    order["client_order_id"] = json!(null);
    let mut holder = database::connect(&ground.database_url).await;
    holder.batch_execute("BEGIN; LOCK TABLE journal_entry IN SHARE MODE").await.unwrap();
    tokio::select! {
        answer = alice.post_once(&path, "key", order.clone()) => panic!("{answer:?}"),
        () = until(async || ground.count(WAITING).await >= 1) => {}
    }
    alice.post_once(&path, "key", order.clone()).await.problem(409, "request-in-progress");
    holder.batch_execute("COMMIT").await.unwrap();

    until(async || alice.post_once(&path, "key", order.clone()).await.status == 201).await;
    let again = alice.post_once(&path, "key", order.clone()).await.expect(201);
    assert_eq!(again.header("idempotent-replayed"), "true");
    let orders = alice.get("/v1/exchange/orders").await.expect(200).json();
    assert_eq!(orders["items"].as_array().unwrap().len(), 2);
    ground.agrees().await;
}

// R2
#[tokio::test]
async fn a_key_runs_until_it_is_known_what_became_of_its_order() {
    let ground = Ground::prepare(1).await;
    let node = ground.node().await;
    let (alice, path) = (ground.trader(0, &node), ground.path("orders"));
    placed(&ground, &alice, &sell("5", "602")).await;
    let mut order = sell("20", "601");
    order["client_order_id"] = json!(null);
    ground.refuse_entries().await;
    // Its caller waits no longer, but it may still come to be.
    alice.post_once(&path, "key", order.clone()).await.problem(503, "unavailable");
    alice.post_once(&path, "key", order.clone()).await.problem(409, "request-in-progress");
    ground.sql("DROP TRIGGER refuse ON journal_entry").await;
    until(async || alice.post_once(&path, "key", order.clone()).await.status == 201).await;
    let orders = alice.get("/v1/exchange/orders").await.expect(200).json();
    assert_eq!(orders["items"].as_array().unwrap().len(), 2);
    ground.agrees().await;
}

#[tokio::test]
async fn the_tables_of_an_earlier_host_go_on_beside_those_of_the_next_and_nothing_is_missing_or_twice() {
    let ground = Ground::prepare(2).await;
    let node = ground.node().await;
    let (alice, bob) = (ground.trader(0, &node), ground.trader(1, &node));
    placed(&ground, &alice, &sell("100", "601")).await;
    ground.agrees().await;
    // The tables cannot be written: the first order waits within its transaction, the others behind it.
    let mut holder = database::connect(&ground.database_url).await;
    holder.batch_execute("BEGIN; LOCK TABLE exchange_trade IN SHARE MODE").await.unwrap();
    for _ in 0..5 {
        placed(&ground, &bob, &buy("5", "601")).await;
    }
    until(async || ground.count(WAITING).await >= 1).await;
    // The host loses its stream, and whoever takes it begins to write the tables, too.
    ground.sql("UPDATE journal_stream SET epoch = epoch + 1, leased_until = '-infinity'").await;
    for _ in 0..5 {
        placed(&ground, &bob, &buy("5", "601")).await;
    }
    until(async || ground.count(WAITING).await >= 2).await;
    holder.batch_execute("COMMIT").await.unwrap();
    for _ in 0..5 {
        placed(&ground, &bob, &buy("5", "601")).await;
    }
    ground.agrees().await;
    let orders = bob.get("/v1/exchange/orders").await.expect(200).json();
    assert_eq!(orders["items"].as_array().unwrap().len(), 15);
    let trades = bob.get("/v1/exchange/trades").await.expect(200).json();
    assert_eq!(trades["items"].as_array().unwrap().len(), 15);
}
