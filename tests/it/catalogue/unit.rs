//! Units, and orders in another unit than the base.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::market::stock;
use tests::trade::sign;

#[tokio::test]
async fn units_are_listed_with_their_dimensions_and_exact_factors() {
    let app = TestApp::start().await;
    let masses = app.anonymous().get("/v1/units?dimension=mass&limit=200").await.expect(200).json();
    let of = |code: &str| masses["items"].as_array().unwrap().iter().find(|unit| unit["code"] == code).unwrap().clone();
    assert_eq!(of("TNE")["factor"], json!({"numerator": "1000", "denominator": "1"}));
    assert_eq!(of("LBR")["factor"], json!({"numerator": "45359237", "denominator": "100000000"}));
    let first = app.anonymous().get("/v1/units?limit=2").await.expect(200).json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = app.anonymous().get(&format!("/v1/units?limit=2&cursor={cursor}")).await.expect(200).json();
    assert!(next["items"][0]["code"].as_str() > first["items"][1]["code"].as_str());
    app.anonymous().get("/v1/units?colour=red").await.problem(400, "invalid-query");
}

/// An order of one line in euros.
fn order(market: &str, offer: &str, value: &str, unit: &str) -> Value {
    json!({"portal_id": market, "currency": "EUR", "submit": true,
        "lines": [{"offer_id": offer, "quantity": {"value": value, "unit": unit}}]})
}

#[tokio::test]
async fn an_order_in_packs_is_priced_reserved_delivered_and_invoiced_exactly() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let packs = json!({"packs": [{"unit": "NMP", "name": {"en": "Pack of 12"}, "quantity_of_base": "12"}],
        "minimum_order": "6", "order_multiple": "6"});
    let bolt = trade.market.offer_with(seller, "100", &[("1", "2.15"), ("36", "1.999999")], packs).await;
    let entry = format!("/v1/portals/{}/catalogue/{}", trade.market.slug, bolt.offer_id);
    assert_eq!(buyer.get(&entry).await.expect(200).json()["packs"][0]["quantity_of_base"], "12");

    let market = trade.market.portal_id.as_str();
    let placed = buyer.post("/v1/orders", order(market, &bolt.offer_id, "3", "NMP")).await.expect(201).json();
    let placed = &placed["orders"][0];
    let line = &placed["lines"][0];
    assert_eq!((&line["quantity"], &line["base_quantity"]), (&json!({"value": "3", "unit": "NMP"}), &json!("36")));
    // The tier of 36 pieces, and 36 × 1.999999 rounded once.
    assert_eq!((&line["unit_price"]["amount"], &line["amount"]["amount"]), (&json!("23.999988"), &json!("72.00")));
    assert_eq!(stock(seller, &bolt).await, ("100".into(), "36".into()));

    let confirm = json!({"lines": [{"line_id": line["id"], "quantity": "2.5"}]});
    let path = format!("/v1/orders/{}/confirm", placed["id"].as_str().unwrap());
    let odd = json!({"lines": [{"line_id": line["id"], "quantity": "2.25"}]});
    assert_eq!(seller.post(&path, odd).await.faults(), ["/lines/0/quantity not_a_multiple"]);
    let confirmed = seller.post(&path, confirm).await.expect(200).json();
    assert_eq!(confirmed["lines"][0]["confirmed_quantity"], json!({"value": "2.5", "unit": "NMP"}));
    assert_eq!(stock(seller, &bolt).await, ("100".into(), "30".into()));

    let contract = confirmed["contract_id"].as_str().unwrap();
    for owner in [seller, buyer] {
        sign(owner, contract).await.expect(200);
    }
    let deliveries = format!("/v1/contracts/{contract}/deliveries");
    let of = seller.get(&format!("/v1/contracts/{contract}")).await.expect(200).json();
    assert_eq!(of["lines"][0]["quantity"], json!({"value": "2.5", "unit": "NMP"}));
    let part =
        json!({"lines": [{"contract_line_id": of["lines"][0]["id"], "quantity": {"value": "1", "unit": "NMP"}}]});
    seller.post(&deliveries, part).await.expect(201);
    assert_eq!(stock(seller, &bolt).await, ("88".into(), "18".into()));
    seller.post(&deliveries, json!({})).await.expect(201);
    assert_eq!(stock(seller, &bolt).await, ("70".into(), "0".into()));
    for one in buyer.get(&deliveries).await.expect(200).json()["items"].as_array().unwrap() {
        buyer.post(&format!("/v1/deliveries/{}/receive", one["id"].as_str().unwrap()), json!({})).await.expect(200);
    }
    let invoice = seller.post("/v1/invoices", json!({"contract_id": contract, "issue": true})).await.expect(201).json();
    assert_eq!(invoice["lines"][0]["quantity"], json!({"value": "2.5", "unit": "NMP"}));
    assert_eq!(invoice["lines"][0]["net"]["amount"], "60.00");
}

#[tokio::test]
async fn units_of_a_dimension_convert_and_others_are_refused() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let steel = trade
        .market
        .offer_with(
            seller,
            "5000",
            &[("0.001", "1.25")],
            json!({"base_unit": "KGM",
        "minimum_order": "0.001", "order_multiple": "0.000001"}),
        )
        .await;
    let market = trade.market.portal_id.as_str();
    let order = |value: &str, unit: &str| buyer.post("/v1/orders", order(market, &steel.offer_id, value, unit));
    let tonnes = order("2.4", "TNE").await.expect(201).json();
    assert_eq!(tonnes["orders"][0]["total"]["amount"], "3000.00");
    let pounds = order("100", "LBR").await.expect(201).json();
    let line = &pounds["orders"][0]["lines"][0];
    assert_eq!((&line["base_quantity"], &line["amount"]["amount"]), (&json!("45.359237"), &json!("56.70")));
    assert_eq!(stock(seller, &steel).await.1, "2445.359237");
    order("1", "LTR").await.problem(422, "unit-mismatch");
    order("1", "XBE").await.problem(422, "unit-mismatch");
    assert_eq!(order("0.33", "LBR").await.faults(), ["/lines/0/quantity inexact"]);
    order("3", "TNE").await.problem(409, "out-of-stock");
    assert_eq!(stock(seller, &steel).await.1, "2445.359237");
    let faulty =
        json!({"packs": [{"unit": "TNE", "quantity_of_base": "900"}, {"unit": "??", "quantity_of_base": "0"}]});
    let path = format!("/v1/products/{}", steel.product_id);
    assert_eq!(seller.edit(&path, faulty).await.faults(), ["/packs/1/unit unit"]);
    let contrary = json!({"packs": [{"unit": "TNE", "quantity_of_base": "900"}]});
    assert_eq!(seller.edit(&path, contrary).await.faults(), ["/packs/0/unit converts_already"]);
}
