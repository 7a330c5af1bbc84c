//! A host that is gone, and one that only seems to be.

use diesel_async::SimpleAsyncConnection;
use reqwest::Method;
use serde_json::{Value, json};
use tests::client::Client;
use tests::database;
use tests::exchange::{buy, sell};
use tests::nodes::Ground;
use tests::raw::Sent;

/// Places an order, asking again until it is answered. Its name makes it one order.
pub async fn placed(ground: &Ground, by: &Client, order: &Value) -> Value {
    let path = ground.path("orders");
    let ask = async || by.try_send(by.request(Method::POST, &path).json(order)).await;
    let patience = tokio::time::timeout(std::time::Duration::from_secs(60), async {
        loop {
            if let Some(answer) = ask().await {
                if [200, 201].contains(&answer.status.as_u16()) {
                    return answer.json();
                }
                answer.problem(503, "unavailable");
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    });
    patience.await.expect("it is answered in time")
}

// T1, T9
#[tokio::test]
async fn a_second_node_takes_over_when_the_first_is_killed() {
    let ground = Ground::prepare(2).await;
    let first = ground.node().await;
    let (alice, bob) = (ground.trader(0, &first), ground.trader(1, &first));
    placed(&ground, &alice, &sell("20", "601")).await;
    let second = ground.node().await;
    let (alice_there, bob_there) = (ground.trader(0, &second), ground.trader(1, &second));
    let rest = placed(&ground, &bob_there, &buy("10", "600")).await;
    placed(&ground, &bob, &buy("5", "601")).await;
    assert_eq!(ground.host().await, first.url());
    let before = ground.book(&second).await;
    first.kill().await;

    // Its lease ends by itself.
    let named = sell("5", "600");
    let taken = placed(&ground, &alice_there, &named).await;
    assert_eq!(ground.host().await, second.url());
    assert_eq!((&taken["state"], &taken["replayed"]), (&json!("filled"), &json!(false)));
    let book = ground.book(&second).await;
    assert_eq!((&book["asks"], &book["change"]), (&before["asks"], &json!(before["change"].as_u64().unwrap() + 1)));
    assert_eq!(book["bids"][0]["quantity"], json!({"value": "5", "unit": "TNE"}));
    assert_eq!(placed(&ground, &alice_there, &named).await["replayed"], json!(true));
    bob_there.delete(&path(&rest)).await.expect(200);
    ground.agrees().await;
}

fn path(order: &Value) -> String {
    format!("/v1/exchange/orders/{}", order["id"].as_str().unwrap())
}

/// Entries that a host wrote after another one had begun.
const LATE: &str = "SELECT count(*) FROM journal_entry late JOIN journal_entry begun
     ON begun.stream_id = late.stream_id AND begun.number < late.number AND begun.epoch > late.epoch";

// T9
#[tokio::test]
async fn a_host_that_was_frozen_past_its_lease_writes_nothing_and_says_nothing_that_is_out_of_date() {
    let ground = Ground::prepare(2).await;
    let first = ground.node().await;
    let alice = ground.trader(0, &first);
    let early = placed(&ground, &alice, &sell("50", "601")).await;
    let second = ground.node().await;
    let (alice_there, bob_there) = (ground.trader(0, &second), ground.trader(1, &second));
    first.signal("STOP");
    placed(&ground, &bob_there, &buy("10", "601")).await;
    assert_eq!(ground.host().await, second.url());
    let late = placed(&ground, &alice_there, &sell("25", "602")).await;
    alice_there.delete(&path(&early)).await.expect(200);

    // They are the first that it hears of when it goes on. By its own state the late order is unknown, and the early one live.
    let send = async |method: &str, path: &str, body: &Value| {
        Sent::to(first.address, method, path, alice.token(), &body.to_string()).await
    };
    let orders: Vec<Value> = (0..8).map(|_| sell("5", "603")).collect();
    let mut places = Vec::new();
    for order in &orders {
        places.push(send("POST", &ground.path("orders"), order).await);
    }
    let cancelled = send("DELETE", &path(&late), &Value::Null).await;
    let again = send("DELETE", &path(&early), &Value::Null).await;
    let book = send("GET", &ground.path("book"), &Value::Null).await;
    first.signal("CONT");
    for place in places {
        is_unknown_or(201, place).await;
    }
    let is_gone = is_unknown_or(200, cancelled).await;
    is_unknown_or(409, again).await;
    let (status, book) = book.answer().await;
    assert!(status == 503 || !book.contains("601.00"), "{book}");
    assert_eq!(ground.count(LATE).await, 0);

    // From now on it forwards. What it has answered is there, and what it has not is placed now, once.
    for order in &orders {
        placed(&ground, &alice, order).await;
    }
    if !is_gone {
        alice.delete(&path(&late)).await.expect(200);
    }
    assert_eq!(ground.host().await, second.url());
    let level = json!({"price": {"amount": "603.00", "currency": "EUR"}, "quantity": {"value": "40", "unit": "TNE"}});
    for node in [&first, &second] {
        assert_eq!(ground.book(node).await["asks"], json!([level]));
    }
    ground.agrees().await;

    // And it hosts again when the other one is gone.
    second.kill().await;
    placed(&ground, &alice, &buy("5", "590")).await;
    assert_eq!(ground.host().await, first.url());
    assert_eq!(ground.book(&first).await["asks"], json!([level]));
    assert_eq!(ground.count(LATE).await, 0);
    ground.agrees().await;
}

// T9
#[tokio::test]
async fn a_host_that_has_not_heard_that_it_is_none_any_more_refuses_nothing_by_its_old_state() {
    let ground = Ground::prepare(2).await;
    let first = ground.node().await;
    let (alice, bob) = (ground.trader(0, &first), ground.trader(1, &first));
    let early = placed(&ground, &alice, &sell("50", "601")).await;
    let second = ground.node().await;
    first.signal("STOP");
    let alice_there = ground.trader(0, &second);
    placed(&ground, &alice_there, &sell("5", "650")).await;
    alice_there.delete(&path(&early)).await.expect(200);

    // As long as this lasts no node learns who has the lease, and nothing is written.
    let mut holder = database::connect(&ground.database_url).await;
    let hold = "BEGIN; SELECT FROM journal_stream FOR UPDATE; LOCK TABLE journal_entry IN SHARE MODE";
    holder.batch_execute(hold).await.unwrap();
    first.signal("CONT");
    let mut order = buy("5", "601");
    order["post_only"] = json!(true);
    // It would meet the order that was cancelled meanwhile.
    bob.post(&ground.path("orders"), order.clone()).await.problem(503, "unavailable");
    holder.batch_execute("COMMIT").await.unwrap();
    assert_eq!(placed(&ground, &bob, &order).await["state"], "resting");
    assert_eq!(ground.count(LATE).await, 0);
    ground.agrees().await;
}

/// A node that was frozen says that it cannot say, or what the other one says. True for the latter.
async fn is_unknown_or(expected: u16, sent: Sent) -> bool {
    let (status, text) = sent.answer().await;
    assert!([503, expected].contains(&status), "{text}");
    status == expected
}
