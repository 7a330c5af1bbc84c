use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::sourcing::{Tender, items, state};

use super::told;

async fn quote(by: &Client, tender: &Tender, rfq: &str) -> Answer {
    by.post(&format!("{rfq}/quotes?submit=true"), tender.quote(&["500", "700"], json!({}))).await
}

#[tokio::test]
async fn where_quoters_are_admitted_the_others_do_not_quote() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (good, bad) = (tender.supplier(&app, "Good").await, tender.supplier(&app, "Bad").await);
    let rfq = tender.published(json!({"procedure": {"prequalification": true}})).await;
    let paper = good.owner.upload(json!({"title": "Certificate", "visibility": "owner"})).await.expect(201).id();
    quote(&good.owner, &tender, &rfq).await.problem(403, "not-qualified");
    let apply = format!("{rfq}/applications");
    let body = json!({"note": "We roll 300,000 t a year.", "documents": [paper]});
    let applied = good.owner.post(&apply, body.clone()).await.expect(200).json();
    assert_eq!((&applied["state"], &applied["documents"]), (&json!("applied"), &json!([paper])));
    good.owner.post(&apply, body.clone()).await.problem(409, "wrong-state");
    assert_eq!(bad.owner.post(&apply, body).await.faults(), ["/documents/0 unknown"]);
    bad.owner.post(&apply, json!({})).await.expect(200);
    quote(&good.owner, &tender, &rfq).await.problem(403, "not-qualified");
    // Whoever asks about it may, and the buyer reads what proves it.
    good.owner.post(&format!("{rfq}/questions"), json!({"text": "Which?"})).await.expect(201);
    buyer.get(&format!("/v1/documents/{paper}")).await.expect(200);
    bad.owner.get(&format!("/v1/documents/{paper}")).await.problem(404, "not-found");

    let decide = |company: &str, step: &str| format!("{apply}/{company}/{step}");
    good.owner.post(&decide(&good.id, "admit"), json!({})).await.problem(403, "forbidden");
    buyer.post(&decide(&good.id, "admit"), json!({})).await.expect(200);
    let why = json!({"reason": "The certificate has expired."});
    let rejected = buyer.post(&decide(&bad.id, "reject"), why.clone()).await.expect(200).json();
    assert_eq!((&rejected["state"], &rejected["reason"]), (&json!("rejected"), &why["reason"]));
    buyer.post(&decide(&good.id, "reject"), why.clone()).await.problem(409, "wrong-state");
    buyer.post(&decide(&tender.buyer.id, "admit"), json!({})).await.problem(404, "not-found");
    assert_eq!(told(&app, &bad.owner, "rfq.application_rejected").await[0]["reason"], why["reason"]);
    assert_eq!(bad.owner.get(&rfq).await.json()["caller"]["application"], "rejected");
    quote(&good.owner, &tender, &rfq).await.expect(201);
    quote(&bad.owner, &tender, &rfq).await.problem(403, "not-qualified");

    // With better papers it tries again.
    bad.owner.post(&apply, json!({"note": "Renewed."})).await.expect(200);
    buyer.post(&decide(&bad.id, "admit"), json!({})).await.expect(200);
    quote(&bad.owner, &tender, &rfq).await.expect(201);
    let companies = async |by: &Client| items(by, &apply).await.len();
    assert_eq!((companies(buyer).await, companies(&good.owner).await), (2, 1));
    app.pass_deadline(&rfq).await;
    tender.supplier(&app, "Late").await.owner.post(&apply, json!({})).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn where_nobody_is_admitted_nobody_applies() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Supplier").await.owner;
    let rfq = tender.published(json!({})).await;
    supplier.post(&format!("{rfq}/applications"), json!({})).await.problem(409, "wrong-state");
    let admitted = tender.published(json!({"procedure": {"prequalification": true}})).await;
    let own = tender.buyer.owner.post(&format!("{admitted}/applications"), json!({})).await;
    own.problem(409, "own-request");
}

#[tokio::test]
async fn a_company_does_not_quote_to_itself() {
    let app = TestApp::start().await;
    let buyer = app.company("Both").await;
    let tender = app.tender_of(buyer, "open").await;
    app.sql(&format!(
        "UPDATE portal_member SET capabilities = '{{buy,quote}}' WHERE organisation_id = '{}'",
        tender.buyer.id
    ))
    .await;
    let rfq = tender.published(json!({})).await;
    quote(&tender.buyer.owner, &tender, &rfq).await.problem(409, "own-request");
    tender.buyer.owner.post(&format!("{rfq}/decline"), json!({})).await.problem(409, "own-request");
}

#[tokio::test]
async fn once_all_who_are_invited_have_answered_nobody_is_waited_for() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let other = tender.supplier(&app, "Other").await.owner;
    let rfq = tender.published(json!({"invitations": [one.id, two.id]})).await;
    let (close, decline) = (format!("{rfq}/close"), format!("{rfq}/decline"));
    other.post(&decline, json!({})).await.problem(404, "not-found");
    let path = tender.quoted(&one, &rfq, &["500", "700"], json!({})).await;
    buyer.post(&close, json!({})).await.problem(409, "wrong-state");
    one.owner.post(&decline, json!({})).await.problem(409, "wrong-state");
    let why = json!({"reason": "We do not roll this width."});
    let declined = two.owner.post(&decline, why.clone()).await.expect(200).json();
    assert!(declined["declined_at"].is_string() && declined["reason"] == why["reason"], "{declined}");
    assert!(two.owner.get(&rfq).await.json()["caller"]["declined_at"].is_string());
    let told = told(&app, buyer, "rfq.declined").await;
    assert_eq!(told, [json!({"organisation_id": two.id, "reason": why["reason"]})]);
    let invited = items(buyer, &format!("{rfq}/invitations")).await;
    let reasons: Vec<&Value> = invited.iter().map(|one| &one["reason"]).filter(|reason| !reason.is_null()).collect();
    assert_eq!(reasons, [&why["reason"]]);
    one.owner.post(&close, json!({})).await.problem(403, "forbidden");
    let closed = buyer.post(&close, json!({})).await.expect(200).json();
    assert_eq!(closed["state"], "closed");
    one.owner.edit(&path, json!({"tax_rate": "7"})).await.problem(409, "quote-too-late");
    buyer.post(&close, json!({})).await.problem(409, "wrong-state");
    buyer.post(&format!("{rfq}/open"), json!({})).await.expect(200);
    assert_eq!(state(buyer, &rfq).await, "evaluating");
}

#[tokio::test]
async fn a_request_that_others_may_find_is_not_closed_before_its_deadline() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Supplier").await;
    for procedure in [json!({}), json!({"visibility": "both"})] {
        let invitations = if procedure == json!({}) { json!([]) } else { json!([supplier.id]) };
        let rfq = tender.published(json!({"procedure": procedure, "invitations": invitations})).await;
        tender.quoted(&supplier, &rfq, &["500", "700"], json!({})).await;
        tender.buyer.owner.post(&format!("{rfq}/close"), json!({})).await.problem(409, "wrong-state");
    }
}
