use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::given::Company;
use tests::sourcing::{id_of, items, state};

use super::award::Choice;
use super::{column, told};

/// An approver of the company, who has to consent above 20000 euros.
async fn approver(app: &TestApp, company: &Company) -> Client {
    let approver = app.person(company, &["approver"]).await.owner;
    let path = format!("/v1/organisations/{}/approval-policy", company.id);
    let step = json!({"name": "Approver", "approvers": {"roles": ["approver"]}});
    let rule =
        json!({"name": "Above", "when": {"above": [{"amount": "20000.00", "currency": "EUR"}]}, "steps": [step]});
    company.owner.put_if(&path, &company.owner.etag(&path).await, json!({"rules": [rule]})).await.expect(200);
    approver
}

fn path(award: &Value, step: &str) -> String {
    format!("/v1/rfq-awards/{}/{step}", award["id"].as_str().expect("an award"))
}

/// All that a quoter sees of how its quote stands.
async fn told_of(by: &Client, rfq: &str, quote: &str) -> Value {
    let (request, own) = (by.get(rfq).await.expect(200).json(), by.get(quote).await.expect(200).json());
    json!([request["caller"]["quote_state"], own["state"], own["reason"], items(by, &format!("{rfq}/awards")).await])
}

#[tokio::test]
async fn above_the_threshold_nobody_is_told_before_it_is_approved() {
    let choice = Choice::given(json!({})).await;
    let (app, buyer, rfq) = (&choice.app, &choice.tender.buyer, &choice.rfq);
    let boris = approver(app, buyer).await;
    let anna = app.person(buyer, &["buyer", "approver"]).await.owner;
    let clerk = app.person(buyer, &["viewer"]).await.owner;
    let before = (
        told_of(&choice.suppliers[0].owner, rfq, &choice.quotes[0]).await,
        told_of(&choice.suppliers[1].owner, rfq, &choice.quotes[1]).await,
    );
    let body = json!({"quote_id": id_of(&choice.quotes[1]), "reason": "The lowest total."});
    let decision = anna.post(&format!("{rfq}/award"), body).await.expect(201).json();
    let award = &decision["awards"][0];
    assert_eq!((&award["state"], &award["contract_id"]), (&json!("awaiting_approval"), &Value::Null));
    assert_eq!(award["approval"]["steps"][0]["state"], "open");
    let after = (
        told_of(&choice.suppliers[0].owner, rfq, &choice.quotes[0]).await,
        told_of(&choice.suppliers[1].owner, rfq, &choice.quotes[1]).await,
    );
    assert_eq!(after, before, "neither the winner nor the loser learns anything");
    told(app, &anna, "rfq.award_submitted").await;
    for supplier in &choice.suppliers {
        assert!(
            items(&supplier.owner, "/v1/events?type=quote.awarded,quote.not_awarded,rfq.award_submitted")
                .await
                .is_empty()
        );
        supplier
            .owner
            .get(&format!("/v1/rfq-awards/{}", award["id"].as_str().unwrap()))
            .await
            .problem(404, "not-found");
        let decline = path(award, "decline");
        supplier.owner.post(&decline, json!({"reason": "No."})).await.problem(404, "not-found");
    }
    assert!(items(&buyer.owner, "/v1/contracts").await.is_empty());

    // Nobody approves what they decided or asked for, and nobody who is not asked does.
    anna.post(&path(award, "approve"), json!({})).await.problem(403, "own-order");
    buyer.owner.post(&path(award, "approve"), json!({})).await.problem(403, "own-order");
    clerk.post(&path(award, "approve"), json!({})).await.problem(403, "forbidden");
    choice.suppliers[1].owner.post(&path(award, "approve"), json!({})).await.problem(404, "not-found");
    app.operator().await.post(&path(award, "approve"), json!({})).await.problem(403, "forbidden");
    let approved = boris.post(&path(award, "approve"), json!({"reason": "Needed."})).await.expect(200).json();
    assert_eq!(
        (&approved["state"], &approved["approval"]["steps"][0]["state"]),
        (&json!("concluded"), &json!("approved"))
    );
    assert_eq!(approved["approval"]["steps"][0]["decisions"][0]["reason"], "Needed.");
    boris.post(&path(award, "approve"), json!({})).await.problem(409, "wrong-state");
    assert_eq!(items(&choice.suppliers[1].owner, "/v1/contracts").await.len(), 1);
    assert_eq!(told(app, &choice.suppliers[0].owner, "quote.not_awarded").await.len(), 1);
    let own = items(&choice.suppliers[1].owner, &format!("{rfq}/awards")).await;
    assert_eq!(
        (&own[0]["approval"], &own[0]["net_compared"]),
        (&Value::Null, &Value::Null),
        "how it came about is the buyer's"
    );
}

