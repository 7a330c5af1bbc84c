//! What is refused on entry, each case by its name.

use super::super::*;
use super::*;
use crate::kernel::{Kind, Refusal};

#[test]
fn the_bounds_of_the_band_themselves_are_allowed() {
    let band = Some(Band { up_ppm: 10_000, down_ppm: 200_000 });
    let mut floor = Floor::with(Rules { band, ..rules() });
    for (price, expected) in
        [(79, Err(Rejection::OutsideBand)), (80, Ok(())), (101, Ok(())), (102, Err(Rejection::OutsideBand))]
    {
        let order = floor.buy(price, 1);
        assert_eq!(floor.try_place(ALICE, order).map(drop), expected, "{price}");
    }
}

#[test]
fn prices_and_quantities_beyond_the_range_are_refused_and_its_ends_are_not() {
    let mut floor = Floor::open();
    for price in [i64::MIN, -1, 0, MAX_PRICE + 1, i64::MAX] {
        let order = floor.buy(price, 1);
        assert_eq!(floor.try_place(ALICE, order), Err(Rejection::PriceOutOfRange), "{price}");
        let order = floor.order(Side::Sell, OrderType::Stop { trigger: price, protection: None }, 1);
        assert_eq!(floor.try_place(ALICE, order), Err(Rejection::PriceOutOfRange), "{price}");
    }
    for lots in [0, MAX_LOTS + 1, u64::MAX] {
        let order = floor.buy(100, lots);
        assert_eq!(floor.try_place(ALICE, order), Err(Rejection::LotsOutOfRange), "{lots}");
    }
    floor.bid(ALICE, MIN_PRICE, MAX_LOTS);
    floor.ask(ALICE, MAX_PRICE, 1_000);
    let change = Amendment { lots: Some(u64::MAX), ..Amendment::default() };
    let bid = floor.bid(BOB, MIN_PRICE, MAX_LOTS);
    assert_eq!(floor.amend(BOB, bid.order, change), Err(Rejection::LotsOutOfRange));
    assert_eq!(floor.book(Side::Buy), [(1, 2 * MAX_LOTS)]);
}

#[test]
fn what_does_not_exist_is_refused() {
    let mut floor = Floor::open();
    let order = floor.buy(100, 1);
    let place = |company, instrument| Command::Place { company, instrument, order };
    assert_eq!(floor.apply(&place(ALICE, instrument(9))), Err(Rejection::UnknownInstrument));
    assert_eq!(floor.apply(&place(company(9), WHEAT)), Err(Rejection::UnknownMember));
    let cancel = Command::Cancel { company: ALICE, order: OrderNumber(1 << 24) };
    assert_eq!(floor.apply(&cancel), Err(Rejection::UnknownOrder));
}

#[test]
fn conditions_that_contradict_each_other_are_refused() {
    let mut floor = Floor::open();
    let limit = floor.buy(100, 5);
    let stop = floor.order(Side::Buy, OrderType::Stop { trigger: 110, protection: None }, 5);
    let market = floor.order(Side::Buy, OrderType::Market { protection: None }, 5);
    let iceberg = floor.order(Side::Buy, OrderType::Iceberg { price: 100, display: 2 }, 5);
    for order in [
        NewOrder { post_only: true, time_in_force: TimeInForce::Ioc, ..limit },
        NewOrder { post_only: true, ..market },
        NewOrder { post_only: true, min_quantity: Some(1), ..limit },
        NewOrder { min_quantity: Some(1), time_in_force: TimeInForce::Fok, ..limit },
        NewOrder { min_quantity: Some(1), ..stop },
        NewOrder { time_in_force: TimeInForce::Fok, ..stop },
        NewOrder { time_in_force: TimeInForce::Ioc, ..iceberg },
    ] {
        assert_eq!(floor.try_place(ALICE, order), Err(Rejection::Combination), "{order:?}");
    }
    let order = NewOrder { min_quantity: Some(6), ..limit };
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::MinQuantityOutOfRange));
    let order = NewOrder { order_type: OrderType::Iceberg { price: 100, display: 6 }, ..limit };
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::DisplayOutOfRange));
}

#[test]
fn every_phase_takes_what_it_can_use() {
    let phases = [Phase::PreOpen, Phase::OpeningAuction];
    let mut floor = Floor::new(rules(), &[]);
    let order = floor.buy(100, 1);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::WrongPhase), "closed");
    for to in phases {
        floor.phase(to);
        for time_in_force in [TimeInForce::Ioc, TimeInForce::Fok] {
            let order = NewOrder { time_in_force, ..floor.buy(100, 1) };
            assert_eq!(floor.try_place(ALICE, order), Err(Rejection::WrongPhase), "{to:?}");
        }
        let order = NewOrder { post_only: true, ..floor.buy(100, 1) };
        assert_eq!(floor.try_place(ALICE, order), Err(Rejection::WrongPhase), "{to:?}");
        floor.bid(ALICE, 100, 1);
    }
}

#[test]
fn each_refusal_has_a_problem_with_a_code_of_its_own() {
    let refusal = Refusal::from(Rejection::OffTick);
    assert_eq!((refusal.kind, refusal.faults[0].code), (Kind::OffTick, "off_tick"));
    assert_eq!(refusal.faults[0].pointer, "/price");
    let refusal = Refusal::from(Rejection::Combination);
    assert_eq!((refusal.kind, refusal.faults[0].code), (Kind::InvalidInput, "combination"));
    let refusal = Refusal::from(Rejection::OverLimit);
    assert_eq!((refusal.kind, refusal.faults.len()), (Kind::OverLimit, 0));
}

#[test]
fn public_events_name_no_company() {
    let mut floor = Floor::open();
    floor.ask(ALICE, 101, 5);
    floor.bid(BOB, 101, 3);
    for event in &floor.events {
        if let Event::Public(public) = event {
            let text = format!("{public:?}");
            assert!(!text.contains(&ALICE.to_string()) && !text.contains(&BOB.to_string()));
        }
    }
}

#[test]
fn instruments_are_listed_once_and_keep_what_orders_rely_on() {
    let mut floor = Floor::new(rules(), &[]);
    let list = Command::List { instrument: WHEAT, rules: rules(), reference: None };
    assert_eq!(floor.apply(&list), Err(Rejection::AlreadyExists));
    let change = |rules| Command::ChangeRules { instrument: WHEAT, rules };
    let other_tick = Rules { tick_size: 2.into(), ..rules() };
    assert_eq!(floor.apply(&change(other_tick)), Err(Rejection::RulesFixed));
    let invalid = Rules { lot_size: 0.into(), ..rules() };
    assert_eq!(floor.apply(&change(invalid)), Err(Rejection::InvalidRules));
    floor.done(change(Rules { max_live_orders: Some(1), ..rules() }));
    floor.phase(Phase::PreOpen);
    assert_eq!(floor.apply(&change(rules())), Err(Rejection::WrongPhase));
}
