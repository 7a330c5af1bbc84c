use serde_json::json;
use tests::app::TestApp;
use tests::upload::pdf;

// S27
#[tokio::test]
async fn a_signed_link_is_good_for_one_file_until_it_expires_or_the_document_is_archived() {
    let app = TestApp::start().await;
    let company = app.company("Company").await.owner;
    let id = company.upload(json!({"title": "Terms", "visibility": "owner"})).await.expect(201).id();
    let url = format!("/v1/documents/{id}");
    let other = company.upload(json!({"title": "Other", "visibility": "owner"})).await.expect(201).id();
    let outsider = app.company("Outsider").await.owner;
    outsider.post(&format!("{url}/links"), json!({})).await.problem(404, "not-found");
    app.anonymous().post(&format!("{url}/links"), json!({})).await.problem(401, "unauthenticated");
    assert_eq!(
        company.post(&format!("{url}/links"), json!({"minutes": 1441})).await.faults(),
        ["/minutes out_of_range"]
    );
    let made = company.post(&format!("{url}/links"), json!({})).await.expect(201).json();
    let link = made["url"].as_str().unwrap();
    let anonymous = app.anonymous();
    let answer = anonymous.get(link).await.expect(200);
    assert_eq!(answer.text.as_bytes(), pdf("one"));
    assert!(answer.header("cache-control").starts_with("private"));
    outsider.get(link).await.expect(200);
    for odd in [
        link.replace(&id, &other),
        link.replace("version=1", "version=2"),
        link.replace("&expires=", "&expires=9"),
        link[..link.len() - 2].to_owned(),
        link.split("&signature").next().unwrap().to_owned(),
        format!("{url}/content"),
    ] {
        anonymous.get(&odd).await.problem(404, "not-found");
    }
    let hour_ago = app.shared.clock.now() - chrono::TimeDelta::hours(1);
    let expired =
        api::document::link::url(&app.shared.secret, id.parse::<uuid::Uuid>().unwrap().into(), 1, hour_ago.timestamp());
    anonymous.get(&expired).await.problem(409, "link-expired");
    let etag = company.etag(&url).await;
    company.delete_if(&url, &etag).await.expect(204);
    anonymous.get(link).await.problem(404, "not-found");
    company.post(&format!("{url}/links"), json!({})).await.problem(409, "wrong-state");
}
