//! The three-way match: an invoice against what was ordered and what was received, within the buyer's tolerances. Only what is worse for
//! the buyer is a difference.

use rust_decimal::Decimal;

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Where the match of an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatchState {
    /// Within the tolerances.
    Matched,
    /// Not to be paid before the buyer decides.
    Held,
    /// The buyer objects; not to be paid either.
    Disputed,
    /// The buyer pays it as it is.
    Approved,
}

/// What can happen to a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatchStep {
    Approve,
    Dispute,
    /// A credit note has taken the differences away.
    Clear,
}

impl MatchState {
    pub const ALL: [Self; 4] = [Self::Matched, Self::Held, Self::Disputed, Self::Approved];

    /// The state after a step, or a refusal if the step is not possible now.
    pub fn after(self, step: MatchStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Held | Self::Disputed, MatchStep::Approve) => Ok(Self::Approved),
            (Self::Held, MatchStep::Dispute) => Ok(Self::Disputed),
            (Self::Held | Self::Disputed, MatchStep::Clear) => Ok(Self::Matched),
            _ => Err(Refusal::wrong_state("match of the invoice", self.code(), step.done())),
        }
    }

    /// Whether the invoice is not to be paid for now.
    pub fn holds(self) -> bool {
        matches!(self, Self::Held | Self::Disputed)
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Held => "held",
            Self::Disputed => "disputed",
            Self::Approved => "approved",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("match_state", format!("`{code}` is not a state of a match.")))
    }
}

impl MatchStep {
    pub const ALL: [Self; 3] = [Self::Approve, Self::Dispute, Self::Clear];

    fn done(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Dispute => "disputed",
            Self::Clear => "cleared",
        }
    }
}

/// How far an invoice may be above order and receipt. Each limit holds by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance {
    pub price_percent: Decimal,
    pub quantity_percent: Decimal,
    /// For the sum of a line, in the currency of the invoice.
    pub amount: Decimal,
}

/// A line of an invoice beside what was ordered and received, all in the unit in which it is billed. Of what was invoiced, all invoices
/// count without what was credited, so that nothing is gained by splitting it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatchLine {
    /// As agreed on, for one, without discount and tax.
    pub ordered_price: Decimal,
    pub invoiced_price: Decimal,
    pub ordered: Decimal,
    /// In good order, without what went back.
    pub received: Decimal,
    pub invoiced: Decimal,
    /// Without tax.
    pub invoiced_amount: Decimal,
    /// What rounding each of the invoices by itself may add up to.
    pub rounding: Decimal,
    /// What was received comes to, where each delivery has a price of its own by what was measured of it.
    pub received_value: Option<Decimal>,
}

impl MatchLine {
    /// What is to be paid for in all: what was ordered and has arrived. Of several prices, what is beyond the order counts by its share.
    fn expected_amount(&self) -> Decimal {
        match self.received_value {
            None => self.ordered_price * self.ordered.min(self.received),
            Some(value) if self.received > self.ordered => value / self.received * self.ordered,
            Some(value) => value,
        }
    }
}

/// Which of the prices that goods were delivered at an invoice line is to be compared with: the highest that is not above what is invoiced,
/// or else the lowest.
pub fn delivered_price(delivered: &[Decimal], invoiced: Decimal) -> Option<Decimal> {
    let up_to = delivered.iter().filter(|price| **price <= invoiced).max();
    up_to.or(delivered.iter().min()).copied()
}

/// What is above order or receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    Price,
    QuantityOrdered,
    QuantityReceived,
    Amount,
}

impl Measure {
    pub fn code(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::QuantityOrdered => "quantity_ordered",
            Self::QuantityReceived => "quantity_received",
            Self::Amount => "amount",
        }
    }
}

/// A difference beyond the tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    pub measure: Measure,
    pub expected: Decimal,
    pub found: Decimal,
}

