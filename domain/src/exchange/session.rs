//! The day of an instrument: phases, halts, the end of the session.

use super::event::{Event, Public};
use super::instrument::Guarantee;
use super::market::{Answer, Market};
use super::order::{EndReason, OrderNumber, Side, TimeInForce};
use super::orders::{Order, Place};
use super::phase::{HaltReason, Phase, Step};
use super::quantity::Price;
use super::rejection::Rejection;
use crate::kernel::InstrumentId;

impl Market {
    pub(super) fn change_phase(
        &mut self,
        instrument: InstrumentId,
        to: Phase,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let listing = self.listing_of(instrument)?;
        let from = self.listings[listing as usize].phase;
        let step = from.step(to).filter(|_| to != Phase::Halted).ok_or(Rejection::WrongPhase)?;
        self.enter_phase(listing, to, None, events);
        self.part_calls(listing, to, events);
        match step {
            Step::Plain => {}
            Step::Uncross => self.end_call(listing, events),
            Step::End => self.end_session(listing, events),
            Step::UncrossAndEnd => {
                self.uncross(listing, events);
                self.end_session(listing, events);
            }
        }
        if to == Phase::ClosingAuction {
            self.call_for_close(listing, events);
        }
        if !from.takes_orders()
            && to.takes_orders()
            && let Some(last) = self.listings[listing as usize].last
        {
            self.elect(listing, last);
        }
        self.conclude(events);
        Ok(Answer::Done)
    }

    pub(super) fn halt(
        &mut self,
        instrument: InstrumentId,
        reason: HaltReason,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let listing = self.listing_of(instrument)?;
        self.listings[listing as usize].phase.step(Phase::Halted).ok_or(Rejection::WrongPhase)?;
        self.enter_phase(listing, Phase::Halted, Some(reason), events);
        Ok(Answer::Done)
    }

    pub(super) fn start_volatility_auction(&mut self, listing: u32, events: &mut Vec<Event>) {
        self.enter_phase(listing, Phase::VolatilityAuction, None, events);
    }

    fn enter_phase(&mut self, listing: u32, to: Phase, halted_for: Option<HaltReason>, events: &mut Vec<Event>) {
        let entry = &mut self.listings[listing as usize];
        let from = std::mem::replace(&mut entry.phase, to);
        if to.is_call() {
            self.called.push(listing);
        } else {
            entry.indicative = None;
        }
        let entry = &mut self.listings[listing as usize];
        events.push(Event::Public(Public::Phase { instrument: entry.id, from, to, halted_for }));
    }

    /// After a halt another call may come than the one that was halted: orders for one call stay out of the other.
    fn part_calls(&mut self, listing: u32, to: Phase, events: &mut Vec<Event>) {
        if to == Phase::ClosingAuction {
            let at_open = self.orders_where(listing, |order| order.time_in_force == TimeInForce::AtOpen);
            self.end_orders(&at_open, EndReason::Expired, events);
        } else if to != Phase::Closed {
            let waits = |order: &Order| order.time_in_force == TimeInForce::AtClose && order.place == Place::Book;
            for number in self.orders_where(listing, waits) {
                if let Some(slot) = self.orders.slot(number) {
                    self.withdraw(slot);
                    self.put_aside(slot, events);
                }
            }
        }
    }

    /// A call goes over into continuous trading.
    fn end_call(&mut self, listing: u32, events: &mut Vec<Event>) {
        self.uncross(listing, events);
        let at_open = self.orders_where(listing, |order| order.time_in_force == TimeInForce::AtOpen);
        self.end_orders(&at_open, EndReason::Expired, events);
        let market = self.orders_where(listing, |order| order.is_market && order.place == Place::Book);
        self.end_orders(&market, EndReason::Unfilled, events);
    }

    /// The orders for the closing auction come in, in the order in which they were sent.
    fn call_for_close(&mut self, listing: u32, events: &mut Vec<Event>) {
        let waiting = std::mem::take(&mut self.listings[listing as usize].at_close);
        for (_, number) in waiting {
            let Some(slot) = self.orders.slot(number) else { continue };
            let priority = self.next_priority();
            let order = self.orders.at_mut(slot);
            (order.priority, order.place) = (priority, Place::Hand);
            self.rest(slot, events);
        }
    }

    fn end_session(&mut self, listing: u32, events: &mut Vec<Event>) {
        let ends = |order: &Order| order.time_in_force == TimeInForce::Day || order.time_in_force.is_for_call();
        let over = self.orders_where(listing, ends);
        self.end_orders(&over, EndReason::Expired, events);
        let market = self.orders_where(listing, |order| order.is_market && order.place == Place::Book);
        self.end_orders(&market, EndReason::Unfilled, events);
        let entry = &mut self.listings[listing as usize];
        let (instrument, session, last) = (entry.id, entry.session, entry.last.filter(|_| entry.traded));
        entry.session = entry.session.saturating_add(1);
        entry.traded = false;
        for position in &mut entry.positions {
            position.traded = 0;
        }
        events.push(Event::Public(Public::SessionEnded { instrument, session, last }));
        if let Some(last) = last {
            self.move_reference(listing, last, events);
        }
    }

    pub(super) fn set_reference(
        &mut self,
        instrument: InstrumentId,
        price: Price,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let listing = self.listing_of(instrument)?;
        super::order::check_price(price)?;
        if self.listings[listing as usize].phase != Phase::Closed {
            return Err(Rejection::WrongPhase);
        }
        self.move_reference(listing, price, events);
        self.conclude(events);
        Ok(Answer::Done)
    }

    fn move_reference(&mut self, listing: u32, price: Price, events: &mut Vec<Event>) {
        let entry = &mut self.listings[listing as usize];
        entry.set_reference(price);
        events.push(Event::Public(Public::Reference { instrument: entry.id, price }));
        self.fit_band(listing, events);
    }

    /// The band has moved: what stated a price outside it ends; market orders that wait follow the band, but never beyond what they
    /// have bound of a limit.
    pub(super) fn fit_band(&mut self, listing: u32, events: &mut Vec<Event>) {
        let (low, high) = self.listings[listing as usize].bounds();
        let guaranteed = self.listings[listing as usize].rules().guarantee != Guarantee::None;
        let outside = self.orders_where(listing, |order| !order.is_market && !(low..=high).contains(&order.price));
        self.end_orders(&outside, EndReason::OutsideBand, events);
        for number in self.orders_where(listing, |order| order.is_market && order.place != Place::Book) {
            let Some(slot) = self.orders.slot(number) else { continue };
            let order = self.orders.at(slot);
            let price = match order.side {
                Side::Sell => low,
                Side::Buy if guaranteed => order.price.min(high),
                Side::Buy => high,
            };
            let open = order.open;
            self.unbind(slot, open);
            self.orders.at_mut(slot).price = price;
            self.reserve(slot);
        }
    }

    /// The live orders of an instrument that are so, the oldest first.
    fn orders_where(&self, listing: u32, is_so: impl Fn(&Order) -> bool) -> Vec<OrderNumber> {
        let orders = self.orders.iter().map(|(_, order)| order);
        let mut found: Vec<_> =
            orders.filter(|order| order.instrument == listing && is_so(order)).map(|order| order.number).collect();
        found.sort_unstable();
        found
    }
}
