//! A portal with auctions, for tests of bidding.

use std::time::Instant;

use chrono::TimeDelta;
use domain::auction::{
    Access, Disclosure, Entry, Fall, Format, Increments, LotRules, Parts, Price, Pricing, Range, Rules, Undersubscribed,
};
use domain::kernel::{AuctionId, Currency, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::client::Client;
use crate::given::{Company, number};

/// An open portal where companies bid, and the company that manages it and sells there.
pub struct AuctionPortal {
    pub portal_id: String,
    pub slug: String,
    pub seller: Company,
}

impl TestApp {
    pub async fn auction_portal(&self) -> AuctionPortal {
        let seller = self.company("Seller").await;
        self.auction_portal_of(seller, "open").await
    }

    /// A portal with auctions that a company opens.
    pub async fn auction_portal_of(&self, seller: Company, visibility: &str) -> AuctionPortal {
        let slug = format!("auctions-{}", number());
        let body =
            json!({"slug": slug, "name": {"en": "Auctions"}, "visibility": visibility, "functions": ["auction"]});
        let portal_id = seller.owner.post("/v1/portals", body).await.expect(201).id();
        AuctionPortal { portal_id, slug, seller }
    }
}

impl AuctionPortal {
    /// A verified company that may bid here.
    pub async fn bidder(&self, app: &TestApp, name: &str) -> Company {
        let company = app.company(name).await;
        join(app, &self.slug, &company).await;
        company
    }
}

/// Makes a company a member that bids.
pub async fn join(app: &TestApp, portal: &str, company: &Company) {
    let path = format!("/v1/portals/{portal}/members");
    let body = json!({"organisation_id": company.id, "capabilities": ["bid"]});
    app.operator().await.post(&format!("/v1/portals/{portal}/invitations"), body).await.expect(201);
    company.owner.post(&format!("{path}/{}/accept", company.id), json!({})).await.expect(200);
}

/// How long an auction of [`rules`] has been open, and how long it goes on, where no falling price says otherwise.
const RUNS: TimeDelta = TimeDelta::minutes(4);

/// Rules of an auction of one lot in euros that is open by now: it starts at 100.00, in steps of 1.00.
pub fn rules(app: &TestApp, format: Format) -> Rules {
    let now = app.shared.clock.now();
    let falls = format.falls();
    Rules {
        format,
        pricing: Pricing::PayAsBid,
        currency: Currency::parse("EUR").expect("a currency"),
        // Where the price falls it has fallen once, and falls again in five minutes.
        opens_at: now - TimeDelta::seconds(if falls { 900 } else { 10 }),
        closes_at: (!falls).then_some(now + RUNS),
        stagger: 0,
        increments: Increments::Table(vec![Range { from: 0, step: 100 }]),
        proxy: format.is_open(),
        soft_close: None,
        interval: falls.then_some(600),
        parts: (format == Format::Hybrid).then_some(Parts { sealed: 240, topping: 240 }),
        undersubscribed: Undersubscribed::GoThrough,
        disclosure: Disclosure::Parties,
        access: Access::Open,
        deposit: 0,
        lots: vec![lot(format)],
    }
}

/// One unit from 100.00 on, down to 50.00 in steps of 10.00 where the price falls.
pub fn lot(format: Format) -> LotRules {
    let fall = format.falls().then_some(Fall { step: 1_000, floor: 5_000 });
    LotRules { units: 1, start: 10_000, reserve: None, buy_now: None, fall }
}

/// The auctions of tests whose lots have several units take no maxima.
pub fn of_units(rules: Rules, units: u64, pricing: Pricing) -> Rules {
    let lots = rules.lots.iter().map(|lot| LotRules { units, ..*lot }).collect();
    Rules { pricing, proxy: false, lots, ..rules }
}

/// A published auction of the seller by these rules.
pub async fn given_auction(app: &TestApp, portal: &AuctionPortal, rules: &Rules) -> String {
    let id = api::clock::new_id(app.shared.clock.now());
    let secret = app.shared.secret.seal(&[number() as u8; 32]).expect("sealed");
    let ends_at = (0..rules.lots.len()).map(|index| rules.ends(index)).max().expect("a lot");
    app.sql(&format!(
        "INSERT INTO auction (id, portal_id, seller_id, state, input, rules, format, currency, access, disclosure, opens_at,
             ends_at, deposit, secret, created_at, published_at)
         VALUES ('{id}', '{}', '{}', 'scheduled', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{ends_at}', {}, '\\x{}', now(), now())",
        portal.portal_id,
        portal.seller.id,
        input(rules),
        serde_json::to_string(rules).expect("rules"),
        rules.format.code(),
        rules.currency.code(),
        rules.access.code(),
        rules.disclosure.code(),
        rules.opens_at,
        rules.deposit / 100,
        hex::encode(secret),
    ))
    .await;
    id.to_string()
}

/// What would have been sent in for these rules.
fn input(rules: &Rules) -> Value {
    let decimal = |minor: Price| domain::auction::decimal_of(minor, rules.currency).to_string();
    let lot = |lot: &LotRules| {
        json!({"name": {"en": "Stock"}, "units": lot.units, "content": "1", "unit": "C62", "start_price": decimal(lot.start),
            "reserve_price": lot.reserve.map(decimal), "buy_now_price": lot.buy_now.map(decimal),
            "price_step": lot.fall.map(|fall| decimal(fall.step)), "floor_price": lot.fall.map(|fall| decimal(fall.floor))})
    };
    json!({
        "name": {"en": "Auction"}, "format": rules.format.code(), "pricing": rules.pricing.code(), "currency": rules.currency.code(),
        "opens_at": rules.opens_at, "closes_at": rules.closes_at, "increments": {"table": [{"from": "0", "step": "1"}]},
        "proxy": rules.proxy, "interval_seconds": rules.interval, "sealed_seconds": rules.parts.map(|parts| parts.sealed),
        "topping_seconds": rules.parts.map(|parts| parts.topping), "undersubscribed": rules.undersubscribed.code(),
        "disclosure": rules.disclosure.code(), "access": rules.access.code(), "deposit": decimal(rules.deposit),
        "lots": rules.lots.iter().map(lot).collect::<Vec<_>>(),
        "terms": {"incoterm": "FCA", "place": "Hamburg", "payment_days": 14}, "tax": {"category": "S", "rate": "19"}
    })
}

/// The seller admits a company, invites it, or takes it out of the auction: `admitted`, `invited`, `withdrawn`.
pub async fn given_bidder(app: &TestApp, auction: &str, company: &Company, state: &str) {
    app.sql(&format!(
        "INSERT INTO auction_bidder (auction_id, organisation_id, state, created_at)
         VALUES ('{auction}', '{}', '{state}', now())
         ON CONFLICT (auction_id, organisation_id) DO UPDATE SET state = excluded.state",
        company.id
    ))
    .await;
}

/// An auction, and how one bids in it.
pub struct Auction<'a> {
    pub app: &'a TestApp,
    pub id: String,
    pub rules: Rules,
}

