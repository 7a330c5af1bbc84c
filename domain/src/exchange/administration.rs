//! What the operator and the companies say outside trading: instruments, members, limits, holdings, bilateral credit.

use super::credit::{Line, Pair};
use super::event::{Event, Public, What};
use super::instrument::Rules;
use super::listing::Listing;
use super::market::{Answer, Market};
use super::member::{GroupId, Member};
use super::order::{EndReason, check_price};
use super::phase::Phase;
use super::quantity::{Amount, Lots, MAX_AMOUNT, MAX_SESSION_LOTS, Price};
use super::rejection::Rejection;
use crate::kernel::{Currency, InstrumentId, OrganisationId};

impl Market {
    pub(super) fn list(
        &mut self,
        instrument: InstrumentId,
        rules: Rules,
        reference: Option<Price>,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        rules.check()?;
        reference.map_or(Ok(()), check_price)?;
        if self.listing_of(instrument).is_ok() {
            return Err(Rejection::AlreadyExists);
        }
        let currency = self.currency(rules.currency);
        self.listing_by_id.insert(instrument.0.as_u128(), self.listings.len() as u32);
        self.listings.push(Listing::new(instrument, rules, currency, reference));
        events.push(Event::Public(Public::Listed { instrument }));
        Ok(Answer::Done)
    }

    pub(super) fn change_rules(
        &mut self,
        instrument: InstrumentId,
        rules: Rules,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let listing = self.listing_of(instrument)?;
        rules.check()?;
        let entry = &mut self.listings[listing as usize];
        if entry.phase != Phase::Closed {
            return Err(Rejection::WrongPhase);
        }
        if !entry.rules().may_become(&rules) {
            return Err(Rejection::RulesFixed);
        }
        entry.set_rules(rules);
        events.push(Event::Public(Public::RulesChanged { instrument }));
        self.fit_band(listing, events);
        self.conclude(events);
        Ok(Answer::Done)
    }

    /// The place of a currency, which it gets when it is first named.
    fn currency(&mut self, currency: Currency) -> u32 {
        let known = self.currencies.iter().position(|&known| known == currency);
        known.unwrap_or_else(|| {
            self.currencies.push(currency);
            self.currencies.len() - 1
        }) as u32
    }

    pub(super) fn admit(
        &mut self,
        company: OrganisationId,
        group: Option<GroupId>,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let member = match self.member_of(company) {
            Ok(member) => member,
            Err(_) if self.members.len() >= super::orders::CAPACITY => return Err(Rejection::MarketFull),
            Err(_) => {
                self.members.push(Member::new(company));
                let member = (self.members.len() - 1) as u32;
                self.member_by_company.insert(company.0.as_u128(), member);
                member
            }
        };
        self.members[member as usize].group = group;
        self.tell(member, What::Admitted, events);
        // Whom no common group hinders any more may have crossed already.
        self.sweep_crossed(events);
        self.conclude(events);
        Ok(Answer::Done)
    }

    pub(super) fn suspend(&mut self, company: OrganisationId, events: &mut Vec<Event>) -> Result<Answer, Rejection> {
        let member = self.member_of(company)?;
        self.members[member as usize].suspended = true;
        self.tell(member, What::Suspended, events);
        let orders = self.orders.of_member(member);
        let ended = self.end_orders(&orders, EndReason::Suspended, events);
        self.conclude(events);
        Ok(Answer::Ended(ended))
    }

    pub(super) fn reinstate(&mut self, company: OrganisationId, events: &mut Vec<Event>) -> Result<Answer, Rejection> {
        let member = self.member_of(company)?;
        self.members[member as usize].suspended = false;
        self.tell(member, What::Reinstated, events);
        Ok(Answer::Done)
    }

    /// A limit may be set below what is bound already: then nothing more can be bought until enough is free.
    pub(super) fn set_limit(
        &mut self,
        company: OrganisationId,
        currency: Currency,
        amount: Amount,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let member = self.member_of(company)?;
        if !(0..=MAX_AMOUNT).contains(&amount) {
            return Err(Rejection::AmountOutOfRange);
        }
        let currency = self.currency(currency);
        self.account_mut(member, currency).limit = amount;
        self.tell(member, What::LimitSet, events);
        Ok(Answer::Done)
    }

    /// What is reserved for orders or sold cannot be taken away.
    pub(super) fn set_holding(
        &mut self,
        company: OrganisationId,
        instrument: InstrumentId,
        lots: Lots,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let member = self.member_of(company)?;
        let listing = self.listing_of(instrument)?;
        if lots > MAX_SESSION_LOTS {
            return Err(Rejection::LotsOutOfRange);
        }
        let position = self.listings[listing as usize].position_mut(member);
        if lots < position.reserved.saturating_add(position.sold) {
            return Err(Rejection::HoldingsReserved);
        }
        position.deposited = lots;
        self.tell(member, What::HoldingSet { instrument, lots }, events);
        Ok(Answer::Done)
    }

    pub(super) fn set_credit(
        &mut self,
        company: OrganisationId,
        counterparty: OrganisationId,
        currency: Currency,
        limit: Option<Amount>,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let (member, other) = (self.member_of(company)?, self.member_of(counterparty)?);
        if limit.is_some_and(|limit| !(0..=MAX_AMOUNT).contains(&limit)) || member == other {
            return Err(Rejection::AmountOutOfRange);
        }
        let currency = self.currency(currency);
        let pair = (member, other, currency);
        match limit {
            Some(limit) => self.credit.set(pair, Line { limit, outstanding: self.outstanding(pair) }),
            None => self.credit.remove(pair),
        }
        self.note_restriction(member);
        self.tell(member, What::CreditSet, events);
        self.sweep_crossed(events);
        self.conclude(events);
        Ok(Answer::Done)
    }

    pub(super) fn refuse_others(
        &mut self,
        company: OrganisationId,
        refuse: bool,
        events: &mut Vec<Event>,
    ) -> Result<Answer, Rejection> {
        let member = self.member_of(company)?;
        self.members[member as usize].refuses_others = refuse;
        self.note_restriction(member);
        self.tell(member, What::CreditSet, events);
        self.sweep_crossed(events);
        self.conclude(events);
        Ok(Answer::Done)
    }

    fn note_restriction(&mut self, member: u32) {
        let restricts = self.members[member as usize].refuses_others || self.credit.says_anything(member);
        self.members[member as usize].restricts = restricts;
    }

    /// What is not settled between the two.
    fn outstanding(&self, pair: Pair) -> Amount {
        let of_pair =
            |buyer: u32, seller: u32| (buyer, seller) == (pair.0, pair.1) || (seller, buyer) == (pair.0, pair.1);
        let listing = |listing: u32| &self.listings[listing as usize];
        let trades = self.trades.iter().map(|(_, trade)| trade);
        trades
            .filter(|trade| of_pair(trade.buyer, trade.seller) && listing(trade.listing).currency == pair.2)
            .fold(0, |sum: Amount, trade| sum.saturating_add(listing(trade.listing).value(trade.price, trade.lots)))
    }
}
