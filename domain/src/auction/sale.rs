//! One auction as it runs: its rules, lots and bidders, and what every act on it has in common.

use std::collections::BTreeMap;

use super::allocation::{allocate, given};
use super::bid::{BidNumber, LotNumber, Receipt};
use super::chain::{self, Act, Entry};
use super::commitment::{Committed, Digest, commitment, nonce};
use super::event::{Change, Event, Private, Public, What};
use super::format::Format;
use super::hybrid::Hybrid;
use super::lot::{Lot, Phase};
use super::price::{Price, Units};
use super::pseudonym::Pseudonym;
use super::rejection::Rejection;
use super::rules::Rules;
use crate::kernel::{AuctionId, Currency, GroupId, OrganisationId, Timestamp};

/// A company that was admitted to an auction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bidder {
    pub pseudonym: Pseudonym,
    pub group: Option<GroupId>,
    pub deposit_covered: bool,
    /// By the seller or the operator: it may not bid any more.
    pub withdrawn: bool,
    /// It has won a lot of the auction.
    pub has_won: bool,
}

/// An auction with all its lots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    pub id: AuctionId,
    pub seller: OrganisationId,
    pub group: Option<GroupId>,
    pub secret: Digest,
    pub rules: Rules,
    /// In the order of [`Rules::lots`].
    pub lots: Vec<Lot>,
    pub bidders: BTreeMap<OrganisationId, Bidder>,
}

/// What is entered in the history of a lot.
#[derive(Debug, Clone, Copy)]
pub struct Deed {
    pub company: OrganisationId,
    pub act: Act,
    /// What is offered openly.
    pub price: Option<Price>,
    /// 0 where they are not open.
    pub units: Units,
    pub commitment: Digest,
}

/// What stands in a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    pub price: Option<Price>,
    pub leader: Option<OrganisationId>,
    pub reserve_met: bool,
    pub units_left: Option<Units>,
}

/// The number of the lot at a place.
pub fn lot_number(index: usize) -> LotNumber {
    LotNumber::try_from(index + 1).unwrap_or(LotNumber::MAX)
}

impl Sale {
    /// Refuses who may not bid in the auction.
    pub fn check_bidder(&self, company: OrganisationId) -> Result<&Bidder, Rejection> {
        if company == self.seller {
            return Err(Rejection::OwnAuction);
        }
        let bidder = self.bidders.get(&company).ok_or(Rejection::NotQualified)?;
        if self.is_sellers(bidder.group) {
            return Err(Rejection::OwnAuction);
        }
        if bidder.withdrawn {
            return Err(Rejection::Withdrawn);
        }
        if self.rules.deposit > 0 && !bidder.deposit_covered {
            return Err(Rejection::DepositNotCovered);
        }
        Ok(bidder)
    }

    /// Whether that is the group of the seller.
    pub fn is_sellers(&self, group: Option<GroupId>) -> bool {
        group.is_some() && group == self.group
    }

    pub fn check_currency(&self, currency: Currency) -> Result<(), Rejection> {
        if currency == self.rules.currency { Ok(()) } else { Err(Rejection::OtherCurrency) }
    }

    /// The name of a bidder. Whoever has done something here was admitted.
    pub fn pseudonym(&self, company: OrganisationId) -> Option<Pseudonym> {
        self.bidders.get(&company).map(|bidder| bidder.pseudonym)
    }

    pub fn is_over(&self) -> bool {
        self.lots.iter().all(|lot| lot.phase.is_closed())
    }

    /// The number that the next act on a lot gets.
    pub fn next_number(&self, index: usize) -> BidNumber {
        BidNumber(self.lots[index].entries.saturating_add(1))
    }

    /// The nonce of the next act on a lot.
    pub fn next_nonce(&self, index: usize) -> Digest {
        nonce(&self.secret, lot_number(index), self.next_number(index))
    }

    /// What binds the company to the next act on a lot.
    pub fn committed(&self, index: usize, bidder: OrganisationId, price: Price, units: Units) -> Digest {
        let bid = Committed { auction: self.id, lot: lot_number(index), bidder, price, units };
        commitment(&bid, &self.next_nonce(index))
    }

    /// Enters an act in the history of a lot.
    pub fn enter(&mut self, index: usize, deed: &Deed, at: Timestamp) -> Entry {
        let Deed { company, act, price, units, commitment } = *deed;
        let bidder = self.pseudonym(company).unwrap_or_else(|| Pseudonym::of(&self.secret, company, 0));
        let number = self.next_number(index);
        let lot = &mut self.lots[index];
        let mut entry = Entry { number, at, act, bidder, price, units, commitment, hash: Digest::ZERO };
        entry.hash = chain::link(&lot.last_hash, &entry);
        lot.last_hash = entry.hash;
        lot.entries = number.0;
        entry
    }

    /// Tells everybody of an entry, and what stands after it.
    pub fn tell_entry(&mut self, index: usize, entry: Entry, at: Timestamp, events: &mut Vec<Event>) {
        let Picture { price, leader, reserve_met, units_left } = self.picture(index, at);
        let leader = leader.and_then(|leader| self.pseudonym(leader));
        let ends_at = self.lots[index].ends_at;
        self.tell(index, Change::Entered { entry, price, leader, reserve_met, units_left, ends_at }, at, events);
    }

