//! Orders meet the book.

use super::super::*;
use super::*;

#[test]
fn price_goes_before_time_and_trades_are_at_the_resting_price() {
    let mut floor = Floor::open();
    floor.ask(ALICE, 102, 5);
    floor.ask(ALICE, 101, 5);
    let second = floor.ask(BOB, 101, 5);
    let taker = floor.bid(CAROL, 102, 12);
    assert_eq!(floor.trades(), [(101, 5), (101, 5), (102, 2)]);
    assert_eq!((taker.state, taker.filled, taker.turnover), (OrderState::Filled, 12, 101 * 10 + 102 * 2));
    assert_eq!(floor.state(BOB, second), OrderState::Filled);
    assert_eq!(floor.book(Side::Sell), [(102, 3)]);
}

#[test]
fn what_is_left_of_a_market_order_is_cancelled() {
    let mut floor = Floor::open();
    floor.ask(ALICE, 101, 5);
    let market = floor.order(Side::Buy, OrderType::Market { protection: None }, 8);
    let report = floor.place(BOB, market);
    assert_eq!((report.state, report.filled, report.open), (OrderState::Ended(EndReason::Unfilled), 5, 3));
    assert!(floor.book(Side::Buy).is_empty());
}

#[test]
fn a_market_order_with_protection_stops_there_and_rests() {
    let mut floor = Floor::open();
    floor.ask(ALICE, 101, 5);
    floor.ask(ALICE, 104, 5);
    let market = floor.order(Side::Buy, OrderType::Market { protection: Some(103) }, 8);
    let report = floor.place(BOB, market);
    assert_eq!((report.state, report.filled), (OrderState::Resting, 5));
    assert_eq!(floor.book(Side::Buy), [(103, 3)]);
}

#[test]
fn a_minimum_that_is_not_reached_on_entry_cancels_the_whole_order_and_nothing_trades() {
    let mut floor = Floor::open();
    floor.ask(ALICE, 101, 5);
    let order = NewOrder { min_quantity: Some(6), ..floor.buy(101, 10) };
    let report = floor.place(BOB, order);
    assert_eq!((report.state, report.filled), (OrderState::Ended(EndReason::MinQuantity), 0));
    assert!(floor.trades().is_empty());
    let order = NewOrder { min_quantity: Some(5), ..floor.buy(101, 10) };
    let report = floor.place(BOB, order);
    assert_eq!((report.state, report.filled, report.open), (OrderState::Resting, 5, 5));
}

#[test]
fn fill_or_kill_is_all_or_nothing_over_any_levels() {
    let mut floor = Floor::open();
    floor.ask(ALICE, 101, 5);
    floor.ask(ALICE, 103, 5);
    let fok = |floor: &mut Floor, lots| NewOrder { time_in_force: TimeInForce::Fok, ..floor.buy(103, lots) };
    let order = fok(&mut floor, 11);
    let report = floor.place(BOB, order);
    assert_eq!((report.state, report.filled), (OrderState::Ended(EndReason::NotFillable), 0));
    let order = fok(&mut floor, 10);
    assert_eq!(floor.place(BOB, order).state, OrderState::Filled);
    assert_eq!(floor.trades(), [(101, 5), (103, 5)]);
}

#[test]
fn immediate_or_cancel_takes_what_is_there() {
    let mut floor = Floor::open();
    floor.ask(ALICE, 101, 5);
    let order = NewOrder { time_in_force: TimeInForce::Ioc, ..floor.buy(102, 9) };
    let report = floor.place(BOB, order);
    assert_eq!((report.filled, report.state), (5, OrderState::Ended(EndReason::Unfilled)));
}

#[test]
fn post_only_is_refused_where_it_would_trade() {
    let mut floor = Floor::open();
    floor.ask(ALICE, 101, 5);
    let order = NewOrder { post_only: true, ..floor.buy(101, 1) };
    assert_eq!(floor.try_place(BOB, order), Err(Rejection::WouldTrade));
    let order = NewOrder { post_only: true, ..floor.buy(100, 1) };
    let resting = floor.place(BOB, order);
    let change = Amendment { price: Some(101), ..Amendment::default() };
    assert_eq!(floor.amend(BOB, resting.order, change), Err(Rejection::WouldTrade));
}

#[test]
fn the_next_slice_of_an_iceberg_goes_behind_what_waits_also_within_one_command() {
    let mut floor = Floor::open();
    let iceberg = floor.order(Side::Sell, OrderType::Iceberg { price: 101, display: 2 }, 6);
    let iceberg = floor.place(ALICE, iceberg);
    let plain = floor.ask(BOB, 101, 3);
    assert_eq!(floor.book(Side::Sell), [(101, 5)]);
    floor.trades();
    floor.bid(CAROL, 101, 6);
    assert_eq!(floor.trades(), [(101, 2), (101, 3), (101, 1)]);
    assert_eq!(floor.state(BOB, plain), OrderState::Filled);
    assert_eq!(floor.book(Side::Sell), [(101, 1)]);
    assert_eq!(floor.market.order(ALICE, iceberg.order).unwrap().open, 3);
    floor.bid(CAROL, 101, 3);
    assert_eq!(floor.trades(), [(101, 1), (101, 2)]);
}

