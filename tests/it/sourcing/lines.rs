use serde_json::{Value, json};
use tests::app::TestApp;
use tests::market::Market;
use tests::sourcing::{Tender, line, offer};

/// The catalogue of a tender's portal.
fn market(tender: &Tender) -> Market {
    Market { portal_id: tender.portal_id.clone(), slug: tender.slug.clone() }
}

fn quantities(request: &Value) -> Vec<String> {
    let line = |line: &Value| format!("{} {}", line["quantity"].as_str().unwrap(), line["unit"].as_str().unwrap());
    request["lines"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test]
async fn lines_are_read_out_of_a_table() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let csv = "name;name.ru;quantity;unit;target_price;required_on;specification.grade\r\n\
               \"Coil; hot rolled\";Рулон;12,5;TNE;640,50;2099-01-15;S235JR\r\nSheet;;3;TNE;;;\r\n";
    let body = tender.request(json!({"lines": null, "csv": csv}));
    let made = buyer.post(&tender.path("rfqs"), body).await.expect(201);
    let shown = made.json();
    assert_eq!(quantities(&shown), ["12.5 TNE", "3 TNE"]);
    assert_eq!(shown["lines"][0]["name"], json!({"en": "Coil; hot rolled", "ru": "Рулон"}));
    assert_eq!(shown["lines"][0]["specification"], json!({"grade": "S235JR"}));
    assert_eq!(shown["lines"][0]["target_price"], "640.50");
    assert_eq!(shown["csv"], Value::Null);

    let odd = "name;quantity;unit;product_id;required_on\nA;1;TNE;x;\nB;1;TNE;;soon\n=1+1;1;TNE\nC;1;TNE;;;9\n";
    let refused = buyer.post(&tender.path("rfqs"), tender.request(json!({"lines": null, "csv": odd}))).await;
    let expected =
        ["/csv/2/product_id uuid", "/csv/3/required_on date", "/csv/4/name formula", "/csv/5 too_many_cells"];
    assert_eq!(refused.faults(), expected);
    let both = tender.request(json!({"csv": csv}));
    let refused = buyer.post(&tender.path("rfqs"), both).await.faults();
    assert!(refused.contains(&"/lines contradiction".to_owned()), "{refused:?}");

    // A table stands in the place of the lines that were there.
    let path = made.header("location");
    let changed = buyer.edit(&path, json!({"csv": "quantity,unit,name\n7,TNE,Plate\n"})).await.expect(200).json();
    assert_eq!(quantities(&changed), ["7 TNE"]);
}

#[tokio::test]
async fn lines_are_taken_from_a_requisition_list() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let seller = tender.member(&app, "Seller", &["sell"]).await.owner;
    let (bolt, nut) = {
        let market = market(&tender);
        (market.offer(&seller, "100", &[("1", "2.00")]).await, market.offer(&seller, "100", &[("1", "1.00")]).await)
    };
    let quantity = |value: &str| json!({"value": value, "unit": "C62"});
    let lines = json!([
        {"offer_id": bolt.offer_id, "quantity": quantity("300")}, {"offer_id": nut.offer_id, "quantity": quantity("5")},
    ]);
    let body = json!({"name": "Bolts", "portal_id": tender.portal_id, "currency": "EUR", "lines": lines});
    let list = buyer.post("/v1/requisition-lists", body).await.expect(201).id();
    let body = tender.request(json!({"lines": null, "requisition_list_id": list}));
    let shown = buyer.post(&tender.path("rfqs"), body.clone()).await.expect(201).json();
    assert_eq!(quantities(&shown), ["300 C62", "5 C62"]);
    assert_eq!(shown["lines"][0]["product_id"], bolt.product_id);
    assert!(shown["lines"][0]["name"]["ru"].as_str().unwrap().starts_with("Стальной болт"));

    // It belongs to one person, and another company knows nothing of it.
    let colleague = app.person(&tender.buyer, &["buyer"]).await.owner;
    let rival = tender.member(&app, "Rival", &["buy"]).await.owner;
    for other in [&colleague, &rival] {
        let refused = other.post(&tender.path("rfqs"), body.clone()).await.faults();
        assert!(refused.contains(&"/requisition_list_id unknown".to_owned()), "{refused:?}");
    }
    let both = tender.request(json!({"requisition_list_id": list}));
    let refused = buyer.post(&tender.path("rfqs"), both).await.faults();
    assert!(refused.contains(&"/lines contradiction".to_owned()), "{refused:?}");
}

