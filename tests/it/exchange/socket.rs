//! The WebSocket: market data, own orders, and cancel on disconnect.

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::exchange::{Exchange, buy, sell};
use tests::given::Company;
use tests::process::Service;
use tests::websocket::Socket;

const PATH: &str = "/v1/market-data";

struct Pit {
    exchange: Exchange,
    instrument: String,
    orders: String,
    trader: Company,
}

impl Pit {
    async fn open(app: &TestApp) -> Self {
        let exchange = app.exchange().await;
        let instrument = exchange.traded(json!({})).await;
        let orders = format!("/v1/instruments/{instrument}/orders");
        let trader = exchange.trader(app, "Trader").await;
        Self { exchange, instrument, orders, trader }
    }

    async fn place(&self, by: &Client, order: Value) -> String {
        by.post(&self.orders, order).await.expect(201).id()
    }
}

async fn bids(by: &Client, instrument: &str) -> usize {
    let book = by.get(&format!("/v1/instruments/{instrument}/book")).await.expect(200).json();
    book["bids"].as_array().unwrap().len()
}

// R42
#[tokio::test]
async fn one_connection_brings_books_and_own_orders() {
    let app = TestApp::start().await;
    let pit = Pit::open(&app).await;
    let manager = &pit.exchange.manager.owner;
    app.anonymous().get(PATH).await.problem(426, "upgrade-required");
    let mut socket = Socket::open(&app.anonymous(), PATH, None).await;
    let subscribe = json!({"op": "subscribe", "instrument_id": pit.instrument});
    assert_eq!(socket.ask(subscribe.clone()).await, json!({"type": "subscribed", "instrument_id": pit.instrument}));
    let snapshot = socket.until("snapshot").await;
    assert_eq!((&snapshot["instrument_id"], &snapshot["data"]["reason"]), (&json!(pit.instrument), &json!("begin")));

    let placed = pit.place(&pit.trader.owner, buy("10", "600")).await;
    let change = socket.until("book").await;
    assert_eq!((&change["data"]["previous"], &change["data"]["change"]), (&json!(0), &json!(1)));
    assert!(!change.to_string().contains(&pit.trader.id));
    // Whoever says who he is hears of his own orders, too.
    let own = json!({"op": "subscribe_orders", "portal": pit.exchange.slug, "last_event_id": "0"});
    let refused = socket.ask(own.clone()).await;
    assert_eq!(refused["problem"]["type"], "/problems/unauthenticated");
    let said = socket.ask(json!({"op": "authenticate", "token": pit.trader.owner.token()})).await;
    assert_eq!(said, json!({"type": "authenticated", "organisation_id": pit.trader.id}));
    socket.say(own).await;
    let accepted = socket.until("accepted").await;
    assert_eq!((&accepted["portal"], &accepted["data"]["order_id"]), (&json!(pit.exchange.slug), &json!(placed)));
    pit.place(manager, sell("10", "600")).await;
    assert_eq!(socket.until("filled").await["data"]["order_id"], json!(placed));

    // What is ended says nothing more, and goes on where it was.
    let ended = json!({"op": "unsubscribe", "instrument_id": pit.instrument});
    socket.say(ended).await;
    socket.until("unsubscribed").await;
    pit.place(manager, sell("10", "602")).await;
    let resumed = json!({"op": "subscribe", "instrument_id": pit.instrument, "last_event_id": change["id"]});
    socket.say(resumed).await;
    assert_eq!(socket.until("book").await["data"]["previous"], json!(1));
    assert_eq!(socket.until("book").await["data"]["previous"], json!(2));
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_and_the_connection_goes_on() {
    let app = TestApp::start().await;
    let (pit, stranger) = (Pit::open(&app).await, app.company("Stranger").await);
    let closed = app.exchange_of(app.company("Closed").await, "closed").await;
    let hidden = closed.instrument(json!({})).await;
    let mut socket = Socket::open(&app.anonymous(), PATH, Some(pit.trader.owner.token())).await;
    let slug = async |socket: &mut Socket, what: Value| {
        let answer = socket.ask(what).await;
        assert_eq!(answer["type"], "refused", "{answer}");
        answer["problem"]["type"].as_str().unwrap().to_owned()
    };
    assert_eq!(slug(&mut socket, json!({"op": "subscribe", "instrument_id": hidden})).await, "/problems/not-found");
    assert_eq!(
        slug(&mut socket, json!({"op": "subscribe", "instrument_id": "x"})).await,
        "/problems/malformed-request"
    );
    assert_eq!(slug(&mut socket, json!({"op": "subscribe"})).await, "/problems/malformed-request");
    assert_eq!(slug(&mut socket, json!({"op": "unsubscribe", "more": 1})).await, "/problems/malformed-request");
    let place = json!({"op": "subscribe", "instrument_id": pit.instrument, "last_event_id": "?"});
    assert_eq!(slug(&mut socket, place).await, "/problems/malformed-request");
    let other = json!({"op": "authenticate", "token": stranger.owner.token()});
    assert_eq!(slug(&mut socket, other).await, "/problems/forbidden");
    let forged = json!({"op": "authenticate", "token": "forged"});
    assert_eq!(slug(&mut socket, forged).await, "/problems/invalid-token");
    let orders = json!({"op": "subscribe_orders", "portal": closed.slug});
    assert_eq!(slug(&mut socket, orders).await, "/problems/not-found");

    let subscribe = json!({"op": "subscribe", "instrument_id": pit.instrument});
    assert_eq!(socket.ask(subscribe.clone()).await["type"], "subscribed");
    socket.say(subscribe).await;
    assert_eq!(socket.until("refused").await["problem"]["type"], "/problems/already-exists");
    // What is no JSON at all is refused, what is too long ends the connection.
    socket.text("{").await;
    assert_eq!(socket.until("refused").await["problem"]["type"], "/problems/malformed-request");
    socket.text(&"x".repeat(20_000)).await;
    while socket.hear().await.is_some() {}
}

#[tokio::test]
async fn orders_are_cancelled_when_a_connection_that_asks_for_it_is_lost() {
    let app = TestApp::start().await;
    let pit = Pit::open(&app).await;
    let (trader, manager) = (&pit.trader.owner, &pit.exchange.manager.owner);
    pit.place(manager, buy("5", "598")).await;
    let own =
        |cancel: bool| json!({"op": "subscribe_orders", "portal": pit.exchange.slug, "cancel_on_disconnect": cancel});
    let mut watched = Socket::open(trader, PATH, Some(trader.token())).await;
    assert_eq!(watched.ask(own(true)).await["type"], "subscribed");
    let mut other = Socket::open(trader, PATH, Some(trader.token())).await;
    assert_eq!(other.ask(own(false)).await["type"], "subscribed");
    for price in ["599", "600"] {
        pit.place(trader, buy("10", price)).await;
    }
    assert_eq!(bids(trader, &pit.instrument).await, 3);
    drop(watched);
    app.until(async || bids(trader, &pit.instrument).await == 1).await;
    assert_eq!(other.until("ended").await["data"]["step"]["reason"], "cancelled");
    // Without that wish nothing is cancelled.
    pit.place(trader, buy("10", "600")).await;
    drop(other);
    let mut third = Socket::open(trader, PATH, Some(trader.token())).await;
    assert_eq!(third.ask(own(false)).await["type"], "subscribed");
    assert_eq!(bids(trader, &pit.instrument).await, 2);
}

#[tokio::test]
async fn a_connection_to_another_node_is_watched_as_well() {
    let first = TestApp::start().await;
    let pit = Pit::open(&first).await;
    pit.place(&pit.trader.owner, buy("10", "600")).await;
    let (url, key) = (first.database_url.clone(), first.config().secret_key.clone());
    let second = TestApp::start_on(url, |config| config.secret_key = key).await;
    let there = second.log_in(&pit.trader.email).await;
    // The market is hosted by the first node, the client is connected to the second.
    let mut socket = Socket::open(&there, PATH, Some(there.token())).await;
    socket.say(json!({"op": "subscribe", "instrument_id": pit.instrument})).await;
    assert_eq!(socket.until("snapshot").await["data"]["book"]["bids"].as_array().unwrap().len(), 1);
    socket.say(json!({"op": "subscribe_orders", "portal": pit.exchange.slug, "cancel_on_disconnect": true})).await;
    socket.until("subscribed").await;
    pit.place(&there, buy("10", "599")).await;
    socket.until("book").await;
    socket.until("rested").await;
    drop(second);
    while socket.hear().await.is_some() {}
    first.until(async || bids(&first.anonymous(), &pit.instrument).await == 0).await;
}

#[tokio::test]
async fn orders_are_cancelled_before_the_service_stops() {
    let app = TestApp::start().await;
    let pit = Pit::open(&app).await;
    let secret = app.config().secret_key.as_ref().unwrap().expose_secret().to_owned();
    let url = app.database_url.clone();
    drop(app);
    let variables = [("TORG_DATABASE_URL", url.as_str()), ("TORG_SECRET_KEY", &secret)];
    let service = Service::start(&variables).await;
    let trader = service.client().with_token(pit.trader.owner.token());
    let mut socket = Socket::open(&trader, PATH, Some(trader.token())).await;
    let own = json!({"op": "subscribe_orders", "portal": pit.exchange.slug, "cancel_on_disconnect": true});
    assert_eq!(socket.ask(own).await["type"], "subscribed");
    pit.place(&trader, buy("10", "600")).await;
    assert_eq!(bids(&trader, &pit.instrument).await, 1);
    service.signal("TERM");
    service.ended().await;
    let service = Service::start(&variables).await;
    assert_eq!(bids(&service.client(), &pit.instrument).await, 0);
}

// R21
#[tokio::test]
async fn what_is_asked_over_a_connection_counts_as_requests_do() {
    let app = TestApp::start_with(|config| config.rate_per_address = 5).await;
    let mut socket = Socket::open(&app.anonymous(), PATH, None).await;
    let nothing = json!({"op": "unsubscribe", "instrument_id": "01a224cb-21a4-7cd1-a391-415b89943a14"});
    let mut told = Vec::new();
    for _ in 0..6 {
        told.push(socket.ask(nothing.clone()).await);
    }
    assert_eq!(told[0]["type"], "unsubscribed");
    assert_eq!(told[5]["problem"]["type"], "/problems/too-many-requests");
}
