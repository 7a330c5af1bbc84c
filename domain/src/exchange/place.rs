//! A new order: judged as a whole before anything changes, then traded and rested.

use std::num::NonZero;

use super::event::{Event, What};
use super::hashing::fold;
use super::instrument::Guarantee;
use super::market::{Answer, Market};
use super::matching::Stopped;
use super::order::{EndReason, NewOrder, OrderNumber, OrderType, Side, TimeInForce};
use super::orders::{NIL, Order, Place};
use super::phase::Phase;
use super::quantity::{Amount, MAX_PRICE, MIN_PRICE, Price, worth};
use super::rejection::Rejection;
use super::self_trade::SelfTrade;
use super::stops::reached;
use crate::kernel::{InstrumentId, OrganisationId, Timestamp};

/// An order on its way in that nothing speaks against.
struct Judged {
    order: Order,
    /// The live order that it is linked to.
    partner: Option<u32>,
    /// Where it goes when it has been accepted.
    way: Way,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Meets the book, or stands in it during a call.
    In,
    /// The trigger is reached already: it is elected and goes in.
    Elected,
    Stops,
    Close,
}

impl Market {
    pub(super) fn place(
        &mut self,
        company: OrganisationId,
        instrument: InstrumentId,
        new: &NewOrder,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let listing = self.listing_of(instrument)?;
        let member = self.member_of(company)?;
        let fingerprint = fingerprint(listing, new);
        let tag = self.remembered.tag(member, new.client_order_id);
        if let Some((found, sent)) = self.remembered.find(tag, member, new.client_order_id) {
            if sent != fingerprint {
                return Err(Rejection::ClientOrderIdUsed);
            }
            let mut report = self.report_found(&found);
            report.replayed = true;
            return Ok(Answer::Order(report));
        }
        let Judged { order, partner, way } = self.judge(listing, member, new, at)?;
        let slot = self.accept(&order, partner);
        let name = self.remembered.note(tag, member, new.client_order_id, fingerprint, slot);
        let order = self.orders.at_mut(slot);
        order.name = name;
        let order = order.number;
        self.subject = Some(order);
        self.tell(member, What::Accepted { order, instrument, terms: *new }, events);
        match way {
            Way::In => self.enter_new(slot, new, events),
            Way::Elected => self.run_elected(slot, events),
            Way::Stops | Way::Close => self.put_aside(slot, events),
        }
        self.conclude(events);
        Ok(self.report_subject())
    }

    fn judge(&self, listing: u32, member: u32, new: &NewOrder, at: Timestamp) -> Result<Judged, Rejection> {
        if self.members[member as usize].suspended {
            return Err(Rejection::MemberSuspended);
        }
        new.check()?;
        let way = self.way_in(listing, new)?;
        let time_in_force = whole_microseconds(new.time_in_force);
        if matches!(time_in_force, TimeInForce::Gtd(until) if until <= at) {
            return Err(Rejection::AlreadyExpired);
        }
        let (price, value) = self.worst_price(listing, new)?;
        let partner = self.partner(listing, member, new.linked_to)?;
        let order = Order {
            number: OrderNumber(0),
            instrument: listing,
            member,
            price,
            open: new.lots,
            visible: new.order_type.display().unwrap_or(new.lots),
            priority: 0,
            level: NIL,
            name: NIL,
            side: new.side,
            place: Place::Hand,
            is_market: new.order_type.limit().is_none(),
            post_only: new.post_only,
            doomed: false,
            time_in_force,
            filled: 0,
            display: new.order_type.display().and_then(NonZero::new),
            trigger: new.order_type.trigger().and_then(NonZero::new),
            linked: new.linked_to.and_then(|number| NonZero::new(number.0)),
            turnover: 0,
        };
        self.check_caps(&order, 1, order.open)?;
        self.check_risk(&order, value, 0)?;
        if self.orders.is_full() {
            return Err(Rejection::MarketFull);
        }
        if matches!(way, Way::In | Way::Elected) {
            self.check_meeting(&order)?;
        }
        Ok(Judged { order, partner, way })
    }

