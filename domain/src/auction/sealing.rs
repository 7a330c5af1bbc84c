//! Sealed bids: submitted, taken back, opened.

use chrono::TimeDelta;

use super::bid::{Bid, Receipt};
use super::bidding::check_price;
use super::chain::Act;
use super::command::{Plain, Sealed};
use super::commitment::{Committed, Digest, commitment};
use super::event::{Change, Event, Void, What};
use super::format::Format;
use super::lot::{Phase, SealedBid};
use super::rejection::Rejection;
use super::sale::{Deed, Sale, lot_number};
use crate::kernel::{OrganisationId, Timestamp};

/// The most bytes of a sealed text.
pub const MAX_CIPHERTEXT: usize = 1_024;

impl Sale {
    /// Refuses who may not seal or unseal a bid for the lot now.
    fn check_sealing(&self, index: usize, company: OrganisationId, at: Timestamp) -> Result<(), Rejection> {
        self.check_bidder(company)?;
        if !self.rules.format.is_sealed() && self.rules.format != Format::Hybrid {
            return Err(Rejection::WrongFormat);
        }
        let lot = &self.lots[index];
        lot.check_runs(Phase::Sealing, at)?;
        if lot.taker.is_some_and(|taker| taker.bidder == company) {
            return Err(Rejection::AcceptedAlready);
        }
        Ok(())
    }

    pub fn seal(
        &mut self,
        index: usize,
        company: OrganisationId,
        sealed: &Sealed,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<Receipt, Rejection> {
        self.check_sealing(index, company, at)?;
        if !(1..=MAX_CIPHERTEXT).contains(&sealed.ciphertext.len()) {
            return Err(Rejection::CiphertextLength);
        }
        let number = self.next_number(index);
        let Sealed { commitment, ciphertext } = sealed.clone();
        let waiting = &mut self.lots[index].sealed;
        waiting.retain(|waiting| waiting.bidder != company);
        waiting.push(SealedBid { bidder: company, number, commitment, ciphertext });
        Ok(self.take_sealed(index, company, Act::Seal, commitment, at, events))
    }

    pub fn unseal(
        &mut self,
        index: usize,
        company: OrganisationId,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<Receipt, Rejection> {
        self.check_sealing(index, company, at)?;
        let waiting = &mut self.lots[index].sealed;
        let place = waiting.iter().position(|waiting| waiting.bidder == company).ok_or(Rejection::UnknownBid)?;
        waiting.remove(place);
        Ok(self.take_sealed(index, company, Act::Unseal, Digest::ZERO, at, events))
    }

    fn take_sealed(
        &mut self,
        index: usize,
        company: OrganisationId,
        act: Act,
        commitment: Digest,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Receipt {
        let entry = self.enter(index, &Deed { company, act, price: None, units: 0, commitment }, at);
        self.tell_entry(index, entry, at, events);
        let receipt = self.receipt(index, &entry, company, None);
        self.tell_company(company, What::Accepted { receipt, maximum: None, units: 0 }, events);
        receipt
    }

    /// Takes what the sealed bids say: those that are as they were committed to count from now on.
    pub fn open_sealed(
        &mut self,
        index: usize,
        plain: &[Plain],
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<(), Rejection> {
        if self.lots[index].phase != Phase::Opening {
            return Err(Rejection::NotToOpen);
        }
        let lot = lot_number(index);
        let mut void = Vec::new();
        for sealed in std::mem::take(&mut self.lots[index].sealed) {
            let (number, bidder) = (sealed.number, sealed.bidder);
            match self.opened(index, &sealed, plain) {
                Ok(bid) => {
                    let opened = What::Opened { lot, number, price: bid.offer, units: bid.units };
                    self.tell_company(bidder, opened, events);
                    self.lots[index].bids.push(bid);
                }
                Err(why) => {
                    self.tell_company(bidder, What::Void { lot, number, why }, events);
                    void.push(number);
                }
            }
        }
        let valid = u32::try_from(self.lots[index].bids.len()).unwrap_or(u32::MAX);
        self.tell(index, Change::Opened { valid, void }, at, events);
        if self.rules.format == Format::Hybrid && self.hybrid(index).is_topped() {
            self.begin_topping(index, at, events);
        } else {
            self.close_by_bids(index, at, events);
        }
        Ok(())
    }

    /// What a sealed bid says, or why it is void.
    fn opened(&self, index: usize, sealed: &SealedBid, plain: &[Plain]) -> Result<Bid, Void> {
        let plain = plain.iter().find(|plain| plain.number == sealed.number).ok_or(Void::NotOpened)?;
        let Plain { number, price, units, nonce } = *plain;
        let bidder = sealed.bidder;
        let bid = Committed { auction: self.id, lot: lot_number(index), bidder, price, units };
        if commitment(&bid, &nonce) != sealed.commitment {
            return Err(Void::NotAsCommitted);
        }
        let (lot, rules) = (&self.lots[index], &self.rules.lots[index]);
        if !(1..=rules.units).contains(&units) {
            return Err(Void::UnitsOutOfRange);
        }
        check_price(price, units).map_err(|_| Void::PriceOutOfRange)?;
        match lot.accepted {
            Some(accepted) if price <= accepted => return Err(Void::NotAboveAccepted),
            None if price < rules.start => return Err(Void::BelowStart),
            _ => {}
        }
        Ok(Bid { bidder, number, offer: price, maximum: price, units })
    }

    /// The third part of a hybrid auction: who accepted the price may top the best sealed bid.
    fn begin_topping(&mut self, index: usize, at: Timestamp, events: &mut Vec<Event>) {
        let seconds = self.rules.parts.map_or(0, |parts| i64::from(parts.topping));
        let lot = &mut self.lots[index];
        lot.phase = Phase::Topping;
        lot.ends_at = at + TimeDelta::seconds(seconds);
        lot.wakes_at = Some(lot.ends_at);
        let (phase, until) = (lot.phase, lot.ends_at);
        let price = self.hybrid(index).best().map(|best| best.offer);
        self.tell(index, Change::Phase { phase, price, ends_at: until }, at, events);
        if let (Some(price), Some(taker)) = (price, self.lots[index].taker) {
            let least = self.rules.ladder(index).next(price);
            self.tell_company(taker.bidder, What::MayTop { lot: lot_number(index), price, least, until }, events);
        }
    }
}
