use serde_json::{Value, json};
use tests::app::TestApp;
use tests::market::stock;
use tests::trade::weigh;

fn quantity(value: &str, unit: &str) -> Value {
    json!({"value": value, "unit": unit})
}

#[tokio::test]
async fn goods_ordered_by_the_piece_are_billed_by_what_was_weighed() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let cheese = trade.market.offer(seller, "10", &[("1", "25.00")]).await;
    weigh(seller, &cheese.product_id, "2.5", "10").await;
    let contract = trade.active(&[(&cheese, "4")]).await;
    let path = format!("/v1/contracts/{contract}");
    let text = buyer.get(&format!("{path}/text")).await.expect(200).text;
    assert!(
        text.contains("Billed by weight: 10 EUR for each KGM; about 2.5 KGM for each C62, 10 % more or less"),
        "{text}"
    );
    let line = buyer.get(&path).await.json()["lines"][0]["id"].clone();
    let despatch = |weighed: Value| json!({"lines": [{"contract_line_id": line, "quantity": quantity("4", "C62"), "weighed": weighed}]});
    let send = async |body: Value| seller.post(&format!("{path}/deliveries"), body).await;
    assert_eq!(send(json!({})).await.faults(), ["/lines/0/weighed required"]);
    send(despatch(quantity("10.5", "C62"))).await.problem(422, "unit-mismatch");
    send(despatch(quantity("11.01", "KGM"))).await.problem(409, "out-of-tolerance");
    assert_eq!(stock(seller, &cheese).await, ("10".into(), "4".into()));
    let sent = send(despatch(quantity("10.5", "KGM"))).await.expect(201).json();
    assert_eq!(sent["lines"][0]["weighed"], quantity("10.5", "KGM"));
    // Stock is counted by the piece, whatever the pieces weigh.
    assert_eq!(stock(seller, &cheese).await, ("6".into(), "0".into()));
    let receive = format!("/v1/deliveries/{}/receive", sent["id"].as_str().unwrap());
    buyer.post(&receive, json!({})).await.expect(200);
    let body = json!({"contract_id": contract});
    let draft = seller.post("/v1/invoices", body.clone()).await.expect(201);
    seller.delete_if(&format!("/v1/invoices/{}", draft.id()), &draft.etag()).await.expect(204);
    let invoice = seller.post("/v1/invoices", json!({"contract_id": contract, "issue": true})).await.expect(201).json();
    assert_eq!(invoice["lines"][0]["quantity"], quantity("10.5", "KGM"));
    assert_eq!(
        (&invoice["lines"][0]["unit_price"]["amount"], &invoice["net"]["amount"]),
        (&json!("10.00"), &json!("105.00"))
    );
    seller.post("/v1/invoices", body).await.problem(409, "nothing-to-invoice");
    trade.paid("124.95", Some(&invoice)).await;
    assert_eq!(buyer.get(&path).await.json()["state"], "closed");
}

