//! Sealed bids: who wins, what is paid, and that nobody reads them before.

use domain::auction::{Format, LotRules, Rules};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::auction::{Auction, bid, euros, lot, rules};

use super::told;

#[tokio::test]
async fn the_highest_sealed_bid_wins_and_is_paid_and_of_equal_ones_the_earlier() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let carl = portal.bidder(&app, "Carl").await;
    let auction = Auction::open(&app, &portal, rules(&app, Format::SealedFirstPrice)).await;
    let sealed = auction.bid(&anna, "140.00").await;
    assert_eq!((&sealed["leading"], &sealed["leads"], &sealed["price"]), (&json!(null), &json!(false), &json!(null)));
    auction.bid(&bela, "140.00").await;
    auction.bid(&carl, "120.00").await;
    // A replaced bid loses its earlier time: Bela is the first with 140 now.
    auction.bid(&anna, "140.00").await;
    auction.close().await;
    let result = auction.result(&portal.seller.owner).await;
    let award = &result["awards"][0];
    assert_eq!((&award["organisation_id"], &award["price"]), (&json!(bela.id), &euros("140.00")));
    assert_eq!(result["last_hash"], auction.verified(&app.anonymous()).await);
}

#[tokio::test]
async fn the_second_price_is_paid_and_the_reserve_where_one_bid_alone_is_above_it() {
    let app = TestApp::start().await;
    let lots = || vec![LotRules { reserve: Some(11_000), ..lot(Format::SealedSecondPrice) }];
    for (other, paid) in [("130.00", "130.00"), ("105.00", "110.00")] {
        let portal = app.auction_portal().await;
        let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
        let rules = Rules { lots: lots(), ..rules(&app, Format::SealedSecondPrice) };
        let auction = Auction::open(&app, &portal, rules).await;
        auction.bid(&anna, "180.00").await;
        auction.bid(&bela, other).await;
        auction.close().await;
        let award = auction.result(&portal.seller.owner).await["awards"][0].clone();
        assert_eq!((&award["organisation_id"], &award["price"]), (&json!(anna.id), &euros(paid)));
    }
}

#[tokio::test]
async fn a_sealed_bid_can_be_taken_back_until_the_close() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let auction = Auction::open(&app, &portal, rules(&app, Format::SealedFirstPrice)).await;
    let withdraw = auction.path("bids/withdraw");
    anna.owner.post(&withdraw, json!({})).await.problem(403, "not-qualified");
    auction.bid(&anna, "500.00").await;
    auction.bid(&bela, "100.00").await;
    assert_eq!(auction.lot(&anna.owner).await["own"]["sealed"], true);
    anna.owner.post(&withdraw, json!({"lot": 1})).await.expect(201);
    anna.owner.post(&withdraw, json!({"lot": 1})).await.problem(404, "not-found");
    assert_eq!(auction.lot(&anna.owner).await["own"]["sealed"], false);
    auction.close().await;
    bela.owner.post(&withdraw, json!({})).await.problem(409, "bid-too-late");
    let award = auction.result(&portal.seller.owner).await["awards"][0].clone();
    assert_eq!((&award["organisation_id"], &award["price"]), (&json!(bela.id), &euros("100.00")));
}

/// All that can be read of the database without the service's key.
async fn everything(app: &TestApp) -> String {
    let tables = [
        "auction",
        "auction_lot",
        "auction_entry",
        "auction_receipt",
        "auction_award",
        "event",
        "idempotency",
        "journal_entry",
    ];
    let mut text = String::new();
    for table in tables {
        let rows = format!("SELECT coalesce(string_agg(t::text, ' '), '') AS text FROM {table} t");
        text.push_str(&tests::database::text(&app.database_url, &rows).await);
    }
    text
}

// The price is one that stands nowhere else.
#[tokio::test]
async fn nobody_reads_a_sealed_bid_before_the_opening() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let auction = Auction::open(&app, &portal, rules(&app, Format::SealedFirstPrice)).await;
    let nonce = "5e".repeat(32);
    let body = json!({"price": euros("98765432109.87"), "nonce": nonce});
    let sealed = anna.owner.post_once(&auction.path("bids"), "sealed-1", body.clone()).await.expect(201).json();
    assert_eq!(sealed["nonce"], nonce);
    told(&app, &anna, "bid.accepted").await;

    let operator = app.operator().await;
    let lot = auction.path("lots/1");
    let paths =
        [lot.clone(), auction.path("lots"), format!("{lot}/history"), format!("{lot}/result"), "/v1/events".to_owned()];
    let readers = [&portal.seller.owner, &bela.owner, &operator];
    let mut seen = everything(&app).await;
    for by in readers {
        for path in &paths {
            seen.push_str(&by.get(path).await.text);
        }
    }
    seen.push_str(&operator.get("/v1/audit").await.text);
    assert!(seen.contains(sealed["commitment"].as_str().unwrap()), "but the commitment is there for all");
    for secret in ["98765432109", &nonce] {
        assert!(!seen.contains(secret), "{secret}");
    }
    // The same retry is answered the same, from what is kept sealed.
    let again = anna.owner.post_once(&auction.path("bids"), "sealed-1", body).await.expect(201);
    assert_eq!((again.header("idempotent-replayed"), again.json()), ("true".to_owned(), sealed.clone()));

    auction.close().await;
    let own: Value = anna.owner.get(&auction.path("bids")).await.expect(200).json()["items"][0].clone();
    assert_eq!((&own["opened_price"], &own["units"]), (&euros("98765432109.87"), &json!(1)));
    let committed = domain::auction::Committed {
        auction: auction.auction_id(),
        lot: 1,
        bidder: domain::kernel::OrganisationId(uuid::Uuid::parse_str(&anna.id).unwrap()),
        price: 9_876_543_210_987,
        units: 1,
    };
    let proof = domain::auction::commitment(&committed, &domain::auction::Digest::parse(&nonce).unwrap());
    assert_eq!(sealed["commitment"], proof.to_string());
}

#[tokio::test]
async fn a_sealed_bid_that_could_not_win_is_refused_at_once() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let anna = portal.bidder(&app, "Anna").await;
    let auction = Auction::open(&app, &portal, rules(&app, Format::SealedFirstPrice)).await;
    anna.owner.post(&auction.path("bids"), bid("99.99")).await.problem(409, "bid-too-low");
    let odd = json!({"price": euros("100.001"), "units": 2, "nonce": "xyz"});
    let faults = anna.owner.post(&auction.path("bids"), odd).await.faults();
    assert!(faults.iter().any(|fault| fault.starts_with("/nonce")), "{faults:?}");
    assert_eq!(auction.lot(&app.anonymous()).await["entries"], 0);
}
