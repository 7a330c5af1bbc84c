use serde_json::{Value, json};
use tests::app::TestApp;
use tests::auction_house::{Win, apply};
use tests::client::Client;
use tests::given::Company;

async fn bidders(by: &Client, auction: &str) -> Vec<Value> {
    by.get(&format!("{auction}/bidders")).await.expect(200).json()["items"].as_array().unwrap().clone()
}

fn of(path: &str, company: &Company, step: &str) -> String {
    format!("{path}/bidders/{}/{step}", company.id)
}

#[tokio::test]
async fn where_everybody_may_bid_who_applies_is_admitted() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let bidder = house.member(&app, "Bidder", &["bid"]).await;
    let buyer = house.member(&app, "Buyer", &["buy"]).await;
    let path = house.announced(&seller, json!({})).await;
    assert_eq!(apply(&bidder.owner, &path).await["state"], "admitted");
    bidder.owner.post(&format!("{path}/bidders/apply"), json!({})).await.problem(409, "wrong-state");
    buyer.owner.post(&format!("{path}/bidders/apply"), json!({})).await.problem(403, "capability-missing");
    let draft = house.draft(&seller, json!({})).await;
    bidder.owner.post(&format!("{draft}/bidders/apply"), json!({})).await.problem(404, "not-found");
}

#[tokio::test]
async fn the_holder_qualifies_refuses_and_withdraws() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let (good, bad) = (house.member(&app, "Good", &["bid"]).await, house.member(&app, "Bad", &["bid"]).await);
    let invited = house.member(&app, "Invited", &["bid"]).await;
    let path = house.announced(&seller, json!({"access": "qualified"})).await;
    let body = json!({"note": "We take it all."});
    let applied = good.owner.post(&format!("{path}/bidders/apply"), body).await.expect(200).json();
    assert_eq!((&applied["state"], &applied["note"]), (&json!("applied"), &json!("We take it all.")));
    apply(&bad.owner, &path).await;
    good.owner.post(&of(&path, &good, "admit"), json!({})).await.problem(403, "forbidden");
    let admitted = seller.owner.post(&of(&path, &good, "admit"), json!({})).await.expect(200).json();
    assert_eq!(admitted["state"], "admitted");
    let refused = seller.owner.post(&of(&path, &bad, "refuse"), json!({"note": "Unknown."})).await.expect(200).json();
    assert_eq!((&refused["state"], &refused["note"]), (&json!("refused"), &json!("Unknown.")));
    bad.owner.post(&format!("{path}/bidders/apply"), json!({})).await.problem(403, "not-qualified");
    seller.owner.post(&of(&path, &good, "withdraw"), json!({})).await.expect(200);
    good.owner.post(&format!("{path}/bidders/apply"), json!({})).await.problem(403, "bidder-withdrawn");
    seller.owner.post(&of(&path, &good, "admit"), json!({})).await.expect(200);
    seller.owner.post(&of(&path, &invited, "admit"), json!({})).await.problem(404, "not-found");

    // Who is invited is qualified by that; those who are in it already stay what they are.
    let invite = json!({"organisation_ids": [invited.id, good.id]});
    let new = seller.owner.post(&format!("{path}/bidders/invite"), invite).await.expect(200).json();
    assert_eq!(new["items"].as_array().unwrap().len(), 1);
    assert_eq!(apply(&invited.owner, &path).await["state"], "admitted");
    let states = bidders(&seller.owner, &path).await;
    assert_eq!(states.iter().filter(|one| one["state"] == "admitted").count(), 2);
    let own = bidders(&bad.owner, &path).await;
    assert_eq!((own.len(), &own[0]["organisation_id"]), (1, &json!(bad.id)));
}

#[tokio::test]
async fn companies_of_the_sellers_group_do_not_bid() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell", "bid"]).await;
    let sister = house.member(&app, "Sister", &["bid"]).await;
    let parent = app.company("Parent").await;
    for child in [&seller, &sister] {
        let path = format!("/v1/organisations/{}", child.id);
        let etag = child.owner.etag(&path).await;
        child.owner.put_if(&format!("{path}/parent"), &etag, json!({"parent_id": parent.id})).await.expect(200);
        let agree = format!("/v1/organisations/{}/affiliates/{}/confirm", parent.id, child.id);
        parent.owner.post(&agree, json!({})).await.expect(200);
    }
    let path = house.announced(&seller, json!({})).await;
    for own in [&seller, &sister] {
        own.owner.post(&format!("{path}/bidders/apply"), json!({})).await.problem(403, "own-auction");
        let question = json!({"question": "Is it good?"});
        own.owner.post(&format!("{path}/questions"), question).await.problem(403, "own-auction");
    }
    let stranger = app.company("Stranger").await;
    let invite = json!({"organisation_ids": [sister.id, stranger.id]});
    let refused = seller.owner.post(&format!("{path}/bidders/invite"), invite).await;
    assert_eq!(refused.faults(), ["/organisation_ids/0 own_group", "/organisation_ids/1 no_bidder"]);
}

#[tokio::test]
async fn who_stands_behind_a_pseudonym_is_known_of_winners_after_the_close() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let (winner, loser) = (house.member(&app, "Winner", &["bid"]).await, house.member(&app, "Loser", &["bid"]).await);
    let path = house.announced(&seller, json!({})).await;
    for bidder in [&winner, &loser] {
        apply(&bidder.owner, &path).await;
    }
    let auction = tests::auction_house::id_of(&path);
    let all_hidden = async |by: &Client| bidders(by, &path).await.iter().all(|one| one["pseudonym"].is_null());
    app.until(async || bidders(&winner.owner, &path).await[0]["pseudonym"].is_string()).await;
    assert!(all_hidden(&seller.owner).await && all_hidden(&app.operator().await).await);
    let win = Win { company: &winner, units: 1, price: 900_000 };
    app.given_closed_lot(auction, 1, &[win], Some((&loser, 890_000))).await;
    let known = bidders(&seller.owner, &path).await;
    let known: Vec<&Value> = known.iter().filter(|one| one["pseudonym"].is_string()).collect();
    assert_eq!((known.len(), &known[0]["organisation_id"]), (1, &json!(winner.id)));
    // What is disclosed to the parties is not disclosed to others.
    let awards = async |by: &Client| by.get(&path).await.expect(200).json()["standing"][0]["awards"].clone();
    assert_eq!(awards(&seller.owner).await[0]["organisation_id"], json!(winner.id));
    assert_eq!(awards(&winner.owner).await[0]["price"]["amount"], "9000.00");
    for other in [&loser.owner, &app.anonymous()] {
        assert_eq!(awards(other).await, json!([]));
    }
}
