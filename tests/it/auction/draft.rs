use serde_json::{Value, json};
use tests::app::TestApp;
use tests::auction_house::{apply, english, id_of, lot};
use tests::client::Client;

async fn titles(by: &Client, path: &str) -> Vec<String> {
    let listed = by.get(path).await.expect(200).json();
    let items = listed["items"].as_array().unwrap();
    items.iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

fn named(name: &str, more: &Value) -> Value {
    let mut body = more.clone();
    body["name"] = json!({"en": name});
    body
}

/// The types of the events about an auction that a company hears of.
pub async fn heard(by: &Client, auction: &str) -> Vec<String> {
    let feed = by.get("/v1/events?limit=200").await.expect(200).json();
    let items = feed["items"].as_array().unwrap().iter().filter(|one| one["subject"]["id"] == id_of(auction));
    items.map(|one| one["type"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_auction_is_put_together_changed_and_announced() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let bidder = house.member(&app, "Bidder", &["bid"]).await;
    let more =
        json!({"lots": [lot("20", json!({"reserve_price": "9500"})), lot("5", json!({}))], "stagger_seconds": 60});
    let made = seller.owner.post(&house.path("auctions"), english(more)).await.expect(201);
    let path = made.header("location");
    let shown = made.json();
    assert_eq!((&shown["state"], &shown["title"]), (&json!("draft"), &json!("Surplus rebar")));
    assert_eq!(shown["lots"][0]["reserve_price"], "9500");
    assert_eq!(shown["ends_at"], "2099-03-01T12:01:00.000000Z");
    assert_eq!(shown["rules"]["proxy"], true);
    assert_eq!(shown["caller"]["role"], "holder");
    // Nobody else knows of a draft.
    for stranger in [&bidder.owner, &house.manager.owner, &app.anonymous()] {
        stranger.get(&path).await.problem(404, "not-found");
        assert!(titles(stranger, &house.path("auctions")).await.is_empty());
    }
    assert_eq!(titles(&seller.owner, &house.path("auctions?state=draft")).await, ["Surplus rebar"]);

    let stale = seller.owner.etag(&path).await;
    let changed = seller.owner.edit(&path, json!({"deposit": "500", "access": "qualified"})).await.expect(200).json();
    assert_eq!(changed["rules"]["deposit"], json!({"amount": "500.00", "currency": "EUR"}));
    seller.owner.patch_if(&path, &stale, json!({"deposit": "1"})).await.problem(412, "precondition-failed");
    seller.owner.post(&format!("{path}/publish"), json!({})).await.expect(200);
    seller.owner.post(&format!("{path}/publish"), json!({})).await.problem(409, "wrong-state");

    let seen = app.anonymous().get(&path).await.expect(200).json();
    assert_eq!((&seen["state"], &seen["caller"]), (&json!("scheduled"), &json!(null)));
    assert_eq!(seen["lots"][0].get("reserve_price"), None);
    assert_eq!(
        (&seen["standing"][0]["has_reserve"], &seen["standing"][1]["has_reserve"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(seen["standing"][1]["ends_at"], "2099-03-01T12:01:00.000000Z");
    assert_eq!(titles(&app.anonymous(), &house.path("auctions?sort=newest")).await, ["Surplus rebar"]);

    // Who applied relied on currency and access; the rest changes until it opens.
    let kept = seller.owner.edit(&path, json!({"currency": "USD", "access": "open"})).await;
    assert_eq!(kept.faults(), ["/access not_changeable", "/currency not_changeable"]);
    seller.owner.edit(&path, json!({"stagger_seconds": 120})).await.expect(200);
    app.until(async || heard(&bidder.owner, &path).await == ["auction.published", "auction.changed"]).await;
    assert_eq!(heard(&seller.owner, &path).await.len(), 4);
}

#[tokio::test]
async fn all_faults_of_an_auction_are_told_at_once() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let bad = json!({
        "closes_at": "2099-02-01T12:00:00Z", "interval_seconds": 60, "increments": {"table": [{"from": "5", "step": "0"}]},
        "lots": [lot("20", json!({"reserve_price": "7000"})), lot("0", json!({"start_price": "80.001"}))],
        "terms": {"incoterm": "FCX", "place": "Hamburg", "payment_days": 14},
    });
    let refused = seller.owner.post(&house.path("auctions"), english(bad)).await;
    let expected = [
        "/closes_at before_start",
        "/increments/table/0/from not_zero",
        "/increments/table/0/step not_positive",
        "/interval_seconds not_taken",
        "/lots/0/reserve_price worse_than_start",
        "/lots/1/content not_positive",
        "/lots/1/start_price too_precise",
        "/terms/incoterm incoterm",
    ];
    assert_eq!(refused.faults(), expected);
    let both = json!({"increments": {"table": [{"from": "0", "step": "1"}], "least_percent": "1"}});
    let refused = seller.owner.post(&house.path("auctions"), english(both)).await;
    assert!(refused.faults().contains(&"/increments/least_percent not_taken".to_owned()));
    // In the past it can be put together, but not announced.
    let past = json!({"opens_at": "2020-03-01T09:00:00Z", "closes_at": "2020-03-01T12:00:00Z"});
    let path = house.draft(&seller, past).await;
    assert_eq!(seller.owner.post(&format!("{path}/publish"), json!({})).await.faults(), ["/opens_at in_past"]);
}

#[tokio::test]
async fn who_sells_holds_auctions_and_who_buys_reverse_ones() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let buyer = house.member(&app, "Buyer", &["buy", "bid"]).await;
    let reverse = english(json!({"format": "reverse_english"}));
    let path = house.path("auctions");
    seller.owner.post(&path, reverse.clone()).await.problem(403, "capability-missing");
    buyer.owner.post(&path, english(json!({}))).await.problem(403, "capability-missing");
    let made = buyer.owner.post(&path, reverse).await.expect(201).header("location");
    buyer.owner.edit(&made, json!({"format": "english"})).await.problem(403, "capability-missing");
    // Presets say the rest.
    let preset = json!({"preset": "ebay_like", "format": null, "increments": null});
    let shown = seller.owner.post(&path, english(preset)).await.expect(201).json();
    assert_eq!(shown["rules"]["format"], "english");
    assert_eq!(shown["rules"]["increments"]["table"][0], json!({"from": "0.00", "step": "0.05"}));
}

#[tokio::test]
async fn auctions_by_invitation_are_known_to_whom_they_invite() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let invited = house.member(&app, "Invited", &["bid"]).await;
    let other = house.member(&app, "Other", &["bid"]).await;
    let path = house.draft(&seller, json!({"access": "invited"})).await;
    let invite = json!({"organisation_ids": [invited.id]});
    seller.owner.post(&format!("{path}/bidders/invite"), invite).await.expect(200);
    invited.owner.get(&path).await.problem(404, "not-found");
    seller.owner.post(&format!("{path}/publish"), json!({})).await.expect(200);
    let seen = invited.owner.get(&path).await.expect(200).json();
    assert_eq!((&seen["caller"]["role"], &seen["caller"]["state"]), (&json!("bidder"), &json!("invited")));
    assert_eq!(titles(&invited.owner, &house.path("auctions")).await.len(), 1);
    app.operator().await.get(&path).await.expect(200);
    for stranger in [&other.owner, &app.anonymous()] {
        stranger.get(&path).await.problem(404, "not-found");
        assert!(titles(stranger, &house.path("auctions")).await.is_empty());
    }
    other.owner.post(&format!("{path}/bidders/apply"), json!({})).await.problem(404, "not-found");
    assert_eq!(apply(&invited.owner, &path).await["state"], "admitted");
    app.until(async || heard(&invited.owner, &path).await.contains(&"auction.published".to_owned())).await;
    assert!(heard(&other.owner, &path).await.is_empty());
}

#[tokio::test]
async fn auctions_are_filtered_sorted_and_paged() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let rival = house.member(&app, "Rival", &["sell"]).await;
    for (name, day) in [("one", 5), ("two", 3), ("three", 4)] {
        let times =
            json!({"opens_at": format!("2099-03-0{day}T09:00:00Z"), "closes_at": format!("2099-03-0{day}T12:00:00Z")});
        house.announced(&seller, named(name, &times)).await;
    }
    house.announced(&rival, named("dollars", &json!({"currency": "USD"}))).await;
    let list = async |query: &str| titles(&app.anonymous(), &house.path(&format!("auctions{query}"))).await;
    assert_eq!(list("").await, ["dollars", "two", "three", "one"]);
    assert_eq!(list("?sort=newest").await, ["dollars", "three", "two", "one"]);
    assert_eq!(list("?currency=USD").await, ["dollars"]);
    assert_eq!(list(&format!("?seller={}&closing_before=2099-03-05T00:00:00Z", seller.id)).await, ["two", "three"]);
    assert_eq!(list("?format=dutch").await, Vec::<String>::new());
    for sort in ["ends_at", "newest"] {
        let whole = list(&format!("?sort={sort}")).await;
        let mut paged = Vec::new();
        let mut next = Some(format!("?sort={sort}&limit=1"));
        while let Some(query) = next {
            let page = app.anonymous().get(&house.path(&format!("auctions{query}"))).await.expect(200).json();
            paged.push(page["items"][0]["title"].as_str().unwrap().to_owned());
            next = page["next_cursor"].as_str().map(|cursor| format!("?sort={sort}&limit=1&cursor={cursor}"));
        }
        assert_eq!(paged, whole, "{sort}");
    }
    app.anonymous().get(&house.path("auctions?state=closed")).await.problem(400, "invalid-query");
}

#[tokio::test]
async fn drafts_are_thrown_away_and_announced_auctions_cancelled() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let bidder = house.member(&app, "Bidder", &["bid"]).await;
    let draft = house.draft(&seller, json!({})).await;
    let etag = seller.owner.etag(&draft).await;
    seller.owner.delete(&draft).await.problem(428, "precondition-required");
    seller.owner.delete_if(&draft, &etag).await.expect(204);
    seller.owner.get(&draft).await.problem(404, "not-found");

    let reason = json!({"reason": "The goods are damaged."});
    let draft = house.draft(&seller, json!({})).await;
    let cancelled = seller.owner.post(&format!("{draft}/cancel"), reason.clone()).await.expect(200).json();
    assert_eq!((&cancelled["state"], &cancelled["cancel_reason"]), (&json!("cancelled"), &reason["reason"]));
    bidder.owner.get(&draft).await.problem(404, "not-found");

    for by in [&seller.owner, &house.manager.owner, &app.operator().await] {
        let path = house.announced(&seller, json!({})).await;
        bidder.owner.post(&format!("{path}/cancel"), reason.clone()).await.problem(403, "capability-missing");
        let cancelled = by.post(&format!("{path}/cancel"), reason.clone()).await.expect(200).json();
        assert!(cancelled["cancelled_at"].is_string());
        by.post(&format!("{path}/cancel"), reason.clone()).await.problem(409, "wrong-state");
        bidder.owner.post(&format!("{path}/bidders/apply"), json!({})).await.problem(409, "wrong-state");
        seller.owner.edit(&path, json!({"deposit": "1"})).await.problem(409, "wrong-state");
        let etag = seller.owner.etag(&path).await;
        seller.owner.delete_if(&path, &etag).await.problem(409, "wrong-state");
        app.until(async || heard(&bidder.owner, &path).await.contains(&"auction.cancelled".to_owned())).await;
    }
}

#[tokio::test]
async fn documents_of_an_auction_are_shown_to_its_bidders() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let bidder = house.member(&app, "Bidder", &["bid"]).await;
    let path = house.announced(&seller, json!({})).await;
    let subject = json!({"kind": "auction", "id": id_of(&path)});
    let data = |visibility: &str| json!({"title": visibility, "visibility": visibility, "subject": subject});
    let shown = seller.owner.upload(data("public")).await.expect(201).id();
    let inside = seller.owner.upload(data("parties")).await.expect(201).id();
    assert_eq!(bidder.owner.upload(data("parties")).await.faults(), ["/subject unknown_subject"]);
    app.anonymous().get(&format!("/v1/documents/{shown}")).await.expect(200);
    bidder.owner.get(&format!("/v1/documents/{inside}")).await.problem(404, "not-found");
    apply(&bidder.owner, &path).await;
    bidder.owner.get(&format!("/v1/documents/{inside}")).await.expect(200);
    let listed = bidder.owner.get(&format!("/v1/documents?subject_kind=auction&subject_id={}", id_of(&path))).await;
    assert_eq!(listed.expect(200).json()["items"].as_array().unwrap().len(), 2);
    app.anonymous().get(&format!("/v1/documents/{inside}")).await.problem(404, "not-found");
}
