//! Prices by the million: sent, merged, replaced and changed as a whole.

use reqwest::Method;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::given::Company;
use tests::market::{Market, Offered};

struct Scene {
    app: TestApp,
    market: Market,
    seller: Company,
    offers: Vec<Offered>,
    path: String,
}

/// A seller with three offers and an empty list in euros for everyone.
async fn scene() -> Scene {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await;
    let mut offers = Vec::new();
    for _ in 0..3 {
        offers.push(market.offer(&seller.owner, "1000", &[("1", "9.00")]).await);
    }
    let lists = format!("/v1/portals/{}/price-lists", market.slug);
    let body = json!({"name": "All", "everyone": true, "currency": "EUR", "valid_from": "2020-01-01T00:00:00Z"});
    let path = format!("{lists}/{}", seller.owner.post(&lists, body).await.expect(201).id());
    Scene { app, market, seller, offers, path }
}

impl Scene {
    async fn send(&self, query: &str, lines: &[Value]) -> Answer {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.send_text(query, text).await
    }

    async fn send_text(&self, query: &str, text: String) -> Answer {
        let etag = self.seller.owner.etag(&self.path).await;
        let request = self.seller.owner.request(Method::POST, &format!("{}/prices{query}", self.path));
        let request = request.header("If-Match", etag).header("Content-Type", "application/x-ndjson").body(text);
        self.seller.owner.send(request).await
    }

    /// What anybody pays for each of the offers.
    async fn prices(&self) -> Vec<String> {
        let mut prices = Vec::new();
        for offer in &self.offers {
            let path = format!("/v1/portals/{}/catalogue/{}", self.market.slug, offer.offer_id);
            let seen = self.app.anonymous().get(&path).await.expect(200).json();
            prices.push(seen["price"]["unit_price"]["amount"].as_str().unwrap().to_owned());
        }
        prices
    }
}

#[tokio::test]
async fn sent_prices_are_in_force_all_at_once_and_the_others_stay_or_go() {
    let s = scene().await;
    let [a, b, c] = [&s.offers[0], &s.offers[1], &s.offers[2]];
    let first = [
        json!({"sku": a.sku, "price": "1.00"}),
        json!({"sku": b.sku, "from": "1", "price": "2.00"}),
        json!({"sku": b.sku, "from": "10", "price": "1.50"}),
    ];
    let sent = s.send("", &first).await.expect(200);
    assert_eq!(sent.json()["prices"], 3);
    assert_eq!(s.prices().await, ["1.00", "2.00", "9.00"]);
    assert_eq!(s.seller.owner.etag(&s.path).await.split('.').next(), Some("\"2"));
    let merged =
        [json!({"offer_id": b.offer_id, "price": "2.50"}), json!({"offer_id": c.offer_id, "discount_percent": "50"})];
    assert_eq!(s.send("?mode=merge", &merged).await.expect(200).json()["prices"], 3);
    assert_eq!(s.prices().await, ["1.00", "2.50", "4.50"]);
    s.send("?mode=replace", &[json!({"sku": c.sku, "price": "3.00"})]).await.expect(200);
    assert_eq!(s.prices().await, ["9.00", "9.00", "3.00"]);
    let page = s.seller.owner.get(&format!("{}/prices", s.path)).await.expect(200).json();
    assert_eq!(
        page["items"],
        json!([{"offer_id": c.offer_id, "sku": c.sku, "from": "0", "unit_price": {"amount": "3.00", "currency": "EUR"}}])
    );
    assert_eq!(s.app.count("SELECT count(*) FROM price_list_edition WHERE adopted_at IS NULL").await, 0);
    assert_eq!(s.app.count("SELECT count(*) FROM event WHERE type = 'price_list.prices_changed'").await, 3);
    // Of what was only sent and never in force nothing is kept: the two tiers are those that gave way.
    assert_eq!(s.app.count("SELECT count(*) FROM price_list_tier_past").await, 2);
}

