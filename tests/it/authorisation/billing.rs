use tests::given::number;

use super::trial::World;
use super::{Buyer, Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("GET /v1/invoices", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("POST /v1/invoices", &[], r#"{"contract_id": "$fulfilled"}"#, Seller, [401, 422, 403, 201, 403]),
    row("GET /v1/invoices/{id}", &["invoice"], "", Buyer, [401, 404, 200, 200, 403]),
    row("DELETE /v1/invoices/{id}", &["draft_invoice"], "", Seller, [401, 404, 403, 204, 403]),
    row("GET /v1/invoices/{id}.pdf", &["invoice"], "", Buyer, [401, 404, 200, 200, 403]),
    // 409: these sellers have no VAT number, which EN 16931 asks for.
    row("GET /v1/invoices/{id}.xml", &["invoice"], "", Buyer, [401, 404, 409, 409, 403]),
    row("POST /v1/invoices/{id}/issue", &["draft_invoice"], "{}", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/invoices/{id}/credit", &["invoice"], r#"{"reason": "returned"}"#, Seller, [401, 404, 403, 201, 403]),
    // Several contracts at once.
    row("POST /v1/collective-invoices", &[], r#"{"buyer_id": "$billable_buyer"}"#, Seller, [401, 409, 403, 201, 403]),
    row("GET /v1/collective-invoicing", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("POST /v1/collective-invoicing", &[], r#"{"buyer_id": "$verified"}"#, Seller, [401, 201, 403, 201, 403]),
    row("DELETE /v1/collective-invoicing/{buyer}", &["collected_buyer"], "", Seller, [401, 404, 403, 204, 403]),
    // Overdue ones.
    row("GET /v1/organisations/{id}/dunning-levels", &["seller"], "", Seller, [401, 404, 200, 200, 404]),
    row("PUT /v1/organisations/{id}/dunning-levels", &["seller"], r#"{"levels": [{"days": 7, "text": "x"}]}"#, Seller, [401, 404, 403, 200, 404]),
    // The match with order and receipt. 409: these invoices are not held.
    row("GET /v1/organisations/{id}/invoice-tolerances", &["buyer"], "", Buyer, [401, 404, 200, 200, 404]),
    row("PUT /v1/organisations/{id}/invoice-tolerances", &["buyer"], r#"{"is_active": false, "amount": {"amount": "1.00", "currency": "EUR"}}"#, Buyer, [401, 404, 403, 200, 404]),
    row("POST /v1/invoices/{id}/approve", &["invoice"], r#"{"reason": "x"}"#, Buyer, [401, 404, 403, 409, 403]),
    row("POST /v1/invoices/{id}/dispute", &["invoice"], r#"{"reason": "x"}"#, Buyer, [401, 404, 403, 409, 403]),
    // Payments.
    row("GET /v1/payments", &[], "", Buyer, [401, 200, 200, 200, 403]),
    row("POST /v1/payments", &[], r#"{"payee_id": "$seller", "amount": {"amount": "1.00", "currency": "EUR"}, "paid_on": "2026-01-15"}"#, Buyer, [401, 201, 403, 201, 403]),
    row("GET /v1/payments/{id}", &["payment"], "", Buyer, [401, 404, 200, 200, 403]),
    row("POST /v1/payments/{id}/confirm", &["payment"], "{}", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/payments/{id}/allocate", &["confirmed_payment"], "{}", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/payments/{id}/reject", &["payment"], r#"{"reason": "x"}"#, Seller, [401, 404, 403, 200, 403]),
    // What banks say. 422: an outsider has no such account.
    row("POST /v1/bank-statements", &[], STATEMENT, Seller, [401, 422, 403, 201, 403]),
    row("GET /v1/bank-statements", &[], "", Seller, [401, 200, 403, 200, 403]),
    row("GET /v1/bank-statements/{id}", &["bank_statement"], "", Seller, [401, 404, 403, 200, 403]),
    row("GET /v1/bank-statements/{id}/entries", &["bank_statement"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/bank-statement-entries/{id}/allocate", &["bank_statement_entry"], r#"{"allocations": [{"invoice_id": "$invoice", "amount": {"amount": "0.01", "currency": "EUR"}}]}"#, Seller, [401, 404, 403, 200, 403]),
    // Commission.
    row("PUT /v1/portals/{portal}/commissions", &["portal"], r#"{"billed_by": "$outsider", "tax": {"category": "S", "rate": "19"}, "rates": [{"percent": "2"}]}"#, Seller, [401, 403, 403, 403, 200]),
    row("GET /v1/portals/{portal}/commissions", &["charging_portal"], "", Seller, [401, 403, 403, 403, 200]),
    row("GET /v1/commission-statements", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("GET /v1/commission-statements/{id}", &["commission_statement"], "", Seller, [401, 404, 200, 200, 403]),
    // The ledger.
    row("GET /v1/accounts", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("GET /v1/accounts/{id}/postings", &["account"], "", Seller, [401, 404, 200, 200, 403]),
];

const STATEMENT: &str = r#"<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
    <GrpHdr><MsgId>M</MsgId><CreDtTm>2026-01-17T04:30:00+01:00</CreDtTm></GrpHdr><Stmt><Id>S-$number</Id>
    <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct><Ntry><Amt Ccy="EUR">0.01</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts></Ntry></Stmt></BkToCstmrStmt></Document>"#;

impl World {
    /// A statement with money of which nobody knows what it is for, or the entry of that.
    pub async fn subject_of_statements(&self, name: &str) -> String {
        let seller = &self.trade.seller.owner;
        let document = STATEMENT.replace("$number", &number().to_string());
        let request = seller.request(reqwest::Method::POST, "/v1/bank-statements");
        let taken =
            seller.send(request.header("Content-Type", "application/xml").body(document)).await.expect(201).json();
        let id = taken["statements"][0]["id"].as_str().expect("a statement").to_owned();
        if name == "bank_statement" {
            return id;
        }
        let entries = seller.get(&format!("/v1/bank-statements/{id}/entries")).await.expect(200).json();
        entries["items"][0]["id"].as_str().expect("an entry").to_owned()
    }
}
