//! Accepting a falling price.

use chrono::TimeDelta;

use super::bid::{Bid, Receipt};
use super::chain::Act;
use super::event::{Change, Event, What};
use super::format::Format;
use super::lot::Phase;
use super::price::{Price, Units};
use super::rejection::Rejection;
use super::sale::{Deed, Sale};
use crate::kernel::{Currency, OrganisationId, Timestamp};

/// What an acceptance says.
#[derive(Debug, Clone, Copy)]
pub struct Acceptance {
    pub price: Price,
    pub units: Units,
    pub currency: Currency,
}

impl Sale {
    pub fn accept(
        &mut self,
        index: usize,
        company: OrganisationId,
        acceptance: Acceptance,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<Receipt, Rejection> {
        let Acceptance { price, units, currency } = acceptance;
        self.check_bidder(company)?;
        self.check_currency(currency)?;
        let clock = self.rules.clock(index).ok_or(Rejection::WrongFormat)?;
        self.lots[index].check_runs(Phase::Falling, at)?;
        if !(1..=self.rules.lots[index].units).contains(&units) {
            return Err(Rejection::UnitsOutOfRange);
        }
        if price != clock.price_at(at) {
            return Err(Rejection::NotCurrentPrice);
        }
        if units > self.units_left(index) {
            return Err(Rejection::UnitsGone);
        }
        let number = self.next_number(index);
        let bid = Bid { bidder: company, number, offer: price, maximum: price, units };
        let commitment = self.committed(index, company, price, units);
        let nonce = self.next_nonce(index);
        if self.rules.format == Format::Hybrid {
            self.lots[index].taker = Some(bid);
            self.lots[index].accepted = Some(price);
        } else {
            self.lots[index].bids.push(bid);
        }
        let entry = self.enter(index, &Deed { company, act: Act::Accept, price: Some(price), units, commitment }, at);
        self.tell_entry(index, entry, at, events);
        if self.rules.format == Format::Hybrid {
            self.begin_sealing(index, at, events);
        }
        let receipt = self.receipt(index, &entry, company, Some(nonce));
        self.tell_company(company, What::Accepted { receipt, maximum: None, units }, events);
        if self.lots[index].phase == Phase::Falling && self.units_left(index) == 0 {
            self.close_by_bids(index, at, events);
        }
        Ok(receipt)
    }

    /// The second part of a hybrid auction: sealed bids above the price that was accepted.
    fn begin_sealing(&mut self, index: usize, at: Timestamp, events: &mut Vec<Event>) {
        let seconds = self.rules.parts.map_or(0, |parts| i64::from(parts.sealed));
        let lot = &mut self.lots[index];
        lot.phase = Phase::Sealing;
        lot.ends_at = at + TimeDelta::seconds(seconds);
        lot.wakes_at = Some(lot.ends_at);
        let change = Change::Phase { phase: lot.phase, price: lot.accepted, ends_at: lot.ends_at };
        self.tell(index, change, at, events);
    }
}