    /// Tells everybody of a change of a lot.
    pub fn tell(&mut self, index: usize, what: Change, at: Timestamp, events: &mut Vec<Event>) {
        let lot = &mut self.lots[index];
        lot.changes += 1;
        let change = lot.changes;
        events.push(Event::Public(Public { auction: self.id, lot: lot_number(index), change, at, what }));
    }

    pub fn tell_company(&self, company: OrganisationId, what: What, events: &mut Vec<Event>) {
        events.push(Event::Private(Private { company, auction: self.id, what }));
    }

    pub fn receipt(&self, index: usize, entry: &Entry, company: OrganisationId, nonce: Option<Digest>) -> Receipt {
        Receipt {
            auction: self.id,
            lot: lot_number(index),
            number: entry.number,
            at: entry.at,
            hash: entry.hash,
            nonce,
            leading: self.leading(index, company),
            price: self.picture(index, entry.at).price,
            ends_at: self.lots[index].ends_at,
        }
    }

    /// How many units a company would get if the lot closed now; `None` where nobody can know.
    pub fn leading(&self, index: usize, company: OrganisationId) -> Option<Units> {
        let lot = &self.lots[index];
        match lot.phase {
            Phase::Bidding if self.rules.lots[index].units == 1 => {
                Some(Units::from(lot.standing.is_some_and(|standing| standing.leader == company)))
            }
            Phase::Bidding | Phase::Falling => {
                let awards = allocate(&lot.bids, self.rules.lots[index].units, self.rules.format.direction());
                Some(awards.iter().filter(|award| award.bidder == company).map(|award| award.units).sum())
            }
            Phase::Sealing if lot.taker.is_some_and(|taker| taker.bidder == company) => Some(1),
            _ => None,
        }
    }

    /// What may be known of a lot.
    pub fn picture(&self, index: usize, at: Timestamp) -> Picture {
        let (lot, rules) = (&self.lots[index], &self.rules.lots[index]);
        let nothing = Picture { price: None, leader: None, reserve_met: false, units_left: None };
        match lot.phase {
            Phase::Bidding if rules.units == 1 => Picture {
                price: lot.standing.map(|standing| standing.price),
                leader: lot.standing.map(|standing| standing.leader),
                reserve_met: self.rules.ladder(index).reserve_met(lot.standing.as_ref()),
                ..nothing
            },
            Phase::Bidding => {
                let price = self.cleared_price(index);
                let reserve_met =
                    price.is_some_and(|price| self.rules.format.direction().reaches(price, self.least(index)));
                Picture { price, reserve_met, ..nothing }
            }
            Phase::Falling => Picture {
                price: self.rules.clock(index).map(|clock| clock.price_at(at)),
                units_left: Some(self.units_left(index)),
                reserve_met: true,
                ..nothing
            },
            Phase::Sealing => Picture { price: lot.accepted, reserve_met: lot.accepted.is_some(), ..nothing },
            Phase::Topping => Picture {
                price: self.hybrid(index).best().map(|best| best.offer),
                leader: self.hybrid(index).best().map(|best| best.bidder),
                reserve_met: true,
                ..nothing
            },
            Phase::Scheduled | Phase::Opening | Phase::Closed(_) => nothing,
        }
    }

    /// At what price the last of several units would go, if all of them would.
    pub fn cleared_price(&self, index: usize) -> Option<Price> {
        let units = self.rules.lots[index].units;
        let awards = allocate(&self.lots[index].bids, units, self.rules.format.direction());
        awards.last().filter(|_| given(&awards) == units).map(|award| award.price)
    }

    /// How many units of a lot nobody has accepted yet.
    pub fn units_left(&self, index: usize) -> Units {
        let lot = &self.lots[index];
        let taken: Units = lot.bids.iter().chain(&lot.taker).map(|bid| bid.units).sum();
        self.rules.lots[index].units.saturating_sub(taken)
    }

    /// What a bid has to reach for the lot to be sold for it.
    pub fn least(&self, index: usize) -> Price {
        let lot = &self.rules.lots[index];
        lot.fall.map(|fall| fall.floor).or(lot.reserve).unwrap_or(lot.start)
    }

    /// What the parts of a hybrid auction have brought so far.
    pub fn hybrid(&self, index: usize) -> Hybrid<'_> {
        let lot = &self.lots[index];
        Hybrid { accepted: lot.accepted.unwrap_or(0), taker: lot.taker.as_ref(), sealed: &lot.bids }
    }

    /// In which part a lot begins.
    pub fn first_phase(&self) -> Phase {
        match self.rules.format {
            Format::English | Format::ReverseEnglish => Phase::Bidding,
            Format::Dutch | Format::Hybrid => Phase::Falling,
            Format::SealedFirstPrice | Format::SealedSecondPrice => Phase::Sealing,
        }
    }
}
