use serde_json::{Value, json};
use tests::app::TestApp;
use tests::sourcing::{id_of, offer, state, submit};

use super::told;

#[tokio::test]
async fn scores_and_what_else_it_costs_change_the_ranking() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let criteria = json!([
        {"kind": "price", "weight": "50"}, {"kind": "lead_time", "weight": "20"},
        {"kind": "score", "key": "quality", "name": {"en": "Quality"}, "weight": "30"},
    ]);
    let rfq = tender.published(json!({"criteria": criteria})).await;
    let first = tender.quoted(&one, &rfq, &["500", "700"], json!({})).await;
    let quick = json!([offer(1, "550", json!({"lead_time_days": 7})), offer(2, "770", json!({"lead_time_days": 3}))]);
    let second = tender.quoted(&two, &rfq, &[], json!({"offers": quick})).await;
    buyer.get(&format!("{first}/evaluation")).await.problem(404, "not-found");
    tender.evaluated(&app, &rfq).await;
    let ranking = async || buyer.get(&format!("{rfq}/comparison")).await.expect(200).json();
    // 50 + 20 × 7 ÷ 14 + 0; 50 × 32130 ÷ 35343 + 20 + 0
    let before = ranking().await;
    let scores: Vec<&Value> = before["quotes"].as_array().unwrap().iter().map(|one| &one["score"]["total"]).collect();
    assert_eq!(scores, ["60", "65.4546"]);

    let path = format!("{first}/evaluation");
    let empty = buyer.get(&path).await.expect(200);
    assert_eq!(empty.json(), json!({"scores": {}, "allowance": null, "accepted": [], "note": null}));
    let said = json!({"scores": {"quality": "85.50"}, "allowance": "1200.5", "note": "Good references."});
    let kept = buyer.put_if(&path, &empty.etag(), said.clone()).await.expect(200);
    assert_eq!((&kept.json()["scores"]["quality"], &kept.json()["allowance"]), (&json!("85.5"), &json!("1200.50")));
    buyer.put_if(&path, &empty.etag(), said.clone()).await.problem(412, "precondition-failed");
    buyer.put(&path, said.clone()).await.problem(428, "precondition-required");
    let after = ranking().await;
    assert_eq!(after["ranking"][0], id_of(&first));
    let quote = &after["quotes"][0];
    assert_eq!((&quote["fixed"]["amount"], &quote["total"]["amount"]), (&json!("1200.50"), &json!("33330.50")));
    let points = &quote["score"]["points"][2];
    assert_eq!(
        (&points["key"], &points["own"], &points["weighted"]),
        (&json!("quality"), &json!("85.5"), &json!("25.65"))
    );

    // What the buyer says is its own.
    one.owner.get(&path).await.problem(403, "forbidden");
    two.owner.get(&path).await.problem(404, "not-found");
    app.operator().await.get(&path).await.problem(403, "forbidden");
    let viewer = app.person(&tender.buyer, &["viewer"]).await.owner;
    viewer.put_if(&path, &viewer.etag(&path).await, said).await.problem(403, "forbidden");
    assert_eq!(told(&app, buyer, "rfq.quote_evaluated").await.len(), 1);
    assert!(!one.owner.get("/v1/events?limit=200").await.text.contains("rfq.quote_evaluated"));
    assert_eq!(after["ranking"][1], id_of(&second));
}

#[tokio::test]
async fn all_faults_of_what_is_said_are_told_at_once() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let supplier = tender.supplier(&app, "Supplier").await;
    let criteria = json!([
        {"kind": "price", "weight": "50"},
        {"kind": "score", "key": "quality", "name": {"en": "Quality"}, "weight": "50"},
    ]);
    let rfq = tender.published(json!({"criteria": criteria})).await;
    let quote = tender.quoted(&supplier, &rfq, &["500", "700"], json!({})).await;
    tender.evaluated(&app, &rfq).await;
    let path = format!("{quote}/evaluation");
    let odd = json!({
        "scores": {"quality": "101", "price": "50", "beauty": "5"}, "allowance": "-1",
        "accepted": [{"line": 1, "variant": 1}]
    });
    let faults = buyer.put_if(&path, &buyer.etag(&path).await, odd).await.faults();
    for pointer in ["/accepted/0 ", "/allowance ", "/scores/beauty ", "/scores/price ", "/scores/quality "] {
        assert!(faults.iter().any(|fault| fault.starts_with(pointer)), "{pointer}: {faults:?}");
    }
    assert_eq!(buyer.get(&path).await.json()["scores"], json!({}));
}

