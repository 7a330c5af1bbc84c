//! What is done with the budgets of a cost centre.

use domain::kernel::money::parse_decimal;
use domain::kernel::{BudgetId, CostCentreId, Currency, Faults, Money, OrganisationId, Refusal};
use domain::ordering::budget::{Budget, check_budget};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::budget::{self, BudgetRow};
use infra::ordering::cost_centre;
use rust_decimal::Decimal;
use serde_json::json;

use super::dto::{BudgetData, BudgetDto};
use super::usecase;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::ordering::rights;
use crate::party::bank_account::usecase::own;

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    (of, centre): (OrganisationId, CostCentreId),
    page: &Page,
) -> Result<List<BudgetDto>, Failure> {
    usecase::seen(connection, by, of, centre).await?;
    Ok(budget::list(connection, centre, page).await?.map(|row| BudgetDto::from(&row)))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    (of, centre, id): (OrganisationId, CostCentreId, BudgetId),
) -> Result<(BudgetDto, i64), Failure> {
    usecase::seen(connection, by, of, centre).await?;
    let row = budget::find(connection, centre, id).await?.ok_or_else(unknown)?;
    Ok((BudgetDto::from(&row), row.version))
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    (of, centre): (OrganisationId, CostCentreId),
    data: &BudgetData,
) -> Result<Answer<BudgetDto>, Failure> {
    let (own, others) = lock(tx, command, of, centre).await?;
    let (currency, amount) = parse(data)?;
    let row = BudgetRow {
        id: command.id::<BudgetId>().0,
        cost_centre_id: centre.0,
        currency: currency.code().to_owned(),
        starts_on: data.starts_on,
        ends_on: data.ends_on,
        amount,
        committed: Decimal::ZERO,
        version: 1,
        created_at: command.at,
    };
    check_budget(&of_row(&row)?, &of_rows(&others)?)?;
    budget::insert(tx, &row).await?;
    tell(command, "budget.set", own, &row);
    let location = format!("/v1/organisations/{own}/cost-centres/{centre}/budgets/{}", row.id);
    Ok(Answer::created(location, BudgetDto::from(&row)).version(1))
}

/// Changes amount or end of a budget; currency and start stay.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    (of, centre, id): (OrganisationId, CostCentreId, BudgetId),
    expected: i64,
    patch: &Patch<BudgetData>,
) -> Result<Answer<BudgetDto>, Failure> {
    let (own, held) = lock(tx, command, of, centre).await?;
    let row = held.iter().find(|row| row.id == id.0).cloned().ok_or_else(unknown)?;
    check_version(row.version, expected)?;
    let data = patch.apply(&BudgetData::of(&row))?;
    let (currency, amount) = parse(&data)?;
    let mut faults = Faults::default();
    if currency.code() != row.currency {
        faults.add("/currency", "fixed", "A budget stays in its currency.");
    }
    if data.starts_on != row.starts_on {
        faults.add("/starts_on", "fixed", "A budget keeps its start.");
    }
    faults.result()?;
    let changed = BudgetRow { ends_on: data.ends_on, amount, version: row.version + 1, ..row };
    check_budget(&of_row(&changed)?, &of_rows(&held)?)?;
    budget::update(tx, &changed).await?;
    tell(command, "budget.changed", own, &changed);
    Ok(Answer::ok(BudgetDto::from(&changed)).version(changed.version))
}

/// The budgets of a cost centre of the caller's, all held: no other one comes or changes meanwhile.
async fn lock(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    centre: CostCentreId,
) -> Result<(OrganisationId, Vec<BudgetRow>), Failure> {
    let own = own(&command.by, of, rights::BUDGETS)?;
    let held = cost_centre::lock(tx, own, centre).await?.filter(|centre| centre.row.archived_at.is_none());
    held.ok_or_else(usecase::unknown)?;
    Ok((own, budget::lock_of(tx, centre).await?))
}

/// Currency and limit.
fn parse(data: &BudgetData) -> Result<(Currency, Option<Decimal>), Refusal> {
    let mut faults = Faults::default();
    let currency = faults.keep("/currency", Currency::parse(&data.currency));
    let amount = data.amount.as_ref().and_then(|text| faults.keep("/amount", parse_decimal(text)));
    let amount =
        amount.zip(currency).and_then(|(amount, currency)| faults.keep("/amount", Money::new(amount, currency)));
    faults.result()?;
    let currency = currency.ok_or_else(|| Refusal::fault("/currency", "currency", "It is not a currency."))?;
    Ok((currency, amount.map(Money::amount)))
}

/// A budget as the rules see it.
pub(super) fn of_row(row: &BudgetRow) -> Result<Budget, Failure> {
    Ok(Budget {
        id: BudgetId(row.id),
        cost_centre: CostCentreId(row.cost_centre_id),
        currency: Currency::parse(&row.currency)?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        limit: row.amount,
        committed: row.committed,
    })
}

pub(super) fn of_rows(rows: &[BudgetRow]) -> Result<Vec<Budget>, Failure> {
    rows.iter().map(of_row).collect()
}

fn unknown() -> Refusal {
    Refusal::not_found("budget")
}

fn tell(command: &Command, kind: &'static str, of: OrganisationId, row: &BudgetRow) {
    let subject = Subject { kind: "budget", id: row.id, version: row.version };
    let data = json!({"cost_centre_id": row.cost_centre_id, "currency": row.currency,
        "amount": row.amount.map(|amount| amount.normalize().to_string())});
    command.event(kind, subject, None, &[of.0], data);
}
