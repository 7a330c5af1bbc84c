use serde_json::json;
use tests::app::TestApp;
use tests::sourcing::{id_of, items, state};

use super::{column, heard, told};

#[tokio::test]
async fn a_quote_is_put_together_handed_in_revised_withdrawn_and_handed_in_again() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Supplier").await;
    let by = &supplier.owner;
    let rfq = tender.published(json!({})).await;
    let made = by.post(&format!("{rfq}/quotes"), tender.quote(&["500"], json!({}))).await.expect(201);
    let (path, draft) = (made.header("location"), made.json());
    assert_eq!((&draft["state"], &draft["revision"], &draft["content"]), (&json!("draft"), &json!(0), &json!(null)));
    assert_eq!(draft["draft"]["offers"][0]["unit_price"], "500");
    by.post(&format!("{path}/withdraw"), json!({})).await.problem(409, "wrong-state");
    by.post(&format!("{path}/confirm"), json!({})).await.problem(409, "wrong-state");
    let stale = by.etag(&path).await;
    by.edit(&path, json!({"remarks": "On pallets."})).await.expect(200);
    by.patch_if(&path, &stale, json!({"remarks": "Loose."})).await.problem(412, "precondition-failed");

    let submitted = by.post(&format!("{path}/submit"), json!({})).await.expect(200).json();
    assert_eq!((&submitted["state"], &submitted["revision"]), (&json!("submitted"), &json!(1)));
    assert_eq!((&submitted["draft"], &submitted["content"]["remarks"]), (&json!(null), &json!("On pallets.")));
    assert!(submitted["commitments"]["whole"].as_str().is_some_and(|hash| hash.len() == 64));
    by.post(&format!("{path}/submit"), json!({})).await.problem(409, "wrong-state");
    let revised = by.edit(&path, json!({"remarks": "Loose."})).await.expect(200).json();
    assert_eq!((&revised["state"], &revised["revision"]), (&json!("revised"), &json!(2)));
    assert_ne!(revised["commitments"], submitted["commitments"]);
    assert_eq!(revised["submitted_at"], submitted["submitted_at"]);
    by.edit(&path, json!({"remarks": "In boxes."})).await.expect(200);
    by.post(&format!("{path}/confirm"), json!({})).await.expect(200);

    let withdrawn = by.post(&format!("{path}/withdraw"), json!({})).await.expect(200).json();
    assert_eq!((&withdrawn["state"], &withdrawn["submitted_at"]), (&json!("withdrawn"), &json!(null)));
    by.post(&format!("{path}/withdraw"), json!({})).await.problem(409, "wrong-state");
    by.post(&format!("{path}/confirm"), json!({})).await.problem(409, "wrong-state");
    assert_eq!(by.get(&rfq).await.json()["caller"]["quote_state"], "withdrawn");
    by.edit(&path, json!({"remarks": "On rolls."})).await.expect(200);
    assert_eq!(state(by, &path).await, "withdrawn");
    let again = by.post(&format!("{path}/submit"), json!({})).await.expect(200).json();
    assert_eq!((&again["state"], &again["revision"]), (&json!("submitted"), &json!(5)));
    assert_eq!(again["content"]["remarks"], "On rolls.");
    assert!(again["submitted_at"].as_str() > submitted["submitted_at"].as_str());

    let kinds = column(by, &format!("{path}/revisions"), "kind").await;
    assert_eq!(kinds, ["submitted", "revised", "revised", "confirmed", "submitted"].map(|kind| json!(kind)));
    let own =
        ["quote.submitted", "quote.revised", "quote.revised", "quote.confirmed", "quote.withdrawn", "quote.submitted"];
    app.until(async || heard(by, &rfq).await == own).await;
    // The buyer learns that something came in, not from whom.
    let received = told(&app, &tender.buyer.owner, "rfq.quote_received").await;
    assert_eq!(received.len(), 5);
    app.pass_deadline(&rfq).await;
    for step in ["submit", "confirm", "withdraw"] {
        let refused = by.post(&format!("{path}/{step}"), json!({})).await;
        assert_eq!(refused.status, 409, "{step}: {}", refused.text);
    }
    by.edit(&path, json!({"remarks": "Later."})).await.problem(409, "quote-too-late");
    by.post(&format!("{path}/withdraw"), json!({})).await.problem(409, "quote-too-late");
    assert_eq!(state(by, &path).await, "submitted");
}

