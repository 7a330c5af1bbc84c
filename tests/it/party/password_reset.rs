use serde_json::json;
use tests::app::TestApp;
use tests::given::PASSWORD;

const NEW: &str = "four herons by the mill pond";

// S12, S13
#[tokio::test]
async fn a_forgotten_password_is_replaced_by_mail_once() {
    let app = TestApp::start().await;
    let company = app.company("Forgetful").await;
    let anonymous = app.anonymous();
    let known = anonymous.post("/v1/password-resets", json!({"email": company.email.to_uppercase()})).await.expect(202);
    let unknown = anonymous.post("/v1/password-resets", json!({"email": "nobody@nowhere.example"})).await.expect(202);
    assert_eq!(known.text, unknown.text);
    let token = app.mailed_token(&company.email).await;
    assert_eq!(app.count("SELECT count(*) FROM mail").await, 1);
    let everywhere = format!(
        "SELECT count(*) FROM password_reset p, event e, mail m WHERE strpos(p::text || e::text || m::text, '{token}') > 0"
    );
    assert_eq!(app.count(&everywhere).await, 0);

    let complete = async |token: &str, new: &str| {
        anonymous.post("/v1/password-resets/complete", json!({"token": token, "new_password": new})).await
    };
    assert_eq!(complete(&token, "password1234").await.faults(), ["/new_password too_common"]);
    complete("guess", NEW).await.problem(409, "link-expired");
    complete(&token, NEW).await.expect(204);
    complete(&token, NEW).await.problem(409, "link-expired");
    company.owner.get("/v1/me").await.problem(401, "invalid-token");
    let log_in = async |password: &str| {
        anonymous.post("/v1/sessions", json!({"email": company.email, "password": password})).await
    };
    log_in(PASSWORD).await.problem(401, "invalid-credentials");
    log_in(NEW).await.expect(201);
}

// S13
#[tokio::test]
async fn a_link_that_expired_or_was_overtaken_changes_nothing() {
    let app = TestApp::start().await;
    let company = app.company("Slow").await;
    let anonymous = app.anonymous();
    anonymous.post("/v1/password-resets", json!({"email": company.email})).await.expect(202);
    let token = app.mailed_token(&company.email).await;
    let complete = json!({"token": token, "new_password": NEW});
    let hours =
        app.count("SELECT extract(epoch FROM expires_at - created_at)::bigint AS count FROM password_reset").await;
    assert_eq!(hours, 3600);
    app.sql("UPDATE password_reset SET expires_at = now()").await;
    anonymous.post("/v1/password-resets/complete", complete.clone()).await.problem(409, "link-expired");
    app.sql("UPDATE password_reset SET expires_at = now() + interval '1 hour'").await;
    let change = json!({"old_password": PASSWORD, "new_password": NEW});
    company.owner.post("/v1/me/password", change).await.expect(204);
    anonymous.post("/v1/password-resets/complete", complete).await.problem(409, "link-expired");
    company.owner.get("/v1/me").await.expect(200);
}

// S12
#[tokio::test]
async fn asking_for_resets_is_throttled_by_account_whether_it_exists_or_not() {
    let app = TestApp::start_with(|config| config.rate_log_in = 2).await;
    for email in ["nobody@nowhere.example", "none@nowhere.example"] {
        for _ in 0..2 {
            app.anonymous().post("/v1/password-resets", json!({"email": email})).await.expect(202);
        }
        app.anonymous().post("/v1/password-resets", json!({"email": email})).await.problem(429, "too-many-requests");
    }
}
