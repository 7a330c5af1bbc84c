//! Open bids: who leads, who wins, and what is paid.

use chrono::TimeDelta;
use domain::auction::{Disclosure, Format, LotRules, Rules, SoftClose};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::auction::{Auction, bid, euros, lot, proxy, rules};

use super::told;

/// The highest maximum wins at one step over the second.
#[tokio::test]
async fn the_highest_maximum_wins_at_one_step_over_the_second() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let auction = Auction::open(&app, &portal, rules(&app, Format::English)).await;

    let first = auction.take(&anna, proxy("100.00", "150.00")).await;
    assert_eq!((&first["number"], &first["leads"], &first["price"]), (&json!(1), &json!(true), &euros("100.00")));
    // 120 is below Anna's maximum: she leads on, at one step over it.
    let beaten = auction.bid(&bela, "120.00").await;
    assert_eq!((&beaten["leads"], &beaten["leading"], &beaten["price"]), (&json!(false), &json!(0), &euros("121.00")));
    // A maximum alone bids the least that is taken.
    let leading = auction.take(&bela, json!({"maximum": euros("200.00")})).await;
    assert_eq!((&leading["leads"], &leading["price"]), (&json!(true), &euros("151.00")));
    assert_eq!(told(&app, &anna, "bid.outbid").await, [json!({"lot": 1, "price": euros("151.00"), "leading": 0})]);
    // Nobody outbids himself: raising one's own maximum does not raise the price.
    let raised = auction.take(&bela, json!({"maximum": euros("250.00")})).await;
    assert_eq!((&raised["leads"], &raised["price"]), (&json!(true), &euros("151.00")));

    let seen = auction.lot(&app.anonymous()).await;
    assert_eq!((&seen["price"], &seen["minimum"], &seen["entries"]), (&euros("151.00"), &euros("152.00"), &json!(4)));
    assert_eq!(seen.get("own"), None);
    assert!(!seen.to_string().contains("250.00") && !seen.to_string().contains(&bela.id));
    let own = auction.lot(&bela.owner).await["own"].clone();
    assert_eq!((&own["maximum"], &own["leading"], &own["pseudonym"]), (&euros("250.00"), &json!(1), &seen["leader"]));

    auction.close().await;
    let result = auction.result(&portal.seller.owner).await;
    assert_eq!((&result["outcome"], &result["disclosed"]), (&json!("sold"), &json!(true)));
    let award = &result["awards"][0];
    assert_eq!((&award["organisation_id"], &award["price"]), (&json!(bela.id), &euros("151.00")));
    assert_eq!(result["last_hash"], auction.verified(&app.anonymous()).await);
}

#[tokio::test]
async fn what_was_decided_is_told_to_the_parties_alone_unless_more_is_disclosed() {
    let app = TestApp::start().await;
    for (disclosure, informed) in [
        (Disclosure::Parties, [true, false, false]),
        (Disclosure::Participants, [true, true, false]),
        (Disclosure::Public, [true, true, true]),
    ] {
        let portal = app.auction_portal().await;
        let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
        let carl = portal.bidder(&app, "Carl").await;
        let auction = Auction::open(&app, &portal, Rules { disclosure, ..rules(&app, Format::English) }).await;
        auction.bid(&anna, "100.00").await;
        auction.bid(&bela, "110.00").await;
        auction.close().await;
        for (who, informed) in [&portal.seller, &anna, &carl].into_iter().zip(informed) {
            let result = auction.result(&who.owner).await;
            assert_eq!(result["disclosed"], informed, "{disclosure:?} {}", who.name);
            assert_eq!(result["awards"].as_array().unwrap().len(), usize::from(informed));
            let events = closings(&app, who, &auction).await;
            assert_eq!(events.len(), 1);
            assert_eq!(events[0]["last_hash"], result["last_hash"]);
            assert_eq!(events[0]["awards"][0]["organisation_id"] == json!(bela.id), informed);
        }
        // The winner knows what it has won, and what it pays.
        let won = auction.result(&bela.owner).await;
        assert_eq!(won["awards"][0]["price"], euros("110.00"));
        assert_eq!(told(&app, &bela, "bid.won").await.len(), 1);
    }
}