#[tokio::test]
async fn a_line_asks_for_something_in_words_for_a_category_or_for_a_product() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (buyer, operator) = (&tender.buyer.owner, app.operator().await);
    let steel = json!({"code": "steel", "name": {"en": "Steel"}});
    let steel = operator.post("/v1/categories", steel).await.expect(201).id();
    let attribute = json!({"key": "thickness", "name": {"en": "Thickness"}, "kind": "number", "unit": "MMT"});
    operator.post(&format!("/v1/categories/{steel}/attributes"), attribute).await.expect(201);
    let seller = tender.member(&app, "Seller", &["sell"]).await.owner;
    let bolt = market(&tender).offer(&seller, "100", &[("1", "2.00")]).await;
    let thick = json!({"category_id": steel, "specification": {"thickness": {"value": "0.3", "unit": "CMT"}}});
    let lines = json!([
        line("Something new", "2", json!({"specification": {"colour": "red", "galvanised": true}})),
        line("Any steel", "2", thick),
        {"product_id": bolt.product_id, "quantity": "100", "unit": "C62"},
    ]);
    let made = buyer.post(&tender.path("rfqs"), tender.request(json!({"lines": lines}))).await.expect(201).json();
    assert_eq!(made["lines"][0]["specification"], json!({"colour": "red", "galvanised": true}));
    // As the category measures it.
    assert_eq!(made["lines"][1]["specification"]["thickness"], json!({"value": "3", "unit": "MMT"}));
    assert_eq!(made["lines"][2]["name"], json!({}));

    let own = json!({"sku": "own", "name": {"en": "Own"}, "base_unit": "C62", "tax": {"category": "S", "rate": "19"}});
    let hidden = seller.post("/v1/products", json!({"product": own})).await.expect(201).id();
    let lines = json!([
        line("Any steel", "2", json!({"category_id": steel, "specification": {"colour": "red"}})),
        line("Both", "2", json!({"category_id": steel, "product_id": bolt.product_id})),
        {"product_id": hidden, "quantity": "1", "unit": "C62"},
    ]);
    let refused = buyer.post(&tender.path("rfqs"), tender.request(json!({"lines": lines}))).await;
    let expected = [
        "/lines/0/specification/colour unknown_attribute",
        "/lines/1/product_id contradiction",
        "/lines/2/product_id unknown",
    ];
    assert_eq!(refused.faults(), expected);
}

#[tokio::test]
async fn lines_keep_their_numbers_through_all_versions() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let rfq = tender.published(json!({})).await;
    let supplier = tender.supplier(&app, "Supplier").await;
    let lines = json!([
        line("Galvanised sheet", "10", json!({"number": 2})),
        line("Plate", "3", json!({})),
        line("Rod", "4", json!({"number": 7})),
    ]);
    let shown = buyer.edit(&rfq, json!({"lines": lines})).await.expect(200).json();
    let numbers: Vec<&Value> = shown["lines"].as_array().unwrap().iter().map(|line| &line["number"]).collect();
    assert_eq!(numbers, [&json!(2), &json!(8), &json!(7)]);
    let offers = json!([offer(1, "500", json!({})), offer(2, "600", json!({})), offer(8, "700", json!({}))]);
    let body = tender.quote(&[], json!({"version": 2, "offers": offers}));
    let refused = supplier.owner.post(&format!("{rfq}/quotes?submit=true"), body).await;
    assert_eq!(refused.faults(), ["/offers/0/line unknown"]);
}
