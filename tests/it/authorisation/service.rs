use super::{Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("GET /healthz", &[], "", Seller, [200, 200, 200, 200, 200]),
    row("GET /readyz", &[], "", Seller, [200, 200, 200, 200, 200]),
    row("GET /openapi.json", &[], "", Seller, [200, 200, 200, 200, 200]),
    row("GET /.well-known/jwks.json", &[], "", Seller, [200, 200, 200, 200, 200]),
    row("GET /v1/event-types", &[], "", Seller, [200, 200, 200, 200, 200]),
    row("GET /problems", &[], "", Seller, [200, 200, 200, 200, 200]),
    row("GET /problems/{slug}", &["wrong-state"], "", Seller, [200, 200, 200, 200, 200]),
];
