//! Three parts: a falling price, sealed bids, a last word.

use super::*;

/// Anna accepts 80 at second 130: ten minutes for sealed bids begin.
fn accepted() -> Hall {
    let mut hall = Hall::open(rules(Format::Hybrid));
    hall.at(130);
    assert!(hall.try_accept(ANNA, 80, 1).unwrap().leads());
    assert_eq!((hall.view().phase, hall.view().price, hall.ends()), (Phase::Sealing, Some(80), 730));
    hall
}

/// The same with 95 of Bela and 110 of Carl, opened: five minutes for Anna to top 110.
fn opened() -> Hall {
    let mut hall = accepted();
    let plain = [hall.seal(BELA, 95, 1), hall.seal(CARL, 110, 1)];
    hall.at(730);
    assert_eq!(hall.view().phase, Phase::Opening);
    hall.open_sealed(&plain);
    assert_eq!((hall.view().phase, hall.view().price, hall.ends()), (Phase::Topping, Some(110), 1030));
    hall
}

#[test]
fn nobody_accepts_and_nothing_is_sold() {
    let mut hall = Hall::open(rules(Format::Hybrid));
    hall.at(360);
    assert_eq!(hall.result(), unsold(Outcome::NoBids));
}

#[test]
fn without_sealed_bids_who_accepted_the_price_wins_at_it() {
    let mut hall = accepted();
    hall.at(730);
    assert_eq!(hall.result(), sold(ANNA, 80));
}

#[test]
fn the_best_sealed_bid_wins_unless_it_is_topped() {
    let mut hall = opened();
    hall.at(1030);
    assert_eq!(hall.result(), sold(CARL, 110));
}

#[test]
fn who_accepted_the_price_may_top_the_best_sealed_bid_once() {
    let mut hall = opened();
    let may = What::MayTop { lot: 1, price: 110, least: 120, until: at(1030) };
    assert!(hall.told(ANNA).contains(&may));
    assert_eq!(hall.top(ANNA, 119), Err(Rejection::TooLow));
    assert_eq!(hall.top(BELA, 120), Err(Rejection::NotToTop));
    hall.at(1029);
    assert_eq!(hall.top(ANNA, 120).unwrap().price, Some(120));
    assert_eq!(hall.result(), sold(ANNA, 120));
    assert_eq!(hall.top(ANNA, 130), Err(Rejection::TooLate));
}

#[test]
fn topping_at_the_very_end_is_late() {
    let mut hall = opened();
    hall.now = 1030;
    assert_eq!(hall.top(ANNA, 120), Err(Rejection::TooLate));
}

#[test]
fn who_has_the_last_word_seals_no_bid() {
    let mut hall = accepted();
    assert_eq!(hall.try_seal(ANNA, 200, 1), Err(Rejection::AcceptedAlready));
}

#[test]
fn sealed_bids_at_or_below_the_accepted_price_are_void() {
    let mut hall = accepted();
    let bela = hall.seal(BELA, 80, 1);
    hall.at(730);
    hall.open_sealed(&[bela]);
    assert!(hall.told(BELA).contains(&What::Void { lot: 1, number: bela.number, why: Void::NotAboveAccepted }));
    assert_eq!(hall.result(), sold(ANNA, 80));
}

#[test]
fn each_part_takes_its_own_bids() {
    let mut hall = Hall::open(rules(Format::Hybrid));
    assert_eq!(hall.try_seal(BELA, 200, 1), Err(Rejection::NotOpen));
    assert_eq!(hall.top(BELA, 200), Err(Rejection::NotOpen));
    let mut hall = accepted();
    assert_eq!(hall.try_accept(BELA, 80, 1), Err(Rejection::NotOpen));
    assert_eq!(hall.top(ANNA, 200), Err(Rejection::NotOpen));
    assert_eq!(hall.try_bid(BELA, offer(Some(200), None)), Err(Rejection::WrongFormat));
}

#[test]
fn when_who_accepted_is_struck_out_the_best_sealed_bid_has_it() {
    let mut hall = accepted();
    let bela = hall.seal(BELA, 95, 1);
    hall.done(Command::Withdraw { auction: AUCTION, company: ANNA });
    hall.at(730);
    hall.open_sealed(&[bela]);
    assert_eq!(hall.result(), sold(BELA, 95));
    let mut hall = opened();
    hall.done(Command::Suspend { company: ANNA });
    assert_eq!(hall.result(), sold(CARL, 110));
}

#[test]
fn when_the_best_sealed_bid_is_struck_out_the_next_is_to_be_topped() {
    let mut hall = opened();
    hall.done(Command::Suspend { company: CARL });
    assert_eq!((hall.view().phase, hall.view().price), (Phase::Topping, Some(95)));
    hall.done(Command::Suspend { company: BELA });
    assert_eq!(hall.result(), sold(ANNA, 80));
}

#[test]
fn with_nobody_left_nothing_is_sold() {
    let mut hall = accepted();
    hall.done(Command::Withdraw { auction: AUCTION, company: ANNA });
    hall.at(730);
    assert_eq!(hall.result(), unsold(Outcome::NoBids));
}
