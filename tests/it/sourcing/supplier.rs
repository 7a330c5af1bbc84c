use serde_json::{Value, json};
use tests::app::TestApp;
use tests::market::Market;
use tests::sourcing::{items, line};

#[tokio::test]
async fn who_offers_what_is_asked_for_is_suggested_the_best_match_first() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let market = Market { portal_id: tender.portal_id.clone(), slug: tender.slug.clone() };
    let operator = app.operator().await;
    let category = async |code: &str, parent: Option<&str>| {
        let body = json!({"code": code, "name": {"en": code}, "parent_id": parent});
        operator.post("/v1/categories", body).await.expect(201).id()
    };
    let steel = category("steel", None).await;
    let coils = category("coils", Some(&steel)).await;
    let paint = category("paint", None).await;
    let of = async |name: &str, capabilities: &[&str], categories: &[&String]| {
        let company = tender.member(&app, name, capabilities).await;
        let mut offers = Vec::new();
        for category in categories {
            offers
                .push(market.offer_with(&company.owner, "5", &[("1", "2.00")], json!({"category_id": category})).await);
        }
        (company, offers)
    };
    let both = ["sell", "quote"];
    let (wide, _) = of("Wide", &both, &[&coils, &paint]).await;
    let (deep, offers) = of("Deep", &both, &[&coils, &coils, &coils]).await;
    let (narrow, _) = of("Narrow", &both, &[&steel]).await;
    // Who may not quote, or has nothing of it on offer, is not suggested.
    let (mute, _) = of("Mute", &["sell"], &[&coils]).await;
    let (empty, _) = of("Empty", &both, &[]).await;
    let lines =
        json!([line("Any", "1", json!({"category_id": steel})), line("Any", "1", json!({"category_id": paint}))]);
    let rfq = tender.draft(json!({"lines": lines, "invitations": [narrow.id]})).await;
    let path = format!("{rfq}/suppliers");
    let found = items(&tender.buyer.owner, &path).await;
    let told = |one: &Value| (one["organisation_id"].clone(), one["offers"].clone(), one["invited"].clone());
    let expected = [(&wide, 2, false), (&deep, 3, false), (&narrow, 1, true)];
    let expected = expected.map(|(company, offers, invited)| (json!(company.id), json!(offers), json!(invited)));
    assert_eq!(found.iter().map(told).collect::<Vec<_>>(), expected);
    assert_eq!(found[0]["categories"].as_array().unwrap().len(), 2);
    let all = json!(found).to_string();
    assert!(!all.contains(&mute.id) && !all.contains(&empty.id));
    let mut paged = Vec::new();
    let mut next = Some(format!("{path}?limit=1"));
    while let Some(query) = next {
        let page = tender.buyer.owner.get(&query).await.expect(200).json();
        paged.push(page["items"][0].clone());
        next = page["next_cursor"].as_str().map(|cursor| format!("{path}?limit=1&cursor={cursor}"));
    }
    assert_eq!(paged, found);

    // For a product its category counts.
    let lines = json!([{"product_id": offers[0].product_id, "quantity": "1", "unit": "C62"}]);
    let of_product = tender.published(json!({"lines": lines})).await;
    let found = items(&tender.buyer.owner, &format!("{of_product}/suppliers")).await;
    assert_eq!(
        found.iter().map(|one| one["organisation_id"].clone()).collect::<Vec<_>>(),
        [json!(deep.id), json!(wide.id)]
    );
    for other in [&wide.owner, &operator] {
        other.get(&format!("{of_product}/suppliers")).await.problem(403, "forbidden");
    }
    wide.owner.get(&path).await.problem(404, "not-found");
}
