//! Orders are amended.

use super::super::*;
use super::*;

fn lots(lots: Lots) -> Amendment {
    Amendment { lots: Some(lots), ..Amendment::default() }
}

fn price(price: Price) -> Amendment {
    Amendment { price: Some(price), ..Amendment::default() }
}

/// Alice and Bob offer 5 each at 101, Alice first; after her change somebody buys 1: whose is it?
fn first_after(change: Amendment) -> OrganisationId {
    let mut floor = Floor::open();
    let alice = floor.ask(ALICE, 101, 5);
    let bob = floor.ask(BOB, 101, 5);
    floor.amend(ALICE, alice.order, change).unwrap();
    floor.bid(CAROL, 101, 1);
    if floor.market.order(BOB, bob.order).unwrap().filled == 1 { BOB } else { ALICE }
}

#[test]
fn a_smaller_total_keeps_priority_and_anything_else_goes_to_the_back() {
    assert_eq!(first_after(lots(2)), ALICE);
    assert_eq!(first_after(lots(5)), ALICE);
    assert_eq!(first_after(lots(6)), BOB);
    assert_eq!(first_after(price(102)), BOB);
}

#[test]
fn another_price_may_trade_at_once() {
    let mut floor = Floor::open();
    floor.ask(ALICE, 103, 5);
    let bid = floor.bid(BOB, 101, 5);
    floor.amend(BOB, bid.order, price(103)).unwrap();
    assert_eq!(floor.trades(), [(103, 5)]);
}

#[test]
fn a_quantity_is_the_total_and_no_more_than_what_is_filled_ends_the_order() {
    let mut floor = Floor::open();
    let ask = floor.ask(ALICE, 101, 5);
    floor.bid(BOB, 101, 2);
    let Ok(Answer::Order(report)) = floor.amend(ALICE, ask.order, lots(4)) else { panic!() };
    assert_eq!((report.filled, report.open), (2, 2));
    let Ok(Answer::Order(report)) = floor.amend(ALICE, ask.order, lots(2)) else { panic!() };
    assert_eq!((report.state, report.filled), (OrderState::Ended(EndReason::Reduced), 2));
    assert_eq!(floor.amend(ALICE, ask.order, lots(9)), Err(Rejection::OrderEnded));
}

#[test]
fn a_filled_order_and_that_of_another_company_cannot_be_amended() {
    let mut floor = Floor::open();
    let ask = floor.ask(ALICE, 101, 5);
    assert_eq!(floor.amend(BOB, ask.order, lots(4)), Err(Rejection::UnknownOrder));
    floor.bid(BOB, 101, 5);
    assert_eq!(floor.amend(ALICE, ask.order, lots(4)), Err(Rejection::OrderEnded));
    assert_eq!(floor.amend(BOB, ask.order, lots(4)), Err(Rejection::UnknownOrder), "ended ones of others neither");
    assert_eq!(floor.amend(ALICE, OrderNumber(u64::MAX), lots(4)), Err(Rejection::UnknownOrder));
}

#[test]
fn a_reduced_iceberg_shows_no_more_than_is_open() {
    let mut floor = Floor::open();
    let order = floor.order(Side::Sell, OrderType::Iceberg { price: 101, display: 3 }, 9);
    let iceberg = floor.place(ALICE, order);
    floor.amend(ALICE, iceberg.order, lots(2)).unwrap();
    assert_eq!(floor.book(Side::Sell), [(101, 2)]);
}
