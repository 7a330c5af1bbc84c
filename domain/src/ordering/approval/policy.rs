//! Approval policies: rules with conditions and steps, and what they ask for an order.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::round::Member;
use crate::kernel::{CategoryId, CostCentreId, Currency, Faults, Kind, Money, OrganisationId, PersonId, Refusal};
use crate::party::Role;
use crate::party::registration::text;

/// The most rules of a policy.
pub const MAX_RULES: usize = 50;
/// The most steps of a rule.
pub const MAX_STEPS: usize = 10;
/// The longest time to wait, in hours.
pub const MAX_HOURS: u32 = 24 * 365;

/// What a company asks for before an order is placed: all rules that an order meets ask for their steps, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    pub rules: Vec<Rule>,
}

/// One condition and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub name: String,
    pub when: Condition,
    pub order: StepOrder,
    pub steps: Vec<Step>,
}

/// How the steps of a rule follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOrder {
    InOrder,
    Parallel,
}

/// When a rule asks for its steps. Cost centres, categories and sellers choose lines; the amount is that of the chosen lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition {
    /// Thresholds, one per currency: the lines amount to more than it. None at all means any amount. A currency that is not named
    /// is above: nobody escapes a threshold by ordering in another currency.
    pub above: Vec<Money>,
    /// Any of these; none at all means every line.
    pub cost_centres: Vec<CostCentreId>,
    /// Any of these or of what is below them; none at all means every line.
    pub categories: Vec<CategoryId>,
    /// Any of these; none at all means every line.
    pub sellers: Vec<OrganisationId>,
}

/// Consent that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    pub approvers: Approvers,
    /// How many different people have to consent.
    pub quorum: u32,
    pub escalation: Option<Escalation>,
}

/// Who may decide: any of these.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Approvers {
    pub persons: Vec<PersonId>,
    pub roles: Vec<Role>,
    /// The owner of the cost centre: one step for each cost centre that the lines are charged to; the owners of the company for
    /// lines that are charged to none.
    pub cost_centre_owner: bool,
}

/// Who may decide as well when nobody has for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    pub after_hours: u32,
    pub persons: Vec<PersonId>,
    pub roles: Vec<Role>,
}

/// What a policy looks at in a line, or in what a seller may add for freight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFacts {
    pub seller: OrganisationId,
    /// The cost centre and its owner.
    pub cost_centre: Option<(CostCentreId, PersonId)>,
    /// The category of the product and all above it.
    pub categories: Vec<CategoryId>,
    /// None is any amount: freight without a limit.
    pub amount: Option<Money>,
}

/// A step that an order has to pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredStep {
    /// Which rule asks for it: chains run side by side.
    pub chain: usize,
    /// Steps of one chain and position are open together; the next position waits for all of them.
    pub position: usize,
    pub name: String,
    pub persons: Vec<PersonId>,
    pub roles: Vec<Role>,
    pub quorum: u32,
    pub escalation: Option<Escalation>,
}

impl Condition {
    /// The lines that the condition is about.
    fn chosen<'a>(&self, lines: &'a [LineFacts]) -> Vec<&'a LineFacts> {
        lines.iter().filter(|line| self.chooses(line)).collect()
    }

    /// Whether it is met by the lines that it is about.
    fn is_met(&self, chosen: &[&LineFacts], currency: Currency) -> bool {
        if chosen.is_empty() {
            return false;
        }
        let sum: Option<Decimal> = chosen.iter().map(|line| line.amount.map(Money::amount)).sum();
        let threshold = self.above.iter().find(|money| money.currency() == currency);
        let is_above = |money: &Money| sum.is_none_or(|sum| sum > money.amount());
        self.above.is_empty() || threshold.is_none_or(is_above)
    }

    fn chooses(&self, line: &LineFacts) -> bool {
        let centre = line.cost_centre.map(|(id, _)| id);
        (self.cost_centres.is_empty() || centre.is_some_and(|id| self.cost_centres.contains(&id)))
            && (self.categories.is_empty() || line.categories.iter().any(|id| self.categories.contains(id)))
            && (self.sellers.is_empty() || self.sellers.contains(&line.seller))
    }
}

