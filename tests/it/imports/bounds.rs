use diesel_async::SimpleAsyncConnection;
use serde_json::json;
use tests::app::TestApp;
use tests::database;
use tests::import::counts;
use tests::market::stock;

const HEAD: &str = "sku,name.en,base_unit,tax.category,tax.rate\n";

#[tokio::test]
async fn long_rows_are_worked_off_in_smaller_parts() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let long = "x".repeat(800_000);
    let file: String = (0..12).map(|n| format!("{}\n", json!({"sku": format!("L-{n}"), "note": long}))).collect();
    let import = seller.import("", "application/x-ndjson", file).await.expect(202).id();
    assert_eq!(counts(&app.import_over(&seller, &import).await), [0, 0, 0, 12]);
    // It was begun, done in two parts, and finished.
    assert_eq!(app.count("SELECT version AS count FROM import_job").await, 5);
}

#[tokio::test]
async fn a_file_with_which_the_node_ends_each_time_is_given_up() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    app.imports_wait().await;
    let import = seller.import("", "text/csv", format!("{HEAD}A,Bolt,C62,S,20\n")).await.expect(202).id();
    app.sql("UPDATE import_job SET attempts = 10").await;
    app.imports_go_on().await;
    let import = app.import_over(&seller, &import).await;
    assert_eq!((&import["state"], &import["problem"]["type"]), (&json!("failed"), &json!("/problems/internal")));
    assert_eq!(app.count("SELECT count(*) FROM product").await, 0);
}

#[tokio::test]
async fn a_row_that_the_database_refuses_spoils_no_other() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    app.sql("ALTER TABLE product ADD CONSTRAINT never CHECK (sku <> 'B')").await;
    let row = |sku: &str| format!("{sku},Bolt,C62,S,20\n");
    let import = app.imported(&seller, "", format!("{HEAD}{}{}{}", row("A"), row("B"), row("C"))).await;
    assert_eq!((&import["state"], counts(&import)), (&json!("finished"), [2, 0, 0, 1]));
    assert_eq!(seller.import_errors(&import).await, ["3  not_kept"]);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type = 'product.created'").await, 2);
}

#[tokio::test]
async fn texts_are_in_so_many_languages_and_so_long_in_all() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let texts = |count: u8, length: usize| {
        let tag = |n: u8| format!("a{}", char::from(b'a' + n));
        (0..count).map(|n| (tag(n), json!("w ".repeat(length / 2)))).collect::<serde_json::Map<_, _>>()
    };
    let send = async |names: serde_json::Map<_, _>, descriptions: serde_json::Map<_, _>| {
        let product = json!({"sku": "A", "name": names, "description": descriptions, "base_unit": "C62",
            "tax": {"category": "S", "rate": "20"}});
        seller.post("/v1/products", json!({"product": product, "on_hand": "1"})).await
    };
    assert_eq!(
        send(texts(21, 2), texts(11, 10_000)).await.faults(),
        ["/product/description too_long", "/product/name too_many"]
    );
    send(texts(20, 2), texts(9, 10_000)).await.expect(201);
}

#[tokio::test]
async fn of_a_row_so_many_faults_are_told_and_of_what_is_long_the_beginning() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let names = (0..30).map(|n| (format!("{n:0>1000}"), json!("x"))).collect::<serde_json::Map<_, _>>();
    let long = json!({"sku": "s".repeat(5000), "name": {"en": "Bolt"}, "base_unit": "C62", "tax": {"category": "S", "rate": "20"}});
    let file = format!("{}\n{long}\n", json!(names));
    let import = seller.import("", "application/x-ndjson", file).await.expect(202).id();
    let import = app.import_over(&seller, &import).await;
    assert_eq!(counts(&import), [0, 0, 0, 2]);
    assert_eq!(app.count("SELECT count(*) FROM import_error WHERE row_number = 1").await, 20);
    let longest =
        "SELECT max(greatest(length(sku), length(column_name), length(detail)))::bigint AS count FROM import_error";
    assert_eq!(app.count(longest).await, 301);
    assert_eq!(app.count("SELECT listed AS count FROM import_job").await, 21);

    // Some months later it is forgotten.
    let service = api::server::on_thread(&app.shared).unwrap();
    api::catalogue::import::file::remove(service.clone()).await.unwrap();
    api::catalogue::import::file::forget_old(&service).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM import_error").await, 21);
    app.sql("UPDATE import_job SET finished_at = now() - interval '91 days'").await;
    api::catalogue::import::file::forget_old(&service).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM import_error").await, 0);
    seller.get(&format!("/v1/imports/{}", import["id"].as_str().unwrap())).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_file_that_no_import_takes_is_removed() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nsku\nA\n\r\n";
    let request = seller.request(reqwest::Method::POST, "/v1/imports");
    let request =
        request.header("Content-Type", "multipart/form-data; boundary=b").body(format!("{part}--b\r\nbroken"));
    seller.send(request).await.problem(400, "malformed-request");
    let waiting = app.config().files_directory.join("waiting");
    let files = || std::fs::read_dir(&waiting).into_iter().flatten().count();
    assert_eq!(files(), 1);
    let service = api::server::on_thread(&app.shared).unwrap();
    api::catalogue::import::file::remove(service.clone()).await.unwrap();
    assert_eq!(files(), 1);
    app.sql("UPDATE import_file_left SET remove_at = now() - interval '1 minute'").await;
    api::catalogue::import::file::remove(service).await.unwrap();
    assert_eq!((files(), app.count("SELECT count(*) FROM import_file_left").await), (0, 0));
    // One that an import takes stays until that is over.
    assert_eq!(counts(&app.imported(&seller, "", format!("{HEAD}A,Bolt,C62,S,20\n")).await), [1, 0, 0, 0]);
    assert_eq!(app.count("SELECT count(*) FROM import_file_left").await, 0);
}

