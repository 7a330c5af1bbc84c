//! What is traded on an exchange.

use reqwest::Method;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::exchange::{Exchange, rebar};

/// The codes that somebody finds.
async fn codes(exchange: &Exchange, who: &Client, query: &str) -> Vec<String> {
    let page = who.get(&format!("{}{query}", exchange.path("instruments"))).await.expect(200).json();
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_instrument_is_listed_and_read_by_anybody_of_an_open_portal() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let schedule = exchange.schedule(json!({})).await;
    let body = rebar(json!({
        "code": "REBAR-B500-MAR99", "schedule_id": schedule, "band": {"up_ppm": 100, "down_ppm": 200000}, "volatility_ppm": 20000,
        "self_trade": "cancel_both", "guarantee": "limit", "max_live_orders": 100, "max_session_lots": 1000000000000000_u64,
        "tolerance": {"more_ppm": 50000, "less_ppm": 20000}, "tick_size": "0.500",
        "differentials": [{"parameter": "diameter", "base": "12", "step": "0.50", "price_above": "-3", "price_below": "2", "least": "11.5"}]
    }));
    let made = exchange.manager.owner.post(&exchange.path("instruments"), body.clone()).await.expect(201);
    let path = format!("/v1/instruments/{}", made.id());
    assert_eq!(made.header("location"), path);
    let anonymous = app.anonymous();
    let read = anonymous.get(&path).await.expect(200);
    assert_eq!(made.json(), read.json());
    let read = read.json();
    for key in
        ["code", "name", "grade", "unit", "lot_size", "band", "guarantee", "max_session_lots", "terms", "tolerance"]
    {
        assert_eq!(read[key], body[key], "{key}");
    }
    // Numbers are written in one way.
    assert_eq!((&read["tick_size"], &read["reference_price"]), (&json!("0.5"), &json!("600.00")));
    assert_eq!(read["differentials"][0]["step"], "0.5");
    assert_eq!(
        (&read["specification"][1]["unit"], &read["delisted_at"], &read["traded_at"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!((&read["portal_id"], &read["title"]), (&json!(exchange.portal_id), &json!("Rebar B500B")));
    let request = anonymous.request(Method::GET, &path).header("Accept-Language", "ru");
    assert_eq!(anonymous.send(request).await.json()["title"], "Арматура B500B");
    // The code is taken now.
    let again = exchange.manager.owner.post(&exchange.path("instruments"), body).await;
    again.problem(409, "already-exists");
}

#[tokio::test]
async fn all_faults_are_told_at_once() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let stranger = app.exchange().await;
    let nobody = "0190b5a0-0000-7000-8000-00000000dead";
    let terms = json!({"incoterm": "DAT", "place": " ", "payment_days": 14, "delivery_from": "2099-03-01", "delivery_to": "2099-02-28"});
    let odd = rebar(json!({
        "unit": "TON", "lot_size": "0", "tick_size": "0.0000001", "currency": "XAU", "terms": terms, "category_id": nobody,
        "schedule_id": stranger.schedule(json!({})).await, "tax": {"category": "Z", "rate": "19"}, "reference_price": "600.25",
        "differentials": [{"parameter": "protein", "base": "12", "step": "0", "price_above": "1", "price_below": "1", "most": "11"}]
    }));
    let expected = [
        "/category_id unknown",
        "/currency currency",
        "/differentials/0/most out_of_range",
        "/differentials/0/parameter unknown",
        "/differentials/0/step not_positive",
        "/lot_size not_positive",
        "/schedule_id unknown",
        "/tax/rate tax_rate",
        "/terms/delivery_to before_start",
        "/terms/incoterm incoterm",
        "/terms/place required",
        "/tick_size too_precise",
        "/unit unit",
    ];
    let path = exchange.path("instruments");
    assert_eq!(exchange.manager.owner.post(&path, odd).await.faults(), expected);
    // What the published schema refuses is told by it.
    let shapeless =
        rebar(json!({"code": "rebar", "band": {"up_ppm": -1}, "max_live_orders": 0, "self_trade": "allow", "more": 1}));
    let expected = [
        "/band/down_ppm required",
        "/band/up_ppm out_of_range",
        "/code format",
        "/max_live_orders out_of_range",
        "/more unknown_field",
        "/self_trade format",
    ];
    assert_eq!(exchange.manager.owner.post(&path, shapeless).await.faults(), expected);
    let late = json!({"incoterm": "FCA", "place": "Kiel", "payment_days": 0, "delivery_from": "2020-01-01", "delivery_to": "2020-01-31"});
    let late = exchange.manager.owner.post(&path, rebar(json!({"terms": late}))).await;
    assert_eq!(late.faults(), ["/terms/delivery_to in_the_past"]);
    let uneven = exchange.manager.owner.post(&path, rebar(json!({"reference_price": "600.25"}))).await;
    assert_eq!(uneven.faults(), ["/reference_price off_tick"]);
    assert!(codes(&exchange, &app.anonymous(), "").await.is_empty());
}

#[tokio::test]
async fn the_list_goes_by_code_in_pages_and_takes_filters() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let operator = app.operator().await;
    let metals =
        operator.post("/v1/categories", json!({"code": "metals", "name": {"en": "Metals"}})).await.expect(201).id();
    let steel = json!({"code": "steel", "name": {"en": "Steel"}, "parent_id": metals});
    let steel = operator.post("/v1/categories", steel).await.expect(201).id();
    exchange.instrument(json!({"code": "C-1", "category_id": steel, "currency": "USD"})).await;
    exchange.instrument(json!({"code": "A-1", "category_id": metals})).await;
    exchange.instrument(json!({"code": "B-1"})).await;
    let other = app.exchange().await;
    // A code is free on another portal.
    other.instrument(json!({"code": "B-1"})).await;
    let anonymous = app.anonymous();
    assert_eq!(codes(&exchange, &anonymous, "").await, ["A-1", "B-1", "C-1"]);
    assert_eq!(codes(&exchange, &anonymous, "?code=B-1").await, ["B-1"]);
    assert_eq!(codes(&exchange, &anonymous, "?currency=USD").await, ["C-1"]);
    assert_eq!(codes(&exchange, &anonymous, &format!("?category={metals}")).await, ["A-1", "C-1"]);
    assert_eq!(codes(&exchange, &anonymous, &format!("?category={steel}&currency=EUR")).await, [""; 0]);
    anonymous.get(&exchange.path("instruments?grade=B500B")).await.problem(400, "invalid-query");

    let first = anonymous.get(&exchange.path("instruments?limit=2")).await.expect(200);
    assert!(first.header("link").contains("rel=\"next\""));
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    // What comes in before does not move the rest.
    exchange.instrument(json!({"code": "A-2"})).await;
    assert_eq!(codes(&exchange, &anonymous, &format!("?limit=2&cursor={cursor}")).await, ["C-1"]);
    anonymous
        .get(&exchange.path(&format!("instruments?currency=EUR&cursor={cursor}")))
        .await
        .problem(400, "invalid-cursor");
}

// S1, S4
#[tokio::test]
async fn what_is_traded_on_a_closed_portal_does_not_exist_for_outsiders() {
    let app = TestApp::start().await;
    let exchange = app.exchange_of(app.company("Club").await, "closed").await;
    let id = exchange.instrument(json!({})).await;
    let schedule = exchange.schedule(json!({})).await;
    let (member, outsider) = (app.company("Member").await, app.company("Outsider").await);
    let invited = json!({"organisation_id": member.id, "capabilities": ["trade"]});
    exchange.manager.owner.post(&exchange.path("invitations"), invited).await.expect(201);
    let paths = [
        exchange.path("instruments"),
        exchange.path("trading-schedules"),
        format!("/v1/instruments/{id}"),
        format!("/v1/trading-schedules/{schedule}"),
    ];
    for path in &paths {
        app.anonymous().get(path).await.problem(404, "not-found");
        outsider.owner.get(path).await.problem(404, "not-found");
        member.owner.get(path).await.expect(200);
    }
    // A member who does not manage reads only.
    let path = &paths[2];
    let etag = member.owner.etag(path).await;
    let better = json!({"name": {"en": "Better"}});
    member.owner.post(&paths[0], rebar(json!({}))).await.problem(403, "capability-missing");
    member.owner.patch_if(path, &etag, better.clone()).await.problem(403, "capability-missing");
    member.owner.delete_if(path, &etag).await.problem(403, "capability-missing");
    outsider.owner.patch_if(path, &etag, better).await.problem(404, "not-found");

    // Where the exchange is not switched on there is none.
    let market = app.market().await;
    let none = format!("/v1/portals/{}/instruments", market.slug);
    app.anonymous().get(&none).await.problem(404, "not-found");
    app.operator().await.post(&none, rebar(json!({}))).await.problem(404, "not-found");
}

// R17, R18
#[tokio::test]
async fn what_trading_rests_on_stays_and_the_rest_changes_under_its_version() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let manager = &exchange.manager.owner;
    let id = exchange.instrument(json!({"band": {"up_ppm": 1000, "down_ppm": 1000}, "max_live_orders": 5})).await;
    let path = format!("/v1/instruments/{id}");
    let stale = manager.etag(&path).await;
    let schedule = exchange.schedule(json!({})).await;
    let change = json!({"name": {"en": "Rebar, 12 mm"}, "band": null, "volatility_ppm": 5000, "max_live_orders": 10, "schedule_id": schedule,
        "self_trade": "decrement", "specification": [{"parameter": "diameter", "value": "14", "unit": "MMT"}]});
    let changed = manager.patch_if(&path, &stale, change).await.expect(200).json();
    assert_eq!(changed, manager.get(&path).await.json());
    assert_eq!(
        (&changed["title"], &changed["band"], &changed["max_live_orders"]),
        (&json!("Rebar, 12 mm"), &Value::Null, &json!(10))
    );
    manager.patch_if(&path, &stale, json!({"grade": "B500A"})).await.problem(412, "precondition-failed");
    manager.delete(&path).await.problem(428, "precondition-required");

    let fixed = json!({"code": "OTHER", "unit": "KGM", "lot_size": "10", "tick_size": "1", "currency": "USD", "guarantee": "full",
        "tax": {"category": "S", "rate": "7"}, "reference_price": "601"});
    let expected = ["code", "currency", "guarantee", "lot_size", "reference_price", "tax", "tick_size", "unit"];
    let expected: Vec<String> = expected.iter().map(|name| format!("/{name} fixed")).collect();
    assert_eq!(manager.edit(&path, fixed).await.faults(), expected);
    // A number written in another way is no change.
    manager.edit(&path, json!({"tick_size": "0.5000"})).await.expect(200);

    // What is measured stays once it has been traded.
    app.sql(&format!("UPDATE instrument SET traded_at = now() WHERE id = '{id}'")).await;
    let measured = json!({"specification": [], "max_live_orders": 20});
    assert_eq!(manager.edit(&path, measured).await.faults(), ["/specification fixed"]);
    manager.edit(&path, json!({"max_live_orders": 20})).await.expect(200);
    // The database refuses it, too.
    let refused = app.sql_error(&format!("UPDATE instrument SET tick_size = 1 WHERE id = '{id}'")).await;
    assert!(refused.contains("instrument is append-only"), "{refused}");
}

