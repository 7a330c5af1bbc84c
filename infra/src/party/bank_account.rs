//! Bank accounts of organisations: where invoices ask to be paid to.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{BankAccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::bank_account;

/// A bank account. Archived ones stay on the invoices that name them.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = bank_account, treat_none_as_default_value = false)]
pub struct BankAccountRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub holder: String,
    /// An IBAN, or a domestic account number with the bank's code.
    pub account_number: String,
    pub bank_code: Option<String>,
    pub bank_name: String,
    pub currency: String,
    pub archived_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

pub async fn insert(tx: &mut Connection, new: &BankAccountRow) -> Result<(), Failure> {
    diesel::insert_into(bank_account::table).values(new).execute(tx).await?;
    Ok(())
}

/// An account of this organisation that is not archived, held until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    of: OrganisationId,
    id: BankAccountId,
) -> Result<Option<BankAccountRow>, Failure> {
    let query = bank_account::table
        .filter(bank_account::id.eq(id.0).and(bank_account::organisation_id.eq(of.0)))
        .filter(bank_account::archived_at.is_null())
        .select(BankAccountRow::as_select())
        .for_update();
    Ok(query.first(tx).await.optional()?)
}

/// From then on no invoice names it.
pub async fn archive(tx: &mut Connection, row: &BankAccountRow, at: Timestamp) -> Result<(), Failure> {
    diesel::update(bank_account::table.find(row.id))
        .set((bank_account::archived_at.eq(at), bank_account::version.eq(row.version + 1)))
        .execute(tx)
        .await?;
    Ok(())
}

/// The accounts of an organisation that are not archived, oldest first.
pub async fn list(
    connection: &mut Connection,
    of: OrganisationId,
    page: &Page,
) -> Result<List<BankAccountRow>, Failure> {
    let mut query = bank_account::table
        .filter(bank_account::organisation_id.eq(of.0).and(bank_account::archived_at.is_null()))
        .order(bank_account::id)
        .limit(page.rows())
        .select(BankAccountRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(bank_account::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &BankAccountRow| row.id))
}

/// The account that an invoice in a currency names: the wanted one, or else the first that the seller gave.
pub async fn for_invoice(
    tx: &mut Connection,
    seller: OrganisationId,
    wanted: Option<BankAccountId>,
    currency: &str,
) -> Result<Option<BankAccountRow>, Failure> {
    let mut query = bank_account::table
        .filter(bank_account::organisation_id.eq(seller.0).and(bank_account::archived_at.is_null()))
        .filter(bank_account::currency.eq(currency.to_owned()))
        .order(bank_account::id)
        .select(BankAccountRow::as_select())
        .into_boxed();
    if let Some(wanted) = wanted {
        query = query.filter(bank_account::id.eq(wanted.0));
    }
    Ok(query.first(tx).await.optional()?)
}

/// The account of an organisation with this number in this currency, held until the transaction ends; an archived one where no other is.
pub async fn lock_by_number(
    tx: &mut Connection,
    of: OrganisationId,
    number: &str,
    currency: &str,
) -> Result<Option<BankAccountRow>, Failure> {
    let query = bank_account::table
        .filter(bank_account::organisation_id.eq(of.0).and(bank_account::account_number.eq(number)))
        .filter(bank_account::currency.eq(currency))
        .order((bank_account::archived_at.desc().nulls_first(), bank_account::id))
        .select(BankAccountRow::as_select())
        .for_update();
    Ok(query.first(tx).await.optional()?)
}

/// Which of these organisations say that they have the accounts with these numbers, and have not archived them.
pub async fn holders(
    connection: &mut Connection,
    numbers: &[String],
    among: &[Uuid],
) -> Result<Vec<(String, Uuid)>, Failure> {
    let query = bank_account::table
        .filter(bank_account::account_number.eq_any(numbers).and(bank_account::organisation_id.eq_any(among)))
        .filter(bank_account::archived_at.is_null())
        .select((bank_account::account_number, bank_account::organisation_id))
        .distinct();
    Ok(query.load(connection).await?)
}

/// An account, archived since or not: whoever asks has the invoice that names it.
pub async fn find(connection: &mut Connection, id: BankAccountId) -> Result<Option<BankAccountRow>, Failure> {
    Ok(bank_account::table.find(id.0).select(BankAccountRow::as_select()).first(connection).await.optional()?)
}
