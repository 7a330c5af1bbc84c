//! A portal with requests for quotation, for tests of sourcing.

use chrono::{SecondsFormat, TimeDelta};
use domain::kernel::Timestamp;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::client::Client;
use crate::given::{Company, number};

/// A portal where quotes are asked for, and a company that asks.
pub struct Tender {
    pub portal_id: String,
    pub slug: String,
    pub buyer: Company,
    /// Until when [`Tender::request`] takes quotes: a month from now.
    pub deadline: Timestamp,
}

impl TestApp {
    /// An open portal with requests, where a buyer asks for quotes.
    pub async fn tender(&self) -> Tender {
        let buyer = self.company("Buyer").await;
        self.tender_of(buyer, "open").await
    }

    /// A portal with requests where a company asks for quotes.
    pub async fn tender_of(&self, buyer: Company, visibility: &str) -> Tender {
        let slug = format!("tender-{}", number());
        let functions = ["sourcing", "catalogue", "auction"];
        let body = json!({"slug": slug, "name": {"en": "Tenders"}, "visibility": visibility, "functions": functions});
        let portal_id = self.operator().await.post("/v1/portals", body).await.expect(201).id();
        let deadline = self.shared.clock.now() + TimeDelta::days(30);
        let tender = Tender { portal_id, slug, buyer, deadline };
        tender.join(self, &tender.buyer, &["buy"]).await;
        tender
    }

    /// Moves the deadlines of a request into the past. The service closes it at once.
    pub async fn pass_deadline(&self, rfq: &str) {
        self.sql(&passed(rfq, self.shared.clock.now())).await;
        let closed = format!(
            "SELECT count(*) FROM rfq WHERE id = '{}' AND state NOT IN ('published', 'questions_closed')",
            id_of(rfq)
        );
        self.until(async || self.count(&closed).await == 1).await;
    }

    /// Moves the end of questions into the past. The service ends them at once.
    pub async fn pass_questions(&self, rfq: &str) {
        let (id, at) = (id_of(rfq), time(self.shared.clock.now() - TimeDelta::minutes(1)));
        self.sql(&format!(
            "BEGIN;
             UPDATE rfq SET questions_until = '{at}',
                 terms = jsonb_set(terms, '{{deadlines,questions}}', '\"{at}\"') WHERE id = '{id}';
             UPDATE timer SET due_at = '{at}' WHERE subject_id = '{id}' AND kind = 'rfq.questions';
             COMMIT"
        ))
        .await;
        let ended = format!("SELECT count(*) FROM rfq WHERE id = '{id}' AND state = 'questions_closed'");
        self.until(async || self.count(&ended).await == 1).await;
    }
}

/// The statements that move the deadlines of a request into the past, and have it closed. That questions have ended is
/// not told besides.
pub fn passed(rfq: &str, now: Timestamp) -> String {
    let (id, late) = (id_of(rfq), moved(rfq, now - TimeDelta::minutes(1)));
    format!(
        "BEGIN; {late}
         DELETE FROM timer WHERE subject_id = '{id}' AND kind = 'rfq.questions';
         UPDATE timer SET due_at = now() WHERE subject_id = '{id}' AND kind = 'rfq.deadline';
         COMMIT"
    )
}

/// The statements that move the deadlines of a request, but not the time when the service closes it.
pub fn moved(rfq: &str, to: Timestamp) -> String {
    let (id, at) = (id_of(rfq), time(to));
    format!(
        "UPDATE rfq SET quotes_until = '{at}', questions_until = '{at}',
             terms = jsonb_set(jsonb_set(terms, '{{deadlines,quotes}}', '\"{at}\"'),
                 '{{deadlines,questions}}', '\"{at}\"')
         WHERE id = '{id}';"
    )
}

impl Tender {
    /// The path of a list of the portal, such as `rfqs`.
    pub fn path(&self, list: &str) -> String {
        format!("/v1/portals/{}/{list}", self.slug)
    }

    /// A verified company that is a member with these capabilities.
    pub async fn member(&self, app: &TestApp, name: &str, capabilities: &[&str]) -> Company {
        let company = app.company(name).await;
        self.join(app, &company, capabilities).await;
        company
    }

    /// A verified company that may quote.
    pub async fn supplier(&self, app: &TestApp, name: &str) -> Company {
        self.member(app, name, &["quote"]).await
    }

