use std::time::Duration;

use diesel_async::RunQueryDsl;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::database;
use tests::import::counts;
use tests::process::Service;

const ROWS: i64 = 6_000;

async fn until(client: &Client, path: &str, fine: impl Fn(&Value) -> bool) -> Value {
    let patience = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            if let Some(answer) = client.try_get(path).await.filter(|answer| fine(&answer.json())) {
                return answer.json();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    patience.await.expect("it comes true in time")
}

// R28, T1
#[tokio::test]
async fn an_import_goes_on_after_a_kill_and_does_each_row_once() {
    let (url, secret, token) = {
        let app = TestApp::start().await;
        let seller = app.company("Seller").await.owner;
        let secret = app.config().secret_key.as_ref().unwrap().expose_secret().to_owned();
        (app.database_url.clone(), secret, seller.token().to_owned())
    };
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().display().to_string();
    let variables =
        [("TORG_DATABASE_URL", url.as_str()), ("TORG_SECRET_KEY", &secret), ("TORG_FILES_DIRECTORY", &files)];
    let row = |n: i64| {
        json!({"sku": format!("K-{n}"), "name": {"en": format!("Bolt {n}")}, "base_unit": "C62",
            "tax": {"category": "S", "rate": "20"}, "on_hand": "5"})
        .to_string()
    };
    let file = (0..ROWS).map(|n| row(n) + "\n").collect::<String>();

    let mut service = Service::start(&variables).await;
    let seller = service.client().with_token(&token);
    let import = seller.import("", "application/x-ndjson", file).await.expect(202).id();
    let path = format!("/v1/imports/{import}");
    let mut done = 0;
    for _ in 0..2 {
        let seller = service.client().with_token(&token);
        let seen = until(&seller, &path, |one| one["progress"]["done"].as_i64() > Some(done)).await;
        done = seen["progress"]["done"].as_i64().unwrap();
        service.kill().await;
        service = Service::start(&variables).await;
    }
    assert!(done < ROWS, "it was killed in the middle");
    let seller = service.client().with_token(&token);
    let over = until(&seller, &path, |one| one["state"] == "finished").await;
    assert_eq!(counts(&over), [ROWS, 0, 0, 0]);
    let mut connection = database::connect(&url).await;
    for query in [
        "SELECT count(*) FROM product WHERE version = 1",
        "SELECT count(*) FROM stock WHERE on_hand = 5",
        "SELECT count(*) FROM event WHERE type = 'product.created'",
        "SELECT count(DISTINCT subject_id) FROM event WHERE type = 'product.created'",
    ] {
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            count: i64,
        }
        let found: Count = diesel::sql_query(query).get_result(&mut connection).await.unwrap();
        assert_eq!(found.count, ROWS, "{query}");
    }
}

#[tokio::test]
async fn an_import_that_is_cancelled_stops_and_never_goes_on() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let row = |n: i64| format!("C-{n},Bolt,C62,S,20\n");
    let table = |from: i64, rows: i64| {
        "sku,name.en,base_unit,tax.category,tax.rate\n".to_owned() + &(from..from + rows).map(row).collect::<String>()
    };
    let first = seller.import("", "text/csv", table(0, 6_000)).await.expect(202).id();
    // The files of one seller come one after the other: this one waits.
    let second = seller.import("", "text/csv", table(10_000, 1)).await.expect(202).id();
    seller.post(&format!("/v1/imports/{second}/cancel"), json!({})).await.expect(200);
    seller.post(&format!("/v1/imports/{second}/cancel"), json!({})).await.problem(409, "wrong-state");
    let path = format!("/v1/imports/{first}");
    app.until(async || seller.get(&path).await.json()["progress"]["done"].as_i64() > Some(0)).await;
    let cancelled = seller.post(&format!("{path}/cancel"), json!({})).await.expect(200).json();
    assert_eq!(cancelled["state"], "cancelled");
    let third = seller.import("", "text/csv", table(20_000, 1)).await.expect(202).id();
    assert_eq!(counts(&app.import_over(&seller, &third).await), [1, 0, 0, 0]);
    let now = seller.get(&path).await.expect(200).json();
    assert_eq!(now["progress"], cancelled["progress"]);
    let made = app.count("SELECT count(*) FROM product WHERE sku LIKE 'C-%'").await;
    assert_eq!(Some(made - 1), now["progress"]["done"].as_i64());
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type = 'import.cancelled'").await, 2);
    let states = seller.get("/v1/imports").await.expect(200).json();
    let states: Vec<&str> =
        states["items"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["finished", "cancelled", "cancelled"]);
}
