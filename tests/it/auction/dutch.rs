//! The price falls until somebody accepts it.

use domain::auction::{Format, LotRules, Pricing, Rules};
use serde_json::json;
use tests::app::TestApp;
use tests::auction::{Auction, bid, euros, lot, of_units, proxy, rules, units};

#[tokio::test]
async fn the_first_to_accept_the_current_price_wins_at_it() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    // It began at 100 fifteen minutes ago, and falls by 10 every ten minutes.
    let auction = Auction::open(&app, &portal, rules(&app, Format::Dutch)).await;
    let seen = auction.lot(&app.anonymous()).await;
    assert_eq!((&seen["phase"], &seen["price"], &seen["minimum"]), (&json!("falling"), &euros("90.00"), &json!(null)));
    for other in ["100.00", "89.99", "80.00"] {
        anna.owner.post(&auction.path("bids"), bid(other)).await.problem(409, "not-current-price");
    }
    let taken = auction.bid(&anna, "90.00").await;
    assert_eq!((&taken["leads"], &taken["price"]), (&json!(true), &euros("90.00")));
    bela.owner.post(&auction.path("bids"), bid("90.00")).await.problem(409, "bid-too-late");
    let award = auction.result(&portal.seller.owner).await["awards"][0].clone();
    assert_eq!((&award["organisation_id"], &award["price"]), (&json!(anna.id), &euros("90.00")));
    assert_eq!(auction.history(&app.anonymous()).await.len(), 1);
}

#[tokio::test]
async fn several_units_go_until_they_are_gone() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let rules = of_units(rules(&app, Format::Dutch), 10, Pricing::PayAsBid);
    let auction = Auction::open(&app, &portal, rules).await;
    auction.take(&anna, units(6, "90.00")).await;
    assert_eq!(auction.lot(&app.anonymous()).await["units_left"], 4);
    bela.owner.post(&auction.path("bids"), units(5, "90.00")).await.problem(409, "out-of-stock");
    auction.take(&bela, units(4, "90.00")).await;
    let result = auction.result(&portal.seller.owner).await;
    let told: Vec<_> = result["awards"].as_array().unwrap().iter().map(|award| award["units"].clone()).collect();
    assert_eq!((&result["outcome"], told), (&json!("sold"), vec![json!(6), json!(4)]));
}

#[tokio::test]
async fn a_falling_price_takes_neither_maxima_nor_nonces_nor_units_that_are_not_there() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let anna = portal.bidder(&app, "Anna").await;
    let lots = vec![LotRules { units: 3, ..lot(Format::Dutch) }];
    let auction = Auction::open(&app, &portal, Rules { lots, ..rules(&app, Format::Dutch) }).await;
    let path = auction.path("bids");
    let answer = anna.owner.post(&path, proxy("90.00", "95.00")).await;
    assert_eq!(answer.faults(), ["/maximum no_proxy"]);
    anna.owner.post(&path, json!({"units": 4, "maximum": euros("9.001")})).await.faults();
    let all = json!({"units": 4, "maximum": euros("90.00"), "nonce": "00".repeat(32)});
    let document = anna.owner.post(&path, all).await;
    let faults = document.faults();
    assert_eq!(faults, ["/maximum no_proxy", "/nonce not_taken", "/price price_missing", "/units units_out_of_range"]);
}
