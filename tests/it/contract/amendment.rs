use serde_json::json;
use sha2::{Digest, Sha256};
use tests::app::TestApp;

#[tokio::test]
async fn an_amendment_is_in_force_once_both_have_signed_it() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let contract = trade.active(&[(&bolt, "10")]).await;
    let path = format!("/v1/contracts/{contract}/amendments");
    let text = "Delivery is moved to the second week of March.";
    let hash = hex::encode(Sha256::digest(text));
    let proposal = json!({"text": text, "text_hash": hash});
    seller.post(&path, json!({"text": text, "text_hash": "0".repeat(64)})).await.problem(409, "text-changed");
    let proposed = seller.post(&path, proposal.clone()).await.expect(201).json();
    assert_eq!((&proposed["number"], &proposed["state"]), (&json!(1), &json!("proposed")));
    buyer.post(&path, proposal.clone()).await.problem(409, "already-exists");
    let signing = json!({"text_hash": hash});
    for (by, state) in [(buyer, "proposed"), (seller, "agreed")] {
        let signed = by.post(&format!("{path}/1/sign"), signing.clone()).await.expect(200).json();
        assert_eq!(signed["state"], state);
    }
    seller.post(&format!("{path}/1/withdraw"), json!({})).await.problem(409, "wrong-state");
    buyer.post(&path, proposal).await.expect(201);
    let declined = seller.post(&format!("{path}/2/withdraw"), json!({})).await.expect(200).json();
    assert_eq!(declined["state"], "declined");
    let states: Vec<_> =
        buyer.get(&path).await.json()["items"].as_array().unwrap().iter().map(|a| a["state"].clone()).collect();
    assert_eq!(states, ["agreed", "declined"]);
}
