//! All live orders of a market: one piece of memory, in which ended orders leave their place to later ones.

use std::num::NonZero;

use super::order::{OrderNumber, Side, TimeInForce};
use super::quantity::{Lots, Price};
use super::wire::{Damaged, Wire, wire};

/// No place.
pub const NIL: u32 = u32::MAX;

/// How many orders can be live at a time: 2²⁴.
pub const CAPACITY: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 24;

/// Where a live order waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nowhere yet: it is being worked on.
    Hand,
    Book,
    /// Among the stops.
    Stops,
    /// For the closing auction.
    Close,
}

/// A live order. Always `1 <= visible <= open` while it is in the book. It fills two cache lines: what an order is called is kept in
/// [`super::remembered`], and what few orders have takes no more room than a number.
#[derive(Debug, Clone, PartialEq, Eq)]
#[repr(align(64))]
pub struct Order {
    pub number: OrderNumber,
    pub instrument: u32,
    pub member: u32,
    /// The worst price that it may trade at: its limit, its protection, or the bound of the band.
    pub price: Price,
    pub open: Lots,
    /// What of `open` is shown.
    pub visible: Lots,
    /// Among orders of one price the smaller one goes first.
    pub priority: u64,
    /// The level of the book in which it lies.
    pub level: u32,
    /// The place of its `client_order_id`.
    pub name: u32,
    pub side: Side,
    pub place: Place,
    /// A market order without protection: nobody stated its `price`, and what is left of it is cancelled.
    pub is_market: bool,
    pub post_only: bool,
    /// It trades no more: the order that it is linked to traded or ended in this very command.
    pub doomed: bool,
    pub time_in_force: TimeInForce,
    pub filled: Lots,
    /// What an iceberg shows at a time.
    pub display: Option<NonZero<Lots>>,
    /// Of a stop that has not been elected.
    pub trigger: Option<NonZero<Price>>,
    pub linked: Option<NonZero<u64>>,
    /// Price × lots over its fills.
    pub turnover: i128,
}

const _: () = assert!(size_of::<Order>() == 128);

impl Order {
    pub fn total(&self) -> Lots {
        self.filled + self.open
    }

    /// The slice that is shown of what is open.
    pub fn slice(&self) -> Lots {
        self.display.map_or(self.open, |display| display.get().min(self.open))
    }

    pub fn trigger(&self) -> Option<Price> {
        self.trigger.map(NonZero::get)
    }

    /// The order that it is linked to.
    pub fn linked(&self) -> Option<OrderNumber> {
        self.linked.map(|number| OrderNumber(number.get()))
    }
}

/// The neighbours of an order in its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub previous: u32,
    pub next: u32,
}

const UNLINKED: Link = Link { previous: NIL, next: NIL };

#[derive(Debug, Default)]
pub struct Orders {
    slots: Vec<Option<Order>>,
    pub links: Vec<Link>,
    free: Vec<u32>,
    accepted: u64,
    /// The slots of each member's orders, in no order.
    of_member: Vec<Vec<u32>>,
    /// By slot: where it is in that list. Beside the orders, so that a change of the list touches no other order.
    enlisted: Vec<u32>,
}

