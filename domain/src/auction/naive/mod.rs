//! The rules of auctions once more, by brute force: a lot is the list of all that was done to it, and everything else is worked out anew
//! from that list and the time whenever it is asked for.

mod command;

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::*;
use crate::kernel::{AuctionId, OrganisationId, Timestamp};

/// Who gets how many units at what price.
pub type Share = (OrganisationId, Units, Price);

/// How a lot closed.
pub type Ending = (Outcome, Vec<Share>);

#[derive(Debug, Default)]
pub struct Naive {
    pub auctions: BTreeMap<AuctionId, NaiveAuction>,
    pub suspended: Vec<OrganisationId>,
}

#[derive(Debug)]
pub struct NaiveAuction {
    pub id: AuctionId,
    pub seller: OrganisationId,
    pub rules: Rules,
    /// With whether the deposit is covered and whether the company was withdrawn.
    pub admitted: BTreeMap<OrganisationId, (bool, bool)>,
    pub lots: Vec<NaiveLot>,
}

#[derive(Debug, Default)]
pub struct NaiveLot {
    pub deeds: Vec<Deed>,
    pub closed: Option<Ending>,
}

#[derive(Debug, Clone)]
pub struct Deed {
    pub company: OrganisationId,
    pub at: Timestamp,
    pub what: Done,
}

#[derive(Debug, Clone)]
pub enum Done {
    /// The open offer, unless its company led; the maximum; units.
    Bid(Option<Price>, Price, Units),
    BuyNow,
    Accept(Price, Units),
    Seal(Digest),
    Unseal,
    /// The sealed bids were opened, and that is what is valid of them: by its place in the list, its price and units.
    Opened(Vec<(usize, Price, Units)>),
    Top(Price),
    StrikeOut,
}

/// What somebody bids, and since when: the place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Live {
    pub company: OrganisationId,
    pub place: usize,
    pub offer: Price,
    pub maximum: Price,
    pub units: Units,
}

impl NaiveAuction {
    fn up(&self) -> bool {
        self.rules.format != Format::ReverseEnglish
    }

    /// Whether a price is strictly better than another.
    pub fn better(&self, one: Price, other: Price) -> bool {
        if self.up() { one > other } else { one < other }
    }

    fn best_of(&self, one: Price, other: Price) -> Price {
        if self.better(one, other) { one } else { other }
    }

    fn worst_of(&self, one: Price, other: Price) -> Price {
        if self.better(one, other) { other } else { one }
    }

    pub fn next(&self, lot: usize, price: Price) -> Price {
        let step = self.rules.increments.step(price, self.rules.lots[lot].start);
        if self.up() { price + step } else { (price - step).max(0) }
    }

    /// The deeds that count: those of struck out companies before that are gone.
    fn counted(&self, lot: usize, until: usize) -> Vec<(usize, &Deed)> {
        let deeds = &self.lots[lot].deeds[..until];
        let gone = |place: usize, deed: &Deed| {
            deeds[place..].iter().any(|later| later.company == deed.company && matches!(later.what, Done::StrikeOut))
        };
        deeds.iter().enumerate().filter(|(place, deed)| !gone(*place, deed)).collect()
    }

    /// The last open bid of each company among the first deeds of a lot.
    pub fn live_bids(&self, lot: usize, until: usize) -> Vec<Live> {
        let mut live: Vec<Live> = Vec::new();
        for (place, deed) in self.counted(lot, until) {
            let Done::Bid(offer, maximum, units) = deed.what else { continue };
            let before = live.iter().position(|bid| bid.company == deed.company).map(|index| live.remove(index));
            let offer = offer.or(before.map(|bid| bid.offer)).unwrap();
            live.push(Live { company: deed.company, place, offer, maximum, units });
        }
        live
    }

    /// Who would lead by the first deeds, and at what price if nothing had stood before.
    fn formula(&self, lot: usize, until: usize) -> Option<(OrganisationId, Price, Price)> {
        let live = self.live_bids(lot, until);
        let beats = |one: &Live, other: &Live| {
            self.better(one.maximum, other.maximum) || one.maximum == other.maximum && one.place < other.place
        };
        let leader =
            live.iter().find(|one| live.iter().all(|other| one.company == other.company || beats(one, other)))?;
        let rivals = live.iter().filter(|bid| bid.company != leader.company);
        let second = rivals.map(|bid| bid.maximum).reduce(|one, other| self.best_of(one, other));
        let mut price = leader.offer;
        if let Some(second) = second {
            price = self.best_of(price, self.worst_of(leader.maximum, self.next(lot, second)));
        }
        if let Some(reserve) = self.rules.lots[lot].reserve.filter(|reserve| !self.better(*reserve, leader.maximum)) {
            price = self.best_of(price, reserve);
        }
        Some((leader.company, price, leader.maximum))
    }

