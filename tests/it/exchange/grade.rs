//! Wheat of class 3: its price at delivery follows what is measured of it.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::exchange::Exchange;
use tests::given::Company;
use tests::trade::{add_bank_account, sign};

use super::clearing::{Pit, euros, tonnes};

/// Protein of 12 % is the base, each half more costs 3 EUR, each half less 4 EUR less; of moisture 13 % are.
fn wheat(more_ppm: u32) -> Value {
    json!({
        "grade": "Class 3", "tolerance": {"more_ppm": more_ppm, "less_ppm": 0}, "reference_price": "215.00",
        "specification": [{"parameter": "protein", "value": "12.0", "unit": "P1"}, {"parameter": "moisture", "value": "13", "unit": "P1"},
            {"parameter": "vitreous", "value": "40"}],
        "differentials": [
            {"parameter": "protein", "base": "12.0", "step": "0.5", "price_above": "3.00", "price_below": "-4.00", "least": "11.5"},
            {"parameter": "moisture", "base": "13", "step": "0.5", "price_above": "-1.5", "price_below": "0.75", "most": "14"},
            {"parameter": "vitreous", "base": "40", "step": "10", "price_above": "1", "price_below": "-1"}]
    })
}

fn percent(parameter: &str, value: &str) -> Value {
    json!({"parameter": parameter, "value": value, "unit": "P1"})
}

/// A contract over wheat that both have signed, and its one line.
struct Sold {
    pit: Pit,
    contract: String,
    line: Value,
}

impl Sold {
    async fn new(app: &TestApp, instrument: Value, quantity: &str) -> Self {
        let pit = Pit::open(app, instrument).await;
        add_bank_account(&pit.beta).await;
        pit.trade(&pit.alpha, &pit.beta, quantity, "215.00").await;
        let made = pit.clear(&app.operator().await).await.expect(200).json();
        let contract = made["contracts"][0]["contract_id"].as_str().unwrap().to_owned();
        for owner in [&pit.beta.owner, &pit.alpha.owner] {
            sign(owner, &contract).await.expect(200);
        }
        let line =
            pit.alpha.owner.get(&format!("/v1/contracts/{contract}")).await.expect(200).json()["lines"][0].clone();
        Self { pit, contract, line }
    }

    fn buyer(&self) -> &Client {
        &self.pit.alpha.owner
    }

    fn seller(&self) -> &Client {
        &self.pit.beta.owner
    }

    fn path(&self) -> String {
        format!("/v1/contracts/{}", self.contract)
    }

    /// The seller sends so much, and states what was measured.
    async fn send(&self, quantity: &str, weighed: Option<&str>, measured: Value) -> Answer {
        let mut line = json!({"contract_line_id": self.line["id"], "quantity": tonnes(quantity), "measured": measured});
        if let Some(weighed) = weighed {
            line["weighed"] = tonnes(weighed);
        }
        self.seller().post(&format!("{}/deliveries", self.path()), json!({"lines": [line]})).await
    }

    /// The buyer says what arrived, and perhaps what it measured.
    async fn receive(&self, delivery: &str, line: Value) -> Answer {
        let mut line = line;
        line["contract_line_id"] = self.line["id"].clone();
        self.buyer().post(&format!("/v1/deliveries/{delivery}/receive"), json!({"lines": [line]})).await
    }

    /// Sent and received as it was sent.
    async fn deliver(&self, quantity: &str, weighed: Option<&str>, measured: Value) -> String {
        let delivery = self.send(quantity, weighed, measured).await.expect(201).id();
        self.receive(&delivery, json!({"received": tonnes(quantity)})).await.expect(200);
        delivery
    }

    async fn invoice(&self, more: Value) -> Value {
        let mut body = json!({"contract_id": self.contract, "issue": true});
        for (key, value) in more.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        self.seller().post("/v1/invoices", body).await.expect(201).json()
    }

    async fn tolerate(&self, percent: &str, amount: &str) {
        let path = format!("/v1/organisations/{}/invoice-tolerances", self.pit.alpha.id);
        let body = json!({"is_active": true, "quantity_percent": percent, "amount": euros(amount)});
        self.buyer().put_if(&path, &self.buyer().etag(&path).await, body).await.expect(200);
    }
}

