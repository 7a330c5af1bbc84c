//! What binding, freeing and taking a deposit are in the books.

use domain::auction::{DepositState, DepositStep};
use domain::billing::deposit as entries;
use domain::kernel::{Currency, Money, OrganisationId};
use infra::Failure;
use infra::auction::deposit::{self, DepositRow};
use infra::auction::store::AuctionRow;
use infra::billing::ledger::{self, Subject};
use infra::db::Connection;
use serde_json::json;

use crate::auction::tell::{tell, tell_both};
use crate::command::Command;
use crate::http::dto::MoneyDto;

/// Keeps and books a deposit that is held from now on. That it is covered was looked at while the free balance was held.
pub async fn hold(
    tx: &mut Connection,
    command: &Command,
    auction: &AuctionRow,
    row: &DepositRow,
) -> Result<(), Failure> {
    deposit::insert(tx, row).await?;
    let entry = entries::held(OrganisationId(row.organisation_id), money(row)?)?;
    let about = Subject { kind: "deposit_hold", id: row.id };
    ledger::post(tx, &[entry], about, command.at, || command.id()).await?;
    tell(command, "auction.deposit_held", auction, &[row.organisation_id], told(row));
    Ok(())
}

/// The company has it again.
pub async fn release(
    tx: &mut Connection,
    command: &Command,
    auction: &AuctionRow,
    row: &DepositRow,
) -> Result<(), Failure> {
    let after = DepositState::parse(&row.state)?.after(DepositStep::Release)?;
    deposit::end(tx, row.id, after, command.at).await?;
    let entry = entries::released(OrganisationId(row.organisation_id), money(row)?)?;
    let about = Subject { kind: "deposit_release", id: row.id };
    ledger::post(tx, &[entry], about, command.at, || command.id()).await?;
    tell(command, "auction.deposit_released", auction, &[row.organisation_id], told(row));
    Ok(())
}

/// The holder of the auction has it.
pub async fn take(
    tx: &mut Connection,
    command: &Command,
    auction: &AuctionRow,
    row: &DepositRow,
) -> Result<(), Failure> {
    let after = DepositState::parse(&row.state)?.after(DepositStep::Take)?;
    deposit::end(tx, row.id, after, command.at).await?;
    let (company, holder) = (OrganisationId(row.organisation_id), OrganisationId(auction.seller_id));
    let entries = entries::taken(company, holder, money(row)?)?;
    let about = Subject { kind: "deposit_taking", id: row.id };
    ledger::post(tx, &entries, about, command.at, || command.id()).await?;
    tell_both(command, "auction.deposit_taken", auction, row.organisation_id, told(row));
    Ok(())
}

fn money(row: &DepositRow) -> Result<Money, Failure> {
    Ok(Money::new(row.amount, Currency::parse(&row.currency)?)?)
}

fn told(row: &DepositRow) -> serde_json::Value {
    json!({"organisation_id": row.organisation_id, "amount": MoneyDto::of(row.amount, &row.currency)})
}
