//! What comes by time alone: openings, falls of the price, ends; and what the end of a lot brings.

use super::allocation::{allocate, given, priced};
use super::award::{Award, Disclosed, Outcome, RunnerUp};
use super::bid::Bid;
use super::event::{Change, Event, What};
use super::format::{Disclosure, Format, Undersubscribed};
use super::lot::Phase;
use super::sale::{Sale, lot_number};
use super::sealed::{first_price, second_price};
use crate::kernel::{OrganisationId, Timestamp};

impl Sale {
    /// Does what is due for a lot at a time.
    pub fn wake(&mut self, index: usize, at: Timestamp, events: &mut Vec<Event>) {
        match self.lots[index].phase {
            Phase::Scheduled => self.open(index, at, events),
            Phase::Falling if at < self.lots[index].ends_at => self.fall(index, at, events),
            Phase::Sealing if !self.lots[index].sealed.is_empty() => self.begin_opening(index, at, events),
            Phase::Bidding | Phase::Falling | Phase::Sealing | Phase::Topping => self.close_by_bids(index, at, events),
            Phase::Opening | Phase::Closed(_) => self.lots[index].wakes_at = None,
        }
    }

    fn open(&mut self, index: usize, at: Timestamp, events: &mut Vec<Event>) {
        let phase = self.first_phase();
        let wakes_at = self.rules.clock(index).map(|clock| clock.next_after(at));
        let lot = &mut self.lots[index];
        lot.phase = phase;
        lot.wakes_at = Some(wakes_at.unwrap_or(lot.ends_at));
        let ends_at = lot.ends_at;
        let price = self.rules.clock(index).map(|clock| clock.price_at(at));
        self.tell(index, Change::Phase { phase, price, ends_at }, at, events);
    }

    fn fall(&mut self, index: usize, at: Timestamp, events: &mut Vec<Event>) {
        let Some(clock) = self.rules.clock(index) else { return };
        self.lots[index].wakes_at = Some(clock.next_after(at));
        self.tell(index, Change::Price { price: clock.price_at(at) }, at, events);
    }

    fn begin_opening(&mut self, index: usize, at: Timestamp, events: &mut Vec<Event>) {
        let lot = &mut self.lots[index];
        lot.phase = Phase::Opening;
        lot.wakes_at = None;
        let (phase, ends_at) = (lot.phase, lot.ends_at);
        self.tell(index, Change::Phase { phase, price: None, ends_at }, at, events);
        events.push(Event::ToOpen { auction: self.id, lot: lot_number(index) });
    }

    /// Closes a lot by the bids that it has.
    pub fn close_by_bids(&mut self, index: usize, at: Timestamp, events: &mut Vec<Event>) {
        let (outcome, awards) = self.decide(index);
        self.close(index, outcome, awards, at, events);
    }

    /// Who wins by the bids that the lot has.
    fn decide(&self, index: usize) -> (Outcome, Vec<Award>) {
        let lot = &self.lots[index];
        let one = self.rules.lots[index].units == 1;
        match self.rules.format {
            Format::English | Format::ReverseEnglish if one => {
                let Some(standing) = lot.standing else { return (Outcome::NoBids, Vec::new()) };
                if !self.rules.ladder(index).reserve_met(Some(&standing)) {
                    return (Outcome::ReserveNotMet, Vec::new());
                }
                let (bidder, number, price) = (standing.leader, standing.number, standing.price);
                (Outcome::Sold, vec![Award { bidder, number, units: 1, price }])
            }
            Format::SealedFirstPrice if one => self.decided(index, first_price(&lot.bids, self.least(index))),
            Format::SealedSecondPrice => self.decided(index, second_price(&lot.bids, self.least(index))),
            Format::Hybrid => self.decided(index, self.hybrid(index).decide()),
            Format::English | Format::ReverseEnglish | Format::Dutch | Format::SealedFirstPrice => {
                self.decide_units(index)
            }
        }
    }

    fn decided(&self, index: usize, award: Option<Award>) -> (Outcome, Vec<Award>) {
        match award {
            Some(award) => (Outcome::Sold, vec![award]),
            None if self.lots[index].bids.is_empty() => (Outcome::NoBids, Vec::new()),
            None => (Outcome::ReserveNotMet, Vec::new()),
        }
    }

