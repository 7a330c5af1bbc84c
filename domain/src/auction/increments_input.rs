//! Bid increments as they are sent in.

use rust_decimal::Decimal;

use super::increments::{Increments, MAX_RANGES, Range};
use super::price::price_of;
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Faults};

/// [`Range`] as it is sent in.
#[derive(Debug, Clone)]
pub struct RangeInput {
    pub from: String,
    pub step: String,
}

/// [`Increments`] as they are sent in: `/table`, or `/least_percent` and `/most_percent` of the start price.
#[derive(Debug, Clone)]
pub enum IncrementsInput {
    Table(Vec<RangeInput>),
    Share { least_percent: String, most_percent: Option<String> },
}

impl IncrementsInput {
    /// Notes all faults with pointers that begin with `pointer`.
    pub fn check(&self, currency: Currency, pointer: &str, faults: &mut Faults) -> Option<Increments> {
        match self {
            Self::Table(ranges) => check_table(ranges, currency, &format!("{pointer}/table"), faults),
            Self::Share { least_percent, most_percent } => {
                let least = faults.keep(format!("{pointer}/least_percent"), check_percent(least_percent));
                let at = format!("{pointer}/most_percent");
                let most = most_percent.as_ref().map(|text| faults.keep(at.clone(), check_percent(text)));
                let (least, most) = (least?, most.map_or(Some(None), |most| most.map(Some))?);
                if most.is_some_and(|most| most < least) {
                    faults.add(at, "below_least", "The largest step is smaller than the smallest.");
                    return None;
                }
                Some(Increments::Share { least, most })
            }
        }
    }
}

fn check_table(ranges: &[RangeInput], currency: Currency, pointer: &str, faults: &mut Faults) -> Option<Increments> {
    let before = faults.0.len();
    if !(1..=MAX_RANGES).contains(&ranges.len()) {
        faults.add(pointer, "out_of_range", format!("A table has from 1 to {MAX_RANGES} rows."));
        return None;
    }
    let mut table: Vec<Range> = Vec::new();
    for (index, range) in ranges.iter().enumerate() {
        let at = |name: &str| format!("{pointer}/{index}/{name}");
        let mut price = |name: &str, text: &str| {
            faults.keep(at(name), parse_decimal(text).and_then(|value| price_of(value, currency)))
        };
        let (from, step) = (price("from", &range.from), price("step", &range.step));
        let (Some(from), Some(step)) = (from, step) else { continue };
        let last = table.last().copied();
        if index == 0 && from != 0 {
            faults.add(at("from"), "not_zero", "The first row begins at 0.");
        }
        if last.is_some_and(|last| from <= last.from) {
            faults.add(at("from"), "not_ascending", "Each row begins above the one before it.");
        }
        if step < 1 {
            faults.add(at("step"), "not_positive", "A step is more than zero.");
        } else if last.is_some_and(|last| step < last.step) {
            faults.add(at("step"), "not_ascending", "Steps do not fall as the price rises.");
        }
        table.push(Range { from, step });
    }
    (faults.0.len() == before).then_some(Increments::Table(table))
}

/// A percentage of at most two decimals as hundredths of a percent.
fn check_percent(text: &str) -> Result<u32, Invalid> {
    let hundredths = parse_decimal(text)?.checked_mul(Decimal::ONE_HUNDRED).map(|value| value.normalize());
    let whole = hundredths.filter(|value| value.scale() == 0).and_then(|value| u32::try_from(value.mantissa()).ok());
    whole
        .filter(|whole| (1..=10_000).contains(whole))
        .ok_or_else(|| Invalid::new("out_of_range", "It is from 0.01 to 100, with at most 2 decimals."))
}
