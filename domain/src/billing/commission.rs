//! What the operator charges sellers: the rate is fixed with the sale, the amount follows what is invoiced and credited of it.

use chrono::{Datelike, Months, NaiveDate, NaiveTime};
use rust_decimal::Decimal;

use crate::kernel::{Currency, Date, Timestamp};

/// The commission of a line that was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commission {
    pub percent: Decimal,
    pub currency: Currency,
    /// Invoiced and not credited, without tax.
    pub net: Decimal,
    /// Charged for that so far.
    pub charged: Decimal,
}

impl Commission {
    /// Counts what was invoiced (positive) or credited (negative), and gives what is charged or given back for it: the difference of
    /// sums that are rounded once, half to even, so that parts add up to the whole and a sale that is wholly credited costs nothing.
    pub fn count(&mut self, net: Decimal) -> Decimal {
        self.net = (self.net + net).max(Decimal::ZERO);
        let due = self.currency.round(self.net * self.percent / Decimal::ONE_HUNDRED);
        let difference = due - self.charged;
        self.charged = due;
        difference
    }
}

/// The first day of the month of a time.
pub fn month_of(at: Timestamp) -> Date {
    let day = at.date_naive();
    day.with_day(1).unwrap_or(day)
}

/// The first day of the month after.
pub fn month_after(month: Date) -> Date {
    month.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX)
}

/// When what was charged in a month is billed: as the next one begins, in UTC.
pub fn billed_at(month: Date) -> Timestamp {
    month_after(month).and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn commission(percent: &str) -> Commission {
        let currency = Currency::parse("EUR").unwrap();
        Commission { percent: percent.parse().unwrap(), currency, net: Decimal::ZERO, charged: Decimal::ZERO }
    }

    #[test]
    fn parts_add_up_and_what_is_credited_is_given_back() {
        let mut sale = commission("2.5");
        let parts: Vec<Decimal> = (0..3).map(|_| sale.count("33.33".parse().unwrap())).collect();
        assert_eq!(parts.iter().sum::<Decimal>().to_string(), "2.50");
        assert_eq!(sale.count("-99.99".parse().unwrap()).to_string(), "-2.50");
        assert_eq!(sale.charged, Decimal::ZERO);
    }

    proptest! {
        #[test]
        fn whatever_is_invoiced_and_credited_the_sum_is_that_of_the_whole(cents in prop::collection::vec(1i64..100_000, 1..20)) {
            let mut sale = commission("3.7");
            let mut given = Decimal::ZERO;
            for cents in &cents {
                given += sale.count(Decimal::new(*cents, 2));
            }
            prop_assert_eq!(given, sale.currency.round(sale.net * sale.percent / Decimal::ONE_HUNDRED));
            for cents in &cents {
                given += sale.count(Decimal::new(-*cents, 2));
            }
            prop_assert!(given.is_zero() && sale.net.is_zero());
        }
    }

    #[test]
    fn a_month_is_billed_as_the_next_one_begins() {
        let at: Timestamp = "2026-12-31T23:59:59.9Z".parse().unwrap();
        assert_eq!(month_of(at).to_string(), "2026-12-01");
        assert_eq!(billed_at(month_of(at)).to_rfc3339(), "2027-01-01T00:00:00+00:00");
    }
}
