//! Searching a catalogue: words, facets, suggestions.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::given::{Company, number};
use tests::market::{Market, Offered};

/// A market with a seller of metal: a tree of two categories and their products.
struct Metals {
    market: Market,
    seller: Company,
    metals: String,
    rebars: String,
    thick: Offered,
    thin: Offered,
    sheet: Offered,
}

async fn category(operator: &Client, parent: Option<&str>, name: &str) -> String {
    let body = json!({"code": format!("c{}", number()), "parent_id": parent, "name": {"en": name, "ru": name}});
    operator.post("/v1/categories", body).await.expect(201).id()
}

impl Metals {
    async fn start(app: &TestApp) -> Self {
        let operator = app.operator().await;
        let metals = category(&operator, None, "Metals").await;
        let rebars = category(&operator, Some(&metals), "Rebars").await;
        let attributes = format!("/v1/categories/{metals}/attributes");
        let grades =
            json!([{"key": "a400", "name": {"en": "Grade A400"}}, {"key": "a500c", "name": {"en": "Grade A500C"}}]);
        for definition in [
            json!({"key": "grade", "kind": "choice", "name": {"en": "Grade"}, "choices": grades}),
            json!({"key": "diameter", "kind": "number", "unit": "MMT", "name": {"en": "Diameter"}}),
            json!({"key": "coated", "kind": "yes_no", "name": {"en": "Coated"}}),
            json!({"key": "made_on", "kind": "date", "name": {"en": "Made on"}}),
        ] {
            operator.post(&attributes, definition).await.expect(201);
        }
        let market = app.market().await;
        let seller = market.member(app, "Seller", &["sell"]).await;
        let rebar = |name: &str, ru: &str, days: i32, attributes: Value| json!({"name": {"en": name, "ru": ru}, "category_id": rebars, "lead_time_days": days, "attributes": attributes});
        let given = json!({"grade": "a500c", "diameter": {"value": "16", "unit": "MMT"}, "coated": true, "made_on": "2026-03-01"});
        let thick = rebar("Ribbed rebar 16 mm", "Арматура рифлёная 16 мм", 3, given);
        let given = json!({"grade": "a400", "diameter": {"value": "8", "unit": "MMT"}, "coated": false, "made_on": "2026-01-01"});
        let thin = rebar("Ribbed rebar 8 mm", "Арматура рифлёная 8 мм", 10, given);
        let sheet = json!({"name": {"en": "Steel sheet", "ru": "Лист стальной"}, "category_id": metals, "lead_time_days": 30,
            "description": {"en": "Cold rolled; goes well with rebar."}});
        let owner = &seller.owner;
        let thick = market.offer_with(owner, "10", &[("1", "9.00")], thick).await;
        let thin = market.offer_with(owner, "0", &[("1", "5.00")], thin).await;
        let sheet = market.offer_with(owner, "5", &[("1", "20.00")], sheet).await;
        Self { market, seller, metals, rebars, thick, thin, sheet }
    }

    async fn search(&self, who: &Client, query: &str) -> Value {
        who.get(&format!("/v1/portals/{}/catalogue?{query}", self.market.slug)).await.expect(200).json()
    }

    /// Which of the three are found, in the order in which they are.
    async fn found(&self, who: &Client, query: &str) -> Vec<&'static str> {
        let page = self.search(who, query).await;
        let known = [(&self.thick, "thick"), (&self.thin, "thin"), (&self.sheet, "sheet")];
        let name =
            |item: &Value| known.iter().find(|(one, _)| item["sku"] == one.sku.as_str()).map_or("?", |(_, name)| *name);
        page["items"].as_array().unwrap().iter().map(name).collect()
    }
}

#[tokio::test]
async fn names_rank_before_descriptions_and_the_ranking_is_explained() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    let page = metals.search(&app.anonymous(), "q=rebars&explain=true").await;
    let items = page["items"].as_array().unwrap();
    assert_eq!(metals.found(&app.anonymous(), "q=rebars").await, ["thick", "thin", "sheet"]);
    let part = |index: usize, key: &str| items[index]["ranking"][key].as_f64().unwrap();
    assert!(part(0, "score") > part(2, "score"));
    assert!(part(0, "name") > 0.0 && part(0, "description") == 0.0);
    assert!(part(2, "name") == 0.0 && part(2, "description") > 0.0);
    // By the number itself, a choice that a product has, and page by page.
    assert_eq!(metals.found(&app.anonymous(), &format!("q={}", metals.thin.sku)).await, ["thin"]);
    assert_eq!(metals.found(&app.anonymous(), "q=a500c").await, ["thick"]);
    let first = metals.search(&app.anonymous(), "q=rebars&limit=2").await;
    let rest = format!("q=rebars&limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(metals.found(&app.anonymous(), &rest).await, ["sheet"]);
}

