use futures::future::join;
use serde_json::json;
use tests::app::TestApp;
use tests::trade::balance;

#[tokio::test]
async fn an_invoice_is_paid_in_parts_and_closes_its_contract() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "10")]).await;
    assert_eq!(invoice["gross"]["amount"], "119.00");
    let url = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
    trade.pay("119.01", Some(&invoice)).await.problem(409, "over-payment");
    let payment = trade.pay("19.00", Some(&invoice)).await.expect(201).id();
    assert_eq!(buyer.get(&url).await.json()["state"], "issued");
    buyer.post(&format!("/v1/payments/{payment}/confirm"), json!({})).await.problem(403, "forbidden");
    seller.post(&format!("/v1/payments/{payment}/confirm"), json!({})).await.expect(200);
    seller.post(&format!("/v1/payments/{payment}/confirm"), json!({})).await.problem(409, "wrong-state");
    let part = buyer.get(&url).await.json();
    assert_eq!((&part["state"], &part["open"]["amount"]), (&json!("partly_paid"), &json!("100.00")));
    trade.paid("100.00", Some(&invoice)).await;
    assert_eq!(buyer.get(&url).await.json()["state"], "paid");
    let contract = format!("/v1/contracts/{}", invoice["contract_id"].as_str().unwrap());
    assert_eq!(buyer.get(&contract).await.json()["state"], "closed");
    assert_eq!(balance(seller, "receivable").await, "0.00");
    assert_eq!(balance(seller, "cash").await, "119.00");
    assert_eq!(balance(buyer, "cash").await, "-119.00");
    assert_eq!(balance(buyer, "payable").await, "0.00");
}

#[tokio::test]
async fn a_payment_for_nothing_in_particular_settles_what_was_due_first() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "10.00")]).await;
    let first = trade.invoice(&[(&bolt, "1")]).await;
    let second = trade.invoice(&[(&bolt, "1")]).await;
    trade.paid("20.00", None).await;
    let state = async |invoice: &serde_json::Value| {
        let url = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
        trade.buyer.owner.get(&url).await.json()["state"].clone()
    };
    assert_eq!((state(&first).await, state(&second).await), (json!("paid"), json!("partly_paid")));
    let listed = trade.buyer.owner.get("/v1/payments?role=payer&state=confirmed").await.json();
    assert_eq!(listed["items"][0]["allocations"].as_array().unwrap().len(), 2);
    assert_eq!(listed["items"][0]["unallocated"]["amount"], "0.00");
}

#[tokio::test]
async fn a_payment_is_matched_by_its_reference_partly_and_over() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "10.00")]).await;
    let (first, second) = (trade.invoice(&[(&bolt, "1")]).await, trade.invoice(&[(&bolt, "1")]).await);
    let third = trade.invoice(&[(&bolt, "1")]).await;
    let pay = async |amount: &str, reference: String| {
        let body = json!({"payee_id": trade.seller.id, "amount": {"amount": amount, "currency": "EUR"}, "paid_on": "2026-01-15",
            "reference": reference});
        let payment = trade.buyer.owner.post("/v1/payments", body).await.expect(201).id();
        trade.seller.owner.post(&format!("/v1/payments/{payment}/confirm"), json!({})).await.expect(200).json()
    };
    let number = |invoice: &serde_json::Value| invoice["number"].as_str().unwrap().to_lowercase().replace('-', " ");
    let part = pay("5.00", format!("part of {}", number(&third))).await;
    assert_eq!(part["allocations"][0]["invoice_id"], third["id"]);
    let over = pay("20.00", format!("{}, {}", number(&third), number(&second))).await;
    assert_eq!(over["unallocated"]["amount"], "1.20");
    let state = async |invoice: &serde_json::Value| {
        let url = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
        trade.buyer.owner.get(&url).await.json()["state"].clone()
    };
    let states = [state(&first).await, state(&second).await, state(&third).await];
    assert_eq!(states, [json!("issued"), json!("paid"), json!("paid")]);
}

