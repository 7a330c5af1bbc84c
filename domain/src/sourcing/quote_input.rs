//! A quote as it is sent in, and the checks of it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use rust_decimal::Decimal;

use super::comparison::check_comparable;
use super::deadlines::LONGEST_DAYS;
use super::incoterm::leaves_costs;
use super::line_input::check_documents;
use super::offer::{Offer, OfferKind, Variant};
use super::offer_input::{OfferInput, check_text};
use super::procedure::Outcome;
use super::quote::Quote;
use super::terms::{DeliveryTerms, Terms};
use crate::catalogue::tax::check_percent;
use crate::contract::TermsInput;
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Date, DocumentId, Faults, Findings, Kind, Money, Refusal};

/// The most offers for one line: what was asked for and others.
pub const MAX_VARIANTS: u8 = 6;

/// A quote as it is sent in. The names of the fields are those of the body. What is `None` is as the request asks for it, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteInput {
    /// The version of the request that the quoter has read.
    pub version: u32,
    pub currency: String,
    pub valid_until: Date,
    pub incoterm: Option<String>,
    pub place: Option<String>,
    pub freight: Option<String>,
    /// In percent.
    pub tax_rate: String,
    pub least_lines_percent: Option<String>,
    pub whole_discount_percent: Option<String>,
    pub remarks: Option<String>,
    pub technical_documents: Vec<DocumentId>,
    pub commercial_documents: Vec<DocumentId>,
    pub offers: Vec<OfferInput>,
}

impl QuoteInput {
    /// Checks a quote against the version at which the request stands; all faults are told at once. A quote that was written to another
    /// version is refused as such ([`Kind::VersionOutdated`]).
    pub fn check(self, terms: &Terms, version: u32) -> Result<Quote, Refusal> {
        if self.version != version {
            let detail =
                format!("The request stands at version {version}; the quote answers version {}.", self.version);
            return Err(Refusal::new(Kind::VersionOutdated, detail));
        }
        let mut findings = Findings::default();
        let quote = self.collect(terms, &mut findings);
        findings.result()?;
        // A part is missing only where a fault was noted.
        let quote = quote.ok_or_else(|| Refusal::fault("", "incomplete", "The quote cannot be read."))?;
        check_comparable(&quote, terms).map_err(|invalid| invalid.at("/offers"))?;
        Ok(quote)
    }

    fn collect(self, terms: &Terms, findings: &mut Findings) -> Option<Quote> {
        let currency = findings.keep("/currency", Currency::parse(&self.currency));
        if let Some(Err(invalid)) = currency.map(|currency| terms.rates.rate(currency)) {
            findings.add(Kind::CurrencyMismatch, "/currency", invalid.code, invalid.detail);
        }
        findings.keep("/valid_until", check_validity(self.valid_until, terms));
        let delivery = self.delivery(terms, findings);
        let freight = currency.and_then(|currency| findings.keep("/freight", self.freight(currency)));
        if let Some(delivery) = &delivery {
            self.check_way(delivery, freight, terms, findings);
        }
        let percent = |text: Option<&str>| parse_decimal(text.unwrap_or("0")).and_then(check_percent);
        let tax_rate = findings.keep("/tax_rate", percent(Some(&self.tax_rate)));
        let least = findings.keep("/least_lines_percent", percent(self.least_lines_percent.as_deref()));
        let discount = percent(self.whole_discount_percent.as_deref()).and_then(check_discount);
        let discount = findings.keep("/whole_discount_percent", discount);
        let remarks = findings.keep("/remarks", check_text(self.remarks.as_deref()));
        findings.keep("/technical_documents", check_documents(&self.technical_documents));
        findings.keep("/commercial_documents", check_documents(&self.commercial_documents));
        let offers = self.offers(terms, currency, findings);
        Some(Quote {
            version: self.version,
            currency: currency?,
            valid_until: self.valid_until,
            delivery: delivery?,
            freight: freight?,
            tax_rate: tax_rate?.normalize(),
            least_lines_percent: least?.normalize(),
            whole_discount_percent: discount?.normalize(),
            remarks: remarks?,
            technical_documents: self.technical_documents,
            commercial_documents: self.commercial_documents,
            offers: offers?,
        })
    }

    /// Incoterm and place, as the request asks for them unless the quote says others.
    fn delivery(&self, terms: &Terms, findings: &mut Findings) -> Option<DeliveryTerms> {
        let asked = &terms.delivery;
        let incoterm = self.incoterm.clone().unwrap_or_else(|| asked.incoterm.code().to_owned());
        let place = self.place.clone().unwrap_or_else(|| asked.place.clone());
        let mut faults = Faults::default();
        let checked = TermsInput { incoterm, place, payment_days: 0, delivery_date: None }.check("", &mut faults);
        for fault in faults.0 {
            findings.add(Kind::InvalidInput, fault.pointer, fault.code, fault.detail);
        }
        checked.map(|checked| DeliveryTerms { incoterm: checked.incoterm, place: checked.place })
    }

