//! Three parts: a falling price is accepted, sealed bids above it follow, and who accepted may top the best of them once.

use chrono::TimeDelta;
use domain::auction::Format;
use serde_json::json;
use tests::app::TestApp;
use tests::auction::{Auction, bid, euros, rules};

use super::told;

/// Longer than each of the later parts takes.
const PART: TimeDelta = TimeDelta::seconds(250);

#[tokio::test]
async fn who_accepted_the_falling_price_tops_the_best_sealed_bid_and_wins() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let carl = portal.bidder(&app, "Carl").await;
    let auction = Auction::open(&app, &portal, rules(&app, Format::Hybrid)).await;
    let path = auction.path("bids");
    auction.bid(&anna, "90.00").await;
    let seen = auction.lot(&app.anonymous()).await;
    assert_eq!((&seen["phase"], &seen["price"]), (&json!("sealing"), &euros("90.00")));
    // Sealed bids are above the price that was accepted; who accepted it seals none.
    bela.owner.post(&path, bid("90.00")).await.problem(409, "bid-too-low");
    anna.owner.post(&path, bid("120.00")).await.problem(409, "wrong-format");
    auction.bid(&bela, "105.00").await;
    auction.bid(&carl, "110.00").await;

    auction.reach("topping", Some(PART)).await;
    let may_top = told(&app, &anna, "auction.may_top").await;
    assert_eq!((&may_top[0]["price"], &may_top[0]["least"]), (&euros("110.00"), &euros("111.00")));
    carl.owner.post(&path, bid("130.00")).await.problem(409, "wrong-format");
    anna.owner.post(&path, bid("110.50")).await.problem(409, "bid-too-low");
    let topped = auction.bid(&anna, "111.00").await;
    assert_eq!(topped["leads"], true);
    let result = auction.result(&portal.seller.owner).await;
    let award = &result["awards"][0];
    assert_eq!((&award["organisation_id"], &award["price"]), (&json!(anna.id), &euros("111.00")));
    assert_eq!(result["last_hash"], auction.verified(&app.anonymous()).await);
}

#[tokio::test]
async fn the_best_sealed_bid_wins_where_it_is_not_topped() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let auction = Auction::open(&app, &portal, rules(&app, Format::Hybrid)).await;
    auction.bid(&anna, "90.00").await;
    auction.bid(&bela, "105.00").await;
    auction.reach("topping", Some(PART)).await;
    auction.reach("closed", Some(PART * 2)).await;
    let award = auction.result(&portal.seller.owner).await["awards"][0].clone();
    assert_eq!((&award["organisation_id"], &award["price"]), (&json!(bela.id), &euros("105.00")));
}
