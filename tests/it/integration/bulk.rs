//! Stock and prices by the thousand in one call.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::given::Company;
use tests::market::{Market, Offered, stock};
use tests::trade::Trade;

const STOCK: &str = "/v1/products/stock/batch";

fn prices_of(market: &Market) -> String {
    format!("/v1/portals/{}/offers/prices/batch", market.slug)
}

fn pieces(value: &str) -> Value {
    json!({"value": value, "unit": "C62"})
}

fn tiers(prices: &[(&str, &str)]) -> Value {
    let tier = |(from, price): &(&str, &str)| json!({"from": from, "unit_price": {"amount": price, "currency": "EUR"}});
    prices.iter().map(tier).collect()
}

/// The results of an answer: status, and where and why a row was refused.
fn told(answer: &Answer) -> Vec<String> {
    let told = |result: &Value| {
        let faults = result["problem"]["errors"].as_array().into_iter().flatten();
        let faults =
            faults.map(|one| format!(" {} {}", one["pointer"].as_str().unwrap(), one["code"].as_str().unwrap()));
        format!("{}{}", result["status"], faults.collect::<String>())
    };
    answer.json()["results"].as_array().expect("results").iter().map(told).collect()
}

async fn events(app: &TestApp, kind: &str) -> i64 {
    app.count(&format!("SELECT count(*) FROM event WHERE type = '{kind}'")).await
}

/// Gives a seller so many products `B-1`, `B-2`, … of which nothing is there.
async fn many(app: &TestApp, seller: &Company, count: usize) {
    app.sql(&format!(
        "INSERT INTO product (id, seller_id, sku, name, base_unit, tax_category, tax_rate, minimum_order, order_multiple,
             lead_time_days, created_at)
         SELECT gen_random_uuid(), '{}', 'B-' || n, '{{\"en\": \"Bolt\"}}', 'C62', 'S', 19, 1, 1, 0, now()
         FROM generate_series(1, {count}) n;
         INSERT INTO stock (product_id, on_hand) SELECT id, 0 FROM product WHERE sku LIKE 'B-%';",
        seller.id
    ))
    .await;
}

async fn on_hand(seller: &Client, of: &Offered) -> String {
    stock(seller, of).await.0
}

// R25
#[tokio::test]
async fn each_row_of_a_stock_update_has_its_result_in_order() {
    let app = TestApp::start().await;
    let Trade { market, seller, buyer } = app.trade().await;
    let owner = &seller.owner;
    let bolts = market.offer(owner, "10", &[("1", "2.00")]).await;
    let nuts = market.offer(owner, "10", &[("1", "2.00")]).await;
    let sand = market.offer_with(owner, "0", &[("1", "2.00")], json!({"base_unit": "KGM"})).await;
    let gone = market.offer(owner, "1", &[("1", "2.00")]).await;
    let path = format!("/v1/products/{}", gone.product_id);
    owner.delete_if(&path, &owner.etag(&path).await).await.expect(204);
    let other = market.member(&app, "Other", &["sell"]).await;
    let theirs = market.offer(&other.owner, "7", &[("1", "2.00")]).await;
    market.place(&buyer.owner, &nuts, "4").await;
    let items = json!([
        {"sku": bolts.sku, "on_hand": pieces("25")},
        {"sku": nuts.sku, "on_hand": pieces("3")},
        {"sku": sand.sku, "on_hand": {"value": "1.5", "unit": "TNE"}},
        {"sku": "nobody's", "on_hand": pieces("1")},
        {"sku": theirs.sku, "on_hand": pieces("1")},
        {"sku": bolts.sku, "on_hand": pieces("26")},
        {"sku": gone.sku, "on_hand": pieces("1")},
    ]);
    let answer = owner.post(STOCK, json!({"items": items})).await.expect(200);
    let expected = [
        "200",
        "409 /items/1/on_hand/value reserved",
        "200",
        "422 /items/3/sku unknown",
        "422 /items/4/sku unknown",
        "422 /items/5/sku twice",
        "422 /items/6/sku archived",
    ];
    assert_eq!(told(&answer), expected);
    let body = answer.json();
    assert_eq!(body["results"][0]["stock"], json!({"on_hand": "25", "reserved": "0", "available": "25"}));
    assert_eq!(body["results"][2]["stock"]["on_hand"], "1500");
    assert_eq!(body["results"][1]["problem"]["type"], "/problems/stock-reserved");
    assert_eq!(body["results"][1]["problem"]["instance"], STOCK);
    assert_eq!(body["results"][1]["problem"]["request_id"], answer.header("x-request-id"));
    for (of, there) in [(&bolts, "25"), (&nuts, "10"), (&sand, "1500")] {
        assert_eq!(on_hand(owner, of).await, there);
    }
    assert_eq!(on_hand(&other.owner, &theirs).await, "7");
    assert_eq!(events(&app, "product.stock_counted").await, 2);
    // What is there already is no news.
    let same = json!({"items": [{"sku": bolts.sku, "on_hand": pieces("25.0")}]});
    assert_eq!(told(&owner.post(STOCK, same).await.expect(200)), ["200"]);
    assert_eq!(events(&app, "product.stock_counted").await, 2);
}