#[tokio::test]
async fn who_may_not_change_goods_any_more_changes_none_by_a_file_sent_before() {
    let app = TestApp::start().await;
    let company = app.company("Seller").await;
    let staff = app.person(&company, &["seller"]).await;
    let machine = app.machine(&company, &["catalogue:read", "catalogue:write"]).await;
    app.imports_wait().await;
    let file = |sku: &str| format!("{HEAD}{sku},Bolt,C62,S,20\n");
    let by_person = staff.owner.import("", "text/csv", file("A")).await.expect(202).id();
    let by_machine = machine.import("", "text/csv", file("B")).await.expect(202).id();
    app.sql(&format!(
        "UPDATE member SET roles = '{{buyer}}' FROM person p WHERE p.id = person_id AND p.email = '{}'",
        staff.email
    ))
    .await;
    app.imports_go_on().await;
    let told = app.import_over(&company.owner, &by_person).await;
    assert_eq!((&told["state"], &told["problem"]["type"]), (&json!("failed"), &json!("/problems/forbidden")));
    assert_eq!(counts(&app.import_over(&company.owner, &by_machine).await), [1, 0, 0, 0]);
    app.sql("UPDATE api_client SET scopes = '{catalogue:read}'").await;
    app.imports_wait().await;
    let late = company.owner.import("", "text/csv", file("C")).await.expect(202).id();
    app.sql("UPDATE import_job SET actor_id = (SELECT id FROM api_client) WHERE state = 'queued'").await;
    app.imports_go_on().await;
    let told = app.import_over(&company.owner, &late).await;
    assert_eq!(told["problem"]["type"], json!("/problems/insufficient-scope"));
    assert_eq!(app.count("SELECT count(*) FROM product").await, 1);
}

#[tokio::test]
async fn what_orders_reserve_while_a_file_is_taken_in_stays_reserved() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let bolt = market.offer(&seller, "100", &[("1", "2.00")]).await;
    let [mut product, mut level] =
        [database::connect(&app.database_url).await, database::connect(&app.database_url).await];
    let held = format!("BEGIN; SELECT FROM product WHERE id = '{}' FOR NO KEY UPDATE", bolt.product_id);
    product.batch_execute(&held).await.unwrap();
    // The name changes, the stock would not: it is as the file says.
    let file = format!("sku,name.en,on_hand\n{},Screw,100\n", bolt.sku);
    let import = seller.import("", "text/csv", file).await.expect(202).id();
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    app.until(async || app.count(waits).await > 0).await;
    // While the import waits for the product the stock is counted, and then an order reserves some of it.
    app.sql(&format!("UPDATE stock SET on_hand = 80 WHERE product_id = '{}'", bolt.product_id)).await;
    let reserve = format!("BEGIN; UPDATE stock SET reserved = 30 WHERE product_id = '{}'", bolt.product_id);
    level.batch_execute(&reserve).await.unwrap();
    product.batch_execute("COMMIT").await.unwrap();
    let on_stock =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
        AND query LIKE '%stock%'";
    app.until(async || app.count(on_stock).await > 0).await;
    level.batch_execute("COMMIT").await.unwrap();
    assert_eq!(counts(&app.import_over(&seller, &import).await), [0, 1, 0, 0]);
    assert_eq!(stock(&seller, &bolt).await, ("100".into(), "30".into()));
}

#[tokio::test]
async fn prices_begin_above_zero_and_have_six_decimals() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let bolt = market.offer(&seller, "100", &[("1", "2.00")]).await;
    for (prices, code) in [("0:18.00", "not_positive"), ("1:1.1234567", "too_precise")] {
        let file = format!("sku,prices\n{},{prices}\n", bolt.sku);
        let import = app.imported(&seller, &format!("?kind=prices&portal={}", market.slug), file).await;
        assert_eq!(import["state"], "finished");
        assert_eq!(seller.import_errors(&import).await, [format!("2 prices {code}")]);
    }
}
