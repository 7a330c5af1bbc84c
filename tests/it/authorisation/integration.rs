use super::{Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("POST /v1/webhooks", &[], r#"{"url": "http://127.0.0.1:9/", "event_types": ["order.*"]}"#, Seller, [401, 201, 403, 201, 403]),
    row("GET /v1/webhooks", &[], "", Seller, [401, 200, 403, 200, 403]),
    row("GET /v1/webhooks/{id}", &["webhook"], "", Seller, [401, 404, 403, 200, 403]),
    row("PATCH /v1/webhooks/{id}", &["webhook"], r#"{"description": "Warehouse"}"#, Seller, [401, 404, 403, 200, 403]),
    row("DELETE /v1/webhooks/{id}", &["webhook"], "", Seller, [401, 404, 403, 204, 403]),
    row("POST /v1/webhooks/{id}/enable", &["webhook_disabled"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/webhooks/{id}/disable", &["webhook"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/webhooks/{id}/rotate-secret", &["webhook"], "{}", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/webhooks/{id}/test", &["webhook"], "", Seller, [401, 404, 403, 202, 403]),
    row("POST /v1/webhooks/{id}/replay", &["webhook"], r#"{"since": "$webhook_since"}"#, Seller, [401, 404, 403, 202, 403]),
    row("GET /v1/webhooks/{id}/deliveries", &["webhook"], "", Seller, [401, 404, 403, 200, 403]),
    row("GET /v1/webhook-deliveries/{id}", &["webhook_delivery"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/webhook-deliveries/{id}/resend", &["webhook_delivery"], "", Seller, [401, 404, 403, 202, 403]),
];