#[tokio::test]
async fn stock_changes_by_so_much_in_any_unit_that_converts_exactly() {
    let app = TestApp::start().await;
    let Trade { market, seller, buyer } = app.trade().await;
    let owner = &seller.owner;
    let mut made = Vec::new();
    for _ in 0..9 {
        made.push(market.offer_with(owner, "10", &[("1", "2.00")], json!({"base_unit": "KGM"})).await);
    }
    let body = json!({"portal_id": market.portal_id, "currency": "EUR", "submit": true,
        "lines": [{"offer_id": made[8].offer_id, "quantity": {"value": "4", "unit": "KGM"}}]});
    buyer.owner.post("/v1/orders", body).await.expect(201);
    let of = |value: &str, unit: &str| json!({"value": value, "unit": unit});
    let items = json!([
        {"sku": made[0].sku, "change": of("-10", "KGM")},
        {"sku": made[1].sku, "change": of("500", "GRM")},
        {"sku": made[2].sku, "change": of("-11", "KGM")},
        {"sku": made[3].sku, "change": of("1", "LTR")},
        {"sku": made[4].sku, "on_hand": of("0.0001", "GRM")},
        {"sku": made[5].sku, "on_hand": of("-1", "KGM")},
        {"sku": made[6].sku},
        {"sku": made[7].sku, "on_hand": of("1", "KGM"), "change": of("1", "KGM")},
        {"sku": made[8].sku, "change": of("-7", "KGM")},
    ]);
    let answer = owner.post(STOCK, json!({"items": items})).await.expect(200);
    let expected = [
        "200",
        "200",
        "422 /items/2/change/value negative",
        "422 /items/3/change/unit unit_mismatch",
        "422 /items/4/on_hand/value inexact",
        "422 /items/5/on_hand/value negative",
        "422 /items/6/on_hand required",
        "422 /items/7/change unexpected",
        "409 /items/8/change/value reserved",
    ];
    assert_eq!(told(&answer), expected);
    let there: Vec<String> = join_all(made.iter().map(|of| on_hand(owner, of))).await;
    assert_eq!(there, ["0", "10.5", "10", "10", "10", "10", "10", "10", "10"]);
}

// R25
#[tokio::test]
async fn an_atomic_call_does_all_or_nothing_and_names_the_faults_of_every_row() {
    let app = TestApp::start().await;
    let Trade { market, seller, .. } = app.trade().await;
    let owner = &seller.owner;
    let (bolts, nuts) =
        (market.offer(owner, "10", &[("1", "2.00")]).await, market.offer(owner, "10", &[("1", "2.00")]).await);
    let rows = |nut: &str| {
        json!([{"sku": bolts.sku, "on_hand": pieces("1")}, {"sku": nut, "on_hand": pieces("2")},
        {"sku": "none", "on_hand": pieces("2")}])
    };
    let faults = owner.post(STOCK, json!({"atomic": true, "items": rows(&bolts.sku)})).await.faults();
    assert_eq!(faults, ["/items/1/sku twice", "/items/2/sku unknown"]);
    assert_eq!(on_hand(owner, &bolts).await, "10");
    let priced = |second: &str| {
        json!({"atomic": true, "items": [{"sku": bolts.sku, "tiers": tiers(&[("1", "3.00")])},
        {"sku": second, "tiers": tiers(&[("1", "4.00")])}]})
    };
    let faults = owner.post(&prices_of(&market), priced("none")).await.faults();
    assert_eq!(faults, ["/items/1/sku unknown"]);
    assert_eq!((events(&app, "product.stock_counted").await, events(&app, "offer.changed").await), (0, 0));
    let good = json!({"atomic": true, "items": rows(&nuts.sku).as_array().unwrap()[..2].to_vec()});
    assert_eq!(told(&owner.post(STOCK, good).await.expect(200)), ["200", "200"]);
    assert_eq!((on_hand(owner, &bolts).await, on_hand(owner, &nuts).await), ("1".into(), "2".into()));
    assert_eq!(told(&owner.post(&prices_of(&market), priced(&nuts.sku)).await.expect(200)), ["200", "200"]);
    assert_eq!((events(&app, "product.stock_counted").await, events(&app, "offer.changed").await), (2, 2));
}

