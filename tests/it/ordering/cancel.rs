use serde_json::json;
use tests::app::TestApp;
use tests::market::stock;
use tests::trade::sign;

#[tokio::test]
async fn after_the_confirmation_both_must_agree_to_give_it_up() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "10", &[("1", "2.00")]).await;
    let contract = format!("/v1/contracts/{}", trade.contract(&[(&bolt, "4")]).await);
    let origin = buyer.get(&contract).await.json()["origin"]["id"].as_str().unwrap().to_owned();
    let order = format!("/v1/orders/{origin}");
    let asked = buyer.post(&format!("{order}/cancel"), json!({"reason": "called off"})).await.expect(200).json();
    assert_eq!(asked["state"], "confirmed");
    assert_eq!(seller.get(&contract).await.json()["cancel_asked_by"], trade.buyer.id.as_str());
    buyer.post(&format!("{order}/cancel"), json!({})).await.problem(409, "wrong-state");
    assert_eq!(stock(seller, &bolt).await, ("10".into(), "4".into()));
    let done = seller.post(&format!("{contract}/cancel"), json!({"reason": "agreed"})).await.expect(200).json();
    assert_eq!((&done["state"], done.get("cancel_asked_by")), (&json!("cancelled"), None));
    let order = buyer.get(&order).await.json();
    assert_eq!((&order["state"], &order["reason"]), (&json!("cancelled"), &json!("agreed")));
    assert_eq!(stock(seller, &bolt).await, ("10".into(), "0".into()));
}

#[tokio::test]
async fn what_is_on_its_way_is_not_cancelled_and_what_nobody_signs_is_given_up_freely() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "10", &[("1", "2.00")]).await;
    let grounds = json!({"reason": "too late"});
    let id = trade.contract(&[(&bolt, "4")]).await;
    let path = format!("/v1/contracts/{id}");
    seller.post(&format!("{path}/cancel"), grounds.clone()).await.expect(200);
    for side in [seller, buyer] {
        sign(side, &id).await.expect(200);
    }
    seller.post(&format!("{path}/deliveries"), json!({})).await.expect(201);
    assert_eq!(buyer.get(&path).await.json().get("cancel_asked_by"), None);
    buyer.post(&format!("{path}/cancel"), grounds.clone()).await.problem(409, "wrong-state");
    let id = trade.contract(&[(&bolt, "2")]).await;
    app.sql(&format!("UPDATE contract SET created_at = created_at - interval '14 days' WHERE id = '{id}'")).await;
    let done = seller.post(&format!("/v1/contracts/{id}/cancel"), grounds).await.expect(200).json();
    assert_eq!(done["state"], "cancelled");
    assert_eq!(stock(seller, &bolt).await, ("6".into(), "0".into()));
}

#[tokio::test]
async fn who_signs_no_longer_asks_to_give_it_up() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "10", &[("1", "2.00")]).await;
    let grounds = json!({"reason": "called off"});
    let id = trade.contract(&[(&bolt, "4")]).await;
    let path = format!("/v1/contracts/{id}");
    buyer.post(&format!("{path}/cancel"), grounds.clone()).await.expect(200);
    // The other side's signature is no answer to that.
    sign(seller, &id).await.expect(200);
    assert_eq!(seller.get(&path).await.json()["cancel_asked_by"], trade.buyer.id.as_str());
    let signed = sign(buyer, &id).await.expect(200).json();
    assert_eq!((&signed["state"], signed.get("cancel_asked_by")), (&json!("active"), None));
    let asked = seller.post(&format!("{path}/cancel"), grounds).await.expect(200).json();
    assert_eq!(asked["state"], "active");
}
