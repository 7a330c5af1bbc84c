//! A market: all instruments of one portal's exchange, their books, the limits and holdings of its members.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::call::Point;
use super::command::Command;
use super::credit::Credit;
use super::event::{Event, Private, Public, What};
use super::hashing::Keyed;
use super::listing::Listing;
use super::member::Member;
use super::order::{OrderNumber, OrderReport, Side, TimeInForce};
use super::orders::Orders;
use super::quantity::Price;
use super::rejection::Rejection;
use super::remembered::{Found, Record, Remembered};
use super::trades::Trades;
use crate::kernel::{Currency, InstrumentId, OrganisationId, Timestamp};

/// How many ended orders of each company keep their `client_order_id`, unless [`Market::remembering`] says otherwise.
pub const REMEMBERED: u32 = 65_536;

/// The state machine. Equal commands at equal times make equal states and equal events, bit for bit.
#[derive(Debug)]
pub struct Market {
    pub(super) orders: Orders,
    pub(super) listings: Vec<Listing>,
    pub(super) members: Vec<Member>,
    /// In the order in which they were first named; the accounts of members are in that order.
    pub(super) currencies: Vec<Currency>,
    pub(super) credit: Credit,
    pub(super) trades: Trades,
    pub(super) remembered: Remembered,
    /// The priority that was given last.
    pub(super) priority: u64,
    /// The `gtd` orders by their instants.
    pub(super) expiries: BTreeSet<(Timestamp, OrderNumber)>,
    // By identifiers as numbers, which are hashed sooner than their bytes.
    pub(super) listing_by_id: HashMap<u128, u32, Keyed>,
    pub(super) member_by_company: HashMap<u128, u32, Keyed>,
    // What is under work within one command; empty between commands.
    /// Orders whose linked order traded or ended.
    pub(super) doomed: Vec<OrderNumber>,
    pub(super) elected: VecDeque<OrderNumber>,
    pub(super) touched: Vec<Touched>,
    /// Instruments that have gone over into a call.
    pub(super) called: Vec<u32>,
    pub(super) points: Vec<Point>,
    /// The order that the command is about, and what became of it if it ended.
    pub(super) subject: Option<OrderNumber>,
    pub(super) subject_ended: Option<Record>,
}

/// A price level that the command has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    pub listing: u32,
    pub side: Side,
    pub price: Price,
    /// In which level it was.
    pub level: u32,
}

/// What a command has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Order(OrderReport),
    /// So many orders ended by what the command asks for directly.
    Ended(u32),
    Done,
}

impl Default for Market {
    fn default() -> Self {
        Self::remembering(REMEMBERED)
    }
}

impl Market {
    /// A market without instruments and members, that keeps the `client_order_id`s of the last `keep` ended orders of each company.
    pub fn remembering(keep: u32) -> Self {
        Self {
            orders: Orders::default(),
            listings: Vec::new(),
            members: Vec::new(),
            currencies: Vec::new(),
            credit: Credit::default(),
            trades: Trades::default(),
            remembered: Remembered::new(keep),
            priority: 0,
            expiries: BTreeSet::new(),
            listing_by_id: HashMap::default(),
            member_by_company: HashMap::default(),
            doomed: Vec::new(),
            elected: VecDeque::new(),
            touched: Vec::new(),
            called: Vec::new(),
            points: Vec::new(),
            subject: None,
            subject_ended: None,
        }
    }

    /// Does what a command asks for, at a time that never goes back, and appends what happened to `events`; or refuses it, and has then
    /// changed and appended nothing.
    pub fn apply(&mut self, command: &Command, at: Timestamp, events: &mut Vec<Event>) -> Result<Answer, Rejection> {
        let answer = match *command {
            Command::Place { company, instrument, ref order } => self.place(company, instrument, order, at, events),
            Command::Amend { company, order, change } => self.amend(company, order, change, events),
            Command::Cancel { company, order } => self.cancel(company, order, events),
            Command::CancelAll { company, instrument } => self.cancel_all(company, instrument, events),
            Command::Expire => Ok(self.expire(at, events)),
            Command::ChangePhase { instrument, to } => self.change_phase(instrument, to, events),
            Command::Halt { instrument, reason } => self.halt(instrument, reason, events),
            Command::List { instrument, rules, reference } => self.list(instrument, rules, reference, events),
            Command::ChangeRules { instrument, rules } => self.change_rules(instrument, rules, events),
            Command::SetReference { instrument, price } => self.set_reference(instrument, price, events),
            Command::Admit { company, group } => self.admit(company, group, events),
            Command::Suspend { company } => self.suspend(company, events),
            Command::Reinstate { company } => self.reinstate(company, events),
            Command::SetLimit { company, currency, amount } => self.set_limit(company, currency, amount, events),
            Command::SetHolding { company, instrument, lots } => self.set_holding(company, instrument, lots, events),
            Command::SetCredit { company, counterparty, currency, limit } => {
                self.set_credit(company, counterparty, currency, limit, events)
            }
            Command::RefuseOthers { company, refuse } => self.refuse_others(company, refuse, events),
            Command::Settle { ref trades } => self.settle(trades, events),
        };
        self.subject = None;
        self.subject_ended = None;
        answer
    }

