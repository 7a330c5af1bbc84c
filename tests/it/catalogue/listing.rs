use serde_json::{Value, json};
use tests::app::TestApp;

fn skus(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["sku"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn anybody_reads_an_open_catalogue_page_by_page() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let mut offered = Vec::new();
    for _ in 0..5 {
        offered.push(market.offer(&seller, "10", &[("1", "2.00")]).await.sku);
    }
    let path = format!("/v1/portals/{}/catalogue", market.slug);
    let mut seen = Vec::new();
    let mut next = format!("{path}?limit=2");
    loop {
        let answer = app.anonymous().get(&next).await.expect(200);
        let page = answer.json();
        seen.extend(skus(&page).into_iter().map(str::to_owned));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        assert!(answer.header("link").contains(cursor));
        next = format!("{path}?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, offered);
    let by_name = app.anonymous().get(&format!("{path}?sort=name&limit=2")).await.expect(200).json();
    assert_eq!(skus(&by_name), offered[..2]);
    let cursor = by_name["next_cursor"].as_str().unwrap();
    let rest = app.anonymous().get(&format!("{path}?sort=name&limit=2&cursor={cursor}")).await.expect(200).json();
    assert_eq!(skus(&rest), offered[2..4]);
    app.anonymous().get(&format!("{path}?cursor={cursor}")).await.problem(400, "invalid-cursor");
}

// R17, S22
#[tokio::test]
async fn each_buyer_sees_its_own_prices_and_why() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let favoured = market.member(&app, "Favoured", &["buy"]).await;
    let other = market.member(&app, "Other", &["buy"]).await;
    let bolt = market.offer(&seller, "10", &[("1", "2.00"), ("10", "1.80")]).await;
    let list = json!({"name": "Frame", "buyers": [favoured.id], "valid_from": "2020-01-01T00:00:00Z", "entries": [
        {"offer_id": bolt.offer_id, "tiers": [{"from": "1", "unit_price": {"amount": "1.55", "currency": "EUR"}}]}]});
    let made = seller.post(&format!("/v1/portals/{}/price-lists", market.slug), list).await.expect(201);
    let path = format!("/v1/portals/{}/catalogue/{}", market.slug, bolt.offer_id);
    let theirs = favoured.owner.get(&path).await.expect(200);
    assert_eq!(
        theirs.json()["price"],
        json!({"unit_price": {"amount": "1.55", "currency": "EUR"}, "source": "price_list",
        "from": "1", "price_list_id": made.id()})
    );
    let plain = other.owner.get(&path).await.expect(200);
    assert_eq!(plain.json()["price"]["source"], "list");
    assert_eq!(app.anonymous().get(&path).await.expect(200).json()["price"]["unit_price"]["amount"], "2.00");
    let tier = app.anonymous().get(&format!("{path}?quantity=12")).await.expect(200).json();
    assert_eq!((&tier["price"]["source"], &tier["price"]["unit_price"]["amount"]), (&json!("tier"), &json!("1.80")));
    let again = |client: &tests::client::Client, tag: String| {
        let (client, path) = (client.clone(), path.clone());
        async move { client.send(client.request(reqwest::Method::GET, &path).header("If-None-Match", tag)).await }
    };
    assert_eq!(again(&favoured.owner, theirs.etag()).await.status, 304);
    assert_eq!(again(&other.owner, theirs.etag()).await.status, 200);

    let order = market.place(&favoured.owner, &bolt, "2").await;
    let order = favoured.owner.get(&format!("/v1/orders/{order}")).await.expect(200).json();
    assert_eq!((&order["total"]["amount"], &order["lines"][0]["price_source"]), (&json!("3.10"), &json!("price_list")));
    let list = format!("/v1/portals/{}/price-lists/{}", market.slug, made.id());
    let etag = seller.etag(&list).await;
    seller.delete_if(&list, &etag).await.expect(204);
    assert_eq!(favoured.owner.get(&path).await.expect(200).json()["price"]["source"], "list");
}

#[tokio::test]
async fn words_are_found_in_both_languages_with_their_endings() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let named = |en: &str, ru: &str| json!({"name": {"en": en, "ru": ru}});
    let rebar = market
        .offer_with(&seller, "5", &[("1", "9")], named("Ribbed steel rebars", "Арматура рифлёная стальная"))
        .await;
    let tea = market.offer_with(&seller, "5", &[("1", "9")], named("Black tea", "Чай чёрный")).await;
    let path = format!("/v1/portals/{}/catalogue", market.slug);
    for (words, expected) in [
        ("rebar", Some(&rebar)),
        ("стальной", Some(&rebar)),
        ("арматуры", Some(&rebar)),
        ("teas", Some(&tea)),
        ("velvet", None),
    ] {
        let found = app.anonymous().get(&format!("{path}?q={words}")).await.expect(200).json();
        assert_eq!(skus(&found), expected.map(|one| vec![one.sku.as_str()]).unwrap_or_default(), "{words}");
    }
    let russian = app.anonymous();
    let request =
        russian.request(reqwest::Method::GET, &format!("{path}?q=tea")).header("Accept-Language", "ru-RU,ru;q=0.9");
    assert_eq!(russian.send(request).await.json()["items"][0]["name"], "Чай чёрный");
    let odd =
        app.anonymous().get(&format!("{path}?q=%27%3B%20DROP%20TABLE%20offer%3B--%20%26%20%7C%20%21%20%28")).await;
    odd.expect(200);
}

#[tokio::test]
async fn withdrawn_offers_and_suspended_sellers_are_gone_at_once() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let bolt = market.offer(&seller.owner, "10", &[("1", "2.00")]).await;
    let nut = market.offer(&seller.owner, "10", &[("1", "2.00")]).await;
    let path = format!("/v1/portals/{}/catalogue", market.slug);
    assert_eq!(skus(&app.anonymous().get(&path).await.json()).len(), 2);
    let offer = format!("/v1/portals/{}/offers/{}", market.slug, bolt.offer_id);
    seller.owner.post(&format!("{offer}/withdraw"), json!({})).await.expect(200);
    assert_eq!(skus(&app.anonymous().get(&path).await.json()), [nut.sku.as_str()]);
    app.anonymous().get(&format!("{path}/{}", bolt.offer_id)).await.problem(404, "not-found");
    buyer.post("/v1/orders", market.order(&[(&bolt, "1")], true)).await.problem(409, "not-offered");
    let suspend = format!("/v1/organisations/{}/suspend", seller.id);
    app.operator().await.post(&suspend, json!({"note": "complaints"})).await.expect(200);
    buyer.post("/v1/orders", market.order(&[(&nut, "1")], true)).await.problem(409, "not-offered");
    app.until(async || skus(&app.anonymous().get(&path).await.json()).is_empty()).await;
}
