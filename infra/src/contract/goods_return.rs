//! Returns of goods under contracts.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{ContractId, GoodsReturnId, OrganisationId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{contract, goods_return, goods_return_credit, goods_return_line, invoice, invoice_line};

/// A return without its lines.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = goods_return, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ReturnRow {
    pub id: Uuid,
    pub contract_id: Uuid,
    /// Counted within the contract.
    pub number: i32,
    pub state: String,
    pub reason: String,
    /// Why the seller refused.
    pub answer: Option<String>,
    pub requested_by: Uuid,
    pub requested_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub version: i64,
}

/// How much of a contract's line is to go back, and what came back of it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = goods_return_line, treat_none_as_default_value = false)]
pub struct ReturnLineRow {
    pub return_id: Uuid,
    pub contract_line_id: Uuid,
    pub quantity: Decimal,
    pub restocked: Option<Decimal>,
    pub written_off: Option<Decimal>,
    /// What that weighs, if it is billed by weight.
    pub weight: Option<Decimal>,
}

/// A return with its lines and the credit notes that it led to.
#[derive(Debug, Clone)]
pub struct GoodsReturn {
    pub row: ReturnRow,
    pub lines: Vec<ReturnLineRow>,
    pub credit_notes: Vec<Uuid>,
}

pub async fn insert(tx: &mut Connection, new: &GoodsReturn) -> Result<(), Failure> {
    diesel::insert_into(goods_return::table).values(&new.row).execute(tx).await?;
    diesel::insert_into(goods_return_line::table).values(&new.lines).execute(tx).await?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &ReturnRow) -> Result<(), Failure> {
    diesel::update(goods_return::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// Keeps what came back. A return has few lines, each written once in its life.
pub async fn update_lines(tx: &mut Connection, changed: &[ReturnLineRow]) -> Result<(), Failure> {
    for line in changed {
        diesel::update(goods_return_line::table.find((line.return_id, line.contract_line_id)))
            .set((
                goods_return_line::restocked.eq(line.restocked),
                goods_return_line::written_off.eq(line.written_off),
                goods_return_line::weight.eq(line.weight),
            ))
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Keeps a return that is completed, and its credit notes.
pub async fn complete(tx: &mut Connection, changed: &GoodsReturn) -> Result<(), Failure> {
    update(tx, &changed.row).await?;
    let of = |note: &Uuid| {
        (goods_return_credit::return_id.eq(changed.row.id), goods_return_credit::credit_note_id.eq(*note))
    };
    let notes: Vec<_> = changed.credit_notes.iter().map(of).collect();
    diesel::insert_into(goods_return_credit::table).values(notes).execute(tx).await?;
    Ok(())
}

/// The returns under a contract, first to last. Whoever asks was found to be a party before.
pub async fn of_contract(connection: &mut Connection, id: ContractId) -> Result<Vec<GoodsReturn>, Failure> {
    let rows: Vec<ReturnRow> = goods_return::table
        .filter(goods_return::contract_id.eq(id.0))
        .order(goods_return::number)
        .select(ReturnRow::as_select())
        .load(connection)
        .await?;
    complete_all(connection, rows).await
}

/// A return under a contract of this party.
pub async fn find(
    connection: &mut Connection,
    by: OrganisationId,
    id: GoodsReturnId,
) -> Result<Option<GoodsReturn>, Failure> {
    let own = contract::table
        .filter(contract::buyer_id.eq(by.0).or(contract::seller_id.eq(by.0)))
        .filter(contract::id.eq(goods_return::contract_id));
    let query = goods_return::table.filter(goods_return::id.eq(id.0)).filter(diesel::dsl::exists(own));
    let row: Option<ReturnRow> = query.select(ReturnRow::as_select()).first(connection).await.optional()?;
    Ok(complete_all(connection, row.into_iter().collect()).await?.pop())
}

async fn complete_all(connection: &mut Connection, rows: Vec<ReturnRow>) -> Result<Vec<GoodsReturn>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let lines: Vec<ReturnLineRow> = goods_return_line::table
        .filter(goods_return_line::return_id.eq_any(&ids))
        .order((goods_return_line::return_id, goods_return_line::contract_line_id))
        .select(ReturnLineRow::as_select())
        .load(connection)
        .await?;
    let notes: Vec<(Uuid, Uuid)> = goods_return_credit::table
        .filter(goods_return_credit::return_id.eq_any(&ids))
        .order(goods_return_credit::credit_note_id)
        .select((goods_return_credit::return_id, goods_return_credit::credit_note_id))
        .load(connection)
        .await?;
    let of = |row: ReturnRow| GoodsReturn {
        lines: lines.iter().filter(|line| line.return_id == row.id).cloned().collect(),
        credit_notes: notes.iter().filter(|(of, _)| *of == row.id).map(|(_, note)| *note).collect(),
        row,
    };
    Ok(rows.into_iter().map(of).collect())
}

/// The issued invoices on which something of these contract lines is not credited, first to last.
pub async fn creditable(tx: &mut Connection, lines: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let query = invoice::table
        .inner_join(invoice_line::table.on(invoice_line::invoice_id.eq(invoice::id)))
        .filter(invoice_line::contract_line_id.eq_any(lines))
        .filter(invoice_line::credited_quantity.lt(invoice_line::quantity))
        .filter(invoice::kind.eq("invoice").and(invoice::state.ne("draft")))
        .order(invoice::id)
        .select(invoice::id)
        .distinct();
    Ok(query.load(tx).await?)
}

/// Those of these contract lines of which a draft holds something.
pub async fn drafted(tx: &mut Connection, lines: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let query = invoice_line::table
        .inner_join(invoice::table.on(invoice::id.eq(invoice_line::invoice_id)))
        .filter(invoice_line::contract_line_id.eq_any(lines).and(invoice::state.eq("draft")))
        .select(invoice_line::contract_line_id);
    Ok(query.load(tx).await?)
}
