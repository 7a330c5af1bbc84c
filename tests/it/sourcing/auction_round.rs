//! A reverse auction as the last round.

use std::time::Instant;

use chrono::TimeDelta;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::auction_house::apply;
use tests::given::Company;
use tests::sourcing::{Tender, id_of, items, state, time};

use super::{column, told};

/// Two quotes to a request that is evaluated and may end in an auction.
struct Sale {
    app: TestApp,
    tender: Tender,
    rfq: String,
    suppliers: Vec<Company>,
    quotes: Vec<String>,
    /// The auction opens a minute after, and ends four minutes after.
    begins: (chrono::DateTime<chrono::Utc>, Instant),
}

impl Sale {
    async fn evaluated() -> Self {
        let app = TestApp::start().await;
        let tender = app.tender().await;
        let mut suppliers = Vec::new();
        for name in ["One", "Two"] {
            suppliers.push(tender.member(&app, name, &["quote", "bid"]).await);
        }
        let procedure = json!({"final_auction": true, "alternatives": false, "partial_quotes": false});
        let rfq = tender.published(json!({"procedure": procedure})).await;
        let mut quotes = Vec::new();
        for (supplier, price) in suppliers.iter().zip(["500", "510"]) {
            quotes.push(tender.quoted(supplier, &rfq, &[price, "700"], json!({})).await);
        }
        tender.evaluated(&app, &rfq).await;
        let begins = (app.shared.clock.now(), Instant::now());
        Self { app, tender, rfq, suppliers, quotes, begins }
    }

    /// Begins the round: the path of the auction.
    async fn announced(&self) -> String {
        let (from, _) = self.begins;
        let how = how(from);
        let body = json!({"kind": "auction", "deadline": time(from + TimeDelta::minutes(4)), "auction": how});
        let begun = self.tender.buyer.owner.post(&format!("{}/rounds", self.rfq), body).await.expect(200).json();
        assert_eq!((&begun["state"], &begun["rounds"][0]["kind"]), (&json!("questions_closed"), &json!("auction")));
        format!("/v1/auctions/{}", begun["auction_id"].as_str().expect("an auction"))
    }

    /// Leaps to so many minutes after the beginning, and waits until the lot is in a phase.
    async fn reach(&self, auction: &str, minutes: i64, phase: &str) {
        let (from, since) = self.begins;
        let clock = &self.app.shared.clock;
        let buyer = &self.tender.buyer.owner;
        self.app
            .until(async || {
                let passed = TimeDelta::from_std(since.elapsed()).expect("a short while");
                clock.set(from + TimeDelta::minutes(minutes) + passed);
                buyer.get(&format!("{auction}/lots/1")).await.expect(200).json()["phase"] == phase
            })
            .await;
    }
}

/// An auction that opens a minute after an instant.
fn how(from: chrono::DateTime<chrono::Utc>) -> Value {
    let opens_at = time(from + TimeDelta::minutes(1));
    json!({"opens_at": opens_at, "increments": {"table": [{"from": "0", "step": "10"}]}})
}

fn amount(of: &Value) -> Decimal {
    of["amount"].as_str().expect("an amount").parse().expect("a number")
}

