//! Credit lines, and the ledger of what binds them.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Numeric, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::contract::weight::invoiced_quantity;
use domain::kernel::{CreditLineId, Currency, Kind, OrganisationId, Refusal, Timestamp, UnitPrice};
use domain::ordering::credit::BoundLine;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{contract, credit_entry, credit_line, invoice, order_line, purchase_order};

/// What a seller gives a buyer in one currency.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = credit_line, treat_none_as_default_value = false)]
pub struct CreditLineRow {
    pub id: Uuid,
    pub seller_id: Uuid,
    pub buyer_id: Uuid,
    pub currency: String,
    /// None is no limit.
    pub credit_limit: Option<Decimal>,
    pub payment_days: i32,
    pub state: String,
    pub exposure: Decimal,
    pub version: i64,
    pub created_at: Timestamp,
}

/// An entry of the ledger.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = credit_entry)]
pub struct CreditEntryRow {
    pub id: Uuid,
    pub credit_line_id: Uuid,
    /// What happened: `opening`, `placed`, `confirmed`, `ended`, `invoiced`, `paid`, `credited` …
    pub kind: String,
    /// What binds the credit, such as `order` or `invoice`.
    pub source_kind: String,
    pub source_id: Uuid,
    pub amount: Decimal,
    pub at: Timestamp,
}

/// What binds credit, and how much of it.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'a> {
    pub kind: &'a str,
    pub source_kind: &'a str,
    pub source_id: Uuid,
    /// In all, not more or less than before.
    pub amount: Decimal,
}

/// Holds the credit that a buyer is given, whoever gives it: nobody begins a line meanwhile. Until the transaction ends.
pub async fn hold_buyer_shared(tx: &Connection, buyer: OrganisationId) -> Result<(), Failure> {
    diesel::select(pg_advisory_xact_lock_shared(key(buyer))).execute(&mut &*tx).await?;
    Ok(())
}

/// Holds the credit that a buyer is given for a new line: waits for all that binds some of it. Until the transaction ends.
pub async fn hold_buyer(tx: &mut Connection, buyer: OrganisationId) -> Result<(), Failure> {
    diesel::select(pg_advisory_xact_lock(key(buyer))).execute(tx).await?;
    Ok(())
}

diesel::define_sql_function! {
    /// Waits for the lock and holds it until the transaction ends.
    fn pg_advisory_xact_lock(key: diesel::sql_types::BigInt);
}

diesel::define_sql_function! {
    /// The same beside others who hold it like this.
    fn pg_advisory_xact_lock_shared(key: diesel::sql_types::BigInt);
}

/// The key of the lock: the random half of the id.
fn key(buyer: OrganisationId) -> i64 {
    i64::from_be_bytes(buyer.0.as_u64_pair().1.to_be_bytes())
}

/// Keeps a new line. Refuses a second one of the same relation and currency.
pub async fn insert(tx: &mut Connection, new: &CreditLineRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(credit_line::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "credit_line_relation_key", || {
        Refusal::new(Kind::AlreadyExists, "You give this buyer credit in this currency already.")
    })?;
    Ok(())
}

