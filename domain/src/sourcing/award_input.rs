//! An award as it is sent in, and the checks of it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::award::{Award, AwardPart, AwardedLine, standstill_until};
use super::comparison::{Choice, Comparison};
use super::line::{Line, LineNumber};
use super::offer::{Offer, Variant};
use super::offer_input::check_text;
use super::quote::Quote;
use super::quote_state::QuoteState;
use super::rfq_state::{RfqState, RfqStep};
use super::terms::Terms;
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Findings, Kind, Money, OrganisationId, Quantity, QuoteId, Refusal, Timestamp};

/// A line, or a part of it, to one quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardLineInput {
    pub line: LineNumber,
    pub quote: QuoteId,
    pub variant: Variant,
    /// In the line's unit; as much as is offered, if nothing is said.
    pub quantity: Option<String>,
}

/// An award as it is sent in: a quote as a whole, or lines one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwardInput {
    /// The quote that gets all that it offers as asked for.
    pub quote: Option<QuoteId>,
    pub lines: Vec<AwardLineInput>,
    pub reason: String,
}

/// A quote that could be awarded.
#[derive(Debug, Clone, Copy)]
pub struct Awardable<'a> {
    pub id: QuoteId,
    pub quoter: OrganisationId,
    pub quote: &'a Quote,
    pub state: QuoteState,
}

/// What is awarded on.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    pub state: RfqState,
    pub terms: &'a Terms,
    pub quotes: &'a [Awardable<'a>],
    /// What awards that stand have given away: where a winner declined, the others keep theirs.
    pub standing: &'a [AwardPart],
    pub at: Timestamp,
}

impl Decision<'_> {
    /// How much of a line is given away.
    fn taken(&self, line: LineNumber) -> Decimal {
        let lines = self.standing.iter().flat_map(|part| &part.lines).filter(|awarded| awarded.line == line);
        lines.map(|awarded| awarded.quantity.value()).sum()
    }

    /// What a quote was awarded.
    fn awarded(&self, quote: QuoteId) -> impl Iterator<Item = &AwardedLine> {
        self.standing.iter().filter(move |part| part.quote == quote).flat_map(|part| &part.lines)
    }
}

/// A line that passed the checks of its own.
struct Picked<'a> {
    entry: &'a Awardable<'a>,
    offer: &'a Offer,
    line: &'a Line,
    quantity: Quantity,
}

impl AwardInput {
    /// The lines of a choice, as the comparison proposes it.
    pub fn of_choice(comparison: &Comparison, choice: &Choice, reason: &str) -> Self {
        let lines = comparison.matrix.lines.iter().zip(&choice.by_line);
        let line = |(line, column): (&LineNumber, &Option<usize>)| {
            let quote = comparison.matrix.columns[(*column)?].quote;
            let variant = comparison.variant_of(quote, *line)?;
            Some(AwardLineInput { line: *line, quote, variant, quantity: None })
        };
        Self { quote: None, lines: lines.filter_map(line).collect(), reason: reason.to_owned() }
    }

    /// Checks an award; all faults are told at once. Refused are quotes that do not stand ([`Kind::QuoteNotStanding`]), more than was
    /// asked for or offered ([`Kind::OverAward`]), less than a quoter's conditions allow, and an award without a reason.
    pub fn check(&self, decision: Decision<'_>) -> Result<Award, Refusal> {
        decision.state.after(RfqStep::Award)?;
        let mut findings = Findings::default();
        let reason = findings.keep("/reason", check_reason(&self.reason));
        let inputs = self.lines(&decision, &mut findings);
        let mut picked = Vec::with_capacity(inputs.len());
        for (index, input) in inputs.iter().enumerate() {
            let pointer = self.pointer(index);
            let twice = |other: &AwardLineInput| {
                (other.line, other.quote, other.variant) == (input.line, input.quote, input.variant)
            };
            if inputs[..index].iter().any(twice) {
                findings.add(Kind::InvalidInput, &pointer, "twice", "The offer is awarded twice.");
            }
            picked.extend(input.pick(&decision, &pointer, &mut findings));
        }
        check_quantities(&decision, &picked, &mut findings);
        let mut parts = Vec::new();
        for entry in decision.quotes {
            let own: Vec<&Picked<'_>> = picked.iter().filter(|picked| picked.entry.id == entry.id).collect();
            if !own.is_empty() {
                parts.extend(findings.keep("/lines", part(&decision, entry, &own)));
            }
        }
        parts.sort_by_key(|part| part.quote);
        findings.result()?;
        let (decided_at, standstill_until) = (decision.at, standstill_until(decision.terms, decision.at));
        Ok(Award { parts, reason: reason.unwrap_or_default(), decided_at, standstill_until })
    }

