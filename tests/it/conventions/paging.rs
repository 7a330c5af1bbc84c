use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::given::number;

async fn product(seller: &Client) -> String {
    let product = json!({"sku": format!("P-{}", number()), "name": {"en": "Thing"}, "base_unit": "C62", "tax": {"category": "S", "rate": "19"}});
    seller.post("/v1/products", json!({"product": product})).await.expect(201).id()
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

// R8, R9
#[tokio::test]
async fn paging_gives_every_stable_row_once_while_others_come_and_go() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let mut stable = Vec::new();
    let mut passing = Vec::new();
    for _ in 0..12 {
        stable.push(product(&seller).await);
        passing.push(product(&seller).await);
    }
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut path = "/v1/products?limit=5".to_owned();
    let mut pages = 0;
    loop {
        let answer = seller.get(&path).await.expect(200);
        let page = answer.json();
        for id in ids(&page) {
            *seen.entry(id).or_default() += 1;
        }
        pages += 1;
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert_eq!(page["next_cursor"], Value::Null);
            assert!(!answer.headers.contains_key("link"));
            break;
        };
        let link = format!("</v1/products?limit=5&cursor={cursor}>; rel=\"next\"");
        assert_eq!(answer.header("link"), link);
        assert!(page.get("total").is_none() && page["items"].as_array().unwrap().len() == 5);
        path = format!("/v1/products?limit=5&cursor={cursor}");
        // The first of those that were shown goes, the last of those that were not, too; and one comes.
        for gone in [passing.remove(0), passing.pop().unwrap()] {
            let one = format!("/v1/products/{gone}");
            seller.delete_if(&one, &seller.etag(&one).await).await.expect(204);
        }
        product(&seller).await;
    }
    assert!(pages >= 4);
    for id in &stable {
        assert_eq!(seen.get(id), Some(&1), "{id}");
    }
    assert!(seen.values().all(|&times| times == 1));
}

// R8
#[tokio::test]
async fn a_page_has_fifty_rows_unless_asked_otherwise_and_two_hundred_at_most() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await;
    let id = &seller.id;
    app.sql(&format!(
        "WITH new AS (
             INSERT INTO product (id, seller_id, sku, name, base_unit, tax_category, tax_rate, minimum_order, order_multiple,
                 lead_time_days, created_at)
             SELECT gen_random_uuid(), '{id}', 'S' || n, '{{\"en\": \"Thing\"}}', 'C62', 'S', 19, 1, 1, 0, now()
             FROM generate_series(1, 250) n RETURNING id)
         INSERT INTO stock (product_id, on_hand) SELECT id, 1 FROM new"
    ))
    .await;
    let count =
        async |query: &str| ids(&seller.owner.get(&format!("/v1/products{query}")).await.expect(200).json()).len();
    assert_eq!((count("").await, count("?limit=200").await, count("?limit=1").await), (50, 200, 1));
    for odd in ["0", "-1", "201", "1.5", "x", "", "99999999999999999999", "%31%30%30%30"] {
        let path = format!("/v1/products?limit={odd}");
        seller.owner.get(&path).await.problem(400, "invalid-query");
    }
}

// R10
#[tokio::test]
async fn a_cursor_is_good_for_its_list_its_filters_and_its_organisation() {
    let app = TestApp::start().await;
    let (one, other) = (app.company("One").await.owner, app.company("Other").await.owner);
    for seller in [&one, &other] {
        for _ in 0..3 {
            product(seller).await;
        }
    }
    let page = one.get("/v1/products?limit=1").await.expect(200).json();
    let cursor = page["next_cursor"].as_str().unwrap();
    one.get(&format!("/v1/products?limit=2&cursor={cursor}")).await.expect(200);
    other.get(&format!("/v1/products?limit=1&cursor={cursor}")).await.problem(400, "invalid-cursor");
    one.get(&format!("/v1/orders?cursor={cursor}")).await.problem(400, "invalid-cursor");
    let portals = format!("/v1/portals?cursor={cursor}");
    one.get(&portals).await.problem(400, "invalid-cursor");
    app.anonymous().get(&portals).await.problem(400, "invalid-cursor");
    let mut bytes = cursor.as_bytes().to_vec();
    for at in 0..bytes.len() {
        let kept = bytes[at];
        bytes[at] = if kept == b'A' { b'B' } else { b'A' };
        let tampered = String::from_utf8(bytes.clone()).unwrap();
        let answer = one.get(&format!("/v1/products?cursor={tampered}")).await;
        answer.problem(400, "invalid-cursor");
        bytes[at] = kept;
    }
    for odd in ["", "null", "0", "%27%20OR%201%3D1--", &"A".repeat(5000), "0190b5a0-0000-7000-8000-000000000001"] {
        one.get(&format!("/v1/products?cursor={odd}")).await.problem(400, "invalid-cursor");
    }
}

// R11
#[tokio::test]
async fn an_unknown_filter_or_sort_is_refused_and_named() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let company = app.company("Asking").await.owner;
    for (path, word) in [
        ("/v1/products?colour=red".to_owned(), "colour"),
        ("/v1/orders?role=spectator".into(), "role"),
        ("/v1/orders?state=lost".into(), "lost"),
        ("/v1/contracts?limit=1&offset=10".into(), "offset"),
        ("/v1/invoices?sort=amount".into(), "sort"),
        (format!("/v1/portals/{}/catalogue?sort=colour", market.slug), "sort"),
        (format!("/v1/portals/{}/catalogue?q=a&q=b", market.slug), "q"),
    ] {
        let problem = company.get(&path).await.problem(400, "invalid-query");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{path}: {problem}");
    }
}
