//! A portal with an exchange, for tests of instruments and of trading.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::given::{Company, number};

/// A portal where instruments are traded, and the company that manages it.
pub struct Exchange {
    pub portal_id: String,
    pub slug: String,
    pub manager: Company,
}

impl TestApp {
    /// An open portal with an exchange.
    pub async fn exchange(&self) -> Exchange {
        let manager = self.company("Exchange").await;
        self.exchange_of(manager, "open").await
    }

    /// A portal with an exchange that a company opens.
    pub async fn exchange_of(&self, manager: Company, visibility: &str) -> Exchange {
        let slug = format!("exchange-{}", number());
        let body =
            json!({"slug": slug, "name": {"en": "Exchange"}, "visibility": visibility, "functions": ["exchange"]});
        let portal_id = manager.owner.post("/v1/portals", body).await.expect(201).id();
        Exchange { portal_id, slug, manager }
    }
}

impl Exchange {
    /// The path of a list of the portal, such as `instruments`.
    pub fn path(&self, list: &str) -> String {
        format!("/v1/portals/{}/{list}", self.slug)
    }

    /// Lists rebar in euros, with other data where some is given, and gives the instrument's id.
    pub async fn instrument(&self, more: Value) -> String {
        self.manager.owner.post(&self.path("instruments"), rebar(more)).await.expect(201).id()
    }

    /// Adds a schedule of workdays in Berlin, with other data where some is given, and gives its id.
    pub async fn schedule(&self, more: Value) -> String {
        self.manager.owner.post(&self.path("trading-schedules"), workdays(more)).await.expect(201).id()
    }
}

impl Exchange {
    /// An instrument in continuous trading.
    pub async fn traded(&self, more: Value) -> String {
        let id = self.instrument(more).await;
        for phase in ["pre_open", "opening_auction", "continuous"] {
            self.phase(&id, phase).await;
        }
        id
    }

    pub async fn phase(&self, instrument: &str, phase: &str) {
        let path = format!("/v1/instruments/{instrument}/phase");
        self.manager.owner.post(&path, json!({"phase": phase})).await.expect(204);
    }

    /// A verified company that trades here.
    pub async fn trader(&self, app: &TestApp, name: &str) -> Company {
        let company = app.company(name).await;
        join(app, &self.slug, &company).await;
        company
    }
}

/// Makes a company a member that trades.
pub async fn join(app: &TestApp, portal: &str, company: &Company) {
    let path = format!("/v1/portals/{portal}/members");
    let body = json!({"organisation_id": company.id, "capabilities": ["trade"]});
    app.operator().await.post(&format!("/v1/portals/{portal}/invitations"), body).await.expect(201);
    company.owner.post(&format!("{path}/{}/accept", company.id), json!({})).await.expect(200);
}

/// A limit order to buy so many tonnes at a price in euros.
pub fn buy(tonnes: &str, price: &str) -> Value {
    order("buy", tonnes, price)
}

/// A limit order to sell so many tonnes at a price in euros.
pub fn sell(tonnes: &str, price: &str) -> Value {
    order("sell", tonnes, price)
}

fn order(side: &str, tonnes: &str, price: &str) -> Value {
    json!({"client_order_id": format!("o-{}", number()), "side": side, "type": "limit",
        "quantity": {"value": tonnes, "unit": "TNE"}, "price": {"amount": price, "currency": "EUR"}})
}

/// The body of an instrument that passes: lots of 5 t, ticks of 0.50 EUR.
pub fn rebar(more: Value) -> Value {
    let rebar = json!({
        "code": format!("REBAR-{}", number()), "name": {"en": "Rebar B500B", "ru": "Арматура B500B"}, "grade": "B500B",
        "specification": [{"parameter": "diameter", "value": "12", "unit": "MMT"}, {"parameter": "yield_strength", "value": "500"}],
        "unit": "TNE", "lot_size": "5", "tick_size": "0.50", "currency": "EUR",
        "terms": {"incoterm": "FCA", "place": "Hamburg", "payment_days": 14, "delivery_from": "2099-03-01", "delivery_to": "2099-03-31"},
        "tax": {"category": "S", "rate": "19"}, "reference_price": "600.00"
    });
    with(rebar, more)
}

/// The body of a schedule that passes.
pub fn workdays(more: Value) -> Value {
    let steps = json!([
        {"at": "08:30", "phase": "pre_open"}, {"at": "08:50", "phase": "opening_auction"}, {"at": "09:00", "phase": "continuous"},
        {"at": "17:00", "phase": "closing_auction"}, {"at": "17:10", "phase": "closed"}
    ]);
    let workdays = json!({
        "name": format!("Workdays {}", number()), "time_zone": "Europe/Berlin", "steps": steps,
        "weekdays": ["mon", "tue", "wed", "thu", "fri"], "holidays": ["2099-12-25"]
    });
    with(workdays, more)
}

fn with(mut body: Value, more: Value) -> Value {
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    body
}
