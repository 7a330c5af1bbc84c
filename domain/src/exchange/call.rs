//! The call auction: at which price gathered orders trade.

use super::book::{Book, Level};
use super::event::{Event, Public};
use super::listing::Indicative;
use super::market::Market;
use super::order::Side;
use super::quantity::{Lots, Price};
use super::sweep::PairPrice;

/// A price that is looked at.
pub type Point = Price;

/// The best that was found among the prices looked at.
#[derive(Default)]
struct Best {
    lots: Lots,
    surplus: Lots,
    /// The highest price at which buyers are left over.
    more_buyers: Option<Price>,
    /// The lowest price at which sellers are left over.
    more_sellers: Option<Price>,
    /// Where nobody is left over: the nearest to the reference, of two the lower one.
    even: Option<Price>,
}

impl Best {
    fn look_at(&mut self, price: Price, buyers: Lots, sellers: Lots, anchor: Option<Price>) {
        let (lots, surplus) = (buyers.min(sellers), buyers.abs_diff(sellers));
        if lots < self.lots || lots == self.lots && surplus > self.surplus {
            return;
        }
        if lots > self.lots || surplus < self.surplus {
            *self = Self { lots, surplus, ..Self::default() };
        }
        // Prices come in ascending order.
        match buyers.cmp(&sellers) {
            std::cmp::Ordering::Greater => self.more_buyers = Some(price),
            std::cmp::Ordering::Less => self.more_sellers = self.more_sellers.or(Some(price)),
            std::cmp::Ordering::Equal => self.even = nearest(self.even, Some(price), anchor),
        }
    }

    fn result(self, anchor: Option<Price>) -> Indicative {
        let price = nearest(self.more_buyers, self.more_sellers, anchor).or(self.even);
        let side = match price {
            None => None,
            price if price == self.more_buyers => Some(Side::Buy),
            price if price == self.more_sellers => Some(Side::Sell),
            _ => None,
        };
        if self.lots == 0 {
            return Indicative::NOTHING;
        }
        Indicative { price, lots: self.lots, surplus: self.surplus, surplus_side: side }
    }
}

impl Indicative {
    pub const NOTHING: Self = Self { price: None, lots: 0, surplus: 0, surplus_side: None };
}

/// Of two prices the one nearer to the anchor; equally near, or without an anchor, the lower one.
fn nearest(one: Option<Price>, other: Option<Price>, anchor: Option<Price>) -> Option<Price> {
    let distance = |price: Price| anchor.map_or(0, |anchor| price.abs_diff(anchor));
    [one, other].into_iter().flatten().min_by_key(|&price| (distance(price), price))
}

/// The price of the call. The rule, in this order: the largest volume; the smallest surplus; the side of the surplus (more buyers: the
/// highest, more sellers: the lowest of the remaining prices); nearest to the reference price (`anchor`); the lower one.
///
/// Every tick between the lowest and the highest price that anybody has stated takes part, not only the stated prices. Market orders
/// without protection state none: where there are no others, they trade at the reference price. Icebergs count whole.
/// Volumes change at stated prices and their neighbours only, so these, and the reference price, are all that need be looked at.
pub fn price_of_call(book: &Book, anchor: Option<Price>, points: &mut Vec<Point>) -> Indicative {
    let (Some(bid), Some(ask)) = (book.best(Side::Buy), book.best(Side::Sell)) else { return Indicative::NOTHING };
    if bid < ask {
        return Indicative::NOTHING;
    }
    points.clear();
    let stated = stated_range(book).map(|(low, high)| (low.max(ask), high.min(bid))).filter(|(low, high)| low <= high);
    match stated {
        Some((low, high)) => collect(book, low, high, anchor, points),
        None => points.extend(anchor.map(|anchor| anchor.clamp(ask, bid))),
    }
    let Some(&lowest) = points.first() else { return Indicative::NOTHING };
    let mut bids = book.levels(Side::Buy).rev().skip_while(|level| level.price < lowest).peekable();
    let mut buyers: Lots =
        book.levels(Side::Buy).take_while(|level| level.price >= lowest).map(|level| level.total).sum();
    let mut asks = book.levels(Side::Sell).peekable();
    let mut sellers: Lots = 0;
    let mut best = Best::default();
    for &price in points.iter() {
        while let Some(level) = bids.next_if(|level| level.price < price) {
            buyers -= level.total;
        }
        while let Some(level) = asks.next_if(|level| level.price <= price) {
            sellers += level.total;
        }
        best.look_at(price, buyers, sellers, anchor);
    }
    best.result(anchor)
}

/// The lowest and the highest price that a limit order states, on either side.
fn stated_range(book: &Book) -> Option<(Price, Price)> {
    let is_stated = |level: &&Level| level.stated > 0;
    let price = |level: &Level| level.price;
    let lows = [book.levels(Side::Buy).rev().find(is_stated), book.levels(Side::Sell).find(is_stated)];
    let highs = [book.levels(Side::Buy).find(is_stated), book.levels(Side::Sell).rev().find(is_stated)];
    Some((lows.into_iter().flatten().map(price).min()?, highs.into_iter().flatten().map(price).max()?))
}

/// The prices between two at which the answer can lie, ascending.
fn collect(book: &Book, low: Price, high: Price, anchor: Option<Price>, points: &mut Vec<Point>) {
    points.extend([low, high]);
    points.extend(anchor.filter(|anchor| (low..=high).contains(anchor)));
    for level in book.levels(Side::Buy).take_while(|level| level.price >= low) {
        points.extend([level.price, level.price + 1].into_iter().filter(|price| (low..=high).contains(price)));
    }
    for level in book.levels(Side::Sell).take_while(|level| level.price <= high) {
        points.extend([level.price - 1, level.price].into_iter().filter(|price| (low..=high).contains(price)));
    }
    points.sort_unstable();
    points.dedup();
}

impl Market {
    fn find_indicative(&mut self, listing: u32) -> Indicative {
        let entry = &self.listings[listing as usize];
        price_of_call(&entry.book, entry.anchor(), &mut self.points)
    }

    /// Tells what the call would do now, if that has changed.
    pub(super) fn tell_indicative(&mut self, listing: u32, events: &mut Vec<Event>) {
        let found = self.find_indicative(listing);
        let entry = &mut self.listings[listing as usize];
        if entry.indicative.unwrap_or(Indicative::NOTHING) == found {
            return;
        }
        entry.indicative = Some(found);
        let Indicative { price, lots, surplus, surplus_side } = found;
        let instrument = entry.id;
        events.push(Event::Public(Public::Indicative { instrument, price, lots, surplus, surplus_side }));
    }

    /// The call ends: what can trade trades at its price.
    pub(super) fn uncross(&mut self, listing: u32, events: &mut Vec<Event>) {
        if let Some(price) = self.find_indicative(listing).price {
            self.sweep(listing, PairPrice::OfCall(price), events);
        }
    }
}
