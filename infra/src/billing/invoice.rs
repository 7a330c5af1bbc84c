//! Invoices and credit notes with their lines and taxes, always for one of the two parties. Drafts are the seller's alone.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{BankAccountId, ContractId, Date, InvoiceId, OrganisationId, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::dunning::{self, NoticeRow};
use super::lines::InsertLines;
use super::three_way::{self, DifferenceRow, MatchRow};
use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::ordering::sight::{Sight, invoice_visible};
use crate::schema::{contract_line, delivery, invoice, invoice_counter, invoice_line, invoice_tax};

/// An invoice or credit note without its lines.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = invoice, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct InvoiceRow {
    pub id: Uuid,
    /// `invoice` or `credit_note`.
    pub kind: String,
    pub number: Option<String>,
    /// None of one over several contracts.
    pub contract_id: Option<Uuid>,
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
    /// Where the match with order and receipt stands; none where the buyer does not match.
    pub match_state: Option<String>,
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
    /// The contracts whose lines it holds.
    pub contracts: Vec<Uuid>,
    /// Reminders of it.
    pub notices: Vec<NoticeRow>,
    /// Its match with order and receipt, and the differences.
    pub matching: Option<(MatchRow, Vec<DifferenceRow>)>,
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

/// Deletes a draft: it has no number, and nothing but the deliveries it holds refers to it.
pub async fn delete_draft(tx: &mut Connection, id: InvoiceId) -> Result<(), Failure> {
    free_deliveries(tx, id.0).await?;
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

/// An issued invoice to this buyer, held until the transaction ends.
pub async fn lock_issued_to(
    tx: &mut Connection,
    buyer: OrganisationId,
    id: InvoiceId,
) -> Result<Option<Invoice>, Failure> {
    let query = invoice::table
        .filter(invoice::id.eq(id.0).and(invoice::buyer_id.eq(buyer.0)).and(invoice::state.ne("draft")))
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
    let lines = async { Ok(lines.load(&mut &*connection).await?) };
    let taxes = async { Ok(taxes.load(&mut &*connection).await?) };
    let (contracts, notices) = (contracts(connection, row.id), dunning::notices(connection, row.id));
    let matching = async {
        match &row.match_state {
            Some(_) => three_way::find(connection, row.id).await,
            None => Ok(None),
        }
    };
    let (lines, taxes, contracts, notices, matching) = futures::try_join!(lines, taxes, contracts, notices, matching)?;
    Ok(Some(Invoice { row, lines, taxes, contracts, notices, matching }))
}

/// The contracts whose lines an invoice holds, first to last.
pub async fn contracts(connection: &Connection, of: Uuid) -> Result<Vec<Uuid>, Failure> {
    let query = invoice_line::table
        .inner_join(contract_line::table.on(contract_line::id.eq(invoice_line::contract_line_id)))
        .filter(invoice_line::invoice_id.eq(of))
        .order(contract_line::contract_id)
        .select(contract_line::contract_id)
        .distinct();
    Ok(query.load(&mut &*connection).await?)
}

/// Notes which deliveries an invoice holds: the one named, or all of its contracts that arrived and no other invoice holds.
pub async fn hold_deliveries(tx: &Connection, of: &Invoice, only: Option<Uuid>) -> Result<(), Failure> {
    let arrived = delivery::table
        .filter(delivery::contract_id.eq_any(&of.contracts))
        .filter(delivery::received_at.is_not_null().and(delivery::invoice_id.is_null()));
    let holds = delivery::invoice_id.eq(of.row.id);
    match only {
        Some(only) => diesel::update(arrived.filter(delivery::id.eq(only))).set(holds).execute(&mut &*tx).await?,
        None => diesel::update(arrived).set(holds).execute(&mut &*tx).await?,
    };
    Ok(())
}

/// The deliveries of an invoice that was credited whole, and is to be invoiced again, are held by none.
pub async fn free_deliveries(tx: &mut Connection, of: Uuid) -> Result<(), Failure> {
    diesel::update(delivery::table.filter(delivery::invoice_id.eq(of)))
        .set(delivery::invoice_id.eq(None::<Uuid>))
        .execute(tx)
        .await?;
    Ok(())
}

/// Which invoices are looked for.
#[derive(Debug, Default)]
pub struct Search<'a> {
    pub as_buyer: Option<bool>,
    pub state: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub match_state: Option<&'a str>,
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
        let of_contract = invoice_line::table
            .inner_join(contract_line::table.on(contract_line::id.eq(invoice_line::contract_line_id)))
            .filter(invoice_line::invoice_id.eq(invoice::id).and(contract_line::contract_id.eq(contract.0)));
        query = query.filter(diesel::dsl::exists(of_contract));
    }
    if let Some(sight) = search.sight {
        query = query.filter(invoice_visible(sight));
    }
    if let Some(state) = search.match_state {
        query = query.filter(invoice::match_state.eq(state.to_owned()));
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

/// The open invoices of a seller that ask to be paid to this account, held until the transaction ends, in the order of their ids.
pub async fn lock_open_to_account(
    tx: &mut Connection,
    seller: OrganisationId,
    account: BankAccountId,
) -> Result<Vec<InvoiceRow>, Failure> {
    let query = invoice::table
        .filter(invoice::seller_id.eq(seller.0).and(invoice::bank_account_id.eq(account.0)))
        .filter(invoice::kind.eq("invoice").and(invoice::state.eq_any(["issued", "partly_paid"])))
        .order(invoice::id)
        .select(InvoiceRow::as_select())
        .for_update();
    Ok(query.load(tx).await?)
}

/// Invoices that this seller has issued.
pub async fn of_seller(
    connection: &mut Connection,
    seller: OrganisationId,
    ids: &[Uuid],
) -> Result<Vec<InvoiceRow>, Failure> {
    let query = invoice::table
        .filter(invoice::seller_id.eq(seller.0).and(invoice::id.eq_any(ids)))
        .filter(invoice::kind.eq("invoice").and(invoice::state.ne("draft")))
        .select(InvoiceRow::as_select());
    Ok(query.load(connection).await?)
}

/// When goods of these contracts last arrived.
pub async fn delivered_at(connection: &mut Connection, contracts: &[Uuid]) -> Result<Option<Timestamp>, Failure> {
    let query = delivery::table.filter(delivery::contract_id.eq_any(contracts));
    Ok(query.select(diesel::dsl::max(delivery::received_at)).first(connection).await?)
}

/// What is invoiced of a contract's lines in all, without tax and without what was credited.
pub async fn net_of_lines(
    connection: &mut Connection,
    contract: ContractId,
) -> Result<HashMap<Uuid, Decimal>, Failure> {
    let query = invoice_line::table
        .inner_join(invoice::table.on(invoice::id.eq(invoice_line::invoice_id)))
        .inner_join(contract_line::table.on(contract_line::id.eq(invoice_line::contract_line_id)))
        .filter(contract_line::contract_id.eq(contract.0))
        .select((invoice_line::contract_line_id, invoice::kind, invoice_line::net));
    let rows: Vec<(Uuid, String, Decimal)> = query.load(connection).await?;
    let mut sums = HashMap::new();
    for (line, kind, net) in rows {
        *sums.entry(line).or_insert(Decimal::ZERO) += if kind == "credit_note" { -net } else { net };
    }
    Ok(sums)
}
