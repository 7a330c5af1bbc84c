//! How much of an order could trade at once: the walk of the matching without its effects, for `fok` and `min_quantity`.

use super::credit::{UNLIMITED, lots_within};
use super::market::Market;
use super::order::OrderNumber;
use super::orders::{NIL, Order};
use super::quantity::{Amount, Lots, Price};
use super::self_trade::SelfTrade;

/// What the trades that were counted would have changed for those that come after them.
#[derive(Default)]
struct Ahead {
    lots: Lots,
    /// What own orders would have taken from the order without a trade.
    decremented: Lots,
    /// Orders whose linked order would have traded.
    cancelled: Vec<OrderNumber>,
    /// Bilateral credit that would have been used, by member.
    used: Vec<(u32, Amount)>,
}

impl Market {
    /// So many lots of an order in hand would trade, counted up to `enough`.
    pub(super) fn fillable(&self, slot: u32, enough: Lots) -> Lots {
        let order = self.orders.at(slot);
        let entry = &self.listings[order.instrument as usize];
        let (low, high) = entry.quiet_range();
        let mut ahead = Ahead::default();
        for level in entry.book.levels(order.side.opposite()) {
            let within = order.side.accepts(order.price, level.price);
            if !within || ahead.lots >= enough {
                break;
            }
            let is_quiet = (low..=high).contains(&level.price);
            if !self.count_level(order, level.head, level.price, enough, is_quiet, &mut ahead) {
                break;
            }
        }
        ahead.lots
    }

    /// Whether it goes on behind this level. What is shown trades first, in the order of the queue; then what icebergs hide.
    fn count_level(
        &self,
        order: &Order,
        head: u32,
        price: Price,
        enough: Lots,
        is_quiet: bool,
        ahead: &mut Ahead,
    ) -> bool {
        for hidden in [false, true] {
            let mut resting = head;
            while resting != NIL {
                let other = self.orders.at(resting);
                resting = self.orders.links[resting as usize].next;
                let lots = if hidden { other.open - other.visible } else { other.visible };
                if lots == 0 || ahead.cancelled.contains(&other.number) {
                    continue;
                }
                if self.same_party(order.member, other.member) {
                    if hidden || self.passes_own(order, other, ahead) {
                        continue;
                    }
                    return false;
                }
                let most = self.room_ahead(order, other, price, ahead);
                if most == 0 {
                    continue;
                }
                if !is_quiet {
                    return false;
                }
                let left = order.open - ahead.lots - ahead.decremented;
                self.count(order, other, price, lots.min(most).min(left), ahead);
                if ahead.lots >= enough || ahead.lots + ahead.decremented == order.open {
                    return false;
                }
            }
        }
        true
    }

    /// Whether the order goes on behind an own one. One that is linked to it would end it.
    fn passes_own(&self, order: &Order, other: &Order, ahead: &mut Ahead) -> bool {
        match self.listings[order.instrument as usize].rules().self_trade {
            SelfTrade::CancelResting => other.linked() != Some(order.number),
            SelfTrade::CancelIncoming | SelfTrade::CancelBoth => false,
            SelfTrade::Decrement => {
                let left = order.open - ahead.lots - ahead.decremented;
                ahead.decremented += left.min(other.open);
                other.open < left && other.linked() != Some(order.number)
            }
        }
    }

    /// How many lots the two may still trade.
    fn room_ahead(&self, order: &Order, other: &Order, price: Price, ahead: &Ahead) -> Lots {
        if other.doomed {
            return 0;
        }
        if !self.is_restricted(order, other) {
            return Lots::MAX;
        }
        let entry = &self.listings[order.instrument as usize];
        let room = self.credit.room(&self.members, order.member, other.member, entry.currency);
        if room == UNLIMITED {
            return Lots::MAX;
        }
        let used = ahead.used.iter().find(|(member, _)| *member == other.member).map_or(0, |(_, amount)| *amount);
        lots_within((room - used).max(0), price, entry.tick_value)
    }

    fn is_restricted(&self, order: &Order, other: &Order) -> bool {
        self.members[order.member as usize].restricts || self.members[other.member as usize].restricts
    }

    fn count(&self, order: &Order, other: &Order, price: Price, lots: Lots, ahead: &mut Ahead) {
        ahead.lots += lots;
        ahead.cancelled.extend(other.linked());
        if !self.is_restricted(order, other) {
            return;
        }
        let value = self.listings[order.instrument as usize].value(price, lots);
        match ahead.used.iter_mut().find(|(member, _)| *member == other.member) {
            Some((_, amount)) => *amount = amount.saturating_add(value),
            None => ahead.used.push((other.member, value)),
        }
    }
}
