//! Awards between their announcement and the contract, and those that come to nothing.

use serde_json::{Value, json};
use tests::client::Client;
use tests::sourcing::{id_of, items, state};

use super::award::Choice;
use super::{column, told};

fn tender_with_standstill() -> Value {
    json!({"procedure": {"standstill_days": 10}})
}

fn path(award: &Value) -> String {
    format!("/v1/rfq-awards/{}", award["id"].as_str().expect("an award"))
}

async fn proposal(by: &Client, rfq: &str) -> Value {
    by.get(&format!("{rfq}/award-proposal")).await.expect(200).json()["lines"].clone()
}

/// The standstill of all awards has ended.
async fn pass_standstill(choice: &Choice) {
    let late = "UPDATE rfq_award SET standstill_until = now() - interval '1 minute' WHERE standstill_until IS NOT NULL;
                UPDATE timer SET due_at = now() WHERE kind = 'rfq_award.conclude'";
    choice.app.sql(late).await;
}

#[tokio::test]
async fn a_contract_is_made_once_the_standstill_has_ended_and_once_only() {
    let choice = Choice::given(tender_with_standstill()).await;
    let (buyer, winner) = (choice.buyer(), &choice.suppliers[1]);
    let award = choice.awarded(1).await;
    let day = choice.app.shared.clock.now().date_naive() + chrono::Days::new(11);
    assert_eq!((&award["state"], &award["contract_id"]), (&json!("announced"), &Value::Null));
    assert_eq!(award["standstill_until"], format!("{day}T00:00:00.000000Z"));
    assert_eq!(
        told(&choice.app, &choice.suppliers[0].owner, "quote.not_awarded").await[0]["standstill_until"],
        award["standstill_until"]
    );
    // The timer comes too soon: it is there again for the end.
    choice.app.sql("UPDATE timer SET due_at = now() WHERE kind = 'rfq_award.conclude'").await;
    let again = "SELECT count(*) FROM timer WHERE kind = 'rfq_award.conclude' AND due_at > now() + interval '1 day'";
    choice.app.until(async || choice.app.count(again).await == 1).await;
    assert!(items(buyer, "/v1/contracts").await.is_empty());

    pass_standstill(&choice).await;
    choice.app.until(async || state(buyer, &path(&award)).await == "concluded").await;
    let made = column(buyer, "/v1/contracts", "id").await;
    assert_eq!(made, [buyer.get(&path(&award)).await.json()["contract_id"].clone()]);
    // Done again it changes nothing.
    let twice = format!(
        "INSERT INTO timer (kind, subject_id, due_at) VALUES ('rfq_award.conclude', '{}', now())",
        award["decision_id"].as_str().unwrap()
    );
    choice.app.sql(&twice).await;
    choice
        .app
        .until(async || choice.app.count("SELECT count(*) FROM timer WHERE kind = 'rfq_award.conclude'").await == 0)
        .await;
    assert_eq!(items(buyer, "/v1/contracts").await.len(), 1);
    let why = json!({"reason": "Too late."});
    winner.owner.post(&format!("{}/decline", path(&award)), why.clone()).await.problem(409, "wrong-state");
    buyer.post(&format!("{}/rescind", path(&award)), why).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn where_a_winner_declines_the_next_best_is_proposed() {
    let choice = Choice::given(tender_with_standstill()).await;
    let (buyer, winner, next) = (choice.buyer(), &choice.suppliers[1], &choice.suppliers[0]);
    assert_eq!(proposal(buyer, &choice.rfq).await, json!([]));
    let award = choice.awarded(1).await;
    let (decline, why) = (format!("{}/decline", path(&award)), json!({"reason": "Our mill is closed."}));
    next.owner.post(&decline, why.clone()).await.problem(404, "not-found");
    buyer.post(&decline, why.clone()).await.problem(403, "forbidden");
    assert_eq!(winner.owner.post(&decline, json!({})).await.faults(), ["/reason required"]);
    let declined = winner.owner.post(&decline, why.clone()).await.expect(200).json();
    assert_eq!((&declined["state"], &declined["end_reason"]), (&json!("declined"), &why["reason"]));
    winner.owner.post(&decline, why.clone()).await.problem(409, "wrong-state");
    assert_eq!(told(&choice.app, buyer, "quote.award_declined").await[0]["reason"], why["reason"]);
    assert_eq!(
        (state(&winner.owner, &choice.quotes[1]).await, state(buyer, &choice.rfq).await),
        ("declined".into(), "evaluating".into())
    );

    let lines = proposal(buyer, &choice.rfq).await;
    let expected = json!([
        {"line": 1, "quote_id": id_of(&choice.quotes[0]), "variant": 0, "quantity": "40"},
        {"line": 2, "quote_id": id_of(&choice.quotes[0]), "variant": 0, "quantity": "10"},
    ]);
    assert_eq!(lines, expected);
    next.owner.get(&format!("{}/award-proposal", choice.rfq)).await.problem(403, "forbidden");
    // Who has declined is not asked again.
    choice.award(json!([choice.line(1, 1, "40")])).await.problem(409, "quote-not-standing");
    let second = choice.award(lines).await.expect(201).json();
    assert_eq!(
        (&second["awards"][0]["state"], &second["awards"][0]["quoter_id"]),
        (&json!("announced"), &json!(next.id))
    );
    assert_eq!(proposal(buyer, &choice.rfq).await, json!([]));
    pass_standstill(&choice).await;
    choice.app.until(async || items(buyer, "/v1/contracts").await.len() == 1).await;
    assert_eq!(items(&next.owner, "/v1/contracts").await.len(), 1);
    assert!(items(&winner.owner, "/v1/contracts").await.is_empty());
}

#[tokio::test]
async fn where_one_of_several_declines_the_others_keep_what_they_have() {
    let choice = Choice::given(tender_with_standstill()).await;
    let buyer = choice.buyer();
    let split = json!([choice.line(1, 0, "15"), choice.line(1, 1, "25"), choice.line(2, 0, "10")]);
    let decision = choice.award(split).await.expect(201).json();
    let awards = decision["awards"].as_array().unwrap();
    let of = |index: usize| awards.iter().find(|one| one["quoter_id"] == choice.suppliers[index].id).expect("an award");
    let why = json!({"reason": "Too little."});
    choice.suppliers[1].owner.post(&format!("{}/decline", path(of(1))), why).await.expect(200);
    assert_eq!(state(buyer, &path(of(0))).await, "announced");
    // What it had falls to the one that is left, which offers more than it was awarded.
    let lines = proposal(buyer, &choice.rfq).await;
    assert_eq!(lines, json!([{"line": 1, "quote_id": id_of(&choice.quotes[0]), "variant": 0, "quantity": "25"}]));
    choice.award(json!([choice.line(1, 0, "25.5")])).await.problem(409, "over-award");
    let second = choice.award(lines).await.expect(201).json();
    assert_eq!(second["awards"][0]["net"]["amount"], "12500.00");
    pass_standstill(&choice).await;
    choice.app.until(async || items(buyer, "/v1/contracts").await.len() == 2).await;
    assert_eq!(items(&choice.suppliers[0].owner, "/v1/contracts").await.len(), 2);
}

#[tokio::test]
async fn an_award_that_is_taken_back_can_be_made_anew() {
    let choice = Choice::given(tender_with_standstill()).await;
    let (buyer, winner) = (choice.buyer(), &choice.suppliers[1]);
    let award = choice.awarded(1).await;
    let (rescind, why) = (format!("{}/rescind", path(&award)), json!({"reason": "An objection was right."}));
    winner.owner.post(&rescind, why.clone()).await.problem(403, "forbidden");
    let rescinded = buyer.post(&rescind, why.clone()).await.expect(200).json();
    assert_eq!((&rescinded["state"], &rescinded["end_reason"]), (&json!("rescinded"), &why["reason"]));
    assert_eq!(told(&choice.app, &winner.owner, "quote.award_rescinded").await[0]["reason"], why["reason"]);
    assert_eq!(
        (state(buyer, &choice.rfq).await, state(&winner.owner, &choice.quotes[1]).await),
        ("evaluating".into(), "not_awarded".into())
    );
    assert_eq!(choice.app.count("SELECT count(*) FROM timer WHERE kind = 'rfq_award.conclude'").await, 0);
    assert_eq!(
        choice.app.count("SELECT count(*) FROM timer WHERE kind = 'quote.expiry'").await,
        2,
        "quotes end with their last day"
    );
    let again = choice.awarded(1).await;
    assert_eq!(again["state"], "announced");
    assert_eq!(items(buyer, &format!("{}/awards", choice.rfq)).await.len(), 2);
    assert_eq!(items(&winner.owner, &format!("{}/awards", choice.rfq)).await.len(), 2);
    pass_standstill(&choice).await;
    choice.app.until(async || items(buyer, "/v1/contracts").await.len() == 1).await;
    assert_eq!(state(buyer, &path(&award)).await, "rescinded");
}
