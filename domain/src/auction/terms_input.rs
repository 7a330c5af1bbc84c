//! An auction as it is sent in, and the checks of it.

use chrono::Datelike;

use super::format::{Access, Disclosure, Format, Pricing, Undersubscribed};
use super::increments::Increments;
use super::increments_input::IncrementsInput;
use super::lot_input::{LotInput, Setting};
use super::preset::{Preset, Settings};
use super::price::price_of;
use super::rules::{LONGEST, LotRules, MAX_LOTS, Parts, Rules, SoftClose};
use super::terms::{Goods, Terms};
use crate::catalogue::{Tax, TaxCategory};
use crate::contract::TermsInput;
use crate::kernel::language::{Texts, check_texts};
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Faults, Timestamp};

pub(super) const LONGEST_NAME: usize = 200;

/// An auction as it is sent in. The names of the fields are those of the body; the terms of the contract stand under `/terms`, category
/// and rate of the tax under `/tax`. What is `None` is as the preset says, or as usual for the format.
#[derive(Debug, Clone)]
pub struct AuctionInput {
    pub names: Texts,
    pub preset: Option<String>,
    pub format: Option<String>,
    pub pricing: Option<String>,
    pub currency: String,
    pub opens_at: Timestamp,
    pub closes_at: Option<Timestamp>,
    pub stagger_seconds: Option<u32>,
    pub increments: Option<IncrementsInput>,
    pub proxy: Option<bool>,
    pub soft_close: Option<SoftClose>,
    pub interval_seconds: Option<u32>,
    pub sealed_seconds: Option<u32>,
    pub topping_seconds: Option<u32>,
    pub undersubscribed: Option<String>,
    pub disclosure: Option<String>,
    pub access: Option<String>,
    pub deposit: Option<String>,
    pub lots: Vec<LotInput>,
    pub terms: TermsInput,
    pub tax_category: String,
    pub tax_rate: String,
}

impl AuctionInput {
    /// Notes all faults with pointers that begin with `pointer`.
    pub fn check(self, pointer: &str, faults: &mut Faults) -> Option<Terms> {
        let before = faults.0.len();
        let at = |name: &str| format!("{pointer}/{name}");
        faults.keep(at("name"), check_texts(&self.names, LONGEST_NAME));
        let currency = faults.keep(at("currency"), Currency::parse(&self.currency));
        let settings = self.settings(pointer, faults);
        let goods = self.check_lots(settings.as_ref(), currency, pointer, faults);
        let rules =
            settings.zip(currency).and_then(|(settings, currency)| self.rules(settings, currency, pointer, faults));
        let rules = rules.zip(goods).map(|(rules, (goods, lots))| (Rules { lots, ..rules }, goods));
        let contract = self.terms.check(&at("terms"), faults);
        let category = faults.keep(at("tax/category"), TaxCategory::parse(&self.tax_category));
        let rate = faults.keep(at("tax/rate"), parse_decimal(&self.tax_rate));
        let tax = category.zip(rate).and_then(|(category, rate)| faults.keep(at("tax/rate"), Tax::new(category, rate)));
        let ((rules, goods), contract, tax) = (rules?, contract?, tax?);
        let long = |index: usize| (rules.ends(index) - rules.opens(index)).num_seconds() > LONGEST.into();
        if faults.0.len() == before && rules.format.falls() && (0..rules.lots.len()).any(long) {
            faults.add(at("interval_seconds"), "out_of_range", "The price falls to its floor within a year.");
        }
        if faults.0.len() == before && rules.check().is_err() {
            faults.add(pointer, "combination", "The settings do not go together.");
        }
        (faults.0.len() == before).then_some(Terms { names: self.names, rules, goods, contract, tax })
    }

