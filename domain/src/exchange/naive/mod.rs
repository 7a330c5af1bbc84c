//! The market's twin for tests: plain lists, searched from end to end at every step, and the whole state copied before each command. It
//! says the rules once more in the shortest way; nothing of the fast market's books, walks or dry runs is used here.

mod call;
mod command;
mod matching;

use std::collections::{BTreeMap, VecDeque};

use super::instrument::{Guarantee, Rules};
use super::order::{EndReason, NewOrder, OrderState, Side, TimeInForce};
use super::orders::Place;
use super::phase::Phase;
use super::quantity::{Amount, Lots, MAX_AMOUNT, MAX_PRICE, MIN_PRICE, Price, worth};
use super::rejection::Rejection;
use crate::kernel::{Currency, InstrumentId, OrganisationId, Timestamp};

/// An order by the number of its acceptance: 1, 2, 3 …
pub type Sequence = u64;

#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub sequence: Sequence,
    pub company: OrganisationId,
    pub instrument: InstrumentId,
    pub new: NewOrder,
    pub place: Place,
    pub price: Price,
    pub total: Lots,
    pub open: Lots,
    pub visible: Lots,
    pub filled: Lots,
    pub trigger: Option<Price>,
    pub linked: Option<Sequence>,
    pub doomed: bool,
    pub priority: u64,
    pub turnover: i128,
    pub time_in_force: TimeInForce,
    pub ended: Option<OrderState>,
}

impl Order {
    pub fn is_market(&self) -> bool {
        self.new.order_type.limit().is_none()
    }

    pub fn side(&self) -> Side {
        self.new.side
    }
}

