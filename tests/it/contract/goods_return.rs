use serde_json::{Value, json};
use tests::app::TestApp;
use tests::market::stock;
use tests::trade::{balance, weigh};

fn pieces(value: &str) -> Value {
    json!({"value": value, "unit": "C62"})
}

#[tokio::test]
async fn goods_that_come_back_go_to_stock_or_are_written_off_and_are_credited() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "20", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "10")]).await;
    let contract = invoice["contract_id"].as_str().unwrap();
    assert_eq!(trade.ask_return(contract, "11").await.problem(409, "over-return")["errors"][0]["code"], "over_return");
    let asked = trade.ask_return(contract, "4").await.expect(201);
    // What is asked for once is not given back twice.
    trade.ask_return(contract, "7").await.problem(409, "over-return");
    let path = format!("/v1/returns/{}", asked.id());
    seller.post(&format!("{path}/complete"), json!({})).await.problem(409, "wrong-state");
    buyer.post(&format!("{path}/accept"), json!({})).await.problem(403, "forbidden");
    seller.post(&format!("{path}/accept"), json!({})).await.expect(200);
    let line = &asked.json()["lines"][0]["contract_line_id"];
    let back = |restocked: &str, written_off: &str| {
        json!({"lines": [{"contract_line_id": line,
        "restocked": pieces(restocked), "written_off": pieces(written_off)}]})
    };
    seller.post(&format!("{path}/complete"), back("3", "2")).await.problem(422, "receipt-mismatch");
    let done = seller.post(&format!("{path}/complete"), back("2", "1")).await.expect(200).json();
    assert_eq!(done["state"], "completed");
    assert_eq!(stock(seller, &bolt).await, ("12".into(), "0".into()));
    let note = format!("/v1/invoices/{}", done["credit_note_ids"][0].as_str().unwrap());
    let note = buyer.get(&note).await.expect(200).json();
    assert_eq!((&note["credits_id"], &note["net"]["amount"]), (&invoice["id"], &json!("30.00")));
    assert_eq!(balance(seller, "revenue").await, "70.00");
    // Nothing of it is invoiced again, and what did not come back can be asked for anew.
    let again = json!({"contract_id": contract});
    seller.post("/v1/invoices", again).await.problem(409, "nothing-to-invoice");
    let refused = format!("/v1/returns/{}/refuse", trade.ask_return(contract, "7").await.expect(201).id());
    let no = seller.post(&refused, json!({"reason": "It was used."})).await.expect(200).json();
    assert_eq!((&no["state"], &no["answer"]), (&json!("refused"), &json!("It was used.")));
    let kept = format!("/v1/returns/{}/withdraw", trade.ask_return(contract, "7").await.expect(201).id());
    assert_eq!(buyer.post(&kept, json!({})).await.expect(200).json()["state"], "withdrawn");
    let listed = buyer.get(&format!("/v1/contracts/{contract}/returns")).await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn what_no_invoice_holds_is_not_invoiced_any_more_and_a_draft_is_in_the_way() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let cheese = trade.market.offer(seller, "10", &[("1", "25.00")]).await;
    weigh(seller, &cheese.product_id, "2.5", "10").await;
    let contract = trade.active(&[(&cheese, "4")]).await;
    let line = seller.get(&format!("/v1/contracts/{contract}")).await.json()["lines"][0]["id"].clone();
    let weighed = json!({"lines": [{"contract_line_id": line, "quantity": pieces("4"), "weighed": {"value": "10.4", "unit": "KGM"}}]});
    let delivery = seller.post(&format!("/v1/contracts/{contract}/deliveries"), weighed).await.expect(201).id();
    trade.buyer.owner.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
    let path = format!("/v1/returns/{}", trade.ask_return(&contract, "1").await.expect(201).id());
    seller.post(&format!("{path}/accept"), json!({})).await.expect(200);
    let body = json!({"contract_id": contract});
    let draft = seller.post("/v1/invoices", body.clone()).await.expect(201);
    seller.post(&format!("{path}/complete"), json!({})).await.problem(409, "wrong-state");
    seller.delete_if(&format!("/v1/invoices/{}", draft.id()), &draft.etag()).await.expect(204);
    let done = seller.post(&format!("{path}/complete"), json!({})).await.expect(200).json();
    assert_eq!(done["credit_note_ids"], json!([]));
    assert_eq!(stock(seller, &cheese).await.0, "7");
    // Three of four pieces are billed by their share of the weight.
    let invoice = seller.post("/v1/invoices", json!({"contract_id": contract, "issue": true})).await.expect(201).json();
    assert_eq!(invoice["lines"][0]["quantity"], json!({"value": "7.8", "unit": "KGM"}));
    trade.paid(invoice["gross"]["amount"].as_str().unwrap(), Some(&invoice)).await;
    assert_eq!(seller.get(&format!("/v1/contracts/{contract}")).await.json()["state"], "closed");
}

