use serde_json::json;

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
    row("DELETE /v1/trading-schedules/{id}", &["trading_schedule"], "", Seller, [401, 404, 403, 204, 204]),
];

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
            _ => exchange.slug,
        }
    }
}