    /// Whether the phase takes such an order, and where it goes.
    fn way_in(&self, listing: u32, new: &NewOrder) -> Result<Way, Rejection> {
        let entry = &self.listings[listing as usize];
        let needs_book = !new.time_in_force.rests() || new.post_only || new.min_quantity.is_some();
        let allowed = match (entry.phase, new.time_in_force) {
            (phase, _) if !phase.takes_orders() => false,
            (phase, TimeInForce::AtOpen) => matches!(phase, Phase::PreOpen | Phase::OpeningAuction),
            (phase, _) => !(phase.is_call() && needs_book),
        };
        if !allowed {
            return Err(Rejection::WrongPhase);
        }
        Ok(match (new.order_type.trigger(), entry.last) {
            (Some(trigger), Some(last)) if reached(new.side, trigger, last) => Way::Elected,
            (Some(_), _) => Way::Stops,
            (None, _) if new.time_in_force == TimeInForce::AtClose && entry.phase != Phase::ClosingAuction => {
                Way::Close
            }
            (None, _) => Way::In,
        })
    }

    /// The stated limit, if it is within the band; for a market order the bound of the band, or of all prices. And what it binds of a
    /// buyer's limit, where the instrument binds anything.
    fn worst_price(&self, listing: u32, new: &NewOrder) -> Result<(Price, Amount), Rejection> {
        let entry = &self.listings[listing as usize];
        let (low, high) = entry.bounds();
        let valued = |price: Price| {
            let value = worth(price, new.lots, entry.tick_value);
            value.map(|value| (price, value)).ok_or(Rejection::AmountOutOfRange)
        };
        match new.order_type.limit() {
            Some(price) if price < low || price > high => Err(Rejection::OutsideBand),
            Some(price) => valued(price),
            None if new.side == Side::Sell => Ok((low, 0)),
            None if entry.rules().guarantee != Guarantee::None && !entry.has_band() => Err(Rejection::NeedsProtection),
            None if entry.rules().guarantee != Guarantee::None => valued(high),
            None => Ok((high, 0)),
        }
    }

    fn partner(&self, listing: u32, member: u32, linked: Option<OrderNumber>) -> Result<Option<u32>, Rejection> {
        let Some(number) = linked else { return Ok(None) };
        let slot = self.orders.slot(number).ok_or(Rejection::CannotLink)?;
        let order = self.orders.at(slot);
        let fits = order.member == member && order.instrument == listing && order.linked.is_none();
        if fits { Ok(Some(slot)) } else { Err(Rejection::CannotLink) }
    }

    /// What is refused since the order would trade, or would meet an own one, at once.
    pub(super) fn check_meeting(&self, order: &Order) -> Result<(), Rejection> {
        let entry = &self.listings[order.instrument as usize];
        if entry.phase != Phase::Continuous {
            return Ok(());
        }
        let refuses_own = entry.rules().self_trade == SelfTrade::CancelIncoming;
        if !order.post_only && !refuses_own {
            return Ok(());
        }
        match self.first_met(order) {
            Some(member) if refuses_own && self.same_party(member, order.member) => Err(Rejection::OwnOrdersCross),
            Some(_) if order.post_only => Err(Rejection::WouldTrade),
            _ => Ok(()),
        }
    }

    /// From here on nothing is refused.
    fn accept(&mut self, order: &Order, partner: Option<u32>) -> u32 {
        let priority = self.next_priority();
        let (listing, member, open) = (order.instrument, order.member, order.open);
        let position = self.listings[listing as usize].position_mut(member);
        position.live_orders += 1;
        position.open += open;
        let slot = self.orders.insert(order, priority);
        self.reserve(slot);
        self.note_expiry(slot);
        if let Some(partner) = partner {
            let number = self.orders.at(slot).number;
            self.orders.at_mut(partner).linked = NonZero::new(number.0);
        }
        slot
    }

    fn enter_new(&mut self, slot: u32, new: &NewOrder, events: &mut Vec<Event>) {
        let needed = match (new.time_in_force, new.min_quantity) {
            (TimeInForce::Fok, _) => Some((new.lots, EndReason::NotFillable)),
            (_, Some(least)) => Some((least, EndReason::MinQuantity)),
            _ => None,
        };
        match needed {
            Some((lots, reason)) if self.fillable(slot, lots) < lots => self.end_order(slot, reason, events),
            _ => self.enter(slot, events),
        }
    }

