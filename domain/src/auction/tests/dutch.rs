//! A falling price.

use super::*;

/// From 100 down by 10 a minute; Anna accepts 80 in the third one.
#[test]
fn the_first_to_accept_wins_at_the_price_that_stands() {
    let mut hall = Hall::open(rules(Format::Dutch));
    hall.at(120);
    assert_eq!(hall.view().price, Some(80));
    assert!(hall.try_accept(ANNA, 80, 1).unwrap().leads());
    assert_eq!(hall.result(), sold(ANNA, 80));
    assert_eq!(hall.try_accept(BELA, 80, 1), Err(Rejection::TooLate));
}

#[test]
fn a_bid_that_is_not_the_current_price_is_refused() {
    let mut hall = Hall::open(rules(Format::Dutch));
    hall.at(60);
    for price in [100, 80, 91, 89] {
        assert_eq!(hall.try_accept(ANNA, price, 1), Err(Rejection::NotCurrentPrice), "{price}");
    }
    // The instant of the step belongs to the new price, whether the host has ticked or not.
    hall.now = 120;
    assert_eq!(hall.try_accept(ANNA, 90, 1), Err(Rejection::NotCurrentPrice));
    assert!(hall.try_accept(ANNA, 80, 1).is_ok());
}

#[test]
fn each_fall_is_told_and_at_the_floor_the_lot_stays_unsold() {
    let mut hall = Hall::open(rules(Format::Dutch));
    hall.at(359);
    let prices: Vec<Price> = hall
        .changes(AUCTION, 1)
        .into_iter()
        .filter_map(|change| match change {
            Change::Phase { price, .. } => price,
            Change::Price { price } => Some(price),
            _ => None,
        })
        .collect();
    assert_eq!(prices, [100, 90, 80, 70, 60, 50]);
    hall.now = 360;
    assert_eq!(hall.try_accept(ANNA, 50, 1), Err(Rejection::TooLate));
    hall.at(360);
    assert_eq!(hall.result(), unsold(Outcome::NoBids));
}

#[test]
fn a_host_that_was_down_goes_on_at_the_price_of_the_time() {
    let mut hall = Hall::open(rules(Format::Dutch));
    hall.now = 200;
    hall.done(Command::Tick);
    assert_eq!(hall.changes(AUCTION, 1).last(), Some(&Change::Price { price: 70 }));
    assert_eq!(hall.auctions.due(), Some(at(240)));
}

fn units(pricing: Pricing, undersubscribed: Undersubscribed) -> Hall {
    let mut rules = Rules { pricing, undersubscribed, ..rules(Format::Dutch) };
    rules.lots[0].units = 100;
    Hall::open(rules)
}

/// 100 units: Anna takes 30 at 100, Bela 50 at 90, Carl the last 20 at 80.
#[test]
fn several_units_go_until_they_are_gone() {
    for (pricing, prices) in [(Pricing::PayAsBid, [100, 90, 80]), (Pricing::UniformPrice, [80, 80, 80])] {
        let mut hall = units(pricing, Undersubscribed::GoThrough);
        hall.try_accept(ANNA, 100, 30).unwrap();
        assert_eq!(hall.view().units_left, Some(70));
        hall.at(60);
        hall.try_accept(BELA, 90, 50).unwrap();
        hall.at(120);
        assert_eq!(hall.try_accept(CARL, 80, 21), Err(Rejection::UnitsGone));
        hall.try_accept(CARL, 80, 20).unwrap();
        let expected = vec![(ANNA, 30, prices[0]), (BELA, 50, prices[1]), (CARL, 20, prices[2])];
        assert_eq!(hall.result(), (Outcome::Sold, expected));
    }
}

#[test]
fn an_undersubscribed_sale_goes_through_or_is_cancelled_as_the_setting_says() {
    let mut hall = units(Pricing::PayAsBid, Undersubscribed::GoThrough);
    hall.try_accept(ANNA, 100, 30).unwrap();
    hall.at(360);
    assert_eq!(hall.result(), (Outcome::Sold, vec![(ANNA, 30, 100)]));
    let mut hall = units(Pricing::PayAsBid, Undersubscribed::Cancel);
    hall.try_accept(ANNA, 100, 30).unwrap();
    hall.at(360);
    assert_eq!(hall.result(), unsold(Outcome::Undersubscribed));
}

#[test]
fn units_of_a_struck_out_company_are_there_again() {
    let mut hall = units(Pricing::PayAsBid, Undersubscribed::GoThrough);
    hall.try_accept(ANNA, 100, 60).unwrap();
    hall.done(Command::Suspend { company: ANNA });
    assert_eq!(hall.view().units_left, Some(100));
    hall.try_accept(BELA, 100, 100).unwrap();
    assert_eq!(hall.result(), (Outcome::Sold, vec![(BELA, 100, 100)]));
}