    /// Where the prices cover less of the way than was asked for, the quote says what the rest costs. A framework agreement has nothing
    /// beside its prices, as nobody knows in how many orders it is called off.
    fn check_way(&self, quoted: &DeliveryTerms, freight: Option<Money>, terms: &Terms, findings: &mut Findings) {
        let asked = terms.delivery.incoterm;
        let less = leaves_costs(quoted.incoterm, asked);
        if terms.procedure.outcome == Outcome::Framework {
            if less {
                let detail = format!("The prices of a framework agreement cover {} at least.", asked.code());
                findings.add(Kind::InvalidInput, "/incoterm", "covers_less", detail);
            }
            if freight.is_some_and(|freight| !freight.amount().is_zero()) {
                let detail = "The prices of a framework agreement include the freight.";
                findings.add(Kind::InvalidInput, "/freight", "not_taken", detail);
            }
        } else if less && self.freight.is_none() {
            let detail =
                format!("The prices cover less than {}: say what the way to the buyer's place costs.", asked.code());
            findings.add(Kind::InvalidInput, "/freight", "required", detail);
        }
    }

    fn freight(&self, currency: Currency) -> Result<Money, Invalid> {
        let amount = parse_decimal(self.freight.as_deref().unwrap_or("0"))?;
        if amount < Decimal::ZERO {
            return Err(Invalid::new("negative", "Freight is not negative."));
        }
        Money::new(amount, currency)
    }

    fn offers(&self, terms: &Terms, currency: Option<Currency>, findings: &mut Findings) -> Option<Vec<Offer>> {
        let most = terms.lines.len() * usize::from(MAX_VARIANTS);
        if self.offers.is_empty() || self.offers.len() > most {
            let detail = format!("A quote has 1 to {most} offers here.");
            findings.add(Kind::InvalidInput, "/offers", "out_of_range", detail);
            return None;
        }
        let mut seen: BTreeMap<u16, (bool, Variant)> = BTreeMap::new();
        let mut offers = Vec::with_capacity(self.offers.len());
        for (index, input) in self.offers.iter().enumerate() {
            let at = format!("/offers/{index}");
            let (is_there, others) = seen.entry(input.line).or_default();
            let variant = if input.kind() == Ok(OfferKind::AsAsked) {
                if std::mem::replace(is_there, true) {
                    let detail = format!("Line {} is offered as asked for already.", input.line);
                    findings.add(Kind::InvalidInput, format!("{at}/line"), "twice", detail);
                }
                0
            } else {
                *others = others.saturating_add(1);
                *others
            };
            if variant == MAX_VARIANTS {
                let detail = format!("There are at most {} alternatives for a line.", MAX_VARIANTS - 1);
                findings.add(Kind::InvalidInput, format!("{at}/line"), "too_many", detail);
            }
            offers.extend(input.check(terms, variant, currency?, &at, findings));
        }
        check_complete(&offers, terms, findings);
        offers.sort_by_key(|offer| (offer.line, offer.variant));
        (offers.len() == self.offers.len()).then_some(offers)
    }
}

/// Where no partial quotes are taken every line has an offer in full.
fn check_complete(offers: &[Offer], terms: &Terms, findings: &mut Findings) {
    if terms.procedure.partial_quotes {
        return;
    }
    for line in terms.lines.iter().filter(|line| !offers.iter().any(|offer| offer.line == line.number)) {
        let detail = format!("Line {} has no offer, and the request takes no quotes for a part.", line.number);
        findings.add(Kind::InvalidInput, "/offers", "line_missing", detail);
    }
}

/// It stands at least until the day of the award, or of the deadline where none is named.
fn check_validity(until: Date, terms: &Terms) -> Result<(), Invalid> {
    let deadline = terms.deadlines.quotes;
    let least = terms.deadlines.award.unwrap_or(deadline).date_naive();
    if until < least {
        return Err(Invalid::new("too_short", format!("A quote stands until {least} at least.")));
    }
    if until > (deadline + TimeDelta::days(LONGEST_DAYS)).date_naive() {
        return Err(Invalid::new("out_of_range", format!("It ends within {LONGEST_DAYS} days after the deadline.")));
    }
    Ok(())
}

fn check_discount(percent: Decimal) -> Result<Decimal, Invalid> {
    if percent >= Decimal::ONE_HUNDRED {
        return Err(Invalid::new("out_of_range", "A discount is less than 100 %."));
    }
    Ok(percent)
}
