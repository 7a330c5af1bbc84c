use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Answer;
use tests::given::Company;
use tests::sourcing::{Tender, id_of, line, offer, submit};

use super::column;

/// A tender with a request and a supplier.
struct Asked {
    app: TestApp,
    tender: Tender,
    supplier: Company,
    rfq: String,
}

impl Asked {
    async fn for_this(more: Value) -> Self {
        let app = TestApp::start().await;
        let tender = app.tender().await;
        let supplier = tender.supplier(&app, "Supplier").await;
        let rfq = tender.published(more).await;
        Self { app, tender, supplier, rfq }
    }

    async fn try_offers(&self, offers: Value) -> Answer {
        self.try_quote(json!({"offers": offers})).await
    }

    async fn try_quote(&self, more: Value) -> Answer {
        let body = self.tender.quote(&["500", "700"], more);
        self.supplier.owner.post(&format!("{}/quotes?submit=true", self.rfq), body).await
    }
}

#[tokio::test]
async fn units_that_convert_are_converted_and_others_refused() {
    let asked = Asked::for_this(json!({})).await;
    let kilograms = json!({"unit": "KGM", "quantity": "25000", "least_quantity": "5000"});
    let pieces = asked.try_offers(json!([offer(1, "0.5", json!({"unit": "C62"}))])).await.problem(422, "unit-mismatch");
    assert_eq!(pieces["errors"][0]["pointer"], "/offers/0/unit");
    assert_eq!(
        asked.try_offers(json!([offer(1, "0.5", json!({"unit": "XYZ"}))])).await.faults(),
        ["/offers/0/unit unit"]
    );
    // What would have to be rounded is not converted: a pound is 0.45359237 kg.
    let pounds = asked.try_offers(json!([offer(1, "0.25", json!({"unit": "LBR"}))])).await;
    assert_eq!(pounds.faults(), ["/offers/0/unit inexact"]);
    let rfq = &asked.rfq;
    let body = asked.tender.quote(&[], json!({"offers": [offer(1, "0.6125", kilograms), offer(2, "700", json!({}))]}));
    let quote = submit(&asked.supplier.owner, rfq, body).await;
    let shown = asked.supplier.owner.get(&quote).await.expect(200).json();
    assert_eq!(shown["content"]["offers"][0]["unit"], "KGM", "it is shown as it was stated");
    asked.tender.evaluated(&asked.app, rfq).await;
    let compared = asked.tender.buyer.owner.get(&format!("{rfq}/comparison")).await.expect(200).json();
    let cell = &compared["cells"][0][0][0];
    assert_eq!((&cell["unit_price"], &cell["quantity"]), (&json!("612.50"), &json!("25")));
    assert_eq!(cell["stated"], json!({"unit_price": "0.6125", "unit": "KGM"}));
}

#[tokio::test]
async fn absurd_numbers_are_refused_with_all_that_are() {
    let asked = Asked::for_this(json!({})).await;
    for price in ["0", "0.0000001", "-1", "1000000000000000", "99999999999999999999999999999999"] {
        let faults = asked.try_offers(json!([offer(1, price, json!({}))])).await.faults();
        assert!(faults.len() == 1 && faults[0].starts_with("/offers/0/unit_price "), "{price}: {faults:?}");
    }
    for price in ["1e3", "NaN", "", "1,5", ".5", "+1", "0x10", "１"] {
        let faults = asked.try_offers(json!([offer(1, price, json!({}))])).await.faults();
        assert!(faults.len() == 1 && faults[0].starts_with("/offers/0/unit_price "), "{price}: {faults:?}");
    }
    let odd = json!({
        "currency": "EUR", "tax_rate": "101", "freight": "-1", "least_lines_percent": "100.5",
        "whole_discount_percent": "100",
        "valid_until": asked.tender.day(-1),
        "offers": [
            offer(1, "500", json!({"quantity": "0"})), offer(2, "700", json!({"quantity": "11"})),
            offer(9, "700", json!({})), offer(2, "701", json!({})),
        ]
    });
    let expected = [
        "/freight negative",
        "/least_lines_percent out_of_range",
        "/offers/0/quantity not_positive",
        "/offers/1/quantity above_asked",
        "/offers/2/line unknown",
        "/offers/3/line twice",
        "/tax_rate out_of_range",
        "/valid_until too_short",
        "/whole_discount_percent out_of_range",
    ];
    assert_eq!(asked.try_quote(odd).await.faults(), expected);
    // Each number alone may be; together they are more than can be compared.
    let huge = json!([offer(1, "20000000000000", json!({})), offer(2, "50000000000000", json!({}))]);
    let faults = asked.try_offers(huge).await.faults();
    assert!(faults.len() == 1 && faults[0].starts_with("/offers "), "{faults:?}");
    let tiers = json!([{"from": "30", "unit_price": "480"}, {"from": "20", "unit_price": "490"}]);
    let faults = asked.try_offers(json!([offer(1, "500", json!({"tiers": tiers}))])).await.faults();
    assert!(faults.len() == 1 && faults[0].starts_with("/offers/0/tiers/1"), "{faults:?}");
    asked.try_quote(json!({"currency": "USD"})).await.problem(422, "currency-mismatch");
    assert_eq!(asked.app.count("SELECT count(*) FROM quote").await, 0);
}

