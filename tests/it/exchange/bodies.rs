//! Orders are typed in one pass, and their published schema is asked only where something is amiss: what it refuses is refused all the same.

use api::http::schemas::Schemas;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::exchange::buy;

const FIELDS: [&str; 14] = [
    "client_order_id",
    "side",
    "type",
    "quantity",
    "price",
    "trigger_price",
    "protection_price",
    "display_quantity",
    "min_quantity",
    "time_in_force",
    "expires_at",
    "post_only",
    "linked_to",
    "colour",
];

/// What can stand at a field, most of it wrong at most of them.
fn odd_values() -> Vec<Value> {
    let euros = |amount: &str| json!({"amount": amount, "currency": "EUR"});
    let tonnes = |value: &str| json!({"value": value, "unit": "TNE"});
    let mut values = vec![json!(null), json!(true), json!(7), json!([]), json!({})];
    let texts = ["", "buy", "BUY", " buy", "2099-01-01 00:00:00Z", "2099-01-01T00:00:00Z", &"a".repeat(37)];
    values.extend(texts.map(|text| json!(text)));
    let id = "0190b5a0-0000-7000-8000-000000000001";
    values.extend([json!(id), json!(id.replace('-', "")), json!(format!("{{{id}}}"))]);
    for number in ["600", "1e3", "+600", "0600", "600.", ".5", "-600", "6 00", "٦٠٠", &"6".repeat(41)] {
        values.extend([euros(number), tonnes(number)]);
    }
    values.extend([json!({"amount": "600", "currency": "eur"}), json!({"amount": 600, "currency": "EUR"})]);
    values.extend([json!({"value": "5", "unit": "T"}), json!({"value": "5", "unit": "TNE", "more": 1})]);
    values
}

/// The faults that the schema finds, as answers tell them.
fn faults(schemas: &Schemas, schema: &str, body: &Value) -> Vec<String> {
    let mut body = body.clone();
    api::http::json::strip_nulls(&mut body);
    let mut faults: Vec<String> =
        schemas.faults(schema, &body).iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect();
    faults.sort();
    faults
}

#[tokio::test]
async fn what_the_schema_refuses_is_refused_alone_and_in_a_batch() {
    let schemas = Schemas::new(&api::server::document());
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let instrument = exchange.traded(json!({})).await;
    let trader = exchange.trader(&app, "Alice").await.owner;
    let path = format!("/v1/instruments/{instrument}/orders");
    let mut refused = 0;
    for field in FIELDS {
        for value in odd_values() {
            let mut order = buy("5", "600.00");
            order[field] = value;
            let batch = json!({"orders": [{"instrument_id": instrument, "order": order}]});
            let expected = faults(&schemas, "NewExchangeOrder", &order);
            if expected.is_empty() {
                continue;
            }
            refused += 1;
            assert_eq!(trader.post(&path, order.clone()).await.faults(), expected, "{order}");
            let expected = faults(&schemas, "OrderBatch", &batch);
            assert_eq!(trader.post("/v1/exchange/orders/batch", batch).await.faults(), expected, "{order}");
        }
    }
    assert!(refused > 300, "{refused} of the bodies were wrong");
    let id = instrument.replace('-', "");
    for orders in [json!([]), json!([{"instrument_id": id, "order": buy("5", "600.00")}])] {
        let batch = json!({"orders": orders});
        let expected = faults(&schemas, "OrderBatch", &batch);
        assert_eq!(expected.len(), 1, "{batch}");
        assert_eq!(trader.post("/v1/exchange/orders/batch", batch).await.faults(), expected);
    }
    let mut order = buy("5", "600.00");
    order["client_order_id"] = json!("a\u{0}b");
    trader.post(&path, order).await.problem(400, "malformed-request");
    let twice = r#"{"side":"buy","side":"sell","type":"limit","quantity":{"value":"5","unit":"TNE"},"price":{"amount":"600","currency":"EUR"}}"#;
    let request = trader.request(reqwest::Method::POST, &path).header("Content-Type", "application/json").body(twice);
    trader.send(request).await.problem(400, "malformed-request");
    let book = app.anonymous().get(&format!("/v1/instruments/{instrument}/book")).await.expect(200).json();
    assert_eq!(book["bids"], json!([]), "nothing wrong has come into the book");
}