#[derive(Debug, Clone)]
pub struct Instrument {
    pub rules: Rules,
    pub phase: Phase,
    pub session: u32,
    pub reference: Option<Price>,
    pub last: Option<Price>,
    pub traded: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Company {
    pub group: Option<u128>,
    pub suspended: bool,
    pub refuses_others: bool,
    pub limits: BTreeMap<String, Amount>,
    pub credit: BTreeMap<(OrganisationId, String), Amount>,
    pub deposited: BTreeMap<InstrumentId, Lots>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trade {
    pub instrument: InstrumentId,
    pub price: Price,
    pub lots: Lots,
    pub buy: Sequence,
    pub sell: Sequence,
    pub buyer: OrganisationId,
    pub seller: OrganisationId,
    pub session: u32,
    pub settled: bool,
}

/// All orders and trades that ever were, and what was told in the last command.
#[derive(Debug, Clone, Default)]
pub struct Naive {
    pub orders: Vec<Order>,
    pub trades: Vec<Trade>,
    pub instruments: BTreeMap<InstrumentId, Instrument>,
    pub companies: BTreeMap<OrganisationId, Company>,
    pub priority: u64,
    pub doomed: Vec<Sequence>,
    pub elected: VecDeque<Sequence>,
    /// Orders that the last command ended unfilled, in this order.
    pub ended: Vec<(Sequence, EndReason)>,
}

pub fn code(currency: Currency) -> String {
    currency.code().to_owned()
}

impl Naive {
    pub fn order(&self, sequence: Sequence) -> &Order {
        &self.orders[sequence as usize - 1]
    }

    pub fn order_mut(&mut self, sequence: Sequence) -> &mut Order {
        &mut self.orders[sequence as usize - 1]
    }

    pub fn is_live(&self, sequence: Sequence) -> bool {
        self.order(sequence).ended.is_none()
    }

    pub fn live(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| order.ended.is_none())
    }

    /// The orders of one side of a book, the one that goes first at the front.
    pub fn queue(&self, instrument: InstrumentId, side: Side) -> Vec<&Order> {
        let in_book =
            |order: &&Order| order.instrument == instrument && order.side() == side && order.place == Place::Book;
        let mut queue: Vec<_> = self.live().filter(in_book).collect();
        queue.sort_by_key(|order| (if side == Side::Buy { -order.price } else { order.price }, order.priority));
        queue
    }

    pub fn bounds(&self, instrument: InstrumentId) -> (Price, Price) {
        let entry = &self.instruments[&instrument];
        match (entry.rules.band, entry.reference) {
            (Some(band), Some(reference)) => band.bounds(reference),
            _ => (MIN_PRICE, MAX_PRICE),
        }
    }

    pub fn value(&self, instrument: InstrumentId, price: Price, lots: Lots) -> Amount {
        worth(price, lots, self.instruments[&instrument].rules.tick_value().unwrap()).unwrap_or(MAX_AMOUNT)
    }

    pub fn guarantee(&self, instrument: InstrumentId) -> Guarantee {
        self.instruments[&instrument].rules.guarantee
    }

    pub fn currency(&self, instrument: InstrumentId) -> String {
        code(self.instruments[&instrument].rules.currency)
    }

    /// What open buy orders could cost.
    pub fn reserved(&self, company: OrganisationId, currency: &str) -> Amount {
        let counts = |order: &&Order| {
            order.company == company
                && order.side() == Side::Buy
                && self.guarantee(order.instrument) != Guarantee::None
                && self.currency(order.instrument) == currency
        };
        self.live().filter(counts).map(|order| self.value(order.instrument, order.price, order.open)).sum()
    }

    pub fn unsettled(&self, company: OrganisationId, currency: &str) -> Amount {
        let counts = |trade: &&Trade| {
            !trade.settled
                && trade.buyer == company
                && self.guarantee(trade.instrument) != Guarantee::None
                && self.currency(trade.instrument) == currency
        };
        self.trades.iter().filter(counts).map(|trade| self.value(trade.instrument, trade.price, trade.lots)).sum()
    }

    pub fn open_lots(&self, company: OrganisationId, instrument: InstrumentId, side: Option<Side>) -> Lots {
        let counts = |order: &&Order| {
            order.company == company && order.instrument == instrument && side.is_none_or(|side| order.side() == side)
        };
        self.live().filter(counts).map(|order| order.open).sum()
    }

    pub fn sold(&self, company: OrganisationId, instrument: InstrumentId) -> Lots {
        let counts = |trade: &&Trade| !trade.settled && trade.seller == company && trade.instrument == instrument;
        self.trades.iter().filter(counts).map(|trade| trade.lots).sum()
    }

    pub fn traded(&self, company: OrganisationId, instrument: InstrumentId) -> Lots {
        let session = self.instruments[&instrument].session;
        let now = |trade: &&Trade| trade.instrument == instrument && trade.session == session;
        let sides =
            |trade: &Trade| trade.lots * (u64::from(trade.buyer == company) + u64::from(trade.seller == company));
        self.trades.iter().filter(now).map(sides).sum()
    }

    pub fn same_party(&self, one: OrganisationId, other: OrganisationId) -> bool {
        let group = |company| self.companies[&company].group;
        one == other || group(one).is_some() && group(one) == group(other)
    }

    /// How many lots two companies may trade at a price.
    pub fn credit(&self, one: OrganisationId, other: OrganisationId, instrument: InstrumentId, price: Price) -> Lots {
        let currency = self.currency(instrument);
        let pair = |trade: &&Trade| {
            let parties = (trade.buyer, trade.seller);
            !trade.settled
                && (parties == (one, other) || parties == (other, one))
                && self.currency(trade.instrument) == currency
        };
        let value = |trade: &Trade| self.value(trade.instrument, trade.price, trade.lots);
        let outstanding: Amount = self.trades.iter().filter(pair).map(value).sum();
        let mut lots = Lots::MAX;
        for (by, of) in [(one, other), (other, one)] {
            let company = &self.companies[&by];
            let said = company.credit.get(&(of, currency.clone())).map(|limit| (limit - outstanding).max(0));
            if let Some(room) = said.or(company.refuses_others.then_some(0)) {
                lots = lots.min(Lots::try_from(room / self.value(instrument, price, 1)).unwrap());
            }
        }
        lots
    }

    pub fn next_priority(&mut self) -> u64 {
        self.priority += 1;
        self.priority
    }

    pub fn check_company(&self, company: OrganisationId) -> Result<(), Rejection> {
        if self.companies.contains_key(&company) { Ok(()) } else { Err(Rejection::UnknownMember) }
    }

    pub fn check_instrument(&self, instrument: InstrumentId) -> Result<(), Rejection> {
        if self.instruments.contains_key(&instrument) { Ok(()) } else { Err(Rejection::UnknownInstrument) }
    }

    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.live()
            .filter_map(|order| if let TimeInForce::Gtd(at) = order.time_in_force { Some(at) } else { None })
            .min()
    }
}