#[tokio::test]
async fn a_company_has_one_quote_to_a_request() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Supplier").await;
    let (rfq, other) = (tender.published(json!({})).await, tender.published(json!({})).await);
    let path = tender.quoted(&supplier, &rfq, &["500", "700"], json!({})).await;
    for query in ["", "?submit=true"] {
        let twice = supplier.owner.post(&format!("{rfq}/quotes{query}"), tender.quote(&["400"], json!({}))).await;
        twice.problem(409, "wrong-state");
    }
    let second = tender.quoted(&supplier, &other, &["600", "700"], json!({})).await;
    let own = column(&supplier.owner, "/v1/quotes", "id").await;
    assert_eq!(own, [json!(id_of(&second)), json!(id_of(&path))]);
    assert_eq!(column(&supplier.owner, "/v1/quotes?state=draft", "id").await, [] as [serde_json::Value; 0]);
    assert_eq!(items(&supplier.owner, &format!("{rfq}/quotes")).await.len(), 1);
    supplier.owner.get("/v1/quotes?state=won").await.problem(400, "invalid-query");
    // A retry is answered as the first time, from what is kept sealed.
    let third = tender.published(json!({})).await;
    let (to, body) = (format!("{third}/quotes?submit=true"), tender.quote(&["98765.4321", "700"], json!({})));
    let first = supplier.owner.post_once(&to, "quote-3", body.clone()).await.expect(201);
    let again = supplier.owner.post_once(&to, "quote-3", body).await.expect(201);
    assert_eq!((again.header("idempotent-replayed"), again.json()), ("true".to_owned(), first.json()));
    assert_eq!(app.count("SELECT count(*) FROM quote_revision").await, 3);
}

#[tokio::test]
async fn a_draft_does_not_exist_for_anybody_else() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (supplier, rival) = (tender.supplier(&app, "Supplier").await, tender.supplier(&app, "Rival").await);
    for procedure in [json!({}), json!({"secrecy": "open_ranking"})] {
        let rfq = tender.published(json!({"procedure": procedure})).await;
        let body = tender.quote(&["500"], json!({}));
        let path = supplier.owner.post(&format!("{rfq}/quotes"), body).await.expect(201).header("location");
        for reader in [&tender.buyer.owner, &rival.owner, &app.operator().await] {
            for part in ["", "/revisions", "/negotiations", "/evaluation"] {
                reader.get(&format!("{path}{part}")).await.problem(404, "not-found");
            }
            assert!(items(reader, &format!("{rfq}/quotes")).await.is_empty());
        }
        for step in ["submit", "confirm", "withdraw"] {
            rival.owner.post(&format!("{path}/{step}"), json!({})).await.problem(404, "not-found");
        }
        rival.owner.patch_if(&path, "\"1.0\"", json!({"tax_rate": "7"})).await.problem(404, "not-found");
        // A draft is not asked for before it is handed in, and then it is late.
        app.pass_deadline(&rfq).await;
        supplier.owner.post(&format!("{path}/submit"), json!({})).await.problem(409, "quote-too-late");
        assert_eq!(state(&tender.buyer.owner, &rfq).await, "evaluating", "there is nothing to be opened");
        assert_eq!(app.count("SELECT count(*) FROM quote_revision").await, 0);
    }
}

#[tokio::test]
async fn a_machine_quotes_with_the_scope_for_it() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Supplier").await;
    let rfq = tender.published(json!({})).await;
    let path = format!("{rfq}/quotes?submit=true");
    let reader = app.machine(&supplier, &["sourcing:read", "sourcing:write"]).await;
    let body = tender.quote(&["500", "700"], json!({}));
    reader.post(&path, body.clone()).await.problem(403, "insufficient-scope");
    let clerk = app.person(&supplier, &["buyer"]).await.owner;
    clerk.post(&path, body.clone()).await.problem(403, "forbidden");
    let machine = app.machine(&supplier, &["sourcing:quote"]).await;
    let quote = machine.post(&path, body).await.expect(201).header("location");
    let seller = app.person(&supplier, &["seller"]).await.owner;
    seller.edit(&quote, json!({"tax_rate": "7"})).await.expect(200);
}
