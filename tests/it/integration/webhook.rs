use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::webhook::{add_warehouse, is_signed};
use tests::webhook_receiver::{Receiver, Reply};

// R29, R35
#[tokio::test]
async fn an_event_is_sent_as_the_specification_says() {
    let (app, receiver) = (TestApp::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    company.add_warehouse().await;
    let received = receiver.until(1).await.remove(0);
    let feed = company.owner.get("/v1/events?type=warehouse.created").await.expect(200).json();
    let event = &feed["items"][0];
    assert_eq!(received.path, "/hook");
    assert_eq!(received.json(), json!({"type": "warehouse.created", "timestamp": event["at"], "data": event}));
    assert_eq!(received.header("webhook-id"), event["id"].as_str().unwrap());
    assert_eq!(received.header("content-type"), "application/json");
    assert_eq!(received.header("user-agent"), "Torg-Webhooks/1");
    let sent: i64 = received.header("webhook-timestamp").parse().unwrap();
    assert!((app.shared.clock.now().timestamp() - sent).abs() <= 60);
    assert!(is_signed(&received, &webhook.secret));
    assert!(webhook.secret.len() == "whsec_".len() + 44);
    // Another secret, or another body, and it is not.
    let other = company.webhook_with(json!({"url": receiver.url(), "event_types": ["order.*"]})).await;
    assert!(!is_signed(&received, &other.secret));
    let changed = tests::webhook_receiver::Received { body: [&received.body[..], b" "].concat(), ..received };
    assert!(!is_signed(&changed, &webhook.secret));
    // The secret is shown once.
    let shown = company.owner.get(&webhook.path()).await.expect(200);
    assert!(!shown.text.contains("whsec_") && !shown.text.contains(&webhook.secret[6..]));
}

// S1, S4
#[tokio::test]
async fn events_come_in_order_and_only_those_that_the_webhook_wants_and_its_organisation_may_see() {
    let app = TestApp::start().await;
    let (one, other) = (app.company("One").await, app.company("Other").await);
    let (some, all, theirs) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
    one.webhook(&some).await;
    one.webhook_with(json!({"url": all.url()})).await;
    other.webhook_with(json!({"url": theirs.url(), "event_types": ["warehouse.created", "bank_account.added"]})).await;
    let mut made = Vec::new();
    for n in 0..20 {
        if n % 5 == 0 {
            tests::trade::add_bank_account(&one).await;
        }
        made.push(one.add_warehouse().await);
    }
    let subjects = |receiver: &Receiver, kind: &str| -> Vec<Value> {
        let bodies = receiver.received().into_iter().map(|one| one.json());
        bodies.filter(|body| body["type"] == kind).map(|body| body["data"]["subject"]["id"].clone()).collect()
    };
    some.until(20).await;
    assert_eq!(subjects(&some, "warehouse.created"), made.iter().map(|id| json!(id)).collect::<Vec<_>>());
    // It is told of webhooks, too.
    app.until(async || subjects(&all, "warehouse.created").len() == 20).await;
    assert_eq!(subjects(&all, "warehouse.created"), subjects(&some, "warehouse.created"));
    assert_eq!(subjects(&all, "bank_account.added").len(), 4);
    // What the other organisation has is its own.
    other.add_warehouse().await;
    theirs.until(1).await;
    assert_eq!((theirs.kinds().len(), some.kinds().len()), (1, 20));
}

#[tokio::test]
async fn a_webhook_gets_what_happens_on_its_portal_alone() {
    let (app, receiver) = (TestApp::start().await, Receiver::start().await);
    let trade = app.trade().await;
    let portal = &trade.market.portal_id;
    let body = json!({"url": receiver.url(), "portal_id": portal});
    let webhook = trade.seller.webhook_with(body).await;
    trade.seller.add_warehouse().await;
    trade.market.offer(&trade.seller.owner, "5", &[("1", "2.00")]).await;
    let received = receiver.until(1).await;
    assert!(received.iter().all(|one| one.json()["data"]["portal_id"] == json!(portal)), "{:?}", receiver.kinds());
    let odd = json!({"portal_id": webhook.id});
    assert_eq!(trade.seller.owner.edit(&webhook.path(), odd).await.faults(), ["/portal_id unknown"]);
    // A portal that is gone since hinders no change of something else.
    app.sql(&format!("UPDATE portal SET archived_at = now() WHERE id = '{portal}'")).await;
    trade.seller.owner.edit(&webhook.path(), json!({"description": "Of a portal"})).await.expect(200);
}

// R32
#[tokio::test]
async fn while_a_secret_rotates_both_sign_and_then_the_new_one_alone() {
    let (app, receiver) = (TestApp::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    let rotate = format!("{}/rotate-secret", webhook.path());
    let new = company.owner.post(&rotate, json!({})).await.expect(200).json();
    let new_secret = new["secret"].as_str().unwrap().to_owned();
    assert_ne!(new_secret, webhook.secret);
    webhook.test(&company.owner).await;
    let received = receiver.until(1).await.remove(0);
    assert_eq!(received.header("webhook-signature").split(' ').count(), 2);
    assert!(is_signed(&received, &webhook.secret) && is_signed(&received, &new_secret));
    app.later(TimeDelta::hours(25));
    let owner = app.log_in(&company.email).await;
    webhook.test(&owner).await;
    let received = receiver.until(2).await.remove(1);
    assert_eq!(received.header("webhook-signature").split(' ').count(), 1);
    assert!(!is_signed(&received, &webhook.secret) && is_signed(&received, &new_secret));
    // One that others know signs nothing any more.
    let last = owner.post(&rotate, json!({"overlap_hours": 0})).await.expect(200).json();
    webhook.test(&owner).await;
    let received = receiver.until(3).await.remove(2);
    assert!(!is_signed(&received, &new_secret) && is_signed(&received, last["secret"].as_str().unwrap()));
    assert_eq!(owner.post(&rotate, json!({"overlap_hours": 169})).await.expect(422).status, 422);
}

// R17, R18, S1
#[tokio::test]
async fn a_webhook_is_changed_under_its_etag_and_exists_for_its_organisation_alone() {
    let app = TestApp::start().await;
    let (receiver, moved) = (Receiver::start().await, Receiver::start().await);
    let (company, other) = (app.company("Company").await, app.company("Other").await);
    let webhook = company.webhook(&receiver).await;
    let etag = company.owner.etag(&webhook.path()).await;
    let patch = json!({"url": moved.url(), "description": "Moved"});
    company.owner.patch_if(&webhook.path(), &etag, patch.clone()).await.expect(200);
    company.owner.patch_if(&webhook.path(), &etag, patch).await.problem(412, "precondition-failed");
    company.add_warehouse().await;
    moved.until(1).await;
    assert!(receiver.received().is_empty());
    for path in [webhook.path(), webhook.deliveries()] {
        other.owner.get(&path).await.problem(404, "not-found");
    }
    let listed = other.owner.get("/v1/webhooks").await.expect(200).json();
    assert_eq!(listed["items"], json!([]));
    // Deleted it gets nothing, and is gone.
    let etag = company.owner.etag(&webhook.path()).await;
    company.owner.delete_if(&webhook.path(), &etag).await.expect(204);
    company.owner.get(&webhook.path()).await.problem(404, "not-found");
    company.owner.get(&webhook.deliveries()).await.problem(404, "not-found");
    let last = company.webhook(&receiver).await;
    company.add_warehouse().await;
    receiver.until(1).await;
    assert_eq!(moved.received().len(), 1);
    let left = company.owner.get("/v1/webhooks").await.expect(200).json();
    assert_eq!(left["items"].as_array().unwrap().iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&json!(last.id)]);
}

#[tokio::test]
async fn nothing_is_sent_while_a_webhook_is_disabled_and_what_waited_is_sent_when_it_is_enabled() {
    let (app, receiver) = (TestApp::start().await, Receiver::start_with(Reply::Status(500)).await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    let step = async |step: &str| company.owner.post(&format!("{}/{step}", webhook.path()), json!({})).await;
    company.add_warehouse().await;
    receiver.until(1).await;
    app.until(async || webhook.in_state(&company.owner, "retrying").await.len() == 1).await;
    let disabled = step("disable").await.expect(200).json();
    assert_eq!((&disabled["state"], &disabled["reason"]), (&json!("disabled"), &json!(null)));
    step("disable").await.problem(409, "wrong-state");
    step("test").await.problem(409, "wrong-state");
    add_warehouse(&company.owner).await;
    receiver.always(Reply::Status(200));
    // Another one shows that the sender has looked since.
    let beside = Receiver::start().await;
    company.webhook(&beside).await;
    company.add_warehouse().await;
    beside.until(1).await;
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(step("enable").await.expect(200).json()["state"], "enabled");
    step("enable").await.problem(409, "wrong-state");
    let received = receiver.until(2).await;
    assert_eq!(received[0].header("webhook-id"), received[1].header("webhook-id"));
    company.add_warehouse().await;
    receiver.until(3).await;
    // What happened in between was not for it.
    app.until(async || webhook.in_state(&company.owner, "delivered").await.len() == 2).await;
    assert_eq!((webhook.in_state(&company.owner, "pending").await.len(), receiver.received().len()), (0, 3));
}

#[tokio::test]
async fn an_organisation_has_fifty_webhooks_at_most() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let body = json!({"url": "http://127.0.0.1:9/", "event_types": ["order.*"]});
    for _ in 0..50 {
        company.owner.post("/v1/webhooks", body.clone()).await.expect(201);
    }
    company.owner.post("/v1/webhooks", body).await.problem(409, "webhook-limit");
}

// R13
#[tokio::test]
async fn all_faults_of_a_webhook_are_told_at_once() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let body = json!({"url": "https://user@hooks.example.org/", "description": " ", "event_types": ["order.placed", "*"],
        "portal_id": company.id});
    let faults = company.owner.post("/v1/webhooks", body).await.faults();
    assert_eq!(faults, ["/description blank", "/event_types/1 event_type", "/portal_id unknown", "/url address_part"]);
}