#[tokio::test]
async fn what_was_credited_by_hand_goes_back_without_another_note() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "20", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "10")]).await;
    let credit = json!({"reason": "They bent.", "lines": [{"invoice_line_id": invoice["lines"][0]["id"], "quantity": pieces("4")}]});
    seller.post(&format!("/v1/invoices/{}/credit", invoice["id"].as_str().unwrap()), credit).await.expect(201);
    let done = trade.give_back(invoice["contract_id"].as_str().unwrap(), "10").await;
    let notes = done["credit_note_ids"].as_array().unwrap();
    let note = seller.get(&format!("/v1/invoices/{}", notes[0].as_str().unwrap())).await.expect(200).json();
    assert_eq!((notes.len(), &note["net"]["amount"]), (1, &json!("60.00")));
    assert_eq!(stock(seller, &bolt).await.0, "20");
}

#[tokio::test]
async fn weighed_goods_that_come_back_piece_by_piece_are_credited_to_the_gram() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let cheese = trade.market.offer(seller, "10", &[("1", "33.00")]).await;
    weigh(seller, &cheese.product_id, "3.3", "10").await;
    let contract = trade.active(&[(&cheese, "3")]).await;
    let path = format!("/v1/contracts/{contract}");
    let line = seller.get(&path).await.json()["lines"][0]["id"].clone();
    let weighed = json!({"lines": [{"contract_line_id": line, "quantity": pieces("3"), "weighed": {"value": "10", "unit": "KGM"}}]});
    let delivery = seller.post(&format!("{path}/deliveries"), weighed).await.expect(201).id();
    buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
    // The first piece is on no invoice, the others are.
    trade.give_back(&contract, "1").await;
    let invoice = seller.post("/v1/invoices", json!({"contract_id": contract, "issue": true})).await.expect(201).json();
    assert_eq!(invoice["lines"][0]["quantity"]["value"], "6.666667");
    for _ in 0..2 {
        trade.give_back(&contract, "1").await;
    }
    let url = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
    let invoice = buyer.get(&url).await.expect(200).json();
    assert_eq!((&invoice["state"], &invoice["open"]["amount"]), (&json!("credited"), &json!("0.00")));
    assert_eq!(seller.get(&path).await.json()["state"], "closed");
}

#[tokio::test]
async fn goods_go_back_to_the_lots_that_they_left_and_never_to_one_that_has_expired() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let milk = trade.market.offer(seller, "0", &[("1", "2.00")]).await;
    let warehouse = seller.post("/v1/warehouses", json!({"name": "Kiel", "country": "DE"})).await.expect(201).id();
    let product = format!("/v1/products/{}", milk.product_id);
    let today = app.shared.clock.now().date_naive();
    for (number, days) in [("A", 10), ("B", 20), ("C", 30)] {
        let lot = json!({"number": number, "expires_on": today + chrono::Days::new(days)});
        let body = json!({"warehouse_id": warehouse, "reason": "receipt", "quantity": "3", "lot": lot});
        seller.post(&format!("{product}/stock-movements"), body).await.expect(201);
    }
    let lots = async || {
        let page = seller.get(&format!("{product}/lots")).await.expect(200).json();
        let items = page["items"].as_array().unwrap().clone();
        let text = |one: &Value| one["number"].as_str().unwrap().to_owned() + one["quantity"].as_str().unwrap();
        (items.iter().map(text).collect::<Vec<_>>(), items[2]["id"].clone())
    };
    let contract = trade.fulfilled(&[(&milk, "5")]).await;
    assert_eq!(lots().await.0, ["A0", "B1", "C3"]);
    let back = trade.give_back(&contract, "2").await;
    assert_eq!(lots().await.0, ["A2", "B1", "C3"]);
    let moved = seller.get(&format!("{product}/stock-movements?limit=200")).await.expect(200).json();
    let last = moved["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["reason"], &last["reference_id"]), (&json!("return"), &back["id"]));
    // One more is of the first lot, which has expired by now.
    app.sql("UPDATE stock_lot SET expires_on = current_date - 1 WHERE number = 'A'").await;
    let path = format!("/v1/returns/{}", trade.ask_return(&contract, "2").await.expect(201).id());
    let asked = seller.post(&format!("{path}/accept"), json!({})).await.expect(200).json();
    let line = asked["lines"][0]["contract_line_id"].clone();
    let complete = async |lot: Value| {
        let line = json!({"contract_line_id": line, "restocked": pieces("2"), "lot_id": lot});
        seller.post(&format!("{path}/complete"), json!({"lines": [line]})).await
    };
    assert_eq!(complete(json!(null)).await.faults(), ["/lines/0/restocked expired"]);
    assert_eq!(complete(json!(contract)).await.faults(), ["/lines/0/restocked unknown_lot"]);
    complete(lots().await.1).await.expect(200);
    let kept: Vec<String> = lots().await.0.into_iter().skip(1).collect();
    assert_eq!(kept, ["B1", "C5"]);
}