    /// What preset and format say, with the single words that override them.
    fn settings(&self, pointer: &str, faults: &mut Faults) -> Option<Settings> {
        let at = |name: &str| format!("{pointer}/{name}");
        let preset = self.preset.as_ref().map(|code| faults.keep(at("preset"), Preset::parse(code)));
        let format = self.format.as_ref().map(|code| faults.keep(at("format"), Format::parse(code)));
        let mut settings = match (preset.flatten(), format.flatten()) {
            (Some(preset), Some(format)) => Some(preset.settings().for_format(format)),
            (Some(preset), None) => Some(preset.settings()),
            (None, Some(format)) => Some(Settings::of(format)),
            (None, None) => None,
        };
        if self.preset.is_none() && self.format.is_none() {
            faults.add(at("format"), "required", "A format is needed, or a preset that says one.");
        }
        let pricing = self.pricing.as_ref().and_then(|code| faults.keep(at("pricing"), Pricing::parse(code)));
        let undersubscribed = self.undersubscribed.as_ref();
        let undersubscribed =
            undersubscribed.and_then(|code| faults.keep(at("undersubscribed"), Undersubscribed::parse(code)));
        let disclosure =
            self.disclosure.as_ref().and_then(|code| faults.keep(at("disclosure"), Disclosure::parse(code)));
        let access = self.access.as_ref().and_then(|code| faults.keep(at("access"), Access::parse(code)));
        if let Some(settings) = &mut settings {
            settings.pricing = pricing.unwrap_or(settings.pricing);
            settings.undersubscribed = undersubscribed.unwrap_or(settings.undersubscribed);
            settings.disclosure = disclosure.unwrap_or(settings.disclosure);
            settings.access = access.unwrap_or(settings.access);
        }
        settings
    }

    fn check_lots(
        &self,
        settings: Option<&Settings>,
        currency: Option<Currency>,
        pointer: &str,
        faults: &mut Faults,
    ) -> Option<(Vec<Goods>, Vec<LotRules>)> {
        let at = format!("{pointer}/lots");
        if !(1..=MAX_LOTS).contains(&self.lots.len()) {
            faults.add(at, "out_of_range", format!("An auction has from 1 to {MAX_LOTS} lots."));
            return None;
        }
        let mut checked = (Vec::new(), Vec::new());
        for (index, lot) in self.lots.iter().enumerate() {
            let setting = settings.map(|settings| Setting { format: settings.format, fall: settings.fall });
            if let Some((goods, rules)) = lot.check(setting, currency, &format!("{at}/{index}"), faults) {
                checked.0.push(goods);
                checked.1.push(rules);
            }
        }
        (checked.0.len() == self.lots.len()).then_some(checked)
    }

    /// The rules without lots.
    fn rules(&self, settings: Settings, currency: Currency, pointer: &str, faults: &mut Faults) -> Option<Rules> {
        let before = faults.0.len();
        let format = settings.format;
        self.check_times(format, pointer, faults);
        let increments = self.increments(&settings, currency, pointer, faults);
        let soft_close = self.check_soft_close(&settings, pointer, faults);
        let interval = self.check_interval(&settings, pointer, faults);
        let parts = self.check_parts(&settings, pointer, faults);
        let deposit = self.deposit.as_deref().map_or(Ok(0), |text| price_of(parse_decimal(text)?, currency));
        let deposit = faults.keep(format!("{pointer}/deposit"), deposit);
        let increments = increments?;
        let proxy = self.check_proxy(&settings, &increments, pointer, faults);
        let rules = Rules {
            format,
            pricing: settings.pricing,
            currency,
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            stagger: self.stagger_seconds.unwrap_or(0),
            increments,
            proxy,
            soft_close,
            interval,
            parts,
            undersubscribed: settings.undersubscribed,
            disclosure: settings.disclosure,
            access: settings.access,
            deposit: deposit?,
            lots: Vec::new(),
        };
        (faults.0.len() == before).then_some(rules)
    }

    fn check_times(&self, format: Format, pointer: &str, faults: &mut Faults) {
        let at = format!("{pointer}/closes_at");
        match self.closes_at {
            Some(_) if format.falls() => {
                faults.add(at, "not_taken", "The end follows from how the price falls.");
            }
            Some(close) if close <= self.opens_at => {
                faults.add(at, "before_start", "The auction ends before it begins.");
            }
            Some(close) if (close - self.opens_at).num_seconds() > LONGEST.into() => {
                faults.add(at, "out_of_range", "An auction takes at most a year.");
            }
            None if !format.falls() => faults.add(at, "required", "The end is needed."),
            _ => {}
        }
        if !(1970..=9999).contains(&self.opens_at.year()) {
            faults.add(format!("{pointer}/opens_at"), "out_of_range", "The year has four digits.");
        }
        let stagger = u64::from(self.stagger_seconds.unwrap_or(0)) * self.lots.len() as u64;
        if stagger > LONGEST.into() {
            faults.add(format!("{pointer}/stagger_seconds"), "out_of_range", "All lots close within a year.");
        }
    }

