//! By which a retry is known: the `client_order_id`s of a market.
//!
//! Memory is bounded: every live order has its entry, and of each company the last [`Remembered::keep`] orders that ended keep theirs.
//! What one company sends pushes out nothing of another's. A name that has been forgotten may be used again.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher};

use super::client_order_id::ClientOrderId;
use super::hashing::Keyed;
use super::order::{OrderNumber, OrderState};
use super::orders::{NIL, Orders};
use super::pool::Pool;
use super::quantity::Lots;
use super::table::{Table, Tag};
use super::wire::{Damaged, Wire, wire};

/// What an order is called, and where it is.
#[derive(Debug, Clone, Copy)]
struct Name {
    client: ClientOrderId,
    /// Of the terms as they were sent, to tell a retry from another order of the same name.
    fingerprint: u64,
    member: u32,
    /// The slot of a live order, or the place of a record with the highest bit set.
    place: u32,
}

/// An order that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    pub order: OrderNumber,
    pub name: u32,
    pub instrument: u32,
    pub state: OrderState,
    pub filled: Lots,
    pub open: Lots,
    pub turnover: i128,
}

pub enum Found<'a> {
    Live(u32),
    Ended(&'a Record),
}

/// Names stay where they are as long as they are kept: the end of an order changes nothing in the table.
#[derive(Debug)]
pub struct Remembered {
    table: Table,
    /// Names that the table does not have yet: it takes [`FRESH`] of them at once.
    fresh: Vec<(Tag, u32)>,
    /// The greatest name of each member so far. What is greater is new for certain: most clients count, or send UUIDs of version 7.
    greatest: Vec<Option<ClientOrderId>>,
    names: Pool<Name>,
    records: Pool<Record>,
    /// By company, the oldest first; with the number of the order, so that a search does not touch the records.
    ended: Vec<VecDeque<(OrderNumber, u32)>>,
    keep: u32,
    hasher: Keyed,
}

const ENDED: u32 = 1 << 31;

/// So many names wait for their place in the table.
const FRESH: usize = 32;

impl Remembered {
    pub fn new(keep: u32) -> Self {
        Self {
            table: Table::default(),
            fresh: Vec::with_capacity(FRESH),
            greatest: Vec::new(),
            names: Pool::default(),
            records: Pool::default(),
            ended: Vec::new(),
            keep: keep.max(1),
            hasher: Keyed::default(),
        }
    }

    pub fn keep(&self) -> u32 {
        self.keep
    }

    pub fn tag(&self, member: u32, client: ClientOrderId) -> Tag {
        let mut hasher = self.hasher.build_hasher();
        hasher.write_u128(client.bits());
        hasher.write_u32(member);
        Tag::of(hasher.finish())
    }

    /// The order of that name, with the fingerprint of its terms.
    pub fn find(&self, tag: Tag, member: u32, client: ClientOrderId) -> Option<(Found<'_>, u64)> {
        if self.greatest.get(member as usize).is_none_or(|&greatest| Some(client) > greatest) {
            return None;
        }
        let is_it = |name| {
            let Name { client: other, member: owner, .. } = *self.names.at(name);
            (owner, other) == (member, client)
        };
        let fresh = self.fresh.iter().find(|&&(other, name)| other == tag && is_it(name));
        let name = fresh.map(|&(_, name)| name).or_else(|| self.table.find(tag, is_it))?;
        let Name { fingerprint, place, .. } = *self.names.at(name);
        let found = if place & ENDED == 0 { Found::Live(place) } else { Found::Ended(self.records.at(place & !ENDED)) };
        Some((found, fingerprint))
    }

    pub fn client(&self, name: u32) -> ClientOrderId {
        self.names.at(name).client
    }

    /// Notes a live order, whose name is new. The place of the name.
    pub fn note(&mut self, tag: Tag, member: u32, client: ClientOrderId, fingerprint: u64, slot: u32) -> u32 {
        let name = self.names.put(Name { client, fingerprint, member, place: slot });
        self.fresh.push((tag, name));
        if self.fresh.len() == FRESH {
            self.table.insert_all(&self.fresh);
            self.fresh.clear();
        }
        let member = member as usize;
        if self.greatest.len() <= member {
            self.greatest.resize(member + 1, None);
        }
        self.greatest[member] = self.greatest[member].max(Some(client));
        name
    }

    /// An order has ended: keeps what became of it, and forgets the oldest of its company that is too much.
    pub fn retire(&mut self, member: u32, record: Record) {
        let (order, name) = (record.order, record.name);
        let index = self.records.put(record);
        self.names.at_mut(name).place = ENDED | index;
        let member = member as usize;
        if self.ended.len() <= member {
            self.ended.resize_with(member + 1, VecDeque::new);
        }
        let ended = &mut self.ended[member];
        ended.push_back((order, index));
        if ended.len() > self.keep as usize
            && let Some((_, oldest)) = ended.pop_front()
        {
            self.forget(oldest);
        }
    }

    fn forget(&mut self, index: u32) {
        let name = self.records.at(index).name;
        let Name { client, member, .. } = *self.names.at(name);
        match self.fresh.iter().position(|&(_, other)| other == name) {
            Some(index) => {
                self.fresh.swap_remove(index);
            }
            None => self.table.remove(self.tag(member, client), name),
        }
        self.names.free(name);
        self.records.free(index);
    }

    /// What became of an order of the member, if it has ended and is not forgotten. Orders that ended lately are found first.
    pub fn ended(&self, member: u32, order: OrderNumber) -> Option<&Record> {
        let list = self.ended.get(member as usize)?;
        let (_, index) = list.iter().rev().find(|(number, _)| *number == order)?;
        Some(self.records.at(*index))
    }
}

/// An order's name in a snapshot.
type Named = (ClientOrderId, u64);

wire!(struct Record { order, name, instrument, state, filled, open, turnover });

/// Names and what became of the orders that ended, by company, the oldest first; then the names of the live orders, by their slots.
impl Remembered {
    pub fn put(&self, orders: &Orders, out: &mut Vec<u8>) {
        let named = |name: u32| (self.names.at(name).client, self.names.at(name).fingerprint);
        (self.ended.len() as u32).put(out);
        for list in &self.ended {
            (list.len() as u32).put(out);
            for &(_, index) in list {
                let record = self.records.at(index);
                named(record.name).put(out);
                // Names are numbered anew.
                Record { name: NIL, ..*record }.put(out);
            }
        }
        orders.iter().for_each(|(_, order)| named(order.name).put(out));
    }

    pub fn get(keep: u32, orders: &mut Orders, input: &mut &[u8]) -> Result<Self, Damaged> {
        let mut remembered = Self::new(keep);
        for (member, list) in Vec::<Vec<(Named, Record)>>::get(input)?.into_iter().enumerate() {
            for ((client, fingerprint), mut record) in list {
                let tag = remembered.tag(member as u32, client);
                // In a place that is none but for a moment: the record takes it.
                record.name = remembered.note(tag, member as u32, client, fingerprint, 0);
                remembered.retire(member as u32, record);
            }
        }
        let live: Vec<_> = orders.iter().map(|(slot, order)| (slot, order.member)).collect();
        for (slot, member) in live {
            let (client, fingerprint) = Named::get(input)?;
            let tag = remembered.tag(member, client);
            orders.at_mut(slot).name = remembered.note(tag, member, client, fingerprint, slot);
        }
        Ok(remembered)
    }

    /// Whether all that is named by its place is there.
    pub fn is_coherent(&self, members: u32, listings: u32) -> bool {
        self.ended.len() <= members as usize && self.records.iter().all(|record| record.instrument < listings)
    }
}