#[tokio::test]
async fn an_alternative_competes_once_the_buyer_accepts_it() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let rfq = tender.published(json!({})).await;
    let first = tender.quoted(&one, &rfq, &["500", "700"], json!({})).await;
    let instead = json!({"kind": "equivalent", "description": "S275JR"});
    let body = tender.quote(
        &[],
        json!({"offers": [offer(1, "520", json!({})), offer(1, "400", instead), offer(2, "700", json!({}))]}),
    );
    let second = submit(&two.owner, &rfq, body).await;
    tender.evaluated(&app, &rfq).await;
    let compare = async || buyer.get(&format!("{rfq}/comparison")).await.expect(200).json();
    let before = compare().await;
    assert_eq!(before["ranking"], json!([id_of(&first), id_of(&second)]));
    let cell = before["cells"][0][1].as_array().unwrap();
    assert_eq!(
        (&cell[1]["variant"], &cell[1]["counts"], &cell[0]["is_best"]),
        (&json!(1), &json!(false), &json!(true))
    );
    let path = format!("{second}/evaluation");
    let accepted = json!({"accepted": [{"line": 1, "variant": 1}]});
    buyer.put_if(&path, &buyer.etag(&path).await, accepted).await.expect(200);
    let after = compare().await;
    assert_eq!(after["ranking"], json!([id_of(&second), id_of(&first)]));
    assert_eq!(after["cells"][0][1][1]["is_best"], true);
}

#[tokio::test]
async fn an_excluded_quote_is_out_and_its_quoter_reads_why() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let rfq = tender.published(json!({})).await;
    let first = tender.quoted(&one, &rfq, &["500", "700"], json!({})).await;
    let second = tender.quoted(&two, &rfq, &["510", "710"], json!({})).await;
    let (path, why) = (format!("{first}/exclude"), json!({"reason": "The grade does not fit."}));
    buyer.post(&path, why.clone()).await.problem(404, "not-found");
    tender.evaluated(&app, &rfq).await;
    two.owner.post(&path, why.clone()).await.problem(404, "not-found");
    one.owner.post(&path, why.clone()).await.problem(403, "forbidden");
    assert_eq!(buyer.post(&path, json!({})).await.faults(), ["/reason required"]);
    buyer.post(&path, why.clone()).await.expect(200);
    assert_eq!(one.owner.get(&first).await.expect(200).json()["reason"], why["reason"]);
    assert_eq!(state(&one.owner, &first).await, "not_awarded");
    let compared = buyer.get(&format!("{rfq}/comparison")).await.expect(200).json();
    assert_eq!(compared["ranking"], json!([id_of(&second)]));
    let award = |quote: &str| json!({"quote_id": id_of(quote), "reason": "Best."});
    let refused = buyer.post(&format!("{rfq}/award"), award(&first)).await.problem(409, "quote-not-standing");
    assert_eq!(refused["errors"][0]["pointer"], "/quote_id");
    let offer = json!({"lines": [{"line": 1, "unit_price": "450"}]});
    buyer.post(&format!("{first}/counter"), offer).await.problem(409, "wrong-state");
    buyer.put_if(&format!("{first}/evaluation"), "\"0.0\"", json!({})).await.problem(409, "wrong-state");
    buyer.post(&format!("{rfq}/award"), award(&second)).await.expect(201);
    buyer.post(&format!("{second}/exclude"), why).await.problem(409, "wrong-state");
}
