//! Dunning: the levels of sellers, and the notices about their invoices.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Date, OrganisationId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{dunning_level, dunning_notice, dunning_policy, invoice, member, person};

/// A level of a seller.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dunning_level, treat_none_as_default_value = false)]
pub struct LevelRow {
    pub seller_id: Uuid,
    pub level: i32,
    /// After the due date.
    pub days: i32,
    pub fee: Option<Decimal>,
    /// Of the fee.
    pub currency: Option<String>,
    pub text: String,
}

/// What a buyer was reminded of.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dunning_notice, treat_none_as_default_value = false)]
pub struct NoticeRow {
    pub id: Uuid,
    pub invoice_id: Uuid,
    pub level: i32,
    /// In the currency of the invoice.
    pub fee: Option<Decimal>,
    pub text: String,
    pub at: Timestamp,
}

/// The levels of a seller, first to last.
pub async fn levels(connection: &mut Connection, of: OrganisationId) -> Result<Vec<LevelRow>, Failure> {
    let query = dunning_level::table.filter(dunning_level::seller_id.eq(of.0)).order(dunning_level::level);
    Ok(query.select(LevelRow::as_select()).load(connection).await?)
}

/// The version of a seller's levels; zero where it never had any.
pub async fn version(connection: &mut Connection, of: OrganisationId) -> Result<i64, Failure> {
    let query = dunning_policy::table.find(of.0).select(dunning_policy::version);
    Ok(query.first(connection).await.optional()?.unwrap_or(0))
}

/// [`version`], held until the transaction ends.
pub async fn lock_version(tx: &mut Connection, of: OrganisationId) -> Result<i64, Failure> {
    use dunning_policy as p;
    let new = (p::seller_id.eq(of.0), p::version.eq(0));
    diesel::insert_into(p::table).values(new).on_conflict_do_nothing().execute(tx).await?;
    Ok(p::table.find(of.0).select(p::version).for_update().first(tx).await?)
}

/// Replaces the levels of a seller.
pub async fn keep(tx: &mut Connection, of: OrganisationId, version: i64, levels: &[LevelRow]) -> Result<(), Failure> {
    let policy = diesel::update(dunning_policy::table.find(of.0)).set(dunning_policy::version.eq(version));
    policy.execute(tx).await?;
    diesel::delete(dunning_level::table.filter(dunning_level::seller_id.eq(of.0))).execute(tx).await?;
    diesel::insert_into(dunning_level::table).values(levels).execute(tx).await?;
    Ok(())
}

/// The unpaid invoices of a seller: when each is due, and the last level that was reached.
pub async fn open_invoices(tx: &mut Connection, of: OrganisationId) -> Result<Vec<(Uuid, Date, i32)>, Failure> {
    let last = dunning_notice::table
        .filter(dunning_notice::invoice_id.eq(invoice::id))
        .select(diesel::dsl::max(dunning_notice::level))
        .single_value();
    let query = invoice::table
        .filter(invoice::seller_id.eq(of.0).and(invoice::kind.eq("invoice")))
        .filter(invoice::state.eq_any(["issued", "partly_paid"]))
        .order(invoice::id)
        .select((invoice::id, invoice::due_date, last));
    let found: Vec<(Uuid, Option<Date>, Option<i32>)> = query.load(tx).await?;
    Ok(found.into_iter().filter_map(|(id, due, last)| Some((id, due?, last.unwrap_or(0)))).collect())
}

/// The notices about an invoice, first to last.
pub async fn notices(connection: &Connection, invoice: Uuid) -> Result<Vec<NoticeRow>, Failure> {
    let query = dunning_notice::table.filter(dunning_notice::invoice_id.eq(invoice)).order(dunning_notice::level);
    Ok(query.select(NoticeRow::as_select()).load(&mut &*connection).await?)
}

pub async fn insert(tx: &mut Connection, new: &NoticeRow) -> Result<(), Failure> {
    diesel::insert_into(dunning_notice::table).values(new).execute(tx).await?;
    Ok(())
}

/// The addresses of those who see to an organisation's money.
pub async fn recipients(connection: &mut Connection, of: OrganisationId) -> Result<Vec<String>, Failure> {
    let query = member::table
        .inner_join(person::table.on(person::id.eq(member::person_id)))
        .filter(member::organisation_id.eq(of.0))
        .filter(member::roles.overlaps_with(vec!["owner".to_owned(), "finance".to_owned()]))
        .filter(person::disabled_at.is_null().and(person::erased_at.is_null()))
        .order(person::email)
        .select(person::email);
    Ok(query.load(connection).await?)
}
