use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::auction_house::{Win, apply, id_of, lot, pay_in};
use tests::client::Client;
use tests::given::Company;
use tests::process::Service;
use tests::trade::{add_bank_account, balance, sign};

pub async fn contracts(by: &Client) -> Vec<Value> {
    by.get("/v1/contracts").await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// A contract of the caller's, waited for.
pub async fn contract(app: &TestApp, by: &Client) -> Value {
    app.until(async || !contracts(by).await.is_empty()).await;
    let id = contracts(by).await[0]["id"].as_str().unwrap().to_owned();
    by.get(&format!("/v1/contracts/{id}")).await.expect(200).json()
}

fn lines(contract: &Value) -> Vec<String> {
    let line = |line: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (quantity, unit) = (text(&line["quantity"]["value"]), text(&line["quantity"]["unit"]));
        format!("{quantity} {unit} at {}: {}", text(&line["unit_price"]["amount"]), text(&line["amount"]["amount"]))
    };
    contract["lines"].as_array().unwrap().iter().map(line).collect()
}

/// An auction with a deposit of 500 euros, which two companies have bound.
pub struct Sale {
    pub seller: Company,
    pub first: Company,
    pub second: Company,
    pub path: String,
}

impl Sale {
    pub async fn announced(app: &TestApp, more: Value) -> Self {
        let house = app.house().await;
        let seller = house.member(app, "Seller", &["sell", "buy"]).await;
        let (first, second) = (house.member(app, "First", &["bid"]).await, house.member(app, "Second", &["bid"]).await);
        let mut data = json!({"deposit": "500"});
        for (key, value) in more.as_object().into_iter().flatten() {
            data[key] = value.clone();
        }
        let path = house.announced(&seller, data).await;
        for bidder in [&first, &second] {
            apply(&bidder.owner, &path).await;
            pay_in(app, bidder, "500.00").await;
            bidder.owner.post(&format!("{path}/deposit"), json!({})).await.expect(200);
        }
        Self { seller, first, second, path }
    }

    pub fn id(&self) -> &str {
        id_of(&self.path)
    }

    /// The first company wins the first lot for 9000 euros; the second one came second.
    pub async fn sold(app: &TestApp) -> Self {
        let sale = Self::announced(app, json!({})).await;
        let win = Win { company: &sale.first, units: 1, price: 900_000 };
        app.given_closed_lot(sale.id(), 1, &[win], Some((&sale.second, 890_000))).await;
        sale
    }

    pub async fn state(&self) -> Value {
        self.seller.owner.get(&self.path).await.expect(200).json()
    }
}

#[tokio::test]
async fn a_sold_lot_becomes_a_contract_that_goes_on_to_its_invoice() {
    let app = TestApp::start().await;
    let sale = Sale::sold(&app).await;
    add_bank_account(&sale.seller).await;
    let (seller, buyer) = (&sale.seller.owner, &sale.first.owner);
    let made = contract(&app, buyer).await;
    assert_eq!(lines(&made), ["20 TNE at 450.00: 9000.00"]);
    assert_eq!(
        (&made["origin"]["kind"], &made["buyer_id"], &made["seller_id"], &made["state"]),
        (&json!("auction"), &json!(sale.first.id), &json!(sale.seller.id), &json!("awaiting_signatures"))
    );
    assert_eq!(
        (&made["incoterm"], &made["incoterm_place"], &made["payment_days"], &made["delivery_date"]),
        (&json!("FCA"), &json!("Hamburg"), &json!(14), &json!("2099-03-31"))
    );
    // Who has won nothing has its deposit again; the winner's answers for its signature.
    app.until(async || balance(&sale.second.owner, "deposits").await == "500.00").await;
    assert_eq!(balance(buyer, "deposits_held").await, "500.00");
    buyer.post(&format!("{}/deposit/release", sale.path), json!({})).await.problem(409, "wrong-state");
    assert_eq!(sale.state().await["settled_at"], json!(null));
    let id = made["id"].as_str().unwrap();
    let told = async |by: &Client| {
        let feed = by.get("/v1/events?type=auction.sold").await.expect(200).json();
        feed["items"].as_array().unwrap().clone()
    };
    app.until(async || told(buyer).await.len() == 1 && told(seller).await.len() == 1).await;
    assert_eq!(told(buyer).await[0]["data"]["contract_id"], made["id"]);
    assert!(told(&sale.second.owner).await.is_empty());

    for owner in [seller, buyer] {
        sign(owner, id).await.expect(200);
    }
    app.until(async || balance(buyer, "deposits").await == "500.00").await;
    app.until(async || sale.state().await["settled_at"].is_string()).await;
    let path = format!("/v1/contracts/{id}");
    let delivery = seller.post(&format!("{path}/deliveries"), json!({})).await.expect(201).id();
    buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
    let invoice = seller.post("/v1/invoices", json!({"contract_id": id, "issue": true})).await.expect(201).json();
    assert_eq!(invoice["gross"]["amount"], "10710.00");
}

