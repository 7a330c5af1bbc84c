//! An offer for a line as it is sent in, and the checks of it.

use rust_decimal::Decimal;

use super::line::{Line, LineNumber};
use super::line_input::{check_documents, check_price};
use super::offer::{Offer, OfferKind, PriceTier, Prices, Variant};
use super::terms::Terms;
use crate::catalogue::tier::{MAX_TIERS, Tier, Tiers};
use crate::kernel::money::parse_decimal;
use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, DocumentId, Findings, Kind, Unit};

/// The longest lead time.
pub const MAX_LEAD_TIME_DAYS: u16 = 1_000;

const LONGEST_TEXT: usize = 4_000;

/// A tier as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierInput {
    pub from: String,
    pub unit_price: String,
}

/// An offer as it is sent in. The names of the fields are those of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferInput {
    pub line: LineNumber,
    /// `as_asked` if nothing is said.
    pub kind: Option<String>,
    pub description: Option<String>,
    /// Of price and quantities; that of the line if nothing is said.
    pub unit: Option<String>,
    pub quantity: Option<String>,
    pub least_quantity: Option<String>,
    pub unit_price: String,
    pub tiers: Vec<TierInput>,
    pub lead_time_days: u16,
    pub remarks: Option<String>,
    pub documents: Vec<DocumentId>,
}

impl OfferInput {
    /// How the offer relates to what was asked for; a kind that is none is told by the check.
    pub(super) fn kind(&self) -> Result<OfferKind, Invalid> {
        self.kind.as_deref().map_or(Ok(OfferKind::AsAsked), OfferKind::parse)
    }

    /// Notes all faults with pointers that begin with `pointer`.
    pub(super) fn check(
        &self,
        terms: &Terms,
        variant: Variant,
        currency: Currency,
        pointer: &str,
        findings: &mut Findings,
    ) -> Option<Offer> {
        let at = |name: &str| format!("{pointer}/{name}");
        let line = terms.line(self.line);
        if line.is_none() {
            findings.add(Kind::InvalidInput, at("line"), "unknown", format!("There is no line {}.", self.line));
        }
        let kind = findings.keep(at("kind"), self.kind());
        let description = kind.and_then(|kind| findings.keep(at("description"), self.description(kind)));
        if kind.is_some_and(|kind| kind != OfferKind::AsAsked) && !terms.procedure.alternatives {
            let detail = "The request takes nothing else than what it asks for.";
            findings.add(Kind::InvalidInput, at("kind"), "alternatives_not_taken", detail);
        }
        if self.lead_time_days > MAX_LEAD_TIME_DAYS {
            let detail = format!("The lead time is at most {MAX_LEAD_TIME_DAYS} days.");
            findings.add(Kind::InvalidInput, at("lead_time_days"), "out_of_range", detail);
        }
        let remarks = findings.keep(at("remarks"), check_text(self.remarks.as_deref()));
        findings.keep(at("documents"), check_documents(&self.documents));
        let line = line?;
        let stated = self.stated(line, currency, pointer, findings)?;
        let asked = self.asked(&stated, line, pointer, findings)?;
        check_quantities(&asked, line, terms.procedure.partial_quotes, pointer, findings);
        let offer = Offer {
            line: self.line,
            variant,
            kind: kind?,
            description: description?,
            stated,
            asked,
            lead_time_days: self.lead_time_days,
            remarks: remarks?,
            documents: self.documents.clone(),
        };
        let quantity = offer.quantity(line);
        findings.keep(at("unit_price"), offer.amount(quantity, Decimal::ZERO)).map(|_| offer)
    }

    /// What else is offered has to be described.
    fn description(&self, kind: OfferKind) -> Result<String, Invalid> {
        let description = check_text(self.description.as_deref())?;
        match (kind, description.is_empty()) {
            (OfferKind::AsAsked, false) => Err(Invalid::new("not_taken", "What was asked for is described already.")),
            (OfferKind::Equivalent | OfferKind::Alternative, true) => {
                Err(Invalid::new("required", "Say what is offered instead."))
            }
            _ => Ok(description),
        }
    }

