use serde_json::{Value, json};
use tests::app::TestApp;
use tests::given::Company;
use tests::trade::{Trade, balance};

/// The operator has a company bill so many percent, and one of a category another rate.
async fn charge(app: &TestApp, trade: &Trade, biller: &Company, rates: Value) {
    let path = format!("/v1/portals/{}/commissions", trade.market.slug);
    let body = json!({"billed_by": biller.id, "tax": {"category": "S", "rate": "19"}, "rates": rates});
    let operator = app.operator().await;
    operator.put_if(&path, &operator.etag(&path).await, body).await.expect(200);
}

#[tokio::test]
async fn commission_is_fixed_with_the_sale_given_back_with_a_credit_note_and_billed_by_the_month() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let biller = app.company("Torg").await;
    charge(&app, &trade, &biller, json!([{"percent": "2.5"}])).await;
    let bolt = trade.market.offer(seller, "100", &[("1", "33.33")]).await;
    let contract = trade.fulfilled(&[(&bolt, "10")]).await;
    // What was sold keeps its rate.
    charge(&app, &trade, &biller, json!([{"percent": "50"}])).await;
    let body = json!({"contract_id": contract, "issue": true});
    let invoice = seller.post("/v1/invoices", body).await.expect(201).json();
    let statement = seller.get("/v1/commission-statements").await.expect(200).json()["items"][0].clone();
    let path = format!("/v1/commission-statements/{}", statement["id"].as_str().unwrap());
    let read = seller.get(&path).await.expect(200).json();
    assert_eq!((&read["state"], &read["entries"][0]["amount"]["amount"]), (&json!("open"), &json!("8.33")));
    let line = &invoice["lines"][0]["id"];
    let back =
        json!({"reason": "returned", "lines": [{"invoice_line_id": line, "quantity": {"value": "4", "unit": "C62"}}]});
    let credit = format!("/v1/invoices/{}/credit", invoice["id"].as_str().unwrap());
    seller.post(&credit, back).await.expect(201);
    trade.buyer.owner.get(&path).await.problem(404, "not-found");
    app.sql("UPDATE timer SET due_at = now() WHERE kind = 'commission.statement'").await;
    app.until(async || seller.get(&path).await.json()["state"] == "issued").await;
    let issued = biller.owner.get(&path).await.expect(200).json();
    // 2.5 % of 199.98, and 19 % on that.
    assert_eq!((&issued["net"]["amount"], &issued["gross"]["amount"]), (&json!("5.00"), &json!("5.95")));
    assert!(issued["number"].as_str().unwrap().starts_with("FEE"), "{issued}");
    assert_eq!(balance(seller, "fees").await, "5.00");
    assert_eq!(balance(&biller.owner, "revenue").await, "5.00");
    let more = "INSERT INTO commission_entry SELECT gen_random_uuid(), statement_id, contract_line_id, gen_random_uuid(), 1, now()
        FROM commission_entry LIMIT 1";
    assert!(app.sql_error(more).await.contains("is issued"));
    // What is credited after the month is given back with the next one, to the cent.
    seller.post(&credit, json!({"reason": "the rest"})).await.expect(201);
    let given = app.count("SELECT (sum(amount) * 100)::bigint AS count FROM commission_entry").await;
    assert_eq!((given, app.count("SELECT count(*) FROM commission_statement").await), (0, 2));
}

#[tokio::test]
async fn the_rate_of_the_nearest_category_counts_and_bad_terms_are_refused_with_all_their_faults() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, operator) = (&trade.seller.owner, app.operator().await);
    let biller = app.company("Torg").await;
    let category = async |code: &str, parent: Value| {
        let body = json!({"code": code, "name": {"en": "Things"}, "parent_id": parent});
        operator.post("/v1/categories", body).await.expect(201).id()
    };
    let metal = category("metal", json!(null)).await;
    let bolts = category("bolts", json!(metal)).await;
    charge(&app, &trade, &biller, json!([{"percent": "10"}, {"category_id": metal, "percent": "1"}])).await;
    let offer = async |more: Value| trade.market.offer_with(seller, "10", &[("1", "100.00")], more).await;
    let (bolt, other) = (offer(json!({"category_id": bolts})).await, offer(json!({})).await);
    trade.invoice(&[(&bolt, "1"), (&other, "1")]).await;
    assert_eq!(app.count("SELECT sum(amount)::bigint AS count FROM commission_entry").await, 11);
    let path = format!("/v1/portals/{}/commissions", trade.market.slug);
    let odd = json!({"billed_by": trade.market.portal_id, "tax": {"category": "S", "rate": "101"},
        "rates": [{"percent": "-1"}, {"percent": "1"}, {"category_id": biller.id, "percent": "1"}]});
    let expected = [
        "/billed_by unknown_organisation",
        "/rates/0/percent out_of_range",
        "/rates/1/category_id repeated",
        "/rates/2/category_id unknown_category",
        "/tax/rate out_of_range",
    ];
    let etag = operator.etag(&path).await;
    assert_eq!(operator.put_if(&path, &etag, odd).await.faults(), expected);
}
