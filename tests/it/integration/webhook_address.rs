use std::sync::Arc;

use secrecy::ExposeSecret;
use serde_json::json;
use tests::app::TestApp;
use tests::nodes::until;
use tests::webhook::add_warehouse;
use tests::webhook_receiver::{Receiver, Reply};
use tokio::sync::Notify;

// S8
#[tokio::test]
async fn no_form_of_a_private_address_can_be_registered() {
    let app = TestApp::start_with(|config| config.webhook_allowed_networks = Vec::new()).await;
    let company = app.company("Company").await;
    for (url, code) in [
        ("https://127.0.0.1/", "private_address"),
        ("https://127.1/", "private_address"),
        ("https://2130706433/", "private_address"),
        ("https://0x7f000001/", "private_address"),
        ("https://0177.0.0.1/", "private_address"),
        ("https://[::1]/", "private_address"),
        ("https://[::ffff:127.0.0.1]/", "private_address"),
        ("https://[::ffff:a00:1]/", "private_address"),
        ("https://[64:ff9b::7f00:1]/", "private_address"),
        ("https://[fe80::1]/", "private_address"),
        ("https://[fd00::1]/", "private_address"),
        ("https://10.0.0.1/", "private_address"),
        ("https://169.254.169.254/latest/meta-data/", "private_address"),
        ("https://192.168.0.1:8443/", "private_address"),
        ("https://localhost/", "private_address"),
        ("https://hooks.localhost/", "private_address"),
        ("http://hooks.example.org/", "scheme"),
        ("gopher://hooks.example.org/", "scheme"),
        ("https://1.1.1.1:22/", "port"),
        ("https://hooks.example.org:6379/", "port"),
        ("https://name:word@hooks.example.org/", "address_part"),
        ("hooks.example.org", "url"),
    ] {
        let refused = company.owner.post("/v1/webhooks", json!({"url": url})).await;
        assert_eq!(refused.faults(), [format!("/url {code}")], "{url}");
    }
}

// S8
#[tokio::test]
async fn an_allowed_network_opens_nothing_but_itself() {
    let app = TestApp::start_with(|config| config.webhook_allowed_networks = vec!["10.9.0.0/16".into()]).await;
    let company = app.company("Company").await;
    for url in ["http://127.0.0.1:9000/", "https://10.8.0.1/", "http://localhost:9000/", "https://localhost/"] {
        let refused = company.owner.post("/v1/webhooks", json!({"url": url})).await;
        assert_eq!(refused.faults(), ["/url private_address"], "{url}");
    }
    company.owner.post("/v1/webhooks", json!({"url": "http://10.9.0.1:9000/"})).await.expect(201);
}

/// Whatever was thought of an address when it was registered, it is judged anew at each attempt: by the same code a name that stands for
/// something else by then.
// S8
#[tokio::test]
async fn what_was_registered_before_is_judged_anew_at_each_attempt() {
    let receiver = Receiver::start().await;
    let named = format!("http://localhost:{}/hook", receiver.address.port());
    let before = TestApp::start().await;
    let company = before.company("Company").await;
    for url in [receiver.url(), named] {
        company.webhook_with(json!({"url": url, "event_types": ["warehouse.*"]})).await;
    }
    company.add_warehouse().await;
    receiver.until(2).await;
    let delivered = "SELECT count(*) FROM webhook_delivery WHERE state = 'delivered'";
    before.until(async || before.count(delivered).await == 2).await;
    let (url, key) = (before.database_url.clone(), before.config().secret_key.clone().unwrap());
    drop(before);
    // The same service, for which 127.0.0.0/8 is not allowed any more.
    let after = TestApp::start_on(url, |config| {
        config.secret_key = Some(key.expose_secret().to_owned().into());
        config.webhook_allowed_networks = vec!["10.9.0.0/16".into()];
    })
    .await;
    let owner = after.log_in(&company.email).await;
    add_warehouse(&owner).await;
    let failed = "SELECT count(*) FROM webhook_attempt WHERE status IS NULL";
    after.until(async || after.count(failed).await == 2).await;
    assert_eq!(receiver.received().len(), 2);
    let private =
        "SELECT count(*) FROM webhook_attempt WHERE error LIKE '%may be called%' OR error LIKE '%public internet%'";
    assert_eq!(after.count(private).await, 2);
}

