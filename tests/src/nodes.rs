//! A market that several nodes may host, each a process of its own, for trials of what happens when one of them fails.

use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::client::Client;
use crate::database;
use crate::exchange::Exchange;
use crate::given::{Company, PASSWORD};
use crate::process::{self, Service};

/// How long a trial waits for what must come about.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database with an exchange, one traded instrument, and companies that trade it. Nobody hosts the market yet.
pub struct Ground {
    pub database_url: String,
    secret: String,
    pub exchange: Exchange,
    pub instrument: String,
    pub traders: Vec<Company>,
}

impl Ground {
    pub async fn prepare(traders: usize) -> Self {
        let app = TestApp::start().await;
        let exchange = app.exchange().await;
        let instrument = exchange.traded(json!({})).await;
        let mut companies = Vec::new();
        for number in 1..=traders {
            companies.push(exchange.trader(&app, &format!("Trader {number}")).await);
        }
        let secret = app.config().secret_key.as_ref().expect("a key").expose_secret().to_owned();
        Self { database_url: app.database_url.clone(), secret, exchange, instrument, traders: companies }
    }

    /// Starts a node.
    pub async fn node(&self) -> Service {
        Service::start(&[("TORG_DATABASE_URL", &self.database_url), ("TORG_SECRET_KEY", &self.secret)]).await
    }

    /// A trader as a client of a node.
    pub fn trader(&self, index: usize, node: &Service) -> Client {
        node.client().with_token(self.traders[index].owner.token())
    }

    /// A trader who logs in at a node: for trials that outlast a token.
    pub async fn log_in(&self, index: usize, node: &Service) -> Client {
        let body = json!({"email": self.traders[index].email, "password": PASSWORD});
        let answer = node.client().post("/v1/sessions", body).await.expect(201).json();
        node.client().with_token(answer["access_token"].as_str().expect("a token"))
    }

    /// The address of the node that hosts the market now, or did until it was killed.
    pub async fn host(&self) -> String {
        database::text(&self.database_url, "SELECT address AS text FROM journal_stream").await
    }

    pub fn path(&self, list: &str) -> String {
        format!("/v1/instruments/{}/{list}", self.instrument)
    }

    pub async fn sql(&self, text: &str) {
        database::connect(&self.database_url).await.batch_execute(text).await.expect("the statement runs");
    }

    /// From now on the disk is full for entries of the journal; the sequence `refused` counts how often that was found out. It ends when
    /// the trigger `refuse` is dropped.
    pub async fn refuse_entries(&self) {
        self.sql(
            "CREATE SEQUENCE refused;
             CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 PERFORM nextval('refused'); RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full';
             END $$;
             CREATE TRIGGER refuse BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION refuse()",
        )
        .await;
    }

    /// The one number that a query gives.
    pub async fn count(&self, query: &str) -> i64 {
        database::count(&self.database_url, query).await
    }

    /// Runs `torg replay`: how it ended, and what it said.
    pub async fn replay(&self, portal: Option<&str>) -> (bool, String) {
        let arguments: Vec<&str> = ["replay"].into_iter().chain(portal).collect();
        let ended = process::run(&arguments, &[("TORG_DATABASE_URL", &self.database_url)]).await;
        let told = [ended.stdout, ended.stderr].concat();
        (ended.status.success(), String::from_utf8(told).expect("a text"))
    }

    /// What is kept of the market must be what its journal says.
    pub async fn agrees(&self) {
        // The tables follow: what is not there yet is not compared.
        until(async || self.count(BEHIND).await == 0).await;
        let (is_well, told) = self.replay(None).await;
        assert!(is_well && told.contains("agree"), "{told}");
    }

    /// The book as a node shows it.
    pub async fn book(&self, node: &Service) -> Value {
        let client = node.client();
        let path = self.path("book?depth=10000");
        until(async || client.try_get(&path).await.is_some_and(|answer| answer.status == 200)).await;
        client.get(&path).await.expect(200).json()
    }
}

/// How many entries the tables do not hold.
const BEHIND: &str = "SELECT coalesce(max(e.number), 0) - min(p.number) AS count FROM journal_projection p
     LEFT JOIN journal_entry e ON e.stream_id = p.stream_id";

/// Waits until a condition comes true; fails the test if that takes too long.
pub async fn until(condition: impl AsyncFn() -> bool) {
    let patience = tokio::time::timeout(PATIENCE, async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    patience.await.expect("it comes true in time");
}
