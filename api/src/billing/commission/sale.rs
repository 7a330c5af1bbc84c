//! The commission of sales: its rate is fixed with the contract, and charged or given back with the seller's invoices and credit notes.

use domain::billing::commission::{Commission, billed_at, month_after, month_of};
use domain::kernel::{CommissionStatementId, Currency, PortalId};
use infra::Failure;
use infra::billing::commission::{self, CommissionRow, EntryRow, StatementRow};
use infra::billing::invoice::Invoice;
use infra::contract::store::{LineRow, NewContract};
use infra::db::Connection;
use infra::timer;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::statement::DUE;
use crate::command::Command;

/// Fixes the rates of a contract that is being made. Where the portal charges nothing, it is one read.
pub async fn fix(tx: &mut Connection, contract: &NewContract, lines: &[LineRow]) -> Result<(), Failure> {
    let Some((terms, _)) = commission::terms(tx, PortalId(contract.portal_id)).await? else { return Ok(()) };
    if terms.billed_by == contract.seller_id {
        return Ok(());
    }
    let products: Vec<Uuid> = lines.iter().filter_map(|line| line.product_id).collect();
    let rates = commission::rates(tx, contract.portal_id, &products).await?;
    let row = |line: &LineRow| {
        let (_, percent) =
            rates.iter().find(|(product, percent)| Some(*product) == line.product_id && !percent.is_zero())?;
        Some(CommissionRow {
            contract_line_id: line.id,
            portal_id: contract.portal_id,
            seller_id: contract.seller_id,
            billed_by: terms.billed_by,
            currency: contract.currency.clone(),
            tax_category: terms.tax_category.clone(),
            tax_rate: terms.tax_rate,
            percent: *percent,
            net: Decimal::ZERO,
            charged: Decimal::ZERO,
        })
    };
    let fixed: Vec<CommissionRow> = lines.iter().filter_map(row).collect();
    if !fixed.is_empty() {
        commission::insert(tx, &fixed).await?;
    }
    Ok(())
}

/// Charges what an invoice brings, or gives back what a credit note takes.
pub async fn count(tx: &mut Connection, command: &Command, of: &Invoice) -> Result<(), Failure> {
    let lines: Vec<Uuid> = of.lines.iter().map(|line| line.contract_line_id).collect();
    for mut row in commission::lock(tx, &lines).await? {
        let parts = of.lines.iter().filter(|line| line.contract_line_id == row.contract_line_id);
        let net: Decimal = parts.map(|line| line.net).sum();
        let signed = if of.row.kind == "invoice" { net } else { -net };
        let currency = Currency::parse(&row.currency)?;
        let mut sale = Commission { percent: row.percent, currency, net: row.net, charged: row.charged };
        let amount = sale.count(signed);
        (row.net, row.charged) = (sale.net, sale.charged);
        commission::update(tx, &row).await?;
        if !amount.is_zero() {
            charge(tx, command, &row, of.row.id, amount).await?;
        }
    }
    Ok(())
}

/// Puts an amount on the statement of the month, or of the next one if that is issued already.
async fn charge(
    tx: &mut Connection,
    command: &Command,
    row: &CommissionRow,
    invoice: Uuid,
    amount: Decimal,
) -> Result<(), Failure> {
    let mut new = StatementRow {
        id: command.id::<CommissionStatementId>().0,
        seller_id: row.seller_id,
        billed_by: row.billed_by,
        currency: row.currency.clone(),
        month: month_of(command.at),
        state: "open".to_owned(),
        number: None,
        net: Decimal::ZERO,
        tax: Decimal::ZERO,
        gross: Decimal::ZERO,
        created_at: command.at,
        issued_at: None,
        version: 1,
    };
    let (mut held, mut made) = commission::open_statement(tx, &new).await?;
    if held.state != "open" {
        new.month = month_after(new.month);
        (held, made) = commission::open_statement(tx, &new).await?;
    }
    if made {
        timer::set(tx, DUE, held.id, billed_at(held.month)).await?;
    }
    let entry = EntryRow {
        id: command.id(),
        statement_id: held.id,
        contract_line_id: row.contract_line_id,
        invoice_id: invoice,
        amount,
        at: command.at,
    };
    commission::insert_entry(tx, &entry).await
}
