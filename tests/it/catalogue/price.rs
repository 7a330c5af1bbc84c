//! Which price a buyer gets, and why.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::given::Company;
use tests::market::{Market, Offered};

/// A portal with a seller, a buyer and an offer at 2.00, from ten pieces on at 1.80.
struct Scene {
    app: TestApp,
    market: Market,
    seller: Company,
    buyer: Company,
    bolt: Offered,
}

async fn scene() -> Scene {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await;
    let buyer = market.member(&app, "Buyer", &["buy"]).await;
    let bolt = market.offer(&seller.owner, "1000", &[("1", "2.00"), ("10", "1.80")]).await;
    Scene { app, market, seller, buyer, bolt }
}

impl Scene {
    fn lists(&self) -> String {
        format!("/v1/portals/{}/price-lists", self.market.slug)
    }

    /// Sends a price list that holds since 2020, for the bolt at one price if none is given otherwise.
    async fn list(&self, price: &str, more: Value) -> Answer {
        let mut body = json!({"name": "List", "valid_from": "2020-01-01T00:00:00Z"});
        if !price.is_empty() {
            let unit_price = json!({"amount": price, "currency": "EUR"});
            body["entries"] =
                json!([{"offer_id": self.bolt.offer_id, "tiers": [{"from": "1", "unit_price": unit_price}]}]);
        }
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        self.seller.owner.post(&self.lists(), body).await
    }

    async fn explained(&self, who: &Client, query: &str) -> Value {
        let path = format!("/v1/portals/{}/catalogue/{}/price{query}", self.market.slug, self.bolt.offer_id);
        who.get(&path).await.expect(200).json()
    }

    async fn price(&self, who: &Client, query: &str) -> String {
        amount(&self.explained(who, query).await)
    }
}

fn amount(told: &Value) -> String {
    told["price"]["unit_price"]["amount"].as_str().unwrap_or("none").to_owned()
}

fn outcomes(told: &Value) -> Vec<(String, String)> {
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or("-").to_owned();
    let candidates = told["candidates"].as_array().unwrap();
    candidates.iter().map(|one| (text(one, "audience"), text(one, "outcome"))).collect()
}

