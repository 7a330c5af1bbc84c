//! Submitting an order to the approval policy in force.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::kernel::{ApprovalId, ApprovalStepId, CategoryId, CostCentreId, Findings, OfferId, PersonId};
use domain::ordering::approval::{LineFacts, RequiredStep, Round, RoundStep};
use domain::ordering::{OrderFrame, OrderState, OrderStep, confirm_by};
use infra::Failure;
use infra::db::Connection;
use infra::ordering::approval::{self, Approval, ApprovalRow, StepRow};
use infra::ordering::cost_centre;
use infra::ordering::order::{self, Order};
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use super::policy_dto::ApprovalPolicyData;
use super::{ESCALATION, EXPIRY};
use crate::command::Command;
use crate::ordering::cost_centre::charging::centres_of;
use crate::ordering::dto::OrderData;
use crate::ordering::place;
use crate::ordering::pricing::Priced;
use crate::ordering::usecase::{only_seller, sum, tell};

/// What the policy in force asks for.
pub struct Asked {
    policy_version: i64,
    expires_after_hours: u32,
    steps: Vec<RequiredStep>,
}

/// What the policy in force asks for before these lines are placed: nothing where there is none, or no rule is met.
pub async fn asked(
    tx: &mut Connection,
    command: &Command,
    priced: &Priced,
    of_order: Option<Uuid>,
) -> Result<Option<Asked>, Failure> {
    let Some((policy_version, document)) = &priced.terms.policy else { return Ok(None) };
    let Some(first) = priced.lines.first() else { return Ok(None) };
    let data: ApprovalPolicyData = serde_json::from_value(document.clone()).map_err(Failure::broken)?;
    let policy = data.parse()?;
    let facts = facts(tx, command, priced, of_order, policy.looks_at_categories()).await?;
    let steps = policy.required(&facts, first.amount.currency());
    let asked = Asked { policy_version: *policy_version, expires_after_hours: data.expires_after_hours, steps };
    Ok((!asked.steps.is_empty()).then_some(asked))
}

async fn facts(
    tx: &mut Connection,
    command: &Command,
    priced: &Priced,
    of_order: Option<Uuid>,
    with_categories: bool,
) -> Result<Vec<LineFacts>, Failure> {
    let centres = centres_of(priced, of_order);
    let ids: Vec<Uuid> = centres.iter().flatten().copied().collect();
    let owners: HashMap<Uuid, Uuid> = if ids.is_empty() {
        HashMap::new()
    } else {
        let rows = cost_centre::usable(tx, command.by.member()?.id, &ids).await?;
        rows.into_iter().map(|row| (row.id, row.owner_id)).collect()
    };
    let category = |offer: &OfferId| priced.offers.get(offer).and_then(|offer| offer.product.category_id);
    let paths: HashMap<Uuid, Vec<Uuid>> = if with_categories {
        let ids: Vec<Uuid> = priced.lines.iter().filter_map(|line| category(&line.offer)).collect();
        approval::category_paths(tx, &ids).await?
    } else {
        HashMap::new()
    };
    let line = |(line, centre): (&domain::ordering::PricedLine, Option<Uuid>)| LineFacts {
        seller: line.seller,
        cost_centre: centre.and_then(|id| Some((CostCentreId(id), PersonId(*owners.get(&id)?)))),
        categories: category(&line.offer)
            .and_then(|id| paths.get(&id))
            .map(|path| path.iter().copied().map(CategoryId).collect())
            .unwrap_or_default(),
        amount: line.amount,
    };
    Ok(priced.lines.iter().zip(centres).map(line).collect())
}

/// Keeps lines that were never a draft, and lets them wait for their approval.
pub async fn at_once(
    tx: &mut Connection,
    command: &Command,
    frame: &OrderFrame,
    data: &OrderData,
    priced: &Priced,
    asked: &Asked,
) -> Result<Order, Failure> {
    let mut new = place::new_draft(command, frame, data, priced, only_seller(priced), sum(priced)?);
    new.state = OrderState::Draft.after(OrderStep::Submit)?.code().to_owned();
    let lines = priced.rows(new.id, &priced.lines, false)?;
    let numbers = order::insert(tx, std::slice::from_ref(&new), &lines).await?;
    let order = Order { row: new.with_number(numbers.first().map_or(0, |(_, number)| *number)), lines };
    begin(tx, command, &order, priced, asked).await?;
    Ok(order)
}

