//! By which rules an auction runs, as the machine needs them.

use chrono::{Datelike, TimeDelta};
use serde::{Deserialize, Serialize};

use super::bid::LotNumber;
use super::dutch::Clock;
use super::english::Ladder;
use super::format::{Access, Disclosure, Format, Pricing, Undersubscribed};
use super::increments::Increments;
use super::price::{MAX_PRICE, MAX_UNITS, Price, Units, amount};
use super::rejection::Rejection;
use crate::kernel::{Currency, Timestamp};

/// A late bid moves the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoftClose {
    /// A bid that improves in the last so many seconds moves the end to so many seconds after it.
    pub seconds: u32,
    /// The end of the first lot never moves beyond; that of each other lot a stagger later.
    pub final_end: Option<Timestamp>,
}

/// How far the price of a lot falls, in a Dutch auction or in the first part of a hybrid one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fall {
    pub step: Price,
    /// Where it stops.
    pub floor: Price,
}

/// How long the later parts of a hybrid auction take, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// From the acceptance of a price until the sealed bids are opened.
    pub sealed: u32,
    /// From then on, for who accepted the price to top the best of them.
    pub topping: u32,
}

/// One lot of an auction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotRules {
    /// How many equal units; 1 for a lot that is sold as a whole.
    pub units: Units,
    /// Of one unit, as all prices.
    pub start: Price,
    /// Below it (above it in a reverse auction) nothing is sold; hidden, only whether it is met is shown.
    pub reserve: Option<Price>,
    /// Ends the auction at once at this price, until the first bid reaches the reserve, or without a reserve until the first bid.
    pub buy_now: Option<Price>,
    /// In formats where the price falls.
    pub fall: Option<Fall>,
}

/// The rules of an auction with all its lots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    pub format: Format,
    pub pricing: Pricing,
    pub currency: Currency,
    pub opens_at: Timestamp,
    /// The end of the first lot, before extensions; `None` in formats that begin with a falling price, whose end follows from the price.
    pub closes_at: Option<Timestamp>,
    /// Each lot closes so many seconds after the one before it; where the price falls, it begins to so many seconds later.
    pub stagger: u32,
    pub increments: Increments,
    /// Whether bidders may name a maximum.
    pub proxy: bool,
    pub soft_close: Option<SoftClose>,
    /// Seconds for which each price stands, where it falls.
    pub interval: Option<u32>,
    pub parts: Option<Parts>,
    pub undersubscribed: Undersubscribed,
    pub disclosure: Disclosure,
    pub access: Access,
    /// What a bidder has to have deposited before it bids, in minor units; 0 for nothing.
    pub deposit: Price,
    pub lots: Vec<LotRules>,
}

/// The most lots of one auction.
pub const MAX_LOTS: usize = 1_000;

/// The most steps in which a price falls.
pub const MAX_STEPS: i64 = 100_000;

/// The longest time between two instants of an auction, in seconds: a year.
pub const LONGEST: u32 = 366 * 24 * 3600;

impl Fall {
    /// Whether a price can fall so from that start: some way, and in no more than [`MAX_STEPS`].
    pub fn fits(&self, start: Price) -> bool {
        self.step >= 1 && (1..start).contains(&self.floor) && (start - self.floor) / self.step < MAX_STEPS
    }

    /// How many seconds a fall from that start takes, with an interval for each price, or a little more. It has to fit.
    pub fn seconds(&self, start: Price, interval: u32) -> i64 {
        ((start - self.floor) / self.step.max(1) + 2).saturating_mul(i64::from(interval))
    }
}

impl Rules {
    /// Refuses rules that contradict each other or are out of range; [`super::AuctionInput`] says which.
    pub fn check(&self) -> Result<(), Rejection> {
        self.increments.check()?;
        let lots = (1..=MAX_LOTS).contains(&self.lots.len()) && self.lots.iter().all(|lot| self.lot_fits(lot));
        let seconds = |seconds: u32| (1..=LONGEST).contains(&seconds);
        let soft = self.soft_close.is_none_or(|soft| {
            self.format.is_open()
                && seconds(soft.seconds)
                && soft.final_end.is_none_or(|end| self.closes_at.is_some_and(|close| close <= end))
        });
        let falls = self.format.falls();
        let interval = self.interval.is_some() == falls && self.interval.is_none_or(seconds);
        let parts = self.parts.is_some_and(|parts| seconds(parts.sealed) && seconds(parts.topping));
        let times = self.times_fit() && self.closes_at.is_some() != falls && interval;
        let parts = parts == (self.format == Format::Hybrid) && self.parts.is_some() == parts;
        let proxy = !self.proxy || self.format.is_open() && self.increments.most(1).is_none();
        let deposit = (0..=MAX_PRICE).contains(&self.deposit);
        if lots && soft && times && parts && proxy && deposit { Ok(()) } else { Err(Rejection::InvalidRules) }
    }

