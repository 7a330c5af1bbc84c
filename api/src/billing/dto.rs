//! Invoices in JSON.

use domain::kernel::Date;
use domain::kernel::language::{Texts, pick};
use infra::Failure;
use infra::billing::invoice::{Invoice, InvoiceLineRow, InvoiceRow, InvoiceTaxRow};
use infra::party::bank_account::BankAccountRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::dunning::dto::DunningNoticeDto;
use super::three_way::dto::MatchDto;
use crate::catalogue::product::dto::TaxDto;
use crate::http::dto::{MoneyDto, QuantityDto, Time};

/// What is to be invoiced: all that the buyer has received under a contract and that no invoice holds yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contract_id": "0190b5a0-0000-7000-8000-000000000001", "issue": true}))]
pub struct InvoiceData {
    pub contract_id: Uuid,
    /// Only what arrived with this delivery; without it, all that arrived under the contract.
    pub delivery_id: Option<Uuid>,
    /// Issue it at once; otherwise it is a draft that only you see.
    #[serde(default)]
    #[schema(default = false)]
    pub issue: bool,
    /// Where to pay to; without it, your first account in the currency of the contract.
    pub bank_account_id: Option<Uuid>,
}

/// Issuing a draft.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct IssueData {
    /// Where to pay to; without it, your first account in the currency of the invoice.
    pub bank_account_id: Option<Uuid>,
}

/// What is taken back of an invoice. Without lines, all of it that is not credited yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Two pieces were returned.", "lines": [{
    "invoice_line_id": "0190b5a0-0000-7000-8000-000000000001", "quantity": {"value": "2", "unit": "C62"}}]}))]
pub struct CreditData {
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
    #[schema(max_items = 1000)]
    pub lines: Option<Vec<CreditLineData>>,
    /// The credited quantities shall be invoiced again, as when the invoice was wrong and not the goods.
    #[serde(default)]
    #[schema(default = false)]
    pub invoice_again: bool,
}

/// What is taken back of a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditLineData {
    pub invoice_line_id: Uuid,
    pub quantity: QuantityDto,
}

/// An invoice or credit note in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvoiceSummary {
    pub id: Uuid,
    /// `invoice`, or `credit_note`, whose amounts are positive, too.
    #[schema(example = "invoice")]
    pub kind: String,
    /// Without gaps per seller and year; none for a draft.
    #[schema(example = "INV2026-000042")]
    pub number: Option<String>,
    /// `draft`, `issued`, `partly_paid`, `paid` or `credited`.
    #[schema(example = "issued")]
    pub state: String,
    /// None of one over several contracts.
    pub contract_id: Option<Uuid>,
    pub seller_id: Uuid,
    pub buyer_id: Uuid,
    pub net: MoneyDto,
    pub tax: MoneyDto,
    pub gross: MoneyDto,
    /// By confirmed payments.
    pub paid: MoneyDto,
    /// By credit notes.
    pub credited: MoneyDto,
    /// Still to be paid.
    pub open: MoneyDto,
    pub issue_date: Option<Date>,
    pub due_date: Option<Date>,
    /// The invoice that a credit note takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The published PDF, once it is made.
    pub document_id: Option<Uuid>,
    pub created_at: Time,
    pub issued_at: Option<Time>,
    /// How it stands to order and receipt: `matched`, `held`, `disputed` or `approved`; none where the buyer does not match.
    pub match_state: Option<String>,
}

/// An invoice or credit note.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invoice)]
pub struct InvoiceDto {
    #[serde(flatten)]
    pub summary: InvoiceSummary,
    pub lines: Vec<InvoiceLineDto>,
    /// By category and rate.
    pub taxes: Vec<InvoiceTaxDto>,
    /// Where to pay to.
    pub pay_to: Option<PayTo>,
    /// The contracts under which the goods were delivered.
    pub contract_ids: Vec<Uuid>,
    /// Reminders of it while it was overdue, first to last.
    pub dunning: Vec<DunningNoticeDto>,
    /// How it was matched with order and receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matching: Option<MatchDto>,
}

/// A line of an invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceLine)]
pub struct InvoiceLineDto {
    pub id: Uuid,
    pub position: i32,
    pub contract_line_id: Uuid,
    pub sku: Option<String>,
    /// In the reader's language.
    pub name: String,
    pub quantity: QuantityDto,
    pub unit_price: MoneyDto,
    pub discount_percent: String,
    pub tax: TaxDto,
    /// Without tax.
    pub net: MoneyDto,
    /// By credit notes.
    pub credited_quantity: QuantityDto,
}

