//! An order meets the book: price before time, at the resting orders' prices.

use super::credit::lots_within;
use super::event::{Event, Private, Public, What};
use super::instrument::Guarantee;
use super::market::Market;
use super::order::{EndReason, Side};
use super::orders::{NIL, Order, Place};
use super::quantity::{Lots, Price};
use super::self_trade::SelfTrade;
use super::trades::Trade;

/// Why an incoming order stopped trading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Nothing is left of it, or nothing that it may trade with.
    Done,
    /// It met an order of its own party, and gives way.
    SelfTrade,
    /// The next trade would have moved the price too far.
    Volatility,
}

/// What happens where two orders meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meeting {
    /// They may not trade with each other: the incoming order passes over, and neither loses anything.
    PassOver,
    Own,
    /// They may trade so many lots at most.
    Trade(Lots),
}

impl Market {
    /// Trades an order in hand against the book as far as it goes.
    pub(super) fn trade_in(&mut self, slot: u32, events: &mut Vec<Event>) -> Stopped {
        let order = self.orders.at(slot);
        let (listing, side, limit) = (order.instrument, order.side, order.price);
        let opposite = side.opposite();
        let entry = &self.listings[listing as usize];
        if !entry.book.best(opposite).is_some_and(|price| side.accepts(limit, price)) {
            return Stopped::Done;
        }
        let quiet = entry.quiet_range();
        let mut index = entry.book.depth(opposite);
        while index > 0 {
            index -= 1;
            let level = *self.listings[listing as usize].book.rung(opposite, index);
            if !side.accepts(limit, level.price) {
                break;
            }
            let stopped = self.trade_level(slot, level.head, level.price, quiet, events);
            if stopped.is_some() || self.orders.at(slot).open == 0 || self.orders.at(slot).doomed {
                return stopped.unwrap_or(Stopped::Done);
            }
        }
        Stopped::Done
    }

    /// Goes through the orders of one price. `None`: on to the next price.
    fn trade_level(
        &mut self,
        slot: u32,
        head: u32,
        price: Price,
        quiet: (Price, Price),
        events: &mut Vec<Event>,
    ) -> Option<Stopped> {
        let mut resting = head;
        while resting != NIL {
            let next = self.orders.links[resting as usize].next;
            match self.meet(slot, resting, price) {
                Meeting::PassOver => {}
                Meeting::Own => {
                    if self.prevent_self_trade(resting, slot, events) {
                        return Some(Stopped::SelfTrade);
                    }
                }
                Meeting::Trade(_) if price < quiet.0 || price > quiet.1 => return Some(Stopped::Volatility),
                Meeting::Trade(most) => {
                    let (order, other) = (self.orders.at(slot), self.orders.at(resting));
                    let lots = order.open.min(other.visible).min(most);
                    let side = order.side;
                    let (buy, sell) = if side == Side::Buy { (slot, resting) } else { (resting, slot) };
                    self.fill(buy, sell, price, lots, Some(side), events);
                    // An iceberg that went to the back of a level that ended with it is met again.
                    if self.after_fill(resting) && next == NIL && self.orders.at(slot).open > 0 {
                        continue;
                    }
                }
            }
            let order = self.orders.at(slot);
            if order.open == 0 || order.doomed {
                return Some(Stopped::Done);
            }
            resting = next;
        }
        None
    }

    /// What happens if an order meets another one at a price.
    pub(super) fn meet(&self, one: u32, other: u32, price: Price) -> Meeting {
        self.meet_order(self.orders.at(one), self.orders.at(other), price)
    }

    fn meet_order(&self, order: &Order, other: &Order, price: Price) -> Meeting {
        if other.doomed {
            return Meeting::PassOver;
        }
        if self.same_party(order.member, other.member) {
            return Meeting::Own;
        }
        if !self.members[order.member as usize].restricts && !self.members[other.member as usize].restricts {
            return Meeting::Trade(Lots::MAX);
        }
        let entry = &self.listings[order.instrument as usize];
        let room = self.credit.room(&self.members, order.member, other.member, entry.currency);
        match lots_within(room, price, entry.tick_value) {
            0 => Meeting::PassOver,
            most => Meeting::Trade(most),
        }
    }

    /// The member of the order that an incoming one would meet first.
    pub(super) fn first_met(&self, order: &Order) -> Option<u32> {
        let book = &self.listings[order.instrument as usize].book;
        for level in book.levels(order.side.opposite()) {
            if !order.side.accepts(order.price, level.price) {
                return None;
            }
            let mut resting = level.head;
            while resting != NIL {
                let other = self.orders.at(resting);
                if self.meet_order(order, other, level.price) != Meeting::PassOver {
                    return Some(other.member);
                }
                resting = self.orders.links[resting as usize].next;
            }
        }
        None
    }

