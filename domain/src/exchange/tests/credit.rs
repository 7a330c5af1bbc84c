//! Bilateral credit.

use super::super::*;
use super::*;

fn limit(company: OrganisationId, counterparty: OrganisationId, limit: Option<Amount>) -> Command {
    Command::SetCredit { company, counterparty, currency: euro(), limit }
}

#[test]
fn an_order_passes_over_those_it_may_not_meet_and_nobody_loses_priority() {
    let mut floor = Floor::open();
    floor.done(limit(CAROL, ALICE, Some(0)));
    let refused = floor.ask(ALICE, 101, 5);
    let other = floor.ask(BOB, 101, 5);
    floor.bid(CAROL, 101, 3);
    assert_eq!(floor.trades(), [(101, 3)]);
    assert_eq!(floor.market.order(BOB, other.order).unwrap().filled, 3);
    floor.bid(BOB, 101, 1);
    assert_eq!(floor.market.order(ALICE, refused.order).unwrap().filled, 1, "Alice is still first");
}

#[test]
fn the_word_of_either_side_counts() {
    for command in [limit(ALICE, CAROL, Some(0)), limit(CAROL, ALICE, Some(0))] {
        let mut floor = Floor::open();
        floor.done(command);
        floor.ask(ALICE, 101, 5);
        floor.bid(CAROL, 101, 5);
        assert!(floor.trades().is_empty());
        assert_eq!(
            (floor.book(Side::Buy), floor.book(Side::Sell)),
            (vec![(101, 5)], vec![(101, 5)]),
            "it may stand crossed"
        );
    }
}

#[test]
fn they_trade_as_much_as_may_be_outstanding_and_more_when_it_is_settled() {
    let mut floor = Floor::open();
    floor.done(limit(ALICE, CAROL, Some(euros(350))));
    floor.ask(ALICE, 101, 5);
    floor.bid(CAROL, 101, 5);
    assert_eq!(floor.trades(), [(101, 3)], "3 × 101 fit into 350");
    floor.done(Command::Settle { trades: vec![TradeNumber(1)] });
    assert_eq!(floor.trades(), [(101, 2)], "what stood crossed trades as soon as it may");
}

#[test]
fn what_was_traded_before_a_limit_is_set_counts() {
    let mut floor = Floor::open();
    floor.ask(ALICE, 100, 3);
    floor.bid(CAROL, 100, 3);
    floor.trades();
    floor.done(limit(ALICE, CAROL, Some(euros(500))));
    floor.ask(ALICE, 100, 5);
    floor.bid(CAROL, 100, 5);
    assert_eq!(floor.trades(), [(100, 2)]);
}

#[test]
fn a_company_may_refuse_all_but_those_it_names() {
    let mut floor = Floor::open();
    floor.done(Command::RefuseOthers { company: CAROL, refuse: true });
    floor.done(limit(CAROL, BOB, Some(euros(1_000))));
    floor.ask(ALICE, 100, 5);
    floor.ask(BOB, 101, 5);
    floor.bid(CAROL, 101, 5);
    assert_eq!(floor.trades(), [(101, 5)]);
}

#[test]
fn a_book_can_be_filtered_to_what_a_member_may_trade_with() {
    let mut floor = Floor::open();
    floor.done(limit(CAROL, ALICE, Some(euros(202))));
    floor.ask(ALICE, 101, 5);
    floor.ask(BOB, 101, 5);
    floor.ask(CAROL, 102, 5);
    let asks = |floor: &Floor, company| {
        let depth = floor.market.depth_for(company, WHEAT, 10).unwrap();
        depth.asks.iter().map(|level| (level.price, level.lots)).collect::<Vec<_>>()
    };
    assert_eq!(asks(&floor, CAROL), [(101, 7)]);
    assert_eq!(asks(&floor, BOB), [(101, 5), (102, 5)]);
    assert_eq!(floor.book(Side::Sell), [(101, 10), (102, 5)]);
}

#[test]
fn fill_or_kill_counts_what_may_be_met() {
    let mut floor = Floor::open();
    floor.done(limit(CAROL, ALICE, Some(euros(202))));
    floor.ask(ALICE, 101, 5);
    floor.ask(BOB, 101, 5);
    let fok = |floor: &mut Floor, lots| NewOrder { time_in_force: TimeInForce::Fok, ..floor.buy(101, lots) };
    let order = fok(&mut floor, 8);
    assert_eq!(floor.place(CAROL, order).state, OrderState::Ended(EndReason::NotFillable));
    let order = fok(&mut floor, 7);
    assert_eq!(floor.place(CAROL, order).state, OrderState::Filled);
}
