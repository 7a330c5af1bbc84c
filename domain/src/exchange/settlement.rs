//! Trades become contracts: what they have bound is free again.

use super::event::{Event, What};
use super::instrument::Guarantee;
use super::market::{Answer, Market};
use super::order::TradeNumber;
use super::quantity::{Lots, Price};
use super::rejection::Rejection;
use super::trades::Trade;
use crate::kernel::{InstrumentId, OrganisationId};

/// A trade for clearing: who has bought from whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsettled {
    pub trade: TradeNumber,
    pub instrument: InstrumentId,
    pub buyer: OrganisationId,
    pub seller: OrganisationId,
    pub price: Price,
    pub lots: Lots,
}

impl Market {
    /// Settles all of these trades, or none if one of them is not there, settled, or named twice.
    pub(super) fn settle(&mut self, trades: &[TradeNumber], events: &mut Vec<Event>) -> Result<Answer, Rejection> {
        let mut sorted = trades.to_vec();
        sorted.sort_unstable();
        let is_twice = sorted.windows(2).any(|pair| pair[0] == pair[1]);
        if is_twice || sorted.iter().any(|&number| self.trades.unsettled(number).is_none()) {
            return Err(Rejection::UnknownTrade);
        }
        for number in sorted {
            if let Some(trade) = self.trades.unsettled(number) {
                self.trades.settle(number);
                self.release(&trade);
                for member in [trade.buyer, trade.seller] {
                    self.tell(member, What::Settled { trade: number }, events);
                }
            }
        }
        self.sweep_crossed(events);
        self.conclude(events);
        Ok(Answer::Done)
    }

    /// What the seller had deposited leaves with the contract; the buyer's deposit grows only when the goods are deposited anew.
    fn release(&mut self, trade: &Trade) {
        let entry = &mut self.listings[trade.listing as usize];
        let (currency, value, guarantee) =
            (entry.currency, entry.value(trade.price, trade.lots), entry.rules().guarantee);
        if guarantee == Guarantee::Full {
            let position = entry.position_mut(trade.seller);
            position.sold -= trade.lots;
            position.deposited -= trade.lots;
        }
        if guarantee != Guarantee::None {
            self.account_mut(trade.buyer, currency).unsettled -= value;
        }
        self.credit.trade(trade.buyer, trade.seller, currency, -value);
    }

    /// All trades that are not settled, the oldest first.
    pub fn unsettled(&self) -> impl Iterator<Item = Unsettled> {
        self.trades.iter().map(|(number, trade)| Unsettled {
            trade: number,
            instrument: self.listings[trade.listing as usize].id,
            buyer: self.members[trade.buyer as usize].company,
            seller: self.members[trade.seller as usize].company,
            price: trade.price,
            lots: trade.lots,
        })
    }
}