#[tokio::test]
async fn a_name_that_cannot_be_resolved_yet_is_taken_and_told_when_something_is_sent() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let webhook =
        company.webhook_with(json!({"url": "https://no-such-name.invalid/", "event_types": ["warehouse.*"]})).await;
    webhook.test(&company.owner).await;
    // A resolver may take its time to find nothing; the attempt has an end before that of the patience here.
    until(async || webhook.in_state(&company.owner, "retrying").await.len() == 1).await;
    let id = webhook.in_state(&company.owner, "retrying").await[0]["id"].as_str().unwrap().to_owned();
    let shown = company.owner.get(&format!("/v1/webhook-deliveries/{id}")).await.expect(200).json();
    let error = shown["requests"][0]["error"].as_str().unwrap();
    let told = ["Not called: the name cannot be resolved.", "There was no answer within 20 s."];
    assert!(told.contains(&error), "{error}");
    assert_eq!(shown["requests"][0]["status"], json!(null));
}

// R31, S8
#[tokio::test]
async fn a_redirect_is_not_followed_and_is_no_success() {
    let (app, inside) = (TestApp::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    for status in [301, 302, 307, 308] {
        let reply = Reply::Full(status, ("location", inside.url()), String::new());
        let receiver = Receiver::start_with(reply).await;
        let webhook = company.webhook(&receiver).await;
        webhook.test(&company.owner).await;
        receiver.until(1).await;
        app.until(async || webhook.in_state(&company.owner, "retrying").await.len() == 1).await;
        let id = webhook.in_state(&company.owner, "retrying").await[0]["id"].as_str().unwrap().to_owned();
        let shown = company.owner.get(&format!("/v1/webhook-deliveries/{id}")).await.expect(200).json();
        assert_eq!(shown["requests"][0]["status"], status);
        assert_eq!(shown["requests"][0]["error"], "Redirects are not followed.");
    }
    assert!(inside.received().is_empty());
}

/// A receiver that sends for ever is cut off after what is kept; what it said before, its status, counts.
#[tokio::test]
async fn a_receiver_that_sends_without_end_is_cut_off() {
    let (app, receiver) = (TestApp::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&receiver).await;
    receiver.next([Reply::Endless]);
    webhook.test(&company.owner).await;
    webhook.test(&company.owner).await;
    receiver.until(2).await;
    app.until(async || webhook.in_state(&company.owner, "delivered").await.len() == 2).await;
    // The kernel's buffers hold some MiB; the 10 GiB stay where they are.
    assert!(receiver.endless_bytes() < 64 * 1024 * 1024, "{}", receiver.endless_bytes());
    let longest = "SELECT max(length(response_body))::bigint AS count FROM webhook_attempt";
    assert_eq!(app.count(longest).await, 4096);
}

/// A webhook is moved while the old address still thinks about an event: that goes to the new one at once, and what the old one says then is
/// not charged to it.
#[tokio::test]
async fn what_the_old_address_answers_is_not_charged_to_the_new_one() {
    let (app, old, new) = (TestApp::start().await, Receiver::start().await, Receiver::start().await);
    let company = app.company("Company").await;
    let webhook = company.webhook(&old).await;
    let told = Arc::new(Notify::new());
    old.next([Reply::Late(told.clone(), 410)]);
    company.add_warehouse().await;
    let before = old.until(1).await;
    company.owner.edit(&webhook.path(), json!({"url": new.url()})).await.expect(200);
    let after = new.until(1).await;
    assert_eq!(before[0].header("webhook-id"), after[0].header("webhook-id"));
    told.notify_one();
    app.until(async || webhook.in_state(&company.owner, "delivered").await.len() == 1).await;
    for n in 2..=4 {
        company.add_warehouse().await;
        new.until(n).await;
    }
    assert_eq!(company.owner.get(&webhook.path()).await.expect(200).json()["state"], "enabled");
    assert_eq!(app.count("SELECT count(*) FROM webhook_sending WHERE failures > 0").await, 0);
    assert_eq!(old.count(), 1);
}
