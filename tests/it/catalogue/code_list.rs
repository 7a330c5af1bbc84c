//! Code lists, and categories made of them.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};

async fn upload(by: &Client, edition: &str, table: &str) -> Answer {
    let list = json!({"key": "eclass", "name": {"en": "ECLASS"}, "edition": edition});
    let file = Part::text(table.to_owned()).file_name("list.csv");
    let form = Form::new().part("code_list", Part::text(list.to_string())).part("file", file);
    by.send(by.request(Method::POST, "/v1/code-lists").multipart(form)).await
}

fn codes(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn okpd2_comes_with_the_service_and_becomes_categories_in_one_step() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let loaded = operator.post("/v1/code-lists/okpd2/load", json!({})).await.expect(201);
    assert_eq!(loaded.json()["codes"], 20_307);
    operator.post("/v1/code-lists/other/load", json!({})).await.problem(404, "not-found");
    let path = "/v1/code-lists/okpd2/codes";
    let top = app.anonymous().get(&format!("{path}?limit=3")).await.expect(200).json();
    assert_eq!(codes(&top), ["01", "02", "03"]);
    let next = top["next_cursor"].as_str().unwrap();
    assert_eq!(codes(&app.anonymous().get(&format!("{path}?limit=3&cursor={next}")).await.json())[0], "05");
    let below = app.anonymous().get(&format!("{path}?parent=01.11.1")).await.expect(200).json();
    assert_eq!(codes(&below), ["01.11.11", "01.11.12"]);
    let found = app.anonymous().get(&format!("{path}?q=пшеницы твердой")).await.expect(200).json();
    assert!(codes(&found).contains(&"01.11.11"), "{found}");
    assert_eq!(codes(&app.anonymous().get(&format!("{path}?q=01.11.1&limit=2")).await.json()), ["01.11.1", "01.11.11"]);

    let made = operator.post("/v1/code-lists/okpd2/categories", json!({"from": "01.1"})).await.expect(200).json();
    let branch = made["created"].as_u64().unwrap();
    assert!(branch > 100 && made["kept"] == 0, "{made}");
    let whole = operator.post("/v1/code-lists/okpd2/categories", json!({})).await.expect(200).json();
    assert_eq!((&whole["created"], &whole["kept"]), (&json!(20_307 - branch), &json!(branch)));
    let again = operator.post("/v1/code-lists/okpd2/categories", json!({})).await.expect(200).json();
    assert_eq!(again, json!({"created": 0, "kept": 20_307}));
    assert_eq!(
        app.count(
            "SELECT count(*) FROM category c JOIN category p ON p.id = c.parent_id WHERE c.path = p.path || c.id"
        )
        .await,
        20_307 - app.count("SELECT count(*) FROM category WHERE parent_id IS NULL").await
    );
    operator.post("/v1/code-lists/none/categories", json!({})).await.problem(404, "not-found");
    let unknown = operator.post("/v1/code-lists/okpd2/categories", json!({"from": "ZZ"})).await;
    assert_eq!(unknown.faults(), ["/from unknown"]);
}

#[tokio::test]
async fn a_list_is_uploaded_and_a_new_edition_keeps_what_products_have() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let seller = app.company("Seller").await.owner;
    upload(&seller, "1", "code;name\n1;Iron\n").await.problem(403, "forbidden");
    upload(&operator, "1", "code;parent;name\n1;;Iron\n1.1;1;Bars\n2;;Tin\n").await.expect(201);
    let codes_of = |codes: Value| json!({"product": {"sku": "A", "name": {"en": "Bar"}, "base_unit": "KGM", "tax": {"category": "S", "rate": "19"}, "codes": codes}});
    let twice = json!([{"list": "eclass", "code": "1.1"}, {"list": "eclass", "code": "2"}]);
    assert_eq!(seller.post("/v1/products", codes_of(twice)).await.faults(), ["/product/codes/1/list twice"]);
    let one = json!([{"list": "eclass", "code": "1.1"}]);
    let made = seller.post("/v1/products", codes_of(one.clone())).await.expect(201);
    assert_eq!(made.json()["codes"], one);

    // Without 1.1, which a product has, and without 2, which none has.
    let replaced = upload(&operator, "2", "code;parent;name\n1;;Iron and steel\n3;;Zinc\n").await.expect(200).json();
    assert_eq!((&replaced["edition"], &replaced["codes"]), (&json!("2"), &json!(2)));
    let below = app.anonymous().get("/v1/code-lists/eclass/codes?parent=1").await.expect(200).json();
    assert_eq!((codes(&below), &below["items"][0]["retired"]), (vec!["1.1"], &json!(true)));
    assert_eq!(codes(&app.anonymous().get("/v1/code-lists/eclass/codes").await.json()), ["1", "3"]);
    let path = format!("/v1/products/{}", made.id());
    seller.edit(&path, json!({"name": {"en": "Round bar"}})).await.expect(200);
    assert_eq!(
        seller.edit(&path, json!({"codes": [{"list": "eclass", "code": "2"}]})).await.faults(),
        ["/codes/0/code unknown"]
    );
    assert_eq!(
        seller.edit(&path, json!({"codes": [{"list": "eclass", "code": "3"}]})).await.expect(200).json()["codes"][0]["code"],
        "3"
    );

    assert_eq!(
        upload(&operator, "3", "code;parent;name\n1;9;Iron\n1;;Tin\n").await.faults(),
        ["/file/3/code twice", "/file/2/parent unknown"].into_iter().rev().collect::<Vec<_>>()
    );
    assert_eq!(app.anonymous().get("/v1/code-lists/eclass").await.expect(200).json()["edition"], "2");
}
