//! Payments and what of them is for which invoice, always for one of the two parties.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Date, OrganisationId, PaymentId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::ordering::sight::{Sight, payment_visible};
use crate::schema::{bank_statement_entry, payment, payment_allocation};

/// A payment without its allocations.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = payment, treat_none_as_default_value = false)]
pub struct PaymentRow {
    pub id: Uuid,
    pub payer_id: Uuid,
    pub payee_id: Uuid,
    pub state: String,
    pub amount: Decimal,
    pub currency: String,
    pub paid_on: Date,
    pub reference: Option<String>,
    pub reason: Option<String>,
    pub created_by: Uuid,
    pub created_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub version: i64,
}

/// What of a payment is for one invoice.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = payment_allocation, treat_none_as_default_value = false)]
pub struct AllocationRow {
    pub payment_id: Uuid,
    pub invoice_id: Uuid,
    pub amount: Decimal,
}

/// A payment with its allocations.
#[derive(Debug, Clone)]
pub struct Payment {
    pub row: PaymentRow,
    pub allocations: Vec<AllocationRow>,
}

pub async fn insert(tx: &mut Connection, new: &Payment) -> Result<(), Failure> {
    diesel::insert_into(payment::table).values(&new.row).execute(tx).await?;
    diesel::insert_into(payment_allocation::table).values(&new.allocations).execute(tx).await?;
    Ok(())
}

/// Keeps the decision about a payment and what it is for.
pub async fn update(tx: &mut Connection, changed: &Payment) -> Result<(), Failure> {
    let row = &changed.row;
    diesel::update(payment::table.find(row.id))
        .set((
            payment::state.eq(&row.state),
            payment::reason.eq(&row.reason),
            payment::decided_at.eq(row.decided_at),
            payment::version.eq(row.version),
        ))
        .execute(tx)
        .await?;
    diesel::delete(payment_allocation::table.filter(payment_allocation::payment_id.eq(row.id))).execute(tx).await?;
    diesel::insert_into(payment_allocation::table).values(&changed.allocations).execute(tx).await?;
    Ok(())
}

/// A payment from or to this organisation, if the reader sees it.
pub async fn find(
    connection: &mut Connection,
    by: OrganisationId,
    id: PaymentId,
    sight: Option<&Sight>,
) -> Result<Option<Payment>, Failure> {
    let mut query = payment::table
        .filter(payment::id.eq(id.0).and(payment::payer_id.eq(by.0).or(payment::payee_id.eq(by.0))))
        .select(PaymentRow::as_select())
        .into_boxed();
    if let Some(sight) = sight {
        query = query.filter(payment_visible(sight));
    }
    let row: Option<PaymentRow> = query.first(connection).await.optional()?;
    Ok(complete(connection, row.into_iter().collect()).await?.pop())
}

/// [`find`], held until the transaction ends.
pub async fn lock(tx: &mut Connection, by: OrganisationId, id: PaymentId) -> Result<Option<Payment>, Failure> {
    let query = payment::table
        .filter(payment::id.eq(id.0).and(payment::payer_id.eq(by.0).or(payment::payee_id.eq(by.0))))
        .select(PaymentRow::as_select())
        .for_update();
    let row: Option<PaymentRow> = query.first(tx).await.optional()?;
    Ok(complete(tx, row.into_iter().collect()).await?.pop())
}

/// The payments to this organisation that money which came may be, held until the transaction ends, oldest first: those that were recorded and
/// wait for its confirmation, and those of one of these amounts that it confirmed, were paid since a day, and are of no bank statement.
pub async fn lock_comparable(
    tx: &mut Connection,
    payee: OrganisationId,
    currency: &str,
    since: Date,
    amounts: &[Decimal],
) -> Result<Vec<Payment>, Failure> {
    let told = bank_statement_entry::table.filter(bank_statement_entry::payment_id.eq(payment::id.nullable()));
    let confirmed = payment::state.eq("confirmed").and(payment::paid_on.ge(since)).and(payment::amount.eq_any(amounts));
    // In one query: one that is confirmed while we wait for it is found as confirmed.
    let query = payment::table
        .filter(payment::payee_id.eq(payee.0).and(payment::currency.eq(currency.to_owned())))
        .filter(payment::state.eq("recorded").or(confirmed.and(not(exists(told)))))
        .order(payment::id)
        .select(PaymentRow::as_select())
        .for_update();
    let mut rows: Vec<PaymentRow> = query.load(tx).await?;
    // What came with another statement while we waited is seen only now.
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let told: Vec<Option<Uuid>> = bank_statement_entry::table
        .filter(bank_statement_entry::payment_id.eq_any(&ids))
        .select(bank_statement_entry::payment_id)
        .load(tx)
        .await?;
    rows.retain(|row| !told.contains(&Some(row.id)));
    complete(tx, rows).await
}

/// The payments of an organisation, newest first, perhaps on one side or in one state only.
pub async fn list(
    connection: &mut Connection,
    by: OrganisationId,
    as_payer: Option<bool>,
    state: Option<&str>,
    sight: Option<&Sight>,
    page: &Page,
) -> Result<List<Payment>, Failure> {
    let mut query =
        payment::table.order(payment::id.desc()).limit(page.rows()).select(PaymentRow::as_select()).into_boxed();
    query = match as_payer {
        Some(true) => query.filter(payment::payer_id.eq(by.0)),
        Some(false) => query.filter(payment::payee_id.eq(by.0)),
        None => query.filter(payment::payer_id.eq(by.0).or(payment::payee_id.eq(by.0))),
    };
    if let Some(state) = state {
        query = query.filter(payment::state.eq(state.to_owned()));
    }
    if let Some(sight) = sight {
        query = query.filter(payment_visible(sight));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(payment::id.lt(after));
    }
    let list = page.cut_by_id(query.load(connection).await?, |row: &PaymentRow| row.id);
    Ok(List { items: complete(connection, list.items).await?, next: list.next })
}

async fn complete(connection: &mut Connection, rows: Vec<PaymentRow>) -> Result<Vec<Payment>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let allocations: Vec<AllocationRow> = payment_allocation::table
        .filter(payment_allocation::payment_id.eq_any(&ids))
        .order((payment_allocation::payment_id, payment_allocation::invoice_id))
        .select(AllocationRow::as_select())
        .load(connection)
        .await?;
    let of = |row: PaymentRow| Payment {
        allocations: allocations.iter().filter(|one| one.payment_id == row.id).cloned().collect(),
        row,
    };
    Ok(rows.into_iter().map(of).collect())
}
