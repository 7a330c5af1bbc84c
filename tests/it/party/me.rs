use serde_json::json;
use tests::app::TestApp;
use tests::given::PASSWORD;

const NEW: &str = "four herons by the mill pond";

#[tokio::test]
async fn people_and_machines_see_who_they_are() {
    let app = TestApp::start().await;
    let company = app.company("Mirror").await;
    let answer = company.owner.get("/v1/me").await.expect(200);
    let me = answer.json();
    assert_eq!((&me["kind"], &me["email"], &me["roles"]), (&json!("person"), &json!(company.email), &json!(["owner"])));
    assert_eq!(me["memberships"][0]["legal_name"], "Mirror");
    let machine = app.machine(&company, &["orders:read"]).await.get("/v1/me").await.expect(200).json();
    assert_eq!((&machine["kind"], &machine["scopes"]), (&json!("client"), &json!(["orders:read"])));
    assert_eq!(machine["organisation_id"], json!(company.id));
    assert_eq!(app.operator().await.get("/v1/me").await.expect(200).json()["operator"], true);
    app.anonymous().get("/v1/me").await.problem(401, "unauthenticated");

    let changed = company.owner.patch_if("/v1/me", &answer.etag(), json!({"name": "Anna", "language": "ru"})).await;
    assert_eq!(changed.expect(200).json()["name"], "Anna");
    company.owner.patch_if("/v1/me", &answer.etag(), json!({"name": "B"})).await.problem(412, "precondition-failed");
    let faults = company.owner.edit("/v1/me", json!({"name": " ", "language": "DE"})).await.faults();
    assert_eq!(faults, ["/language language", "/name blank"]);
    // S2
    assert_eq!(company.owner.edit("/v1/me", json!({"operator": true})).await.faults(), ["/operator unknown_field"]);
}

// S11
#[tokio::test]
async fn another_password_ends_all_other_sessions() {
    let app = TestApp::start().await;
    let company = app.company("Changing").await;
    let other = app.log_in(&company.email).await;
    let change = |old: &str, new: &str| {
        let (owner, body) = (company.owner.clone(), json!({"old_password": old, "new_password": new}));
        async move { owner.post_once("/v1/me/password", &format!("{body}").replace([' ', '"'], "_"), body).await }
    };
    let faults = change("wrong", "password1234").await.faults();
    assert_eq!(faults, ["/new_password too_common", "/old_password wrong_password"]);
    let long = "a heron stood in the reeds all morning and caught seven small fish before the fog had gone".to_owned();
    change(PASSWORD, &long).await.expect(204);
    // R2
    assert_eq!(change(PASSWORD, &long).await.expect(204).header("idempotent-replayed"), "true");
    other.get("/v1/me").await.problem(401, "invalid-token");
    company.owner.get("/v1/me").await.expect(200);
    let log_in = async |password: &str| {
        app.anonymous().post("/v1/sessions", json!({"email": company.email, "password": password})).await
    };
    log_in(PASSWORD).await.problem(401, "invalid-credentials");
    log_in(&long[..long.len() - 1]).await.problem(401, "invalid-credentials");
    log_in(&long).await.expect(201);
    app.machine(&company, &["orders:read"])
        .await
        .post("/v1/me/password", json!({"old_password": PASSWORD, "new_password": NEW}))
        .await
        .problem(403, "forbidden");
}

#[tokio::test]
async fn who_is_erased_leaves_no_name_behind_and_the_last_owner_cannot_go() {
    let app = TestApp::start().await;
    let company = app.company("Forgetting").await;
    let person = app.colleague(&company, &["buyer"]).await;
    let etag = company.owner.etag("/v1/me").await;
    company.owner.delete_if("/v1/me", &etag).await.problem(409, "last-owner");
    company.owner.get("/v1/me").await.expect(200);

    person.client.delete("/v1/me").await.problem(428, "precondition-required");
    let etag = person.client.etag("/v1/me").await;
    person.client.delete_if("/v1/me", &etag).await.expect(204);
    person.client.get("/v1/me").await.problem(401, "invalid-token");
    let log_in = json!({"email": person.email, "password": PASSWORD});
    app.anonymous().post("/v1/sessions", log_in).await.problem(401, "invalid-credentials");
    for table in ["person", "member", "invitation", "mail", "event", "password_reset"] {
        let found = format!("SELECT count(*) FROM {table} t WHERE strpos(t::text, '{}') > 0", person.email);
        assert_eq!(app.count(&found).await, 0, "{table}");
    }
    assert_eq!(app.count("SELECT count(*) FROM person WHERE name = 'Colleague'").await, 0);
    company.owner.get(&company.member(&person.id)).await.problem(404, "not-found");
    // The address is free again.
    let path = format!("/v1/organisations/{}/invitations", company.id);
    company.owner.post(&path, json!({"email": person.email, "roles": ["viewer"]})).await.expect(201);
}
