//! Bank statements in JSON.

use chrono::NaiveDate;
use infra::billing::bank_statement::{CountRow, EntryRow, StatementRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::billing::payment_dto::AllocationData;
use crate::http::dto::{MoneyDto, Time};

/// A message of a bank: camt.053 of ISO 20022, in its versions from `.001.02` to `.001.13`, in UTF-8 and without a document type; at most
/// 4 MiB, 200,000 elements and 2,000 payments.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(value_type = String, example = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">…</Document>")]
pub struct BankStatementDocument(String);

/// The statements of a message, in its order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BankStatements)]
pub struct BankStatementsDto {
    pub statements: Vec<BankStatementDto>,
}

/// What a bank says about one of your accounts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BankStatement)]
pub struct BankStatementDto {
    pub id: Uuid,
    pub bank_account_id: Uuid,
    /// The bank's number of the message.
    pub message: String,
    /// The bank's number of the statement.
    pub number: String,
    pub sequence: Option<String>,
    pub currency: String,
    /// Of booked money, below zero where the account was overdrawn.
    pub opening_balance: Option<MoneyDto>,
    pub closing_balance: Option<MoneyDto>,
    pub entries: EntryCounts,
    pub received_at: Time,
}

/// How many entries stand where.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct EntryCounts {
    /// Payments of which all is for invoices.
    pub booked: i64,
    /// Payments of which something is on account.
    pub partly_booked: i64,
    /// Money of which you have to say what it is for.
    pub open: i64,
    /// Those that stand in an earlier statement, too.
    pub known: i64,
    /// No money that came.
    pub ignored: i64,
}

/// A movement on the account, or one payment of a movement that is several.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BankStatementEntry)]
pub struct EntryDto {
    pub id: Uuid,
    pub statement_id: Uuid,
    /// Of the movement in the statement, from 1.
    pub position: i32,
    /// Of the payment in the movement, from 1.
    pub part: i32,
    pub amount: MoneyDto,
    /// `credit` is money that came, `debit` money that went.
    #[schema(example = "credit")]
    pub direction: String,
    /// It takes back an earlier movement.
    pub is_reversal: bool,
    pub booked_on: Option<NaiveDate>,
    /// The other side, as the bank tells it.
    pub other_name: Option<String>,
    pub other_account: Option<String>,
    pub bank_reference: Option<String>,
    /// All that says what it is for.
    pub texts: Vec<String>,
    /// `booked`, `partly_booked`, `open`, `known` or `ignored`.
    #[schema(example = "open")]
    pub state: String,
    /// Of what is booked how sure the match is: `exact` (what is due on the invoices that are named), `part`, `over`, `by_hand`
    /// or `confirmed_before` (you had confirmed the payment before the bank told of it). Of what is
    /// open why: `amount_only` (no invoice is named, and who has the account owes the amount on one), `part_of_several`, `other_payer`,
    /// `other_currency`, `same_number`, `same_amount`, `payer_unknown`, `several_payers`, `invoice_held`, `nothing_named` or
    /// `nothing_due`. Else `known`, `debit`, `reversal`, `nothing_paid`, `pending` or `information`.
    #[schema(example = "nothing_named")]
    pub reason: String,
    /// Invoices that come into question.
    pub candidates: Vec<Uuid>,
    /// What it was booked as, or was before.
    pub payment_id: Option<Uuid>,
}

/// Which entries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EntryQuery {
    #[param(pattern = "^(booked|partly_booked|open|known|ignored)$")]
    pub state: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

/// Which invoices money that came is for. They are of one buyer; what is for none of them is on account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"allocations": [{"invoice_id": "0190b5a0-0000-7000-8000-000000000001", "amount": {"amount": "440.00", "currency": "EUR"}}]}))]
pub struct EntryAllocation {
    #[schema(min_items = 1, max_items = 1000)]
    pub allocations: Vec<AllocationData>,
}

impl BankStatementDto {
    /// `counts` may be of other statements, too.
    pub fn of(row: &StatementRow, counts: &[CountRow]) -> Self {
        let count = |state: &str| {
            let found = counts.iter().find(|one| one.statement_id == row.id && one.state == state);
            found.map_or(0, |one| one.entries)
        };
        Self {
            id: row.id,
            bank_account_id: row.bank_account_id,
            message: row.message.clone(),
            number: row.number.clone(),
            sequence: row.sequence.clone(),
            currency: row.currency.clone(),
            opening_balance: row.opening.map(|amount| MoneyDto::of(amount, &row.currency)),
            closing_balance: row.closing.map(|amount| MoneyDto::of(amount, &row.currency)),
            entries: EntryCounts {
                booked: count("booked"),
                partly_booked: count("partly_booked"),
                open: count("open"),
                known: count("known"),
                ignored: count("ignored"),
            },
            received_at: row.received_at.into(),
        }
    }
}

impl From<&EntryRow> for EntryDto {
    fn from(row: &EntryRow) -> Self {
        Self {
            id: row.id,
            statement_id: row.statement_id,
            position: row.position,
            part: row.part,
            amount: MoneyDto::of(row.amount, &row.currency),
            direction: if row.is_credit { "credit" } else { "debit" }.to_owned(),
            is_reversal: row.is_reversal,
            booked_on: row.booked_on,
            other_name: row.other_name.clone(),
            other_account: row.other_account.clone(),
            bank_reference: row.bank_reference.clone(),
            texts: row.texts.clone(),
            state: row.state.clone(),
            reason: row.reason.clone(),
            candidates: row.candidates.clone(),
            payment_id: row.payment_id,
        }
    }
}