    fn decide_units(&self, index: usize) -> (Outcome, Vec<Award>) {
        let (units, direction, least) =
            (self.rules.lots[index].units, self.rules.format.direction(), self.least(index));
        let bids = &self.lots[index].bids;
        let enough: Vec<Bid> = bids.iter().filter(|bid| direction.reaches(bid.offer, least)).copied().collect();
        let awards = allocate(&enough, units, direction);
        if awards.is_empty() {
            return self.decided(index, None);
        }
        if given(&awards) < units && self.rules.undersubscribed == Undersubscribed::Cancel {
            return (Outcome::Undersubscribed, Vec::new());
        }
        (Outcome::Sold, priced(awards, self.rules.pricing))
    }

    /// Closes a lot: everybody learns how, and as much of who won at what price as the disclosure says.
    pub fn close(
        &mut self,
        index: usize,
        outcome: Outcome,
        awards: Vec<Award>,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) {
        let disclosed: Vec<Disclosed> = awards
            .iter()
            .filter_map(|&award| Some(Disclosed { pseudonym: self.pseudonym(award.bidder)?, award }))
            .collect();
        let lot = &mut self.lots[index];
        lot.phase = Phase::Closed(outcome);
        lot.wakes_at = None;
        let (entries, last_hash) = (lot.entries, lot.last_hash);
        let public = if self.rules.disclosure == Disclosure::Public { disclosed.clone() } else { Vec::new() };
        self.tell(index, Change::Closed { outcome, entries, last_hash, awards: public }, at, events);
        self.tell_parties(index, outcome, &disclosed, events);
        for award in awards {
            if let Some(bidder) = self.bidders.get_mut(&award.bidder) {
                bidder.has_won = true;
            }
        }
        // The history is with whoever reads the events; a closed lot takes no room.
        let lot = &mut self.lots[index];
        (lot.bids, lot.sealed, lot.standing, lot.taker) = (Vec::new(), Vec::new(), None, None);
        if self.is_over() {
            self.tell_deposits(events);
        }
    }

    fn tell_parties(&self, index: usize, outcome: Outcome, awards: &[Disclosed], events: &mut Vec<Event>) {
        let lot = lot_number(index);
        let result = || What::Result { lot, outcome, awards: awards.to_vec() };
        self.tell_company(self.seller, result(), events);
        if let Some(runner_up) = self.runner_up(index, awards).filter(|_| outcome != Outcome::Cancelled) {
            self.tell_company(self.seller, What::RunnerUp { lot, runner_up }, events);
        }
        for Disclosed { award, .. } in awards {
            self.tell_company(award.bidder, What::Won { lot, award: *award }, events);
        }
        if self.rules.disclosure == Disclosure::Participants {
            for company in self.participants(index) {
                self.tell_company(company, result(), events);
            }
        }
    }

    /// Whose bids for a lot stand, in the order of their identifiers.
    fn participants(&self, index: usize) -> Vec<OrganisationId> {
        let lot = &self.lots[index];
        let bids = lot.bids.iter().chain(&lot.taker).map(|bid| bid.bidder);
        let mut companies: Vec<_> = bids.chain(lot.sealed.iter().map(|sealed| sealed.bidder)).collect();
        companies.sort_unstable();
        companies.dedup();
        companies
    }

    /// The best bid for a lot of one unit of those who won nothing.
    fn runner_up(&self, index: usize, awards: &[Disclosed]) -> Option<RunnerUp> {
        let (lot, direction) = (&self.lots[index], self.rules.format.direction());
        if self.rules.lots[index].units > 1 {
            return None;
        }
        let won = |bid: &&Bid| awards.iter().any(|disclosed| disclosed.award.bidder == bid.bidder);
        let others = lot.bids.iter().chain(&lot.taker).filter(|bid| !won(bid));
        let best = others.min_by_key(|bid| (direction.rank(bid.maximum), bid.number))?;
        // The maximum of who was outbid follows from the price; that of who led stays hidden.
        let led = lot.standing.filter(|standing| standing.leader == best.bidder);
        let price = led.map_or(best.maximum, |standing| standing.price);
        Some(RunnerUp { pseudonym: self.pseudonym(best.bidder)?, price })
    }

    fn tell_deposits(&self, events: &mut Vec<Event>) {
        if self.rules.deposit == 0 {
            return;
        }
        for (company, bidder) in self.bidders.iter().filter(|(_, bidder)| bidder.deposit_covered) {
            self.tell_company(*company, What::Deposit { released: !bidder.has_won }, events);
        }
    }

    /// Cancels all lots that have not closed.
    pub fn cancel(&mut self, at: Timestamp, events: &mut Vec<Event>) {
        for index in 0..self.lots.len() {
            if !self.lots[index].phase.is_closed() {
                self.close(index, Outcome::Cancelled, Vec::new(), at, events);
            }
        }
    }
}
