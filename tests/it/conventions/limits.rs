use reqwest::Method;
use tests::app::TestApp;
use tests::client::{Answer, Client};

/// The numbers of a header like `"default";r=4;t=12`.
fn parameter(answer: &Answer, header: &str, name: &str) -> u64 {
    let text = answer.header(header);
    assert!(text.starts_with('"'), "{text}");
    let found = text.split(';').find_map(|part| part.trim().strip_prefix(&format!("{name}=")));
    found.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no {name} in {text}"))
}

// R21
#[tokio::test]
async fn who_asks_too_often_is_told_how_long_to_wait_and_waiting_helps() {
    let app = TestApp::start_with(|config| config.rate_per_address = 120).await;
    let anonymous = app.anonymous();
    let first = anonymous.get("/v1/portals").await.expect(200);
    assert_eq!(parameter(&first, "ratelimit-policy", "q"), 120);
    assert_eq!(parameter(&first, "ratelimit-policy", "w"), 60);
    let mut left = parameter(&first, "ratelimit", "r");
    assert!(left <= 119);
    let refused = loop {
        let answer = anonymous.get("/v1/portals").await;
        if answer.status == 429 {
            break answer;
        }
        // It never grows faster than time gives it back.
        let now = parameter(&answer, "ratelimit", "r");
        assert!(now <= left + 2, "{now} after {left}");
        left = now;
    };
    assert_eq!(parameter(&refused, "ratelimit", "r"), 0);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert_eq!((wait, wait), (parameter(&refused, "ratelimit", "t"), wait.clamp(1, 2)));
    refused.problem(429, "too-many-requests");
    let started = std::time::Instant::now();
    app.until(async || anonymous.get("/v1/portals").await.status == 200).await;
    assert!(started.elapsed() <= std::time::Duration::from_secs(wait + 1));
    // What watches over the service is never refused.
    for _ in 0..10 {
        anonymous.get("/healthz").await.expect(200);
    }
}

// R22
#[tokio::test]
async fn the_flood_of_one_leaves_the_others_untouched() {
    let app = TestApp::start_with(|config| config.rate_per_credential = 60).await;
    let (loud, quiet) = (app.company("Loud").await, app.company("Quiet").await);
    let path = format!("/v1/organisations/{}", quiet.id);
    app.until(async || loud.owner.get(&path).await.status == 429).await;
    loud.owner.get(&path).await.problem(429, "too-many-requests");
    let answer = quiet.owner.get(&path).await.expect(200);
    assert!(parameter(&answer, "ratelimit", "r") > 50);
    app.anonymous().get("/v1/portals").await.expect(200);
}

async fn from(client: &Client, headers: &[(&str, &str)]) -> Answer {
    let request =
        headers.iter().fold(client.request(Method::GET, "/v1/portals"), |all, (name, value)| all.header(*name, *value));
    client.send(request).await
}

// S12, S26
#[tokio::test]
async fn an_address_is_believed_only_from_a_proxy_of_ours() {
    let app = TestApp::start_with(|config| config.rate_per_address = 5).await;
    let mut statuses = Vec::new();
    for n in 0..8 {
        let forged = format!("10.0.0.{n}");
        let headers =
            [("X-Forwarded-For", &*forged), ("X-Real-IP", &*forged), ("Forwarded", &*format!("for={forged}"))];
        statuses.push(from(&app.anonymous(), &headers).await.status.as_u16());
    }
    assert_eq!(statuses[5..], [429, 429, 429]);

    let behind = TestApp::start_with(|config| {
        config.rate_per_address = 5;
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    for n in 0..8 {
        from(&behind.anonymous(), &[("X-Forwarded-For", &format!("10.0.0.{n}"))]).await.expect(200);
    }
    // What stands left of the address that our proxy saw was written by the caller.
    let mut last = 0;
    for n in 0..8 {
        last =
            from(&behind.anonymous(), &[("X-Forwarded-For", &format!("10.0.1.{n}, 10.9.9.9"))]).await.status.as_u16();
    }
    assert_eq!(last, 429);
}

// S26
#[tokio::test]
async fn headers_that_claim_an_identity_or_another_request_change_nothing() {
    let app = TestApp::start().await;
    let company = app.company("Real").await;
    let operator = app.operator().await;
    let path = format!("/v1/organisations/{}", company.id);
    let claims = |client: &Client, method: Method, path: &str| {
        let request = client.request(method, path);
        [
            ("X-User-Id", company.id.as_str()),
            ("X-Organisation-Id", &company.id),
            ("X-Forwarded-User", "operator@torg.example"),
            ("X-Remote-User", "operator@torg.example"),
            ("X-Original-URL", "/healthz"),
            ("X-Rewrite-URL", "/healthz"),
            ("X-HTTP-Method-Override", "GET"),
            ("X-Method-Override", "GET"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "evil.example"),
            ("Host", "evil.example"),
            ("Cookie", &format!("access_token={}; session={}", operator.token(), operator.token())),
        ]
        .into_iter()
        .fold(request, |all, (name, value)| all.header(name, value))
    };
    let anonymous = app.anonymous();
    anonymous.send(claims(&anonymous, Method::GET, &path)).await.problem(401, "unauthenticated");
    let verify = format!("{path}/suspend");
    company.owner.send(claims(&company.owner, Method::POST, &verify)).await.problem(403, "forbidden");
    let page = company.owner.send(claims(&company.owner, Method::GET, &path)).await.expect(200);
    assert!(!format!("{:?}{}", page.headers, page.text).contains("evil.example"));
    let made = company.owner.send(claims(&company.owner, Method::DELETE, &path)).await;
    made.problem(405, "method-not-allowed");
}