#[tokio::test]
async fn a_rejected_award_leaves_the_buyer_to_decide_anew() {
    let choice = Choice::given(json!({})).await;
    let (buyer, rfq) = (choice.buyer(), &choice.rfq);
    let boris = approver(&choice.app, &choice.tender.buyer).await;
    // What is decided together is approved, or rejected, together: each of the two alone is below the threshold.
    let split = json!([choice.line(1, 1, "40"), choice.line(2, 0, "10")]);
    let decision = choice.award(split).await.expect(201).json();
    let award = &decision["awards"][0];
    assert_eq!(column(buyer, &format!("{rfq}/awards"), "state").await, ["awaiting_approval", "awaiting_approval"]);
    assert_eq!(boris.post(&path(award, "reject"), json!({})).await.faults(), ["/reason required"]);
    let rejected = boris.post(&path(award, "reject"), json!({"reason": "Too dear."})).await.expect(200).json();
    assert_eq!((&rejected["state"], &rejected["end_reason"]), (&json!("refused"), &json!("Too dear.")));
    assert_eq!(column(buyer, &format!("{rfq}/awards"), "state").await, ["refused", "refused"]);
    assert_eq!(state(buyer, rfq).await, "evaluating");
    for supplier in &choice.suppliers {
        assert!(items(&supplier.owner, &format!("{rfq}/awards")).await.is_empty());
        let heard = "/v1/events?type=quote.awarded,quote.not_awarded,quote.award_rescinded";
        assert!(items(&supplier.owner, heard).await.is_empty());
    }
    let less = json!([choice.line(1, 1, "20"), choice.line(2, 0, "10")]);
    choice.award(less).await.expect(201);
    let states = column(buyer, &format!("{rfq}/awards"), "state").await;
    assert_eq!(states, ["refused", "refused", "concluded", "concluded"]);
}

/// All that a company reads of a request and its quote, tags included.
async fn everything(by: &Client, rfq: &str, quote: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let lists = ["submitted", "revised", "awarded", "not_awarded"].map(|state| format!("/v1/quotes?state={state}"));
    let parts = ["", "/quotes", "/questions", "/awards", "/commitments"].map(|part| format!("{rfq}{part}"));
    let own = ["", "/revisions", "/negotiations"].map(|part| format!("{quote}{part}"));
    for path in lists.iter().chain(&parts).chain(&own) {
        let answer = by.get(path).await.expect(200);
        seen.push(format!("{path} {:?} {}", answer.headers.get("etag"), answer.text));
    }
    seen
}