    fn increments(
        &self,
        settings: &Settings,
        currency: Currency,
        pointer: &str,
        faults: &mut Faults,
    ) -> Option<Increments> {
        let pointer = format!("{pointer}/increments");
        match (&self.increments, &settings.increments) {
            (Some(increments), _) => increments.check(currency, &pointer, faults),
            (None, Some(preset)) => Some(preset.clone()),
            (None, None) if settings.format.is_open() || settings.format == Format::Hybrid => {
                faults.add(pointer, "required", "The steps of bids are needed.");
                None
            }
            // Nothing follows anything there; the least step there is does.
            (None, None) => Some(Increments::least()),
        }
    }

    fn check_soft_close(&self, settings: &Settings, pointer: &str, faults: &mut Faults) -> Option<SoftClose> {
        let soft = self.soft_close.or(settings.soft_close)?;
        if !settings.format.is_open() {
            faults.add(format!("{pointer}/soft_close"), "not_taken", "Only the end of open bidding moves.");
        }
        faults.keep(format!("{pointer}/soft_close/seconds"), seconds_within(soft.seconds, 1));
        let at = format!("{pointer}/soft_close/final_end");
        match soft.final_end.zip(self.closes_at) {
            Some((last, close)) if last < close => faults.add(at, "before_end", "The final end is before the end."),
            Some((last, close)) if (last - close).num_seconds() > LONGEST.into() => {
                faults.add(at, "out_of_range", "Extensions end within a year.");
            }
            _ => {}
        }
        Some(soft)
    }

    fn check_interval(&self, settings: &Settings, pointer: &str, faults: &mut Faults) -> Option<u32> {
        let at = format!("{pointer}/interval_seconds");
        match self.interval_seconds.or(settings.interval) {
            Some(_) if !settings.format.falls() => faults.add(at, "not_taken", "The price does not fall."),
            Some(seconds) => return faults.keep(at, seconds_within(seconds, 1)),
            None if settings.format.falls() => faults.add(at, "required", "The time between two prices is needed."),
            None => {}
        }
        None
    }

    fn check_parts(&self, settings: &Settings, pointer: &str, faults: &mut Faults) -> Option<Parts> {
        let preset = settings.parts;
        let given = [
            ("sealed_seconds", self.sealed_seconds.or(preset.map(|parts| parts.sealed))),
            ("topping_seconds", self.topping_seconds.or(preset.map(|parts| parts.topping))),
        ];
        let mut checked = Vec::new();
        for (name, seconds) in given {
            let at = format!("{pointer}/{name}");
            match seconds {
                Some(_) if settings.format != Format::Hybrid => {
                    faults.add(at, "not_taken", "Only a hybrid auction has such a part.");
                }
                Some(seconds) => checked.extend(faults.keep(at, seconds_within(seconds, 1))),
                None if settings.format == Format::Hybrid => {
                    faults.add(at, "required", "The length of the part is needed.");
                }
                None => {}
            }
        }
        let (sealed, topping) = (*checked.first()?, *checked.get(1)?);
        Some(Parts { sealed, topping })
    }

    /// Maxima need open bids for one unit, and steps without an upper bound.
    fn check_proxy(&self, settings: &Settings, increments: &Increments, pointer: &str, faults: &mut Faults) -> bool {
        let several = self.lots.iter().any(|lot| lot.units > 1);
        let possible = settings.format.is_open() && !several && increments.most(1).is_none();
        if self.proxy == Some(true) && !possible {
            let detail = "Maxima need open bids for lots of one unit, and steps that are not bounded above.";
            faults.add(format!("{pointer}/proxy"), "not_taken", detail);
        }
        self.proxy.unwrap_or(settings.proxy && possible)
    }
}

