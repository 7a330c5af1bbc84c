use reqwest::Method;
use serde_json::json;
use tests::app::TestApp;

// S22
#[tokio::test]
async fn organisations_alternating_on_one_url_share_neither_body_nor_304() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offer = trade.market.offer(&trade.seller.owner, "10", &[("1", "2.00")]).await;
    trade.market.place(&trade.buyer.owner, &offer, "1").await;
    let (one, other) = (&trade.buyer.owner, &app.company("Other").await.owner);
    let catalogue = format!("/v1/portals/{}/catalogue", trade.market.slug);
    let offered = format!("{catalogue}/{}", offer.offer_id);
    // Whoever sees the same may share its tag; the buyer has prices of its own.
    let entries = json!([{"offer_id": offer.offer_id, "tiers": [{"from": "1", "unit_price": {"amount": "1.50", "currency": "EUR"}}]}]);
    let list = json!({"name": "Framework", "buyers": [trade.buyer.id], "valid_from": "2026-01-01T00:00:00Z", "entries": entries});
    trade.seller.owner.post(&format!("/v1/portals/{}/price-lists", trade.market.slug), list).await.expect(201);
    for path in [&format!("/v1/organisations/{}", trade.seller.id), &catalogue, &offered] {
        for _ in 0..3 {
            let (mine, theirs) = (one.get(path).await.expect(200), other.get(path).await.expect(200));
            assert_ne!(mine.etag(), theirs.etag(), "{path}");
            assert_eq!(mine.text.contains("1.50"), path.contains("catalogue"), "{}", mine.text);
            assert!(!theirs.text.contains("1.50"), "{}", theirs.text);
            let request = other.request(Method::GET, path).header("If-None-Match", mine.etag());
            other.send(request).await.expect(200);
            let nobody = app.anonymous();
            let request = nobody.request(Method::GET, path).header("If-None-Match", mine.etag());
            assert_ne!(nobody.send(request).await.status, 304);
        }
    }
    for _ in 0..3 {
        assert_eq!(one.get("/v1/orders").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
        assert!(other.get("/v1/orders").await.expect(200).json()["items"].as_array().unwrap().is_empty());
    }
}

// S22
#[tokio::test]
async fn what_depends_on_the_caller_says_so_to_caches() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let buyer = &trade.buyer.owner;
    for path in [
        "/v1/orders",
        "/v1/portals",
        &format!("/v1/organisations/{}", trade.buyer.id),
        &format!("/v1/portals/{}/catalogue", trade.market.slug),
    ] {
        let answer = buyer.get(path).await.expect(200);
        let cache = answer.header("cache-control");
        assert!(cache.contains("private") || cache.contains("no-store"), "{path}: {cache}");
        assert!(answer.header("vary").contains("Authorization"), "{path}");
        let public = app.anonymous().get(path).await;
        assert!(!public.header("cache-control").contains("max-age"), "{path}");
    }
    let session = serde_json::json!({"email": trade.buyer.email, "password": tests::given::PASSWORD});
    let answer = app.anonymous().post("/v1/sessions", session).await.expect(201);
    assert_eq!(answer.header("cache-control"), "no-store");
    let problem = app.anonymous().get("/v1/orders").await;
    assert_eq!(problem.header("cache-control"), "no-store");
    problem.problem(401, "unauthenticated");
    assert_eq!(buyer.get("/v1/portals").await.header("x-content-type-options"), "nosniff");
}
