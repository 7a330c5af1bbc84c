//! A portal with auctions, for tests of what is put together, agreed on and settled there.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::client::Client;
use crate::given::{Company, number};

/// A portal where auctions are held, and the company that manages it.
pub struct House {
    pub portal_id: String,
    pub slug: String,
    pub manager: Company,
}

/// A company that wins, so many units, at a price in cents.
pub struct Win<'a> {
    pub company: &'a Company,
    pub units: i64,
    pub price: i64,
}

impl TestApp {
    /// An open portal with auctions.
    pub async fn house(&self) -> House {
        let manager = self.company("Auction house").await;
        self.house_of(manager, "open").await
    }

    /// A portal with auctions that a company opens.
    pub async fn house_of(&self, manager: Company, visibility: &str) -> House {
        let slug = format!("house-{}", number());
        let body = json!({"slug": slug, "name": {"en": "House"}, "visibility": visibility, "functions": ["auction"]});
        let portal_id = manager.owner.post("/v1/portals", body).await.expect(201).id();
        House { portal_id, slug, manager }
    }

    /// What the state machine leaves behind once a lot has closed: who won what (nobody: the reserve was not met), and who came second.
    pub async fn given_closed_lot(&self, auction: &str, lot: i16, won: &[Win<'_>], second: Option<(&Company, i64)>) {
        // The host of the auctions lists it; from then on nothing of it changes by itself before it opens.
        let listed = format!("SELECT count(*) FROM auction_lot WHERE auction_id = '{auction}' AND number = {lot}");
        self.until(async || self.count(&listed).await == 1).await;
        let outcome = if won.is_empty() { "reserve_not_met" } else { "sold" };
        let state = if won.is_empty() { "unsold" } else { "sold" };
        // Under their names bidders are known once the host has admitted them.
        for company in won.iter().map(|win| win.company).chain(second.map(|(company, _)| company)) {
            let named = format!(
                "SELECT count(pseudonym) FROM auction_bidder WHERE auction_id = '{auction}' AND organisation_id = '{}'",
                company.id
            );
            self.until(async || self.count(&named).await == 1).await;
        }
        let awards = won.iter().zip(1..).map(|(win, number)| {
            format!(
                "INSERT INTO auction_award (id, auction_id, lot, organisation_id, pseudonym, number, units, price, at)
                 VALUES (gen_random_uuid(), '{auction}', {lot}, '{}', {}, {number}, {}, {}, now());",
                win.company.id,
                pseudonym(auction, &win.company.id),
                win.units,
                win.price
            )
        });
        let second = second.map(|(company, price)| {
            format!(
                "INSERT INTO auction_runner_up (auction_id, lot, pseudonym, price)
                 VALUES ('{auction}', {lot}, {}, {price});",
                pseudonym(auction, &company.id)
            )
        });
        let closed = format!(
            "UPDATE auction_lot SET phase = 'closed', state = '{state}', ends_at = now(), price = {}, reserve_met = {}, entries = {},
                 changes = 3, outcome = '{outcome}', closed_at = now()
             WHERE auction_id = '{auction}' AND number = {lot};
             UPDATE auction SET state = '{state}' WHERE id = '{auction}';",
            won.first().map_or("NULL".to_owned(), |win| win.price.to_string()),
            !won.is_empty(),
            won.len(),
        );
        let all: String = awards.chain(second).chain([closed]).collect();
        self.sql(&format!("BEGIN; {all} COMMIT;")).await;
    }
}

/// As an expression of SQL.
fn pseudonym(auction: &str, company: &str) -> String {
    format!("(SELECT pseudonym FROM auction_bidder WHERE auction_id = '{auction}' AND organisation_id = '{company}')")
}

impl House {
    /// The path of a list of the portal, such as `auctions`.
    pub fn path(&self, list: &str) -> String {
        format!("/v1/portals/{}/{list}", self.slug)
    }

    /// A verified company that is a member with these capabilities.
    pub async fn member(&self, app: &TestApp, name: &str, capabilities: &[&str]) -> Company {
        let company = app.company(name).await;
        self.join(app, &company, capabilities).await;
        company
    }

    /// Makes a company a member with these capabilities.
    pub async fn join(&self, app: &TestApp, company: &Company, capabilities: &[&str]) {
        let body = json!({"organisation_id": company.id, "capabilities": capabilities});
        app.operator().await.post(&self.path("invitations"), body).await.expect(201);
        let accept = self.path(&format!("members/{}/accept", company.id));
        company.owner.post(&accept, json!({})).await.expect(200);
    }

    /// A draft of an English auction, with other data where some is given: its path.
    pub async fn draft(&self, by: &Company, more: Value) -> String {
        let id = by.owner.post(&self.path("auctions"), english(more)).await.expect(201).id();
        format!("/v1/auctions/{id}")
    }

    /// One that is announced.
    pub async fn announced(&self, by: &Company, more: Value) -> String {
        let path = self.draft(by, more).await;
        by.owner.post(&format!("{path}/publish"), json!({})).await.expect(200);
        path
    }
}

/// Applies to an auction of the path.
pub async fn apply(by: &Client, auction: &str) -> Value {
    by.post(&format!("{auction}/bidders/apply"), json!({})).await.expect(200).json()
}

/// The operator records that a company has paid in so many euros.
pub async fn pay_in(app: &TestApp, company: &Company, amount: &str) {
    let path = format!("/v1/organisations/{}/deposit-payments", company.id);
    let body = json!({"direction": "in", "amount": {"amount": amount, "currency": "EUR"}, "reference": "bank 1"});
    app.operator().await.post(&path, body).await.expect(201);
}

/// The id at the end of a path.
pub fn id_of(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// The body of an English auction that passes: 20 t of rebar from 8000 euros on.
pub fn english(more: Value) -> Value {
    let mut body = json!({
        "name": {"en": "Surplus rebar", "ru": "Остатки арматуры"}, "format": "english", "currency": "EUR",
        "opens_at": "2099-03-01T09:00:00Z", "closes_at": "2099-03-01T12:00:00Z",
        "increments": {"table": [{"from": "0", "step": "10"}]},
        "lots": [lot("20", json!({}))],
        "terms": {"incoterm": "FCA", "place": "Hamburg", "payment_days": 14, "delivery_date": "2099-03-31"},
        "tax": {"category": "S", "rate": "19"}
    });
    merge(&mut body, more);
    body
}

/// A lot of so many tonnes from 8000 euros on, with other data where some is given.
pub fn lot(tonnes: &str, more: Value) -> Value {
    let mut body =
        json!({"name": {"en": "Rebar", "ru": "Арматура"}, "content": tonnes, "unit": "TNE", "start_price": "8000"});
    merge(&mut body, more);
    body
}

fn merge(body: &mut Value, more: Value) {
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
}