/// Who may not read the feed gets nothing of it by webhooks.
// R38
#[tokio::test]
async fn machines_need_the_right_to_read_events_to_see_them_or_have_them_sent() {
    let (app, receiver) = (TestApp::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    let sent = format!("/v1/webhook-deliveries/{}", webhook.test(&company.owner).await["id"].as_str().unwrap());
    let half = app.machine(&company, &["webhooks:read", "webhooks:write"]).await;
    let whole = app.machine(&company, &["webhooks:read", "webhooks:write", "events:read"]).await;
    half.get(&webhook.deliveries()).await.expect(200);
    half.get(&sent).await.problem(403, "insufficient-scope");
    half.post(&format!("{sent}/resend"), json!({})).await.problem(403, "insufficient-scope");
    let body = json!({"url": receiver.url()});
    half.post("/v1/webhooks", body.clone()).await.problem(403, "insufficient-scope");
    half.edit(&webhook.path(), body.clone()).await.problem(403, "insufficient-scope");
    whole.get(&sent).await.expect(200);
    // Nor does the key of another one help, with which a secret is kept.
    whole.post_once("/v1/webhooks", "a-key", body.clone()).await.expect(201);
    half.post_once("/v1/webhooks", "a-key", body).await.problem(403, "insufficient-scope");
}
