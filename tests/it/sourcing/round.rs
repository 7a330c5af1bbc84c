use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::given::Company;
use tests::sourcing::{Tender, items, state};

use super::{column, told};

/// Three quotes to a request that is evaluated.
async fn evaluated(app: &TestApp, more: Value) -> (Tender, String, Vec<Company>, Vec<String>) {
    let tender = app.tender().await;
    let suppliers = tender.suppliers(app, 3).await;
    let rfq = tender.published(more).await;
    let mut quotes = Vec::new();
    for (supplier, price) in suppliers.iter().zip(["500", "510", "520"]) {
        quotes.push(tender.quoted(supplier, &rfq, &[price, "700"], json!({})).await);
    }
    tender.evaluated(app, &rfq).await;
    (tender, rfq, suppliers, quotes)
}

fn round(tender: &Tender, kind: &str, more: Value) -> Value {
    let mut body = json!({"kind": kind, "deadline": format!("{}T10:00:00Z", tender.day(3))});
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    body
}

#[tokio::test]
async fn best_and_final_offers_are_made_by_those_who_are_asked() {
    let app = TestApp::start().await;
    let (tender, rfq, suppliers, quotes) = evaluated(&app, json!({})).await;
    let buyer = &tender.buyer.owner;
    let invited = json!({"invited": [suppliers[0].id, suppliers[1].id]});
    let begun =
        buyer.post(&format!("{rfq}/rounds"), round(&tender, "best_and_final", invited)).await.expect(200).json();
    assert_eq!((&begun["state"], &begun["round"]), (&json!("questions_closed"), &json!(2)));
    assert_eq!(begun["deadlines"]["quotes"], format!("{}T10:00:00.000000Z", tender.day(3)));
    assert_eq!(begun["rounds"][0]["invited"].as_array().unwrap().len(), 2);
    let seen = suppliers[0].owner.get(&rfq).await.expect(200).json();
    assert_eq!(seen["rounds"][0]["invited"], json!([suppliers[0].id]), "who else is in it nobody learns");
    assert_eq!(told(&app, &suppliers[0].owner, "rfq.round_begun").await[0]["kind"], "best_and_final");
    assert!(items(&suppliers[2].owner, "/v1/events?type=rfq.round_begun").await.is_empty());

    for (step, body) in [("confirm", json!({})), ("withdraw", json!({}))] {
        suppliers[2].owner.post(&format!("{}/{step}", quotes[2]), body).await.problem(403, "forbidden");
    }
    suppliers[2].owner.edit(&quotes[2], json!({"remarks": "Lower."})).await.problem(403, "forbidden");
    let late = tender.supplier(&app, "Late").await.owner;
    let body = tender.quote(&["400", "600"], json!({}));
    late.post(&format!("{rfq}/quotes?submit=true"), body).await.problem(403, "forbidden");
    let lower = tender.quote(&["470", "690"], json!({}));
    suppliers[1].owner.edit(&quotes[1], json!({"offers": lower["offers"]})).await.expect(200);
    // What is new is sealed again, and the old is not compared beside it.
    let standing = buyer.get(&quotes[1]).await;
    assert!(!standing.text.contains("\"470\""), "{}", standing.text);
    buyer.get(&format!("{rfq}/comparison")).await.problem(409, "still-sealed");

    app.pass_deadline(&rfq).await;
    assert_eq!(state(buyer, &rfq).await, "closed");
    let opened = buyer.post(&format!("{rfq}/open"), json!({})).await.expect(200).json();
    assert_eq!(opened["quotes"], 1);
    let compared = buyer.get(&format!("{rfq}/comparison")).await.expect(200).json();
    let totals: Vec<&Value> =
        compared["quotes"].as_array().unwrap().iter().map(|one| &one["total"]["amount"]).collect();
    // (40 × 500 + 10 × 700) × 1.19, (40 × 470 + 10 × 690) × 1.19, (40 × 520 + 10 × 700) × 1.19
    assert_eq!(totals, ["32130.00", "30583.00", "33082.00"]);
    assert_eq!(column(buyer, &format!("{}/revisions", quotes[1]), "round").await, [1, 2]);
    for kind in ["revision", "best_and_final"] {
        buyer.post(&format!("{rfq}/rounds"), round(&tender, kind, json!({}))).await.problem(409, "wrong-state");
    }
}

/// All that the buyer reads of some quotes.
async fn read_all(by: &Client, rfq: &str, quotes: &[String]) -> Vec<String> {
    let mut seen = vec![by.get(&format!("{rfq}/quotes")).await.expect(200).text];
    for quote in quotes {
        for part in ["", "/revisions", "/negotiations", "/evaluation"] {
            let answer = by.get(&format!("{quote}{part}")).await;
            let mut body = answer.json();
            body["request_id"] = Value::Null;
            seen.push(format!("{quote}{part} {} {body}", answer.status));
        }
    }
    seen
}

