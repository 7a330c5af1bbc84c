//! Orders meet: always the first in the whole list that may be met.

use super::super::instrument::Band;
use super::super::order::{EndReason, OrderState, Side};
use super::super::orders::Place;
use super::super::phase::Phase;
use super::super::quantity::{Lots, MAX_PRICE, MIN_PRICE, Price};
use super::super::self_trade::SelfTrade;
use super::super::stops::reached;
use super::{Naive, Sequence, Trade};
use crate::kernel::InstrumentId;

impl Naive {
    pub fn quiet_range(&self, instrument: InstrumentId) -> (Price, Price) {
        let entry = &self.instruments[&instrument];
        match (entry.rules.volatility_ppm, entry.last.or(entry.reference)) {
            (Some(ppm), Some(base)) => Band { up_ppm: ppm, down_ppm: ppm.min(1_000_000) }.bounds(base),
            _ => (MIN_PRICE, MAX_PRICE),
        }
    }

    /// The first order on the other side that `order` reaches and may meet, and how many lots the two may trade; `None` lots: own.
    pub fn first_met(&self, sequence: Sequence) -> Option<(Sequence, Option<Lots>)> {
        let order = self.order(sequence);
        for other in self.queue(order.instrument, order.side().opposite()) {
            if !order.side().accepts(order.price, other.price) || other.doomed {
                continue;
            }
            if self.same_party(order.company, other.company) {
                return Some((other.sequence, None));
            }
            let most = self.credit(order.company, other.company, order.instrument, other.price);
            if most > 0 {
                return Some((other.sequence, Some(most)));
            }
        }
        None
    }

    /// Trades an order that has come in. Whether it gives way to an own one.
    pub fn trade_in(&mut self, sequence: Sequence) -> bool {
        let instrument = self.order(sequence).instrument;
        let quiet = self.quiet_range(instrument);
        while self.order(sequence).open > 0 && !self.order(sequence).doomed {
            let Some((other, most)) = self.first_met(sequence) else { break };
            let Some(most) = most else {
                if self.prevent(other, sequence) {
                    return true;
                }
                continue;
            };
            let price = self.order(other).price;
            if price < quiet.0 || price > quiet.1 {
                self.instruments.get_mut(&instrument).unwrap().phase = Phase::VolatilityAuction;
                break;
            }
            let lots = self.order(sequence).open.min(self.order(other).visible).min(most);
            let (buy, sell) =
                if self.order(sequence).side() == Side::Buy { (sequence, other) } else { (other, sequence) };
            self.trade(buy, sell, price, lots);
            self.next_slice(other);
        }
        false
    }

    pub fn trade(&mut self, buy: Sequence, sell: Sequence, price: Price, lots: Lots) {
        let instrument = self.order(buy).instrument;
        let (buyer, seller) = (self.order(buy).company, self.order(sell).company);
        let entry = self.instruments.get_mut(&instrument).unwrap();
        (entry.last, entry.traded) = (Some(price), true);
        let (session, takes_orders) = (entry.session, entry.phase.takes_orders());
        self.trades.push(Trade { instrument, price, lots, buy, sell, buyer, seller, session, settled: false });
        for sequence in [buy, sell] {
            let order = self.order_mut(sequence);
            order.open -= lots;
            order.visible = order.visible.saturating_sub(lots);
            order.filled += lots;
            order.turnover += i128::from(price) * i128::from(lots);
            self.doom_partner(sequence);
        }
        if takes_orders {
            self.elect(instrument, price);
        }
    }

    pub fn elect(&mut self, instrument: InstrumentId, price: Price) {
        let is_reached = |order: &&super::Order| {
            order.instrument == instrument
                && order.place == Place::Stops
                && reached(order.side(), order.trigger.unwrap(), price)
        };
        let through = |order: &super::Order| (order.trigger.unwrap() - price).abs();
        let mut found: Vec<_> =
            self.live().filter(is_reached).map(|order| (-through(order), order.priority, order.sequence)).collect();
        found.sort_unstable();
        for (_, _, sequence) in found {
            self.order_mut(sequence).place = Place::Hand;
            self.elected.push_back(sequence);
        }
    }

    /// An order in the book that has traded shows its next slice, behind all others, or ends.
    pub fn next_slice(&mut self, sequence: Sequence) {
        if self.order(sequence).open == 0 {
            self.end(sequence, OrderState::Filled);
        } else if self.order(sequence).visible == 0 {
            let priority = self.next_priority();
            let order = self.order_mut(sequence);
            order.visible = order.new.order_type.display().unwrap().min(order.open);
            order.priority = priority;
        }
    }

    /// Whether the incoming one gives way.
    pub fn prevent(&mut self, resting: Sequence, incoming: Sequence) -> bool {
        let mode = self.instruments[&self.order(resting).instrument].rules.self_trade;
        if matches!(mode, SelfTrade::CancelResting | SelfTrade::CancelBoth) {
            self.cancel_order(resting, EndReason::SelfTrade);
        }
        if mode == SelfTrade::Decrement {
            let lots = self.order(resting).open.min(self.order(incoming).open);
            for sequence in [incoming, resting] {
                let order = self.order_mut(sequence);
                order.open -= lots;
                order.total -= lots;
                order.visible = order.visible.min(order.open);
            }
            if self.order(resting).open == 0 {
                self.cancel_order(resting, EndReason::SelfTrade);
            }
            return self.order(incoming).open == 0;
        }
        mode != SelfTrade::CancelResting
    }

    pub fn cancel_order(&mut self, sequence: Sequence, reason: EndReason) {
        if self.is_live(sequence) {
            self.ended.push((sequence, reason));
            self.end(sequence, OrderState::Ended(reason));
        }
    }

    pub fn end(&mut self, sequence: Sequence, state: OrderState) {
        self.doom_partner(sequence);
        self.order_mut(sequence).ended = Some(state);
    }

    fn doom_partner(&mut self, sequence: Sequence) {
        if let Some(partner) = self.order_mut(sequence).linked.take() {
            let partner_order = self.order_mut(partner);
            (partner_order.linked, partner_order.doomed) = (None, true);
            self.doomed.push(partner);
        }
    }
}
