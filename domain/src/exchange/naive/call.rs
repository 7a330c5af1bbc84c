//! Call auctions by trying every tick, and crossed books by trying every pair.

use super::super::order::{EndReason, Side};
use super::super::phase::Phase;
use super::super::quantity::{Lots, Price};
use super::{Naive, Sequence};
use crate::kernel::InstrumentId;

impl Naive {
    /// The price of the call and its volume, by the rule as it is written.
    pub fn price_of_call(&self, instrument: InstrumentId) -> Option<(Price, Lots)> {
        let entry = &self.instruments[&instrument];
        let anchor = entry.reference.or(entry.last);
        let (buys, sells) = (self.queue(instrument, Side::Buy), self.queue(instrument, Side::Sell));
        let (bid, ask) = (buys.first()?.price, sells.first()?.price);
        if bid < ask {
            return None;
        }
        let stated = || buys.iter().chain(&sells).filter(|order| !order.is_market()).map(|order| order.price);
        let low = stated().min().map_or(ask, |low| low.max(ask));
        let high = stated().max().map_or(bid, |high| high.min(bid));
        let mut prices: Vec<Price> =
            if stated().next().is_none() || low > high { Vec::new() } else { (low..=high).collect() };
        if prices.is_empty() {
            prices.push(anchor?.clamp(ask, bid));
        }
        let demand =
            |price: Price| buys.iter().filter(|order| order.price >= price).map(|order| order.open).sum::<Lots>();
        let supply =
            |price: Price| sells.iter().filter(|order| order.price <= price).map(|order| order.open).sum::<Lots>();
        let volume = |price: Price| demand(price).min(supply(price));
        let most = prices.iter().map(|&price| volume(price)).max()?;
        prices.retain(|&price| volume(price) == most);
        let least = prices.iter().map(|&price| demand(price).abs_diff(supply(price))).min()?;
        prices.retain(|&price| demand(price).abs_diff(supply(price)) == least);
        let highest = prices.iter().copied().filter(|&price| demand(price) > supply(price)).max();
        let lowest = prices.iter().copied().filter(|&price| demand(price) < supply(price)).min();
        prices.retain(|&price| demand(price) == supply(price) || Some(price) == highest || Some(price) == lowest);
        prices.sort_by_key(|&price| (anchor.map_or(0, |anchor| price.abs_diff(anchor)), price));
        Some((prices[0], most)).filter(|_| most > 0)
    }

    pub fn uncross(&mut self, instrument: InstrumentId) {
        if let Some((price, _)) = self.price_of_call(instrument) {
            self.sweep(instrument, Some(price));
        }
    }

    /// Every buy order in turn; `None`: at the price of the older one.
    pub fn sweep(&mut self, instrument: InstrumentId, price: Option<Price>) {
        let mut passed: Vec<(Sequence, u64)> = Vec::new();
        let quiet = self.quiet_range(instrument);
        loop {
            let queue = self.queue(instrument, Side::Buy);
            let next = queue.iter().find(|order| !passed.contains(&(order.sequence, order.priority)));
            let Some((buy, priority)) = next.map(|order| (order.sequence, order.priority)) else { return };
            if !self.order(buy).doomed && !self.serve(buy, price, quiet) {
                self.instruments.get_mut(&instrument).unwrap().phase = Phase::VolatilityAuction;
                return;
            }
            if self.is_live(buy) && self.order(buy).visible == 0 {
                self.next_slice(buy);
            }
            passed.push((buy, priority));
        }
    }

    fn serve(&mut self, buy: Sequence, call: Option<Price>, quiet: (Price, Price)) -> bool {
        let instrument = self.order(buy).instrument;
        while self.is_live(buy) && self.order(buy).visible > 0 && !self.order(buy).doomed {
            let Some((sell, price)) = self.first_seller(buy, call) else { return true };
            let (bid, ask) = (self.order(buy), self.order(sell));
            let buy_is_older = bid.priority < ask.priority;
            if self.same_party(bid.company, ask.company) {
                let (resting, incoming) = if buy_is_older { (buy, sell) } else { (sell, buy) };
                if self.prevent(resting, incoming) {
                    self.cancel_order(incoming, EndReason::SelfTrade);
                }
                continue;
            }
            if call.is_none() && (price < quiet.0 || price > quiet.1) {
                return false;
            }
            let most = self.credit(bid.company, ask.company, instrument, price);
            let lots = bid.visible.min(ask.visible).min(most);
            self.trade(buy, sell, price, lots);
            self.next_slice(sell);
            if self.order(buy).open == 0 {
                self.next_slice(buy);
            }
        }
        true
    }

    fn first_seller(&self, buy: Sequence, call: Option<Price>) -> Option<(Sequence, Price)> {
        let bid = self.order(buy);
        self.queue(bid.instrument, Side::Sell).into_iter().filter(|ask| !ask.doomed && ask.price <= bid.price).find_map(
            |ask| {
                let older = if bid.priority < ask.priority { bid.price } else { ask.price };
                let price = call.map_or(older, |call| call.clamp(ask.price, bid.price));
                let meets = self.same_party(bid.company, ask.company)
                    || self.credit(bid.company, ask.company, bid.instrument, price) > 0;
                meets.then_some((ask.sequence, price))
            },
        )
    }
}
