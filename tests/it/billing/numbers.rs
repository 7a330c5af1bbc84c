use std::collections::BTreeSet;

use futures::future::join_all;
use serde_json::json;
use tests::app::TestApp;

/// Sixteen invoices of one seller at once, four of which are refused in between: the numbers have no gaps.
#[tokio::test]
async fn numbers_have_no_gaps_under_concurrency() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "2.00")]).await;
    let lines = [(&bolt, "1")];
    let contracts = join_all((0..16).map(|_| trade.fulfilled(&lines))).await;
    let doubled = contracts.iter().chain(&contracts[..4]);
    let answers =
        join_all(doubled.map(|contract| seller.post("/v1/invoices", json!({"contract_id": contract, "issue": true}))))
            .await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!((made.len(), refused.len()), (16, 4));
    let numbers: BTreeSet<String> =
        made.iter().map(|answer| answer.json()["number"].as_str().expect("a number").to_owned()).collect();
    let year = &made[0].json()["issue_date"].as_str().expect("a date")[..4].to_owned();
    let expected: BTreeSet<String> = (1..=16).map(|n| format!("INV{year}-{n:06}")).collect();
    assert_eq!(numbers, expected);
}
