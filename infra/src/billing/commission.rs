//! The operator's commission: terms of portals, what was fixed with sales, and statements by the month.

use diesel::prelude::*;
use diesel::sql_types::{Array, Numeric, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{CommissionStatementId, Date, OrganisationId, PortalId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{category, commission, commission_entry, commission_rate, commission_statement, commission_terms};

/// Who bills a portal's commission, with which tax.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = commission_terms)]
pub struct TermsRow {
    pub portal_id: Uuid,
    pub billed_by: Uuid,
    pub tax_category: String,
    pub tax_rate: Decimal,
    pub version: i64,
}

/// The rate of a category and those below it, or without one of everything else.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = commission_rate, treat_none_as_default_value = false)]
pub struct RateRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub category_id: Option<Uuid>,
    pub percent: Decimal,
}

/// The commission of a line that was sold.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = commission)]
pub struct CommissionRow {
    pub contract_line_id: Uuid,
    pub portal_id: Uuid,
    pub seller_id: Uuid,
    pub billed_by: Uuid,
    pub currency: String,
    pub tax_category: String,
    pub tax_rate: Decimal,
    pub percent: Decimal,
    pub net: Decimal,
    pub charged: Decimal,
}

/// What a seller is charged in a month.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = commission_statement, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct StatementRow {
    pub id: Uuid,
    pub seller_id: Uuid,
    pub billed_by: Uuid,
    pub currency: String,
    /// Its first day.
    pub month: Date,
    pub state: String,
    pub number: Option<String>,
    pub net: Decimal,
    pub tax: Decimal,
    pub gross: Decimal,
    pub created_at: Timestamp,
    pub issued_at: Option<Timestamp>,
    pub version: i64,
}

/// What was charged or given back for a line of an invoice or credit note.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = commission_entry)]
pub struct EntryRow {
    pub id: Uuid,
    pub statement_id: Uuid,
    pub contract_line_id: Uuid,
    pub invoice_id: Uuid,
    pub amount: Decimal,
    pub at: Timestamp,
}

/// The terms of a portal with its rates.
pub async fn terms(connection: &mut Connection, of: PortalId) -> Result<Option<(TermsRow, Vec<RateRow>)>, Failure> {
    let query = commission_terms::table.find(of.0).select(TermsRow::as_select());
    let Some(row): Option<TermsRow> = query.first(connection).await.optional()? else { return Ok(None) };
    let rates = commission_rate::table
        .filter(commission_rate::portal_id.eq(of.0))
        .order(commission_rate::id)
        .select(RateRow::as_select());
    Ok(Some((row, rates.load(connection).await?)))
}

/// Keeps the terms of a portal and replaces its rates. What was sold keeps its own.
pub async fn keep_terms(tx: &mut Connection, row: &TermsRow, rates: &[RateRow]) -> Result<(), Failure> {
    let insert = diesel::insert_into(commission_terms::table).values(row);
    insert.on_conflict(commission_terms::portal_id).do_update().set(row).execute(tx).await?;
    let of_portal = commission_rate::table.filter(commission_rate::portal_id.eq(row.portal_id));
    diesel::delete(of_portal).execute(tx).await?;
    diesel::insert_into(commission_rate::table).values(rates).execute(tx).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    product_id: Uuid,
    #[diesel(sql_type = Numeric)]
    percent: Decimal,
}

/// The rates of products on a portal: that of the nearest category, from the product's own upwards, or else the portal's.
pub async fn rates(tx: &mut Connection, portal: Uuid, products: &[Uuid]) -> Result<Vec<(Uuid, Decimal)>, Failure> {
    let found: Vec<Found> = diesel::sql_query(
        "WITH RECURSIVE above AS (
             SELECT id AS product_id, category_id, 0 AS depth FROM product WHERE id = ANY ($2)
             UNION ALL
             SELECT above.product_id, category.parent_id, above.depth + 1
             FROM above JOIN category ON category.id = above.category_id
         )
         SELECT DISTINCT ON (above.product_id) above.product_id, rate.percent
         FROM above JOIN commission_rate rate
             ON rate.portal_id = $1 AND rate.category_id IS NOT DISTINCT FROM above.category_id
         ORDER BY above.product_id, above.depth",
    )
    .bind::<SqlUuid, _>(portal)
    .bind::<Array<SqlUuid>, _>(products)
    .load(tx)
    .await?;
    Ok(found.into_iter().map(|one| (one.product_id, one.percent)).collect())
}