/// Quantity, price and net of the lines of an invoice.
fn billed(invoice: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |line: &Value| {
        let (quantity, price) = (text(&line["quantity"]["value"]), text(&line["unit_price"]["amount"]));
        format!("{quantity} at {price}: {}", text(&line["net"]["amount"]))
    };
    invoice["lines"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test]
async fn wheat_is_billed_by_what_was_measured_of_each_delivery() {
    let app = TestApp::start().await;
    let sold = Sold::new(&app, wheat(0), "30").await;
    let (buyer, seller) = (sold.buyer(), sold.seller());
    sold.tolerate("0", "0").await;
    let agreed = json!({"parameter": "protein", "unit": "P1", "base": "12", "step": "0.5", "price_above": "3", "price_below": "-4",
        "least": "11.5"});
    assert_eq!((&sold.line["differentials"][0], &sold.line["unit_price"]), (&agreed, &euros("215.00")));
    let text = buyer.get(&format!("{}/text", sold.path())).await.expect(200).text;
    assert!(text.contains("\nPrice at delivery: by the values that the seller states with a delivery, or"), "{text}");

    // Two whole steps of protein; the buyer has nothing to say against it.
    let measured = json!([percent("protein", "13.4"), {"parameter": "vitreous", "value": "45"}]);
    let first = sold.send("10", None, measured).await.expect(201).json();
    let path = format!("/v1/deliveries/{}", first["id"].as_str().unwrap());
    let seen = buyer.get(&path).await.expect(200).json()["lines"][0].clone();
    let stated = json!([{"parameter": "protein", "unit": "P1", "despatched": "13.4", "received": null},
        {"parameter": "vitreous", "despatched": "45", "received": null}]);
    assert_eq!((&seen["measured"], &seen["unit_price"]), (&stated, &euros("221.00")));
    let received = buyer.post(&format!("{path}/receive"), json!({})).await.expect(200).json();
    assert_eq!(received["lines"][0]["unit_price"], euros("221.00"));

    // The buyer finds more water than the seller, who is right about the protein.
    let second =
        sold.send("10", None, json!([percent("protein", "12.5"), percent("moisture", "13")])).await.expect(201).id();
    let found = json!({"received": tonnes("10"), "measured": [percent("moisture", "14")]});
    let received = sold.receive(&second, found).await.expect(200).json()["lines"][0].clone();
    let measured = json!([{"parameter": "protein", "unit": "P1", "despatched": "12.5", "received": null},
        {"parameter": "moisture", "unit": "P1", "despatched": "13", "received": "14"}]);
    assert_eq!((&received["measured"], &received["unit_price"]), (&measured, &euros("215.00")));
    // Nobody measures the last one: it is of the base.
    let last = sold.deliver("10", None, json!([])).await;
    assert_eq!(buyer.get(&format!("/v1/deliveries/{last}")).await.json()["lines"][0]["unit_price"], euros("215.00"));

    let invoice = sold.invoice(json!({})).await;
    assert_eq!(billed(&invoice), ["10 at 221.00: 2210.00", "20 at 215.00: 4300.00"]);
    assert_eq!((&invoice["gross"], &invoice["match_state"]), (&euros("7746.90"), &json!("matched")));
    let allocations = json!([{"invoice_id": invoice["id"], "amount": euros("7746.90")}]);
    let body = json!({"payee_id": sold.pit.beta.id, "amount": euros("7746.90"), "paid_on": "2026-01-15", "allocations": allocations});
    let payment = buyer.post("/v1/payments", body).await.expect(201).id();
    seller.post(&format!("/v1/payments/{payment}/confirm"), json!({})).await.expect(200);
    assert_eq!(buyer.get(&sold.path()).await.json()["state"], "closed");
}

#[tokio::test]
async fn what_is_not_of_the_grade_is_not_delivered_and_all_faults_are_told() {
    let app = TestApp::start().await;
    let sold = Sold::new(&app, wheat(0), "10").await;
    sold.send("10", None, json!([percent("protein", "11.4")])).await.problem(409, "off-grade");
    sold.send("10", None, json!([{"parameter": "protein", "value": "12"}])).await.problem(422, "unit-mismatch");
    let odd = json!([
        percent("gluten", "23"),
        percent("protein", "11"),
        percent("protein", "12"),
        percent("vitreous", "0.0000001")
    ]);
    let expected = [
        "/lines/0/measured/0/parameter unknown_parameter",
        "/lines/0/measured/1/value off_grade",
        "/lines/0/measured/2/parameter repeated",
        "/lines/0/measured/3/unit unit_mismatch",
        "/lines/0/measured/3/value too_precise",
    ];
    assert_eq!(sold.send("10", None, odd).await.faults(), expected);

    // What arrived wet cannot count as good; as damaged it is to be delivered again.
    let delivery = sold.send("10", None, json!([percent("protein", "13")])).await.expect(201).id();
    let wet = |good: &str, damaged: &str| json!({"received": tonnes(good), "damaged": tonnes(damaged), "measured": [percent("moisture", "17")]});
    sold.receive(&delivery, wet("4", "6")).await.problem(409, "off-grade");
    let received = sold.receive(&delivery, wet("0", "10")).await.expect(200).json();
    assert_eq!(
        (&received["state"], &received["lines"][0]["measured"][1]["received"]),
        (&json!("received_damaged"), &json!("17"))
    );
    let body = json!({"contract_id": sold.contract});
    sold.seller().post("/v1/invoices", body.clone()).await.problem(409, "nothing-to-invoice");
    sold.deliver("10", None, json!([percent("protein", "12.5")])).await;
    assert_eq!(billed(&sold.invoice(json!({})).await), ["10 at 218.00: 2180.00"]);

    // A contract without differentials takes no values.
    let plain = Sold::new(&app, json!({"reference_price": "215.00"}), "5").await;
    assert_eq!(plain.line.get("differentials"), None);
    let refused = plain.send("5", None, json!([percent("protein", "13")])).await;
    assert_eq!(refused.faults(), ["/lines/0/measured not_graded"]);
    let delivery = plain.send("5", None, json!([])).await.expect(201).json();
    assert_eq!((delivery["lines"][0].get("measured"), delivery["lines"][0].get("unit_price")), (None, None));
    let found = json!({"received": tonnes("5"), "measured": [percent("protein", "13")]});
    let refused = plain.receive(delivery["id"].as_str().unwrap(), found).await;
    assert_eq!(refused.faults(), ["/lines/0/measured not_graded"]);
}

#[tokio::test]
async fn what_was_invoiced_at_a_price_is_given_back_at_it() {
    let app = TestApp::start().await;
    let sold = Sold::new(&app, wheat(50_000), "20").await;
    let seller = sold.seller();
    let both = ["/lines/0/measured/0/value off_grade", "/lines/0/weighed required"];
    assert_eq!(sold.send("10", None, json!([percent("protein", "11")])).await.faults(), both);
    sold.tolerate("5", "50.00").await;
    sold.deliver("10", Some("10.2"), json!([percent("protein", "12.5")])).await;
    let second = sold.deliver("10", Some("10"), json!([])).await;
    let base = sold.invoice(json!({"delivery_id": second})).await;
    assert_eq!(billed(&base), ["10 at 215.00: 2150.00"]);

    // A draft that is thrown away holds nothing.
    let draft = seller.post("/v1/invoices", json!({"contract_id": sold.contract})).await.expect(201);
    assert_eq!(billed(&draft.json()), ["10.2 at 218.00: 2223.60"]);
    seller.post("/v1/invoices", json!({"contract_id": sold.contract})).await.problem(409, "nothing-to-invoice");
    seller.delete_if(&format!("/v1/invoices/{}", draft.id()), &draft.etag()).await.expect(204);
    let better = sold.invoice(json!({})).await;
    assert_eq!(
        (billed(&better), &better["match_state"]),
        (vec!["10.2 at 218.00: 2223.60".to_owned()], &json!("matched"))
    );

    // Half of the goods come back: half of what was weighed, credited at the price of the invoice that holds it.
    let lines = json!([{"contract_line_id": sold.line["id"], "quantity": tonnes("10")}]);
    let asked = json!({"reason": "It smells.", "lines": lines});
    let asked = sold.buyer().post(&format!("{}/returns", sold.path()), asked).await.expect(201);
    let back = format!("/v1/returns/{}", asked.id());
    seller.post(&format!("{back}/accept"), json!({})).await.expect(200);
    let done = seller.post(&format!("{back}/complete"), json!({})).await.expect(200).json();
    let note = format!("/v1/invoices/{}", done["credit_note_ids"][0].as_str().unwrap());
    assert_eq!(billed(&seller.get(&note).await.expect(200).json()), ["10.1 at 218.00: 2201.80"]);
    assert_eq!(
        app.count("SELECT (sum(returned) * 10)::bigint AS count FROM delivery_part WHERE unit_price = 218").await,
        101
    );

    // What is credited to be invoiced again is invoiced at the same price, and matches what is left.
    let base = format!("/v1/invoices/{}", base["id"].as_str().unwrap());
    let again = json!({"reason": "Another address.", "invoice_again": true});
    seller.post(&format!("{base}/credit"), again).await.expect(201);
    let anew = sold.invoice(json!({})).await;
    assert_eq!((billed(&anew), &anew["match_state"]), (vec!["10 at 215.00: 2150.00".to_owned()], &json!("matched")));
}

#[tokio::test]
async fn what_comes_back_before_it_is_invoiced_is_not_invoiced() {
    let app = TestApp::start().await;
    let sold = Sold::new(&app, wheat(0), "20").await;
    let seller = sold.seller();
    sold.deliver("10", None, json!([percent("protein", "13")])).await;
    sold.deliver("10", None, json!([percent("protein", "11.5")])).await;
    let lines = json!([{"contract_line_id": sold.line["id"], "quantity": tonnes("4")}]);
    let asked = json!({"reason": "Too little protein.", "lines": lines});
    let asked = sold.buyer().post(&format!("{}/returns", sold.path()), asked).await.expect(201);
    let back = format!("/v1/returns/{}", asked.id());
    seller.post(&format!("{back}/accept"), json!({})).await.expect(200);
    let done = seller.post(&format!("{back}/complete"), json!({})).await.expect(200).json();
    assert_eq!(done["credit_note_ids"], json!([]));
    // What came last went back first.
    assert_eq!(billed(&sold.invoice(json!({})).await), ["10 at 221.00: 2210.00", "6 at 211.00: 1266.00"]);
}

// S4
#[tokio::test]
async fn changes_of_phase_and_halts_are_told_to_members_of_the_exchange_alone() {
    let app = TestApp::start().await;
    let manager = app.company("Exchange").await;
    let exchange: Exchange = app.exchange_of(manager, "closed").await;
    let trader = exchange.trader(&app, "Trader").await;
    let stranger = app.company("Stranger").await;
    let id = exchange.traded(json!({"code": "WHEAT-3"})).await;
    let halt = json!({"phase": "halted", "reason": "news"});
    exchange.manager.owner.post(&format!("/v1/instruments/{id}/phase"), halt).await.expect(204);
    let told = async |to: &Company| {
        let feed = to.owner.get("/v1/events?type=instrument.phase_changed").await.expect(200).json();
        feed["items"].as_array().unwrap().clone()
    };
    let expected = [
        ("closed", "pre_open", Value::Null),
        ("pre_open", "opening_auction", Value::Null),
        ("opening_auction", "continuous", Value::Null),
        ("continuous", "halted", json!("news")),
    ];
    for company in [&trader, &exchange.manager] {
        app.until(async || told(company).await.len() == 4).await;
        for (event, (from, to, reason)) in told(company).await.iter().zip(&expected) {
            let data = json!({"code": "WHEAT-3", "from": from, "to": to, "reason": reason});
            assert_eq!((&event["data"], &event["portal_id"]), (&data, &json!(exchange.portal_id)));
            assert_eq!(event["subject"], json!({"kind": "instrument", "id": id, "version": 1}));
        }
    }
    assert!(told(&stranger).await.is_empty());
}