impl<'a> Auction<'a> {
    pub async fn open(app: &'a TestApp, portal: &AuctionPortal, rules: Rules) -> Self {
        let id = given_auction(app, portal, &rules).await;
        Self { app, id, rules }
    }

    pub fn path(&self, what: &str) -> String {
        format!("/v1/auctions/{}/{what}", self.id)
    }

    /// A bid of so many euros that must be taken, and its receipt.
    pub async fn bid(&self, by: &Company, price: &str) -> Value {
        self.take(by, bid(price)).await
    }

    pub async fn take(&self, by: &Company, body: Value) -> Value {
        by.owner.post(&self.path("bids"), body).await.expect(201).json()
    }

    /// Lot 1 as somebody sees it.
    pub async fn lot(&self, by: &Client) -> Value {
        by.get(&self.path("lots/1")).await.expect(200).json()
    }

    pub async fn result(&self, by: &Client) -> Value {
        by.get(&self.path("lots/1/result")).await.expect(200).json()
    }

    /// Waits until lot 1 is in a phase, while time passes for the service by itself or, with `by`, by a leap of its clock.
    pub async fn reach(&self, phase: &str, by: Option<TimeDelta>) {
        let anonymous = self.app.anonymous();
        let clock = &self.app.shared.clock;
        let (before, since) = (clock.now(), Instant::now());
        let now = || before + TimeDelta::from_std(since.elapsed()).expect("a short while");
        self.app
            .until(async || {
                if let Some(by) = by {
                    clock.set(now() + by);
                }
                self.lot(&anonymous).await["phase"] == phase
            })
            .await;
        clock.set(now());
    }

    /// Leaps over the end. The time of a portal's auctions never goes back: what is opened there afterwards would be at its end already.
    pub async fn close(&self) {
        self.reach("closed", Some(RUNS + TimeDelta::seconds(30))).await;
    }

    /// The whole history of lot 1, as the domain checks it.
    pub async fn history(&self, by: &Client) -> Vec<Entry> {
        let (mut entries, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = by.get(&self.path(&format!("lots/1/history?limit=2{cursor}"))).await.expect(200).json();
            entries.extend(page["items"].as_array().expect("items").iter().map(entry));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return entries,
            }
        }
    }

    /// The last hash of a history that is whole.
    pub async fn verified(&self, by: &Client) -> String {
        let entries = self.history(by).await;
        domain::auction::verify(self.auction_id(), 1, &entries).expect("a whole history").to_string()
    }

    pub fn auction_id(&self) -> AuctionId {
        AuctionId(Uuid::parse_str(&self.id).expect("an id"))
    }
}

/// An entry of a history as the domain has it: with prices in minor units.
fn entry(shown: &Value) -> Entry {
    let minor = |price: &Value| -> Option<Price> { price["amount"].as_str()?.replace('.', "").parse().ok() };
    let mut entry = shown.clone();
    entry["price"] = json!(minor(&shown["price"]));
    entry["at"] = json!(shown["at"].as_str().and_then(|at| at.parse::<Timestamp>().ok()));
    serde_json::from_value(entry).expect("an entry")
}

pub fn euros(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

/// A bid of so many euros.
pub fn bid(price: &str) -> Value {
    json!({"price": euros(price)})
}

/// A bid with a maximum.
pub fn proxy(price: &str, maximum: &str) -> Value {
    json!({"price": euros(price), "maximum": euros(maximum)})
}

/// A bid for several units.
pub fn units(units: u64, price: &str) -> Value {
    json!({"price": euros(price), "units": units})
}
