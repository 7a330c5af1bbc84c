use serde_json::json;
use tests::app::TestApp;
use tests::auction_house::{Win, lot};

use super::settlement::Sale;

#[tokio::test]
async fn what_was_not_sold_is_put_up_anew() {
    let app = TestApp::start().await;
    let lots = json!([lot("20", json!({})), lot("5", json!({"reserve_price": "9000"})), lot("7", json!({}))]);
    let sale = Sale::announced(&app, json!({"lots": lots})).await;
    let relist = format!("{}/relist", sale.path);
    sale.seller.owner.post(&relist, json!({})).await.problem(409, "wrong-state");
    app.given_closed_lot(sale.id(), 1, &[Win { company: &sale.first, units: 1, price: 900_000 }], None).await;
    for number in [2, 3] {
        app.given_closed_lot(sale.id(), number, &[], None).await;
    }
    sale.first.owner.post(&relist, json!({})).await.problem(403, "forbidden");
    let made = sale.seller.owner.post(&relist, json!({})).await.expect(201);
    let path = made.header("location");
    let draft = made.json();
    assert_eq!((&draft["state"], &draft["relisted_from"]), (&json!("draft"), &json!(sale.id())));
    let contents: Vec<_> = draft["lots"].as_array().unwrap().iter().map(|one| one["content"].clone()).collect();
    assert_eq!(contents, ["5", "7"]);
    assert_eq!(draft["lots"][0]["reserve_price"], "9000");
    let before = sale.state().await;
    let states: Vec<_> = before["standing"].as_array().unwrap().iter().map(|one| one["state"].clone()).collect();
    assert_eq!((states, &before["state"]), (vec![json!("sold"), json!("relisted"), json!("relisted")], &json!("sold")));
    sale.seller.owner.post(&relist, json!({})).await.problem(409, "wrong-state");
    sale.first.owner.get(&path).await.problem(404, "not-found");
    // It is like any draft from here on.
    let later = json!({"opens_at": "2099-04-01T09:00:00Z", "closes_at": "2099-04-01T12:00:00Z"});
    sale.seller.owner.edit(&path, later).await.expect(200);
    sale.seller.owner.post(&format!("{path}/publish"), json!({})).await.expect(200);
    sale.first.owner.get(&path).await.expect(200);
}
