use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::database;
use tests::exchange::Exchange;
use tests::given::Company;
use tests::process::Service;
use tests::trade::{add_bank_account, sign};

/// An instrument that is traded, and two who trade it.
pub struct Pit {
    pub exchange: Exchange,
    pub instrument: String,
    pub alpha: Company,
    pub beta: Company,
}

pub fn tonnes(value: &str) -> Value {
    json!({"value": value, "unit": "TNE"})
}

pub fn euros(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

async fn trader(app: &TestApp, exchange: &Exchange, name: &str) -> Company {
    let company = app.company(name).await;
    company.owner.post(&exchange.path("members"), json!({"capabilities": ["trade"]})).await.expect(201);
    let approve = exchange.path(&format!("members/{}/approve", company.id));
    exchange.manager.owner.post(&approve, json!({})).await.expect(200);
    company
}

impl Pit {
    /// With an instrument that is open; lots of 5 t, ticks of 0.50 EUR.
    pub async fn open(app: &TestApp, more: Value) -> Self {
        let exchange = app.exchange().await;
        let instrument = exchange.instrument(more).await;
        let (alpha, beta) = (trader(app, &exchange, "Alpha").await, trader(app, &exchange, "Beta").await);
        let pit = Self { exchange, instrument, alpha, beta };
        for phase in ["pre_open", "opening_auction", "continuous"] {
            pit.phase(phase).await;
        }
        pit
    }

    async fn phase(&self, phase: &str) {
        let path = format!("/v1/instruments/{}/phase", self.instrument);
        self.exchange.manager.owner.post(&path, json!({"phase": phase})).await.expect(204);
    }

    async fn order(&self, by: &Company, side: &str, quantity: &str, price: &str) {
        let body = json!({"side": side, "type": "limit", "quantity": tonnes(quantity), "price": euros(price)});
        by.owner.post(&format!("/v1/instruments/{}/orders", self.instrument), body).await.expect(201);
    }

    pub async fn trade(&self, buyer: &Company, seller: &Company, quantity: &str, price: &str) {
        self.order(seller, "sell", quantity, price).await;
        self.order(buyer, "buy", quantity, price).await;
    }

    pub async fn clear(&self, by: &Client) -> Answer {
        by.post(&self.exchange.path("exchange/clearing"), json!({})).await
    }
}

/// The contracts that somebody sees, the newest first.
async fn contracts(by: &Client) -> Vec<Value> {
    let listed = by.get("/v1/contracts").await.expect(200).json();
    listed["items"].as_array().unwrap().clone()
}

/// The lines of a contract: kind, quantity, price, amount.
async fn lines(by: &Client, path: &str) -> Vec<String> {
    let contract = by.get(path).await.expect(200).json();
    let line = |line: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (quantity, price) = (text(&line["quantity"]["value"]), text(&line["unit_price"]["amount"]));
        format!("{} {quantity} at {price}: {}", text(&line["kind"]), text(&line["amount"]["amount"]))
    };
    contract["lines"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test]
async fn the_trades_of_a_session_become_a_contract_that_goes_on_to_its_payment() {
    let app = TestApp::start().await;
    let pit = Pit::open(&app, json!({"code": "REBAR-MAR99"})).await;
    let other = trader(&app, &pit.exchange, "Gamma").await;
    add_bank_account(&pit.beta).await;
    let (buyer, seller) = (&pit.alpha.owner, &pit.beta.owner);
    pit.trade(&pit.alpha, &pit.beta, "10", "600.00").await;
    pit.trade(&pit.alpha, &pit.beta, "5", "601.00").await;
    // The oldest lot is given back for less: 5 × 1.50 are owed for it.
    pit.trade(&pit.beta, &pit.alpha, "5", "598.50").await;
    assert!(contracts(buyer).await.is_empty());
    pit.phase("closed").await;
    app.until(async || !contracts(buyer).await.is_empty()).await;

    let contract = contracts(buyer).await.remove(0);
    assert_eq!(contracts(seller).await, std::slice::from_ref(&contract));
    let path = format!("/v1/contracts/{}", contract["id"].as_str().unwrap());
    let expected = ["goods 5 at 600.00: 3000.00", "goods 5 at 601.00: 3005.00", "difference 1 at 7.50: 7.50"];
    assert_eq!(lines(buyer, &path).await, expected);
    assert_eq!(
        (&contract["origin"]["kind"], &contract["buyer_id"], &contract["seller_id"], &contract["total"]),
        (&json!("clearing"), &json!(pit.alpha.id), &json!(pit.beta.id), &euros("6012.50"))
    );
    assert_eq!(
        (&contract["incoterm"], &contract["incoterm_place"], &contract["payment_days"], &contract["delivery_date"]),
        (&json!("FCA"), &json!("Hamburg"), &json!(14), &json!("2099-03-31"))
    );
    let text = seller.get(&format!("{path}/text")).await.expect(200).text;
    for said in ["Instrument: REBAR-MAR99", "Grade: B500B", "Specification: diameter 12 MMT", "Trades cleared: 3"] {
        assert!(text.contains(&format!("\n{said}\n")), "{said}: {text}");
    }
    // Nobody else learns who has traded with whom.
    for stranger in [&other.owner, &pit.exchange.manager.owner] {
        stranger.get(&path).await.problem(404, "not-found");
        assert!(contracts(stranger).await.is_empty());
    }
    let again = pit.clear(&app.operator().await).await.expect(200).json();
    assert_eq!(again.get("id"), None);
    assert_eq!(again, json!({"contracts": [], "cleared_trades": 0, "remaining_trades": 0}));
    let told = async |by: &Client| {
        let feed = by.get("/v1/events?limit=200").await.expect(200).json();
        let items = feed["items"].as_array().unwrap().clone();
        items.into_iter().filter(|one| one["type"] == "trade.cleared").collect::<Vec<_>>()
    };
    app.until(async || told(buyer).await.len() == 3).await;
    assert!(told(seller).await.iter().all(|one| one["data"]["contract_id"] == contract["id"]));
    assert!(told(&other.owner).await.is_empty());

    for owner in [seller, buyer] {
        sign(owner, contract["id"].as_str().unwrap()).await.expect(200);
    }
    let delivery = seller.post(&format!("{path}/deliveries"), json!({})).await.expect(201).id();
    buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
    let body = json!({"contract_id": contract["id"], "issue": true});
    let invoice = seller.post("/v1/invoices", body).await.expect(201).json();
    assert_eq!((&invoice["net"], &invoice["gross"]), (&euros("6012.50"), &euros("7154.88")));
    assert_eq!(invoice["lines"][2]["name"], "Difference of trades that were offset");
    let allocations = json!([{"invoice_id": invoice["id"], "amount": euros("7154.88")}]);
    let body = json!({"payee_id": pit.beta.id, "amount": euros("7154.88"), "paid_on": "2026-01-15", "allocations": allocations});
    let payment = buyer.post("/v1/payments", body).await.expect(201).id();
    seller.post(&format!("/v1/payments/{payment}/confirm"), json!({})).await.expect(200);
    assert_eq!(buyer.get(&path).await.json()["state"], "closed");
}

#[tokio::test]
async fn who_manages_the_exchange_clears_on_demand_and_learns_no_names() {
    let app = TestApp::start().await;
    let pit = Pit::open(&app, json!({})).await;
    let operator = app.operator().await;
    let manager = &pit.exchange.manager.owner;
    app.anonymous().post(&pit.exchange.path("exchange/clearing"), json!({})).await.problem(401, "unauthenticated");
    pit.clear(&pit.alpha.owner).await.problem(403, "capability-missing");

    pit.trade(&pit.alpha, &pit.beta, "5", "600.00").await;
    let mut made = pit.clear(manager).await.expect(200).json();
    assert!(made.as_object_mut().unwrap().remove("id").unwrap().is_string());
    let contract = contracts(&pit.alpha.owner).await.remove(0);
    let expected = json!({"contract_id": contract["id"], "number": contract["number"], "instrument_id": pit.instrument, "trades": 1});
    assert_eq!(made, json!({"contracts": [expected], "cleared_trades": 1, "remaining_trades": 0}));

    // What the seller would owe is not offset: each direction is a contract.
    pit.trade(&pit.alpha, &pit.beta, "10", "600.00").await;
    pit.trade(&pit.beta, &pit.alpha, "5", "601.00").await;
    let made = pit.clear(&operator).await.expect(200).json();
    let told = |index: usize| {
        let one = &made["contracts"][index];
        (one["buyer_id"].clone(), one["seller_id"].clone(), one["total"].clone())
    };
    assert_eq!(told(0), (json!(pit.alpha.id), json!(pit.beta.id), euros("6000.00")));
    assert_eq!(told(1), (json!(pit.beta.id), json!(pit.alpha.id), euros("3005.00")));

    // What offsets itself leaves nothing, and is settled all the same.
    pit.trade(&pit.alpha, &pit.beta, "5", "602.00").await;
    pit.trade(&pit.beta, &pit.alpha, "5", "602.00").await;
    let made = pit.clear(&operator).await.expect(200).json();
    assert_eq!(
        (&made["contracts"], &made["cleared_trades"], &made["remaining_trades"]),
        (&json!([]), &json!(2), &json!(0))
    );
    assert_eq!(pit.clear(&operator).await.expect(200).json()["cleared_trades"], 0);
    pit.phase("closed").await;
    pit.clear(&operator).await.expect(200);
    assert_eq!(app.count("SELECT count(*) FROM contract").await, 3);
    assert_eq!(app.count("SELECT count(*) FROM exchange_cleared_trade").await, 5);
    let refused = app.sql_error("DELETE FROM exchange_cleared_trade").await;
    assert!(refused.contains("append-only"), "{refused}");
}

#[tokio::test]
async fn what_is_delivered_within_the_tolerance_is_billed() {
    let app = TestApp::start().await;
    let differentials = json!([{"parameter": "diameter", "base": "12", "step": "0.50", "price_above": "-3", "price_below": "2", "least": "11.5"}]);
    let tolerance = json!({"more_ppm": 50000, "less_ppm": 20000});
    let pit = Pit::open(&app, json!({"tolerance": tolerance, "differentials": differentials})).await;
    add_bank_account(&pit.beta).await;
    let (buyer, seller) = (&pit.alpha.owner, &pit.beta.owner);
    pit.trade(&pit.alpha, &pit.beta, "10", "600.00").await;
    let made = pit.clear(&app.operator().await).await.expect(200).json();
    let contract = made["contracts"][0]["contract_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/contracts/{contract}");
    let read = buyer.get(&path).await.expect(200).json();
    let weight = &read["lines"][0]["weight"];
    assert_eq!(
        (&weight["nominal"], &weight["tolerance_percent"], &weight["less_percent"]),
        (&tonnes("1"), &json!("5"), &json!("2"))
    );
    let text = seller.get(&format!("{path}/text")).await.expect(200).text;
    let differs =
        "Difference in price: diameter 12; each 0.5 more -3, each 0.5 less 2 EUR for each TNE; at least 11.5\n";
    assert!(text.contains(differs), "{text}");
    assert!(text.contains("  Quantity delivered: 5 % more or 2 % less, billed as delivered\n"), "{text}");

    for owner in [seller, buyer] {
        sign(owner, &contract).await.expect(200);
    }
    let line = &read["lines"][0]["id"];
    let send = async |weighed: &str| {
        let lines = json!([{"contract_line_id": line, "quantity": tonnes("10"), "weighed": tonnes(weighed)}]);
        seller.post(&format!("{path}/deliveries"), json!({"lines": lines})).await
    };
    send("9.7").await.problem(409, "out-of-tolerance");
    send("10.6").await.problem(409, "out-of-tolerance");
    let delivery = send("10.3").await.expect(201).id();
    buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
    let body = json!({"contract_id": contract, "issue": true});
    let invoice = seller.post("/v1/invoices", body).await.expect(201).json();
    assert_eq!((&invoice["lines"][0]["quantity"], &invoice["net"]), (&tonnes("10.3"), &euros("6180.00")));

    // What comes back goes to nobody's stock, and is credited.
    let lines = json!([{"contract_line_id": line, "quantity": tonnes("10")}]);
    let asked =
        buyer.post(&format!("{path}/returns"), json!({"reason": "Another grade.", "lines": lines})).await.expect(201);
    let back = format!("/v1/returns/{}", asked.id());
    seller.post(&format!("{back}/accept"), json!({})).await.expect(200);
    seller.post(&format!("{back}/complete"), json!({})).await.expect(200);
    assert_eq!(
        buyer.get(&format!("/v1/invoices/{}", invoice["id"].as_str().unwrap())).await.json()["state"],
        "credited"
    );
}

#[tokio::test]
async fn past_clearings_are_read_by_who_manages_the_exchange_and_by_who_had_a_part_in_them() {
    let app = TestApp::start().await;
    let pit = Pit::open(&app, json!({})).await;
    let (manager, operator) = (&pit.exchange.manager.owner, app.operator().await);
    let gamma = trader(&app, &pit.exchange, "Gamma").await;
    let stranger = trader(&app, &pit.exchange, "Stranger").await;
    let clear = async || pit.clear(&operator).await.expect(200).id();
    pit.trade(&pit.alpha, &pit.beta, "5", "600.00").await;
    pit.trade(&gamma, &pit.beta, "5", "601.00").await;
    let both = clear().await;
    // They offset each other: no contract is made of them.
    pit.trade(&pit.alpha, &pit.beta, "5", "600.00").await;
    pit.trade(&pit.beta, &pit.alpha, "5", "600.00").await;
    let offset = clear().await;
    pit.trade(&gamma, &pit.beta, "5", "602.00").await;
    let last = clear().await;

    let path = pit.exchange.path("exchange/clearings");
    let list = async |by: &Client| by.get(&path).await.expect(200).json()["items"].clone();
    let told = |items: &Value| -> Vec<(String, i64, i64)> {
        let one = |one: &Value| {
            let count = |key: &str| one[key].as_i64().unwrap();
            (one["id"].as_str().unwrap().to_owned(), count("cleared_trades"), count("contract_count"))
        };
        items.as_array().unwrap().iter().map(one).collect()
    };
    let all = [(last.clone(), 1, 1), (offset.clone(), 2, 0), (both.clone(), 2, 2)];
    assert_eq!(told(&list(manager).await), all);
    assert_eq!(told(&list(&operator).await), all);
    assert_eq!(told(&list(&pit.beta.owner).await), all);
    assert_eq!(told(&list(&pit.alpha.owner).await), [(offset.clone(), 2, 0), (both.clone(), 1, 1)]);
    assert_eq!(list(&stranger.owner).await, json!([]));
    app.anonymous().get(&path).await.problem(401, "unauthenticated");
    let page = gamma.owner.get(&format!("{path}?limit=1")).await.expect(200).json();
    assert_eq!(told(&page["items"]), [(last, 1, 1)]);
    let next = page["next_cursor"].as_str().unwrap();
    let page = gamma.owner.get(&format!("{path}?limit=1&cursor={next}")).await.expect(200).json();
    assert_eq!((told(&page["items"]), &page["next_cursor"]), (vec![(both.clone(), 1, 1)], &Value::Null));

    // Each sees its own contracts, with whom and for how much; who manages the exchange all of them, without that.
    let one = async |by: &Client, id: &str| by.get(&format!("{path}/{id}")).await;
    let own = one(&gamma.owner, &both).await.expect(200).json();
    let contract = contracts(&gamma.owner).await.pop().unwrap();
    let expected = json!({"contract_id": contract["id"], "number": contract["number"], "instrument_id": pit.instrument, "trades": 1,
        "buyer_id": gamma.id, "seller_id": pit.beta.id, "total": euros("3005.00")});
    assert_eq!((&own["contracts"], &own["cleared_trades"]), (&json!([expected]), &json!(1)));
    let managed = one(manager, &both).await.expect(200).json();
    let parties = |of: &Value| (of["contracts"].as_array().unwrap().len(), of["contracts"][0].get("buyer_id").cloned());
    assert_eq!(parties(&managed), (2, None));
    assert_eq!(parties(&one(&operator, &both).await.json()), (2, Some(json!(pit.alpha.id))));
    assert_eq!(one(&pit.alpha.owner, &offset).await.expect(200).json()["contracts"], json!([]));
    one(&gamma.owner, &offset).await.problem(404, "not-found");
    one(&stranger.owner, &both).await.problem(404, "not-found");
    let elsewhere = app.exchange().await.path(&format!("exchange/clearings/{both}"));
    operator.get(&elsewhere).await.problem(404, "not-found");
    let refused = app.sql_error("DELETE FROM exchange_cleared_pair").await;
    assert!(refused.contains("append-only"), "{refused}");

    // What was cleared before clearings were kept is found among them, too.
    let migration = concat!(
        "BEGIN;",
        include_str!("../../../migrations/2026-11-29-000087_grades/down.sql"),
        include_str!("../../../migrations/2026-11-29-000087_grades/up.sql"),
        "COMMIT;"
    );
    database::connect(&app.database_url).await.batch_execute(migration).await.expect("it runs");
    let made = told(&list(manager).await);
    assert_eq!(made.iter().map(|one| (one.1, one.2)).collect::<Vec<_>>(), [(1, 1), (2, 0), (2, 2)]);
    let found = one(&gamma.owner, &made[2].0).await.expect(200).json();
    assert_eq!((&found["cleared_at"], &found["contracts"]), (&own["cleared_at"], &own["contracts"]));
}

/// Tries until it gets that status: the lease of who was killed has to run out.
async fn posted(by: &Client, path: &str, key: &str) -> Answer {
    let patience = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            let answer = by.try_post_once(path, key, &json!({})).await;
            if let Some(answer) = answer.filter(|answer| answer.status == 200) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    patience.await.expect("it is answered in time")
}

// T1, R28
#[tokio::test]
async fn a_kill_between_the_contract_and_its_settlement_makes_nothing_twice() {
    let (app, pit, operator, secret) = {
        let app = TestApp::start().await;
        let pit = Pit::open(&app, json!({"guarantee": "limit"})).await;
        let limit = pit.exchange.path(&format!("exchange/members/{}/limit", pit.alpha.id));
        pit.exchange.manager.owner.put(&limit, json!({"limit": euros("10000.00")})).await.expect(204);
        pit.trade(&pit.alpha, &pit.beta, "5", "600.00").await;
        pit.trade(&pit.alpha, &pit.beta, "5", "601.00").await;
        let secret = app.config().secret_key.as_ref().unwrap().expose_secret().to_owned();
        (app.database_url.clone(), pit, app.operator().await.token().to_owned(), secret)
    };
    let variables = [("TORG_DATABASE_URL", app.as_str()), ("TORG_SECRET_KEY", &secret)];
    let sql = async |text: &str| database::connect(&app).await.batch_execute(text).await.expect("it runs");
    let path = pit.exchange.path("exchange/clearing");

    // The market cannot note anything: the contract is made, and nobody tells the market of it.
    sql("CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
         CREATE TRIGGER refuse_entry BEFORE INSERT ON journal_entry FOR EACH ROW WHEN (NEW.count > 0) EXECUTE FUNCTION refuse_entry()")
        .await;
    let service = Service::start(&variables).await;
    let caller = service.client().with_token(&operator);
    let buyer = service.client().with_token(pit.alpha.owner.token());
    let made = async {
        let is_there = |answer: Answer| answer.status == 200 && answer.json()["items"] != json!([]);
        while !buyer.try_get("/v1/contracts").await.is_some_and(is_there) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! { _ = posted(&caller, &path, "first") => {}, () = made => {} }
    service.kill().await;
    sql("DROP TRIGGER refuse_entry ON journal_entry").await;

    let service = Service::start(&variables).await;
    let caller = service.client().with_token(&operator);
    let second = posted(&caller, &path, "second").await.json();
    assert_eq!(second, json!({"contracts": [], "cleared_trades": 0, "remaining_trades": 0}));
    let first = posted(&caller, &path, "first").await;
    assert_eq!(first.header("idempotent-replayed"), "true");
    assert_eq!(first.json()["contracts"][0]["total"], euros("6005.00"));
    let buyer = service.client().with_token(pit.alpha.owner.token());
    assert_eq!(contracts(&buyer).await.len(), 1);
    let bound = buyer.get(&format!("/v1/exchange/positions?portal={}", pit.exchange.slug)).await.expect(200).json();
    assert_eq!(bound["items"][0]["accounts"][0]["unsettled"], euros("0.00"));
}
