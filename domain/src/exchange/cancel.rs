//! Orders that end: by their company, by time, or by what happened to others.

use super::event::{Event, What};
use super::market::{Answer, Market};
use super::order::{EndReason, OrderNumber, OrderState, TimeInForce};
use super::orders::{Order, Place};
use super::rejection::Rejection;
use super::remembered::Record;
use crate::kernel::{InstrumentId, OrganisationId, Timestamp};

impl Order {
    pub fn state(&self) -> OrderState {
        match self.place {
            Place::Stops => OrderState::AwaitingTrigger,
            Place::Close => OrderState::AwaitingClose,
            Place::Book | Place::Hand => OrderState::Resting,
        }
    }
}

impl Market {
    pub(super) fn cancel(
        &mut self,
        company: OrganisationId,
        order: OrderNumber,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let slot = self.own_order(company, order)?;
        self.subject = Some(order);
        self.end_order(slot, EndReason::Cancelled, events);
        self.conclude(events);
        Ok(self.report_subject())
    }

    pub(super) fn cancel_all(
        &mut self,
        company: OrganisationId,
        instrument: Option<InstrumentId>,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let member = self.member_of(company)?;
        let only = instrument.map(|instrument| self.listing_of(instrument)).transpose()?;
        let mut orders = self.orders.of_member(member);
        if let Some(only) = only {
            orders
                .retain(|&number| self.orders.slot(number).is_some_and(|slot| self.orders.at(slot).instrument == only));
        }
        let ended = self.end_orders(&orders, EndReason::Cancelled, events);
        self.conclude(events);
        Ok(Answer::Ended(ended))
    }

    /// Ends the `gtd` orders whose instant has come, the earliest first.
    pub(super) fn expire(&mut self, at: Timestamp, events: &mut Vec<Event>) -> Answer {
        let mut ended = 0;
        while let Some(&(until, number)) = self.expiries.first() {
            if until > at {
                break;
            }
            ended += self.end_orders(&[number], EndReason::Expired, events);
        }
        self.conclude(events);
        Answer::Ended(ended)
    }

    /// Ends those that are still live. How many.
    pub(super) fn end_orders(&mut self, orders: &[OrderNumber], reason: EndReason, events: &mut Vec<Event>) -> u32 {
        let mut ended = 0;
        for &number in orders {
            if let Some(slot) = self.orders.slot(number) {
                self.end_order(slot, reason, events);
                ended += 1;
            }
        }
        ended
    }

    pub(super) fn end_order(&mut self, slot: u32, reason: EndReason, events: &mut Vec<Event>) {
        let order = self.orders.at(slot);
        let (member, number, open) = (order.member, order.number, order.open);
        self.close(slot, OrderState::Ended(reason));
        self.tell(member, What::Ended { order: number, open, reason }, events);
    }

    /// Nothing is open of it any more.
    pub(super) fn fill_up(&mut self, slot: u32) {
        self.close(slot, OrderState::Filled);
    }

    /// An order leaves the market: wherever it waited, with all that it has bound.
    fn close(&mut self, slot: u32, state: OrderState) {
        self.withdraw(slot);
        self.doom_partner(slot);
        let order = self.orders.at(slot);
        let (member, open) = (order.member, order.open);
        let record = Record {
            order: order.number,
            name: order.name,
            instrument: order.instrument,
            state,
            filled: order.filled,
            open,
            turnover: order.turnover,
        };
        if let TimeInForce::Gtd(until) = order.time_in_force {
            self.expiries.remove(&(until, order.number));
        }
        if open > 0 {
            self.unbind(slot, open);
        }
        self.orders.remove(slot, member);
        let position = self.listings[record.instrument as usize].position_mut(member);
        position.live_orders -= 1;
        position.open -= open;
        if self.subject == Some(record.order) {
            self.subject_ended = Some(record);
        }
        self.remembered.retire(member, record);
    }

    /// Takes an order from where it waits into the hand.
    pub(super) fn withdraw(&mut self, slot: u32) {
        let order = self.orders.at(slot);
        let entry = &mut self.listings[order.instrument as usize];
        match order.place {
            Place::Book => {
                entry.book.remove(&mut self.orders, slot);
                self.touch(slot);
            }
            Place::Stops => entry.stops.remove(order),
            Place::Close => {
                entry.at_close.remove(&(order.priority, order.number));
            }
            Place::Hand => {}
        }
        self.orders.at_mut(slot).place = Place::Hand;
    }

    /// An order has traded or ends: the one that is linked to it trades no more, and is cancelled as this step ends. That does not
    /// end what is left of the first.
    pub(super) fn doom_partner(&mut self, slot: u32) {
        let order = self.orders.at_mut(slot);
        let Some(number) = order.linked() else { return };
        order.linked = None;
        if let Some(partner) = self.orders.slot(number) {
            let partner = self.orders.at_mut(partner);
            (partner.linked, partner.doomed) = (None, true);
            self.doomed.push(number);
        }
    }

    pub(super) fn cancel_doomed(&mut self, events: &mut Vec<Event>) {
        while !self.doomed.is_empty() {
            let orders = std::mem::take(&mut self.doomed);
            self.end_orders(&orders, EndReason::Linked, events);
        }
    }
}