// R2, R13, R18
#[tokio::test]
async fn one_line_amiss_and_none_is_taken() {
    let s = scene().await;
    let a = &s.offers[0];
    s.send("", &[json!({"sku": a.sku, "price": "1.00"})]).await.expect(200);
    let rival = s.market.member(&s.app, "Rival", &["sell"]).await.owner;
    let theirs = s.market.offer(&rival, "10", &[("1", "9.00")]).await;
    let lines = [
        json!({"sku": a.sku, "price": "5.00"}),
        json!({"sku": a.sku, "price": "6.00"}),
        json!({"sku": "NONE", "price": "5.00"}),
        json!({"offer_id": theirs.offer_id, "price": "5.00"}),
        json!({"sku": a.sku, "price": "-5", "from": "2"}),
        json!({"sku": a.sku, "price": "1", "discount_percent": "5"}),
        json!({"sku": a.sku, "discount_percent": "150"}),
        json!({"sku": a.sku, "cost": "1"}),
    ];
    let refused = s.send("?mode=replace", &lines).await;
    assert_eq!(
        refused.faults(),
        [
            "/1/sku twice",
            "/2/sku unknown",
            "/3/offer_id unknown",
            "/4/price negative",
            "/5 invalid",
            "/6/discount_percent out_of_range",
            "/7 invalid"
        ]
    );
    for odd in ["{\"sku\": \"a\"", "[]", "null", "{\"sku\": \"a\", \"sku\": \"b\"}", "\u{0}"] {
        assert_eq!(s.send_text("", odd.to_owned()).await.faults(), ["/0 invalid"], "{odd}");
    }
    assert_eq!(s.send_text("", "\n\n".to_owned()).await.faults(), [" required"]);
    assert_eq!(s.send_text("", "\n\n{}\n".to_owned()).await.faults(), ["/2 invalid"]);
    s.send_text("", "\n".repeat(1_000_001)).await.problem(413, "payload-too-large");
    s.send_text("", format!("{{\"sku\": \"{}\"}}", "x".repeat(5_000))).await.problem(413, "payload-too-large");
    s.send("?mode=other", &lines).await.problem(400, "invalid-query");
    assert_eq!(s.prices().await[0], "1.00");
    let prices = format!("{}/prices", s.path);
    let request = |client: &Client, kind: &'static str| {
        client
            .request(Method::POST, &prices)
            .header("Content-Type", kind)
            .body(json!({"sku": a.sku, "price": "7"}).to_string())
    };
    let owner = &s.seller.owner;
    owner.send(request(owner, "application/x-ndjson")).await.problem(428, "precondition-required");
    let etag = owner.etag(&s.path).await;
    owner.send(request(owner, "text/csv").header("If-Match", &etag)).await.problem(415, "unsupported-media-type");
    let once =
        || request(owner, "application/x-ndjson").header("If-Match", &etag).header("Idempotency-Key", "prices-1");
    let done = owner.send(once()).await.expect(200);
    // The list has moved on, and so has its version: the same request is answered as before.
    let again = owner.send(once()).await.expect(200);
    assert_eq!((again.header("idempotent-replayed"), &again.text), ("true".into(), &done.text));
    owner
        .send(request(owner, "application/x-ndjson").header("If-Match", &etag))
        .await
        .problem(412, "precondition-failed");
    assert_eq!(done.json()["prices"], 1);
    assert_eq!(s.prices().await[0], "7.00");
    assert_eq!(s.app.count("SELECT count(*) FROM price_list_edition WHERE adopted_at IS NULL").await, 0);
    let strayed = s
        .app
        .sql_error(
            "INSERT INTO price_list_tier (edition_id, offer_id, from_quantity, unit_price)
        SELECT edition_id, gen_random_uuid(), 1, 1 FROM price_list",
        )
        .await;
    assert!(strayed.contains("own seller and portal"), "{strayed}");
}

#[tokio::test]
async fn all_prices_of_a_list_change_by_a_percentage_rounded_half_to_even() {
    let s = scene().await;
    let [a, b, c] = [&s.offers[0], &s.offers[1], &s.offers[2]];
    let lines = [
        json!({"sku": a.sku, "price": "1.10"}),
        json!({"sku": b.sku, "price": "1.30"}),
        json!({"sku": c.sku, "discount_percent": "10"}),
    ];
    s.send("", &lines).await.expect(200);
    let adjust = async |body: Value| {
        let etag = s.seller.owner.etag(&s.path).await;
        s.seller.owner.post_if(&format!("{}/adjust", s.path), &etag, body).await
    };
    let changed = adjust(json!({"percent": "5"})).await.expect(200);
    assert_eq!(changed.json()["prices"], 3);
    // 1.155 and 1.365: to the even cent.
    assert_eq!(s.prices().await, ["1.16", "1.36", "8.10"]);
    adjust(json!({"percent": "-50", "decimals": 4})).await.expect(200);
    assert_eq!(s.prices().await, ["0.58", "0.68", "8.10"]);
    assert_eq!(adjust(json!({"percent": "-100"})).await.faults(), ["/percent out_of_range"]);
    assert_eq!(adjust(json!({"percent": "0.00001"})).await.faults(), ["/percent too_precise"]);
    // Each edition stays for the record.
    assert_eq!(s.app.count("SELECT count(*) FROM price_list_tier WHERE unit_price = 1.10").await, 1);
}

