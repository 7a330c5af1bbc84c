//! What bad bids get, each its own problem.

use domain::auction::{Access, Format, Increments, LotRules, Rules};
use serde_json::json;
use tests::app::TestApp;
use tests::auction::{Auction, bid, euros, given_bidder, lot, proxy, rules, units};

#[tokio::test]
async fn bids_that_do_not_reach_what_they_have_to_are_refused() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let auction = Auction::open(&app, &portal, rules(&app, Format::English)).await;
    let path = auction.path("bids");
    let low = anna.owner.post(&path, bid("99.99")).await.problem(409, "bid-too-low");
    assert_eq!((&low["errors"][0]["pointer"], &low["errors"][0]["code"]), (&json!("/price"), &json!("too_low")));
    auction.bid(&anna, "100.00").await;
    bela.owner.post(&path, bid("100.99")).await.problem(409, "bid-too-low");
    anna.owner.post(&path, bid("100.00")).await.problem(409, "bid-too-low");
    assert_eq!(bela.owner.post(&path, proxy("120.00", "110.00")).await.faults(), ["/maximum maximum_below_price"]);
    assert_eq!(bela.owner.post(&path, json!({})).await.faults(), ["/price price_missing"]);
    assert_eq!(bela.owner.post(&path, units(2, "120.00")).await.faults(), ["/units units_out_of_range"]);
    bela.owner.post(&path, json!({"lot": 2, "price": euros("120.00")})).await.problem(404, "not-found");
    // What is refused leaves no trace in the history.
    assert_eq!(auction.lot(&app.anonymous()).await["entries"], 1);
}

#[tokio::test]
async fn all_faults_of_a_bid_are_told_at_once() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let anna = portal.bidder(&app, "Anna").await;
    let auction = Auction::open(&app, &portal, rules(&app, Format::English)).await;
    let path = auction.path("bids");
    let other = json!({"price": {"amount": "120", "currency": "USD"}});
    anna.owner.post(&path, other).await.problem(422, "currency-mismatch");
    let body = json!({"price": {"amount": "120.001", "currency": "EUR"}, "maximum": {"amount": "-5", "currency": "USD"},
        "nonce": "00".repeat(32)});
    let faults = anna.owner.post(&path, body).await.faults();
    assert_eq!(faults, ["/maximum/currency other_currency", "/nonce not_taken", "/price/amount too_precise"]);
    let shapeless = json!({"lot": 0, "price": {"amount": "a", "currency": "EUR"}, "bonus": 1});
    assert_eq!(anna.owner.post(&path, shapeless).await.faults().len(), 3);
}

#[tokio::test]
async fn who_may_not_bid_is_told_why() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let access = Access::Qualified;
    let qualified = Rules { access, ..rules(&app, Format::English) };
    let auction = Auction::open(&app, &portal, qualified.clone()).await;
    let path = auction.path("bids");
    portal.seller.owner.post(&path, bid("100.00")).await.problem(403, "own-auction");
    anna.owner.post(&path, bid("100.00")).await.problem(403, "not-qualified");
    let outsider = app.company("Outsider").await;
    outsider.owner.post(&path, bid("100.00")).await.problem(403, "capability-missing");
    app.anonymous().post(&path, bid("100.00")).await.problem(401, "unauthenticated");

    given_bidder(&app, &auction.id, &anna, "admitted").await;
    auction.bid(&anna, "100.00").await;
    given_bidder(&app, &auction.id, &bela, "admitted").await;
    auction.bid(&bela, "110.00").await;
    given_bidder(&app, &auction.id, &bela, "withdrawn").await;
    // Its bids are struck out: Anna leads again, at what she offered.
    app.until(async || auction.lot(&anna.owner).await["own"]["leading"] == 1).await;
    assert_eq!(auction.lot(&app.anonymous()).await["price"], euros("100.00"));
    bela.owner.post(&path, bid("120.00")).await.problem(403, "bidder-withdrawn");
    assert_eq!(auction.history(&app.anonymous()).await.len(), 3);
    auction.verified(&app.anonymous()).await;

    let secured = Auction::open(&app, &portal, Rules { deposit: 5_000, ..qualified }).await;
    given_bidder(&app, &secured.id, &anna, "admitted").await;
    anna.owner.post(&secured.path("bids"), bid("100.00")).await.problem(409, "deposit-not-covered");
    app.sql(&format!(
        "INSERT INTO auction_deposit (id, auction_id, organisation_id, amount, currency, state, held_at)
         VALUES (gen_random_uuid(), '{}', '{}', 50, 'EUR', 'held', now())",
        secured.id, anna.id
    ))
    .await;
    secured.bid(&anna, "100.00").await;
}

#[tokio::test]
async fn a_company_of_the_sellers_group_does_not_bid() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let sister = portal.bidder(&app, "Sister").await;
    app.sql(&format!(
        "UPDATE organisation SET parent_id = '{}', parent_confirmed_at = now() WHERE id = '{}'",
        portal.seller.id, sister.id
    ))
    .await;
    for access in [Access::Open, Access::Qualified] {
        let auction = Auction::open(&app, &portal, Rules { access, ..rules(&app, Format::English) }).await;
        sister.owner.post(&auction.path("bids"), bid("100.00")).await.problem(403, "own-auction");
    }
}

