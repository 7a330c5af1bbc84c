use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Answer;

#[track_caller]
fn assert_denied(answer: &Answer, status: u16, error: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert_eq!(body["error"], error, "{body}");
    assert!(body["error_description"].as_str().is_some_and(|text| !text.is_empty()));
}

// R36, R37
#[tokio::test]
async fn a_machine_gets_a_token_by_basic_or_by_form() {
    let app = TestApp::start().await;
    let company = app.company("Tokens").await;
    let made = company.api_client(&["organisation:read", "orders:read"]).await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"]["secret"].as_str().unwrap());
    let answer = app.token_of(id, secret).await.expect(200);
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store".into(), "no-cache".into()));
    let token = answer.json();
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(token["scope"], "organisation:read orders:read");
    let claims = token["access_token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    for name in ["iss", "sub", "aud", "exp", "iat", "jti", "scope"] {
        assert!(!claims[name].is_null(), "{name} in {claims}");
    }
    assert_eq!((&claims["sub"], &claims["org"]), (&json!(id), &json!(company.id)));
    assert!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() <= 3600);

    let anonymous = app.anonymous();
    let basic = anonymous.request(Method::POST, "/oauth/token").basic_auth(id, Some(secret));
    let form = [("grant_type", "client_credentials"), ("scope", "orders:read")];
    let token = anonymous.send(basic.form(&form)).await.expect(200).json();
    assert_eq!(token["scope"], "orders:read");
    let machine = anonymous.with_token(token["access_token"].as_str().unwrap());
    // R38
    let refused = machine.get("/v1/organisations").await;
    assert!(refused.header("www-authenticate").contains("insufficient_scope"));
    refused.problem(403, "insufficient-scope");
}

// R36
#[tokio::test]
async fn errors_of_the_token_endpoint_have_the_form_of_the_standard() {
    let app = TestApp::start().await;
    let company = app.company("Errors").await;
    let made = company.api_client(&["orders:read"]).await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"]["secret"].as_str().unwrap());
    let grant = ("grant_type", "client_credentials");
    let good = [grant, ("client_id", id), ("client_secret", secret)];
    assert_denied(&app.ask_token(&good[1..]).await, 400, "invalid_request");
    assert_denied(&app.ask_token(&[good[1], good[2], ("grant_type", "password")]).await, 400, "unsupported_grant_type");
    for scope in ["orders:write", "orders:read everything"] {
        assert_denied(&app.ask_token(&[good[0], good[1], good[2], ("scope", scope)]).await, 400, "invalid_scope");
    }
    assert_denied(&app.ask_token(&[good[0], good[1], good[2], good[1]]).await, 400, "invalid_request");
    let anonymous = app.anonymous();
    let both = anonymous.request(Method::POST, "/oauth/token").basic_auth(id, Some(secret)).form(&good);
    assert_denied(&anonymous.send(both).await, 400, "invalid_request");
    let as_json = anonymous.post("/oauth/token", json!({"grant_type": "client_credentials"})).await;
    assert_denied(&as_json, 400, "invalid_request");

    // An unknown client looks like a wrong secret.
    let wrong = app.token_of(id, "wrong").await;
    let unknown = app.token_of("0190b5a0-0000-7000-8000-000000000001", secret).await;
    for answer in [&wrong, &unknown, &app.token_of("nobody", secret).await, &app.ask_token(&good[..2]).await] {
        assert_denied(answer, 401, "invalid_client");
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"torg\"");
        assert_eq!(answer.text, wrong.text);
    }
    let malformed = anonymous.request(Method::POST, "/oauth/token").header("Authorization", "Basic ???").form(&[grant]);
    assert_denied(&anonymous.send(malformed).await, 401, "invalid_client");
    let text = STANDARD.encode(format!("{id}:{secret}"));
    let bearer = anonymous.request(Method::POST, "/oauth/token").header("Authorization", format!("Bearer {text}"));
    assert_denied(&anonymous.send(bearer.form(&[grant])).await, 401, "invalid_client");
}

// S12
#[tokio::test]
async fn guessing_a_secret_is_throttled() {
    let app = TestApp::start_with(|config| config.rate_log_in = 3).await;
    let id = "0190b5a0-0000-7000-8000-000000000001";
    for _ in 0..3 {
        assert_denied(&app.token_of(id, "guess").await, 401, "invalid_client");
    }
    let answer = app.token_of(id, "guess").await;
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
    answer.problem(429, "too-many-requests");
}

// S10
#[tokio::test]
async fn the_machines_of_a_suspended_company_can_look() {
    let app = TestApp::start().await;
    let company = app.company("Paused").await;
    let machine = app.machine(&company, &["organisation:read"]).await;
    let operator = app.operator().await;
    let own = format!("/v1/organisations/{}", company.id);
    operator.post(&format!("{own}/suspend"), json!({"note": "checks"})).await.expect(200);
    assert_eq!(machine.get(&own).await.expect(200).json()["state"], "suspended");
    app.machine(&company, &["organisation:read"]).await.get(&own).await.expect(200);
}