#[tokio::test]
async fn the_list_for_the_most_specific_audience_wins_then_the_priority_and_each_says_why() {
    let s = scene().await;
    let groups = format!("/v1/organisations/{}/buyer-groups", s.seller.id);
    let group =
        s.seller.owner.post(&groups, json!({"name": "Dealers", "members": [s.buyer.id]})).await.expect(201).id();
    assert_eq!(outcomes(&s.explained(&s.buyer.owner, "").await), [("-".into(), "won".into())]);
    s.list("", json!({"everyone": true, "discount_percent": "10"})).await.expect(201);
    assert_eq!(s.price(&s.app.anonymous(), "?quantity=10").await, "1.62");
    s.list("1.90", json!({"buyer_groups": [group]})).await.expect(201);
    assert_eq!(s.price(&s.buyer.owner, "?quantity=10").await, "1.90");
    s.list("1.95", json!({"buyers": [s.buyer.id]})).await.expect(201);
    s.list("1.97", json!({"buyers": [s.buyer.id], "priority": 5})).await.expect(201);
    let told = s.explained(&s.buyer.owner, "?quantity=10").await;
    assert_eq!(amount(&told), "1.97");
    let expected =
        [("chosen", "won"), ("chosen", "lower_priority"), ("everyone", "less_specific"), ("-", "behind_price_list")];
    assert_eq!(outcomes(&told), expected.map(|(audience, outcome)| (audience.to_owned(), outcome.to_owned())));
    assert_eq!(told["candidates"][2]["discount_percent"], "10");
    assert!(told["candidates"][0]["name"].is_null());
    // Only the seller is told of its groups.
    let preview = format!("/v1/portals/{}/preview/{}", s.market.slug, s.bolt.offer_id);
    let preview = format!("{preview}?quantity=10&organisation_id={}", s.buyer.id);
    let told_to_seller = outcomes(&s.seller.owner.get(&preview).await.expect(200).json());
    assert_eq!(
        told_to_seller[..3],
        [("buyer", "won"), ("buyer", "lower_priority"), ("buyer_group", "less_specific")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    assert_eq!(told_to_seller.len(), 5);

    // The listing, the explanation and the order say the same.
    let entry = format!("/v1/portals/{}/catalogue/{}?quantity=10", s.market.slug, s.bolt.offer_id);
    let listed = s.buyer.owner.get(&entry).await.expect(200).json();
    assert_eq!(listed["price"], told["price"]);
    let everyone = s.app.anonymous().get(&entry).await.expect(200).json();
    assert_eq!(
        (&everyone["price"]["unit_price"]["amount"], &everyone["price"]["discount_percent"]),
        (&json!("1.62"), &json!("10"))
    );
    assert_eq!(everyone["tiers"][1]["unit_price"]["amount"], "1.62");
    let order = s.market.place(&s.buyer.owner, &s.bolt, "10").await;
    let order = s.buyer.owner.get(&format!("/v1/orders/{order}")).await.expect(200).json();
    assert_eq!(order["total"]["amount"], "19.70");

    let etag = s.seller.owner.etag(&format!("{groups}/{group}")).await;
    s.seller.owner.delete_if(&format!("{groups}/{group}"), &etag).await.problem(409, "in-use");
}

#[tokio::test]
async fn a_discount_on_the_nearest_category_goes_before_one_on_everything() {
    let s = scene().await;
    let operator = s.app.operator().await;
    let category = async |code: &str, parent: Option<&str>| {
        let body = json!({"code": code, "name": {"en": code}, "parent_id": parent});
        operator.post("/v1/categories", body).await.expect(201).id()
    };
    let metal = category("metal", None).await;
    let bolts = category("metal.bolts", Some(&metal)).await;
    s.seller
        .owner
        .edit(&format!("/v1/products/{}", s.bolt.product_id), json!({"category_id": bolts}))
        .await
        .expect(200);
    let discounts = json!({"everyone": true, "discount_percent": "5", "categories": [{"category_id": metal, "discount_percent": "20"}]});
    let list = s.list("", discounts).await.expect(201).id();
    assert_eq!(s.price(&s.buyer.owner, "").await, "1.60");
    let nearer = json!({"categories": [{"category_id": metal, "discount_percent": "20"}, {"category_id": bolts, "discount_percent": "50"}]});
    s.seller.owner.edit(&format!("{}/{list}", s.lists()), nearer).await.expect(200);
    let told = s.explained(&s.buyer.owner, "").await;
    assert_eq!((amount(&told).as_str(), &told["candidates"][0]["part"]), ("1.00", &json!("category")));
    s.seller.owner.edit(&format!("{}/{list}", s.lists()), json!({"categories": []})).await.expect(200);
    assert_eq!(s.price(&s.buyer.owner, "").await, "1.90");
}

#[tokio::test]
async fn lists_between_which_nothing_decides_are_refused() {
    let s = scene().await;
    let first = s.list("1.90", json!({"buyers": [s.buyer.id]})).await.expect(201).id();
    let refused = s.list("1.80", json!({"buyers": [s.buyer.id]})).await.problem(409, "price-lists-overlap");
    assert!(refused["detail"].as_str().unwrap().contains(&first));
    s.list("", json!({"buyers": [s.buyer.id], "discount_percent": "5"})).await.problem(409, "price-lists-overlap");
    // Another priority, another audience, another time or another offer: no contradiction.
    let other = s.list("1.80", json!({"buyers": [s.buyer.id], "priority": -1})).await.expect(201).id();
    s.list("1.80", json!({"everyone": true})).await.expect(201);
    s.list(
        "1.80",
        json!({"buyers": [s.buyer.id], "valid_from": "2019-01-01T00:00:00Z", "valid_until": "2020-01-01T00:00:00Z"}),
    )
    .await
    .expect(201);
    let nut = s.market.offer(&s.seller.owner, "10", &[("1", "3.00")]).await;
    let entry = json!([{"offer_id": nut.offer_id, "tiers": [{"from": "0", "discount_percent": "5"}]}]);
    s.list("", json!({"buyers": [s.buyer.id], "entries": entry})).await.expect(201);
    // A discount is on the offer's own price, whatever the list's prices are in.
    let dollars = json!({"buyers": [s.buyer.id], "currency": "USD", "discount_percent": "5"});
    s.list("", dollars).await.problem(409, "price-lists-overlap");
    let price = |from: &str| json!([{"offer_id": nut.offer_id, "tiers": [{"from": from, "unit_price": {"amount": "3.10", "currency": "USD"}}]}]);
    s.list("", json!({"buyers": [s.buyer.id], "priority": 7, "entries": price("1")})).await.expect(201);
    let euros = json!([{"offer_id": nut.offer_id, "tiers": [{"from": "1", "unit_price": {"amount": "2.90", "currency": "EUR"}}]}]);
    s.list("", json!({"buyers": [s.buyer.id], "priority": 7, "entries": euros})).await.expect(201);
    // Nor at the same moment.
    let at_once = (0..8).map(|_| s.list("1.70", json!({"buyers": [s.buyer.id], "priority": 9})));
    let answers = futures::future::join_all(at_once).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    // Nor by an edit.
    let path = format!("{}/{other}", s.lists());
    s.seller.owner.edit(&path, json!({"priority": 0})).await.problem(409, "price-lists-overlap");
    assert_eq!(s.seller.owner.get(&path).await.json()["priority"], -1);
    assert_eq!(s.price(&s.buyer.owner, "").await, "1.70");

    let odd = json!({"discount_percent": "101", "currency": "EURO", "entries": [{"offer_id": s.bolt.offer_id, "tiers": [{"from": "1"}]}]});
    let faults = s.list("", odd).await.faults();
    assert!(faults.contains(&"/currency format".to_owned()), "{faults:?}");
    let odd = json!({"discount_percent": "101", "entries": [{"offer_id": s.bolt.offer_id, "tiers": [{"from": "1"}]}]});
    assert_eq!(
        s.list("", odd).await.faults(),
        ["/buyers required", "/discount_percent out_of_range", "/entries/0/tiers/0 required"]
    );
}

#[tokio::test]
async fn an_order_in_the_currency_of_a_list_is_at_its_prices() {
    let s = scene().await;
    let dollars = json!([{"offer_id": s.bolt.offer_id, "tiers": [{"from": "1", "unit_price": {"amount": "2.20", "currency": "USD"}}]}]);
    let order = |currency: &str| {
        let mut body = s.market.order(&[(&s.bolt, "10")], true);
        body["currency"] = json!(currency);
        body
    };
    s.buyer.owner.post("/v1/orders", order("USD")).await.problem(422, "currency-mismatch");
    s.list("", json!({"buyers": [s.buyer.id], "entries": dollars})).await.expect(201);
    let placed = s.buyer.owner.post("/v1/orders", order("USD")).await.expect(201).json();
    assert_eq!(placed["orders"][0]["total"], json!({"amount": "22.00", "currency": "USD"}));
    // In the offer's own currency nothing has changed.
    let placed = s.buyer.owner.post("/v1/orders", order("EUR")).await.expect(201).json();
    assert_eq!(placed["orders"][0]["total"], json!({"amount": "18.00", "currency": "EUR"}));
    assert_eq!(s.price(&s.buyer.owner, "?currency=USD").await, "2.20");
    assert_eq!(s.price(&s.buyer.owner, "?currency=CHF").await, "none");
    let told = s.explained(&s.buyer.owner, "").await;
    assert_eq!(outcomes(&told)[1].1, "other_currency");
}

#[tokio::test]
async fn a_price_of_the_past_is_explained_by_what_was_in_force_then() {
    let s = scene().await;
    let moment = async || {
        let at = s.app.shared.clock.now();
        // The next change is later than this.
        s.app.until(async || s.app.shared.clock.now() > at + chrono::TimeDelta::milliseconds(5)).await;
        format!("?at={}", at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
    };
    let plain = moment().await;
    let offer = format!("/v1/portals/{}/offers/{}", s.market.slug, s.bolt.offer_id);
    s.seller
        .owner
        .edit(&offer, json!({"tiers": [{"from": "1", "unit_price": {"amount": "3.00", "currency": "EUR"}}]}))
        .await
        .expect(200);
    let dearer = moment().await;
    let list = s.list("1.50", json!({"buyers": [s.buyer.id]})).await.expect(201).id();
    let listed = moment().await;
    let path = format!("{}/{list}", s.lists());
    let entry = json!([{"offer_id": s.bolt.offer_id, "tiers": [{"from": "1", "unit_price": {"amount": "1.40", "currency": "EUR"}}]}]);
    s.seller.owner.edit(&path, json!({"entries": entry})).await.expect(200);
    let cheaper = moment().await;
    let other = s.market.member(&s.app, "Other", &["buy"]).await;
    s.seller.owner.edit(&path, json!({"buyers": [other.id]})).await.expect(200);
    let gone = moment().await;
    let etag = s.seller.owner.etag(&path).await;
    s.seller.owner.delete_if(&path, &etag).await.expect(204);
    let expected = [
        (plain.as_str(), "2.00"),
        (&dearer, "3.00"),
        (&listed, "1.50"),
        (&cheaper, "1.40"),
        (&gone, "3.00"),
        ("", "3.00"),
    ];
    for (at, price) in expected {
        assert_eq!(s.price(&s.buyer.owner, at).await, price, "{at}");
    }
    assert_eq!(s.price(&other.owner, &gone).await, "1.40");
    assert_eq!(s.price(&other.owner, "").await, "3.00");
    // What will hold is told to the seller alone.
    s.list("1.10", json!({"everyone": true, "valid_from": "2100-01-01T00:00:00Z"})).await.expect(201);
    let preview = format!("/v1/portals/{}/preview/{}?at=2100-01-01T00:00:00Z", s.market.slug, s.bolt.offer_id);
    assert_eq!(amount(&s.seller.owner.get(&preview).await.expect(200).json()), "1.10");
    let path = format!("/v1/portals/{}/catalogue/{}/price", s.market.slug, s.bolt.offer_id);
    for who in [&s.buyer.owner, &s.seller.owner, &s.app.anonymous()] {
        who.get(&format!("{path}?at=2100-01-01T00:00:00Z")).await.problem(400, "invalid-query");
        who.get(&format!("{path}?at=2020-01-01T00:00:00Z")).await.problem(404, "not-found");
    }
    // Nor is what an offer cost before the reader could see it.
    s.seller.owner.edit(&offer, json!({"audience": {"organisations": [s.buyer.id]}})).await.expect(200);
    s.buyer.owner.get(&format!("{path}{gone}")).await.problem(404, "not-found");
    let chosen = moment().await;
    s.seller.owner.edit(&offer, json!({"audience": {"organisations": [s.buyer.id, other.id]}})).await.expect(200);
    other.owner.get(&format!("{path}{chosen}")).await.problem(404, "not-found");
    let both = moment().await;
    assert_eq!(s.price(&other.owner, &both).await, "3.00");
    s.seller.owner.post(&format!("{offer}/withdraw"), json!({})).await.expect(200);
    s.seller.owner.edit(&offer, json!({"audience": null})).await.expect(200);
    let hidden = moment().await;
    s.seller.owner.post(&format!("{offer}/publish"), json!({})).await.expect(200);
    s.buyer.owner.get(&format!("{path}{hidden}")).await.problem(404, "not-found");
    assert_eq!(s.price(&s.app.anonymous(), "").await, "3.00");
    s.buyer
        .owner
        .get(&format!("/v1/portals/{}/catalogue/{}/price?unit=KGM", s.market.slug, s.bolt.offer_id))
        .await
        .problem(422, "unit-mismatch");
}

#[tokio::test]
async fn all_steps_of_the_callers_prices_are_shown_whichever_list_they_are_in() {
    let s = scene().await;
    let tiers = |steps: &[(&str, &str)]| {
        let tier =
            |(from, amount): &(&str, &str)| json!({"from": from, "unit_price": {"amount": amount, "currency": "EUR"}});
        json!([{"offer_id": s.bolt.offer_id, "tiers": steps.iter().map(tier).collect::<Vec<_>>()}])
    };
    s.list("", json!({"everyone": true, "entries": tiers(&[("5", "1.95"), ("100", "1.20")])})).await.expect(201);
    s.list("", json!({"buyers": [s.buyer.id], "entries": tiers(&[("50", "1.50")])})).await.expect(201);
    let path = format!("/v1/portals/{}/catalogue/{}", s.market.slug, s.bolt.offer_id);
    let shown = async |who: &Client, query: &str| {
        let told = who.get(&format!("{path}{query}")).await.expect(200).json();
        let step = |one: &Value| {
            format!("{}: {}", one["from"].as_str().unwrap(), one["unit_price"]["amount"].as_str().unwrap())
        };
        told["tiers"].as_array().unwrap().iter().map(step).collect::<Vec<_>>()
    };
    for query in ["", "?quantity=60", "?quantity=200"] {
        assert_eq!(shown(&s.buyer.owner, query).await, ["1: 2.00", "5: 1.95", "50: 1.50"], "{query}");
        assert_eq!(shown(&s.app.anonymous(), query).await, ["1: 2.00", "5: 1.95", "100: 1.20"], "{query}");
    }
}

#[tokio::test]
async fn who_is_taken_into_a_group_is_not_told_what_its_offers_cost_before() {
    let s = scene().await;
    let groups = format!("/v1/organisations/{}/buyer-groups", s.seller.id);
    let late = s.market.member(&s.app, "Late", &["buy"]).await;
    let group =
        s.seller.owner.post(&groups, json!({"name": "Dealers", "members": [s.buyer.id]})).await.expect(201).id();
    let offer = format!("/v1/portals/{}/offers/{}", s.market.slug, s.bolt.offer_id);
    s.seller.owner.edit(&offer, json!({"audience": {"buyer_groups": [group]}})).await.expect(200);
    let moment = async || {
        let at = s.app.shared.clock.now() + chrono::TimeDelta::milliseconds(5);
        s.app.until(async || s.app.shared.clock.now() > at + chrono::TimeDelta::milliseconds(5)).await;
        format!("?at={}", at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
    };
    let before = moment().await;
    s.seller.owner.edit(&format!("{groups}/{group}"), json!({"members": [s.buyer.id, late.id]})).await.expect(200);
    let after = moment().await;
    assert_eq!(s.price(&s.buyer.owner, &before).await, "2.00");
    assert_eq!(s.price(&late.owner, &after).await, "2.00");
    let path = format!("/v1/portals/{}/catalogue/{}/price{before}", s.market.slug, s.bolt.offer_id);
    late.owner.get(&path).await.problem(404, "not-found");
}

#[tokio::test]
async fn an_offers_tiers_start_above_zero() {
    let s = scene().await;
    let offer = format!("/v1/portals/{}/offers/{}", s.market.slug, s.bolt.offer_id);
    let nothing = json!({"tiers": [{"from": "0", "unit_price": {"amount": "3.00", "currency": "EUR"}}]});
    assert_eq!(s.seller.owner.edit(&offer, nothing).await.faults(), ["/tiers/0/from not_positive"]);
}

// S1, S4
#[tokio::test]
async fn a_seller_previews_what_a_buyer_sees_of_its_own_offers() {
    let s = scene().await;
    let rival = s.market.member(&s.app, "Rival", &["sell"]).await.owner;
    let theirs = s.market.offer(&rival, "10", &[("1", "9.00")]).await;
    let secret = s.market.offer(&s.seller.owner, "10", &[("1", "5.00")]).await;
    let offer = format!("/v1/portals/{}/offers/{}", s.market.slug, secret.offer_id);
    s.seller.owner.edit(&offer, json!({"audience": {"organisations": [s.buyer.id]}})).await.expect(200);
    s.list("1.50", json!({"buyers": [s.buyer.id], "name": "Framework"})).await.expect(201);
    let path = format!("/v1/portals/{}/preview", s.market.slug);
    let seen = async |query: &str| {
        let page = s.seller.owner.get(&format!("{path}{query}")).await.expect(200).json();
        let item = |one: &Value| {
            (one["sku"].as_str().unwrap().to_owned(), one["price"]["unit_price"]["amount"].as_str().unwrap().to_owned())
        };
        page["items"].as_array().unwrap().iter().map(item).collect::<Vec<_>>()
    };
    let (bolt, hidden) = (s.bolt.sku.clone(), secret.sku.clone());
    assert_eq!(seen("").await, [(bolt.clone(), "2.00".into())]);
    assert_eq!(
        seen(&format!("?organisation_id={}", s.buyer.id)).await,
        [(bolt, "1.50".into()), (hidden, "5.00".into())]
    );
    let one = format!("{path}/{}?organisation_id={}", s.bolt.offer_id, s.buyer.id);
    let told = s.seller.owner.get(&one).await.expect(200).json();
    assert_eq!((amount(&told).as_str(), &told["candidates"][0]["name"]), ("1.50", &json!("Framework")));
    s.seller.owner.get(&format!("{path}/{}", secret.offer_id)).await.problem(404, "not-found");
    s.seller.owner.get(&format!("{path}/{}", theirs.offer_id)).await.problem(404, "not-found");
    s.seller.owner.get(&format!("{path}?organisation_id={}", s.bolt.offer_id)).await.problem(404, "not-found");
    let blocked = format!("/v1/organisations/{}/blocked-buyers", s.seller.id);
    s.seller.owner.post(&blocked, json!({"organisation_id": s.buyer.id})).await.expect(201);
    assert!(seen(&format!("?organisation_id={}", s.buyer.id)).await.is_empty());
}
