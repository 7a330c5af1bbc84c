//! The demonstration data, against the files it was made from.

use std::collections::BTreeMap;

use api::seed::northwind;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/data/northwind");

/// The rows of a file behind its head.
fn rows(file: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(format!("{FILES}/{file}")).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// What an order comes to: each line rounded to cents, and the freight.
fn order_totals() -> BTreeMap<String, Decimal> {
    let mut totals = BTreeMap::new();
    for row in rows("order-details.csv") {
        let [order, _, price, quantity, discount] = [&row[0], &row[1], &row[2], &row[3], &row[4]];
        let exact = decimal(price) * decimal(quantity) * (Decimal::ONE - decimal(discount));
        let line = exact.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven);
        *totals.entry(order.clone()).or_default() += line;
    }
    for row in rows("orders.csv") {
        *totals.entry(row[0].clone()).or_default() += decimal(&row[7]);
    }
    totals
}

async fn log_in(app: &TestApp, email: &str) -> Client {
    let body = json!({"email": email, "password": northwind::PASSWORD});
    let answer = app.anonymous().post("/v1/sessions", body).await.expect(201);
    app.anonymous().with_token(answer.json()["access_token"].as_str().unwrap())
}

/// All items of a list, page by page.
async fn all(client: &Client, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("{path}limit=200{cursor}")).await.expect(200).json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else { return items };
        cursor = format!("&cursor={next}");
    }
}

async fn text(app: &TestApp, query: &str) -> String {
    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::Text)]
        found: String,
    }
    let mut connection = tests::database::connect(&app.database_url).await;
    let query = diesel::sql_query(format!("SELECT ({query})::text AS found"));
    diesel_async::RunQueryDsl::get_result::<Found>(query, &mut connection).await.unwrap().found
}

#[tokio::test]
async fn northwind_ends_in_paid_invoices_that_add_up_to_the_files_to_the_cent() {
    let app = TestApp::northwind().await;
    assert_eq!(app.count("SELECT count(*) FROM organisation WHERE state = 'verified'").await, 29 + 91);
    assert_eq!(app.count("SELECT count(*) FROM product").await, 77);

    let totals = order_totals();
    assert_eq!(totals.len(), 830);
    let sum: Decimal = totals.values().sum();
    assert_eq!(decimal(&text(&app, "SELECT sum(gross) FROM invoice").await), sum);
    let parts = "SELECT count(DISTINCT (buyer_reference, seller_id)) FROM purchase_order WHERE seller_id IS NOT NULL";
    assert_eq!(app.count("SELECT count(*) FROM invoice").await, app.count(parts).await);
    assert_eq!(app.count("SELECT count(*) FROM invoice WHERE state <> 'paid' OR paid <> gross").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM contract WHERE state NOT IN ('fulfilled', 'closed')").await, 0);
    // Each order by itself, too: the customer's own number stands on it.
    let of_orders = "SELECT count(*) FROM (SELECT o.buyer_reference, sum(i.gross) FROM purchase_order o
        JOIN contract c ON c.origin_id = o.id JOIN invoice i ON i.contract_id = c.id GROUP BY 1) AS found (reference, gross)
        WHERE (reference, gross) IN (VALUES ";
    let values: Vec<String> = totals.iter().map(|(key, total)| format!("('Order {key}', {total})")).collect();
    assert_eq!(app.count(&format!("{of_orders}{})", values.join(", "))).await, 830);

    // Nothing is reserved any more, and each product has what the file says.
    assert_eq!(app.count("SELECT count(*) FROM stock WHERE reserved <> 0").await, 0);
    let on_hand: Decimal = rows("products.csv").iter().map(|row| decimal(&row[row.len() - 4])).sum();
    assert_eq!(decimal(&text(&app, "SELECT sum(on_hand) FROM stock").await), on_hand);
    // Everybody's books balance, and nobody owes anything.
    let open =
        "SELECT count(*) FROM (SELECT a.kind, sum(p.amount) FROM account a JOIN ledger_posting p ON p.account_id = a.id
        GROUP BY a.id HAVING a.kind IN ('receivable', 'payable') AND sum(p.amount) <> 0) AS owing";
    assert_eq!(app.count(open).await, 0);
    assert_eq!(decimal(&text(&app, "SELECT sum(amount) FROM ledger_posting").await), Decimal::ZERO);

    // A customer sees its own, and only that.
    let alfreds = log_in(&app, northwind::BUYER).await;
    let keys: Vec<String> =
        rows("orders.csv").into_iter().filter(|row| row[1] == "ALFKI").map(|row| row[0].clone()).collect();
    let expected: Decimal = keys.iter().map(|key| totals[key]).sum();
    let invoices = all(&alfreds, "/v1/invoices?").await;
    let gross: Decimal = invoices.iter().map(|one| decimal(one["gross"]["amount"].as_str().unwrap())).sum();
    assert_eq!(gross, expected);
    let offers = all(&app.anonymous(), "/v1/portals/northwind/catalogue?").await;
    let sold = rows("products.csv").iter().filter(|row| row[row.len() - 1] == "0").count();
    assert_eq!(offers.len(), sold);
    log_in(&app, northwind::SELLER).await.get("/v1/accounts").await.expect(200);
    log_in(&app, northwind::OPERATOR).await.get("/v1/organisations?state=verified").await.expect(200);
}
