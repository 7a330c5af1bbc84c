//! An instrument as it is sent in, and the checks of it.

use rust_decimal::Decimal;

use super::grade::{Differential, Tolerance};
use super::instrument::{Band, Guarantee, Rules};
use super::self_trade::SelfTrade;
use super::terms::{Property, Terms};
use crate::catalogue::{Tax, TaxCategory};
use crate::contract::TermsInput;
use crate::kernel::language::{Texts, check_texts};
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Date, Faults, Unit};
use crate::party::registration::text;

const LONGEST_CODE: usize = 40;
const LONGEST_NAME: usize = 200;
const LONGEST_TEXT: usize = 200;
const MOST_PROPERTIES: usize = 100;
const MOST_DIFFERENTIALS: usize = 20;
const LARGEST_PPM: u32 = 10_000_000;
const WHOLE_PPM: u32 = 1_000_000;
const MOST_LIVE_ORDERS: u32 = 1_000_000;
/// Numbers of JSON are exact so far.
const MOST_SESSION_LOTS: u64 = 1_000_000_000_000_000;
/// Measured values and price steps: what is worked out of them stays within decimals.
const LARGEST_NUMBER: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);

/// An instrument as it is sent in. The names of the fields are those of the body; Incoterm, place, payment and time of delivery stand
/// under `/terms`, category and rate of the tax under `/tax`.
#[derive(Debug, Clone)]
pub struct InstrumentInput {
    pub code: String,
    pub names: Texts,
    pub grade: String,
    pub specification: Vec<Property>,
    pub unit: String,
    pub rules: RulesInput,
    pub incoterm: String,
    pub place: String,
    pub payment_days: i32,
    pub delivery_from: Date,
    pub delivery_to: Date,
    pub tolerance: Tolerance,
    pub differentials: Vec<DifferentialInput>,
    pub tax_category: String,
    pub tax_rate: String,
    pub reference_price: Option<String>,
}

/// The rules of trading as they are sent in; they stand at the top of the body.
#[derive(Debug, Clone)]
pub struct RulesInput {
    pub lot_size: String,
    pub tick_size: String,
    pub currency: String,
    pub band: Option<Band>,
    pub volatility_ppm: Option<u32>,
    pub self_trade: String,
    pub guarantee: String,
    pub max_live_orders: Option<u32>,
    pub max_session_lots: Option<u64>,
}

/// [`Differential`] as it is sent in.
#[derive(Debug, Clone)]
pub struct DifferentialInput {
    pub parameter: String,
    pub base: String,
    pub step: String,
    pub price_above: String,
    pub price_below: String,
    pub least: Option<String>,
    pub most: Option<String>,
}

impl InstrumentInput {
    /// Notes all faults with pointers that begin with `pointer`.
    pub fn check(self, pointer: &str, faults: &mut Faults) -> Option<Terms> {
        let before = faults.0.len();
        let at = |name: &str| format!("{pointer}/{name}");
        faults.keep(at("code"), check_code(&self.code));
        faults.keep(at("name"), check_texts(&self.names, LONGEST_NAME));
        faults.keep(at("grade"), text(&self.grade, LONGEST_TEXT));
        self.check_specification(pointer, faults);
        let unit = faults.keep(at("unit"), Unit::parse(&self.unit));
        let rules = self.rules.check(pointer, faults);
        let terms = TermsInput {
            incoterm: self.incoterm,
            place: self.place,
            payment_days: self.payment_days,
            delivery_date: Some(self.delivery_to),
        };
        let terms = terms.check(&at("terms"), faults);
        if self.delivery_to < self.delivery_from {
            faults.add(at("terms/delivery_to"), "before_start", "The time of delivery ends before it begins.");
        }
        check_tolerance(self.tolerance, pointer, faults);
        let differentials = check_differentials(&self.differentials, &self.specification, pointer, faults);
        let category = faults.keep(at("tax/category"), TaxCategory::parse(&self.tax_category));
        let rate = faults.keep(at("tax/rate"), parse_decimal(&self.tax_rate));
        let tax = category.zip(rate).and_then(|(category, rate)| faults.keep(at("tax/rate"), Tax::new(category, rate)));
        let reference = self.reference_price.and_then(|text| {
            let price = faults.keep(at("reference_price"), parse_decimal(&text))?;
            let ticks = rules.as_ref()?.ticks(price);
            faults.keep(at("reference_price"), ticks.map_err(|why| Invalid::new(why.code(), why.to_string())))
        });
        let (unit, rules, terms, tax) = (unit?, rules?, terms?, tax?);
        (faults.0.len() == before).then_some(Terms {
            code: self.code,
            names: self.names,
            grade: self.grade.trim().to_owned(),
            specification: self.specification,
            unit,
            rules,
            incoterm: terms.incoterm,
            place: terms.place,
            delivery_from: self.delivery_from,
            delivery_to: self.delivery_to,
            tolerance: self.tolerance,
            differentials,
            tax,
            payment_days: terms.payment_days,
            reference,
        })
    }