impl Policy {
    /// The steps that these lines have to pass; none at all means that nobody needs to be asked.
    pub fn required(&self, lines: &[LineFacts], currency: Currency) -> Vec<RequiredStep> {
        self.required_where(lines, currency, |_| true)
    }

    /// The steps that lines have to pass which were approved before and now cost something else: those of the rules whose lines cost
    /// more together. `before` are the same lines as they were approved; where that was any amount, no amount is more.
    pub fn required_for_more(&self, before: &[LineFacts], now: &[LineFacts], currency: Currency) -> Vec<RequiredStep> {
        let limited = |lines: &[LineFacts]| -> Vec<LineFacts> {
            let both = lines.iter().zip(before).filter(|(_, before)| before.amount.is_some());
            both.map(|(line, _)| line.clone()).collect()
        };
        let sum = |rule: &Rule, lines: &[LineFacts]| -> Decimal {
            rule.when.chosen(lines).iter().filter_map(|line| line.amount).map(Money::amount).sum()
        };
        let (before, now_limited) = (limited(before), limited(now));
        self.required_where(now, currency, |rule| sum(rule, &now_limited) > sum(rule, &before))
    }

    fn required_where(
        &self,
        lines: &[LineFacts],
        currency: Currency,
        is_asked: impl Fn(&Rule) -> bool,
    ) -> Vec<RequiredStep> {
        let mut required = Vec::new();
        for (chain, rule) in self.rules.iter().enumerate() {
            let chosen = rule.when.chosen(lines);
            if !rule.when.is_met(&chosen, currency) || !is_asked(rule) {
                continue;
            }
            for (index, step) in rule.steps.iter().enumerate() {
                let position = if rule.order == StepOrder::InOrder { index } else { 0 };
                required.extend(step.for_lines(&chosen, chain, position));
            }
        }
        required
    }

    /// Whether a rule looks at categories.
    pub fn looks_at_categories(&self) -> bool {
        self.rules.iter().any(|rule| !rule.when.categories.is_empty())
    }

    /// Checks a policy that is to be set: its form, all faults at once, and then that every step can be passed with the people there
    /// are.
    pub fn check(&self, members: &[Member]) -> Result<(), Refusal> {
        let mut faults = Faults::default();
        if self.rules.len() > MAX_RULES {
            faults.add("/rules", "too_many", format!("A policy has at most {MAX_RULES} rules."));
        }
        for (index, rule) in self.rules.iter().enumerate() {
            rule.check(&format!("/rules/{index}"), members, &mut faults);
        }
        faults.result()?;
        for (index, rule) in self.rules.iter().enumerate() {
            for (number, step) in rule.steps.iter().enumerate() {
                if !step.is_possible(members) {
                    let mut refusal = Refusal::fault(
                        format!("/rules/{index}/steps/{number}"),
                        "no_approver",
                        format!("The step “{}” needs {} who may decide, and there are fewer.", step.name, step.quorum),
                    );
                    refusal.kind = Kind::NoApprover;
                    refusal.detail.clone_from(&refusal.faults[0].detail);
                    return Err(refusal);
                }
            }
        }
        Ok(())
    }
}

impl Rule {
    fn check(&self, pointer: &str, members: &[Member], faults: &mut Faults) {
        faults.keep(format!("{pointer}/name"), text(&self.name, 200));
        if !(1..=MAX_STEPS).contains(&self.steps.len()) {
            faults.add(format!("{pointer}/steps"), "count", format!("A rule has 1 to {MAX_STEPS} steps."));
        }
        let mut currencies = HashSet::new();
        for (index, money) in self.when.above.iter().enumerate() {
            let at = format!("{pointer}/when/above/{index}");
            if money.amount() < Decimal::ZERO {
                faults.add(at.clone(), "negative", "A threshold is not negative.");
            }
            if !currencies.insert(money.currency()) {
                faults.add(at, "repeated", "There is a threshold in this currency already.");
            }
        }
        for (index, step) in self.steps.iter().enumerate() {
            step.check(&format!("{pointer}/steps/{index}"), members, faults);
        }
    }
}

