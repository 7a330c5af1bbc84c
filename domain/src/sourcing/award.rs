//! What was awarded, to whom, and what it costs.

use chrono::{Days, NaiveTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::award_input::AwardLineInput;
use super::comparison::Comparison;
use super::line::LineNumber;
use super::offer::Variant;
use super::terms::Terms;
use crate::kernel::{Money, OrganisationId, Quantity, QuoteId, Timestamp, UnitPrice};

/// A line, or a part of it, as it was awarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwardedLine {
    pub line: LineNumber,
    pub variant: Variant,
    /// In the line's unit.
    pub quantity: Quantity,
    /// For one of that unit, at this quantity.
    pub unit_price: UnitPrice,
    /// The discount for the whole, in percent, where it was earned.
    pub discount_percent: Decimal,
    /// Net, rounded once, half to even.
    pub amount: Money,
    pub lead_time_days: u16,
}

/// What is awarded to one quoter: one contract, or one framework agreement, comes of it. Amounts are in the quote's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwardPart {
    pub quote: QuoteId,
    pub quoter: OrganisationId,
    /// By line, then variant.
    pub lines: Vec<AwardedLine>,
    pub freight: Money,
    /// Lines and freight, without tax.
    pub net: Money,
    /// On that, by the rate of the quote: rounded once, half to even.
    pub tax: Money,
    /// The net amount in the currency of comparison, by the buyer's rates: what approval policies look at.
    pub net_compared: Money,
}

/// An award that passed the checks of [`super::AwardInput`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    /// By quoter, in the order of the quotes' identifiers.
    pub parts: Vec<AwardPart>,
    pub reason: String,
    pub decided_at: Timestamp,
    /// From when on contracts can be made if it is announced on the day of the decision; none is at once.
    pub standstill_until: Option<Timestamp>,
}

impl Award {
    /// What has to be approved: the net amount for each quoter, all in the currency of comparison.
    pub fn to_approve(&self) -> Vec<(OrganisationId, Money)> {
        self.parts.iter().map(|part| (part.quoter, part.net_compared)).collect()
    }
}

/// The end of the standstill: it takes whole calendar days in UTC, from the one after the announcement on, which is the decision itself unless
/// somebody has to consent before.
pub fn standstill_until(terms: &Terms, announced_at: Timestamp) -> Option<Timestamp> {
    let days = terms.procedure.standstill_days;
    if days == 0 {
        return None;
    }
    let end = announced_at.date_naive().checked_add_days(Days::new(u64::from(days) + 1))?;
    Some(end.and_time(NaiveTime::MIN).and_utc())
}

/// What to propose when a quoter declined, or an award was taken back: its lines to the next best quote without those that are `out`. All
/// lines of the request go to the next complete quote in the ranking, if there is one; otherwise each goes to the next one for it. Lines
/// that nobody else offers in full are left out. A proposal is an award as any other: it is checked as such, conditions included.
pub fn next_best(comparison: &Comparison, freed: &[AwardedLine], out: &[QuoteId]) -> Vec<AwardLineInput> {
    let all = comparison.matrix.lines.iter().all(|line| freed.iter().any(|freed| freed.line == *line));
    let whole = comparison.next_best(out).filter(|_| all);
    let line = |freed: &AwardedLine| {
        let column = whole.or_else(|| comparison.next_best_for(freed.line, out))?;
        Some(AwardLineInput {
            line: freed.line,
            quote: column.quote,
            variant: comparison.variant_of(column.quote, freed.line)?,
            quantity: Some(freed.quantity.value().to_string()),
        })
    };
    freed.iter().filter_map(line).collect()
}