/// Alice's order of 5 at 101, Bob's of 5 behind it; Alice buys 8 at 101.
fn self_trade(mode: SelfTrade) -> (Floor, OrderReport, Result<OrderReport, Rejection>) {
    let mut floor = Floor::with(Rules { self_trade: mode, ..rules() });
    let resting = floor.ask(ALICE, 101, 5);
    floor.ask(BOB, 101, 5);
    let order = floor.buy(101, 8);
    let incoming = floor.try_place(ALICE, order);
    (floor, resting, incoming)
}

#[test]
fn of_two_own_orders_the_instrument_says_which_gives_way() {
    let (mut floor, resting, incoming) = self_trade(SelfTrade::CancelResting);
    assert_eq!(floor.trades(), [(101, 5)]);
    assert_eq!(floor.state(ALICE, resting), OrderState::Ended(EndReason::SelfTrade));
    assert_eq!(incoming.unwrap().open, 3);

    let (mut floor, resting, incoming) = self_trade(SelfTrade::CancelIncoming);
    assert_eq!(incoming, Err(Rejection::OwnOrdersCross));
    assert!(floor.trades().is_empty());
    assert_eq!(floor.state(ALICE, resting), OrderState::Resting);

    let (mut floor, resting, incoming) = self_trade(SelfTrade::CancelBoth);
    assert!(floor.trades().is_empty());
    assert_eq!(floor.state(ALICE, resting), OrderState::Ended(EndReason::SelfTrade));
    assert_eq!(incoming.unwrap().state, OrderState::Ended(EndReason::SelfTrade));

    let (mut floor, resting, incoming) = self_trade(SelfTrade::Decrement);
    assert_eq!(floor.trades(), [(101, 3)]);
    assert_eq!(floor.state(ALICE, resting), OrderState::Ended(EndReason::SelfTrade));
    assert_eq!(incoming.unwrap().state, OrderState::Filled);
}

#[test]
fn an_incoming_order_that_reaches_an_own_one_after_others_keeps_its_trades() {
    let mut floor = Floor::with(Rules { self_trade: SelfTrade::CancelIncoming, ..rules() });
    floor.ask(BOB, 101, 5);
    floor.ask(ALICE, 101, 5);
    let report = floor.bid(ALICE, 101, 8);
    assert_eq!((report.filled, report.state), (5, OrderState::Ended(EndReason::SelfTrade)));
}

#[test]
fn companies_of_one_group_do_not_trade_with_each_other() {
    let mut floor = Floor::open();
    for company in [ALICE, BOB] {
        floor.done(Command::Admit { company, group: Some(GroupId(1)) });
    }
    let resting = floor.ask(ALICE, 101, 5);
    floor.bid(BOB, 101, 5);
    assert!(floor.trades().is_empty());
    assert_eq!(floor.state(ALICE, resting), OrderState::Ended(EndReason::SelfTrade));
}

#[test]
fn when_one_of_two_linked_orders_trades_the_other_is_cancelled_in_the_same_step() {
    let mut floor = Floor::open();
    let low = floor.ask(ALICE, 101, 5);
    let order = NewOrder { linked_to: Some(low.order), ..floor.sell(102, 5) };
    let high = floor.place(ALICE, order);
    // The second would be in reach of the same order, but trades no more.
    let taker = floor.bid(BOB, 102, 8);
    assert_eq!(floor.trades(), [(101, 5)]);
    assert_eq!(taker.open, 3);
    assert_eq!(floor.state(ALICE, high), OrderState::Ended(EndReason::Linked));
    assert!(floor.book(Side::Sell).is_empty());
}

#[test]
fn when_one_of_two_linked_orders_ends_the_other_is_cancelled() {
    let mut floor = Floor::open();
    let one = floor.ask(ALICE, 101, 5);
    let order = NewOrder { linked_to: Some(one.order), ..floor.sell(102, 5) };
    let other = floor.place(ALICE, order);
    let order = NewOrder { linked_to: Some(one.order), ..floor.sell(103, 5) };
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::CannotLink), "linked already");
    floor.done(Command::Cancel { company: ALICE, order: other.order });
    assert_eq!(floor.state(ALICE, one), OrderState::Ended(EndReason::Linked));
}

#[test]
fn a_minimum_is_counted_behind_what_an_own_order_takes_away() {
    let mut floor = Floor::with(Rules { self_trade: SelfTrade::Decrement, ..rules() });
    floor.ask(ALICE, 101, 2);
    floor.ask(BOB, 101, 4);
    let order = NewOrder { min_quantity: Some(4), ..floor.buy(101, 6) };
    let report = floor.place(ALICE, order);
    assert_eq!((report.state, report.filled), (OrderState::Filled, 4));
    floor.ask(ALICE, 101, 2);
    floor.ask(BOB, 101, 4);
    let order = NewOrder { min_quantity: Some(5), ..floor.buy(101, 6) };
    assert_eq!(floor.place(ALICE, order).state, OrderState::Ended(EndReason::MinQuantity));
}
