use serde_json::json;
use tests::app::TestApp;
use tests::given::Company;

fn path(company: &Company) -> String {
    format!("/v1/organisations/{}", company.id)
}

/// The answer's status when one company names another as its parent.
async fn propose(company: &Company, parent: &Company) -> tests::client::Answer {
    let etag = company.owner.etag(&path(company)).await;
    company.owner.put_if(&format!("{}/parent", path(company)), &etag, json!({"parent_id": parent.id})).await
}

#[tokio::test]
async fn a_group_shows_once_the_parent_agrees() {
    let app = TestApp::start().await;
    let (parent, child, other) =
        (app.company("Mother").await, app.company("Daughter").await, app.company("Other").await);
    let body = propose(&child, &parent).await.expect(200).json();
    assert_eq!((&body["parent_id"], &body["proposed_parent_id"]), (&json!(null), &json!(parent.id)));
    let affiliates = format!("{}/affiliates", path(&parent));
    let seen = async |company: &Company| company.owner.get(&affiliates).await.expect(200).json()["items"].clone();
    assert_eq!(seen(&parent).await[0]["organisation_id"], json!(child.id));
    assert_eq!(seen(&other).await, json!([]));
    assert!(other.owner.get(&path(&child)).await.expect(200).json()["proposed_parent_id"].is_null());

    let confirm = format!("{affiliates}/{}/confirm", child.id);
    child.owner.post(&confirm, json!({})).await.problem(404, "not-found");
    app.colleague(&parent, &["admin"]).await.client.post(&confirm, json!({})).await.problem(403, "forbidden");
    parent.owner.post(&confirm, json!({})).await.expect(200);
    parent.owner.post(&confirm, json!({})).await.problem(409, "wrong-state");
    assert_eq!(seen(&other).await[0]["legal_name"], "Daughter");
    assert_eq!(other.owner.get(&path(&child)).await.expect(200).json()["parent_id"], json!(parent.id));
    // The same parent again changes nothing.
    assert_eq!(propose(&child, &parent).await.expect(200).json()["parent_id"], json!(parent.id));

    parent.owner.delete(&format!("{affiliates}/{}", other.id)).await.problem(404, "not-found");
    parent.owner.delete(&format!("{affiliates}/{}", child.id)).await.expect(204);
    assert_eq!(seen(&parent).await, json!([]));
    propose(&child, &parent).await.expect(200);
    let etag = child.owner.etag(&path(&child)).await;
    child.owner.delete(&format!("{}/parent", path(&child))).await.problem(428, "precondition-required");
    child.owner.delete_if(&format!("{}/parent", path(&child)), &etag).await.expect(200);
    assert_eq!(seen(&parent).await, json!([]));
}

#[tokio::test]
async fn no_company_stands_above_itself_even_if_two_try_at_once() {
    let app = TestApp::start().await;
    let (a, b, c) = (app.company("Alpha").await, app.company("Beta").await, app.company("Gamma").await);
    assert_eq!(propose(&a, &a).await.faults(), ["/parent_id cycle"]);
    propose(&a, &b).await.expect(200);
    propose(&b, &c).await.expect(200);
    assert_eq!(propose(&c, &a).await.faults(), ["/parent_id cycle"]);
    let hidden = app.pending_company("Hidden").await;
    assert_eq!(propose(&c, &hidden).await.faults(), ["/parent_id unknown"]);

    let (d, e) = (app.company("Delta").await, app.company("Epsilon").await);
    let (one, two) = tokio::join!(propose(&d, &e), propose(&e, &d));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
}