    /// Who leads a lot of one unit after the first deeds, at what price, and its maximum: the price never goes back but when somebody is
    /// struck out.
    pub fn standing(&self, lot: usize, until: usize) -> Option<(OrganisationId, Price, Price)> {
        let deeds = &self.lots[lot].deeds[..until];
        let since = deeds.iter().rposition(|deed| matches!(deed.what, Done::StrikeOut)).map_or(0, |place| place + 1);
        let (leader, _, maximum) = self.formula(lot, until)?;
        let reached = self.rules.lots[lot].reserve.filter(|reserve| !self.better(*reserve, maximum));
        let prices = (since..=until).filter_map(|until| match deeds[..until].last() {
            // A leader that moves its maximum alone moves the price to the reserve at most.
            Some(Deed { what: Done::Bid(None, ..), .. }) if until > since => reached,
            _ => self.formula(lot, until).map(|(_, price, _)| price),
        });
        Some((leader, prices.reduce(|one, other| self.best_of(one, other))?, maximum))
    }

    /// Units one by one to the best of the bids, the earlier of equal ones first.
    pub fn share_out(&self, lot: usize, bids: &[Live]) -> Vec<Share> {
        let mut left: Vec<Live> = bids.to_vec();
        let mut given: Vec<Share> = Vec::new();
        let mut units = self.rules.lots[lot].units;
        while units > 0 && !left.is_empty() {
            let first = (0..left.len()).reduce(|one, other| {
                let (a, b) = (&left[one], &left[other]);
                let other_first = self.better(b.offer, a.offer) || a.offer == b.offer && b.place < a.place;
                if other_first { other } else { one }
            });
            let best = left.remove(first.unwrap());
            given.push((best.company, best.units.min(units), best.offer));
            units -= best.units.min(units);
        }
        given
    }

    /// The acceptances that count.
    pub fn accepted(&self, lot: usize) -> Vec<Live> {
        let counted = self.counted(lot, self.lots[lot].deeds.len());
        let accepted = counted.into_iter().filter_map(|(place, deed)| match deed.what {
            Done::Accept(price, units) => {
                Some(Live { company: deed.company, place, offer: price, maximum: price, units })
            }
            _ => None,
        });
        accepted.collect()
    }

    /// The sealed bids that wait, by place and company.
    pub fn waiting(&self, lot: usize) -> Vec<(usize, OrganisationId, Digest)> {
        let mut waiting: Vec<(usize, OrganisationId, Digest)> = Vec::new();
        for (place, deed) in self.counted(lot, self.lots[lot].deeds.len()) {
            match deed.what {
                Done::Seal(commitment) => {
                    waiting.retain(|(_, company, _)| *company != deed.company);
                    waiting.push((place, deed.company, commitment));
                }
                Done::Unseal => waiting.retain(|(_, company, _)| *company != deed.company),
                _ => {}
            }
        }
        waiting
    }

    /// The opened bids that are valid and of companies that were not struck out since.
    pub fn opened(&self, lot: usize) -> Vec<Live> {
        let deeds = &self.lots[lot].deeds;
        let waiting = self.waiting(lot);
        let valid = deeds.iter().find_map(|deed| match &deed.what {
            Done::Opened(valid) => Some(valid.clone()),
            _ => None,
        });
        let mut opened = Vec::new();
        for (place, price, units) in valid.unwrap_or_default() {
            if waiting.iter().any(|(waits, _, _)| *waits == place) {
                let company = deeds[place].company;
                opened.push(Live { company, place, offer: price, maximum: price, units });
            }
        }
        opened
    }

    fn when(&self, lot: usize, wanted: fn(&Done) -> bool) -> Option<Timestamp> {
        self.lots[lot].deeds.iter().find(|deed| wanted(&deed.what)).map(|deed| deed.at)
    }

    /// The price that was accepted in the first part of a hybrid auction, by whomever.
    pub fn accepted_price(&self, lot: usize) -> Option<Price> {
        self.lots[lot].deeds.iter().find_map(|deed| match deed.what {
            Done::Accept(price, _) => Some(price),
            _ => None,
        })
    }

