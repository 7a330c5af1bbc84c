use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::trade::balance;

use super::settlement::{Sale, contract};

/// A lot whose reserve was not met, for which the second company bid best.
async fn unsold(app: &TestApp) -> Sale {
    let sale = Sale::announced(app, json!({})).await;
    app.given_closed_lot(sale.id(), 1, &[], Some((&sale.second, 790_000))).await;
    sale
}

async fn offer(sale: &Sale) -> Value {
    sale.seller.owner.post(&format!("{}/lots/1/offer", sale.path), json!({})).await.expect(201).json()
}

async fn offers(by: &Client, sale: &Sale) -> Vec<Value> {
    by.get(&format!("{}/offers", sale.path)).await.expect(200).json()["items"].as_array().unwrap().clone()
}

fn of(offer: &Value, step: &str) -> String {
    format!("/v1/auction-offers/{}/{step}", offer["id"].as_str().unwrap())
}

#[tokio::test]
async fn an_unsold_lot_is_offered_to_the_second_bidder_and_sold_to_it() {
    let app = TestApp::start().await;
    let sale = unsold(&app).await;
    let (seller, second) = (&sale.seller.owner, &sale.second.owner);
    second.post(&format!("{}/lots/1/offer", sale.path), json!({})).await.problem(403, "forbidden");
    seller.post(&format!("{}/lots/2/offer", sale.path), json!({})).await.problem(404, "not-found");
    let late = json!({"expires_at": "2199-01-01T00:00:00Z"});
    assert_eq!(seller.post(&format!("{}/lots/1/offer", sale.path), late).await.faults(), ["/expires_at out_of_range"]);
    let made = offer(&sale).await;
    assert_eq!((&made["price"]["amount"], &made["organisation_id"]), (&json!("7900.00"), &json!(null)));
    assert_eq!(sale.state().await["state"], "offered");
    seller.post(&format!("{}/lots/1/offer", sale.path), json!({})).await.problem(409, "wrong-state");
    // The seller does not learn who it is before it accepts; others know nothing of it.
    assert_eq!(offers(seller, &sale).await[0]["organisation_id"], json!(null));
    assert_eq!(offers(second, &sale).await[0]["organisation_id"], json!(sale.second.id));
    assert!(offers(&sale.first.owner, &sale).await.is_empty());
    sale.first.owner.post(&of(&made, "accept"), json!({})).await.problem(404, "not-found");
    seller.post(&of(&made, "accept"), json!({})).await.problem(403, "forbidden");

    let accepted = second.post(&of(&made, "accept"), json!({})).await.expect(200).json();
    assert_eq!(accepted["state"], "accepted");
    second.post(&of(&made, "accept"), json!({})).await.problem(409, "wrong-state");
    let contract = contract(&app, second).await;
    assert_eq!((&contract["id"], &contract["total"]["amount"]), (&accepted["contract_id"], &json!("7900.00")));
    assert_eq!(offers(seller, &sale).await[0]["organisation_id"], json!(sale.second.id));
    let state = sale.state().await;
    assert_eq!((&state["state"], &state["standing"][0]["state"]), (&json!("sold"), &json!("sold")));
    assert_eq!(app.count("SELECT count(*) FROM contract").await, 1);
}

#[tokio::test]
async fn an_offer_is_declined_or_withdrawn_and_made_again() {
    let app = TestApp::start().await;
    let sale = unsold(&app).await;
    let first = offer(&sale).await;
    sale.second.owner.post(&of(&first, "withdraw"), json!({})).await.problem(403, "forbidden");
    sale.second.owner.post(&of(&first, "decline"), json!({})).await.expect(200);
    assert_eq!(sale.state().await["state"], "unsold");
    let second = offer(&sale).await;
    sale.seller.owner.post(&of(&second, "withdraw"), json!({})).await.expect(200);
    sale.second.owner.post(&of(&second, "accept"), json!({})).await.problem(409, "wrong-state");
    let states: Vec<Value> = offers(&sale.seller.owner, &sale).await.iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["withdrawn", "declined"]);
    app.until(async || sale.state().await["settled_at"].is_string()).await;
}

#[tokio::test]
async fn an_offer_that_nobody_answers_expires() {
    let app = TestApp::start().await;
    let sale = unsold(&app).await;
    let made = offer(&sale).await;
    app.sql("UPDATE auction_offer SET expires_at = now() - interval '1 second'").await;
    sale.second.owner.post(&of(&made, "accept"), json!({})).await.problem(409, "proposal-expired");
    app.sql("UPDATE timer SET due_at = now() WHERE kind = 'auction_offer.expiry'").await;
    app.until(async || sale.state().await["state"] == "unsold").await;
    assert_eq!(offers(&sale.second.owner, &sale).await[0]["state"], "expired");
    assert_eq!(app.count("SELECT count(*) FROM auction_award").await, 0);
}

#[tokio::test]
async fn after_a_default_the_second_bidder_is_asked_and_the_one_in_default_is_not() {
    let app = TestApp::start().await;
    let sale = Sale::sold(&app).await;
    contract(&app, &sale.first.owner).await;
    let path = format!("{}/lots/1/offer", sale.path);
    sale.seller.owner.post(&path, json!({})).await.problem(409, "wrong-state");
    app.sql("UPDATE contract SET created_at = created_at - interval '7 days'").await;
    let default = json!({"organisation_id": sale.first.id});
    sale.seller.owner.post(&format!("{}/lots/1/default", sale.path), default).await.expect(200);
    // It has won nothing so far: its deposit is free before it is asked.
    app.until(async || balance(&sale.second.owner, "deposits").await == "500.00").await;
    let made = offer(&sale).await;
    assert_eq!(made["price"]["amount"], "8900.00");
    sale.second.owner.post(&of(&made, "accept"), json!({})).await.expect(200);
    app.sql("UPDATE contract SET created_at = created_at - interval '7 days'").await;
    let default = json!({"organisation_id": sale.second.id});
    let lost = sale.seller.owner.post(&format!("{}/lots/1/default", sale.path), default).await.expect(200).json();
    assert_eq!((&lost["state"], &lost["deposit"]), (&json!("unsold"), &json!(null)));
    // Nobody is left to be asked.
    sale.seller.owner.post(&path, json!({})).await.problem(409, "wrong-state");
}
