//! Framework agreements: prices and quantities for a period, called off order by order until they are used up.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::award::AwardPart;
use super::line::LineNumber;
use super::offer::Variant;
use super::terms::Terms;
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Date, Findings, Kind, Money, Quantity, Refusal, Unit, UnitPrice};

/// A price that holds for a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameworkLine {
    pub line: LineNumber,
    pub variant: Variant,
    /// The most that can be called off.
    pub quantity: Quantity,
    /// For one of that unit, however much is called off at once.
    pub unit_price: UnitPrice,
    pub discount_percent: Decimal,
}

/// An agreement with one quoter. Its prices cover the way to the buyer: nothing is charged beside them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Framework {
    pub first_day: Date,
    /// The first day on which nothing can be called off any more.
    pub ends_on: Date,
    /// By line, then variant.
    pub lines: Vec<FrameworkLine>,
}

/// How much of each line was called off by orders that stand, in the line's unit.
pub type Used = BTreeMap<(LineNumber, Variant), Decimal>;

/// What is called off of one line, as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallOffInput {
    pub line: LineNumber,
    pub variant: Variant,
    pub quantity: String,
    /// That of the line, if nothing is said.
    pub unit: Option<String>,
}

/// What is called off of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallOffLine {
    pub line: LineNumber,
    pub variant: Variant,
    /// In the line's unit.
    pub quantity: Quantity,
    pub unit_price: UnitPrice,
    pub discount_percent: Decimal,
    /// Net, rounded once, half to even.
    pub amount: Money,
}

/// Where an agreement stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameworkState {
    /// Its first day is still to come.
    NotBegun,
    InForce,
    /// Nothing is left to call off.
    UsedUp,
    Ended,
}

impl FrameworkState {
    pub fn code(self) -> &'static str {
        match self {
            Self::NotBegun => "not_begun",
            Self::InForce => "in_force",
            Self::UsedUp => "used_up",
            Self::Ended => "ended",
        }
    }
}

impl Framework {
    /// What comes of an award where the request asks for framework agreements; none where it asks for contracts.
    pub fn of(terms: &Terms, part: &AwardPart) -> Option<Self> {
        let (first_day, ends_on) = terms.framework_period()?;
        let lines = part.lines.iter().map(|awarded| FrameworkLine {
            line: awarded.line,
            variant: awarded.variant,
            quantity: awarded.quantity,
            unit_price: awarded.unit_price,
            discount_percent: awarded.discount_percent,
        });
        Some(Self { first_day, ends_on, lines: lines.collect() })
    }

    pub fn state(&self, used: &Used, day: Date) -> FrameworkState {
        if day >= self.ends_on {
            FrameworkState::Ended
        } else if self.lines.iter().all(|line| line.left(used).is_zero()) {
            FrameworkState::UsedUp
        } else if day < self.first_day {
            FrameworkState::NotBegun
        } else {
            FrameworkState::InForce
        }
    }

    /// Checks an order from the agreement; all faults are told at once. Refused are days outside the period ([`Kind::OutsidePeriod`]),
    /// more than is left ([`Kind::OverCallOff`]), units that do not convert ([`Kind::UnitMismatch`]) and what is not in the agreement.
    pub fn call_off(&self, used: &Used, inputs: &[CallOffInput], day: Date) -> Result<Vec<CallOffLine>, Refusal> {
        if day < self.first_day || day >= self.ends_on {
            let detail = format!("It is in force from {} until before {}.", self.first_day, self.ends_on);
            return Err(Refusal::new(Kind::OutsidePeriod, detail));
        }
        let mut findings = Findings::default();
        if inputs.is_empty() {
            findings.add(Kind::InvalidInput, "/lines", "required", "Something is called off.");
        }
        let mut lines: Vec<CallOffLine> = Vec::with_capacity(inputs.len());
        for (index, input) in inputs.iter().enumerate() {
            let pointer = format!("/lines/{index}");
            let Some(line) = self.check(used, input, &pointer, &mut findings) else { continue };
            if lines.iter().any(|known| (known.line, known.variant) == (line.line, line.variant)) {
                findings.add(Kind::InvalidInput, format!("{pointer}/line"), "twice", "The line is called off twice.");
            }
            lines.push(line);
        }
        findings.result().map(|()| lines)
    }

    fn check(&self, used: &Used, input: &CallOffInput, pointer: &str, findings: &mut Findings) -> Option<CallOffLine> {
        let at = |name: &str| format!("{pointer}/{name}");
        let agreed = self.lines.iter().find(|line| (line.line, line.variant) == (input.line, input.variant));
        let Some(agreed) = agreed else {
            let detail = format!("Line {} is not in the agreement.", input.line);
            findings.add(Kind::InvalidInput, at("line"), "unknown", detail);
            return None;
        };
        let own = agreed.quantity.unit();
        let unit = findings.keep(at("unit"), input.unit.as_deref().map_or(Ok(own), Unit::parse))?;
        let value = findings.keep(at("quantity"), parse_decimal(&input.quantity))?;
        let stated = findings.keep(at("quantity"), Quantity::new(value, unit))?;
        let Some(ratio) = unit.ratio_to(own) else {
            let detail = format!("The line is in {own}, into which {unit} does not convert.");
            findings.add(Kind::UnitMismatch, at("unit"), "unit_mismatch", detail);
            return None;
        };
        let inexact = || Invalid::new("inexact", format!("In {own} the quantity would have to be rounded."));
        let exact = ratio.apply(stated.value()).ok_or_else(inexact).and_then(|value| Quantity::new(value, own));
        let quantity = findings.keep(at("quantity"), exact)?;
        let left = agreed.left(used);
        if quantity.value() > left {
            let detail = format!("Of line {} {} {own} are left.", input.line, left.normalize());
            findings.add(Kind::OverCallOff, at("quantity"), "above_left", detail);
            return None;
        }
        let FrameworkLine { line, variant, unit_price, discount_percent, .. } = *agreed;
        let amount = findings.keep(at("quantity"), unit_price.line_amount(quantity.value(), discount_percent))?;
        Some(CallOffLine { line, variant, quantity, unit_price, discount_percent, amount })
    }
}

impl FrameworkLine {
    /// What can still be called off, in its unit.
    pub fn left(&self, used: &Used) -> Decimal {
        let used = used.get(&(self.line, self.variant)).copied().unwrap_or_default();
        (self.quantity.value() - used).max(Decimal::ZERO)
    }
}
