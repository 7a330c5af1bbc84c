use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn an_application_is_approved_suspended_reinstated_and_ended() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let company = app.company("Member").await;
    let path = format!("/v1/portals/{}/members", market.slug);
    let own = format!("{path}/{}", company.id);
    let operator = app.operator().await;
    let faults = company.owner.post(&path, json!({"capabilities": ["manage"]})).await.faults();
    assert_eq!(faults, ["/capabilities/0 not_applicable"]);
    let applied = company.owner.post(&path, json!({"capabilities": ["buy", "sell"]})).await.expect(201);
    assert_eq!(
        (applied.json()["state"].as_str(), applied.header("location")),
        (Some("applied"), own.replace(&market.slug, &market.portal_id))
    );
    company.owner.post(&format!("{own}/approve"), json!({})).await.problem(403, "capability-missing");
    let approved = operator.post(&format!("{own}/approve"), json!({"capabilities": ["buy"]})).await.expect(200).json();
    assert_eq!((&approved["state"], &approved["capabilities"]), (&json!("active"), &json!(["buy"])));
    operator.post(&format!("{own}/approve"), json!({})).await.problem(409, "wrong-state");
    operator.edit(&own, json!({"capabilities": ["buy", "bid"]})).await.expect(200);
    for (step, state) in [("suspend", "suspended"), ("reinstate", "active"), ("end", "ended")] {
        assert_eq!(operator.post(&format!("{own}/{step}"), json!({})).await.expect(200).json()["state"], state);
    }
    company.owner.post(&path, json!({"capabilities": ["sell"]})).await.expect(201);
    assert_eq!(company.owner.get(&own).await.expect(200).json()["capabilities"], json!(["sell"]));
}

#[tokio::test]
async fn who_has_not_accepted_the_current_rules_looks_but_does_not_act() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await;
    let operator = app.operator().await;
    let rules = format!("/v1/portals/{}/rules", market.slug);
    market.offer(&seller.owner, "5", &[("1", "1.00")]).await;
    // Nobody accepts what there is not.
    let early = app.company("Early").await;
    let accepting = json!({"capabilities": ["buy"], "accepted_rules": 404});
    let refused = early.owner.post(&format!("/v1/portals/{}/members", market.slug), accepting).await.expect(422);
    assert_eq!(refused.faults(), ["/accepted_rules unknown"]);
    operator.post(&rules, json!({"text": {"en": "Pay in time.", "ru": "Платите вовремя."}})).await.expect(201);
    let late = app.company("Late").await;
    let members = format!("/v1/portals/{}/members", market.slug);
    late.owner.post(&members, json!({"capabilities": ["buy"]})).await.problem(403, "rules-not-accepted");
    late.owner.post(&members, json!({"capabilities": ["buy"], "accepted_rules": 1})).await.expect(201);

    let body =
        json!({"product_id": seller.id, "tiers": [{"from": "1", "unit_price": {"amount": "1", "currency": "EUR"}}]});
    let offers = format!("/v1/portals/{}/offers", market.slug);
    seller.owner.get(&offers).await.expect(200);
    seller.owner.post(&offers, body.clone()).await.problem(403, "rules-not-accepted");
    seller.owner.post(&format!("{rules}/2/accept"), json!({})).await.problem(409, "wrong-state");
    seller.owner.post(&format!("{rules}/1/accept"), json!({})).await.expect(200);
    assert_eq!(seller.owner.post(&offers, body).await.faults(), ["/product_id unknown"]);
    let kept =
        format!("SELECT count(*) FROM portal_rules_acceptance WHERE organisation_id = '{}' AND version = 1", seller.id);
    assert_eq!(app.count(&kept).await, 1);
    assert_eq!(app.anonymous().get(&rules).await.expect(200).json()["items"][0]["text"]["ru"], "Платите вовремя.");
}

#[tokio::test]
async fn a_portal_of_an_organisation_keeps_somebody_who_manages_it() {
    let app = TestApp::start().await;
    let host = app.company("Host").await;
    let body = json!({"slug": "own", "name": {"en": "Own"}, "visibility": "open", "functions": ["catalogue"]});
    host.owner.post("/v1/portals", body).await.expect(201);
    let own = format!("/v1/portals/own/members/{}", host.id);
    host.owner.post(&format!("{own}/end"), json!({})).await.problem(409, "last-owner");
    host.owner.edit(&own, json!({"capabilities": ["sell"]})).await.problem(409, "last-owner");
    let other = app.company("Other").await;
    other.owner.edit("/v1/portals/own", json!({"visibility": "closed"})).await.problem(403, "capability-missing");
    let invite = json!({"organisation_id": other.id, "capabilities": ["manage"]});
    host.owner.post("/v1/portals/own/invitations", invite).await.expect(201);
    other.owner.post(&format!("/v1/portals/own/members/{}/accept", other.id), json!({})).await.expect(200);
    host.owner.post(&format!("{own}/end"), json!({})).await.expect(200);
    other.owner.edit("/v1/portals/own", json!({"visibility": "closed"})).await.expect(200);
}
