use futures::future::join_all;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::given::Company;
use tests::market::stock;
use tests::trade::Trade;

/// The person behind a client.
pub async fn me(of: &Client) -> String {
    of.get("/v1/me").await.expect(200).json()["id"].as_str().expect("an id").to_owned()
}

/// A new cost centre of the company's owner, with these members, and its path.
pub async fn cost_centre(company: &Company, code: &str, members: &[&str]) -> (String, String) {
    let path = format!("/v1/organisations/{}/cost-centres", company.id);
    let owner = me(&company.owner).await;
    let body = json!({"code": code, "name": code, "owner_id": owner, "members": members});
    let id = company.owner.post(&path, body).await.expect(201).id();
    (format!("{path}/{id}"), id)
}

/// Gives a cost centre a budget in euros for all of this century; none is no limit.
pub async fn budget(company: &Company, centre: &str, amount: Option<&str>) -> String {
    let body = json!({"currency": "EUR", "starts_on": "2000-01-01", "ends_on": "2099-12-31", "amount": amount});
    let path = format!("{centre}/budgets");
    format!("{path}/{}", company.owner.post(&path, body).await.expect(201).id())
}

pub async fn committed(company: &Company, budget: &str) -> String {
    company.owner.get(budget).await.expect(200).json()["committed"]["amount"].as_str().expect("an amount").to_owned()
}

/// An order of so many bolts at 2.00, charged to a cost centre.
pub fn order(trade: &Trade, bolt: &tests::market::Offered, quantity: &str, centre: &str) -> Value {
    let mut body = trade.market.order(&[(bolt, quantity)], true);
    body["cost_centre_id"] = json!(centre);
    body
}

// T7
#[tokio::test]
async fn a_budget_is_never_spent_twice() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let (path, centre) = cost_centre(&trade.buyer, "4711", &[]).await;
    let budget = budget(&trade.buyer, &path, Some("100.00")).await;
    // Each takes 60 of 100.
    let body = order(&trade, &bolt, "30", &centre);
    let (one, other) =
        tokio::join!(trade.buyer.owner.post("/v1/orders", body.clone()), trade.buyer.owner.post("/v1/orders", body));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let loser = if one.status == 409 { one } else { other };
    let problem = loser.problem(409, "budget-exceeded");
    assert_eq!(problem["errors"][0]["pointer"], "/lines/0");
    assert_eq!(committed(&trade.buyer, &budget).await, "60.00");
    // Twenty that take 10 each: four find room.
    let body = order(&trade, &bolt, "5", &centre);
    let answers = join_all((0..20).map(|_| trade.buyer.owner.post("/v1/orders", body.clone()))).await;
    assert_eq!(answers.iter().filter(|one| one.status == 201).count(), 4);
    assert_eq!(committed(&trade.buyer, &budget).await, "100.00");
    assert_eq!(stock(&trade.seller.owner, &bolt).await.1, "50");
    assert_eq!(app.count("SELECT count(*) FROM purchase_order").await, 5);
}

#[tokio::test]
async fn what_an_order_took_of_a_budget_comes_back_when_it_ends_or_is_confirmed_in_part() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let (path, centre) = cost_centre(&trade.buyer, "4711", &[]).await;
    let budget = budget(&trade.buyer, &path, Some("100.00")).await;
    let place = async |quantity: &str| {
        let placed = trade.buyer.owner.post("/v1/orders", order(&trade, &bolt, quantity, &centre)).await.expect(201);
        placed.json()["orders"][0].clone()
    };
    let path_of = |order: &Value| format!("/v1/orders/{}", order["id"].as_str().expect("an id"));
    let (declined, cancelled, expired) = (place("10").await, place("10").await, place("10").await);
    assert_eq!(committed(&trade.buyer, &budget).await, "60.00");
    trade.seller.owner.post(&format!("{}/decline", path_of(&declined)), json!({})).await.expect(200);
    trade.buyer.owner.post(&format!("{}/cancel", path_of(&cancelled)), json!({})).await.expect(200);
    assert_eq!(committed(&trade.buyer, &budget).await, "20.00");
    app.sql(&format!(
        "UPDATE purchase_order SET expires_at = now() - interval '1 second' WHERE id = '{0}';
         UPDATE timer SET due_at = now() - interval '1 second' WHERE subject_id = '{0}'",
        expired["id"].as_str().expect("an id")
    ))
    .await;
    app.until(async || committed(&trade.buyer, &budget).await == "0.00").await;
    let partly = place("50").await;
    let body = json!({"lines": [{"line_id": partly["lines"][0]["id"], "quantity": "20"}]});
    trade.seller.owner.post(&format!("{}/confirm", path_of(&partly)), body).await.expect(200);
    assert_eq!(committed(&trade.buyer, &budget).await, "40.00");
    let found = trade.buyer.owner.get(&budget).await.expect(200).json();
    assert_eq!(found["available"]["amount"], "60.00");
}

