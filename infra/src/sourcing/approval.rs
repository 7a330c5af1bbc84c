//! The consent that a decision needs, as the decision keeps it: the steps, and who has decided what on them.

use domain::kernel::{ApprovalStepId, PersonId, Timestamp};
use domain::ordering::approval::{Decided, Decision, Outcome, Round, RoundStep, StepState};
use domain::party::Role;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::award::DecisionRow;
use crate::Failure;

/// All steps of a decision.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptRound {
    /// Of the buyer's policy that asks for them.
    pub policy_version: i64,
    pub steps: Vec<KeptStep>,
}

/// A step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptStep {
    pub id: Uuid,
    /// Chains run side by side; in a chain the lowest position that is not passed is open.
    pub chain: usize,
    pub position: usize,
    pub name: String,
    /// A state of [`StepState`].
    pub state: String,
    pub persons: Vec<Uuid>,
    pub roles: Vec<String>,
    /// How many different people have to consent.
    pub quorum: usize,
    /// In the order in which they were made.
    pub decisions: Vec<KeptDecision>,
}

/// What somebody decided on a step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptDecision {
    pub is_consent: bool,
    pub by: Uuid,
    /// Who counts: the same, or whom they stand in for.
    pub on_behalf_of: Uuid,
    pub reason: Option<String>,
    pub at: Timestamp,
}

impl KeptRound {
    /// A round at its beginning.
    pub fn begin(policy_version: i64, round: &Round) -> Self {
        Self { policy_version, steps: round.steps.iter().map(KeptStep::begin).collect() }
    }

    /// What a decision keeps of its consent; none where it needs none.
    pub fn of(decision: &DecisionRow) -> Result<Option<Self>, Failure> {
        let Some(kept) = &decision.approval else { return Ok(None) };
        serde_json::from_value(kept.clone()).map(Some).map_err(Failure::broken)
    }

    /// The round as the rules see it.
    pub fn round(&self, requesters: &[Uuid]) -> Result<Round, Failure> {
        let steps = self.steps.iter().map(KeptStep::step).collect::<Result<_, _>>()?;
        Ok(Round { requesters: requesters.iter().copied().map(PersonId).collect(), steps })
    }

    /// Takes over what has become of the round by what somebody decided.
    pub fn decided(
        &mut self,
        round: &Round,
        outcome: &Outcome,
        decision: Decision,
        (reason, at): (Option<&str>, Timestamp),
    ) {
        for (kept, step) in self.steps.iter_mut().zip(&round.steps) {
            step.state.code().clone_into(&mut kept.state);
            let own = outcome.decided.iter().filter(|(id, _)| *id == step.id);
            kept.decisions.extend(own.map(|(_, decided)| KeptDecision {
                is_consent: decision == Decision::Approve,
                by: decided.by.0,
                on_behalf_of: decided.on_behalf_of.0,
                reason: reason.map(str::to_owned),
                at,
            }));
        }
    }
}

impl KeptStep {
    fn begin(step: &RoundStep) -> Self {
        Self {
            id: step.id.0,
            chain: step.chain,
            position: step.position,
            name: step.name.clone(),
            state: step.state.code().to_owned(),
            persons: step.persons.iter().map(|person| person.0).collect(),
            roles: step.roles.iter().map(|role| role.code().to_owned()).collect(),
            quorum: step.quorum,
            decisions: Vec::new(),
        }
    }

    fn step(&self) -> Result<RoundStep, Failure> {
        let consents = self.decisions.iter().filter(|one| one.is_consent);
        let unknown = || Failure::broken(format!("`{}` is not a state of a step", self.state));
        Ok(RoundStep {
            id: ApprovalStepId(self.id),
            chain: self.chain,
            position: self.position,
            name: self.name.clone(),
            state: StepState::parse(&self.state).ok_or_else(unknown)?,
            persons: self.persons.iter().copied().map(PersonId).collect(),
            roles: self.roles.iter().map(|code| Role::parse(code)).collect::<Result<_, _>>()?,
            quorum: self.quorum,
            decided: consents
                .map(|one| Decided { by: PersonId(one.by), on_behalf_of: PersonId(one.on_behalf_of) })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn round() -> Round {
        let step = |n: u128, position, state| RoundStep {
            id: ApprovalStepId(Uuid::from_u128(n)),
            chain: 0,
            position,
            name: format!("step {n}"),
            state,
            persons: vec![person(n)],
            roles: vec![Role::Approver],
            quorum: 2,
            decided: Vec::new(),
        };
        Round { requesters: vec![person(9)], steps: vec![step(1, 0, StepState::Open), step(2, 1, StepState::Waiting)] }
    }

    #[test]
    fn a_round_is_read_back_as_it_was_with_all_consents() {
        let at = Timestamp::UNIX_EPOCH;
        let mut kept = KeptRound::begin(3, &round());
        let mut after = round();
        let one = Decided { by: person(1), on_behalf_of: person(4) };
        after.steps[0].decided.push(one);
        let outcome = Outcome { decided: vec![(after.steps[0].id, one)], opened: Vec::new(), end: None };
        kept.decided(&after, &outcome, Decision::Approve, (Some("fine"), at));
        let read: KeptRound = serde_json::from_value(serde_json::to_value(&kept).unwrap()).unwrap();
        assert_eq!(read.round(&[person(9).0]).unwrap(), after);
        assert_eq!(read.steps[0].decisions[0].reason.as_deref(), Some("fine"));
    }
}
