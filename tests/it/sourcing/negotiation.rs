use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Answer;
use tests::given::Company;
use tests::sourcing::{Tender, id_of, items, time};

use super::{column, told};

/// A request that is evaluated, and a quote to it at 500 and 700 euros.
struct Bargain {
    app: TestApp,
    tender: Tender,
    supplier: Company,
    rfq: String,
    quote: String,
}

impl Bargain {
    async fn begin(more: Value) -> Self {
        let app = TestApp::start().await;
        let tender = app.tender().await;
        let supplier = tender.supplier(&app, "Supplier").await;
        let rfq = tender.published(more).await;
        let quote = tender.quoted(&supplier, &rfq, &["500", "700"], json!({"freight": "100"})).await;
        tender.evaluated(&app, &rfq).await;
        Self { app, tender, supplier, rfq, quote }
    }

    async fn buyer(&self, step: &str, body: Value) -> Answer {
        self.tender.buyer.owner.post(&format!("{}/{step}", self.quote), body).await
    }

    async fn quoter(&self, step: &str, body: Value) -> Answer {
        self.supplier.owner.post(&format!("{}/{step}", self.quote), body).await
    }

    async fn prices(&self) -> Vec<Value> {
        let quote = self.tender.buyer.owner.get(&self.quote).await.expect(200).json();
        quote["content"]["offers"].as_array().unwrap().iter().map(|one| one["unit_price"].clone()).collect()
    }
}

fn price(line: u16, price: &str) -> Value {
    json!({"lines": [{"line": line, "unit_price": price}]})
}

#[tokio::test]
async fn both_sides_make_offers_and_what_is_agreed_on_is_the_next_revision() {
    let bargain = Bargain::begin(json!({})).await;
    bargain.quoter("counter", price(1, "490")).await.problem(409, "wrong-state");
    let first = bargain.buyer("counter", price(1, "450")).await.expect(200).json();
    assert_eq!((&first["state"], &first["versions"][0]["by"]), (&json!("quoter_to_answer"), &json!("buyer")));
    assert_eq!(first["versions"][0]["freight"], json!({"amount": "100.00", "currency": "EUR"}));
    // It is the other side's turn.
    for step in ["counter", "accept", "reject-counter"] {
        let body = if step == "counter" { price(1, "440") } else { json!({}) };
        bargain.buyer(step, body).await.problem(409, "wrong-state");
    }
    bargain.quoter("withdraw-counter", json!({})).await.problem(409, "wrong-state");
    let lines = json!([{"line": 1, "unit_price": "480", "lead_time_days": 7}, {"line": 2, "unit_price": "690"}]);
    let more = json!({"lines": lines, "freight": "80"});
    let second = bargain.quoter("counter", more).await.expect(200).json();
    assert_eq!((&second["state"], &second["versions"][1]["version"]), (&json!("buyer_to_answer"), &json!(2)));
    assert_eq!(bargain.buyer("counter", json!({})).await.faults(), [" unchanged"]);
    // Lines that are not named stay as in the offer before.
    let third = bargain.buyer("counter", price(1, "470")).await.expect(200).json();
    let lines = &third["versions"][2]["lines"];
    assert_eq!((&lines[0]["unit_price"], &lines[1]["unit_price"]), (&json!("470"), &json!("690")));
    assert_eq!((&lines[0]["lead_time_days"], &third["versions"][2]["freight"]["amount"]), (&json!(7), &json!("80.00")));
    let agreed = bargain.quoter("accept", json!({})).await.expect(200).json();
    assert_eq!((&agreed["state"], agreed["versions"].as_array().unwrap().len()), (&json!("accepted"), 3));
    bargain.quoter("accept", json!({})).await.problem(409, "wrong-state");

    let quote = bargain.tender.buyer.owner.get(&bargain.quote).await.expect(200).json();
    assert_eq!((&quote["revision"], &quote["state"]), (&json!(2), &json!("submitted")));
    assert_eq!(
        (&quote["content"]["offers"][0]["unit_price"], &quote["content"]["freight"]),
        (&json!("470"), &json!("80.00"))
    );
    assert_eq!(quote["content"]["offers"][0]["lead_time_days"], 7);
    let kinds = column(&bargain.supplier.owner, &format!("{}/revisions", bargain.quote), "kind").await;
    assert_eq!(kinds, ["submitted", "negotiated"]);
    let compared = bargain.tender.buyer.owner.get(&format!("{}/comparison", bargain.rfq)).await.expect(200).json();
    // (40 × 470 + 10 × 690 + 80) × 1.19
    assert_eq!(compared["quotes"][0]["total"]["amount"], "30678.20");
    assert_eq!(told(&bargain.app, &bargain.supplier.owner, "quote.countered").await.len(), 3);
    assert_eq!(told(&bargain.app, &bargain.tender.buyer.owner, "quote.counter_accepted").await[0]["revision"], 2);
    // Another one may follow.
    bargain.buyer("counter", price(1, "465")).await.expect(200);
    assert_eq!(items(&bargain.supplier.owner, &format!("{}/negotiations", bargain.quote)).await.len(), 2);
}