#[tokio::test]
async fn no_limit_is_no_limit_of_zero() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let buyer = &trade.buyer;
    let (endless, endless_id) = cost_centre(buyer, "endless", &[]).await;
    let (nothing, nothing_id) = cost_centre(buyer, "nothing", &[]).await;
    let (strict, strict_id) = cost_centre(buyer, "strict", &[]).await;
    let (endless, nothing) = (budget(buyer, &endless, None).await, budget(buyer, &nothing, Some("0")).await);
    buyer.owner.edit(&strict, json!({"budget_required": true})).await.expect(200);
    let body = |centre: &str| order(&trade, &bolt, "1", centre);
    buyer.owner.post("/v1/orders", body(&endless_id)).await.expect(201);
    buyer.owner.post("/v1/orders", body(&nothing_id)).await.problem(409, "budget-exceeded");
    let problem = buyer.owner.post("/v1/orders", body(&strict_id)).await.problem(409, "budget-exceeded");
    assert_eq!(problem["errors"][0]["code"], "no_budget");
    assert_eq!(buyer.owner.get(&endless).await.json()["amount"], Value::Null);
    assert_eq!(buyer.owner.get(&nothing).await.json()["amount"]["amount"], "0.00");
    // A null in a patch takes the limit away; a budget is not cut below what is taken.
    buyer.owner.edit(&nothing, json!({"amount": null})).await.expect(200);
    buyer.owner.post("/v1/orders", body(&nothing_id)).await.expect(201);
    assert_eq!(buyer.owner.edit(&nothing, json!({"amount": "1"})).await.faults(), ["/amount below_committed"]);
    let twice = json!({"currency": "EUR", "starts_on": "2026-01-01", "ends_on": "2026-12-31"});
    let budgets = format!("{}/budgets", nothing.split("/budgets").next().unwrap());
    assert_eq!(buyer.owner.post(&budgets, twice).await.faults(), ["/starts_on overlaps"]);
    let refused = app
        .sql_error(
            "INSERT INTO budget (id, cost_centre_id, currency, starts_on, ends_on, created_at)
             SELECT gen_random_uuid(), cost_centre_id, currency, ends_on, ends_on, now() FROM budget",
        )
        .await;
    assert!(refused.contains("budget_periods_apart"), "{refused}");
}

