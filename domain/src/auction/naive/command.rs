//! What the naive twin does with commands.

use super::super::*;
use super::{Deed, Done, Live, Naive, NaiveAuction, NaiveLot, first};
use crate::kernel::{OrganisationId, Timestamp};

impl Naive {
    /// Judges and does a command; what is due was done before.
    pub fn apply(&mut self, command: &Command, now: Timestamp) -> Result<(), Rejection> {
        match *command {
            Command::List { auction, seller, ref rules, .. } => {
                let lots = rules.lots.iter().map(|_| NaiveLot::default()).collect();
                let (rules, admitted) = (Rules::clone(rules), Default::default());
                self.auctions.insert(auction, NaiveAuction { id: auction, seller, rules, admitted, lots });
                Ok(())
            }
            Command::Admit { auction, company, deposit_covered, .. } => {
                self.check_suspended(company)?;
                let auction = self.auctions.get_mut(&auction).ok_or(Rejection::UnknownAuction)?;
                if company == auction.seller {
                    return Err(Rejection::OwnAuction);
                }
                auction.admitted.insert(company, (deposit_covered, false));
                Ok(())
            }
            Command::Withdraw { auction, company } => {
                let auction = self.auctions.get_mut(&auction).ok_or(Rejection::UnknownAuction)?;
                auction.admitted.get_mut(&company).ok_or(Rejection::NotQualified)?.1 = true;
                auction.strike_out(company, now);
                Ok(())
            }
            Command::Suspend { company } => {
                self.suspended.push(company);
                self.auctions.values_mut().for_each(|auction| auction.strike_out(company, now));
                Ok(())
            }
            Command::Reinstate { company } => {
                self.suspended.retain(|suspended| *suspended != company);
                Ok(())
            }
            Command::Tick => {
                self.auctions.values_mut().for_each(|auction| auction.settle(now));
                Ok(())
            }
            Command::Cancel { auction } => {
                let auction = self.auctions.get_mut(&auction).ok_or(Rejection::UnknownAuction)?;
                if auction.lots.iter().all(|lot| lot.closed.is_some()) {
                    return Err(Rejection::TooLate);
                }
                for lot in auction.lots.iter_mut().filter(|lot| lot.closed.is_none()) {
                    lot.closed = Some((Outcome::Cancelled, Vec::new()));
                }
                Ok(())
            }
            Command::Forget { .. } => Ok(()),
            _ => self.act(command, now),
        }
    }

    fn check_suspended(&self, company: OrganisationId) -> Result<(), Rejection> {
        if self.suspended.contains(&company) { Err(Rejection::CompanySuspended) } else { Ok(()) }
    }

    fn act(&mut self, command: &Command, now: Timestamp) -> Result<(), Rejection> {
        let (auction, lot, company) = match *command {
            Command::Bid { auction, lot, company, .. }
            | Command::BuyNow { auction, lot, company, .. }
            | Command::Accept { auction, lot, company, .. }
            | Command::Seal { auction, lot, company, .. }
            | Command::Unseal { auction, lot, company }
            | Command::Top { auction, lot, company, .. } => (auction, lot, Some(company)),
            Command::Open { auction, lot, .. } => (auction, lot, None),
            _ => unreachable!(),
        };
        company.map_or(Ok(()), |company| self.check_suspended(company))?;
        let auction = self.auctions.get_mut(&auction).ok_or(Rejection::UnknownAuction)?;
        let lot = usize::from(lot).checked_sub(1).filter(|lot| *lot < auction.lots.len());
        let lot = lot.ok_or(Rejection::UnknownLot)?;
        let Some(company) = company else { return auction.open(lot, command, now) };
        auction.check_bidder(company)?;
        let what = auction.judge(lot, company, command, now)?;
        auction.lots[lot].deeds.push(Deed { company, at: now, what: what.clone() });
        match what {
            Done::BuyNow => auction.close(lot, (company, auction.rules.lots[lot].buy_now.unwrap())),
            Done::Top(price) => auction.close(lot, (company, price)),
            _ => auction.settle(now),
        }
        Ok(())
    }
}

impl NaiveAuction {
    fn check_bidder(&self, company: OrganisationId) -> Result<(), Rejection> {
        if company == self.seller {
            return Err(Rejection::OwnAuction);
        }
        let (covered, withdrawn) = *self.admitted.get(&company).ok_or(Rejection::NotQualified)?;
        if withdrawn {
            return Err(Rejection::Withdrawn);
        }
        if self.rules.deposit > 0 && !covered { Err(Rejection::DepositNotCovered) } else { Ok(()) }
    }

    fn close(&mut self, lot: usize, (company, price): (OrganisationId, Price)) {
        self.lots[lot].closed = Some((Outcome::Sold, vec![(company, 1, price)]));
    }

