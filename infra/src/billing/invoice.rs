//! Invoices and credit notes with their lines and taxes, always for one of the two parties. Drafts are the seller's alone.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{ContractId, Date, InvoiceId, OrganisationId, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::lines::InsertLines;
use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::ordering::sight::{Sight, invoice_visible};
use crate::schema::{delivery, invoice, invoice_counter, invoice_line, invoice_tax};

/// An invoice or credit note without its lines.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = invoice, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct InvoiceRow {
    pub id: Uuid,
    /// `invoice` or `credit_note`.
    pub kind: String,
    pub number: Option<String>,
    pub contract_id: Uuid,
    /// The invoice that a credit note takes back.
    pub credits_id: Option<Uuid>,
    pub seller_id: Uuid,
    pub buyer_id: Uuid,
    pub bank_account_id: Option<Uuid>,
    pub state: String,
    pub currency: String,
    pub net: Decimal,
    pub tax: Decimal,
    pub gross: Decimal,
    pub paid: Decimal,
    pub credited: Decimal,
    pub issue_date: Option<Date>,
    pub due_date: Option<Date>,
    pub reason: Option<String>,
    pub document_id: Option<Uuid>,
    pub created_at: Timestamp,
    pub issued_at: Option<Timestamp>,
    pub version: i64,
}

/// A line of an invoice or credit note.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = invoice_line)]
pub struct InvoiceLineRow {
    pub id: Uuid,
    pub invoice_id: Uuid,
    pub position: i32,
    pub contract_line_id: Uuid,
    pub sku: Option<String>,
    pub name: Value,
    pub quantity: Decimal,
    pub unit: String,
    pub unit_price: Decimal,
    pub discount_percent: Decimal,
    pub tax_category: String,
    pub tax_rate: Decimal,
    pub net: Decimal,
    pub credited_quantity: Decimal,
}

/// The part of an invoice with one tax.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = invoice_tax, treat_none_as_default_value = false)]
pub struct InvoiceTaxRow {
    pub invoice_id: Uuid,
    pub tax_category: String,
    pub tax_rate: Decimal,
    pub base: Decimal,
    pub tax: Decimal,
}

/// An invoice with its lines by position and its taxes.
#[derive(Debug, Clone)]
pub struct Invoice {
    pub row: InvoiceRow,
    pub lines: Vec<InvoiceLineRow>,
    pub taxes: Vec<InvoiceTaxRow>,
}

pub async fn insert(tx: &Connection, new: &Invoice) -> Result<(), Failure> {
    diesel::insert_into(invoice::table).values(&new.row).execute(&mut &*tx).await?;
    let taxes = diesel::insert_into(invoice_tax::table).values(&new.taxes);
    futures::try_join!(InsertLines::new(&new.lines).execute(&mut &*tx), taxes.execute(&mut &*tx))?;
    Ok(())
}

/// Keeps the whole row of an invoice.
pub async fn update(tx: &Connection, changed: &InvoiceRow) -> Result<(), Failure> {
    diesel::update(invoice::table.find(changed.id)).set(changed).execute(&mut &*tx).await?;
    Ok(())
}

/// Names the published document of an invoice; the first one stays.
pub async fn publish(tx: &mut Connection, id: InvoiceId, document: Uuid) -> Result<(), Failure> {
    diesel::update(invoice::table.find(id.0).filter(invoice::document_id.is_null()))
        .set(invoice::document_id.eq(document))
        .execute(tx)
        .await?;
    Ok(())
}

/// An issued invoice, for the service itself.
pub async fn find_any(connection: &mut Connection, id: InvoiceId) -> Result<Option<Invoice>, Failure> {
    let row = invoice::table.find(id.0).select(InvoiceRow::as_select()).first(connection).await.optional()?;
    complete(connection, row).await
}

