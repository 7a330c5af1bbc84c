use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::sourcing::{Tender, id_of, items, line};

use super::{column, heard};

/// Everything that shows a request agrees on whether somebody knows of it.
async fn knows(by: &Client, tender: &Tender, rfq: &str) -> bool {
    let listed = column(by, &tender.path("rfqs?limit=200"), "id").await.contains(&json!(id_of(rfq)));
    for part in ["", "/versions", "/questions", "/quotes", "/commitments", "/applications", "/awards"] {
        let answer = by.get(&format!("{rfq}{part}")).await;
        if listed {
            answer.expect(200);
        } else {
            answer.problem(404, "not-found");
        }
    }
    listed
}

#[tokio::test]
async fn a_request_is_known_to_whom_its_visibility_says() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Supplier").await;
    let invited = tender.supplier(&app, "Invited").await;
    // On an open portal a company needs no membership to be invited.
    let guest = app.company("Guest").await;
    let stranger = app.company("Stranger").await;
    let rival = tender.member(&app, "Rival", &["buy"]).await;
    let operator = app.operator().await;
    let invitations = json!([invited.id, guest.id]);
    let request =
        |seen_by: &str, invited: &Value| json!({"procedure": {"visibility": seen_by}, "invitations": invited});
    let to_portal = tender.published(request("portal", &json!([]))).await;
    let to_invited = tender.published(request("invited", &invitations)).await;
    let to_both = tender.published(request("both", &invitations)).await;
    //              portal, invited, both
    for (name, reader, expected) in [
        ("supplier", &supplier.owner, [true, false, true]),
        ("invited", &invited.owner, [true, true, true]),
        ("guest", &guest.owner, [false, true, true]),
        ("stranger", &stranger.owner, [false, false, false]),
        ("rival", &rival.owner, [false, false, false]),
        ("operator", &operator, [true, true, true]),
    ] {
        let mut known = [false; 3];
        for (known, rfq) in known.iter_mut().zip([&to_portal, &to_invited, &to_both]) {
            *known = knows(reader, &tender, rfq).await;
        }
        assert_eq!(known, expected, "{name}");
    }
    let quote = tender.quote(&["500", "700"], json!({}));
    for (by, rfq) in [(&supplier, &to_invited), (&guest, &to_portal), (&stranger, &to_both), (&rival, &to_portal)] {
        let refused = by.owner.post(&format!("{rfq}/quotes?submit=true"), quote.clone()).await;
        refused.problem(404, "not-found");
        by.owner.post(&format!("{rfq}/questions"), json!({"text": "Which?"})).await.problem(404, "not-found");
    }
    tender.quoted(&guest, &to_invited, &["500", "700"], json!({})).await;
    app.until(async || heard(&guest.owner, &to_invited).await == ["rfq.published", "quote.submitted"]).await;
    assert!(heard(&supplier.owner, &to_invited).await.is_empty() && heard(&stranger.owner, &to_both).await.is_empty());
    app.anonymous().get(&to_portal).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn nobody_from_outside_a_closed_portal_is_invited_and_nobody_invites_itself() {
    let app = TestApp::start().await;
    let buyer = app.company("Buyer").await;
    let tender = app.tender_of(buyer, "closed").await;
    let member = tender.supplier(&app, "Member").await;
    let outsider = app.company("Outsider").await;
    let body = tender.request(json!({"invitations": [member.id, outsider.id]}));
    let refused = tender.buyer.owner.post(&tender.path("rfqs"), body).await.problem(409, "outsider-invited");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 1, "{refused}");
    assert_eq!(refused["errors"][0]["pointer"], "/invitations/1");
    let body = tender.request(json!({"invitations": [tender.buyer.id]}));
    tender.buyer.owner.post(&tender.path("rfqs"), body).await.problem(409, "own-request");
    // Nor by an amendment; and for outsiders there is nothing there.
    let rfq = tender.published(json!({"invitations": [member.id]})).await;
    let more = json!({"invitations": [member.id, outsider.id]});
    tender.buyer.owner.edit(&rfq, more).await.problem(409, "outsider-invited");
    assert!(knows(&member.owner, &tender, &rfq).await);
    outsider.owner.get(&rfq).await.problem(404, "not-found");
    outsider.owner.get(&tender.path("rfqs")).await.problem(404, "not-found");
    outsider.owner.get(&tender.path("rfq-subscription")).await.problem(404, "not-found");
}

