//! The order book of one instrument: price levels, and in each the orders by priority.
//!
//! The levels of a side lie in one ladder, the best price last, so that what happens near the touch moves next to nothing. The orders of
//! a level are a list through [`Orders::links`].

use super::order::Side;
use super::orders::{Link, NIL, Orders, Place};
use super::quantity::{Lots, Price};

/// So many levels of each side are in the checksum.
pub const CHECKED_LEVELS: usize = 10;

#[derive(Debug, Clone, Copy)]
pub struct Level {
    pub price: Price,
    side: Side,
    /// Its part of the checksum, as it was told last.
    part: u32,
    /// The order that goes first.
    pub head: u32,
    pub tail: u32,
    /// What is shown.
    pub visible: Lots,
    /// With what icebergs hide.
    pub total: Lots,
    /// How many of the orders state this price: market orders without protection state none.
    pub stated: u32,
}

#[derive(Debug, Clone, Copy)]
struct Rung {
    /// The price of bids, the negative one of asks: the greatest is the best.
    key: i64,
    level: u32,
}

/// One side.
#[derive(Debug)]
struct Ladder {
    side: Side,
    rungs: Vec<Rung>,
    /// The side's part of the checksum.
    checksum: u32,
}

impl Ladder {
    fn key(&self, price: Price) -> i64 {
        match self.side {
            Side::Buy => price,
            Side::Sell => -price,
        }
    }

    /// Where the price is, or would be. Looks near the touch first, at all of the best levels without a decision on the way: how far from
    /// the touch an order comes is nothing that a processor could guess.
    fn position(&self, price: Price) -> Result<usize, usize> {
        const NEAR: usize = 8;
        let key = self.key(price);
        let search = |rungs: &[Rung]| rungs.binary_search_by_key(&key, |rung| rung.key);
        let Some(near) = self.rungs.last_chunk::<NEAR>() else { return search(&self.rungs) };
        let better = near.iter().map(|rung| usize::from(rung.key > key)).sum::<usize>();
        let place = self.rungs.len() - better;
        if better == NEAR {
            return search(&self.rungs[..place]);
        }
        if self.rungs[place - 1].key == key { Ok(place - 1) } else { Err(place) }
    }

    /// Whether a level of that price is in the checksum.
    fn is_checked(&self, price: Price) -> bool {
        let worst = self.rungs.len().checked_sub(CHECKED_LEVELS).map(|index| self.rungs[index].key);
        worst.is_none_or(|worst| self.key(price) >= worst)
    }

    /// The part of the first level behind those in the checksum.
    fn next_part(&self, levels: &[Level]) -> u32 {
        let next = self.rungs.len().checked_sub(CHECKED_LEVELS + 1);
        next.map_or(0, |index| levels[self.rungs[index].level as usize].part)
    }

    /// A level that was not told yet has no part: it only pushes another one out.
    fn insert(&mut self, index: usize, level: u32, levels: &[Level]) {
        let price = levels[level as usize].price;
        self.rungs.insert(index, Rung { key: self.key(price), level });
        if self.is_checked(price) {
            self.checksum = self.checksum.wrapping_sub(self.next_part(levels));
        }
    }

    fn remove(&mut self, level: &Level, levels: &[Level]) {
        if self.is_checked(level.price) {
            let change = self.next_part(levels).wrapping_sub(level.part);
            self.checksum = self.checksum.wrapping_add(change);
        }
        if let Ok(index) = self.position(level.price) {
            self.rungs.remove(index);
        }
    }
}

#[derive(Debug)]
pub struct Book {
    bids: Ladder,
    asks: Ladder,
    levels: Vec<Level>,
    free: Vec<u32>,
}

impl Default for Book {
    fn default() -> Self {
        let ladder = |side| Ladder { side, rungs: Vec::new(), checksum: 0 };
        Self { bids: ladder(Side::Buy), asks: ladder(Side::Sell), levels: Vec::new(), free: Vec::new() }
    }
}

impl Book {
    fn ladder(&self, side: Side) -> &Ladder {
        match side {
            Side::Buy => &self.bids,
            Side::Sell => &self.asks,
        }
    }

    /// The ladder of a side, and the levels of both.
    fn parts(&mut self, side: Side) -> (&mut Ladder, &mut [Level]) {
        let ladder = match side {
            Side::Buy => &mut self.bids,
            Side::Sell => &mut self.asks,
        };
        (ladder, &mut self.levels)
    }

    /// The number of levels of a side.
    pub fn depth(&self, side: Side) -> usize {
        self.ladder(side).rungs.len()
    }

    /// The level at a place of the ladder: the best is the last.
    pub fn rung(&self, side: Side, index: usize) -> &Level {
        &self.levels[self.ladder(side).rungs[index].level as usize]
    }

    /// The levels from the best one on.
    pub fn levels(&self, side: Side) -> impl DoubleEndedIterator<Item = &Level> {
        self.ladder(side).rungs.iter().rev().map(|rung| &self.levels[rung.level as usize])
    }

    pub fn best(&self, side: Side) -> Option<Price> {
        self.levels(side).next().map(|level| level.price)
    }

