//! Stops.

use super::super::*;
use super::*;

fn stop(floor: &mut Floor, side: Side, trigger: Price, lots: Lots) -> NewOrder {
    floor.order(side, OrderType::Stop { trigger, protection: None }, lots)
}

/// A trade at that price between Bob and Carol.
fn print(floor: &mut Floor, price: Price) {
    floor.ask(BOB, price, 1);
    floor.bid(CAROL, price, 1);
}

#[test]
fn a_stop_is_elected_by_a_print_after_the_triggering_command() {
    let mut floor = Floor::open();
    let order = stop(&mut floor, Side::Buy, 102, 3);
    let waiting = floor.place(ALICE, order);
    assert_eq!(waiting.state, OrderState::AwaitingTrigger);
    floor.ask(BOB, 102, 2);
    floor.ask(BOB, 103, 5);
    let taker = floor.bid(CAROL, 103, 4);
    assert_eq!(taker.filled, 4, "the triggering order goes first, as far as it reaches");
    assert_eq!(floor.trades(), [(102, 2), (103, 2), (103, 3)]);
    assert_eq!(floor.state(ALICE, waiting), OrderState::Filled);
}

#[test]
fn of_several_elected_by_one_print_the_one_furthest_through_goes_first_then_the_older() {
    let mut floor = Floor::open();
    let mut stops = Vec::new();
    for trigger in [101, 103, 102, 103] {
        let order = NewOrder { order_type: OrderType::StopLimit { trigger, price: 90 }, ..floor.sell(90, 1) };
        stops.push(floor.place(ALICE, order).order);
    }
    print(&mut floor, 101);
    let elected = floor.events.iter().filter_map(|event| match event {
        Event::Private(Private { what: What::Elected { order }, .. }) => Some(*order),
        _ => None,
    });
    assert_eq!(elected.collect::<Vec<_>>(), [stops[1], stops[3], stops[2], stops[0]]);
    assert_eq!(floor.book(Side::Sell), [(90, 4)]);
}

#[test]
fn a_stop_whose_trigger_is_reached_on_entry_runs_at_once() {
    let mut floor = Floor::open();
    print(&mut floor, 101);
    floor.ask(BOB, 103, 5);
    let order = stop(&mut floor, Side::Buy, 101, 2);
    assert_eq!(floor.place(ALICE, order).state, OrderState::Filled);
    let order = stop(&mut floor, Side::Sell, 100, 2);
    assert_eq!(floor.place(ALICE, order).state, OrderState::AwaitingTrigger);
}

#[test]
fn what_elected_stops_trade_elects_others() {
    let mut floor = Floor::open();
    for price in [99, 98, 97] {
        floor.bid(BOB, price, 1);
    }
    for trigger in [99, 98] {
        let order = stop(&mut floor, Side::Sell, trigger, 1);
        floor.place(ALICE, order);
    }
    floor.ask(CAROL, 99, 1);
    assert_eq!(floor.trades(), [(99, 1), (98, 1), (97, 1)]);
}

#[test]
fn amending_the_trigger_to_what_is_reached_runs_the_stop() {
    let mut floor = Floor::open();
    print(&mut floor, 101);
    floor.ask(BOB, 103, 5);
    let order = stop(&mut floor, Side::Buy, 105, 2);
    let waiting = floor.place(ALICE, order);
    let change = Amendment { trigger: Some(101), ..Amendment::default() };
    floor.amend(ALICE, waiting.order, change).unwrap();
    assert_eq!(floor.state(ALICE, waiting), OrderState::Filled);
}

#[test]
fn one_of_two_linked_stops_cancels_the_other() {
    let mut floor = Floor::open();
    let gain = floor.ask(ALICE, 105, 3);
    let order = NewOrder { linked_to: Some(gain.order), ..stop(&mut floor, Side::Sell, 95, 3) };
    let loss = floor.place(ALICE, order);
    floor.bid(BOB, 105, 1);
    assert_eq!(floor.state(ALICE, loss), OrderState::Ended(EndReason::Linked));
    assert_eq!(floor.state(ALICE, gain), OrderState::Resting);
}