    /// So many of them.
    pub async fn suppliers(&self, app: &TestApp, count: usize) -> Vec<Company> {
        let names: Vec<String> = (1..=count).map(|one| format!("Supplier {one}")).collect();
        join_all(names.iter().map(|name| self.supplier(app, name))).await
    }

    /// Makes a company a member with these capabilities.
    pub async fn join(&self, app: &TestApp, company: &Company, capabilities: &[&str]) {
        let body = json!({"organisation_id": company.id, "capabilities": capabilities});
        app.operator().await.post(&self.path("invitations"), body).await.expect(201);
        let accept = self.path(&format!("members/{}/accept", company.id));
        company.owner.post(&accept, json!({})).await.expect(200);
    }

    /// The body of a request that passes: 40 t of coil and 10 t of sheet, with other data where some is given.
    pub fn request(&self, more: Value) -> Value {
        let mut body = json!({
            "title": {"en": "Rolled steel", "ru": "Прокат"},
            "lines": [line("Hot rolled coil", "40", json!({})), line("Galvanised sheet", "10", json!({}))],
            "terms": {"incoterm": "DAP", "place": "Leipzig", "payment_days": 30},
            "currencies": ["EUR"], "deadlines": {"quotes": time(self.deadline)}
        });
        merge(&mut body, more);
        body
    }

    /// A draft of the buyer's: its path.
    pub async fn draft(&self, more: Value) -> String {
        self.buyer.owner.post(&self.path("rfqs"), self.request(more)).await.expect(201).header("location")
    }

    /// A request of the buyer's that is published: its path.
    pub async fn published(&self, more: Value) -> String {
        let path = self.path("rfqs?publish=true");
        self.buyer.owner.post(&path, self.request(more)).await.expect(201).header("location")
    }

    /// The body of a quote that passes: a price for each line from the first one on, with other data where some is
    /// given.
    pub fn quote(&self, prices: &[&str], more: Value) -> Value {
        let offers: Vec<Value> = prices.iter().zip(1..).map(|(price, line)| offer(line, price, json!({}))).collect();
        let mut body = json!({
            "version": 1, "currency": "EUR", "valid_until": self.day(60), "tax_rate": "19", "offers": offers
        });
        merge(&mut body, more);
        body
    }

    /// A company hands a quote in: its path.
    pub async fn quoted(&self, by: &Company, rfq: &str, prices: &[&str], more: Value) -> String {
        submit(&by.owner, rfq, self.quote(prices, more)).await
    }

    /// The deadline passes, and the buyer opens what is sealed.
    pub async fn evaluated(&self, app: &TestApp, rfq: &str) {
        app.pass_deadline(rfq).await;
        self.buyer.owner.post(&format!("{rfq}/open"), json!({})).await.expect(200);
        assert_eq!(state(&self.buyer.owner, rfq).await, "evaluating");
    }

    /// The day so many days after the deadline.
    pub fn day(&self, after: i64) -> String {
        (self.deadline + TimeDelta::days(after)).date_naive().to_string()
    }
}

/// A line of a request: so many tonnes.
pub fn line(name: &str, tonnes: &str, more: Value) -> Value {
    let mut body = json!({"name": {"en": name}, "quantity": tonnes, "unit": "TNE"});
    merge(&mut body, more);
    body
}

/// An offer for a line, as it was asked for.
pub fn offer(line: u16, price: &str, more: Value) -> Value {
    let mut body = json!({"line": line, "unit_price": price, "lead_time_days": 14});
    merge(&mut body, more);
    body
}

/// Hands a quote in: its path.
pub async fn submit(by: &Client, rfq: &str, quote: Value) -> String {
    by.post(&format!("{rfq}/quotes?submit=true"), quote).await.expect(201).header("location")
}

/// The state of a request or of a quote, as somebody sees it.
pub async fn state(by: &Client, path: &str) -> String {
    by.get(path).await.expect(200).json()["state"].as_str().expect("a state").to_owned()
}

/// The items of a list.
pub async fn items(by: &Client, path: &str) -> Vec<Value> {
    by.get(path).await.expect(200).json()["items"].as_array().expect("items").clone()
}

/// The values of a member of all items of a list.
pub async fn column(by: &Client, path: &str, member: &str) -> Vec<Value> {
    items(by, path).await.into_iter().map(|one| one[member].clone()).collect()
}

/// The id at the end of a path.
pub fn id_of(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// As the service writes it.
pub fn time(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn merge(body: &mut Value, more: Value) {
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
}