// S1
#[tokio::test]
async fn who_is_bound_to_cost_centres_orders_on_these_alone() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let anna = app.person(&trade.buyer, &["buyer"]).await.owner;
    let (mine, mine_id) = cost_centre(&trade.buyer, "mine", &[&me(&anna).await]).await;
    let (other, other_id) = cost_centre(&trade.buyer, "other", &[]).await;
    anna.get(&mine).await.expect(200);
    anna.get(&other).await.problem(404, "not-found");
    let list = format!("/v1/organisations/{}/cost-centres", trade.buyer.id);
    assert_eq!(anna.get(&list).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    anna.post(&list, json!({"code": "x", "name": "x", "owner_id": me(&anna).await})).await.problem(403, "forbidden");
    let none = trade.market.order(&[(&bolt, "1")], true);
    assert_eq!(anna.post("/v1/orders", none).await.faults(), ["/lines/0/cost_centre_id required"]);
    let body = |centre: &str| order(&trade, &bolt, "1", centre);
    assert_eq!(anna.post("/v1/orders", body(&other_id)).await.faults(), ["/cost_centre_id unknown"]);
    anna.post("/v1/orders", body(&mine_id)).await.expect(201);
    // Another company's cost centre is none.
    let stranger = trade.market.member(&app, "Stranger", &["buy"]).await;
    assert_eq!(stranger.owner.post("/v1/orders", body(&mine_id)).await.faults(), ["/cost_centre_id unknown"]);
    // The owner is bound to none, but to those that are in use.
    trade.buyer.owner.post("/v1/orders", body(&other_id)).await.expect(201);
    let etag = trade.buyer.owner.etag(&other).await;
    trade.buyer.owner.delete_if(&other, &etag).await.expect(204);
    assert_eq!(trade.buyer.owner.post("/v1/orders", body(&other_id)).await.faults(), ["/cost_centre_id unknown"]);
}

#[tokio::test]
async fn lines_say_where_and_when_they_are_wanted_and_what_they_are_charged_to() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let second = trade.market.member(&app, "Second", &["sell"]).await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let nut = trade.market.offer(&second.owner, "1000", &[("1", "1.00")]).await;
    let (path, centre) = cost_centre(&trade.buyer, "4711", &[]).await;
    let budget = budget(&trade.buyer, &path, Some("100.00")).await;
    let mut body = trade.market.order(&[(&bolt, "4"), (&nut, "3")], false);
    body["lines"][0]["buyer_reference"] = json!("10");
    body["lines"][0]["note"] = json!("galvanised");
    body["lines"][0]["requested_date"] = json!("2027-02-01");
    body["lines"][0]["delivery_address"] =
        json!({"kind": "delivery", "lines": ["Tor 2"], "city": "Kiel", "postal_code": "24103", "country": "DE"});
    body["lines"][0]["cost_centre_id"] = json!(centre);
    let mut bad = body.clone();
    bad["lines"][0]["delivery_address"]["country"] = json!("XX");
    assert_eq!(trade.buyer.owner.post("/v1/orders", bad).await.faults(), ["/lines/0/delivery_address/country country"]);
    let draft = trade.buyer.owner.post("/v1/orders", body.clone()).await.expect(201).json()["orders"][0].clone();
    assert_eq!(committed(&trade.buyer, &budget).await, "0.00");
    let draft = format!("/v1/orders/{}", draft["id"].as_str().unwrap());
    let placed = trade.buyer.owner.post(&format!("{draft}/submit"), json!({})).await.expect(200).json();
    let line = &placed["orders"][0]["lines"][0];
    for key in ["buyer_reference", "note", "requested_date", "cost_centre_id"] {
        assert_eq!(line[key], body["lines"][0][key], "{key}");
    }
    assert_eq!(line["delivery_address"]["city"], "Kiel");
    assert_eq!(placed["orders"][1]["lines"][0].get("note"), None);
    // The placed order took from the budget, not its draft.
    assert_eq!(committed(&trade.buyer, &budget).await, "8.00");
    let order = format!("/v1/orders/{}", placed["orders"][0]["id"].as_str().unwrap());
    let sold = trade.seller.owner.get(&order).await.expect(200).json();
    assert_eq!(sold["lines"][0]["note"], "galvanised");
    // What it is charged to is a matter of the buyer's company.
    assert_eq!((sold.get("cost_centre_id"), sold["lines"][0].get("cost_centre_id")), (None, None));
    let listed = trade.seller.owner.get("/v1/orders?role=seller").await.expect(200).text;
    assert!(!listed.contains(&centre) && listed.contains("galvanised"), "{listed}");
    trade.buyer.owner.post(&format!("{order}/cancel"), json!({})).await.expect(200);
    assert_eq!(committed(&trade.buyer, &budget).await, "0.00");
}