#[tokio::test]
async fn a_company_that_may_not_bid_any_more_loses_its_bids_everywhere() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let auction = Auction::open(&app, &portal, rules(&app, Format::English)).await;
    auction.bid(&anna, "100.00").await;
    auction.bid(&bela, "110.00").await;
    let operator = app.operator().await;
    let suspend = format!("/v1/portals/{}/members/{}/suspend", portal.slug, bela.id);
    operator.post(&suspend, json!({})).await.expect(200);
    app.until(async || auction.lot(&anna.owner).await["own"]["leading"] == 1).await;
    bela.owner.post(&auction.path("bids"), bid("120.00")).await.expect(403);
}

#[tokio::test]
async fn what_the_format_does_not_know_is_refused() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let anna = portal.bidder(&app, "Anna").await;
    let english = Auction::open(&app, &portal, rules(&app, Format::English)).await;
    english.bid(&anna, "100.00").await;
    anna.owner.post(&english.path("bids/withdraw"), json!({})).await.problem(409, "wrong-format");
    anna.owner.post(&english.path("buy-now"), json!({})).await.problem(409, "buy-now-gone");
    let sealed = Auction::open(&app, &portal, rules(&app, Format::SealedFirstPrice)).await;
    sealed.bid(&anna, "100.00").await;
    anna.owner.post(&sealed.path("buy-now"), json!({})).await.problem(409, "wrong-format");

    let plain = Rules { proxy: false, ..rules(&app, Format::English) };
    let without = Auction::open(&app, &portal, plain).await;
    without.bid(&anna, "100.00").await;
    anna.owner.post(&without.path("bids"), bid("120.00")).await.problem(409, "already-leads");
    let bounded = Rules {
        proxy: false,
        increments: Increments::Share { least: 50, most: Some(500) },
        lots: vec![LotRules { start: 10_000, ..lot(Format::English) }],
        ..rules(&app, Format::English)
    };
    let tender = Auction::open(&app, &portal, bounded).await;
    anna.owner.post(&tender.path("bids"), bid("105.01")).await.problem(422, "step-too-large");
}

#[tokio::test]
async fn before_the_opening_and_after_the_end_no_bid_is_taken() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let anna = portal.bidder(&app, "Anna").await;
    let opens_at = app.shared.clock.now() + chrono::TimeDelta::minutes(3);
    let later = Auction::open(&app, &portal, Rules { opens_at, ..rules(&app, Format::English) }).await;
    anna.owner.post(&later.path("bids"), bid("100.00")).await.problem(409, "lot-not-open");
    let auction = Auction::open(&app, &portal, rules(&app, Format::English)).await;
    auction.bid(&anna, "100.00").await;
    auction.close().await;
    anna.owner.post(&auction.path("bids"), bid("500.00")).await.problem(409, "bid-too-late");
}

#[tokio::test]
async fn a_cancelled_auction_closes_without_a_winner_and_a_settled_one_is_still_to_be_read() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let anna = portal.bidder(&app, "Anna").await;
    let auction = Auction::open(&app, &portal, rules(&app, Format::English)).await;
    auction.bid(&anna, "100.00").await;
    app.sql(&format!("UPDATE auction SET cancelled_at = now() WHERE id = '{}'", auction.id)).await;
    auction.reach("closed", None).await;
    let before = auction.result(&anna.owner).await;
    assert_eq!((&before["outcome"], &before["awards"]), (&json!("cancelled"), &json!([])));
    let state = format!("SELECT count(*) FROM auction WHERE id = '{}' AND state = 'cancelled'", auction.id);
    app.until(async || app.count(&state).await == 1).await;

    let known = auction.lot(&app.anonymous()).await;
    app.sql(&format!("UPDATE auction SET settled_at = now() WHERE id = '{}'", auction.id)).await;
    // The machine forgets it within a second, and nobody notices.
    app.until(async || auction.lot(&anna.owner).await.get("own").is_none()).await;
    let mut kept = auction.lot(&app.anonymous()).await;
    kept["now"] = known["now"].clone();
    assert_eq!(kept, known);
    assert_eq!(auction.verified(&app.anonymous()).await, before["last_hash"]);
    anna.owner.post(&auction.path("bids"), bid("200.00")).await.problem(409, "bid-too-late");
}

#[tokio::test]
async fn an_auction_of_a_closed_portal_or_by_invitation_does_not_exist_for_others() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await;
    let portal = app.auction_portal_of(seller, "closed").await;
    let outsider = app.company("Outsider").await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let closed = Auction::open(&app, &portal, rules(&app, Format::English)).await;
    let access = Access::Invited;
    let invited = Auction::open(&app, &portal, Rules { access, ..rules(&app, Format::English) }).await;
    given_bidder(&app, &invited.id, &anna, "admitted").await;
    invited.bid(&anna, "100.00").await;
    for (auction, who) in [(&closed, &outsider), (&invited, &bela)] {
        for what in ["lots", "lots/1", "lots/1/history", "lots/1/result", "stream", "bids"] {
            who.owner.get(&auction.path(what)).await.problem(404, "not-found");
        }
        for what in ["bids", "buy-now", "bids/withdraw"] {
            let body = if what == "bids" { bid("120.00") } else { json!({}) };
            who.owner.post(&auction.path(what), body).await.problem(404, "not-found");
        }
    }
    bela.owner.get(&closed.path("lots/1")).await.expect(200);
}
