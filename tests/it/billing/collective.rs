use serde_json::{Value, json};
use tests::app::TestApp;
use tests::trade::{Trade, balance};

/// A contract for so many of which the first delivery brought a part: gives the contract and the delivery.
async fn partly(trade: &Trade, lines: &[(&tests::market::Offered, &str)], part: &str) -> (String, String) {
    let contract = trade.active(lines).await;
    let path = format!("/v1/contracts/{contract}");
    let line = trade.seller.owner.get(&path).await.expect(200).json()["lines"][0]["id"].clone();
    let body = json!({"lines": [{"contract_line_id": line, "quantity": {"value": part, "unit": "C62"}}]});
    let delivery = trade.seller.owner.post(&format!("{path}/deliveries"), body).await.expect(201).id();
    trade.buyer.owner.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
    (contract, delivery)
}

fn quantities(invoice: &Value) -> Vec<&str> {
    let lines = invoice["lines"].as_array().expect("lines");
    lines.iter().map(|line| line["quantity"]["value"].as_str().expect("a quantity")).collect()
}

#[tokio::test]
async fn each_delivery_can_have_an_invoice_of_its_own_once() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "20", &[("1", "2.00")]).await;
    let (contract, first) = partly(&trade, &[(&bolt, "10")], "4").await;
    let second = seller.post(&format!("/v1/contracts/{contract}/deliveries"), json!({})).await.expect(201).id();
    let bill = |delivery: &str| json!({"contract_id": contract, "delivery_id": delivery});
    seller.post("/v1/invoices", bill(&second)).await.problem(409, "nothing-to-invoice");
    trade.buyer.owner.post(&format!("/v1/deliveries/{second}/receive"), json!({})).await.expect(200);
    let draft = seller.post("/v1/invoices", bill(&second)).await.expect(201);
    assert_eq!(quantities(&draft.json()), ["6"]);
    seller.post("/v1/invoices", bill(&second)).await.problem(409, "nothing-to-invoice");
    seller.delete_if(&format!("/v1/invoices/{}", draft.id()), &draft.etag()).await.expect(204);
    assert_eq!(quantities(&seller.post("/v1/invoices", bill(&second)).await.expect(201).json()), ["6"]);
    assert_eq!(quantities(&seller.post("/v1/invoices", bill(&first)).await.expect(201).json()), ["4"]);
    // Credited whole and to be invoiced again, it can be so by itself.
    let issued = seller.get("/v1/invoices?state=draft").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    seller.post(&format!("/v1/invoices/{issued}/issue"), json!({})).await.expect(200);
    let again = json!({"reason": "The address was wrong.", "invoice_again": true});
    seller.post(&format!("/v1/invoices/{issued}/credit"), again).await.expect(201);
    assert_eq!(quantities(&seller.post("/v1/invoices", bill(&first)).await.expect(201).json()), ["4"]);
    let other = seller.post("/v1/invoices", json!({"contract_id": contract, "delivery_id": bolt.offer_id})).await;
    assert_eq!(other.faults(), ["/delivery_id unknown_delivery"]);
}

#[tokio::test]
async fn one_invoice_holds_all_contracts_of_a_buyer_and_settles_them() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let (one, two) = (trade.fulfilled(&[(&bolt, "1")]).await, trade.fulfilled(&[(&bolt, "2")]).await);
    let body = json!({"buyer_id": trade.buyer.id, "issue": true});
    let made = seller.post("/v1/collective-invoices", body.clone()).await.expect(201).json();
    assert_eq!(made["invoices"].as_array().unwrap().len(), 1);
    let invoice = buyer.get(&format!("/v1/invoices/{}", made["invoices"][0]["id"].as_str().unwrap())).await.json();
    assert_eq!((&invoice["contract_id"], &invoice["contract_ids"]), (&json!(null), &json!([one, two])));
    assert_eq!((quantities(&invoice), &invoice["gross"]["amount"]), (vec!["1", "2"], &json!("35.70")));
    assert_eq!(balance(buyer, "payable").await, "35.70");
    seller.post("/v1/collective-invoices", body).await.problem(409, "nothing-to-invoice");
    for contract in [&one, &two] {
        let listed = buyer.get(&format!("/v1/invoices?contract_id={contract}")).await.expect(200).json();
        assert_eq!(listed["items"][0]["id"], invoice["id"]);
    }
    seller.get(&format!("/v1/invoices/{}.pdf", invoice["id"].as_str().unwrap())).await.expect(200);
    trade.paid("35.70", Some(&invoice)).await;
    for contract in [&one, &two] {
        assert_eq!(buyer.get(&format!("/v1/contracts/{contract}")).await.json()["state"], "closed");
    }
}

#[tokio::test]
async fn where_the_seller_chose_so_a_buyer_is_invoiced_as_the_month_ends() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let chosen = json!({"buyer_id": trade.buyer.id});
    seller.post("/v1/collective-invoicing", chosen.clone()).await.expect(201);
    seller.post("/v1/collective-invoicing", chosen).await.expect(201);
    assert_eq!(seller.get("/v1/collective-invoicing").await.json()["items"].as_array().unwrap().len(), 1);
    let odd = json!({"buyer_id": trade.market.portal_id});
    assert_eq!(seller.post("/v1/collective-invoicing", odd).await.faults(), ["/buyer_id unknown_organisation"]);
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let month_ends = async || app.sql("UPDATE timer SET due_at = now() WHERE kind = 'invoice.collective'").await;
    let invoices = async || buyer.get("/v1/invoices?state=issued").await.json()["items"].as_array().unwrap().len();
    for issued in 1..=2 {
        trade.fulfilled(&[(&bolt, "1")]).await;
        trade.fulfilled(&[(&bolt, "1")]).await;
        month_ends().await;
        app.until(async || invoices().await == issued).await;
    }
    let path = format!("/v1/collective-invoicing/{}", trade.buyer.id);
    seller.delete(&path).await.expect(204);
    seller.delete(&path).await.problem(404, "not-found");
    assert_eq!(app.count("SELECT count(*) FROM timer WHERE kind = 'invoice.collective'").await, 0);
}
