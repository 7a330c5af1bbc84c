//! The order books that are compared, each with its commands made beforehand.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use domain::exchange::{
    Answer, Band, ClientOrderId, Event, Guarantee, Market, NewOrder, OrderNumber, OrderType, Phase, Rules, SelfTrade,
    Side, TimeInForce,
};
use domain::kernel::{Currency, InstrumentId, OrganisationId};
use uuid::Uuid;

use crate::commands::{Command, Sequence, ended};

pub trait Contestant: Sized {
    type Command;

    /// The book with what rests beforehand, and the commands in its own form.
    fn prepare(sequence: &Sequence) -> (Self, Vec<Self::Command>);

    fn perform(&mut self, command: &Self::Command);

    /// The lots traded by the commands.
    fn traded(&self) -> u64;
}

/// `domain::exchange` with every rule on: bands, volatility limit, self-trade prevention, limits and holdings, caps, names of orders, and
/// bilateral credit that some companies limit. Buyers and sellers are different companies, so that nobody meets himself, and no limit is
/// reached: all books have the same work to do.
pub struct Torg {
    market: Market,
    events: Vec<Event>,
    traded: u64,
    now: DateTime<Utc>,
    /// The numbers of orders by their places in the sequence.
    numbers: Vec<OrderNumber>,
    ids: HashMap<OrderNumber, u64>,
}

const INSTRUMENT: InstrumentId = InstrumentId(Uuid::from_u128(1));
const COMPANIES: u64 = 64;

fn company(number: u64) -> OrganisationId {
    OrganisationId(Uuid::from_u128(1000 + u128::from(number)))
}

fn owner(id: u64, side: Side) -> OrganisationId {
    let half = COMPANIES / 2;
    company(id.wrapping_mul(0x9e37_79b9) % half + if side == Side::Buy { 0 } else { half })
}

