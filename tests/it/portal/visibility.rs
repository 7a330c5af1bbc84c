use serde_json::json;
use tests::app::TestApp;

// S4, S5
#[tokio::test]
async fn a_closed_portal_does_not_exist_for_outsiders() {
    let app = TestApp::start().await;
    let host = app.company("Host").await;
    let guest = app.company("Guest").await;
    let outsider = app.company("Outsider").await.owner;
    let body = json!({"slug": "club", "name": {"en": "Club"}, "visibility": "closed", "functions": ["catalogue"]});
    let id = host.owner.post("/v1/portals", body).await.expect(201).id();
    let invite = json!({"organisation_id": guest.id, "capabilities": ["buy"]});
    host.owner.post("/v1/portals/club/invitations", invite).await.expect(201);
    for path in [
        "/v1/portals/club".to_owned(),
        format!("/v1/portals/{id}"),
        "/v1/portals/club/rules".into(),
        "/v1/portals/club/catalogue".into(),
    ] {
        let nowhere = path.replace("club", "nowhere").replace(&id, "0190b5a0-0000-7000-8000-000000000001");
        for client in [&outsider, &app.anonymous()] {
            let (hidden, absent) = (client.get(&path).await, client.get(&nowhere).await);
            let (hidden, absent) = (hidden.problem(404, "not-found"), absent.problem(404, "not-found"));
            assert_eq!((&hidden["detail"], &hidden["title"]), (&absent["detail"], &absent["title"]), "{path}");
        }
        guest.owner.get(&path).await.expect(200);
    }
    outsider.get("/v1/portals/club/members").await.problem(404, "not-found");
    outsider.post("/v1/portals/club/members", json!({"capabilities": ["buy"]})).await.problem(404, "not-found");
    outsider.get("/v1/portals/club/offers").await.problem(404, "not-found");
    for client in [&outsider, &app.anonymous()] {
        assert_eq!(client.get("/v1/portals").await.expect(200).json()["items"], json!([]));
    }
    assert_eq!(guest.owner.get("/v1/portals").await.expect(200).json()["items"][0]["slug"], "club");
    assert_eq!(app.operator().await.get("/v1/portals/club").await.expect(200).json()["id"], json!(id));
    let suspended = format!("/v1/portals/club/members/{}", guest.id);
    guest.owner.post(&format!("{suspended}/accept"), json!({})).await.expect(200);
    guest.owner.post(&format!("{suspended}/end"), json!({})).await.expect(200);
    guest.owner.get("/v1/portals/club").await.problem(404, "not-found");
}

#[tokio::test]
async fn what_is_not_switched_on_does_not_exist_there() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let body = json!({"slug": "talk", "name": {"en": "Talk"}, "visibility": "open", "functions": ["community"]});
    operator.post("/v1/portals", body).await.expect(201);
    app.anonymous().get("/v1/portals/talk/catalogue").await.problem(404, "not-found");
    operator.edit("/v1/portals/talk", json!({"functions": ["community", "catalogue"]})).await.expect(200);
    app.anonymous().get("/v1/portals/talk/catalogue").await.expect(200);
    let etag = operator.etag("/v1/portals/talk").await;
    operator.delete_if("/v1/portals/talk", &etag).await.expect(204);
    app.anonymous().get("/v1/portals/talk").await.problem(404, "not-found");
}

#[tokio::test]
async fn all_faults_of_a_portal_are_told_and_slugs_are_unique() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let odd = json!({"slug": "No", "name": {"english": "x"}, "visibility": "open", "functions": ["casino", "catalogue", "catalogue"]});
    assert_eq!(
        operator.post("/v1/portals", odd).await.faults(),
        ["/functions/0 function", "/functions/2 twice", "/name language", "/slug slug"]
    );
    let body = json!({"slug": "one", "name": {"en": "One"}, "visibility": "open", "functions": ["catalogue"]});
    operator.post("/v1/portals", body.clone()).await.expect(201);
    operator.post("/v1/portals", body.clone()).await.problem(409, "already-exists");
    let pending = app.pending_company("Pending").await.owner;
    pending.post("/v1/portals", body).await.problem(403, "not-verified");
}