    fn check_specification(&self, pointer: &str, faults: &mut Faults) {
        if self.specification.len() > MOST_PROPERTIES {
            faults.add(
                format!("{pointer}/specification"),
                "too_many",
                format!("At most {MOST_PROPERTIES} properties."),
            );
        }
        for (index, property) in self.specification.iter().take(MOST_PROPERTIES).enumerate() {
            let pointer = format!("{pointer}/specification/{index}");
            faults.keep(format!("{pointer}/parameter"), check_parameter(&property.parameter));
            if self.specification[..index].iter().any(|other| other.parameter == property.parameter) {
                faults.add(format!("{pointer}/parameter"), "twice", "It is named twice.");
            }
            faults.keep(format!("{pointer}/value"), text(&property.value, LONGEST_TEXT));
            if let Some(unit) = &property.unit {
                faults.keep(format!("{pointer}/unit"), Unit::parse(unit));
            }
        }
    }
}

impl RulesInput {
    fn check(&self, pointer: &str, faults: &mut Faults) -> Option<Rules> {
        let before = faults.0.len();
        let at = |name: &str| format!("{pointer}/{name}");
        let lot_size = faults.keep(at("lot_size"), check_step(&self.lot_size));
        let tick_size = faults.keep(at("tick_size"), check_step(&self.tick_size));
        let currency = faults.keep(at("currency"), Currency::parse(&self.currency));
        if let Some(band) = self.band {
            faults.keep(at("band/up_ppm"), within(band.up_ppm, 0, LARGEST_PPM));
            faults.keep(at("band/down_ppm"), within(band.down_ppm, 0, WHOLE_PPM - 1));
        }
        if let Some(ppm) = self.volatility_ppm {
            faults.keep(at("volatility_ppm"), within(ppm, 1, LARGEST_PPM));
        }
        let self_trade = faults.keep(at("self_trade"), SelfTrade::parse(&self.self_trade));
        let guarantee = faults.keep(at("guarantee"), Guarantee::parse(&self.guarantee));
        if let Some(orders) = self.max_live_orders {
            faults.keep(at("max_live_orders"), within(orders, 1, MOST_LIVE_ORDERS));
        }
        if let Some(lots) = self.max_session_lots {
            faults.keep(at("max_session_lots"), within(lots, 1, MOST_SESSION_LOTS));
        }
        let rules = Rules {
            tick_size: tick_size?,
            lot_size: lot_size?,
            currency: currency?,
            band: self.band,
            volatility_ppm: self.volatility_ppm,
            self_trade: self_trade?,
            guarantee: guarantee?,
            max_live_orders: self.max_live_orders,
            max_session_lots: self.max_session_lots,
        };
        if faults.0.len() == before && rules.check().is_err() {
            faults.add(at("tick_size"), "out_of_range", "A tick of a lot is worth at most 1000000000.");
        }
        (faults.0.len() == before).then_some(rules)
    }
}