/// Those of these categories that there are.
pub async fn known_categories(connection: &mut Connection, named: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let query = category::table.filter(category::id.eq_any(named)).select(category::id);
    Ok(query.load(connection).await?)
}

pub async fn insert(tx: &mut Connection, new: &[CommissionRow]) -> Result<(), Failure> {
    diesel::insert_into(commission::table).values(new).execute(tx).await?;
    Ok(())
}

/// The commission of these lines, held until the transaction ends.
pub async fn lock(tx: &mut Connection, lines: &[Uuid]) -> Result<Vec<CommissionRow>, Failure> {
    let query = commission::table
        .filter(commission::contract_line_id.eq_any(lines))
        .order(commission::contract_line_id)
        .select(CommissionRow::as_select())
        .for_update();
    Ok(query.load(tx).await?)
}

pub async fn update(tx: &Connection, changed: &CommissionRow) -> Result<(), Failure> {
    diesel::update(commission::table.find(changed.contract_line_id))
        .set((commission::net.eq(changed.net), commission::charged.eq(changed.charged)))
        .execute(&mut &*tx)
        .await?;
    Ok(())
}

pub async fn insert_entry(tx: &Connection, new: &EntryRow) -> Result<(), Failure> {
    diesel::insert_into(commission_entry::table).values(new).execute(&mut &*tx).await?;
    Ok(())
}

/// The statement of a seller for a month, held until the transaction ends; made if there is none. The flag says whether it was.
pub async fn open_statement(tx: &mut Connection, new: &StatementRow) -> Result<(StatementRow, bool), Failure> {
    use commission_statement as s;
    let made = diesel::insert_into(s::table).values(new).on_conflict_do_nothing().execute(tx).await?;
    let same = s::seller_id.eq(new.seller_id).and(s::billed_by.eq(new.billed_by));
    let query = s::table
        .filter(same.and(s::currency.eq(&new.currency)).and(s::month.eq(new.month)))
        .select(StatementRow::as_select())
        .for_update();
    Ok((query.first(tx).await?, made > 0))
}

/// A statement, whoever's it is, held until the transaction ends: for timers.
pub async fn lock_statement(tx: &mut Connection, id: CommissionStatementId) -> Result<Option<StatementRow>, Failure> {
    let query = commission_statement::table.find(id.0).select(StatementRow::as_select()).for_update();
    Ok(query.first(tx).await.optional()?)
}

pub async fn update_statement(tx: &mut Connection, changed: &StatementRow) -> Result<(), Failure> {
    diesel::update(commission_statement::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// What a statement consists of, with the tax of each entry.
pub async fn entries(connection: &mut Connection, of: Uuid) -> Result<Vec<(EntryRow, String, Decimal)>, Failure> {
    let query = commission_entry::table
        .inner_join(commission::table.on(commission::contract_line_id.eq(commission_entry::contract_line_id)))
        .filter(commission_entry::statement_id.eq(of))
        .order(commission_entry::id)
        .select((EntryRow::as_select(), commission::tax_category, commission::tax_rate));
    Ok(query.load(connection).await?)
}

/// A statement of this organisation, as the seller or as the one that bills.
pub async fn find_statement(
    connection: &mut Connection,
    by: OrganisationId,
    id: CommissionStatementId,
) -> Result<Option<StatementRow>, Failure> {
    use commission_statement as s;
    let query = s::table
        .filter(s::id.eq(id.0).and(s::seller_id.eq(by.0).or(s::billed_by.eq(by.0))))
        .select(StatementRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// The statements of an organisation, newest first.
pub async fn statements(
    connection: &mut Connection,
    by: OrganisationId,
    page: &Page,
) -> Result<List<StatementRow>, Failure> {
    use commission_statement as s;
    let mut query = s::table
        .filter(s::seller_id.eq(by.0).or(s::billed_by.eq(by.0)))
        .order(s::id.desc())
        .limit(page.rows())
        .select(StatementRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(s::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &StatementRow| row.id))
}