    /// Whether a buyer pays what a seller asks.
    pub fn is_crossed(&self) -> bool {
        matches!((self.best(Side::Buy), self.best(Side::Sell)), (Some(bid), Some(ask)) if bid >= ask)
    }

    /// Puts an order behind those at its price.
    pub fn append(&mut self, orders: &mut Orders, slot: u32) {
        let order = orders.at(slot);
        let (side, price) = (order.side, order.price);
        let level = self.level_of(side, price);
        let order = orders.at_mut(slot);
        (order.level, order.place) = (level, Place::Book);
        let entry = &mut self.levels[level as usize];
        entry.visible += order.visible;
        entry.total += order.open;
        entry.stated += u32::from(!order.is_market);
        let link = &mut orders.links[slot as usize];
        (link.previous, link.next) = (entry.tail, NIL);
        match entry.tail {
            NIL => entry.head = slot,
            tail => orders.links[tail as usize].next = slot,
        }
        entry.tail = slot;
    }

    fn level_of(&mut self, side: Side, price: Price) -> u32 {
        let at = match self.ladder(side).position(price) {
            Ok(index) => return self.ladder(side).rungs[index].level,
            Err(index) => index,
        };
        let level = Level { price, side, part: 0, head: NIL, tail: NIL, visible: 0, total: 0, stated: 0 };
        let number = match self.free.pop() {
            Some(number) => {
                self.levels[number as usize] = level;
                number
            }
            None => {
                self.levels.push(level);
                (self.levels.len() - 1) as u32
            }
        };
        let (ladder, levels) = self.parts(side);
        ladder.insert(at, number, levels);
        number
    }

    /// Takes an order out, and its level if it was the last one there.
    pub fn remove(&mut self, orders: &mut Orders, slot: u32) {
        let order = orders.at_mut(slot);
        order.place = Place::Hand;
        let (side, number) = (order.side, order.level);
        let level = &mut self.levels[number as usize];
        level.visible -= order.visible;
        level.total -= order.open;
        level.stated -= u32::from(!order.is_market);
        let Link { previous, next } = orders.links[slot as usize];
        match previous {
            NIL => level.head = next,
            previous => orders.links[previous as usize].next = next,
        }
        match next {
            NIL => level.tail = previous,
            next => orders.links[next as usize].previous = previous,
        }
        if level.head != NIL {
            return;
        }
        let level = *level;
        self.free.push(number);
        let (ladder, levels) = self.parts(side);
        ladder.remove(&level, levels);
    }

    /// An order in the book has so much less open, and shows so much less.
    pub fn lessen(&mut self, orders: &mut Orders, slot: u32, open: Lots, visible: Lots) {
        let order = orders.at_mut(slot);
        order.open -= open;
        order.visible -= visible;
        let level = &mut self.levels[order.level as usize];
        level.total -= open;
        level.visible -= visible;
    }

    /// What is shown at a price where something has changed. The checksum takes it up. `level` is where the change was: mostly the level
    /// is still there.
    pub fn tell(&mut self, side: Side, price: Price, level: u32) -> Lots {
        let entry = &self.levels[level as usize];
        if entry.head != NIL && (entry.side, entry.price) == (side, price) {
            return self.tell_level(level);
        }
        let ladder = self.ladder(side);
        match ladder.position(price) {
            Ok(index) => self.tell_level(ladder.rungs[index].level),
            Err(_) => 0,
        }
    }

    fn tell_level(&mut self, level: u32) -> Lots {
        let entry = &mut self.levels[level as usize];
        let Level { side, price, visible, .. } = *entry;
        let part = checksum_part(side, price, visible);
        let before = std::mem::replace(&mut entry.part, part);
        let (ladder, _) = self.parts(side);
        if ladder.is_checked(price) {
            ladder.checksum = ladder.checksum.wrapping_add(part.wrapping_sub(before));
        }
        visible
    }

    /// Makes the checksum of a book that was put together from a snapshot.
    pub fn prove(&mut self) {
        for side in [Side::Buy, Side::Sell] {
            for index in 0..self.depth(side) {
                self.tell_level(self.ladder(side).rungs[index].level);
            }
        }
    }

    /// What proves a client's book right: the sum (modulo 2³²) over the ten best levels of both sides of
    /// [`checksum_part`]. An empty book has 0. True when all changes were told.
    pub fn checksum(&self) -> u32 {
        self.bids.checksum.wrapping_add(self.asks.checksum)
    }
}

/// The part of one level: FNV-1a over 32-bit words, with a shift after each, so that clients in any language compute it with 32-bit
/// multiplication. Begin with 2166136261 for bids, 2166136262 for asks; for each of the low and the high half of the price in ticks
/// and of the shown lots: exclusive-or, multiply by 16777619, exclusive-or with itself shifted right by 15.
pub fn checksum_part(side: Side, price: Price, visible: Lots) -> u32 {
    let start: u32 = match side {
        Side::Buy => 2_166_136_261,
        Side::Sell => 2_166_136_262,
    };
    let price = price.cast_unsigned();
    [price as u32, (price >> 32) as u32, visible as u32, (visible >> 32) as u32].into_iter().fold(
        start,
        |hash, word| {
            let hash = (hash ^ word).wrapping_mul(16_777_619);
            hash ^ (hash >> 15)
        },
    )
}
