//! Stops that wait for a trade at their trigger.

use std::collections::BTreeSet;

use super::market::Market;
use super::order::{OrderNumber, Side};
use super::orders::{Order, Place};
use super::quantity::Price;

/// By trigger, then by priority: buy stops ascending; sell stops by the negative trigger, so that in both the first is reached first.
#[derive(Debug, Default)]
pub struct Stops {
    buys: BTreeSet<(i64, u64, OrderNumber)>,
    sells: BTreeSet<(i64, u64, OrderNumber)>,
}

/// Whether a trade at `price` has reached the trigger: buy stops wait for it to rise, sell stops for it to fall.
pub fn reached(side: Side, trigger: Price, price: Price) -> bool {
    match side {
        Side::Buy => trigger <= price,
        Side::Sell => trigger >= price,
    }
}

impl Stops {
    fn entry(order: &Order) -> (i64, u64, OrderNumber) {
        let trigger = order.trigger().unwrap_or_default();
        let key = if order.side == Side::Buy { trigger } else { -trigger };
        (key, order.priority, order.number)
    }

    pub fn insert(&mut self, order: &Order) {
        match order.side {
            Side::Buy => self.buys.insert(Self::entry(order)),
            Side::Sell => self.sells.insert(Self::entry(order)),
        };
    }

    pub fn remove(&mut self, order: &Order) {
        match order.side {
            Side::Buy => self.buys.remove(&Self::entry(order)),
            Side::Sell => self.sells.remove(&Self::entry(order)),
        };
    }

    /// Whether a trade at that price elects any.
    pub fn any_reached(&self, price: Price) -> bool {
        self.buys.first().is_some_and(|first| first.0 <= price)
            || self.sells.first().is_some_and(|first| first.0 <= -price)
    }

    /// Takes out those that a trade at that price elects: the one furthest through its trigger first, then the older one.
    fn elect(&mut self, price: Price) -> Vec<OrderNumber> {
        let mut elected = Vec::new();
        for (waiting, bound) in [(&mut self.buys, price), (&mut self.sells, -price)] {
            let rest = waiting.split_off(&(bound + 1, 0, OrderNumber(0)));
            let reached = std::mem::replace(waiting, rest);
            elected.extend(reached.into_iter().map(|(key, priority, number)| (key - bound, priority, number)));
        }
        elected.sort_unstable();
        elected.into_iter().map(|(_, _, number)| number).collect()
    }
}

impl Market {
    /// A trade was printed at that price: what it elects runs after the command that caused it.
    pub(super) fn elect(&mut self, listing: u32, price: Price) {
        for number in self.listings[listing as usize].stops.elect(price) {
            if let Some(slot) = self.orders.slot(number) {
                self.orders.at_mut(slot).place = Place::Hand;
                self.elected.push_back(number);
            }
        }
    }
}
