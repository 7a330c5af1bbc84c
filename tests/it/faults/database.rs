use std::time::{Duration, Instant};

use diesel_async::SimpleAsyncConnection;
use infra::db::cluster::{Cluster, Options};
use infra::db::migration;
use tempfile::TempDir;
use tests::app::TestApp;
use tests::database;
use tests::market::stock;
use tests::process::{children, signal};

/// A PostgreSQL of the test's own, to be maltreated.
struct Victim {
    cluster: Option<Cluster>,
    directory: TempDir,
}

impl Victim {
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let cluster = Cluster::start(&Options::durable(directory.path())).await.unwrap();
        cluster.create_database("torg").await.unwrap();
        migration::run(database::connect(&cluster.url("torg")).await).await.unwrap();
        Self { cluster: Some(cluster), directory }
    }

    fn cluster(&self) -> &Cluster {
        self.cluster.as_ref().unwrap()
    }

    fn pid(&self) -> u32 {
        self.cluster().pid().unwrap()
    }

    /// SIGKILL of the server and all its processes.
    fn kill(&mut self) {
        let pid = self.pid();
        for one in [pid].into_iter().chain(children(pid)) {
            let _ = std::process::Command::new("kill").args(["-KILL", &one.to_string()]).status();
        }
        self.cluster = None;
    }

    async fn start_again(&mut self) {
        let options = Options::durable(self.directory.path());
        let deadline = Instant::now() + Duration::from_secs(20);
        // The processes of the dead server may need a moment to be gone.
        while self.cluster.is_none() {
            match Cluster::start(&options).await {
                Ok(cluster) => self.cluster = Some(cluster),
                Err(error) => assert!(Instant::now() < deadline, "{error}"),
            }
        }
    }
}

// T2, R45
#[tokio::test]
async fn while_postgresql_is_dead_the_answer_is_503_and_nothing_answered_is_lost() {
    let mut victim = Victim::start().await;
    let app = TestApp::start_on(victim.cluster().url("torg"), |_| {}).await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let offer = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let body = trade.market.order(&[(&offer, "1")], true);
    let mut kept = Vec::new();
    for n in 0..10 {
        kept.push(buyer.post_once("/v1/orders", &format!("k{n}"), body.clone()).await.expect(201).text);
    }
    app.anonymous().get("/readyz").await.expect(200);

    victim.kill();
    for _ in 0..3 {
        let started = Instant::now();
        for answer in [
            buyer.post_once("/v1/orders", "k10", body.clone()).await,
            buyer.get("/v1/orders").await,
            app.anonymous().get("/v1/portals").await,
            app.anonymous().get("/readyz").await,
        ] {
            let wait: u64 = answer.header("retry-after").parse().unwrap();
            assert!((1..=60).contains(&wait));
            let text = answer.text.clone();
            answer.problem(503, "unavailable");
            assert!(!text.contains("socket") && !text.contains("onnection"), "{text}");
        }
        assert!(started.elapsed() < Duration::from_secs(15));
    }
    app.anonymous().get("/healthz").await.expect(200);

    victim.start_again().await;
    let back = Instant::now();
    app.until(async || app.anonymous().get("/readyz").await.status == 200).await;
    app.until(async || buyer.get("/v1/orders").await.status == 200).await;
    assert!(back.elapsed() < Duration::from_secs(10));
    for (n, text) in kept.iter().enumerate() {
        let again = buyer.post_once("/v1/orders", &format!("k{n}"), body.clone()).await.expect(201);
        assert_eq!((&again.text, again.header("idempotent-replayed").as_str()), (text, "true"));
    }
    buyer.post_once("/v1/orders", "k10", body.clone()).await.expect(201);
    assert_eq!(app.count("SELECT count(*) FROM purchase_order").await, 11);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type = 'order.placed'").await, 11);
    assert_eq!(stock(seller, &offer).await, ("100".into(), "11".into()));
    victim.cluster.take().unwrap().stop().await.unwrap();
}

// T4
#[tokio::test]
async fn a_frozen_postgresql_means_a_bounded_wait_and_the_pool_recovers() {
    let mut victim = Victim::start().await;
    let app = TestApp::start_on(victim.cluster().url("torg"), |config| config.request_seconds = 2).await;
    let company = app.company("Patient").await;
    let path = format!("/v1/organisations/{}", company.id);
    company.owner.get(&path).await.expect(200);
    // Nobody is remembered: finding out who asks waits for the database, too.
    app.shared.principals.forget();
    let pid = victim.pid();
    let all: Vec<u32> = [pid].into_iter().chain(children(pid)).collect();
    all.iter().for_each(|&one| signal(one, "STOP"));
    let calls = (0..12).map(|n| {
        let (owner, path) = (&company.owner, &path);
        async move {
            let started = Instant::now();
            let answer = if n % 2 == 0 {
                owner.get(path).await
            } else {
                owner
                    .post(
                        &format!("{path}/bank-accounts"),
                        serde_json::json!({"holder": "x", "account_number":
                    "DE89 3704 0044 0532 0130 00", "bank_name": "Bank", "currency": "EUR"}),
                    )
                    .await
            };
            assert!(started.elapsed() < Duration::from_secs(6), "it waited {:?}", started.elapsed());
            assert!(answer.headers.contains_key("retry-after"));
            answer.problem(503, "unavailable");
        }
    });
    futures::future::join_all(calls).await;
    app.anonymous().get("/healthz").await.expect(200);
    all.iter().for_each(|&one| signal(one, "CONT"));
    app.until(async || company.owner.get(&path).await.status == 200).await;
    let answers = futures::future::join_all((0..32).map(|_| company.owner.get(&path))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    victim.cluster.take().unwrap().stop().await.unwrap();
}

// T4
#[tokio::test]
async fn a_lock_that_somebody_else_holds_is_waited_for_only_so_long() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offer = trade.market.offer(&trade.seller.owner, "10", &[("1", "2.00")]).await;
    let mut holder = database::connect(&app.database_url).await;
    let hold = format!("BEGIN; SELECT 1 FROM stock WHERE product_id = '{}' FOR UPDATE", offer.product_id);
    holder.batch_execute(&hold).await.unwrap();
    let body = trade.market.order(&[(&offer, "1")], true);
    let started = Instant::now();
    let calls = (0..8).map(|_| trade.buyer.owner.post("/v1/orders", body.clone()));
    for answer in futures::future::join_all(calls).await {
        assert!(answer.headers.contains_key("retry-after"), "{}", answer.text);
        answer.problem(503, "unavailable");
    }
    assert!(started.elapsed() < Duration::from_secs(15));
    holder.batch_execute("ROLLBACK").await.unwrap();
    trade.buyer.owner.post("/v1/orders", body).await.expect(201);
    assert_eq!(app.count("SELECT count(*) FROM purchase_order").await, 1);
    assert_eq!(stock(&trade.seller.owner, &offer).await, ("10".into(), "1".into()));
}