#[tokio::test]
async fn a_delisted_instrument_is_kept_for_the_record_and_changes_no_more() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let manager = &exchange.manager.owner;
    let id = exchange.instrument(json!({"code": "OLD-1"})).await;
    let path = format!("/v1/instruments/{id}");
    let stale = manager.etag(&path).await;
    manager.edit(&path, json!({"max_live_orders": 7})).await.expect(200);
    manager.delete_if(&path, &stale).await.problem(412, "precondition-failed");
    manager.delete_if(&path, &manager.etag(&path).await).await.expect(204);
    assert!(codes(&exchange, &app.anonymous(), "").await.is_empty());
    let kept = app.anonymous().get(&path).await.expect(200);
    assert!(kept.json()["delisted_at"].is_string());
    manager.delete_if(&path, &kept.etag()).await.problem(409, "wrong-state");
    manager.edit(&path, json!({"max_live_orders": 8})).await.problem(409, "wrong-state");
    // Trades name its code: nothing else gets it.
    manager.post(&exchange.path("instruments"), rebar(json!({"code": "OLD-1"}))).await.problem(409, "already-exists");
}

#[tokio::test]
async fn those_who_trade_there_learn_of_it_by_events() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let trader = app.company("Trader").await;
    trader.owner.post(&exchange.path("members"), json!({"capabilities": ["trade"]})).await.expect(201);
    let approve = exchange.path(&format!("members/{}/approve", trader.id));
    exchange.manager.owner.post(&approve, json!({})).await.expect(200);
    let operator = app.operator().await;
    let id = operator.post(&exchange.path("instruments"), rebar(json!({}))).await.expect(201).id();
    let path = format!("/v1/instruments/{id}");
    operator.edit(&path, json!({"volatility_ppm": 1})).await.expect(200);
    exchange.manager.owner.delete_if(&path, &operator.etag(&path).await).await.expect(204);
    let expected = [("instrument.created", 1), ("instrument.changed", 2), ("instrument.delisted", 3)];
    for company in [&trader, &exchange.manager] {
        let told = async || {
            let feed = company.owner.get("/v1/events?limit=200").await.expect(200).json();
            let items = feed["items"].as_array().unwrap().clone();
            items.into_iter().filter(|one| one["subject"]["id"] == id.as_str()).collect::<Vec<_>>()
        };
        app.until(async || told().await.len() == 3).await;
        for (event, (kind, version)) in told().await.iter().zip(expected) {
            assert_eq!((&event["type"], &event["subject"]["version"]), (&json!(kind), &json!(version)));
            assert_eq!(event["portal_id"], exchange.portal_id.as_str());
        }
    }
}
