//! Money that companies have paid in as a security, and what of it is free.

use diesel::dsl::sum;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::billing::AccountKind;
use domain::kernel::{Currency, OrganisationId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{account, deposit_payment, ledger_posting};

/// Money that was paid in or out.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = deposit_payment)]
pub struct DepositPaymentRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    /// `in` or `out`.
    pub direction: String,
    pub amount: Decimal,
    pub currency: String,
    /// Of the bank.
    pub reference: String,
    pub at: Timestamp,
}

/// What a company has deposited and may have back. Its account is held until the transaction ends, so that of two who take from it the
/// second one sees what the first one took; one that nothing was ever paid into is held all the same once it is made with this id.
pub async fn hold_free(
    tx: &mut Connection,
    of: OrganisationId,
    currency: Currency,
    new: Uuid,
) -> Result<Decimal, Failure> {
    let values = (
        account::id.eq(new),
        account::organisation_id.eq(of.0),
        account::kind.eq(AccountKind::Deposits.code()),
        account::currency.eq(currency.code()),
    );
    diesel::insert_into(account::table).values(values).on_conflict_do_nothing().execute(tx).await?;
    let own = account::table
        .filter(account::organisation_id.eq(of.0).and(account::kind.eq(AccountKind::Deposits.code())))
        .filter(account::currency.eq(currency.code()));
    let held: Uuid = own.select(account::id).for_no_key_update().first(tx).await?;
    let postings = ledger_posting::table.filter(ledger_posting::account_id.eq(held));
    let balance: Option<Decimal> = postings.select(sum(ledger_posting::amount)).first(tx).await?;
    Ok(balance.unwrap_or_default())
}

/// Keeps that money was paid in or out.
pub async fn insert_payment(tx: &mut Connection, new: &DepositPaymentRow) -> Result<(), Failure> {
    diesel::insert_into(deposit_payment::table).values(new).execute(tx).await?;
    Ok(())
}

/// What a company has paid in and was paid out, newest first.
pub async fn payments(
    connection: &mut Connection,
    of: OrganisationId,
    page: &Page,
) -> Result<List<DepositPaymentRow>, Failure> {
    let mut query = deposit_payment::table
        .filter(deposit_payment::organisation_id.eq(of.0))
        .order(deposit_payment::id.desc())
        .limit(page.rows())
        .select(DepositPaymentRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(deposit_payment::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &DepositPaymentRow| row.id))
}
