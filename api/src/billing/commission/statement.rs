//! The sellers' statements: issued as the month is over, booked by both sides, read.

use chrono::Datelike;
use domain::billing::{Totals, ledger};
use domain::kernel::{CommissionStatementId, Currency, OrganisationId, Refusal};
use infra::Failure;
use infra::billing::commission::{self, StatementRow};
use infra::billing::ledger::Subject as About;
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;

use super::dto::{CommissionStatementDto, CommissionStatementSummary};
use crate::billing::rights;
use crate::billing::usecase::{book, next_number, tax_of};
use crate::command::{Command, Subject};
use crate::http::principal::Principal;

/// The timer that issues a statement.
pub const DUE: &str = "commission.statement";

/// What the operator's statements are numbered with.
const SERIES: &str = "FEE";

/// Issues the statement of a month that is over. Does nothing if it was issued meanwhile.
pub async fn issue(tx: &mut Connection, command: &Command, id: CommissionStatementId) -> Result<(), Failure> {
    let held = commission::lock_statement(tx, id).await?.filter(|held| held.state == "open");
    let Some(mut held) = held else { return Ok(()) };
    let entries = commission::entries(tx, held.id).await?;
    let parts = entries.iter().map(|(entry, category, rate)| Ok((entry.amount, tax_of(category, *rate)?)));
    let totals = Totals::of(Currency::parse(&held.currency)?, parts.collect::<Result<Vec<_>, Failure>>()?)?;
    held.number = Some(next_number(tx, held.billed_by, SERIES, command.at.year()).await?);
    held.state = "issued".to_owned();
    (held.net, held.tax, held.gross) = (totals.net.amount(), totals.tax.amount(), totals.gross.amount());
    held.issued_at = Some(command.at);
    held.version += 1;
    commission::update_statement(tx, &held).await?;
    let (biller, seller) = (OrganisationId(held.billed_by), OrganisationId(held.seller_id));
    let posted = ledger::commission_billed(biller, seller, &totals)?;
    book(tx, command, &posted, About { kind: "commission", id: held.id }).await?;
    tell(command, &held);
    Ok(())
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: CommissionStatementId,
) -> Result<(CommissionStatementDto, i64), Failure> {
    let own = by.require(rights::READ)?;
    let found = commission::find_statement(connection, own, id).await?;
    let found = found.ok_or_else(|| Refusal::not_found("commission statement"))?;
    let entries = commission::entries(connection, found.id).await?;
    // While the month runs entries come in without a new version.
    let version = found.version + i64::try_from(entries.len()).map_err(Failure::broken)?;
    Ok((CommissionStatementDto::of(&found, entries.iter().map(|(entry, ..)| entry)), version))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    page: &Page,
) -> Result<List<CommissionStatementSummary>, Failure> {
    let own = by.require(rights::READ)?;
    Ok(commission::statements(connection, own, page).await?.map(|row| CommissionStatementSummary::from(&row)))
}

fn tell(command: &Command, row: &StatementRow) {
    let subject = Subject { kind: "commission_statement", id: row.id, version: row.version };
    let data = json!({"number": row.number, "month": row.month, "gross": {"amount": row.gross.to_string(), "currency": row.currency}});
    command.event("commission.billed", subject, None, &[row.seller_id, row.billed_by], data);
}