#[tokio::test]
async fn mistyped_words_are_read_as_those_that_are_there() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    let page = metals.search(&app.anonymous(), "q=ribbde%20rebbar").await;
    assert_eq!(page["read_as"], json!([["ribbed"], ["rebar"]]));
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    assert_eq!(metals.found(&app.anonymous(), "q=арамтура").await.len(), 2);
    let exact = metals.search(&app.anonymous(), "q=ribbed%20rebar").await;
    assert_eq!(exact["read_as"], Value::Null);
    assert_eq!(metals.found(&app.anonymous(), "q=velvet").await.len(), 0);
    let first = metals.search(&app.anonymous(), "q=rebbar&limit=1").await;
    let next = format!("q=rebbar&limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(metals.found(&app.anonymous(), &next).await, ["thin"]);
}

// What nearly every entry has is not looked up in the index: that changes nothing of what is found.
#[tokio::test]
async fn words_that_are_everywhere_are_found_like_others() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    app.sql("ANALYZE catalogue_entry").await;
    let common = "SELECT count(*) FROM pg_stats WHERE tablename = 'catalogue_entry' AND attname = 'search'
        AND most_common_elems::text::text[] @> '{rebar}'";
    assert_eq!(app.count(common).await, 1);
    let nobody = app.anonymous();
    for (words, found) in [
        ("rebar", vec!["thick", "thin", "sheet"]),
        ("rebar%2016", vec!["thick"]),
        ("steel%20rebar", vec!["sheet"]),
        ("rebar%20velvet", vec![]),
        ("%22rebar%208%22", vec!["thin"]),
        ("%22rebar%20sheet%22", vec![]),
        ("rebar%20-ribbed", vec!["sheet"]),
        ("velvet%20or%20rebar", vec!["thick", "thin", "sheet"]),
    ] {
        assert_eq!(metals.found(&nobody, &format!("q={words}")).await, found, "{words}");
    }
}

#[tokio::test]
async fn filters_and_orders_are_combined() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    let nobody = app.anonymous();
    for (query, expected) in [
        (format!("category_id={}", metals.metals), vec!["thick", "thin", "sheet"]),
        (format!("category_id={}", metals.rebars), vec!["thick", "thin"]),
        (format!("seller_id={}", metals.seller.id), vec!["thick", "thin", "sheet"]),
        ("available=true".into(), vec!["thick", "sheet"]),
        ("delivery_within_days=10".into(), vec!["thick", "thin"]),
        ("price_from=5.01&price_to=19.99".into(), vec!["thick"]),
        ("currency=USD".into(), vec![]),
        ("attribute=grade:a400,a500c".into(), vec!["thick", "thin"]),
        ("attribute=grade:a500c&attribute=coated:true".into(), vec!["thick"]),
        ("attribute=diameter:8".into(), vec!["thin"]),
        ("attribute=diameter:8.5..".into(), vec!["thick"]),
        ("attribute=diameter:8%20MMT".into(), vec!["thin"]),
        ("attribute=diameter:8%20MTR".into(), vec![]),
        ("attribute=diameter:8.5..20%20MMT".into(), vec!["thick"]),
        ("attribute=diameter:8.5..20%20MTR".into(), vec![]),
        ("attribute=made_on:..2026-02-01".into(), vec!["thin"]),
        ("sort=newest".into(), vec!["sheet", "thin", "thick"]),
        ("sort=price".into(), vec!["thin", "thick", "sheet"]),
        ("sort=-price&q=rebar".into(), vec!["sheet", "thick", "thin"]),
        ("sort=name".into(), vec!["thick", "thin", "sheet"]),
    ] {
        assert_eq!(metals.found(&nobody, &query).await, expected, "{query}");
    }
    for sort in ["newest", "price", "-price", "name", "relevance"] {
        let whole = metals.found(&nobody, &format!("sort={sort}")).await;
        let (mut paged, mut query) = (Vec::new(), format!("sort={sort}&limit=1"));
        loop {
            paged.extend(metals.found(&nobody, &query).await);
            let Some(cursor) = metals.search(&nobody, &query).await["next_cursor"].as_str().map(str::to_owned) else {
                break;
            };
            query = format!("sort={sort}&limit=1&cursor={cursor}");
        }
        assert_eq!(paged, whole, "{sort}");
    }
    let path = format!("/v1/portals/{}/catalogue", metals.market.slug);
    for odd in [
        "sort=size",
        "attribute=Grade",
        "price_from=cheap",
        "currency=euro",
        "code=okpd2",
        "colour=red",
        "limit=0",
        "delivery_within_days=3651",
    ] {
        nobody.get(&format!("{path}?{odd}")).await.problem(400, "invalid-query");
    }
}

