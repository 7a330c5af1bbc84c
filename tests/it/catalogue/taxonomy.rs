//! The category tree and the typed attributes of products.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::given::number;

async fn category(operator: &Client, parent: Option<&str>) -> String {
    let body = json!({"code": format!("c{}", number()), "parent_id": parent, "name": {"en": "Things"}});
    operator.post("/v1/categories", body).await.expect(201).id()
}

async fn define(operator: &Client, category: &str, definition: Value) -> Answer {
    let mut definition = definition;
    definition["name"] = json!({"en": "Property"});
    operator.post(&format!("/v1/categories/{category}/attributes"), definition).await
}

fn product(category: &str, attributes: Value) -> Value {
    json!({"product": {"sku": format!("T-{}", number()), "name": {"en": "Rebar"}, "base_unit": "KGM", "category_id": category,
        "tax": {"category": "S", "rate": "19"}, "attributes": attributes}})
}

#[tokio::test]
async fn attributes_are_inherited_and_products_are_judged_by_them_all_faults_at_once() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let seller = app.company("Seller").await.owner;
    let metals = category(&operator, None).await;
    let rebars = category(&operator, Some(&metals)).await;
    let choices = json!([{"key": "a400", "name": {"en": "A400"}}, {"key": "a500c", "name": {"en": "A500C"}}]);
    define(&operator, &metals, json!({"key": "grade", "kind": "choice", "choices": choices, "required": true}))
        .await
        .expect(201);
    define(&operator, &metals, json!({"key": "made_on", "kind": "date", "minimum": "2020-01-01"})).await.expect(201);
    define(&operator, &metals, json!({"key": "zinc", "kind": "yes_no"})).await.expect(201);
    define(
        &operator,
        &rebars,
        json!({"key": "diameter", "kind": "number", "unit": "MMT", "minimum": "4", "maximum": "80"}),
    )
    .await
    .expect(201);

    let held = app.anonymous().get(&format!("/v1/categories/{rebars}/attributes")).await.expect(200).json();
    let keys: Vec<(&str, bool)> = held["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["key"].as_str().unwrap(), one["inherited"] == true))
        .collect();
    assert_eq!(keys, [("diameter", false), ("grade", true), ("made_on", true), ("zinc", true)]);

    let good = json!({"grade": "a500c", "zinc": false, "made_on": "2026-01-31", "diameter": {"value": "0.012", "unit": "MTR"}});
    let made = seller.post("/v1/products", product(&rebars, good)).await.expect(201);
    assert_eq!(made.json()["attributes"]["diameter"], json!({"value": "12", "unit": "MMT"}));
    let path = format!("/v1/products/{}", made.id());
    let inch = json!({"attributes": {"diameter": {"value": "0.5", "unit": "INH"}, "zinc": null}});
    let changed = seller.edit(&path, inch).await.expect(200).json();
    assert_eq!(
        changed["attributes"],
        json!({"grade": "a500c", "made_on": "2026-01-31", "diameter": {"value": "12.7", "unit": "MMT"}})
    );

    let bad =
        json!({"made_on": "2019-12-31", "zinc": "yes", "diameter": {"value": "1", "unit": "KGM"}, "colour": "red"});
    let mut body = product(&rebars, bad);
    body["product"]["sku"] = json!("A B");
    body["product"]["codes"] = json!([{"list": "none", "code": "1"}]);
    assert_eq!(
        seller.post("/v1/products", body).await.faults(),
        [
            "/product/attributes/colour unknown_attribute",
            "/product/attributes/diameter unit_mismatch",
            "/product/attributes/grade required",
            "/product/attributes/made_on out_of_range",
            "/product/attributes/zinc wrong_type",
            "/product/codes/0/code unknown",
            "/product/sku not_visible",
        ]
    );
    let bare = json!({"product": {"sku": "N", "name": {"en": "x"}, "base_unit": "KGM", "tax": {"category": "S", "rate": "19"},
        "attributes": {"zinc": true}}});
    assert_eq!(seller.post("/v1/products", bare).await.faults(), ["/product/attributes no_category"]);
}

