//! Awards as they are sent in and shown.

use domain::kernel::QuoteId;
use domain::sourcing::{AwardInput, AwardLineInput, AwardPart, AwardedLine};
use infra::Failure;
use infra::sourcing::approval::{KeptDecision, KeptRound, KeptStep};
use infra::sourcing::award::{AwardRow, DecisionRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::{MoneyDto, QuantityDto, Time};

/// Who gets what: a quote as a whole, or lines one by one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqAwardData, example = json!({"lines": [
    {"line": 1, "quote_id": "0190b5a0-0000-7000-8000-000000000021", "quantity": "25"},
    {"line": 1, "quote_id": "0190b5a0-0000-7000-8000-000000000022", "quantity": "15"}],
    "reason": "The lowest prices; neither of them can deliver all of it."}))]
pub struct AwardData {
    /// The quote that gets all that it offers as asked for; or `lines`.
    pub quote_id: Option<Uuid>,
    #[serde(default)]
    #[schema(max_items = 2000)]
    pub lines: Vec<AwardLineData>,
    /// Winners and losers are told it.
    #[schema(min_length = 1, max_length = 5000)]
    pub reason: String,
}

/// A line, or a part of it, to one quote.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqAwardLineData)]
pub struct AwardLineData {
    pub line: u16,
    pub quote_id: Uuid,
    /// 0 is what was asked for; others are the alternatives of the quote.
    #[serde(default)]
    #[schema(default = 0)]
    pub variant: u8,
    /// In the line's unit; as much as the quote offers, if nothing is said.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: Option<String>,
}

