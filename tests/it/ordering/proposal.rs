use futures::future::join;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::market::Offered;
use tests::trade::Trade;

fn price(amount: &str) -> Value {
    json!({"unit_price": {"amount": amount, "currency": "EUR"}})
}

/// The buyer names a price for so many of an offer; the path of the negotiation.
async fn named(trade: &Trade, offer: &Offered, quantity: &str, amount: &str) -> String {
    let body = json!({"portal_id": trade.market.portal_id, "offer_id": offer.offer_id,
        "quantity": {"value": quantity, "unit": "C62"}, "unit_price": {"amount": amount, "currency": "EUR"}});
    format!("/v1/price-proposals/{}", trade.buyer.owner.post("/v1/price-proposals", body).await.expect(201).id())
}

/// An order of so many at the agreed price.
fn order(trade: &Trade, offer: &Offered, quantity: &str, path: &str) -> Value {
    let mut body = trade.market.order(&[(offer, quantity)], true);
    body["lines"][0]["price_proposal_id"] = json!(path.rsplit('/').next());
    body
}

#[tokio::test]
async fn a_price_agreed_on_after_some_rounds_is_good_for_one_order() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let path = named(&trade, &bolt, "10", "1.50").await;
    buyer.post(&format!("{path}/accept"), json!(null)).await.problem(409, "wrong-state");
    seller.post(&format!("{path}/counter"), price("1.90")).await.expect(200);
    seller.post(&format!("{path}/counter"), price("1.80")).await.problem(409, "wrong-state");
    let mut more = price("1.70");
    more["quantity"] = json!({"value": "20", "unit": "C62"});
    buyer.post(&format!("{path}/counter"), more).await.expect(200);
    buyer.post("/v1/orders", order(&trade, &bolt, "20", &path)).await.problem(409, "wrong-state");
    let agreed = seller.post(&format!("{path}/accept"), json!(null)).await.expect(200).json();
    assert_eq!((&agreed["state"], agreed["rounds"].as_array().unwrap().len()), (&json!("accepted"), 3));
    app.company("Outsider").await.owner.get(&path).await.problem(404, "not-found");
    let other = trade.market.member(&app, "Rival", &["buy"]).await;
    let stolen = other.owner.post("/v1/orders", order(&trade, &bolt, "20", &path)).await;
    assert_eq!(stolen.faults(), ["/lines/0/price_proposal_id unknown_proposal"]);
    let fewer = buyer.post("/v1/orders", order(&trade, &bolt, "10", &path)).await;
    assert_eq!(fewer.faults(), ["/lines/0/price_proposal_id proposal_quantity"]);
    // Two orders at once: the price is good for one.
    let place = async || buyer.post("/v1/orders", order(&trade, &bolt, "20", &path)).await;
    let (one, two) = join(place(), place()).await;
    let (won, lost) = if one.status == 201 { (one, two) } else { (two, one) };
    let line = won.expect(201).json()["orders"][0]["lines"][0].clone();
    assert_eq!((&line["price_source"], &line["amount"]["amount"]), (&json!("proposal"), &json!("34.00")));
    lost.problem(409, "proposal-used");
    assert_eq!(buyer.get(&path).await.json()["state"], "used");
    assert_eq!(app.count("SELECT count(*) FROM order_line").await, 1);
}

#[tokio::test]
async fn a_price_is_not_accepted_after_its_end_nor_ordered_at() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let late = named(&trade, &bolt, "10", "1.50").await;
    let agreed = named(&trade, &bolt, "10", "1.60").await;
    seller.post(&format!("{agreed}/accept"), json!(null)).await.expect(200);
    // The end has come, and the timer has not yet.
    app.sql("UPDATE price_proposal SET expires_at = now() - interval '1 second'").await;
    seller.post(&format!("{late}/accept"), json!(null)).await.problem(409, "proposal-expired");
    buyer.post("/v1/orders", order(&trade, &bolt, "10", &agreed)).await.problem(409, "proposal-expired");
    app.sql("UPDATE timer SET due_at = now()").await;
    for path in [&late, &agreed] {
        app.until(async || buyer.get(path).await.json()["state"] == "expired").await;
    }
    seller.post(&format!("{late}/accept"), json!(null)).await.problem(409, "proposal-expired");
    assert_eq!(app.count("SELECT count(*) FROM purchase_order").await, 0);
}