#[tokio::test]
async fn a_key_is_one_kind_of_thing_in_all_of_the_tree() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let root = category(&operator, None).await;
    let middle = category(&operator, Some(&root)).await;
    let leaf = category(&operator, Some(&middle)).await;
    define(&operator, &middle, json!({"key": "length", "kind": "number", "unit": "MMT"})).await.expect(201);
    let metres = json!({"key": "length", "kind": "number", "unit": "MTR"});
    assert_eq!(define(&operator, &leaf, metres.clone()).await.faults(), ["/kind redefined"]);
    assert_eq!(define(&operator, &root, metres).await.faults(), ["/kind redefined"]);
    // Nearer and narrower is fine.
    let narrower = json!({"key": "length", "kind": "number", "unit": "MMT", "maximum": "12000"});
    define(&operator, &leaf, narrower.clone()).await.expect(201);
    define(&operator, &leaf, narrower).await.problem(409, "already-exists");
    let elsewhere = category(&operator, None).await;
    define(&operator, &elsewhere, json!({"key": "length", "kind": "text"})).await.expect(201);
    let moved = operator.edit(&format!("/v1/categories/{leaf}"), json!({"parent_id": elsewhere})).await;
    assert_eq!(moved.faults(), ["/parent_id redefined"]);
    let own = format!("/v1/categories/{leaf}/attributes/length");
    assert_eq!(
        operator.edit(&own, json!({"unit": "MTR", "key": "width"})).await.faults(),
        ["/key fixed", "/unit fixed"]
    );
    assert_eq!(
        define(&operator, &root, json!({"key": "kind", "kind": "choice"})).await.faults(),
        ["/choices required"]
    );
}

#[tokio::test]
async fn the_tree_changes_only_where_no_product_breaks() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let seller = app.company("Seller").await.owner;
    let (metals, foods) = (category(&operator, None).await, category(&operator, None).await);
    let bars = category(&operator, Some(&metals)).await;
    define(&operator, &metals, json!({"key": "grade", "kind": "text"})).await.expect(201);
    define(&operator, &foods, json!({"key": "organic", "kind": "yes_no", "required": true})).await.expect(201);
    let made = seller.post("/v1/products", product(&bars, json!({"grade": "A500C"}))).await.expect(201);

    let path = format!("/v1/categories/{bars}");
    let refused = operator.edit(&path, json!({"parent_id": foods})).await.problem(409, "products-would-break");
    assert!(refused["errors"][0]["detail"].as_str().unwrap().contains(&made.id()));
    let grade = format!("/v1/categories/{metals}/attributes/grade");
    let etag = operator.etag(&grade).await;
    operator.delete_if(&grade, &etag).await.problem(409, "products-would-break");
    define(&operator, &bars, json!({"key": "weight", "kind": "number", "required": true}))
        .await
        .problem(409, "products-would-break");
    assert_eq!(operator.get(&path).await.json()["parent_id"], json!(metals));

    // An own descendant, an unknown one; and where nothing breaks, all that is below comes along.
    let thin = category(&operator, Some(&bars)).await;
    assert_eq!(operator.edit(&path, json!({"parent_id": thin})).await.faults(), ["/parent_id own_descendant"]);
    let nobody = "0190b5a0-0000-7000-8000-00000000dead";
    assert_eq!(operator.edit(&path, json!({"parent_id": nobody})).await.faults(), ["/parent_id unknown"]);
    define(&operator, &bars, json!({"key": "grade", "kind": "text"})).await.expect(201);
    operator.edit(&path, json!({"parent_id": null})).await.expect(200);
    let held = app.anonymous().get(&format!("/v1/categories/{thin}/attributes")).await.expect(200).json();
    assert_eq!(held["items"].as_array().unwrap().len(), 1, "{held}");
    assert_eq!(app.count("SELECT count(*) FROM category WHERE path[cardinality(path)] <> id OR path[cardinality(path) - 1] IS DISTINCT FROM parent_id").await, 0);
}