#[tokio::test]
async fn facets_count_what_was_found() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    let facets = metals.search(&app.anonymous(), "facets=true").await["facets"].clone();
    assert_eq!((&facets["count"], &facets["exact"], &facets["available"]), (&json!(3), &json!(true), &json!(2)));
    assert_eq!(facets["categories"], json!([{"id": metals.metals, "name": "Metals", "count": 3}]));
    assert_eq!(facets["sellers"][0]["count"], 3);
    assert_eq!(
        facets["lead_times"],
        json!([{"within_days": 3, "count": 1}, {"within_days": 7, "count": 1},
        {"within_days": 14, "count": 2}, {"within_days": 30, "count": 3}, {"within_days": 90, "count": 3}])
    );
    assert_eq!(facets["prices"].as_array().unwrap().len(), 3);
    let attribute =
        |key: &str| facets["attributes"].as_array().unwrap().iter().find(|one| one["key"] == key).unwrap().clone();
    assert_eq!(
        attribute("grade")["values"],
        json!([{"value": "a400", "name": "Grade A400", "count": 1},
        {"value": "a500c", "name": "Grade A500C", "count": 1}])
    );
    let diameter = attribute("diameter");
    assert_eq!(
        (&diameter["minimum"], &diameter["maximum"], &diameter["unit"]),
        (&json!("8"), &json!("16"), &json!("MMT"))
    );
    let below =
        metals.search(&app.anonymous(), &format!("facets=true&category_id={}&available=true", metals.metals)).await;
    assert_eq!(below["facets"]["categories"], json!([{"id": metals.rebars, "name": "Rebars", "count": 1}]));
}

// S4, S22
#[tokio::test]
async fn facets_and_prices_are_the_readers_own() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    let favoured = metals.market.member(&app, "Favoured", &["buy"]).await;
    let blocked = metals.market.member(&app, "Blocked", &["buy"]).await;
    let list = json!({"name": "Frame", "buyers": [favoured.id], "valid_from": "2020-01-01T00:00:00Z", "entries": [
        {"offer_id": metals.sheet.offer_id, "tiers": [{"from": "1", "unit_price": {"amount": "1.00", "currency": "EUR"}}]}]});
    metals.seller.owner.post(&format!("/v1/portals/{}/price-lists", metals.market.slug), list).await.expect(201);
    assert_eq!(metals.found(&favoured.owner, "sort=price").await, ["sheet", "thin", "thick"]);
    assert_eq!(metals.found(&favoured.owner, "price_to=5").await, ["thin", "sheet"]);
    assert_eq!(metals.found(&app.anonymous(), "price_to=5").await, ["thin"]);
    let first = metals.search(&favoured.owner, "sort=price&limit=1").await;
    let next = format!("sort=price&limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(metals.found(&favoured.owner, &next).await, ["thin"]);
    let cheapest = |page: Value| page["facets"]["prices"][0]["from"]["amount"].clone();
    assert_eq!(cheapest(metals.search(&favoured.owner, "facets=true").await), "1.00");
    assert_eq!(cheapest(metals.search(&app.anonymous(), "facets=true").await), "5.00");

    let block = format!("/v1/organisations/{}/blocked-buyers", metals.seller.id);
    metals.seller.owner.post(&block, json!({"organisation_id": blocked.id})).await.expect(201);
    let facets = metals.search(&blocked.owner, "facets=true").await["facets"].clone();
    assert_eq!((&facets["count"], &facets["sellers"]), (&json!(0), &json!([])));
    let suggestions = format!("/v1/portals/{}/catalogue/suggestions?q=re", metals.market.slug);
    assert_eq!(blocked.owner.get(&suggestions).await.expect(200).json(), json!({"items": []}));
}

