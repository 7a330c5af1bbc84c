//! Exports of everything that an organisation owns.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::time::Duration;

use api::integration::export::run;
use diesel_async::RunQueryDsl;
use domain::kernel::{ExportId, OrganisationId};
use flate2::read::MultiGzDecoder;
use infra::integration::export::job;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::process::Service;

/// From now on no export is written before its `leased_until` is set.
const LATER: &str = "CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.leased_until = '2999-01-01'; RETURN NEW; END $$;
     CREATE TRIGGER later BEFORE INSERT ON export_job FOR EACH ROW EXECUTE FUNCTION later();";

/// Waits for an answer of this form.
async fn until(client: &Client, path: &str, fine: impl Fn(&Value) -> bool) -> Value {
    let patience = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            if let Some(answer) = client.try_get(path).await.filter(|answer| fine(&answer.json())) {
                return answer.json();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    patience.await.expect("it comes true in time")
}

/// Has everything exported, and gives the export.
async fn exported(client: &Client) -> Value {
    let answer = client.post("/v1/exports", json!({})).await.expect(202);
    let path = format!("/v1/exports/{}", answer.id());
    assert_eq!(answer.header("location"), path);
    until(client, &path, |one| one["state"] == "finished" || one["state"] == "failed").await
}

/// The lines of an export by their types.
fn lines(text: &str) -> BTreeMap<String, Vec<Value>> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("a line of JSON");
        found.entry(line["type"].as_str().expect("a type").to_owned()).or_default().push(line);
    }
    found
}

async fn content(client: &Client, export: &Value) -> BTreeMap<String, Vec<Value>> {
    lines(&client.get(export["content"].as_str().expect("an address")).await.expect(200).text)
}

async fn remove_files(app: &TestApp) {
    let on_thread = api::server::on_thread(&app.shared).unwrap();
    api::catalogue::import::file::remove(on_thread).await.unwrap();
}

/// The files that wait in the store.
fn waiting(app: &TestApp) -> usize {
    std::fs::read_dir(app.config().files_directory.join("waiting")).into_iter().flatten().count()
}

// R27
#[tokio::test]
async fn an_export_holds_all_that_its_organisation_owns_as_the_api_shows_it() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offer = trade.market.offer(&trade.seller.owner, "100", &[("1", "2.00")]).await;
    let invoice = trade.invoice(&[(&offer, "10")]).await;
    trade.paid("23.80", Some(&invoice)).await;
    let order = trade.market.place(&trade.buyer.owner, &offer, "3").await;
    let fed = async || trade.seller.owner.get("/v1/events?limit=200&type=order.placed").await.text.contains(&order);
    app.until(fed).await;
    let address = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
    // Its PDF is made beside, and shows in the invoice.
    app.until(async || !trade.seller.owner.get(&address).await.json()["document_id"].is_null()).await;
    let (seller, id) = (&trade.seller.owner, &trade.seller.id);
    let export = exported(seller).await;
    assert_eq!((&export["state"], &export["left_out"]), (&json!("finished"), &json!([])));
    assert_eq!(export["progress"]["done"], export["progress"]["total"]);
    let found = content(seller, &export).await;
    assert_eq!(Some(found.values().map(Vec::len).sum::<usize>() as u64), export["lines"].as_u64());
    let slug = &trade.market.slug;
    for (kind, count, address) in [
        ("organisation", 1, "/v1/organisations/$".to_owned()),
        ("member", 1, format!("/v1/organisations/{id}/members/$")),
        ("bank_account", 1, format!("/v1/organisations/{id}/bank-accounts/$")),
        ("product", 1, "/v1/products/$".to_owned()),
        ("stock", 1, "/v1/products/$/stock".to_owned()),
        ("offer", 1, format!("/v1/portals/{slug}/offers/$")),
        ("order", 2, "/v1/orders/$".to_owned()),
        ("contract", 1, "/v1/contracts/$".to_owned()),
        ("delivery", 1, "/v1/deliveries/$".to_owned()),
        ("invoice", 1, "/v1/invoices/$".to_owned()),
        ("payment", 1, "/v1/payments/$".to_owned()),
    ] {
        let of_kind = &found[kind];
        assert_eq!(of_kind.len(), count, "{kind}");
        for line in of_kind {
            let shown = seller.get(&address.replace('$', line["id"].as_str().unwrap())).await.expect(200).json();
            assert_eq!(line["data"], shown, "{kind}");
        }
    }
    assert!(found["ledger_entry"].iter().all(|one| !one["data"]["postings"].as_array().unwrap().is_empty()));
    assert!(found["account"].iter().any(|one| one["data"]["kind"] == "receivable"));
    assert!(found["event"].iter().any(|one| one["data"]["subject"]["id"] == order.as_str()));
    // The other side has what is its own, and nothing of this one's catalogue.
    let theirs = content(&trade.buyer.owner, &exported(&trade.buyer.owner).await).await;
    assert!(["product", "stock", "offer", "bank_account"].iter().all(|kind| !theirs.contains_key(*kind)));
    assert_eq!((theirs["order"].len(), theirs["organisation"][0]["id"].as_str()), (2, Some(trade.buyer.id.as_str())));
    let outsider = app.company("Outsider").await.owner;
    let address = export["content"].as_str().unwrap();
    outsider.get(address).await.problem(404, "not-found");
    outsider.get(address.trim_end_matches("/content")).await.problem(404, "not-found");
}

