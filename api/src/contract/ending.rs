//! What becomes of the order that a contract was made of, once the contract is over.

use domain::kernel::{ContractId, Currency, OrderId};
use infra::Failure;
use infra::billing::invoice;
use infra::contract::store::Contract;
use infra::db::Connection;
use infra::ordering::order::{self, Order};
use rust_decimal::Decimal;

use crate::billing::usecase::billable;
use crate::ordering::cost_centre::charging;

/// The order of a contract that is over takes of its budgets only what was delivered or invoiced. Gives the order, held, if there is
/// one: its credit is freed by whoever calls, last of all, since credit lines are held after everything else.
pub(super) async fn settle_budgets(tx: &mut Connection, of: &Contract) -> Result<Option<Order>, Failure> {
    if of.row.origin_kind != "order" {
        return Ok(None);
    }
    let held = order::lock_any(tx, OrderId(of.row.origin_id)).await?;
    let held = held.ok_or_else(|| Failure::broken("a contract of no order"))?;
    if charging::is_charged(&held) {
        let used = used(tx, of, &held).await?;
        charging::keep_used(tx, &held, &used).await?;
    }
    Ok(Some(held))
}

/// What was invoiced of each line of the order, and what is to be invoiced still, without tax; what is on its way, by about its weight.
async fn used(tx: &mut Connection, of: &Contract, order: &Order) -> Result<Vec<Decimal>, Failure> {
    let currency = Currency::parse(&of.row.currency)?;
    let invoiced = invoice::net_of_lines(tx, ContractId(of.row.id)).await?;
    // What was confirmed of the order became the goods of the contract, in the same order.
    let mut goods = of.lines.iter().filter(|line| line.kind == "goods");
    let mut used = Vec::new();
    for line in &order.lines {
        let agreed = line.confirmed_quantity.filter(|quantity| !quantity.is_zero()).and_then(|_| goods.next());
        let Some(agreed) = agreed else {
            used.push(Decimal::ZERO);
            continue;
        };
        let weight = of.weights.iter().find(|weight| weight.contract_line_id == agreed.id);
        let billable = billable(agreed, weight, currency)?;
        let coming = (agreed.despatched - agreed.received) * weight.map_or(Decimal::ONE, |weight| weight.nominal);
        let open = (billable.delivered + coming - billable.invoiced).max(Decimal::ZERO);
        let open = billable.unit_price.line_amount(open, billable.discount_percent)?.amount();
        let sum = open + invoiced.get(&agreed.id).copied().unwrap_or_default();
        // What weighed more than was ordered does not take more of the budget afterwards.
        used.push(sum.min(line.amount));
    }
    Ok(used)
}