async fn closings(app: &TestApp, who: &tests::given::Company, auction: &Auction<'_>) -> Vec<Value> {
    let items = async || {
        let feed = who.owner.get("/v1/events?type=auction.lot_closed&limit=200").await.expect(200).json();
        let all = feed["items"].as_array().unwrap().clone();
        all.into_iter().filter(|event| event["subject"]["id"] == auction.id).collect::<Vec<_>>()
    };
    app.until(async || !items().await.is_empty()).await;
    items().await.into_iter().map(|event| event["data"].clone()).collect()
}

#[tokio::test]
async fn a_maximum_that_reaches_the_reserve_moves_the_price_to_it_and_below_it_nothing_is_sold() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let anna = portal.bidder(&app, "Anna").await;
    let reserved = |reserve| Rules {
        lots: vec![LotRules { reserve: Some(reserve), ..lot(Format::English) }],
        ..rules(&app, Format::English)
    };
    let auction = Auction::open(&app, &portal, reserved(13_000)).await;
    auction.take(&anna, proxy("100.00", "120.00")).await;
    let below = auction.lot(&app.anonymous()).await;
    assert_eq!((&below["price"], &below["reserve_met"]), (&euros("100.00"), &json!(false)));
    assert!(!below.to_string().contains("130.00"), "the reserve is hidden");
    auction.take(&anna, json!({"maximum": euros("140.00")})).await;
    let met = auction.lot(&app.anonymous()).await;
    assert_eq!((&met["price"], &met["reserve_met"]), (&euros("130.00"), &json!(true)));

    let unsold = Auction::open(&app, &portal, reserved(20_000)).await;
    unsold.bid(&anna, "150.00").await;
    unsold.close().await;
    let result = unsold.result(&portal.seller.owner).await;
    assert_eq!((&result["outcome"], &result["awards"]), (&json!("reserve_not_met"), &json!([])));
}

#[tokio::test]
async fn a_lot_is_bought_at_once_until_the_first_bid_reaches_the_reserve() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let lots = vec![LotRules { reserve: Some(11_000), buy_now: Some(30_000), ..lot(Format::English) }; 2];
    let auction = Auction::open(&app, &portal, Rules { lots, ..rules(&app, Format::English) }).await;
    auction.bid(&anna, "105.00").await;
    let bought = bela.owner.post(&auction.path("buy-now"), json!({"lot": 1})).await.expect(201).json();
    assert_eq!((&bought["leads"], &bought["price"]), (&json!(true), &euros("300.00")));
    let result = auction.result(&portal.seller.owner).await;
    assert_eq!((&result["outcome"], &result["awards"][0]["price"]), (&json!("sold"), &euros("300.00")));
    anna.owner.post(&auction.path("bids"), bid("400.00")).await.problem(409, "bid-too-late");

    anna.owner.post(&auction.path("bids"), json!({"lot": 2, "price": euros("110.00")})).await.expect(201);
    bela.owner.post(&auction.path("buy-now"), json!({"lot": 2})).await.problem(409, "buy-now-gone");
}

#[tokio::test]
async fn suppliers_undercut_each_other_and_the_lowest_gets_one_step_below_the_second() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let auction = Auction::open(&app, &portal, rules(&app, Format::ReverseEnglish)).await;
    auction.take(&anna, proxy("100.00", "80.00")).await;
    let beaten = auction.bid(&bela, "90.00").await;
    assert_eq!((&beaten["leads"], &beaten["price"]), (&json!(false), &euros("89.00")));
    bela.owner.post(&auction.path("bids"), bid("89.00")).await.problem(409, "bid-too-low");
    let leading = auction.take(&bela, proxy("88.00", "70.00")).await;
    assert_eq!((&leading["leads"], &leading["price"]), (&json!(true), &euros("79.00")));
    auction.close().await;
    let award = auction.result(&portal.seller.owner).await["awards"][0].clone();
    assert_eq!((&award["organisation_id"], &award["price"]), (&json!(bela.id), &euros("79.00")));
}

