use serde_json::json;
use tests::app::TestApp;
use tests::given::PASSWORD;
use tests::machine::token_in;

// S13, S25
#[tokio::test]
async fn an_invitation_works_once_and_its_token_is_in_the_mail_alone() {
    let app = TestApp::start().await;
    let company = app.company("Inviting").await;
    let path = format!("/v1/organisations/{}/invitations", company.id);
    let made = company.owner.post(&path, json!({"email": "Hanna@New.example", "roles": ["buyer"]})).await.expect(201);
    assert_eq!((&made.json()["email"], &made.json()["state"]), (&json!("hanna@new.example"), &json!("open")));
    let token = app.mailed_token("hanna@new.example").await;
    let everywhere = format!(
        "SELECT count(*) FROM invitation i, event e, mail m WHERE strpos(i::text || e::text || m::text, '{token}') > 0"
    );
    assert_eq!(app.count(&everywhere).await, 0);
    assert!(!made.text.contains(&token) && !company.owner.get(&path).await.text.contains(&token));

    let anonymous = app.anonymous();
    let accept = |body| anonymous.post("/v1/invitations/accept", body);
    let faults = accept(json!({"token": token, "password": "password1234"})).await.faults();
    assert_eq!(faults, ["/name blank", "/password too_common"]);
    accept(json!({"token": "guess", "name": "X", "password": PASSWORD})).await.problem(409, "link-expired");
    let body = json!({"token": token, "name": "Hanna", "password": PASSWORD, "language": "de"});
    let first = anonymous.post_once("/v1/invitations/accept", "join", body.clone()).await.expect(200);
    // R2
    let again = anonymous.post_once("/v1/invitations/accept", "join", body.clone()).await.expect(200);
    assert_eq!((again.header("idempotent-replayed"), &again.text), ("true".to_owned(), &first.text));
    accept(body).await.problem(409, "link-expired");
    let hanna = app.log_in("hanna@new.example").await;
    let me = hanna.get("/v1/me").await.expect(200).json();
    assert_eq!((&me["roles"], &me["language"]), (&json!(["buyer"]), &json!("de")));
    let one = company.owner.get(&made.header("location")).await.expect(200).json();
    assert_eq!(one["state"], "accepted");
    company.owner.delete(&made.header("location")).await.problem(409, "wrong-state");
    company
        .owner
        .post(&path, json!({"email": "hanna@new.example", "roles": ["buyer"]}))
        .await
        .problem(409, "already-exists");
}

// S13
#[tokio::test]
async fn expired_revoked_and_replaced_invitations_do_not_work() {
    let app = TestApp::start().await;
    let company = app.company("Undecided").await;
    let path = format!("/v1/organisations/{}/invitations", company.id);
    let invite = |email: &'static str| {
        let (owner, path) = (company.owner.clone(), path.clone());
        async move { owner.post(&path, json!({"email": email, "roles": ["viewer"]})).await.expect(201) }
    };
    let accept = async |token: &str| {
        let body = json!({"token": token, "name": "Late", "password": PASSWORD});
        app.anonymous().post("/v1/invitations/accept", body).await
    };
    let revoked = invite("revoked@new.example").await.header("location");
    company.owner.delete(&revoked).await.expect(204);
    accept(&app.mailed_token("revoked@new.example").await).await.problem(409, "link-expired");

    invite("twice@new.example").await;
    let old = app.mailed_token("twice@new.example").await;
    invite("twice@new.example").await;
    let mails = app.mails_to("twice@new.example", 2).await;
    let new = mails.iter().map(|text| token_in(text)).find(|token| *token != old).unwrap();
    accept(&old).await.problem(409, "link-expired");
    accept(&new).await.expect(200);

    invite("late@new.example").await;
    app.sql("UPDATE invitation SET expires_at = now() - interval '1 second' WHERE email = 'late@new.example'").await;
    accept(&app.mailed_token("late@new.example").await).await.problem(409, "link-expired");
    let states: Vec<_> = company.owner.get(&path).await.expect(200).json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(states, ["revoked", "revoked", "accepted", "expired"]);
    assert_eq!(app.count("SELECT count(*) FROM member").await, 2);
}

// S13
#[tokio::test]
async fn somebody_with_an_account_joins_with_its_password_alone() {
    let app = TestApp::start().await;
    let (company, other) = (app.company("Second").await, app.company("First").await);
    let path = format!("/v1/organisations/{}/invitations", company.id);
    company.owner.post(&path, json!({"email": other.email, "roles": ["seller"]})).await.expect(201);
    let token = app.mailed_token(&other.email).await;
    let wrong = json!({"token": token, "name": "Thief", "password": "another long phrase here"});
    app.anonymous().post("/v1/invitations/accept", wrong).await.problem(401, "invalid-credentials");
    let right = json!({"token": token, "password": PASSWORD});
    app.anonymous().post("/v1/invitations/accept", right).await.expect(200);
    let me = other.owner.get("/v1/me").await.expect(200).json();
    let names: Vec<_> = me["memberships"].as_array().unwrap().iter().map(|one| &one["legal_name"]).collect();
    assert_eq!(names, ["First", "Second"]);
    assert_eq!(me["name"], "Owner of First");
}

// S1, S3
#[tokio::test]
async fn only_those_who_run_the_company_invite_and_only_owners_invite_owners() {
    let app = TestApp::start().await;
    let (company, other) = (app.company("Closed shop").await, app.company("Curious").await);
    let path = format!("/v1/organisations/{}/invitations", company.id);
    let body = json!({"email": "x@new.example", "roles": ["viewer"]});
    let admin = app.colleague(&company, &["admin"]).await;
    let buyer = app.colleague(&company, &["buyer"]).await;
    other.owner.post(&path, body.clone()).await.problem(404, "not-found");
    other.owner.get(&path).await.problem(404, "not-found");
    buyer.client.post(&path, body.clone()).await.problem(403, "forbidden");
    let owner = json!({"email": "x@new.example", "roles": ["owner"]});
    admin.client.post(&path, owner).await.problem(403, "forbidden");
    let faults = admin.client.post(&path, json!({"email": "none", "roles": ["king"]})).await.faults();
    assert_eq!(faults, ["/email email", "/roles/0 role"]);
    admin.client.post(&path, body).await.expect(201);
}
