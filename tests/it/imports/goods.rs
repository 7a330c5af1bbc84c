use serde_json::json;
use tests::app::TestApp;
use tests::goods;
use tests::import::counts;

#[tokio::test]
async fn the_goods_of_the_benches_are_taken_in_and_are_found_in_both_languages() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let operator = app.operator().await;
    for (code, en, ru) in goods::categories() {
        let category = json!({"code": code, "name": {"en": en, "ru": ru}});
        let id = operator.post("/v1/categories", category).await.expect(201).id();
        for attribute in goods::attributes() {
            operator.post(&format!("/v1/categories/{id}/attributes"), attribute).await.expect(201);
        }
    }
    let query = format!("?portal={}&currency=EUR&publish=true", market.slug);
    for expected in [[300, 0, 0, 0], [0, 0, 300, 0]] {
        let file = goods::lines(1, 0..300);
        let import = seller.import(&query, "application/x-ndjson", file).await.expect(202).id();
        let import = app.import_over(&seller, &import).await;
        assert_eq!(counts(&import), expected, "{:?}", seller.import_errors(&import).await);
    }
    for words in ["bolts", "болты"] {
        let path = format!("/v1/portals/{}/catalogue?q={words}", market.slug);
        let found = app.anonymous().get(&path).await.expect(200).json();
        assert!(found["items"].as_array().unwrap().len() > 10, "{words}");
    }
}
