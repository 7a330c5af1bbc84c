//! The tenders of the demonstration data: requests in every state, and eight quotes for steel that can be compared.

use std::collections::BTreeMap;

use api::seed::sourcing::{BUYER, PORTAL, QUOTER};
use api::seed::{buyer_email_of, email_of};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::sourcing::items;

const GLOMMA: &str = "Glomma Wagon Works";

async fn log_in(app: &TestApp, email: &str) -> Client {
    let body = json!({"email": email, "password": api::seed::PASSWORD});
    let answer = app.anonymous().post("/v1/sessions", body).await.expect(201);
    app.anonymous().with_token(answer.json()["access_token"].as_str().unwrap())
}

/// The requests that somebody may know of, by title: identifier and state.
async fn requests(by: &Client) -> BTreeMap<String, (String, String)> {
    let text = |one: &Value, member: &str| one[member].as_str().unwrap().to_owned();
    let all = items(by, &format!("/v1/portals/{PORTAL}/rfqs?limit=200")).await;
    all.iter().map(|one| (text(one, "title"), (text(one, "id"), text(one, "state")))).collect()
}

fn titled<'a>(requests: &'a BTreeMap<String, (String, String)>, title: &str) -> (String, &'a str) {
    let found = requests.iter().find(|(known, _)| known.starts_with(title));
    let (_, (id, state)) = found.unwrap_or_else(|| panic!("no request `{title}` among {requests:?}"));
    (format!("/v1/rfqs/{id}"), state)
}

#[tokio::test]
async fn there_are_requests_in_every_state_and_of_every_preset() {
    let app = TestApp::demonstration().await;
    let (aare, glomma) = (log_in(&app, BUYER).await, log_in(&app, &email_of(GLOMMA)).await);
    let expected = [
        (&aare, ["Welding", "Stretch", "Galvanised", "Flat", "Cold", "Plate"]),
        (&glomma, ["Pallets", "Beams", "Weathering", "Laser", "Chequer", "Rails"]),
    ];
    let states = [
        ["draft", "published", "questions_closed", "evaluating", "awarded", "awarded"],
        ["published", "questions_closed", "closed", "evaluating", "awarded", "cancelled"],
    ];
    for ((by, titles), states) in expected.into_iter().zip(states) {
        let own = requests(by).await;
        assert_eq!(own.len(), titles.len(), "{own:?}");
        assert_eq!(titles.map(|title| titled(&own, title).1), states);
    }
    let of = |what: &str| format!("SELECT count(*) FROM rfq WHERE terms->'procedure'->>{what}");
    assert!(app.count(&of("'envelopes' = 'two'")).await == 1 && app.count(&of("'outcome' = 'framework'")).await == 1);
    // Amended, one quote was confirmed, one revised, and one lapsed.
    let kinds = "SELECT count(*) FROM quote_revision WHERE kind = 'confirmed'";
    assert_eq!((app.count(kinds).await, app.count("SELECT count(*) FROM quote WHERE state = 'lapsed'").await), (1, 1));
    assert_eq!(app.count("SELECT count(*) FROM rfq_question WHERE answer IS NOT NULL").await, 7);
    assert_eq!(items(&aare, "/v1/rfq-templates").await[0]["name"], "Flat steel, quarterly");
    // Nobody was told more than they may know: a sealed quote is its quoter's own.
    let (galvanised, _) = titled(&requests(&aare).await, "Galvanised");
    assert_eq!(items(&aare, &format!("{galvanised}/quotes")).await, Vec::<Value>::new());
    assert_eq!(items(&aare, &format!("{galvanised}/commitments")).await.len(), 2);
}

