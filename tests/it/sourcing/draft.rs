use serde_json::json;
use tests::app::TestApp;
use tests::sourcing::{id_of, items, line, state, time};

use super::{column, heard};

#[tokio::test]
async fn a_request_is_put_together_changed_and_published() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let supplier = tender.supplier(&app, "Supplier").await.owner;
    let (outsider, operator) = (app.company("Outsider").await.owner, app.operator().await);
    let made = buyer.post(&tender.path("rfqs"), tender.request(json!({}))).await.expect(201);
    let path = made.header("location");
    let shown = made.json();
    assert_eq!((&shown["state"], &shown["terms_version"]), (&json!("draft"), &json!(0)));
    assert_eq!((&shown["lines"][0]["number"], &shown["lines"][1]["number"]), (&json!(1), &json!(2)));
    assert_eq!(shown["deadlines"]["questions"], time(tender.deadline));
    // What is not said is as the mini-tender says it.
    let procedure = &shown["procedure"];
    assert_eq!((&procedure["secrecy"], &procedure["rounds"]), (&json!("sealed"), &json!(3)));
    assert_eq!((&procedure["visibility"], &procedure["outcome"]), (&json!("portal"), &json!("contract")));
    assert_eq!(shown["criteria"], json!([{"kind": "price", "key": null, "name": {}, "weight": "100"}]));
    assert_eq!(shown["caller"]["role"], "buyer");
    assert_eq!(buyer.get(&path).await.expect(200).json(), shown);
    // Nobody else knows of a draft.
    for stranger in [&supplier, &outsider, &operator] {
        stranger.get(&path).await.problem(404, "not-found");
        assert!(items(stranger, &tender.path("rfqs")).await.is_empty());
    }
    app.anonymous().get(&path).await.problem(401, "unauthenticated");
    assert_eq!(column(buyer, &tender.path("rfqs?state=draft"), "id").await, [json!(id_of(&path))]);

    let stale = buyer.etag(&path).await;
    let patch = json!({"title": {"ru": null, "de": "Walzstahl"}, "terms": {"payment_days": 14}});
    let changed = buyer.edit(&path, patch).await.expect(200).json();
    assert_eq!(changed["title"], json!({"en": "Rolled steel", "de": "Walzstahl"}));
    assert_eq!(changed["terms"], json!({"incoterm": "DAP", "place": "Leipzig", "payment_days": 14}));
    buyer.patch_if(&path, &stale, json!({"title": {"en": "Steel"}})).await.problem(412, "precondition-failed");

    supplier.post(&format!("{path}/publish"), json!({})).await.problem(404, "not-found");
    let published = buyer.post(&format!("{path}/publish"), json!({})).await.expect(200).json();
    assert_eq!((&published["state"], &published["terms_version"]), (&json!("published"), &json!(1)));
    buyer.post(&format!("{path}/publish"), json!({})).await.problem(409, "wrong-state");
    let seen = supplier.get(&path).await.expect(200).json();
    assert_eq!((&seen["caller"]["role"], &seen["title"]), (&json!("quoter"), &changed["title"]));
    app.until(async || heard(buyer, &path).await == ["rfq.created", "rfq.changed", "rfq.published"]).await;
    assert!(heard(&supplier, &path).await.is_empty(), "it has not asked to be told");
}

#[tokio::test]
async fn all_faults_of_a_request_are_told_at_once() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let unknown = "0190b5a0-0000-7000-8000-00000000dead";
    let bad = json!({
        "title": {}, "currencies": ["EUR", "USD"], "documents": [unknown], "invitations": [unknown],
        "procedure": {"secrecy": "open_ranking", "two_person_opening": true, "visibility": "portal"},
        "lines": [
            line("Coil", "0", json!({"target_price": "1.0000001"})),
            line(" ", "5", json!({"unit": "XYZ"})),
            line("Coil", "5", json!({"number": 1, "category_id": unknown})),
            line("Coil", "5", json!({"number": 1, "show_target": true})),
        ],
        "terms": {"incoterm": "FCX", "place": "Leipzig", "payment_days": 30},
        "deadlines": {
            "quotes": time(tender.deadline), "questions": "2099-01-01T00:00:00Z", "award": "2020-01-01T00:00:00Z"
        },
        "criteria": [{"kind": "price", "weight": "60"}, {"kind": "score", "weight": "30"}],
        "framework_months": 12
    });
    let refused = tender.buyer.owner.post(&tender.path("rfqs"), tender.request(bad)).await;
    let expected = [
        "/criteria/1/key required",
        "/criteria/1/name required",
        "/deadlines/award before_quotes",
        "/deadlines/questions after_quotes",
        "/documents/0 unknown",
        "/invitations/0 unknown",
        "/lines/0/quantity not_positive",
        "/lines/1/name blank",
        "/lines/1/unit unit",
        "/lines/2/category_id unknown",
        "/lines/3/number twice",
        "/lines/3/show_target contradiction",
        "/procedure/two_person_opening contradiction",
        "/procedure/visibility contradiction",
        "/rates required",
        "/terms/incoterm incoterm",
        "/title required",
    ];
    assert_eq!(refused.faults(), expected);
    let none = json!({"lines": [], "deadlines": {}});
    let refused = tender.buyer.owner.post(&tender.path("rfqs"), tender.request(none)).await;
    assert_eq!(refused.faults(), ["/deadlines/quotes required", "/lines out_of_range"]);
    // What is not in the body of a request is refused by its name.
    let odd = tender.request(json!({"colour": "red"}));
    assert_eq!(tender.buyer.owner.post(&tender.path("rfqs"), odd).await.faults(), ["/colour unknown_field"]);
    assert_eq!(app.count("SELECT count(*) FROM rfq").await, 0);
}

