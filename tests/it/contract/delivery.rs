use serde_json::{Value, json};
use tests::app::TestApp;
use tests::market::stock;

fn pieces(value: &str) -> Value {
    json!({"value": value, "unit": "C62"})
}

#[tokio::test]
async fn goods_leave_the_stock_when_despatched_and_fulfil_the_contract_when_received() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let contract = trade.active(&[(&bolt, "10")]).await;
    let path = format!("/v1/contracts/{contract}");
    assert_eq!(stock(seller, &bolt).await, ("100".into(), "10".into()));
    buyer.post(&format!("{path}/deliveries"), json!({})).await.problem(403, "forbidden");
    let line = buyer.get(&path).await.json()["lines"][0]["id"].clone();
    let part = json!({"lines": [{"contract_line_id": line, "quantity": pieces("4")}], "carrier": "Spedition"});
    let first = seller.post(&format!("{path}/deliveries"), part).await.expect(201).json();
    assert_eq!((&first["number"], &first["state"]), (&json!(1), &json!("despatched")));
    assert_eq!(stock(seller, &bolt).await, ("96".into(), "6".into()));
    let rest = seller.post(&format!("{path}/deliveries"), json!({})).await.expect(201).json();
    assert_eq!(rest["lines"][0]["quantity"], pieces("6"));
    assert_eq!(stock(seller, &bolt).await, ("90".into(), "0".into()));
    seller.post(&format!("{path}/deliveries"), json!({})).await.problem(422, "invalid-input");
    for delivery in [&first, &rest] {
        let url = format!("/v1/deliveries/{}", delivery["id"].as_str().unwrap());
        seller.post(&format!("{url}/receive"), json!({})).await.problem(403, "forbidden");
        assert_eq!(buyer.post(&format!("{url}/receive"), json!({})).await.expect(200).json()["state"], "received");
        buyer.post(&format!("{url}/receive"), json!({})).await.problem(409, "wrong-state");
    }
    let contract = buyer.get(&path).await.json();
    assert_eq!((&contract["state"], &contract["lines"][0]["received"]), (&json!("fulfilled"), &pieces("10")));
}

#[tokio::test]
async fn what_is_missing_or_damaged_is_delivered_again_from_what_is_available() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "11", &[("1", "2.00")]).await;
    let contract = trade.active(&[(&bolt, "10")]).await;
    let path = format!("/v1/contracts/{contract}/deliveries");
    let sent = seller.post(&path, json!({})).await.expect(201).json();
    let url = format!("/v1/deliveries/{}", sent["id"].as_str().unwrap());
    let line = &sent["lines"][0]["contract_line_id"];
    let receipt = |received: &str, damaged: &str| json!({"lines": [{"contract_line_id": line, "received": pieces(received), "damaged": pieces(damaged)}]});
    buyer.post(&format!("{url}/receive"), receipt("9", "2")).await.problem(422, "receipt-mismatch");
    let odd = json!({"lines": [{"contract_line_id": line, "received": {"value": "9", "unit": "KGM"}}]});
    buyer.post(&format!("{url}/receive"), odd).await.problem(422, "unit-mismatch");
    let got = buyer.post(&format!("{url}/receive"), receipt("7", "1")).await.expect(200).json();
    assert_eq!(got["state"], "received_damaged");
    assert_eq!(buyer.get(&format!("/v1/contracts/{contract}")).await.json()["state"], "active");
    let again = |quantity: &str| json!({"lines": [{"contract_line_id": line, "quantity": pieces(quantity)}]});
    seller.post(&path, again("4")).await.problem(409, "over-delivery");
    // Three are owed, and one is on hand.
    seller.post(&path, again("3")).await.problem(409, "out-of-stock");
    assert_eq!(stock(seller, &bolt).await, ("1".into(), "0".into()));
    seller.post(&path, again("1")).await.expect(201);
    assert_eq!(stock(seller, &bolt).await, ("0".into(), "0".into()));
}

#[tokio::test]
async fn what_arrives_beyond_the_despatch_is_noted_and_not_billed() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "20", &[("1", "2.00")]).await;
    let contract = trade.active(&[(&bolt, "10")]).await;
    let sent = seller.post(&format!("/v1/contracts/{contract}/deliveries"), json!({})).await.expect(201).json();
    let receive = format!("/v1/deliveries/{}/receive", sent["id"].as_str().unwrap());
    let receipt = |received: &str| {
        json!({"lines": [{"contract_line_id": sent["lines"][0]["contract_line_id"],
        "received": pieces(received), "surplus": pieces("2")}]})
    };
    buyer.post(&receive, receipt("9")).await.problem(422, "receipt-mismatch");
    let got = buyer.post(&receive, receipt("10")).await.expect(200).json();
    assert_eq!((&got["state"], &got["lines"][0]["surplus"]), (&json!("received_over"), &pieces("2")));
    let invoice = seller.post("/v1/invoices", json!({"contract_id": contract})).await.expect(201).json();
    assert_eq!(invoice["lines"][0]["quantity"], pieces("10"));
}