/// A time in seconds, up to a year.
fn seconds_within(seconds: u32, least: u32) -> Result<u32, Invalid> {
    if (least..=LONGEST).contains(&seconds) {
        return Ok(seconds);
    }
    Err(Invalid::new("out_of_range", format!("It is from {least} to {LONGEST}.")))
}

#[cfg(test)]
mod tests {
    use super::super::increments_input::RangeInput;
    use super::super::rules::tests::at;
    use super::*;
    use crate::auction::{Fall, Range};

    fn texts(text: &str) -> Texts {
        [("en".to_owned(), text.to_owned())].into()
    }

    fn lot(start: &str) -> LotInput {
        LotInput {
            names: texts("Pallet of bearings"),
            units: 1,
            content: "480".into(),
            unit: "C62".into(),
            start_price: start.into(),
            reserve_price: None,
            buy_now_price: None,
            floor_price: None,
            price_step: None,
        }
    }

    /// An English auction of bearings, from 100.00 EUR on.
    fn input() -> AuctionInput {
        AuctionInput {
            names: texts("Surplus of the Kiel works"),
            preset: None,
            format: Some("english".into()),
            pricing: None,
            currency: "EUR".into(),
            opens_at: at(0),
            closes_at: Some(at(3600)),
            stagger_seconds: None,
            increments: Some(IncrementsInput::Table(vec![RangeInput { from: "0".into(), step: "2.50".into() }])),
            proxy: None,
            soft_close: None,
            interval_seconds: None,
            sealed_seconds: None,
            topping_seconds: None,
            undersubscribed: None,
            disclosure: None,
            access: None,
            deposit: None,
            lots: vec![lot("100.00")],
            terms: TermsInput { incoterm: "EXW".into(), place: "Kiel".into(), payment_days: 14, delivery_date: None },
            tax_category: "S".into(),
            tax_rate: "19".into(),
        }
    }

    fn preset(code: &str) -> AuctionInput {
        AuctionInput { preset: Some(code.into()), format: None, increments: None, ..input() }
    }

    fn terms(input: AuctionInput) -> Terms {
        let mut faults = Faults::default();
        input.check("", &mut faults).unwrap_or_else(|| panic!("{faults:?}"))
    }

