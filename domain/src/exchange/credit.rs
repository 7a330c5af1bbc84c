//! Bilateral credit: with whom a company trades, and for how much outstanding.

use std::collections::HashMap;

use super::hashing::Keyed;
use super::member::Member;
use super::quantity::{Amount, Lots, Price};
use super::wire::{Damaged, Wire, wire};

/// Who has said something of whom, in which currency: places of members and of the currency.
pub type Pair = (u32, u32, u32);

/// How much may be outstanding between two companies, and is: trades in either direction that are not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub limit: Amount,
    pub outstanding: Amount,
}

wire!(struct Line { limit, outstanding });

#[derive(Debug, Default)]
pub struct Credit {
    lines: HashMap<Pair, Line, Keyed>,
}

/// More than any amount: nobody limits it.
pub const UNLIMITED: Amount = Amount::MAX;

impl Credit {
    /// How much two companies may trade with each other now; the narrower word counts.
    pub fn room(&self, members: &[Member], one: u32, other: u32, currency: u32) -> Amount {
        let said = |by: u32, of: u32| {
            let member = &members[by as usize];
            if !member.restricts {
                return UNLIMITED;
            }
            match self.lines.get(&(by, of, currency)) {
                Some(line) => (line.limit - line.outstanding).max(0),
                None if member.refuses_others => 0,
                None => UNLIMITED,
            }
        };
        said(one, other).min(said(other, one))
    }

    pub fn set(&mut self, pair: Pair, line: Line) {
        self.lines.insert(pair, line);
    }

    pub fn remove(&mut self, pair: Pair) {
        self.lines.remove(&pair);
    }

    pub fn says_anything(&self, by: u32) -> bool {
        self.lines.keys().any(|pair| pair.0 == by)
    }

    /// A trade of the two was made (`change` positive) or settled (negative).
    pub fn trade(&mut self, one: u32, other: u32, currency: u32, change: Amount) {
        for pair in [(one, other, currency), (other, one, currency)] {
            if let Some(line) = self.lines.get_mut(&pair) {
                line.outstanding = line.outstanding.saturating_add(change);
            }
        }
    }

    pub(super) fn sorted(&self) -> Vec<(Pair, Line)> {
        let mut lines: Vec<_> = self.lines.iter().map(|(&pair, &line)| (pair, line)).collect();
        lines.sort_unstable_by_key(|(pair, _)| *pair);
        lines
    }
}

/// How many lots an amount suffices for at a price.
pub fn lots_within(room: Amount, price: Price, tick_value: Amount) -> Lots {
    if room == UNLIMITED {
        return Lots::MAX;
    }
    match i128::from(price).checked_mul(tick_value) {
        Some(one) if one > 0 => Lots::try_from(room / one).unwrap_or(Lots::MAX),
        _ => 0,
    }
}

impl Wire for Credit {
    fn put(&self, out: &mut Vec<u8>) {
        let lines = self.sorted();
        (lines.len() as u32).put(out);
        for ((one, other, currency), line) in lines {
            ((one, other), currency).put(out);
            line.put(out);
        }
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        let lines = Vec::<(((u32, u32), u32), Line)>::get(input)?;
        let lines = lines.into_iter().map(|(((one, other), currency), line)| ((one, other, currency), line)).collect();
        Ok(Self { lines })
    }
}
