//! Catch weight: goods are ordered by the piece, or by about so many tonnes, and billed by what was weighed.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::catalogue::tax::check_percent;
use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Refusal, Unit, UnitPrice};

/// How the goods of a line are weighed and billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatchWeight {
    /// The weighing unit.
    pub unit: Unit,
    /// What one of the line's unit weighs, about.
    pub nominal: Decimal,
    /// By how much the weight may be more than that.
    pub tolerance_percent: Decimal,
    /// By how much it may be less.
    pub less_percent: Decimal,
}

impl CatchWeight {
    /// Refuses weights that are none, and tolerances of more than the whole.
    pub fn new(unit: Unit, nominal: Decimal, tolerance_percent: Decimal) -> Result<Self, Invalid> {
        check_nominal(nominal)?;
        let tolerance_percent = check_percent(tolerance_percent)?;
        Ok(Self { unit, nominal, tolerance_percent, less_percent: tolerance_percent })
    }

    /// With a tolerance that is another one upwards than downwards, and perhaps finer than people state one.
    pub fn between(unit: Unit, nominal: Decimal, more: Decimal, less: Decimal) -> Result<Self, Invalid> {
        check_nominal(nominal)?;
        for percent in [more, less] {
            check_percent(percent.ceil())?;
        }
        Ok(Self { unit, nominal, tolerance_percent: more, less_percent: less })
    }

    /// Whether what is weighed is the quantity itself, in its own unit.
    pub fn is_quantity(&self, of: Unit) -> bool {
        self.unit == of && self.nominal == Decimal::ONE
    }

    /// The tolerance in words.
    pub fn tolerance(&self) -> String {
        let (more, less) = (self.tolerance_percent.normalize(), self.less_percent.normalize());
        if more == less { format!("{more} % more or less") } else { format!("{more} % more or {less} % less") }
    }

    /// Refuses a nominal weight of one of a base unit that has another weight of its own: a tonne is 1000 kilograms.
    pub fn check_base(&self, base: Unit) -> Result<(), Invalid> {
        let Some(ratio) = base.ratio_to(self.unit) else { return Ok(()) };
        // What has more than six decimals cannot be said exactly.
        let exact = ratio.apply(Decimal::ONE);
        if exact.is_none_or(|exact| exact == self.nominal) {
            return Ok(());
        }
        let weight = exact.unwrap_or_default();
        Err(Invalid::new("contradicts_unit", format!("One {base} weighs {weight} {}.", self.unit)))
    }

    /// What a quantity weighs, about.
    pub fn expected(&self, quantity: Decimal) -> Decimal {
        self.nominal.checked_mul(quantity).unwrap_or(Decimal::MAX)
    }

    /// Whether a weight stays within the tolerance; its limits belong to it.
    pub fn fits(&self, quantity: Decimal, weighed: Decimal) -> bool {
        let expected = self.expected(quantity);
        let share = |percent: Decimal| expected / Decimal::ONE_HUNDRED * percent;
        weighed >= expected - share(self.less_percent) && weighed - expected <= share(self.tolerance_percent)
    }

    /// [`Self::fits`] as a refusal.
    pub fn check(&self, quantity: Decimal, weighed: Decimal) -> Result<(), Refusal> {
        if self.fits(quantity, weighed) {
            return Ok(());
        }
        let detail = format!(
            "{} {} were weighed; about {} were ordered, {}.",
            weighed.normalize(),
            self.unit,
            self.expected(quantity).normalize(),
            self.tolerance()
        );
        Err(Refusal::new(Kind::OutOfTolerance, detail))
    }

    /// The price of one of the weighing unit: that of one of the line's unit by its nominal weight, rounded half to even
    /// to six decimals when the contract is made. What is billed is this price by what was weighed.
    pub fn unit_price(&self, of_line: UnitPrice) -> Result<UnitPrice, Invalid> {
        let price = of_line.amount() / self.nominal;
        UnitPrice::new(rounded(price), of_line.currency())
    }
}

/// What one of something weighs.
pub fn check_nominal(nominal: Decimal) -> Result<Decimal, Invalid> {
    if check_quantity(nominal)?.is_zero() {
        return Err(Invalid::new("not_positive", "One of them weighs something."));
    }
    Ok(nominal)
}

/// The weight of what arrived of a line in good order: the whole of it if all arrived, else its share by the quantity,
/// rounded half to even to six decimals.
pub fn received_weight(weighed: Decimal, sent: Decimal, received: Decimal) -> Decimal {
    if received >= sent { weighed } else { rounded(weighed / sent * received) }
}

/// What goods weigh that come back, after those that came `before`: the share of all that are back then of what arrived in all, so that in
/// the end they weigh what arrived, in however many parts they come. `arrived` and `before` are each a quantity and its weight.
pub fn returned_weight(arrived: (Decimal, Decimal), before: (Decimal, Decimal), quantity: Decimal) -> Decimal {
    let all = received_weight(arrived.1, arrived.0, before.0 + quantity);
    (all - before.1).max(Decimal::ZERO)
}

/// The quantity that counts as invoiced where a part of the weight that arrived is: its share, rounded half to even to six decimals.
pub fn invoiced_quantity(received: Decimal, weight_received: Decimal, weight_invoiced: Decimal) -> Decimal {
    if weight_invoiced >= weight_received { received } else { rounded(received / weight_received * weight_invoiced) }
}