impl Orders {
    pub fn live(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub fn is_full(&self) -> bool {
        self.live() >= CAPACITY
    }

    /// The live order in a place. That there is one is for the caller to know.
    pub fn at(&self, slot: u32) -> &Order {
        self.slots[slot as usize].as_ref().expect("a live order")
    }

    pub fn at_mut(&mut self, slot: u32) -> &mut Order {
        self.slots[slot as usize].as_mut().expect("a live order")
    }

    pub fn slot(&self, number: OrderNumber) -> Option<u32> {
        let slot = (number.0 & (CAPACITY as u64 - 1)) as u32;
        let order = self.slots.get(slot as usize)?.as_ref()?;
        (order.number == number).then_some(slot)
    }

    /// Whether an order of that number has ever been.
    pub fn has_been(&self, number: OrderNumber) -> bool {
        (1..=self.accepted).contains(&(number.0 >> SLOT_BITS))
    }

    /// Takes a new order in and gives it its number and priority.
    pub fn insert(&mut self, order: &Order, priority: u64) -> u32 {
        self.accepted += 1;
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.links.push(UNLINKED);
            self.enlisted.push(0);
            (self.slots.len() - 1) as u32
        });
        let number = OrderNumber((self.accepted << SLOT_BITS) | u64::from(slot));
        self.enlist(order.member, slot);
        self.slots[slot as usize] = Some(Order { number, priority, ..order.clone() });
        slot
    }

    pub fn remove(&mut self, slot: u32, member: u32) {
        self.strike(member, slot);
        self.slots[slot as usize] = None;
        self.free.push(slot);
    }

    fn enlist(&mut self, member: u32, slot: u32) {
        let member = member as usize;
        if self.of_member.len() <= member {
            self.of_member.resize_with(member + 1, Vec::new);
        }
        let own = &mut self.of_member[member];
        self.enlisted[slot as usize] = own.len() as u32;
        own.push(slot);
    }

    /// The last one of the member's takes its place.
    fn strike(&mut self, member: u32, slot: u32) {
        let (own, index) = (&mut self.of_member[member as usize], self.enlisted[slot as usize]);
        own.swap_remove(index as usize);
        if let Some(&moved) = own.get(index as usize) {
            self.enlisted[moved as usize] = index;
        }
    }

    /// The orders of a member, the oldest first.
    pub fn of_member(&self, member: u32) -> Vec<OrderNumber> {
        let slots = self.of_member.get(member as usize).into_iter().flatten();
        let mut numbers: Vec<_> = slots.map(|&slot| self.at(slot).number).collect();
        numbers.sort_unstable();
        numbers
    }

    pub fn iter(&self) -> impl Iterator<Item = (u32, &Order)> {
        self.slots.iter().enumerate().filter_map(|(slot, order)| Some((slot as u32, order.as_ref()?)))
    }
}

wire!(enum Place { 0 Hand, 1 Book, 2 Stops, 3 Close });
wire!(struct Order {
    number, instrument, member, price, open, visible, priority, level, name, side, place, is_market, post_only, doomed,
    time_in_force, filled, display, trigger, linked, turnover,
});

impl Wire for Orders {
    fn put(&self, out: &mut Vec<u8>) {
        self.accepted.put(out);
        (self.slots.len() as u32).put(out);
        for slot in &self.slots {
            slot.is_some().put(out);
            if let Some(order) = slot {
                // Levels and names are numbered anew.
                Order { level: NIL, name: NIL, ..order.clone() }.put(out);
            }
        }
        self.free.put(out);
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        let accepted = u64::get(input)?;
        let slots = Vec::<Option<Order>>::get(input)?;
        let free = Vec::<u32>::get(input)?;
        let links = vec![UNLINKED; slots.len()];
        let enlisted = vec![0; slots.len()];
        let mut orders = Self { slots, links, free, accepted, of_member: Vec::new(), enlisted };
        let empty = orders.slots.iter().filter(|slot| slot.is_none()).count();
        let all_free = orders.free.iter().all(|&slot| matches!(orders.slots.get(slot as usize), Some(None)));
        if empty != orders.free.len() || !all_free || orders.slots.len() > CAPACITY {
            return Err(Damaged);
        }
        let mut live = Vec::new();
        for (slot, order) in orders.iter() {
            let number = order.number;
            if number.0 & (CAPACITY as u64 - 1) != u64::from(slot) || order.member >= CAPACITY as u32 {
                return Err(Damaged);
            }
            live.push((order.member, slot));
        }
        live.into_iter().for_each(|(member, slot)| orders.enlist(member, slot));
        Ok(orders)
    }
}
