use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::sourcing::{Tender, line};

use super::heard;

/// Says what a company wants to hear of.
async fn subscribe(by: &Client, tender: &Tender, categories: &[&str]) -> Value {
    let path = tender.path("rfq-subscription");
    by.put_if(&path, &by.etag(&path).await, json!({"category_ids": categories})).await.expect(200).json()
}

async fn category(app: &TestApp, code: &str, parent: Option<&str>) -> String {
    let body = json!({"code": code, "name": {"en": code}, "parent_id": parent});
    app.operator().await.post("/v1/categories", body).await.expect(201).id()
}

#[tokio::test]
async fn subscribers_are_told_of_what_they_asked_for_and_of_what_is_below_it() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let steel = category(&app, "steel", None).await;
    let coils = category(&app, "coils", Some(&steel)).await;
    let paint = category(&app, "paint", None).await;
    let of = async |name: &str| tender.supplier(&app, name).await.owner;
    let (of_all, of_steel, of_coils, of_paint) =
        (of("All").await, of("Steel").await, of("Coils").await, of("Paint").await);
    subscribe(&of_all, &tender, &[]).await;
    subscribe(&of_steel, &tender, &[&steel]).await;
    let said = subscribe(&of_coils, &tender, &[&coils, &coils]).await;
    assert_eq!(said, json!({"subscribed": true, "category_ids": [coils]}));
    subscribe(&of_paint, &tender, &[&paint]).await;
    let asked = async |category: &str| {
        tender.published(json!({"lines": [line("Any", "5", json!({"category_id": category}))]})).await
    };
    let for_coils = asked(&coils).await;
    let for_steel = asked(&steel).await;
    let in_words = tender.published(json!({})).await;
    let invited_only = tender.published(json!({"invitations": [app.company("Guest").await.id]})).await;
    // All who are told of something are told at once: who was not told by then is not told.
    app.until(async || !heard(&of_all, &in_words).await.is_empty()).await;
    app.until(async || !heard(&tender.buyer.owner, &invited_only).await.is_empty()).await;
    //                   coils, steel, in words, invited only
    for (name, reader, expected) in [
        ("all", &of_all, [true, true, true, false]),
        ("steel", &of_steel, [true, true, false, false]),
        ("coils", &of_coils, [true, false, false, false]),
        ("paint", &of_paint, [false, false, false, false]),
    ] {
        let mut is_told = [false; 4];
        for (is_told, rfq) in is_told.iter_mut().zip([&for_coils, &for_steel, &in_words, &invited_only]) {
            *is_told = heard(reader, rfq).await == ["rfq.published"];
        }
        assert_eq!(is_told, expected, "{name}");
    }
}

#[tokio::test]
async fn a_subscription_is_changed_under_its_etag_and_ended() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let path = tender.path("rfq-subscription");
    let supplier = tender.supplier(&app, "Supplier").await;
    let by = &supplier.owner;
    let first = by.get(&path).await.expect(200);
    assert_eq!(first.json(), json!({"subscribed": false, "category_ids": []}));
    let unknown = json!({"category_ids": ["0190b5a0-0000-7000-8000-00000000dead"]});
    assert_eq!(by.put_if(&path, &first.etag(), unknown).await.faults(), ["/category_ids/0 unknown"]);
    by.put_if(&path, &first.etag(), json!({})).await.expect(200);
    by.put_if(&path, &first.etag(), json!({})).await.problem(412, "precondition-failed");
    by.delete(&path).await.problem(428, "precondition-required");
    by.delete_if(&path, &by.etag(&path).await).await.expect(204);
    by.delete_if(&path, "\"1.000000000000\"").await.problem(404, "not-found");
    let rfq = tender.published(json!({})).await;
    app.until(async || !heard(&tender.buyer.owner, &rfq).await.is_empty()).await;
    assert!(heard(by, &rfq).await.is_empty());

    // Who may not quote does not subscribe; who has lost that may have done with it.
    let buyer = &tender.buyer.owner;
    buyer.put_if(&path, &buyer.etag(&path).await, json!({})).await.problem(403, "capability-missing");
    let viewer = app.person(&supplier, &["viewer"]).await.owner;
    viewer.put_if(&path, &viewer.etag(&path).await, json!({})).await.problem(403, "forbidden");
    subscribe(by, &tender, &[]).await;
    app.sql(&format!("UPDATE portal_member SET capabilities = '{{buy}}' WHERE organisation_id = '{}'", supplier.id))
        .await;
    let rfq = tender.published(json!({})).await;
    app.until(async || !heard(buyer, &rfq).await.is_empty()).await;
    assert!(heard(by, &rfq).await.is_empty());
    by.delete_if(&path, &by.etag(&path).await).await.expect(204);
}

#[tokio::test]
async fn who_was_told_of_a_request_is_told_what_becomes_of_it() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (told, found) = (tender.supplier(&app, "Told").await.owner, tender.supplier(&app, "Found").await);
    subscribe(&told, &tender, &[]).await;
    let rfq = tender.published(json!({})).await;
    // Who found it and quoted is told from then on.
    tender.quoted(&found, &rfq, &["500", "700"], json!({})).await;
    tender.buyer.owner.edit(&rfq, json!({"title": {"en": "Steel"}})).await.expect(200);
    app.pass_deadline(&rfq).await;
    let end = ["rfq.amended", "rfq.closed"];
    app.until(async || heard(&found.owner, &rfq).await.iter().filter(|kind| end.contains(&kind.as_str())).count() == 2)
        .await;
    let heard = heard(&told, &rfq).await;
    assert!(heard.contains(&"rfq.published".to_owned()) && end.iter().all(|kind| heard.contains(&(*kind).to_owned())));
}
