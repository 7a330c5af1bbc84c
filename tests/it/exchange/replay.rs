//! `torg replay`: a market is made again from its journal and compared with what is kept of it.

use serde_json::json;
use tests::client::Client;
use tests::exchange::{buy, sell};
use tests::nodes::Ground;
use tests::process::Service;

/// Orders that rest, trade in part, are amended and cancelled.
async fn trade(ground: &Ground, node: &Service) {
    let (alice, bob) = (ground.trader(0, node), ground.trader(1, node));
    let path = ground.path("orders");
    let place = async |who: &Client, order| who.post(&path, order).await.expect(201).id();
    place(&alice, sell("50", "601")).await;
    let asked = place(&alice, sell("20", "602")).await;
    place(&bob, buy("60", "602")).await;
    let stop = json!({"side": "buy", "type": "stop", "trigger_price": {"amount": "650", "currency": "EUR"},
        "quantity": {"value": "5", "unit": "TNE"}});
    place(&bob, stop).await;
    let bid = place(&bob, buy("30", "590")).await;
    let order = format!("/v1/exchange/orders/{bid}");
    let change = json!({"quantity": {"value": "25", "unit": "TNE"}, "price": {"amount": "591", "currency": "EUR"}});
    bob.send(bob.request(reqwest::Method::PATCH, &order).json(&change)).await.expect(200);
    bob.delete(&order).await.expect(200);
    alice.get(&format!("/v1/exchange/orders/{asked}")).await.expect(200);
}

#[tokio::test]
async fn a_market_agrees_with_its_journal_while_it_trades_and_after_it_was_handed_over() {
    let ground = Ground::prepare(2).await;
    let node = ground.node().await;
    trade(&ground, &node).await;
    ground.agrees().await;
    // The exchange was prepared by another node, which left a snapshot behind.
    let (is_well, told) = ground.replay(Some(&ground.exchange.slug)).await;
    assert!(is_well && told.contains("1 snapshots agree") && told.contains("2 live orders"), "{told}");
    node.signal("TERM");
    assert!(node.ended().await.success());
    let (is_well, told) = ground.replay(Some(&ground.exchange.portal_id)).await;
    assert!(is_well && told.contains("2 snapshots agree"), "{told}");

    let node = ground.node().await;
    trade(&ground, &node).await;
    ground.agrees().await;
    let (is_well, told) = ground.replay(Some("nowhere")).await;
    assert!(!is_well && told.contains("nowhere has no market"), "{told}");
}

#[tokio::test]
async fn the_first_difference_is_told_whatever_was_changed() {
    let ground = Ground::prepare(2).await;
    let node = ground.node().await;
    trade(&ground, &node).await;
    ground.agrees().await;
    let changes = [
        ("UPDATE exchange_order SET filled = filled + 1 WHERE state = 'live' AND filled > 0", "filled is 3, and 2"),
        ("DELETE FROM exchange_order WHERE end_reason = 'cancelled'", "is missing"),
        ("UPDATE exchange_trade SET price = price - 1 WHERE number = 1", "price is 1201, and 1202"),
        ("INSERT INTO exchange_trade SELECT gen_random_uuid(), stream_id, instrument_id, 9, session, price, lots, aggressor,
             buyer_id, seller_id, buy_order_id, sell_order_id, at, entry, buy_position, sell_position, buy_open, sell_open
         FROM exchange_trade LIMIT 1", "the journal knows of none"),
        ("UPDATE exchange_step SET reason = 'expired' WHERE kind = 'ended'", "reason is"),
        ("UPDATE exchange_candle SET turnover = turnover + 1 WHERE resolution = '1h'", "turnover is"),
        ("UPDATE journal_snapshot SET state = state || '\\x00'::bytea", "snapshot"),
    ];
    for (change, told) in changes {
        ground.sql(&format!("CREATE SCHEMA kept; CREATE TABLE kept.a AS TABLE exchange_order; CREATE TABLE kept.b AS TABLE exchange_trade;
            CREATE TABLE kept.c AS TABLE exchange_step; CREATE TABLE kept.d AS TABLE exchange_candle; {change}")).await;
        let (is_well, said) = ground.replay(None).await;
        assert!(!is_well && said.contains(told), "{change}: {said}");
        ground.sql("TRUNCATE exchange_order, exchange_trade, exchange_step, exchange_candle; INSERT INTO exchange_order TABLE kept.a;
            INSERT INTO exchange_trade TABLE kept.b; INSERT INTO exchange_step TABLE kept.c;
            INSERT INTO exchange_candle TABLE kept.d; DROP SCHEMA kept CASCADE").await;
    }
}
