use serde_json::json;
use tests::app::TestApp;
use tests::market::stock;
use tests::trade::sign;

#[tokio::test]
async fn a_contract_that_nobody_wants_to_sign_is_cancelled_and_frees_the_stock() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let contract = trade.contract(&[(&bolt, "10")]).await;
    let path = format!("/v1/contracts/{contract}");
    assert_eq!(seller.post(&format!("{path}/cancel"), json!({})).await.faults(), ["/reason required"]);
    let grounds = json!({"reason": "The project was called off."});
    let asked = trade.buyer.owner.post(&format!("{path}/cancel"), grounds.clone()).await.expect(200).json();
    assert_eq!(asked["state"], "awaiting_signatures");
    let cancelled = seller.post(&format!("{path}/cancel"), grounds.clone()).await.expect(200).json();
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(stock(seller, &bolt).await, ("100".into(), "0".into()));
    sign(seller, &contract).await.problem(409, "wrong-state");
    seller.post(&format!("{path}/cancel"), grounds).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn a_dispute_stops_deliveries_until_its_author_or_the_operator_ends_it() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer, operator) = (&trade.seller.owner, &trade.buyer.owner, app.operator().await);
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let contract = trade.active(&[(&bolt, "10")]).await;
    let path = format!("/v1/contracts/{contract}");
    let grounds = json!({"reason": "The alloy is another one than agreed."});
    operator.post(&format!("{path}/terminate"), grounds.clone()).await.problem(409, "wrong-state");
    assert_eq!(buyer.post(&format!("{path}/dispute"), grounds.clone()).await.expect(200).json()["state"], "disputed");
    seller.post(&format!("{path}/deliveries"), json!({})).await.problem(409, "wrong-state");
    seller.post(&format!("{path}/resolve"), json!({})).await.problem(403, "forbidden");
    assert_eq!(buyer.post(&format!("{path}/resolve"), json!({})).await.expect(200).json()["state"], "active");
    seller.post(&format!("{path}/dispute"), grounds.clone()).await.expect(200);
    seller.post(&format!("{path}/terminate"), grounds.clone()).await.problem(403, "forbidden");
    assert_eq!(operator.get(&path).await.expect(200).json()["state"], "disputed");
    let ended = operator.post(&format!("{path}/terminate"), grounds).await.expect(200).json();
    assert_eq!(ended["state"], "terminated");
    assert_eq!(stock(seller, &bolt).await, ("100".into(), "0".into()));
}