    /// Whether the end follows the opening, and nothing takes longer than a year: instants stay within what can be counted and written.
    fn times_fit(&self) -> bool {
        let year = i64::from(LONGEST);
        let passed = |end: Timestamp| (end - self.opens_at).num_seconds();
        let close = self.closes_at.is_none_or(|close| close > self.opens_at && passed(close) <= year);
        let last = self.soft_close.and_then(|soft| soft.final_end).is_none_or(|end| passed(end) <= 2 * year);
        let stagger = i64::from(self.stagger) * self.lots.len() as i64 <= year;
        (1970..=9999).contains(&self.opens_at.year()) && close && last && stagger
    }

    fn lot_fits(&self, lot: &LotRules) -> bool {
        let direction = self.format.direction();
        let price = |price: Price| (1..=MAX_PRICE).contains(&price);
        let several = lot.units > 1;
        let units = (1..=MAX_UNITS).contains(&lot.units)
            && amount(lot.start, lot.units).is_some()
            && (!several || self.format.takes_units() && !self.proxy);
        let reserve = lot
            .reserve
            .is_none_or(|reserve| price(reserve) && direction.reaches(reserve, lot.start) && !self.format.falls());
        let buy_now = lot.buy_now.is_none_or(|buy| {
            let best = lot.reserve.unwrap_or(lot.start);
            price(buy) && self.format == Format::English && !several && buy >= best
        });
        let interval = self.interval.unwrap_or(1);
        let fall =
            lot.fall.is_none_or(|fall| fall.fits(lot.start) && fall.seconds(lot.start, interval) <= LONGEST.into())
                && lot.fall.is_some() == self.format.falls();
        price(lot.start) && units && reserve && buy_now && fall
    }