// R26, R5
#[tokio::test]
async fn what_is_too_much_or_of_a_wrong_form_is_refused_before_anything_is_done() {
    let app = TestApp::start().await;
    let Trade { market, seller, .. } = app.trade().await;
    let owner = &seller.owner;
    let bolts = market.offer(owner, "10", &[("1", "2.00")]).await;
    let row =
        |n: usize| json!({"sku": if n == 0 { bolts.sku.clone() } else { format!("X-{n}") }, "on_hand": pieces("1")});
    let many: Vec<Value> = (0..10_001).map(row).collect();
    assert_eq!(owner.post(STOCK, json!({"items": many})).await.faults(), ["/items too_many"]);
    assert_eq!(owner.post(STOCK, json!({"items": []})).await.faults(), ["/items too_few"]);
    let odd = json!({"items": [row(0), {"sku": "Y", "on_hand": {"value": "1,5", "unit": "C62"}, "place": "shelf"}]});
    let faults = owner.post(STOCK, odd).await.faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults.iter().all(|fault| fault.starts_with("/items/1/")), "{faults:?}");
    for path in [STOCK, &prices_of(&market)] {
        // The server does not read further than that, and may close before all was sent.
        let large = owner.request(Method::POST, path).header("Content-Type", "application/json");
        let answer = owner.try_send(large.body(vec![b' '; 8 * 1024 * 1024 + 1])).await;
        assert!(answer.is_none_or(|answer| answer.status == 413), "{path}");
    }
    assert_eq!(on_hand(owner, &bolts).await, "10");
    assert_eq!(events(&app, "product.stock_counted").await, 0);
}

#[tokio::test]
async fn a_call_with_a_key_is_done_once() {
    let app = TestApp::start().await;
    let Trade { market, seller, .. } = app.trade().await;
    let bolts = market.offer(&seller.owner, "10", &[("1", "2.00")]).await;
    let body = json!({"items": [{"sku": bolts.sku, "change": pieces("1")}, {"sku": "none", "change": pieces("1")}]});
    let first = seller.owner.post_once(STOCK, "bulk-1", body.clone()).await.expect(200);
    let again = seller.owner.post_once(STOCK, "bulk-1", body).await.expect(200);
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(first.json(), again.json());
    assert_eq!(on_hand(&seller.owner, &bolts).await, "11");
    let other = json!({"items": [{"sku": bolts.sku, "change": pieces("2")}]});
    seller.owner.post_once(STOCK, "bulk-1", other).await.problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn calls_about_the_same_goods_at_once_add_up() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await;
    many(&app, &seller, 60).await;
    let mut rows: Vec<Value> = (1..=60).map(|n| json!({"sku": format!("B-{n}"), "change": pieces("1")})).collect();
    let mut bodies = Vec::new();
    for turn in 0..8 {
        rows.rotate_left(7);
        if turn % 2 == 0 {
            rows.reverse();
        }
        bodies.push(json!({"items": rows.clone()}));
    }
    let answers = join_all(bodies.into_iter().map(|body| seller.owner.post(STOCK, body))).await;
    for answer in answers {
        assert!(told(&answer.expect(200)).iter().all(|one| one == "200"));
    }
    assert_eq!(app.count("SELECT count(*) FROM stock WHERE on_hand = 8").await, 60);
    assert_eq!(events(&app, "product.stock_counted").await, 480);
}

