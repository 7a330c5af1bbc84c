use serde_json::json;

use super::trial::World;
use super::{Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("POST /v1/products/stock/batch", &[], r#"{"items": [{"sku": "X", "on_hand": {"value": "1", "unit": "C62"}}]}"#, Seller, [401, 200, 403, 200, 403]),
    row("POST /v1/portals/{portal}/offers/prices/batch", &["portal"], r#"{"items": [{"sku": "X", "tiers": [{"from": "1", "unit_price": {"amount": "1", "currency": "EUR"}}]}]}"#, Seller, [401, 403, 403, 200, 403]),
    row("GET /v1/exports", &[], "", Seller, [401, 200, 403, 200, 403]),
    row("POST /v1/exports", &[], "", Seller, [401, 202, 403, 202, 403]),
    row("GET /v1/exports/{id}", &["export"], "", Seller, [401, 404, 403, 200, 403]),
    row("GET /v1/exports/{id}/content", &["export"], "", Seller, [401, 404, 403, 200, 403]),
    row("DELETE /v1/exports/{id}", &["export"], "", Seller, [401, 404, 403, 204, 403]),
];

impl World {
    pub async fn subject_of_exports(&self, name: &str, made: &[String]) -> String {
        if name != "export" {
            return self.subject_of_portals(name, made).await;
        }
        // Of a machine that reads no more than this, so that every one that may export reads it.
        let machine = self.app.machine(&self.trade.seller, &["organisation:read"]).await;
        let id = machine.post("/v1/exports", json!({})).await.expect(202).id();
        let path = format!("/v1/exports/{id}");
        self.app.until(async || machine.get(&path).await.json()["state"] == "finished").await;
        id
    }
}
