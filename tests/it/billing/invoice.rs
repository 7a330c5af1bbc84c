use serde_json::json;
use tests::app::TestApp;
use tests::trade::balance;

#[tokio::test]
async fn what_was_received_is_invoiced_once_with_its_tax() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "3.33")]).await;
    let contract = trade.active(&[(&bolt, "10")]).await;
    let body = json!({"contract_id": contract});
    seller.post("/v1/invoices", body.clone()).await.problem(409, "nothing-to-invoice");
    let path = format!("/v1/contracts/{contract}");
    let delivery = seller.post(&format!("{path}/deliveries"), json!({})).await.expect(201).id();
    seller.post("/v1/invoices", body.clone()).await.problem(409, "nothing-to-invoice");
    buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
    buyer.post("/v1/invoices", body.clone()).await.problem(403, "forbidden");
    let draft = seller.post("/v1/invoices", body.clone()).await.expect(201);
    let (id, etag) = (draft.id(), draft.etag());
    let url = format!("/v1/invoices/{id}");
    assert_eq!((&draft.json()["state"], &draft.json()["number"]), (&json!("draft"), &json!(null)));
    buyer.get(&url).await.problem(404, "not-found");
    seller.get(&format!("{url}.pdf")).await.problem(409, "wrong-state");
    seller.post("/v1/invoices", body.clone()).await.problem(409, "nothing-to-invoice");
    seller.delete(&url).await.problem(428, "precondition-required");
    seller.delete_if(&url, &etag).await.expect(204);
    let id = seller.post("/v1/invoices", body).await.expect(201).id();
    let issued = seller.post(&format!("/v1/invoices/{id}/issue"), json!({})).await.expect(200).json();
    assert_eq!(issued["net"]["amount"], "33.30");
    assert_eq!(issued["tax"]["amount"], "6.33");
    assert_eq!(issued["gross"]["amount"], "39.63");
    assert_eq!(issued["pay_to"]["account_number"], "DE89370400440532013000");
    assert_eq!(issued["taxes"][0]["base"]["amount"], "33.30");
    seller.post(&format!("/v1/invoices/{id}/issue"), json!({})).await.problem(409, "wrong-state");
    assert_eq!(buyer.get(&format!("/v1/invoices/{id}")).await.expect(200).json()["number"], issued["number"]);
    for (of, kind, amount) in [
        (seller, "receivable", "39.63"),
        (seller, "revenue", "33.30"),
        (seller, "tax_due", "6.33"),
        (buyer, "payable", "39.63"),
        (buyer, "purchases", "33.30"),
        (buyer, "tax_paid", "6.33"),
    ] {
        assert_eq!(balance(of, kind).await, amount, "{kind}");
    }
}

#[tokio::test]
async fn an_invoice_says_where_to_pay_to() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await;
    let buyer = market.member(&app, "Buyer", &["buy"]).await;
    let trade = tests::trade::Trade { market, seller, buyer };
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "3.33")]).await;
    let contract = trade.fulfilled(&[(&bolt, "1")]).await;
    let body = json!({"contract_id": contract, "issue": true});
    trade.seller.owner.post("/v1/invoices", body.clone()).await.problem(409, "bank-account-missing");
    tests::trade::add_bank_account(&trade.seller).await;
    trade.seller.owner.post("/v1/invoices", body).await.expect(201);
}

#[tokio::test]
async fn everybody_sees_just_their_own_side() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "3.33")]).await;
    let invoice = trade.invoice(&[(&bolt, "10")]).await;
    let url = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
    let outsider = trade.market.member(&app, "Rival", &["sell", "buy"]).await.owner;
    for path in [url.clone(), format!("{url}.pdf"), format!("{url}.xml")] {
        outsider.get(&path).await.problem(404, "not-found");
    }
    outsider.post(&format!("{url}/credit"), json!({"reason": "mine"})).await.problem(404, "not-found");
    trade.buyer.owner.post(&format!("{url}/credit"), json!({"reason": "mine"})).await.problem(404, "not-found");
    for list in ["/v1/invoices", "/v1/payments", "/v1/accounts", "/v1/contracts", "/v1/orders"] {
        assert_eq!(outsider.get(list).await.expect(200).json()["items"], json!([]), "{list}");
    }
    let account = trade.seller.owner.get("/v1/accounts").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    trade.seller.owner.get(&format!("/v1/accounts/{account}/postings")).await.expect(200);
    trade.buyer.owner.get(&format!("/v1/accounts/{account}/postings")).await.problem(404, "not-found");
}