/// The differences of a line beyond the tolerance.
pub fn differences(line: &MatchLine, tolerance: &Tolerance) -> Vec<Difference> {
    let factor = |percent: Decimal| Decimal::ONE + percent / Decimal::ONE_HUNDRED;
    let expected = line.expected_amount();
    let quantity = factor(tolerance.quantity_percent);
    let checks = [
        (Measure::Price, line.ordered_price, line.invoiced_price, line.ordered_price * factor(tolerance.price_percent)),
        (Measure::QuantityOrdered, line.ordered, line.invoiced, line.ordered * quantity),
        (Measure::QuantityReceived, line.received, line.invoiced, line.received * quantity),
        (Measure::Amount, expected, line.invoiced_amount, expected + tolerance.amount + line.rounding),
    ];
    let beyond = checks.into_iter().filter(|(_, _, found, most)| found > most);
    beyond.map(|(measure, expected, found, _)| Difference { measure, expected, found }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn found(ordered: &str, received: &str, invoiced: &str, price: &str, tolerance: [&str; 3]) -> Vec<Measure> {
        let line = MatchLine {
            ordered_price: dec("10"),
            invoiced_price: dec(price),
            ordered: dec(ordered),
            received: dec(received),
            invoiced: dec(invoiced),
            invoiced_amount: dec(invoiced) * dec(price),
            rounding: dec("0.005"),
            received_value: None,
        };
        let [price_percent, quantity_percent, amount] = tolerance.map(dec);
        let tolerance = Tolerance { price_percent, quantity_percent, amount };
        differences(&line, &tolerance).into_iter().map(|one| one.measure).collect()
    }

    #[test]
    fn what_is_ordered_received_and_invoiced_alike_has_no_difference() {
        assert!(found("10", "10", "10", "10", ["0", "0", "0"]).is_empty());
        // Less than expected is no difference.
        assert!(found("10", "6", "4", "9", ["0", "0", "0"]).is_empty());
    }

    #[test]
    fn each_limit_holds_by_itself() {
        use Measure::{Amount, Price, QuantityOrdered, QuantityReceived};
        assert!(found("10", "10", "10", "10.2", ["2", "0", "2"]).is_empty());
        assert_eq!(found("10", "10", "10", "10.21", ["2", "0", "100"]), [Price]);
        assert_eq!(found("10", "10", "10", "10.2", ["2", "0", "1.99"]), [Amount]);
        assert!(found("10", "10.3", "10.3", "10", ["0", "3", "3"]).is_empty());
        assert_eq!(found("10", "10.4", "10.4", "10", ["0", "3", "100"]), [QuantityOrdered]);
        assert_eq!(found("10", "8", "10", "10", ["0", "3", "100"]), [QuantityReceived]);
        assert_eq!(found("10", "8", "12", "11", ["0", "0", "0"]), [Price, QuantityOrdered, QuantityReceived, Amount]);
    }

    #[test]
    fn goods_of_several_prices_come_to_what_each_delivery_was_priced_at() {
        // 6 at 10 and 4 at 9 arrived.
        let matched = |received: &str, value: &str, invoiced: &str, amount: &str| {
            let line = MatchLine {
                ordered_price: dec("10"),
                invoiced_price: dec("10"),
                ordered: dec("10"),
                received: dec(received),
                invoiced: dec(invoiced),
                invoiced_amount: dec(amount),
                rounding: dec("0.01"),
                received_value: Some(dec(value)),
            };
            let tolerance = Tolerance { price_percent: dec("0"), quantity_percent: dec("10"), amount: dec("0") };
            differences(&line, &tolerance).into_iter().map(|one| (one.measure, one.expected)).collect::<Vec<_>>()
        };
        assert_eq!(matched("10", "96", "10", "96"), []);
        // Too much of it at the higher price.
        assert_eq!(matched("10", "96", "10", "98"), [(Measure::Amount, dec("96"))]);
        // A tenth more than was ordered is not paid for without a tolerance.
        assert_eq!(matched("11", "105.6", "11", "105.6"), [(Measure::Amount, dec("96"))]);
    }

    #[test]
    fn an_invoiced_price_is_that_of_a_delivery_or_too_high() {
        let delivered = ["9", "10", "12"].map(dec);
        for (invoiced, expected) in [("10", "10"), ("11", "10"), ("13", "12"), ("8", "9")] {
            assert_eq!(delivered_price(&delivered, dec(invoiced)), Some(dec(expected)), "{invoiced}");
        }
        assert_eq!(delivered_price(&[], dec("1")), None);
    }

    #[test]
    fn every_step_from_every_state() {
        use MatchState as S;
        use MatchStep as T;
        let legal = [
            (S::Held, T::Approve, S::Approved),
            (S::Held, T::Dispute, S::Disputed),
            (S::Held, T::Clear, S::Matched),
            (S::Disputed, T::Approve, S::Approved),
            (S::Disputed, T::Clear, S::Matched),
        ];
        for state in S::ALL {
            assert_eq!(S::parse(state.code()).unwrap(), state);
            assert_eq!(state.holds(), matches!(state, S::Held | S::Disputed));
        }
        crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
    }
}