impl Step {
    fn for_lines(&self, lines: &[&LineFacts], chain: usize, position: usize) -> Vec<RequiredStep> {
        let step = |persons: Vec<PersonId>, roles: Vec<Role>| RequiredStep {
            chain,
            position,
            name: self.name.clone(),
            persons,
            roles,
            quorum: self.quorum,
            escalation: self.escalation.clone(),
        };
        let Approvers { persons, roles, cost_centre_owner } = &self.approvers;
        if !cost_centre_owner {
            return vec![step(persons.clone(), roles.clone())];
        }
        let mut seen = HashSet::new();
        let centres = lines.iter().filter(|line| seen.insert(line.cost_centre));
        let asked = centres.map(|line| match line.cost_centre {
            Some((_, owner)) => step(with(persons, owner), roles.clone()),
            None => step(persons.clone(), with(roles, Role::Owner)),
        });
        asked.collect()
    }

    fn check(&self, pointer: &str, members: &[Member], faults: &mut Faults) {
        faults.keep(format!("{pointer}/name"), text(&self.name, 200));
        let Approvers { persons, roles, cost_centre_owner } = &self.approvers;
        let at = format!("{pointer}/approvers");
        if persons.is_empty() && roles.is_empty() && !cost_centre_owner {
            faults.add(at.clone(), "required", "A step names people, roles or the owner of the cost centre.");
        }
        check_people(&at, persons, roles, members, faults);
        if !(1..=20).contains(&self.quorum) {
            faults.add(format!("{pointer}/quorum"), "range", "1 to 20 people are asked for.");
        }
        let Some(escalation) = &self.escalation else { return };
        let at = format!("{pointer}/escalation");
        if !(1..=MAX_HOURS).contains(&escalation.after_hours) {
            faults.add(format!("{at}/after_hours"), "range", "It escalates after an hour to a year.");
        }
        if escalation.persons.is_empty() && escalation.roles.is_empty() {
            faults.add(at.clone(), "required", "An escalation names people or roles.");
        }
        check_people(&at, &escalation.persons, &escalation.roles, members, faults);
    }

    /// Whether there are as many people as it needs. Who owns a cost centre is known only with the order; there is always somebody.
    fn is_possible(&self, members: &[Member]) -> bool {
        let Approvers { persons, roles, cost_centre_owner } = &self.approvers;
        let named = members.iter().filter(|member| member.is_named(persons, roles)).count();
        named + usize::from(*cost_centre_owner) >= self.quorum as usize
    }
}

fn check_people(pointer: &str, persons: &[PersonId], roles: &[Role], members: &[Member], faults: &mut Faults) {
    for (index, person) in persons.iter().enumerate() {
        if !members.iter().any(|member| member.id == *person) {
            let detail = "Your organisation has no such member, or they are disabled.";
            faults.add(format!("{pointer}/persons/{index}"), "unknown", detail);
        }
    }
    for (index, role) in roles.iter().enumerate() {
        if *role == Role::Viewer {
            faults.add(format!("{pointer}/roles/{index}"), "role", "Who only reads decides on nothing.");
        }
    }
}

