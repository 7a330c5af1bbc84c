use serde_json::json;
use tests::app::TestApp;
use tests::given::PASSWORD;

#[tokio::test]
async fn refresh_tokens_rotate_and_reuse_ends_the_session() {
    let app = TestApp::start().await;
    let company = app.company("Rotating").await;
    let anonymous = app.anonymous();
    let first =
        anonymous.post("/v1/sessions", json!({"email": company.email, "password": PASSWORD})).await.expect(201).json();
    let refresh = |token: &serde_json::Value| anonymous.post("/v1/sessions/refresh", json!({"refresh_token": token}));
    let second = refresh(&first["refresh_token"]).await.expect(200).json();
    let client = anonymous.with_token(second["access_token"].as_str().unwrap());
    client.get(&format!("/v1/organisations/{}", company.id)).await.expect(200);
    refresh(&first["refresh_token"]).await.problem(401, "invalid-credentials");
    refresh(&second["refresh_token"]).await.problem(401, "invalid-credentials");
    client.get(&format!("/v1/organisations/{}", company.id)).await.problem(401, "invalid-token");
}

#[tokio::test]
async fn who_logs_out_is_out_at_once() {
    let app = TestApp::start().await;
    let company = app.company("Leaving").await;
    company.owner.delete("/v1/sessions/current").await.expect(204);
    company.owner.get(&format!("/v1/organisations/{}", company.id)).await.problem(401, "invalid-token");
}

// S12
#[tokio::test]
async fn wrong_passwords_and_unknown_people_look_the_same_and_are_throttled() {
    let app = TestApp::start_with(|config| config.rate_log_in = 5).await;
    let try_in = |email: &str, password: &str| {
        let (anonymous, body) = (app.anonymous(), json!({"email": email, "password": password}));
        async move { anonymous.post("/v1/sessions", body).await }
    };
    let company = app.pending_company("Guessed").await;
    let wrong = try_in(&company.email, "not the password").await.problem(401, "invalid-credentials");
    let unknown = try_in("nobody@nowhere.example", "not the password").await.problem(401, "invalid-credentials");
    assert_eq!(wrong["detail"], unknown["detail"]);
    for _ in 0..3 {
        try_in(&company.email, "not the password").await;
    }
    let answer = try_in(&company.email, "not the password").await;
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    answer.problem(429, "too-many-requests");
}

// S12
#[tokio::test]
async fn a_stranger_who_guesses_does_not_lock_the_owner_out() {
    let app = TestApp::start_with(|config| {
        config.rate_log_in = 3;
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let company = app.pending_company("Besieged").await;
    let try_from = async |address: &str, password: &str| {
        let anonymous = app.anonymous();
        let request = anonymous.request(reqwest::Method::POST, "/v1/sessions").header("X-Forwarded-For", address);
        anonymous.send(request.json(&json!({"email": company.email, "password": password}))).await.status.as_u16()
    };
    for _ in 0..3 {
        assert_eq!(try_from("203.0.113.7", "a wrong guess").await, 401);
    }
    assert_eq!(try_from("203.0.113.7", PASSWORD).await, 429);
    assert_eq!(try_from("198.51.100.9", PASSWORD).await, 201);
}
