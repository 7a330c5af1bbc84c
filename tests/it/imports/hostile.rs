use std::time::Duration;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use tests::app::TestApp;
use tests::given::number;
use tests::raw::{listen, statuses};

#[tokio::test]
async fn a_file_that_is_no_table_of_goods_is_refused_at_once() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    for odd in [&b""[..], b"\n\n", b"s\0ku,name.en\n", b"\"sku,name.en\nA,b\n", b"\xff\xfes\0k\0u\0"] {
        seller.import("", "text/csv", odd).await.problem(422, "import-unreadable");
    }
    let columns = seller.import("?kind=stock", "text/csv", "name.en,colour,on_hand,on_hand\nA,b,1,2\n").await;
    let problem = columns.problem(422, "import-columns");
    let told: Vec<String> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["pointer"].as_str().unwrap(), one["code"].as_str().unwrap()))
        .collect();
    assert_eq!(told, ["/name.en unknown_column", "/colour unknown_column", "/on_hand duplicate", "/sku required"]);
    assert_eq!(seller.import("", "text/csv", "sku,price\nA,1\n").await.faults(), ["/portal required"]);
    assert_eq!(seller.import("?kind=prices", "text/csv", "sku\nA\n").await.faults(), ["/portal required"]);
    assert_eq!(seller.import("?mapping=none", "text/csv", "sku\nA\n").await.faults(), ["/mapping unknown"]);
    assert_eq!(seller.import("?kind=people", "text/csv", "sku\nA\n").await.faults(), ["/kind import_kind"]);
    seller.import("?encoding=koi8-r", "text/csv", "sku\nA\n").await.problem(400, "invalid-query");
    seller.import("?colour=red", "text/csv", "sku\nA\n").await.problem(400, "invalid-query");
    seller.import("", "text/plain", "sku\nA\n").await.problem(415, "unsupported-media-type");
    seller.import("?portal=nowhere", "text/csv", "sku\nA\n").await.problem(404, "not-found");
    let form = Form::new().part("file", Part::text("sku\nA\n")).part("import", Part::text("{}"));
    let request = seller.request(Method::POST, "/v1/imports").multipart(form);
    assert_eq!(seller.send(request).await.faults(), ["/import unknown_field"]);
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let query = format!("?portal={}", market.slug);
    buyer.import(&query, "text/csv", "sku,price\nA,1\n").await.problem(403, "capability-missing");
    // S4
    let closed = format!("closed-{}", number());
    let body =
        serde_json::json!({"slug": closed, "name": {"en": "Club"}, "visibility": "closed", "functions": ["catalogue"]});
    buyer.post("/v1/portals", body).await.expect(201);
    seller.import(&format!("?portal={closed}"), "text/csv", "sku,price\nA,1\n").await.problem(404, "not-found");
    assert_eq!(app.count("SELECT count(*) FROM import_job").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type LIKE 'import%'").await, 0);
    for folder in ["waiting", "incoming"] {
        let folder = app.config().files_directory.join(folder);
        assert_eq!(std::fs::read_dir(folder).into_iter().flatten().count(), 0);
    }
}

// R26, S6
#[tokio::test]
async fn a_file_that_is_too_large_is_refused_before_it_comes() {
    let app = TestApp::start_with(|config| config.max_import_size = 1_000_000).await;
    let seller = app.company("Seller").await.owner;
    let announced = format!(
        "POST /v1/imports HTTP/1.1\r\nHost: torg\r\nAuthorization: Bearer {}\r\nContent-Type: text/csv\r\nContent-Length: 1073741824\r\n\r\n",
        seller.token()
    );
    assert_eq!(statuses(&listen(app.address, announced.as_bytes(), Duration::from_secs(2)).await.0), [413]);
    // Where it is not announced it is cut off.
    let mut streamed = announced.replace("Content-Length: 1073741824", "Transfer-Encoding: chunked").into_bytes();
    let chunk = [b"40000\r\n".to_vec(), b"sku\nA\n  ".repeat(0x8000), b"\r\n".to_vec()].concat();
    streamed.extend(chunk.repeat(5));
    assert_eq!(statuses(&listen(app.address, &streamed, Duration::from_secs(2)).await.0), [413]);
    let large = format!("sku,name.en\nA,{}\n", "x".repeat(1_000_000));
    seller.import("", "text/csv", large).await.problem(413, "import-too-large");
    assert_eq!(app.count("SELECT count(*) FROM import_job").await, 0);
    let incoming = app.config().files_directory.join("incoming");
    app.until(async || std::fs::read_dir(&incoming).into_iter().flatten().count() == 0).await;
}

#[tokio::test]
async fn what_a_seller_may_not_do_any_more_ends_its_import() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await;
    app.imports_wait().await;
    let file = "sku,name.en,base_unit,tax.category,tax.rate,price,currency\nA,Bolt,C62,S,20,1,EUR\n";
    let query = format!("?portal={}", market.slug);
    let import = seller.owner.import(&query, "text/csv", file).await.expect(202).id();
    let operator = app.operator().await;
    let path = format!("/v1/organisations/{}/suspend", seller.id);
    operator.post(&path, serde_json::json!({"note": "unpaid fees"})).await.expect(200);
    app.imports_go_on().await;
    let import = app.import_over(&seller.owner, &import).await;
    assert_eq!((&import["state"], &import["problem"]["type"]), (&"failed".into(), &"/problems/suspended".into()));
    assert_eq!(app.count("SELECT count(*) FROM product").await, 0);
}
