//! All running auctions of a portal, as one deterministic state machine.

use std::collections::{BTreeMap, BTreeSet};

use super::accepting::Acceptance;
use super::bid::{LotNumber, Receipt};
use super::chain;
use super::command::Command;
use super::commitment::Digest;
use super::event::{Change, Event};
use super::lot::{Lot, Phase};
use super::rejection::Rejection;
use super::rules::Rules;
use super::sale::{Sale, lot_number};
use crate::kernel::{AuctionId, GroupId, OrganisationId, Timestamp};

/// What a command has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A bidder's act was taken.
    Receipt(Receipt),
    Done,
}

/// The state machine. Equal commands at equal times make equal states and equal events, bit for bit.
#[derive(Debug, Default)]
pub struct Auctions {
    pub(super) sales: BTreeMap<AuctionId, Sale>,
    pub(super) suspended: BTreeSet<OrganisationId>,
    /// When a lot has to be looked at; follows from the lots.
    pub(super) due: BTreeSet<(Timestamp, AuctionId, LotNumber)>,
}

/// Who publishes an auction.
#[derive(Debug, Clone, Copy)]
struct Seller {
    company: OrganisationId,
    group: Option<GroupId>,
    secret: Digest,
}

impl Auctions {
    /// Does what a command asks for, at a time that never goes back, and appends what happened to `events`; or refuses it, and has then
    /// changed and appended nothing.
    pub fn apply(&mut self, command: &Command, at: Timestamp, events: &mut Vec<Event>) -> Result<Answer, Rejection> {
        match *command {
            Command::List { auction, seller, group, secret, ref rules } => {
                self.list(auction, Seller { company: seller, group, secret }, rules, at, events)
            }
            Command::Admit { auction, company, group, deposit_covered } => {
                self.check_suspended(company)?;
                let sale = self.sales.get_mut(&auction).ok_or(Rejection::UnknownAuction)?;
                sale.admit(company, group, deposit_covered, events).map(|()| Answer::Done)
            }
            Command::Withdraw { auction, company } => {
                self.with_sale(auction, |sale| sale.withdraw(company, at, events))
            }
            Command::Suspend { company } => Ok(self.suspend(company, at, events)),
            Command::Reinstate { company } => {
                self.suspended.remove(&company);
                Ok(Answer::Done)
            }
            Command::Cancel { auction } => self.with_sale(auction, |sale| {
                if sale.is_over() {
                    return Err(Rejection::TooLate);
                }
                sale.cancel(at, events);
                Ok(())
            }),
            Command::Open { auction, lot, ref plain } => {
                self.with_lot(auction, lot, |sale, index| sale.open_sealed(index, plain, at, events))?;
                Ok(Answer::Done)
            }
            Command::Tick => Ok(self.tick(at, events)),
            Command::Forget { auction } => self.forget(auction),
            Command::Bid { auction, lot, company, ref bid } => {
                self.act(auction, lot, company, |sale, index| sale.bid(index, company, bid, at, events))
            }
            Command::BuyNow { auction, lot, company, currency } => {
                self.act(auction, lot, company, |sale, index| sale.buy_now(index, company, currency, at, events))
            }
            Command::Accept { auction, lot, company, price, units, currency } => {
                let acceptance = Acceptance { price, units, currency };
                self.act(auction, lot, company, |sale, index| sale.accept(index, company, acceptance, at, events))
            }
            Command::Seal { auction, lot, company, ref sealed } => {
                self.act(auction, lot, company, |sale, index| sale.seal(index, company, sealed, at, events))
            }
            Command::Unseal { auction, lot, company } => {
                self.act(auction, lot, company, |sale, index| sale.unseal(index, company, at, events))
            }
            Command::Top { auction, lot, company, price, currency } => {
                self.act(auction, lot, company, |sale, index| sale.top(index, company, (price, currency), at, events))
            }
        }
    }

    /// What a bidder does with a lot.
    fn act(
        &mut self,
        auction: AuctionId,
        lot: LotNumber,
        company: OrganisationId,
        act: impl FnOnce(&mut Sale, usize) -> Result<Receipt, Rejection>,
    ) -> Result<Answer, Rejection> {
        self.check_suspended(company)?;
        self.with_lot(auction, lot, act).map(Answer::Receipt)
    }

