use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::given::Company;
use tests::sourcing::{Tender, id_of, items, line, offer, state};
use tests::trade::{add_bank_account, sign};

use super::{column, told};

/// Two quotes to a request that is evaluated.
pub struct Choice {
    pub app: TestApp,
    pub tender: Tender,
    pub rfq: String,
    pub suppliers: Vec<Company>,
    /// Each with what it asks for the coil and for the sheet: 500 and 700, 490 and 720 euros.
    pub quotes: Vec<String>,
}

impl Choice {
    pub async fn given(more: Value) -> Self {
        Self::of(more, json!({})).await
    }

    /// With other data of the quotes, too.
    pub async fn of(more: Value, quoted: Value) -> Self {
        let app = TestApp::start().await;
        let tender = app.tender().await;
        let suppliers = tender.suppliers(&app, 2).await;
        let rfq = tender.published(more).await;
        let mut quotes = Vec::new();
        for (supplier, prices) in suppliers.iter().zip([["500", "700"], ["490", "720"]]) {
            quotes.push(tender.quoted(supplier, &rfq, &prices, quoted.clone()).await);
        }
        tender.evaluated(&app, &rfq).await;
        Self { app, tender, rfq, suppliers, quotes }
    }

    pub fn buyer(&self) -> &Client {
        &self.tender.buyer.owner
    }

    /// So much of a line to one of the quotes.
    pub fn line(&self, line: u16, quote: usize, quantity: &str) -> Value {
        json!({"line": line, "quote_id": id_of(&self.quotes[quote]), "quantity": quantity})
    }

    pub async fn award(&self, lines: Value) -> tests::client::Answer {
        let body = json!({"lines": lines, "reason": "The lowest prices."});
        self.buyer().post(&format!("{}/award", self.rfq), body).await
    }

    /// The whole to one of the quotes: the award.
    pub async fn awarded(&self, quote: usize) -> Value {
        let body = json!({"quote_id": id_of(&self.quotes[quote]), "reason": "The lowest total."});
        let decision = self.buyer().post(&format!("{}/award", self.rfq), body).await.expect(201).json();
        decision["awards"][0].clone()
    }
}

pub async fn contract(by: &Client, id: &Value) -> Value {
    by.get(&format!("/v1/contracts/{}", id.as_str().expect("a contract"))).await.expect(200).json()
}

/// Such as `40 TNE at 500.00: 20000.00`.
pub fn lines(contract: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let line = |line: &Value| {
        let (quantity, unit) = (text(&line["quantity"]["value"]), text(&line["quantity"]["unit"]));
        format!("{quantity} {unit} at {}: {}", text(&line["unit_price"]["amount"]), text(&line["amount"]["amount"]))
    };
    contract["lines"].as_array().expect("lines").iter().map(line).collect()
}

