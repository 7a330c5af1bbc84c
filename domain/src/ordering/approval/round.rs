//! One run of an order through its steps.

use super::{Delegation, RequiredStep};
use crate::kernel::{ApprovalStepId, Kind, PersonId, Refusal, Timestamp};
use crate::party::Role;

/// Somebody who can act for the company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: PersonId,
    pub roles: Vec<Role>,
}

impl Member {
    /// Whether they are among these people, or have one of these roles. Who only reads decides on nothing.
    pub fn is_named(&self, persons: &[PersonId], roles: &[Role]) -> bool {
        let acts = self.roles.iter().any(|role| *role != Role::Viewer);
        acts && (persons.contains(&self.id) || self.roles.iter().any(|role| roles.contains(role)))
    }
}

/// The people of the company, and who stands in for whom at this moment.
#[derive(Debug, Clone, Default)]
pub struct Staff {
    pub members: Vec<Member>,
    pub delegations: Vec<Delegation>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// For the steps before it.
    Waiting,
    /// For those who may decide.
    Open,
    Approved,
    Rejected,
}

impl StepState {
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Open, Self::Approved, Self::Rejected].into_iter().find(|state| state.code() == code)
    }
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approve,
    Reject,
}

/// Who has consented to a step: `by` acted, `on_behalf_of` is who counts; both are the same where nobody stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    pub by: PersonId,
    pub on_behalf_of: PersonId,
}

/// A step of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundStep {
    pub id: ApprovalStepId,
    pub chain: usize,
    pub position: usize,
    pub name: String,
    pub state: StepState,
    pub persons: Vec<PersonId>,
    pub roles: Vec<Role>,
    pub quorum: usize,
    pub decided: Vec<Decided>,
}

/// The steps of an order, and the people who ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Who drafted, changed and submitted the order, themselves or through a machine of theirs.
    pub requesters: Vec<PersonId>,
    pub steps: Vec<RoundStep>,
}

/// What a decision led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The steps that were decided on, and for whom.
    pub decided: Vec<(ApprovalStepId, Decided)>,
    /// The steps that opened.
    pub opened: Vec<ApprovalStepId>,
    pub end: Option<Decision>,
}

impl Round {
    /// A round at its beginning. Refuses an order that could not be approved by anybody but those who ordered.
    pub fn begin(
        requesters: Vec<PersonId>,
        required: &[RequiredStep],
        new_id: impl Fn() -> ApprovalStepId,
        members: &[Member],
    ) -> Result<Self, Refusal> {
        let steps = required.iter().map(|step| RoundStep {
            id: new_id(),
            chain: step.chain,
            position: step.position,
            name: step.name.clone(),
            state: StepState::Waiting,
            persons: step.persons.clone(),
            roles: step.roles.clone(),
            quorum: step.quorum as usize,
            decided: Vec::new(),
        });
        let mut round = Self { requesters, steps: steps.collect() };
        if let Some(step) = round.steps.iter().find(|step| round.possible(step, members).len() < step.quorum) {
            let detail = format!("Nobody but those who ordered could pass the step “{}”.", step.name);
            return Err(Refusal::new(Kind::NoApprover, detail));
        }
        round.open_next();
        Ok(round)
    }

    /// Who may decide on a step, having decided or not: the people it names, without those who ordered. If these are too few, since
    /// somebody left or ordered, the owners of the company as well.
    pub fn possible(&self, step: &RoundStep, members: &[Member]) -> Vec<PersonId> {
        let others = || members.iter().filter(|member| !self.requesters.contains(&member.id));
        let named: Vec<PersonId> =
            others().filter(|member| member.is_named(&step.persons, &step.roles)).map(|member| member.id).collect();
        if named.len() >= step.quorum {
            return named;
        }
        let with_owners = others().filter(|member| named.contains(&member.id) || member.roles.contains(&Role::Owner));
        with_owners.map(|member| member.id).collect()
    }