/// Why an award is rejected, declined or taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqAwardReason, example = json!({"reason": "Our mill is closed until summer."}))]
pub struct AwardReason {
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Which awards of your company to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AwardQuery {
    /// `buyer`: those of your requests; `supplier`: those to your company, once they are announced.
    #[param(pattern = "^(buyer|supplier)$", default = "buyer")]
    pub side: Option<String>,
    /// `awaiting_approval`, `announced`, `concluded`, `refused`, `declined` or `rescinded`.
    pub state: Option<String>,
    /// How many items to give: 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// Where to go on: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// What is awarded to one quoter. Amounts are in the currency of its quote.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqAward)]
pub struct AwardDto {
    pub id: Uuid,
    /// Awards that were decided on together have the same.
    pub decision_id: Uuid,
    pub rfq_id: Uuid,
    pub quote_id: Uuid,
    pub quoter_id: Uuid,
    /// `awaiting_approval`, `announced`, `concluded`, `refused`, `declined` or `rescinded`.
    #[schema(example = "announced")]
    pub state: String,
    pub reason: String,
    pub lines: Vec<AwardedLineDto>,
    pub freight: MoneyDto,
    /// Lines and freight, without tax.
    pub net: MoneyDto,
    pub tax: MoneyDto,
    /// For the buyer: the net amount in the currency of comparison.
    pub net_compared: Option<MoneyDto>,
    /// When its contract can be made; null is at once.
    pub standstill_until: Option<Time>,
    pub contract_id: Option<Uuid>,
    /// Where the request asks for framework agreements.
    pub framework_id: Option<Uuid>,
    /// The document that tells the quoter.
    pub letter_id: Option<Uuid>,
    /// Why it came to nothing.
    pub end_reason: Option<String>,
    /// For the buyer: the consent that its approval policy asks for.
    pub approval: Option<AwardApprovalDto>,
    pub decided_at: Time,
    pub announced_at: Option<Time>,
    /// When it was concluded or came to nothing.
    pub ended_at: Option<Time>,
}

/// A line, or a part of it, as it is awarded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqAwardedLine)]
pub struct AwardedLineDto {
    pub line: u16,
    pub variant: u8,
    pub quantity: QuantityDto,
    /// For one of the unit.
    pub unit_price: MoneyDto,
    /// The quote's discount for the whole, where that is awarded.
    #[schema(example = "0")]
    pub discount_percent: String,
    /// Without tax.
    pub amount: MoneyDto,
    pub lead_time_days: u16,
}

/// A decision with all that it gives.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqDecision)]
pub struct DecisionDto {
    pub id: Uuid,
    pub rfq_id: Uuid,
    pub reason: String,
    /// Null where a machine decided.
    pub decided_by: Option<Uuid>,
    pub decided_at: Time,
    /// One for each winner.
    pub awards: Vec<AwardDto>,
}

/// The consent that a decision needs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqAwardApproval)]
pub struct AwardApprovalDto {
    /// Of the approval policy that asks for it.
    pub policy_version: i64,
    pub steps: Vec<AwardStepDto>,
}

/// A step of the consent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqAwardStep)]
pub struct AwardStepDto {
    pub id: Uuid,
    /// Chains run side by side.
    pub chain: usize,
    /// In a chain, the positions follow each other.
    pub position: usize,
    pub name: String,
    /// `waiting`, `open`, `approved` or `rejected`.
    #[schema(example = "open")]
    pub state: String,
    /// Who may decide: these people, and all who have one of these roles.
    pub persons: Vec<Uuid>,
    pub roles: Vec<String>,
    /// How many different people have to consent.
    pub quorum: usize,
    pub decisions: Vec<AwardDecisionDto>,
}

/// What somebody decided on a step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqAwardDecision)]
pub struct AwardDecisionDto {
    /// `approved` or `rejected`.
    #[schema(example = "approved")]
    pub decision: String,
    pub by: Uuid,
    /// Who counts: the same, or whom they stand in for.
    pub on_behalf_of: Uuid,
    pub reason: Option<String>,
    pub at: Time,
}

/// To whom what came to nothing could be awarded instead: `lines` can be sent in as an award as they are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqAwardProposal)]
pub struct ProposalDto {
    /// Empty if nothing is left to award, or nobody else offers it in full.
    pub lines: Vec<AwardLineData>,
}

/// What is shown of an award beside itself.
pub struct Shown<'a> {
    pub decision: &'a DecisionRow,
    pub framework: Option<Uuid>,
    /// For the buyer and the operator: all of it.
    pub sees_all: bool,
}

impl AwardData {
    pub fn input(&self) -> AwardInput {
        let line = |line: &AwardLineData| AwardLineInput {
            line: line.line,
            quote: QuoteId(line.quote_id),
            variant: line.variant,
            quantity: line.quantity.clone(),
        };
        AwardInput {
            quote: self.quote_id.map(QuoteId),
            lines: self.lines.iter().map(line).collect(),
            reason: self.reason.clone(),
        }
    }
}

impl From<AwardLineInput> for AwardLineData {
    fn from(line: AwardLineInput) -> Self {
        Self { line: line.line, quote_id: line.quote.0, variant: line.variant, quantity: line.quantity }
    }
}

impl AwardDto {
    pub fn of(row: &AwardRow, shown: &Shown<'_>) -> Result<Self, Failure> {
        let AwardPart { lines, freight, net, tax, net_compared, .. } = row.part()?;
        let round = if shown.sees_all { KeptRound::of(shown.decision)? } else { None };
        Ok(Self {
            id: row.id,
            decision_id: row.decision_id,
            rfq_id: row.rfq_id,
            quote_id: row.quote_id,
            quoter_id: row.quoter_id,
            state: row.state.clone(),
            reason: shown.decision.reason.clone(),
            lines: lines.iter().map(AwardedLineDto::of).collect(),
            freight: freight.into(),
            net: net.into(),
            tax: tax.into(),
            net_compared: shown.sees_all.then(|| net_compared.into()),
            standstill_until: row.standstill_until.map(Into::into),
            contract_id: row.contract_id,
            framework_id: shown.framework,
            letter_id: row.letter_id,
            end_reason: row.end_reason.clone(),
            approval: round.map(AwardApprovalDto::of),
            decided_at: shown.decision.decided_at.into(),
            announced_at: row.announced_at.map(Into::into),
            ended_at: row.ended_at.map(Into::into),
        })
    }
}

impl AwardedLineDto {
    fn of(line: &AwardedLine) -> Self {
        let (quantity, price) = (line.quantity, line.unit_price);
        Self {
            line: line.line,
            variant: line.variant,
            quantity: QuantityDto::of(quantity.value(), quantity.unit().code()),
            unit_price: MoneyDto::price(price.amount(), price.currency().code()),
            discount_percent: line.discount_percent.normalize().to_string(),
            amount: line.amount.into(),
            lead_time_days: line.lead_time_days,
        }
    }
}

impl AwardApprovalDto {
    fn of(round: KeptRound) -> Self {
        let steps = round.steps.into_iter().map(AwardStepDto::of).collect();
        Self { policy_version: round.policy_version, steps }
    }
}

impl AwardStepDto {
    fn of(step: KeptStep) -> Self {
        let KeptStep { id, chain, position, name, state, persons, roles, quorum, decisions } = step;
        let decisions = decisions.into_iter().map(AwardDecisionDto::of).collect();
        Self { id, chain, position, name, state, persons, roles, quorum, decisions }
    }
}

impl AwardDecisionDto {
    fn of(one: KeptDecision) -> Self {
        let decision = if one.is_consent { "approved" } else { "rejected" };
        Self {
            decision: decision.to_owned(),
            by: one.by,
            on_behalf_of: one.on_behalf_of,
            reason: one.reason,
            at: one.at.into(),
        }
    }
}
