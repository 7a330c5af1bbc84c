use std::collections::BTreeSet;
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::database;
use tests::webhook::{add_warehouse, is_signed};
use tests::webhook_receiver::{Receiver, Reply};

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

// R30
#[tokio::test]
async fn a_retry_keeps_id_and_body_and_renews_time_and_signature() {
    let (app, receiver) = (TestApp::start().await, Receiver::start_with(Reply::Status(500)).await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    receiver.next([Reply::Status(404)]);
    company.add_warehouse().await;
    for attempt in 1..=3 {
        if attempt > 1 {
            app.later(TimeDelta::seconds(30));
        }
        receiver.until(attempt).await;
        let waits = async || {
            let waiting = webhook.in_state(&company.owner, "retrying").await;
            waiting.into_iter().find(|one| one["attempts"].as_u64().unwrap() >= attempt as u64)
        };
        app.until(async || waits().await.is_some()).await;
        let id = waits().await.unwrap()["id"].as_str().unwrap().to_owned();
        let shown = company.owner.get(&format!("/v1/webhook-deliveries/{id}")).await.expect(200).json();
        let requests = shown["requests"].as_array().unwrap();
        let last = requests.last().unwrap();
        let waited = TimeDelta::milliseconds(last["duration_ms"].as_i64().unwrap());
        let pause = time(&shown["next_attempt_at"]) - time(&last["at"]) - waited;
        // About 5 s, 20 s and so on, by a tenth more or less, of whichever attempt was the last one by then.
        let own = TimeDelta::seconds(5 * 4_i64.pow(u32::try_from(requests.len()).unwrap() - 1));
        assert!(pause > own * 8 / 10 && pause < own * 2, "{pause} after {}", requests.len());
    }
    receiver.always(Reply::Status(204));
    app.later(TimeDelta::minutes(5));
    app.until(async || webhook.in_state(&company.owner, "delivered").await.len() == 1).await;
    let received = receiver.received();
    let different = |part: &dyn Fn(usize) -> String| (0..received.len()).map(part).collect::<BTreeSet<_>>().len();
    assert_eq!(different(&|n| received[n].header("webhook-id").to_owned()), 1);
    assert_eq!(different(&|n| String::from_utf8(received[n].body.clone()).unwrap()), 1);
    assert_eq!(different(&|n| received[n].header("webhook-timestamp").to_owned()), received.len());
    assert_eq!(different(&|n| received[n].header("webhook-signature").to_owned()), received.len());
    assert!(received.iter().all(|one| is_signed(one, &webhook.secret)));
}

/// The one that waits for its retry does not hold up those behind it.
#[tokio::test]
async fn an_event_that_is_to_be_sent_again_does_not_hold_up_those_behind_it() {
    let (app, receiver) = (TestApp::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    receiver.next([Reply::Status(503)]);
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(json!(company.add_warehouse().await));
    }
    let received = receiver.until(3).await;
    let subjects: Vec<Value> = received.iter().map(|one| one.json()["data"]["subject"]["id"].clone()).collect();
    assert_eq!(subjects, made);
    app.until(async || webhook.in_state(&company.owner, "delivered").await.len() == 2).await;
    app.later(TimeDelta::seconds(10));
    assert_eq!(receiver.until(4).await[3].json()["data"]["subject"]["id"], made[0]);
}

// R31
#[tokio::test]
async fn who_answers_410_is_disabled_at_once_and_its_owner_is_told() {
    let (app, receiver) = (TestApp::start().await, Receiver::start_with(Reply::Status(410)).await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    company.add_warehouse().await;
    let state = async || company.owner.get(&webhook.path()).await.expect(200).json();
    app.until(async || state().await["state"] == "failed").await;
    assert_eq!(state().await["reason"], "gone");
    let mails = app.mails_to(&company.email, 1).await;
    assert!(mails[0].contains("webhook") && mails[0].contains("410"), "{mails:?}");
    let told = async || company.owner.get("/v1/events?type=webhook.disabled").await.expect(200).json();
    app.until(async || told().await["items"][0]["data"]["reason"] == "gone").await;
    assert_eq!(told().await["items"][0]["subject"]["id"], json!(webhook.id));
    // It gets nothing more, though another one does.
    let beside = Receiver::start().await;
    company.webhook(&beside).await;
    company.add_warehouse().await;
    beside.until(1).await;
    assert_eq!(receiver.received().len(), 1);
    // Enabled it gets what happens from then on.
    receiver.always(Reply::Status(200));
    company.owner.post(&format!("{}/enable", webhook.path()), json!({})).await.expect(200);
    company.add_warehouse().await;
    receiver.until(2).await;
}

// R31
#[tokio::test]
async fn a_pause_that_the_receiver_asks_for_is_kept() {
    let (app, receiver) = (TestApp::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    receiver.next([Reply::Full(503, ("retry-after", "3600".into()), "busy".into())]);
    company.add_warehouse().await;
    receiver.until(1).await;
    app.until(async || webhook.in_state(&company.owner, "retrying").await.len() == 1).await;
    let next = time(&webhook.in_state(&company.owner, "retrying").await[0]["next_attempt_at"]);
    assert!(next > app.shared.clock.now() + TimeDelta::minutes(50));
    let rests = company.owner.get(&webhook.path()).await.expect(200).json()["rests_until"].clone();
    assert!(time(&rests) > app.shared.clock.now() + TimeDelta::minutes(50));
    // Nothing else is sent to it meanwhile; to another one it is.
    let beside = Receiver::start().await;
    company.webhook(&beside).await;
    company.add_warehouse().await;
    beside.until(1).await;
    app.until(async || webhook.in_state(&company.owner, "pending").await.len() == 1).await;
    assert_eq!(receiver.received().len(), 1);
    app.later(TimeDelta::minutes(61));
    receiver.until(3).await;
}

// R34
#[tokio::test]
async fn after_three_days_without_success_it_is_disabled_and_all_can_be_sent_again() {
    let (app, receiver) = (TestApp::start().await, Receiver::start_with(Reply::Status(500)).await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    let begun = app.shared.clock.now();
    company.add_warehouse().await;
    let due = "SELECT coalesce(max(attempts), 0)::bigint AS count FROM webhook_delivery WHERE state <> 'delivered'";
    for attempt in 1..=13 {
        receiver.until(attempt).await;
        app.until(async || app.count(due).await == i64::try_from(attempt).unwrap()).await;
        let wait = "SELECT coalesce(ceil(extract(epoch FROM max(next_attempt_at) - min(first_attempt_at))), 0)::bigint AS count
             FROM webhook_delivery";
        let next = begun + TimeDelta::seconds(app.count(wait).await + 10);
        if next > app.shared.clock.now() {
            app.later(next - app.shared.clock.now());
        }
    }
    let lasted = app.shared.clock.now() - begun;
    assert!(lasted > TimeDelta::hours(60) && lasted < TimeDelta::hours(84), "{lasted}");
    let owner = app.log_in(&company.email).await;
    let state = async || owner.get(&webhook.path()).await.expect(200).json();
    app.until(async || state().await["state"] == "failed").await;
    assert_eq!(state().await["reason"], "exhausted");
    let mails = app.mails_to(&company.email, 1).await;
    assert!(mails[0].contains("three days"), "{mails:?}");
    let failed = webhook.in_state(&owner, "failed").await;
    assert_eq!((failed.len(), &failed[0]["attempts"]), (1, &json!(13)));
    // Mended and enabled: what was given up is sent again by hand, what happened meanwhile by a replay.
    add_warehouse(&owner).await;
    receiver.always(Reply::Status(200));
    let again = format!("/v1/webhook-deliveries/{}/resend", failed[0]["id"].as_str().unwrap());
    owner.post(&again, json!({})).await.problem(409, "wrong-state");
    owner.post(&format!("{}/enable", webhook.path()), json!({})).await.expect(200);
    owner.post(&again, json!({})).await.expect(202);
    assert_eq!(receiver.until(14).await[13].header("webhook-id"), receiver.received()[0].header("webhook-id"));
    let since = json!({"since": begun.to_rfc3339()});
    let replayed = owner.post(&format!("{}/replay", webhook.path()), since).await.expect(202).json();
    assert_eq!(replayed["queued"], 2);
    receiver.until(16).await;
}

/// Ten webhooks, of which one never answers: all others have everything before it is sent anything else.
// R34
#[tokio::test]
async fn a_webhook_that_hangs_delays_no_other() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let hanging = Receiver::start_with(Reply::Hang).await;
    company.webhook(&hanging).await;
    let mut others = Vec::new();
    for _ in 0..9 {
        let receiver = Receiver::start().await;
        company.webhook(&receiver).await;
        others.push(receiver);
    }
    for _ in 0..3 {
        company.add_warehouse().await;
    }
    let mut last = SystemTime::UNIX_EPOCH;
    for receiver in &others {
        let received = receiver.until(3).await;
        last = received.iter().map(|one| one.at).fold(last, SystemTime::max);
    }
    // The first request to it still waited for its answer.
    hanging.until(1).await;
    assert!(hanging.received().get(1).is_none_or(|second| second.at > last));
}

/// Whoever holds a webhook's sending for a while, as a replay does, holds up no other one; what was queued meanwhile is sent when it is let go.
#[tokio::test]
async fn a_webhook_that_is_held_delays_no_other() {
    let (app, held, free) = (TestApp::start().await, Receiver::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&held).await;
    company.webhook(&free).await;
    // An older transaction hides the event, until the younger one that holds the webhook has begun.
    let mut older = database::connect(&app.database_url).await;
    older.batch_execute("BEGIN; SELECT pg_current_xact_id()").await.unwrap();
    company.add_warehouse().await;
    let mut holder = database::connect(&app.database_url).await;
    let hold = format!("BEGIN; SELECT FROM webhook_sending WHERE endpoint_id = '{}' FOR UPDATE", webhook.id);
    holder.batch_execute(&hold).await.unwrap();
    older.batch_execute("ROLLBACK").await.unwrap();
    free.until(1).await;
    assert!(held.received().is_empty());
    holder.batch_execute("ROLLBACK").await.unwrap();
    held.until(1).await;
}

/// Two hundred receivers that never answer, as many as can be begun with at a time, keep nobody else waiting until they are given up.
#[tokio::test]
async fn many_webhooks_that_hang_delay_no_other() {
    let (app, receiver) = (TestApp::start().await, Receiver::start().await);
    let hanging = Receiver::start_with(Reply::Hang).await;
    let mut slow = Vec::new();
    for n in 0..4 {
        let company = app.company(&format!("Slow {n}")).await;
        for _ in 0..50 {
            company.webhook(&hanging).await;
        }
        slow.push(company);
    }
    let company = app.company("Company").await;
    company.webhook(&receiver).await;
    for company in &slow {
        company.add_warehouse().await;
    }
    hanging.until(200).await;
    company.add_warehouse().await;
    receiver.until(1).await;
}

/// Nobody waits for hours after a webhook was mended: what is to be sent again is sent at once.
#[tokio::test]
async fn what_waits_for_its_next_attempt_is_sent_when_a_webhook_is_enabled_or_moved() {
    let (app, receiver, moved) = (TestApp::start().await, Receiver::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    let busy = || Reply::Full(503, ("retry-after", "36000".into()), "busy".into());
    receiver.next([busy(), busy()]);
    company.add_warehouse().await;
    let attempted = async |count: u64| {
        let waiting = webhook.in_state(&company.owner, "retrying").await;
        waiting.len() == 1 && waiting[0]["attempts"] == json!(count)
    };
    app.until(async || attempted(1).await).await;
    for step in ["disable", "enable"] {
        company.owner.post(&format!("{}/{step}", webhook.path()), json!({})).await.expect(200);
    }
    app.until(async || attempted(2).await).await;
    company.owner.edit(&webhook.path(), json!({"url": moved.url()})).await.expect(200);
    let received = moved.until(1).await;
    assert_eq!(received[0].header("webhook-id"), receiver.received()[0].header("webhook-id"));
    app.until(async || webhook.in_state(&company.owner, "delivered").await.len() == 1).await;
}
