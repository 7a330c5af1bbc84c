use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use secrecy::ExposeSecret;
use serde_json::Value;
use tests::app::TestApp;
use tests::market::stock;
use tests::process::Service;

/// Whatever was answered is there once; what was not is done by asking again; and all sums agree.
// T1, R2, R6, R7
#[tokio::test]
async fn a_service_that_is_killed_under_load_has_done_what_it_answered_and_nothing_twice() {
    const CALLERS: usize = 8;
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offer = trade.market.offer(&trade.seller.owner, "100000", &[("1", "2.00")]).await;
    let body = trade.market.order(&[(&offer, "3")], true);
    let secret = app.config().secret_key.as_ref().unwrap().expose_secret().to_owned();
    let variables = [("TORG_DATABASE_URL", app.database_url.as_str()), ("TORG_SECRET_KEY", &secret)];

    let mut keys = Vec::new();
    for round in 0..3 {
        let service = Service::start(&variables).await;
        let buyer = service.client().with_token(trade.buyer.owner.token());
        let (answered, sent) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let dead = AtomicBool::new(false);
        let load = join_all((0..CALLERS).map(|caller| {
            let (buyer, body, answered, sent, dead) = (&buyer, &body, &answered, &sent, &dead);
            async move {
                for n in 0.. {
                    if dead.load(Ordering::Relaxed) {
                        return;
                    }
                    let key = format!("{round}-{caller}-{n}");
                    let answer = buyer.try_post_once("/v1/orders", &key, body).await;
                    if let Some(answer) = &answer {
                        assert_eq!(answer.status, 201, "{}", answer.text);
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                    sent.lock().unwrap().push((key, answer.map(|answer| answer.text)));
                }
            }
        }));
        let kill = async {
            while answered.load(Ordering::Relaxed) < 30 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            service.kill().await;
            dead.store(true, Ordering::Relaxed);
        };
        tokio::join!(load, kill);
        keys.extend(sent.into_inner().unwrap());
    }
    assert!(keys.len() >= 90);

    let service = Service::start(&variables).await;
    let buyer = service.client().with_token(trade.buyer.owner.token());
    let mut orders = std::collections::BTreeSet::new();
    for (key, text) in &keys {
        let again = buyer.post_once("/v1/orders", key, body.clone()).await.expect(201);
        if let Some(text) = text {
            assert_eq!((&again.text, again.header("idempotent-replayed").as_str()), (text, "true"), "{key}");
        }
        let made: Value = again.json();
        assert!(
            orders.insert(made["orders"][0]["id"].as_str().unwrap().to_owned()),
            "{key} gave an order of another key"
        );
    }
    let count = i64::try_from(keys.len()).unwrap();
    assert_eq!(app.count("SELECT count(*) FROM purchase_order WHERE state = 'placed'").await, count);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type = 'order.placed'").await, count);
    assert_eq!(app.count("SELECT count(*) FROM idempotency WHERE key LIKE '%-%-%'").await, count);
    assert_eq!(app.count("SELECT count(*) FROM timer WHERE kind LIKE 'order%'").await, count);
    assert_eq!(app.count("SELECT sum(reserved)::bigint AS count FROM order_line").await, count * 3);
    assert_eq!(stock(&trade.seller.owner, &offer).await, ("100000".into(), (count * 3).to_string()));
}