    /// For whom somebody may decide on an open step: themselves, or one whom they stand in for. None where they may not, or have
    /// decided already.
    pub fn may(&self, step: &RoundStep, by: PersonId, staff: &Staff, at: Timestamp) -> Option<PersonId> {
        let is_member = staff.members.iter().any(|member| member.id == by);
        if step.state != StepState::Open || !is_member || self.requesters.contains(&by) {
            return None;
        }
        if step.decided.iter().any(|decided| decided.by == by) {
            return None;
        }
        let possible = self.possible(step, &staff.members);
        let running = staff.delegations.iter().filter(|one| one.to == by && one.runs(at));
        let mut candidates = std::iter::once(by).chain(running.map(|one| one.from));
        candidates.find(|person| {
            possible.contains(person) && !step.decided.iter().any(|decided| decided.on_behalf_of == *person)
        })
    }

    /// Somebody decides on all open steps that they may decide on. A rejection ends the round, and so does the last consent.
    pub fn decide(
        &mut self,
        by: PersonId,
        decision: Decision,
        staff: &Staff,
        at: Timestamp,
    ) -> Result<Outcome, Refusal> {
        if self.requesters.contains(&by) {
            return Err(Refusal::new(Kind::OwnOrder, "You ordered this: somebody else has to decide."));
        }
        let mine: Vec<(usize, PersonId)> = self
            .steps
            .iter()
            .enumerate()
            .filter_map(|(index, step)| Some((index, self.may(step, by, staff, at)?)))
            .collect();
        if mine.is_empty() {
            let mut open = self.steps.iter().filter(|step| step.state == StepState::Open);
            return Err(match open.any(|step| step.decided.iter().any(|decided| decided.by == by)) {
                true => Refusal::new(Kind::WrongState, "You have decided already; others have to decide as well."),
                false => Refusal::forbidden("The approval policy does not ask you at this step."),
            });
        }
        let mut decided = Vec::new();
        for (index, on_behalf_of) in mine {
            let step = &mut self.steps[index];
            let one = Decided { by, on_behalf_of };
            decided.push((step.id, one));
            if decision == Decision::Reject {
                step.state = StepState::Rejected;
                return Ok(Outcome { decided, opened: Vec::new(), end: Some(Decision::Reject) });
            }
            step.decided.push(one);
            if step.decided.len() >= step.quorum {
                step.state = StepState::Approved;
            }
        }
        let opened = self.open_next();
        let passed = self.steps.iter().all(|step| step.state == StepState::Approved);
        Ok(Outcome { decided, opened, end: passed.then_some(Decision::Approve) })
    }

    /// Opens in each chain the first position that is not passed.
    fn open_next(&mut self) -> Vec<ApprovalStepId> {
        let next = |chain: usize, steps: &[RoundStep]| {
            let left = steps.iter().filter(|step| step.chain == chain && step.state != StepState::Approved);
            left.map(|step| step.position).min()
        };
        let mut opened = Vec::new();
        for index in 0..self.steps.len() {
            let (chain, position) = (self.steps[index].chain, self.steps[index].position);
            if self.steps[index].state == StepState::Waiting && next(chain, &self.steps) == Some(position) {
                self.steps[index].state = StepState::Open;
                opened.push(self.steps[index].id);
            }
        }
        opened
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn noon() -> Timestamp {
        chrono::Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0).unwrap()
    }

    fn member(n: u128, role: Role) -> Member {
        Member { id: person(n), roles: vec![role] }
    }

    /// 1 is the owner; 2, 3 and 4 approve; 5 buys; 6 reads.
    fn staff() -> Staff {
        let roles = [Role::Owner, Role::Approver, Role::Approver, Role::Approver, Role::Buyer, Role::Viewer];
        Staff { members: (1..).zip(roles).map(|(n, role)| member(n, role)).collect(), delegations: Vec::new() }
    }

    fn standing_in(to: u128, from: u128) -> Delegation {
        let (starts_at, ends_at) = (noon() - TimeDelta::hours(1), noon() + TimeDelta::hours(1));
        Delegation { from: person(from), to: person(to), starts_at, ends_at }
    }

