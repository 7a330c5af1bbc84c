//! Setting and reading what a buyer tolerates.

use domain::catalogue::tax::check_percent;
use domain::kernel::money::parse_decimal;
use domain::kernel::{Faults, OrganisationId};
use infra::Failure;
use infra::billing::three_way::{self, ToleranceRow};
use infra::db::Connection;
use serde_json::json;

use super::dto::TolerancesDto;
use crate::billing::rights;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;
use crate::party::bank_account::usecase::own;

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
) -> Result<(TolerancesDto, i64), Failure> {
    let own = own(by, of, rights::READ)?;
    let found = three_way::tolerance(connection, own).await?;
    Ok(found.map_or_else(|| (TolerancesDto::default(), 0), |row| (TolerancesDto::of(&row), row.version)))
}

/// Invoices that arrive from now on are matched so; those that arrived stay as they are.
pub async fn keep(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    expected: i64,
    data: &TolerancesDto,
) -> Result<Answer<TolerancesDto>, Failure> {
    let own = own(&command.by, of, rights::TOLERATE)?;
    command.by.person()?;
    let before = three_way::lock_version(tx, own).await?;
    check_version(before, expected)?;
    let mut faults = Faults::default();
    let percent = |given: &str| parse_decimal(given).and_then(check_percent);
    let price = faults.keep("/price_percent", percent(&data.price_percent));
    let quantity = faults.keep("/quantity_percent", percent(&data.quantity_percent));
    let amount = faults.keep("/amount", data.amount.parse());
    if amount.is_some_and(|amount| amount.amount().is_sign_negative() && !amount.amount().is_zero()) {
        faults.add("/amount", "negative", "A tolerance is not negative.");
    }
    faults.result()?;
    let values = price.zip(quantity).zip(amount);
    let ((price_percent, quantity_percent), amount) =
        values.ok_or_else(|| Failure::broken("tolerances without faults and without values"))?;
    let row = ToleranceRow {
        buyer_id: own.0,
        is_active: data.is_active,
        price_percent,
        quantity_percent,
        amount: amount.amount(),
        currency: amount.currency().code().to_owned(),
        version: before + 1,
    };
    three_way::keep_tolerance(tx, &row).await?;
    let subject = Subject { kind: "invoice_tolerances", id: own.0, version: row.version };
    command.event("tolerances.changed", subject, None, &[own.0], json!({"is_active": row.is_active}));
    Ok(Answer::ok(TolerancesDto::of(&row)).version(row.version))
}
