//! Retries by `client_order_id`.

use super::super::*;
use super::*;

#[test]
fn a_retry_returns_what_happened_to_the_first_and_trades_nothing_twice() {
    let mut floor = Floor::open();
    floor.ask(BOB, 101, 9);
    let order = floor.buy(101, 3);
    let first = floor.place(ALICE, order);
    let hash = floor.market.state_hash();
    let again = floor.place(ALICE, order);
    assert_eq!(again, OrderReport { replayed: true, ..first });
    assert_eq!((floor.trades(), floor.market.state_hash()), (vec![(101, 3)], hash));
}

#[test]
fn a_retry_is_answered_in_any_phase_and_tells_what_happened_since() {
    let mut floor = Floor::open();
    let order = floor.buy(101, 3);
    let first = floor.place(ALICE, order);
    floor.done(Command::Cancel { company: ALICE, order: first.order });
    floor.phase(Phase::Closed);
    let again = floor.place(ALICE, order);
    assert_eq!((again.order, again.state), (first.order, OrderState::Ended(EndReason::Cancelled)));
}

#[test]
fn another_order_of_the_same_name_is_refused_and_another_company_may_use_it() {
    let mut floor = Floor::open();
    let order = floor.buy(101, 3);
    floor.place(ALICE, order);
    assert_eq!(floor.try_place(ALICE, NewOrder { lots: 4, ..order }), Err(Rejection::ClientOrderIdUsed));
    assert_eq!(floor.try_place(ALICE, NewOrder { side: Side::Sell, ..order }), Err(Rejection::ClientOrderIdUsed));
    assert!(!floor.place(BOB, order).replayed);
}

#[test]
fn a_refused_order_leaves_its_name_free() {
    let mut floor = Floor::open();
    let order = NewOrder { post_only: true, ..floor.buy(101, 3) };
    let ask = floor.ask(BOB, 101, 1);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::WouldTrade));
    floor.done(Command::Cancel { company: BOB, order: ask.order });
    assert!(!floor.place(ALICE, order).replayed);
}

#[test]
fn of_each_company_the_last_ended_orders_are_remembered() {
    let mut floor = Floor::remembering(2);
    let place_and_cancel = |floor: &mut Floor, company, order: NewOrder| {
        let report = floor.place(company, order);
        floor.apply(&Command::Cancel { company, order: report.order }).map(drop)
    };
    let orders: Vec<_> = (0..3).map(|_| floor.buy(101, 1)).collect();
    for &order in &orders {
        place_and_cancel(&mut floor, ALICE, order).unwrap();
    }
    for _ in 0..5 {
        let order = floor.buy(101, 1);
        place_and_cancel(&mut floor, BOB, order).unwrap();
    }
    assert!(floor.place(ALICE, orders[1]).replayed && floor.place(ALICE, orders[2]).replayed);
    assert!(!floor.place(ALICE, orders[0]).replayed, "forgotten: the name may be used again");
    let restored = Market::restore(&floor.market.snapshot()).unwrap();
    assert_eq!(restored.state_hash(), floor.market.state_hash());
}

/// Whether they rise or not, and whether they are so young that the table does not have them yet or older.
#[test]
fn names_in_any_order_are_known_until_they_are_forgotten() {
    for keep in [3, 50] {
        let mut floor = Floor::remembering(keep);
        let orders: Vec<_> = (0..100).map(|_| floor.buy(101, 1)).collect();
        let mut remembered = std::collections::VecDeque::new();
        let mut draw: u32 = 1;
        for step in 0..1_000 {
            draw = draw.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            let order = orders[(draw >> 16) as usize % 100];
            let name = order.client_order_id;
            let report = floor.place(ALICE, order);
            assert_eq!(report.replayed, remembered.contains(&name), "{name} in step {step}");
            if !report.replayed {
                floor.done(Command::Cancel { company: ALICE, order: report.order });
                remembered.push_back(name);
                remembered.drain(..remembered.len().saturating_sub(keep as usize));
            }
        }
    }
}

/// More of them than the first table of names holds, which grows as they are read.
#[test]
fn all_names_are_known_after_a_restart() {
    let mut floor = Floor::open();
    let orders: Vec<_> = (0..500).map(|number| floor.buy(90 + number % 7, 1)).collect();
    for (number, &order) in orders.iter().enumerate() {
        let report = floor.place(ALICE, order);
        if number.is_multiple_of(3) {
            floor.done(Command::Cancel { company: ALICE, order: report.order });
        }
    }
    floor.market = Market::restore(&floor.market.snapshot()).unwrap();
    for order in orders {
        assert!(floor.place(ALICE, order).replayed);
    }
}
