//! The whole state of a market as bytes, and back.

use sha2::{Digest, Sha256};

use super::listing::{Indicative, Listing};
use super::market::Market;
use super::order::TimeInForce;
use super::orders::{Orders, Place};
use super::remembered::Remembered;
use super::trades::Trades;
use super::wire::{Damaged, Wire, put_all, wire};
use crate::kernel::InstrumentId;

/// "Torg market", and the version of what follows. Versions that were once written stay readable.
const MAGIC: &[u8; 8] = b"TORGMKT\0";
const VERSION: u16 = 1;

/// How many bytes of the SHA-256 over all before them end a snapshot.
const SEAL: usize = 16;

impl Market {
    /// Equal states have equal snapshots, whatever process made them.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut out = self.body();
        let seal = Sha256::digest(&out);
        out.extend_from_slice(&seal[..SEAL]);
        out
    }

    /// The SHA-256 of the state: equal for equal histories.
    pub fn state_hash(&self) -> [u8; 32] {
        Sha256::digest(self.body()).into()
    }

    fn body(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024 + 256 * self.orders.live());
        out.extend_from_slice(MAGIC);
        VERSION.put(&mut out);
        self.remembered.keep().put(&mut out);
        self.priority.put(&mut out);
        self.currencies.put(&mut out);
        self.members.put(&mut out);
        put_all(self.listings.len(), self.listings.iter(), &mut out);
        self.orders.put(&mut out);
        self.trades.put(&mut out);
        self.credit.put(&mut out);
        self.remembered.put(&self.orders, &mut out);
        out
    }

    /// Refuses bytes that are damaged, or of a version that this one does not know.
    pub fn restore(bytes: &[u8]) -> Result<Self, Damaged> {
        let (body, seal) = bytes.split_at_checked(bytes.len().saturating_sub(SEAL)).ok_or(Damaged)?;
        if Sha256::digest(body)[..SEAL] != *seal {
            return Err(Damaged);
        }
        let mut input = body.strip_prefix(MAGIC).ok_or(Damaged)?;
        if u16::get(&mut input)? != VERSION {
            return Err(Damaged);
        }
        let input = &mut input;
        let mut market = Self::remembering(u32::get(input)?);
        market.priority = u64::get(input)?;
        market.currencies = Vec::get(input)?;
        market.members = Vec::get(input)?;
        market.listings = Vec::get(input)?;
        market.orders = Orders::get(input)?;
        market.trades = Trades::get(input)?;
        market.credit = Wire::get(input)?;
        market.remembered = Remembered::get(market.remembered.keep(), &mut market.orders, input)?;
        if !input.is_empty() || !market.is_coherent() {
            return Err(Damaged);
        }
        market.index();
        Ok(market)
    }

    /// Whether all that is named by its place is there.
    fn is_coherent(&self) -> bool {
        let (listings, members) = (self.listings.len() as u32, self.members.len() as u32);
        let orders = self.orders.iter().all(|(_, order)| order.instrument < listings && order.member < members);
        let trades = self
            .trades
            .iter()
            .all(|(_, trade)| trade.listing < listings && trade.buyer < members && trade.seller < members);
        let records = self.remembered.is_coherent(members, listings);
        let currencies = self.listings.iter().all(|entry| (entry.currency as usize) < self.currencies.len());
        orders && trades && records && currencies
    }

    /// Builds what follows from the orders: books, stops, what waits for the close, expiries, and the tables of names.
    fn index(&mut self) {
        for (place, entry) in self.listings.iter().enumerate() {
            self.listing_by_id.insert(entry.id.0.as_u128(), place as u32);
        }
        for (place, member) in self.members.iter().enumerate() {
            self.member_by_company.insert(member.company.0.as_u128(), place as u32);
        }
        let mut slots: Vec<_> = self.orders.iter().map(|(slot, order)| (order.priority, slot)).collect();
        slots.sort_unstable();
        for (_, slot) in slots {
            let order = self.orders.at(slot);
            if let TimeInForce::Gtd(until) = order.time_in_force {
                self.expiries.insert((until, order.number));
            }
            let entry = &mut self.listings[order.instrument as usize];
            match order.place {
                Place::Book => entry.book.append(&mut self.orders, slot),
                Place::Stops => entry.stops.insert(order),
                Place::Close => {
                    entry.at_close.insert((order.priority, order.number));
                }
                Place::Hand => {}
            }
        }
        for entry in &mut self.listings {
            entry.book.prove();
        }
    }
}

wire!(struct Indicative { price, lots, surplus, surplus_side });

impl Wire for Listing {
    fn put(&self, out: &mut Vec<u8>) {
        self.id.put(out);
        self.rules().put(out);
        self.currency.put(out);
        self.reference().put(out);
        self.phase.put(out);
        self.session.put(out);
        self.last.put(out);
        self.traded.put(out);
        self.change.put(out);
        self.indicative.put(out);
        self.positions.put(out);
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        let (id, rules) = (InstrumentId::get(input)?, Wire::get(input)?);
        let (currency, reference) = (u32::get(input)?, Option::get(input)?);
        let mut listing = Self::new(id, rules, currency, reference);
        listing.phase = Wire::get(input)?;
        listing.session = Wire::get(input)?;
        listing.last = Wire::get(input)?;
        listing.traded = Wire::get(input)?;
        listing.change = Wire::get(input)?;
        listing.indicative = Wire::get(input)?;
        listing.positions = Wire::get(input)?;
        Ok(listing)
    }
}