#[tokio::test]
async fn quoters_undercut_each_other_and_what_they_bid_lowers_their_quotes() {
    let sale = Sale::evaluated().await;
    let (buyer, rfq) = (&sale.tender.buyer.owner, &sale.rfq);
    let auction = sale.announced().await;
    let shown = buyer.get(&auction).await.expect(200).json();
    // The lowest total of the quotes: (40 × 500 + 10 × 700) × 1.19.
    assert_eq!(
        (&shown["lots"][0]["start_price"], &shown["rules"]["format"]),
        (&json!("32130.00"), &json!("reverse_english"))
    );
    told(&sale.app, &sale.suppliers[0].owner, "rfq.round_begun").await;
    for supplier in &sale.suppliers {
        assert_eq!(apply(&supplier.owner, &auction).await["state"], "admitted");
    }
    sale.suppliers[0].owner.edit(&sale.quotes[0], json!({"remarks": "Lower."})).await.problem(409, "wrong-state");
    sale.reach(&auction, 1, "bidding").await;
    for (supplier, price) in [(0, "31000.00"), (1, "30000.00"), (0, "29500.00")] {
        let bid = json!({"price": {"amount": price, "currency": "EUR"}});
        sale.suppliers[supplier].owner.post(&format!("{auction}/bids"), bid).await.expect(201);
    }
    sale.reach(&auction, 5, "closed").await;
    sale.app.until(async || state(buyer, rfq).await == "evaluating").await;

    let compared = buyer.get(&format!("{rfq}/comparison")).await.expect(200).json();
    let total = |quote: &str| {
        let all = compared["quotes"].as_array().unwrap();
        amount(&all.iter().find(|one| one["quote_id"] == id_of(quote)).expect("it is compared")["total"])
    };
    for (quote, bid) in sale.quotes.iter().zip(["29500", "30000"]) {
        let (total, bid) = (total(quote), bid.parse::<Decimal>().unwrap());
        assert!(total <= bid + Decimal::new(1, 2) && total > bid - Decimal::ONE, "{total} for {bid}");
        let kinds = column(buyer, &format!("{quote}/revisions"), "kind").await;
        assert_eq!(kinds, ["submitted", "negotiated"]);
    }
    assert_eq!(compared["ranking"], json!([id_of(&sale.quotes[0]), id_of(&sale.quotes[1])]));
    assert_eq!(told(&sale.app, &sale.suppliers[1].owner, "quote.undercut").await.len(), 1);
    // Contracts come of the award alone.
    assert!(items(buyer, "/v1/contracts").await.is_empty());
    let body = json!({"quote_id": id_of(&sale.quotes[0]), "reason": "The lowest bid."});
    buyer.post(&format!("{rfq}/award"), body).await.expect(201);
    assert_eq!(items(buyer, "/v1/contracts").await.len(), 1);
}

#[tokio::test]
async fn where_nobody_bids_the_quotes_stand_as_they_are() {
    let sale = Sale::evaluated().await;
    let (buyer, rfq) = (&sale.tender.buyer.owner, &sale.rfq);
    let auction = sale.announced().await;
    sale.reach(&auction, 5, "closed").await;
    sale.app.until(async || state(buyer, rfq).await == "evaluating").await;
    for quote in &sale.quotes {
        assert_eq!(column(buyer, &format!("{quote}/revisions"), "number").await, [1]);
    }
    let body = json!({"kind": "best_and_final", "deadline": time(sale.tender.deadline)});
    buyer.post(&format!("{rfq}/rounds"), body).await.problem(409, "wrong-state");
}

/// The auction ends with its request, whether its host has listed its lot by then or not.
async fn cancelled(is_listed: bool) {
    let sale = Sale::evaluated().await;
    let auction = sale.announced().await;
    let buyer = &sale.tender.buyer.owner;
    if is_listed {
        let listed = "SELECT count(*) FROM auction_lot";
        sale.app.until(async || sale.app.count(listed).await == 1).await;
    }
    buyer.post(&format!("{}/cancel", sale.rfq), json!({"reason": "Put off."})).await.expect(200);
    assert!(buyer.get(&auction).await.expect(200).json()["cancelled_at"].is_string());
    sale.app.until(async || state(buyer, &auction).await == "cancelled").await;
    assert_eq!(state(&sale.suppliers[0].owner, &sale.quotes[0]).await, "not_awarded");
}

#[tokio::test]
async fn an_auction_ends_with_the_request_that_it_is_a_round_of() {
    cancelled(true).await;
}

#[tokio::test]
async fn an_auction_that_was_just_announced_ends_with_its_request_as_well() {
    cancelled(false).await;
}

#[tokio::test]
async fn an_auction_is_announced_with_all_that_it_needs() {
    let sale = Sale::evaluated().await;
    let (buyer, path) = (&sale.tender.buyer.owner, format!("{}/rounds", sale.rfq));
    let body = |more: Value| {
        let mut body = json!({"kind": "auction", "deadline": time(sale.begins.0 + TimeDelta::minutes(4))});
        for (key, value) in more.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        body
    };
    assert_eq!(buyer.post(&path, body(json!({}))).await.faults(), ["/auction required"]);
    let how = how(sale.begins.0);
    let alone = body(json!({"auction": how, "invited": [sale.suppliers[0].id]}));
    assert_eq!(buyer.post(&path, alone).await.faults(), ["/invited too_few"]);
    assert_eq!(state(buyer, &sale.rfq).await, "evaluating");
    assert!(items(buyer, &sale.tender.path("auctions")).await.is_empty());
}
