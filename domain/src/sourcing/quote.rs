//! A quote: what a supplier offers for a request, and under which conditions.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::line::LineNumber;
use super::offer::{Offer, Variant};
use super::quote_input::QuoteInput;
use super::terms::{DeliveryTerms, Terms};
use crate::kernel::{Currency, Date, DocumentId, Money};

/// A quote that passed the checks of [`QuoteInput`]. Infra keeps it as JSON, and sealed as long as it may not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The version of the request that it answers.
    pub version: u32,
    /// Of all its prices.
    pub currency: Currency,
    /// The last day on which it can be awarded.
    pub valid_until: Date,
    /// What its prices cover.
    pub delivery: DeliveryTerms,
    /// What carriage to the buyer's place costs beside the prices, however much is awarded.
    pub freight: Money,
    /// In percent, on goods and freight.
    pub tax_rate: Decimal,
    /// The least share of the lines that it offers, in percent, which has to be awarded to it if any is.
    pub least_lines_percent: Decimal,
    /// The discount on the goods, in percent, if all that it offers is awarded to it.
    pub whole_discount_percent: Decimal,
    pub remarks: String,
    pub technical_documents: Vec<DocumentId>,
    pub commercial_documents: Vec<DocumentId>,
    /// By line, then variant.
    pub offers: Vec<Offer>,
}

impl Quote {
    pub fn offer(&self, line: LineNumber, variant: Variant) -> Option<&Offer> {
        self.offers.iter().find(|offer| (offer.line, offer.variant) == (line, variant))
    }

    /// How many lines it offers.
    pub fn offered_lines(&self) -> usize {
        self.offers.chunk_by(|a, b| a.line == b.line).count()
    }

    /// The least number of lines that has to be awarded to it if any is: its share of the offered ones, rounded up.
    pub fn least_lines(&self) -> usize {
        let lines = Decimal::from(self.offered_lines());
        let least = (lines * self.least_lines_percent / Decimal::ONE_HUNDRED).ceil();
        usize::try_from(least).unwrap_or(usize::MAX)
    }

    /// Whether it covers every line in full.
    pub fn is_complete(&self, terms: &Terms) -> bool {
        let covers = |line| {
            self.offers.iter().any(|offer| offer.line == line && terms.line(line).is_some_and(|l| offer.is_full(l)))
        };
        terms.lines.iter().all(|line| covers(line.number))
    }

    /// Whether it can still be awarded on a day.
    pub fn is_valid_on(&self, day: Date) -> bool {
        day <= self.valid_until
    }

    /// The quote as if it were sent in anew.
    pub fn input(&self) -> QuoteInput {
        QuoteInput {
            version: self.version,
            currency: self.currency.code().to_owned(),
            valid_until: self.valid_until,
            incoterm: Some(self.delivery.incoterm.code().to_owned()),
            place: Some(self.delivery.place.clone()),
            freight: Some(self.freight.amount().to_string()),
            tax_rate: self.tax_rate.to_string(),
            least_lines_percent: Some(self.least_lines_percent.to_string()),
            whole_discount_percent: Some(self.whole_discount_percent.to_string()),
            remarks: Some(self.remarks.clone()),
            technical_documents: self.technical_documents.clone(),
            commercial_documents: self.commercial_documents.clone(),
            offers: self.offers.iter().map(Offer::input).collect(),
        }
    }
}
