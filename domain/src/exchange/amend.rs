//! An order is changed: a smaller total keeps its priority, everything else goes to the back of the queue.

use std::num::NonZero;

use super::event::{Event, What};
use super::market::{Answer, Market};
use super::order::{Amendment, EndReason, OrderNumber, check_price};
use super::orders::{Order, Place};
use super::phase::Phase;
use super::quantity::{MAX_LOTS, worth};
use super::rejection::Rejection;
use super::stops::reached;
use crate::kernel::OrganisationId;

impl Market {
    pub(super) fn amend(
        &mut self,
        company: OrganisationId,
        number: OrderNumber,
        change: Amendment,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let slot = self.own_order(company, number)?;
        let amended = self.judge_change(self.orders.at(slot), change)?;
        self.subject = Some(number);
        match amended {
            None => self.end_order(slot, EndReason::Reduced, events),
            Some(amended) => self.change(slot, amended, events),
        }
        self.conclude(events);
        Ok(self.report_subject())
    }

    /// The order as it will be; `None` if nothing is left of it.
    fn judge_change(&self, order: &Order, change: Amendment) -> Result<Option<Order>, Rejection> {
        let entry = &self.listings[order.instrument as usize];
        if self.members[order.member as usize].suspended {
            return Err(Rejection::MemberSuspended);
        }
        if !entry.phase.takes_orders() {
            return Err(Rejection::WrongPhase);
        }
        let total = change.lots.unwrap_or(order.total());
        if total > MAX_LOTS {
            return Err(Rejection::LotsOutOfRange);
        }
        if change.price.is_some() && order.is_market || change.trigger.is_some() && order.trigger.is_none() {
            return Err(Rejection::Combination);
        }
        for price in [change.price, change.trigger].into_iter().flatten() {
            check_price(price)?;
        }
        let price = change.price.unwrap_or(order.price);
        let (low, high) = entry.bounds();
        if change.price.is_some() && (price < low || price > high) {
            return Err(Rejection::OutsideBand);
        }
        if total <= order.filled {
            return Ok(None);
        }
        if !order.is_market && worth(price, total, entry.tick_value).is_none() {
            return Err(Rejection::AmountOutOfRange);
        }
        let open = total - order.filled;
        let trigger = change.trigger.and_then(NonZero::new).or(order.trigger);
        let amended = Order { open, visible: order.visible.min(open), price, trigger, ..order.clone() };
        self.check_caps(order, 0, open.saturating_sub(order.open))?;
        let binds = |order: &Order| entry.binds(order.side, order.price, order.open);
        self.check_risk(&amended, binds(&amended) - binds(order), order.open)?;
        let goes_in = match (amended.trigger(), entry.last) {
            (Some(trigger), last) => last.is_some_and(|last| reached(order.side, trigger, last)),
            (None, _) => order.place == Place::Book,
        };
        if goes_in && !keeps_priority(order, &amended) {
            self.check_meeting(&amended)?;
        }
        Ok(Some(amended))
    }

    fn change(&mut self, slot: u32, amended: Order, events: &mut Vec<Event>) {
        let order = self.orders.at(slot);
        let keeps = keeps_priority(order, &amended);
        let (listing, member, place, less) = (order.instrument, order.member, order.place, order.total());
        let waits_for_close = place == Place::Close && self.listings[listing as usize].phase != Phase::ClosingAuction;
        let open_before = order.open;
        self.unbind(slot, open_before);
        let position = self.listings[listing as usize].position_mut(member);
        position.open = position.open - open_before + amended.open;
        self.tell_amended(&amended, keeps, events);
        if keeps {
            self.shrink(slot, less - amended.total(), &amended);
            return self.reserve(slot);
        }
        self.withdraw(slot);
        let priority = self.next_priority();
        let order = self.orders.at_mut(slot);
        (order.open, order.visible) = (amended.open, amended.visible);
        (order.price, order.trigger, order.priority) = (amended.price, amended.trigger, priority);
        let (side, trigger) = (order.side, order.trigger());
        self.reserve(slot);
        let last = self.listings[listing as usize].last;
        match (trigger, last) {
            (Some(trigger), Some(last)) if reached(side, trigger, last) => self.run_elected(slot, events),
            (Some(_), _) => self.put_aside(slot, events),
            (None, _) if waits_for_close => self.put_aside(slot, events),
            (None, _) => self.enter(slot, events),
        }
    }

    /// It becomes smaller where it is.
    fn shrink(&mut self, slot: u32, lots: u64, amended: &Order) {
        let order = self.orders.at_mut(slot);
        if order.place == Place::Book {
            let shown = order.visible - amended.visible;
            let entry = &mut self.listings[order.instrument as usize];
            entry.book.lessen(&mut self.orders, slot, lots, shown);
            // What an iceberg hides counts in a call alone.
            if shown > 0 || entry.phase.is_call() {
                self.touch(slot);
            }
        } else {
            (order.open, order.visible) = (amended.open, amended.visible);
        }
    }

    fn tell_amended(&self, amended: &Order, keeps_priority: bool, events: &mut Vec<Event>) {
        let Order { number: order, open, price, .. } = *amended;
        let (total, trigger) = (amended.total(), amended.trigger());
        self.tell(amended.member, What::Amended { order, total, open, price, trigger, keeps_priority }, events);
    }
}

fn keeps_priority(order: &Order, amended: &Order) -> bool {
    amended.total() <= order.total() && amended.price == order.price && amended.trigger == order.trigger
}