/// Keeps limit, terms and state of a line that is held.
pub async fn update(tx: &mut Connection, changed: &CreditLineRow) -> Result<(), Failure> {
    diesel::update(credit_line::table.find(changed.id))
        .set((
            credit_line::credit_limit.eq(changed.credit_limit),
            credit_line::payment_days.eq(changed.payment_days),
            credit_line::state.eq(&changed.state),
            credit_line::version.eq(changed.version),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// A line, for one of its two sides.
pub async fn find(
    connection: &mut Connection,
    by: OrganisationId,
    id: CreditLineId,
) -> Result<Option<CreditLineRow>, Failure> {
    let query = credit_line::table
        .filter(credit_line::id.eq(id.0))
        .filter(credit_line::seller_id.eq(by.0).or(credit_line::buyer_id.eq(by.0)))
        .select(CreditLineRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// A seller's line, held until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    seller: OrganisationId,
    id: CreditLineId,
) -> Result<Option<CreditLineRow>, Failure> {
    let query = credit_line::table
        .filter(credit_line::id.eq(id.0).and(credit_line::seller_id.eq(seller.0)))
        .select(CreditLineRow::as_select())
        .for_no_key_update();
    Ok(query.first(tx).await.optional()?)
}

/// The line of a relation in a currency, held until the transaction ends: who binds credit waits for all who do.
pub async fn lock_between(
    tx: &mut Connection,
    seller: Uuid,
    buyer: Uuid,
    currency: &str,
) -> Result<Option<CreditLineRow>, Failure> {
    let query = credit_line::table
        .filter(credit_line::seller_id.eq(seller).and(credit_line::buyer_id.eq(buyer)))
        .filter(credit_line::currency.eq(currency))
        .select(CreditLineRow::as_select())
        .for_no_key_update();
    Ok(query.first(tx).await.optional()?)
}

/// Whether a seller gives a buyer credit in any currency.
pub async fn is_given(connection: &mut Connection, seller: Uuid, buyer: Uuid) -> Result<bool, Failure> {
    let given = credit_line::table.filter(credit_line::seller_id.eq(seller).and(credit_line::buyer_id.eq(buyer)));
    Ok(diesel::select(diesel::dsl::exists(given)).get_result(connection).await?)
}

/// The lines of an organisation on one side, oldest first.
pub async fn list(
    connection: &mut Connection,
    by: OrganisationId,
    as_buyer: bool,
    buyer: Option<Uuid>,
    page: &Page,
) -> Result<List<CreditLineRow>, Failure> {
    let mut query =
        credit_line::table.order(credit_line::id).limit(page.rows()).select(CreditLineRow::as_select()).into_boxed();
    query = if as_buyer {
        query.filter(credit_line::buyer_id.eq(by.0))
    } else {
        query.filter(credit_line::seller_id.eq(by.0))
    };
    if let Some(buyer) = buyer {
        query = query.filter(credit_line::buyer_id.eq(buyer));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(credit_line::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &CreditLineRow| row.id))
}

/// The entries of a line, newest first.
pub async fn entries(connection: &mut Connection, of: Uuid, page: &Page) -> Result<List<CreditEntryRow>, Failure> {
    let mut query = credit_entry::table
        .filter(credit_entry::credit_line_id.eq(of))
        .order(credit_entry::id.desc())
        .limit(page.rows())
        .select(CreditEntryRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(credit_entry::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &CreditEntryRow| row.id))
}

/// Notes how much something binds of a line that is held; nothing where it is as much as before.
pub async fn bind(
    tx: &mut Connection,
    line: &CreditLineRow,
    id: Uuid,
    bound: Bound<'_>,
    at: Timestamp,
) -> Result<(), Failure> {
    let before: Option<Decimal> = credit_entry::table
        .filter(credit_entry::source_id.eq(bound.source_id).and(credit_entry::credit_line_id.eq(line.id)))
        .select(diesel::dsl::sum(credit_entry::amount))
        .first(tx)
        .await?;
    let more = bound.amount - before.unwrap_or_default();
    if more.is_zero() {
        return Ok(());
    }
    let entry = CreditEntryRow {
        id,
        credit_line_id: line.id,
        kind: bound.kind.to_owned(),
        source_kind: bound.source_kind.to_owned(),
        source_id: bound.source_id,
        amount: more,
        at,
    };
    diesel::insert_into(credit_entry::table).values(&entry).execute(tx).await?;
    diesel::update(credit_line::table.find(line.id))
        .set(credit_line::exposure.eq(credit_line::exposure + more))
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes what is bound of a line that begins, where nothing was bound before. Each has a source of its own and an amount.
pub async fn open(tx: &mut Connection, line: &CreditLineRow, entries: &[CreditEntryRow]) -> Result<(), Failure> {
    for part in entries.chunks(1000) {
        diesel::insert_into(credit_entry::table).values(part).execute(tx).await?;
    }
    let sum: Decimal = entries.iter().map(|entry| entry.amount).sum();
    diesel::update(credit_line::table.find(line.id)).set(credit_line::exposure.eq(sum)).execute(tx).await?;
    Ok(())
}

/// Marks an order as over the credit, or as released.
pub async fn set_hold(tx: &mut Connection, order: Uuid, held: bool) -> Result<(), Failure> {
    diesel::update(purchase_order::table.find(order)).set(purchase_order::credit_hold.eq(held)).execute(tx).await?;
    Ok(())
}

/// The states of a contract in which its order binds nothing any more.
const OVER: [&str; 3] = ["closed", "cancelled", "terminated"];

/// The order that a contract was made of which is not over.
pub async fn order_of_contract(connection: &mut Connection, id: Uuid) -> Result<Option<Uuid>, Failure> {
    let query = contract::table
        .filter(contract::id.eq(id).and(contract::origin_kind.eq("order")).and(contract::state.ne_all(OVER)))
        .select(contract::origin_id);
    Ok(query.first(connection).await.optional()?)
}

#[derive(QueryableByName)]
struct LineRow {
    #[diesel(sql_type = Numeric)]
    quantity: Decimal,
    #[diesel(sql_type = Numeric)]
    unit_price: Decimal,
    #[diesel(sql_type = Numeric)]
    discount_percent: Decimal,
    #[diesel(sql_type = Numeric)]
    tax_rate: Decimal,
    #[diesel(sql_type = Numeric)]
    received: Decimal,
    #[diesel(sql_type = Numeric)]
    invoiced: Decimal,
    #[diesel(sql_type = Nullable<Numeric>)]
    weight_received: Option<Decimal>,
    #[diesel(sql_type = Nullable<Numeric>)]
    weight_invoiced: Option<Decimal>,
    /// In the unit in which it is billed.
    #[diesel(sql_type = Numeric)]
    drafted: Decimal,
}

/// The lines of a contract, as far as its order binds them still. What is on drafts is not invoiced yet.
pub async fn bound_lines(
    connection: &mut Connection,
    contract: Uuid,
    currency: Currency,
) -> Result<Vec<BoundLine>, Failure> {
    let rows: Vec<LineRow> = diesel::sql_query(
        "SELECT l.quantity, l.unit_price, l.discount_percent, l.tax_rate, l.received, l.invoiced,
             w.received AS weight_received, w.invoiced AS weight_invoiced,
             coalesce((SELECT sum(i.quantity) FROM invoice_line i JOIN invoice v ON v.id = i.invoice_id
                 WHERE i.contract_line_id = l.id AND v.state = 'draft'), 0) AS drafted
         FROM contract_line l LEFT JOIN contract_line_weight w ON w.contract_line_id = l.id
         WHERE l.contract_id = $1",
    )
    .bind::<SqlUuid, _>(contract)
    .load(connection)
    .await?;
    let bound = |row: LineRow| {
        Ok(BoundLine {
            quantity: row.quantity,
            invoiced: match row.weight_received.zip(row.weight_invoiced) {
                Some((received, invoiced)) => invoiced_quantity(row.received, received, invoiced - row.drafted),
                None => row.invoiced - row.drafted,
            },
            unit_price: UnitPrice::new(row.unit_price, currency)?,
            discount_percent: row.discount_percent,
            tax_rate: row.tax_rate,
        })
    };
    rows.into_iter().map(bound).collect()
}

/// The open orders of a relation, each with its contract: for a line that begins.
pub async fn open_orders(
    connection: &mut Connection,
    seller: Uuid,
    buyer: Uuid,
    currency: &str,
) -> Result<Vec<(Uuid, Option<Uuid>)>, Failure> {
    let over = contract::table
        .filter(contract::id.nullable().eq(purchase_order::contract_id).and(contract::state.eq_any(OVER)));
    let query = purchase_order::table
        .filter(purchase_order::seller_id.eq(seller).and(purchase_order::buyer_id.eq(buyer)))
        .filter(purchase_order::currency.eq(currency))
        .filter(purchase_order::state.eq_any([
            "placed",
            "confirmation_proposed",
            "confirmation_in_approval",
            "confirmed",
            "partly_confirmed",
        ]))
        .filter(diesel::dsl::not(diesel::dsl::exists(over)))
        .order(purchase_order::id)
        .select((purchase_order::id, purchase_order::contract_id));
    Ok(query.load(connection).await?)
}

/// The amounts of an order's lines with their tax rates, and its freight.
pub async fn amounts(connection: &mut Connection, order: Uuid) -> Result<(Vec<(Decimal, Decimal)>, Decimal), Failure> {
    let lines = order_line::table
        .filter(order_line::order_id.eq(order))
        .select((order_line::amount, order_line::tax_rate))
        .load(connection)
        .await?;
    let freight = purchase_order::table.find(order).select(purchase_order::freight).first(connection).await?;
    Ok((lines, freight))
}

/// What is open of the issued invoices of a relation, of those of which anything is.
pub async fn open_invoices(
    connection: &mut Connection,
    seller: Uuid,
    buyer: Uuid,
    currency: &str,
) -> Result<Vec<(Uuid, Decimal)>, Failure> {
    let query = invoice::table
        .filter(invoice::seller_id.eq(seller).and(invoice::buyer_id.eq(buyer)))
        .filter(invoice::currency.eq(currency).and(invoice::kind.eq("invoice")))
        .filter(invoice::issued_at.is_not_null())
        .filter((invoice::gross - invoice::paid - invoice::credited).gt(Decimal::ZERO))
        .order(invoice::id)
        .select((invoice::id, invoice::gross - invoice::paid - invoice::credited));
    Ok(query.load(connection).await?)
}