fn rounded(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(6, RoundingStrategy::MidpointNearestEven)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn weight(unit: &str, nominal: &str, tolerance: &str) -> CatchWeight {
        CatchWeight::new(Unit::parse(unit).unwrap(), dec(nominal), dec(tolerance)).unwrap()
    }

    #[test]
    fn about_twenty_tonnes_are_nineteen_to_twenty_one() {
        let steel = weight("TNE", "1", "5");
        for (weighed, fits) in [("19", true), ("18.999999", false), ("20", true), ("21", true), ("21.000001", false)] {
            assert_eq!(steel.fits(dec("20"), dec(weighed)), fits, "{weighed}");
        }
        assert_eq!(steel.check(dec("20"), dec("22")).unwrap_err().kind, Kind::OutOfTolerance);
        assert!(weight("KGM", "2.5", "0").fits(dec("4"), dec("10")));
    }

    #[test]
    fn a_tolerance_may_be_another_one_downwards() {
        let tonne = Unit::parse("TNE").unwrap();
        let wheat = CatchWeight::between(tonne, Decimal::ONE, dec("0.0001"), dec("10")).unwrap();
        for (weighed, fits) in [("90", true), ("89.9", false), ("100.0001", true), ("100.001", false)] {
            assert_eq!(wheat.fits(dec("100"), dec(weighed)), fits, "{weighed}");
        }
        assert_eq!(wheat.tolerance(), "0.0001 % more or 10 % less");
        assert!(wheat.is_quantity(tonne) && !wheat.is_quantity(Unit::parse("KGM").unwrap()));
        assert_eq!(CatchWeight::between(tonne, Decimal::ONE, dec("5"), dec("101")).unwrap_err().code, "out_of_range");
    }

    #[test]
    fn the_price_of_a_kilogram_is_that_of_the_piece_by_its_weight() {
        let price = |price: &str, nominal: &str| {
            let price = UnitPrice::new(dec(price), Currency::parse("EUR").unwrap()).unwrap();
            weight("KGM", nominal, "5").unit_price(price).unwrap().amount().normalize().to_string()
        };
        assert_eq!(price("100", "2.5"), "40");
        assert_eq!(price("10", "3"), "3.333333");
    }

    #[test]
    fn what_comes_back_in_parts_weighs_what_arrived() {
        let arrived = (dec("3"), dec("10"));
        let mut before = (Decimal::ZERO, Decimal::ZERO);
        let mut parts = Vec::new();
        for _ in 0..3 {
            let part = returned_weight(arrived, before, Decimal::ONE);
            before = (before.0 + Decimal::ONE, before.1 + part);
            parts.push(part);
        }
        assert_eq!(parts, [dec("3.333333"), dec("3.333334"), dec("3.333333")]);
        // What arrived meanwhile was lighter.
        assert_eq!(returned_weight((dec("2"), dec("5")), (dec("1"), dec("3")), Decimal::ONE), dec("2"));
        assert_eq!(returned_weight((dec("4"), dec("8")), (dec("1"), dec("5")), Decimal::ONE), Decimal::ZERO);
    }

    #[test]
    fn what_is_invoiced_of_the_weight_counts_as_its_share_of_the_quantity() {
        assert_eq!(invoiced_quantity(dec("4"), dec("10.5"), dec("10.5")), dec("4"));
        assert_eq!(invoiced_quantity(dec("4"), dec("10.5"), dec("7.875")), dec("3"));
        assert_eq!(invoiced_quantity(dec("4"), dec("10.5"), dec("0")), dec("0"));
        assert_eq!(invoiced_quantity(dec("0"), dec("0"), dec("0")), dec("0"));
    }

    #[test]
    fn the_nominal_weight_of_what_is_weighed_anyway_is_its_own() {
        let fits =
            |unit: &str, nominal: &str, base: &str| weight(unit, nominal, "5").check_base(Unit::parse(base).unwrap());
        assert_eq!(fits("KGM", "1000", "TNE"), Ok(()));
        assert_eq!(fits("TNE", "1", "TNE"), Ok(()));
        assert_eq!(fits("KGM", "2.5", "C62"), Ok(()));
        assert_eq!(fits("KGM", "900", "TNE").unwrap_err().code, "contradicts_unit");
    }

    #[test]
    fn what_is_missing_weighs_its_share() {
        assert_eq!(received_weight(dec("10.3"), dec("4"), dec("4")), dec("10.3"));
        assert_eq!(received_weight(dec("10.3"), dec("4"), dec("3")), dec("7.725"));
        assert_eq!(received_weight(dec("10"), dec("3"), dec("1")), dec("3.333333"));
        assert_eq!(received_weight(dec("10"), dec("3"), dec("0")), dec("0"));
    }

    #[test]
    fn weights_and_tolerances_are_sound() {
        let kilogram = Unit::parse("KGM").unwrap();
        assert_eq!(CatchWeight::new(kilogram, dec("0"), dec("5")).unwrap_err().code, "not_positive");
        assert_eq!(CatchWeight::new(kilogram, dec("1"), dec("101")).unwrap_err().code, "out_of_range");
    }
}