fn rules() -> Rules {
    Rules {
        tick_size: number("0.01"),
        lot_size: number("25"),
        currency: Currency::parse("EUR").expect("a currency"),
        band: Some(Band { up_ppm: 900_000, down_ppm: 900_000 }),
        volatility_ppm: Some(500_000),
        self_trade: SelfTrade::CancelResting,
        guarantee: Guarantee::Full,
        max_live_orders: Some(1_000_000),
        max_session_lots: Some(1_000_000_000_000),
    }
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

impl Torg {
    fn open() -> Self {
        use domain::exchange::Command as Do;
        let mut market = Market::default();
        let mut events = Vec::new();
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        let mut commands = vec![Do::List { instrument: INSTRUMENT, rules: rules(), reference: Some(100_000) }];
        let currency = rules().currency;
        for number in 0..COMPANIES {
            let company = company(number);
            commands.push(Do::Admit { company, group: None });
            commands.push(Do::SetLimit { company, currency, amount: domain::exchange::MAX_AMOUNT });
            commands.push(Do::SetHolding { company, instrument: INSTRUMENT, lots: 1_000_000_000_000 });
        }
        for number in 0..COMPANIES / 16 {
            let (one, other) = (company(number), company(COMPANIES - 1 - number));
            let limit = Some(domain::exchange::MAX_AMOUNT);
            commands.push(Do::SetCredit { company: one, counterparty: other, currency, limit });
        }
        for to in [Phase::PreOpen, Phase::OpeningAuction, Phase::Continuous] {
            commands.push(Do::ChangePhase { instrument: INSTRUMENT, to });
        }
        for command in commands {
            market.apply(&command, now, &mut events).expect("a market that opens");
        }
        Self { market, events, traded: 0, now, numbers: Vec::new(), ids: HashMap::new() }
    }

    fn placing(id: u64, side: Side, price: i64, lots: u64) -> domain::exchange::Command {
        let name = 0x0190_b6a8_7a00_7000_8000_0000_0000_0000 | u128::from(id);
        let order = NewOrder {
            client_order_id: ClientOrderId::from(Uuid::from_u128(name)),
            side,
            order_type: OrderType::Limit { price },
            lots,
            time_in_force: TimeInForce::Gtc,
            post_only: false,
            min_quantity: None,
            linked_to: None,
        };
        domain::exchange::Command::Place { company: owner(id, side), instrument: INSTRUMENT, order }
    }

    fn form(command: &Command, owners: &mut Vec<OrganisationId>, numbers: &[OrderNumber]) -> domain::exchange::Command {
        match *command {
            Command::Limit { id, side, price, lots } => {
                let company = owner(id, side);
                owners.resize(id as usize + 1, company);
                Self::placing(id, side, price, lots)
            }
            Command::Cancel { id } => {
                domain::exchange::Command::Cancel { company: owners[id as usize], order: numbers[id as usize] }
            }
        }
    }

    /// For the making of the sequence: the numbers of all orders so far.
    pub fn numbers(&self) -> &[OrderNumber] {
        &self.numbers
    }

    /// For the making of the sequence: best prices.
    pub fn touch(&self) -> (Option<i64>, Option<i64>) {
        let depth = self.market.depth(INSTRUMENT, 1).expect("the instrument");
        (depth.bids.first().map(|level| level.price), depth.asks.first().map(|level| level.price))
    }

    /// For the making of the sequence: performs a command, and names the orders that are not live any more.
    pub fn follow(&mut self, command: &Command) -> Vec<u64> {
        if self.ids.len() != self.numbers.len() {
            self.ids = self.numbers.iter().enumerate().map(|(id, &number)| (number, id as u64)).collect();
        }
        self.events.clear();
        match *command {
            Command::Limit { id, side, price, lots } => {
                self.run_noting(&Self::placing(id, side, price, lots));
                let number = self.numbers[id as usize];
                self.ids.insert(number, id);
            }
            Command::Cancel { id } => {
                let number = self.numbers[id as usize];
                let company = self.owner_of(number);
                self.run(&domain::exchange::Command::Cancel { company, order: number });
            }
        }
        let found: Vec<_> = self.events.iter().filter_map(ended).map(|number| self.ids[&number]).collect();
        self.events.clear();
        found
    }

    fn owner_of(&self, number: OrderNumber) -> OrganisationId {
        let companies = (0..COMPANIES).map(company);
        companies.into_iter().find(|&company| self.market.order(company, number).is_some()).expect("an owner")
    }

    /// Counts what an order trades as it comes in.
    fn run(&mut self, command: &domain::exchange::Command) -> OrderNumber {
        match self.market.apply(command, self.now, &mut self.events) {
            Ok(Answer::Order(report)) => {
                if matches!(command, domain::exchange::Command::Place { .. }) {
                    self.traded += report.filled;
                }
                report.order
            }
            other => panic!("{command:?}: {other:?}"),
        }
    }

    fn run_noting(&mut self, command: &domain::exchange::Command) {
        let number = self.run(command);
        self.numbers.push(number);
    }
}

impl Contestant for Torg {
    type Command = domain::exchange::Command;

    fn prepare(sequence: &Sequence) -> (Self, Vec<Self::Command>) {
        let mut torg = Self::open();
        let mut owners = Vec::new();
        for command in &sequence.resting {
            let place = Self::form(command, &mut owners, &sequence.numbers);
            torg.run_noting(&place);
        }
        torg.events.clear();
        let mut form = |command| Self::form(command, &mut owners, &sequence.numbers);
        let commands = sequence.commands.iter().map(&mut form).collect();
        (torg, commands)
    }

    fn perform(&mut self, command: &Self::Command) {
        self.run(command);
        // As a host does before the next command; the other books give theirs away, too.
        self.events.clear();
    }

    fn traded(&self) -> u64 {
        self.traded
    }
}

pub struct Lobster {
    book: lobster::OrderBook,
    traded: u64,
}

impl Lobster {
    fn form(command: &Command) -> lobster::OrderType {
        match *command {
            Command::Limit { id, side, price, lots } => lobster::OrderType::Limit {
                id: u128::from(id),
                side: if side == Side::Buy { lobster::Side::Bid } else { lobster::Side::Ask },
                qty: lots,
                price: price.cast_unsigned(),
            },
            Command::Cancel { id } => lobster::OrderType::Cancel { id: u128::from(id) },
        }
    }
}

impl Contestant for Lobster {
    type Command = lobster::OrderType;

    fn prepare(sequence: &Sequence) -> (Self, Vec<Self::Command>) {
        let mut lobster = Self { book: lobster::OrderBook::default(), traded: 0 };
        sequence.resting.iter().for_each(|command| lobster.perform(&Self::form(command)));
        (lobster, sequence.commands.iter().map(Self::form).collect())
    }

    fn perform(&mut self, command: &Self::Command) {
        match self.book.execute(*command) {
            lobster::OrderEvent::PartiallyFilled { filled_qty, .. }
            | lobster::OrderEvent::Filled { filled_qty, .. } => {
                self.traded += filled_qty;
            }
            _ => {}
        }
    }

    fn traded(&self) -> u64 {
        self.traded
    }
}

pub struct OrderbookRs {
    book: orderbook_rs::OrderBook<()>,
    traded: Arc<AtomicU64>,
}

impl Contestant for OrderbookRs {
    type Command = Command;

    fn prepare(sequence: &Sequence) -> (Self, Vec<Command>) {
        let traded = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&traded);
        let book = orderbook_rs::OrderBook::with_trade_listener(
            "BENCH",
            Arc::new(move |result: &orderbook_rs::orderbook::trade::TradeResult| {
                counter.fetch_add(executed(result), Ordering::Relaxed);
            }),
        );
        let mut contestant = Self { book, traded };
        sequence.resting.iter().for_each(|command| contestant.perform(command));
        (contestant, sequence.commands.clone())
    }

    fn perform(&mut self, command: &Command) {
        use orderbook_rs::{Id, Side as Their, TimeInForce as Until};
        match *command {
            Command::Limit { id, side, price, lots } => {
                let side = if side == Side::Buy { Their::Buy } else { Their::Sell };
                let price = u128::from(price.cast_unsigned());
                self.book
                    .add_limit_order(Id::Sequential(id), price, lots, side, Until::Gtc, None)
                    .expect("an order that is taken");
            }
            Command::Cancel { id } => {
                self.book.cancel_order(Id::Sequential(id)).expect("a cancel that is taken");
            }
        }
    }

    fn traded(&self) -> u64 {
        self.traded.load(Ordering::Relaxed)
    }
}

fn executed(result: &orderbook_rs::orderbook::trade::TradeResult) -> u64 {
    result.match_result.executed_quantity().map_or(0, |quantity| quantity.as_u64())
}
