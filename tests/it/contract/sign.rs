use serde_json::json;
use sha2::{Digest, Sha256};
use tests::app::TestApp;
use tests::trade::sign;

#[tokio::test]
async fn a_contract_is_active_when_both_have_signed_the_text_they_read() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let contract = trade.contract(&[(&bolt, "10")]).await;
    let path = format!("/v1/contracts/{contract}");
    let text = buyer.get(&format!("{path}/text")).await.expect(200).text;
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    assert_eq!(buyer.get(&path).await.json()["text_hash"], hash);
    for part in ["Nordmetall", "Brückenbau", bolt.sku.as_str(), "20.00 EUR", "DAP Hamburg, DE, Incoterms 2020"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    let other = "0".repeat(64);
    buyer.post(&format!("{path}/sign"), json!({"text_hash": other})).await.problem(409, "text-changed");
    assert_eq!(
        buyer.post(&format!("{path}/sign"), json!({"text_hash": "short"})).await.faults(),
        ["/text_hash format"]
    );
    let once = sign(buyer, &contract).await.expect(200).json();
    assert_eq!((&once["state"], once["signatures"].as_array().unwrap().len()), (&json!("awaiting_signatures"), 1));
    sign(buyer, &contract).await.problem(409, "already-signed");
    let both = sign(seller, &contract).await.expect(200).json();
    assert_eq!(both["state"], "active");
    assert_eq!(both["signatures"][0]["person_name"], "Owner of Brückenbau");
    sign(seller, &contract).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn a_contract_does_not_exist_for_others_and_waits_while_a_party_is_suspended() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "2.00")]).await;
    let contract = trade.contract(&[(&bolt, "10")]).await;
    let path = format!("/v1/contracts/{contract}");
    let outsider = app.company("Outsider").await.owner;
    for url in [path.clone(), format!("{path}/text"), format!("{path}/deliveries"), format!("{path}/amendments")] {
        outsider.get(&url).await.problem(404, "not-found");
    }
    let body = json!({"text_hash": "0".repeat(64)});
    outsider.post(&format!("{path}/sign"), body).await.problem(404, "not-found");
    assert_eq!(outsider.get("/v1/contracts").await.json()["items"], json!([]));
    assert_eq!(trade.buyer.owner.get("/v1/contracts?role=seller").await.json()["items"], json!([]));
    let mine = trade.buyer.owner.get("/v1/contracts?role=buyer&state=awaiting_signatures").await.json();
    assert_eq!(mine["items"][0]["id"], contract.as_str());
    let operator = app.operator().await;
    let company = format!("/v1/organisations/{}", trade.buyer.id);
    operator.post(&format!("{company}/suspend"), json!({"note": "papers expired"})).await.expect(200);
    trade.buyer.owner.get(&path).await.expect(200);
    sign(&trade.buyer.owner, &contract).await.problem(403, "suspended");
}