    /// When the next `gtd` order is due: by then the host gives [`Command::Expire`].
    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.expiries.first().map(|(until, _)| *until)
    }

    /// Ends a command: what was linked to traded orders is cancelled, elected stops run, one after the other, each with what it brings
    /// about; then the changes of the books are told.
    pub(super) fn conclude(&mut self, events: &mut Vec<Event>) {
        loop {
            self.cancel_doomed(events);
            let Some(number) = self.elected.pop_front() else { break };
            if let Some(slot) = self.orders.slot(number) {
                self.run_elected(slot, events);
            }
        }
        self.tell_books(events);
    }

    fn tell_books(&mut self, events: &mut Vec<Event>) {
        if self.touched.len() > 1 {
            self.touched.sort_unstable();
            self.touched.dedup_by_key(|touched| (touched.listing, touched.side, touched.price));
        }
        for index in 0..self.touched.len() {
            let Touched { listing, side, price, level } = self.touched[index];
            let is_last = self.touched.get(index + 1).is_none_or(|next| next.listing != listing);
            let entry = &mut self.listings[listing as usize];
            let (instrument, lots) = (entry.id, entry.book.tell(side, price, level));
            events.push(Event::Public(Public::Level { instrument, side, price, lots }));
            if is_last {
                entry.change += 1;
                let (change, checksum) = (entry.change, entry.book.checksum());
                events.push(Event::Public(Public::BookChanged { instrument, change, checksum }));
                if entry.phase.is_call() {
                    self.tell_indicative(listing, events);
                }
            }
        }
        self.touched.clear();
        while let Some(listing) = self.called.pop() {
            if self.listings[listing as usize].phase.is_call() {
                self.tell_indicative(listing, events);
            }
        }
    }

    /// Notes that the level has changed where an order lies, or lay until now.
    #[inline]
    pub(super) fn touch(&mut self, slot: u32) {
        let order = self.orders.at(slot);
        let touched = Touched { listing: order.instrument, side: order.side, price: order.price, level: order.level };
        if self.touched.last() != Some(&touched) {
            self.touched.push(touched);
        }
    }

    pub(super) fn next_priority(&mut self) -> u64 {
        self.priority += 1;
        self.priority
    }

    pub(super) fn listing_of(&self, instrument: InstrumentId) -> Result<u32, Rejection> {
        self.listing_by_id.get(&instrument.0.as_u128()).copied().ok_or(Rejection::UnknownInstrument)
    }

    pub(super) fn member_of(&self, company: OrganisationId) -> Result<u32, Rejection> {
        self.member_by_company.get(&company.0.as_u128()).copied().ok_or(Rejection::UnknownMember)
    }

    /// Whether orders of the two never trade with each other.
    pub(super) fn same_party(&self, one: u32, other: u32) -> bool {
        let group = |member: u32| self.members[member as usize].group;
        one == other || group(one).is_some() && group(one) == group(other)
    }

    /// A live order of a company. What is another's looks as if it did not exist.
    pub(super) fn own_order(&self, company: OrganisationId, order: OrderNumber) -> Result<u32, Rejection> {
        let member = self.member_of(company)?;
        match self.orders.slot(order) {
            Some(slot) if self.orders.at(slot).member == member => Ok(slot),
            None if self.orders.has_been(order) && self.remembered.ended(member, order).is_some() => {
                Err(Rejection::OrderEnded)
            }
            _ => Err(Rejection::UnknownOrder),
        }
    }

    pub(super) fn tell(&self, member: u32, what: What, events: &mut Vec<Event>) {
        let company = self.members[member as usize].company;
        events.push(Event::Private(Private { company, what }));
    }

    /// What has become of the order that the command is about.
    pub(super) fn report_subject(&self) -> Answer {
        let live = self.subject.and_then(|number| self.orders.slot(number));
        match (live, &self.subject_ended) {
            (Some(slot), _) => Answer::Order(self.report_live(slot)),
            (None, Some(record)) => Answer::Order(self.report_ended(record)),
            (None, None) => Answer::Done,
        }
    }

    pub(super) fn report_found(&self, found: &Found<'_>) -> OrderReport {
        match found {
            Found::Live(slot) => self.report_live(*slot),
            Found::Ended(record) => self.report_ended(record),
        }
    }

    /// How many orders are live.
    pub fn live_orders(&self) -> usize {
        self.orders.live()
    }

    /// What has become of an order of a company: live, or ended and not forgotten.
    pub fn order(&self, company: OrganisationId, order: OrderNumber) -> Option<OrderReport> {
        let member = self.member_of(company).ok()?;
        match self.orders.slot(order) {
            Some(slot) => (self.orders.at(slot).member == member).then(|| self.report_live(slot)),
            None => self.remembered.ended(member, order).map(|record| self.report_ended(record)),
        }
    }

    fn report_live(&self, slot: u32) -> OrderReport {
        let order = self.orders.at(slot);
        OrderReport {
            order: order.number,
            instrument: self.listings[order.instrument as usize].id,
            client_order_id: self.remembered.client(order.name),
            state: order.state(),
            filled: order.filled,
            open: order.open,
            turnover: order.turnover,
            replayed: false,
        }
    }

    fn report_ended(&self, record: &Record) -> OrderReport {
        OrderReport {
            order: record.order,
            instrument: self.listings[record.instrument as usize].id,
            client_order_id: self.remembered.client(record.name),
            state: record.state,
            filled: record.filled,
            open: record.open,
            turnover: record.turnover,
            replayed: false,
        }
    }

    /// Enters a `gtd` order among those that expire.
    pub(super) fn note_expiry(&mut self, slot: u32) {
        let order = self.orders.at(slot);
        if let TimeInForce::Gtd(until) = order.time_in_force {
            self.expiries.insert((until, order.number));
        }
    }
}
