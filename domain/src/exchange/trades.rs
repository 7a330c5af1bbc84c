//! Trades that are not settled.

use std::collections::VecDeque;

use super::order::TradeNumber;
use super::quantity::{Lots, Price};
use super::wire::{Damaged, Wire, put_all, wire};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trade {
    pub listing: u32,
    pub buyer: u32,
    pub seller: u32,
    pub price: Price,
    pub lots: Lots,
    pub settled: bool,
}

wire!(struct Trade { listing, buyer, seller, price, lots, settled });

/// The trades from the oldest unsettled one on; their numbers follow from where they stand.
#[derive(Debug, Default)]
pub struct Trades {
    /// How many trades were before these.
    before: u64,
    kept: VecDeque<Trade>,
}

impl Trades {
    pub fn push(&mut self, trade: Trade) -> TradeNumber {
        self.kept.push_back(trade);
        TradeNumber(self.before + self.kept.len() as u64)
    }

    fn index(&self, number: TradeNumber) -> Option<usize> {
        usize::try_from(number.0.checked_sub(self.before + 1)?).ok()
    }

    pub fn unsettled(&self, number: TradeNumber) -> Option<Trade> {
        self.kept.get(self.index(number)?).copied().filter(|trade| !trade.settled)
    }

    pub fn settle(&mut self, number: TradeNumber) {
        if let Some(trade) = self.index(number).and_then(|index| self.kept.get_mut(index)) {
            trade.settled = true;
        }
        while self.kept.front().is_some_and(|trade| trade.settled) {
            self.kept.pop_front();
            self.before += 1;
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (TradeNumber, &Trade)> {
        let numbered = self.kept.iter().enumerate();
        numbered
            .map(|(index, trade)| (TradeNumber(self.before + index as u64 + 1), trade))
            .filter(|(_, trade)| !trade.settled)
    }
}

impl Wire for Trades {
    fn put(&self, out: &mut Vec<u8>) {
        self.before.put(out);
        put_all(self.kept.len(), self.kept.iter(), out);
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        Ok(Self { before: u64::get(input)?, kept: Vec::get(input)?.into() })
    }
}