/// Keeps how much of each line was credited.
pub async fn update_credited(tx: &mut Connection, changed: &[InvoiceLineRow]) -> Result<(), Failure> {
    for line in changed {
        diesel::update(invoice_line::table.find(line.id))
            .set(invoice_line::credited_quantity.eq(line.credited_quantity))
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Deletes a draft: it has no number, and nothing refers to it.
pub async fn delete_draft(tx: &mut Connection, id: InvoiceId) -> Result<(), Failure> {
    diesel::delete(invoice_tax::table.filter(invoice_tax::invoice_id.eq(id.0))).execute(tx).await?;
    diesel::delete(invoice_line::table.filter(invoice_line::invoice_id.eq(id.0))).execute(tx).await?;
    diesel::delete(invoice::table.filter(invoice::id.eq(id.0).and(invoice::state.eq("draft")))).execute(tx).await?;
    Ok(())
}

/// Takes the next number of a seller's series in a year. The counter is held until the transaction ends, so that the
/// numbers that are given have no gaps.
pub async fn next_in_series(
    tx: &mut Connection,
    seller: OrganisationId,
    series: &str,
    year: i32,
) -> Result<i32, Failure> {
    use invoice_counter as c;
    let taken = diesel::insert_into(c::table)
        .values((c::seller_id.eq(seller.0), c::series.eq(series), c::year.eq(year), c::last.eq(1)))
        .on_conflict((c::seller_id, c::series, c::year))
        .do_update()
        .set(c::last.eq(c::last + 1))
        .returning(c::last);
    Ok(taken.get_result(tx).await?)
}

/// An invoice that this organisation sees: the seller its own, the buyer those that were issued to it.
pub async fn find(connection: &mut Connection, by: OrganisationId, id: InvoiceId) -> Result<Option<Invoice>, Failure> {
    let seen = invoice::seller_id.eq(by.0).or(invoice::buyer_id.eq(by.0).and(invoice::state.ne("draft")));
    let query = invoice::table.filter(invoice::id.eq(id.0).and(seen)).select(InvoiceRow::as_select());
    let row = query.first(connection).await.optional()?;
    complete(connection, row).await
}

/// An invoice of this seller, held until the transaction ends.
pub async fn lock(tx: &mut Connection, seller: OrganisationId, id: InvoiceId) -> Result<Option<Invoice>, Failure> {
    let query = invoice::table
        .filter(invoice::id.eq(id.0).and(invoice::seller_id.eq(seller.0)))
        .select(InvoiceRow::as_select())
        .for_update();
    let row = query.first(tx).await.optional()?;
    complete(tx, row).await
}

/// [`lock`] for the service itself.
pub async fn lock_any(tx: &mut Connection, id: InvoiceId) -> Result<Option<Invoice>, Failure> {
    let query = invoice::table.find(id.0).select(InvoiceRow::as_select()).for_update();
    let row = query.first(tx).await.optional()?;
    complete(tx, row).await
}

async fn complete(connection: &mut Connection, row: Option<InvoiceRow>) -> Result<Option<Invoice>, Failure> {
    let Some(row) = row else { return Ok(None) };
    let connection = &*connection;
    let lines = invoice_line::table
        .filter(invoice_line::invoice_id.eq(row.id))
        .order(invoice_line::position)
        .select(InvoiceLineRow::as_select());
    let taxes = invoice_tax::table
        .filter(invoice_tax::invoice_id.eq(row.id))
        .order((invoice_tax::tax_category, invoice_tax::tax_rate))
        .select(InvoiceTaxRow::as_select());
    let (lines, taxes) = futures::try_join!(lines.load(&mut &*connection), taxes.load(&mut &*connection))?;
    Ok(Some(Invoice { row, lines, taxes }))
}

/// Which invoices are looked for.
#[derive(Debug, Default)]
pub struct Search<'a> {
    pub as_buyer: Option<bool>,
    pub state: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub contract: Option<ContractId>,
    /// Only those due before this day.
    pub due_before: Option<Date>,
    /// What the reader sees of the orders that their company places; none where it is all.
    pub sight: Option<&'a Sight>,
}

/// The invoices that an organisation sees, newest first.
pub async fn list(
    connection: &mut Connection,
    by: OrganisationId,
    search: &Search<'_>,
    page: &Page,
) -> Result<List<InvoiceRow>, Failure> {
    let mut query =
        invoice::table.order(invoice::id.desc()).limit(page.rows()).select(InvoiceRow::as_select()).into_boxed();
    let issued_to = invoice::buyer_id.eq(by.0).and(invoice::state.ne("draft"));
    query = match search.as_buyer {
        Some(true) => query.filter(issued_to),
        Some(false) => query.filter(invoice::seller_id.eq(by.0)),
        None => query.filter(invoice::seller_id.eq(by.0).or(issued_to)),
    };
    if let Some(state) = search.state {
        query = query.filter(invoice::state.eq(state.to_owned()));
    }
    if let Some(kind) = search.kind {
        query = query.filter(invoice::kind.eq(kind.to_owned()));
    }
    if let Some(contract) = search.contract {
        query = query.filter(invoice::contract_id.eq(contract.0));
    }
    if let Some(sight) = search.sight {
        query = query.filter(invoice_visible(sight));
    }
    if let Some(day) = search.due_before {
        query = query.filter(invoice::due_date.lt(day));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(invoice::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &InvoiceRow| row.id))
}

/// Invoices of a seller to a buyer, held until the transaction ends, in the order of their ids so that two payments never
/// wait for each other in a circle: those named, or without names the open ones of the currency.
pub async fn lock_between(
    tx: &mut Connection,
    seller: OrganisationId,
    buyer: OrganisationId,
    named: Option<&[Uuid]>,
    currency: &str,
) -> Result<Vec<InvoiceRow>, Failure> {
    let between = invoice::table
        .filter(invoice::seller_id.eq(seller.0).and(invoice::buyer_id.eq(buyer.0)))
        .filter(invoice::kind.eq("invoice").and(invoice::state.ne("draft")))
        .order(invoice::id)
        .select(InvoiceRow::as_select());
    let found = match named {
        Some(ids) => between.filter(invoice::id.eq_any(ids)).for_update().load(tx).await?,
        None => {
            let open = invoice::state.eq_any(["issued", "partly_paid"]).and(invoice::currency.eq(currency));
            between.filter(open).for_update().load(tx).await?
        }
    };
    Ok(found)
}

/// When the goods of these contract lines last arrived.
pub async fn delivered_at(connection: &mut Connection, contract: ContractId) -> Result<Option<Timestamp>, Failure> {
    let query = delivery::table.filter(delivery::contract_id.eq(contract.0));
    Ok(query.select(diesel::dsl::max(delivery::received_at)).first(connection).await?)
}

/// What is invoiced of a contract's lines in all, without tax and without what was credited.
pub async fn net_of_lines(
    connection: &mut Connection,
    contract: ContractId,
) -> Result<HashMap<Uuid, Decimal>, Failure> {
    let query = invoice_line::table
        .inner_join(invoice::table.on(invoice::id.eq(invoice_line::invoice_id)))
        .filter(invoice::contract_id.eq(contract.0))
        .select((invoice_line::contract_line_id, invoice::kind, invoice_line::net));
    let rows: Vec<(Uuid, String, Decimal)> = query.load(connection).await?;
    let mut sums = HashMap::new();
    for (line, kind, net) in rows {
        *sums.entry(line).or_insert(Decimal::ZERO) += if kind == "credit_note" { -net } else { net };
    }
    Ok(sums)
}
