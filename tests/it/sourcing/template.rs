use serde_json::{Value, json};
use tests::app::TestApp;
use tests::sourcing::{id_of, items, time};

#[tokio::test]
async fn an_earlier_request_is_sent_again() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let supplier = tender.supplier(&app, "Supplier").await;
    let specification = buyer.upload(json!({"title": "Specification", "visibility": "owner"})).await.expect(201).id();
    let more = json!({"documents": [specification], "invitations": [supplier.id], "procedure": {"rounds": 2}});
    let rfq = tender.published(more).await;
    buyer.post(&format!("{rfq}/cancel"), json!({"reason": "Not now."})).await.expect(200);

    let deadlines = json!({"quotes": format!("{}T10:00:00Z", tender.day(20))});
    let body = json!({"deadlines": deadlines, "title": {"en": "Once more"}});
    let copied = buyer.post(&format!("{rfq}/copy"), body.clone()).await.expect(201);
    let (path, copy) = (copied.header("location"), copied.json());
    assert_eq!((&copy["state"], &copy["copied_from"]), (&json!("draft"), &json!(id_of(&rfq))));
    assert_eq!((&copy["title"], &copy["documents"]), (&json!({"en": "Once more"}), &json!([specification])));
    assert_eq!((&copy["procedure"]["rounds"], &copy["invitations"]), (&json!(2), &json!([supplier.id])));
    assert_eq!(copy["deadlines"]["quotes"], format!("{}T10:00:00.000000Z", tender.day(20)));
    assert_eq!(copy["deadlines"]["questions"], copy["deadlines"]["quotes"]);
    buyer.post(&format!("{path}/publish"), json!({})).await.expect(200);
    // Of which request it is a copy is the buyer's to know.
    assert_eq!(supplier.owner.get(&path).await.expect(200).json()["copied_from"], Value::Null);

    supplier.owner.post(&format!("{rfq}/copy"), body).await.problem(403, "forbidden");
    let at_once = json!({"deadlines": deadlines, "publish": true});
    let published = buyer.post(&format!("{rfq}/copy"), at_once).await.expect(201).json();
    assert_eq!((&published["state"], &published["title"]["ru"]), (&json!("published"), &json!("Прокат")));
    let refused = buyer.post(&format!("{rfq}/copy"), json!({"deadlines": {}})).await;
    assert_eq!(refused.faults(), ["/deadlines/quotes required"]);
}

#[tokio::test]
async fn a_copy_to_another_portal_needs_that_one_buys_there() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let other = app.tender().await;
    let rfq = tender.published(json!({})).await;
    let body = json!({"portal": other.slug, "deadlines": {"quotes": time(tender.deadline)}});
    buyer.post(&format!("{rfq}/copy"), body.clone()).await.problem(403, "capability-missing");
    other.join(&app, &tender.buyer, &["buy"]).await;
    let copy = buyer.post(&format!("{rfq}/copy"), body).await.expect(201).json();
    assert_eq!(copy["portal_id"], other.portal_id);
}

#[tokio::test]
async fn a_template_keeps_what_is_asked_for_but_not_until_when() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let rfq = tender
        .draft(json!({"criteria": [{"kind": "price", "weight": "60"}, {"kind": "lead_time", "weight": "40"}]}))
        .await;
    let body = json!({"name": "Coil, quarterly", "rfq_id": id_of(&rfq)});
    let made = buyer.post("/v1/rfq-templates", body.clone()).await.expect(201);
    let path = made.header("location");
    assert_eq!(made.json()["request"]["deadlines"]["quotes"], Value::Null);
    assert_eq!(made.json()["request"]["criteria"][1]["kind"], "lead_time");
    let again = buyer.post("/v1/rfq-templates", body).await;
    assert_eq!(again.status, 409, "{}", again.text);

    let stale = buyer.etag(&path).await;
    let changed =
        buyer.edit(&path, json!({"name": "Coil", "request": {"currencies": ["EUR", "USD"]}})).await.expect(200);
    assert_eq!((&changed.json()["name"], &changed.json()["request"]["currencies"][1]), (&json!("Coil"), &json!("USD")));
    buyer.patch_if(&path, &stale, json!({"name": "Other"})).await.problem(412, "precondition-failed");
    // What a template says is judged when it is sent: the rate of the dollar is missing.
    let (send, deadlines) = (format!("{path}/rfqs"), json!({"quotes": time(tender.deadline)}));
    let body = json!({"portal": tender.slug, "deadlines": deadlines, "publish": true});
    assert_eq!(buyer.post(&send, body.clone()).await.faults(), ["/rates required"]);
    assert_eq!(buyer.post(&send, json!({"deadlines": deadlines})).await.faults(), ["/portal required"]);
    buyer.edit(&path, json!({"request": {"currencies": ["EUR"]}})).await.expect(200);
    let sent = buyer.post(&send, body).await.expect(201).json();
    assert_eq!((&sent["state"], &sent["criteria"][1]["weight"]), (&json!("published"), &json!("40")));

    buyer.delete(&path).await.problem(428, "precondition-required");
    buyer.delete_if(&path, &buyer.etag(&path).await).await.expect(204);
    buyer.get(&path).await.problem(404, "not-found");
    assert!(items(buyer, "/v1/rfq-templates").await.is_empty());
}

#[tokio::test]
async fn a_template_is_its_companys_own() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let rival = tender.member(&app, "Rival", &["buy"]).await.owner;
    let body = json!({"name": "Coil", "request": tender.request(json!({}))});
    let path = tender.buyer.owner.post("/v1/rfq-templates", body).await.expect(201).header("location");
    rival.get(&path).await.problem(404, "not-found");
    rival.patch_if(&path, "\"1.0\"", json!({"name": "Mine"})).await.problem(404, "not-found");
    rival.delete_if(&path, "\"1.0\"").await.problem(404, "not-found");
    let send = json!({"portal": tender.slug, "deadlines": {"quotes": time(tender.deadline)}});
    rival.post(&format!("{path}/rfqs"), send).await.problem(404, "not-found");
    assert!(items(&rival, "/v1/rfq-templates").await.is_empty());
    // The same name is free for others, and a request of others is none for them.
    let draft = tender.draft(json!({})).await;
    let named = rival.post("/v1/rfq-templates", json!({"name": "Coil", "rfq_id": id_of(&draft)})).await;
    assert_eq!(named.faults(), ["/rfq_id unknown"]);
    rival.post("/v1/rfq-templates", json!({"name": "Coil", "request": tender.request(json!({}))})).await.expect(201);
    let neither = rival.post("/v1/rfq-templates", json!({"name": " "})).await;
    assert_eq!(neither.faults(), ["/name blank", "/request required"]);
}
