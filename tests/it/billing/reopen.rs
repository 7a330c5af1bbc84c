use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::database;
use tests::trade::weigh;

/// Sends so many of the contract's only line and has them received; the receipt is left out if `received` is false.
async fn despatch(seller: &Client, contract: &str, quantity: &str, weighed: Option<&str>) -> String {
    let path = format!("/v1/contracts/{contract}");
    let mut line = json!({"contract_line_id": seller.get(&path).await.json()["lines"][0]["id"],
        "quantity": {"value": quantity, "unit": "C62"}});
    if let Some(weighed) = weighed {
        line["weighed"] = json!({"value": weighed, "unit": "KGM"});
    }
    seller.post(&format!("{path}/deliveries"), json!({"lines": [line]})).await.expect(201).id()
}

async fn receive(buyer: &Client, delivery: &str) {
    buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
}

async fn waiting(app: &TestApp) -> i64 {
    app.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        .await
}

// T7
#[tokio::test]
async fn a_draft_that_is_discarded_while_goods_leave_can_be_invoiced_again() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let contract = trade.active(&[(&bolt, "10")]).await;
    receive(buyer, &despatch(seller, &contract, "4", None).await).await;
    let body = json!({"contract_id": contract});
    let draft = seller.post("/v1/invoices", body.clone()).await.expect(201);
    // The despatch holds the contract and waits for the stock, which the test holds.
    let mut other = database::connect(&app.database_url).await;
    other.batch_execute("BEGIN; SELECT 1 FROM stock FOR UPDATE").await.unwrap();
    let discard = async {
        app.until(async || waiting(&app).await == 1).await;
        let path = format!("/v1/invoices/{}", draft.id());
        let etag = draft.etag();
        let discard = async { seller.delete_if(&path, &etag).await.expect(204) };
        let let_go = async {
            app.until(async || waiting(&app).await == 2 || app.count("SELECT count(*) FROM invoice").await == 0).await;
            other.batch_execute("COMMIT").await.unwrap();
        };
        tokio::join!(discard, let_go);
    };
    tokio::join!(despatch(seller, &contract, "6", None), discard);
    let again = seller.post("/v1/invoices", body).await.expect(201).json();
    assert_eq!(again["lines"][0]["quantity"]["value"], "4");
}

#[tokio::test]
async fn weighed_goods_whose_draft_was_discarded_count_as_not_invoiced() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let cheese = trade.market.offer(seller, "10", &[("1", "25.00")]).await;
    weigh(seller, &cheese.product_id, "2.5", "10").await;
    let contract = trade.active(&[(&cheese, "4")]).await;
    let path = format!("/v1/contracts/{contract}");
    receive(buyer, &despatch(seller, &contract, "4", Some("10.5")).await).await;
    let invoiced = async || {
        let line = seller.get(&path).await.json()["lines"][0].clone();
        let value = |of: &Value| of["invoiced"]["value"].as_str().expect("a number").to_owned();
        (value(&line), value(&line["weight"]))
    };
    let draft = seller.post("/v1/invoices", json!({"contract_id": contract})).await.expect(201);
    assert_eq!(invoiced().await, ("4".into(), "10.5".into()));
    seller.delete_if(&format!("/v1/invoices/{}", draft.id()), &draft.etag()).await.expect(204);
    assert_eq!(invoiced().await, ("0".into(), "0".into()));
    let body = json!({"contract_id": contract, "issue": true});
    let invoice = seller.post("/v1/invoices", body.clone()).await.expect(201).json();
    let credit = json!({"reason": "weighed anew", "invoice_again": true, "lines": [{
        "invoice_line_id": invoice["lines"][0]["id"], "quantity": {"value": "2.625", "unit": "KGM"}}]});
    seller.post(&format!("/v1/invoices/{}/credit", invoice["id"].as_str().unwrap()), credit).await.expect(201);
    assert_eq!(invoiced().await, ("3".into(), "7.875".into()));
    let again = seller.post("/v1/invoices", body).await.expect(201).json();
    assert_eq!(again["lines"][0]["quantity"]["value"], "2.625");
}
