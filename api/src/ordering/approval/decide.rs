//! Deciding on orders that wait: consent, rejection, escalation and the end of waiting.

use domain::kernel::{ApprovalStepId, BudgetId, OrderId, OrderLineId, Refusal};
use domain::ordering::approval::{Decision, Outcome, Round};
use domain::ordering::{OrderState, OrderStep};
use infra::Failure;
use infra::db::Connection;
use infra::ordering::approval::{self, Approval, DecisionRow};
use infra::ordering::budget;
use infra::ordering::order::{self, Order};
use infra::timer;
use serde_json::json;

use super::EXPIRY;
use super::submit::set_escalations;
use crate::app::App;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::ordering::cost_centre::charging;
use crate::ordering::credit::exposure;
use crate::ordering::dto::{OrderData, OrderDto, Orders, Reason};
use crate::ordering::pricing::{frame, kept, kept_details, price};
use crate::ordering::usecase::{orders, tell_buyer, unknown};
use crate::ordering::{confirmation, decide, place, rights, sight};

/// An order that waits, held, with its open run.
struct Waiting {
    order: Order,
    approval: Approval,
    round: Round,
}

/// Somebody who is asked consents. The last consent places the order at the prices it was approved at, or accepts what its seller would
/// confirm.
pub async fn approve(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: OrderId,
    expected: i64,
    reason: &Reason,
    languages: &[String],
) -> Result<Answer<Orders>, Failure> {
    let waiting = decided(tx, command, (id, expected), Decision::Approve, reason.reason.as_deref()).await?;
    let (Waiting { mut order, .. }, outcome) = waiting;
    if outcome.end.is_some() {
        let placed = match OrderState::parse(&order.row.state)? {
            OrderState::ConfirmationInApproval => vec![accept_approved(tx, app, command, order).await?],
            _ => place_approved(tx, app, command, order).await?,
        };
        return Ok(Answer::ok(orders(&placed, &command.by, languages)?));
    }
    order.row.version += 1;
    order::update(tx, &order.row).await?;
    tell_buyer(command, "order.approved", &order, json!({"final": false, "steps": step_ids(&outcome)}));
    let version = order.row.version;
    Ok(Answer::ok(orders(&[order], &command.by, languages)?).version(version))
}

/// Somebody who is asked rejects. The order is a draft again, and what it took of budgets comes back; if its seller would confirm it
/// with changes, these are refused.
pub async fn reject(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: OrderId,
    expected: i64,
    reason: &str,
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    let (Waiting { mut order, .. }, outcome) =
        decided(tx, command, (id, expected), Decision::Reject, Some(reason)).await?;
    let told = json!({"reason": reason, "steps": step_ids(&outcome)});
    let before = OrderState::parse(&order.row.state)?;
    if before == OrderState::ConfirmationInApproval {
        // Why is a matter of the buyer's company.
        let silent = Reason::default();
        let order = confirmation::drop_open(tx, app, command, order, ("refused", "rejected", &silent)).await?;
        tell_buyer(command, "order.rejected", &order, told);
        return Ok(Answer::ok(OrderDto::of(&order, &command.by, languages)?).version(order.row.version));
    }
    order.row.state = before.after(OrderStep::Reject)?.code().to_owned();
    order.row.reason = Some(reason.to_owned());
    order.row.version += 1;
    approval::end(tx, order.row.id, "rejected", command.at).await?;
    {
        let tx = &*tx;
        futures::try_join!(
            order::update(tx, &order.row),
            timer::clear(tx, EXPIRY, order.row.id),
            budget::give_back(tx, order.row.id),
        )?;
    }
    tell_buyer(command, "order.rejected", &order, told);
    Ok(Answer::ok(OrderDto::of(&order, &command.by, languages)?).version(order.row.version))
}

/// The order with its run after somebody has decided; the decision is kept.
async fn decided(
    tx: &mut Connection,
    command: &Command,
    read: (OrderId, i64),
    decision: Decision,
    reason: Option<&str>,
) -> Result<(Waiting, Outcome), Failure> {
    let mut waiting = lock(tx, command, read, decision).await?;
    let by = command.by.person()?;
    let of = command.by.member()?.id;
    let staff = approval::staff(tx, of, command.at).await?;
    let outcome = waiting.round.decide(by, decision, &staff, command.at)?;
    let code = if decision == Decision::Approve { "approved" } else { "rejected" };
    let rows: Vec<DecisionRow> = outcome
        .decided
        .iter()
        .map(|(step, decided)| DecisionRow {
            id: command.id(),
            step_id: step.0,
            decision: code.to_owned(),
            decided_by: decided.by.0,
            on_behalf_of: decided.on_behalf_of.0,
            reason: reason.map(str::to_owned),
            decided_at: command.at,
        })
        .collect();
    approval::decide(tx, &rows, &waiting.round.steps, &outcome.opened, command.at).await?;
    set_escalations(tx, command, &waiting.approval, &outcome.opened).await?;
    Ok((waiting, outcome))
}

