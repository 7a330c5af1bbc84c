use serde_json::json;
use tests::exchange::{Exchange, buy, sell};

use super::trial::World;
use super::{Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("GET /v1/portals/{portal}/instruments", &["exchange"], "", Seller, [404, 404, 200, 200, 200]),
    row("POST /v1/portals/{portal}/instruments", &["exchange"], INSTRUMENT, Seller, [401, 404, 403, 201, 201]),
    row("GET /v1/instruments/{id}", &["instrument"], "", Seller, [404, 404, 200, 200, 200]),
    row("PATCH /v1/instruments/{id}", &["instrument"], r#"{"name": {"en": "Better"}}"#, Seller, [401, 404, 403, 200, 200]),
    row("DELETE /v1/instruments/{id}", &["instrument"], "", Seller, [401, 404, 403, 204, 204]),
    row("GET /v1/portals/{portal}/trading-schedules", &["exchange"], "", Seller, [404, 404, 200, 200, 200]),
    row("POST /v1/portals/{portal}/trading-schedules", &["exchange"], SCHEDULE, Seller, [401, 404, 403, 201, 201]),
    row("GET /v1/trading-schedules/{id}", &["trading_schedule"], "", Seller, [404, 404, 200, 200, 200]),
    row("PATCH /v1/trading-schedules/{id}", &["trading_schedule"], r#"{"holidays": []}"#, Seller, [401, 404, 403, 200, 200]),
    row("POST /v1/portals/{portal}/exchange/clearing", &["exchange"], "", Seller, [401, 404, 403, 200, 200]),
    row("GET /v1/portals/{portal}/exchange/clearings", &["exchange"], "", Seller, [401, 404, 200, 200, 200]),
    row("GET /v1/portals/{portal}/exchange/clearings/{id}", &["exchange", "clearing"], "", Seller, [401, 404, 200, 200, 200]),
    row("DELETE /v1/trading-schedules/{id}", &["trading_schedule"], "", Seller, [401, 404, 403, 204, 204]),
    row("POST /v1/instruments/{id}/orders", &["traded"], ORDER, Seller, [401, 404, 403, 201, 403]),
    row("DELETE /v1/instruments/{id}/orders", &["traded"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/exchange/orders/batch", &[], BATCH, Seller, [401, 200, 403, 200, 403]),
    row("GET /v1/exchange/orders", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("GET /v1/exchange/orders/{id}", &["exchange_order"], "", Seller, [401, 404, 200, 200, 403]),
    row("GET /v1/exchange/orders/{id}/steps", &["exchange_order"], "", Seller, [401, 404, 200, 200, 403]),
    row("PATCH /v1/exchange/orders/{id}", &["exchange_order"], AMENDMENT, Seller, [401, 404, 403, 200, 403]),
    row("DELETE /v1/exchange/orders/{id}", &["exchange_order"], "", Seller, [401, 404, 403, 200, 403]),
    row("GET /v1/exchange/trades", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("GET /v1/exchange/positions", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("GET /v1/instruments/{id}/book", &["traded"], "", Seller, [404, 404, 200, 200, 200]),
    row("GET /v1/instruments/{id}/ticker", &["traded"], "", Seller, [404, 404, 200, 200, 200]),
    row("GET /v1/instruments/{id}/trades", &["traded"], "", Seller, [404, 404, 200, 200, 200]),
    row("GET /v1/instruments/{id}/candles", &["traded"], "", Seller, [404, 404, 200, 200, 200]),
    row("GET /v1/instruments/{id}/stream", &["traded"], "", Seller, [404, 404, 200, 200, 200]),
    row("POST /v1/instruments/{id}/phase", &["traded"], HALT, Seller, [401, 404, 403, 204, 204]),
    row("GET /v1/market-data", &[], "", Seller, [426, 426, 426, 426, 426]),
    row("GET /v1/portals/{portal}/exchange/stream", &["exchange"], "", Seller, [401, 404, 200, 200, 403]),
    row("PUT /v1/portals/{portal}/exchange/members/{organisation}/limit", &["exchange", "seller"], LIMIT, Seller, [401, 404, 403, 204, 204]),
    row("PUT /v1/instruments/{id}/holdings/{organisation}", &["traded", "seller"], HOLDING, Seller, [401, 404, 403, 204, 204]),
    row("PUT /v1/portals/{portal}/exchange/counterparties", &["exchange"], r#"{"refuse_others": true}"#, Seller, [401, 404, 403, 204, 403]),
    row("PUT /v1/portals/{portal}/exchange/counterparties/{organisation}", &["exchange", "co_trader"], CREDIT, Seller, [401, 404, 403, 204, 403]),
];

const ORDER: &str = r#"{"client_order_id": "o-$number", "side": "buy", "type": "limit", "quantity": {"value": "10", "unit": "TNE"},
    "price": {"amount": "590", "currency": "EUR"}}"#;

const BATCH: &str = r#"{"orders": [{"instrument_id": "$traded", "order": {"side": "buy", "type": "limit",
    "quantity": {"value": "10", "unit": "TNE"}, "price": {"amount": "590", "currency": "EUR"}}}]}"#;

const AMENDMENT: &str = r#"{"quantity": {"value": "5", "unit": "TNE"}}"#;

const HALT: &str = r#"{"phase": "halted", "reason": "news"}"#;

const LIMIT: &str = r#"{"limit": {"amount": "1000", "currency": "EUR"}}"#;

const HOLDING: &str = r#"{"quantity": {"value": "100", "unit": "TNE"}}"#;

const CREDIT: &str = r#"{"currency": "EUR", "limit": "1000"}"#;

const INSTRUMENT: &str = r#"{"code": "ALU-$number", "name": {"en": "Aluminium"}, "grade": "P1020A", "unit": "TNE", "lot_size": "25",
    "tick_size": "0.5", "currency": "USD", "tax": {"category": "Z", "rate": "0"},
    "terms": {"incoterm": "CIF", "place": "Rotterdam", "payment_days": 5, "delivery_from": "2099-01-01", "delivery_to": "2099-01-31"}}"#;

const SCHEDULE: &str = r#"{"name": "Days $number", "time_zone": "UTC", "weekdays": ["mon"],
    "steps": [{"at": "09:00", "phase": "pre_open"}, {"at": "17:00", "phase": "closed"}]}"#;

impl World {
    /// On an exchange that the seller manages and that only its members see.
    pub async fn subject_of_exchange(&self, name: &str) -> String {
        let exchange = self.app.exchange_of(self.trade.seller.clone(), "closed").await;
        match name {
            "instrument" => exchange.instrument(json!({})).await,
            "trading_schedule" => exchange.schedule(json!({})).await,
            "traded" => exchange.traded(json!({})).await,
            "exchange_order" => {
                let traded = exchange.traded(json!({})).await;
                exchange
                    .manager
                    .owner
                    .post(&format!("/v1/instruments/{traded}/orders"), buy("10", "590"))
                    .await
                    .expect(201)
                    .id()
            }
            _ => exchange.slug,
        }
    }

    /// What was cleared of a trade of the seller on the exchange.
    pub async fn clearing(&self, portal: &str) -> String {
        let (manager, slug) = (self.trade.seller.clone(), portal.to_owned());
        let traded = Exchange { portal_id: String::new(), slug, manager }.traded(json!({})).await;
        let company = self.app.company("Trader").await;
        tests::exchange::join(&self.app, portal, &company).await;
        let path = format!("/v1/instruments/{traded}/orders");
        self.trade.seller.owner.post(&path, sell("10", "600")).await.expect(201);
        company.owner.post(&path, buy("10", "600")).await.expect(201);
        let operator = self.app.operator().await;
        operator.post(&format!("/v1/portals/{portal}/exchange/clearing"), json!({})).await.expect(200).id()
    }

    /// Another company that trades on the exchange.
    pub async fn co_trader(&self, portal: &str) -> String {
        let company = self.app.company("Trader").await;
        tests::exchange::join(&self.app, portal, &company).await;
        company.id
    }
}