#[tokio::test]
async fn what_is_rejected_or_taken_back_leaves_the_quote_as_it_was() {
    let bargain = Bargain::begin(json!({})).await;
    bargain.quoter("reject-counter", json!({})).await.problem(409, "wrong-state");
    bargain.buyer("counter", price(1, "450")).await.expect(200);
    assert_eq!(bargain.quoter("reject-counter", json!({})).await.expect(200).json()["state"], "rejected");
    bargain.buyer("counter", price(1, "460")).await.expect(200);
    assert_eq!(bargain.buyer("withdraw-counter", json!({})).await.expect(200).json()["state"], "withdrawn");
    bargain.buyer("counter", price(1, "460")).await.expect(200);
    bargain.quoter("counter", price(1, "495")).await.expect(200);
    assert_eq!(bargain.quoter("withdraw-counter", json!({})).await.expect(200).json()["state"], "withdrawn");
    bargain.buyer("counter", price(1, "460")).await.expect(200);
    bargain.quoter("counter", price(1, "495")).await.expect(200);
    assert_eq!(bargain.buyer("reject-counter", json!({})).await.expect(200).json()["state"], "rejected");
    assert_eq!(bargain.prices().await, ["500", "700"]);
    let states = column(&bargain.tender.buyer.owner, &format!("{}/negotiations", bargain.quote), "state").await;
    assert_eq!(states, ["rejected", "withdrawn", "withdrawn", "rejected"]);
}

#[tokio::test]
async fn an_offer_that_nobody_answers_expires() {
    let bargain = Bargain::begin(json!({})).await;
    let made = bargain.buyer("counter", price(1, "450")).await.expect(200).json();
    let at = time(bargain.app.shared.clock.now());
    let late = format!(
        "UPDATE quote_negotiation SET expires_at = '{at}',
             content = jsonb_set(content, '{{versions,0,expires_at}}', '\"{at}\"')"
    );
    bargain.app.sql(&late).await;
    bargain.quoter("accept", json!({})).await.problem(409, "proposal-expired");
    bargain.buyer("withdraw-counter", json!({})).await.problem(409, "proposal-expired");
    bargain.app.sql("UPDATE timer SET due_at = now() WHERE kind = 'quote_negotiation.expiry'").await;
    let path = format!("{}/negotiations", bargain.quote);
    bargain.app.until(async || items(&bargain.supplier.owner, &path).await[0]["state"] == "expired").await;
    let said = told(&bargain.app, &bargain.supplier.owner, "quote.negotiation_expired").await;
    assert_eq!(said[0]["negotiation_id"], made["id"]);
    assert_eq!(bargain.prices().await, ["500", "700"]);
    bargain.buyer("counter", price(1, "460")).await.expect(200);
}

#[tokio::test]
async fn a_counter_offer_is_judged_by_the_quote_with_all_faults() {
    let bargain = Bargain::begin(json!({})).await;
    let odd = json!({
        "lines": [{"line": 9, "unit_price": "450"}, {"line": 1, "variant": 1, "unit_price": "450"},
            {"line": 2, "unit_price": "0"},
            {"line": 1, "unit_price": "450.0000001"}, {"line": 1, "unit_price": "450"}],
        "freight": "-1", "expires_at": format!("{}T10:00:00Z", bargain.tender.day(90))
    });
    let faults = bargain.buyer("counter", odd).await.faults();
    for expected in [
        "/freight negative",
        "/lines/0/line unknown",
        "/lines/1/line unknown",
        "/lines/2/unit_price not_positive",
        "/lines/3/unit_price too_precise",
        "/lines/4 twice",
        "/expires_at beyond_validity",
    ] {
        assert!(faults.contains(&expected.to_owned()), "{expected}: {faults:?}");
    }
    let past = json!({"lines": [{"line": 1, "unit_price": "450"}], "expires_at": "2020-01-01T00:00:00Z"});
    let faults = bargain.buyer("counter", past).await.faults();
    assert!(faults.len() == 1 && faults[0].starts_with("/expires_at "), "{faults:?}");
}

#[tokio::test]
async fn a_bargain_is_between_its_two_sides() {
    let bargain = Bargain::begin(json!({})).await;
    let rival = bargain.tender.supplier(&bargain.app, "Rival").await.owner;
    bargain.buyer("counter", price(1, "450")).await.expect(200);
    for step in ["counter", "accept", "reject-counter", "withdraw-counter"] {
        let body = if step == "counter" { price(1, "440") } else { json!({}) };
        rival.post(&format!("{}/{step}", bargain.quote), body.clone()).await.problem(404, "not-found");
        let operator = bargain.app.operator().await;
        operator.post(&format!("{}/{step}", bargain.quote), body).await.problem(403, "forbidden");
    }
    rival.get(&format!("{}/negotiations", bargain.quote)).await.problem(404, "not-found");
    let seller = bargain.app.person(&bargain.supplier, &["viewer"]).await.owner;
    seller.post(&format!("{}/accept", bargain.quote), json!({})).await.problem(403, "forbidden");
    let machine = bargain.app.machine(&bargain.supplier, &["sourcing:quote"]).await;
    machine.post(&format!("{}/accept", bargain.quote), json!({})).await.expect(200);
}

#[tokio::test]
async fn where_there_is_one_round_nothing_is_negotiated() {
    let bargain = Bargain::begin(json!({"procedure": {"rounds": 1}})).await;
    bargain.buyer("counter", price(1, "450")).await.problem(409, "wrong-state");
    // Nor before the opening, nor once it is decided.
    let tender = &bargain.tender;
    let rfq = tender.published(json!({})).await;
    let quote = tender.quoted(&bargain.supplier, &rfq, &["500", "700"], json!({})).await;
    let buyer = &tender.buyer.owner;
    buyer.post(&format!("{quote}/counter"), price(1, "450")).await.problem(404, "not-found");
    tender.evaluated(&bargain.app, &rfq).await;
    buyer.post(&format!("{quote}/counter"), price(1, "450")).await.expect(200);
    buyer.post(&format!("{rfq}/award"), json!({"quote_id": id_of(&quote), "reason": "Best."})).await.expect(201);
    bargain.supplier.owner.post(&format!("{quote}/accept"), json!({})).await.problem(409, "wrong-state");
    let states = column(buyer, &format!("{quote}/negotiations"), "state").await;
    assert_eq!(states, ["withdrawn"], "the open offer ended with the award");
}