    /// When something is to be done by itself: by then the host gives [`Command::Tick`].
    pub fn due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _, _)| *at)
    }

    fn check_suspended(&self, company: OrganisationId) -> Result<(), Rejection> {
        if self.suspended.contains(&company) { Err(Rejection::CompanySuspended) } else { Ok(()) }
    }

    fn list(
        &mut self,
        auction: AuctionId,
        seller: Seller,
        rules: &Rules,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        rules.check()?;
        let known = self.sales.get(&auction);
        if known.is_some_and(|sale| sale.seller != seller.company) {
            return Err(Rejection::AlreadyExists);
        }
        if known.is_some_and(|sale| sale.lots.iter().any(|lot| lot.phase != Phase::Scheduled)) {
            return Err(Rejection::HasOpened);
        }
        let mut sale = self.begun(auction, seller, rules);
        for index in 0..sale.lots.len() {
            let (opens_at, ends_at) = (rules.opens(index), sale.lots[index].ends_at);
            self.due.insert((opens_at, auction, lot_number(index)));
            sale.tell(index, Change::Listed { opens_at, ends_at }, at, events);
        }
        self.sales.insert(auction, sale);
        Ok(Answer::Done)
    }

    /// An auction by those rules; what is there of it already goes on: its bidders, the secret, the numbers of changes.
    fn begun(&mut self, auction: AuctionId, seller: Seller, rules: &Rules) -> Sale {
        let Seller { company, group, secret } = seller;
        let known = self.sales.remove(&auction);
        for (index, lot) in known.iter().flat_map(|sale| sale.lots.iter().enumerate()) {
            if let Some(wakes_at) = lot.wakes_at {
                self.due.remove(&(wakes_at, auction, lot_number(index)));
            }
        }
        let lot = |index: usize| {
            let chain = chain::beginning(auction, lot_number(index));
            let told = known.as_ref().and_then(|sale| sale.lots.get(index)).map_or(0, |lot| lot.changes);
            Lot { changes: told, ..Lot::new(rules.opens(index), rules.ends(index), chain) }
        };
        let lots = (0..rules.lots.len()).map(lot).collect();
        let (secret, bidders) = known.map_or((secret, BTreeMap::new()), |sale| (sale.secret, sale.bidders));
        Sale { id: auction, seller: company, group, secret, rules: rules.clone(), lots, bidders }
    }

    fn suspend(&mut self, company: OrganisationId, at: Timestamp, events: &mut Vec<Event>) -> Answer {
        self.suspended.insert(company);
        let bids = |sale: &Sale| !sale.is_over() && sale.bidders.contains_key(&company);
        let auctions: Vec<_> = self.sales.values().filter(|sale| bids(sale)).map(|sale| sale.id).collect();
        for auction in auctions {
            // None of them is unknown, and striking out refuses nothing.
            let _ = self.with_sale(auction, |sale| {
                sale.strike_out(company, at, events);
                Ok(())
            });
        }
        Answer::Done
    }

    fn tick(&mut self, at: Timestamp, events: &mut Vec<Event>) -> Answer {
        while let Some(&(due, auction, lot)) = self.due.first().filter(|(due, _, _)| *due <= at) {
            self.due.remove(&(due, auction, lot));
            let Some(sale) = self.sales.get_mut(&auction) else { continue };
            let Some(index) = sale.rules.index(lot) else { continue };
            sale.wake(index, at, events);
            if let Some(wakes_at) = sale.lots[index].wakes_at {
                self.due.insert((wakes_at, auction, lot));
            }
        }
        Answer::Done
    }

    fn forget(&mut self, auction: AuctionId) -> Result<Answer, Rejection> {
        let sale = self.sales.get(&auction).ok_or(Rejection::UnknownAuction)?;
        if !sale.is_over() {
            return Err(Rejection::StillRunning);
        }
        self.sales.remove(&auction);
        Ok(Answer::Done)
    }

    /// Does something with one lot, and notes when it is to be looked at next.
    fn with_lot<T>(
        &mut self,
        auction: AuctionId,
        lot: LotNumber,
        act: impl FnOnce(&mut Sale, usize) -> Result<T, Rejection>,
    ) -> Result<T, Rejection> {
        let sale = self.sales.get_mut(&auction).ok_or(Rejection::UnknownAuction)?;
        let index = sale.rules.index(lot).ok_or(Rejection::UnknownLot)?;
        let before = sale.lots[index].wakes_at;
        let answer = act(sale, index)?;
        let after = sale.lots[index].wakes_at;
        self.wake_at(auction, lot, before, after);
        Ok(answer)
    }

    /// The same with all lots of an auction.
    fn with_sale(
        &mut self,
        auction: AuctionId,
        act: impl FnOnce(&mut Sale) -> Result<(), Rejection>,
    ) -> Result<Answer, Rejection> {
        let sale = self.sales.get_mut(&auction).ok_or(Rejection::UnknownAuction)?;
        let before: Vec<_> = sale.lots.iter().map(|lot| lot.wakes_at).collect();
        act(sale)?;
        let after: Vec<_> = sale.lots.iter().map(|lot| lot.wakes_at).collect();
        for (index, (before, after)) in before.into_iter().zip(after).enumerate() {
            self.wake_at(auction, lot_number(index), before, after);
        }
        Ok(Answer::Done)
    }

    fn wake_at(&mut self, auction: AuctionId, lot: LotNumber, before: Option<Timestamp>, after: Option<Timestamp>) {
        if before == after {
            return;
        }
        if let Some(before) = before {
            self.due.remove(&(before, auction, lot));
        }
        if let Some(after) = after {
            self.due.insert((after, auction, lot));
        }
    }
}
