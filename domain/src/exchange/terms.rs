//! What an instrument is: what is delivered for a trade, by which rules it is traded, and what of that may change.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::grade::{Differential, Tolerance};
use super::instrument::{Band, Guarantee, Rules};
use super::quantity::Price;
use super::self_trade::SelfTrade;
use crate::catalogue::Tax;
use crate::contract::Incoterm;
use crate::kernel::language::Texts;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Date, Faults, Refusal, Unit};

/// A stated property of what is traded, such as the diameter of a rebar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// Such as `diameter`.
    pub parameter: String,
    pub value: String,
    /// A code of UN/ECE Rec 20, where it has a unit.
    pub unit: Option<String>,
}

/// An instrument that passed the checks of [`super::InstrumentInput`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Unique on its portal, such as `REBAR-B500-MAR27`.
    pub code: String,
    pub names: Texts,
    pub grade: String,
    pub specification: Vec<Property>,
    pub unit: Unit,
    pub rules: Rules,
    pub incoterm: Incoterm,
    pub place: String,
    pub delivery_from: Date,
    pub delivery_to: Date,
    pub tolerance: Tolerance,
    pub differentials: Vec<Differential>,
    pub tax: Tax,
    pub payment_days: i32,
    /// The reference price that it is listed with.
    pub reference: Option<Price>,
}

impl Terms {
    /// Refuses an instrument whose time of delivery is over before it is listed.
    pub fn check_new(&self, today: Date) -> Result<(), Refusal> {
        if self.delivery_to >= today {
            return Ok(());
        }
        Err(Refusal::fault("/terms/delivery_to", "in_the_past", "The time of delivery is over."))
    }

    /// The reference price that it is listed with, of one unit.
    pub fn reference_price(&self) -> Option<Decimal> {
        self.reference.map(|ticks| self.rules.price(ticks))
    }

    /// Refuses with all that may not change: what orders, trades and contracts are counted in and rest on. Names, category, price band,
    /// volatility, self-trade prevention, limits and schedule may; specification and differentials until it has been traded.
    pub fn check_change(&self, after: &Self, traded: bool) -> Result<(), Refusal> {
        let (old, new) = (&self.rules, &after.rules);
        let always = [
            ("/code", self.code == after.code),
            ("/grade", self.grade == after.grade),
            ("/unit", self.unit == after.unit),
            ("/lot_size", old.lot_size == new.lot_size),
            ("/tick_size", old.tick_size == new.tick_size),
            ("/currency", old.currency == new.currency),
            ("/guarantee", old.guarantee == new.guarantee),
            ("/terms/incoterm", self.incoterm == after.incoterm),
            ("/terms/place", self.place == after.place),
            ("/terms/payment_days", self.payment_days == after.payment_days),
            ("/terms/delivery_from", self.delivery_from == after.delivery_from),
            ("/terms/delivery_to", self.delivery_to == after.delivery_to),
            ("/tolerance", self.tolerance == after.tolerance),
            ("/tax", self.tax == after.tax),
            ("/reference_price", self.reference_price() == after.reference_price()),
        ];
        let once_traded = [
            ("/specification", self.specification == after.specification),
            ("/differentials", self.differentials == after.differentials),
        ];
        let mut faults = Faults::default();
        for (pointer, _) in always.into_iter().filter(|(_, same)| !same) {
            faults.add(pointer, "fixed", "It does not change: list another instrument.");
        }
        for (pointer, _) in once_traded.into_iter().filter(|(_, same)| traded && !same) {
            faults.add(pointer, "fixed", "It has been traded: list another instrument.");
        }
        faults.result()
    }
}

/// The values of a kept instrument that make its rules.
#[derive(Debug, Clone, Copy)]
pub struct KeptRules<'a> {
    pub tick_size: Decimal,
    pub lot_size: Decimal,
    pub currency: &'a str,
    pub band_up_ppm: Option<i32>,
    pub band_down_ppm: Option<i32>,
    pub volatility_ppm: Option<i32>,
    pub self_trade: &'a str,
    pub guarantee: &'a str,
    pub max_live_orders: Option<i32>,
    pub max_session_lots: Option<i64>,
}

impl KeptRules<'_> {
    /// The rules, for the market; what was checked before it was kept fits.
    pub fn rules(self) -> Result<Rules, Invalid> {
        let rules = Rules {
            tick_size: self.tick_size.normalize(),
            lot_size: self.lot_size.normalize(),
            currency: Currency::parse(self.currency)?,
            band: match (self.band_up_ppm, self.band_down_ppm) {
                (Some(up), Some(down)) => Some(Band { up_ppm: whole(up)?, down_ppm: whole(down)? }),
                _ => None,
            },
            volatility_ppm: self.volatility_ppm.map(whole).transpose()?,
            self_trade: SelfTrade::parse(self.self_trade)?,
            guarantee: Guarantee::parse(self.guarantee)?,
            max_live_orders: self.max_live_orders.map(whole).transpose()?,
            max_session_lots: self.max_session_lots.map(whole).transpose()?,
        };
        rules.check().map_err(|rejection| Invalid::new(rejection.code(), rejection.to_string()))?;
        Ok(rules)
    }
}

