//! Budgets of cost centres: what may be spent in a period, and what orders take of it.

use rust_decimal::Decimal;

use crate::kernel::refusal::Invalid;
use crate::kernel::{BudgetId, CostCentreId, Currency, Date, Findings, Kind, Money, Refusal};

/// What may be spent on a cost centre from one day to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    pub id: BudgetId,
    pub cost_centre: CostCentreId,
    pub currency: Currency,
    pub starts_on: Date,
    pub ends_on: Date,
    /// None is no limit; zero is a limit of zero.
    pub limit: Option<Decimal>,
    /// What submitted orders have taken.
    pub committed: Decimal,
}

impl Budget {
    fn covers(&self, cost_centre: CostCentreId, currency: Currency, day: Date) -> bool {
        self.cost_centre == cost_centre && self.currency == currency && (self.starts_on..=self.ends_on).contains(&day)
    }

    /// What is left; none without a limit.
    pub fn available(&self) -> Option<Decimal> {
        self.limit.map(|limit| limit - self.committed)
    }
}

/// A cost centre that lines are charged to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Centre {
    pub id: CostCentreId,
    /// Whether nothing is ordered on it without a budget.
    pub budget_required: bool,
}

/// What a line of an order is charged to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    pub cost_centre: CostCentreId,
    pub amount: Money,
}

/// Takes the charges of an order's lines from the budgets of the day. Gives for each line the budget that covers it; a line
/// without a cost centre, or whose cost centre has no budget and needs none, takes from none. Freight and tax are not counted. All
/// that is over a budget is told at once, line by line.
pub fn commit(
    budgets: &mut [Budget],
    centres: &[Centre],
    charges: &[Option<Charge>],
    day: Date,
) -> Result<Vec<Option<BudgetId>>, Refusal> {
    let mut findings = Findings::default();
    let mut taken = Vec::with_capacity(charges.len());
    for (index, charge) in charges.iter().enumerate() {
        let Some(charge) = charge else {
            taken.push(None);
            continue;
        };
        let (amount, currency) = (charge.amount.amount(), charge.amount.currency());
        let found = budgets.iter_mut().find(|budget| budget.covers(charge.cost_centre, currency, day));
        let Some(budget) = found else {
            if centres.iter().any(|centre| centre.id == charge.cost_centre && centre.budget_required) {
                let detail = format!("The cost centre has no budget in {currency} for this day.");
                findings.add(Kind::BudgetExceeded, format!("/lines/{index}"), "no_budget", detail);
            }
            taken.push(None);
            continue;
        };
        match budget.available() {
            Some(left) if amount > left => {
                let detail = format!("The line takes {amount} {currency} of a budget that has {left} left.");
                findings.add(Kind::BudgetExceeded, format!("/lines/{index}"), "budget_exceeded", detail);
            }
            _ => {
                budget.committed += amount;
                taken.push(Some(budget.id));
            }
        }
    }
    findings.result()?;
    Ok(taken)
}

