//! Who sees what of a catalogue.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::market::Market;

/// The skus that somebody finds in the catalogue.
async fn sees(market: &Market, who: &Client) -> Vec<String> {
    let page = who.get(&format!("/v1/portals/{}/catalogue", market.slug)).await.expect(200).json();
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["sku"].as_str().unwrap().to_owned()).collect()
}

fn offer_path(market: &Market, id: &str) -> String {
    format!("/v1/portals/{}/offers/{id}", market.slug)
}

// S4, S5, S22
#[tokio::test]
async fn an_offer_for_some_does_not_exist_for_the_others() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await;
    let chosen = market.member(&app, "Chosen", &["buy"]).await;
    let grouped = market.member(&app, "Grouped", &["buy"]).await;
    let other = market.member(&app, "Other", &["buy"]).await;
    let open = market.offer(&seller.owner, "10", &[("1", "2.00")]).await;
    let secret = market.offer(&seller.owner, "10", &[("1", "2.00")]).await;
    let groups = format!("/v1/organisations/{}/buyer-groups", seller.id);
    let group = seller.owner.post(&groups, json!({"name": "Dealers", "members": [grouped.id]})).await.expect(201).id();
    // Everybody has read it while it was for everyone: nothing of that is served any more.
    for who in [&app.anonymous(), &chosen.owner, &grouped.owner, &other.owner] {
        assert_eq!(sees(&market, who).await.len(), 2);
    }
    let audience = json!({"audience": {"organisations": [chosen.id], "buyer_groups": [group]}});
    let path = offer_path(&market, &secret.offer_id);
    let changed = seller.owner.edit(&path, audience.clone()).await.expect(200).json();
    assert_eq!(changed["audience"], audience["audience"]);
    for who in [&chosen.owner, &grouped.owner] {
        assert_eq!(sees(&market, who).await, [open.sku.as_str(), &secret.sku]);
    }
    let entry = format!("/v1/portals/{}/catalogue/{}", market.slug, secret.offer_id);
    for who in [&app.anonymous(), &other.owner] {
        assert_eq!(sees(&market, who).await, [open.sku.as_str()]);
        who.get(&entry).await.problem(404, "not-found");
    }
    // Ordering it is refused just like ordering what was never there.
    let refused =
        other.owner.post("/v1/orders", market.order(&[(&secret, "1")], true)).await.problem(409, "not-offered");
    let absent = tests::market::Offered { offer_id: "0190b5a0-0000-7000-8000-00000000dead".into(), ..secret.clone() };
    let none = other.owner.post("/v1/orders", market.order(&[(&absent, "1")], true)).await.problem(409, "not-offered");
    assert_eq!(refused["errors"], none["errors"]);
    market.place(&grouped.owner, &secret, "1").await;

    // Out of the group, out of sight: at once.
    seller.owner.edit(&format!("{groups}/{group}"), json!({"members": []})).await.expect(200);
    assert_eq!(sees(&market, &grouped.owner).await, [open.sku.as_str()]);
    seller.owner.edit(&path, json!({"audience": null})).await.expect(200);
    assert_eq!(sees(&market, &app.anonymous()).await.len(), 2);
}

