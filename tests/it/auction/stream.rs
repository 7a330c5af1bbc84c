//! The stream of an auction: a snapshot, then numbered changes.

use domain::auction::{Format, Rules};
use serde_json::json;
use tests::app::TestApp;
use tests::auction::{Auction, euros, lot, rules};
use tests::sse::{Heard, read};

#[tokio::test]
async fn a_reader_begins_with_all_lots_and_goes_on_where_it_broke_off() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let lots = vec![lot(Format::English); 2];
    let auction = Auction::open(&app, &portal, Rules { lots, ..rules(&app, Format::English) }).await;
    let (path, anonymous) = (auction.path("stream"), app.anonymous());
    auction.bid(&anna, "100.00").await;
    let first = read(&anonymous, &path, None, 1).await;
    let snapshot = &first[0].data;
    assert_eq!((first[0].kind.as_str(), &snapshot["lots"][0]["price"]), ("snapshot", &euros("100.00")));
    assert_eq!(snapshot["lots"].as_array().unwrap().len(), 2);
    assert!(snapshot["now"].is_string());

    auction.bid(&bela, "110.00").await;
    auction.take(&anna, json!({"lot": 2, "price": euros("105.00")})).await;
    let missed = read(&anonymous, &path, Some(&first[0].id), 2).await;
    let change = snapshot["lots"][0]["changes"].as_u64().unwrap() + 1;
    let told = &missed[0].data;
    assert_eq!((missed[0].kind.as_str(), &told["lot"], &told["change"]), ("entry", &json!(1), &json!(change)));
    assert_eq!((&told["price"], &told["minimum"]), (&euros("110.00"), &euros("111.00")));
    assert!(told["now"].as_str() >= told["at"].as_str());
    assert_eq!((&missed[1].data["lot"], &missed[1].data["entry"]["number"]), (&json!(2), &json!(1)));
    // Between the two nothing comes twice, and none is left out.
    let mut rest = read(&anonymous, &path, Some(&missed[0].id), 1).await;
    rest[0].data["now"] = missed[1].data["now"].clone();
    assert_eq!(rest[0], missed[1]);
    // What is not remembered any more begins anew.
    assert_eq!(read(&anonymous, &path, Some("0.0"), 1).await[0].kind, "snapshot");
    let text = format!("{first:?} {missed:?}");
    assert!(!text.contains(&anna.id) && !text.contains(&bela.id), "{text}");

    auction.close().await;
    let all = read(&anonymous, &path, Some(&missed[1].id), 2).await;
    let closed: Vec<&Heard> = all.iter().filter(|event| event.kind == "closed").collect();
    assert_eq!(closed.len(), 2);
    assert_eq!(closed[0].data["last_hash"], auction.verified(&anonymous).await);
    assert_eq!(closed[0].data["awards"], json!([]));
}
