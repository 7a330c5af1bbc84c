use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use tests::app::TestApp;
use tests::import::counts;

const TABLE: &str = "\u{feff}sku;name.en;name.ru;description.ru;base_unit;tax.category;tax.rate;on_hand;price;price.50\r\n\
    B-12;Bolt M12;Болт М12;\"оцинкованный;\r\nкласс \"\"8.8\"\"\";C62;S;20;500;1.20;1.10\r\n\
    N-12;Nut M12;Гайка М12;;C62;S;20;700;0.40;\r\n";

// R27
#[tokio::test]
async fn a_file_makes_products_that_buyers_see_at_once_and_again_changes_nothing() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let query = format!("?portal={}&currency=EUR&publish=true", market.slug);
    let answer = seller.import(&query, "text/csv", TABLE).await.expect(202);
    let import = answer.json();
    assert_eq!(answer.header("location"), format!("/v1/imports/{}", answer.id()));
    assert_eq!((&import["separator"], &import["encoding"]), (&json!("semicolon"), &json!("utf-8")));
    assert_eq!(import["progress"], json!({"done": 0, "total": 2}));
    let import = app.import_over(&seller, &answer.id()).await;
    assert_eq!((&import["state"], counts(&import)), (&json!("finished"), [2, 0, 0, 0]), "{import}");
    assert_eq!(import["progress"], json!({"done": 2, "total": 2}));

    let found = app.anonymous().get(&format!("/v1/portals/{}/catalogue", market.slug)).await.expect(200).json();
    let bolt = found["items"].as_array().unwrap().iter().find(|one| one["sku"] == "B-12").unwrap().clone();
    assert_eq!(bolt["tiers"][1], json!({"from": "50", "unit_price": {"amount": "1.10", "currency": "EUR"}}));
    assert_eq!(bolt["available"], "500");
    let path = format!("/v1/products/{}", bolt["product_id"].as_str().unwrap());
    let product = seller.get(&path).await.expect(200);
    assert_eq!(product.json()["description"], json!({"ru": "оцинкованный;\r\nкласс \"8.8\""}));
    let events = app.count("SELECT count(*) FROM event WHERE type NOT LIKE 'import%'").await;

    let again = app.imported(&seller, &query, TABLE).await;
    assert_eq!(counts(&again), [0, 0, 2, 0]);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type NOT LIKE 'import%'").await, events);
    assert_eq!(seller.get(&path).await.expect(200).etag(), product.etag());
    assert_eq!(app.count("SELECT sum(version)::bigint AS count FROM offer").await, 2);

    let changed = TABLE.replace("700;0.40;", "650;0.45;").replace("Nut M12", "Hex nut M12");
    assert_eq!(counts(&app.imported(&seller, &query, changed).await), [0, 1, 1, 0]);
    let found = app.anonymous().get(&format!("/v1/portals/{}/catalogue?q=hex", market.slug)).await.expect(200).json();
    assert_eq!(
        (&found["items"][0]["available"], &found["items"][0]["price"]["unit_price"]["amount"]),
        (&json!("650"), &json!("0.45"))
    );
    // The files are removed when they were worked off.
    let waiting = app.config().files_directory.join("waiting");
    app.until(async || std::fs::read_dir(&waiting).into_iter().flatten().count() == 0).await;
}

#[tokio::test]
async fn encodings_separators_and_line_ends_are_found_or_declared() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let name = |sku: &str| {
        let (seller, path) = (seller.clone(), format!("/v1/products?sku={sku}"));
        async move { seller.get(&path).await.expect(200).json()["items"][0]["name"]["ru"].clone() }
    };
    let table = |separator: &str, line_end: &str, sku: &str| {
        let rows = [["sku", "name.ru", "base_unit", "tax.category"], [sku, "Сталь", "KGM", "Z"]];
        rows.map(|row| row.join(separator) + line_end).concat()
    };
    // In Windows-1251 the letters from А on begin at 192.
    let cyrillic = |text: String| -> Vec<u8> {
        text.chars()
            .map(|c| if c.is_ascii() { c as u8 } else { u8::try_from(c as u32 - 0x410 + 192).unwrap() })
            .collect()
    };
    for (number, (query, file)) in [
        ("", table(",", "\n", "S-0").into_bytes()),
        ("", table("\t", "\r", "S-1").into_bytes()),
        ("", cyrillic(table(";", "\r\n", "S-2"))),
        ("?encoding=windows-1251&separator=comma", cyrillic(table(",", "\n", "S-3"))),
    ]
    .into_iter()
    .enumerate()
    {
        let import = app.imported(&seller, query, file).await;
        assert_eq!(counts(&import), [1, 0, 0, 0], "{import}");
        assert_eq!(name(&format!("S-{number}")).await, "Сталь");
    }
}

#[tokio::test]
async fn lines_of_json_and_forms_are_taken_as_well() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let lines = "{\"sku\": \"A\", \"name\": {\"en\": \"=Bolt\"}, \"base_unit\": \"C62\", \"tax\": {\"category\": \"S\", \"rate\": \"20\"}, \
        \"price\": {\"1\": \"2.5\", \"10\": \"2\"}, \"lead_time_days\": 3}\n\n{\"sku\": 17}\nx\n{\"sku\": \"B\", \"on_hand\": 1.5}\n";
    let form = |import: serde_json::Value| {
        let file = Part::bytes(lines.as_bytes().to_vec()).file_name("goods.ndjson");
        let form = Form::new().part("import", Part::text(import.to_string())).part("file", file);
        seller.request(Method::POST, "/v1/imports").multipart(form)
    };
    let options = json!({"portal": market.slug, "currency": "EUR"});
    let first = seller.send(form(options.clone()).header("Idempotency-Key", "one")).await.expect(202);
    let import = app.import_over(&seller, &first.id()).await;
    assert_eq!((counts(&import), &import["file_name"]), ([1, 0, 0, 3], &json!("goods.ndjson")));
    assert_eq!(
        seller.import_errors(&import).await,
        [
            "3 name required",
            "3 base_unit unit",
            "3 tax.category tax_category",
            "4  malformed_json",
            "5 on_hand wrong_type"
        ]
    );
    // R2, R3
    let again = seller.send(form(options).header("Idempotency-Key", "one")).await.expect(202);
    assert_eq!((again.header("idempotent-replayed").as_str(), again.id()), ("true", first.id()));
    let other = form(json!({"portal": market.slug})).header("Idempotency-Key", "one");
    seller.send(other).await.problem(422, "idempotency-key-reused");
    assert_eq!(app.count("SELECT count(*) FROM import_job").await, 1);
    let offers = seller.get(&format!("/v1/portals/{}/offers", market.slug)).await.expect(200).json();
    assert_eq!(
        (&offers["items"][0]["state"], &offers["items"][0]["tiers"][1]["from"]),
        (&json!("draft"), &json!("10"))
    );
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let query = format!("?portal={}&currency=EUR&dry_run=true", market.slug);
    let bad = format!("{TABLE}X Y;;;;C62;S;20;1;1;\r\n");
    let import = app.imported(&seller, &query, bad).await;
    assert_eq!((&import["dry_run"], counts(&import)), (&json!(true), [2, 0, 0, 1]));
    assert_eq!(seller.import_errors(&import).await, ["4 sku not_visible", "4 name required"]);
    assert_eq!(app.count("SELECT count(*) FROM product").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type LIKE 'product%'").await, 0);
}
