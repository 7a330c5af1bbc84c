use serde_json::{Value, json};
use tests::app::TestApp;
use tests::sourcing::{id_of, state, time};
use tests::trade::sign;

/// The releases of a portal, as anybody reads them.
async fn releases(app: &TestApp, portal: &str, query: &str) -> Vec<Value> {
    let package = app.anonymous().get(&format!("/v1/portals/{portal}/ocds{query}")).await.expect(200).json();
    assert_eq!(package["version"], "1.1");
    package["releases"].as_array().unwrap().clone()
}

fn names(release: &Value) -> Vec<&str> {
    release["parties"].as_array().unwrap().iter().map(|party| party["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn requests_of_an_open_portal_are_open_data_for_anybody() {
    let app = TestApp::start_with(|config| {
        config.ocid_prefix = "ocds-abc123".into();
        config.publisher = "Markets of the North".into();
    })
    .await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Guest").await;
    tender.draft(json!({})).await;
    tender.published(json!({"invitations": [supplier.id]})).await;
    let lines = json!([{"name": {"en": "Coil"}, "quantity": "40", "unit": "TNE", "target_price": "512.34"}]);
    let rfq = tender.published(json!({"lines": lines})).await;
    let answer = app.anonymous().get(&tender.path("ocds")).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=60");
    let package = answer.json();
    assert_eq!(package["publisher"]["name"], "Markets of the North");
    assert!(package["uri"].as_str().unwrap().ends_with(&tender.path("ocds")), "{package}");
    // Neither a draft, nor what is for invited companies alone.
    let all = package["releases"].as_array().unwrap();
    assert_eq!(all.len(), 1, "{package}");
    let release = &all[0];
    assert_eq!(release["ocid"], format!("ocds-abc123-{}", id_of(&rfq)));
    assert_eq!((&release["tag"], &release["tender"]["status"]), (&json!(["tender"]), &json!("active")));
    assert_eq!((&release["tender"]["title"], &release["language"]), (&json!("Rolled steel"), &json!("en")));
    assert_eq!(release["tender"]["items"][0]["quantity"], json!(40));
    assert_eq!(names(release), ["Buyer"]);
    assert!(!answer.text.contains("512.34") && !answer.text.contains("Guest"), "{}", answer.text);
    let again = app.anonymous().request(reqwest::Method::GET, &tender.path("ocds"));
    let again = app.anonymous().send(again.header("If-None-Match", answer.etag())).await.expect(304);
    assert_eq!(again.etag(), answer.etag());
}

#[tokio::test]
async fn an_award_is_told_once_nothing_can_undo_it_and_losers_never() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let suppliers = [tender.supplier(&app, "Winner").await, tender.supplier(&app, "Loser").await];
    let rfq = tender.published(json!({"procedure": {"standstill_days": 3}})).await;
    let mut quotes = Vec::new();
    for (supplier, prices) in suppliers.iter().zip([["501.75", "701.75"], ["533.75", "733.75"]]) {
        quotes.push(tender.quoted(supplier, &rfq, &prices, json!({})).await);
    }
    let one = format!("{}/{}", tender.path("ocds"), id_of(&rfq));
    let read = async || {
        let answer = app.anonymous().get(&one).await.expect(200);
        for secret in ["Loser", "533.75", "733.75"] {
            assert!(!answer.text.contains(secret), "{}", answer.text);
        }
        (answer.json()["releases"][0].clone(), answer.text)
    };
    let sealed = read().await.0;
    tender.evaluated(&app, &rfq).await;
    let buyer = &tender.buyer.owner;
    let body = json!({"quote_id": id_of(&quotes[0]), "reason": "The lowest total."});
    let decision = buyer.post(&format!("{rfq}/award"), body).await.expect(201).json();
    // While the standstill runs, nobody learns who is to get it, nor for how much.
    let (waiting, text) = read().await;
    assert!(!text.contains("Winner") && !text.contains("501.75"), "{text}");
    assert_eq!((&waiting["tender"]["status"], &waiting["awards"]), (&json!("complete"), &Value::Null));
    assert_ne!(waiting["id"], sealed["id"]);
    app.sql(
        "UPDATE rfq_award SET standstill_until = now() - interval '1 minute';
         UPDATE timer SET due_at = now() WHERE kind = 'rfq_award.conclude'",
    )
    .await;
    let award = decision["awards"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/rfq-awards/{award}");
    app.until(async || state(buyer, &path).await == "concluded").await;
    let concluded = buyer.get(&path).await.expect(200).json();
    let told = read().await.0;
    assert_eq!((&told["tag"], &told["awards"][0]["id"]), (&json!(["award"]), &json!(award)));
    assert_eq!(told["awards"][0]["suppliers"][0]["name"], "Winner");
    assert_eq!(told["awards"][0]["value"]["currency"], "EUR");
    assert_eq!(told["contracts"][0]["status"], "pending");
    assert_eq!(names(&told), ["Buyer", "Winner"]);
    let contract = concluded["contract_id"].as_str().unwrap();
    for side in [&suppliers[0].owner, buyer] {
        sign(side, contract).await.expect(200);
    }
    let signed = read().await.0;
    assert_eq!((&signed["tag"], &signed["contracts"][0]["status"]), (&json!(["contract"]), &json!("active")));
    assert!(signed["contracts"][0]["dateSigned"].is_string(), "{signed}");
}

#[tokio::test]
async fn packages_are_paged_and_told_since_a_time() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(id_of(&tender.published(json!({})).await).to_owned());
    }
    let path = tender.path("ocds?limit=2");
    let first = app.anonymous().get(&path).await.expect(200);
    let link = first.json()["links"]["next"].as_str().unwrap().to_owned();
    assert!(first.header("link").contains("rel=\"next\""));
    let next = &link[link.find("/v1/").unwrap()..];
    let second = app.anonymous().get(next).await.expect(200).json();
    assert_eq!((second["releases"].as_array().unwrap().len(), &second["links"]), (1, &Value::Null));
    // The first one changes, and is the last one then.
    tender.buyer.owner.post(&format!("/v1/rfqs/{}/cancel", ids[0]), json!({"reason": "No need."})).await.expect(200);
    let all = releases(&app, &tender.slug, "").await;
    let last = &all[2];
    assert_eq!((&last["tender"]["id"], &last["tag"]), (&json!(ids[0]), &json!(["tenderCancellation"])));
    assert_eq!(last["tender"]["status"], "cancelled");
    let date = last["date"].as_str().unwrap();
    let since = releases(&app, &tender.slug, &format!("?since={date}")).await;
    assert_eq!((since.len(), &since[0]["tender"]["id"]), (1, &json!(ids[0])));
    let later = time(app.shared.clock.now() + chrono::TimeDelta::days(1));
    assert!(releases(&app, &tender.slug, &format!("?since={later}")).await.is_empty());
    app.anonymous().get(&tender.path("ocds?since=yesterday")).await.problem(400, "invalid-query");
}

#[tokio::test]
async fn a_closed_portal_has_no_open_data() {
    let app = TestApp::start().await;
    let buyer = app.company("Buyer").await;
    let tender = app.tender_of(buyer, "closed").await;
    let rfq = tender.published(json!({})).await;
    let one = format!("{}/{}", tender.path("ocds"), id_of(&rfq));
    for by in [&app.anonymous(), &tender.buyer.owner] {
        by.get(&tender.path("ocds")).await.problem(404, "not-found");
        by.get(&one).await.problem(404, "not-found");
    }
    let open = app.tender().await;
    app.anonymous().get(&format!("{}/{}", open.path("ocds"), id_of(&rfq))).await.problem(404, "not-found");
    let market = app.market().await;
    app.anonymous().get(&format!("/v1/portals/{}/ocds", market.slug)).await.expect(404);
}
