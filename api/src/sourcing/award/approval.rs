//! The consent that the buyer's approval policy asks for before an award is announced.

use std::collections::HashMap;

use domain::kernel::{CategoryId, OrganisationId, RfqAwardId};
use domain::ordering::approval::{Decision, LineFacts, Outcome, Policy, Round};
use domain::sourcing::{Award, AwardPart, AwardState, AwardStep, Subject, Terms};
use infra::Failure;
use infra::db::Connection;
use infra::ordering::approval;
use infra::ordering::terms;
use infra::sourcing::approval::KeptRound;
use infra::sourcing::award;
use serde_json::json;
use uuid::Uuid;

use super::dto::AwardDto;
use super::held::{self, Held, Side, check_side, known, unknown};
use super::{announce, end, read};
use crate::command::Command;
use crate::http::answer::Answer;
use crate::ordering::approval::policy_dto::ApprovalPolicyData;
use crate::ordering::rights;
use crate::secret::SecretKey;
use crate::sourcing::access::Seen;
use crate::sourcing::rfq::usecase::buyer;
use crate::sourcing::tell::tell;

/// What an award needs before it is announced.
pub struct Asked {
    /// Who may not consent: who asked for quotes, and who decided.
    pub requesters: Vec<Uuid>,
    /// The steps that the policy in this version asks for; none where nobody is asked.
    pub round: Option<(i64, Round)>,
}

/// What the policy in force asks for before this is announced.
pub async fn asked(tx: &mut Connection, command: &Command, request: &Seen, made: &Award) -> Result<Asked, Failure> {
    let (own, actor) = (buyer(&request.row), command.by.actor_id().unwrap_or_default());
    // For a machine it is who made it.
    let in_force = terms::load(tx, own, actor, &[]).await?;
    let mut requesters: Vec<Uuid> = request.row.author_id.into_iter().chain([in_force.person]).collect();
    requesters.sort_unstable();
    requesters.dedup();
    let Some((version, document)) = in_force.policy else { return Ok(Asked { requesters, round: None }) };
    let data: ApprovalPolicyData = serde_json::from_value(document).map_err(Failure::broken)?;
    let policy = data.parse()?;
    let facts = facts(tx, &policy, &request.terms, made).await?;
    let steps = policy.required(&facts, request.terms.comparison_currency());
    if steps.is_empty() {
        return Ok(Asked { requesters, round: None });
    }
    let staff = approval::staff(tx, own, command.at).await?;
    let people = requesters.iter().copied().map(Into::into).collect();
    let round = Round::begin(people, &steps, || command.id(), &staff.members)?;
    Ok(Asked { requesters, round: Some((version, round)) })
}

/// What a policy looks at: one amount for each winner, in the currency of comparison.
async fn facts(tx: &mut Connection, policy: &Policy, terms: &Terms, made: &Award) -> Result<Vec<LineFacts>, Failure> {
    let categories = if policy.looks_at_categories() { categories_of(tx, terms).await? } else { HashMap::new() };
    let fact = |part: &AwardPart| {
        let mut above: Vec<Uuid> =
            part.lines.iter().filter_map(|line| categories.get(&line.line)).flatten().copied().collect();
        above.sort_unstable();
        above.dedup();
        LineFacts {
            seller: part.quoter,
            cost_centre: None,
            categories: above.into_iter().map(CategoryId).collect(),
            amount: Some(part.net_compared),
        }
    };
    Ok(made.parts.iter().map(fact).collect())
}

/// For each line the category that it asks for, or that of its product, with all above it.
async fn categories_of(tx: &mut Connection, terms: &Terms) -> Result<HashMap<u16, Vec<Uuid>>, Failure> {
    let products: Vec<Uuid> = terms.lines.iter().filter_map(|line| product(line.subject)).collect();
    let products = award::products(tx, &products).await?;
    let category = |subject: Subject| match subject {
        Subject::FreeText => None,
        Subject::Category(id) => Some(id.0),
        Subject::Product(id) => products.iter().find(|one| one.id == id.0)?.category_id,
    };
    let by_line: Vec<(u16, Uuid)> =
        terms.lines.iter().filter_map(|line| Some((line.number, category(line.subject)?))).collect();
    let ids: Vec<Uuid> = by_line.iter().map(|(_, id)| *id).collect();
    let paths = approval::category_paths(tx, &ids).await?;
    Ok(by_line.into_iter().filter_map(|(line, id)| Some((line, paths.get(&id)?.clone()))).collect())
}

