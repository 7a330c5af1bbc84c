use serde_json::json;
use tests::app::TestApp;
use tests::import::counts;

#[tokio::test]
async fn a_saved_mapping_gives_columns_of_any_name_a_meaning() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let body = json!({"name": "1C", "columns": {"Артикул": "sku", "Наименование": "name.ru", "Цена": "price", "Остаток": "on_hand"},
        "fixed": {"base_unit": "C62", "tax.category": "S", "tax.rate": "20", "currency": "RUB", "published": "true"},
        "decimal_comma": true, "ignore_unknown": true});
    let saved = seller.post("/v1/import-mappings", body.clone()).await.expect(201);
    seller.post("/v1/import-mappings", body).await.problem(409, "already-exists");
    let query = format!("?mapping=1C&portal={}", market.slug);
    let file = "Артикул;Наименование;Цена;Остаток;Группа\nБ-1;Болт;1\u{a0}234,50;12,5;метизы\nБ-2;Гайка;1.5;1;метизы\n";
    let import = app.imported(&seller, &query, file).await;
    assert_eq!(counts(&import), [1, 0, 0, 1], "{:?}", seller.import_errors(&import).await);
    assert_eq!(seller.import_errors(&import).await, ["3 Цена decimal"]);
    let found = app.anonymous().get(&format!("/v1/portals/{}/catalogue", market.slug)).await.expect(200).json();
    assert_eq!(found["items"][0]["price"]["unit_price"], json!({"amount": "1234.50", "currency": "RUB"}));

    let path = format!("/v1/import-mappings/{}", saved.id());
    let faulty =
        seller.patch_if(&path, &saved.etag(), json!({"columns": {"x": "colour"}, "fixed": {"sku": "A"}})).await;
    assert_eq!(faulty.faults(), ["/columns/x unknown_column", "/fixed/sku not_fixed"]);
    let changed = seller.patch_if(&path, &saved.etag(), json!({"clear_empty": true})).await.expect(200);
    seller.patch_if(&path, &saved.etag(), json!({"name": "x"})).await.problem(412, "precondition-failed");
    // An empty cell takes away what can be taken away.
    let file = "Артикул;Наименование;name.en;gtin\nБ-1;Болт;Bolt;4006381333931\n";
    app.imported(&seller, "?mapping=1C", file).await;
    let import = app.imported(&seller, "?mapping=1C", "Артикул;Наименование;name.en;gtin\nБ-1;;Bolt;\n").await;
    assert_eq!(counts(&import), [0, 1, 0, 0], "{:?}", seller.import_errors(&import).await);
    let product = seller.get("/v1/products").await.expect(200).json()["items"][0].clone();
    assert_eq!((&product["name"], &product["gtin"]), (&json!({"en": "Bolt"}), &json!(null)));
    seller.delete_if(&path, &changed.etag()).await.expect(204);
    assert_eq!(seller.import("?mapping=1C", "text/csv", file).await.faults(), ["/mapping unknown"]);
}
