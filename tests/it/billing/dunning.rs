use serde_json::{Value, json};
use tests::app::TestApp;
use tests::feed;

#[tokio::test]
async fn an_overdue_invoice_rises_from_level_to_level_until_it_is_paid() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let path = format!("/v1/organisations/{}/dunning-levels", trade.seller.id);
    buyer.get(&path).await.problem(404, "not-found");
    let put = async |levels: Value| seller.put_if(&path, &seller.etag(&path).await, json!({"levels": levels})).await;
    let odd = json!([{"days": 7, "text": "a"}, {"days": 7, "fee": {"amount": "0", "currency": "EUR"}, "text": "b"}]);
    assert_eq!(put(odd).await.faults(), ["/levels/1/fee not_positive"]);
    let odd = json!([{"days": 7, "text": "a"}, {"days": 7, "text": "b"}]);
    assert_eq!(put(odd).await.faults(), ["/levels/1/days not_rising"]);
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    // It was issued before there were levels.
    let invoice = trade.invoice(&[(&bolt, "1")]).await;
    // They may be set at the very moment in which it is issued: it is looked at in any case.
    let looked_at = "SELECT count(*) FROM timer JOIN invoice ON invoice.id = subject_id
        WHERE timer.kind = 'invoice.dunning' AND due_at = (due_date + 1)::timestamp AT TIME ZONE 'UTC'";
    assert_eq!(app.count(looked_at).await, 1);
    put(json!([{"days": 7, "text": "Surely an oversight."},
        {"days": 21, "fee": {"amount": "5.00", "currency": "EUR"}, "text": "The last time."}]))
    .await
    .expect(200);
    let url = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
    let overdue = async |days: i32| {
        app.sql(&format!("UPDATE invoice SET due_date = (now() AT TIME ZONE 'UTC')::date - {days}")).await;
        app.sql("UPDATE timer SET due_at = now() WHERE kind = 'invoice.dunning'").await;
    };
    let waits = "SELECT count(*) FROM timer WHERE kind = 'invoice.dunning' AND due_at > now()";
    overdue(6).await;
    app.until(async || app.count(waits).await == 1).await;
    assert_eq!(buyer.get(&url).await.json()["dunning"], json!([]));
    for (days, level) in [(8, 1), (21, 2)] {
        overdue(days).await;
        app.until(async || buyer.get(&url).await.json()["dunning"].as_array().unwrap().len() == level).await;
    }
    let notice = buyer.get(&url).await.json()["dunning"][1].clone();
    assert_eq!((&notice["level"], &notice["fee"]["amount"]), (&json!(2), &json!("5.00")));
    assert_eq!(app.count("SELECT count(*) FROM mail WHERE subject LIKE 'Reminder 2 of invoice INV%'").await, 1);
    assert_eq!(feed::told(&app, buyer, "invoice.dunned", 2).await.len(), 2);
    // A paid invoice is left alone, and so is one before its time.
    let paid = trade.invoice(&[(&bolt, "1")]).await;
    trade.paid("11.90", Some(&paid)).await;
    overdue(100).await;
    let due = "SELECT count(*) FROM timer WHERE kind = 'invoice.dunning' AND due_at <= now()";
    app.until(async || app.count(due).await == 0).await;
    let url = format!("/v1/invoices/{}", paid["id"].as_str().unwrap());
    assert_eq!(buyer.get(&url).await.json()["dunning"], json!([]));
}
