use serde_json::{Value, json};
use tests::app::TestApp;

#[tokio::test]
async fn what_a_suspended_company_has_running_is_listed_for_the_operator_and_itself() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "2.50")]).await;
    let invoice = trade.invoice(&[(&bolt, "10")]).await;
    let unsigned = trade.contract(&[(&bolt, "2")]).await;
    let order =
        trade.buyer.owner.post("/v1/orders", trade.market.order(&[(&bolt, "1")], true)).await.expect(201).json();
    let operator = app.operator().await;
    let path = format!("/v1/organisations/{}", trade.seller.id);
    operator.post(&format!("{path}/suspend"), json!({"note": "checks"})).await.expect(200);

    let found = operator.get(&format!("{path}/running")).await.expect(200).json();
    let ids = |kind: &str| found[kind].as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<Value>>();
    assert_eq!(ids("orders"), [order["orders"][0]["id"].clone()]);
    assert_eq!(ids("contracts"), [invoice["contract_id"].clone(), json!(unsigned)]);
    assert_eq!(ids("invoices"), [invoice["id"].clone()]);
    assert_eq!(found["orders"][0]["number"], order["orders"][0]["number"]);
    let contract = trade.seller.owner.get(&format!("/v1/contracts/{unsigned}")).await.expect(200).json();
    assert_eq!(found["contracts"][1]["number"], contract["number"]);
    let open = &found["invoices"][0];
    assert_eq!(
        (&open["number"], &open["state"], &open["side"]),
        (&invoice["number"], &json!("issued"), &json!("seller"))
    );
    assert_eq!((&open["counterparty_id"], &found["more"]), (&json!(trade.buyer.id), &json!(false)));
    assert_eq!(trade.seller.owner.get(&format!("{path}/running")).await.expect(200).json(), found);
    trade.buyer.owner.get(&format!("{path}/running")).await.problem(404, "not-found");

    trade.paid(invoice["gross"]["amount"].as_str().unwrap(), Some(&invoice)).await;
    let found = operator.get(&format!("{path}/running")).await.expect(200).json();
    assert_eq!(found["invoices"], json!([]));
}
