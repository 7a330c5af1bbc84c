//! Limits, holdings, caps.

use super::super::*;
use super::*;

fn guaranteed(guarantee: Guarantee) -> Floor {
    let band = Some(Band { up_ppm: 100_000, down_ppm: 100_000 });
    let mut floor = Floor::with(Rules { guarantee, band, ..rules() });
    for company in [ALICE, BOB] {
        floor.done(Command::SetLimit { company, currency: euro(), amount: euros(1_000) });
        floor.done(Command::SetHolding { company, instrument: WHEAT, lots: 20 });
    }
    floor
}

fn account(floor: &Floor) -> (Amount, Amount) {
    let account = floor.market.account(ALICE, euro()).unwrap();
    (account.reserved / euros(1), account.unsettled / euros(1))
}

#[test]
fn open_orders_and_unsettled_trades_of_a_buyer_stay_within_its_limit() {
    let mut floor = guaranteed(Guarantee::Limit);
    floor.bid(ALICE, 100, 6);
    assert_eq!(account(&floor), (600, 0));
    let order = floor.buy(100, 5);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::OverLimit));
    floor.ask(BOB, 95, 6);
    assert_eq!(account(&floor), (0, 600), "trades are at the resting price");
    let order = floor.buy(100, 5);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::OverLimit));
    floor.bid(ALICE, 100, 4);
    floor.done(Command::Settle { trades: vec![TradeNumber(1)] });
    assert_eq!(account(&floor), (400, 0));
    assert_eq!(floor.apply(&Command::Settle { trades: vec![TradeNumber(1)] }), Err(Rejection::UnknownTrade));
}

#[test]
fn a_better_price_sets_the_difference_free() {
    let mut floor = guaranteed(Guarantee::Limit);
    floor.ask(BOB, 95, 4);
    floor.bid(ALICE, 100, 10);
    assert_eq!(account(&floor), (600, 380));
}

#[test]
fn without_a_limit_nothing_is_bought_where_one_is_asked_for() {
    let mut floor = guaranteed(Guarantee::Limit);
    let order = floor.buy(91, 1);
    assert_eq!(floor.try_place(CAROL, order), Err(Rejection::OverLimit));
    floor.ask(CAROL, 101, 1);
}

#[test]
fn a_market_order_binds_the_bound_of_the_band_or_its_protection() {
    let mut floor = guaranteed(Guarantee::Limit);
    floor.ask(BOB, 95, 20);
    let market = |floor: &mut Floor, protection, lots| floor.order(Side::Buy, OrderType::Market { protection }, lots);
    let order = market(&mut floor, None, 10);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::OverLimit), "10 at 110");
    let order = market(&mut floor, Some(100), 10);
    assert_eq!(floor.place(ALICE, order).filled, 10);
    let mut floor = Floor::with(Rules { guarantee: Guarantee::Limit, ..rules() });
    let order = market(&mut floor, None, 1);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::NeedsProtection));
}

#[test]
fn with_full_guarantee_sellers_reserve_what_they_have_deposited() {
    let mut floor = guaranteed(Guarantee::Full);
    floor.ask(BOB, 101, 15);
    let order = floor.sell(101, 6);
    assert_eq!(floor.try_place(BOB, order), Err(Rejection::InsufficientHoldings));
    let less = Command::SetHolding { company: BOB, instrument: WHEAT, lots: 14 };
    assert_eq!(floor.apply(&less), Err(Rejection::HoldingsReserved));
    floor.bid(ALICE, 101, 5);
    let position = floor.market.position(BOB, WHEAT).unwrap();
    assert_eq!((position.reserved, position.sold, position.deposited), (10, 5, 20));
    floor.done(Command::Settle { trades: vec![TradeNumber(1)] });
    let position = floor.market.position(BOB, WHEAT).unwrap();
    assert_eq!((position.reserved, position.sold, position.deposited), (10, 0, 15));
}

#[test]
fn an_amendment_binds_and_frees_the_difference() {
    let mut floor = guaranteed(Guarantee::Limit);
    let bid = floor.bid(ALICE, 100, 6);
    let lots = |lots| Amendment { lots: Some(lots), ..Amendment::default() };
    assert_eq!(floor.amend(ALICE, bid.order, lots(11)), Err(Rejection::OverLimit));
    floor.amend(ALICE, bid.order, lots(10)).unwrap();
    assert_eq!(account(&floor), (1_000, 0));
    floor.amend(ALICE, bid.order, lots(2)).unwrap();
    assert_eq!(account(&floor), (200, 0));
    floor.done(Command::SetLimit { company: ALICE, currency: euro(), amount: 0 });
    floor.amend(ALICE, bid.order, lots(1)).unwrap();
    floor.done(Command::Cancel { company: ALICE, order: bid.order });
    assert_eq!(account(&floor), (0, 0));
}

#[test]
fn an_instrument_caps_live_orders_and_lots_per_session() {
    let mut floor = Floor::with(Rules { max_live_orders: Some(2), max_session_lots: Some(10), ..rules() });
    let first = floor.bid(ALICE, 100, 4);
    floor.bid(ALICE, 99, 4);
    let order = floor.buy(98, 1);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::TooManyOrders));
    floor.ask(BOB, 100, 4);
    let order = floor.buy(98, 3);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::TooManyLots), "4 are traded, 4 open");
    let order = floor.buy(98, 2);
    floor.place(ALICE, order);
    assert_eq!(floor.state(ALICE, first), OrderState::Filled);
    floor.phase(Phase::Closed);
    floor.phase(Phase::PreOpen);
    floor.done(Command::CancelAll { company: ALICE, instrument: None });
    floor.bid(ALICE, 98, 10);
}

#[test]
fn amounts_at_the_end_of_the_range_are_refused() {
    let mut floor = Floor::with(Rules { tick_size: 1_000_000.into(), ..rules() });
    let order = floor.buy(MAX_PRICE, MAX_LOTS);
    assert_eq!(floor.try_place(ALICE, order), Err(Rejection::AmountOutOfRange));
    let too_much = Command::SetLimit { company: ALICE, currency: euro(), amount: MAX_AMOUNT + 1 };
    assert_eq!(floor.apply(&too_much), Err(Rejection::AmountOutOfRange));
    let negative = Command::SetLimit { company: ALICE, currency: euro(), amount: -1 };
    assert_eq!(floor.apply(&negative), Err(Rejection::AmountOutOfRange));
}