    fn pointer(&self, index: usize) -> String {
        if self.quote.is_some() { "/quote_id".to_owned() } else { format!("/lines/{index}") }
    }

    /// What is named line by line, or all that the named quote offers as asked for.
    fn lines(&self, decision: &Decision<'_>, findings: &mut Findings) -> Vec<AwardLineInput> {
        let Some(quote) = self.quote else {
            if self.lines.is_empty() {
                findings.add(Kind::InvalidInput, "/lines", "required", "Name a quote, or lines.");
            }
            return self.lines.clone();
        };
        if !self.lines.is_empty() {
            findings.add(Kind::InvalidInput, "/lines", "contradiction", "It is a quote or lines, not both.");
        }
        let Some(entry) = decision.quotes.iter().find(|entry| entry.id == quote) else {
            findings.add(Kind::InvalidInput, "/quote_id", "unknown", "There is no such quote.");
            return Vec::new();
        };
        let mut lines = Vec::new();
        for offers in entry.quote.offers.chunk_by(|a, b| a.line == b.line) {
            let Offer { line, variant, .. } = offers[0];
            if variant == 0 {
                lines.push(AwardLineInput { line, quote, variant, quantity: None });
            } else {
                let detail = format!("Line {line} is offered otherwise than asked for: name which offer is awarded.");
                findings.add(Kind::InvalidInput, "/quote_id", "alternative", detail);
            }
        }
        lines
    }
}

impl AwardLineInput {
    fn pick<'a>(&self, decision: &Decision<'a>, pointer: &str, findings: &mut Findings) -> Option<Picked<'a>> {
        let at = |name: &str| format!("{pointer}/{name}");
        let Some(entry) = decision.quotes.iter().find(|entry| entry.id == self.quote) else {
            findings.add(Kind::InvalidInput, at("quote_id"), "unknown", "There is no such quote.");
            return None;
        };
        if !entry.state.can_be_awarded() || !entry.quote.is_valid_on(decision.at.date_naive()) {
            let detail = match entry.state.can_be_awarded() {
                true => format!("The quote was valid until {}.", entry.quote.valid_until),
                false => format!("The quote is {}.", entry.state.code()),
            };
            findings.add(Kind::QuoteNotStanding, at("quote_id"), "not_standing", detail);
        }
        let offer = entry.quote.offer(self.line, self.variant);
        let Some((offer, line)) = offer.zip(decision.terms.line(self.line)) else {
            let detail = format!("The quote has no offer {} for line {}.", self.variant, self.line);
            findings.add(Kind::InvalidInput, at("line"), "unknown", detail);
            return None;
        };
        let own = decision.awarded(self.quote).filter(|own| (own.line, own.variant) == (self.line, self.variant));
        let before: Decimal = own.map(|own| own.quantity.value()).sum();
        let offered = offer.quantity(line) - before;
        let value = self.quantity.as_ref().map_or(Ok(offered), |text| parse_decimal(text));
        let quantity = value.and_then(|value| Quantity::new(value, line.quantity.unit()));
        let quantity = findings.keep(at("quantity"), quantity)?;
        if quantity.value() > offered {
            let detail =
                format!("The quote offers {} {} for line {}.", offered.normalize(), quantity.unit(), self.line);
            findings.add(Kind::OverAward, at("quantity"), "above_offered", detail);
        }
        let least = offer.asked.least_quantity.filter(|least| quantity.value() + before < *least);
        if let Some(least) = least {
            let detail = format!("The quoter sells {} {} of it at least.", least.normalize(), quantity.unit());
            findings.add(Kind::InvalidInput, at("quantity"), "below_least", detail);
        }
        Some(Picked { entry, offer, line, quantity })
    }
}