// S4
#[tokio::test]
async fn where_own_prices_decide_it_is_told_that_not_everything_was_looked_at() {
    let app = TestApp::start_with(|config| config.most_priced = 2).await;
    let metals = Metals::start(&app).await;
    let favoured = metals.market.member(&app, "Favoured", &["buy"]).await;
    let list = json!({"name": "Frame", "buyers": [favoured.id], "valid_from": "2020-01-01T00:00:00Z", "entries": [
        {"offer_id": metals.thin.offer_id, "tiers": [{"from": "1", "unit_price": {"amount": "1.00", "currency": "EUR"}}]}]});
    metals.seller.owner.post(&format!("/v1/portals/{}/price-lists", metals.market.slug), list).await.expect(201);
    let anonymous = metals.search(&app.anonymous(), "sort=price&facets=true").await;
    assert_eq!((&anonymous["partial"], &anonymous["facets"]["exact"]), (&json!(null), &json!(true)));
    let by_price = metals.search(&favoured.owner, "sort=price&facets=true").await;
    assert_eq!((&by_price["partial"], &by_price["items"].as_array().unwrap().len()), (&json!(true), &2));
    assert_eq!((&by_price["facets"]["exact"], &by_price["facets"]["count"]), (&json!(false), &json!(2)));
    let cheap = metals.search(&favoured.owner, "price_to=2").await;
    assert_eq!((&cheap["partial"], &cheap["items"][0]["id"]), (&json!(true), &json!(metals.thin.offer_id)));
    // Prices alone are his own; everything else is counted in all.
    let all = metals.search(&favoured.owner, "facets=true").await;
    assert_eq!((&all["partial"], &all["items"].as_array().unwrap().len()), (&json!(null), &3));
    assert_eq!((&all["facets"]["exact"], &all["facets"]["count"]), (&json!(false), &json!(3)));
    let priced: i64 =
        all["facets"]["prices"].as_array().unwrap().iter().map(|one| one["count"].as_i64().unwrap()).sum();
    assert_eq!(priced, 2);
    // Where fewer are found than are looked at, everything is.
    let sheets = metals.search(&favoured.owner, "sort=price&facets=true&q=sheet").await;
    assert_eq!((&sheets["partial"], &sheets["facets"]["exact"]), (&json!(null), &json!(true)));
}

// S4
#[tokio::test]
async fn the_last_word_is_completed_by_words_of_offers_for_everyone() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    let path = format!("/v1/portals/{}/catalogue/suggestions", metals.market.slug);
    let suggested =
        async |typed: &str| app.anonymous().get(&format!("{path}?q={typed}")).await.expect(200).json()["items"].clone();
    assert_eq!(suggested("16%20reb").await, json!([{"text": "16 rebar", "offers": 2}]));
    assert_eq!(suggested("АРМ").await, json!([{"text": "арматура", "offers": 2}]));
    assert_eq!(suggested("ste%20").await, json!([]));
    assert_eq!(suggested("s%25").await, json!([]));
    let only = json!({"audience": {"organisations": [metals.market.member(&app, "Chosen", &["buy"]).await.id], "buyer_groups": []}});
    let offer = |one: &Offered| format!("/v1/portals/{}/offers/{}", metals.market.slug, one.offer_id);
    metals.seller.owner.edit(&offer(&metals.thin), only).await.expect(200);
    assert_eq!(suggested("reb").await, json!([{"text": "rebar", "offers": 1}]));
    metals.seller.owner.post(&format!("{}/withdraw", offer(&metals.thick)), json!({})).await.expect(200);
    assert_eq!(suggested("reb").await, json!([]));
    app.anonymous().get(&format!("{path}?q=a&limit=21")).await.problem(400, "invalid-query");
    app.anonymous().get("/v1/portals/none/catalogue/suggestions?q=a").await.problem(404, "not-found");
}

