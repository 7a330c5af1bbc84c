//! The commands that all contestants get.

use domain::exchange::{Event, OrderNumber, Private, Side, What};

use crate::contestants::{Contestant, Torg};

/// Orders are named by their place among all orders: 0, 1, 2 …
#[derive(Debug, Clone, Copy)]
pub enum Command {
    Limit { id: u64, side: Side, price: i64, lots: u64 },
    Cancel { id: u64 },
}

pub struct Sequence {
    /// What stands in the book beforehand.
    pub resting: Vec<Command>,
    pub commands: Vec<Command>,
    /// The numbers that `domain` gives the orders, by their places.
    pub numbers: Vec<OrderNumber>,
    /// The lots that the commands trade.
    pub traded: u64,
}

/// xorshift64*: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }
}

const MIDDLE: i64 = 100_000;

/// Live orders, from which one is drawn in constant time.
#[derive(Default)]
struct Live {
    ids: Vec<u64>,
    place: Vec<usize>,
}

impl Live {
    fn add(&mut self, id: u64) {
        self.place.resize(id as usize + 1, usize::MAX);
        self.place[id as usize] = self.ids.len();
        self.ids.push(id);
    }

    fn remove(&mut self, id: u64) {
        let place = std::mem::replace(&mut self.place[id as usize], usize::MAX);
        if place != usize::MAX {
            self.ids.swap_remove(place);
            if let Some(&moved) = self.ids.get(place) {
                self.place[moved as usize] = place;
            }
        }
    }
}

/// Follows a market while it draws, so that cancels name live orders and crossing orders cross.
pub fn generate(count: usize, resting: usize) -> Sequence {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let side = |random: &mut Random| if random.below(2) == 0 { Side::Buy } else { Side::Sell };
    let mut before = Vec::with_capacity(resting);
    for id in 0..resting as u64 {
        let side = side(&mut random);
        let away = 1 + random.below(1_000) as i64;
        let price = if side == Side::Buy { MIDDLE - away } else { MIDDLE + away };
        before.push(Command::Limit { id, side, price, lots: 1 + random.below(10) });
    }
    let empty = Sequence { resting: before, commands: Vec::new(), numbers: Vec::new(), traded: 0 };
    let (mut market, _) = Torg::prepare(&empty);
    let mut live = Live::default();
    (0..resting as u64).for_each(|id| live.add(id));
    let mut next = resting as u64;
    let mut commands = Vec::with_capacity(count);
    while commands.len() < count {
        let kind = random.below(10);
        let command = if kind < 3 && !live.ids.is_empty() {
            Command::Cancel { id: live.ids[random.below(live.ids.len() as u64) as usize] }
        } else {
            let side = side(&mut random);
            let crosses = kind == 9;
            let price = price(market.touch(), side, crosses, &mut random);
            let lots = 1 + random.below(if crosses { 31 } else { 10 });
            next += 1;
            Command::Limit { id: next - 1, side, price, lots }
        };
        commands.push(command);
        let events = market.follow(&command);
        if let Command::Limit { id, .. } = command {
            live.add(id);
        }
        for id in events {
            live.remove(id);
        }
    }
    let numbers = market.numbers().to_vec();
    Sequence { commands, numbers, traded: market.traded(), ..empty }
}

/// Near the touch of its own side, or three ticks through the other one.
fn price(touch: (Option<i64>, Option<i64>), side: Side, crosses: bool, random: &mut Random) -> i64 {
    let (bid, ask) = (touch.0.unwrap_or(MIDDLE - 1), touch.1.unwrap_or(MIDDLE + 1));
    let away = random.below(10).min(random.below(10)) as i64;
    match (side, crosses) {
        (Side::Buy, true) => ask + 3,
        (Side::Sell, true) => bid - 3,
        // One better than the best, where there is room.
        (Side::Buy, false) => (bid + 1 - away).min(ask - 1),
        (Side::Sell, false) => (ask - 1 + away).max(bid + 1),
    }
}

/// The order that an event says is not live any more.
pub fn ended(event: &Event) -> Option<OrderNumber> {
    match event {
        Event::Private(Private { what: What::Filled { order, open: 0, .. } | What::Ended { order, .. }, .. }) => {
            Some(*order)
        }
        _ => None,
    }
}