    fn step(chain: usize, position: usize, persons: &[u128], roles: &[Role], quorum: u32) -> RequiredStep {
        RequiredStep {
            chain,
            position,
            name: format!("{chain}.{position}"),
            persons: persons.iter().map(|n| person(*n)).collect(),
            roles: roles.to_vec(),
            quorum,
            escalation: None,
        }
    }

    fn round(requesters: &[u128], steps: &[RequiredStep]) -> Result<Round, Refusal> {
        let number = std::cell::Cell::new(0);
        let id = || {
            number.set(number.get() + 1);
            ApprovalStepId(Uuid::from_u128(number.get()))
        };
        Round::begin(requesters.iter().map(|n| person(*n)).collect(), steps, id, &staff().members)
    }

    fn approve(round: &mut Round, by: u128, staff: &Staff) -> Result<Option<Decision>, Kind> {
        let outcome = round.decide(person(by), Decision::Approve, staff, noon());
        outcome.map(|outcome| outcome.end).map_err(|refusal| refusal.kind)
    }

    #[test]
    fn steps_in_order_open_one_after_the_other() {
        let steps = [step(0, 0, &[2], &[], 1), step(0, 1, &[3], &[], 1)];
        let mut round = round(&[5], &steps).unwrap();
        assert_eq!(approve(&mut round, 3, &staff()), Err(Kind::Forbidden));
        let outcome = round.decide(person(2), Decision::Approve, &staff(), noon()).unwrap();
        assert_eq!((outcome.opened, outcome.end), (vec![round.steps[1].id], None));
        assert_eq!(approve(&mut round, 2, &staff()), Err(Kind::Forbidden));
        assert_eq!(approve(&mut round, 3, &staff()), Ok(Some(Decision::Approve)));
    }

    #[test]
    fn parallel_steps_and_chains_are_passed_in_any_order() {
        let steps = [step(0, 0, &[2], &[], 1), step(0, 0, &[3], &[], 1), step(1, 0, &[2, 4], &[], 1)];
        let mut round = round(&[5], &steps).unwrap();
        // One word of somebody counts for all that they are asked for.
        let outcome = round.decide(person(2), Decision::Approve, &staff(), noon()).unwrap();
        assert_eq!((outcome.decided.len(), outcome.end), (2, None));
        assert_eq!(approve(&mut round, 3, &staff()), Ok(Some(Decision::Approve)));
    }

    #[test]
    fn a_quorum_needs_different_people() {
        let mut round = round(&[5], &[step(0, 0, &[], &[Role::Approver], 2)]).unwrap();
        assert_eq!(approve(&mut round, 2, &staff()), Ok(None));
        assert_eq!(approve(&mut round, 2, &staff()), Err(Kind::WrongState));
        let both = Staff { delegations: vec![standing_in(2, 3)], ..staff() };
        assert_eq!(approve(&mut round, 2, &both), Err(Kind::WrongState));
        assert_eq!(approve(&mut round, 4, &staff()), Ok(Some(Decision::Approve)));
    }

    #[test]
    fn nobody_decides_on_their_own_order_in_any_way() {
        let steps = [step(0, 0, &[2, 3], &[], 1)];
        let mut own = round(&[2, 5], &steps).unwrap();
        assert_eq!(approve(&mut own, 2, &staff()), Err(Kind::OwnOrder));
        // Not by standing in for somebody who may …
        let in_for_other = Staff { delegations: vec![standing_in(2, 3)], ..staff() };
        assert_eq!(approve(&mut own, 2, &in_for_other), Err(Kind::OwnOrder));
        // … nor by somebody who stands in for them.
        let in_for_own = Staff { delegations: vec![standing_in(4, 2)], ..staff() };
        assert_eq!(approve(&mut own, 4, &in_for_own), Err(Kind::Forbidden));
        assert_eq!(approve(&mut own, 3, &staff()), Ok(Some(Decision::Approve)));
        // An owner's own order is no exception, and neither is rejecting.
        let mut owners = round(&[1], &steps).unwrap();
        let refusal = owners.decide(person(1), Decision::Reject, &staff(), noon()).unwrap_err();
        assert_eq!(refusal.kind, Kind::OwnOrder);
    }

