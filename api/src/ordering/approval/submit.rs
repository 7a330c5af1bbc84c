//! Submitting an order to the approval policy in force.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::kernel::{
    ApprovalId, ApprovalStepId, CategoryId, CostCentreId, Currency, Findings, Money, OfferId, OrganisationId, PersonId,
    Timestamp,
};
use domain::ordering::approval::{LineFacts, Policy, RequiredStep, Round, RoundStep};
use domain::ordering::{Confirmed, FreightTerms, OrderFrame, OrderState, OrderStep, confirm_by};
use infra::Failure;
use infra::catalogue::offer;
use infra::db::Connection;
use infra::ordering::approval::{self, Approval, ApprovalRow, StepRow};
use infra::ordering::cost_centre;
use infra::ordering::order::{self, LineRow, Order};
use infra::ordering::terms::Terms;
use infra::timer;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::policy_dto::ApprovalPolicyData;
use super::{ESCALATION, EXPIRY};
use crate::command::Command;
use crate::ordering::backorder;
use crate::ordering::cost_centre::charging::centres_of;
use crate::ordering::dto::OrderData;
use crate::ordering::place;
use crate::ordering::pricing::Priced;
use crate::ordering::usecase::{only_seller, sum, tell_buyer};

/// What the policy in force asks for.
pub struct Asked {
    policy_version: i64,
    expires_after_hours: u32,
    steps: Vec<RequiredStep>,
    /// Who counts as the one who orders.
    person: Uuid,
}

/// What consent is asked for: a line, or the freight that a seller may add to its order.
#[derive(Clone)]
struct Cost {
    seller: OrganisationId,
    centre: Option<Uuid>,
    category: Option<Uuid>,
    /// None is any amount.
    amount: Option<Money>,
}

/// What the policy in force asks for before these lines are placed: nothing where there is none, or no rule is met.
pub async fn asked(
    tx: &mut Connection,
    frame: &OrderFrame,
    priced: &Priced,
    of_order: Option<Uuid>,
) -> Result<Option<Asked>, Failure> {
    let category = |offer: &OfferId| priced.offers.get(offer).and_then(|offer| offer.product.category_id);
    let mut costs: Vec<Cost> = priced
        .lines
        .iter()
        .zip(centres_of(priced, of_order))
        .map(|(line, centre)| Cost {
            seller: line.seller,
            centre,
            category: category(&line.offer),
            amount: Some(line.amount),
        })
        .collect();
    let mut with_freight: Vec<Cost> = Vec::new();
    for cost in &costs {
        if with_freight.iter().all(|one| one.seller != cost.seller) {
            with_freight.extend(freight(cost, of_order, frame.freight));
        }
    }
    costs.extend(with_freight);
    let Some((policy, asked)) = in_force(&priced.terms)? else { return Ok(None) };
    let facts = facts(tx, frame.buyer, &costs, &policy).await?;
    Ok(Some(Asked { steps: policy.required(&facts, frame.currency), ..asked }).filter(|asked| !asked.steps.is_empty()))
}

/// What the policy in force asks for before a confirmation is accepted that may cost more than what was ordered.
pub async fn asked_for_more(
    tx: &mut Connection,
    terms: &Terms,
    held: &Order,
    outcome: &Confirmed,
) -> Result<Option<Asked>, Failure> {
    let ids: Vec<Uuid> = held.lines.iter().map(|line| line.offer_id).collect();
    let buyer = OrganisationId(held.row.buyer_id);
    let Some((policy, asked)) = in_force(terms)? else { return Ok(None) };
    let currency = Currency::parse(&held.row.currency)?;
    let offers = if policy.looks_at_categories() { offer::load(tx, &ids).await? } else { Vec::new() };
    let category = |line: &LineRow| offers.iter().find(|one| one.row.id == line.offer_id)?.product.category_id;
    let (mut before, mut now) = (Vec::new(), Vec::new());
    for (line, confirmed) in held.lines.iter().zip(&outcome.lines) {
        let cost = Cost {
            seller: OrganisationId(line.seller_id),
            centre: line.cost_centre_id.or(held.row.cost_centre_id),
            category: category(line),
            amount: Some(Money::new(line.amount, currency)?),
        };
        let with_rest = confirmed.amount.amount() + backorder::amount(line, confirmed, currency)?.amount();
        now.push(Cost { amount: Some(Money::new(with_rest, currency)?), ..cost.clone() });
        before.push(cost);
    }
    let limit = held.row.freight_limit.map(|limit| Money::new(limit, currency)).transpose()?;
    let terms = FreightTerms::parse(&held.row.freight_terms, limit, currency)?;
    if let Some(approved) = before.first().and_then(|cost| freight(cost, held.row.cost_centre_id, terms)) {
        let added = outcome.freight.map_or(Money::new(Decimal::ZERO, currency), Ok)?;
        now.push(Cost { amount: Some(added), ..approved.clone() });
        before.push(approved);
    }
    let before = facts(tx, buyer, &before, &policy).await?;
    let now = facts(tx, buyer, &now, &policy).await?;
    let steps = policy.required_for_more(&before, &now, currency);
    Ok(Some(Asked { steps, ..asked }).filter(|asked| !asked.steps.is_empty()))
}

