//! Phases, volatility, halts, the end of orders by time.

use super::super::*;
use super::*;

#[test]
fn a_trade_that_would_move_the_price_too_far_starts_a_volatility_auction_instead() {
    let mut floor = Floor::with(Rules { volatility_ppm: Some(30_000), ..rules() });
    floor.ask(ALICE, 103, 2);
    floor.ask(ALICE, 104, 5);
    let taker = floor.bid(BOB, 105, 5);
    assert_eq!(floor.trades(), [(103, 2)], "3 % of 100 are allowed, 4 % are not");
    assert_eq!(floor.current(), Phase::VolatilityAuction);
    assert_eq!(floor.state(BOB, taker), OrderState::Resting);
    floor.phase(Phase::Continuous);
    assert_eq!(floor.trades(), [(104, 3)]);
    assert_eq!(floor.current(), Phase::Continuous);
}

#[test]
fn an_immediate_order_starts_the_volatility_auction_and_takes_no_part() {
    let mut floor = Floor::with(Rules { volatility_ppm: Some(30_000), ..rules() });
    floor.ask(ALICE, 104, 5);
    let order = NewOrder { time_in_force: TimeInForce::Ioc, ..floor.buy(104, 5) };
    assert_eq!(floor.place(BOB, order).state, OrderState::Ended(EndReason::Unfilled));
    assert_eq!(floor.current(), Phase::VolatilityAuction);
}

#[test]
fn day_orders_end_with_the_session_and_the_last_price_becomes_the_reference() {
    let mut floor = Floor::open();
    let order = NewOrder { time_in_force: TimeInForce::Day, ..floor.buy(98, 1) };
    let day = floor.place(ALICE, order);
    let gtc = floor.bid(ALICE, 97, 1);
    floor.ask(ALICE, 103, 1);
    floor.bid(BOB, 103, 1);
    floor.phase(Phase::ClosingAuction);
    floor.phase(Phase::Closed);
    assert_eq!(floor.state(ALICE, day), OrderState::Ended(EndReason::Expired));
    assert_eq!(floor.state(ALICE, gtc), OrderState::Resting);
    let status = floor.market.status(WHEAT).unwrap();
    assert_eq!((status.session, status.reference), (2, Some(103)));
}

#[test]
fn gtd_orders_end_at_their_instant() {
    let mut floor = Floor::open();
    let until =
        |floor: &mut Floor, seconds| NewOrder { time_in_force: TimeInForce::Gtd(at(seconds)), ..floor.buy(98, 1) };
    let order = until(&mut floor, 0);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::AlreadyExpired));
    let order = until(&mut floor, 10);
    let soon = floor.place(ALICE, order);
    let order = until(&mut floor, 20);
    let later = floor.place(ALICE, order);
    assert_eq!(floor.market.next_expiry(), Some(at(10)));
    floor.now = 10;
    assert_eq!(floor.done(Command::Expire), Answer::Ended(1));
    assert_eq!(floor.state(ALICE, soon), OrderState::Ended(EndReason::Expired));
    assert_eq!(floor.state(ALICE, later), OrderState::Resting);
    assert_eq!(floor.market.next_expiry(), Some(at(20)));
}

#[test]
fn in_a_halt_orders_may_be_cancelled_and_nothing_else() {
    let mut floor = Floor::open();
    let bid = floor.bid(ALICE, 98, 2);
    floor.done(Command::Halt { instrument: WHEAT, reason: HaltReason::News });
    let told = floor.events.iter().any(|event| {
        matches!(event, Event::Public(Public::Phase { halted_for: Some(HaltReason::News), to: Phase::Halted, .. }))
    });
    assert!(told);
    let order = floor.buy(98, 1);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::WrongPhase));
    let less = Amendment { lots: Some(1), ..Amendment::default() };
    assert_eq!(floor.amend(ALICE, bid.order, less), Err(Rejection::WrongPhase));
    floor.done(Command::Cancel { company: ALICE, order: bid.order });
    floor.phase(Phase::Continuous);
}

#[test]
fn a_halted_call_uncrosses_when_it_goes_on() {
    let mut floor = Floor::new(rules(), &[Phase::PreOpen, Phase::OpeningAuction]);
    floor.bid(ALICE, 101, 2);
    floor.ask(BOB, 100, 2);
    floor.done(Command::Halt { instrument: WHEAT, reason: HaltReason::Technical });
    floor.phase(Phase::Continuous);
    assert_eq!(floor.trades(), [(100, 2)]);
}

#[test]
fn phases_that_do_not_follow_are_refused() {
    let mut floor = Floor::open();
    for to in [Phase::Continuous, Phase::PreOpen, Phase::OpeningAuction, Phase::VolatilityAuction, Phase::Halted] {
        let refused = floor.apply(&Command::ChangePhase { instrument: WHEAT, to });
        assert_eq!(refused, Err(Rejection::WrongPhase), "{to:?}");
    }
}

#[test]
fn orders_outside_a_moved_band_end() {
    let band = Some(Band { up_ppm: 50_000, down_ppm: 50_000 });
    let mut floor = Floor::with(Rules { band, ..rules() });
    let low = floor.bid(ALICE, 95, 1);
    let inside = floor.bid(ALICE, 98, 1);
    floor.phase(Phase::Closed);
    floor.done(Command::SetReference { instrument: WHEAT, price: 102 });
    assert_eq!(floor.state(ALICE, low), OrderState::Ended(EndReason::OutsideBand));
    assert_eq!(floor.state(ALICE, inside), OrderState::Resting);
}

#[test]
fn a_suspended_company_loses_its_orders_and_sends_none() {
    let mut floor = Floor::open();
    let bid = floor.bid(ALICE, 98, 1);
    assert_eq!(floor.done(Command::Suspend { company: ALICE }), Answer::Ended(1));
    assert_eq!(floor.state(ALICE, bid), OrderState::Ended(EndReason::Suspended));
    let order = floor.buy(98, 1);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::MemberSuspended));
    floor.done(Command::Reinstate { company: ALICE });
    floor.place(ALICE, order);
}

#[test]
fn all_orders_of_a_company_are_cancelled_at_once() {
    let mut floor = Floor::open();
    let other = InstrumentId(uuid::Uuid::from_u128(2));
    floor.done(Command::List { instrument: other, rules: rules(), reference: None });
    for price in 90..95 {
        floor.bid(ALICE, price, 1);
    }
    floor.bid(BOB, 90, 1);
    assert_eq!(floor.done(Command::CancelAll { company: ALICE, instrument: Some(other) }), Answer::Ended(0));
    assert_eq!(floor.done(Command::CancelAll { company: ALICE, instrument: None }), Answer::Ended(5));
    assert_eq!(floor.book(Side::Buy), [(90, 1)]);
}
