//! Limits before matching: what orders bind, and what the caps of an instrument allow.

use super::instrument::Guarantee;
use super::market::Market;
use super::member::Account;
use super::order::Side;
use super::orders::Order;
use super::quantity::{Amount, Lots, MAX_SESSION_LOTS};
use super::rejection::Rejection;

impl Market {
    pub(super) fn account_mut(&mut self, member: u32, currency: u32) -> &mut Account {
        self.members[member as usize].account_mut(currency)
    }

    /// Whether limit and holdings suffice for what is open of an order: so much more is to be bound of the limit; of the lots, so many
    /// are reserved already.
    pub(super) fn check_risk(&self, order: &Order, more: Amount, reserved: Lots) -> Result<(), Rejection> {
        let entry = &self.listings[order.instrument as usize];
        match (entry.rules().guarantee, order.side) {
            (Guarantee::Limit | Guarantee::Full, Side::Buy) => {
                let accounts = &self.members[order.member as usize].accounts;
                let account = accounts.get(entry.currency as usize).copied().unwrap_or_default();
                if account.allows(more) { Ok(()) } else { Err(Rejection::OverLimit) }
            }
            (Guarantee::Full, Side::Sell) => {
                let free = entry.position(order.member).free();
                let enough = order.open <= reserved || order.open - reserved <= free;
                if enough { Ok(()) } else { Err(Rejection::InsufficientHoldings) }
            }
            _ => Ok(()),
        }
    }

    /// Whether the member may have so many more live orders and lots.
    pub(super) fn check_caps(&self, order: &Order, orders: u32, lots: Lots) -> Result<(), Rejection> {
        let entry = &self.listings[order.instrument as usize];
        let position = entry.position(order.member);
        if orders > 0 && entry.rules().max_live_orders.is_some_and(|most| position.live_orders >= most) {
            return Err(Rejection::TooManyOrders);
        }
        let most = entry.rules().max_session_lots.unwrap_or(MAX_SESSION_LOTS).min(MAX_SESSION_LOTS);
        let busy = position.open.saturating_add(position.traded);
        let fits = lots == 0 || busy.checked_add(lots).is_some_and(|all| all <= most);
        if fits { Ok(()) } else { Err(Rejection::TooManyLots) }
    }

    /// Binds what is open of an order.
    pub(super) fn reserve(&mut self, slot: u32) {
        let order = self.orders.at(slot);
        let (listing, member, side, open) = (order.instrument, order.member, order.side, order.open);
        let entry = &mut self.listings[listing as usize];
        let bound = entry.binds(side, order.price, open);
        match side {
            Side::Buy if bound > 0 => self.members[member as usize].account_mut(entry.currency).reserved += bound,
            Side::Sell if entry.rules().guarantee == Guarantee::Full => entry.position_mut(member).reserved += open,
            _ => {}
        }
    }

    /// Sets so many lots of an order free that are not open any more.
    pub(super) fn unbind(&mut self, slot: u32, lots: Lots) {
        let order = self.orders.at(slot);
        let (listing, member, side) = (order.instrument, order.member, order.side);
        let entry = &mut self.listings[listing as usize];
        let bound = entry.binds(side, order.price, lots);
        match side {
            Side::Buy if bound > 0 => self.members[member as usize].account_mut(entry.currency).reserved -= bound,
            Side::Sell if entry.rules().guarantee == Guarantee::Full => entry.position_mut(member).reserved -= lots,
            _ => {}
        }
    }
}
