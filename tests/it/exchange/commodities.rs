//! The exchange of the demonstration data: a day of trades, and a book to trade with at once.

use std::collections::BTreeMap;

use api::seed::commodities;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;

fn decimal(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// The items of a list that fits on a page.
async fn items(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// All trades, the first one first.
async fn trades(client: &Client, instrument: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/instruments/{instrument}/trades?limit=200{cursor}");
        let page = client.get(&path).await.expect(200).json();
        found.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    found.reverse();
    found
}

/// Open, high, low, close, quantity and number of the trades of each stretch of time.
fn candles_of(trades: &[Value], length: TimeDelta) -> BTreeMap<DateTime<Utc>, [Decimal; 6]> {
    let mut candles = BTreeMap::new();
    for trade in trades {
        let (price, quantity) = (decimal(&trade["price"]["amount"]), decimal(&trade["quantity"]["value"]));
        let start = time(&trade["at"]).duration_trunc(length).unwrap();
        let [_, high, low, close, sum, count] =
            candles.entry(start).or_insert([price, price, price, price, Decimal::ZERO, Decimal::ZERO]);
        (*high, *low, *close) = ((*high).max(price), (*low).min(price), price);
        *sum += quantity;
        *count += Decimal::ONE;
    }
    candles
}

async fn check_book(client: &Client, instrument: &str) {
    let book = client.get(&format!("/v1/instruments/{instrument}/book")).await.expect(200).json();
    let (bids, asks) = (book["bids"].as_array().unwrap(), book["asks"].as_array().unwrap());
    assert!(bids.len() >= 5 && asks.len() >= 5, "{book}");
    assert!(decimal(&bids[0]["price"]["amount"]) < decimal(&asks[0]["price"]["amount"]), "{book}");
}

async fn check_candles(client: &Client, instrument: &str) {
    let trades = trades(client, instrument).await;
    assert!(trades.len() > 200, "{} trades", trades.len());
    for (resolution, length, least) in
        [("1m", TimeDelta::minutes(1), 200), ("1h", TimeDelta::hours(1), 9), ("1d", TimeDelta::days(1), 1)]
    {
        let path = format!("/v1/instruments/{instrument}/candles?resolution={resolution}&limit=1000");
        let told: BTreeMap<_, _> = items(client, &path)
            .await
            .into_iter()
            .map(|one| {
                let [open, high, low, close] =
                    ["open", "high", "low", "close"].map(|name| decimal(&one[name]["amount"]));
                let (quantity, count) = (decimal(&one["quantity"]["value"]), one["trades"].as_u64().unwrap());
                (time(&one["start"]), [open, high, low, close, quantity, count.into()])
            })
            .collect();
        assert!(told.len() >= least, "{} candles of {resolution}", told.len());
        assert_eq!(told, candles_of(&trades, length), "{resolution}");
    }
}

#[tokio::test]
async fn the_commodities_have_a_day_of_trades_and_whoever_comes_can_trade() {
    let app = TestApp::demonstration().await;
    let anonymous = app.anonymous();
    let instruments = items(&anonymous, "/v1/portals/commodities/instruments").await;
    assert_eq!(instruments.len(), 4);
    for instrument in &instruments {
        let id = instrument["id"].as_str().unwrap();
        check_book(&anonymous, id).await;
        check_candles(&anonymous, id).await;
        assert!(!instrument["traded_at"].is_null() && !instrument["schedule_id"].is_null());
    }
    // The day was cleared when its session was over, and nothing of it lies ahead.
    assert_eq!(app.count("SELECT count(*) FROM exchange_trade WHERE at > now()").await, 0);
    let open = "SELECT count(*) FROM exchange_trade t WHERE NOT EXISTS
        (SELECT FROM exchange_cleared_trade c WHERE c.stream_id = t.stream_id AND c.number = t.number)";
    assert_eq!(app.count(open).await, 0);

    let wheat = instruments.iter().find(|one| one["grade"] == "Class 3").unwrap();
    let path = |what: &str| format!("/v1/instruments/{}/{what}", wheat["id"].as_str().unwrap());
    // Around midnight in Moscow it is closed for seconds.
    let ticker = async || app.anonymous().get(&path("ticker")).await.expect(200).json();
    app.until(async || ticker().await["phase"] == "continuous").await;
    let body = json!({"email": commodities::TRADER, "password": api::seed::PASSWORD});
    let answer = anonymous.post("/v1/sessions", body).await.expect(201);
    let mill = anonymous.with_token(answer.json()["access_token"].as_str().unwrap());
    let ask = ticker().await["best_ask"].clone();
    let order = json!({"side": "buy", "type": "limit", "time_in_force": "ioc", "price": ask["price"],
        "quantity": {"value": "60", "unit": "TNE"}});
    let placed = mill.post(&path("orders"), order).await.expect(201).json();
    assert_eq!((&placed["state"], &placed["average_price"]), (&json!("filled"), &ask["price"]));
    assert_eq!(ticker().await["last_price"], ask["price"]);
}
