use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::upload::pdf;

async fn add_version(of: &Client, url: &str, etag: &str, word: &str) -> Answer {
    let request = of.form(&format!("{url}/versions"), None, "file.pdf", &pdf(word));
    of.send(request.header("If-Match", etag)).await
}

// R18, S27
#[tokio::test]
async fn versions_are_added_until_a_document_is_published_and_every_file_keeps_its_hash() {
    let app = TestApp::start().await;
    let company = app.company("Company").await.owner;
    let made = company.upload(json!({"title": "Terms", "visibility": "owner"})).await.expect(201);
    let url = format!("/v1/documents/{}", made.id());
    let request = company.form(&format!("{url}/versions"), None, "file.pdf", &pdf("two"));
    company.send(request).await.problem(428, "precondition-required");
    let second = add_version(&company, &url, &made.etag(), "two").await.expect(200);
    assert_eq!(second.json()["file"]["number"], 2);
    add_version(&company, &url, &made.etag(), "three").await.problem(412, "precondition-failed");
    let versions = company.get(&format!("{url}/versions")).await.expect(200).json();
    for (version, word) in versions["items"].as_array().unwrap().iter().zip(["two", "one"]) {
        let path = format!("{url}/content?version={}", version["number"]);
        let (status, headers, bytes) = company.send_bytes(company.request(Method::GET, &path)).await;
        assert_eq!((status.as_u16(), &bytes), (200, &pdf(word)));
        let hash = hex::encode(Sha256::digest(&bytes));
        assert_eq!(
            (version["sha256"].as_str().unwrap(), headers["etag"].to_str().unwrap()),
            (hash.as_str(), format!("\"{hash}\"").as_str())
        );
        let request = company.request(Method::GET, &path).header("If-None-Match", format!("\"{hash}\""));
        let again = company.send(request).await.expect(304);
        assert_eq!(again.text, "");
    }
    company.get(&format!("{url}/content?version=3")).await.problem(404, "not-found");
    let public = company.post(&format!("{url}/publish"), json!({})).await.expect(200);
    assert_eq!((&public.json()["state"], &public.json()["visibility"]), (&json!("published"), &json!("public")));
    add_version(&company, &url, &public.etag(), "four").await.problem(409, "wrong-state");
    company.edit(&url, json!({"visibility": "owner"})).await.problem(409, "wrong-state");
    company.post(&format!("{url}/publish"), json!({})).await.problem(409, "wrong-state");
    let seen = app.anonymous().get(&url).await.expect(200).json();
    assert_eq!(seen["file"]["sha256"], hex::encode(Sha256::digest(pdf("two"))));
    let etag = company.etag(&url).await;
    company.delete(&url).await.problem(428, "precondition-required");
    company.delete_if(&url, &etag).await.expect(204);
    assert_eq!(company.get("/v1/documents?own=true").await.expect(200).json()["items"], json!([]));
    assert_eq!(app.anonymous().get(&url).await.expect(200).json()["state"], "archived");
    app.anonymous().get(&format!("{url}/content")).await.expect(200);
    let behind = app.sql_error("UPDATE document_version SET size = 1").await;
    assert!(behind.contains("append-only"), "{behind}");
}

#[tokio::test]
async fn all_faults_of_a_document_are_told() {
    let app = TestApp::start().await;
    let company = app.company("Company").await.owner;
    let unknown = "0190b5a0-0000-7000-8000-000000000001";
    let odd = json!({"title": " ", "visibility": "parties", "portal_id": unknown});
    assert_eq!(
        company.upload(odd).await.faults(),
        ["/portal_id unknown_portal", "/title blank", "/visibility required"]
    );
    let odd = json!({"title": "x", "visibility": "owner", "subject": {"kind": "order", "id": unknown}});
    assert_eq!(company.upload(odd).await.faults(), ["/subject unknown_subject"]);
    let odd = json!({"visibility": "everybody", "owner_id": unknown});
    assert_eq!(
        company.upload(odd).await.faults(),
        ["/owner_id unknown_field", "/title required", "/visibility format"]
    );
    assert_eq!(app.count("SELECT count(*) FROM document").await, 0);
    company.get("/v1/documents?subject_kind=person").await.problem(400, "invalid-query");
    company.get("/v1/documents?owner=me").await.problem(400, "invalid-query");
}
