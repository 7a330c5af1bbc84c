//! An instrument as it is traded now.

use std::collections::BTreeSet;

use super::book::Book;
use super::instrument::{Band, Guarantee, Rules};
use super::member::Position;
use super::order::{OrderNumber, Side};
use super::phase::Phase;
use super::quantity::{Amount, Lots, MAX_AMOUNT, MAX_PRICE, MIN_PRICE, Price, worth};
use super::stops::Stops;
use crate::kernel::InstrumentId;

#[derive(Debug)]
pub struct Listing {
    pub id: InstrumentId,
    rules: Rules,
    /// The place of the currency in the accounts of members.
    pub currency: u32,
    pub tick_value: Amount,
    pub phase: Phase,
    /// The number of the session that runs or comes next.
    pub session: u32,
    /// The price around which the band lies.
    reference: Option<Price>,
    /// The lowest and the highest price that are allowed now: they follow from the rules and the reference price.
    bounds: (Price, Price),
    /// The price of the last trade.
    pub last: Option<Price>,
    /// Whether there was a trade in this session.
    pub traded: bool,
    /// The number of the last change of the book.
    pub change: u64,
    pub indicative: Option<Indicative>,
    pub book: Book,
    pub stops: Stops,
    /// Orders that wait for the closing auction, by priority.
    pub at_close: BTreeSet<(u64, OrderNumber)>,
    /// By member.
    pub positions: Vec<Position>,
}

/// What a call would do if it ended now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indicative {
    /// None if nothing would trade.
    pub price: Option<Price>,
    pub lots: Lots,
    pub surplus: Lots,
    pub surplus_side: Option<Side>,
}

impl Listing {
    pub fn new(id: InstrumentId, rules: Rules, currency: u32, reference: Option<Price>) -> Self {
        let bounds = bounds(&rules, reference);
        Self {
            id,
            bounds,
            tick_value: rules.tick_value().unwrap_or(1),
            rules,
            currency,
            phase: Phase::Closed,
            session: 1,
            reference,
            last: None,
            traded: false,
            change: 0,
            indicative: None,
            book: Book::default(),
            stops: Stops::default(),
            at_close: BTreeSet::new(),
            positions: Vec::new(),
        }
    }

    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Rules that differ in what may change alone.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
        self.bounds = bounds(&rules, self.reference);
    }

    pub fn reference(&self) -> Option<Price> {
        self.reference
    }

    pub fn set_reference(&mut self, price: Price) {
        self.reference = Some(price);
        self.bounds = bounds(&self.rules, self.reference);
    }

    /// The lowest and the highest price that are allowed now. Without a reference price there is no band.
    pub fn bounds(&self) -> (Price, Price) {
        self.bounds
    }

    pub fn has_band(&self) -> bool {
        self.rules.band.is_some() && self.reference.is_some()
    }

    /// Between which prices an order that comes in now may trade without a volatility auction: counted from the last trade before
    /// it, or from the reference price.
    pub fn quiet_range(&self) -> (Price, Price) {
        match (self.rules.volatility_ppm, self.last.or(self.reference)) {
            (Some(ppm), Some(base)) => Band { up_ppm: ppm, down_ppm: ppm.min(1_000_000) }.bounds(base),
            _ => (MIN_PRICE, MAX_PRICE),
        }
    }

    /// To which price a call looks last but one.
    pub fn anchor(&self) -> Option<Price> {
        self.reference.or(self.last)
    }

    pub fn position(&self, member: u32) -> Position {
        self.positions.get(member as usize).copied().unwrap_or_default()
    }

    pub fn position_mut(&mut self, member: u32) -> &mut Position {
        let member = member as usize;
        if self.positions.len() <= member {
            self.admit_position(member);
        }
        &mut self.positions[member]
    }

    #[cold]
    fn admit_position(&mut self, member: usize) {
        self.positions.resize(member + 1, Position::default());
    }

    /// What an open order binds of the buyer's limit.
    pub fn binds(&self, side: Side, price: Price, open: Lots) -> Amount {
        if side == Side::Buy && self.rules.guarantee != Guarantee::None { self.value(price, open) } else { 0 }
    }

    /// What lots are worth, at most [`MAX_AMOUNT`].
    pub fn value(&self, price: Price, lots: Lots) -> Amount {
        worth(price, lots, self.tick_value).unwrap_or(MAX_AMOUNT)
    }
}

fn bounds(rules: &Rules, reference: Option<Price>) -> (Price, Price) {
    match (rules.band, reference) {
        (Some(band), Some(reference)) => band.bounds(reference),
        _ => (MIN_PRICE, MAX_PRICE),
    }
}
