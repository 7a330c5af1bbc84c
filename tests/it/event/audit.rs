use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn the_operator_reads_all_that_happened_and_nobody_else_does() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let operator = app.operator().await;
    company.owner.get("/v1/audit").await.problem(403, "forbidden");
    app.anonymous().get("/v1/audit").await.problem(401, "unauthenticated");
    operator.get("/v1/events").await.problem(403, "forbidden");
    let about = format!("/v1/audit?subject_id={}", company.id);
    let all = operator.get(&about).await.expect(200).json();
    let kinds: Vec<_> = all["items"].as_array().unwrap().iter().map(|one| one["type"].clone()).collect();
    assert_eq!(kinds, [json!("organisation.verified"), json!("organisation.registered")]);
    assert!(all["items"][0]["actor_id"].is_string() && all["items"][0]["request_id"].is_string());
    let first = operator.get(&format!("{about}&limit=1")).await.expect(200).json();
    let next = first["next_cursor"].as_str().unwrap();
    let second = operator.get(&format!("{about}&limit=1&cursor={next}")).await.expect(200).json();
    assert_eq!((&second["items"], &second["next_cursor"]), (&json!([all["items"][1]]), &json!(null)));
    let verified = operator.get("/v1/audit?type=organisation.verified").await.expect(200).json();
    assert_eq!(verified["items"].as_array().unwrap().len(), 1);
    // R11
    operator.get("/v1/audit?actor=x").await.problem(400, "invalid-query");
}
