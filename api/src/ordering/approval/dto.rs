//! Approvals and delegations in JSON.

use domain::ordering::approval::Staff;
use infra::Failure;
use infra::ordering::approval::{Approval, DecisionRow, StepRow};
use infra::ordering::delegation::DelegationRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::Time;
use crate::ordering::dto::OrderDto;

/// Somebody stands in for somebody else.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "0190b5a0-0000-7000-8000-000000000005", "ends_at": "2027-01-11T00:00:00Z"}))]
pub struct DelegationData {
    /// You by default; owners and admins may name anybody.
    pub from: Option<Uuid>,
    pub to: Uuid,
    /// Now by default.
    pub starts_at: Option<Time>,
    /// At most 366 days after the start.
    pub ends_at: Time,
}

/// A delegation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delegation)]
pub struct DelegationDto {
    pub id: Uuid,
    pub from: Uuid,
    pub to: Uuid,
    pub starts_at: Time,
    pub ends_at: Time,
}

impl From<&DelegationRow> for DelegationDto {
    fn from(row: &DelegationRow) -> Self {
        Self {
            id: row.id,
            from: row.from_id,
            to: row.to_id,
            starts_at: row.starts_at.into(),
            ends_at: row.ends_at.into(),
        }
    }
}

/// Which version of the policy.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PolicyQuery {
    /// The one in force by default.
    #[param(minimum = 0)]
    pub version: Option<i64>,
}

/// Which steps to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ApprovalQuery {
    /// `true` (default): what waits for you; `false`: all that waits in your organisation, for owners and admins.
    pub mine: Option<bool>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

/// Why an order is rejected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "We have enough of these."}))]
pub struct RejectionData {
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// All runs of an order through the approval policy, the first one first.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderApprovals {
    pub rounds: Vec<ApprovalDto>,
}

/// One run of an order through the policy that was in force when it was submitted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderApproval)]
pub struct ApprovalDto {
    pub id: Uuid,
    pub round: i32,
    pub policy_version: i64,
    /// `open`, `approved`, `rejected`, `restarted` (the order was changed), `cancelled` or `expired`.
    #[schema(example = "open")]
    pub state: String,
    /// Who ordered: none of them decides.
    pub requesters: Vec<Uuid>,
    pub submitted_at: Time,
    pub expires_at: Time,
    pub ended_at: Option<Time>,
    pub steps: Vec<ApprovalStepDto>,
}

/// A step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApprovalStep)]
pub struct ApprovalStepDto {
    pub id: Uuid,
    pub name: String,
    /// `waiting`, `open`, `approved`, `rejected`, or `void` where the run ended without it.
    #[schema(example = "open")]
    pub state: String,
    pub quorum: i32,
    /// Who may decide at this moment, themselves or by somebody who stands in; of an open step.
    pub approvers: Vec<Uuid>,
    pub opened_at: Option<Time>,
    pub escalated_at: Option<Time>,
    pub decisions: Vec<ApprovalDecisionDto>,
}

/// What somebody decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApprovalDecision)]
pub struct ApprovalDecisionDto {
    /// `approved` or `rejected`.
    #[schema(example = "approved")]
    pub decision: String,
    pub by: Uuid,
    /// Somebody else where `by` stood in for them.
    pub on_behalf_of: Uuid,
    pub reason: Option<String>,
    pub at: Time,
}

/// An order that waits for a decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingApproval {
    pub step_id: Uuid,
    pub step: String,
    /// For whom you would decide: you, or somebody whom you stand in for. None where it does not wait for you.
    pub on_behalf_of: Option<Uuid>,
    pub submitted_at: Time,
    pub expires_at: Time,
    pub order: OrderDto,
}

impl ApprovalDto {
    pub fn of(approval: &Approval, staff: &Staff) -> Result<Self, Failure> {
        let row = &approval.row;
        let round = approval.round()?;
        let step = |(index, step): (usize, &StepRow)| {
            let open = round.steps.get(index).filter(|_| step.state == "open");
            ApprovalStepDto {
                id: step.id,
                name: step.name.clone(),
                state: step.state.clone(),
                quorum: step.quorum,
                approvers: open
                    .map(|step| round.possible(step, &staff.members).into_iter().map(|person| person.0).collect())
                    .unwrap_or_default(),
                opened_at: step.opened_at.map(Time::from),
                escalated_at: step.escalated_at.map(Time::from),
                decisions: approval.decisions.iter().filter(|one| one.step_id == step.id).map(Into::into).collect(),
            }
        };
        Ok(Self {
            id: row.id,
            round: row.round,
            policy_version: row.policy_version,
            state: row.state.clone(),
            requesters: row.requesters.clone(),
            submitted_at: row.submitted_at.into(),
            expires_at: row.expires_at.into(),
            ended_at: row.ended_at.map(Time::from),
            steps: approval.steps.iter().enumerate().map(step).collect(),
        })
    }
}

impl From<&DecisionRow> for ApprovalDecisionDto {
    fn from(row: &DecisionRow) -> Self {
        Self {
            decision: row.decision.clone(),
            by: row.decided_by,
            on_behalf_of: row.on_behalf_of,
            reason: row.reason.clone(),
            at: row.decided_at.into(),
        }
    }
}
