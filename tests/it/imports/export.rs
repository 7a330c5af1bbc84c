use reqwest::Method;
use serde_json::json;
use tests::app::TestApp;
use tests::import::counts;

// S16
#[tokio::test]
async fn what_is_exported_and_imported_again_changes_nothing() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let operator = app.operator().await;
    let category =
        operator.post("/v1/categories", json!({"code": "bolts", "name": {"en": "Bolts"}})).await.expect(201).id();
    for attribute in [
        json!({"key": "length", "name": {"en": "Length"}, "kind": "number", "unit": "MMT"}),
        json!({"key": "density", "name": {"en": "Density"}, "kind": "number", "unit": "23"}),
        json!({"key": "zinc", "name": {"en": "Zinc"}, "kind": "yes_no"}),
        json!({"key": "note", "name": {"en": "Note"}, "kind": "text"}),
    ] {
        operator.post(&format!("/v1/categories/{category}/attributes"), attribute).await.expect(201);
    }
    let odd =
        ["=1+1", "'=x", "\"q\", ;\ttab", "line\r\nline\rline\nend", "-2+3", "@x", " padded ", "+7 495", "-40", "'it"];
    for (number, text) in odd.iter().enumerate() {
        let product = json!({"sku": format!("=S{number}"), "name": {"en": text, "ru": format!("Болт {number}")}, "description": {"en": text},
            "base_unit": "C62", "tax": {"category": "S", "rate": "20.50"}, "minimum_order": "0.5", "order_multiple": "0.25",
            "lead_time_days": 3, "packs": [{"unit": "NMP", "name": {"en": "Pack"}, "quantity_of_base": "12"}], "category_id": category,
            "attributes": {"length": {"value": "-12.5", "unit": "MMT"}, "density": {"value": "7.85", "unit": "23"}, "zinc": true, "note": text.trim()}});
        let id = seller.post("/v1/products", json!({"product": product, "on_hand": "7.25"})).await.expect(201).id();
        if number > 0 {
            let tiers = json!([{"from": "0.5", "unit_price": {"amount": "1.234567", "currency": "EUR"}},
                {"from": "50", "unit_price": {"amount": "1.10", "currency": "EUR"}}]);
            let body = json!({"product_id": id, "tiers": tiers, "publish": number > 1});
            seller.post(&format!("/v1/portals/{}/offers", market.slug), body).await.expect(201);
        }
    }
    let state = async || {
        let query = "SELECT count(*) FROM event WHERE type NOT LIKE 'import%'";
        let versions = "SELECT (sum(p.version) + sum(s.version))::bigint AS count FROM product p JOIN stock s ON s.product_id = p.id";
        (app.count(query).await, app.count(versions).await)
    };
    let before = state().await;
    for (path, media, separators) in
        [("csv", "text/csv", &["comma", "semicolon", "tab"][..]), ("ndjson", "application/x-ndjson", &[""])]
    {
        for separator in separators {
            let separator = if separator.is_empty() { String::new() } else { format!("&separator={separator}") };
            let path = format!("/v1/exports/products.{path}?portal={}{separator}", market.slug);
            let (status, headers, file) = seller.send_bytes(seller.request(Method::GET, &path)).await;
            assert_eq!((status.as_u16(), headers["content-type"].to_str().unwrap().starts_with(media)), (200, true));
            let import = seller.import(&format!("?portal={}", market.slug), media, file.clone()).await.expect(202).id();
            let import = app.import_over(&seller, &import).await;
            let told = seller.import_errors(&import).await;
            assert_eq!(counts(&import), [0, 0, 10, 0], "{told:?} {}", String::from_utf8_lossy(&file));
            assert_eq!(state().await, before);
        }
    }
    // No cell is run by a spreadsheet.
    let table = seller.get("/v1/exports/products.csv").await.expect(200).text;
    assert!(table.contains("'=1+1") && !table.contains(",=1+1") && !table.contains(",@x"), "{table}");
    // What another company exports is its own.
    let other = app.company("Other").await.owner;
    assert_eq!(other.get("/v1/exports/products.ndjson").await.expect(200).text, "");
    // The file makes the same goods elsewhere.
    let file = seller.get("/v1/exports/products.csv").await.expect(200).text;
    assert_eq!(counts(&app.imported(&other, "", file.clone()).await), [10, 0, 0, 0]);
    assert_eq!(other.get("/v1/exports/products.csv").await.expect(200).text.lines().count(), file.lines().count());
}

#[tokio::test]
async fn a_number_with_its_unit_beside_it_is_taken_in_as_by_a_single_call() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let operator = app.operator().await;
    let category =
        operator.post("/v1/categories", json!({"code": "bolts", "name": {"en": "Bolts"}})).await.expect(201).id();
    for attribute in [
        json!({"key": "share", "name": {"en": "Share"}, "kind": "number", "unit": "P1"}),
        json!({"key": "zinc", "name": {"en": "Zinc"}, "kind": "yes_no"}),
    ] {
        operator.post(&format!("/v1/categories/{category}/attributes"), attribute).await.expect(201);
    }
    let row = |sku: &str, attributes: serde_json::Value| {
        let row = json!({"sku": sku, "name": {"en": "Bolt"}, "base_unit": "C62", "tax": {"category": "S", "rate": "20"},
            "category": "bolts", "attributes": attributes});
        format!("{row}\n")
    };
    // 59 is parts per million, P1 percent.
    let good = row("A", json!({"share": {"value": "500", "unit": "59"}}));
    let odd = row("B", json!({"zinc": {"value": "1", "unit": "59"}}));
    let import = seller.import("", "application/x-ndjson", good + &odd).await.expect(202).id();
    let import = app.import_over(&seller, &import).await;
    assert_eq!(seller.import_errors(&import).await, ["2 attributes.zinc wrong_type"]);
    let product = seller.get("/v1/products").await.expect(200).json()["items"][0].clone();
    assert_eq!(product["attributes"]["share"], json!({"value": "0.05", "unit": "P1"}));
}