#[tokio::test]
async fn an_export_tells_no_secret() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    trade.market.offer(&trade.seller.owner, "1", &[("1", "2.00")]).await;
    let path = format!("/v1/organisations/{}", trade.seller.id);
    let body = json!({"email": "new@new.example", "roles": ["viewer"]});
    trade.seller.owner.post(&format!("{path}/invitations"), body).await.expect(201);
    let client = json!({"name": "ERP", "scopes": ["catalogue:read"]});
    let client = trade.seller.owner.post(&format!("{path}/api-clients"), client).await.expect(201).json();
    let export = exported(&trade.seller.owner).await;
    let text = trade.seller.owner.get(export["content"].as_str().unwrap()).await.expect(200).text;
    assert!(lines(&text).contains_key("api_client") && lines(&text).contains_key("invitation"));
    let secrets = [client["secret"]["secret"].as_str().unwrap(), "argon2", "hash"];
    for secret in secrets {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_machine_gets_what_its_scopes_let_it_read() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    trade.market.offer(&trade.seller.owner, "1", &[("1", "2.00")]).await;
    let narrow = app.machine(&trade.seller, &["organisation:read"]).await;
    let export = exported(&narrow).await;
    let left_out: BTreeSet<&str> =
        export["left_out"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert!(left_out.contains("product") && left_out.contains("event") && !left_out.contains("organisation"));
    let found = content(&narrow, &export).await;
    assert!(found.contains_key("organisation") && found.keys().all(|kind| !left_out.contains(kind.as_str())));
    // What somebody with wider rights has had written it does not read.
    let whole = exported(&trade.seller.owner).await;
    narrow.get(whole["content"].as_str().unwrap()).await.problem(403, "insufficient-scope");
    let other = app.machine(&trade.seller, &["catalogue:read"]).await;
    other.post("/v1/exports", json!({})).await.problem(403, "insufficient-scope");
    app.person(&trade.seller, &["seller"]).await.owner.post("/v1/exports", json!({})).await.problem(403, "forbidden");
}

#[tokio::test]
async fn a_token_of_fewer_scopes_than_its_client_gets_what_it_may_read_itself() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offer = trade.market.offer(&trade.seller.owner, "10", &[("1", "2.00")]).await;
    trade.market.place(&trade.buyer.owner, &offer, "3").await;
    let made = trade.seller.api_client(&["organisation:read", "orders:read", "catalogue:read"]).await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"]["secret"].as_str().unwrap());
    let with = async |scope: &str| {
        let grant = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        let answer = app.ask_token(&[&grant[..], &[("scope", scope)]].concat()).await.expect(200).json();
        app.anonymous().with_token(answer["access_token"].as_str().unwrap())
    };
    let narrow = with("organisation:read").await;
    let export = exported(&narrow).await;
    let left_out = export["left_out"].as_array().unwrap();
    assert!(left_out.contains(&json!("order")) && left_out.contains(&json!("product")));
    let found = content(&narrow, &export).await;
    assert!(found.contains_key("organisation"));
    for kind in ["order", "product", "offer", "stock"] {
        assert!(!found.contains_key(kind), "{kind}");
    }
    // The client itself reads more.
    let wide = with("organisation:read orders:read").await;
    let found = content(&wide, &exported(&wide).await).await;
    assert!(found.contains_key("order") && !found.contains_key("product"));
}

