//! By which a retry is known: the `client_order_id`s of a market.
//!
//! Memory is bounded: every live order has its entry, and of each company the last [`Remembered::keep`] orders that ended keep theirs.
//! What one company sends pushes out nothing of another's. A name that has been forgotten may be used again.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher};

use super::client_order_id::ClientOrderId;
use super::hashing::Keyed;
use super::order::{OrderNumber, OrderState};
use super::orders::Orders;
use super::quantity::Lots;
use super::table::{Table, tag};
use super::wire::wire;

/// An order that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub order: OrderNumber,
    pub client: ClientOrderId,
    pub member: u32,
    pub instrument: u32,
    pub fingerprint: u64,
    pub state: OrderState,
    pub filled: Lots,
    pub open: Lots,
    pub turnover: i128,
}

wire!(struct Record { order, client, member, instrument, fingerprint, state, filled, open, turnover });

pub enum Found<'a> {
    Live(u32),
    Ended(&'a Record),
}

/// The table says the place of a live order, or that of a record with the highest bit set.
#[derive(Debug)]
pub struct Remembered {
    table: Table,
    records: Vec<Record>,
    free: Vec<u32>,
    /// By company, the oldest first; with the number of the order, so that a search does not touch the records.
    ended: Vec<VecDeque<(OrderNumber, u32)>>,
    keep: u32,
    hasher: Keyed,
}

const ENDED: u64 = 1 << 31;

impl Remembered {
    pub fn new(keep: u32) -> Self {
        let (records, free, ended) = (Vec::new(), Vec::new(), Vec::new());
        Self { table: Table::default(), records, free, ended, keep: keep.max(1), hasher: Keyed::default() }
    }

    pub fn keep(&self) -> u32 {
        self.keep
    }

    fn tag(&self, member: u32, client: ClientOrderId) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write_u128(client.bits());
        hasher.write_u32(member);
        tag(hasher.finish())
    }

    pub fn find(&self, member: u32, client: ClientOrderId, orders: &Orders) -> Option<Found<'_>> {
        let place = self.table.find(self.tag(member, client), |place| match self.found(place) {
            Found::Live(slot) => (orders.at(slot).member, orders.at(slot).client) == (member, client),
            Found::Ended(record) => (record.member, record.client) == (member, client),
        })?;
        Some(self.found(place))
    }

    fn found(&self, place: u64) -> Found<'_> {
        if place & ENDED == 0 {
            Found::Live(place as u32)
        } else {
            Found::Ended(&self.records[(place & !ENDED) as usize])
        }
    }

    /// Notes a live order; its name is new.
    pub fn note(&mut self, member: u32, client: ClientOrderId, slot: u32) {
        self.table.insert(self.tag(member, client), u64::from(slot));
    }

    /// The order in that place has ended: keeps what became of it, and forgets the oldest of its company that is too much.
    pub fn retire(&mut self, slot: u32, record: Record) {
        let tag = self.tag(record.member, record.client);
        let index = self.file(record);
        self.table.move_to(tag, u64::from(slot), ENDED | u64::from(index));
        let member = self.records[index as usize].member as usize;
        if self.ended[member].len() > self.keep as usize
            && let Some((_, oldest)) = self.ended[member].pop_front()
        {
            self.forget(oldest);
        }
    }

    fn file(&mut self, record: Record) -> u32 {
        let (member, order) = (record.member as usize, record.order);
        if self.ended.len() <= member {
            self.ended.resize_with(member + 1, VecDeque::new);
        }
        let index = match self.free.pop() {
            Some(index) => {
                self.records[index as usize] = record;
                index
            }
            None => {
                self.records.push(record);
                (self.records.len() - 1) as u32
            }
        };
        self.ended[member].push_back((order, index));
        index
    }

    fn forget(&mut self, index: u32) {
        let record = &self.records[index as usize];
        let tag = self.tag(record.member, record.client);
        self.table.remove(tag, ENDED | u64::from(index));
        self.free.push(index);
    }

    /// What became of an order of the member, if it has ended and is not forgotten. Orders that ended lately are found first.
    pub fn ended(&self, member: u32, order: OrderNumber) -> Option<&Record> {
        let list = self.ended.get(member as usize)?;
        let (_, index) = list.iter().rev().find(|(number, _)| *number == order)?;
        Some(&self.records[*index as usize])
    }

    /// What is remembered of ended orders: by company, the oldest first.
    pub fn records(&self) -> Vec<Vec<Record>> {
        let record = |&(_, index): &(OrderNumber, u32)| self.records[index as usize].clone();
        self.ended.iter().map(|list| list.iter().map(record).collect()).collect()
    }

    /// The memory with those records and those live orders.
    pub fn restore(keep: u32, records: Vec<Vec<Record>>, orders: &Orders) -> Self {
        let mut remembered = Self::new(keep);
        remembered.ended.resize_with(records.len(), VecDeque::new);
        for record in records.into_iter().flatten() {
            let tag = remembered.tag(record.member, record.client);
            let index = remembered.file(record);
            remembered.table.insert(tag, ENDED | u64::from(index));
        }
        for (slot, order) in orders.iter() {
            remembered.note(order.member, order.client, slot);
        }
        remembered
    }
}
