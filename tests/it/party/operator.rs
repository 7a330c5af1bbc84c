use serde_json::json;
use tests::app::TestApp;
use tests::given::PASSWORD;

// S10
#[tokio::test]
async fn who_is_disabled_is_out_at_once_until_let_in_again() {
    let app = TestApp::start().await;
    let company = app.company("Watched").await;
    let person = app.colleague(&company, &["buyer"]).await;
    let operator = app.operator().await;
    let (disable, enable) = (format!("/v1/people/{}/disable", person.id), format!("/v1/people/{}/enable", person.id));
    company.owner.post(&disable, json!({})).await.problem(403, "forbidden");
    operator.post(&enable, json!({})).await.problem(409, "wrong-state");
    operator.post(&disable, json!({"note": "taken over"})).await.expect(200);
    operator.post(&disable, json!({})).await.problem(409, "wrong-state");
    person.client.get("/v1/me").await.problem(401, "invalid-token");
    let log_in = json!({"email": person.email, "password": PASSWORD});
    app.anonymous().post("/v1/sessions", log_in).await.problem(401, "invalid-credentials");
    app.anonymous().post("/v1/password-resets", json!({"email": person.email})).await.expect(202);
    assert_eq!(app.count("SELECT count(*) FROM password_reset").await, 0);
    assert_eq!(company.owner.get(&company.member(&person.id)).await.expect(200).json()["disabled"], true);
    operator.post(&enable, json!({})).await.expect(200);
    app.log_in(&person.email).await.get("/v1/me").await.expect(200);
    operator.post("/v1/people/0190b5a0-0000-7000-8000-000000000001/disable", json!({})).await.problem(404, "not-found");
    let me = operator.get("/v1/me").await.expect(200).id();
    operator.post(&format!("/v1/people/{me}/disable"), json!({})).await.problem(403, "forbidden");
}

#[tokio::test]
async fn a_closed_company_can_look_but_change_nothing() {
    let app = TestApp::start().await;
    let (company, other) = (app.company("Winding up").await, app.company("Staying").await);
    let machine = app.machine(&company, &["organisation:read", "organisation:write"]).await;
    let path = format!("/v1/organisations/{}", company.id);
    let operator = app.operator().await;
    let close = format!("{path}/close");
    company.owner.post(&close, json!({"note": "x"})).await.problem(403, "forbidden");
    assert_eq!(operator.post(&close, json!({})).await.faults(), ["/note required"]);
    assert_eq!(operator.post(&close, json!({"note": "insolvent"})).await.expect(200).json()["state"], "closed");
    operator.post(&format!("{path}/verify"), json!({})).await.problem(409, "wrong-state");
    other.owner.get(&path).await.problem(404, "not-found");
    let seen = company.owner.get(&path).await.expect(200).json();
    assert_eq!((&seen["state"], &seen["state_reason"]), (&json!("closed"), &json!("insolvent")));
    machine.get(&path).await.expect(200);
    let body = json!({"name": "New", "scopes": ["orders:read"]});
    company.owner.post(&format!("{path}/api-clients"), body).await.problem(409, "wrong-state");
    let decisions = company.owner.get(&format!("{path}/verifications")).await.expect(200).json();
    assert_eq!(decisions["items"][1]["decision"], "closed");
}