    fn faults(input: AuctionInput) -> Vec<String> {
        let mut faults = Faults::default();
        let checked = input.check("", &mut faults);
        assert_eq!(checked.is_none(), !faults.0.is_empty());
        faults.0.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn an_auction_that_fits_passes() {
        let terms = terms(input());
        assert_eq!(terms.rules.increments, Increments::Table(vec![Range { from: 0, step: 250 }]));
        assert_eq!((terms.rules.lots[0].start, terms.rules.proxy, terms.rules.deposit), (10_000, true, 0));
        assert_eq!(terms.goods[0].content, 480.into());
        assert!(terms.check_new(at(-1)).is_ok());
        assert_eq!(terms.check_new(at(0)).unwrap_err().faults[0].code, "in_past");
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let bad = AuctionInput {
            names: Texts::new(),
            currency: "EUX".into(),
            pricing: Some("fair".into()),
            disclosure: Some("nobody".into()),
            access: Some("all".into()),
            undersubscribed: Some("maybe".into()),
            tax_rate: "x".into(),
            lots: vec![LotInput { units: 0, content: "0".into(), unit: "!".into(), ..lot("1") }],
            ..input()
        };
        let expected = [
            "/name required",
            "/currency currency",
            "/pricing pricing",
            "/undersubscribed undersubscribed",
            "/disclosure disclosure",
            "/access access",
            "/lots/0/unit unit",
            "/lots/0/content not_positive",
            "/lots/0/units out_of_range",
            "/tax/rate decimal",
        ];
        assert_eq!(faults(bad), expected);
    }

    #[test]
    fn a_format_or_a_preset_is_needed() {
        assert_eq!(faults(AuctionInput { format: None, ..input() }), ["/format required"]);
        assert_eq!(faults(AuctionInput { format: Some("swedish".into()), ..input() }), ["/format format"]);
        assert_eq!(faults(AuctionInput { preset: Some("x".into()), format: None, ..input() }), ["/preset preset"]);
    }

    #[test]
    fn what_a_format_does_not_take_is_refused() {
        let soft_close = Some(SoftClose { seconds: 600, final_end: None });
        let sealed = AuctionInput {
            format: Some("sealed_second_price".into()),
            soft_close,
            proxy: Some(true),
            interval_seconds: Some(60),
            sealed_seconds: Some(60),
            lots: vec![LotInput {
                units: 2,
                buy_now_price: Some("500".into()),
                floor_price: Some("50".into()),
                ..lot("100")
            }],
            ..input()
        };
        let expected = [
            "/lots/0/units not_taken",
            "/lots/0/buy_now_price not_taken",
            "/lots/0/floor_price not_taken",
            "/soft_close not_taken",
            "/interval_seconds not_taken",
            "/sealed_seconds not_taken",
            "/proxy not_taken",
        ];
        assert_eq!(faults(sealed), expected);
        let dutch = AuctionInput {
            format: Some("dutch".into()),
            lots: vec![LotInput { reserve_price: Some("100".into()), ..lot("100") }],
            ..input()
        };
        let expected = [
            "/lots/0/reserve_price not_taken",
            "/lots/0/floor_price required",
            "/lots/0/price_step required",
            "/closes_at not_taken",
            "/interval_seconds required",
        ];
        assert_eq!(faults(dutch), expected);
    }

    #[test]
    fn prices_that_contradict_each_other_are_refused() {
        let one = |lot: LotInput| faults(AuctionInput { lots: vec![lot], ..input() });
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(
            one(LotInput { reserve_price: said("99.99"), ..lot("100") }),
            ["/lots/0/reserve_price worse_than_start"]
        );
        let buy = LotInput { reserve_price: said("150"), buy_now_price: said("149"), ..lot("100") };
        assert_eq!(one(buy), ["/lots/0/buy_now_price below_reserve"]);
        assert_eq!(one(lot("0")), ["/lots/0/start_price not_positive"]);
        assert_eq!(one(lot("1.005")), ["/lots/0/start_price too_precise"]);
        let large = LotInput { units: 1_000_000_000, ..lot("1000000000") };
        assert_eq!(one(large), ["/lots/0/start_price out_of_range"]);
        let reverse = AuctionInput {
            format: Some("reverse_english".into()),
            lots: vec![LotInput { reserve_price: said("100.01"), ..lot("100") }],
            ..input()
        };
        assert_eq!(faults(reverse), ["/lots/0/reserve_price worse_than_start"]);
    }

    #[test]
    fn times_that_make_no_sense_are_refused() {
        let soft = |seconds, final_end| Some(SoftClose { seconds, final_end });
        let with = |change: &dyn Fn(&mut AuctionInput)| {
            let mut input = input();
            change(&mut input);
            faults(input)
        };
        assert_eq!(with(&|input| input.closes_at = None), ["/closes_at required"]);
        assert_eq!(with(&|input| input.closes_at = Some(at(0))), ["/closes_at before_start"]);
        assert_eq!(with(&|input| input.closes_at = Some(at(40_000_000))), ["/closes_at out_of_range"]);
        assert_eq!(with(&|input| input.stagger_seconds = Some(u32::MAX)), ["/stagger_seconds out_of_range"]);
        assert_eq!(with(&|input| input.soft_close = soft(0, None)), ["/soft_close/seconds out_of_range"]);
        assert_eq!(with(&|input| input.soft_close = soft(9, Some(at(9)))), ["/soft_close/final_end before_end"]);
        let far = Some(at(80_000_000));
        assert_eq!(with(&|input| input.soft_close = soft(9, far)), ["/soft_close/final_end out_of_range"]);
        let slow = AuctionInput { interval_seconds: Some(9_000_000), closes_at: None, ..preset("prozorro_like") };
        assert_eq!(faults(slow), ["/interval_seconds out_of_range"]);
    }

    #[test]
    fn increments_are_checked_row_by_row() {
        let table = |rows: &[(&str, &str)]| {
            let rows = rows.iter().map(|(from, step)| RangeInput { from: (*from).into(), step: (*step).into() });
            faults(AuctionInput { increments: Some(IncrementsInput::Table(rows.collect())), ..input() })
        };
        assert_eq!(table(&[]), ["/increments/table out_of_range"]);
        assert_eq!(table(&[("1", "1")]), ["/increments/table/0/from not_zero"]);
        assert_eq!(table(&[("0", "0")]), ["/increments/table/0/step not_positive"]);
        let expected = ["/increments/table/1/from not_ascending", "/increments/table/1/step not_ascending"];
        assert_eq!(table(&[("0", "2"), ("0", "1")]), expected);
        assert_eq!(faults(AuctionInput { increments: None, ..input() }), ["/increments required"]);
        let share = |least: &str, most: Option<&str>| {
            let (least_percent, most_percent) = (least.into(), most.map(Into::into));
            let increments = Some(IncrementsInput::Share { least_percent, most_percent });
            faults(AuctionInput { increments, ..input() })
        };
        assert_eq!(share("0.5", Some("5")), [""; 0]);
        assert_eq!(share("5", Some("0.5")), ["/increments/most_percent below_least"]);
        assert_eq!(share("0.001", None), ["/increments/least_percent out_of_range"]);
        assert_eq!(share(&"9".repeat(28), None), ["/increments/least_percent out_of_range"]);
    }

    #[test]
    fn presets_fill_the_settings() {
        let ebay = terms(preset("ebay_like")).rules;
        assert_eq!((ebay.format, ebay.proxy, ebay.increments.step(9_999, 1)), (Format::English, true, 100));
        let tender = terms(preset("tender_44fz_like")).rules;
        assert_eq!((tender.format, tender.proxy), (Format::ReverseEnglish, false));
        assert_eq!(tender.increments, Increments::Share { least: 50, most: Some(500) });
        assert_eq!(tender.soft_close, Some(SoftClose { seconds: 600, final_end: None }));
        let units = vec![LotInput { units: 5_000, ..lot("20") }];
        let allowance = terms(AuctionInput { lots: units, ..preset("allowance_like") }).rules;
        assert_eq!((allowance.format, allowance.pricing), (Format::SealedFirstPrice, Pricing::UniformPrice));
        assert_eq!(allowance.undersubscribed, Undersubscribed::Cancel);
        let prozorro = terms(AuctionInput { closes_at: None, ..preset("prozorro_like") }).rules;
        assert_eq!((prozorro.format, prozorro.parts), (Format::Hybrid, Some(Parts { sealed: 600, topping: 300 })));
        assert_eq!(prozorro.lots[0].fall, Some(Fall { step: 100, floor: 2_000 }));
    }

    #[test]
    fn single_settings_override_a_preset() {
        let tender = AuctionInput {
            soft_close: Some(SoftClose { seconds: 300, final_end: Some(at(7200)) }),
            disclosure: Some("parties".into()),
            access: Some("invited".into()),
            format: Some("english".into()),
            ..preset("tender_44fz_like")
        };
        let rules = terms(tender).rules;
        assert_eq!(
            (rules.format, rules.disclosure, rules.access),
            (Format::English, Disclosure::Parties, Access::Invited)
        );
        assert_eq!(rules.soft_close.unwrap().seconds, 300);
        let prozorro = AuctionInput {
            closes_at: None,
            interval_seconds: Some(60),
            topping_seconds: Some(120),
            lots: vec![LotInput { floor_price: Some("60".into()), ..lot("100") }],
            ..preset("prozorro_like")
        };
        let rules = terms(prozorro).rules;
        assert_eq!((rules.interval, rules.parts), (Some(60), Some(Parts { sealed: 600, topping: 120 })));
        assert_eq!(rules.lots[0].fall, Some(Fall { step: 100, floor: 6_000 }));
    }

    #[test]
    fn a_deposit_is_an_amount_of_the_currency() {
        assert_eq!(terms(AuctionInput { deposit: Some("25.00".into()), ..input() }).rules.deposit, 2_500);
        let bad = |text: &str| faults(AuctionInput { deposit: Some(text.into()), ..input() });
        assert_eq!(
            (bad("1.001"), bad("-1")),
            (vec!["/deposit too_precise".into()], vec!["/deposit out_of_range".into()])
        );
    }
}
