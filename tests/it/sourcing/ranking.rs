use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::sourcing::{id_of, items, state};

use super::{column, told};

async fn rank(by: &Client, quote: &str) -> Value {
    by.get(quote).await.expect(200).json()["rank"].clone()
}

#[tokio::test]
async fn where_quotes_are_ranked_openly_each_quoter_learns_its_place_alone() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let idle = tender.supplier(&app, "Idle").await.owner;
    let rfq = tender.published(json!({"procedure": {"secrecy": "open_ranking"}})).await;
    let first = tender.quoted(&one, &rfq, &["512.34", "700"], json!({"remarks": "First-marker"})).await;
    assert_eq!(rank(&one.owner, &first).await, 1);
    let second = tender.quoted(&two, &rfq, &["498.76", "700"], json!({})).await;
    assert_eq!((rank(&one.owner, &first).await, rank(&two.owner, &second).await), (json!(2), json!(1)));
    one.owner.edit(&first, json!({"whole_discount_percent": "10"})).await.expect(200);
    assert_eq!((rank(&one.owner, &first).await, rank(&two.owner, &second).await), (json!(1), json!(2)));

    // Of the others a quoter learns nothing.
    two.owner.get(&first).await.problem(404, "not-found");
    assert_eq!(column(&two.owner, &format!("{rfq}/quotes"), "id").await, [json!(id_of(&second))]);
    assert!(items(&idle, &format!("{rfq}/quotes")).await.is_empty());
    let mut seen = two.owner.get("/v1/events?limit=200").await.expect(200).text;
    for part in ["", "/quotes", "/versions", "/commitments"] {
        seen.push_str(&two.owner.get(&format!("{rfq}{part}")).await.expect(200).text);
    }
    seen.push_str(&two.owner.get(&second).await.expect(200).text);
    for secret in ["512.34", "First-marker", one.id.as_str(), id_of(&first)] {
        assert!(!seen.contains(secret), "{secret}");
    }
    two.owner.get(&format!("{rfq}/comparison")).await.problem(403, "forbidden");
}

#[tokio::test]
async fn the_buyer_reads_open_quotes_as_they_come_in_and_evaluates_at_the_deadline() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let rfq = tender.published(json!({"procedure": {"secrecy": "open_ranking"}})).await;
    let first = tender.quoted(&one, &rfq, &["512.34", "700"], json!({})).await;
    let received = told(&app, buyer, "rfq.quote_received").await;
    assert_eq!(received, [json!({"quote_id": id_of(&first), "quoter_id": one.id, "revision": 1})]);
    assert_eq!(buyer.get(&first).await.expect(200).json()["content"]["offers"][0]["unit_price"], "512.34");
    assert!(items(buyer, &format!("{rfq}/commitments")).await.is_empty(), "nothing is sealed");
    let second = tender.quoted(&two, &rfq, &["498.76"], json!({})).await;
    // What is not complete has no place.
    assert_eq!(rank(&two.owner, &second).await, Value::Null);
    let compared = buyer.get(&format!("{rfq}/comparison")).await.expect(200).json();
    assert_eq!(compared["ranking"], json!([id_of(&first)]));

    two.owner.post(&format!("{second}/withdraw"), json!({})).await.expect(200);
    assert_eq!(told(&app, buyer, "rfq.quote_withdrawn").await[0]["quoter_id"], json!(two.id));
    assert_eq!(rank(&two.owner, &second).await, Value::Null);
    app.pass_deadline(&rfq).await;
    assert_eq!(state(buyer, &rfq).await, "evaluating");
    let nothing = buyer.post(&format!("{rfq}/open"), json!({})).await;
    assert_eq!(nothing.faults(), ["/envelope envelope"]);
    let compared = buyer.get(&format!("{rfq}/comparison")).await.expect(200).json();
    assert_eq!(compared["quotes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn of_equal_quotes_the_earlier_one_goes_first_until_it_is_withdrawn() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let rfq = tender.published(json!({"procedure": {"secrecy": "open_ranking"}})).await;
    let first = tender.quoted(&one, &rfq, &["500", "700"], json!({})).await;
    let second = tender.quoted(&two, &rfq, &["500", "700"], json!({})).await;
    one.owner.edit(&first, json!({"remarks": "The same."})).await.expect(200);
    assert_eq!((rank(&one.owner, &first).await, rank(&two.owner, &second).await), (json!(1), json!(2)));
    one.owner.post(&format!("{first}/withdraw"), json!({})).await.expect(200);
    one.owner.post(&format!("{first}/submit"), json!({})).await.expect(200);
    assert_eq!((rank(&one.owner, &first).await, rank(&two.owner, &second).await), (json!(2), json!(1)));
}
