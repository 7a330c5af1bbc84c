//! Call auctions.

use super::super::*;
use super::*;

fn call() -> Floor {
    Floor::new(rules(), &[Phase::PreOpen, Phase::OpeningAuction])
}

/// The price at which these bids and asks trade in the opening auction, the reference being 100, and the volume.
fn opening(bids: &[(Price, Lots)], asks: &[(Price, Lots)]) -> Option<(Price, Lots)> {
    let mut floor = call();
    for &(price, lots) in bids {
        floor.bid(ALICE, price, lots);
    }
    for &(price, lots) in asks {
        floor.ask(BOB, price, lots);
    }
    assert!(floor.trades().is_empty(), "nothing trades before the call ends");
    let indicative = floor.market.status(WHEAT).unwrap().indicative;
    floor.phase(Phase::Continuous);
    let trades = floor.trades();
    let volume = trades.iter().map(|(_, lots)| lots).sum();
    let first = trades.first().map(|&(price, _)| (price, volume));
    assert!(trades.iter().all(|(price, _)| Some(*price) == first.map(|(price, _)| price)), "one price for all");
    assert_eq!(indicative.and_then(|call| Some((call.price?, call.lots))), first, "the indicative price was true");
    first
}

#[test]
fn the_call_trades_the_largest_volume() {
    assert_eq!(opening(&[(105, 10), (103, 10)], &[(101, 5), (103, 15)]), Some((103, 20)));
    assert_eq!(opening(&[(99, 10)], &[(101, 5)]), None);
}

#[test]
fn of_equal_volumes_the_smallest_surplus_decides() {
    // At 101 and 102 trade 10 lots; at 102 only 10 buy, at 101 20 do.
    assert_eq!(opening(&[(102, 10), (101, 10)], &[(101, 10)]), Some((102, 10)));
}

#[test]
fn then_the_side_of_the_surplus_decides() {
    assert_eq!(opening(&[(105, 15)], &[(101, 10)]), Some((105, 10)), "more buyers: the highest");
    assert_eq!(opening(&[(105, 10)], &[(101, 15)]), Some((101, 10)), "more sellers: the lowest");
}

#[test]
fn then_the_nearest_to_the_reference_price_and_then_the_lower_one() {
    assert_eq!(opening(&[(105, 10)], &[(101, 10)]), Some((101, 10)));
    assert_eq!(opening(&[(99, 10)], &[(95, 10)]), Some((99, 10)));
    assert_eq!(opening(&[(105, 10)], &[(95, 10)]), Some((100, 10)), "the reference itself, if it lies between");
}

#[test]
fn market_orders_go_first_and_what_is_left_of_them_is_cancelled() {
    let mut floor = call();
    floor.bid(ALICE, 102, 5);
    let order = floor.order(Side::Buy, OrderType::Market { protection: None }, 4);
    let market = floor.place(CAROL, order);
    floor.ask(BOB, 101, 6);
    floor.phase(Phase::Continuous);
    assert_eq!(floor.state(CAROL, market), OrderState::Filled);
    assert_eq!(floor.trades(), [(102, 4), (102, 2)]);
    assert_eq!(floor.book(Side::Buy), [(102, 3)]);
    let mut floor = call();
    let order = floor.order(Side::Buy, OrderType::Market { protection: None }, 4);
    let market = floor.place(CAROL, order);
    floor.phase(Phase::Continuous);
    assert_eq!(floor.state(CAROL, market), OrderState::Ended(EndReason::Unfilled));
}

#[test]
fn market_orders_alone_trade_at_the_reference_price() {
    let mut floor = call();
    for (company, side) in [(ALICE, Side::Buy), (BOB, Side::Sell)] {
        let order = floor.order(side, OrderType::Market { protection: None }, 4);
        floor.place(company, order);
    }
    floor.phase(Phase::Continuous);
    assert_eq!(floor.trades(), [(100, 4)]);
}

#[test]
fn own_orders_do_not_meet_in_a_call_either() {
    let mut floor = call();
    let first = floor.bid(ALICE, 101, 5);
    floor.ask(ALICE, 100, 5);
    floor.phase(Phase::Continuous);
    assert!(floor.trades().is_empty());
    assert_eq!(floor.state(ALICE, first), OrderState::Ended(EndReason::SelfTrade), "the older one is the resting one");
    assert_eq!(floor.book(Side::Sell), [(100, 5)]);
}

#[test]
fn the_indicative_price_is_told_as_it_changes() {
    let mut floor = call();
    floor.bid(ALICE, 102, 5);
    floor.ask(BOB, 101, 3);
    let told = floor.events.iter().filter_map(|event| match event {
        Event::Public(Public::Indicative { price, lots, surplus, surplus_side, .. }) => {
            Some((*price, *lots, *surplus, *surplus_side))
        }
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), [(Some(102), 3, 2, Some(Side::Buy))]);
}

#[test]
fn orders_for_one_call_take_part_in_that_call_only() {
    let mut floor = Floor::new(rules(), &[Phase::PreOpen]);
    let order = NewOrder { time_in_force: TimeInForce::AtOpen, ..floor.buy(101, 5) };
    let at_open = floor.place(ALICE, order);
    let order = NewOrder { time_in_force: TimeInForce::AtClose, ..floor.buy(101, 5) };
    let at_close = floor.place(ALICE, order);
    assert_eq!(floor.book(Side::Buy), [(101, 5)]);
    floor.phase(Phase::OpeningAuction);
    floor.phase(Phase::Continuous);
    assert_eq!(floor.state(ALICE, at_open), OrderState::Ended(EndReason::Expired));
    let order = NewOrder { time_in_force: TimeInForce::AtOpen, ..floor.buy(101, 5) };
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::WrongPhase));
    assert_eq!(floor.state(ALICE, at_close), OrderState::AwaitingClose);
    floor.ask(BOB, 101, 2);
    assert!(floor.trades().is_empty(), "it waits for the closing auction");
    floor.phase(Phase::ClosingAuction);
    floor.phase(Phase::Closed);
    assert_eq!(floor.trades(), [(101, 2)]);
    assert_eq!(floor.state(ALICE, at_close), OrderState::Ended(EndReason::Expired));
}

#[test]
fn after_a_halt_orders_for_one_call_stay_out_of_the_other() {
    let mut floor = Floor::open();
    let order = NewOrder { time_in_force: TimeInForce::AtClose, ..floor.buy(101, 5) };
    let at_close = floor.place(ALICE, order);
    floor.phase(Phase::ClosingAuction);
    assert_eq!(floor.book(Side::Buy), [(101, 5)]);
    floor.done(Command::Halt { instrument: WHEAT, reason: HaltReason::Technical });
    floor.phase(Phase::Continuous);
    assert_eq!(floor.state(ALICE, at_close), OrderState::AwaitingClose);
    floor.ask(BOB, 101, 1);
    assert!(floor.trades().is_empty());
    floor.phase(Phase::ClosingAuction);
    floor.phase(Phase::Closed);
    assert_eq!(floor.trades(), [(101, 1)]);
}