#[tokio::test]
async fn the_file_is_a_download_packed_to_who_takes_that() {
    let app = TestApp::start().await;
    let owner = app.company("Seller").await.owner;
    let export = exported(&owner).await;
    // On a busy machine it may have several parts.
    app.sql("DELETE FROM export_part WHERE number > 0").await;
    let path = export["content"].as_str().unwrap();
    let (status, headers, plain) = owner.send_bytes(owner.request(Method::GET, path)).await;
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    assert_eq!((status.as_u16(), header("content-type").as_str()), (200, "application/x-ndjson"));
    assert!(header("content-disposition").starts_with("attachment; filename=\"export-"));
    assert_eq!((header("x-content-type-options"), header("content-encoding")), ("nosniff".into(), String::new()));
    assert_eq!(header("content-length"), plain.len().to_string());
    assert!(header("cache-control").contains("private") && header("vary").contains("Accept-Encoding"));
    let request = owner.request(Method::GET, path).header("Accept-Encoding", "gzip");
    let (_, packed_headers, packed) = owner.send_bytes(request).await;
    assert_eq!(packed_headers["content-encoding"], "gzip");
    assert_ne!(packed_headers["etag"], headers["etag"]);
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
    let known = owner.request(Method::GET, path).header("If-None-Match", headers["etag"].clone());
    assert_eq!(owner.send(known).await.status, 304);
}

#[tokio::test]
async fn a_file_of_several_parts_is_sent_plain_since_few_unpack_several_members() {
    let app = TestApp::start().await;
    let owner = app.company("Seller").await.owner;
    let (export, other) = (exported(&owner).await, exported(&owner).await);
    let id = |export: &Value| export["id"].as_str().unwrap().to_owned();
    let join = format!(
        "UPDATE export_part SET export_id = '{}', number = number + 100 WHERE export_id = '{}'",
        id(&export),
        id(&other)
    );
    app.sql(&join).await;
    let path = export["content"].as_str().unwrap();
    let (_, _, plain) = owner.send_bytes(owner.request(Method::GET, path)).await;
    let request = owner.request(Method::GET, path).header("Accept-Encoding", "gzip");
    let (status, headers, asked) = owner.send_bytes(request).await;
    assert_eq!((status.as_u16(), headers.contains_key("content-encoding")), (200, false));
    assert_eq!(asked, plain);
}

// R27
#[tokio::test]
async fn an_export_is_removed_with_its_file_by_whom_it_belongs_to_or_when_it_expires() {
    let app = TestApp::start().await;
    let owner = app.company("Seller").await.owner;
    let (first, second) = (exported(&owner).await, exported(&owner).await);
    let path = |export: &Value| format!("/v1/exports/{}", export["id"].as_str().unwrap());
    assert_eq!(waiting(&app), 2);
    owner.delete(&path(&first)).await.expect(204);
    owner.get(&path(&first)).await.problem(404, "not-found");
    owner.delete(&path(&first)).await.problem(404, "not-found");
    remove_files(&app).await;
    assert_eq!(waiting(&app), 1);
    let listed = owner.get("/v1/exports").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    app.sql("UPDATE export_job SET created_at = created_at - interval '8 days', finished_at = finished_at - interval '8 days'").await;
    api::integration::export::old::forget(&api::server::on_thread(&app.shared).unwrap()).await.unwrap();
    remove_files(&app).await;
    owner.get(&path(&second)).await.problem(404, "not-found");
    owner.get(second["content"].as_str().unwrap()).await.problem(404, "not-found");
    assert_eq!((waiting(&app), app.count("SELECT count(*) FROM export_part").await), (0, 0));
}

