//! Payments and accounts in JSON.

use chrono::NaiveDate;
use domain::billing::AccountKind;
use domain::billing::ledger::NormalSide;
use infra::Failure;
use infra::billing::ledger::{AccountRow, PostingRow};
use infra::billing::payment::Payment;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::{MoneyDto, Time};

/// A payment that you made. Without allocations it is for the invoices whose numbers the reference names, or else for the
/// oldest open ones, once it is confirmed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"payee_id": "0190b5a0-0000-7000-8000-000000000001", "amount": {"amount": "440.00", "currency": "USD"},
    "paid_on": "2026-11-23", "reference": "INV2026-000042"}))]
pub struct PaymentData {
    pub payee_id: Uuid,
    pub amount: MoneyDto,
    /// The day on which you paid; not in the future.
    pub paid_on: NaiveDate,
    /// What you wrote on the transfer.
    #[schema(max_length = 140)]
    pub reference: Option<String>,
    #[schema(max_items = 1000)]
    pub allocations: Option<Vec<AllocationData>>,
}

/// What of a payment is for one invoice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllocationData {
    pub invoice_id: Uuid,
    pub amount: MoneyDto,
}

/// The payee has the money.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct PaymentConfirmation {
    /// Which invoices it is for, where that differs from what the payer said.
    #[schema(max_items = 1000)]
    pub allocations: Option<Vec<AllocationData>>,
}

/// What money on account is for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct PaymentAllocation {
    /// Without them it is for the open invoices that the payment's reference names, or else for those due first.
    #[schema(max_items = 1000)]
    pub allocations: Option<Vec<AllocationData>>,
}

/// The payee knows nothing of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Nothing has arrived on our account."}))]
pub struct PaymentRejection {
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// A payment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentDto {
    pub id: Uuid,
    pub payer_id: Uuid,
    pub payee_id: Uuid,
    /// `recorded`, `confirmed` or `rejected`.
    #[schema(example = "recorded")]
    pub state: String,
    pub amount: MoneyDto,
    pub paid_on: NaiveDate,
    pub reference: Option<String>,
    pub allocations: Vec<AllocationDto>,
    /// What is for no invoice yet and stays on account.
    pub unallocated: MoneyDto,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub created_at: Time,
    pub decided_at: Option<Time>,
}

/// What of a payment is for one invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Allocation)]
pub struct AllocationDto {
    pub invoice_id: Uuid,
    pub amount: MoneyDto,
}

/// Which payments to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PaymentQuery {
    /// `payer`: those you made; `payee`: those to you.
    #[param(pattern = "^(payer|payee)$")]
    pub role: Option<String>,
    pub state: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

/// An account of your books.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountDto {
    pub id: Uuid,
    /// `receivable`, `payable`, `revenue`, `purchases`, `tax_due`, `tax_paid`, `cash`, `deposits` (what is free of them), `deposits_held`
    /// (bound for auctions), `forfeits` (deposits that were lost) or `fees`.
    #[schema(example = "receivable")]
    pub kind: String,
    /// On the side on which the account grows: what you are owed, and what you owe, are both positive.
    pub balance: MoneyDto,
    /// `debit` or `credit`: the side on which it grows.
    pub normal_side: String,
}

/// A posting to an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Posting)]
pub struct PostingDto {
    pub entry_id: Uuid,
    /// `invoice` (credit notes too), `payment`, `commission`, `deposit_payment`, `deposit_hold`, `deposit_release` or `deposit_taking`.
    pub subject: PostingSubject,
    pub at: Time,
    /// `debit` or `credit`.
    pub side: String,
    pub amount: MoneyDto,
}

/// An entry of the ledger: its postings add up to nothing.
#[derive(Debug, Serialize)]
pub struct LedgerEntryDto {
    pub id: Uuid,
    pub postings: Vec<LedgerPostingDto>,
}

/// A posting of an entry, and the account to which it is.
#[derive(Debug, Serialize)]
pub struct LedgerPostingDto {
    pub account_id: Uuid,
    #[serde(flatten)]
    pub posting: PostingDto,
}

/// What a posting is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostingSubject {
    pub kind: String,
    pub id: Uuid,
}

impl From<&Payment> for PaymentDto {
    fn from(payment: &Payment) -> Self {
        let row = &payment.row;
        let allocated: Decimal = payment.allocations.iter().map(|one| one.amount).sum();
        let allocation = |one: &infra::billing::payment::AllocationRow| AllocationDto {
            invoice_id: one.invoice_id,
            amount: MoneyDto::of(one.amount, &row.currency),
        };
        Self {
            id: row.id,
            payer_id: row.payer_id,
            payee_id: row.payee_id,
            state: row.state.clone(),
            amount: MoneyDto::of(row.amount, &row.currency),
            paid_on: row.paid_on,
            reference: row.reference.clone(),
            allocations: payment.allocations.iter().map(allocation).collect(),
            unallocated: MoneyDto::of(row.amount - allocated, &row.currency),
            reason: row.reason.clone(),
            created_at: row.created_at.into(),
            decided_at: row.decided_at.map(Time::from),
        }
    }
}

impl AccountDto {
    /// `sum` is that of the postings, debits positive.
    pub fn of(row: &AccountRow, sum: Decimal) -> Result<Self, Failure> {
        let kind = AccountKind::parse(&row.kind)?;
        let side = if kind.normal_side() == NormalSide::Debit { "debit" } else { "credit" };
        Ok(Self {
            id: row.id,
            kind: row.kind.clone(),
            balance: MoneyDto::of(kind.balance(sum), &row.currency),
            normal_side: side.to_owned(),
        })
    }
}

impl PostingDto {
    pub fn of(row: PostingRow, currency: &str) -> Self {
        Self {
            entry_id: row.entry_id,
            subject: PostingSubject { kind: row.subject_kind, id: row.subject_id },
            at: row.at.into(),
            side: if row.amount > Decimal::ZERO { "debit" } else { "credit" }.to_owned(),
            amount: MoneyDto::of(row.amount.abs(), currency),
        }
    }
}
