use futures::future::join;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::auction_house::{apply, pay_in};
use tests::client::Client;
use tests::given::Company;
use tests::trade::balance;

fn euros(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

async fn free_and_held(of: &Client) -> (String, String) {
    (balance(of, "deposits").await, balance(of, "deposits_held").await)
}

fn both(free: &str, held: &str) -> (String, String) {
    (free.to_owned(), held.to_owned())
}

async fn pay_out(by: &Client, of: &Company, amount: &str) -> tests::client::Answer {
    let body = json!({"direction": "out", "amount": euros(amount), "reference": "bank 2"});
    by.post(&format!("/v1/organisations/{}/deposit-payments", of.id), body).await
}

#[tokio::test]
async fn what_is_paid_in_is_bound_for_an_auction_and_freed_again() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let bidder = house.member(&app, "Bidder", &["bid"]).await;
    let path = house.announced(&seller, json!({"deposit": "500"})).await;
    let (bind, release) = (format!("{path}/deposit"), format!("{path}/deposit/release"));
    bidder.owner.post(&bind, json!({})).await.problem(403, "not-qualified");
    apply(&bidder.owner, &path).await;
    let missing = bidder.owner.post(&bind, json!({})).await.problem(409, "deposit-not-covered");
    assert_eq!(missing["detail"], "500.00 EUR of the free deposit is missing.");
    pay_in(&app, &bidder, "620.00").await;
    assert_eq!(free_and_held(&bidder.owner).await, both("620.00", "0.00"));
    let bound = bidder.owner.post(&bind, json!({})).await.expect(200).json();
    assert_eq!((&bound["state"], &bound["amount"]), (&json!("held"), &euros("500.00")));
    bidder.owner.post(&bind, json!({})).await.problem(409, "already-exists");
    assert_eq!(free_and_held(&bidder.owner).await, both("120.00", "500.00"));
    assert_eq!(bidder.owner.get(&path).await.json()["caller"]["deposit"]["state"], "held");
    // What is bound is not paid out, and what is missing is said.
    let operator = app.operator().await;
    let refused = pay_out(&operator, &bidder, "120.01").await.problem(409, "deposit-not-covered");
    assert_eq!(refused["detail"], "0.01 EUR of the free deposit is missing.");
    pay_out(&operator, &bidder, "120.00").await.expect(201);
    bidder.owner.post(&release, json!({})).await.expect(200);
    bidder.owner.post(&release, json!({})).await.problem(404, "not-found");
    assert_eq!(free_and_held(&bidder.owner).await, both("500.00", "0.00"));
    assert_eq!(balance(&bidder.owner, "cash").await, "-500.00");
    bidder.owner.post(&bind, json!({})).await.expect(200);
    let listed =
        bidder.owner.get(&format!("/v1/organisations/{}/deposit-payments", bidder.id)).await.expect(200).json();
    let told: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| one["direction"].clone()).collect();
    assert_eq!(told, ["out", "in"]);
    seller.owner.get(&format!("/v1/organisations/{}/deposit-payments", bidder.id)).await.problem(404, "not-found");
    // While bidding runs it is bound.
    app.sql("UPDATE auction SET opens_at = now(), state = 'open'").await;
    bidder.owner.post(&release, json!({})).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn of_two_who_take_from_a_deposit_at_once_one_is_refused() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let bidder = house.member(&app, "Bidder", &["bid"]).await;
    pay_in(&app, &bidder, "500.00").await;
    let one = house.announced(&seller, json!({"deposit": "300"})).await;
    let other = house.announced(&seller, json!({"deposit": "300"})).await;
    for path in [&one, &other] {
        apply(&bidder.owner, path).await;
    }
    let bind = async |path: &str| bidder.owner.post(&format!("{path}/deposit"), json!({})).await.status.as_u16();
    let (first, second) = join(bind(&one), bind(&other)).await;
    let mut statuses = [first, second];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(free_and_held(&bidder.owner).await, both("200.00", "300.00"));
}

#[tokio::test]
async fn the_operator_alone_records_what_was_paid() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let path = format!("/v1/organisations/{}/deposit-payments", company.id);
    let body = json!({"direction": "in", "amount": euros("1.00"), "reference": "bank"});
    company.owner.post(&path, body.clone()).await.problem(403, "forbidden");
    let operator = app.operator().await;
    let bad = json!({"direction": "in", "amount": euros("0"), "reference": " "});
    assert_eq!(operator.post(&path, bad).await.faults(), ["/amount/amount not_positive", "/reference blank"]);
    let first = operator.post_once(&path, "key", body.clone()).await.expect(201).id();
    assert_eq!(operator.post_once(&path, "key", body).await.expect(201).id(), first);
    assert_eq!(balance(&company.owner, "deposits").await, "1.00");
}
