//! Raises the level of overdue invoices, and tells the buyers.

use chrono::TimeDelta;
use domain::billing::dunning::{next_at, reached};
use domain::billing::three_way::MatchState;
use domain::kernel::{InvoiceId, OrganisationId};
use infra::Failure;
use infra::billing::dunning::{self, LevelRow, NoticeRow};
use infra::billing::invoice::{self, InvoiceRow};
use infra::db::Connection;
use infra::party::organisation;
use infra::{mailbox, timer};
use serde_json::json;

use crate::app::App;
use crate::billing::usecase::tell;
use crate::command::Command;
use crate::http::dto::MoneyDto;

/// The timer that raises the level of an invoice.
pub const DUNNING: &str = "invoice.dunning";

/// No level is reached earlier after the due date.
const EARLIEST: [i32; 1] = [1];

/// Looks at an invoice that was issued as the first day comes on which a level may be reached, whatever levels there are now: they may be
/// set or changed at this very moment.
pub async fn wait(tx: &mut Connection, row: &InvoiceRow) -> Result<(), Failure> {
    match row.due_date.and_then(|due| next_at(&EARLIEST, due, 0)) {
        Some(at) => timer::set(tx, DUNNING, row.id, at).await,
        None => Ok(()),
    }
}

/// Raises an invoice to the level that it has reached, and waits for the next one. Does nothing about one that is paid or credited,
/// and waits where the buyer need not pay yet.
pub async fn raise(app: &App, tx: &mut Connection, command: &Command, id: InvoiceId) -> Result<(), Failure> {
    let held = invoice::lock_any(tx, id).await?;
    let Some(mut held) = held.filter(|held| ["issued", "partly_paid"].contains(&held.row.state.as_str())) else {
        return Ok(());
    };
    let Some(due) = held.row.due_date else { return Ok(()) };
    let levels = dunning::levels(tx, OrganisationId(held.row.seller_id)).await?;
    let days: Vec<i32> = levels.iter().map(|level| level.days).collect();
    if held.row.match_state.as_deref().map(MatchState::parse).transpose()?.is_some_and(MatchState::holds) {
        // The buyer need not pay it now: asked again tomorrow.
        return timer::set(tx, DUNNING, held.row.id, command.at + TimeDelta::days(1)).await;
    }
    let mut last = held.notices.last().map_or(0, |notice| notice.level);
    if let Some(place) = reached(&days, due, last, command.at.date_naive()) {
        let level = &levels[place];
        last = level.level;
        held.row.version += 1;
        invoice::update(tx, &held.row).await?;
        remind(app, tx, command, &held.row, level).await?;
    }
    match next_at(&days, due, last) {
        Some(at) => timer::set(tx, DUNNING, held.row.id, at).await,
        None => Ok(()),
    }
}

/// Notes a level, and tells those who see to the buyer's money.
async fn remind(
    app: &App,
    tx: &mut Connection,
    command: &Command,
    row: &InvoiceRow,
    level: &LevelRow,
) -> Result<(), Failure> {
    let fee = level.fee.filter(|_| level.currency.as_deref() == Some(row.currency.as_str()));
    let notice = NoticeRow {
        id: command.id(),
        invoice_id: row.id,
        level: level.level,
        fee,
        text: level.text.clone(),
        at: command.at,
    };
    dunning::insert(tx, &notice).await?;
    let fee = fee.map(|fee| MoneyDto::of(fee, &row.currency));
    tell(command, "invoice.dunned", row, None, json!({"level": level.level, "fee": fee}));
    let seller = organisation::find(tx, OrganisationId(row.seller_id)).await?;
    let seller = seller.map(|seller| seller.row.legal_name).unwrap_or_default();
    let number = row.number.as_deref().unwrap_or_default();
    let open = MoneyDto::of(row.gross - row.paid - row.credited, &row.currency);
    let mut text = format!("{}\n\nInvoice {number} of {seller}", level.text);
    text += &format!(", due on {}: {} {} are open.\n", row.due_date.unwrap_or_default(), open.amount, open.currency);
    if let Some(fee) = fee {
        text += &format!("For this reminder {} {} are charged.\n", fee.amount, fee.currency);
    }
    let sealed = app.secret.seal(text.as_bytes())?;
    let subject = format!("Reminder {} of invoice {number}", level.level);
    for address in dunning::recipients(tx, OrganisationId(row.buyer_id)).await? {
        mailbox::put(tx, command.id(), &address, &subject, &sealed, command.at).await?;
    }
    Ok(())
}
