use chrono::{Datelike, Days};
use futures::future::join_all;
use serde_json::{Value, json};
use tests::client::{Answer, Client};
use tests::sourcing::{id_of, items, state};
use tests::trade::sign;

use super::award::{Choice, contract, lines};
use super::{column, told};

/// An agreement of a year over 40 t of coil at 490 and 10 t of sheet at 720 euros, in force since some days.
struct Agreed {
    choice: Choice,
    path: String,
}

impl Agreed {
    async fn in_force() -> Self {
        let agreed = Self::of_a_year().await;
        agreed.begin(-5, 360).await;
        agreed
    }

    async fn of_a_year() -> Self {
        let today = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).date_naive();
        let start = (today + Days::new(75)).with_day(1).expect("a first day");
        let more = json!({
            "procedure": {"outcome": "framework", "standstill_days": 0}, "framework_months": 12,
            "deadlines": {"quotes": format!("{}T10:00:00Z", start - Days::new(20)), "start": start},
        });
        let choice = Choice::given(more).await;
        let award = choice.awarded(1).await;
        let path = format!("/v1/framework-agreements/{}", award["framework_id"].as_str().expect("an agreement"));
        Self { choice, path }
    }

    /// Moves its period, in days from today.
    async fn begin(&self, first_day: i64, ends_on: i64) {
        let today = self.choice.app.shared.clock.now().date_naive();
        let day = |days: i64| today + chrono::TimeDelta::days(days);
        let (first, end) = (day(first_day), day(ends_on));
        self.choice
            .app
            .sql(&format!(
                "UPDATE framework_agreement SET first_day = '{first}', ends_on = '{end}',
                     content = content || '{{\"first_day\": \"{first}\", \"ends_on\": \"{end}\"}}'"
            ))
            .await;
    }

    async fn call_off(&self, line: u16, quantity: &str) -> Answer {
        let lines = json!([{"line": line, "quantity": quantity}]);
        self.by(self.choice.buyer(), json!({"lines": lines})).await
    }

    async fn by(&self, by: &Client, body: Value) -> Answer {
        by.post(&format!("{}/call-offs", self.path), body).await
    }

    async fn left(&self) -> Vec<Value> {
        let shown = self.choice.buyer().get(&self.path).await.expect(200).json();
        shown["lines"].as_array().unwrap().iter().map(|line| line["left"]["value"].clone()).collect()
    }
}

#[tokio::test]
async fn orders_are_called_off_from_an_agreement_until_it_is_used_up() {
    let agreed = Agreed::in_force().await;
    let (buyer, seller) = (agreed.choice.buyer(), &agreed.choice.suppliers[1].owner);
    let shown = seller.get(&agreed.path).await.expect(200).json();
    assert_eq!((&shown["state"], &shown["lines"][0]["agreed"]["value"]), (&json!("in_force"), &json!("40")));
    let body = json!({"lines": [{"line": 1, "quantity": "12500", "unit": "KGM"}, {"line": 2, "quantity": "4"}],
        "delivery_date": agreed.choice.tender.day(90), "buyer_reference": "Plant 7"});
    let made = agreed.by(buyer, body).await.expect(201).json();
    let deal = contract(seller, &made["contract_id"]).await;
    assert_eq!(lines(&deal), ["12.5 TNE at 490.00: 6125.00", "4 TNE at 720.00: 2880.00"]);
    assert_eq!(
        (&deal["origin"]["kind"], &deal["delivery_date"]),
        (&json!("call_off"), &json!(agreed.choice.tender.day(90)))
    );
    let text =
        buyer.get(&format!("/v1/contracts/{}/text", made["contract_id"].as_str().unwrap())).await.expect(200).text;
    assert!(text.contains("Plant 7") && text.contains(id_of(&agreed.path)), "{text}");
    assert_eq!(agreed.left().await, ["27.5", "6"]);

    let over = agreed.call_off(1, "27.500001").await.problem(409, "over-call-off");
    assert_eq!(over["errors"][0]["pointer"], "/lines/0/quantity");
    agreed.call_off(1, "27.5").await.expect(201);
    agreed.call_off(1, "0.000001").await.problem(409, "over-call-off");
    assert_eq!(state(buyer, &agreed.path).await, "in_force");
    agreed.call_off(2, "6").await.expect(201);
    assert_eq!(state(buyer, &agreed.path).await, "used_up");
    assert_eq!(agreed.left().await, ["0", "0"]);
    assert_eq!(items(seller, &format!("{}/call-offs", agreed.path)).await.len(), 3);
    assert_eq!(told(&agreed.choice.app, seller, "framework_agreement.called_off").await.len(), 3);
}

#[tokio::test]
async fn two_orders_at_once_do_not_both_take_what_is_left() {
    let agreed = Agreed::in_force().await;
    let answers = join_all((0..8).map(|_| agreed.call_off(1, "15"))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|one| one.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 409, 409, 409, 409, 409, 409]);
    assert_eq!(agreed.left().await, ["10", "10"]);
    assert_eq!(items(agreed.choice.buyer(), "/v1/contracts").await.len(), 2);
}