#[tokio::test]
async fn two_payments_for_one_invoice_never_pay_it_twice() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "1")]).await;
    let one = trade.pay("11.90", Some(&invoice)).await.expect(201).id();
    let other = trade.pay("11.90", Some(&invoice)).await.expect(201).id();
    let confirm = async |payment: String| {
        seller.post(&format!("/v1/payments/{payment}/confirm"), json!({})).await.status.as_u16()
    };
    let (a, b) = join(confirm(one), confirm(other.clone())).await;
    assert_eq!([a.min(b), a.max(b)], [200, 409]);
    assert_eq!(balance(seller, "cash").await, "11.90");
}

#[tokio::test]
async fn bad_payments_are_refused_with_all_their_faults() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "1")]).await;
    let post = async |body| trade.buyer.owner.post("/v1/payments", body).await;
    let odd = json!({"payee_id": "0190b5a0-0000-7000-8000-000000000001", "amount": {"amount": "1.001", "currency": "EUR"}, "paid_on": "2999-01-01"});
    assert_eq!(
        post(odd).await.faults(),
        ["/amount too_precise", "/paid_on in_future", "/payee_id unknown_organisation"]
    );
    let dollars = json!({"payee_id": trade.seller.id, "amount": {"amount": "1.00", "currency": "USD"}, "paid_on": "2026-01-15",
        "allocations": [{"invoice_id": invoice["id"], "amount": {"amount": "1.00", "currency": "USD"}}]});
    post(dollars).await.problem(422, "currency-mismatch");
    let others = json!({"payee_id": trade.seller.id, "amount": {"amount": "1.00", "currency": "EUR"}, "paid_on": "2026-01-15",
        "allocations": [{"invoice_id": trade.seller.id, "amount": {"amount": "1.00", "currency": "EUR"}}]});
    assert_eq!(post(others).await.faults(), ["/allocations/0/invoice_id unknown_invoice"]);
    let rejected = trade.pay("5.00", Some(&invoice)).await.expect(201).id();
    let path = format!("/v1/payments/{rejected}");
    trade.seller.owner.post(&format!("{path}/reject"), json!({"reason": "not arrived"})).await.expect(200);
    assert_eq!(trade.buyer.owner.get(&path).await.json()["state"], "rejected");
    app.company("Outsider").await.owner.get(&path).await.problem(404, "not-found");
}

#[tokio::test]
async fn money_on_account_pays_invoices_later_and_is_booked_once() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let payment = trade.pay("20.00", None).await.expect(201).id();
    let path = format!("/v1/payments/{payment}");
    let allocate = async |body: serde_json::Value| seller.post(&format!("{path}/allocate"), body).await;
    allocate(json!({})).await.problem(409, "wrong-state");
    let confirmed = seller.post(&format!("{path}/confirm"), json!({})).await.expect(200).json();
    assert_eq!(confirmed["unallocated"]["amount"], "20.00");
    let (first, second) = (trade.invoice(&[(&bolt, "1")]).await, trade.invoice(&[(&bolt, "2")]).await);
    buyer.post(&format!("{path}/allocate"), json!({})).await.problem(403, "forbidden");
    let some = |invoice: &serde_json::Value, amount: &str| json!({"allocations": [{"invoice_id": invoice["id"], "amount": {"amount": amount, "currency": "EUR"}}]});
    allocate(some(&second, "20.01")).await.problem(409, "over-payment");
    allocate(some(&second, "5.00")).await.expect(200);
    // By itself it is for what was due first.
    let all = allocate(json!({})).await.expect(200).json();
    assert_eq!((&all["unallocated"]["amount"], all["allocations"].as_array().unwrap().len()), (&json!("0.00"), 2));
    allocate(json!({})).await.problem(409, "over-payment");
    let state = async |invoice: &serde_json::Value| {
        let found = buyer.get(&format!("/v1/invoices/{}", invoice["id"].as_str().unwrap())).await.json();
        (found["state"].clone(), found["open"]["amount"].clone())
    };
    assert_eq!(state(&first).await, (json!("paid"), json!("0.00")));
    assert_eq!(state(&second).await, (json!("partly_paid"), json!("15.70")));
    let contract = format!("/v1/contracts/{}", first["contract_id"].as_str().unwrap());
    assert_eq!(seller.get(&contract).await.json()["state"], "closed");
    assert_eq!((balance(seller, "cash").await, balance(seller, "receivable").await), ("20.00".into(), "15.70".into()));
}