fn check_differentials(
    given: &[DifferentialInput],
    specification: &[Property],
    pointer: &str,
    faults: &mut Faults,
) -> Vec<Differential> {
    if given.len() > MOST_DIFFERENTIALS {
        let detail = format!("At most {MOST_DIFFERENTIALS} differentials.");
        faults.add(format!("{pointer}/differentials"), "too_many", detail);
        return Vec::new();
    }
    let mut checked = Vec::new();
    for (index, one) in given.iter().enumerate() {
        let pointer = format!("{pointer}/differentials/{index}");
        if !specification.iter().any(|property| property.parameter == one.parameter) {
            let detail = "A differential is of a parameter of the specification, whose unit it is measured in.";
            faults.add(format!("{pointer}/parameter"), "unknown", detail);
        }
        if given[..index].iter().any(|other| other.parameter == one.parameter) {
            faults.add(format!("{pointer}/parameter"), "twice", "It is named twice.");
        }
        checked.extend(one.check(&pointer, faults));
    }
    checked
}

impl DifferentialInput {
    fn check(&self, pointer: &str, faults: &mut Faults) -> Option<Differential> {
        let mut number = |name: &str, text: &str| faults.keep(format!("{pointer}/{name}"), check_number(text));
        let base = number("base", &self.base);
        let step = number("step", &self.step);
        let price_above = number("price_above", &self.price_above);
        let price_below = number("price_below", &self.price_below);
        let least = self.least.as_ref().map(|text| number("least", text));
        let most = self.most.as_ref().map(|text| number("most", text));
        let (base, step) = (base?, step?);
        if step <= Decimal::ZERO {
            faults.add(format!("{pointer}/step"), "not_positive", "A step is more than zero.");
        }
        if least.flatten().is_some_and(|least| least > base) {
            faults.add(format!("{pointer}/least"), "out_of_range", "The least that is of the grade is above its base.");
        }
        if most.flatten().is_some_and(|most| most < base) {
            faults.add(format!("{pointer}/most"), "out_of_range", "The most that is of the grade is below its base.");
        }
        let parameter = self.parameter.clone();
        let (price_above, price_below) = (price_above?, price_below?);
        Some(Differential {
            parameter,
            base,
            step,
            price_above,
            price_below,
            least: least.flatten(),
            most: most.flatten(),
        })
    }
}

fn check_tolerance(tolerance: Tolerance, pointer: &str, faults: &mut Faults) {
    faults.keep(format!("{pointer}/tolerance/more_ppm"), within(tolerance.more_ppm, 0, WHOLE_PPM));
    faults.keep(format!("{pointer}/tolerance/less_ppm"), within(tolerance.less_ppm, 0, WHOLE_PPM - 1));
}

/// Capital letters, digits, points and hyphens, 2 to 40 in all; the first is a letter or digit.
fn check_code(code: &str) -> Result<(), Invalid> {
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let all = code.bytes().all(|b| plain(b) || b == b'.' || b == b'-');
    if all && code.bytes().next().is_some_and(plain) && (2..=LONGEST_CODE).contains(&code.len()) {
        return Ok(());
    }
    let detail =
        format!("Capital letters, digits, points and hyphens, such as `REBAR-B500-MAR27`; 2 to {LONGEST_CODE}.");
    Err(Invalid::new("code", detail))
}

/// A small letter, then small letters, digits and underscores, 1 to 40 in all.
fn check_parameter(parameter: &str) -> Result<(), Invalid> {
    let all = parameter.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if all && parameter.bytes().next().is_some_and(|b| b.is_ascii_lowercase()) && parameter.len() <= 40 {
        return Ok(());
    }
    Err(Invalid::new("parameter", "A small letter, then small letters, digits and underscores; at most 40."))
}

/// The size of a tick or lot.
fn check_step(text: &str) -> Result<Decimal, Invalid> {
    let value = check_number(text)?;
    if value <= Decimal::ZERO {
        return Err(Invalid::new("not_positive", "It is more than zero."));
    }
    Ok(value)
}

