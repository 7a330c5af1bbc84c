//! What orders are charged to: cost centres that the buyer may order on, and budgets that cover it.

use domain::kernel::{CostCentreId, Findings, Kind};
use domain::ordering::Confirmed;
use domain::ordering::budget::{Centre, Charge, commit};
use infra::Failure;
use infra::db::Connection;
use infra::ordering::budget::{self, CommitmentRow};
use infra::ordering::cost_centre;
use infra::ordering::order::{LineRow, Order};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::budget::of_rows;
use crate::command::Command;
use crate::ordering::pricing::Priced;
use crate::ordering::sight;

/// Checks that the cost centres of a draft are those the buyer may order on, and gives them. What is to be placed by somebody who
/// is bound to cost centres names one for every line.
async fn check(
    tx: &mut Connection,
    command: &Command,
    priced: &Priced,
    of_order: Option<Uuid>,
    submit: bool,
) -> Result<Vec<Centre>, Failure> {
    let named = centres_of(priced, of_order);
    let bound = sight::is_bound(&command.by, &priced.terms.member_of);
    let mut ids: Vec<Uuid> = named.iter().copied().chain([of_order]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() && !bound {
        return Ok(Vec::new());
    }
    let buyer = command.by.member()?.id;
    let mut usable = cost_centre::usable(tx, buyer, &ids).await?;
    usable.retain(|centre| !bound || priced.terms.member_of.contains(&centre.id));
    let is_usable = |id: Uuid| usable.iter().any(|centre| centre.id == id);
    let mut findings = Findings::default();
    let unknown = "There is no cost centre of this id that you can order on.";
    if of_order.is_some_and(|id| !is_usable(id)) {
        findings.add(Kind::InvalidInput, "/cost_centre_id", "unknown", unknown);
    }
    for (index, (line, centre)) in priced.lines.iter().zip(&named).enumerate() {
        let own = priced.details.get(&line.id).and_then(|said| said.cost_centre_id);
        let pointer = format!("/lines/{index}/cost_centre_id");
        match (own, centre) {
            (Some(id), _) if !is_usable(id) => findings.add(Kind::InvalidInput, pointer, "unknown", unknown),
            (_, None) if bound && submit => {
                findings.add(Kind::InvalidInput, pointer, "required", "You order on your cost centres: name one.");
            }
            _ => {}
        }
    }
    findings.result()?;
    let centre =
        |row: &cost_centre::CostCentreRow| Centre { id: CostCentreId(row.id), budget_required: row.budget_required };
    Ok(usable.iter().map(centre).collect())
}

/// Checks what a draft that stays one is charged to.
pub async fn check_draft(
    tx: &mut Connection,
    command: &Command,
    priced: &Priced,
    of_order: Option<Uuid>,
) -> Result<(), Failure> {
    check(tx, command, priced, of_order, false).await?;
    Ok(())
}

/// Checks what an order is charged to, holds the budgets that cover it, and notes with its lines which one each takes from. What is
/// over a budget is refused; [`keep`] takes it.
pub async fn charge(
    tx: &mut Connection,
    command: &Command,
    priced: &mut Priced,
    of_order: Option<Uuid>,
) -> Result<(), Failure> {
    let centres = check(tx, command, priced, of_order, true).await?;
    let Some(first) = priced.lines.first().filter(|_| !centres.is_empty()) else { return Ok(()) };
    let currency = first.amount.currency();
    let day = command.at.date_naive();
    let ids: Vec<Uuid> = centres.iter().map(|centre| centre.id.0).collect();
    let rows = budget::lock_covering(tx, &ids, currency.code(), day).await?;
    let charges: Vec<Option<Charge>> = centres_of(priced, of_order)
        .into_iter()
        .zip(&priced.lines)
        .map(|(centre, line)| Some(Charge { cost_centre: CostCentreId(centre?), amount: line.amount }))
        .collect();
    let taken = commit(&mut of_rows(&rows)?, &centres, &charges, day)?;
    for (line, budget) in priced.lines.iter().zip(taken) {
        if budget.is_some() {
            priced.details.entry(line.id).or_default().budget = budget;
        }
    }
    Ok(())
}

/// Takes from the budgets what the lines of these orders take.
pub async fn keep(tx: &Connection, priced: &Priced, orders: &[Order]) -> Result<(), Failure> {
    let taken = commitments(priced, orders);
    if !taken.is_empty() {
        budget::commit(tx, &taken).await?;
    }
    Ok(())
}

/// What the lines of these orders take.
pub fn commitments(priced: &Priced, orders: &[Order]) -> Vec<CommitmentRow> {
    let lines = orders.iter().flat_map(|order| &order.lines);
    let taken = lines.filter_map(|line| {
        let budget = priced.details.get(&domain::kernel::OrderLineId(line.id))?.budget?;
        Some(CommitmentRow {
            order_line_id: line.id,
            order_id: line.order_id,
            budget_id: budget.0,
            amount: line.amount,
        })
    });
    taken.collect()
}

/// What was confirmed takes what it costs: less gives back, more needs room in the budget.
pub async fn settle(tx: &Connection, order: &Order) -> Result<(), Failure> {
    if is_charged(order) {
        let (ids, amounts): (Vec<Uuid>, Vec<Decimal>) = order.lines.iter().map(|line| (line.id, line.amount)).unzip();
        budget::settle(tx, &ids, &amounts).await?;
    }
    Ok(())
}

/// Lines of an order whose contract is over take what was used of them, and never more than they took: nothing at all gives all of it back.
pub async fn keep_used(tx: &mut Connection, order: &Order, used: &[Decimal]) -> Result<(), Failure> {
    if used.iter().all(Decimal::is_zero) {
        return budget::give_back(tx, order.row.id).await;
    }
    let (mut lines, mut amounts) = (Vec::new(), Vec::new());
    for taken in budget::of_order(tx, order.row.id).await? {
        let used = order.lines.iter().zip(used).find(|(line, _)| line.id == taken.order_line_id).map(|(_, used)| *used);
        lines.push(taken.order_line_id);
        amounts.push(used.unwrap_or_default().min(taken.amount));
    }
    budget::settle(tx, &lines, &amounts).await
}

/// What the buyer waits for takes from the budgets that the order took from.
pub async fn pass_on(tx: &mut Connection, of: &Order, outcome: &Confirmed, rest: &[LineRow]) -> Result<(), Failure> {
    if !is_charged(of) {
        return Ok(());
    }
    let taken = budget::of_order(tx, of.row.id).await?;
    let open = of.lines.iter().zip(&outcome.lines).filter(|(_, confirmed)| !confirmed.backorder.is_zero());
    let rows: Vec<CommitmentRow> = open
        .zip(rest)
        .filter_map(|((line, _), rest)| {
            let budget = taken.iter().find(|one| one.order_line_id == line.id)?.budget_id;
            Some(CommitmentRow {
                order_line_id: rest.id,
                order_id: rest.order_id,
                budget_id: budget,
                amount: rest.amount,
            })
        })
        .collect();
    budget::commit(tx, &rows).await
}

/// Whether an order is charged to cost centres.
pub fn is_charged(order: &Order) -> bool {
    order.row.cost_centre_id.is_some() || order.lines.iter().any(|line| line.cost_centre_id.is_some())
}

/// The cost centre of each line.
pub fn centres_of(priced: &Priced, of_order: Option<Uuid>) -> Vec<Option<Uuid>> {
    let own = |id| priced.details.get(id).and_then(|said| said.cost_centre_id);
    priced.lines.iter().map(|line| own(&line.id).or(of_order)).collect()
}