/// Checks a budget that is to stand beside others of its cost centre: its days are in order, its limit is not negative and not
/// below what is committed already, and no day has two budgets in one currency.
pub fn check_budget(new: &Budget, others: &[Budget]) -> Result<(), Refusal> {
    let fault = |pointer: &str, invalid: Invalid| Err(invalid.at(pointer));
    if new.ends_on < new.starts_on {
        return fault("/ends_on", Invalid::new("before_start", "A budget ends on the day it starts or later."));
    }
    if new.limit.is_some_and(|limit| limit < Decimal::ZERO) {
        return fault("/amount", Invalid::new("negative", "A budget is not negative."));
    }
    if new.available().is_some_and(|left| left < Decimal::ZERO) {
        let detail = format!("Orders have taken {} of it already.", new.committed);
        return fault("/amount", Invalid::new("below_committed", detail));
    }
    let overlaps = |other: &&Budget| {
        other.id != new.id
            && other.cost_centre == new.cost_centre
            && other.currency == new.currency
            && other.starts_on <= new.ends_on
            && new.starts_on <= other.ends_on
    };
    if let Some(other) = others.iter().find(overlaps) {
        let detail = format!("There is a budget from {} to {} already.", other.starts_on, other.ends_on);
        return fault("/starts_on", Invalid::new("overlaps", detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn eur() -> Currency {
        Currency::parse("EUR").unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn centre(n: u128) -> CostCentreId {
        CostCentreId(Uuid::from_u128(n))
    }

    fn budget(n: u128, of: u128, limit: Option<i64>) -> Budget {
        Budget {
            id: BudgetId(Uuid::from_u128(n)),
            cost_centre: centre(of),
            currency: eur(),
            starts_on: day("2026-01-01"),
            ends_on: day("2026-12-31"),
            limit: limit.map(Decimal::from),
            committed: Decimal::ZERO,
        }
    }

    fn charge(of: u128, amount: i64) -> Option<Charge> {
        Some(Charge { cost_centre: centre(of), amount: Money::new(amount.into(), eur()).unwrap() })
    }

    fn run(budgets: &mut [Budget], charges: &[Option<Charge>]) -> Result<Vec<Option<BudgetId>>, Refusal> {
        let centres = [1, 2].map(|n| Centre { id: centre(n), budget_required: n == 2 });
        commit(budgets, &centres, charges, day("2026-06-30"))
    }

    #[test]
    fn lines_of_one_order_share_what_is_left() {
        let mut budgets = [budget(7, 1, Some(100))];
        let taken = run(&mut budgets, &[charge(1, 60), None, charge(1, 40)]).unwrap();
        assert_eq!(taken, [Some(budgets[0].id), None, Some(budgets[0].id)]);
        assert_eq!(budgets[0].available(), Some(Decimal::ZERO));
        let refusal = run(&mut [budget(7, 1, Some(100))], &[charge(1, 60), charge(1, 41)]).unwrap_err();
        assert_eq!((refusal.kind, refusal.faults[0].pointer.as_str()), (Kind::BudgetExceeded, "/lines/1"));
    }

    #[test]
    fn no_limit_is_not_a_limit_of_zero() {
        let mut endless = [budget(7, 1, None)];
        run(&mut endless, &[charge(1, 1_000_000)]).unwrap();
        assert_eq!((endless[0].available(), endless[0].committed), (None, 1_000_000.into()));
        assert_eq!(run(&mut [budget(7, 1, Some(0))], &[charge(1, 1)]).unwrap_err().kind, Kind::BudgetExceeded);
        assert!(run(&mut [budget(7, 1, Some(0))], &[charge(1, 0)]).is_ok());
    }

    #[test]
    fn without_a_budget_only_a_centre_that_needs_one_refuses() {
        assert_eq!(run(&mut [], &[charge(1, 5)]).unwrap(), [None]);
        let refusal = run(&mut [], &[charge(1, 5), charge(2, 5)]).unwrap_err();
        assert_eq!(refusal.faults.len(), 1);
        assert_eq!((refusal.kind, refusal.faults[0].code), (Kind::BudgetExceeded, "no_budget"));
        let mut elsewhere = [budget(7, 2, None)];
        elsewhere[0].ends_on = day("2026-06-29");
        assert_eq!(run(&mut elsewhere, &[charge(2, 5)]).unwrap_err().faults[0].code, "no_budget");
    }

    #[test]
    fn a_day_has_one_budget_in_a_currency() {
        let code =
            |new: &Budget, others: &[Budget]| check_budget(new, others).map_err(|refusal| refusal.faults[0].code);
        let old = budget(1, 1, Some(5));
        let mut new = budget(2, 1, None);
        assert_eq!(code(&new, &[old]), Err("overlaps"));
        assert_eq!(code(&old, &[old]), Ok(()));
        new.starts_on = day("2027-01-01");
        assert_eq!(code(&new, &[old]), Err("before_start"));
        new.ends_on = day("2027-01-01");
        assert_eq!(code(&new, &[old]), Ok(()));
        let spent = Budget { committed: 6.into(), ..old };
        assert_eq!(code(&spent, &[]), Err("below_committed"));
        assert_eq!(code(&Budget { limit: Some((-1).into()), ..old }, &[]), Err("negative"));
    }
}
