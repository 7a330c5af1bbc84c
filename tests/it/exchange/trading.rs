//! Orders meet on the book; what is refused changes nothing.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::exchange::{Exchange, buy, sell};
use tests::feed;
use tests::given::Company;

struct Floor {
    app: TestApp,
    exchange: Exchange,
    instrument: String,
    alice: Company,
    bob: Company,
}

impl Floor {
    async fn open(more: Value) -> Self {
        let app = TestApp::start().await;
        let exchange = app.exchange().await;
        let instrument = exchange.traded(more).await;
        let (alice, bob) = (exchange.trader(&app, "Alice").await, exchange.trader(&app, "Bob").await);
        Self { app, exchange, instrument, alice, bob }
    }

    fn path(&self, what: &str) -> String {
        format!("/v1/instruments/{}/{what}", self.instrument)
    }

    async fn place(&self, who: &Company, order: Value) -> Value {
        who.owner.post(&self.path("orders"), order).await.expect(201).json()
    }

    async fn book(&self) -> Value {
        self.app.anonymous().get(&self.path("book")).await.expect(200).json()
    }
}

fn euros(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

fn tonnes(value: &str) -> Value {
    json!({"value": value, "unit": "TNE"})
}

#[tokio::test]
async fn two_orders_meet_and_everybody_sees_what_is_theirs_to_see() {
    let floor = Floor::open(json!({})).await;
    let resting = floor.place(&floor.alice, sell("50", "610.00")).await;
    assert_eq!((&resting["state"], &resting["open_quantity"]), (&json!("resting"), &tonnes("50")));
    let book = floor.book().await;
    assert_eq!(book["asks"], json!([{"price": euros("610.00"), "quantity": tonnes("50")}]));

    let taken = floor.place(&floor.bob, buy("30", "615.00")).await;
    assert_eq!((&taken["state"], &taken["average_price"]), (&json!("filled"), &euros("610.00")));
    assert_eq!(taken["fills"][0]["quantity"], tonnes("30"));
    assert_eq!(floor.book().await["asks"][0]["quantity"], tonnes("20"));
    let ticker = floor.app.anonymous().get(&floor.path("ticker")).await.expect(200).json();
    assert_eq!((&ticker["phase"], &ticker["last_price"]), (&json!("continuous"), &euros("610.00")));

    // What the caller just did is there at once, and names no company to others.
    let trades = floor.app.anonymous().get(&floor.path("trades")).await.expect(200);
    for company in [&floor.alice.id, &floor.bob.id] {
        assert!(!trades.text.contains(company.as_str()));
    }
    let trade = &trades.json()["items"][0];
    assert_eq!((&trade["price"], &trade["aggressor"]), (&euros("610.00"), &json!("buy")));
    let candles = floor.app.anonymous().get(&floor.path("candles?resolution=1m")).await.expect(200).json();
    assert_eq!((&candles["items"][0]["close"], &candles["items"][0]["trades"]), (&euros("610.00"), &json!(1)));

    let instrument =
        floor.app.anonymous().get(&format!("/v1/instruments/{}", floor.instrument)).await.expect(200).json();
    assert_ne!(instrument["traded_at"], Value::Null);

    // The two know each other from the trade on.
    let own = floor.bob.owner.get("/v1/exchange/trades").await.expect(200).json();
    assert_eq!(
        (&own["items"][0]["side"], &own["items"][0]["counterparty_id"]),
        (&json!("buy"), &json!(floor.alice.id))
    );
    let id = resting["id"].as_str().unwrap();
    let order = floor.alice.owner.get(&format!("/v1/exchange/orders/{id}")).await.expect(200).json();
    assert_eq!(
        (&order["state"], &order["filled_quantity"], &order["quantity"]),
        (&json!("live"), &tonnes("30"), &tonnes("50"))
    );
    floor.bob.owner.get(&format!("/v1/exchange/orders/{id}")).await.problem(404, "not-found");
    let steps = floor.alice.owner.get(&format!("/v1/exchange/orders/{id}/steps")).await.expect(200).json();
    let kinds: Vec<&str> =
        steps["items"].as_array().unwrap().iter().map(|step| step["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["accepted", "rested", "filled"]);
    let told = feed::told(&floor.app, &floor.bob.owner, "trade.executed", 1).await;
    assert_eq!(told[0]["data"]["seller_id"], json!(floor.alice.id));
}

#[tokio::test]
async fn an_order_is_amended_and_cancelled() {
    let floor = Floor::open(json!({})).await;
    let placed = floor.place(&floor.alice, sell("50", "610.00")).await;
    let path = format!("/v1/exchange/orders/{}", placed["id"].as_str().unwrap());
    let amend = async |body: Value| {
        floor.alice.owner.send(floor.alice.owner.request(reqwest::Method::PATCH, &path).json(&body)).await
    };
    let amended = amend(json!({"quantity": tonnes("20")})).await.expect(200).json();
    assert_eq!(amended["open_quantity"], tonnes("20"));
    amend(json!({"price": euros("610.25")})).await.problem(422, "off-tick");
    floor.alice.owner.delete(&path).await.expect(200);
    amend(json!({"quantity": tonnes("10")})).await.problem(409, "order-ended");
    let order = floor.alice.owner.get(&path).await.expect(200).json();
    assert_eq!((&order["state"], &order["end_reason"]), (&json!("ended"), &json!("cancelled")));
    for price in ["601", "602"] {
        floor.place(&floor.alice, sell("5", price)).await;
    }
    let gone = floor.alice.owner.delete(&floor.path("orders")).await.expect(200).json();
    assert_eq!(gone["cancelled"], 2);
    assert_eq!(floor.book().await["asks"], json!([]));
}

#[tokio::test]
async fn steps_tell_an_order_as_it_was_sent_and_all_that_came_of_it() {
    let floor = Floor::open(json!({})).await;
    let id = floor.place(&floor.alice, sell("50", "610.00")).await["id"].as_str().unwrap().to_owned();
    let taker = floor.place(&floor.bob, buy("30", "610.00")).await;
    let path = format!("/v1/exchange/orders/{id}");
    let change = json!({"quantity": tonnes("60"), "price": euros("612.00")});
    let patch = floor.alice.owner.request(reqwest::Method::PATCH, &path).json(&change);
    floor.alice.owner.send(patch).await.expect(200);
    floor.place(&floor.bob, buy("5", "615.00")).await;
    floor.alice.owner.delete(&path).await.expect(200);

    let steps_of = async |who: &Company, id: &str| -> Vec<Value> {
        let steps = who.owner.get(&format!("/v1/exchange/orders/{id}/steps")).await.expect(200).json();
        steps["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| {
                let (quantity, price) = (&step["quantity"]["value"], &step["price"]["amount"]);
                json!([
                    step["kind"],
                    quantity,
                    step["open_quantity"]["value"],
                    price,
                    step["reason"],
                    step["trade_id"].is_string()
                ])
            })
            .collect()
    };
    let expected = json!([
        ["accepted", "50", "50", "610.00", null, false],
        ["rested", null, "50", "610.00", null, false],
        ["filled", "30", "20", "610.00", null, true],
        ["amended", "60", "30", "612.00", null, false],
        ["rested", null, "30", "612.00", null, false],
        ["filled", "5", "25", "612.00", null, true],
        ["ended", null, "25", null, "cancelled", false],
    ]);
    assert_eq!(json!(steps_of(&floor.alice, &id).await), expected);
    let bought = json!([["accepted", "30", "30", "610.00", null, false], ["filled", "30", "0", "610.00", null, true]]);
    assert_eq!(json!(steps_of(&floor.bob, taker["id"].as_str().unwrap()).await), bought);
}

// R2, R3
#[tokio::test]
async fn a_retry_is_the_same_order() {
    let floor = Floor::open(json!({})).await;
    let order = sell("50", "610.00");
    let first = floor.place(&floor.alice, order.clone()).await;
    let again = floor.alice.owner.post(&floor.path("orders"), order.clone()).await.expect(200).json();
    assert_eq!((&again["id"], &again["replayed"]), (&first["id"], &json!(true)));
    let other = json!({"client_order_id": order["client_order_id"], "side": "sell", "type": "limit", "quantity": tonnes("5"), "price": euros("610")});
    floor.alice.owner.post(&floor.path("orders"), other).await.problem(409, "client-order-id-used");

    // Without a name of its own the key makes it safe.
    let nameless = json!({"side": "sell", "type": "limit", "quantity": tonnes("5"), "price": euros("611")});
    let first = floor.alice.owner.post_once(&floor.path("orders"), "key-1", nameless.clone()).await.expect(201);
    let again = floor.alice.owner.post_once(&floor.path("orders"), "key-1", nameless.clone()).await.expect(201);
    assert_eq!((first.json(), again.header("idempotent-replayed")), (again.json(), "true".to_owned()));
    let other = json!({"side": "sell", "type": "limit", "quantity": tonnes("10"), "price": euros("611")});
    floor.alice.owner.post_once(&floor.path("orders"), "key-1", other).await.problem(422, "idempotency-key-reused");
    assert_eq!(floor.book().await["asks"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_refused_is_told_by_its_own_problem_and_changes_nothing() {
    let more = json!({"band": {"up_ppm": 100_000, "down_ppm": 100_000}, "guarantee": "full", "max_live_orders": 1, "self_trade": "cancel_incoming"});
    let floor = Floor::open(more).await;
    let manager = &floor.exchange.manager.owner;
    let put = async |path: &str, body: Value| manager.put(path, body).await.expect(204);
    let place = async |who: &Client, order: Value| who.post(&floor.path("orders"), order).await;
    let (alice, bob) = (&floor.alice.owner, &floor.bob.owner);

    place(alice, sell("5", "610.25")).await.problem(422, "off-tick");
    place(alice, sell("7", "610")).await.problem(422, "off-lot");
    place(alice, sell("5", "660.50")).await.problem(422, "outside-band");
    place(alice, sell("5", "610")).await.problem(409, "insufficient-holdings");
    place(bob, buy("5", "610")).await.problem(409, "over-limit");
    let odd =
        json!({"side": "buy", "type": "stop", "quantity": tonnes("7"), "price": euros("1"), "time_in_force": "gtd"});
    let expected = ["/expires_at required", "/price not_applicable", "/quantity off_lot", "/trigger_price required"];
    assert_eq!(place(bob, odd).await.faults(), expected);
    assert_eq!((&floor.book().await["asks"], &floor.book().await["bids"]), (&json!([]), &json!([])));

    put(&format!("/v1/instruments/{}/holdings/{}", floor.instrument, floor.alice.id), json!({"quantity": tonnes("5")}))
        .await;
    let limit = format!("{}/members/{}/limit", floor.exchange.path("exchange"), floor.bob.id);
    put(&limit, json!({"limit": euros("3050")})).await;
    place(alice, sell("5", "660")).await.expect(201);
    place(alice, sell("5", "650")).await.problem(409, "order-cap");
    let post_only =
        json!({"side": "buy", "type": "limit", "quantity": tonnes("5"), "price": euros("660"), "post_only": true});
    put(&limit, json!({"limit": euros("10000")})).await;
    place(bob, post_only).await.problem(409, "would-trade");

    // Neither more nor less than what was deposited and allowed is bound.
    let positions = bob.get("/v1/exchange/positions").await.expect(200).json();
    assert_eq!(positions["items"][0]["accounts"][0]["reserved"], euros("0.00"));
    floor.exchange.phase(&floor.instrument, "closed").await;
    place(bob, buy("5", "610")).await.problem(409, "wrong-phase");
}

// S4, S5
#[tokio::test]
async fn who_is_no_member_does_not_trade_and_learns_nothing_of_a_closed_portal() {
    let app = TestApp::start().await;
    let stranger = app.company("Stranger").await.owner;
    let open = app.exchange().await;
    let instrument = open.traded(json!({})).await;
    let path = format!("/v1/instruments/{instrument}/orders");
    stranger.post(&path, buy("5", "600")).await.problem(403, "capability-missing");
    let closed = app.exchange_of(app.company("Closed").await, "closed").await;
    let hidden = closed.traded(json!({})).await;
    for body in [buy("5", "600"), buy("7", "600.10")] {
        stranger.post(&format!("/v1/instruments/{hidden}/orders"), body.clone()).await.problem(404, "not-found");
        let batch = json!({"orders": [{"instrument_id": hidden, "order": body}]});
        let result = stranger.post("/v1/exchange/orders/batch", batch).await.expect(200).json();
        assert_eq!(result["results"][0]["status"], 404);
    }
    stranger.get(&format!("/v1/instruments/{hidden}/book")).await.problem(404, "not-found");
    // Who loses the capability loses its orders.
    let trader = open.trader(&app, "Trader").await;
    trader.owner.post(&path, buy("5", "600")).await.expect(201);
    let member = format!("{}/{}/suspend", open.path("members"), trader.id);
    open.manager.owner.post(&member, json!({})).await.expect(200);
    let book = format!("/v1/instruments/{instrument}/book");
    app.until(async || app.anonymous().get(&book).await.json()["bids"] == json!([])).await;
    trader.owner.post(&path, buy("5", "600")).await.problem(403, "capability-missing");
}

// R25, R26
#[tokio::test]
async fn a_batch_answers_for_each_of_its_orders() {
    let floor = Floor::open(json!({})).await;
    let entry = |order: Value| json!({"instrument_id": floor.instrument, "order": order});
    let nowhere = json!({"instrument_id": floor.alice.id, "order": buy("5", "600")});
    let orders =
        [entry(sell("10", "600")), entry(sell("7", "600")), nowhere, entry(buy("5", "600")), entry(sell("5", "601"))];
    let batch = floor.alice.owner.post("/v1/exchange/orders/batch", json!({"orders": orders})).await.expect(200).json();
    let statuses: Vec<u64> =
        batch["results"].as_array().unwrap().iter().map(|one| one["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 422, 404, 201, 201]);
    assert!(batch["results"][1]["problem"]["type"].as_str().unwrap().ends_with("off-lot"));
    // Its own order gave way to the one that came in.
    assert_eq!(floor.book().await["bids"][0]["quantity"], tonnes("5"));
    let many = vec![entry(buy("5", "500")); 1001];
    floor.alice.owner.post("/v1/exchange/orders/batch", json!({"orders": many})).await.expect(422);
}