#[tokio::test]
async fn eight_quotes_for_steel_are_compared_and_one_is_bargained_over() {
    let app = TestApp::demonstration().await;
    let aare = log_in(&app, BUYER).await;
    let (path, _) = titled(&requests(&aare).await, "Flat steel");
    let compared = aare.get(&format!("{path}/comparison")).await.expect(200).json();
    let quotes = compared["quotes"].as_array().unwrap();
    assert_eq!((quotes.len(), compared["lines"].as_array().unwrap().len()), (8, 6));
    let currencies: Vec<&str> = quotes.iter().map(|quote| quote["currency"].as_str().unwrap()).collect();
    assert!(currencies.contains(&"CZK") && currencies.contains(&"USD"), "{currencies:?}");
    let quote = |id: &Value| quotes.iter().find(|quote| quote["quote_id"] == *id).unwrap();
    let ranking = compared["ranking"].as_array().unwrap().iter();
    let ranked: Vec<&Value> = ranking.map(|id| &quote(id)["quoter"]).collect();
    assert_eq!(ranked, ["Maas en Peel Staal", "Klodnica Blachy", "Ruhrort Stahlkontor", "Ostravice Rolling Mill"]);
    // 120 × 631 + 60 × 699 + 45 × 739 + 38 × 756 + 55 × 727 + 12 × 818, what was priced by the kilogram included.
    let klodnica = quotes.iter().find(|quote| quote["quoter"] == "Klodnica Blachy").unwrap();
    assert_eq!(klodnica["total"], json!({"amount": "229444.00", "currency": "EUR"}));
    assert_eq!(compared["best_total"]["shares"][0]["quote_id"], compared["ranking"][0]);

    // The buyer may take what Maas has offered last; that becomes its quote.
    let maas = compared["ranking"][0].as_str().unwrap();
    let bargained = items(&aare, &format!("/v1/quotes/{maas}/negotiations")).await;
    assert_eq!(bargained[0]["state"], "buyer_to_answer");
    aare.post(&format!("/v1/quotes/{maas}/accept"), json!({})).await.expect(200);
    let award = json!({"quote_id": maas, "reason": "The best score."});
    let awards = aare.post(&format!("{path}/award"), award).await.expect(201).json()["awards"].clone();
    assert_eq!(awards[0]["lines"][0]["unit_price"], json!({"amount": "618.00", "currency": "EUR"}));
    assert!(awards[0]["contract_id"].is_string(), "{awards}");
}

#[tokio::test]
async fn what_was_awarded_became_contracts_and_an_agreement() {
    let app = TestApp::demonstration().await;
    let (aare, glomma) = (log_in(&app, BUYER).await, log_in(&app, &email_of(GLOMMA)).await);
    let (own, of_glomma) = (requests(&aare).await, requests(&glomma).await);
    let awards = async |by: &Client, requests, title| items(by, &format!("{}/awards", titled(requests, title).0)).await;
    let split = awards(&aare, &own, "Cold rolled").await;
    assert_eq!(split.len(), 2);
    let mut states = Vec::new();
    for award in &split {
        let contract = aare.get(&format!("/v1/contracts/{}", award["contract_id"].as_str().unwrap())).await;
        states.push(contract.expect(200).json()["state"].clone());
    }
    assert_eq!(states, ["awaiting_signatures", "active"]);
    let waiting = awards(&glomma, &of_glomma, "Chequer").await;
    assert_eq!((&waiting[0]["state"], &waiting[0]["contract_id"]), (&json!("announced"), &Value::Null));
    let agreed = items(&aare, "/v1/framework-agreements").await;
    assert_eq!((agreed.len(), &agreed[0]["state"]), (1, &json!("in_force")));
    assert_eq!(agreed[0]["lines"][2]["used"], json!({"value": "9.6", "unit": "TNE"}));
    // Those who quoted have their letters: Klodnica was awarded once, and passed over twice.
    let klodnica = log_in(&app, QUOTER).await;
    assert_eq!(items(&klodnica, "/v1/documents?subject_kind=rfq").await.len(), 3);
}

#[tokio::test]
async fn the_second_of_two_opens_what_waits() {
    let app = TestApp::demonstration().await;
    let (owner, buyer) = (log_in(&app, &email_of(GLOMMA)).await, log_in(&app, &buyer_email_of(GLOMMA)).await);
    let (path, _) = titled(&requests(&owner).await, "Weathering");
    buyer.post(&format!("{path}/open"), json!({})).await.problem(409, "second-person-needed");
    assert_eq!(items(&owner, &format!("{path}/quotes")).await.len(), 0);
    let opened = owner.post(&format!("{path}/open"), json!({})).await.expect(200).json();
    assert_eq!((&opened["is_open"], &opened["quotes"]), (&json!(true), &json!(3)));
    assert_eq!(items(&owner, &format!("{path}/quotes")).await.len(), 3);
}

#[tokio::test]
async fn whoever_comes_can_quote() {
    let app = TestApp::demonstration().await;
    let klodnica = log_in(&app, QUOTER).await;
    let (path, state) = {
        let seen = requests(&klodnica).await;
        let (path, state) = titled(&seen, "Pallets");
        (path, state.to_owned())
    };
    assert_eq!(state, "published");
    let until = app.shared.clock.now() + chrono::TimeDelta::days(60);
    let body = json!({"version": 1, "currency": "EUR", "valid_until": until.date_naive(), "tax_rate": "0",
        "offers": [{"line": 1, "unit_price": "12.10", "lead_time_days": 15}]});
    let made = klodnica.post(&format!("{path}/quotes?submit=true"), body).await.expect(201).json();
    assert_eq!(made["state"], "submitted");
}