#[tokio::test]
async fn about_twenty_tonnes_leave_the_stock_as_they_were_weighed_and_more_needs_the_buyers_word() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let scrap = trade.market.offer_with(seller, "50", &[("1", "300.00")], json!({"base_unit": "TNE"})).await;
    let product = format!("/v1/products/{}", scrap.product_id);
    let etag = seller.etag(&product).await;
    let odd = json!({"nominal": quantity("2", "TNE"), "tolerance_percent": "5"});
    let refused = seller.put_if(&format!("{product}/catch-weight"), &etag, odd).await;
    assert_eq!(refused.faults(), ["/nominal contradicts_unit"]);
    let weight = json!({"nominal": quantity("1", "TNE"), "tolerance_percent": "5"});
    seller.put_if(&format!("{product}/catch-weight"), &etag, weight).await.expect(200);
    let mut body = trade.market.order(&[(&scrap, "20")], true);
    body["lines"][0]["quantity"]["unit"] = json!("TNE");
    let order = buyer.post("/v1/orders", body).await.expect(201).json()["orders"][0]["id"].clone();
    let confirm = format!("/v1/orders/{}/confirm", order.as_str().unwrap());
    let contract = seller.post(&confirm, json!({})).await.expect(200).json()["contract_id"].clone();
    let contract = contract.as_str().unwrap();
    for side in [seller, buyer] {
        tests::trade::sign(side, contract).await.expect(200);
    }
    let path = format!("/v1/contracts/{contract}");
    let line = buyer.get(&path).await.json()["lines"][0]["id"].clone();
    let part = |value: &str, weighed: &str, beyond: bool| {
        json!({"beyond_tolerance": beyond, "lines": [
        {"contract_line_id": line, "quantity": quantity(value, "TNE"), "weighed": quantity(weighed, "TNE")}]})
    };
    let send = async |body: Value| seller.post(&format!("{path}/deliveries"), body).await;
    let first = send(part("10", "10.4", false)).await.expect(201).id();
    assert_eq!(stock(seller, &scrap).await, ("39.6".into(), "10".into()));
    let second = send(part("10", "11", true)).await.expect(201).id();
    assert_eq!(stock(seller, &scrap).await, ("28.6".into(), "0".into()));
    buyer.post(&format!("/v1/deliveries/{first}/receive"), json!({})).await.expect(200);
    let receive = format!("/v1/deliveries/{second}/receive");
    buyer.post(&receive, json!({})).await.problem(409, "out-of-tolerance");
    buyer.post(&receive, json!({"accept_weights": true})).await.expect(200);
    let done = buyer.get(&path).await.json();
    assert_eq!(
        (&done["state"], &done["lines"][0]["weight"]["received"]),
        (&json!("fulfilled"), &quantity("21.4", "TNE"))
    );
    let invoice = seller.post("/v1/invoices", json!({"contract_id": contract, "issue": true})).await.expect(201).json();
    assert_eq!(invoice["net"]["amount"], "6420.00");
}

#[tokio::test]
async fn the_nominal_weight_does_not_contradict_the_unit_that_is_ordered_in() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let scrap = trade.market.offer_with(seller, "50", &[("1", "300.00")], json!({"base_unit": "TNE"})).await;
    let path = format!("/v1/products/{}", scrap.product_id);
    let etag = seller.etag(&path).await;
    let put = async |nominal: Value, tolerance: &str| {
        let body = json!({"nominal": nominal, "tolerance_percent": tolerance});
        seller.put_if(&format!("{path}/catch-weight"), &etag, body).await
    };
    assert_eq!(put(quantity("900", "KGM"), "5").await.faults(), ["/nominal contradicts_unit"]);
    let faults = put(quantity("0", "KGM"), "101").await.faults();
    assert_eq!(faults, ["/nominal not_positive", "/tolerance_percent out_of_range"]);
    put(quantity("1000", "KGM"), "5").await.expect(200);
}

#[tokio::test]
async fn how_it_is_weighed_is_known_before_it_is_ordered_and_what_the_seller_says_later_does_not_count() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let cheese = trade.market.offer(seller, "10", &[("1", "25.00")]).await;
    weigh(seller, &cheese.product_id, "2.5", "10").await;
    let said = json!({"nominal": quantity("2.5", "KGM"), "tolerance_percent": "10"});
    let entry = format!("/v1/portals/{}/catalogue/{}", trade.market.portal_id, cheese.offer_id);
    app.until(async || buyer.get(&entry).await.expect(200).json()["catch_weight"] == said).await;
    let draft = buyer.post("/v1/orders", trade.market.order(&[(&cheese, "4")], false)).await.expect(201).json();
    let order = buyer.post("/v1/orders", trade.market.order(&[(&cheese, "4")], true)).await.expect(201).json();
    weigh(seller, &cheese.product_id, "1", "100").await;
    let path = |of: &Value| format!("/v1/orders/{}", of["orders"][0]["id"].as_str().expect("an id"));
    assert_eq!(buyer.get(&path(&order)).await.json()["lines"][0]["catch_weight"], said);
    // A draft is looked at again.
    buyer.post(&format!("{}/submit", path(&draft)), json!(null)).await.problem(409, "price-changed");
    let confirmed = seller.post(&format!("{}/confirm", path(&order)), json!({})).await.expect(200).json();
    let contract = format!("/v1/contracts/{}", confirmed["contract_id"].as_str().expect("a contract"));
    let text = buyer.get(&format!("{contract}/text")).await.expect(200).text;
    assert!(text.contains("about 2.5 KGM for each C62, 10 % more or less"), "{text}");
}