#[tokio::test]
async fn a_draft_keeps_its_agreed_price_until_it_is_placed() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let path = named(&trade, &bolt, "10", "1.50").await;
    seller.post(&format!("{path}/accept"), json!(null)).await.expect(200);
    let mut body = order(&trade, &bolt, "10", &path);
    body["submit"] = json!(false);
    let draft = buyer.post("/v1/orders", body).await.expect(201).json()["orders"][0].clone();
    assert_eq!(buyer.get(&path).await.json()["state"], "accepted");
    let draft = format!("/v1/orders/{}", draft["id"].as_str().unwrap());
    let placed = buyer.post(&format!("{draft}/submit"), json!(null)).await.expect(200).json();
    assert_eq!(placed["orders"][0]["total"]["amount"], "15.00");
    assert_eq!(buyer.get(&path).await.json()["state"], "used");
}

#[tokio::test]
async fn bad_proposals_are_refused_with_all_their_faults() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offer =
        trade.market.offer_with(&trade.seller.owner, "100", &[("5", "2.00")], json!({"minimum_order": "5"})).await;
    let post = async |body: Value| trade.buyer.owner.post("/v1/price-proposals", body).await;
    let good = json!({"portal_id": trade.market.portal_id, "offer_id": offer.offer_id,
        "quantity": {"value": "5", "unit": "C62"}, "unit_price": {"amount": "1.00", "currency": "EUR"}});
    let with = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    let mut odd = with("expires_at", json!("2020-01-01T00:00:00Z"));
    odd["quantity"] = json!({"value": "0", "unit": "C62"});
    odd["unit_price"] = json!({"amount": "-1", "currency": "EUR"});
    assert_eq!(post(odd).await.faults(), ["/expires_at in_past", "/quantity not_positive", "/unit_price negative"]);
    assert_eq!(
        post(with("quantity", json!({"value": "4", "unit": "C62"}))).await.faults(),
        ["/quantity below_minimum"]
    );
    post(with("quantity", json!({"value": "5", "unit": "KGM"}))).await.problem(422, "unit-mismatch");
    post(with("unit_price", json!({"amount": "1.00", "currency": "USD"}))).await.problem(422, "currency-mismatch");
    post(with("offer_id", json!(trade.seller.id))).await.problem(409, "not-offered");
}

#[tokio::test]
async fn an_agreed_price_is_good_in_its_own_currency_alone() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "60.00")]).await;
    let yen = json!([{"offer_id": bolt.offer_id, "tiers": [{"from": "1", "unit_price": {"amount": "9000", "currency": "JPY"}}]}]);
    let list = json!({"name": "Yen", "valid_from": "2020-01-01T00:00:00Z", "buyers": [trade.buyer.id], "entries": yen});
    seller.post(&format!("/v1/portals/{}/price-lists", trade.market.slug), list).await.expect(201);
    let agreed = named(&trade, &bolt, "10", "55.00").await;
    seller.post(&format!("{agreed}/accept"), json!(null)).await.expect(200);
    let mut body = order(&trade, &bolt, "10", &agreed);
    body["currency"] = json!("JPY");
    let refused = buyer.post("/v1/orders", body).await.problem(422, "currency-mismatch");
    assert_eq!(refused["errors"][0]["pointer"], "/lines/0/price_proposal_id");
    buyer.post("/v1/orders", order(&trade, &bolt, "10", &agreed)).await.expect(201);
}

#[tokio::test]
async fn an_agreed_price_is_for_as_much_as_was_in_the_pack() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let packs =
        |quantity: &str| json!({"packs": [{"unit": "NMP", "name": {"en": "Pack"}, "quantity_of_base": quantity}]});
    let bolt = trade.market.offer_with(seller, "1000", &[("1", "2.00")], packs("10")).await;
    let in_packs = json!({"value": "5", "unit": "NMP"});
    let body = json!({"portal_id": trade.market.portal_id, "offer_id": bolt.offer_id, "quantity": in_packs,
        "unit_price": {"amount": "15.00", "currency": "EUR"}});
    let path = format!("/v1/price-proposals/{}", buyer.post("/v1/price-proposals", body).await.expect(201).id());
    seller.post(&format!("{path}/accept"), json!(null)).await.expect(200);
    let mut body = order(&trade, &bolt, "5", &path);
    body["lines"][0]["quantity"] = in_packs;
    body["submit"] = json!(false);
    let draft = buyer.post("/v1/orders", body.clone()).await.expect(201).json()["orders"][0]["id"].clone();
    let product = format!("/v1/products/{}", bolt.product_id);
    seller.edit(&product, packs("5")).await.expect(200);
    let refused = buyer.post("/v1/orders", body.clone()).await.problem(409, "price-changed");
    assert_eq!(refused["errors"][0]["code"], "pack_changed");
    let submit = format!("/v1/orders/{}/submit", draft.as_str().unwrap());
    buyer.post(&submit, json!({})).await.problem(409, "price-changed");
    seller.edit(&product, packs("10")).await.expect(200);
    let placed = buyer.post(&submit, json!({})).await.expect(200).json();
    assert_eq!(placed["orders"][0]["lines"][0]["base_quantity"], "50");
}
