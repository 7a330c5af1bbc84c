//! Grades: how measured qualities change the price at delivery, and how far the delivered quantity may differ. What is done by them at
//! deliveries is [`crate::contract::grade`].

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::rejection::Rejection;

/// A measurable parameter of what is traded, such as the protein of wheat, with the steps of price for what differs from the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differential {
    /// Such as `protein`, in the unit that the specification names.
    pub parameter: String,
    /// What the price is stated for.
    pub base: Decimal,
    /// For each whole step away from the base the price changes once.
    pub step: Decimal,
    /// The change of the price of one unit for a step above the base; negative where more is worse (moisture).
    pub price_above: Decimal,
    /// The change for a step below the base.
    pub price_below: Decimal,
    /// Beyond these it is not the agreed grade.
    pub least: Option<Decimal>,
    pub most: Option<Decimal>,
}

impl Differential {
    /// Refuses a step that is nothing and bounds that do not hold the base.
    pub fn check(&self) -> Result<(), Rejection> {
        let holds = self.least.is_none_or(|least| least <= self.base) && self.most.is_none_or(|most| most >= self.base);
        if self.step > Decimal::ZERO && holds { Ok(()) } else { Err(Rejection::InvalidRules) }
    }

    /// What a measured value adds to the price of one unit: whole steps count, what is short of one does not. `None` if the goods are
    /// not of the grade, or the numbers are beyond the range of decimals.
    pub fn adjustment(&self, measured: Decimal) -> Option<Decimal> {
        let is_grade =
            self.least.is_none_or(|least| measured >= least) && self.most.is_none_or(|most| measured <= most);
        if !is_grade {
            return None;
        }
        let away = measured.checked_sub(self.base)?;
        let steps = away.abs().checked_div(self.step)?.floor();
        steps.checked_mul(if away.is_sign_negative() { self.price_below } else { self.price_above })
    }
}

/// How far the delivered quantity may differ from the agreed one, in millionths, each side for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance {
    pub more_ppm: u32,
    pub less_ppm: u32,
}

impl Tolerance {
    /// The least and the most that fulfil the agreement; the bounds themselves do. `None` beyond the range of decimals.
    pub fn bounds(self, agreed: Decimal) -> Option<(Decimal, Decimal)> {
        let share = |ppm: u32| agreed.checked_mul(Decimal::new(i64::from(ppm), 6));
        let least = agreed.checked_sub(share(self.less_ppm)?)?.max(Decimal::ZERO);
        Some((least, agreed.checked_add(share(self.more_ppm)?)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn whole_steps_of_protein_change_the_price() {
        let protein = Differential {
            parameter: "protein".to_owned(),
            base: dec("12.5"),
            step: dec("0.5"),
            price_above: dec("3.00"),
            price_below: dec("-4.00"),
            least: Some(dec("11")),
            most: None,
        };
        assert_eq!(protein.check(), Ok(()));
        for (measured, expected) in
            [("12.5", "0"), ("12.99", "0"), ("13.0", "3.00"), ("14.2", "9.00"), ("11.9", "-4.00")]
        {
            assert_eq!(protein.adjustment(dec(measured)), Some(dec(expected)), "{measured}");
        }
        assert_eq!(protein.adjustment(dec("10.9")), None);
        assert_eq!(protein.adjustment(Decimal::MAX), None);
        assert_eq!(Differential { step: Decimal::ZERO, ..protein }.check(), Err(Rejection::InvalidRules));
    }

    #[test]
    fn the_delivered_quantity_may_differ_by_the_tolerance() {
        let tolerance = Tolerance { more_ppm: 50_000, less_ppm: 20_000 };
        assert_eq!(tolerance.bounds(dec("1000")), Some((dec("980"), dec("1050"))));
        assert_eq!(tolerance.bounds(Decimal::MAX), None);
    }
}
