//! How many bids a second the machine of `domain::auction` takes, single thread: 200 bidders on one English auction, every third bid
//! with a maximum; and how long 1,000 auctions of 20 bids each take to close in the same second. Best of five rounds.
//!
//! `cargo run --release -p domain --example auction_bids [bids]`

use std::time::{Duration, Instant};

use domain::auction::{
    Access, Auctions, Command, Digest, Disclosure, Format, Increments, LotRules, NewBid, Price, Pricing, Range, Rules,
    Undersubscribed,
};
use domain::kernel::{AuctionId, Currency, OrganisationId, Timestamp};
use uuid::Uuid;

const ROUNDS: usize = 5;
const BIDDERS: u128 = 200;
const AUCTIONS: u128 = 1_000;

fn main() {
    let bids = std::env::args().nth(1).and_then(|bids| bids.parse().ok()).unwrap_or(200_000);
    let best = (0..ROUNDS).map(|_| one_auction(bids)).min().unwrap_or_default();
    let rate = u128::from(bids) * 1_000_000_000 / best.as_nanos().max(1);
    println!("{bids} bids of {BIDDERS} bidders on one auction: {rate} bids/s");
    let best = (0..ROUNDS).map(|_| closing()).min().unwrap_or_default();
    println!("{AUCTIONS} auctions closed in {best:?}");
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000 + seconds, 0).unwrap_or_default()
}

fn company(number: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(number))
}

fn rules() -> Rules {
    Rules {
        format: Format::English,
        pricing: Pricing::PayAsBid,
        currency: euro(),
        opens_at: at(0),
        closes_at: Some(at(3600)),
        stagger: 0,
        increments: Increments::Table(vec![Range { from: 0, step: 1 }]),
        proxy: true,
        soft_close: None,
        interval: None,
        parts: None,
        undersubscribed: Undersubscribed::GoThrough,
        disclosure: Disclosure::Parties,
        access: Access::Open,
        deposit: 0,
        lots: vec![LotRules { units: 1, start: 1, reserve: None, buy_now: None, fall: None }],
    }
}

fn euro() -> Currency {
    Currency::parse("EUR").expect("a currency")
}

/// Auctions that are open, each with its bidders.
fn opened(auctions: u128) -> Auctions {
    let mut machine = Auctions::default();
    let mut apply = |command: Command, seconds| {
        machine.apply(&command, at(seconds), &mut Vec::new()).expect("nothing is refused");
    };
    for auction in (0..auctions).map(|number| AuctionId(Uuid::from_u128(number))) {
        let (secret, rules) = (Digest([auction.0.as_u128() as u8; 32]), Box::new(rules()));
        apply(Command::List { auction, seller: company(0), group: None, secret, rules }, -1);
        for company in (1..=BIDDERS).map(company) {
            apply(Command::Admit { auction, company, group: None, deposit_covered: true }, -1);
        }
    }
    apply(Command::Tick, 0);
    machine
}

fn bid(auction: u128, number: u64) -> Command {
    let price = Price::try_from(number).unwrap_or(Price::MAX);
    let maximum = number.is_multiple_of(3).then_some(price + 1);
    let bid =
        NewBid { price: Some(price * 2), maximum: maximum.map(|maximum| maximum * 2), units: 1, currency: euro() };
    let company = company(1 + u128::from(number) % BIDDERS);
    Command::Bid { auction: AuctionId(Uuid::from_u128(auction)), lot: 1, company, bid }
}

/// The time that so many bids take. Those that meet a proxy bid lose, as they should.
fn one_auction(bids: u64) -> Duration {
    let mut machine = opened(1);
    let commands: Vec<Command> = (1..=bids).map(|number| bid(0, number)).collect();
    let mut events = Vec::new();
    let start = Instant::now();
    let mut taken = 0;
    for command in &commands {
        taken += u64::from(machine.apply(command, at(1), &mut events).is_ok());
        events.clear();
    }
    let passed = start.elapsed();
    assert!(taken * 10 > bids * 6, "most bids are taken: {taken} of {bids}");
    passed
}

fn closing() -> Duration {
    let mut machine = opened(AUCTIONS);
    let mut events = Vec::new();
    for auction in 0..AUCTIONS {
        for number in 1..=20 {
            let _ = machine.apply(&bid(auction, number), at(1), &mut events);
        }
    }
    events.clear();
    let start = Instant::now();
    let _ = machine.apply(&Command::Tick, at(3600), &mut events);
    let passed = start.elapsed();
    assert!(machine.due().is_none() && !events.is_empty());
    passed
}
