//! Open bids for several equal units.

use super::*;

fn units(format: Format, pricing: Pricing) -> Hall {
    let mut rules = Rules { proxy: false, pricing, ..rules(format) };
    rules.lots[0].units = 100;
    Hall::open(rules)
}

fn bid(hall: &mut Hall, company: OrganisationId, price: Price, units: Units) -> Result<Receipt, Rejection> {
    hall.try_bid(company, NewBid { units, ..offer(Some(price), None) })
}

/// Anna 60 at 100, Bela 40 at 110: all are spoken for. Carl has to offer a step over the last of them, 110, and takes 50 of Anna's.
#[test]
fn the_best_bids_get_the_units_and_a_new_one_is_a_step_over_the_last_of_them() {
    let mut hall = units(Format::English, Pricing::PayAsBid);
    assert_eq!(bid(&mut hall, ANNA, 100, 60).unwrap().leading, Some(60));
    assert_eq!((hall.view().price, hall.view().minimum), (None, Some(100)));
    assert_eq!(bid(&mut hall, BELA, 110, 40).unwrap().price, Some(100));
    assert_eq!(hall.view().minimum, Some(110));
    assert_eq!(bid(&mut hall, CARL, 109, 50), Err(Rejection::TooLow));
    assert_eq!(bid(&mut hall, CARL, 110, 50).unwrap().leading, Some(50));
    assert_eq!(hall.told(ANNA).last(), Some(&What::Outbid { lot: 1, price: Some(100), leading: 10 }));
    hall.at(3600);
    let expected = vec![(BELA, 40, 110), (CARL, 50, 110), (ANNA, 10, 100)];
    assert_eq!(hall.result(), (Outcome::Sold, expected));
}

#[test]
fn at_a_uniform_price_all_pay_what_the_last_accepted_bid_offers() {
    let mut hall = units(Format::English, Pricing::UniformPrice);
    bid(&mut hall, ANNA, 150, 60).unwrap();
    bid(&mut hall, BELA, 120, 60).unwrap();
    hall.at(3600);
    assert_eq!(hall.result(), (Outcome::Sold, vec![(ANNA, 60, 120), (BELA, 40, 120)]));
}

#[test]
fn a_bidder_betters_its_own_bid_and_does_not_count_against_itself() {
    let mut hall = units(Format::English, Pricing::PayAsBid);
    bid(&mut hall, ANNA, 100, 100).unwrap();
    assert_eq!(bid(&mut hall, ANNA, 100, 100), Err(Rejection::NotRaised));
    assert_eq!(bid(&mut hall, ANNA, 200, 99), Err(Rejection::NotRaised));
    // Nobody else has bid: one minor unit more will do.
    assert_eq!(bid(&mut hall, ANNA, 101, 100).unwrap().leading, Some(100));
    hall.at(3600);
    assert_eq!(hall.result(), (Outcome::Sold, vec![(ANNA, 100, 101)]));
}

#[test]
fn bids_below_the_reserve_get_nothing() {
    let mut rules = Rules { proxy: false, ..rules(Format::English) };
    rules.lots[0] = LotRules { units: 100, reserve: Some(120), ..rules.lots[0] };
    let mut hall = Hall::open(rules);
    bid(&mut hall, ANNA, 110, 60).unwrap();
    assert!(!hall.view().reserve_met);
    bid(&mut hall, BELA, 130, 20).unwrap();
    hall.at(3600);
    assert_eq!(hall.result(), (Outcome::Sold, vec![(BELA, 20, 130)]));
}

#[test]
fn suppliers_undercut_each_other_for_units_too() {
    let mut hall = units(Format::ReverseEnglish, Pricing::PayAsBid);
    bid(&mut hall, ANNA, 100, 60).unwrap();
    bid(&mut hall, BELA, 90, 60).unwrap();
    assert_eq!(bid(&mut hall, CARL, 95, 10), Err(Rejection::TooLow));
    assert_eq!(bid(&mut hall, CARL, 90, 10).unwrap().leading, Some(10));
    hall.at(3600);
    assert_eq!(hall.result(), (Outcome::Sold, vec![(BELA, 60, 90), (CARL, 10, 90), (ANNA, 30, 100)]));
}

#[test]
fn numbers_of_units_beyond_the_lot_are_refused() {
    let mut hall = units(Format::English, Pricing::PayAsBid);
    assert_eq!(bid(&mut hall, ANNA, 100, 0), Err(Rejection::UnitsOutOfRange));
    assert_eq!(bid(&mut hall, ANNA, 100, 101), Err(Rejection::UnitsOutOfRange));
    assert_eq!(bid(&mut hall, ANNA, MAX_PRICE, 100), Err(Rejection::PriceOutOfRange));
}
