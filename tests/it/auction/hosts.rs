//! Who hosts auctions: after a restart, beside another node, and after that one is gone.

use chrono::TimeDelta;
use domain::auction::{Format, Rules};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::auction::{Auction, bid, euros, proxy, rules};
use tests::client::Client;

async fn lot(by: &Client, path: &str) -> Value {
    let mut lot = by.get(path).await.expect(200).json();
    lot["now"] = Value::Null;
    lot
}

#[tokio::test]
async fn an_auction_is_the_same_after_a_restart() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let auction = Auction::open(&app, &portal, rules(&app, Format::English)).await;
    auction.take(&anna, proxy("100.00", "180.00")).await;
    auction.bid(&bela, "150.00").await;
    let (path, bids) = (auction.path("lots/1"), auction.path("bids"));
    let (before, history) = (lot(&anna.owner, &path).await, auction.history(&anna.owner).await);
    let (url, key) = (app.database_url.clone(), app.config().secret_key.clone());
    drop(app);

    let app = TestApp::start_on(url, |config| config.secret_key = key).await;
    let (anna, bela) = (app.log_in(&anna.email).await, app.log_in(&bela.email).await);
    assert_eq!(lot(&anna, &path).await, before);
    // Her hidden maximum is still there.
    let beaten = bela.post(&bids, bid("170.00")).await.expect(201).json();
    assert_eq!((&beaten["leads"], &beaten["price"]), (&json!(false), &euros("171.00")));
    let page = bela.get(&auction_path(&path, "history")).await.expect(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), history.len() + 1);
}

fn auction_path(lot: &str, what: &str) -> String {
    format!("{lot}/{what}")
}

/// Its bids wait sealed while nobody hosts it, and are opened by whoever hosts it next.
#[tokio::test]
async fn sealed_bids_whose_end_nobody_saw_are_opened_after_a_restart() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let auction = Auction::open(&app, &portal, rules(&app, Format::SealedFirstPrice)).await;
    auction.bid(&anna, "150.00").await;
    auction.bid(&bela, "160.00").await;
    let (path, seller) = (auction.path("lots/1"), portal.seller.email.clone());
    let (url, key) = (app.database_url.clone(), app.config().secret_key.clone());
    drop(app);

    let app = TestApp::start_on(url, |config| config.secret_key = key).await;
    let seller = app.log_in(&seller).await;
    let end = app.shared.clock.now() + TimeDelta::minutes(5);
    app.until(async || {
        app.shared.clock.set(end);
        app.anonymous().get(&path).await.expect(200).json()["phase"] == "closed"
    })
    .await;
    let result = seller.get(&auction_path(&path, "result")).await.expect(200).json();
    assert_eq!(result["awards"][0]["organisation_id"], json!(bela.id));
    assert_eq!(result["awards"][0]["price"], euros("160.00"));
}

/// Its end came before anybody hosted it.
#[tokio::test]
async fn an_auction_whose_end_was_slept_through_closes_without_bids() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let bidder = portal.bidder(&app, "Anna").await;
    let rules = rules(&app, Format::English);
    let earlier = |at| at - TimeDelta::days(1);
    let rules = Rules { opens_at: earlier(rules.opens_at), closes_at: rules.closes_at.map(earlier), ..rules };
    let auction = Auction::open(&app, &portal, rules).await;
    bidder.owner.post(&auction.path("bids"), bid("150.00")).await.problem(409, "bid-too-late");
    let seller = &portal.seller.owner;
    app.until(async || seller.get(&format!("/v1/auctions/{}", auction.id)).await.json()["state"] == "unsold").await;
    assert_eq!(auction.result(seller).await["outcome"], "no_bids");
}

#[tokio::test]
async fn another_node_forwards_to_the_host_and_takes_over_when_it_is_gone() {
    let first = TestApp::start().await;
    let portal = first.auction_portal().await;
    let (anna, bela) = (portal.bidder(&first, "Anna").await, portal.bidder(&first, "Bela").await);
    let auction = Auction::open(&first, &portal, Rules { ..rules(&first, Format::English) }).await;
    auction.bid(&anna, "100.00").await;
    let (url, key) = (first.database_url.clone(), first.config().secret_key.clone());
    let second = TestApp::start_on(url, |config| config.secret_key = key).await;
    let (anna_there, bela_there) = (second.log_in(&anna.email).await, second.log_in(&bela.email).await);
    let (path, bids) = (auction.path("lots/1"), auction.path("bids"));
    let key = "bid-over-two-nodes";
    let taken = bela_there.post_once(&bids, key, bid("120.00")).await.expect(201);
    let again = bela.owner.post_once(&bids, key, bid("120.00")).await.expect(201);
    assert_eq!((again.header("idempotent-replayed"), again.json()), ("true".to_owned(), taken.json()));
    assert_eq!(lot(&bela.owner, &path).await, lot(&bela_there, &path).await);
    // Problems come back as they are, and what the tables know is read here.
    bela_there.post(&bids, bid("1.00")).await.problem(409, "bid-too-low");
    let receipts = bela_there.get(&bids).await.expect(200).json();
    assert_eq!(receipts["items"].as_array().unwrap().len(), 1);
    let before = lot(&second.anonymous(), &path).await;
    drop(first);

    second.until(async || second.anonymous().get(&path).await.status == 200).await;
    assert_eq!(lot(&second.anonymous(), &path).await, before);
    let over = anna_there.post(&bids, bid("130.00")).await.expect(201).json();
    assert_eq!((&over["number"], &over["leads"]), (&json!(3), &json!(true)));
}