#[tokio::test]
async fn abandoned_uploads_are_forgotten_in_parts_and_one_that_cannot_be_does_not_keep_the_others() {
    let s = scene().await;
    let edition = |n: u32, prices: u32| {
        format!(
            "INSERT INTO price_list_edition SELECT lpad('{n}', 32, '0')::uuid, id, NULL, now() - interval '30 hours' FROM price_list;
             INSERT INTO price_list_tier (edition_id, offer_id, from_quantity, unit_price)
             SELECT lpad('{n}', 32, '0')::uuid, '{}', n, 1 FROM generate_series(1, {prices}) n;",
            s.offers[0].offer_id
        )
    };
    s.app.sql(&format!("{}{}{}", edition(1, 1), edition(2, 50_001), edition(3, 0))).await;
    s.app
        .sql(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$;
             CREATE TRIGGER refused BEFORE DELETE ON price_list_tier FOR EACH ROW WHEN (OLD.edition_id = lpad('1', 32, '0')::uuid)
             EXECUTE FUNCTION refuse()",
        )
        .await;
    let app = api::server::on_thread(&s.app.shared).unwrap();
    api::catalogue::price_list::upload::forget_abandoned(&app, app.clock.now()).await.unwrap_err();
    assert_eq!(s.app.count("SELECT count(*) FROM price_list_edition WHERE adopted_at IS NULL").await, 1);
    assert_eq!(s.app.count("SELECT count(*) FROM price_list_tier").await, 1);
    assert_eq!(s.app.count("SELECT count(*) FROM price_list_tier_past").await, 0);
}

#[tokio::test]
async fn an_offer_has_so_many_prices_in_a_list_however_they_come() {
    let s = scene().await;
    let [a, b, _] = [&s.offers[0], &s.offers[1], &s.offers[2]];
    let lines = |of: &Offered, count: u32| {
        (1..=count).map(|from| json!({"sku": of.sku, "from": from.to_string(), "price": "1.00"})).collect::<Vec<_>>()
    };
    s.send("", &[lines(a, 20), lines(b, 1)].concat()).await.expect(200);
    let etag = s.seller.owner.etag(&s.path).await;
    for query in ["", "?mode=replace"] {
        let refused = s.send(query, &[lines(a, 21), lines(b, 22)].concat()).await.problem(422, "invalid-input");
        let told: Vec<&str> =
            refused["errors"].as_array().unwrap().iter().map(|one| one["detail"].as_str().unwrap()).collect();
        assert_eq!(told.len(), 2);
        assert!(told[0].starts_with(&a.sku) && told[1].starts_with(&b.sku), "{told:?}");
    }
    let precise = s.send("", &[json!({"sku": a.sku, "price": "1.1234567"})]).await;
    assert_eq!(precise.faults(), ["/0/price too_precise"]);
    assert_eq!(s.seller.owner.etag(&s.path).await, etag);
    assert_eq!(s.app.count("SELECT count(*) FROM price_list_tier").await, 21);
}

#[tokio::test]
async fn uploads_that_were_broken_off_are_bounded() {
    let s = scene().await;
    s.app
        .sql(
            "INSERT INTO price_list_edition SELECT gen_random_uuid(), id, NULL, now() FROM price_list, generate_series(1, 20)",
        )
        .await;
    let line = [json!({"sku": s.offers[0].sku, "price": "1.00"})];
    s.send("", &line).await.problem(409, "too-many-jobs");
    let app = api::server::on_thread(&s.app.shared).unwrap();
    api::catalogue::price_list::upload::forget_abandoned(&app, app.clock.now() + chrono::TimeDelta::minutes(1))
        .await
        .unwrap();
    s.send("", &line).await.expect(200);
}
