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