#[tokio::test]
async fn a_quote_that_is_awarded_as_a_whole_becomes_a_contract_that_goes_on_to_its_invoice() {
    let choice = Choice::of(json!({}), json!({"freight": "150", "remarks": "On coils."})).await;
    let (buyer, winner, loser) = (choice.buyer(), &choice.suppliers[0], &choice.suppliers[1]);
    add_bank_account(winner).await;
    let award = choice.awarded(0).await;
    assert_eq!((&award["state"], &award["net"]["amount"]), (&json!("concluded"), &json!("27150.00")));
    assert_eq!((&award["tax"]["amount"], &award["freight"]["amount"]), (&json!("5158.50"), &json!("150.00")));
    assert_eq!(state(buyer, &choice.rfq).await, "awarded");
    let listed = async |by: &Client, side: &str| column(by, &format!("/v1/rfq-awards?side={side}"), "id").await;
    assert_eq!(listed(buyer, "buyer").await, [award["id"].clone()]);
    assert_eq!(listed(&winner.owner, "supplier").await, [award["id"].clone()]);
    assert!(listed(&loser.owner, "supplier").await.is_empty() && listed(buyer, "supplier").await.is_empty());
    assert_eq!(
        (state(&winner.owner, &choice.quotes[0]).await, state(&loser.owner, &choice.quotes[1]).await),
        ("awarded".into(), "not_awarded".into())
    );

    let made = contract(&winner.owner, &award["contract_id"]).await;
    let expected = ["40 TNE at 500.00: 20000.00", "10 TNE at 700.00: 7000.00", "1 C62 at 150.00: 150.00"];
    assert_eq!(lines(&made), expected);
    assert_eq!(
        (&made["origin"]["kind"], &made["origin"]["id"], &made["buyer_id"], &made["seller_id"]),
        (&json!("award"), &award["id"], &json!(choice.tender.buyer.id), &json!(winner.id))
    );
    assert_eq!(
        (&made["incoterm"], &made["incoterm_place"], &made["payment_days"]),
        (&json!("DAP"), &json!("Leipzig"), &json!(30))
    );
    let id = made["id"].as_str().unwrap();
    let text = buyer.get(&format!("/v1/contracts/{id}/text")).await.expect(200).text;
    for said in ["Rolled steel", "On coils.", "LINE-1: 14 days after the contract", "Hot rolled coil"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(told(&choice.app, &winner.owner, "quote.award_concluded").await[0]["contract_id"], made["id"]);
    let lost = told(&choice.app, &loser.owner, "quote.not_awarded").await;
    assert_eq!((lost.len(), &lost[0]["reason"]), (1, &json!("The lowest total.")));
    loser.owner.get(&format!("/v1/contracts/{id}")).await.problem(404, "not-found");
    loser.owner.get(&format!("/v1/rfq-awards/{}", award["id"].as_str().unwrap())).await.problem(404, "not-found");
    assert!(items(&loser.owner, &format!("{}/awards", choice.rfq)).await.is_empty());

    for side in [&winner.owner, buyer] {
        sign(side, id).await.expect(200);
    }
    let delivery = winner.owner.post(&format!("/v1/contracts/{id}/deliveries"), json!({})).await.expect(201).id();
    buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
    let invoice = winner.owner.post("/v1/invoices", json!({"contract_id": id, "issue": true})).await.expect(201).json();
    assert_eq!(invoice["gross"]["amount"], "32308.50");
    // It is decided.
    choice.award(json!([choice.line(1, 1, "1")])).await.problem(409, "wrong-state");
    buyer.post(&format!("{}/cancel", choice.rfq), json!({"reason": "No."})).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn lines_and_parts_of_lines_go_to_several() {
    let choice = Choice::given(json!({})).await;
    let split = json!([choice.line(1, 0, "15"), choice.line(1, 1, "25"), choice.line(2, 0, "10")]);
    let decision = choice.award(split).await.expect(201).json();
    let awards = decision["awards"].as_array().unwrap();
    assert_eq!(awards.len(), 2);
    let of = |company: &Company| awards.iter().find(|one| one["quoter_id"] == company.id).expect("an award");
    let (first, second) = (of(&choice.suppliers[0]), of(&choice.suppliers[1]));
    assert_eq!(first["net"]["amount"], "14500.00");
    assert_eq!(
        lines(&contract(choice.buyer(), &first["contract_id"]).await),
        ["15 TNE at 500.00: 7500.00", "10 TNE at 700.00: 7000.00"]
    );
    assert_eq!(lines(&contract(choice.buyer(), &second["contract_id"]).await), ["25 TNE at 490.00: 12250.00"]);
    assert_eq!(items(choice.buyer(), "/v1/contracts").await.len(), 2);
    // Each winner knows of its own.
    assert_eq!(
        column(&choice.suppliers[0].owner, &format!("{}/awards", choice.rfq), "id").await,
        [first["id"].clone()]
    );
    assert_eq!(items(choice.buyer(), &format!("{}/awards", choice.rfq)).await.len(), 2);
    let won = told(&choice.app, &choice.suppliers[1].owner, "quote.awarded").await;
    assert!(won.len() == 1 && !json!(won).to_string().contains(&choice.suppliers[0].id), "{won:?}");
}

#[tokio::test]
async fn what_is_awarded_is_at_most_what_was_asked_for_and_offered() {
    let choice = Choice::given(json!({})).await;
    let path = format!("{}/award", choice.rfq);
    let over = json!([choice.line(1, 0, "20"), choice.line(1, 1, "20.000001")]);
    let refused = choice.award(over).await.problem(409, "over-award");
    assert_eq!(refused["errors"][0]["pointer"], "/lines");
    choice.award(json!([choice.line(1, 0, "41")])).await.problem(409, "over-award");
    assert_eq!(choice.award(json!([])).await.faults(), ["/lines required"]);
    let odd = json!([
        choice.line(1, 0, "0"), choice.line(9, 0, "1"), choice.line(2, 1, "-1"),
        {"line": 1, "quote_id": "0190b5a0-0000-7000-8000-00000000dead"}, choice.line(2, 1, "1"),
    ]);
    let faults = choice.award(odd).await.faults();
    for pointer in [
        "/lines/0/quantity ",
        "/lines/1/line unknown",
        "/lines/2/quantity ",
        "/lines/3/quote_id unknown",
        "/lines/4 twice",
    ] {
        assert!(faults.iter().any(|fault| fault.starts_with(pointer)), "{pointer}: {faults:?}");
    }
    let both = json!({"quote_id": id_of(&choice.quotes[0]), "lines": [choice.line(1, 0, "1")], "reason": "Both."});
    assert_eq!(choice.buyer().post(&path, both).await.faults(), ["/lines contradiction"]);
    let silent = json!({"quote_id": id_of(&choice.quotes[0]), "reason": " "});
    assert_eq!(choice.buyer().post(&path, silent).await.faults(), ["/reason required"]);
    let body = json!({"quote_id": id_of(&choice.quotes[0]), "reason": "Mine."});
    choice.suppliers[0].owner.post(&path, body.clone()).await.problem(403, "forbidden");
    app_stays_undecided(&choice).await;
    // Twice at once, it is decided once.
    let (one, two) = futures::join!(choice.buyer().post(&path, body.clone()), choice.buyer().post(&path, body.clone()));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(items(choice.buyer(), "/v1/contracts").await.len(), 1);
}

async fn app_stays_undecided(choice: &Choice) {
    assert_eq!(state(choice.buyer(), &choice.rfq).await, "evaluating");
    assert_eq!(choice.app.count("SELECT count(*) FROM rfq_decision").await, 0);
    assert!(items(choice.buyer(), "/v1/contracts").await.is_empty());
}

#[tokio::test]
async fn the_conditions_of_quoters_are_kept() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let supplier = tender.supplier(&app, "Supplier").await;
    let rfq = tender.published(json!({})).await;
    let offers = json!([
        offer(1, "500", json!({"least_quantity": "20", "tiers": [{"from": "40", "unit_price": "480"}]})),
        offer(2, "700", json!({})),
    ]);
    let more = json!({"offers": offers, "least_lines_percent": "100", "whole_discount_percent": "5"});
    let quote = tender.quoted(&supplier, &rfq, &[], more).await;
    tender.evaluated(&app, &rfq).await;
    let line = |line: u16, quantity: &str| json!({"line": line, "quote_id": id_of(&quote), "quantity": quantity});
    let award =
        async |lines: Value| buyer.post(&format!("{rfq}/award"), json!({"lines": lines, "reason": "Some."})).await;
    assert_eq!(award(json!([line(1, "19"), line(2, "10")])).await.faults(), ["/lines/0/quantity below_least"]);
    assert_eq!(award(json!([line(1, "40")])).await.faults(), ["/lines below_least_share"]);
    // In part there is neither the tier nor the discount.
    let decision = award(json!([line(1, "39"), line(2, "10")])).await.expect(201).json();
    let awarded = &decision["awards"][0];
    assert_eq!(
        (&awarded["lines"][0]["unit_price"]["amount"], &awarded["net"]["amount"]),
        (&json!("500.00"), &json!("26500.00"))
    );

    let again = tender.published(json!({})).await;
    let more = json!({"offers": offers, "least_lines_percent": "100", "whole_discount_percent": "5"});
    let quote = tender.quoted(&supplier, &again, &[], more).await;
    tender.evaluated(&app, &again).await;
    let body = json!({"quote_id": id_of(&quote), "reason": "All."});
    let decision = buyer.post(&format!("{again}/award"), body).await.expect(201).json();
    let awarded = &decision["awards"][0];
    // (40 × 480 + 10 × 700) × 0.95
    assert_eq!(
        (&awarded["lines"][0]["discount_percent"], &awarded["net"]["amount"]),
        (&json!("5"), &json!("24890.00"))
    );
    let made = contract(buyer, &awarded["contract_id"]).await;
    assert_eq!(lines(&made), ["40 TNE at 480.00: 18240.00", "10 TNE at 700.00: 6650.00"]);
}

#[tokio::test]
async fn a_quote_is_awarded_while_it_is_open_and_valid() {
    let choice = Choice::given(json!({})).await;
    let tender = &choice.tender;
    let sealed = tender.published(json!({"lines": [line("Coil", "5", json!({}))]})).await;
    let quote = tender.quoted(&choice.suppliers[0], &sealed, &["500"], json!({})).await;
    let body = json!({"quote_id": id_of(&quote), "reason": "Unseen."});
    choice.buyer().post(&format!("{sealed}/award"), body.clone()).await.problem(409, "wrong-state");
    choice.app.pass_deadline(&sealed).await;
    choice.buyer().post(&format!("{sealed}/award"), body).await.problem(409, "wrong-state");
    // A timer alone ends nothing: it is there again for the last day.
    let id = id_of(&choice.quotes[0]);
    choice
        .app
        .sql(&format!("UPDATE timer SET due_at = now() WHERE kind = 'quote.expiry' AND subject_id = '{id}'"))
        .await;
    let again = format!("SELECT count(*) FROM timer WHERE subject_id = '{id}' AND due_at > now() + interval '1 day'");
    choice.app.until(async || choice.app.count(&again).await == 1).await;
    assert_eq!(state(choice.buyer(), &choice.quotes[0]).await, "submitted");
    choice.awarded(0).await;
}

#[tokio::test]
async fn a_quote_ends_with_its_last_day() {
    let choice = Choice::given(json!({})).await;
    choice.app.shared.clock.set(choice.tender.deadline + chrono::TimeDelta::days(62));
    let expired = "SELECT count(*) FROM quote WHERE state = 'expired'";
    choice.app.until(async || choice.app.count(expired).await == 2).await;
    // Tokens have ended as well by then.
    let buyer = choice.app.log_in(&choice.tender.buyer.email).await;
    let body = json!({"quote_id": id_of(&choice.quotes[0]), "reason": "Late."});
    let refused = buyer.post(&format!("{}/award", choice.rfq), body).await.problem(409, "quote-not-standing");
    assert!(refused["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{refused}");
    let quoter = choice.app.log_in(&choice.suppliers[0].email).await;
    assert_eq!(told(&choice.app, &quoter, "quote.expired").await, [json!({"quote_id": id_of(&choice.quotes[0])})]);
}
