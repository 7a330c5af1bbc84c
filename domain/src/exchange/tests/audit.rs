//! What must hold of a market after every command.

use super::super::market::Market;
use super::super::matching::Meeting;
use super::super::order::{Side, TimeInForce};
use super::super::orders::{NIL, Order, Place};
use super::super::phase::Phase;
use super::super::{Guarantee, checksum_part};

/// Panics if anything is not as it must be.
pub fn check(market: &Market) {
    assert!(
        market.doomed.is_empty() && market.elected.is_empty() && market.touched.is_empty() && market.called.is_empty(),
        "work is left over"
    );
    for (_, order) in market.orders.iter() {
        order_is_sound(market, order);
    }
    for listing in 0..market.listings.len() as u32 {
        books_are_sound(market, listing);
        nothing_crosses_that_could_trade(market, listing);
        positions_are_sums(market, listing);
    }
    reservations_are_open_exposure(market);
    let gtd = market.orders.iter().filter(|(_, order)| matches!(order.time_in_force, TimeInForce::Gtd(_))).count();
    assert_eq!(gtd, market.expiries.len());
}

fn order_is_sound(market: &Market, order: &Order) {
    assert!(order.open > 0 && !order.doomed && order.place != Place::Hand, "{order:?}");
    let entry = &market.listings[order.instrument as usize];
    match order.place {
        Place::Book => assert!(order.visible == order.slice().min(order.visible) && order.visible > 0),
        Place::Stops => assert!(order.trigger.is_some()),
        Place::Close => assert!(entry.at_close.contains(&(order.priority, order.number))),
        Place::Hand => {}
    }
    let (low, high) = entry.bounds();
    assert!(order.is_market || (low..=high).contains(&order.price), "within the band");
    if let Some(partner) = order.linked().and_then(|linked| market.orders.slot(linked)) {
        assert_eq!(market.orders.at(partner).linked(), Some(order.number), "links are mutual");
    }
}

fn books_are_sound(market: &Market, listing: u32) {
    let book = &market.listings[listing as usize].book;
    let mut seen = 0;
    let mut checksum = 0_u32;
    for side in [Side::Buy, Side::Sell] {
        let mut before = None;
        for (index, level) in book.levels(side).enumerate() {
            assert!(before.is_none_or(|before| side.accepts(before, level.price) && before != level.price));
            before = Some(level.price);
            let (mut visible, mut total, mut stated, mut priority, mut slot) = (0, 0, 0, 0, level.head);
            while slot != NIL {
                let order = market.orders.at(slot);
                assert!(order.priority > priority, "priority is never violated");
                assert_eq!((order.side, order.price, order.place), (side, level.price, Place::Book));
                priority = order.priority;
                visible += order.visible;
                total += order.open;
                stated += u32::from(!order.is_market);
                seen += 1;
                slot = market.orders.links[slot as usize].next;
            }
            assert_eq!((visible, total, stated), (level.visible, level.total, level.stated));
            if index < 10 {
                checksum = checksum.wrapping_add(checksum_part(side, level.price, visible));
            }
        }
    }
    assert_eq!(checksum, book.checksum());
    let placed = |order: &Order| order.instrument == listing && order.place == Place::Book;
    assert_eq!(seen, market.orders.iter().filter(|(_, order)| placed(order)).count());
}

/// In continuous trading no two orders cross, except where bilateral credit forbids the pair.
fn nothing_crosses_that_could_trade(market: &Market, listing: u32) {
    let entry = &market.listings[listing as usize];
    if entry.phase != Phase::Continuous {
        return;
    }
    let in_book = |side| {
        let all = market.orders.iter();
        all.filter(move |(_, order)| order.instrument == listing && order.place == Place::Book && order.side == side)
    };
    for (buy, bid) in in_book(Side::Buy) {
        for (sell, ask) in in_book(Side::Sell).filter(|(_, ask)| ask.price <= bid.price) {
            let older = if bid.priority < ask.priority { bid.price } else { ask.price };
            assert_eq!(market.meet(buy, sell, older), Meeting::PassOver, "{bid:?} crosses {ask:?}");
        }
    }
}

fn positions_are_sums(market: &Market, listing: u32) {
    let entry = &market.listings[listing as usize];
    for member in 0..market.members.len() as u32 {
        let position = entry.position(member);
        let of = |side: Option<Side>| {
            let own = move |order: &&Order| {
                order.member == member && order.instrument == listing && side.is_none_or(|side| order.side == side)
            };
            market.orders.iter().map(|(_, order)| order).filter(own)
        };
        assert_eq!(position.live_orders as usize, of(None).count());
        assert_eq!(position.open, of(None).map(|order| order.open).sum::<u64>());
        if entry.rules().guarantee == Guarantee::Full {
            assert_eq!(position.reserved, of(Some(Side::Sell)).map(|order| order.open).sum::<u64>());
            let sold = market.trades.iter().filter(|(_, trade)| trade.seller == member && trade.listing == listing);
            assert_eq!(position.sold, sold.map(|(_, trade)| trade.lots).sum::<u64>());
            assert!(position.reserved + position.sold <= position.deposited);
        } else {
            assert_eq!((position.reserved, position.sold), (0, 0));
        }
    }
}

fn reservations_are_open_exposure(market: &Market) {
    for member in 0..market.members.len() as u32 {
        for currency in 0..market.currencies.len() as u32 {
            let account = market.members[member as usize].accounts.get(currency as usize).copied().unwrap_or_default();
            let entry = |listing: u32| &market.listings[listing as usize];
            let counts = |listing: u32| {
                entry(listing).currency == currency && entry(listing).rules().guarantee != Guarantee::None
            };
            let orders = market.orders.iter().map(|(_, order)| order);
            let bound = orders
                .filter(|order| order.member == member && order.side == Side::Buy && counts(order.instrument))
                .map(|order| entry(order.instrument).value(order.price, order.open));
            assert_eq!(account.reserved, bound.sum::<i128>(), "reservations are open exposure");
            let bought = market.trades.iter().filter(|(_, trade)| trade.buyer == member && counts(trade.listing));
            let value = bought.map(|(_, trade)| entry(trade.listing).value(trade.price, trade.lots));
            assert_eq!(account.unsettled, value.sum::<i128>());
        }
    }
}