// S5
#[tokio::test]
async fn a_blocked_buyer_sees_and_buys_nothing_and_cannot_tell() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await;
    let rival = market.member(&app, "Rival", &["sell"]).await.owner;
    let buyer = market.member(&app, "Buyer", &["buy"]).await;
    let bolt = market.offer(&seller.owner, "10", &[("1", "2.00")]).await;
    let nut = market.offer(&rival, "10", &[("1", "2.00")]).await;
    let draft = buyer.owner.post("/v1/orders", market.order(&[(&bolt, "1")], false)).await.expect(201).json();
    let path = format!("/v1/organisations/{}/blocked-buyers", seller.id);
    let body = json!({"organisation_id": buyer.id, "reason": "Unpaid invoices"});
    seller.owner.post(&path, body.clone()).await.expect(201);
    seller.owner.post(&path, body).await.problem(409, "already-exists");

    assert_eq!(sees(&market, &buyer.owner).await, [nut.sku.as_str()]);
    assert_eq!(sees(&market, &app.anonymous()).await.len(), 2);
    let entry = format!("/v1/portals/{}/catalogue/{}", market.slug, bolt.offer_id);
    buyer.owner.get(&entry).await.problem(404, "not-found");
    buyer.owner.post("/v1/orders", market.order(&[(&bolt, "1")], true)).await.problem(409, "not-offered");
    let draft = draft["orders"][0]["id"].as_str().unwrap();
    buyer.owner.post(&format!("/v1/orders/{draft}/submit"), json!({})).await.problem(409, "not-offered");
    // The seller's record says so, the buyer's feed does not.
    let listed = seller.owner.get(&path).await.expect(200).json();
    assert_eq!(
        (&listed["items"][0]["organisation_id"], &listed["items"][0]["reason"]),
        (&json!(buyer.id), &json!("Unpaid invoices"))
    );
    let feed = |who: &Client| {
        let who = who.clone();
        async move { who.get("/v1/events?limit=200").await.expect(200).text }
    };
    app.until(async || feed(&seller.owner).await.contains("blocked_buyer.added")).await;
    assert!(!feed(&buyer.owner).await.contains("block"));

    let one = format!("{path}/{}", buyer.id);
    buyer.owner.delete(&one).await.problem(404, "not-found");
    seller.owner.delete(&one).await.expect(204);
    seller.owner.delete(&one).await.problem(404, "not-found");
    market.place(&buyer.owner, &bolt, "1").await;
}

#[tokio::test]
async fn offers_come_and_go_at_the_times_that_were_set() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let bolt = market.offer(&seller, "10", &[("1", "2.00")]).await;
    let path = offer_path(&market, &bolt.offer_id);
    let after = |milliseconds| {
        let time = app.shared.clock.now() + TimeDelta::milliseconds(milliseconds);
        time.to_rfc3339_opts(SecondsFormat::Micros, true)
    };
    seller.post(&format!("{path}/withdraw"), json!({})).await.expect(200);
    let far = json!({"publish_at": after(3_600_000), "withdraw_at": after(7_200_000)});
    let scheduled = seller.edit(&path, far).await.expect(200).json();
    assert_eq!(scheduled["state"], "scheduled");
    assert!(sees(&market, &buyer).await.is_empty());
    buyer.post("/v1/orders", market.order(&[(&bolt, "1")], true)).await.problem(409, "not-offered");
    assert_eq!(seller.edit(&path, json!({"publish_at": null})).await.expect(200).json()["state"], "draft");

    let until = app.shared.clock.now() + TimeDelta::milliseconds(1_500);
    let near = json!({"publish_at": after(300), "withdraw_at": until.to_rfc3339_opts(SecondsFormat::Micros, true)});
    seller.edit(&path, near).await.expect(200);
    app.until(async || buyer.post("/v1/orders", market.order(&[(&bolt, "1")], true)).await.status == 201).await;
    app.until(async || app.shared.clock.now() >= until).await;
    buyer.post("/v1/orders", market.order(&[(&bolt, "1")], true)).await.problem(409, "not-offered");
    assert_eq!(seller.get(&path).await.expect(200).json()["state"], "withdrawn");
    app.until(async || sees(&market, &buyer).await.is_empty()).await;
    // Published anew it stays.
    let again = seller.post(&format!("{path}/publish"), json!({})).await.expect(200).json();
    assert_eq!((&again["state"], &again["withdraw_at"]), (&json!("published"), &Value::Null));

    let odd = json!({"publish_at": after(-1_000), "withdraw_at": "2020-01-01T00:00:00Z", "audience": {"buyer_groups": [bolt.offer_id]}});
    assert_eq!(seller.edit(&path, odd).await.faults(), ["/audience/buyer_groups/0 unknown", "/publish_at past"]);
    assert_eq!(seller.edit(&path, json!({"audience": {}})).await.faults(), ["/audience required"]);
}

