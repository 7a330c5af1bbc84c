use serde_json::json;
use tests::app::TestApp;

// S1
#[tokio::test]
async fn substitutes_and_accessories_stand_beside_an_offer_where_they_are_on_offer() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let rival = market.member(&app, "Rival", &["sell"]).await.owner;
    let mut offered = Vec::new();
    for _ in 0..3 {
        offered.push(market.offer(&seller, "5", &[("1", "2.00")]).await);
    }
    let [drill, other, bit] = offered.as_slice() else { unreachable!() };
    let foreign = market.offer(&rival, "5", &[("1", "1.00")]).await;
    let path = format!("/v1/products/{}/relations", drill.product_id);
    let etag = seller.etag(&path).await;
    let named = json!({"substitutes": [other.product_id], "accessories": [bit.product_id, other.product_id]});
    let kept = seller.put_if(&path, &etag, named).await.expect(200);
    assert_eq!(kept.json()["accessories"][0]["sku"], bit.sku);
    assert_eq!(seller.get(&path).await.etag(), kept.etag());
    seller.put_if(&path, &etag, json!({})).await.problem(412, "precondition-failed");
    rival.get(&path).await.problem(404, "not-found");
    let faulty =
        json!({"substitutes": [drill.product_id, foreign.product_id], "accessories": [bit.product_id, bit.product_id]});
    let etag = kept.etag();
    assert_eq!(
        seller.put_if(&path, &etag, faulty).await.faults(),
        ["/accessories/1 twice", "/substitutes/0 itself", "/substitutes/1 unknown"]
    );

    let entry = format!("/v1/portals/{}/catalogue/{}", market.slug, drill.offer_id);
    let seen = app.anonymous().get(&entry).await.expect(200).json();
    assert_eq!(
        (&seen["substitutes"][0]["id"], &seen["substitutes"][0]["price"]["unit_price"]["amount"]),
        (&json!(other.offer_id), &json!("2.00"))
    );
    assert_eq!(seen["accessories"].as_array().unwrap().len(), 2);
    let withdraw = format!("/v1/portals/{}/offers/{}/withdraw", market.slug, other.offer_id);
    seller.post(&withdraw, json!({})).await.expect(200);
    let seen = app.anonymous().get(&entry).await.expect(200).json();
    assert_eq!((seen.get("substitutes"), seen["accessories"].as_array().map(Vec::len)), (None, Some(1)));
}