// S4
#[tokio::test]
async fn words_begin_and_cease_to_count_as_offers_come_and_go_by_the_clock() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    let path = format!("/v1/portals/{}/catalogue/suggestions?q=she", metals.market.slug);
    let suggested = async || app.anonymous().get(&path).await.expect(200).json()["items"].clone();
    let offer = format!("/v1/portals/{}/offers/{}", metals.market.slug, metals.sheet.offer_id);
    let seller = &metals.seller.owner;
    // Time passes, and nobody touches the offer.
    let passes = async |column: &str| {
        let gone = format!(
            "SET session_replication_role = replica; UPDATE offer SET {column} = now() - interval '1 second' WHERE id = '{0}';
             UPDATE catalogue_entry SET {column} = now() - interval '1 second' WHERE id = '{0}'",
            metals.sheet.offer_id
        );
        app.sql(&gone).await;
        let app = api::server::on_thread(&app.shared).unwrap();
        api::catalogue::listing::suggestion::keep_time(app).await.unwrap();
    };
    seller.edit(&offer, json!({"publish_at": "2999-01-01T00:00:00Z"})).await.expect(200);
    assert_eq!(suggested().await, json!([]));
    passes("publish_at").await;
    app.until(async || suggested().await == json!([{"text": "sheet", "offers": 1}])).await;
    assert_eq!(metals.search(&app.anonymous(), "q=shet").await["read_as"], json!([["sheet"]]));
    seller.edit(&offer, json!({"withdraw_at": "2999-01-01T00:00:00Z"})).await.expect(200);
    assert_eq!(suggested().await, json!([{"text": "sheet", "offers": 1}]));
    passes("withdraw_at").await;
    app.until(async || suggested().await == json!([])).await;
}

#[tokio::test]
async fn what_changes_is_found_as_it_is_now() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    let nobody = app.anonymous();
    let product = format!("/v1/products/{}", metals.sheet.product_id);
    metals.seller.owner.edit(&product, json!({"name": {"en": "Copper plate"}, "lead_time_days": 1})).await.expect(200);
    assert_eq!(metals.found(&nobody, "q=copper").await, ["sheet"]);
    assert_eq!(metals.found(&nobody, "q=steel").await.len(), 0);
    assert_eq!(metals.found(&nobody, "delivery_within_days=1").await, ["sheet"]);
    let offer = format!("/v1/portals/{}/offers/{}", metals.market.slug, metals.sheet.offer_id);
    let cheap = json!({"tiers": [{"from": "1", "unit_price": {"amount": "0.50", "currency": "EUR"}}]});
    metals.seller.owner.edit(&offer, cheap).await.expect(200);
    assert_eq!(metals.found(&nobody, "sort=price").await, ["sheet", "thin", "thick"]);
    let operator = app.operator().await;
    let other = category(&operator, None, "Goods").await;
    let path = format!("/v1/categories/{}", metals.rebars);
    // The attributes of metals go with the rebars only as long as these are metals.
    for one in [&metals.thick, &metals.thin] {
        metals
            .seller
            .owner
            .edit(&format!("/v1/products/{}", one.product_id), json!({"attributes": null}))
            .await
            .expect(200);
    }
    operator.edit(&path, json!({"parent_id": other})).await.expect(200);
    assert_eq!(metals.found(&nobody, &format!("category_id={other}")).await, ["thick", "thin"]);
    assert_eq!(metals.found(&nobody, &format!("category_id={}", metals.metals)).await, ["sheet"]);
}

