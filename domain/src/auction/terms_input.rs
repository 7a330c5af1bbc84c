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
