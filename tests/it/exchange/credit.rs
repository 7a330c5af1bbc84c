//! Bilateral credit: companies that do not trade with each other, or not for so much.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::exchange::{Exchange, buy, sell};
use tests::given::Company;

struct Floor {
    app: TestApp,
    exchange: Exchange,
    instrument: String,
    alice: Company,
    bob: Company,
    carol: Company,
}

impl Floor {
    async fn open() -> Self {
        let app = TestApp::start().await;
        let exchange = app.exchange().await;
        let instrument = exchange.traded(json!({})).await;
        let alice = exchange.trader(&app, "Alice").await;
        let bob = exchange.trader(&app, "Bob").await;
        let carol = exchange.trader(&app, "Carol").await;
        Self { app, exchange, instrument, alice, bob, carol }
    }

    async fn place(&self, who: &Company, order: Value) -> Value {
        who.owner.post(&format!("/v1/instruments/{}/orders", self.instrument), order).await.expect(201).json()
    }

    async fn limit(&self, who: &Company, counterparty: &Company, limit: Option<&str>) {
        let path = format!("{}/{}", self.exchange.path("exchange/counterparties"), counterparty.id);
        who.owner.put(&path, json!({"currency": "EUR", "limit": limit})).await.expect(204);
    }

    /// Price and quantity of what is offered.
    async fn asks(&self) -> Vec<(Value, Value)> {
        let book = self.app.anonymous().get(&format!("/v1/instruments/{}/book", self.instrument)).await;
        shown(&book.expect(200).json())
    }

    /// The same of what a company may take.
    async fn asks_for(&self, who: &Company) -> Vec<(Value, Value)> {
        let book = who.owner.get(&format!("/v1/instruments/{}/book?tradable=true", self.instrument)).await;
        shown(&book.expect(200).json())
    }
}

fn shown(book: &Value) -> Vec<(Value, Value)> {
    let asks = book["asks"].as_array().expect("a side").iter();
    asks.map(|level| (level["price"]["amount"].clone(), level["quantity"]["value"].clone())).collect()
}

fn level(price: &str, tonnes: &str) -> (Value, Value) {
    (json!(price), json!(tonnes))
}

#[tokio::test]
async fn an_order_passes_over_whom_its_company_refuses_and_nobody_loses_a_place() {
    let floor = Floor::open().await;
    floor.place(&floor.alice, sell("10", "600")).await;
    floor.place(&floor.carol, sell("10", "600.50")).await;
    floor.limit(&floor.bob, &floor.alice, Some("0")).await;
    assert_eq!(floor.asks().await, [level("600.00", "10"), level("600.50", "10")]);
    assert_eq!(floor.asks_for(&floor.bob).await, [level("600.50", "10")]);

    let bought = floor.place(&floor.bob, buy("10", "601")).await;
    assert_eq!((&bought["state"], &bought["average_price"]["amount"]), (&json!("filled"), &json!("600.50")));
    assert_eq!(floor.asks().await, [level("600.00", "10")]);
    let bought = floor.place(&floor.carol, buy("10", "600")).await;
    assert_eq!((&bought["state"], &bought["average_price"]["amount"]), (&json!("filled"), &json!("600.00")));
}

/// What is left of both orders stands side by side, and trades as soon as the limit allows it.
#[tokio::test]
async fn two_companies_trade_up_to_the_limit_that_one_has_set_and_go_on_when_it_is_lifted() {
    let floor = Floor::open().await;
    floor.limit(&floor.bob, &floor.alice, Some("3000")).await;
    floor.place(&floor.alice, sell("10", "600")).await;
    assert_eq!(floor.asks_for(&floor.bob).await, [level("600.00", "5")]);

    let bought = floor.place(&floor.bob, buy("10", "600")).await;
    assert_eq!((&bought["state"], &bought["open_quantity"]["value"]), (&json!("resting"), &json!("5")));
    assert_eq!((floor.asks().await, floor.asks_for(&floor.bob).await), (vec![level("600.00", "5")], vec![]));
    floor.limit(&floor.bob, &floor.alice, None).await;
    assert_eq!(floor.asks().await, []);
}

#[tokio::test]
async fn who_refuses_others_trades_with_those_alone_for_whom_it_has_set_a_limit() {
    let floor = Floor::open().await;
    floor.limit(&floor.bob, &floor.carol, Some("100000")).await;
    let policy = floor.exchange.path("exchange/counterparties");
    floor.bob.owner.put(&policy, json!({"refuse_others": true})).await.expect(204);
    floor.place(&floor.alice, sell("10", "600")).await;
    floor.place(&floor.carol, sell("10", "600")).await;
    assert_eq!(floor.asks_for(&floor.bob).await, [level("600.00", "10")]);
    let bought = floor.place(&floor.bob, buy("20", "600")).await;
    assert_eq!((&bought["state"], &bought["open_quantity"]["value"]), (&json!("resting"), &json!("10")));
    floor.bob.owner.put(&policy, json!({"refuse_others": false})).await.expect(204);
    assert_eq!(floor.asks().await, []);
}
