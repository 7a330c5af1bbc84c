use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::sourcing::{items, state};
use tests::upload::pdf;

fn mini_tender(by: &Client, path: &str, request: &Value, name: &str, bytes: &[u8]) -> reqwest::RequestBuilder {
    let said = Part::text(request.to_string());
    let file = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    by.request(Method::POST, path).multipart(Form::new().part("request", said).part("file", file))
}

#[tokio::test]
async fn one_call_publishes_a_request_with_its_specification() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (buyer, path) = (&tender.buyer.owner, tender.path("mini-tenders"));
    let supplier = tender.supplier(&app, "Supplier").await.owner;
    let outsider = app.company("Outsider").await.owner;
    let body = tender.request(json!({}));
    let send = async || {
        let request = mini_tender(buyer, &path, &body, "sheet.pdf", &pdf("sheet")).header("Idempotency-Key", "sheet-1");
        buyer.send(request).await.expect(201)
    };
    let made = send().await;
    let (rfq, shown) = (made.header("location"), made.json());
    assert_eq!((&shown["state"], shown["documents"].as_array().unwrap().len()), (&json!("published"), 1));
    let document = format!("/v1/documents/{}", shown["documents"][0].as_str().unwrap());
    // The next try makes neither a second request nor a second document, whatever its boundary.
    assert_eq!(send().await.json(), shown);
    assert_eq!(app.count("SELECT count(*) FROM document").await, 1);

    assert_eq!(state(&supplier, &rfq).await, "published");
    assert_eq!(supplier.get(&document).await.expect(200).json()["title"], "sheet.pdf");
    let (status, _, bytes) = supplier.send_bytes(supplier.request(Method::GET, &format!("{document}/content"))).await;
    assert_eq!((status.as_u16(), bytes), (200, pdf("sheet")));
    let listed = items(&supplier, "/v1/documents").await;
    assert_eq!((listed.len(), &listed[0]["id"]), (1, &shown["documents"][0]));
    for stranger in [&outsider, &app.anonymous()] {
        stranger.get(&document).await.problem(404, "not-found");
        stranger.get(&format!("{document}/content")).await.problem(404, "not-found");
    }
    // Quoters rely on what it says.
    let etag = buyer.etag(&document).await;
    let version = buyer.form(&format!("{document}/versions"), None, "sheet.pdf", &pdf("another"));
    buyer.send(version.header("If-Match", etag)).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn a_mini_tender_that_cannot_be_published_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (buyer, path) = (&tender.buyer.owner, tender.path("mini-tenders"));
    let past = tender.request(json!({"deadlines": {"quotes": "2020-01-01T00:00:00Z"}}));
    let late = buyer.send(mini_tender(buyer, &path, &past, "sheet.pdf", &pdf("sheet"))).await;
    assert_eq!(late.faults(), ["/deadlines/questions in_past", "/deadlines/quotes in_past"]);
    let odd = json!({"title": {"en": "Sheet"}});
    let refused = buyer.send(mini_tender(buyer, &path, &odd, "sheet.pdf", &pdf("sheet"))).await;
    assert_eq!(refused.faults(), ["/currencies required", "/deadlines required", "/terms required"]);
    let script =
        buyer.send(mini_tender(buyer, &path, &tender.request(json!({})), "a.html", b"<script>1</script>")).await;
    assert!([415, 422].contains(&script.status.as_u16()), "{}", script.text);
    let form = Form::new().part("request", Part::text(tender.request(json!({})).to_string()));
    let without = buyer.send(buyer.request(Method::POST, &path).multipart(form)).await;
    assert_eq!(without.faults(), ["/file required"]);
    let supplier = tender.supplier(&app, "Supplier").await.owner;
    let body = tender.request(json!({}));
    let refused = supplier.send(mini_tender(&supplier, &path, &body, "sheet.pdf", &pdf("sheet"))).await;
    refused.problem(403, "capability-missing");
    assert_eq!(app.count("SELECT (SELECT count(*) FROM rfq) + (SELECT count(*) FROM document) AS count").await, 0);
}

#[tokio::test]
async fn a_specification_is_read_by_those_who_know_of_the_request_and_no_sooner() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (invited, other) = (tender.supplier(&app, "Invited").await, tender.supplier(&app, "Other").await.owner);
    let whole = buyer.upload(json!({"title": "Whole", "visibility": "owner"})).await.expect(201).id();
    let of_line = buyer.upload(json!({"title": "Line", "visibility": "owner"})).await.expect(201).id();
    let lines = json!([tests::sourcing::line("Coil", "5", json!({"documents": [of_line]}))]);
    let rfq = tender.draft(json!({"documents": [whole], "lines": lines, "invitations": [invited.id]})).await;
    for document in [&whole, &of_line] {
        invited.owner.get(&format!("/v1/documents/{document}")).await.problem(404, "not-found");
    }
    buyer.post(&format!("{rfq}/publish"), json!({})).await.expect(200);
    for document in [&whole, &of_line] {
        invited.owner.get(&format!("/v1/documents/{document}")).await.expect(200);
        other.get(&format!("/v1/documents/{document}")).await.problem(404, "not-found");
    }
    let foreign = other.upload(json!({"title": "Theirs", "visibility": "owner"})).await.expect(201).id();
    let body = tender.request(json!({"documents": [foreign]}));
    assert_eq!(buyer.post(&tender.path("rfqs"), body).await.faults(), ["/documents/0 unknown"]);
}