    /// Closes what is over.
    fn settle(&mut self, now: Timestamp) {
        for lot in 0..self.lots.len() {
            let (part, end) = self.part(lot, now);
            let all_gone = self.rules.format == Format::Dutch && self.left(lot) == 0;
            let over = match part {
                "bidding" | "falling" => now >= end || all_gone,
                "opening" => self.waiting(lot).is_empty(),
                "topping" => now >= end || self.opened(lot).is_empty() || self.accepted(lot).is_empty(),
                _ => false,
            };
            // Once the host was told to open, there is something to open, even nothing.
            if over && !(part == "opening" && self.lots[lot].deeds.iter().any(|deed| deed.at >= end)) {
                self.lots[lot].closed = Some(self.decide(lot));
            }
        }
    }

    fn left(&self, lot: usize) -> Units {
        self.rules.lots[lot].units - self.accepted(lot).iter().map(|bid| bid.units).sum::<Units>()
    }

    fn strike_out(&mut self, company: OrganisationId, now: Timestamp) {
        for lot in 0..self.lots.len() {
            let (until, part) = (self.lots[lot].deeds.len(), self.part(lot, now).0);
            let bids = self.live_bids(lot, until).into_iter().chain(self.accepted(lot)).chain(self.opened(lot));
            let mut companies = bids.map(|bid| bid.company).collect::<Vec<_>>();
            if part != "topping" {
                companies.extend(self.waiting(lot).into_iter().map(|(_, company, _)| company));
            }
            if part != "closed" && companies.contains(&company) {
                self.lots[lot].deeds.push(Deed { company, at: now, what: Done::StrikeOut });
            }
        }
        if self.admitted.contains_key(&company) {
            self.settle_topping(now);
        }
    }

    fn settle_topping(&mut self, now: Timestamp) {
        for lot in 0..self.lots.len() {
            let is_over = self.opened(lot).is_empty() || self.accepted(lot).is_empty();
            if self.part(lot, now).0 == "topping" && is_over {
                self.lots[lot].closed = Some(self.decide(lot));
            }
        }
    }

    /// Whether a lot is in a part, or why not.
    fn check_part(&self, lot: usize, wanted: &str, now: Timestamp) -> Result<(), Rejection> {
        let (part, end) = self.part(lot, now);
        match part {
            "closed" | "opening" => Err(Rejection::TooLate),
            part if part != "scheduled" && now >= end => Err(Rejection::TooLate),
            part if part == wanted => Ok(()),
            _ => Err(Rejection::NotOpen),
        }
    }

    fn judge(&self, lot: usize, company: OrganisationId, command: &Command, now: Timestamp) -> Result<Done, Rejection> {
        let format = self.rules.format;
        let takes = |fits: bool| if fits { Ok(()) } else { Err(Rejection::WrongFormat) };
        match *command {
            Command::Bid { ref bid, .. } => {
                takes(format.is_open())?;
                self.check_part(lot, "bidding", now)?;
                self.judge_bid(lot, company, bid)
            }
            Command::BuyNow { .. } => {
                takes(format == Format::English)?;
                self.rules.lots[lot].buy_now.ok_or(Rejection::NoBuyNow)?;
                self.check_part(lot, "bidding", now)?;
                let reserve = self.rules.lots[lot].reserve;
                let standing = self.standing(lot, self.lots[lot].deeds.len());
                let met = standing.is_some_and(|(_, price, _)| reserve.is_none_or(|reserve| price >= reserve));
                if met { Err(Rejection::BuyNowGone) } else { Ok(Done::BuyNow) }
            }
            Command::Accept { price, units, .. } => {
                takes(format.falls())?;
                self.check_part(lot, "falling", now)?;
                self.judge_acceptance(lot, price, units, now)
            }
            Command::Seal { ref sealed, .. } => {
                takes(format.is_sealed() || format == Format::Hybrid)?;
                self.check_part(lot, "sealing", now)?;
                self.check_taker(lot, company)?;
                Ok(Done::Seal(sealed.commitment))
            }
            Command::Unseal { .. } => {
                takes(format.is_sealed() || format == Format::Hybrid)?;
                self.check_part(lot, "sealing", now)?;
                self.check_taker(lot, company)?;
                let waits = self.waiting(lot).iter().any(|(_, waiting, _)| *waiting == company);
                if waits { Ok(Done::Unseal) } else { Err(Rejection::UnknownBid) }
            }
            Command::Top { price, .. } => {
                takes(format == Format::Hybrid)?;
                self.check_part(lot, "topping", now)?;
                if self.accepted(lot).iter().all(|taker| taker.company != company) {
                    return Err(Rejection::NotToTop);
                }
                let best = first(&self.opened(lot)).unwrap().offer;
                if price < self.next(lot, best) { Err(Rejection::TooLow) } else { Ok(Done::Top(price)) }
            }
            _ => unreachable!(),
        }
    }

    fn check_taker(&self, lot: usize, company: OrganisationId) -> Result<(), Rejection> {
        let taken = self.accepted(lot).iter().any(|taker| taker.company == company);
        if taken { Err(Rejection::AcceptedAlready) } else { Ok(()) }
    }

