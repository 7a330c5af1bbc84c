use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn all_faults_of_a_product_are_told() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let body = json!({"product": {
        "sku": "A B", "gtin": "4006381333932", "name": {"en": " "}, "base_unit": "ZZZ", "tax": {"category": "Z", "rate": "19"},
        "minimum_order": "0", "order_multiple": "1.0000001", "category_id": "0190b5a0-0000-7000-8000-000000000001"
    }, "on_hand": "1"});
    assert_eq!(
        seller.post("/v1/products", body).await.faults(),
        [
            "/product/base_unit unit",
            "/product/category_id unknown",
            "/product/gtin check_digit",
            "/product/minimum_order not_positive",
            "/product/name blank",
            "/product/order_multiple too_precise",
            "/product/sku not_visible",
            "/product/tax/rate tax_rate",
        ]
    );
}

// S1, S2
#[tokio::test]
async fn products_are_their_sellers_own_and_skus_unique_with_it() {
    let app = TestApp::start().await;
    let (one, other) = (app.company("One").await.owner, app.company("Other").await.owner);
    let body = json!({"product": {"sku": "A-1", "name": {"en": "Bolt"}, "base_unit": "C62", "tax": {"category": "S", "rate": "19"}}});
    let path = format!("/v1/products/{}", one.post("/v1/products", body.clone()).await.expect(201).id());
    one.post("/v1/products", body.clone()).await.problem(409, "already-exists");
    other.post("/v1/products", body.clone()).await.expect(201);
    let etag = one.etag(&path).await;
    other.get(&path).await.problem(404, "not-found");
    other.patch_if(&path, &etag, json!({"sku": "B"})).await.problem(404, "not-found");
    other.delete_if(&path, &etag).await.problem(404, "not-found");
    assert_eq!(
        one.patch_if(&path, &etag, json!({"seller_id": "x", "version": 9})).await.faults(),
        ["/seller_id unknown_field", "/version unknown_field"]
    );
    one.patch_if(&path, &etag, json!({"base_unit": "KGM"})).await.faults();
    let changed = one.patch_if(&path, &etag, json!({"name": {"ru": "Болт", "en": null}})).await.expect(200).json();
    assert_eq!(changed["name"], json!({"ru": "Болт"}));
}
