use serde_json::json;
use tests::app::TestApp;

// R40
#[tokio::test]
async fn the_secret_of_a_client_is_shown_once_and_kept_as_a_hash() {
    let app = TestApp::start().await;
    let company = app.company("Machinists").await;
    let path = format!("/v1/organisations/{}/api-clients", company.id);
    let body = json!({"name": "ERP", "scopes": ["orders:read", "catalogue:read", "orders:read"]});
    let answer = company.owner.post_once(&path, "make-it", body.clone()).await.expect(201);
    let made = answer.json();
    let secret = made["secret"]["secret"].as_str().unwrap();
    assert_eq!(made["scopes"], json!(["catalogue:read", "orders:read"]));
    assert!(secret.ends_with(made["secret"]["hint"].as_str().unwrap()) && secret.len() > 40);
    assert_eq!(company.owner.post_once(&path, "make-it", body).await.expect(201).text, answer.text);

    let one = answer.header("location");
    for place in [path.clone(), one.clone(), format!("{one}/secrets")] {
        assert!(!company.owner.get(&place).await.expect(200).text.contains(secret), "{place}");
    }
    let everywhere = format!(
        "SELECT count(*) FROM api_client_secret s, event e, idempotency i
         WHERE strpos(s::text || e::text || i::text || encode(i.body, 'escape'), '{secret}') > 0"
    );
    assert_eq!(app.count(&everywhere).await, 0);
    assert_eq!(app.count("SELECT count(*) FROM api_client_secret").await, 1);
}

// R40
#[tokio::test]
async fn two_secrets_are_valid_at_a_time_and_one_replaces_the_other_without_a_gap() {
    let app = TestApp::start().await;
    let company = app.company("Rotating").await;
    let made = company.api_client(&["organisation:read"]).await;
    let id = made["id"].as_str().unwrap();
    let secrets = format!("/v1/organisations/{}/api-clients/{id}/secrets", company.id);
    let old = made["secret"]["secret"].as_str().unwrap();
    let second = company.owner.post(&secrets, json!({})).await.expect(201).json();
    company.owner.post(&secrets, json!({})).await.problem(409, "secret-limit");
    let new = second["secret"].as_str().unwrap();
    let own = format!("/v1/organisations/{}", company.id);
    let machine = |token: serde_json::Value| app.anonymous().with_token(token["access_token"].as_str().unwrap());
    let with_old = machine(app.token_of(id, old).await.expect(200).json());
    let with_new = machine(app.token_of(id, new).await.expect(200).json());
    with_old.get(&own).await.expect(200);
    with_new.get(&own).await.expect(200);

    let listed = company.owner.get(&secrets).await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    let first = format!("{secrets}/{}", made["secret"]["id"].as_str().unwrap());
    company.owner.delete(&first).await.expect(204);
    company.owner.delete(&first).await.problem(404, "not-found");
    app.token_of(id, old).await.expect(401);
    with_old.get(&own).await.problem(401, "invalid-token");
    with_new.get(&own).await.expect(200);
    company.owner.post(&secrets, json!({})).await.expect(201);
}

#[tokio::test]
async fn a_secret_ends_within_a_year_and_then_no_longer_counts() {
    let app = TestApp::start().await;
    let company = app.company("Expiring").await;
    let made = company.api_client(&["orders:read"]).await;
    let id = made["id"].as_str().unwrap();
    let secrets = format!("/v1/organisations/{}/api-clients/{id}/secrets", company.id);
    for odd in ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"] {
        let faults = company.owner.post(&secrets, json!({"expires_at": odd})).await.faults();
        assert_eq!(faults, ["/expires_at out_of_range"]);
    }
    app.sql("UPDATE api_client_secret SET expires_at = now() - interval '1 second'").await;
    app.token_of(id, made["secret"]["secret"].as_str().unwrap()).await.expect(401);
    assert_eq!(company.owner.get(&secrets).await.expect(200).json()["items"], json!([]));
}

// S10
#[tokio::test]
async fn a_scope_that_is_taken_away_and_a_revoked_client_are_gone_from_open_tokens() {
    let app = TestApp::start().await;
    let company = app.company("Shrinking").await;
    let made = company.api_client(&["organisation:read", "orders:read"]).await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"]["secret"].as_str().unwrap());
    let token = app.token_of(id, secret).await.expect(200).json();
    let machine = app.anonymous().with_token(token["access_token"].as_str().unwrap());
    let path = format!("/v1/organisations/{}/api-clients/{id}", company.id);
    machine.get("/v1/organisations").await.expect(200);
    // R18, R38
    company.owner.patch_if(&path, "\"7.x\"", json!({"name": "Other"})).await.problem(412, "precondition-failed");
    let changed = company.owner.edit(&path, json!({"scopes": ["orders:read"]})).await.expect(200);
    assert_eq!(changed.json()["scopes"], json!(["orders:read"]));
    machine.get("/v1/organisations").await.problem(403, "insufficient-scope");
    let faults = company.owner.edit(&path, json!({"name": " ", "scopes": ["all"]})).await.faults();
    assert_eq!(faults, ["/name blank", "/scopes/0 scope"]);

    company.owner.delete(&path).await.problem(428, "precondition-required");
    company.owner.delete_if(&path, &changed.etag()).await.expect(204);
    machine.get("/v1/organisations").await.problem(401, "invalid-token");
    app.token_of(id, secret).await.expect(401);
    company.owner.get(&path).await.problem(404, "not-found");
}

// S1, S3
#[tokio::test]
async fn only_the_people_who_run_an_organisation_handle_its_clients() {
    let app = TestApp::start().await;
    let (company, other) = (app.company("Inside").await, app.company("Outside").await);
    let path = format!("/v1/organisations/{}/api-clients", company.id);
    let body = json!({"name": "Mine", "scopes": ["orders:read"]});
    let one = format!("{path}/{}", company.api_client(&["orders:read"]).await["id"].as_str().unwrap());
    other.owner.post(&path, body.clone()).await.problem(404, "not-found");
    for place in [path.clone(), one.clone(), format!("{one}/secrets")] {
        other.owner.get(&place).await.problem(404, "not-found");
        app.operator().await.get(&place).await.problem(404, "not-found");
    }
    let foreign = one.replace(&company.id, &other.id);
    other.owner.get(&foreign).await.problem(404, "not-found");
    other.owner.post(&format!("{foreign}/secrets"), json!({})).await.problem(404, "not-found");
    let machine = app.machine(&company, &["organisation:write", "organisation:read"]).await;
    machine.post(&path, body.clone()).await.problem(403, "forbidden");

    // The answer that is kept with the owner's key is not for others of the organisation.
    company.owner.post_once(&path, "the-key", body.clone()).await.expect(201);
    app.sql("UPDATE member SET roles = '{viewer}'").await;
    app.shared.principals.forget();
    company.owner.post_once(&path, "the-key", body).await.problem(403, "forbidden");
}
