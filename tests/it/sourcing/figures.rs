use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::sourcing::{id_of, line};

async fn figures(by: &Client, query: &str) -> Value {
    by.get(&format!("/v1/sourcing/figures{query}")).await.expect(200).json()
}

/// Received, quoted, won, and the two rates.
fn counts(figures: &Value) -> Value {
    json!([figures["received"], figures["quoted"], figures["won"], figures["quote_rate"], figures["win_rate"]])
}

#[tokio::test]
async fn both_sides_read_how_much_was_quoted_and_won_by_category_and_month() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let steel = json!({"code": "steel", "name": {"en": "Steel"}});
    let steel = app.operator().await.post("/v1/categories", steel).await.expect(201).id();
    let invited = json!([one.id, two.id]);
    let lines = json!([line("Any", "5", json!({"category_id": steel}))]);
    let first = tender.published(json!({"invitations": invited, "lines": lines})).await;
    let second = tender.published(json!({"invitations": invited})).await;
    let third = tender.published(json!({"invitations": invited})).await;
    let won = tender.quoted(&one, &first, &["500"], json!({})).await;
    tender.quoted(&two, &first, &["600"], json!({})).await;
    tender.quoted(&one, &second, &["500", "700"], json!({})).await;
    let withdrawn = tender.quoted(&one, &third, &["500", "700"], json!({})).await;
    one.owner.post(&format!("{withdrawn}/withdraw"), json!({})).await.expect(200);
    tender.evaluated(&app, &first).await;
    let body = json!({"quote_id": id_of(&won), "reason": "Best."});
    buyer.post(&format!("{first}/award"), body).await.expect(201);

    let of_one = figures(&one.owner, "").await;
    assert_eq!(of_one["side"], "supplier");
    assert_eq!(counts(&of_one["total"]), json!([3, 2, 1, "66.7", "50.0"]));
    assert!(of_one["total"]["time_to_quote_seconds"].as_i64().is_some_and(|seconds| seconds >= 0));
    let groups = of_one["groups"].as_array().unwrap();
    let of_steel = groups.iter().find(|group| group["category_id"] == steel).expect("a group");
    assert_eq!(counts(of_steel), json!([1, 1, 1, "100.0", "100.0"]));
    assert_eq!(of_steel["month"], app.shared.clock.now().format("%Y-%m").to_string());
    let of_words = groups.iter().find(|group| group["category_id"].is_null()).expect("a group");
    assert_eq!(counts(of_words), json!([2, 1, 0, "50.0", "0.0"]));
    assert_eq!(counts(&figures(&two.owner, "?side=supplier").await["total"]), json!([3, 1, 0, "33.3", "0.0"]));
    assert_eq!(counts(&figures(buyer, "?side=buyer").await["total"]), json!([6, 3, 1, "50.0", "33.3"]));
    assert_eq!(counts(&figures(buyer, "").await["total"]), json!([0, 0, 0, null, null]));
    assert_eq!(
        counts(&figures(&one.owner, "?since=2020-01-01&until=2020-12-31").await["total"]),
        json!([0, 0, 0, null, null])
    );
    for odd in
        ["side=both", "since=2026-02-01&until=2026-01-01", "since=2000-01-01&until=2026-01-01", "since=soon", "month=1"]
    {
        one.owner.get(&format!("/v1/sourcing/figures?{odd}")).await.problem(400, "invalid-query");
    }
    app.operator().await.get("/v1/sourcing/figures").await.problem(403, "forbidden");
}
