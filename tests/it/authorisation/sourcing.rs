use super::{Buyer, Row, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // Requests.
    row("GET /v1/portals/{portal}/rfqs", &["rfq_portal"], "", Buyer, [401, 404, 200, 200, 200]),
    row("POST /v1/portals/{portal}/rfqs", &["rfq_portal"], REQUEST, Buyer, [401, 404, 403, 201, 403]),
    row("POST /v1/portals/{portal}/mini-tenders", &["rfq_portal"], MINI_TENDER, Buyer, [401, 404, 403, 201, 403]),
    row("GET /v1/rfqs/{id}", &["rfq"], "", Buyer, [401, 404, 200, 200, 200]),
    row("PATCH /v1/rfqs/{id}", &["rfq_draft"], r#"{"title": {"en": "Steel"}}"#, Buyer, [401, 404, 403, 200, 404]),
    row("DELETE /v1/rfqs/{id}", &["rfq_draft"], "", Buyer, [401, 404, 403, 204, 404]),
    row("POST /v1/rfqs/{id}/publish", &["rfq_draft"], "", Buyer, [401, 404, 403, 200, 404]),
    row("POST /v1/rfqs/{id}/close", &["rfq_declined"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/rfqs/{id}/cancel", &["rfq"], REASON, Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/rfqs/{id}/copy", &["rfq"], COPY, Buyer, [401, 404, 403, 201, 403]),
    row("GET /v1/rfqs/{id}/versions", &["rfq"], "", Buyer, [401, 404, 200, 200, 200]),
    row("GET /v1/rfqs/{id}/suppliers", &["rfq"], "", Buyer, [401, 404, 200, 200, 403]),
    row("GET /v1/portals/{portal}/ocds", &["rfq_open_portal"], "", Buyer, [200, 200, 200, 200, 200]),
    row("GET /v1/portals/{portal}/ocds/{rfq}", &["rfq_open_portal", "rfq_open"], "", Buyer, [200, 200, 200, 200, 200]),
    row("GET /v1/rfq-templates", &[], "", Buyer, [401, 200, 200, 200, 403]),
    row("POST /v1/rfq-templates", &[], TEMPLATE, Buyer, [401, 201, 403, 201, 403]),
    row("GET /v1/rfq-templates/{id}", &["rfq_template"], "", Buyer, [401, 404, 200, 200, 403]),
    row("PATCH /v1/rfq-templates/{id}", &["rfq_template"], r#"{"name": "Other $number"}"#, Buyer, [401, 404, 403, 200, 403]),
    row("DELETE /v1/rfq-templates/{id}", &["rfq_template"], "", Buyer, [401, 404, 403, 204, 403]),
    row("POST /v1/rfq-templates/{id}/rfqs", &["rfq_template"], SENT, Buyer, [401, 404, 403, 201, 403]),
];

const REASON: &str = r#"{"reason": "It was put off."}"#;

const REQUEST: &str = r#"{"title": {"en": "Steel"}, "lines": [{"name": {"en": "Coil"}, "quantity": "40", "unit": "TNE"}],
    "terms": {"incoterm": "DAP", "place": "Leipzig", "payment_days": 30}, "currencies": ["EUR"],
    "deadlines": {"quotes": "$rfq_deadline"}}"#;

/// A form as the trial sends it, with `b` as its boundary.
const MINI_TENDER: &str = "--b\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n\
    {\"title\": {\"en\": \"Steel\"}, \"lines\": [{\"name\": {\"en\": \"Coil\"}, \"quantity\": \"40\", \"unit\": \"TNE\"}],\
    \"terms\": {\"incoterm\": \"DAP\", \"place\": \"Leipzig\", \"payment_days\": 30}, \"currencies\": [\"EUR\"],\
    \"deadlines\": {\"quotes\": \"$rfq_deadline\"}}\r\n\
    --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.txt\"\r\n\r\ntext\r\n--b--\r\n";

const COPY: &str = r#"{"deadlines": {"quotes": "$rfq_deadline"}}"#;

const TEMPLATE: &str = r#"{"name": "Steel $number", "request": {"title": {"en": "Steel"},
    "terms": {"incoterm": "DAP", "place": "Leipzig", "payment_days": 30}, "currencies": ["EUR"], "deadlines": {}}}"#;

const SENT: &str = r#"{"portal": "$rfq_portal", "deadlines": {"quotes": "$rfq_deadline"}}"#;
