//! What is done with payments of deposits.

use domain::billing::{DepositDirection, check_covered, deposit as entries};
use domain::kernel::{AccountId, DepositPaymentId, Faults, Money, OrganisationId, Refusal, Timestamp};
use domain::party::registration::text;
use infra::Failure;
use infra::billing::deposit::{self, DepositPaymentRow};
use infra::billing::ledger::{self, Subject as About};
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::organisation;
use serde_json::json;

use super::dto::{DepositPaymentData, DepositPaymentDto};
use crate::billing::rights;
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::ordering::sight;

fn unknown() -> Refusal {
    Refusal::not_found("organisation")
}

/// The operator records what the bank says. Only what is free goes out.
pub async fn record(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    data: &DepositPaymentData,
) -> Result<Answer<DepositPaymentDto>, Failure> {
    command.by.require_operator()?;
    let (direction, amount) = check(data)?;
    organisation::find(tx, of).await?.ok_or_else(unknown)?;
    let free = deposit::hold_free(tx, of, amount.currency(), command.id::<AccountId>().0).await?;
    if direction == DepositDirection::Out {
        check_covered(free, amount)?;
    }
    let row = DepositPaymentRow {
        id: command.id::<DepositPaymentId>().0,
        organisation_id: of.0,
        direction: direction.code().to_owned(),
        amount: amount.amount(),
        currency: amount.currency().code().to_owned(),
        reference: data.reference.trim().to_owned(),
        at: command.at,
    };
    deposit::insert_payment(tx, &row).await?;
    let entry = entries::paid(direction, of, amount)?;
    let about = About { kind: "deposit_payment", id: row.id };
    ledger::post(tx, &[entry], about, command.at, || command.id()).await?;
    let dto = DepositPaymentDto::from(&row);
    let subject = Subject { kind: "deposit_payment", id: row.id, version: 1 };
    let told = json!({"direction": row.direction, "amount": dto.amount, "reference": row.reference});
    command.event("deposit_payment.recorded", subject, None, &[of.0], told);
    Ok(Answer::created(format!("/v1/organisations/{of}/deposit-payments"), dto))
}

fn check(data: &DepositPaymentData) -> Result<(DepositDirection, Money), Failure> {
    let mut faults = Faults::default();
    let direction = faults.keep("/direction", DepositDirection::parse(&data.direction));
    let amount = faults.keep("/amount", data.amount.parse());
    faults.keep("/reference", text(&data.reference, 140));
    if amount.is_some_and(|amount| amount.amount() <= Money::zero(amount.currency()).amount()) {
        faults.add("/amount/amount", "not_positive", "An amount is more than zero.");
    }
    faults.result()?;
    direction.zip(amount).ok_or_else(|| Failure::broken("a payment without faults and without a value"))
}

/// What a company has paid in and was paid back, for itself and the operator. It belongs to the books, which tell of all that it buys.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    page: &Page,
    at: Timestamp,
) -> Result<List<DepositPaymentDto>, Failure> {
    if !by.operator {
        let own = by.require(rights::READ)?;
        if own != of {
            return Err(unknown().into());
        }
        sight::check_all(connection, by, at, "The books tell").await?;
    }
    let found = deposit::payments(connection, of, page).await?;
    Ok(found.map(|row| DepositPaymentDto::from(&row)))
}
