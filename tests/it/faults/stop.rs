use std::time::Duration;

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use secrecy::ExposeSecret;
use tests::app::TestApp;
use tests::database;
use tests::market::Offered;
use tests::process::Service;

/// A connection that holds the stock of what is on offer.
async fn hold_stock(app: &TestApp, offer: &Offered) -> AsyncPgConnection {
    let mut holder = database::connect(&app.database_url).await;
    let hold = format!("BEGIN; SELECT 1 FROM stock WHERE product_id = '{}' FOR UPDATE", offer.product_id);
    holder.batch_execute(&hold).await.unwrap();
    holder
}

// R45
#[tokio::test]
async fn sigterm_lets_what_runs_finish_and_exits_with_zero() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offer = trade.market.offer(&trade.seller.owner, "10", &[("1", "2.00")]).await;
    let secret = app.config().secret_key.as_ref().unwrap().expose_secret().to_owned();
    let variables = [("TORG_DATABASE_URL", app.database_url.as_str()), ("TORG_SECRET_KEY", &secret)];
    let service = Service::start(&variables).await;
    let (address, buyer) = (service.client(), service.client().with_token(trade.buyer.owner.token()));
    let mut holder = hold_stock(&app, &offer).await;
    let body = trade.market.order(&[(&offer, "1")], true);
    let running = tokio::spawn(async move { buyer.post("/v1/orders", body).await });
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    app.until(async || app.count(waits).await == 1).await;

    service.signal("TERM");
    // A fresh connection is not taken any more; the running request goes on.
    app.until(async || address.try_get("/healthz").await.is_none()).await;
    assert!(!running.is_finished());
    holder.batch_execute("COMMIT").await.unwrap();
    running.await.unwrap().expect(201);
    let started = std::time::Instant::now();
    assert_eq!(service.ended().await.code(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(10), "idle connections hold up the end");
    assert_eq!(app.count("SELECT count(*) FROM purchase_order WHERE state = 'placed'").await, 1);
}

// S23
#[tokio::test]
async fn metrics_are_on_the_operators_listener_and_nowhere_else() {
    let app = TestApp::start().await;
    let secret = app.config().secret_key.as_ref().unwrap().expose_secret().to_owned();
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).unwrap().to_string();
    let variables = [
        ("TORG_DATABASE_URL", app.database_url.as_str()),
        ("TORG_SECRET_KEY", &secret),
        ("TORG_OPERATOR_LISTEN", &free),
    ];
    let service = Service::start(&variables).await;
    let operator = tests::client::Client::new(format!("http://{free}"));
    service.client().get("/v1/portals/nowhere").await.problem(404, "not-found");
    let metrics = operator.get("/metrics").await.expect(200);
    assert!(metrics.header("content-type").starts_with("text/plain"));
    let line =
        metrics.text.lines().find(|line| line.contains("torg_http_requests_total") && line.contains("404")).unwrap();
    // By route, not by path: paths are without number.
    assert!(line.contains("route=\"/v1/portals/{portal}\"") && !line.contains("nowhere"), "{line}");
    service.client().get("/metrics").await.problem(404, "not-found");
    assert_eq!(operator.get("/v1/portals").await.status, 404);
    service.signal("TERM");
    assert_eq!(service.ended().await.code(), Some(0));
}
