//! The three-way match of invoices: tolerances of buyers, what an invoice is compared with, and what came of it.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Numeric, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{invoice, invoice_difference, invoice_line, invoice_match, invoice_tolerance};

/// What a buyer tolerates.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = invoice_tolerance, treat_none_as_default_value = false)]
pub struct ToleranceRow {
    pub buyer_id: Uuid,
    pub is_active: bool,
    pub price_percent: Decimal,
    pub quantity_percent: Decimal,
    pub amount: Decimal,
    pub currency: String,
    pub version: i64,
}

/// The match of an invoice, with the tolerances that counted as it arrived.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = invoice_match, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct MatchRow {
    pub invoice_id: Uuid,
    pub price_percent: Decimal,
    pub quantity_percent: Decimal,
    /// In the currency of the invoice.
    pub amount: Decimal,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<Timestamp>,
    pub reason: Option<String>,
}

/// What of a line is beyond the tolerance.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = invoice_difference)]
pub struct DifferenceRow {
    pub invoice_id: Uuid,
    pub invoice_line_id: Uuid,
    pub kind: String,
    pub expected: Decimal,
    pub found: Decimal,
}

/// What a line of a contract was ordered for, and how far it has come, in the unit in which it is billed.
#[derive(Debug, Clone, QueryableByName)]
pub struct ProgressRow {
    #[diesel(sql_type = SqlUuid)]
    pub contract_line_id: Uuid,
    #[diesel(sql_type = Numeric)]
    pub ordered: Decimal,
    /// In good order, without what went back. None of what is charged beside goods, such as freight, which is not received.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub received: Option<Decimal>,
    #[diesel(sql_type = Numeric)]
    pub unit_price: Decimal,
    #[diesel(sql_type = Numeric)]
    pub discount_percent: Decimal,
    /// On issued invoices, without what was credited.
    #[diesel(sql_type = Numeric)]
    pub invoiced: Decimal,
    /// Its amount, without tax.
    #[diesel(sql_type = Numeric)]
    pub invoiced_amount: Decimal,
    /// On how many of them.
    #[diesel(sql_type = BigInt)]
    pub parts: i64,
    /// At which prices it was received, where they follow what was measured. None of what is not graded, or was not received yet.
    #[diesel(sql_type = Nullable<Array<Numeric>>)]
    pub delivered_prices: Option<Vec<Decimal>>,
    /// What was received comes to at them, without what went back.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub received_value: Option<Decimal>,
}

