use serde_json::json;
use tests::app::TestApp;
use tests::trade::balance;

#[tokio::test]
async fn credit_notes_take_back_parts_and_then_the_rest() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "3.33")]).await;
    let invoice = trade.invoice(&[(&bolt, "3")]).await;
    let url = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
    let line = &invoice["lines"][0]["id"];
    let credit = |quantity: &str| json!({"reason": "returned", "lines": [{"invoice_line_id": line, "quantity": {"value": quantity, "unit": "C62"}}]});
    seller.post(&format!("{url}/credit"), credit("4")).await.problem(409, "over-credit");
    let note = seller.post(&format!("{url}/credit"), credit("1")).await.expect(201).json();
    assert_eq!((&note["kind"], &note["gross"]["amount"]), (&json!("credit_note"), &json!("3.96")));
    assert!(note["number"].as_str().unwrap().starts_with("CN"));
    assert_eq!(buyer.get(&url).await.json()["state"], "issued");
    let rest = seller
        .post(&format!("{url}/credit"), json!({"reason": "all came back", "invoice_again": true}))
        .await
        .expect(201)
        .json();
    assert_eq!(rest["gross"]["amount"], "7.93");
    assert_eq!(buyer.get(&url).await.json()["state"], "credited");
    seller.post(&format!("{url}/credit"), json!({"reason": "once more"})).await.problem(409, "wrong-state");
    for (of, kind) in
        [(seller, "receivable"), (seller, "revenue"), (seller, "tax_due"), (buyer, "payable"), (buyer, "purchases")]
    {
        assert_eq!(balance(of, kind).await, "0.00", "{kind}");
    }
    let again = json!({"contract_id": invoice["contract_id"], "issue": true});
    let again = seller.post("/v1/invoices", again).await.expect(201).json();
    assert_eq!(again["lines"][0]["quantity"]["value"], "2");
}