#[tokio::test]
async fn exports_wait_in_a_row_and_not_too_many_of_them() {
    let app = TestApp::start().await;
    let owner = app.company("Seller").await.owner;
    app.sql(LATER).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(owner.post("/v1/exports", json!({})).await.expect(202).id());
    }
    owner.post("/v1/exports", json!({})).await.problem(409, "too-many-jobs");
    let path = format!("/v1/exports/{}", ids[0]);
    let waiting = owner.get(&path).await.expect(200).json();
    assert_eq!((&waiting["state"], &waiting["content"]), (&json!("queued"), &Value::Null));
    owner.get(&format!("{path}/content")).await.problem(409, "wrong-state");
    // Another company's wait does not hold up this one's.
    app.sql("DROP TRIGGER later ON export_job").await;
    assert_eq!(exported(&app.company("Other").await.owner).await["state"], "finished");
    owner.delete(&path).await.expect(204);
    app.sql("UPDATE export_job SET leased_until = now()").await;
    for id in &ids[1..] {
        until(&owner, &format!("/v1/exports/{id}"), |one| one["state"] == "finished").await;
    }
}

#[tokio::test]
async fn an_export_fails_when_who_asked_for_it_acts_for_the_organisation_no_more() {
    let app = TestApp::start().await;
    let company = app.company("Seller").await;
    let admin = app.person(&company, &["admin"]).await;
    app.sql(LATER).await;
    let id = admin.owner.post("/v1/exports", json!({})).await.expect(202).id();
    app.sql(&format!(
        "UPDATE member SET roles = '{{viewer}}' WHERE person_id = (SELECT id FROM person WHERE email = '{}');
         UPDATE export_job SET leased_until = now();",
        admin.email
    ))
    .await;
    let over = until(&company.owner, &format!("/v1/exports/{id}"), |one| one["state"] == "failed").await;
    assert_eq!(over["problem"]["type"], "/problems/forbidden");
}

#[tokio::test]
async fn an_organisation_keeps_not_too_many_exports() {
    let app = TestApp::start().await;
    let owner = app.company("Seller").await.owner;
    let export = exported(&owner).await;
    app.sql(
        "INSERT INTO export_job (id, organisation_id, state, left_out, position, created_at, finished_at, leased_until)
         SELECT gen_random_uuid(), organisation_id, state, left_out, position, created_at, finished_at, leased_until
         FROM export_job, generate_series(1, 19)",
    )
    .await;
    owner.post("/v1/exports", json!({})).await.problem(409, "too-many-jobs");
    owner.delete(&format!("/v1/exports/{}", export["id"].as_str().unwrap())).await.expect(204);
    assert_eq!(exported(&owner).await["state"], "finished");
}

#[tokio::test]
async fn an_export_that_two_nodes_begin_is_written_all_the_same() {
    let app = TestApp::start().await;
    let owner = app.company("Seller").await.owner;
    // Whoever leases a job that waits finds that another node has begun with it meanwhile.
    app.sql(
        "CREATE FUNCTION begun() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN NEW.state = 'running'; NEW.started_at = now(); RETURN NEW; END $$;
         CREATE TRIGGER begun BEFORE UPDATE ON export_job FOR EACH ROW
            WHEN (OLD.state = 'queued' AND NEW.attempts > OLD.attempts) EXECUTE FUNCTION begun();",
    )
    .await;
    let export = exported(&owner).await;
    assert_eq!(export["state"], "finished", "{export}");
    assert!(content(&owner, &export).await.contains_key("organisation"));
}

#[tokio::test]
async fn no_other_node_begins_an_export_while_one_counts_what_there_is() {
    let app = TestApp::start().await;
    let owner = app.company("Seller").await.owner;
    app.sql(
        "CREATE TABLE leased (until interval);
         CREATE FUNCTION leased() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO leased VALUES (OLD.leased_until - OLD.created_at); RETURN NEW; END $$;
         CREATE TRIGGER leased BEFORE UPDATE ON export_job FOR EACH ROW
            WHEN (OLD.state = 'queued' AND NEW.state = 'running') EXECUTE FUNCTION leased();",
    )
    .await;
    assert_eq!(exported(&owner).await["state"], "finished");
    assert_eq!(app.count("SELECT count(*) FROM leased WHERE until >= interval '60 seconds'").await, 1);
}

