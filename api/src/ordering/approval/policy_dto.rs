//! Approval policies in JSON. A version is kept as it was sent.

use domain::kernel::{CategoryId, CostCentreId, Findings, OrganisationId, PersonId, Refusal};
use domain::ordering::approval::{Approvers, Condition, Escalation, Policy, Rule, Step, StepOrder};
use domain::party::Role;
use infra::Failure;
use infra::ordering::approval::PolicyRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{MoneyDto, Time};

/// What your company asks for before its orders are placed. All rules that an order meets ask for their steps, side by side. The
/// policy in force when an order is submitted counts for it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rules": [{"name": "Above 1000", "when": {"above": [{"amount": "1000.00", "currency": "EUR"}]},
    "steps": [{"name": "Head of department", "approvers": {"cost_centre_owner": true}},
              {"name": "Finance", "approvers": {"roles": ["finance"]}, "quorum": 1,
               "escalation": {"after_hours": 48, "roles": ["owner"]}}]}], "expires_after_hours": 336}))]
pub struct ApprovalPolicyData {
    /// None at all: orders need no approval.
    #[schema(max_items = 50)]
    pub rules: Vec<ApprovalRuleData>,
    /// How long an order waits for its approval.
    #[serde(default = "fortnight")]
    #[schema(minimum = 1, maximum = 8760, default = 336)]
    pub expires_after_hours: u32,
}

fn fortnight() -> u32 {
    336
}

/// One condition and what follows from it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRuleData {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[serde(default)]
    pub when: ApprovalConditionData,
    /// `in_order` (default): a step opens when the one before it is passed; `parallel`: all at once.
    #[serde(default = "in_order")]
    #[schema(pattern = "^(in_order|parallel)$", default = "in_order")]
    pub order: String,
    #[schema(min_items = 1, max_items = 10)]
    pub steps: Vec<ApprovalStepData>,
}

fn in_order() -> String {
    "in_order".into()
}

/// When a rule asks. All that is given has to hold; cost centres, categories and sellers choose lines, and the amount is theirs.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalConditionData {
    /// The lines amount to more than this, without tax; one threshold per currency. None at all is no threshold: the rule asks
    /// whatever the amount. A threshold of zero asks for all that costs something. An order in a currency that is not named is above.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub above: Vec<MoneyDto>,
    #[serde(default)]
    #[schema(max_items = 200)]
    pub cost_centres: Vec<Uuid>,
    /// With all below them.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub categories: Vec<Uuid>,
    #[serde(default)]
    #[schema(max_items = 200)]
    pub sellers: Vec<Uuid>,
}

/// Consent that is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalStepData {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    pub approvers: ApproversData,
    /// How many different people have to consent.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 20, default = 1)]
    pub quorum: u32,
    pub escalation: Option<ApprovalEscalationData>,
}

fn one() -> u32 {
    1
}

/// Who may decide: any of these. Those who ordered never do; if too few are left, the owners of the company may as well.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproversData {
    #[serde(default)]
    #[schema(max_items = 100)]
    pub persons: Vec<Uuid>,
    #[serde(default)]
    #[schema(max_items = 8)]
    pub roles: Vec<String>,
    /// The owner of each cost centre that the lines are charged to.
    #[serde(default)]
    #[schema(default = false)]
    pub cost_centre_owner: bool,
}

/// Who may decide as well when a step has been open for so long.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalEscalationData {
    #[schema(minimum = 1, maximum = 8760)]
    pub after_hours: u32,
    #[serde(default)]
    #[schema(max_items = 100)]
    pub persons: Vec<Uuid>,
    #[serde(default)]
    #[schema(max_items = 8)]
    pub roles: Vec<String>,
}

/// A version of an approval policy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApprovalPolicy)]
pub struct ApprovalPolicyDto {
    /// 0 where none was ever set.
    pub version: i64,
    pub rules: Vec<ApprovalRuleData>,
    pub expires_after_hours: u32,
    pub set_by: Option<Uuid>,
    pub set_at: Option<Time>,
}

impl ApprovalPolicyDto {
    /// The policy of a company that never set one: nothing is asked for.
    pub fn none() -> Self {
        Self { version: 0, rules: Vec::new(), expires_after_hours: fortnight(), set_by: None, set_at: None }
    }

    pub fn of(row: &PolicyRow) -> Result<Self, Failure> {
        let data: ApprovalPolicyData = serde_json::from_value(row.document.clone()).map_err(Failure::broken)?;
        Ok(Self {
            version: row.version,
            rules: data.rules,
            expires_after_hours: data.expires_after_hours,
            set_by: Some(row.created_by),
            set_at: Some(row.created_at.into()),
        })
    }
}

impl ApprovalPolicyData {
    /// The policy as the rules see it; what cannot be read is told all at once.
    pub fn parse(&self) -> Result<Policy, Refusal> {
        let mut findings = Findings::default();
        let rules = self.rules.iter().enumerate();
        let rules = rules.map(|(index, rule)| rule.parse(&format!("/rules/{index}"), &mut findings)).collect();
        findings.result()?;
        Ok(Policy { rules })
    }
}

impl ApprovalRuleData {
    fn parse(&self, pointer: &str, findings: &mut Findings) -> Rule {
        let above = self
            .when
            .above
            .iter()
            .enumerate()
            .filter_map(|(index, money)| findings.keep(format!("{pointer}/when/above/{index}"), money.parse()));
        let when = Condition {
            above: above.collect(),
            cost_centres: self.when.cost_centres.iter().copied().map(CostCentreId).collect(),
            categories: self.when.categories.iter().copied().map(CategoryId).collect(),
            sellers: self.when.sellers.iter().copied().map(OrganisationId).collect(),
        };
        let steps = self.steps.iter().enumerate();
        Rule {
            name: self.name.trim().to_owned(),
            when,
            order: if self.order == "parallel" { StepOrder::Parallel } else { StepOrder::InOrder },
            steps: steps.map(|(index, step)| step.parse(&format!("{pointer}/steps/{index}"), findings)).collect(),
        }
    }
}

impl ApprovalStepData {
    fn parse(&self, pointer: &str, findings: &mut Findings) -> Step {
        let approvers = Approvers {
            persons: persons(&self.approvers.persons),
            roles: roles(&self.approvers.roles, &format!("{pointer}/approvers"), findings),
            cost_centre_owner: self.approvers.cost_centre_owner,
        };
        let escalation = self.escalation.as_ref().map(|data| Escalation {
            after_hours: data.after_hours,
            persons: persons(&data.persons),
            roles: roles(&data.roles, &format!("{pointer}/escalation"), findings),
        });
        Step { name: self.name.trim().to_owned(), approvers, quorum: self.quorum, escalation }
    }
}

fn persons(ids: &[Uuid]) -> Vec<PersonId> {
    ids.iter().copied().map(PersonId).collect()
}

fn roles(codes: &[String], pointer: &str, findings: &mut Findings) -> Vec<Role> {
    let parsed = codes.iter().enumerate();
    parsed.filter_map(|(index, code)| findings.keep(format!("{pointer}/roles/{index}"), Role::parse(code))).collect()
}