#[tokio::test]
async fn lots_follow_what_is_counted_by_the_thousand() {
    let app = TestApp::start().await;
    let Trade { market, seller, .. } = app.trade().await;
    let owner = &seller.owner;
    let milk = market.offer(owner, "10", &[("1", "2.00")]).await;
    let warehouse = owner.post("/v1/warehouses", json!({"name": "Kiel"})).await.expect(201).id();
    let movement = json!({"warehouse_id": warehouse, "reason": "receipt", "quantity": "5", "lot": {"number": "A"}});
    owner.post(&format!("/v1/products/{}/stock-movements", milk.product_id), movement).await.expect(201);
    let body = json!({"items": [{"sku": milk.sku, "on_hand": pieces("7")}]});
    assert_eq!(told(&owner.post(STOCK, body).await.expect(200)), ["200"]);
    let amiss = "SELECT count(*) FROM stock s WHERE on_hand <> 7 OR on_hand <>
        (SELECT sum(quantity) FROM stock_lot l WHERE l.product_id = s.product_id)";
    assert_eq!(app.count(amiss).await, 0);
}

// R25
#[tokio::test]
async fn ten_thousand_rows_are_done_in_one_call() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await;
    many(&app, &seller, 10_000).await;
    let row = |n: usize| json!({"sku": format!("B-{n}"), "on_hand": pieces(&n.to_string())});
    let rows: Vec<Value> = (1..=10_000).rev().map(row).collect();
    let answer = seller.owner.post(STOCK, json!({"items": rows})).await.expect(200).json();
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 10_000);
    for (result, row) in results.iter().zip(&rows) {
        assert_eq!((&result["sku"], &result["stock"]["on_hand"]), (&row["sku"], &row["on_hand"]["value"]));
    }
    let right = "SELECT count(*) FROM stock s JOIN product p ON p.id = s.product_id WHERE p.sku = 'B-' || s.on_hand";
    assert_eq!(app.count(right).await, 10_000);
    assert_eq!(events(&app, "product.stock_counted").await, 10_000);
    let own = format!("SELECT count(*) FROM event_audience WHERE organisation_id = '{}'", seller.id);
    assert!(app.count(&own).await >= 10_000);
}

// R25
#[tokio::test]
async fn each_row_of_a_price_update_has_its_result_in_order() {
    let app = TestApp::start().await;
    let Trade { market, seller, buyer } = app.trade().await;
    let owner = &seller.owner;
    let bolts = market.offer(owner, "10", &[("1", "2.00")]).await;
    let nuts = market.offer(owner, "10", &[("1", "2.00")]).await;
    let pallets = market.offer_with(owner, "10", &[("5", "2.00")], json!({"minimum_order": "5"})).await;
    let product =
        json!({"sku": "kept", "name": {"en": "Kept"}, "base_unit": "C62", "tax": {"category": "S", "rate": "19"}});
    owner.post("/v1/products", json!({"product": product})).await.expect(201);
    let items = json!([
        {"sku": bolts.sku, "tiers": tiers(&[("1", "3.00"), ("10", "2.50")])},
        {"sku": nuts.sku, "tiers": tiers(&[("1", "2.00")])},
        {"sku": pallets.sku, "tiers": tiers(&[("6", "3.00")])},
        {"sku": "kept", "tiers": tiers(&[("1", "3.00")])},
        {"sku": "none", "tiers": tiers(&[("1", "3.00")])},
        {"sku": bolts.sku, "tiers": tiers(&[("1", "9.00")])},
    ]);
    let answer = owner.post(&prices_of(&market), json!({"items": items})).await.expect(200);
    let told = told(&answer);
    assert_eq!(told[..2], ["200", "200"]);
    assert!(told[2].starts_with("422 /items/2/tiers/0/from "), "{told:?}");
    let rest = ["422 /items/3/sku not_offered", "422 /items/4/sku unknown", "422 /items/5/sku twice"];
    assert_eq!(told[3..], rest);
    assert_eq!(answer.json()["results"][0]["offer_id"], bolts.offer_id);
    // Only what has changed is news, and buyers see it.
    assert_eq!(events(&app, "offer.changed").await, 1);
    let offer = owner.get(&format!("/v1/portals/{}/offers/{}", market.slug, bolts.offer_id)).await.expect(200).json();
    assert_eq!(offer["tiers"], tiers(&[("1", "3.00"), ("10", "2.50")]));
    let path = format!("/v1/portals/{}/catalogue/{}/price?quantity=10", market.slug, bolts.offer_id);
    app.until(async || buyer.owner.get(&path).await.expect(200).text.contains("2.50")).await;
    // Who may not sell there may not reprice.
    let body = json!({"items": [{"sku": "none", "tiers": tiers(&[("1", "3.00")])}]});
    buyer.owner.post(&prices_of(&market), body.clone()).await.expect(403);
    app.anonymous().post(&prices_of(&market), body).await.problem(401, "unauthenticated");
}