#[tokio::test]
async fn parts_and_alternatives_are_taken_where_the_request_says_so() {
    let asked = Asked::for_this(json!({"procedure": {"partial_quotes": false, "alternatives": false}})).await;
    assert_eq!(asked.try_offers(json!([offer(1, "500", json!({}))])).await.faults(), ["/offers line_missing"]);
    let part = json!([offer(1, "500", json!({"quantity": "20"})), offer(2, "700", json!({}))]);
    assert_eq!(asked.try_offers(part).await.faults(), ["/offers/0/quantity partial"]);
    let instead = json!({"kind": "equivalent", "description": "S275JR"});
    let other = json!([offer(1, "500", json!({})), offer(1, "480", instead.clone()), offer(2, "700", json!({}))]);
    assert_eq!(asked.try_offers(other).await.faults(), ["/offers/1/kind alternatives_not_taken"]);

    let tender = &asked.tender;
    let open = tender.published(json!({})).await;
    let body = tender.quote(
        &[],
        json!({"offers": [
            offer(1, "500", json!({"quantity": "20", "least_quantity": "10"})), offer(1, "480", instead),
            offer(1, "470", json!({"kind": "alternative"})),
        ]}),
    );
    let path = format!("{open}/quotes?submit=true");
    let refused = asked.supplier.owner.post(&path, body).await;
    assert_eq!(refused.faults(), ["/offers/2/description required"]);
    let least =
        tender.quote(&[], json!({"offers": [offer(1, "500", json!({"quantity": "20", "least_quantity": "21"}))]}));
    assert_eq!(asked.supplier.owner.post(&path, least).await.faults(), ["/offers/0/least_quantity above_offered"]);
    let body = tender.quote(
        &[],
        json!({"offers": [
            offer(1, "480", json!({"kind": "equivalent", "description": "S275JR"})),
            offer(1, "500", json!({"quantity": "20", "least_quantity": "10"})),
        ]}),
    );
    let quote = submit(&asked.supplier.owner, &open, body).await;
    let kinds: Vec<Value> = {
        let shown = asked.supplier.owner.get(&quote).await.expect(200).json();
        shown["content"]["offers"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect()
    };
    assert_eq!(kinds, [json!("as_asked"), json!("equivalent")]);
}

#[tokio::test]
async fn what_the_prices_do_not_cover_is_said() {
    let asked = Asked::for_this(json!({})).await;
    let ex_works = json!({"incoterm": "EXW", "place": "Dortmund"});
    assert_eq!(asked.try_quote(ex_works).await.faults(), ["/freight required"]);
    assert_eq!(asked.try_quote(json!({"incoterm": "XXX"})).await.faults(), ["/incoterm incoterm"]);
    asked.try_quote(json!({"incoterm": "EXW", "place": "Dortmund", "freight": "1200.00"})).await.expect(201);
}

#[tokio::test]
async fn documents_of_another_company_are_not_quoted() {
    let asked =
        Asked::for_this(json!({"lines": [line("Coil", "40", json!({})), line("Sheet", "10", json!({}))]})).await;
    let rival = asked.tender.supplier(&asked.app, "Rival").await;
    let document = |title: &str| json!({"title": title, "visibility": "owner"});
    let foreign = rival.owner.upload(document("Theirs")).await.expect(201).id();
    let public = rival.owner.upload(json!({"title": "For all", "visibility": "public"})).await.expect(201).id();
    let own = asked.supplier.owner.upload(document("Own")).await.expect(201).id();
    let odd = json!({
        "technical_documents": [own, foreign], "commercial_documents": [public],
        "offers": [offer(1, "500", json!({"documents": [foreign]})), offer(2, "700", json!({}))]
    });
    let expected =
        ["/commercial_documents/0 unknown", "/offers/0/documents/0 unknown", "/technical_documents/1 unknown"];
    assert_eq!(asked.try_quote(odd).await.faults(), expected);
    let quote = asked.try_quote(json!({"technical_documents": [own]})).await.expect(201).header("location");
    let twice = json!({"technical_documents": [own, own]});
    assert_eq!(asked.supplier.owner.edit(&quote, twice).await.faults(), ["/technical_documents twice"]);
    // The buyer reads it once it is open, another quoter never.
    let path = format!("/v1/documents/{own}");
    asked.tender.buyer.owner.get(&path).await.problem(404, "not-found");
    asked.tender.evaluated(&asked.app, &asked.rfq).await;
    asked.tender.buyer.owner.get(&path).await.expect(200);
    rival.owner.get(&path).await.problem(404, "not-found");
    let ids = column(&asked.tender.buyer.owner, &format!("{}/quotes", asked.rfq), "id").await;
    assert_eq!(ids, [json!(id_of(&quote))]);
}