#[tokio::test]
async fn who_has_revised_or_withdrawn_in_a_later_round_is_not_told_before_its_end() {
    let app = TestApp::start().await;
    let (tender, rfq, suppliers, quotes) = evaluated(&app, json!({})).await;
    let (buyer, operator) = (&tender.buyer.owner, app.operator().await);
    buyer.post(&format!("{rfq}/rounds"), round(&tender, "revision", json!({}))).await.expect(200);
    let before = (read_all(buyer, &rfq, &quotes).await, read_all(&operator, &rfq, &quotes).await);
    suppliers[0].owner.edit(&quotes[0], json!({"remarks": "Lower."})).await.expect(200);
    suppliers[1].owner.post(&format!("{}/withdraw", quotes[1]), json!({})).await.expect(200);
    let after = (read_all(buyer, &rfq, &quotes).await, read_all(&operator, &rfq, &quotes).await);
    assert_eq!(after.0, before.0, "the buyer");
    assert_eq!(after.1, before.1, "the operator");
}

#[tokio::test]
async fn where_nobody_improves_in_a_round_the_buyer_goes_on_with_what_it_has() {
    let app = TestApp::start().await;
    let (tender, rfq, _, _) = evaluated(&app, json!({})).await;
    let buyer = &tender.buyer.owner;
    buyer.post(&format!("{rfq}/rounds"), round(&tender, "revision", json!({}))).await.expect(200);
    app.pass_deadline(&rfq).await;
    assert_eq!(state(buyer, &rfq).await, "evaluating");
    assert_eq!(buyer.get(&format!("{rfq}/comparison")).await.expect(200).json()["quotes"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn there_are_as_many_rounds_as_the_procedure_has() {
    let app = TestApp::start().await;
    let (tender, rfq, suppliers, quotes) = evaluated(&app, json!({"procedure": {"rounds": 2}})).await;
    let (buyer, path) = (&tender.buyer.owner, format!("{rfq}/rounds"));
    let odd =
        json!({"invited": [suppliers[0].id, suppliers[0].id, tender.buyer.id], "deadline": "2020-01-01T00:00:00Z"});
    let faults = buyer.post(&path, round(&tender, "auction", odd)).await.faults();
    assert_eq!(faults, ["/deadline in_past", "/invited/1 twice", "/invited/2 not_standing", "/kind not_taken"]);
    let how = json!({"opens_at": format!("{}T10:00:00Z", tender.day(1)), "increments": {"least_percent": "1"}});
    let plain = buyer.post(&path, round(&tender, "revision", json!({"auction": how}))).await;
    assert_eq!(plain.faults(), ["/auction not_taken"]);
    suppliers[0].owner.post(&path, round(&tender, "revision", json!({}))).await.problem(403, "forbidden");
    // A bargain that is open ends with the next round.
    let offer = json!({"lines": [{"line": 1, "unit_price": "450"}]});
    buyer.post(&format!("{}/counter", quotes[0]), offer).await.expect(200);
    buyer.post(&path, round(&tender, "revision", json!({}))).await.expect(200);
    buyer.post(&path, round(&tender, "revision", json!({}))).await.problem(409, "wrong-state");
    suppliers[0].owner.post(&format!("{}/accept", quotes[0]), json!({})).await.problem(409, "wrong-state");
    suppliers[1].owner.post(&format!("{}/withdraw", quotes[1]), json!({})).await.expect(200);
    app.pass_deadline(&rfq).await;
    assert_eq!(state(buyer, &rfq).await, "evaluating");
    assert_eq!(column(buyer, &format!("{}/negotiations", quotes[0]), "state").await, ["withdrawn"]);
    for kind in ["revision", "best_and_final"] {
        buyer.post(&path, round(&tender, kind, json!({}))).await.problem(409, "wrong-state");
    }
    let left = buyer.get(&format!("{rfq}/comparison")).await.expect(200).json();
    assert_eq!(left["quotes"].as_array().unwrap().len(), 2, "who has withdrawn is out");
}

#[tokio::test]
async fn a_round_begins_while_the_buyer_evaluates() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Supplier").await;
    let (buyer, rfq) = (&tender.buyer.owner, tender.published(json!({})).await);
    let path = format!("{rfq}/rounds");
    buyer.post(&path, round(&tender, "revision", json!({}))).await.problem(409, "wrong-state");
    let quote = tender.quoted(&supplier, &rfq, &["500", "700"], json!({})).await;
    app.pass_deadline(&rfq).await;
    buyer.post(&path, round(&tender, "revision", json!({}))).await.problem(409, "wrong-state");
    buyer.post(&format!("{rfq}/open"), json!({})).await.expect(200);
    buyer.post(&path, round(&tender, "revision", json!({}))).await.expect(200);
    supplier.owner.edit(&quote, json!({"tax_rate": "7"})).await.expect(200);
    app.pass_deadline(&rfq).await;
    // What was handed in in the first round was opened in it, what came after is opened anew.
    buyer.post(&format!("{rfq}/open"), json!({})).await.expect(200);
    assert_eq!(column(buyer, &format!("{quote}/revisions"), "round").await, [1, 2]);
}