pub async fn tolerance(connection: &mut Connection, of: OrganisationId) -> Result<Option<ToleranceRow>, Failure> {
    let query = invoice_tolerance::table.find(of.0).select(ToleranceRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// The version of a buyer's tolerances, held until the transaction ends; zero where it never had any.
pub async fn lock_version(tx: &mut Connection, of: OrganisationId) -> Result<i64, Failure> {
    use invoice_tolerance as t;
    let none = ToleranceRow {
        buyer_id: of.0,
        is_active: false,
        price_percent: Decimal::ZERO,
        quantity_percent: Decimal::ZERO,
        amount: Decimal::ZERO,
        currency: "EUR".to_owned(),
        version: 0,
    };
    diesel::insert_into(t::table).values(&none).on_conflict_do_nothing().execute(tx).await?;
    Ok(t::table.find(of.0).select(t::version).for_update().first(tx).await?)
}

/// Keeps the tolerances of a buyer, whose row is held.
pub async fn keep_tolerance(tx: &mut Connection, row: &ToleranceRow) -> Result<(), Failure> {
    diesel::update(invoice_tolerance::table.find(row.buyer_id)).set(row).execute(tx).await?;
    Ok(())
}

/// What lines of contracts are compared with.
pub async fn progress(tx: &mut Connection, lines: &[Uuid]) -> Result<Vec<ProgressRow>, Failure> {
    Ok(diesel::sql_query(
        "SELECT l.id AS contract_line_id,
             coalesce(w.nominal * l.quantity, l.quantity) AS ordered,
             CASE WHEN l.kind = 'goods' THEN coalesce(w.received - r.weight, l.received - r.quantity) END AS received,
             coalesce(w.unit_price, l.unit_price) AS unit_price, l.discount_percent,
             i.invoiced, i.invoiced_amount, i.parts, g.delivered_prices, g.received_value
         FROM contract_line l
         LEFT JOIN contract_line_weight w ON w.contract_line_id = l.id
         CROSS JOIN LATERAL (
             SELECT coalesce(sum(weight), 0) AS weight, coalesce(sum(restocked + written_off), 0) AS quantity
             FROM goods_return_line WHERE contract_line_id = l.id) r
         CROSS JOIN LATERAL (
             SELECT coalesce(sum(il.quantity - il.credited_quantity), 0) AS invoiced,
                 coalesce(sum(round(il.net * (il.quantity - il.credited_quantity) / il.quantity, 6)), 0) AS invoiced_amount,
                 count(*) AS parts
             FROM invoice_line il JOIN invoice v ON v.id = il.invoice_id
             WHERE il.contract_line_id = l.id AND v.kind = 'invoice' AND v.issued_at IS NOT NULL) i
         CROSS JOIN LATERAL (
             SELECT array_agg(DISTINCT unit_price) AS delivered_prices, sum(unit_price * (received - returned)) AS received_value
             FROM delivery_part WHERE contract_line_id = l.id) g
         WHERE l.id = ANY ($1)",
    )
    .bind::<Array<SqlUuid>, _>(lines)
    .load(tx)
    .await?)
}

/// The match of an invoice with its differences.
pub async fn find(connection: &Connection, invoice: Uuid) -> Result<Option<(MatchRow, Vec<DifferenceRow>)>, Failure> {
    let row = invoice_match::table.find(invoice).select(MatchRow::as_select());
    let Some(row): Option<MatchRow> = row.first(&mut &*connection).await.optional()? else { return Ok(None) };
    let differences = invoice_difference::table
        .filter(invoice_difference::invoice_id.eq(invoice))
        .order((invoice_difference::invoice_line_id, invoice_difference::kind))
        .select(DifferenceRow::as_select());
    Ok(Some((row, differences.load(&mut &*connection).await?)))
}

pub async fn insert(tx: &mut Connection, new: &MatchRow) -> Result<(), Failure> {
    diesel::insert_into(invoice_match::table).values(new).execute(tx).await?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &MatchRow) -> Result<(), Failure> {
    diesel::update(invoice_match::table.find(changed.invoice_id)).set(changed).execute(tx).await?;
    Ok(())
}

/// Keeps the differences of an invoice in place of those that were there.
pub async fn keep_differences(tx: &mut Connection, invoice: Uuid, rows: &[DifferenceRow]) -> Result<(), Failure> {
    let old = invoice_difference::table.filter(invoice_difference::invoice_id.eq(invoice));
    diesel::delete(old).execute(tx).await?;
    diesel::insert_into(invoice_difference::table).values(rows).execute(tx).await?;
    Ok(())
}

/// The other invoices over these lines of contracts that are not to be paid for now.
pub async fn held_over(tx: &mut Connection, lines: &[Uuid], but: Option<Uuid>) -> Result<Vec<Uuid>, Failure> {
    let query = invoice::table
        .inner_join(invoice_line::table.on(invoice_line::invoice_id.eq(invoice::id)))
        .filter(invoice_line::contract_line_id.eq_any(lines).and(invoice::id.ne(but.unwrap_or_default())))
        .filter(invoice::match_state.eq_any(["held", "disputed"]))
        .order(invoice::id)
        .select(invoice::id)
        .distinct();
    Ok(query.load(tx).await?)
}

#[derive(QueryableByName)]
struct Involved {
    #[diesel(sql_type = SqlUuid)]
    person: Uuid,
}

/// The people who ordered what these contracts are about, also of orders whose contracts are over, and who received it; for machines,
/// who made them.
pub async fn involved(connection: &mut Connection, contracts: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let found: Vec<Involved> = diesel::sql_query(
        "WITH RECURSIVE origin AS (
             SELECT o.id, o.split_from, o.backorder_of, o.created_by FROM purchase_order o
             JOIN contract c ON c.origin_kind = 'order' AND c.origin_id = o.id WHERE c.id = ANY ($1)
             UNION
             SELECT o.id, o.split_from, o.backorder_of, o.created_by FROM origin JOIN purchase_order o ON o.id = origin.backorder_of
         ), actor AS (
             SELECT created_by AS id FROM origin
             UNION SELECT received_by FROM delivery WHERE contract_id = ANY ($1) AND received_by IS NOT NULL
         )
         SELECT coalesce(machine.created_by, actor.id) AS person FROM actor LEFT JOIN api_client machine ON machine.id = actor.id
         UNION SELECT author.person_id FROM order_author author JOIN origin ON author.order_id IN (origin.id, origin.split_from)",
    )
    .bind::<Array<SqlUuid>, _>(contracts)
    .load(connection)
    .await?;
    Ok(found.into_iter().map(|one| one.person).collect())
}