/// The policy in force, if there is one, and what is asked with it: no steps yet.
fn in_force(terms: &Terms) -> Result<Option<(Policy, Asked)>, Failure> {
    let Some((policy_version, document)) = &terms.policy else { return Ok(None) };
    let data: ApprovalPolicyData = serde_json::from_value(document.clone()).map_err(Failure::broken)?;
    let asked = Asked {
        policy_version: *policy_version,
        expires_after_hours: data.expires_after_hours,
        steps: Vec::new(),
        person: terms.person,
    };
    Ok(Some((data.parse()?, asked)))
}

/// The freight that the seller of a line may add to its order: charged where the order is, or else where the line is.
fn freight(line: &Cost, of_order: Option<Uuid>, terms: FreightTerms) -> Option<Cost> {
    let amount = match terms {
        FreightTerms::Included => return None,
        FreightTerms::Added { limit } => limit,
    };
    let is_nothing = amount.is_some_and(|limit| limit.amount().is_zero());
    (!is_nothing).then(|| Cost { seller: line.seller, centre: of_order.or(line.centre), category: None, amount })
}

async fn facts(
    tx: &mut Connection,
    buyer: OrganisationId,
    costs: &[Cost],
    policy: &Policy,
) -> Result<Vec<LineFacts>, Failure> {
    let ids: Vec<Uuid> = costs.iter().filter_map(|cost| cost.centre).collect();
    let owners: HashMap<Uuid, Uuid> =
        if ids.is_empty() { HashMap::new() } else { cost_centre::owners(tx, buyer, &ids).await? };
    let paths: HashMap<Uuid, Vec<Uuid>> = if policy.looks_at_categories() {
        let ids: Vec<Uuid> = costs.iter().filter_map(|cost| cost.category).collect();
        approval::category_paths(tx, &ids).await?
    } else {
        HashMap::new()
    };
    let of_cost = |cost: &Cost| LineFacts {
        seller: cost.seller,
        cost_centre: cost.centre.and_then(|id| Some((CostCentreId(id), PersonId(*owners.get(&id)?)))),
        categories: cost
            .category
            .and_then(|id| paths.get(&id))
            .map(|path| path.iter().copied().map(CategoryId).collect())
            .unwrap_or_default(),
        amount: cost.amount,
    };
    Ok(costs.iter().map(of_cost).collect())
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
    let mut new = place::new_draft(command, frame, data, only_seller(priced), sum(priced)?);
    new.state = OrderState::Draft.after(OrderStep::Submit)?.code().to_owned();
    let lines = priced.rows(new.id, &priced.lines, false)?;
    let numbers = order::insert(tx, std::slice::from_ref(&new), &lines).await?;
    let order = Order { row: new.with_number(numbers.first().map_or(0, |(_, number)| *number)), lines };
    begin_placing(tx, command, &order, asked).await?;
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
    place::check_prices(&draft.lines, priced)?;
    draft.row.state = OrderState::parse(&draft.row.state)?.after(OrderStep::Submit)?.code().to_owned();
    draft.row.reason = None;
    draft.row.version += 1;
    order::update(tx, &draft.row).await?;
    begin_placing(tx, command, &draft, asked).await?;
    Ok(draft)
}

/// What waits to be placed is given up after the policy's time.
async fn begin_placing(tx: &mut Connection, command: &Command, order: &Order, asked: &Asked) -> Result<(), Failure> {
    let expires_at = confirm_by(command.at, asked.expires_after_hours);
    timer::set(tx, EXPIRY, order.row.id, expires_at).await?;
    begin(tx, command, order, asked, expires_at).await
}

/// A run of the order through the policy. Nobody decides on it after it has expired.
pub async fn begin(
    tx: &mut Connection,
    command: &Command,
    order: &Order,
    asked: &Asked,
    expires_at: Timestamp,
) -> Result<(), Failure> {
    check_lines(order)?;
    let of = command.by.member()?.id;
    let mut requesters = approval::authors(tx, order.row.id).await?;
    requesters.push(asked.person);
    requesters.sort_unstable();
    requesters.dedup();
    let staff = approval::staff(tx, of, command.at).await?;
    let people = requesters.iter().copied().map(PersonId).collect();
    let round = Round::begin(people, &asked.steps, || command.id(), &staff.members)?;
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
    let opened: Vec<ApprovalStepId> =
        approval.steps.iter().filter(|step| step.state == "open").map(|step| ApprovalStepId(step.id)).collect();
    set_escalations(tx, command, &approval, &opened).await?;
    tell_buyer(command, "order.submitted", order, json!({"round": approval.row.round, "steps": approval.steps.len()}));
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
