//! The book as it is shown: whole, or filtered to what one member may trade with.

use super::credit::lots_within;
use super::listing::{Indicative, Listing};
use super::market::Market;
use super::member::{Account, Position};
use super::order::Side;
use super::orders::NIL;
use super::phase::Phase;
use super::quantity::{Lots, Price};
use super::rejection::Rejection;
use crate::kernel::{Currency, InstrumentId, OrganisationId};

/// A price and what is shown there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DepthLevel {
    pub price: Price,
    pub lots: Lots,
}

/// The best levels of both sides, the best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// The number of the last change that is in it.
    pub change: u64,
    /// Of the whole book, also where the levels are filtered or fewer.
    pub checksum: u32,
    pub bids: Vec<DepthLevel>,
    pub asks: Vec<DepthLevel>,
}

/// What everybody may know of an instrument besides its book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    pub phase: Phase,
    pub session: u32,
    pub reference: Option<Price>,
    pub last: Option<Price>,
    /// The lowest and the highest price that are allowed.
    pub bounds: (Price, Price),
    /// Of a call.
    pub indicative: Option<Indicative>,
}

impl Market {
    pub fn status(&self, instrument: InstrumentId) -> Result<Status, Rejection> {
        let entry = self.listing(instrument)?;
        let Listing { phase, session, last, indicative, .. } = *entry;
        Ok(Status { phase, session, reference: entry.reference(), last, bounds: entry.bounds(), indicative })
    }

    pub fn depth(&self, instrument: InstrumentId, levels: usize) -> Result<Depth, Rejection> {
        let entry = self.listing(instrument)?;
        let side = |side| {
            let shown = entry.book.levels(side).take(levels);
            shown.map(|level| DepthLevel { price: level.price, lots: level.visible }).collect()
        };
        Ok(Depth {
            change: entry.change,
            checksum: entry.book.checksum(),
            bids: side(Side::Buy),
            asks: side(Side::Sell),
        })
    }

    /// What of the book a company may trade with: without the orders of its own party, and of each counterparty no more at a price than
    /// bilateral credit suffices for. Levels where nothing is left do not show.
    pub fn depth_for(
        &self,
        company: OrganisationId,
        instrument: InstrumentId,
        levels: usize,
    ) -> Result<Depth, Rejection> {
        let member = self.member_of(company)?;
        let entry = self.listing(instrument)?;
        let side = |side| {
            let left = entry.book.levels(side).map(|level| DepthLevel {
                price: level.price,
                lots: self.tradable(entry, member, level.head, level.price),
            });
            left.filter(|level| level.lots > 0).take(levels).collect()
        };
        Ok(Depth {
            change: entry.change,
            checksum: entry.book.checksum(),
            bids: side(Side::Buy),
            asks: side(Side::Sell),
        })
    }

    fn tradable(&self, entry: &Listing, member: u32, head: u32, price: Price) -> Lots {
        let mut lots: Lots = 0;
        // What is counted of counterparties for whom the credit is narrow.
        let mut counted: Vec<(u32, Lots)> = Vec::new();
        let mut slot = head;
        while slot != NIL {
            let order = self.orders.at(slot);
            slot = self.orders.links[slot as usize].next;
            if self.same_party(member, order.member) {
                continue;
            }
            let room = self.credit.room(&self.members, member, order.member, entry.currency);
            let most = lots_within(room, price, entry.tick_value);
            if most == Lots::MAX {
                lots += order.visible;
                continue;
            }
            let known = counted.iter().position(|(other, _)| *other == order.member);
            let index = known.unwrap_or_else(|| {
                counted.push((order.member, 0));
                counted.len() - 1
            });
            let taken = order.visible.min(most.saturating_sub(counted[index].1));
            counted[index].1 += taken;
            lots += taken;
        }
        lots
    }

    /// What a member may buy in a currency, and has bound.
    pub fn account(&self, company: OrganisationId, currency: Currency) -> Result<Account, Rejection> {
        let member = self.member_of(company)?;
        let place = self.currencies.iter().position(|&known| known == currency);
        let accounts = &self.members[member as usize].accounts;
        Ok(place.and_then(|place| accounts.get(place)).copied().unwrap_or_default())
    }

    /// What a member has in an instrument.
    pub fn position(&self, company: OrganisationId, instrument: InstrumentId) -> Result<Position, Rejection> {
        let member = self.member_of(company)?;
        Ok(self.listing(instrument)?.position(member))
    }

    fn listing(&self, instrument: InstrumentId) -> Result<&Listing, Rejection> {
        self.listing_of(instrument).map(|listing| &self.listings[listing as usize])
    }
}