/// Lets a kept draft wait for its approval, at the prices it shows.
pub async fn draft(
    tx: &mut Connection,
    command: &Command,
    mut draft: Order,
    priced: &Priced,
    asked: &Asked,
) -> Result<Order, Failure> {
    place::check_prices(&draft.lines, &priced.lines)?;
    draft.row.state = OrderState::parse(&draft.row.state)?.after(OrderStep::Submit)?.code().to_owned();
    draft.row.reason = None;
    draft.row.version += 1;
    order::update(tx, &draft.row).await?;
    begin(tx, command, &draft, priced, asked).await?;
    Ok(draft)
}

async fn begin(
    tx: &mut Connection,
    command: &Command,
    order: &Order,
    priced: &Priced,
    asked: &Asked,
) -> Result<(), Failure> {
    check_lines(order)?;
    let of = command.by.member()?.id;
    let mut requesters = approval::authors(tx, order.row.id).await?;
    requesters.push(priced.terms.person);
    requesters.sort_unstable();
    requesters.dedup();
    let staff = approval::staff(tx, of, command.at).await?;
    let people = requesters.iter().copied().map(PersonId).collect();
    let round = Round::begin(people, &asked.steps, || command.id(), &staff.members)?;
    let expires_at = confirm_by(command.at, asked.expires_after_hours);
    let row = ApprovalRow {
        id: command.id::<ApprovalId>().0,
        order_id: order.row.id,
        round: approval::next_round(tx, order.row.id).await?,
        organisation_id: of.0,
        policy_version: asked.policy_version,
        requesters,
        state: "open".into(),
        submitted_at: command.at,
        expires_at,
        ended_at: None,
    };
    let steps = round.steps.iter().zip(&asked.steps).map(|(step, required)| step_row(command, &row, step, required));
    let approval = Approval { steps: steps.collect(), row, decisions: Vec::new() };
    approval::insert(tx, &approval).await?;
    timer::set(tx, EXPIRY, order.row.id, expires_at).await?;
    let opened: Vec<ApprovalStepId> =
        approval.steps.iter().filter(|step| step.state == "open").map(|step| ApprovalStepId(step.id)).collect();
    set_escalations(tx, command, &approval, &opened).await?;
    tell(command, "order.submitted", order, json!({"round": approval.row.round, "steps": approval.steps.len()}));
    Ok(())
}

/// An order without lines is not submitted either.
fn check_lines(order: &Order) -> Result<(), Failure> {
    let mut findings = Findings::default();
    if order.lines.is_empty() {
        findings.add(domain::kernel::Kind::EmptyOrder, "/lines", "empty_order", "The order has no lines.");
    }
    Ok(findings.result()?)
}

fn step_row(command: &Command, of: &ApprovalRow, step: &RoundStep, required: &RequiredStep) -> StepRow {
    let number = |value: usize| i32::try_from(value).unwrap_or(i32::MAX);
    let escalation = required.escalation.as_ref();
    StepRow {
        id: step.id.0,
        approval_id: of.id,
        organisation_id: of.organisation_id,
        chain: number(step.chain),
        position: number(step.position),
        name: step.name.clone(),
        state: step.state.code().to_owned(),
        persons: step.persons.iter().map(|person| person.0).collect(),
        roles: step.roles.iter().map(|role| role.code().to_owned()).collect(),
        quorum: number(step.quorum),
        escalate_after_hours: escalation.and_then(|one| i32::try_from(one.after_hours).ok()),
        escalate_persons: escalation.map(|one| one.persons.iter().map(|p| p.0).collect()).unwrap_or_default(),
        escalate_roles: escalation
            .map(|one| one.roles.iter().map(|role| role.code().to_owned()).collect())
            .unwrap_or_default(),
        opened_at: (step.state.code() == "open").then_some(command.at),
        escalated_at: None,
    }
}

/// Steps that open escalate after their time.
pub(super) async fn set_escalations(
    tx: &Connection,
    command: &Command,
    of: &Approval,
    opened: &[ApprovalStepId],
) -> Result<(), Failure> {
    for step in of.steps.iter().filter(|step| opened.contains(&ApprovalStepId(step.id))) {
        if let Some(hours) = step.escalate_after_hours {
            let due = command.at.checked_add_signed(TimeDelta::hours(hours.into()));
            timer::set(tx, ESCALATION, step.id, due.unwrap_or(command.at)).await?;
        }
    }
    Ok(())
}
