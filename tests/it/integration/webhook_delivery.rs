use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::given::Company;
use tests::webhook::Webhook;
use tests::webhook_receiver::{Receiver, Reply};

async fn start() -> (TestApp, Receiver, Company, Webhook) {
    let (app, receiver) = (TestApp::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    (app, receiver, company, webhook)
}

// R34
#[tokio::test]
async fn a_delivery_shows_request_answer_and_timing_of_each_attempt() {
    let (app, receiver, company, webhook) = start().await;
    receiver.next([Reply::Full(500, ("x-reason", "broken".into()), "It is broken.\0".into())]);
    company.add_warehouse().await;
    receiver.until(1).await;
    app.until(async || webhook.in_state(&company.owner, "retrying").await.len() == 1).await;
    app.later(TimeDelta::seconds(10));
    let received = receiver.until(2).await;
    app.until(async || webhook.in_state(&company.owner, "delivered").await.len() == 1).await;
    let one = webhook.in_state(&company.owner, "delivered").await.remove(0);
    assert_eq!(
        (&one["event_type"], &one["attempts"], &one["webhook_id"], &one["next_attempt_at"]),
        (&json!("warehouse.created"), &json!(2), &json!(webhook.id), &json!(null))
    );
    let path = format!("/v1/webhook-deliveries/{}", one["id"].as_str().unwrap());
    let shown = company.owner.get(&path).await.expect(200).json();
    assert_eq!(shown["request_body"], String::from_utf8(received[0].body.clone()).unwrap());
    let requests = shown["requests"].as_array().unwrap();
    assert_eq!(requests.iter().map(|one| &one["status"]).collect::<Vec<_>>(), [&json!(500), &json!(204)]);
    assert_eq!(requests[0]["response_body"], "It is broken.\u{fffd}");
    assert_eq!(requests[0]["response_headers"]["x-reason"], "broken");
    for (request, received) in requests.iter().zip(&received) {
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "user-agent"] {
            assert_eq!(request["request_headers"][name], received.header(name));
        }
        assert!(request["duration_ms"].as_i64().unwrap() >= 0);
    }
    let other = app.company("Other").await;
    other.owner.get(&path).await.problem(404, "not-found");
    other.owner.post(&format!("{path}/resend"), json!({})).await.problem(404, "not-found");
}

// R8, R9, R11
#[tokio::test]
async fn deliveries_are_found_by_state_type_and_time_a_page_at_a_time() {
    let (app, receiver, company, webhook) = start().await;
    for _ in 0..5 {
        company.add_warehouse().await;
    }
    receiver.until(5).await;
    receiver.next([Reply::Status(500)]);
    webhook.test(&company.owner).await;
    receiver.until(6).await;
    app.until(async || webhook.in_state(&company.owner, "retrying").await.len() == 1).await;
    let list = async |query: &str| -> Vec<Value> {
        let answer = company.owner.get(&format!("{}?{query}", webhook.deliveries())).await.expect(200).json();
        answer["items"].as_array().unwrap().clone()
    };
    app.until(async || list("state=delivered").await.len() == 5).await;
    assert_eq!(list("event_type=webhook.test").await.len(), 1);
    assert_eq!(list("event_type=warehouse.created&state=delivered").await.len(), 5);
    assert_eq!(list("state=failed").await.len(), 0);
    let later = (app.shared.clock.now() + TimeDelta::hours(1)).format("%Y-%m-%dT%H:%M:%SZ");
    assert_eq!(list(&format!("since={later}")).await.len(), 0);
    let before = (app.shared.clock.now() - TimeDelta::hours(1)).format("%Y-%m-%dT%H:%M:%SZ");
    assert_eq!(list(&format!("since={before}")).await.len(), 6);
    let (mut all, mut path) = (Vec::new(), format!("{}?limit=2", webhook.deliveries()));
    loop {
        let page = company.owner.get(&path).await.expect(200).json();
        all.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{}?limit=2&cursor={cursor}", webhook.deliveries());
    }
    assert_eq!(all, list("limit=200").await);
    company.owner.get(&format!("{}?state=odd", webhook.deliveries())).await.problem(400, "invalid-query");
    company.owner.get(&format!("{}?other=1", webhook.deliveries())).await.problem(400, "invalid-query");
}

// R34
#[tokio::test]
async fn one_event_is_sent_again_under_its_id() {
    let (app, receiver, company, webhook) = start().await;
    company.add_warehouse().await;
    receiver.until(1).await;
    app.until(async || webhook.in_state(&company.owner, "delivered").await.len() == 1).await;
    let id = webhook.in_state(&company.owner, "delivered").await[0]["id"].as_str().unwrap().to_owned();
    let answer = company.owner.post(&format!("/v1/webhook-deliveries/{id}/resend"), json!({})).await.expect(202);
    assert_eq!(answer.header("location"), format!("/v1/webhook-deliveries/{id}"));
    let received = receiver.until(2).await;
    assert_eq!(received[0].header("webhook-id"), received[1].header("webhook-id"));
    assert_eq!(received[0].body, received[1].body);
    app.until(async || {
        webhook.in_state(&company.owner, "delivered").await.first().is_some_and(|one| one["attempts"] == 2)
    })
    .await;
}

