//! A counter-offer as it is sent in, and the checks of it.

use std::collections::BTreeSet;

use super::line::LineNumber;
use super::line_input::check_price;
use super::negotiation::{CounterLine, CounterOffer};
use super::offer::Variant;
use super::offer_input::{MAX_LEAD_TIME_DAYS, check_text};
use super::quote::Quote;
use crate::contract::Side;
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Faults, Money, Refusal, Timestamp};
use crate::ordering::proposal::round_end;

/// What a side wants of one offer. The names of the fields are those of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterLineInput {
    pub line: LineNumber,
    pub variant: Variant,
    /// For one of the line's unit, in the quote's currency.
    pub unit_price: String,
    /// As before, if nothing is said.
    pub lead_time_days: Option<u16>,
}

/// A counter-offer as it is sent in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CounterInput {
    pub lines: Vec<CounterLineInput>,
    /// As before, if nothing is said.
    pub freight: Option<String>,
    pub remarks: Option<String>,
    /// Within three days, if nothing is said.
    pub expires_at: Option<Timestamp>,
}

impl CounterInput {
    /// The next version after `before`; all faults are told at once. It changes something, and ends while the quote is valid.
    pub(super) fn check(
        &self,
        quote: &Quote,
        before: Option<&CounterOffer>,
        by: Side,
        at: Timestamp,
    ) -> Result<CounterOffer, Refusal> {
        let mut faults = Faults::default();
        let said = before.map_or(&[][..], |before| &before.lines);
        let mut lines = said.to_vec();
        let mut seen = BTreeSet::new();
        for (index, input) in self.lines.iter().enumerate() {
            let pointer = format!("/lines/{index}");
            if !seen.insert((input.line, input.variant)) {
                faults.add(&pointer, "twice", "The offer is named twice.");
            }
            let Some(line) = input.check(quote, said, &pointer, &mut faults) else { continue };
            lines.retain(|known| (known.line, known.variant) != (line.line, line.variant));
            lines.extend(Some(line).filter(|line| !is_as_quoted(line, quote)));
        }
        lines.sort_by_key(|line| (line.line, line.variant));
        let freight_before = before.map_or(quote.freight, |before| before.freight);
        let freight = self.freight.as_ref().map_or(Ok(freight_before), |text| check_freight(text, quote));
        let freight = faults.keep("/freight", freight);
        let remarks = faults.keep("/remarks", check_text(self.remarks.as_deref()));
        let expires_at = faults.keep("/expires_at", round_end(self.expires_at, at));
        if self.expires_at.is_some_and(|end| !quote.is_valid_on(end.date_naive())) {
            faults.add("/expires_at", "beyond_validity", format!("The quote is valid until {}.", quote.valid_until));
        }
        if faults.0.is_empty() && freight == Some(freight_before) && lines == said {
            faults.add("", "unchanged", "It says the same as the offer before, or as the quote: accept that one.");
        }
        faults.result()?;
        let (Some(freight), Some(remarks), Some(expires_at)) = (freight, remarks, expires_at) else {
            return Err(Refusal::fault("", "incomplete", "The offer cannot be read."));
        };
        let version = before.map_or(1, |before| before.version.saturating_add(1));
        Ok(CounterOffer { version, by, at, expires_at, lines, freight, remarks })
    }
}

impl CounterLineInput {
    fn check(&self, quote: &Quote, before: &[CounterLine], pointer: &str, faults: &mut Faults) -> Option<CounterLine> {
        let Some(offer) = quote.offer(self.line, self.variant) else {
            let detail = format!("The quote has no offer {} for line {}.", self.variant, self.line);
            faults.add(format!("{pointer}/line"), "unknown", detail);
            return None;
        };
        let known = before.iter().find(|known| (known.line, known.variant) == (self.line, self.variant));
        let lead_time_days =
            self.lead_time_days.unwrap_or(known.map_or(offer.lead_time_days, |known| known.lead_time_days));
        if lead_time_days > MAX_LEAD_TIME_DAYS {
            let detail = format!("The lead time is at most {MAX_LEAD_TIME_DAYS} days.");
            faults.add(format!("{pointer}/lead_time_days"), "out_of_range", detail);
        }
        let price = parse_decimal(&self.unit_price).and_then(|amount| check_price(amount, quote.currency));
        let unit_price = faults.keep(format!("{pointer}/unit_price"), price)?;
        Some(CounterLine { line: self.line, variant: self.variant, unit_price, lead_time_days })
    }
}

/// Whether an offer would be as it was quoted: at one price, since that is what is negotiated, and in the same time.
fn is_as_quoted(line: &CounterLine, quote: &Quote) -> bool {
    quote.offer(line.line, line.variant).is_some_and(|offer| {
        offer.asked.tiers.is_empty()
            && offer.asked.unit_price == line.unit_price
            && offer.lead_time_days == line.lead_time_days
    })
}

fn check_freight(text: &str, quote: &Quote) -> Result<Money, Invalid> {
    let amount = parse_decimal(text)?;
    if amount.is_sign_negative() && !amount.is_zero() {
        return Err(Invalid::new("negative", "Freight is not negative."));
    }
    Money::new(amount, quote.currency)
}
