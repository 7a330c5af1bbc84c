use reqwest::Method;
use serde_json::json;
use tests::app::TestApp;

// R12, R14
#[tokio::test]
async fn whatever_goes_wrong_is_a_problem_document() {
    let app = TestApp::start().await;
    let anonymous = app.anonymous();
    anonymous.get("/v1/nowhere").await.problem(404, "not-found");
    anonymous.get("/").await.problem(404, "not-found");
    let answer = anonymous.delete("/v1/sessions").await;
    assert_eq!(answer.header("allow"), "POST");
    answer.problem(405, "method-not-allowed");
    let answer = anonymous.get("/v1/organisations").await;
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
    answer.problem(401, "unauthenticated");
    let post = |kind: &str, body: &'static [u8]| {
        let request = anonymous.request(Method::POST, "/v1/sessions").header("Content-Type", kind).body(body);
        let anonymous = anonymous.clone();
        async move { anonymous.send(request).await }
    };
    post("application/json", b"{\"email\":").await.problem(400, "malformed-request");
    post("application/json", b"\xff\xfe").await.problem(400, "malformed-request");
    post("application/json", b"{\"email\":\"a\",\"email\":\"b\",\"password\":\"c\"}")
        .await
        .problem(400, "malformed-request");
    post("text/plain", b"{}").await.problem(415, "unsupported-media-type");
    let answer = anonymous.post("/v1/sessions", json!({"email": "x".repeat(11 * 1024 * 1024), "password": "x"})).await;
    answer.problem(413, "payload-too-large");
    let company = app.company("Asking").await;
    company.owner.get("/v1/organisations/not-an-id").await.problem(404, "not-found");
    let unknown = company.owner.get("/v1/organisations?colour=red").await.problem(400, "invalid-query");
    assert!(unknown["detail"].as_str().unwrap().contains("colour"), "{unknown}");
    company.owner.get("/v1/organisations?limit=201").await.problem(400, "invalid-query");
    company.owner.get("/v1/organisations?cursor=AAAA").await.problem(400, "invalid-cursor");
}

// R41
#[tokio::test]
async fn a_sane_request_id_is_echoed_and_an_insane_one_replaced() {
    let app = TestApp::start().await;
    let anonymous = app.anonymous();
    let with = |id: &str| anonymous.request(Method::GET, "/healthz").header("X-Request-Id", id);
    assert_eq!(anonymous.send(with("order-7.a")).await.header("x-request-id"), "order-7.a");
    for insane in ["a b", "<script>", &"x".repeat(129)] {
        assert_ne!(anonymous.send(with(insane)).await.header("x-request-id"), insane);
    }
}

#[tokio::test]
async fn every_type_of_problem_is_explained() {
    let app = TestApp::start().await;
    let all = app.anonymous().get("/problems").await.expect(200).json();
    let all = all["items"].as_array().unwrap();
    assert!(all.len() > 40);
    for one in all {
        let page = app.anonymous().get(one["type"].as_str().unwrap()).await.expect(200).json();
        assert!(page["explanation"].as_str().unwrap().len() > 20, "{page}");
    }
}