#[tokio::test]
async fn a_minus_leaves_out_whatever_its_form() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    for (query, expected) in [
        ("q=rebars -ribbed", vec!["sheet"]),
        ("q=ribbed -mm", vec![]),
        ("q=rebar -\"8 mm\"", vec!["thick", "sheet"]),
        ("q=стальной -листы", vec![]),
        ("q=-ribbed", vec!["sheet"]),
        ("q=rebbar -8", vec!["thick", "sheet"]),
    ] {
        assert_eq!(metals.found(&app.anonymous(), query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn only_the_words_that_nothing_has_are_corrected() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    // "rolled" stands in a description alone, "for" in everything.
    let page = metals.search(&app.anonymous(), "q=rolled for shet").await;
    assert_eq!((&page["read_as"], page["items"].as_array().unwrap().len()), (&json!([["rolled"], ["sheet"]]), 1));
}

#[tokio::test]
async fn a_code_is_searched_with_all_codes_below_it() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let table = "code;parent;name\n01.1;;Cereals\n01.11;01.1;Wheat\n01.11.1;01.11;Durum\n02;;Wood\n";
    let list = json!({"key": "crops", "name": {"en": "Crops"}, "edition": "1"}).to_string();
    let form = reqwest::multipart::Form::new()
        .text("code_list", list)
        .part("file", reqwest::multipart::Part::text(table).file_name("list.csv"));
    operator.send(operator.request(reqwest::Method::POST, "/v1/code-lists").multipart(form)).await.expect(201);
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let coded = |code: &str| json!({"codes": [{"list": "crops", "code": code}]});
    let durum = market.offer_with(&seller, "5", &[("1", "9")], coded("01.11.1")).await;
    market.offer_with(&seller, "5", &[("1", "9")], coded("02")).await;
    for (code, expected) in [("01.1", 1), ("01.11", 1), ("01.11.1", 1), ("02", 1), ("01", 0), ("0", 0)] {
        let path = format!("/v1/portals/{}/catalogue?code=crops:{code}", market.slug);
        let page = app.anonymous().get(&path).await.expect(200).json();
        let found = page["items"].as_array().unwrap();
        assert_eq!(found.len(), expected, "{code}");
        assert!(expected == 0 || code == "02" || found[0]["sku"] == durum.sku.as_str(), "{code}");
    }
}

// S4
#[tokio::test]
async fn nobody_hears_of_what_is_not_on_offer_yet() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    let later = app.shared.clock.now() + chrono::TimeDelta::days(1);
    let secret = json!({"name": {"en": "Unobtainium ingot"}});
    let ingot = metals.market.offer_with(&metals.seller.owner, "5", &[("1", "9")], secret).await;
    let suggestions = format!("/v1/portals/{}/catalogue/suggestions?q=unob", metals.market.slug);
    let suggested = async || app.anonymous().get(&suggestions).await.expect(200).json()["items"].clone();
    assert_eq!(suggested().await, json!([{"text": "unobtainium", "offers": 1}]));
    let offer = format!("/v1/portals/{}/offers/{}", metals.market.slug, ingot.offer_id);
    metals.seller.owner.edit(&offer, json!({"publish_at": later})).await.expect(200);
    assert_eq!(suggested().await, json!([]));
    let page = metals.search(&app.anonymous(), "q=unobtanium").await;
    assert_eq!((&page["items"], page.get("read_as")), (&json!([]), None));
}

#[tokio::test]
async fn a_product_and_its_offer_that_change_at_once_are_both_found_as_they_are() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    let chosen = metals.market.member(&app, "Chosen", &["buy"]).await;
    let mut writer = tests::database::connect(&app.database_url).await;
    let rename = format!(
        "BEGIN; UPDATE product SET name = '{{\"en\": \"Copper plate\"}}' WHERE id = '{}'",
        metals.sheet.product_id
    );
    diesel_async::SimpleAsyncConnection::batch_execute(&mut writer, &rename).await.unwrap();
    let offer = format!("/v1/portals/{}/offers/{}", metals.market.slug, metals.sheet.offer_id);
    let audience = json!({"audience": {"organisations": [chosen.id], "buyer_groups": []}});
    let seller = metals.seller.owner.clone();
    let edited = tokio::spawn(async move { seller.edit(&offer, audience).await });
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    app.until(async || app.count(waits).await == 1).await;
    diesel_async::SimpleAsyncConnection::batch_execute(&mut writer, "COMMIT").await.unwrap();
    edited.await.unwrap().expect(200);
    assert_eq!(metals.found(&chosen.owner, "q=copper").await, ["sheet"]);
    assert_eq!(metals.found(&chosen.owner, "q=steel").await.len(), 0);
    assert_eq!(metals.found(&app.anonymous(), "q=copper").await.len(), 0);
    assert_eq!(metals.found(&app.anonymous(), "").await, ["thick", "thin"]);
}

// R10
#[tokio::test]
async fn a_page_of_names_goes_on_in_its_own_language_only() {
    let app = TestApp::start().await;
    let metals = Metals::start(&app).await;
    let nobody = app.anonymous();
    let path = format!("/v1/portals/{}/catalogue?sort=name&limit=1", metals.market.slug);
    let read = async |path: &str, language: &str| {
        nobody.send(nobody.request(reqwest::Method::GET, path).header("Accept-Language", language)).await
    };
    let first = read(&path, "ru").await.expect(200).json();
    let next = format!("{path}&cursor={}", first["next_cursor"].as_str().unwrap());
    read(&next, "ru-RU").await.expect(200);
    read(&next, "en").await.problem(400, "invalid-cursor");
}