/// What it got before, and what it never got.
// R34
#[tokio::test]
async fn everything_since_a_time_is_sent_again_in_order() {
    let (app, receiver, company, _) = start().await;
    let since = app.shared.clock.now();
    for _ in 0..3 {
        company.add_warehouse().await;
    }
    receiver.until(3).await;
    // A webhook that did not exist then.
    let late = Receiver::start().await;
    let webhook = company.webhook(&late).await;
    let replay = format!("{}/replay", webhook.path());
    let answer = company.owner.post(&replay, json!({"since": since.to_rfc3339()})).await.expect(202);
    assert_eq!(answer.json(), json!({"queued": 3, "next_after": null}));
    let ids = |received: Vec<tests::webhook_receiver::Received>| -> Vec<String> {
        received.iter().map(|one| one.header("webhook-id").to_owned()).collect()
    };
    let first = ids(late.until(3).await);
    assert_eq!(first, ids(receiver.received()));
    app.until(async || webhook.in_state(&company.owner, "delivered").await.len() == 3).await;
    company.owner.post(&replay, json!({"since": since.to_rfc3339()})).await.expect(202);
    assert_eq!(ids(late.until(6).await)[3..], first);
    assert_eq!(receiver.received().len(), 3);
    for odd in [since + TimeDelta::days(1), since - TimeDelta::days(31)] {
        let refused = company.owner.post(&replay, json!({"since": odd.to_rfc3339()})).await;
        assert_eq!(refused.faults(), ["/since out_of_range"]);
    }
    for odd in ["now", "elsewhere"] {
        let refused = company.owner.post(&replay, json!({"since": since.to_rfc3339(), "after": odd})).await;
        assert_eq!(refused.faults(), ["/after position"]);
    }
}

/// However much there is: a call takes so much of it, and says where to go on.
#[tokio::test]
async fn a_long_replay_goes_on_where_the_call_before_has_ended() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let since = app.shared.clock.now();
    let many = format!(
        "WITH made AS (
            INSERT INTO event (id, type, subject_kind, subject_id, subject_version, data, at)
            SELECT gen_random_uuid(), 'order.placed', 'order', gen_random_uuid(), 1, '{{}}', '{}'::timestamptz + interval '1 second'
            FROM generate_series(1, 12500) RETURNING tx, seq)
         INSERT INTO event_audience (organisation_id, tx, seq) SELECT '{}', tx, seq FROM made",
        since.to_rfc3339(),
        company.id
    );
    app.sql(&many).await;
    let webhook = company.webhook_with(json!({"url": "http://127.0.0.1:9/", "event_types": ["order.placed"]})).await;
    let replay = format!("{}/replay", webhook.path());
    let mut body = json!({"since": since.to_rfc3339()});
    let (mut queued, mut calls) = (0, 0);
    loop {
        let answer = company.owner.post(&replay, body.clone()).await.expect(202).json();
        let part = answer["queued"].as_i64().unwrap();
        assert!(part <= 10_000);
        (queued, calls) = (queued + part, calls + 1);
        if answer["next_after"].is_null() {
            break;
        }
        body["after"] = answer["next_after"].clone();
    }
    assert_eq!((queued, calls), (12_500, 2));
    assert_eq!(app.count("SELECT count(*) FROM webhook_delivery WHERE event_type = 'order.placed'").await, 12_500);
}

#[tokio::test]
async fn a_test_event_comes_whatever_the_filters_are_and_is_in_nobodys_feed() {
    let (app, receiver, company, webhook) = start().await;
    let made = webhook.test(&company.owner).await;
    let received = receiver.until(1).await.remove(0);
    assert_eq!(
        (received.kind().as_str(), received.header("webhook-id")),
        ("webhook.test", made["event_id"].as_str().unwrap())
    );
    assert_eq!(received.json()["data"]["subject"]["id"], json!(webhook.id));
    app.until(async || webhook.in_state(&company.owner, "delivered").await.len() == 1).await;
    let feed = company.owner.get("/v1/events?type=webhook.test").await.expect(200).json();
    assert_eq!(feed["items"], json!([]));
}

#[tokio::test]
async fn what_was_sent_is_kept_for_thirty_days() {
    let (app, receiver, company, webhook) = start().await;
    company.add_warehouse().await;
    receiver.until(1).await;
    app.until(async || webhook.in_state(&company.owner, "delivered").await.len() == 1).await;
    let before = app.shared.clock.now() - TimeDelta::days(30);
    let mut connection = tests::database::connect(&app.database_url).await;
    infra::integration::webhook::delivery::forget(&mut connection, before).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM webhook_delivery").await, 1);
    let after = app.shared.clock.now() + TimeDelta::minutes(1);
    infra::integration::webhook::delivery::forget(&mut connection, after).await.unwrap();
    assert_eq!(
        app.count("SELECT (SELECT count(*) FROM webhook_delivery) + (SELECT count(*) FROM webhook_attempt) AS count")
            .await,
        0
    );
}
