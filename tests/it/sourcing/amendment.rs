use serde_json::{Value, json};
use tests::app::TestApp;
use tests::sourcing::{items, line, offer, state, time};

use super::{column, heard, told};

#[tokio::test]
async fn a_quote_to_an_older_version_is_confirmed_or_lapses_at_the_deadline() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (firm, revising) = (tender.supplier(&app, "Firm").await, tender.supplier(&app, "Revising").await);
    let silent = tender.supplier(&app, "Silent").await;
    let rfq = tender.published(json!({})).await;
    let mut quotes = Vec::new();
    for supplier in [&firm, &revising, &silent] {
        quotes.push(tender.quoted(supplier, &rfq, &["500", "700"], json!({})).await);
    }
    let lines = json!([
        line("Hot rolled coil", "50", json!({"number": 1})),
        line("Galvanised sheet", "10", json!({"number": 2}))
    ]);
    let amended = buyer.edit(&rfq, json!({"lines": lines})).await.expect(200).json();
    assert_eq!((&amended["terms_version"], &amended["last_to_confirm"]), (&json!(2), &json!(2)));
    let said = told(&app, &silent.owner, "rfq.amended").await;
    assert_eq!(said[0]["changes"], json!([{"change": "line_changed", "line": 1}]));
    assert_eq!((&said[0]["needs_confirmation"], &said[0]["terms_version"]), (&json!(true), &json!(2)));
    let versions = items(&firm.owner, &format!("{rfq}/versions")).await;
    assert_eq!((versions.len(), &versions[0]["lines"][0]["quantity"]), (2, &json!("40")));
    assert_eq!((&versions[1]["number"], &versions[1]["changes"]), (&json!(2), &said[0]["changes"]));
    let needs = async |by: &tests::client::Client| by.get(&rfq).await.json()["caller"]["needs_confirmation"].clone();
    assert_eq!(needs(&firm.owner).await, true);

    let confirmed = firm.owner.post(&format!("{}/confirm", quotes[0]), json!({})).await.expect(200).json();
    assert_eq!((&confirmed["answers"], &confirmed["revision"]), (&json!(2), &json!(2)));
    assert_eq!((&confirmed["state"], &confirmed["content"]["version"]), (&json!("submitted"), &json!(2)));
    assert_eq!(needs(&firm.owner).await, false);
    let old = revising.owner.edit(&quotes[1], json!({"tax_rate": "7"})).await;
    old.problem(409, "version-outdated");
    let revised = revising.owner.edit(&quotes[1], json!({"version": 2})).await.expect(200).json();
    assert_eq!((&revised["answers"], &revised["state"]), (&json!(2), &json!("revised")));
    let late = tender.supplier(&app, "Late").await.owner;
    let body = tender.quote(&["500", "700"], json!({}));
    late.post(&format!("{rfq}/quotes?submit=true"), body).await.problem(409, "version-outdated");

    tender.evaluated(&app, &rfq).await;
    assert_eq!(state(&silent.owner, &quotes[2]).await, "lapsed");
    assert_eq!(told(&app, &silent.owner, "quote.lapsed").await.len(), 1);
    assert!(items(&firm.owner, "/v1/events?type=quote.lapsed").await.is_empty());
    let quoters = column(buyer, &format!("{rfq}/quotes"), "quoter_id").await;
    assert!(quoters.len() == 2 && !quoters.contains(&json!(silent.id)), "{quoters:?}");
    // What has lapsed stays sealed.
    buyer.get(&quotes[2]).await.problem(404, "not-found");
}

#[tokio::test]
async fn what_no_quote_depends_on_needs_no_confirmation() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let supplier = tender.supplier(&app, "Supplier").await;
    let rfq = tender.published(json!({})).await;
    let quote = tender.quoted(&supplier, &rfq, &["500", "700"], json!({})).await;
    let more = json!({
        "title": {"en": "Steel"}, "currencies": ["EUR", "USD"], "rates": [{"currency": "USD", "rate": "0.9"}],
        "deadlines": {"quotes": format!("{}T10:00:00Z", tender.day(5))}
    });
    let amended = buyer.edit(&rfq, more).await.expect(200).json();
    assert_eq!((&amended["terms_version"], &amended["last_to_confirm"]), (&json!(2), &json!(0)));
    let changes = column(&supplier.owner, &format!("{rfq}/versions"), "changes").await;
    let mut codes: Vec<&str> = changes[1].as_array().unwrap().iter().filter_map(|one| one["change"].as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["currencies", "quote_deadline", "title"]);
    assert_eq!(supplier.owner.get(&rfq).await.json()["caller"]["needs_confirmation"], false);
    tender.evaluated(&app, &rfq).await;
    assert_eq!(column(buyer, &format!("{rfq}/quotes"), "answers").await, [json!(1)]);
    assert_eq!(state(&supplier.owner, &quote).await, "submitted");
}

