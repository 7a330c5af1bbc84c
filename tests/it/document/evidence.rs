use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn the_operator_decides_on_evidence_that_the_company_uploaded_about_itself() {
    let app = TestApp::start().await;
    let (company, other) = (app.pending_company("Company").await, app.company("Other").await);
    let subject = json!({"kind": "organisation", "id": company.id});
    let body = json!({"title": "Register extract", "visibility": "owner", "subject": subject});
    let evidence = company.owner.upload(body.clone()).await.expect(201).id();
    let foreign = other.owner.upload(json!({"title": "Mine", "visibility": "public"})).await.expect(201).id();
    assert_eq!(other.owner.upload(body).await.faults(), ["/subject unknown_subject"]);
    let operator = app.operator().await;
    operator.get(&format!("/v1/documents/{evidence}")).await.expect(200);
    operator.get(&format!("/v1/documents/{evidence}/content")).await.expect(200);
    other.owner.get(&format!("/v1/documents/{evidence}")).await.problem(404, "not-found");
    let path = format!("/v1/organisations/{}/verify", company.id);
    let odd = json!({"evidence": [evidence, foreign, company.id]});
    assert_eq!(
        operator.post(&path, odd).await.faults(),
        ["/evidence/1 unknown_document", "/evidence/2 unknown_document"]
    );
    let verified = operator.post(&path, json!({"evidence": [evidence]})).await.expect(200).json();
    assert_eq!(verified["state"], "verified");
}
