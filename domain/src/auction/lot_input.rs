//! A lot as it is sent in, and the checks of it.

use rust_decimal::Decimal;

use super::format::Format;
use super::price::{Direction, MAX_UNITS, Price, Units, amount, price_of, share_of};
use super::rules::{Fall, LotRules, MAX_STEPS};
use super::terms::Goods;
use super::terms_input::LONGEST_NAME;
use crate::kernel::language::{Texts, check_texts};
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Faults, Unit};

/// A lot as it is sent in. The names of the fields are those of the body.
#[derive(Debug, Clone)]
pub struct LotInput {
    pub names: Texts,
    /// How many equal units are bid for; 1 for a lot that is sold as a whole.
    pub units: Units,
    /// How much of the goods one of them holds.
    pub content: String,
    /// The unit of that, of UN/ECE Rec 20.
    pub unit: String,
    pub start_price: String,
    pub reserve_price: Option<String>,
    pub buy_now_price: Option<String>,
    pub floor_price: Option<String>,
    pub price_step: Option<String>,
}

/// What the auction says of all its lots.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    pub format: Format,
    /// Step and floor of a falling price in hundredths of a percent of the start price, where the lot does not say them.
    pub fall: Option<(u32, u32)>,
}

impl LotInput {
    /// Notes all faults with pointers that begin with `pointer`. What depends on a format or a currency that is not known is not checked.
    pub(super) fn check(
        &self,
        setting: Option<Setting>,
        currency: Option<Currency>,
        pointer: &str,
        faults: &mut Faults,
    ) -> Option<(Goods, LotRules)> {
        let before = faults.0.len();
        let at = |name: &str| format!("{pointer}/{name}");
        faults.keep(at("name"), check_texts(&self.names, LONGEST_NAME));
        let unit = faults.keep(at("unit"), Unit::parse(&self.unit));
        let content = faults.keep(at("content"), check_content(&self.content));
        if !(1..=MAX_UNITS).contains(&self.units) {
            faults.add(at("units"), "out_of_range", format!("It is from 1 to {MAX_UNITS}."));
        }
        let (setting, currency) = (setting?, currency?);
        if self.units > 1 && !setting.format.takes_units() {
            faults.add(at("units"), "not_taken", "The format sells one unit.");
        }
        let mut price = |name: &str, text: &str| faults.keep(at(name), check_price(text, currency));
        let start = price("start_price", &self.start_price);
        let mut other = |name: &str, text: &Option<String>| text.as_ref().and_then(|text| price(name, text));
        let reserve = other("reserve_price", &self.reserve_price);
        let buy_now = other("buy_now_price", &self.buy_now_price);
        let floor = other("floor_price", &self.floor_price);
        let step = other("price_step", &self.price_step);
        let lot = LotRules { units: self.units, start: start?, reserve, buy_now, fall: None };
        self.check_amount(&lot, pointer, faults);
        check_reserve(&lot, setting.format, pointer, faults);
        check_buy_now(&lot, setting.format, pointer, faults);
        let fall = self.check_fall(lot.start, (floor, step), setting, pointer, faults);
        let goods = Goods { names: self.names.clone(), unit: unit?, content: content? };
        (faults.0.len() == before).then_some((goods, LotRules { fall, ..lot }))
    }

    fn check_amount(&self, lot: &LotRules, pointer: &str, faults: &mut Faults) {
        if self.units <= MAX_UNITS && amount(lot.start, lot.units).is_none() {
            faults.add(format!("{pointer}/start_price"), "out_of_range", "Price times units is too large.");
        }
    }

    /// Step and floor of a falling price: what is said, or the part of the start price that the preset says.
    fn check_fall(
        &self,
        start: Price,
        (floor, step): (Option<Price>, Option<Price>),
        setting: Setting,
        pointer: &str,
        faults: &mut Faults,
    ) -> Option<Fall> {
        let said = [("floor_price", &self.floor_price), ("price_step", &self.price_step)];
        if !setting.format.falls() {
            for (name, _) in said.into_iter().filter(|(_, text)| text.is_some()) {
                faults.add(format!("{pointer}/{name}"), "not_taken", "The price does not fall.");
            }
            return None;
        }
        if setting.fall.is_none() {
            for (name, _) in said.into_iter().filter(|(_, text)| text.is_none()) {
                faults.add(format!("{pointer}/{name}"), "required", "Where the price falls, this is needed.");
            }
        }
        let preset = |part: fn((u32, u32)) -> u32| setting.fall.map(|fall| share_of(start, part(fall)).max(1));
        let fall = Fall { step: step.or(preset(|fall| fall.0))?, floor: floor.or(preset(|fall| fall.1))? };
        if fall.floor >= start {
            faults.add(format!("{pointer}/floor_price"), "not_below_start", "The price falls to below the start.");
        } else if !fall.fits(start) {
            let detail = format!("The price falls in at most {MAX_STEPS} steps.");
            faults.add(format!("{pointer}/price_step"), "too_small", detail);
        }
        Some(fall)
    }
}

fn check_reserve(lot: &LotRules, format: Format, pointer: &str, faults: &mut Faults) {
    let Some(reserve) = lot.reserve else { return };
    let at = format!("{pointer}/reserve_price");
    if format.falls() {
        faults.add(at, "not_taken", "Where the price falls, the floor is what is sold for at least.");
    } else if !format.direction().reaches(reserve, lot.start) {
        let detail = match format.direction() {
            Direction::Up => "The reserve is not below the start price.",
            Direction::Down => "The reserve is not above the start price.",
        };
        faults.add(at, "worse_than_start", detail);
    }
}

fn check_buy_now(lot: &LotRules, format: Format, pointer: &str, faults: &mut Faults) {
    let Some(price) = lot.buy_now else { return };
    let at = format!("{pointer}/buy_now_price");
    if format != Format::English || lot.units > 1 {
        faults.add(at, "not_taken", "Only a lot of one unit in an English auction can be bought at once.");
    } else if price < lot.reserve.unwrap_or(lot.start) {
        faults.add(at, "below_reserve", "It is not below reserve and start price.");
    }
}

fn check_price(text: &str, currency: Currency) -> Result<Price, Invalid> {
    let price = price_of(parse_decimal(text)?, currency)?;
    if price < 1 {
        return Err(Invalid::new("not_positive", "A price is more than zero."));
    }
    Ok(price)
}

fn check_content(text: &str) -> Result<Decimal, Invalid> {
    let content = parse_decimal(text)?.normalize();
    if content <= Decimal::ZERO {
        return Err(Invalid::new("not_positive", "It is more than zero."));
    }
    if content.scale() > 6 {
        return Err(Invalid::new("too_precise", "At most 6 decimals are taken."));
    }
    if content > Decimal::from(MAX_UNITS) {
        return Err(Invalid::new("out_of_range", format!("It is at most {MAX_UNITS}.")));
    }
    Ok(content)
}