    /// The numbers in the unit in which they are stated.
    fn stated(&self, line: &Line, currency: Currency, pointer: &str, findings: &mut Findings) -> Option<Prices> {
        let at = |name: &str| format!("{pointer}/{name}");
        let unit = self.unit.as_deref().map_or(Ok(line.quantity.unit()), Unit::parse);
        let unit = findings.keep(at("unit"), unit);
        let price = |text: &str| check_price(parse_decimal(text)?, currency);
        let unit_price = findings.keep(at("unit_price"), price(&self.unit_price));
        let mut quantity = |name: &str, text: &Option<String>| match text {
            None => Some(None),
            Some(text) => findings.keep(at(name), parse_decimal(text).and_then(check_positive)).map(Some),
        };
        let most = quantity("quantity", &self.quantity);
        let least = quantity("least_quantity", &self.least_quantity);
        if self.tiers.len() > MAX_TIERS {
            let detail = format!("There are at most {MAX_TIERS} tiers.");
            findings.add(Kind::InvalidInput, at("tiers"), "too_many", detail);
            return None;
        }
        let mut tiers = Vec::with_capacity(self.tiers.len());
        for (index, input) in self.tiers.iter().enumerate() {
            let from = findings.keep(format!("{}/{index}/from", at("tiers")), parse_decimal(&input.from));
            let price = findings.keep(format!("{}/{index}/unit_price", at("tiers")), price(&input.unit_price));
            tiers.extend(from.zip(price).map(|(from, unit_price)| Tier { from, unit_price }));
        }
        if tiers.len() == self.tiers.len() && !tiers.is_empty() {
            for fault in Tiers::new(tiers.clone(), &at("tiers")).err().map(|faults| faults.0).unwrap_or_default() {
                findings.add(Kind::InvalidInput, fault.pointer, fault.code, fault.detail);
            }
        }
        let tiers = tiers.into_iter().map(|tier| PriceTier { from: tier.from, unit_price: tier.unit_price }).collect();
        Some(Prices { unit: unit?, unit_price: unit_price?, tiers, quantity: most?, least_quantity: least? })
    }

    /// The same in the line's unit, if that unit converts, and without rounding.
    fn asked(&self, stated: &Prices, line: &Line, pointer: &str, findings: &mut Findings) -> Option<Prices> {
        let unit = line.quantity.unit();
        let at = format!("{pointer}/unit");
        let Some(into) = stated.unit.ratio_to(unit) else {
            let detail = format!("Line {} is in {unit}, into which {} does not convert.", line.number, stated.unit);
            findings.add(Kind::UnitMismatch, at, "unit_mismatch", detail);
            return None;
        };
        let converted = stated.converted(unit, into);
        if converted.is_none() {
            let detail = format!("In {unit} the numbers would have to be rounded: state them for it.");
            findings.add(Kind::InvalidInput, at, "inexact", detail);
        }
        converted
    }
}

/// No more than was asked for, and less only where that is taken.
fn check_quantities(asked: &Prices, line: &Line, partial: bool, pointer: &str, findings: &mut Findings) {
    let all = line.quantity.value();
    let most = asked.quantity.unwrap_or(all);
    let at = |name: &str| format!("{pointer}/{name}");
    if most > all {
        let detail = format!("Line {} asks for {} {}.", line.number, all.normalize(), line.quantity.unit());
        findings.add(Kind::InvalidInput, at("quantity"), "above_asked", detail);
    }
    if most < all && !partial {
        findings.add(Kind::InvalidInput, at("quantity"), "partial", "The request takes no quotes for a part.");
    }
    if asked.least_quantity.is_some_and(|least| least > most) {
        let detail = "The least quantity is more than what is offered.";
        findings.add(Kind::InvalidInput, at("least_quantity"), "above_offered", detail);
    }
}

fn check_positive(value: Decimal) -> Result<Decimal, Invalid> {
    if check_quantity(value)?.is_zero() {
        return Err(Invalid::new("not_positive", "A quantity is more than zero."));
    }
    Ok(value)
}

/// A text that may be left out: trimmed, of a sensible length.
pub(super) fn check_text(text: Option<&str>) -> Result<String, Invalid> {
    let text = text.unwrap_or_default().trim();
    if text.chars().count() > LONGEST_TEXT {
        return Err(Invalid::new("too_long", format!("A text has at most {LONGEST_TEXT} characters.")));
    }
    if text.contains('\0') {
        return Err(Invalid::new("control_character", "The text holds the character NUL."));
    }
    Ok(text.to_owned())
}
