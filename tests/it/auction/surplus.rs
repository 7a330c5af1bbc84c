//! The auctions of the demonstration data: one of every format that has ended, one of every format that runs.

use api::seed::surplus;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;

const FORMATS: [&str; 6] =
    ["english", "reverse_english", "dutch", "sealed_first_price", "sealed_second_price", "hybrid"];

async fn auctions(client: &Client, filter: &str) -> Vec<Value> {
    let path = format!("/v1/portals/{}/auctions?limit=200{filter}", surplus::PORTAL);
    client.get(&path).await.expect(200).json()["items"].as_array().unwrap().clone()
}

fn id(auction: &Value) -> &str {
    auction["id"].as_str().unwrap()
}

/// Units and price of each award of lot 1, as far as the reader may know.
async fn awards(client: &Client, auction: &Value) -> Vec<(u64, String)> {
    let result = client.get(&format!("/v1/auctions/{}/lots/1/result", id(auction))).await.expect(200).json();
    let award =
        |award: &Value| (award["units"].as_u64().unwrap(), award["price"]["amount"].as_str().unwrap().to_owned());
    result["awards"].as_array().unwrap().iter().map(award).collect()
}

async fn log_in(app: &TestApp, email: &str) -> Client {
    let body = json!({"email": email, "password": api::seed::PASSWORD});
    let answer = app.anonymous().post("/v1/sessions", body).await.expect(201);
    app.anonymous().with_token(answer.json()["access_token"].as_str().unwrap())
}

#[tokio::test]
async fn the_surplus_has_auctions_of_every_format_that_have_ended_and_that_run() {
    let app = TestApp::demonstration().await;
    let anonymous = app.anonymous();
    assert_eq!(auctions(&anonymous, "&state=scheduled").await.len(), 1);
    let (sold, open) = (auctions(&anonymous, "&state=sold").await, auctions(&anonymous, "&state=open").await);
    assert_eq!((sold.len(), open.len()), (6, 6));
    // Who won what, and what it costs: those who hold the auctions know.
    let sellers =
        [log_in(&app, "owner@kama-steel-depot.example").await, log_in(&app, "owner@ladoga-machinery.example").await];
    let (steel, machines) = (&sellers[0], &sellers[1]);
    let one = |price: &str| vec![(1, price.to_owned())];
    for format in FORMATS {
        assert!(open.iter().any(|auction| auction["format"] == format), "{format}");
        let ended = sold.iter().find(|auction| auction["format"] == format).unwrap();
        let (reader, expected) = match format {
            // The second maximum was 960,000.
            "english" => (steel, one("965000.00")),
            "reverse_english" => (&anonymous, one("1095000.00")),
            "dutch" => (&anonymous, vec![(6, "44000.00".to_owned()), (14, "40000.00".to_owned())]),
            // All pay what the last of the winners offers, which gets what is left.
            "sealed_first_price" => (&anonymous, [15, 20, 5].map(|units| (units, "128000.00".to_owned())).into()),
            "sealed_second_price" => (machines, one("1065000.00")),
            _ => (&anonymous, one("3150000.00")),
        };
        assert_eq!(awards(reader, ended).await, expected, "{format}");
    }
    // Each award became a contract; the deposits of those who won nothing are free again.
    assert_eq!(app.count("SELECT count(*) FROM contract WHERE origin_kind = 'auction'").await, 10);
    assert_eq!(app.count("SELECT count(*) FROM auction_award WHERE contract_id IS NULL").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM auction_deposit WHERE state = 'held'").await, 2);
}

#[tokio::test]
async fn whoever_comes_can_bid() {
    let app = TestApp::demonstration().await;
    let bidder = log_in(&app, surplus::BIDDER).await;
    let open = auctions(&bidder, "&state=open&format=english").await;
    let path = |what: &str| format!("/v1/auctions/{}/{what}", id(&open[0]));
    bidder.post(&path("bidders/apply"), json!({})).await.expect(200);
    let lot = bidder.get(&path("lots/1")).await.expect(200).json();
    // Two have bid: the price stands above the smaller maximum, and the reserve is not met.
    assert_eq!((&lot["price"]["amount"], &lot["reserve_met"]), (&json!("900000.00"), &json!(true)));
    let receipt = bidder.post(&path("bids"), json!({"lot": 1, "price": lot["minimum"]})).await.expect(201).json();
    assert_eq!(receipt["leads"], false);
    let body = json!({"lot": 1, "maximum": {"amount": "1000000", "currency": "RUB"}});
    let receipt = bidder.post(&path("bids"), body).await.expect(201).json();
    assert_eq!((&receipt["leads"], &receipt["price"]["amount"]), (&json!(true), &json!("920000.00")));
}
