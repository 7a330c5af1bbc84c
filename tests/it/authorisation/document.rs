use super::{Buyer, Row, Seller, row};

/// A form as the trial sends it, with `b` as its boundary.
const UPLOAD: &str = "--b\r\nContent-Disposition: form-data; name=\"document\"\r\n\r\n{\"title\": \"x\", \"visibility\": \"owner\"}\r\n\
    --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.txt\"\r\n\r\ntext\r\n--b--\r\n";
const FILE: &str = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.txt\"\r\n\r\ntext\r\n--b--\r\n";

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("GET /v1/documents", &[], "", Seller, [200, 200, 200, 200, 200]),
    row("POST /v1/documents", &[], UPLOAD, Seller, [401, 201, 403, 201, 403]),
    row("GET /v1/documents/{id}", &["document"], "", Seller, [404, 404, 200, 200, 404]),
    row("GET /v1/documents/{id}/content", &["document"], "", Seller, [404, 404, 200, 200, 404]),
    row("GET /v1/documents/{id}/versions", &["document"], "", Seller, [404, 404, 200, 200, 404]),
    row("POST /v1/documents/{id}/versions", &["document"], FILE, Seller, [401, 404, 403, 200, 403]),
    row("PATCH /v1/documents/{id}", &["document"], r#"{"title": "Other"}"#, Seller, [401, 404, 403, 200, 403]),
    row("DELETE /v1/documents/{id}", &["document"], "", Seller, [401, 404, 403, 204, 403]),
    row("POST /v1/documents/{id}/publish", &["document"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/documents/{id}/links", &["document"], "{}", Seller, [401, 404, 403, 201, 403]),
    // What happened.
    row("GET /v1/events", &[], "", Buyer, [401, 200, 200, 200, 403]),
    row("GET /v1/events/stream", &[], "", Buyer, [401, 200, 200, 200, 403]),
    row("GET /v1/audit", &[], "", Buyer, [401, 403, 403, 403, 200]),
];
