use serde_json::json;
use tests::app::TestApp;
use tests::upload::pdf;

// S15
#[tokio::test]
async fn files_that_are_not_what_they_say_or_that_could_do_harm_are_refused() {
    let app = TestApp::start().await;
    let company = app.company("Company").await.owner;
    let document = json!({"title": "File", "visibility": "public"});
    let svg: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (name, bytes) in [
        ("picture.png", pdf("x").as_slice()),
        ("drawing.svg", svg),
        ("drawing.xml", svg),
        ("page.txt", b"<html><script>alert(1)</script></html>"),
        ("program.exe", b"MZ"),
        ("none", b"text"),
        ("empty.pdf", b""),
    ] {
        let answer = company.send(company.form("/v1/documents", Some(&document), name, bytes)).await;
        answer.problem(415, "forbidden-file-type");
    }
    for name in ["../../etc/passwd.pdf", "a/b.pdf", "C:\\a.pdf", ".pdf", "a\u{202e}fdp.pdf"] {
        let answer = company.send(company.form("/v1/documents", Some(&document), name, &pdf("x"))).await;
        assert_eq!(answer.faults(), ["/file file_name"], "{name}");
    }
    assert_eq!(app.count("SELECT count(*) FROM document").await, 0);
    let named = company.send(company.form("/v1/documents", Some(&document), "счёт 1.txt", "текст".as_bytes())).await;
    let path = format!("/v1/documents/{}/content", named.expect(201).id());
    let download = app.anonymous().get(&path).await.expect(200);
    assert_eq!(download.text, "текст");
    assert_eq!(download.header("content-type"), "text/plain");
    assert_eq!(download.header("x-content-type-options"), "nosniff");
    assert_eq!(download.header("content-length"), "10");
    let disposition = download.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; ") && disposition.contains("filename*=UTF-8''%D1%81"),
        "{disposition}"
    );
}

// R26, S6
#[tokio::test]
async fn a_file_over_the_limit_is_refused_and_leaves_nothing() {
    let app = TestApp::start_with(|config| config.max_file_size = 300_000).await;
    let company = app.company("Company").await.owner;
    let document = json!({"title": "File", "visibility": "owner"});
    let mut bytes = pdf("large");
    bytes.resize(300_000, b' ');
    company.send(company.form("/v1/documents", Some(&document), "a.pdf", &bytes)).await.expect(201);
    bytes.push(b' ');
    company.send(company.form("/v1/documents", Some(&document), "a.pdf", &bytes)).await.problem(413, "file-too-large");
    bytes.resize(1_000_000, b' ');
    company.send(company.form("/v1/documents", Some(&document), "a.pdf", &bytes)).await.problem(413, "file-too-large");
    assert_eq!(app.count("SELECT count(*) FROM document").await, 1);
    let incoming = app.shared.config.files_directory.join("incoming");
    assert_eq!(std::fs::read_dir(incoming).into_iter().flatten().count(), 0);
}

// R2, R3
#[tokio::test]
async fn the_same_file_with_the_same_key_is_one_document_and_another_file_is_refused() {
    let app = TestApp::start().await;
    let company = app.company("Company").await.owner;
    let document = json!({"title": "File", "visibility": "owner"});
    let send = async |document: &serde_json::Value, word: &str| {
        let request = company.form("/v1/documents", Some(document), "file.pdf", &pdf(word));
        company.send(request.header("Idempotency-Key", "one")).await
    };
    let first = send(&document, "one").await.expect(201);
    // The boundary of the form differs, its content does not.
    let again = send(&document, "one").await.expect(201);
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!((&again.text, again.header("location")), (&first.text, first.header("location")));
    send(&document, "two").await.problem(422, "idempotency-key-reused");
    send(&json!({"title": "Other", "visibility": "owner"}), "one").await.problem(422, "idempotency-key-reused");
    assert_eq!(app.count("SELECT count(*) FROM document").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type = 'document.added'").await, 1);
}

#[tokio::test]
async fn a_form_that_is_none_is_refused() {
    let app = TestApp::start().await;
    let company = app.company("Company").await.owner;
    company.post("/v1/documents", json!({})).await.problem(415, "unsupported-media-type");
    let document = json!({"title": "File", "visibility": "owner"});
    app.anonymous().upload(document.clone()).await.problem(401, "unauthenticated");
    app.operator().await.upload(document.clone()).await.problem(403, "forbidden");
    let request = company.form("/v1/documents", None, "a.pdf", &pdf("x"));
    assert_eq!(company.send(request).await.faults(), ["/document required"]);
    let form = reqwest::multipart::Form::new().text("document", document.to_string());
    let request = company.request(reqwest::Method::POST, "/v1/documents").multipart(form);
    assert_eq!(company.send(request).await.faults(), ["/file required"]);
    let form = reqwest::multipart::Form::new().text("document", "{\"title\": 1, \"title\": 2}");
    let request = company.request(reqwest::Method::POST, "/v1/documents").multipart(form);
    company.send(request).await.problem(400, "malformed-request");
}