/// A number that is not negative.
fn whole<T, U: TryFrom<T>>(value: T) -> Result<U, Invalid> {
    U::try_from(value).map_err(|_| Invalid::new("out_of_range", "The number is out of range."))
}

#[cfg(test)]
mod tests {
    use super::super::terms_input::tests::{input, terms};
    use super::super::{DifferentialInput, RulesInput};
    use super::*;

    fn fixed(after: &Terms, traded: bool) -> Vec<String> {
        let refusal = terms(&input()).check_change(after, traded).err();
        let faults = refusal.map(|refusal| refusal.faults).unwrap_or_default();
        assert!(faults.iter().all(|fault| fault.code == "fixed"));
        faults.into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn what_is_counted_in_and_delivered_never_changes() {
        let mut other = input();
        other.code = "OTHER-1".into();
        other.grade = "Other".into();
        other.unit = "KGM".into();
        other.rules.lot_size = "10".into();
        other.rules.tick_size = "1".into();
        other.rules.currency = "USD".into();
        other.rules.guarantee = "full".into();
        other.incoterm = "DAP".into();
        other.place = "Kiel".into();
        other.payment_days = 7;
        other.delivery_from = "2027-03-02".parse().unwrap();
        other.delivery_to = "2027-03-30".parse().unwrap();
        other.tolerance.more_ppm = 1;
        other.tax_rate = "7".into();
        other.reference_price = Some("601".into());
        let pointers = [
            "/code",
            "/grade",
            "/unit",
            "/lot_size",
            "/tick_size",
            "/currency",
            "/guarantee",
            "/terms/incoterm",
            "/terms/place",
            "/terms/payment_days",
            "/terms/delivery_from",
            "/terms/delivery_to",
            "/tolerance",
            "/tax",
            "/reference_price",
        ];
        assert_eq!(fixed(&terms(&other), false), pointers);
    }

    #[test]
    fn the_rest_changes_and_what_is_measured_until_it_is_traded() {
        let mut other = input();
        other.names.insert("de".into(), "Betonstahl".into());
        other.rules = RulesInput {
            band: None,
            volatility_ppm: Some(9),
            self_trade: "decrement".into(),
            max_live_orders: None,
            max_session_lots: Some(1),
            ..other.rules
        };
        assert_eq!(fixed(&terms(&other), true), [""; 0]);
        assert!(terms(&input()).rules.may_become(&terms(&other).rules));
        other.specification[0].value = "14".into();
        other.differentials.push(DifferentialInput {
            parameter: "diameter".into(),
            base: "14".into(),
            step: "1".into(),
            price_above: "1".into(),
            price_below: "-1".into(),
            least: None,
            most: None,
        });
        assert_eq!(fixed(&terms(&other), false), [""; 0]);
        assert_eq!(fixed(&terms(&other), true), ["/specification", "/differentials"]);
    }

    #[test]
    fn a_number_written_in_another_way_is_the_same() {
        let mut other = input();
        other.rules.tick_size = "0.500".into();
        other.reference_price = Some("600.00".into());
        assert_eq!(fixed(&terms(&other), true), [""; 0]);
    }

    #[test]
    fn nothing_is_listed_whose_delivery_is_over() {
        let terms = terms(&input());
        assert!(terms.check_new("2027-03-31".parse().unwrap()).is_ok());
        let refusal = terms.check_new("2027-04-01".parse().unwrap()).unwrap_err();
        assert_eq!((refusal.faults[0].pointer.as_str(), refusal.faults[0].code), ("/terms/delivery_to", "in_the_past"));
    }

    #[test]
    fn kept_values_make_the_rules_again() {
        let rules = terms(&input()).rules;
        let kept = KeptRules {
            tick_size: "0.500".parse().unwrap(),
            lot_size: "5.0".parse().unwrap(),
            currency: "EUR",
            band_up_ppm: Some(100),
            band_down_ppm: Some(200_000),
            volatility_ppm: Some(20_000),
            self_trade: "cancel_both",
            guarantee: "limit",
            max_live_orders: Some(100),
            max_session_lots: Some(1000),
        };
        assert_eq!(kept.rules(), Ok(rules));
        assert_eq!(KeptRules { max_live_orders: Some(-1), ..kept }.rules().unwrap_err().code, "out_of_range");
        assert_eq!(KeptRules { tick_size: Decimal::ZERO, ..kept }.rules().unwrap_err().code, "invalid_rules");
    }
}