    #[test]
    fn a_stand_in_counts_for_whom_they_stand_in_for_while_it_lasts() {
        let steps = [step(0, 0, &[2], &[], 1)];
        let mut one = round(&[5], &steps).unwrap();
        let staff_with = |delegation| Staff { delegations: vec![delegation], ..staff() };
        let outcome = one.decide(person(4), Decision::Approve, &staff_with(standing_in(4, 2)), noon()).unwrap();
        assert_eq!(outcome.decided[0].1, Decided { by: person(4), on_behalf_of: person(2) });
        let over = Delegation { ends_at: noon(), ..standing_in(4, 2) };
        assert_eq!(approve(&mut round(&[5], &steps).unwrap(), 4, &staff_with(over)), Err(Kind::Forbidden));
        // Standing in is not handed on.
        let chained = Staff { delegations: vec![standing_in(3, 2), standing_in(4, 3)], ..staff() };
        assert_eq!(approve(&mut round(&[5], &steps).unwrap(), 4, &chained), Err(Kind::Forbidden));
        // Whom somebody has decided for does not decide again.
        let mut two = round(&[5], &[step(0, 0, &[2, 3], &[], 2)]).unwrap();
        assert_eq!(approve(&mut two, 4, &staff_with(standing_in(4, 2))), Ok(None));
        assert_eq!(approve(&mut two, 2, &staff()), Err(Kind::Forbidden));
        assert_eq!(approve(&mut two, 3, &staff()), Ok(Some(Decision::Approve)));
    }

    #[test]
    fn what_can_be_rejected_can_be_approved() {
        let steps = [step(0, 0, &[2], &[], 1), step(0, 1, &[], &[Role::Owner], 1)];
        for by in 1..=6 {
            let begun = round(&[5], &steps).unwrap();
            let with = |decision| {
                let outcome = begun.clone().decide(person(by), decision, &staff(), noon());
                outcome.map(|_| ()).map_err(|refusal| refusal.kind)
            };
            assert_eq!(with(Decision::Approve), with(Decision::Reject), "{by}");
        }
        let mut round = round(&[5], &steps).unwrap();
        let outcome = round.decide(person(2), Decision::Reject, &staff(), noon()).unwrap();
        assert_eq!((outcome.end, outcome.opened.len()), (Some(Decision::Reject), 0));
    }

    #[test]
    fn when_too_few_are_left_the_owners_decide_as_well() {
        let mut orphaned = round(&[5], &[step(0, 0, &[2], &[], 1)]).unwrap();
        assert_eq!(approve(&mut orphaned, 1, &staff()), Err(Kind::Forbidden));
        let mut left = staff();
        left.members.retain(|member| member.id != person(2));
        assert_eq!(approve(&mut orphaned, 2, &left), Err(Kind::Forbidden));
        assert_eq!(approve(&mut orphaned, 1, &left), Ok(Some(Decision::Approve)));
        // The only approver orders: the owners decide. The only owner orders: nobody could.
        let mut own = round(&[2], &[step(0, 0, &[2], &[], 1)]).unwrap();
        assert_eq!(approve(&mut own, 1, &staff()), Ok(Some(Decision::Approve)));
        assert_eq!(round(&[1, 2], &[step(0, 0, &[2], &[], 1)]).unwrap_err().kind, Kind::NoApprover);
        assert_eq!(round(&[5], &[step(0, 0, &[], &[Role::Approver], 5)]).unwrap_err().kind, Kind::NoApprover);
    }

    #[test]
    fn who_only_reads_or_left_decides_on_nothing() {
        let mut named = round(&[5], &[step(0, 0, &[2, 6], &[], 1)]).unwrap();
        assert_eq!(approve(&mut named, 6, &staff()), Err(Kind::Forbidden));
        assert_eq!(approve(&mut named, 7, &staff()), Err(Kind::Forbidden));
    }
}
