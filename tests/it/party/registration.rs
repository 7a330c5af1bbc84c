use serde_json::json;
use tests::app::TestApp;
use tests::given::{gln, number, registration};

#[tokio::test]
async fn a_company_registers_is_verified_and_stands_in_the_directory() {
    let app = TestApp::start().await;
    let company = app.pending_company("Nordkorn").await;
    let path = format!("/v1/organisations/{}", company.id);
    let mine = company.owner.get(&path).await.expect(200).json();
    assert_eq!((&mine["state"], &mine["legal_name"]), (&json!("pending"), &json!("Nordkorn")));

    let other = app.company("Other").await;
    other.owner.get(&path).await.problem(404, "not-found");
    let operator = app.operator().await;
    operator.post(&format!("{path}/verify"), json!({"note": "register checked"})).await.expect(200);
    assert_eq!(other.owner.get(&path).await.expect(200).json()["state"], "verified");
    let found = other.owner.get("/v1/organisations?q=nordk").await.expect(200).json();
    assert_eq!(found["items"][0]["id"], json!(company.id));
    let decisions = company.owner.get(&format!("{path}/verifications")).await.expect(200).json();
    assert_eq!(decisions["items"][0]["decision"], "verified");
    other.owner.get(&format!("{path}/verifications")).await.problem(404, "not-found");
}

// R13
#[tokio::test]
async fn all_faults_of_a_registration_are_told_at_once() {
    let app = TestApp::start().await;
    let mut body = registration("Faulty", "no address");
    body["identifiers"][0]["value"] = json!("9520000000012");
    body["person"]["password"] = json!("password1234");
    body["country"] = json!("DD");
    let faults = app.anonymous().post("/v1/organisations", body.clone()).await.faults();
    assert_eq!(
        faults,
        ["/country country", "/identifiers/0/value check_digit", "/person/email email", "/person/password too_common"]
    );
    body["colour"] = json!(1);
    body["legal_form"] = json!(7);
    body.as_object_mut().unwrap().remove("legal_name");
    let faults = app.anonymous().post("/v1/organisations", body).await.faults();
    assert_eq!(faults, ["/colour unknown_field", "/legal_form wrong_type", "/legal_name required"]);
    assert_eq!(app.count("SELECT count(*) FROM organisation").await, 0);
}

#[tokio::test]
async fn an_identifier_belongs_to_one_organisation() {
    let app = TestApp::start().await;
    let mut body = registration("First", "first@one.example");
    let value = gln(number());
    body["identifiers"][0]["value"] = json!(value);
    app.anonymous().post("/v1/organisations", body.clone()).await.expect(201);
    body["person"]["email"] = json!("second@one.example");
    app.anonymous().post("/v1/organisations", body).await.problem(409, "identifier-taken");
    assert_eq!(app.count("SELECT count(*) FROM person").await, 1);
}

#[tokio::test]
async fn another_name_must_be_verified_anew_but_another_address_not() {
    let app = TestApp::start().await;
    let company = app.company("Before").await;
    let path = format!("/v1/organisations/{}", company.id);
    let moved = company.owner.get(&path).await.json()["addresses"].clone();
    let mut moved = moved;
    moved[0]["city"] = json!("Bremen");
    let answer = company.owner.edit(&path, json!({"addresses": moved})).await.expect(200);
    assert_eq!(answer.json()["state"], "verified");
    let answer = company.owner.edit(&path, json!({"legal_name": "After"})).await.expect(200);
    assert_eq!(answer.json()["state"], "pending");
}

// R18, R19
#[tokio::test]
async fn of_twenty_edits_with_one_etag_one_wins() {
    let app = TestApp::start().await;
    let company = app.company("Racing").await;
    let path = format!("/v1/organisations/{}", company.id);
    company
        .owner
        .send(
            company
                .owner
                .request(reqwest::Method::PATCH, &path)
                .header("Content-Type", "application/merge-patch+json")
                .body("{}"),
        )
        .await
        .problem(428, "precondition-required");
    let etag = company.owner.etag(&path).await;
    let edits = (0..20).map(|n| {
        let (owner, path, etag) = (company.owner.clone(), path.clone(), etag.clone());
        async move { owner.patch_if(&path, &etag, json!({"legal_form": format!("Form {n}")})).await.status.as_u16() }
    });
    let mut statuses = futures::future::join_all(edits).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [&[200][..], &[412; 19]].concat());
    company.owner.patch_if(&path, "\"nonsense\"", json!({})).await.problem(412, "precondition-failed");
}