#[tokio::test]
async fn a_long_export_gives_way_to_those_of_others() {
    let (mut config, long, short) = {
        let app = TestApp::start().await;
        let (long, short) = (app.company("Long").await, app.company("Short").await);
        // More than one part holds.
        app.sql(&format!(
            "INSERT INTO product (id, seller_id, sku, name, base_unit, tax_category, tax_rate, minimum_order, order_multiple,
                 lead_time_days, created_at)
             SELECT gen_random_uuid(), '{}', 'B-' || n, jsonb_build_object('en', repeat('bolt ', 2000)), 'C62', 'S', 19, 1, 1, 0, now()
             FROM generate_series(1, 600) n;
             INSERT INTO stock (product_id, on_hand) SELECT id, 0 FROM product;",
            long.id
        ))
        .await;
        app.sql(LATER).await;
        let mut asked = Vec::new();
        for company in [&long, &short] {
            let id = company.owner.post("/v1/exports", json!({})).await.expect(202).id();
            asked.push((OrganisationId(company.id.parse().unwrap()), ExportId(id.parse().unwrap())));
        }
        (app.config().clone(), asked[0], asked[1])
    };
    let folder = tempfile::tempdir().unwrap();
    config.files_directory = folder.path().to_owned();
    // A node without workers: it does what it is told, and nothing else.
    let app = api::server::on_thread(&api::server::prepare_migrated(config).await.unwrap()).unwrap();
    let waits = "UPDATE export_job SET leased_until = created_at - interval '1 hour'";
    diesel::sql_query(waits).execute(&mut *app.pool.get().await.unwrap()).await.unwrap();
    let turn = async || run::run_turn(app.clone(), Duration::ZERO).await.unwrap();
    let job = async |(own, id)| job::find(&mut app.pool.get().await.unwrap(), own, id).await.unwrap().unwrap();
    turn().await;
    let begun = job(long).await;
    assert_eq!((begun.state.as_str(), job(short).await.state.as_str()), ("running", "queued"));
    turn().await;
    assert_eq!(job(long).await.done, begun.done);
    assert!(job(short).await.done > 0);
    while job(long).await.finished_at.is_none() || job(short).await.finished_at.is_none() {
        turn().await;
    }
    assert_eq!((job(long).await.state.as_str(), job(short).await.state.as_str()), ("finished", "finished"));
}

// R28
#[tokio::test]
async fn an_export_goes_on_after_a_kill_and_has_each_thing_once() {
    const PRODUCTS: usize = 4_000;
    let (url, secret, token) = {
        let app = TestApp::start().await;
        let seller = app.company("Seller").await;
        app.sql(&format!(
            "INSERT INTO product (id, seller_id, sku, name, base_unit, tax_category, tax_rate, minimum_order, order_multiple,
                 lead_time_days, created_at)
             SELECT gen_random_uuid(), '{}', 'B-' || n, '{{\"en\": \"Bolt\"}}', 'C62', 'S', 19, 1, 1, 0, now()
             FROM generate_series(1, {PRODUCTS}) n;
             INSERT INTO stock (product_id, on_hand) SELECT id, 0 FROM product;",
            seller.id
        ))
        .await;
        let secret = app.config().secret_key.as_ref().unwrap().expose_secret().to_owned();
        (app.database_url.clone(), secret, seller.owner.token().to_owned())
    };
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().display().to_string();
    let variables =
        [("TORG_DATABASE_URL", url.as_str()), ("TORG_SECRET_KEY", &secret), ("TORG_FILES_DIRECTORY", &files)];
    let service = Service::start(&variables).await;
    let path = {
        let seller = service.client().with_token(&token);
        format!("/v1/exports/{}", seller.post("/v1/exports", json!({})).await.expect(202).id())
    };
    let seen =
        until(&service.client().with_token(&token), &path, |one| one["progress"]["done"].as_u64() > Some(0)).await;
    service.kill().await;
    let service = Service::start(&variables).await;
    let seller = service.client().with_token(&token);
    let over = until(&seller, &path, |one| one["state"] == "finished").await;
    assert!(over["progress"]["done"].as_u64() >= seen["progress"]["done"].as_u64());
    let found = content(&seller, &over).await;
    for kind in ["product", "stock"] {
        let ids: BTreeSet<&str> = found[kind].iter().map(|line| line["id"].as_str().unwrap()).collect();
        assert_eq!((found[kind].len(), ids.len()), (PRODUCTS, PRODUCTS), "{kind}");
    }
}