fn product(subject: Subject) -> Option<Uuid> {
    match subject {
        Subject::Product(id) => Some(id.0),
        Subject::FreeText | Subject::Category(_) => None,
    }
}

/// Somebody who is asked consents to all that was decided together. The last consent announces it.
pub async fn approve(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    id: RfqAwardId,
    reason: Option<&str>,
) -> Result<Answer<AwardDto>, Failure> {
    let (mut held, outcome) = decided(tx, command, id, Decision::Approve, reason).await?;
    let told = json!({"decision_id": held.decision.id, "final": outcome.end.is_some(), "steps": step_ids(&outcome)});
    tell(command, "rfq.award_approved", &held.request, &[held.request.buyer_id], told);
    if outcome.end.is_some() {
        announce::announce(tx, command, key, &mut held).await?;
    }
    answer(tx, &held, id).await
}

/// Somebody who is asked rejects all that was decided together. The buyer decides anew.
pub async fn reject(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    id: RfqAwardId,
    reason: &str,
) -> Result<Answer<AwardDto>, Failure> {
    let (mut held, outcome) = decided(tx, command, id, Decision::Reject, Some(reason)).await?;
    let mut waiting = Vec::new();
    for award in &held.awards {
        if award.state()? == AwardState::AwaitingApproval {
            waiting.push(RfqAwardId(award.id));
        }
    }
    for award in waiting {
        end::end(tx, command, key, &mut held, award, (AwardStep::Refuse, reason)).await?;
    }
    let told = json!({"decision_id": held.decision.id, "reason": reason, "steps": step_ids(&outcome)});
    tell(command, "rfq.award_rejected", &held.request, &[held.request.buyer_id], told);
    answer(tx, &held, id).await
}

async fn answer(tx: &mut Connection, held: &Held, id: RfqAwardId) -> Result<Answer<AwardDto>, Failure> {
    let row = held.award(id)?;
    Ok(Answer::ok(read::shown(tx, row, Side::Buyer).await?).version(row.version))
}

/// A decision that waits, held, after somebody has decided on it; what they decided is kept.
async fn decided(
    tx: &mut Connection,
    command: &Command,
    id: RfqAwardId,
    decision: Decision,
    reason: Option<&str>,
) -> Result<(Held, Outcome), Failure> {
    let (found, side) = known(tx, &command.by, id).await?;
    check_side(side, Side::Buyer)?;
    let own: OrganisationId = command.by.require(rights::APPROVE)?;
    let by = command.by.person()?;
    let mut held = held::lock(tx, found.decision_id).await?.ok_or_else(unknown)?;
    let step = if decision == Decision::Approve { AwardStep::Approve } else { AwardStep::Refuse };
    held.award(id)?.state()?.after(step)?;
    let kept = KeptRound::of(&held.decision)?;
    let mut kept = kept.ok_or_else(|| Failure::broken("an award waits for consent that nobody is asked for"))?;
    let mut round = kept.round(&held.decision.requesters)?;
    let staff = approval::staff(tx, own, command.at).await?;
    let outcome = round.decide(by, decision, &staff, command.at)?;
    kept.decided(&round, &outcome, decision, (reason, command.at));
    held.decision.approval = Some(serde_json::to_value(&kept).map_err(Failure::broken)?);
    award::update_decision(tx, &held.decision).await?;
    Ok((held, outcome))
}

fn step_ids(outcome: &Outcome) -> Vec<String> {
    outcome.decided.iter().map(|(step, _)| step.to_string()).collect()
}
