use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::sourcing::{items, line};

async fn titles(by: &Client, path: &str) -> Vec<String> {
    items(by, path).await.iter().map(|one| one["title"].as_str().expect("a title").to_owned()).collect()
}

fn named(name: &str, more: &Value) -> Value {
    let mut body = more.clone();
    body["title"] = json!({"en": name});
    body
}

#[tokio::test]
async fn requests_are_filtered_sorted_and_paged() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let rival = tender.member(&app, "Rival", &["buy"]).await;
    let supplier = tender.supplier(&app, "Supplier").await;
    let steel = json!({"code": "steel", "name": {"en": "Steel"}});
    let steel = app.operator().await.post("/v1/categories", steel).await.expect(201).id();
    for (name, days) in [("one", 5), ("two", 3), ("three", 4)] {
        let quotes = format!("{}T10:00:00Z", tender.day(days - 30));
        tender.published(named(name, &json!({"deadlines": {"quotes": quotes}}))).await;
    }
    tender.draft(named("draft", &json!({}))).await;
    let of_category =
        json!({"lines": [line("Any steel", "5", json!({"category_id": steel}))], "invitations": [supplier.id]});
    let body = tender.request(named("four", &of_category));
    rival.owner.post(&tender.path("rfqs?publish=true"), body).await.expect(201);

    let list = async |query: &str| titles(&supplier.owner, &tender.path(&format!("rfqs{query}"))).await;
    assert_eq!(list("").await, ["four", "three", "two", "one"]);
    assert_eq!(list("?sort=newest").await, ["four", "three", "two", "one"]);
    assert_eq!(list("?sort=deadline").await, ["two", "three", "one", "four"]);
    assert_eq!(list(&format!("?category={steel}")).await, ["four"]);
    assert_eq!(list(&format!("?buyer={}", tender.buyer.id)).await, ["three", "two", "one"]);
    assert_eq!(list("?invited=true").await, ["four"]);
    assert_eq!(list("?state=closed").await, Vec::<String>::new());
    let (after, before) = (format!("{}T10:00:00Z", tender.day(3 - 30)), format!("{}T10:00:00Z", tender.day(5 - 30)));
    assert_eq!(list(&format!("?deadline_after={after}&deadline_before={before}")).await, ["three"]);
    assert_eq!(titles(&tender.buyer.owner, &tender.path("rfqs?state=draft")).await, ["draft"]);
    // Rivals know nothing of each other's requests: they may not quote.
    assert_eq!(titles(&rival.owner, &tender.path("rfqs")).await, ["four"]);
    for sort in ["deadline", "newest"] {
        let whole = list(&format!("?sort={sort}")).await;
        let mut paged = Vec::new();
        let mut next = Some(format!("rfqs?sort={sort}&limit=1"));
        while let Some(query) = next {
            let page = supplier.owner.get(&tender.path(&query)).await.expect(200).json();
            paged.push(page["items"][0]["title"].as_str().unwrap().to_owned());
            next = page["next_cursor"].as_str().map(|cursor| format!("rfqs?sort={sort}&limit=1&cursor={cursor}"));
        }
        assert_eq!(paged, whole, "{sort}");
    }
    for odd in
        ["state=open", "sort=price", "limit=0", "limit=201", "category=steel", "colour=red", "deadline_after=soon"]
    {
        supplier.owner.get(&tender.path(&format!("rfqs?{odd}"))).await.problem(400, "invalid-query");
    }
    // In the reader's language, as far as it was said.
    let request = supplier.owner.request(reqwest::Method::GET, &tender.path("rfqs?invited=true"));
    let answer = supplier.owner.send(request.header("Accept-Language", "ru")).await.expect(200).json();
    assert_eq!(answer["items"][0]["title"], "four");
}