    /// Meets the book in continuous trading, and otherwise stands in it until the call.
    pub(super) fn enter(&mut self, slot: u32, events: &mut Vec<Event>) {
        let listing = self.orders.at(slot).instrument;
        if self.listings[listing as usize].phase != Phase::Continuous {
            return self.rest(slot, events);
        }
        let stopped = self.trade_in(slot, events);
        if stopped == Stopped::Volatility {
            self.start_volatility_auction(listing, events);
        }
        let order = self.orders.at(slot);
        let (open, doomed) = (order.open, order.doomed);
        let stays = order.time_in_force.rests() && !order.is_market;
        if stopped == Stopped::SelfTrade {
            self.end_order(slot, EndReason::SelfTrade, events);
        } else if open == 0 {
            self.fill_up(slot);
        } else if doomed {
            self.end_order(slot, EndReason::Linked, events);
        } else if stays {
            self.rest(slot, events);
        } else {
            self.end_order(slot, EndReason::Unfilled, events);
        }
    }

    /// Stands in the book behind what is there.
    pub(super) fn rest(&mut self, slot: u32, events: &mut Vec<Event>) {
        let order = self.orders.at_mut(slot);
        order.visible = order.slice();
        let listing = order.instrument;
        let (member, number, price, open) = (order.member, order.number, order.price, order.open);
        self.listings[listing as usize].book.append(&mut self.orders, slot);
        self.touch(slot);
        self.tell(member, What::Rested { order: number, price, open }, events);
    }

    /// A stop waits for its trigger, an order for the closing auction for that.
    pub(super) fn put_aside(&mut self, slot: u32, events: &mut Vec<Event>) {
        let order = self.orders.at_mut(slot);
        let entry = &mut self.listings[order.instrument as usize];
        if order.trigger.is_some() {
            order.place = Place::Stops;
            entry.stops.insert(order);
        } else {
            order.place = Place::Close;
            entry.at_close.insert((order.priority, order.number));
        }
        let (member, number, price, open) = (order.member, order.number, order.price, order.open);
        self.tell(member, What::Rested { order: number, price, open }, events);
    }

    /// An elected stop becomes an order like others, behind those that are there.
    pub(super) fn run_elected(&mut self, slot: u32, events: &mut Vec<Event>) {
        let priority = self.next_priority();
        let order = self.orders.at_mut(slot);
        order.trigger = None;
        order.priority = priority;
        let (member, number) = (order.member, order.number);
        self.tell(member, What::Elected { order: number }, events);
        self.enter(slot, events);
    }
}

/// Timestamps are kept in whole microseconds.
fn whole_microseconds(time_in_force: TimeInForce) -> TimeInForce {
    match time_in_force {
        TimeInForce::Gtd(until) => {
            TimeInForce::Gtd(Timestamp::from_timestamp_micros(until.timestamp_micros()).unwrap_or(until))
        }
        other => other,
    }
}

/// Of all terms but the name: equal for a retry. It is kept with the state, so it must never change.
fn fingerprint(listing: u32, new: &NewOrder) -> u64 {
    const NOTHING: u64 = u64::MAX;
    let (kind, price, extra) = match new.order_type {
        OrderType::Limit { price } => (0, price, 0),
        OrderType::Market { protection } => (1, protection.unwrap_or_default(), 0),
        OrderType::Stop { trigger, protection } => (2, protection.unwrap_or_default(), trigger.cast_unsigned()),
        OrderType::StopLimit { trigger, price } => (3, price, trigger.cast_unsigned()),
        OrderType::Iceberg { price, display } => (4, price, display),
    };
    let (tif, until) = match new.time_in_force {
        TimeInForce::Gtc => (0, 0),
        TimeInForce::Day => (1, 0),
        TimeInForce::Gtd(until) => (2, until.timestamp_micros()),
        TimeInForce::Ioc => (3, 0),
        TimeInForce::Fok => (4, 0),
        TimeInForce::AtOpen => (5, 0),
        TimeInForce::AtClose => (6, 0),
    };
    let flags = u64::from(new.side == Side::Sell) | u64::from(new.post_only) << 1 | kind << 8 | tif << 16;
    let words = [
        u64::from(listing) << 32 | flags,
        price.cast_unsigned(),
        new.lots,
        extra,
        until.cast_unsigned(),
        new.min_quantity.unwrap_or(NOTHING),
        new.linked_to.map_or(NOTHING, |linked| linked.0),
    ];
    words.into_iter().fold(0x2545_f491_4f6c_dd1d, |hash, word| fold(hash ^ word, 0x9e37_79b9_7f4a_7c15).rotate_left(29))
}

const _: () = assert!(MIN_PRICE > 0 && MAX_PRICE < i64::MAX / 2);
