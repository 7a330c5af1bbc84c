use serde_json::json;
use tests::given::number;

use super::trial::World;
use super::{Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("GET /v1/exports/products.csv", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("GET /v1/exports/products.ndjson", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("GET /v1/imports", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("POST /v1/imports", &[], r#"{"sku": "I-$number"}"#, Seller, [401, 202, 403, 202, 403]),
    row("GET /v1/imports/{id}", &["import"], "", Seller, [401, 404, 200, 200, 403]),
    row("GET /v1/imports/{id}/errors", &["import"], "", Seller, [401, 404, 200, 200, 403]),
    row("GET /v1/imports/{id}/errors.csv", &["import"], "", Seller, [401, 404, 200, 200, 403]),
    row("POST /v1/imports/{id}/cancel", &["import"], "", Seller, [401, 404, 403, 200, 403]),
    row("GET /v1/import-mappings", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("POST /v1/import-mappings", &[], r#"{"name": "M-$number"}"#, Seller, [401, 201, 403, 201, 403]),
    row("GET /v1/import-mappings/{id}", &["import_mapping"], "", Seller, [401, 404, 200, 200, 403]),
    row("PATCH /v1/import-mappings/{id}", &["import_mapping"], r#"{"decimal_comma": true}"#, Seller, [401, 404, 403, 200, 403]),
    row("DELETE /v1/import-mappings/{id}", &["import_mapping"], "", Seller, [401, 404, 403, 204, 403]),
];

impl World {
    pub async fn subject_of_imports(&self, name: &str, made: &[String]) -> String {
        let seller = &self.trade.seller.owner;
        match name {
            // One that waits, so that it can be cancelled.
            "import" => {
                self.app.imports_wait().await;
                seller.import("", "text/csv", "sku\nA\n").await.expect(202).id()
            }
            "import_mapping" => {
                let body = json!({"name": format!("M-{}", number()), "columns": {"Artikel": "sku"}});
                seller.post("/v1/import-mappings", body).await.expect(201).id()
            }
            _ => self.subject_of_exports(name, made).await,
        }
    }
}