#[tokio::test]
async fn units_become_a_contract_for_each_winner_in_pieces_where_a_price_is_not_exact() {
    let app = TestApp::start().await;
    let lots = json!([lot("0.3", json!({"units": 10, "start_price": "1"}))]);
    let more = json!({"lots": lots, "format": "sealed_first_price", "increments": null});
    let sale = Sale::announced(&app, more).await;
    let win = |company, units, price| Win { company, units, price };
    let won = [win(&sale.first, 3, 1_000), win(&sale.second, 2, 900), win(&sale.first, 5, 900)];
    app.given_closed_lot(sale.id(), 1, &won, None).await;
    let (one, two) = (contract(&app, &sale.first.owner).await, contract(&app, &sale.second.owner).await);
    // 10 euros for 0.3 t is no price of a tonne; 9 euros is.
    assert_eq!(lines(&one), ["3 C62 at 10.00: 30.00", "1.5 TNE at 30.00: 45.00"]);
    assert_eq!(lines(&two), ["0.6 TNE at 30.00: 18.00"]);
    assert_eq!(contracts(&sale.seller.owner).await.len(), 2);
    let text =
        sale.first.owner.get(&format!("/v1/contracts/{}/text", one["id"].as_str().unwrap())).await.expect(200).text;
    for said in ["Auction: Surplus rebar", "Lot: 1 Rebar", "Each holds: 0.3 TNE"] {
        assert!(text.contains(&format!("\n{said}\n")), "{said}: {text}");
    }
}

#[tokio::test]
async fn where_suppliers_undercut_each_other_the_holder_buys() {
    let app = TestApp::start().await;
    let sale = Sale::announced(&app, json!({"format": "reverse_english"})).await;
    app.given_closed_lot(sale.id(), 1, &[Win { company: &sale.first, units: 1, price: 700_000 }], None).await;
    let made = contract(&app, &sale.first.owner).await;
    assert_eq!((&made["buyer_id"], &made["seller_id"]), (&json!(sale.seller.id), &json!(sale.first.id)));
    assert_eq!(lines(&made), ["20 TNE at 350.00: 7000.00"]);
}

#[tokio::test]
async fn deposits_are_bound_until_all_lots_have_closed() {
    let app = TestApp::start().await;
    let sale = Sale::announced(&app, json!({"lots": [lot("20", json!({})), lot("5", json!({}))]})).await;
    app.given_closed_lot(sale.id(), 1, &[], None).await;
    let settled = "SELECT count(*) FROM auction_lot WHERE settled_at IS NOT NULL";
    app.until(async || app.count(settled).await == 1).await;
    app.until(async || app.count("SELECT count(*) FROM timer WHERE kind = 'auction.review'").await == 0).await;
    assert_eq!(balance(&sale.first.owner, "deposits_held").await, "500.00");
    app.sql("UPDATE auction_lot SET phase = 'closed', state = 'unsold', outcome = 'no_bids', closed_at = now() WHERE number = 2").await;
    for bidder in [&sale.first, &sale.second] {
        app.until(async || balance(&bidder.owner, "deposits").await == "500.00").await;
    }
    app.until(async || sale.state().await["settled_at"].is_string()).await;
    assert!(contracts(&sale.seller.owner).await.is_empty());
}

#[tokio::test]
async fn a_winner_in_default_loses_its_deposit() {
    let app = TestApp::start().await;
    let sale = Sale::sold(&app).await;
    let made = contract(&app, &sale.first.owner).await;
    let path = format!("{}/lots/1/default", sale.path);
    let (of_first, of_second) = (json!({"organisation_id": sale.first.id}), json!({"organisation_id": sale.second.id}));
    let seller = &sale.seller.owner;
    seller.post(&path, of_first.clone()).await.problem(409, "wrong-state");
    seller.post(&path, of_second).await.problem(404, "not-found");
    sale.first.owner.post(&path, of_first.clone()).await.problem(403, "forbidden");
    app.sql("UPDATE contract SET created_at = created_at - interval '7 days'").await;
    let told = seller.post(&path, of_first.clone()).await.expect(200).json();
    assert_eq!((&told["state"], &told["deposit"]["amount"]), (&json!("unsold"), &json!("500.00")));
    seller.post(&path, of_first).await.problem(409, "wrong-state");
    let loser = &sale.first.owner;
    assert_eq!(
        loser.get(&format!("/v1/contracts/{}", made["id"].as_str().unwrap())).await.json()["state"],
        "cancelled"
    );
    for (kind, expected) in [("deposits", "0.00"), ("deposits_held", "0.00"), ("forfeits", "500.00")] {
        assert_eq!(balance(loser, kind).await, expected, "{kind}");
    }
    assert_eq!(
        (balance(seller, "deposits").await, balance(seller, "revenue").await),
        ("500.00".into(), "500.00".into())
    );
    assert_eq!(sale.state().await["state"], "unsold");
    app.until(async || sale.state().await["settled_at"].is_string()).await;
}