    /// How much later than the first lot a lot ends, or its price begins to fall.
    fn stagger_of(&self, index: usize) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.stagger).saturating_mul(index as i64))
    }

    /// When a lot opens; `index` counts from 0.
    pub fn opens(&self, index: usize) -> Timestamp {
        if self.format.falls() { self.opens_at + self.stagger_of(index) } else { self.opens_at }
    }

    /// When a lot ends if nothing moves its end; for a hybrid auction its first part.
    pub fn ends(&self, index: usize) -> Timestamp {
        match (self.closes_at, self.clock(index)) {
            (Some(close), _) => close + self.stagger_of(index),
            (None, Some(clock)) => clock.ends_at(),
            // No rules that passed the checks have neither.
            (None, None) => self.opens_at,
        }
    }

    /// When the last lot ends if nothing moves its end; with all parts of a hybrid auction.
    pub fn last_end(&self) -> Timestamp {
        let parts = self.parts.map_or(0, |parts| i64::from(parts.sealed) + i64::from(parts.topping));
        let ends = (0..self.lots.len()).map(|index| self.ends(index)).max();
        ends.unwrap_or(self.opens_at) + TimeDelta::seconds(parts)
    }

    /// Beyond which the end of a lot never moves.
    pub fn final_end(&self, index: usize) -> Option<Timestamp> {
        Some(self.soft_close?.final_end? + self.stagger_of(index))
    }

    /// How the price of a lot falls, where it does.
    pub fn clock(&self, index: usize) -> Option<Clock> {
        let lot = self.lots.get(index)?;
        let (Fall { step, floor }, interval) = (lot.fall?, self.interval?);
        Some(Clock { opens_at: self.opens(index), start: lot.start, floor, step, interval })
    }

    /// The steps in which bids on a lot follow each other.
    pub fn ladder(&self, index: usize) -> Ladder<'_> {
        let lot = &self.lots[index];
        let (direction, increments) = (self.format.direction(), &self.increments);
        Ladder { direction, start: lot.start, reserve: lot.reserve, increments }
    }

    /// The place of a lot by its number.
    pub fn index(&self, lot: LotNumber) -> Option<usize> {
        usize::from(lot).checked_sub(1).filter(|&index| index < self.lots.len())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::increments::Range;
    use super::*;

    pub fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    /// An English auction of one lot from 100 on, in steps of 10, from second 0 to second 3600; others fit what their format needs.
    pub fn rules(format: Format) -> Rules {
        let falls = format.falls();
        Rules {
            format,
            pricing: Pricing::PayAsBid,
            currency: Currency::parse("EUR").unwrap(),
            opens_at: at(0),
            closes_at: (!falls).then(|| at(3600)),
            stagger: 0,
            increments: Increments::Table(vec![Range { from: 0, step: 10 }]),
            proxy: format.is_open(),
            soft_close: None,
            interval: falls.then_some(60),
            parts: (format == Format::Hybrid).then_some(Parts { sealed: 600, topping: 300 }),
            undersubscribed: Undersubscribed::GoThrough,
            disclosure: Disclosure::Parties,
            access: Access::Open,
            deposit: 0,
            lots: vec![LotRules {
                units: 1,
                start: 100,
                reserve: None,
                buy_now: None,
                fall: falls.then_some(Fall { step: 10, floor: 50 }),
            }],
        }
    }

    #[test]
    fn rules_of_every_format_fit() {
        for format in Format::ALL {
            assert_eq!(rules(format).check(), Ok(()), "{format:?}");
        }
    }

    #[test]
    fn rules_that_contradict_each_other_are_refused() {
        let mut bad = Vec::new();
        let mut spoil = |format: Format, spoil: &dyn Fn(&mut Rules)| {
            let mut rules = rules(format);
            spoil(&mut rules);
            bad.push(rules);
        };
        spoil(Format::English, &|rules| rules.lots.clear());
        spoil(Format::English, &|rules| rules.closes_at = None);
        spoil(Format::English, &|rules| rules.closes_at = Some(at(0)));
        spoil(Format::English, &|rules| rules.closes_at = Some(at(366 * 24 * 3600 + 1)));
        spoil(Format::English, &|rules| rules.stagger = LONGEST + 1);
        spoil(Format::English, &|rules| rules.interval = Some(1));
        spoil(Format::English, &|rules| rules.parts = Some(Parts { sealed: 1, topping: 1 }));
        spoil(Format::English, &|rules| rules.lots[0].start = 0);
        spoil(Format::English, &|rules| rules.lots[0].units = 0);
        spoil(Format::English, &|rules| rules.lots[0].units = 2);
        spoil(Format::English, &|rules| rules.lots[0].reserve = Some(99));
        spoil(Format::English, &|rules| rules.lots[0].buy_now = Some(99));
        spoil(Format::English, &|rules| rules.lots[0].fall = Some(Fall { step: 10, floor: 50 }));
        spoil(Format::English, &|rules| rules.soft_close = Some(SoftClose { seconds: 0, final_end: None }));
        spoil(Format::English, &|rules| rules.soft_close = Some(SoftClose { seconds: 9, final_end: Some(at(9)) }));
        spoil(Format::English, &|rules| rules.increments = Increments::Share { least: 50, most: Some(500) });
        spoil(Format::English, &|rules| rules.deposit = -1);
        spoil(Format::ReverseEnglish, &|rules| rules.lots[0].reserve = Some(101));
        spoil(Format::ReverseEnglish, &|rules| rules.lots[0].buy_now = Some(101));
        spoil(Format::Dutch, &|rules| rules.closes_at = Some(at(9)));
        spoil(Format::Dutch, &|rules| rules.lots[0].fall = None);
        spoil(Format::Dutch, &|rules| rules.lots[0].fall = Some(Fall { step: 10, floor: 100 }));
        spoil(Format::Dutch, &|rules| rules.lots[0].reserve = Some(100));
        spoil(Format::Dutch, &|rules| rules.lots[0].fall = Some(Fall { step: 0, floor: 50 }));
        spoil(Format::Dutch, &|rules| rules.interval = None);
        spoil(Format::Dutch, &|rules| rules.interval = Some(LONGEST / 6));
        spoil(Format::Dutch, &|rules| rules.interval = Some(0));
        spoil(Format::Dutch, &|rules| rules.proxy = true);
        spoil(Format::SealedSecondPrice, &|rules| rules.lots[0].units = 2);
        spoil(Format::SealedFirstPrice, &|rules| rules.soft_close = Some(SoftClose { seconds: 9, final_end: None }));
        spoil(Format::Hybrid, &|rules| rules.parts = None);
        spoil(Format::Hybrid, &|rules| rules.lots[0].units = 2);
        for rules in bad {
            assert_eq!(rules.check(), Err(Rejection::InvalidRules), "{rules:?}");
        }
    }

    #[test]
    fn an_auction_ends_with_its_last_lot_and_its_last_part() {
        let mut english = Rules { stagger: 60, ..rules(Format::English) };
        english.lots.push(english.lots[0]);
        assert_eq!(english.last_end(), at(3660));
        assert_eq!(rules(Format::Hybrid).last_end(), at(360 + 600 + 300));
    }

    #[test]
    fn lots_close_staggered_or_begin_to_fall_so() {
        let mut english = Rules { stagger: 60, ..rules(Format::English) };
        english.soft_close = Some(SoftClose { seconds: 60, final_end: Some(at(4000)) });
        assert_eq!((english.opens(2), english.ends(2), english.final_end(2)), (at(0), at(3720), Some(at(4120))));
        let mut dutch = Rules { stagger: 60, ..rules(Format::Dutch) };
        dutch.lots.push(dutch.lots[0]);
        // Six prices, from 100 to 50, of a minute each.
        assert_eq!((dutch.opens(0), dutch.ends(0)), (at(0), at(360)));
        assert_eq!((dutch.opens(1), dutch.ends(1)), (at(60), at(420)));
    }
}