/// No line is awarded over its quantity, what stands already included.
fn check_quantities(decision: &Decision<'_>, picked: &[Picked<'_>], findings: &mut Findings) {
    let mut sums: BTreeMap<LineNumber, Decimal> = BTreeMap::new();
    for picked in picked {
        *sums.entry(picked.line.number).or_default() += picked.quantity.value();
    }
    for (number, sum) in sums {
        let Some(line) = decision.terms.line(number) else { continue };
        let taken = decision.taken(number);
        if sum + taken > line.quantity.value() {
            let (asked, unit) = (line.quantity.value().normalize(), line.quantity.unit());
            let detail =
                format!("Line {number} asks for {asked} {unit}; {} would be awarded.", (sum + taken).normalize());
            findings.add(Kind::OverAward, "/lines", "above_asked", detail);
        }
    }
}

/// What falls to one quote, under its conditions. Freight is due once: not for a quote to which more is awarded now.
fn part(decision: &Decision<'_>, entry: &Awardable<'_>, picked: &[&Picked<'_>]) -> Result<AwardPart, Invalid> {
    let quote = entry.quote;
    let mut numbers: Vec<LineNumber> = picked.iter().map(|picked| picked.line.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let before = decision.awarded(entry.id).filter(|own| !numbers.contains(&own.line)).count();
    if numbers.len() + before < quote.least_lines() {
        let detail = format!("A quoter asks for {} lines at least, or none.", quote.least_lines());
        return Err(Invalid::new("below_least_share", detail));
    }
    let in_full = |picked: &&&Picked<'_>| picked.quantity.value() == picked.offer.quantity(picked.line);
    let is_whole = picked.iter().filter(in_full).count() == quote.offered_lines() && numbers.len() == picked.len();
    let discount = if is_whole { quote.whole_discount_percent } else { Decimal::ZERO };
    let line = |picked: &&Picked<'_>| {
        let value = picked.quantity.value();
        Ok(AwardedLine {
            line: picked.line.number,
            variant: picked.offer.variant,
            quantity: picked.quantity,
            unit_price: picked.offer.asked.price_for(value),
            discount_percent: discount,
            amount: picked.offer.amount(value, discount)?,
            lead_time_days: picked.offer.lead_time_days,
        })
    };
    let mut lines = picked.iter().map(line).collect::<Result<Vec<_>, Invalid>>()?;
    lines.sort_by_key(|line| (line.line, line.variant));
    let goods: Decimal = lines.iter().map(|line| line.amount.amount()).sum();
    let is_first = decision.awarded(entry.id).next().is_none();
    let freight = if is_first { quote.freight } else { Money::zero(quote.currency) };
    let net = Money::new(goods + freight.amount(), quote.currency)?;
    let tax = Money::rounded(net.amount() * quote.tax_rate / Decimal::ONE_HUNDRED, quote.currency);
    let net_compared = decision.terms.rates.convert(net)?;
    Ok(AwardPart { quote: entry.id, quoter: entry.quoter, lines, freight, net, tax, net_compared })
}

fn check_reason(reason: &str) -> Result<String, Invalid> {
    let reason = check_text(Some(reason))?;
    if reason.is_empty() {
        return Err(Invalid::new("required", "An award has a reason: winners and losers are told."));
    }
    Ok(reason)
}