#[tokio::test]
async fn a_winner_who_has_signed_is_not_in_default_and_one_who_gives_up_is() {
    let app = TestApp::start().await;
    let sale = Sale::sold(&app).await;
    let made = contract(&app, &sale.first.owner).await;
    let id = made["id"].as_str().unwrap();
    let (seller, winner) = (&sale.seller.owner, &sale.first.owner);
    let declare = async || {
        let body = json!({"organisation_id": sale.first.id});
        seller.post(&format!("{}/lots/1/default", sale.path), body).await
    };
    sign(winner, id).await.expect(200);
    app.sql("UPDATE contract SET created_at = created_at - interval '8 days'").await;
    declare().await.problem(409, "wrong-state");
    // The winner asks to give it up, the holder consents: whether it is a default is the holder's to say.
    let cancel =
        async |by: &Client| by.post(&format!("/v1/contracts/{id}/cancel"), json!({"reason": "No need."})).await;
    cancel(winner).await.expect(200);
    cancel(seller).await.expect(200);
    assert_eq!(sale.state().await["state"], "unsold");
    assert_eq!(balance(winner, "deposits_held").await, "500.00");
    declare().await.expect(200);
    assert_eq!(balance(winner, "forfeits").await, "500.00");
}

#[tokio::test]
async fn a_winner_whose_contract_the_holder_gives_up_has_its_deposit_again() {
    let app = TestApp::start().await;
    let sale = Sale::sold(&app).await;
    let made = contract(&app, &sale.first.owner).await;
    let path = format!("/v1/contracts/{}/cancel", made["id"].as_str().unwrap());
    for by in [&sale.seller.owner, &sale.first.owner] {
        by.post(&path, json!({"reason": "The hall burned down."})).await.expect(200);
    }
    app.until(async || balance(&sale.first.owner, "deposits").await == "500.00").await;
    let body = json!({"organisation_id": sale.first.id});
    let declared = sale.seller.owner.post(&format!("{}/lots/1/default", sale.path), body).await;
    declared.problem(409, "wrong-state");
    app.until(async || sale.state().await["settled_at"].is_string()).await;
}

// T1, R28
#[tokio::test]
async fn a_kill_while_lots_are_settled_makes_nothing_twice() {
    const LOTS: i16 = 40;
    let (database, sale, secret) = {
        let app = TestApp::start().await;
        let lots: Vec<Value> = (0..LOTS).map(|_| lot("20", json!({}))).collect();
        let sale = Sale::announced(&app, json!({"lots": lots})).await;
        let secret = app.config().secret_key.as_ref().unwrap().expose_secret().to_owned();
        (app.database_url.clone(), sale, secret)
    };
    let variables = [("TORG_DATABASE_URL", database.as_str()), ("TORG_SECRET_KEY", &secret)];
    let made = async || tests::database::count(&database, "SELECT count(*) FROM contract").await;
    let mut service = Service::start(&variables).await;
    for number in 1..=LOTS {
        given_sold(&database, sale.id(), number, &sale.first.id).await;
        if number % 10 == 0 {
            service.kill().await;
            service = Service::start(&variables).await;
        }
    }
    let patience = tokio::time::timeout(std::time::Duration::from_secs(60), async {
        while made().await < i64::from(LOTS) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    });
    patience.await.expect("all lots are settled");
    service.kill().await;
    let query = "SELECT count(DISTINCT contract_id) FROM auction_award WHERE contract_id IS NOT NULL";
    assert_eq!(tests::database::count(&database, query).await, i64::from(LOTS));
    assert_eq!(made().await, i64::from(LOTS));
    let posted = "SELECT count(*) FROM ledger_entry WHERE subject_kind = 'deposit_release'";
    assert!(tests::database::count(&database, posted).await <= 1);
}

/// A lot that a company has won, without a server that could be asked.
async fn given_sold(database: &str, auction: &str, number: i16, company: &str) {
    use diesel_async::SimpleAsyncConnection;
    let text = format!(
        "BEGIN;
         INSERT INTO auction_award (id, auction_id, lot, organisation_id, pseudonym, number, units, price, at)
         VALUES (gen_random_uuid(), '{auction}', {number}, '{company}', 'AAAAAAAA', 1, 1, 900000, now());
         INSERT INTO auction_lot (auction_id, number, phase, state, ends_at, price, reserve_met, entries, changes, outcome, closed_at)
         VALUES ('{auction}', {number}, 'closed', 'sold', now(), 900000, true, 1, 3, 'sold', now())
         ON CONFLICT (auction_id, number) DO UPDATE SET phase = 'closed', state = 'sold', outcome = 'sold', closed_at = now();
         COMMIT;"
    );
    tests::database::connect(database).await.batch_execute(&text).await.expect("the statements run");
}
