//! The market's rules by examples, and against its naive twin.

mod amendments;
mod audit;
mod calls;
mod credit;
mod draft;
mod entry;
mod matching;
mod retries;
mod risk;
mod sessions;
mod stops;
mod twin;

use uuid::Uuid;

use super::*;
use crate::kernel::{Currency, InstrumentId, OrganisationId, Timestamp};

pub const ALICE: OrganisationId = company(1);
pub const BOB: OrganisationId = company(2);
pub const CAROL: OrganisationId = company(3);
pub const WHEAT: InstrumentId = instrument(1);

pub const fn company(number: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(0xc0_0000 + number))
}

pub const fn instrument(number: u128) -> InstrumentId {
    InstrumentId(Uuid::from_u128(number))
}

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

pub fn euro() -> Currency {
    Currency::parse("EUR").unwrap()
}

/// One tick of one lot is worth one euro; nothing is limited.
pub fn rules() -> Rules {
    Rules {
        tick_size: 1.into(),
        lot_size: 1.into(),
        currency: euro(),
        band: None,
        volatility_ppm: None,
        self_trade: SelfTrade::CancelResting,
        guarantee: Guarantee::None,
        max_live_orders: None,
        max_session_lots: None,
    }
}

/// So many whole euros.
pub fn euros(amount: i128) -> Amount {
    amount * 1_000_000_000_000
}

/// A market with one instrument, wheat, and what happened in it.
pub struct Floor {
    pub market: Market,
    pub events: Vec<Event>,
    pub now: i64,
    names: u64,
}

const TO_CONTINUOUS: [Phase; 3] = [Phase::PreOpen, Phase::OpeningAuction, Phase::Continuous];

impl Floor {
    /// Wheat by those rules, its reference price 100, in a phase; Alice, Bob and Carol trade.
    pub fn new(rules: Rules, phases: &[Phase]) -> Self {
        Self::in_market(Market::default(), rules, phases)
    }

    fn in_market(market: Market, rules: Rules, phases: &[Phase]) -> Self {
        let mut floor = Self { market, events: Vec::new(), now: 0, names: 0 };
        floor.done(Command::List { instrument: WHEAT, rules, reference: Some(100) });
        for company in [ALICE, BOB, CAROL] {
            floor.done(Command::Admit { company, group: None });
        }
        for &to in phases {
            floor.done(Command::ChangePhase { instrument: WHEAT, to });
        }
        floor
    }

    pub fn open() -> Self {
        Self::with(rules())
    }

    pub fn with(rules: Rules) -> Self {
        Self::new(rules, &TO_CONTINUOUS)
    }

    /// Of each company the names of so many ended orders are kept.
    pub fn remembering(keep: u32) -> Self {
        Self::in_market(Market::remembering(keep), rules(), &TO_CONTINUOUS)
    }

    /// Applies a command, and checks that a refused one changes nothing and that the state is sound afterwards.
    pub fn apply(&mut self, command: &Command) -> Result<Answer, Rejection> {
        let (before, told) = (self.market.state_hash(), self.events.len());
        let answer = self.market.apply(command, at(self.now), &mut self.events);
        if answer.is_err() {
            assert_eq!((self.market.state_hash(), self.events.len()), (before, told), "{command:?} was refused");
        }
        audit::check(&self.market);
        answer
    }

    pub fn done(&mut self, command: Command) -> Answer {
        self.apply(&command).unwrap_or_else(|rejection| panic!("{command:?}: {rejection}"))
    }

    pub fn phase(&mut self, to: Phase) {
        self.done(Command::ChangePhase { instrument: WHEAT, to });
    }

    pub fn order(&mut self, side: Side, order_type: OrderType, lots: Lots) -> NewOrder {
        self.names += 1;
        NewOrder {
            client_order_id: ClientOrderId::parse(&format!("n{}", self.names)).unwrap(),
            side,
            order_type,
            lots,
            time_in_force: TimeInForce::Gtc,
            post_only: false,
            min_quantity: None,
            linked_to: None,
        }
    }

    pub fn buy(&mut self, price: Price, lots: Lots) -> NewOrder {
        self.order(Side::Buy, OrderType::Limit { price }, lots)
    }

    pub fn sell(&mut self, price: Price, lots: Lots) -> NewOrder {
        self.order(Side::Sell, OrderType::Limit { price }, lots)
    }

    pub fn try_place(&mut self, company: OrganisationId, order: NewOrder) -> Result<OrderReport, Rejection> {
        match self.apply(&Command::Place { company, instrument: WHEAT, order })? {
            Answer::Order(report) => Ok(report),
            other => panic!("{other:?}"),
        }
    }

    pub fn place(&mut self, company: OrganisationId, order: NewOrder) -> OrderReport {
        self.try_place(company, order).unwrap_or_else(|rejection| panic!("{order:?}: {rejection}"))
    }

    /// A limit order rests or trades.
    pub fn bid(&mut self, company: OrganisationId, price: Price, lots: Lots) -> OrderReport {
        let order = self.buy(price, lots);
        self.place(company, order)
    }

    pub fn ask(&mut self, company: OrganisationId, price: Price, lots: Lots) -> OrderReport {
        let order = self.sell(price, lots);
        self.place(company, order)
    }

    pub fn amend(
        &mut self,
        company: OrganisationId,
        order: OrderNumber,
        change: Amendment,
    ) -> Result<Answer, Rejection> {
        self.apply(&Command::Amend { company, order, change })
    }

    pub fn state(&self, company: OrganisationId, order: OrderReport) -> OrderState {
        self.market.order(company, order.order).unwrap().state
    }

    /// Prices and lots of all trades since the last call.
    pub fn trades(&mut self) -> Vec<(Price, Lots)> {
        let events = std::mem::take(&mut self.events);
        let trade = |event: &Event| match event {
            Event::Public(Public::Trade { price, lots, .. }) => Some((*price, *lots)),
            _ => None,
        };
        events.iter().filter_map(trade).collect()
    }

    /// Prices and shown lots of one side, the best first.
    pub fn book(&self, side: Side) -> Vec<(Price, Lots)> {
        let depth = self.market.depth(WHEAT, usize::MAX).unwrap();
        let levels = if side == Side::Buy { depth.bids } else { depth.asks };
        levels.into_iter().map(|level| (level.price, level.lots)).collect()
    }

    pub fn current(&self) -> Phase {
        self.market.status(WHEAT).unwrap().phase
    }
}