/// A measured value or a step of price: at most six decimals, and within what is worked out with.
pub fn check_number(text: &str) -> Result<Decimal, Invalid> {
    let value = parse_decimal(text)?.normalize();
    if value.scale() > 6 {
        return Err(Invalid::new("too_precise", "At most 6 decimals are taken."));
    }
    if value.abs() > LARGEST_NUMBER {
        return Err(Invalid::new("out_of_range", format!("It is at most {LARGEST_NUMBER}.")));
    }
    Ok(value)
}

fn within<T: PartialOrd + Copy + std::fmt::Display>(value: T, least: T, most: T) -> Result<T, Invalid> {
    if value >= least && value <= most {
        return Ok(value);
    }
    Err(Invalid::new("out_of_range", format!("It is from {least} to {most}.")))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn input() -> InstrumentInput {
        let property = |parameter: &str, value: &str, unit: Option<&str>| Property {
            parameter: parameter.into(),
            value: value.into(),
            unit: unit.map(Into::into),
        };
        InstrumentInput {
            code: "REBAR-B500-MAR27".into(),
            names: [("en", "Rebar B500B"), ("ru", "Арматура B500B")].map(|(k, v)| (k.into(), v.into())).into(),
            grade: "B500B".into(),
            specification: vec![property("diameter", "12", Some("MMT")), property("standard", "DIN 488", None)],
            unit: "TNE".into(),
            rules: RulesInput {
                lot_size: "5".into(),
                tick_size: "0.50".into(),
                currency: "EUR".into(),
                band: Some(Band { up_ppm: 100, down_ppm: 200_000 }),
                volatility_ppm: Some(20_000),
                self_trade: "cancel_both".into(),
                guarantee: "limit".into(),
                max_live_orders: Some(100),
                max_session_lots: Some(1000),
            },
            incoterm: "FCA".into(),
            place: "Hamburg".into(),
            payment_days: 14,
            delivery_from: "2027-03-01".parse().unwrap(),
            delivery_to: "2027-03-31".parse().unwrap(),
            tolerance: Tolerance { more_ppm: 50_000, less_ppm: 50_000 },
            differentials: Vec::new(),
            tax_category: "S".into(),
            tax_rate: "19".into(),
            reference_price: Some("600".into()),
        }
    }

    pub fn terms(input: &InstrumentInput) -> Terms {
        let mut faults = Faults::default();
        input.clone().check("", &mut faults).unwrap_or_else(|| panic!("{faults:?}"))
    }

    fn faults(input: InstrumentInput) -> Vec<String> {
        let mut faults = Faults::default();
        let checked = input.check("", &mut faults);
        assert_eq!(checked.is_none(), !faults.0.is_empty());
        faults.0.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn an_instrument_that_fits_passes() {
        let terms = terms(&input());
        assert_eq!(terms.reference, Some(1200));
        assert_eq!(terms.rules.check(), Ok(()));
        assert_eq!(terms.rules.price(1200).to_string(), "600");
        assert_eq!(LARGEST_NUMBER.to_string(), "1000000000000");
    }

    #[test]
    fn all_faults_of_an_instrument_are_told_at_once() {
        let property = |parameter: &str, value: &str, unit: &str| Property {
            parameter: parameter.into(),
            value: value.into(),
            unit: Some(unit.into()),
        };
        let odd = InstrumentInput {
            code: "rebar".into(),
            names: Texts::new(),
            grade: "\n".into(),
            specification: vec![property("Diameter", "", "mm"), property("ok", "1", "MMT"), property("ok", "1", "MMT")],
            unit: "ton".into(),
            rules: RulesInput {
                lot_size: "0".into(),
                tick_size: "0.0000001".into(),
                currency: "eur".into(),
                band: Some(Band { up_ppm: 10_000_001, down_ppm: 1_000_000 }),
                volatility_ppm: Some(0),
                self_trade: "allow".into(),
                guarantee: "half".into(),
                max_live_orders: Some(0),
                max_session_lots: Some(u64::MAX),
            },
            incoterm: "DAT".into(),
            place: " ".into(),
            payment_days: 366,
            delivery_to: "2027-02-28".parse().unwrap(),
            tolerance: Tolerance { more_ppm: 1_000_001, less_ppm: 1_000_000 },
            tax_category: "Z".into(),
            reference_price: Some("1e3".into()),
            ..input()
        };
        let expected = [
            "/code code",
            "/name required",
            "/grade blank",
            "/specification/0/parameter parameter",
            "/specification/0/value blank",
            "/specification/0/unit unit",
            "/specification/2/parameter twice",
            "/unit unit",
            "/lot_size not_positive",
            "/tick_size too_precise",
            "/currency currency",
            "/band/up_ppm out_of_range",
            "/band/down_ppm out_of_range",
            "/volatility_ppm out_of_range",
            "/self_trade self_trade",
            "/guarantee guarantee",
            "/max_live_orders out_of_range",
            "/max_session_lots out_of_range",
            "/terms/incoterm incoterm",
            "/terms/place required",
            "/terms/payment_days out_of_range",
            "/terms/delivery_to before_start",
            "/tolerance/more_ppm out_of_range",
            "/tolerance/less_ppm out_of_range",
            "/tax/rate tax_rate",
            "/reference_price decimal",
        ];
        assert_eq!(faults(odd), expected);
    }

    #[test]
    fn a_reference_price_is_a_price_of_the_instrument() {
        let referred = |price: &str| faults(InstrumentInput { reference_price: Some(price.into()), ..input() });
        assert_eq!(referred("600.25"), ["/reference_price off_tick"]);
        assert_eq!(referred("0"), ["/reference_price price_out_of_range"]);
        assert_eq!(referred("-1"), ["/reference_price price_out_of_range"]);
        assert_eq!(referred("500000000000"), [""; 0]);
        assert_eq!(referred("500000000000.5"), ["/reference_price price_out_of_range"]);
        assert_eq!(faults(InstrumentInput { reference_price: None, ..input() }), [""; 0]);
    }

    #[test]
    fn a_tick_of_a_lot_stays_within_what_a_market_counts() {
        let mut input = input();
        (input.rules.lot_size, input.rules.tick_size) = ("100000".into(), "10000".into());
        input.reference_price = Some("10000".into());
        assert_eq!(faults(input.clone()), [""; 0]);
        input.rules.tick_size = "10000.1".into();
        assert_eq!(faults(input), ["/tick_size out_of_range"]);
    }

    #[test]
    fn differentials_are_of_the_specification() {
        let one = DifferentialInput {
            parameter: "diameter".into(),
            base: "12".into(),
            step: "0.5".into(),
            price_above: "-3.00".into(),
            price_below: "2".into(),
            least: Some("11".into()),
            most: Some("13".into()),
        };
        let with = |differentials: Vec<DifferentialInput>| InstrumentInput { differentials, ..input() };
        let checked = terms(&with(vec![one.clone()]));
        assert_eq!(checked.differentials[0].check(), Ok(()));
        assert_eq!(checked.differentials[0].adjustment("12.5".parse().unwrap()), Some("-3".parse().unwrap()));
        let odd = DifferentialInput {
            parameter: "protein".into(),
            step: "0".into(),
            price_above: "x".into(),
            least: Some("12.1".into()),
            most: Some("11.9".into()),
            ..one.clone()
        };
        assert_eq!(
            faults(with(vec![one.clone(), one.clone(), odd])),
            [
                "/differentials/1/parameter twice",
                "/differentials/2/parameter unknown",
                "/differentials/2/price_above decimal",
                "/differentials/2/step not_positive",
                "/differentials/2/least out_of_range",
                "/differentials/2/most out_of_range",
            ]
        );
        assert_eq!(faults(with(vec![one; 21])), ["/differentials too_many"]);
    }
}