/// The list with one more, unless it is in it.
fn with<T: Copy + PartialEq>(list: &[T], one: T) -> Vec<T> {
    let mut list = list.to_vec();
    if !list.contains(&one) {
        list.push(one);
    }
    list
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn money(amount: i64, currency: &str) -> Money {
        Money::new(amount.into(), Currency::parse(currency).unwrap()).unwrap()
    }

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn centre(n: u128) -> CostCentreId {
        CostCentreId(Uuid::from_u128(100 + n))
    }

    fn line(amount: i64) -> LineFacts {
        LineFacts {
            seller: OrganisationId(Uuid::from_u128(1)),
            cost_centre: None,
            categories: Vec::new(),
            amount: Some(money(amount, "EUR")),
        }
    }

    fn step(name: &str) -> Step {
        let approvers = Approvers { roles: vec![Role::Approver], ..Approvers::default() };
        Step { name: name.into(), approvers, quorum: 1, escalation: None }
    }

    fn rule(when: Condition) -> Rule {
        Rule { name: "rule".into(), when, order: StepOrder::InOrder, steps: vec![step("one")] }
    }

    fn above(amount: i64) -> Condition {
        Condition { above: vec![money(amount, "EUR")], ..Condition::default() }
    }

    fn asked(when: Condition, lines: &[LineFacts], currency: &str) -> bool {
        let policy = Policy { rules: vec![rule(when)] };
        !policy.required(lines, Currency::parse(currency).unwrap()).is_empty()
    }

    #[test]
    fn a_threshold_is_above_its_amount_and_none_is_not_zero() {
        assert!(!asked(above(100), &[line(60), line(40)], "EUR"));
        assert!(asked(above(100), &[line(60), line(41)], "EUR"));
        assert!(!asked(above(0), &[line(0)], "EUR"));
        assert!(asked(above(0), &[line(1)], "EUR"));
        assert!(asked(Condition::default(), &[line(0)], "EUR"));
    }

    #[test]
    fn another_currency_does_not_escape_a_threshold() {
        let when = Condition { above: vec![money(100, "EUR"), money(5_000, "JPY")], ..Condition::default() };
        let dollars = LineFacts { amount: Some(money(1, "USD")), ..line(0) };
        assert!(asked(when.clone(), std::slice::from_ref(&dollars), "USD"));
        let yen = LineFacts { amount: Some(money(5_000, "JPY")), ..line(0) };
        assert!(!asked(when, &[yen], "JPY"));
    }

    #[test]
    fn any_amount_is_above_every_threshold() {
        let freight = LineFacts { amount: None, ..line(0) };
        assert!(asked(above(100), &[line(1), freight], "EUR"));
    }

    #[test]
    fn what_costs_more_than_it_was_approved_at_is_asked_about_again() {
        let policy = Policy { rules: vec![rule(above(100))] };
        let asked = |before: &[LineFacts], now: &[LineFacts]| {
            !policy.required_for_more(before, now, Currency::parse("EUR").unwrap()).is_empty()
        };
        assert!(!asked(&[line(60), line(20)], &[line(60), line(40)]));
        assert!(asked(&[line(60), line(20)], &[line(60), line(41)]));
        assert!(asked(&[line(600)], &[line(601)]));
        assert!(!asked(&[line(600), line(200)], &[line(700), line(100)]));
        // Freight of any amount was approved, but not more goods.
        let free = LineFacts { amount: None, ..line(0) };
        assert!(!asked(&[line(60), free.clone()], &[line(60), line(1_000)]));
        assert!(asked(&[line(60), free], &[line(101), line(0)]));
    }

    #[test]
    fn conditions_choose_lines_and_count_only_these() {
        let (mine, other) = (Some((centre(1), person(1))), Some((centre(2), person(2))));
        let lines = [LineFacts { cost_centre: mine, ..line(60) }, LineFacts { cost_centre: other, ..line(500) }];
        let when = |amount| Condition {
            above: vec![money(amount, "EUR")],
            cost_centres: vec![centre(1)],
            ..Condition::default()
        };
        assert!(asked(when(50), &lines, "EUR"));
        assert!(!asked(when(60), &lines, "EUR"));
        let category = CategoryId(Uuid::from_u128(7));
        let of_category = Condition { categories: vec![category], ..Condition::default() };
        assert!(!asked(of_category.clone(), &lines, "EUR"));
        assert!(asked(of_category, &[LineFacts { categories: vec![category], ..line(1) }], "EUR"));
        let seller = Condition { sellers: vec![OrganisationId(Uuid::from_u128(9))], ..Condition::default() };
        assert!(!asked(seller, &lines, "EUR"));
        assert!(!asked(Condition::default(), &[], "EUR"));
    }

    #[test]
    fn steps_are_in_order_or_side_by_side_and_rules_are_chains() {
        let mut in_order = rule(Condition::default());
        in_order.steps.push(step("two"));
        let parallel = Rule { order: StepOrder::Parallel, ..in_order.clone() };
        let policy = Policy { rules: vec![in_order, parallel] };
        let places: Vec<_> = policy
            .required(&[line(1)], Currency::parse("EUR").unwrap())
            .iter()
            .map(|step| (step.chain, step.position))
            .collect();
        assert_eq!(places, [(0, 0), (0, 1), (1, 0), (1, 0)]);
    }

    #[test]
    fn each_cost_centre_has_its_owner_asked_and_none_the_companys() {
        let mut ask_owner = rule(Condition::default());
        ask_owner.steps[0].approvers = Approvers { cost_centre_owner: true, ..Approvers::default() };
        let lines = [
            LineFacts { cost_centre: Some((centre(1), person(1))), ..line(1) },
            LineFacts { cost_centre: Some((centre(2), person(2))), ..line(1) },
            LineFacts { cost_centre: Some((centre(1), person(1))), ..line(1) },
            line(1),
        ];
        let policy = Policy { rules: vec![ask_owner] };
        let steps = policy.required(&lines, Currency::parse("EUR").unwrap());
        let who: Vec<_> = steps.iter().map(|step| (step.persons.clone(), step.roles.clone())).collect();
        assert_eq!(who, [(vec![person(1)], vec![]), (vec![person(2)], vec![]), (vec![], vec![Role::Owner])]);
    }

    #[test]
    fn a_policy_that_nobody_could_pass_is_refused_as_such() {
        let members = [Member { id: person(1), roles: vec![Role::Approver] }];
        let policy = |step: Step| Policy { rules: vec![Rule { steps: vec![step], ..rule(Condition::default()) }] };
        assert_eq!(policy(step("one")).check(&members), Ok(()));
        let refusal = policy(Step { quorum: 2, ..step("one") }).check(&members).unwrap_err();
        assert_eq!((refusal.kind, refusal.faults[0].pointer.as_str()), (Kind::NoApprover, "/rules/0/steps/0"));
        let mut finance = step("one");
        finance.approvers.roles = vec![Role::Finance];
        assert_eq!(policy(finance.clone()).check(&members).unwrap_err().kind, Kind::NoApprover);
        finance.approvers.cost_centre_owner = true;
        assert_eq!(policy(finance).check(&members), Ok(()));
    }

    #[test]
    fn all_faults_of_a_policy_are_told() {
        let mut odd = rule(Condition { above: vec![money(-1, "EUR"), money(1, "EUR")], ..Condition::default() });
        odd.name = " ".into();
        odd.steps[0].approvers =
            Approvers { persons: vec![person(9)], roles: vec![Role::Viewer], ..Approvers::default() };
        odd.steps[0].quorum = 0;
        odd.steps[0].escalation = Some(Escalation { after_hours: 0, persons: vec![], roles: vec![] });
        let refusal = Policy { rules: vec![odd] }.check(&[]).unwrap_err();
        let found: Vec<_> = refusal.faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(
            found,
            [
                ("/rules/0/name", "blank"),
                ("/rules/0/when/above/0", "negative"),
                ("/rules/0/when/above/1", "repeated"),
                ("/rules/0/steps/0/approvers/persons/0", "unknown"),
                ("/rules/0/steps/0/approvers/roles/0", "role"),
                ("/rules/0/steps/0/quorum", "range"),
                ("/rules/0/steps/0/escalation/after_hours", "range"),
                ("/rules/0/steps/0/escalation", "required"),
            ]
        );
    }
}