    fn judge_acceptance(&self, lot: usize, price: Price, units: Units, now: Timestamp) -> Result<Done, Rejection> {
        let rules = &self.rules.lots[lot];
        let fall = rules.fall.unwrap();
        let passed = (now - self.rules.opens(lot)).num_seconds() / i64::from(self.rules.interval.unwrap());
        if !(1..=rules.units).contains(&units) {
            return Err(Rejection::UnitsOutOfRange);
        }
        if price != (rules.start - fall.step * passed).max(fall.floor) {
            return Err(Rejection::NotCurrentPrice);
        }
        if units > self.left(lot) { Err(Rejection::UnitsGone) } else { Ok(Done::Accept(price, units)) }
    }

    fn judge_bid(&self, lot: usize, company: OrganisationId, bid: &NewBid) -> Result<Done, Rejection> {
        let (rules, until) = (&self.rules.lots[lot], self.lots[lot].deeds.len());
        if !(1..=rules.units).contains(&bid.units) {
            return Err(Rejection::UnitsOutOfRange);
        }
        if bid.maximum.is_some() && !self.rules.proxy {
            return Err(Rejection::NoProxy);
        }
        if rules.units > 1 {
            return self.judge_bid_for_units(lot, company, bid);
        }
        let maximum = bid.maximum.or(bid.price).ok_or(Rejection::PriceMissing)?;
        if bid.price.is_some_and(|price| self.better(price, maximum)) {
            return Err(Rejection::MaximumBelowPrice);
        }
        let standing = self.standing(lot, until);
        let base = standing.map_or(rules.start, |(_, price, _)| price);
        if let Some((_, _, led)) = standing.filter(|(leader, _, _)| *leader == company) {
            if !self.rules.proxy {
                return Err(Rejection::AlreadyLeads);
            }
            return if self.better(maximum, led) { Ok(Done::Bid(None, maximum, 1)) } else { Err(Rejection::NotRaised) };
        }
        let minimum = if standing.is_some() { self.next(lot, base) } else { base };
        let offer = bid.price.unwrap_or(minimum);
        if self.better(minimum, offer) || self.better(offer, maximum) {
            return Err(Rejection::TooLow);
        }
        self.check_most(lot, base, offer)?;
        Ok(Done::Bid(Some(offer), maximum, 1))
    }

    fn check_most(&self, lot: usize, base: Price, offer: Price) -> Result<(), Rejection> {
        let most = self.rules.increments.most(self.rules.lots[lot].start);
        match most {
            Some(most) if (offer - base).abs() > most => Err(Rejection::StepTooLarge),
            _ => Ok(()),
        }
    }

    fn judge_bid_for_units(&self, lot: usize, company: OrganisationId, bid: &NewBid) -> Result<Done, Rejection> {
        let rules = &self.rules.lots[lot];
        let price = bid.price.ok_or(Rejection::PriceMissing)?;
        let live = self.live_bids(lot, self.lots[lot].deeds.len());
        if let Some(own) = live.iter().find(|own| own.company == company) {
            let same = price == own.offer && bid.units == own.units;
            if same || self.better(own.offer, price) || bid.units < own.units {
                return Err(Rejection::NotRaised);
            }
        }
        let others: Vec<Live> = live.into_iter().filter(|other| other.company != company).collect();
        let given = self.share_out(lot, &others);
        let covered = given.iter().map(|(_, units, _)| units).sum::<Units>() == rules.units;
        let base = if covered { given.last().unwrap().2 } else { rules.start };
        let minimum = if covered { self.next(lot, base) } else { base };
        if self.better(minimum, price) {
            return Err(Rejection::TooLow);
        }
        self.check_most(lot, base, price)?;
        Ok(Done::Bid(Some(price), price, bid.units))
    }

    fn open(&mut self, lot: usize, command: &Command, now: Timestamp) -> Result<(), Rejection> {
        let Command::Open { ref plain, .. } = *command else { unreachable!() };
        if self.part(lot, now).0 != "opening" {
            return Err(Rejection::NotToOpen);
        }
        let rules = self.rules.lots[lot];
        let least = self.accepted_price(lot).map_or(rules.start, |accepted| accepted + 1);
        let mut valid = Vec::new();
        for (place, bidder, published) in self.waiting(lot) {
            let Some(plain) = plain.iter().find(|plain| plain.number.0 as usize == place + 1) else { continue };
            let Plain { price, units, nonce, .. } = *plain;
            let bid = Committed { auction: self.id, lot: lot as LotNumber + 1, bidder, price, units };
            let true_to = commitment(&bid, &nonce) == published;
            if true_to && price >= least && (1..=rules.units).contains(&units) {
                valid.push((place, price, units));
            }
        }
        let topped = self.rules.format == Format::Hybrid && !valid.is_empty() && !self.accepted(lot).is_empty();
        self.lots[lot].deeds.push(Deed { company: self.seller, at: now, what: Done::Opened(valid) });
        if !topped {
            self.lots[lot].closed = Some(self.decide(lot));
        }
        Ok(())
    }
}