#[tokio::test]
async fn what_was_given_up_can_be_called_off_again() {
    let agreed = Agreed::in_force().await;
    let (buyer, seller) = (agreed.choice.buyer(), &agreed.choice.suppliers[1].owner);
    let made = agreed.call_off(1, "40").await.expect(201).json();
    let id = made["contract_id"].as_str().unwrap();
    sign(buyer, id).await.expect(200);
    assert_eq!(agreed.left().await, ["0", "10"]);
    for side in [buyer, seller] {
        side.post(&format!("/v1/contracts/{id}/cancel"), json!({"reason": "Not needed."})).await.expect(200);
    }
    assert_eq!(agreed.left().await, ["40", "10"]);
    assert_eq!(column(buyer, &format!("{}/call-offs", agreed.path), "contract_state").await, ["cancelled"]);
    agreed.call_off(1, "40").await.expect(201);
}

#[tokio::test]
async fn orders_are_called_off_in_the_period_of_the_agreement_and_by_its_buyer() {
    let agreed = Agreed::of_a_year().await;
    let (buyer, seller) = (agreed.choice.buyer(), &agreed.choice.suppliers[1].owner);
    assert!(items(buyer, "/v1/contracts").await.is_empty(), "an agreement alone obliges to nothing");
    assert_eq!(state(buyer, &agreed.path).await, "not_begun");
    agreed.call_off(1, "1").await.problem(409, "outside-period");
    agreed.begin(0, 1).await;
    assert_eq!(state(buyer, &agreed.path).await, "in_force");
    agreed.call_off(1, "1").await.expect(201);
    agreed.begin(-30, 0).await;
    assert_eq!(state(buyer, &agreed.path).await, "ended");
    agreed.call_off(1, "1").await.problem(409, "outside-period");

    agreed.begin(-30, 30).await;
    let body = json!({"lines": [{"line": 1, "quantity": "1"}]});
    agreed.by(seller, body.clone()).await.problem(403, "forbidden");
    let viewer = agreed.choice.app.person(&agreed.choice.tender.buyer, &["viewer"]).await.owner;
    agreed.by(&viewer, body.clone()).await.problem(403, "forbidden");
    let loser = &agreed.choice.suppliers[0].owner;
    agreed.by(loser, body).await.problem(404, "not-found");
    loser.get(&agreed.path).await.problem(404, "not-found");
    loser.get(&format!("{}/call-offs", agreed.path)).await.problem(404, "not-found");
    assert!(items(loser, "/v1/framework-agreements").await.is_empty());
    assert_eq!(column(seller, "/v1/framework-agreements", "id").await, [json!(id_of(&agreed.path))]);
    let odd = json!({
        "lines": [
            {"line": 9, "quantity": "1"}, {"line": 1, "quantity": "1", "unit": "XYZ"}, {"line": 1, "quantity": "0"},
        ],
        "delivery_date": "2020-01-01"});
    let faults = agreed.by(buyer, odd).await.faults();
    assert_eq!(
        faults,
        ["/delivery_date in_past", "/lines/0/line unknown", "/lines/1/unit unit", "/lines/2/quantity not_positive"]
    );
    let pieces = json!({"lines": [{"line": 1, "quantity": "1", "unit": "C62"}]});
    agreed.by(buyer, pieces).await.problem(422, "unit-mismatch");
}

#[tokio::test]
async fn an_agreement_has_a_beginning_and_a_length_and_nothing_beside_its_prices() {
    let agreed = Agreed::of_a_year().await;
    let tender = &agreed.choice.tender;
    let body = tender.request(json!({"procedure": {"preset": "framework"}}));
    let refused = tender.buyer.owner.post(&tender.path("rfqs"), body).await;
    assert_eq!(refused.faults(), ["/deadlines/start required", "/framework_months required"]);
    let more = json!({"procedure": {"preset": "framework"}, "framework_months": 12,
        "deadlines": {"quotes": format!("{}T10:00:00Z", tender.day(0)), "start": tender.day(10)}});
    let rfq = tender.published(more).await;
    let more = json!({"freight": "10", "incoterm": "EXW", "place": "Dortmund"});
    let quote = tender.quote(&["500", "700"], more);
    let refused = agreed.choice.suppliers[0].owner.post(&format!("{rfq}/quotes?submit=true"), quote).await;
    assert_eq!(refused.faults(), ["/freight not_taken", "/incoterm covers_less"]);
    let shown = tender.buyer.owner.get(&agreed.path).await.expect(200).json();
    let (first, end) = (shown["first_day"].as_str().unwrap(), shown["ends_on"].as_str().unwrap());
    assert_eq!((&first[5..], first[..4].parse::<i32>().unwrap() + 1), (&end[5..], end[..4].parse::<i32>().unwrap()));
}