#[tokio::test]
async fn a_late_bid_moves_the_end_if_it_improves_and_not_beyond_the_final_end() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let rules = rules(&app, Format::English);
    let final_end = rules.closes_at.unwrap() + TimeDelta::minutes(3);
    let soft_close = Some(SoftClose { seconds: 300, final_end: Some(final_end) });
    let auction = Auction::open(&app, &portal, Rules { soft_close, ..rules }).await;
    let taken = auction.take(&anna, proxy("100.00", "200.00")).await;
    let end = |receipt: &Value| receipt["ends_at"].as_str().unwrap().parse::<domain::kernel::Timestamp>().unwrap();
    let at = |receipt: &Value| receipt["at"].as_str().unwrap().parse::<domain::kernel::Timestamp>().unwrap();
    assert_eq!(end(&taken), at(&taken) + TimeDelta::minutes(5));
    // Raising a maximum improves nothing.
    let raised = auction.take(&anna, json!({"maximum": euros("300.00")})).await;
    assert_eq!(end(&raised), end(&taken));
    let pushed = auction.bid(&bela, "150.00").await;
    assert_eq!(end(&pushed), (at(&pushed) + TimeDelta::minutes(5)).min(final_end));
}

#[tokio::test]
async fn lots_of_one_event_close_one_after_the_other() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let anna = portal.bidder(&app, "Anna").await;
    let lots = vec![lot(Format::English); 3];
    let auction = Auction::open(&app, &portal, Rules { lots, stagger: 600, ..rules(&app, Format::English) }).await;
    for number in [1, 2] {
        auction.take(&anna, json!({"lot": number, "price": euros("100.00")})).await;
    }
    auction.close().await;
    let first = auction.path("lots?limit=2");
    let page = app.anonymous().get(&first).await.expect(200).json();
    let phases = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|lot| lot["phase"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(phases(&page), ["closed", "bidding"]);
    let next = format!("{first}&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = app.anonymous().get(&next).await.expect(200).json();
    assert_eq!((phases(&rest), &rest["next_cursor"]), (vec!["bidding".to_owned()], &Value::Null));
    anna.owner.post(&auction.path("bids"), bid("120.00")).await.problem(409, "bid-too-late");
}

/// Nobody waits for a clerk: the host closes by itself.
#[tokio::test]
async fn a_lot_closes_by_itself_when_its_time_has_come() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let closes_at = Some(app.shared.clock.now() + TimeDelta::seconds(5));
    let auction = Auction::open(&app, &portal, Rules { closes_at, ..rules(&app, Format::English) }).await;
    auction.reach("closed", None).await;
    let result = auction.result(&app.anonymous()).await;
    assert_eq!(result["outcome"], "no_bids");
    let states = format!("SELECT count(*) FROM auction WHERE id = '{}' AND state = 'unsold'", auction.id);
    assert_eq!(app.count(&states).await, 1);
}

#[tokio::test]
async fn who_bids_reads_its_own_receipts_and_nobody_elses() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let auction = Auction::open(&app, &portal, rules(&app, Format::English)).await;
    let receipt = auction.take(&anna, proxy("100.00", "150.00")).await;
    auction.bid(&bela, "120.00").await;
    let own = anna.owner.get(&auction.path("bids")).await.expect(200).json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    let kept = &own["items"][0];
    for member in ["number", "at", "hash", "commitment", "nonce"] {
        assert_eq!(kept[member], receipt[member], "{member}");
    }
    assert_eq!((&kept["maximum"], &kept["price"]), (&euros("150.00"), &euros("100.00")));
    // With company, maximum and nonce anybody proves what the history holds.
    let committed = domain::auction::Committed {
        auction: auction.auction_id(),
        lot: 1,
        bidder: domain::kernel::OrganisationId(uuid::Uuid::parse_str(&anna.id).unwrap()),
        price: 15_000,
        units: 1,
    };
    let nonce = domain::auction::Digest::parse(receipt["nonce"].as_str().unwrap()).unwrap();
    let proof = domain::auction::commitment(&committed, &nonce);
    assert_eq!(auction.history(&app.anonymous()).await[0].commitment, proof);
}