#[tokio::test]
async fn a_quote_that_does_not_fit_the_new_version_is_revised_and_not_confirmed() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Supplier").await;
    let rfq = tender.published(json!({})).await;
    let quote = tender.quoted(&supplier, &rfq, &["500", "700"], json!({})).await;
    let lines = json!([line("Galvanised sheet", "10", json!({"number": 2}))]);
    tender.buyer.owner.edit(&rfq, json!({"lines": lines})).await.expect(200);
    let refused = supplier.owner.post(&format!("{quote}/confirm"), json!({})).await;
    assert_eq!(refused.faults(), ["/offers/0/line unknown"]);
    let offers = json!([offer(2, "650", json!({}))]);
    let revised = supplier.owner.edit(&quote, json!({"version": 2, "offers": offers})).await.expect(200).json();
    assert_eq!(revised["content"]["offers"][0]["unit_price"], "650");
}

#[tokio::test]
async fn what_quoters_rely_on_does_not_change() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (first, second) = (tender.supplier(&app, "First").await, tender.supplier(&app, "Second").await);
    let more = json!({
        "procedure": {"visibility": "both"}, "invitations": [first.id, second.id], "currencies": ["EUR", "USD"],
        "rates": [{"currency": "USD", "rate": "0.9"}]
    });
    let rfq = tender.published(more).await;
    let kept = json!({
        "procedure": {"rounds": 5, "visibility": "invited"}, "currencies": ["CHF"], "rates": [],
        "invitations": [first.id],
        "deadlines": {"quotes": "2020-01-01T00:00:00Z", "questions": "2020-01-01T00:00:00Z"}
    });
    let expected = [
        "/currencies not_changeable",
        "/currencies not_changeable",
        "/currencies/0 not_changeable",
        "/deadlines/questions in_past",
        "/deadlines/quotes in_past",
        "/invitations not_changeable",
        "/procedure not_changeable",
        "/procedure/visibility not_changeable",
    ];
    assert_eq!(buyer.edit(&rfq, kept).await.faults(), expected);
    assert_eq!(buyer.edit(&rfq, json!({})).await.faults(), [" unchanged"]);
    let stale = buyer.etag(&rfq).await;
    buyer.edit(&rfq, json!({"title": {"en": "Steel"}})).await.expect(200);
    buyer.patch_if(&rfq, &stale, json!({"title": {"en": "Other"}})).await.problem(412, "precondition-failed");
    first.owner.patch_if(&rfq, &stale, json!({"title": {"en": "Mine"}})).await.problem(403, "forbidden");
    assert_eq!(items(buyer, &format!("{rfq}/versions")).await.len(), 2);
    // What was published stays as it was, whoever wants it otherwise.
    let refused = app.sql_error("UPDATE rfq_version SET terms = '{}'").await;
    assert!(refused.contains("rfq_version"), "{refused}");
    app.pass_deadline(&rfq).await;
    buyer.edit(&rfq, json!({"title": {"en": "Too late"}})).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn a_request_becomes_visible_to_more_but_not_to_fewer() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (invited, other) = (tender.supplier(&app, "Invited").await, tender.supplier(&app, "Other").await);
    let rfq = tender.published(json!({"invitations": [invited.id]})).await;
    other.owner.get(&rfq).await.problem(404, "not-found");
    buyer.edit(&rfq, json!({"procedure": {"visibility": "both"}})).await.expect(200);
    other.owner.get(&rfq).await.expect(200);
    let more = json!({"invitations": [invited.id, other.id]});
    buyer.edit(&rfq, more).await.expect(200);
    assert_eq!(other.owner.get(&rfq).await.json()["caller"]["invited"], true);
    app.until(async || heard(&other.owner, &rfq).await == ["rfq.amended"]).await;
}

#[tokio::test]
async fn new_time_for_questions_opens_them_again() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let supplier = tender.supplier(&app, "Supplier").await.owner;
    let rfq = tender.published(json!({})).await;
    app.pass_questions(&rfq).await;
    let ask = async || supplier.post(&format!("{rfq}/questions"), json!({"text": "Which coating?"})).await;
    ask().await.problem(409, "question-too-late");
    // Another change leaves them closed.
    buyer.edit(&rfq, json!({"title": {"en": "Steel"}})).await.expect(200);
    assert_eq!(state(buyer, &rfq).await, "questions_closed");
    let later: Value = json!({"deadlines": {"questions": time(tender.deadline - chrono::TimeDelta::days(1))}});
    assert_eq!(buyer.edit(&rfq, later).await.expect(200).json()["state"], "published");
    ask().await.expect(201);
}