/// An order of the caller's organisation that the caller sees and that waits, held: in the version that the caller has read.
async fn lock(
    tx: &mut Connection,
    command: &Command,
    (id, expected): (OrderId, i64),
    decision: Decision,
) -> Result<Waiting, Failure> {
    let own = command.by.member()?.id;
    let order = order::lock(tx, own, id).await?.filter(|order| order.row.buyer_id == own.0).ok_or_else(unknown)?;
    sight::check(tx, &command.by, command.at, &order).await?;
    command.by.require(rights::APPROVE)?;
    let step = if decision == Decision::Approve { "approved" } else { "rejected" };
    let state = OrderState::parse(&order.row.state)?;
    let wrong = || Refusal::wrong_state("order", state.code(), step);
    if !matches!(state, OrderState::AwaitingApproval | OrderState::ConfirmationInApproval) {
        return Err(wrong().into());
    }
    let approval = approval::open(tx, order.row.id).await?.ok_or_else(wrong)?;
    if approval.row.expires_at <= command.at {
        return Err(Refusal::wrong_state("order", OrderState::Expired.code(), step).into());
    }
    check_version(order.row.version, expected)?;
    let round = approval.round()?;
    Ok(Waiting { order, approval, round })
}

/// Accepts what the seller would confirm, now that everybody has consented to what it costs.
async fn accept_approved(tx: &mut Connection, app: &App, command: &Command, order: Order) -> Result<Order, Failure> {
    tell_buyer(command, "order.approved", &order, json!({"final": true}));
    approval::end(tx, order.row.id, "approved", command.at).await?;
    confirmation::bind_open(tx, app, command, order).await
}

/// Places an order that everybody has consented to, as it was approved: changed prices are refused, and the stock is taken only now.
async fn place_approved(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    order: Order,
) -> Result<Vec<Order>, Failure> {
    let id = order.row.id;
    let frame = frame(&OrderData::of(&order)?, command.by.member()?.id)?;
    let mut priced = price(tx, command, &frame, &kept(&order.lines)?, true).await?;
    priced.details = kept_details(&order.lines);
    let taken = budget::of_order(tx, id).await?;
    for one in &taken {
        priced.details.entry(OrderLineId(one.order_line_id)).or_default().budget = Some(BudgetId(one.budget_id));
    }
    tell_buyer(command, "order.approved", &order, json!({"final": true}));
    let mut placed = place::draft(tx, app, command, &frame, order, &mut priced).await?;
    exposure::placed(tx, command, &priced, &mut placed).await?;
    if placed.iter().all(|order| order.row.id != id) && !taken.is_empty() {
        budget::pass_on(tx, id, &charging::commitments(&priced, &placed)).await?;
    }
    approval::end(tx, id, "approved", command.at).await?;
    timer::clear(tx, EXPIRY, id).await?;
    Ok(placed)
}

/// Nobody brought the approval to its end in time. Does nothing if the order has moved on meanwhile.
pub async fn expire(tx: &mut Connection, command: &Command, id: OrderId) -> Result<(), Failure> {
    let Some(held) = order::lock_any(tx, id).await? else { return Ok(()) };
    let open = approval::open(tx, held.row.id).await?;
    let due = open.is_some_and(|approval| approval.row.expires_at <= command.at);
    if due && OrderState::parse(&held.row.state)? == OrderState::AwaitingApproval {
        decide::end(tx, command, held, OrderStep::Expire, None, &[]).await?;
    }
    Ok(())
}

/// A step was open for so long that others are asked as well. Does nothing if it was decided meanwhile.
pub async fn escalate(tx: &mut Connection, command: &Command, id: ApprovalStepId) -> Result<(), Failure> {
    let Some((step, order, version)) = approval::lock_step(tx, id).await? else { return Ok(()) };
    if step.escalated_at.is_some() {
        return Ok(());
    }
    approval::escalate(tx, &step, command.at).await?;
    let subject = Subject { kind: "order", id: order, version };
    let data = json!({"step_id": step.id, "step": step.name});
    command.event("order.approval_escalated", subject, None, &[step.organisation_id], data);
    Ok(())
}

/// Who changes an order that waits begins anew: its run ends, and it is a draft. What it took of budgets is given back by the caller, once
/// the stock is held.
pub async fn restart(tx: &mut Connection, command: &Command, order: &mut Order) -> Result<(), Failure> {
    order.row.state = OrderState::parse(&order.row.state)?.after(OrderStep::Edit)?.code().to_owned();
    approval::end(tx, order.row.id, "restarted", command.at).await?;
    timer::clear(tx, EXPIRY, order.row.id).await
}

fn step_ids(outcome: &Outcome) -> Vec<String> {
    outcome.decided.iter().map(|(step, _)| step.to_string()).collect()
}