#[tokio::test]
async fn who_has_left_the_portal_knows_nothing_of_its_requests_any_more() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Supplier").await;
    let rfq = tender.published(json!({})).await;
    let quote = tender.quoted(&supplier, &rfq, &["500", "700"], json!({})).await;
    let suspend = tender.path(&format!("members/{}/suspend", supplier.id));
    app.operator().await.post(&suspend, json!({})).await.expect(200);
    app.until(async || supplier.owner.get(&rfq).await.status == 404).await;
    supplier.owner.patch_if(&quote, "\"1.0\"", json!({"tax_rate": "7"})).await.problem(404, "not-found");
    supplier.owner.post(&format!("{quote}/withdraw"), json!({})).await.problem(404, "not-found");
}

#[tokio::test]
async fn hidden_target_prices_and_who_is_invited_are_shown_to_nobody_else() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (first, second) = (tender.supplier(&app, "First").await, tender.supplier(&app, "Second").await);
    let target = |price: &str, shown: bool| json!({"target_price": price, "show_target": shown});
    let lines = json!([line("Coil", "40", target("612.3456", false)), line("Sheet", "10", target("733.4567", true))]);
    let more = json!({"lines": lines, "invitations": [first.id, second.id], "procedure": {"visibility": "both"}});
    let rfq = tender.published(more).await;
    let own = buyer.get(&rfq).await.expect(200).json();
    assert_eq!(
        (&own["lines"][0]["target_price"], &own["invitations"]),
        (&json!("612.3456"), &json!([first.id, second.id]))
    );

    // Nothing is told of what changes of it.
    let target = |price: &str| json!({"number": 1, "target_price": price});
    let lines = json!([line("Coil", "40", target("598.7654")), own["lines"][1]]);
    let amended = buyer.edit(&rfq, json!({"lines": lines})).await.expect(200).json();
    assert_eq!((&amended["terms_version"], &amended["last_to_confirm"]), (&json!(2), &json!(0)));
    let third = tender.supplier(&app, "Third").await;
    buyer.edit(&rfq, json!({"invitations": [first.id, second.id, third.id]})).await.expect(200);
    app.until(async || heard(&first.owner, &rfq).await.len() == 3).await;

    let seen = first.owner.get(&rfq).await.expect(200).json();
    assert_eq!(
        (&seen["lines"][0]["target_price"], &seen["lines"][1]["target_price"]),
        (&json!(null), &json!("733.4567"))
    );
    assert_eq!((&seen["invitations"], &seen["caller"]["invited"]), (&json!([]), &json!(true)));
    assert_eq!(column(&first.owner, &format!("{rfq}/versions"), "changes").await, [json!([]), json!([]), json!([])]);
    let feed = first.owner.get("/v1/events?limit=200").await.expect(200).text;
    for (name, reader) in [("quoter", &first.owner), ("operator", &app.operator().await)] {
        let mut all = if name == "quoter" { feed.clone() } else { String::new() };
        for part in ["", "/versions", "/questions", "/quotes", "/applications"] {
            all.push_str(&reader.get(&format!("{rfq}{part}")).await.expect(200).text);
        }
        all.push_str(&reader.get(&tender.path("rfqs")).await.expect(200).text);
        assert!(all.contains("733.4567"), "{name}: what is shown is there");
        for secret in ["612.3456", "598.7654", second.id.as_str(), third.id.as_str()] {
            assert!(!all.contains(secret), "{name} reads {secret}");
        }
    }
    first.owner.get(&format!("{rfq}/invitations")).await.problem(403, "forbidden");
    assert_eq!(items(buyer, &format!("{rfq}/invitations")).await.len(), 3);
}
