//! Statements of banks and their entries, always for the organisation that has the account.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{
    BankAccountId, BankStatementEntryId, BankStatementId, Date, OrganisationId, PaymentId, Timestamp,
};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{bank_statement, bank_statement_entry};

/// Rows in one statement of the database: it takes 65,535 parameters.
const CHUNK: usize = 2000;

/// A statement without its entries.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = bank_statement, treat_none_as_default_value = false)]
pub struct StatementRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub bank_account_id: Uuid,
    /// The bank's number of the message.
    pub message: String,
    pub number: String,
    pub sequence: Option<String>,
    pub currency: String,
    /// The balances, below zero where the account was overdrawn.
    pub opening: Option<Decimal>,
    pub closing: Option<Decimal>,
    /// A hash of what it says.
    pub content: Vec<u8>,
    pub received_by: Uuid,
    pub received_at: Timestamp,
}

/// A movement, or a payment in one, with what became of it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = bank_statement_entry, treat_none_as_default_value = false)]
pub struct EntryRow {
    pub id: Uuid,
    pub statement_id: Uuid,
    pub organisation_id: Uuid,
    pub bank_account_id: Uuid,
    /// Of the movement in the statement, from 1.
    pub position: i32,
    /// Of the payment in the movement, from 1.
    pub part: i32,
    pub amount: Decimal,
    pub currency: String,
    pub is_credit: bool,
    pub is_reversal: bool,
    pub booked_on: Option<Date>,
    pub other_name: Option<String>,
    pub other_account: Option<String>,
    pub bank_reference: Option<String>,
    /// All that says what it is for.
    pub texts: Vec<String>,
    /// A state of [`domain::billing::bank_statement::EntryState`].
    pub state: String,
    /// How sure the match is, or why there is none.
    pub reason: String,
    /// Invoices that come into question.
    pub candidates: Vec<Uuid>,
    pub payment_id: Option<Uuid>,
    pub version: i64,
}

/// How many entries of a statement stand where.
#[derive(Debug, Clone, Queryable)]
pub struct CountRow {
    pub statement_id: Uuid,
    pub state: String,
    pub entries: i64,
}

/// What makes a movement the same one in another statement: the bank's number, whether it is a credit, whether a reversal, the amount and
/// the day. The parts of a batch may share the number, and the amount, on different days.
pub type Movement = (String, bool, bool, Decimal, Option<Date>);

/// The statement of an account with this number, if it was taken in.
pub async fn known(
    connection: &mut Connection,
    account: BankAccountId,
    number: &str,
    sequence: Option<&str>,
) -> Result<Option<StatementRow>, Failure> {
    let query = bank_statement::table
        .filter(bank_statement::bank_account_id.eq(account.0).and(bank_statement::number.eq(number)))
        .filter(bank_statement::sequence.is_not_distinct_from(sequence))
        .select(StatementRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// Which movements with these references of the bank stand in statements of the account as money that came. What was only told of there,
/// as pending or for information, is not booked yet.
pub async fn movements(
    connection: &mut Connection,
    account: BankAccountId,
    references: &[String],
) -> Result<HashSet<Movement>, Failure> {
    let query = bank_statement_entry::table
        .filter(bank_statement_entry::bank_account_id.eq(account.0))
        .filter(bank_statement_entry::bank_reference.eq_any(references))
        .filter(bank_statement_entry::state.eq_any(["open", "booked", "partly_booked"]))
        .select((
            bank_statement_entry::bank_reference.assume_not_null(),
            bank_statement_entry::is_credit,
            bank_statement_entry::is_reversal,
            bank_statement_entry::amount,
            bank_statement_entry::booked_on,
        ));
    let found: Vec<Movement> = query.load(connection).await?;
    Ok(found.into_iter().collect())
}

pub async fn insert(tx: &mut Connection, new: &StatementRow, entries: &[EntryRow]) -> Result<(), Failure> {
    diesel::insert_into(bank_statement::table).values(new).execute(tx).await?;
    for chunk in entries.chunks(CHUNK) {
        diesel::insert_into(bank_statement_entry::table).values(chunk).execute(tx).await?;
    }
    Ok(())
}

/// Keeps what became of an entry.
pub async fn update(tx: &mut Connection, changed: &EntryRow) -> Result<(), Failure> {
    diesel::update(bank_statement_entry::table.find(changed.id))
        .set((
            bank_statement_entry::state.eq(&changed.state),
            bank_statement_entry::reason.eq(&changed.reason),
            bank_statement_entry::candidates.eq(&changed.candidates),
            bank_statement_entry::payment_id.eq(changed.payment_id),
            bank_statement_entry::version.eq(changed.version),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that all of a payment is for invoices now, if it was booked from a statement.
pub async fn all_allocated(tx: &mut Connection, payment: PaymentId) -> Result<(), Failure> {
    diesel::update(bank_statement_entry::table.filter(bank_statement_entry::payment_id.eq(payment.0)))
        .set((
            bank_statement_entry::state.eq("booked"),
            bank_statement_entry::version.eq(bank_statement_entry::version + 1),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// A statement of this organisation.
pub async fn find(
    connection: &mut Connection,
    of: OrganisationId,
    id: BankStatementId,
) -> Result<Option<StatementRow>, Failure> {
    let query = bank_statement::table
        .filter(bank_statement::id.eq(id.0).and(bank_statement::organisation_id.eq(of.0)))
        .select(StatementRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// The statements of an organisation, the last one first.
pub async fn list(connection: &mut Connection, of: OrganisationId, page: &Page) -> Result<List<StatementRow>, Failure> {
    let mut query = bank_statement::table
        .filter(bank_statement::organisation_id.eq(of.0))
        .order(bank_statement::id.desc())
        .limit(page.rows())
        .select(StatementRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(bank_statement::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &StatementRow| row.id))
}

/// How many entries of these statements stand where.
pub async fn counts(connection: &mut Connection, statements: &[Uuid]) -> Result<Vec<CountRow>, Failure> {
    let query = bank_statement_entry::table
        .filter(bank_statement_entry::statement_id.eq_any(statements))
        .group_by((bank_statement_entry::statement_id, bank_statement_entry::state))
        .select((bank_statement_entry::statement_id, bank_statement_entry::state, diesel::dsl::count_star()));
    Ok(query.load(connection).await?)
}

/// The entries of a statement of this organisation in their order, perhaps of one state only.
pub async fn entries(
    connection: &mut Connection,
    of: OrganisationId,
    statement: BankStatementId,
    state: Option<&str>,
    page: &Page,
) -> Result<List<EntryRow>, Failure> {
    let mut query = bank_statement_entry::table
        .filter(bank_statement_entry::statement_id.eq(statement.0))
        .filter(bank_statement_entry::organisation_id.eq(of.0))
        .order(bank_statement_entry::id)
        .limit(page.rows())
        .select(EntryRow::as_select())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(bank_statement_entry::state.eq(state.to_owned()));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(bank_statement_entry::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &EntryRow| row.id))
}

/// An entry of a statement of this organisation, held until the transaction ends.
pub async fn lock_entry(
    tx: &mut Connection,
    of: OrganisationId,
    id: BankStatementEntryId,
) -> Result<Option<EntryRow>, Failure> {
    let query = bank_statement_entry::table
        .filter(bank_statement_entry::id.eq(id.0).and(bank_statement_entry::organisation_id.eq(of.0)))
        .select(EntryRow::as_select())
        .for_update();
    Ok(query.first(tx).await.optional()?)
}
