//! SIGKILL at the award: all that was decided together becomes contracts, or nothing of it.

use futures::future::join_all;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::database;
use tests::given::PASSWORD;
use tests::nodes::until;
use tests::process::Service;
use tests::sourcing::id_of;

const REQUESTS: usize = 12;
const WINNERS: usize = 3;

/// A database with requests that are evaluated, each with quotes that win a part of it. No server runs on it.
struct Ground {
    database_url: String,
    secret: String,
    buyer: String,
    /// With what is to be awarded.
    requests: Vec<(String, Value)>,
}

impl Ground {
    async fn prepare() -> Self {
        let app = TestApp::start().await;
        let tender = app.tender().await;
        let suppliers = tender.suppliers(&app, WINNERS).await;
        let mut requests = Vec::new();
        for _ in 0..REQUESTS {
            let rfq = tender.published(json!({})).await;
            let mut lines = Vec::new();
            for supplier in &suppliers {
                let quote = tender.quoted(supplier, &rfq, &["500", "700"], json!({})).await;
                lines.push(json!({"line": 1, "quote_id": id_of(&quote), "quantity": "10"}));
            }
            tender.evaluated(&app, &rfq).await;
            requests.push((rfq, json!({"lines": lines, "reason": "A part for each."})));
        }
        let secret = app.config().secret_key.as_ref().expect("a key").expose_secret().to_owned();
        Self { database_url: app.database_url.clone(), secret, buyer: tender.buyer.email.clone(), requests }
    }

    async fn node(&self) -> Service {
        Service::start(&[("TORG_DATABASE_URL", &self.database_url), ("TORG_SECRET_KEY", &self.secret)]).await
    }

    async fn log_in(&self, node: &Service) -> Client {
        let body = json!({"email": self.buyer, "password": PASSWORD});
        let answer = node.client().post("/v1/sessions", body).await.expect(201).json();
        node.client().with_token(answer["access_token"].as_str().expect("a token"))
    }

    async fn count(&self, query: &str) -> i64 {
        database::count(&self.database_url, query).await
    }

    /// Awards all requests at once, each under a key of its own; gives how many were answered.
    async fn award_all(&self, by: &Client) -> usize {
        let one = |(rfq, body): &(String, Value)| {
            let (path, key, body) = (format!("{rfq}/award"), format!("award-{}", id_of(rfq)), body.clone());
            async move { by.try_post_once(&path, &key, &body).await }
        };
        let answers = join_all(self.requests.iter().map(one)).await;
        let made: Vec<_> = answers.into_iter().flatten().map(|answer| answer.expect(201)).collect();
        made.len()
    }

    /// Each request has as many contracts as winners, or it is not decided.
    async fn is_all_or_nothing(&self) {
        let torn = format!(
            "SELECT count(*) FROM rfq r WHERE
                 (SELECT count(DISTINCT a.contract_id) FROM rfq_award a WHERE a.rfq_id = r.id AND a.state = 'concluded')
                     <> CASE r.state WHEN 'awarded' THEN {WINNERS} ELSE 0 END
                 OR (SELECT count(*) FROM quote q WHERE q.rfq_id = r.id AND q.state = 'awarded')
                     <> CASE r.state WHEN 'awarded' THEN {WINNERS} ELSE 0 END"
        );
        assert_eq!(self.count(&torn).await, 0);
        let loose =
            "SELECT count(*) FROM contract c WHERE NOT EXISTS (SELECT FROM rfq_award a WHERE a.contract_id = c.id)";
        assert_eq!(self.count(loose).await, 0);
    }
}

#[tokio::test]
async fn a_kill_at_the_award_leaves_all_contracts_of_a_decision_or_none() {
    let ground = Ground::prepare().await;
    let made = "SELECT count(*) FROM contract";
    // The service dies as soon as some are through, ever later.
    for threshold in [1, 8, 20] {
        let node = ground.node().await;
        let by = ground.log_in(&node).await;
        let kill = async {
            until(async || ground.count(made).await >= threshold).await;
            node.kill().await;
        };
        futures::join!(ground.award_all(&by), kill);
        ground.is_all_or_nothing().await;
    }
    // What was not answered is asked for again under its key.
    let node = ground.node().await;
    let by = ground.log_in(&node).await;
    assert_eq!(ground.award_all(&by).await, REQUESTS);
    ground.is_all_or_nothing().await;
    let all = i64::try_from(REQUESTS * WINNERS).unwrap();
    assert_eq!(ground.count(made).await, all);
    assert_eq!(ground.count("SELECT count(*) FROM rfq_decision").await, i64::try_from(REQUESTS).unwrap());
    // Each winner has its letter, one for each award, or it is still to be written.
    until(async || ground.count("SELECT count(*) FROM document").await > 0).await;
    node.kill().await;
    let lost = "SELECT count(*) FROM rfq_award a WHERE letter_id IS NULL
                    AND NOT EXISTS (SELECT FROM timer t WHERE t.kind = 'quote.letter' AND t.subject_id = a.quote_id)";
    assert_eq!(ground.count(lost).await, 0);
    let twice = "SELECT (SELECT count(*) FROM document) - count(letter_id) AS count FROM rfq_award";
    assert_eq!(ground.count(twice).await, 0);
}