#[tokio::test]
async fn before_the_last_consent_and_after_a_refusal_everything_looks_as_it_did() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (winner, loser) = (tender.supplier(&app, "Winner").await, tender.supplier(&app, "Loser").await);
    let rfq = tender.published(json!({})).await;
    let quotes = [
        tender.quoted(&winner, &rfq, &["500", "700"], json!({})).await,
        tender.quoted(&loser, &rfq, &["510", "710"], json!({})).await,
    ];
    // Handed in twice, and not revised.
    winner.owner.post(&format!("{}/withdraw", quotes[0]), json!({})).await.expect(200);
    winner.owner.post(&format!("{}/submit", quotes[0]), json!({})).await.expect(200);
    tender.evaluated(&app, &rfq).await;
    let boris = approver(&app, &tender.buyer).await;
    let read =
        async || (everything(&winner.owner, &rfq, &quotes[0]).await, everything(&loser.owner, &rfq, &quotes[1]).await);
    let before = read().await;
    let body = json!({"quote_id": id_of(&quotes[0]), "reason": "The lowest total."});
    let buyer = &tender.buyer.owner;
    let decision = buyer.post(&format!("{rfq}/award"), body.clone()).await.expect(201).json();
    let award = &decision["awards"][0];
    assert_eq!(award["state"], "awaiting_approval");
    assert_eq!(read().await, before, "while it waits");
    assert_eq!(column(&boris, "/v1/rfq-awards?state=awaiting_approval", "id").await, [award["id"].clone()]);
    assert!(items(&winner.owner, "/v1/rfq-awards?side=supplier").await.is_empty());
    assert!(items(&winner.owner, "/v1/rfq-awards").await.is_empty());
    for query in ["side=seller", "state=waiting", "states=announced"] {
        boris.get(&format!("/v1/rfq-awards?{query}")).await.expect(400);
    }
    // On what was decided nothing is changed meanwhile.
    buyer.post(&format!("{rfq}/award"), body).await.problem(409, "wrong-state");
    buyer.post(&format!("{}/exclude", quotes[1]), json!({"reason": "Late."})).await.problem(409, "wrong-state");
    let counter = json!({"lines": [{"line": 1, "unit_price": "490"}]});
    buyer.post(&format!("{}/counter", quotes[0]), counter).await.problem(409, "wrong-state");
    let round = json!({"kind": "best_and_final", "deadline": "2099-01-01T00:00:00Z"});
    buyer.post(&format!("{rfq}/rounds"), round).await.problem(409, "wrong-state");
    buyer.post(&format!("{rfq}/cancel"), json!({"reason": "Put off."})).await.problem(409, "wrong-state");
    boris.post(&path(award, "reject"), json!({"reason": "Too dear."})).await.expect(200);
    assert_eq!(read().await, before, "after it was refused");
}

#[tokio::test]
async fn up_to_the_threshold_nobody_is_asked() {
    let choice = Choice::given(json!({})).await;
    approver(&choice.app, &choice.tender.buyer).await;
    // 19600 euros without tax.
    let decision = choice.award(json!([choice.line(1, 1, "40")])).await.expect(201).json();
    assert_eq!(
        (&decision["awards"][0]["state"], &decision["awards"][0]["approval"]),
        (&json!("concluded"), &Value::Null)
    );
}

#[tokio::test]
async fn an_award_that_waits_for_consent_can_be_taken_back() {
    let choice = Choice::given(json!({})).await;
    let boris = approver(&choice.app, &choice.tender.buyer).await;
    let award = choice.awarded(1).await;
    choice.buyer().post(&path(&award, "rescind"), json!({"reason": "A mistake."})).await.expect(200);
    boris.post(&path(&award, "approve"), json!({})).await.problem(409, "wrong-state");
    assert!(items(&choice.suppliers[1].owner, "/v1/events?type=quote.award_rescinded").await.is_empty());
    assert_eq!(state(choice.buyer(), &choice.rfq).await, "evaluating");
}

#[tokio::test]
async fn the_standstill_begins_with_the_announcement() {
    let choice = Choice::given(json!({"procedure": {"standstill_days": 3}})).await;
    let boris = approver(&choice.app, &choice.tender.buyer).await;
    let award = choice.awarded(1).await;
    choice.app.sql("UPDATE rfq_decision SET decided_at = decided_at - interval '5 days'").await;
    choice.app.sql("UPDATE rfq_award SET standstill_until = standstill_until - interval '5 days'").await;
    let approved = boris.post(&path(&award, "approve"), json!({})).await.expect(200).json();
    let day = choice.app.shared.clock.now().date_naive() + chrono::Days::new(4);
    assert_eq!(
        (&approved["state"], &approved["standstill_until"]),
        (&json!("announced"), &json!(format!("{day}T00:00:00.000000Z")))
    );
}