// S1, R18
#[tokio::test]
async fn buyer_groups_are_their_sellers_own_and_stay_while_they_are_named() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await;
    let buyer = market.member(&app, "Buyer", &["buy"]).await;
    let groups = format!("/v1/organisations/{}/buyer-groups", seller.id);
    let body = json!({"name": "Dealers", "members": [buyer.id]});
    let group = seller.owner.post(&groups, body.clone()).await.expect(201).id();
    seller.owner.post(&groups, body).await.problem(409, "already-exists");
    let odd = json!({"name": " ", "members": [buyer.id, seller.id, buyer.id]});
    assert_eq!(
        seller.owner.post(&groups, odd).await.faults(),
        ["/members/1 unknown", "/members/2 twice", "/name blank"]
    );
    let path = format!("{groups}/{group}");
    buyer.owner.get(&path).await.problem(404, "not-found");
    buyer.owner.get(&groups).await.problem(404, "not-found");
    seller.owner.send(seller.owner.request(reqwest::Method::DELETE, &path)).await.problem(428, "precondition-required");

    let bolt = market.offer(&seller.owner, "10", &[("1", "2.00")]).await;
    let audience = json!({"audience": {"buyer_groups": [group]}});
    let offer = offer_path(&market, &bolt.offer_id);
    seller.owner.edit(&offer, audience.clone()).await.expect(200);
    let rival = market.member(&app, "Rival", &["sell"]).await.owner;
    let theirs = market.offer(&rival, "10", &[("1", "2.00")]).await;
    assert_eq!(
        rival.edit(&offer_path(&market, &theirs.offer_id), audience).await.faults(),
        ["/audience/buyer_groups/0 unknown"]
    );
    let etag = seller.owner.etag(&path).await;
    seller.owner.delete_if(&path, &etag).await.problem(409, "in-use");
    seller.owner.edit(&offer, json!({"audience": null})).await.expect(200);
    seller.owner.delete_if(&path, &etag).await.expect(204);
    seller.owner.get(&path).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_seller_who_may_not_sell_on_the_portal_any_more_sells_nothing_there() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let elsewhere = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await;
    elsewhere.join(&app, &seller, &["sell"]).await;
    let buyer = market.member(&app, "Buyer", &["buy"]).await.owner;
    let bolt = market.offer(&seller.owner, "100", &[("1", "2.00")]).await;
    let other = elsewhere.offer(&seller.owner, "100", &[("1", "2.00")]).await;
    let operator = app.operator().await;
    let member = format!("/v1/portals/{}/members/{}", market.slug, seller.id);
    let path = format!("/v1/portals/{}/catalogue/{}", market.slug, bolt.offer_id);
    let gone = async || {
        assert!(sees(&market, &buyer).await.is_empty());
        buyer.get(&path).await.problem(404, "not-found");
        buyer.get(&format!("{path}/price")).await.problem(404, "not-found");
        buyer.post("/v1/orders", market.order(&[(&bolt, "1")], true)).await.problem(409, "not-offered");
    };
    let back = async || {
        assert_eq!(sees(&market, &buyer).await, [bolt.sku.as_str()]);
        market.place(&buyer, &bolt, "1").await;
    };
    back().await;
    operator.post(&format!("{member}/suspend"), json!({})).await.expect(200);
    gone().await;
    operator.post(&format!("{member}/reinstate"), json!({})).await.expect(200);
    back().await;
    operator.edit(&member, json!({"capabilities": ["buy"]})).await.expect(200);
    gone().await;
    assert_eq!(sees(&elsewhere, &app.anonymous()).await, [other.sku]);
    // It can still take its offers back, but not put them out.
    let offer = offer_path(&market, &bolt.offer_id);
    seller.owner.post(&format!("{offer}/withdraw"), json!({})).await.expect(200);
    seller.owner.post(&format!("{offer}/publish"), json!({})).await.problem(403, "capability-missing");
    operator.edit(&member, json!({"capabilities": ["buy", "sell"]})).await.expect(200);
    seller.owner.post(&format!("{offer}/publish"), json!({})).await.expect(200);
    back().await;
    seller.owner.post(&format!("{member}/end"), json!({})).await.expect(200);
    gone().await;
    seller
        .owner
        .post(&format!("/v1/portals/{}/members", market.slug), json!({"capabilities": ["buy"]}))
        .await
        .expect(201);
    operator.post(&format!("{member}/approve"), json!({})).await.expect(200);
    gone().await;
}
