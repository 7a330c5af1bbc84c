use futures::future::join_all;
use tests::app::TestApp;
use tests::market::stock;

/// So many answers have each status.
fn counted(statuses: impl IntoIterator<Item = u16>) -> Vec<(u16, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for status in statuses {
        *counts.entry(status).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

// T7
#[tokio::test]
async fn two_buyers_race_for_the_last_unit_and_exactly_one_gets_it() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let rival = trade.market.member(&app, "Rival", &["buy"]).await;
    for _ in 0..5 {
        let last = trade.market.offer(&trade.seller.owner, "1", &[("1", "2.00")]).await;
        let body = trade.market.order(&[(&last, "1")], true);
        let (one, other) = tokio::join!(
            trade.buyer.owner.post("/v1/orders", body.clone()),
            rival.owner.post("/v1/orders", body.clone())
        );
        assert_eq!(counted([one.status.as_u16(), other.status.as_u16()]), [(201, 1), (409, 1)]);
        let loser = if one.status == 409 { one } else { other };
        loser.problem(409, "out-of-stock");
        assert_eq!(stock(&trade.seller.owner, &last).await, ("1".into(), "1".into()));
    }
}

// S7, T7
#[tokio::test]
async fn fifty_race_for_ten_units_and_exactly_ten_get_one() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let rivals = join_all(["A", "B", "C", "D"].map(|name| trade.market.member(&app, name, &["buy"]))).await;
    let buyers: Vec<_> = rivals.iter().chain([&trade.buyer]).collect();
    let lot = trade.market.offer(&trade.seller.owner, "10", &[("1", "2.00")]).await;
    let body = trade.market.order(&[(&lot, "1")], true);
    let calls = (0..50).map(|n| buyers[n % buyers.len()].owner.post("/v1/orders", body.clone()));
    let answers = join_all(calls).await;
    assert_eq!(counted(answers.iter().map(|one| one.status.as_u16())), [(201, 10), (409, 40)]);
    assert_eq!(stock(&trade.seller.owner, &lot).await, ("10".into(), "10".into()));
    assert_eq!(app.count("SELECT count(*) FROM purchase_order WHERE state = 'placed'").await, 10);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type = 'order.placed'").await, 10);
}

#[tokio::test]
async fn sixty_four_orders_at_once_on_a_pool_of_four_are_all_answered() {
    let app = TestApp::start().await;
    assert_eq!((app.config().workers, app.config().connections_per_worker), (1, 4));
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let mut offers = Vec::new();
    for _ in 0..5 {
        offers.push(trade.market.offer(seller, "1000", &[("1", "2.00")]).await);
    }
    // In opposite orders: rows that are locked in the order of the lines would lock each other out.
    let calls = (0..64).map(|n| {
        let mut lines: Vec<_> = offers.iter().map(|offer| (offer, "1")).collect();
        if n % 2 == 1 {
            lines.reverse();
        }
        trade.buyer.owner.post("/v1/orders", trade.market.order(&lines, true))
    });
    let answers = join_all(calls).await;
    assert_eq!(counted(answers.iter().map(|one| one.status.as_u16())), [(201, 64)]);
    for offer in &offers {
        assert_eq!(stock(seller, offer).await, ("1000".into(), "64".into()));
    }
}
