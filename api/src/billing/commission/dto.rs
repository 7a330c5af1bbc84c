//! Commission in JSON.

use domain::kernel::Date;
use infra::billing::commission::{EntryRow, RateRow, StatementRow, TermsRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::catalogue::product::dto::TaxDto;
use crate::http::dto::{MoneyDto, Time};

/// What sellers are charged for what they sell on a portal. Sales keep the rates that they were made at.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommissionTerms, example = json!({"billed_by": "0190b5a0-0000-7000-8000-000000000001", "tax": {"category": "S", "rate": "20"},
    "rates": [{"percent": "2.5"}, {"category_id": "0190b5a0-0000-7000-8000-000000000002", "percent": "1"}]}))]
pub struct CommissionTermsDto {
    /// The operator's organisation, which bills the sellers.
    pub billed_by: Option<Uuid>,
    pub tax: TaxDto,
    #[schema(max_items = 1000)]
    pub rates: Vec<CommissionRateDto>,
}

/// A rate of what is invoiced without tax.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommissionRate)]
pub struct CommissionRateDto {
    /// For this category and those below it; without one, for everything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_id: Option<Uuid>,
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub percent: String,
}

/// What a seller is charged in a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommissionStatementSummary {
    pub id: Uuid,
    pub seller_id: Uuid,
    pub billed_by: Uuid,
    /// The first day of the month.
    pub month: Date,
    /// `open` while the month runs, then `issued`.
    #[schema(example = "issued")]
    pub state: String,
    #[schema(example = "FEE2026-000042")]
    pub number: Option<String>,
    /// Once it is issued. Negative where more was given back than charged.
    pub net: MoneyDto,
    pub tax: MoneyDto,
    pub gross: MoneyDto,
    pub issued_at: Option<Time>,
}

/// What a seller is charged in a month, with all that it consists of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CommissionStatement)]
pub struct CommissionStatementDto {
    #[serde(flatten)]
    pub summary: CommissionStatementSummary,
    pub entries: Vec<CommissionEntryDto>,
}

/// What was charged for a line of an invoice, or given back for one of a credit note.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CommissionEntry)]
pub struct CommissionEntryDto {
    pub invoice_id: Uuid,
    pub contract_line_id: Uuid,
    pub amount: MoneyDto,
    pub at: Time,
}

impl CommissionTermsDto {
    pub fn of(row: &TermsRow, rates: &[RateRow]) -> Self {
        let rate = |one: &RateRow| CommissionRateDto {
            category_id: one.category_id,
            percent: one.percent.normalize().to_string(),
        };
        Self {
            billed_by: Some(row.billed_by),
            tax: TaxDto { category: row.tax_category.clone(), rate: row.tax_rate.normalize().to_string() },
            rates: rates.iter().map(rate).collect(),
        }
    }
}

impl Default for CommissionTermsDto {
    /// Nothing is charged.
    fn default() -> Self {
        Self { billed_by: None, tax: TaxDto { category: "O".to_owned(), rate: "0".to_owned() }, rates: Vec::new() }
    }
}

impl From<&StatementRow> for CommissionStatementSummary {
    fn from(row: &StatementRow) -> Self {
        let money = |amount| MoneyDto::of(amount, &row.currency);
        Self {
            id: row.id,
            seller_id: row.seller_id,
            billed_by: row.billed_by,
            month: row.month,
            state: row.state.clone(),
            number: row.number.clone(),
            net: money(row.net),
            tax: money(row.tax),
            gross: money(row.gross),
            issued_at: row.issued_at.map(Time::from),
        }
    }
}

impl CommissionStatementDto {
    pub fn of<'a>(row: &StatementRow, entries: impl Iterator<Item = &'a EntryRow>) -> Self {
        let entry = |one: &EntryRow| CommissionEntryDto {
            invoice_id: one.invoice_id,
            contract_line_id: one.contract_line_id,
            amount: MoneyDto::of(one.amount, &row.currency),
            at: one.at.into(),
        };
        Self { summary: row.into(), entries: entries.map(entry).collect() }
    }
}