    /// The part in which a lot is after all that is due was done, and the end of it.
    pub fn part(&self, lot: usize, now: Timestamp) -> (&'static str, Timestamp) {
        let format = self.rules.format;
        let later = |at: Timestamp, seconds: u32| at + TimeDelta::seconds(seconds.into());
        let accepted = self.when(lot, |done| matches!(done, Done::Accept(..)));
        let opened = self.when(lot, |done| matches!(done, Done::Opened(_)));
        let (mut part, mut end) = ("scheduled", self.rules.ends(lot));
        if now >= self.rules.opens(lot) {
            part = match format {
                Format::English | Format::ReverseEnglish => "bidding",
                Format::Dutch | Format::Hybrid => "falling",
                Format::SealedFirstPrice | Format::SealedSecondPrice => "sealing",
            };
        }
        if format.is_open() {
            end = self.end(lot);
        }
        if let (Format::Hybrid, Some(accepted), Some(parts)) = (format, accepted, self.rules.parts) {
            (part, end) = ("sealing", later(accepted, parts.sealed));
            if let Some(opened) = opened {
                (part, end) = ("topping", later(opened, parts.topping));
            }
        }
        if part == "sealing" && now >= end && opened.is_none() {
            part = "opening";
        }
        if self.lots[lot].closed.is_some() {
            part = "closed";
        }
        (part, end)
    }

    /// The end of open bidding: each bid that improved in the last seconds has moved it.
    fn end(&self, lot: usize) -> Timestamp {
        let mut end = self.rules.ends(lot);
        let Some(soft) = self.rules.soft_close else { return end };
        let one = self.rules.lots[lot].units == 1;
        for (place, deed) in self.lots[lot].deeds.iter().enumerate() {
            if !matches!(deed.what, Done::Bid(..)) {
                continue;
            }
            let shown = |until| self.standing(lot, until).map(|(leader, price, _)| (leader, price));
            if one && shown(place) == shown(place + 1) {
                continue;
            }
            let moved = deed.at + TimeDelta::seconds(soft.seconds.into());
            end = end.max(self.rules.final_end(lot).map_or(moved, |last| moved.min(last)));
        }
        end
    }

    /// How a lot closes now.
    pub fn decide(&self, lot: usize) -> Ending {
        let rules = &self.rules.lots[lot];
        let until = self.lots[lot].deeds.len();
        let least = rules.reserve.unwrap_or(rules.start);
        let sold = |company, price| (Outcome::Sold, vec![(company, 1, price)]);
        let lost = |any: bool| (if any { Outcome::ReserveNotMet } else { Outcome::NoBids }, Vec::new());
        match self.rules.format {
            Format::English | Format::ReverseEnglish if rules.units == 1 => match self.standing(lot, until) {
                None => lost(false),
                Some((_, price, _)) if self.better(least, price) && rules.reserve.is_some() => lost(true),
                Some((leader, price, _)) => sold(leader, price),
            },
            Format::English | Format::ReverseEnglish => self.decide_units(lot, &self.live_bids(lot, until), least),
            Format::Dutch => self.decide_units(lot, &self.accepted(lot), 0),
            Format::SealedFirstPrice => self.decide_units(lot, &self.opened(lot), least),
            Format::SealedSecondPrice => {
                let bids = self.opened(lot);
                let Some(best) = first(&bids).filter(|best| best.offer >= least) else { return lost(!bids.is_empty()) };
                let second = bids.iter().filter(|bid| bid.company != best.company).map(|bid| bid.offer).max();
                sold(best.company, second.map_or(least, |second| second.max(least)))
            }
            Format::Hybrid => {
                let (sealed, taker) = (self.opened(lot), self.accepted(lot));
                first(&sealed).or(taker.first()).map_or(lost(false), |best| sold(best.company, best.offer))
            }
        }
    }

    fn decide_units(&self, lot: usize, bids: &[Live], least: Price) -> Ending {
        let enough: Vec<Live> = bids.iter().filter(|bid| !self.better(least, bid.offer)).copied().collect();
        let mut given = self.share_out(lot, &enough);
        let total: Units = given.iter().map(|(_, units, _)| units).sum();
        if given.is_empty() {
            return (if bids.is_empty() { Outcome::NoBids } else { Outcome::ReserveNotMet }, given);
        }
        if total < self.rules.lots[lot].units && self.rules.undersubscribed == Undersubscribed::Cancel {
            return (Outcome::Undersubscribed, Vec::new());
        }
        if self.rules.pricing == Pricing::UniformPrice {
            let last = given.last().unwrap().2;
            given.iter_mut().for_each(|(_, _, price)| *price = last);
        }
        (Outcome::Sold, given)
    }
}

/// The highest, of equal ones the earliest.
pub fn first(bids: &[Live]) -> Option<&Live> {
    bids.iter().reduce(|one, other| {
        if other.offer > one.offer || other.offer == one.offer && other.place < one.place { other } else { one }
    })
}
