use futures::future::join_all;
use serde_json::json;
use tests::app::TestApp;
use tests::given::registration;

// R2, R3, R6
#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_one_effect() {
    let app = TestApp::start().await;
    let anonymous = app.anonymous();
    let mut body = registration("Once", "once@once.example");
    let mut faulty = body.clone();
    faulty["country"] = json!("??");
    anonymous.post_once("/v1/organisations", "k1", faulty).await.faults();
    let first = anonymous.post_once("/v1/organisations", "k1", body.clone()).await.expect(201);
    let again = anonymous.post_once("/v1/organisations", "k1", body.clone()).await.expect(201);
    assert_eq!(
        (&first.text, first.header("location"), first.etag()),
        (&again.text, again.header("location"), again.etag())
    );
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert!(first.headers.get("idempotent-replayed").is_none());
    body["legal_name"] = json!("Twice");
    anonymous.post_once("/v1/organisations", "k1", body).await.problem(422, "idempotency-key-reused");
    assert_eq!(app.count("SELECT count(*) FROM organisation").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM event").await, 1);
}

// R1
#[tokio::test]
async fn a_malformed_key_is_refused() {
    let app = TestApp::start().await;
    let body = registration("Odd", "odd@odd.example");
    for odd in ["a b", "", &"k".repeat(256)] {
        app.anonymous().post_once("/v1/organisations", odd, body.clone()).await.problem(400, "invalid-idempotency-key");
    }
    assert_eq!(app.count("SELECT count(*) FROM organisation").await, 0);
}

// R4
#[tokio::test]
async fn fifty_at_once_with_one_key_have_one_effect() {
    let app = TestApp::start().await;
    let body = registration("Many", "many@many.example");
    let calls = (0..50).map(|_| {
        let (anonymous, body) = (app.anonymous(), body.clone());
        async move { anonymous.post_once("/v1/organisations", "same", body).await }
    });
    for answer in join_all(calls).await {
        match answer.status.as_u16() {
            201 => {}
            _ => drop(answer.problem(409, "request-in-progress")),
        }
    }
    assert_eq!(app.count("SELECT count(*) FROM organisation").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM event").await, 1);
}

// R5
#[tokio::test]
async fn the_equal_key_of_another_organisation_is_another_key() {
    let app = TestApp::start().await;
    let body =
        json!({"holder": "x", "account_number": "DE89 3704 0044 0532 0130 00", "bank_name": "Bank", "currency": "EUR"});
    let mut made = Vec::new();
    for name in ["One", "Other"] {
        let company = app.company(name).await;
        let path = format!("/v1/organisations/{}/bank-accounts", company.id);
        let first = company.owner.post_once(&path, "same", body.clone()).await.expect(201);
        assert!(!first.headers.contains_key("idempotent-replayed"));
        let colleague = app.person(&company, &["owner"]).await.owner;
        let again = colleague.post_once(&path, "same", body.clone()).await.expect(201);
        assert_eq!((&again.text, again.header("idempotent-replayed").as_str()), (&first.text, "true"));
        made.push(first.id());
    }
    assert_ne!(made[0], made[1]);
    assert_eq!(app.count("SELECT count(*) FROM bank_account").await, 2);
}

// R3
#[tokio::test]
async fn a_key_belongs_to_one_path_and_method() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offer = trade.market.offer(&trade.seller.owner, "10", &[("1", "2.00")]).await;
    let (first, second) = (
        trade.market.place(&trade.buyer.owner, &offer, "1").await,
        trade.market.place(&trade.buyer.owner, &offer, "1").await,
    );
    let seller = &trade.seller.owner;
    seller.post_once(&format!("/v1/orders/{first}/confirm"), "k", json!({})).await.expect(200);
    for path in [
        format!("/v1/orders/{second}/confirm"),
        format!("/v1/orders/{first}/decline"),
        format!("/v1/orders/{first}/confirm?a=1"),
    ] {
        seller.post_once(&path, "k", json!({})).await.problem(422, "idempotency-key-reused");
    }
    assert_eq!(app.count("SELECT count(*) FROM purchase_order WHERE state = 'confirmed'").await, 1);
}

// R7
#[tokio::test]
async fn keys_outlive_a_restart_and_live_for_a_day() {
    let app = TestApp::start().await;
    let company = app.company("Restarted").await;
    let (url, secret, token) =
        (app.database_url.clone(), app.config().secret_key.clone(), company.owner.token().to_owned());
    let path = format!("/v1/organisations/{}/bank-accounts", company.id);
    let body =
        json!({"holder": "x", "account_number": "DE89 3704 0044 0532 0130 00", "bank_name": "Bank", "currency": "EUR"});
    let first = company.owner.post_once(&path, "kept", body.clone()).await.expect(201);
    drop(app);
    let app = TestApp::start_on(url, |config| config.secret_key = secret).await;
    let owner = app.anonymous().with_token(&token);
    let again = owner.post_once(&path, "kept", body.clone()).await.expect(201);
    assert_eq!(
        (&again.text, again.header("location"), again.etag()),
        (&first.text, first.header("location"), first.etag())
    );
    // A key of yesterday is forgotten in time, one that is a little younger is not.
    app.sql("UPDATE idempotency SET created_at = now() - interval '24 hours' WHERE key = 'kept';
             INSERT INTO idempotency (scope, key, request_hash, status, body, created_at) VALUES (gen_random_uuid(), 'old', '', 200, '', now() - interval '27 hours')").await;
    let mut connection = tests::database::connect(&app.database_url).await;
    let before = app.shared.clock.now() - chrono::TimeDelta::hours(26);
    assert_eq!(infra::idempotency::forget(&mut connection, before).await.unwrap(), 1);
    owner.post_once(&path, "kept", body).await.expect(201);
    assert_eq!(app.count("SELECT count(*) FROM bank_account").await, 1);
}
