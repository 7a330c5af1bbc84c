//! Several nodes that share a Redis: rate limits, log-outs, and news of catalogues. Without it each goes on by itself.

use std::time::{Duration, Instant};

use api::config::Config;
use secrecy::SecretString;
use serde_json::json;
use tests::app::TestApp;
use tests::redis::Redis;

/// Two nodes on one database.
struct Nodes {
    redis: Redis,
    first: TestApp,
    second: TestApp,
}

impl Nodes {
    async fn start(change: impl Fn(&mut Config)) -> Self {
        let redis = Redis::start().await;
        let url = Some(SecretString::from(redis.url()));
        let configure = |config: &mut Config| {
            config.redis_url = url.clone();
            change(config);
        };
        let first = TestApp::start_with(configure).await;
        let secret = first.config().secret_key.clone();
        let second = TestApp::start_on(first.database_url.clone(), |config| {
            configure(config);
            config.secret_key = secret;
        })
        .await;
        let nodes = Self { redis, first, second };
        // Both listen before anything is told.
        nodes.first.until(async || nodes.redis.cli(&["PUBSUB", "NUMSUB", "torg:news"]).await.contains("\n2")).await;
        nodes
    }
}

// S10
#[tokio::test]
async fn who_logs_out_on_one_node_is_out_on_the_other_at_once() {
    let nodes = Nodes::start(|_| {}).await;
    let company = nodes.first.company("Leaving").await;
    let path = format!("/v1/organisations/{}", company.id);
    let there = nodes.second.anonymous().with_token(company.owner.token());
    there.get(&path).await.expect(200);
    company.owner.delete("/v1/sessions/current").await.expect(204);
    let started = Instant::now();
    nodes.second.until(async || there.get(&path).await.status == 401).await;
    // Without the news it would be remembered for fifteen seconds.
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn what_changes_in_a_catalogue_on_one_node_is_forgotten_on_the_other() {
    let nodes = Nodes::start(|_| {}).await;
    let trade = nodes.first.trade().await;
    let offer = trade.market.offer(&trade.seller.owner, "10", &[("1", "2.00")]).await;
    let path = format!("/v1/portals/{}/catalogue/{}", trade.market.slug, offer.offer_id);
    nodes.second.anonymous().get(&path).await.expect(200);
    let generation = nodes.second.shared.news.catalogue();
    let own = format!("/v1/portals/{}/offers/{}", trade.market.slug, offer.offer_id);
    let dearer = json!({"tiers": [{"from": "1", "unit_price": {"amount": "3.00", "currency": "EUR"}}]});
    trade.seller.owner.edit(&own, dearer).await.expect(200);
    nodes.second.until(async || nodes.second.shared.news.catalogue() > generation).await;
    assert!(nodes.second.anonymous().get(&path).await.expect(200).text.contains("3.00"));
}

// R21
#[tokio::test]
async fn the_nodes_count_requests_together() {
    let nodes = Nodes::start(|config| config.rate_per_address = 30).await;
    let mut passed = 0;
    for n in 0..60 {
        let app = if n % 2 == 0 { &nodes.first } else { &nodes.second };
        let answer = app.anonymous().get("/v1/portals").await;
        if answer.status == 200 {
            passed += 1;
        } else {
            assert!(answer.headers.contains_key("retry-after"));
            answer.problem(429, "too-many-requests");
        }
    }
    // One comes back every two seconds.
    assert!((30..=45).contains(&passed), "{passed} passed");
    assert!(nodes.redis.cli(&["KEYS", "limit:*"]).await.contains("limit:address:127.0.0.1"));
}

/// T3: without Redis everything is answered as well as with it.
async fn goes_on(nodes: &Nodes, what: &str) {
    let started = Instant::now();
    for app in [&nodes.first, &nodes.second] {
        let company = app.company(&format!("After it was {what}")).await;
        let path = format!("/v1/organisations/{}", company.id);
        for _ in 0..10 {
            company.owner.get(&path).await.expect(200);
        }
        let body = json!({"holder": "x", "account_number": "DE89 3704 0044 0532 0130 00", "bank_name": "Bank", "currency": "EUR"});
        let accounts = format!("{path}/bank-accounts");
        let first = company.owner.post_once(&accounts, "k", body.clone()).await.expect(201);
        assert_eq!(company.owner.post_once(&accounts, "k", body).await.expect(201).text, first.text);
        company.owner.delete("/v1/sessions/current").await.expect(204);
        company.owner.get(&path).await.problem(401, "invalid-token");
        app.anonymous().get("/readyz").await.expect(200);
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{what}: {:?}", started.elapsed());
}

// T3, R7
#[tokio::test]
async fn a_redis_that_is_emptied_frozen_or_killed_costs_nothing_but_a_moment() {
    let mut nodes = Nodes::start(|_| {}).await;
    goes_on(&nodes, "there").await;
    nodes.redis.cli(&["FLUSHALL"]).await;
    nodes.redis.cli(&["SCRIPT", "FLUSH"]).await;
    goes_on(&nodes, "emptied").await;

    nodes.redis.signal("STOP");
    goes_on(&nodes, "frozen").await;
    let slow = Instant::now();
    for _ in 0..20 {
        nodes.first.anonymous().get("/v1/portals").await.expect(200);
    }
    assert!(slow.elapsed() < Duration::from_secs(3), "every request waits: {:?}", slow.elapsed());
    nodes.redis.signal("CONT");

    nodes.redis.kill().await;
    goes_on(&nodes, "killed").await;
    nodes.redis.start_again().await;
    goes_on(&nodes, "back").await;
    // They find each other again.
    nodes.first.until(async || nodes.redis.cli(&["PUBSUB", "NUMSUB", "torg:news"]).await.contains("\n2")).await;
    let counts = async || {
        nodes.first.anonymous().get("/v1/portals").await.expect(200);
        nodes.redis.cli(&["KEYS", "limit:*"]).await.contains("limit:address")
    };
    nodes.first.until(counts).await;
}

// S10
#[tokio::test]
async fn news_that_were_missed_while_redis_was_gone_are_made_up_for() {
    let mut nodes = Nodes::start(|_| {}).await;
    let company = nodes.first.company("Leaving").await;
    let path = format!("/v1/organisations/{}", company.id);
    let there = nodes.second.anonymous().with_token(company.owner.token());
    there.get(&path).await.expect(200);
    nodes.redis.kill().await;
    company.owner.delete("/v1/sessions/current").await.expect(204);
    nodes.second.until(async || there.get(&path).await.status == 401).await;
}

// T3
#[tokio::test]
async fn a_node_starts_without_its_redis_and_an_address_that_is_none_is_said() {
    let app = TestApp::start_with(|config| config.redis_url = Some(SecretString::from(Redis::nowhere()))).await;
    app.company("Early").await;
    let variables = [
        ("TORG_LISTEN", "127.0.0.1:0"),
        ("TORG_DATABASE_URL", app.database_url.as_str()),
        ("TORG_SECRET_KEY", &api::secret::SecretKey::generate().unwrap()),
        ("TORG_REDIS_URL", "memcached://:hunter2@cache"),
    ];
    let output = tests::process::run(&["serve"], &variables).await;
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("Redis address") && !text.contains("hunter2"), "{text}");
}
