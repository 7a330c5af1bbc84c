use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::app::TestApp;
use tests::client::Client;

async fn published(app: &TestApp, of: &Client, invoice: &Value) -> String {
    let url = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
    app.until(async || of.get(&url).await.json()["document_id"].is_string()).await;
    of.get(&url).await.json()["document_id"].as_str().unwrap().to_owned()
}

async fn bytes(of: &Client, path: &str) -> Vec<u8> {
    let (status, headers, bytes) = of.send_bytes(of.request(Method::GET, path)).await;
    assert_eq!((status.as_u16(), headers["content-type"].to_str().unwrap()), (200, "application/pdf"));
    bytes
}

// S27
#[tokio::test]
async fn an_issued_invoice_becomes_a_document_of_both_parties_with_the_same_bytes() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "3.33")]).await;
    let invoice = trade.invoice(&[(&bolt, "3")]).await;
    let id = published(&app, buyer, &invoice).await;
    let url = format!("/v1/documents/{id}");
    let document = buyer.get(&url).await.expect(200).json();
    assert_eq!(document["subject"], json!({"kind": "invoice", "id": invoice["id"]}));
    assert_eq!((&document["visibility"], &document["owner_id"]), (&json!("parties"), &json!(trade.seller.id)));
    let content = bytes(seller, &format!("{url}/content")).await;
    assert_eq!(document["file"]["sha256"], hex::encode(Sha256::digest(&content)));
    let path = format!("/v1/invoices/{}.pdf", invoice["id"].as_str().unwrap());
    assert_eq!(bytes(buyer, &path).await, content);
    assert_ne!(bytes(buyer, &format!("{path}?language=ru")).await, content);
    app.company("Outsider").await.owner.get(&url).await.problem(404, "not-found");
    app.anonymous().get(&url).await.problem(404, "not-found");
    // What the service wrote stays as it is.
    let etag = seller.etag(&url).await;
    seller.delete_if(&url, &etag).await.problem(403, "forbidden");
    seller.patch_if(&url, &etag, json!({"visibility": "public"})).await.problem(403, "forbidden");
    // Done again it changes nothing.
    let again = format!(
        "INSERT INTO timer (kind, subject_id, due_at) VALUES ('invoice.publication', '{}', now())",
        invoice["id"].as_str().unwrap()
    );
    app.sql(&again).await;
    app.until(async || app.count("SELECT count(*) FROM timer WHERE kind = 'invoice.publication'").await == 0).await;
    assert_eq!(app.count("SELECT count(*) FROM document").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type = 'invoice.published'").await, 1);
    let audience =
        "SELECT count(*) FROM event_audience a JOIN event e USING (tx, seq) WHERE e.type = 'invoice.published'";
    assert_eq!(app.count(audience).await, 2);
}

#[tokio::test]
async fn a_credit_note_becomes_a_document_too() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "3.33")]).await;
    let invoice = trade.invoice(&[(&bolt, "3")]).await;
    let path = format!("/v1/invoices/{}/credit", invoice["id"].as_str().unwrap());
    let note = trade.seller.owner.post(&path, json!({"reason": "returned"})).await.expect(201).json();
    let id = published(&app, &trade.buyer.owner, &note).await;
    let document = trade.buyer.owner.get(&format!("/v1/documents/{id}")).await.expect(200).json();
    assert_eq!(document["title"], format!("Credit note {}", note["number"].as_str().unwrap()));
}