    /// Two orders of one party meet: `resting` came first, `incoming` later. Whether the incoming one gives way: then its caller ends it.
    pub(super) fn prevent_self_trade(&mut self, resting: u32, incoming: u32, events: &mut Vec<Event>) -> bool {
        let listing = self.orders.at(resting).instrument;
        match self.listings[listing as usize].rules().self_trade {
            SelfTrade::CancelResting => {
                self.end_order(resting, EndReason::SelfTrade, events);
                false
            }
            SelfTrade::CancelIncoming => true,
            SelfTrade::CancelBoth => {
                self.end_order(resting, EndReason::SelfTrade, events);
                true
            }
            SelfTrade::Decrement => {
                let lots = self.orders.at(resting).open.min(self.orders.at(incoming).open);
                self.decrement(incoming, lots, events);
                self.decrement(resting, lots, events);
                if self.orders.at(resting).open == 0 {
                    self.end_order(resting, EndReason::SelfTrade, events);
                }
                self.orders.at(incoming).open == 0
            }
        }
    }

    fn decrement(&mut self, slot: u32, lots: Lots, events: &mut Vec<Event>) {
        self.unbind(slot, lots);
        self.take(slot, lots);
        let order = self.orders.at_mut(slot);
        let (member, listing, number, open) = (order.member, order.instrument, order.number, order.open);
        self.listings[listing as usize].position_mut(member).open -= lots;
        self.tell(member, What::Decremented { order: number, lots, open }, events);
    }

    /// So many lots of an order are gone: in its level, too, if it is in the book.
    fn take(&mut self, slot: u32, lots: Lots) {
        let order = self.orders.at_mut(slot);
        let listing = order.instrument;
        if order.place != Place::Book {
            order.open -= lots;
            order.visible = order.visible.min(order.open);
            return;
        }
        let visible = order.visible.min(order.open - lots);
        // A fill takes what is shown; a decrement may take what is hidden as well.
        let shown = order.visible - visible;
        self.listings[listing as usize].book.lessen(&mut self.orders, slot, lots, shown);
        self.touch(slot);
    }

    /// A trade. Neither order is taken out of the book here: see [`Self::after_fill`].
    pub(super) fn fill(
        &mut self,
        buy: u32,
        sell: u32,
        price: Price,
        lots: Lots,
        aggressor: Option<Side>,
        events: &mut Vec<Event>,
    ) {
        let (bid, ask) = (self.orders.at(buy), self.orders.at(sell));
        let (listing, buyer, seller) = (bid.instrument, bid.member, ask.member);
        let trade = self.trades.push(Trade { listing, buyer, seller, price, lots, settled: false });
        let entry = &mut self.listings[listing as usize];
        let guarantee = entry.rules().guarantee;
        let (instrument, session) = (entry.id, entry.session);
        let (currency, value) = (entry.currency, entry.value(price, lots));
        let bound = if bid.price == price { value } else { entry.value(bid.price, lots) };
        (entry.last, entry.traded) = (Some(price), true);
        events.push(Event::Public(Public::Trade { instrument, trade, session, price, lots, aggressor }));
        let position = entry.position_mut(seller);
        position.trade(lots);
        if guarantee == Guarantee::Full {
            position.reserved -= lots;
            position.sold += lots;
        }
        entry.position_mut(buyer).trade(lots);
        if guarantee != Guarantee::None {
            let account = self.members[buyer as usize].account_mut(currency);
            account.reserved -= bound;
            account.unsettled += value;
        }
        let (one, other) = (&self.members[buyer as usize], &self.members[seller as usize]);
        let companies = (one.company, other.company);
        if one.restricts || other.restricts {
            self.credit.trade(buyer, seller, currency, value);
        }
        for (slot, company, counterparty) in [(buy, companies.0, companies.1), (sell, companies.1, companies.0)] {
            let order = self.orders.at_mut(slot);
            order.filled += lots;
            order.turnover += i128::from(price) * i128::from(lots);
            self.take_shown(slot, lots);
            let order = self.orders.at(slot);
            let (order, side, open) = (order.number, order.side, order.open);
            let what = What::Filled { order, side, trade, price, lots, open, counterparty };
            events.push(Event::Private(Private { company, what }));
            self.doom_partner(slot);
        }
        let entry = &self.listings[listing as usize];
        if entry.phase.takes_orders() && entry.stops.any_reached(price) {
            self.elect(listing, price);
        }
    }

    /// So many lots of what an order shows are traded.
    fn take_shown(&mut self, slot: u32, lots: Lots) {
        let order = self.orders.at_mut(slot);
        if order.place == Place::Book {
            self.listings[order.instrument as usize].book.lessen(&mut self.orders, slot, lots, lots);
            self.touch(slot);
        } else {
            order.open -= lots;
        }
    }

    /// After a trade of an order in the book: takes it out if it is filled; shows the next slice of an iceberg, behind what waits at its
    /// price. Whether it did that.
    pub(super) fn after_fill(&mut self, slot: u32) -> bool {
        let order = self.orders.at(slot);
        if order.open == 0 {
            self.fill_up(slot);
            return false;
        }
        if order.visible > 0 {
            return false;
        }
        let priority = self.next_priority();
        let order = self.orders.at(slot);
        let listing = order.instrument;
        let book = &mut self.listings[listing as usize].book;
        book.remove(&mut self.orders, slot);
        let order = self.orders.at_mut(slot);
        order.visible = order.slice();
        order.priority = priority;
        book.append(&mut self.orders, slot);
        true
    }
}
