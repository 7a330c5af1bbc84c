//! Open bids, and buying at once.

use chrono::TimeDelta;

use super::allocation::{allocate, given};
use super::award::{Award, Outcome};
use super::bid::{Bid, NewBid, Receipt};
use super::chain::Act;
use super::event::{Event, What};
use super::format::Format;
use super::lot::Phase;
use super::price::{MAX_PRICE, Price, Units, amount};
use super::rejection::Rejection;
use super::sale::{Deed, Sale, lot_number};
use crate::kernel::{Currency, OrganisationId, Timestamp};

/// Refuses a price that is nothing or too large, and an amount beyond the range of amounts.
pub fn check_price(price: Price, units: Units) -> Result<(), Rejection> {
    let fits = (1..=MAX_PRICE).contains(&price) && amount(price, units).is_some();
    if fits { Ok(()) } else { Err(Rejection::PriceOutOfRange) }
}

impl Sale {
    pub fn bid(
        &mut self,
        index: usize,
        company: OrganisationId,
        new: &NewBid,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<Receipt, Rejection> {
        self.check_bidder(company)?;
        self.check_currency(new.currency)?;
        if !self.rules.format.is_open() {
            return Err(Rejection::WrongFormat);
        }
        self.lots[index].check_runs(Phase::Bidding, at)?;
        if !(1..=self.rules.lots[index].units).contains(&new.units) {
            return Err(Rejection::UnitsOutOfRange);
        }
        if new.maximum.is_some() && !self.rules.proxy {
            return Err(Rejection::NoProxy);
        }
        if self.rules.lots[index].units == 1 {
            let bid = self.judged(index, company, new)?;
            Ok(self.take_bid(index, bid, at, events))
        } else {
            let bid = self.judged_for_units(index, company, new)?;
            Ok(self.take_bid_for_units(index, bid, at, events))
        }
    }

    /// The bid for a lot of one unit, if it may be taken.
    fn judged(&self, index: usize, company: OrganisationId, new: &NewBid) -> Result<Bid, Rejection> {
        let (lot, ladder, direction) = (&self.lots[index], self.rules.ladder(index), self.rules.format.direction());
        let maximum = new.maximum.or(new.price).ok_or(Rejection::PriceMissing)?;
        check_price(maximum, 1)?;
        new.price.map_or(Ok(()), |price| check_price(price, 1))?;
        if new.price.is_some_and(|price| direction.beats(price, maximum)) {
            return Err(Rejection::MaximumBelowPrice);
        }
        let number = self.next_number(index);
        let standing = lot.standing.as_ref();
        if let Some(standing) = standing.filter(|standing| standing.leader == company) {
            if !self.rules.proxy {
                return Err(Rejection::AlreadyLeads);
            }
            if !direction.beats(maximum, standing.maximum) {
                return Err(Rejection::NotRaised);
            }
            // What it offered openly stays: nobody outbids itself.
            let offer = lot.bid_of(company).map_or(standing.price, |bid| bid.offer);
            return Ok(Bid { bidder: company, number, offer, maximum, units: 1 });
        }
        let minimum = ladder.minimum(standing);
        let offer = new.price.unwrap_or(minimum);
        if !direction.reaches(offer, minimum) || !direction.reaches(maximum, offer) {
            return Err(Rejection::TooLow);
        }
        if ladder.most(standing).is_some_and(|most| direction.beats(offer, most)) {
            return Err(Rejection::StepTooLarge);
        }
        Ok(Bid { bidder: company, number, offer, maximum, units: 1 })
    }

    fn take_bid(&mut self, index: usize, bid: Bid, at: Timestamp, events: &mut Vec<Event>) -> Receipt {
        let before = self.lots[index].standing;
        let after = self.rules.ladder(index).after(before, &bid);
        let led = before.is_some_and(|before| before.leader == bid.bidder);
        let price = (!led).then_some(bid.offer);
        let commitment = self.committed(index, bid.bidder, bid.maximum, 1);
        let nonce = self.next_nonce(index);
        self.keep(index, bid);
        self.lots[index].standing = Some(after);
        // Only what improves the price or changes the leader extends the end.
        if before.is_none_or(|before| (before.leader, before.price) != (after.leader, after.price)) {
            self.extend(index, at);
        }
        let deed = Deed { company: bid.bidder, act: Act::Bid, price, units: 1, commitment };
        let entry = self.enter(index, &deed, at);
        self.tell_entry(index, entry, at, events);
        let receipt = self.receipt(index, &entry, bid.bidder, Some(nonce));
        let accepted = What::Accepted { receipt, maximum: Some(bid.maximum), units: 1 };
        self.tell_company(bid.bidder, accepted, events);
        if let Some(before) = before.filter(|before| before.leader != after.leader) {
            let lot = lot_number(index);
            self.tell_company(before.leader, What::Outbid { lot, price: Some(after.price), leading: 0 }, events);
        }
        receipt
    }

    /// The bid for some of several units, if it may be taken: it is in the place of the one that its bidder has.
    fn judged_for_units(&self, index: usize, company: OrganisationId, new: &NewBid) -> Result<Bid, Rejection> {
        let (lot, direction) = (&self.lots[index], self.rules.format.direction());
        let price = new.price.ok_or(Rejection::PriceMissing)?;
        check_price(price, new.units)?;
        if let Some(own) = lot.bid_of(company) {
            let more = direction.beats(price, own.offer) || new.units > own.units;
            if !more || new.units < own.units || !direction.reaches(price, own.offer) {
                return Err(Rejection::NotRaised);
            }
        }
        let others: Vec<Bid> = lot.bids.iter().filter(|bid| bid.bidder != company).copied().collect();
        let (minimum, most) = self.range_over(index, &others);
        if !direction.reaches(price, minimum) {
            return Err(Rejection::TooLow);
        }
        if most.is_some_and(|most| direction.beats(price, most)) {
            return Err(Rejection::StepTooLarge);
        }
        let number = self.next_number(index);
        Ok(Bid { bidder: company, number, offer: price, maximum: price, units: new.units })
    }

    /// The least that a bid over those has to be, and the best that it may be: a step over the last of them that gets something if they
    /// take all units, else the start price.
    pub fn range_over(&self, index: usize, others: &[Bid]) -> (Price, Option<Price>) {
        let (units, ladder) = (self.rules.lots[index].units, self.rules.ladder(index));
        let awards = allocate(others, units, ladder.direction);
        let last = awards.last().filter(|_| given(&awards) == units).map(|award| award.price);
        let most = ladder.increments.most(ladder.start);
        let most = most.map(|most| ladder.direction.advance(last.unwrap_or(ladder.start), most));
        (last.map_or(ladder.start, |last| ladder.next(last)), most)
    }

    fn take_bid_for_units(&mut self, index: usize, bid: Bid, at: Timestamp, events: &mut Vec<Event>) -> Receipt {
        let (units, direction) = (self.rules.lots[index].units, self.rules.format.direction());
        let before = allocate(&self.lots[index].bids, units, direction);
        let commitment = self.committed(index, bid.bidder, bid.maximum, bid.units);
        let nonce = self.next_nonce(index);
        self.keep(index, bid);
        // Such a bid always gets some units, or offers more for them.
        self.extend(index, at);
        let deed = Deed { company: bid.bidder, act: Act::Bid, price: Some(bid.offer), units: bid.units, commitment };
        let entry = self.enter(index, &deed, at);
        self.tell_entry(index, entry, at, events);
        let receipt = self.receipt(index, &entry, bid.bidder, Some(nonce));
        self.tell_company(bid.bidder, What::Accepted { receipt, maximum: None, units: bid.units }, events);
        for award in before.iter().filter(|award| award.bidder != bid.bidder) {
            let leading = self.leading(index, award.bidder).unwrap_or(0);
            if leading < award.units {
                let outbid = What::Outbid { lot: lot_number(index), price: receipt.price, leading };
                self.tell_company(award.bidder, outbid, events);
            }
        }
        receipt
    }

    /// Keeps a bid in the place of the one that its bidder has.
    fn keep(&mut self, index: usize, bid: Bid) {
        let bids = &mut self.lots[index].bids;
        match bids.iter_mut().find(|kept| kept.bidder == bid.bidder) {
            Some(kept) => *kept = bid,
            None => bids.push(bid),
        }
    }

    /// Soft close: a bid in the last seconds moves the end to as many seconds after it, up to the final end and never back.
    fn extend(&mut self, index: usize, at: Timestamp) {
        let Some(soft) = self.rules.soft_close else { return };
        let moved = at + TimeDelta::seconds(i64::from(soft.seconds));
        let moved = self.rules.final_end(index).map_or(moved, |last| moved.min(last));
        let lot = &mut self.lots[index];
        lot.ends_at = lot.ends_at.max(moved);
        lot.wakes_at = Some(lot.ends_at);
    }

    pub fn buy_now(
        &mut self,
        index: usize,
        company: OrganisationId,
        currency: Currency,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<Receipt, Rejection> {
        self.check_bidder(company)?;
        self.check_currency(currency)?;
        if self.rules.format != Format::English {
            return Err(Rejection::WrongFormat);
        }
        let price = self.rules.lots[index].buy_now.ok_or(Rejection::NoBuyNow)?;
        let lot = &self.lots[index];
        lot.check_runs(Phase::Bidding, at)?;
        if self.rules.ladder(index).reserve_met(lot.standing.as_ref()) {
            return Err(Rejection::BuyNowGone);
        }
        let commitment = self.committed(index, company, price, 1);
        let nonce = self.next_nonce(index);
        let deed = Deed { company, act: Act::BuyNow, price: Some(price), units: 1, commitment };
        let entry = self.enter(index, &deed, at);
        self.tell_entry(index, entry, at, events);
        let receipt = Receipt {
            leading: Some(1),
            price: Some(price),
            ends_at: at,
            ..self.receipt(index, &entry, company, Some(nonce))
        };
        self.tell_company(company, What::Accepted { receipt, maximum: None, units: 1 }, events);
        let award = Award { bidder: company, number: entry.number, units: 1, price };
        self.close(index, Outcome::Sold, vec![award], at, events);
        Ok(receipt)
    }
}
