use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;

async fn my_id(client: &Client) -> String {
    client.get("/v1/me").await.expect(200).id()
}

#[tokio::test]
async fn the_people_of_a_company_see_each_other_and_outsiders_see_nobody() {
    let app = TestApp::start().await;
    let (company, other) = (app.company("Together").await, app.company("Elsewhere").await);
    let viewer = app.colleague(&company, &["viewer"]).await;
    let path = format!("/v1/organisations/{}/members", company.id);
    let first = viewer.client.get(&format!("{path}?limit=1")).await.expect(200).json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = viewer.client.get(&format!("{path}?limit=1&cursor={cursor}")).await.expect(200).json();
    assert_eq!((&first["items"][0]["email"], &second["next_cursor"]), (&json!(company.email), &Value::Null));
    assert_eq!(second["items"][0]["roles"], json!(["viewer"]));
    app.machine(&company, &["organisation:read"]).await.get(&path).await.expect(200);
    app.operator().await.get(&path).await.expect(200);
    // S1
    other.owner.get(&path).await.problem(404, "not-found");
    other.owner.get(&company.member(&viewer.id)).await.problem(404, "not-found");
    other.owner.get(&other.member(&viewer.id)).await.problem(404, "not-found");
    other.owner.edit(&other.member(&my_id(&other.owner).await), json!({})).await.expect(200);
    other.owner.patch_if(&company.member(&viewer.id), "\"1.x\"", json!({})).await.problem(404, "not-found");
    viewer.client.get(&format!("{path}?role=owner")).await.problem(400, "invalid-query");
}

// S10
#[tokio::test]
async fn a_role_that_is_taken_away_is_gone_at_once() {
    let app = TestApp::start().await;
    let company = app.company("Demoting").await;
    let admin = app.colleague(&company, &["admin"]).await;
    let invitations = format!("/v1/organisations/{}/invitations", company.id);
    admin.client.get(&invitations).await.expect(200);
    let changed =
        company.owner.edit(&company.member(&admin.id), json!({"roles": ["viewer", "buyer"]})).await.expect(200);
    assert_eq!(changed.json()["roles"], json!(["buyer", "viewer"]));
    admin.client.get(&invitations).await.problem(403, "forbidden");
    admin.client.edit(&company.member(&admin.id), json!({"roles": ["admin"]})).await.problem(403, "forbidden");
    let faults = company.owner.edit(&company.member(&admin.id), json!({"roles": ["king"]})).await.faults();
    assert_eq!(faults, ["/roles/0 role"]);
    let machine = app.machine(&company, &["organisation:read", "organisation:write"]).await;
    machine.edit(&company.member(&admin.id), json!({"roles": ["admin"]})).await.problem(403, "forbidden");
}

// S3
#[tokio::test]
async fn only_owners_make_and_unmake_owners() {
    let app = TestApp::start().await;
    let company = app.company("Ruled").await;
    let admin = app.colleague(&company, &["admin"]).await;
    let owner = company.member(&my_id(&company.owner).await);
    admin.client.edit(&company.member(&admin.id), json!({"roles": ["owner"]})).await.problem(403, "forbidden");
    admin.client.edit(&owner, json!({"roles": ["viewer"]})).await.problem(403, "forbidden");
    let etag = admin.client.etag(&owner).await;
    admin.client.delete_if(&owner, &etag).await.problem(403, "forbidden");
    company.owner.edit(&owner, json!({"roles": ["viewer"]})).await.problem(409, "last-owner");
    company.owner.delete_if(&owner, &etag).await.problem(409, "last-owner");
    company.owner.edit(&company.member(&admin.id), json!({"roles": ["owner"]})).await.expect(200);
    company.owner.delete_if(&owner, "\"9.x\"").await.problem(412, "precondition-failed");
    company.owner.delete_if(&owner, &etag).await.expect(204);
    company.owner.get("/v1/me").await.problem(401, "invalid-token");
}

// T7
#[tokio::test]
async fn of_two_owners_who_leave_at_once_one_stays() {
    let app = TestApp::start().await;
    let company = app.company("Abandoned").await;
    let second = app.colleague(&company, &["owner"]).await;
    let first = company.member(&my_id(&company.owner).await);
    let (mine, theirs) = (company.owner.etag(&first).await, second.client.etag(&company.member(&second.id)).await);
    let second_path = company.member(&second.id);
    let (a, b) = tokio::join!(company.owner.delete_if(&first, &mine), second.client.delete_if(&second_path, &theirs));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
    assert_eq!(app.count("SELECT count(*) FROM member WHERE 'owner' = ANY(roles)").await, 1);
}

// S10
#[tokio::test]
async fn who_is_removed_is_out_of_this_company_alone() {
    let app = TestApp::start().await;
    let (company, other) = (app.company("Left").await, app.company("Kept").await);
    let person = app.colleague(&company, &["buyer"]).await;
    let invitations = format!("/v1/organisations/{}/invitations", other.id);
    other.owner.post(&invitations, json!({"email": person.email, "roles": ["seller"]})).await.expect(201);
    let mails = app.mails_to(&person.email, 2).await;
    let text = mails.iter().find(|text| text.contains("Kept")).unwrap();
    let body = json!({"token": tests::machine::token_in(text), "password": tests::given::PASSWORD});
    app.anonymous().post("/v1/invitations/accept", body).await.expect(200);
    let log_in = json!({"email": person.email, "password": tests::given::PASSWORD, "organisation_id": other.id});
    let session = app.anonymous().post("/v1/sessions", log_in.clone()).await.expect(201).json();
    let there = app.anonymous().with_token(session["access_token"].as_str().unwrap());
    let me = there.get("/v1/me").await.expect(200).json();
    assert_eq!((&me["organisation_id"], &me["roles"]), (&json!(other.id), &json!(["seller"])));
    assert_eq!(me["memberships"].as_array().unwrap().len(), 2);

    let path = company.member(&person.id);
    company.owner.delete(&path).await.problem(428, "precondition-required");
    let etag = company.owner.etag(&path).await;
    company.owner.delete_if(&path, &etag).await.expect(204);
    person.client.get("/v1/me").await.problem(401, "invalid-token");
    there.get("/v1/me").await.expect(200);
    company.owner.get(&path).await.problem(404, "not-found");
    let gone = json!({"email": person.email, "password": tests::given::PASSWORD, "organisation_id": company.id});
    app.anonymous().post("/v1/sessions", gone).await.problem(401, "invalid-credentials");
    app.anonymous().post("/v1/sessions", log_in).await.expect(201);
}