#[tokio::test]
async fn what_lies_in_the_past_can_be_put_together_and_is_not_published() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let past = json!({
        "deadlines": {"quotes": "2020-03-01T10:00:00Z"},
        "lines": [line("Coil", "5", json!({"required_on": "2020-04-01"}))]
    });
    let path = tender.draft(past.clone()).await;
    let refused = tender.buyer.owner.post(&format!("{path}/publish"), json!({})).await;
    let expected = ["/deadlines/questions in_past", "/deadlines/quotes in_past", "/lines/0/required_on in_past"];
    assert_eq!(refused.faults(), expected);
    assert_eq!(state(&tender.buyer.owner, &path).await, "draft");
    let at_once = tender.buyer.owner.post(&tender.path("rfqs?publish=true"), tender.request(past)).await;
    assert_eq!(at_once.faults(), expected);
    assert_eq!(app.count("SELECT count(*) FROM rfq").await, 1);
}

#[tokio::test]
async fn who_buys_on_the_portal_asks_for_quotes() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Supplier").await.owner;
    let clerk = app.person(&tender.buyer, &["finance"]).await.owner;
    let path = tender.path("rfqs");
    supplier.post(&path, tender.request(json!({}))).await.problem(403, "capability-missing");
    clerk.post(&path, tender.request(json!({}))).await.problem(403, "forbidden");
    app.operator().await.post(&path, tender.request(json!({}))).await.problem(403, "forbidden");
    let body = json!({"slug": "plain", "name": {"en": "Plain"}, "visibility": "open", "functions": ["catalogue"]});
    app.operator().await.post("/v1/portals", body).await.expect(201);
    for path in ["/v1/portals/plain/rfqs", "/v1/portals/nowhere/rfqs"] {
        tender.buyer.owner.post(path, tender.request(json!({}))).await.problem(404, "not-found");
        tender.buyer.owner.get(path).await.problem(404, "not-found");
    }
    // A machine with the scope is as good as a person with the role.
    let machine = app.machine(&tender.buyer, &["sourcing:write"]).await;
    machine.post(&path, tender.request(json!({}))).await.expect(201);
    let reader = app.machine(&tender.buyer, &["sourcing:read", "sourcing:quote"]).await;
    reader.post(&path, tender.request(json!({}))).await.problem(403, "insufficient-scope");
}

#[tokio::test]
async fn a_retried_request_is_made_once() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (buyer, path) = (&tender.buyer.owner, tender.path("rfqs?publish=true"));
    let first = buyer.post_once(&path, "steel-1", tender.request(json!({}))).await.expect(201);
    let again = buyer.post_once(&path, "steel-1", tender.request(json!({}))).await.expect(201);
    assert_eq!((again.header("idempotent-replayed"), again.json()), ("true".to_owned(), first.json()));
    let other = buyer.post_once(&path, "steel-1", tender.request(json!({"title": {"en": "Other"}}))).await;
    other.problem(422, "idempotency-key-reused");
    assert_eq!(app.count("SELECT count(*) FROM rfq").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM rfq_version").await, 1);
}

#[tokio::test]
async fn drafts_are_thrown_away_and_published_requests_cancelled() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let supplier = tender.supplier(&app, "Supplier").await;
    let draft = tender.draft(json!({})).await;
    buyer.delete(&draft).await.problem(428, "precondition-required");
    buyer.delete_if(&draft, "\"9.000000000000\"").await.problem(412, "precondition-failed");
    buyer.delete_if(&draft, &buyer.etag(&draft).await).await.expect(204);
    buyer.get(&draft).await.problem(404, "not-found");

    let rfq = tender.published(json!({"invitations": [supplier.id], "procedure": {"visibility": "both"}})).await;
    buyer.delete_if(&rfq, &buyer.etag(&rfq).await).await.problem(409, "wrong-state");
    let quote = tender.quoted(&supplier, &rfq, &["500", "700"], json!({})).await;
    let (cancel, reason) = (format!("{rfq}/cancel"), json!({"reason": "The project was put off."}));
    supplier.owner.post(&cancel, reason.clone()).await.problem(403, "forbidden");
    app.operator().await.post(&cancel, reason.clone()).await.problem(403, "forbidden");
    assert_eq!(buyer.post(&cancel, json!({})).await.faults(), ["/reason required"]);
    let cancelled = buyer.post(&cancel, reason.clone()).await.expect(200).json();
    assert_eq!((&cancelled["state"], &cancelled["cancel_reason"]), (&json!("cancelled"), &reason["reason"]));
    buyer.post(&cancel, reason.clone()).await.problem(409, "wrong-state");
    assert_eq!(supplier.owner.get(&rfq).await.expect(200).json()["cancel_reason"], reason["reason"]);
    assert_eq!(state(&supplier.owner, &quote).await, "not_awarded");
    supplier.owner.post(&format!("{quote}/submit"), json!({})).await.problem(409, "wrong-state");
    supplier.owner.edit(&quote, json!({"tax_rate": "7"})).await.problem(409, "wrong-state");
    // What was sealed stays so.
    buyer.get(&quote).await.problem(404, "not-found");
    buyer.post(&format!("{rfq}/open"), json!({})).await.expect(409);
    buyer.edit(&rfq, json!({"title": {"en": "Other"}})).await.problem(409, "wrong-state");
    app.until(async || heard(&supplier.owner, &rfq).await.contains(&"rfq.cancelled".to_owned())).await;
    assert_eq!(app.count("SELECT count(*) FROM timer WHERE kind LIKE 'rfq.%'").await, 0);
}