/// The part of an invoice with one tax.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceTax)]
pub struct InvoiceTaxDto {
    #[serde(flatten)]
    pub tax: TaxDto,
    pub base: MoneyDto,
    pub amount: MoneyDto,
}

/// A bank account as it stands on an invoice.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayTo {
    pub holder: String,
    /// An IBAN, or a domestic account number.
    pub account_number: String,
    pub bank_code: Option<String>,
    pub bank_name: String,
}

/// Which invoices to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct InvoiceQuery {
    /// `buyer`: those to you; `seller`: your own.
    #[param(pattern = "^(buyer|seller)$")]
    pub role: Option<String>,
    pub state: Option<String>,
    #[param(pattern = "^(invoice|credit_note)$")]
    pub kind: Option<String>,
    /// How they stand to order and receipt.
    #[param(pattern = "^(matched|held|disputed|approved)$")]
    pub match_state: Option<String>,
    pub contract_id: Option<Uuid>,
    /// Only what is due before this day.
    pub due_before: Option<Date>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

/// How an invoice is printed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PaperQuery {
    /// `en` or `ru`; without it, the language in which it was published.
    #[param(pattern = "^(en|ru)$")]
    pub language: Option<String>,
}

impl From<&InvoiceRow> for InvoiceSummary {
    fn from(row: &InvoiceRow) -> Self {
        let money = |amount| MoneyDto::of(amount, &row.currency);
        let open = if row.kind == "invoice" { row.gross - row.paid - row.credited } else { Default::default() };
        Self {
            id: row.id,
            kind: row.kind.clone(),
            number: row.number.clone(),
            state: row.state.clone(),
            contract_id: row.contract_id,
            seller_id: row.seller_id,
            buyer_id: row.buyer_id,
            net: money(row.net),
            tax: money(row.tax),
            gross: money(row.gross),
            paid: money(row.paid),
            credited: money(row.credited),
            open: money(open.max(Default::default())),
            issue_date: row.issue_date,
            due_date: row.due_date,
            credits_id: row.credits_id,
            reason: row.reason.clone(),
            document_id: row.document_id,
            created_at: row.created_at.into(),
            issued_at: row.issued_at.map(Time::from),
            match_state: row.match_state.clone(),
        }
    }
}

impl InvoiceDto {
    pub fn of(invoice: &Invoice, bank: Option<BankAccountRow>, languages: &[String]) -> Result<Self, Failure> {
        let currency = &invoice.row.currency;
        let lines: Result<Vec<_>, _> =
            invoice.lines.iter().map(|line| InvoiceLineDto::of(line, currency, languages)).collect();
        Ok(Self {
            summary: (&invoice.row).into(),
            lines: lines?,
            contract_ids: invoice.contracts.clone(),
            matching: invoice
                .row
                .match_state
                .as_deref()
                .zip(invoice.matching.as_ref())
                .map(|(state, (row, differences))| MatchDto::of(state, row, differences)),
            dunning: invoice.notices.iter().map(|notice| DunningNoticeDto::of(notice, currency)).collect(),
            taxes: invoice.taxes.iter().map(|tax| InvoiceTaxDto::of(tax, currency)).collect(),
            pay_to: bank.map(|bank| PayTo {
                holder: bank.holder,
                account_number: bank.account_number,
                bank_code: bank.bank_code,
                bank_name: bank.bank_name,
            }),
        })
    }
}

impl InvoiceLineDto {
    fn of(line: &InvoiceLineRow, currency: &str, languages: &[String]) -> Result<Self, Failure> {
        let names: Texts = serde_json::from_value(line.name.clone()).map_err(Failure::broken)?;
        Ok(Self {
            id: line.id,
            position: line.position,
            contract_line_id: line.contract_line_id,
            sku: line.sku.clone(),
            name: pick(&names, languages).to_owned(),
            quantity: QuantityDto::of(line.quantity, &line.unit),
            unit_price: MoneyDto::price(line.unit_price, currency),
            discount_percent: line.discount_percent.normalize().to_string(),
            tax: TaxDto { category: line.tax_category.clone(), rate: line.tax_rate.normalize().to_string() },
            net: MoneyDto::of(line.net, currency),
            credited_quantity: QuantityDto::of(line.credited_quantity, &line.unit),
        })
    }
}

impl InvoiceTaxDto {
    fn of(row: &InvoiceTaxRow, currency: &str) -> Self {
        Self {
            tax: TaxDto { category: row.tax_category.clone(), rate: row.tax_rate.normalize().to_string() },
            base: MoneyDto::of(row.base, currency),
            amount: MoneyDto::of(row.tax, currency),
        }
    }
}
