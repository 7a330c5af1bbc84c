//! Orders that stand in a crossed book trade with each other: at the end of a call, and when bilateral credit comes to allow it.

use super::event::Event;
use super::market::Market;
use super::matching::Meeting;
use super::order::{EndReason, Side};
use super::orders::NIL;
use super::phase::Phase;
use super::quantity::Price;

/// At which price two orders in the book trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairPrice {
    /// That of the call. Where self-trade prevention or bilateral credit have left a pair whose limits do not include it: the
    /// nearest price to it that both accept.
    OfCall(Price),
    /// The limit of the one that came first: it is the resting one.
    OfOlder,
}

impl Market {
    /// Every buy order, by priority, takes from the sell orders by priority, as far as its limit reaches, passing over those that it may
    /// not meet. Afterwards no two orders cross that may trade with each other.
    pub(super) fn sweep(&mut self, listing: u32, at: PairPrice, events: &mut Vec<Event>) {
        let quiet = self.listings[listing as usize].quiet_range();
        let mut index = self.listings[listing as usize].book.depth(Side::Buy);
        while index > 0 {
            index -= 1;
            let book = &self.listings[listing as usize].book;
            let level = *book.rung(Side::Buy, index);
            if book.best(Side::Sell).is_none_or(|ask| ask > level.price) {
                return;
            }
            let mut buy = level.head;
            while buy != NIL {
                let next = self.orders.links[buy as usize].next;
                let number = self.orders.at(buy).number;
                if !self.orders.at(buy).doomed && !self.serve(buy, at, quiet, events) {
                    return self.start_volatility_auction(listing, events);
                }
                let shows_more = self.orders.slot(number).is_some() && self.show_next(buy);
                if !(shows_more && next == NIL) {
                    buy = next;
                }
            }
        }
    }

    /// An iceberg in the book whose slice is used up shows the next one. Whether it did.
    fn show_next(&mut self, slot: u32) -> bool {
        self.orders.at(slot).visible == 0 && self.after_fill(slot)
    }

    /// A buy order in the book trades what it shows. `false`: the next trade would move the price too far.
    fn serve(&mut self, buy: u32, at: PairPrice, quiet: (Price, Price), events: &mut Vec<Event>) -> bool {
        let (listing, limit) = (self.orders.at(buy).instrument, self.orders.at(buy).price);
        let number = self.orders.at(buy).number;
        let mut index = self.listings[listing as usize].book.depth(Side::Sell);
        while index > 0 {
            index -= 1;
            let level = *self.listings[listing as usize].book.rung(Side::Sell, index);
            if level.price > limit {
                return true;
            }
            let mut sell = level.head;
            while sell != NIL {
                let next = self.orders.links[sell as usize].next;
                let price = self.pair_price(buy, sell, at);
                let mut again = false;
                match self.meet(buy, sell, price) {
                    Meeting::PassOver => {}
                    Meeting::Own => self.prevent_between(buy, sell, events),
                    Meeting::Trade(_) if at == PairPrice::OfOlder && (price < quiet.0 || price > quiet.1) => {
                        return false;
                    }
                    Meeting::Trade(most) => {
                        let lots = self.orders.at(buy).visible.min(self.orders.at(sell).visible).min(most);
                        self.fill(buy, sell, price, lots, None, events);
                        again = self.after_fill(sell) && next == NIL;
                        if self.orders.at(buy).open == 0 {
                            self.fill_up(buy);
                        }
                    }
                }
                let live = self.orders.slot(number).is_some();
                if !live || self.orders.at(buy).visible == 0 || self.orders.at(buy).doomed {
                    return true;
                }
                sell = if again { sell } else { next };
            }
        }
        true
    }

    fn pair_price(&self, buy: u32, sell: u32, at: PairPrice) -> Price {
        let (bid, ask) = (self.orders.at(buy), self.orders.at(sell));
        match at {
            PairPrice::OfCall(price) => price.clamp(ask.price, bid.price),
            PairPrice::OfOlder if bid.priority < ask.priority => bid.price,
            PairPrice::OfOlder => ask.price,
        }
    }

    /// Two orders of one party in the book: the later one counts as the incoming one.
    fn prevent_between(&mut self, buy: u32, sell: u32, events: &mut Vec<Event>) {
        let buy_is_older = self.orders.at(buy).priority < self.orders.at(sell).priority;
        let (resting, incoming) = if buy_is_older { (buy, sell) } else { (sell, buy) };
        if self.prevent_self_trade(resting, incoming, events) {
            self.end_order(incoming, EndReason::SelfTrade, events);
        }
    }

    /// Bilateral credit has become wider: orders that crossed and could not trade now may.
    pub(super) fn sweep_crossed(&mut self, events: &mut Vec<Event>) {
        for listing in 0..self.listings.len() as u32 {
            let entry = &self.listings[listing as usize];
            if entry.phase == Phase::Continuous && entry.book.is_crossed() {
                self.sweep(listing, PairPrice::OfOlder, events);
            }
        }
    }
}
