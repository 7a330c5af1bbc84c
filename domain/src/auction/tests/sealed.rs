//! Sealed bids.

use super::*;

fn first_price(reserve: Option<Price>) -> Hall {
    let mut rules = rules(Format::SealedFirstPrice);
    rules.lots[0].reserve = reserve;
    Hall::open(rules)
}

fn second_price(reserve: Option<Price>) -> Hall {
    let mut rules = rules(Format::SealedSecondPrice);
    rules.lots[0].reserve = reserve;
    Hall::open(rules)
}

/// Closes the lot and brings what the bids say.
fn close(hall: &mut Hall, plain: &[Plain]) -> (Outcome, Vec<(OrganisationId, Units, Price)>) {
    hall.at(3600);
    hall.open_sealed(plain);
    hall.result()
}

#[test]
fn the_highest_bid_wins_and_is_paid() {
    let mut hall = first_price(None);
    let plain = [hall.seal(ANNA, 300, 1), hall.seal(BELA, 500, 1), hall.seal(CARL, 400, 1)];
    assert_eq!(close(&mut hall, &plain), sold(BELA, 500));
}

#[test]
fn in_a_second_price_sale_the_highest_pays_what_the_second_bid() {
    let mut hall = second_price(None);
    let plain = [hall.seal(ANNA, 300, 1), hall.seal(BELA, 500, 1), hall.seal(CARL, 400, 1)];
    assert_eq!(close(&mut hall, &plain), sold(BELA, 400));
}

#[test]
fn a_second_price_sale_with_one_bid_above_the_reserve_costs_the_reserve() {
    let mut hall = second_price(Some(350));
    let plain = [hall.seal(ANNA, 300, 1), hall.seal(BELA, 500, 1)];
    assert_eq!(close(&mut hall, &plain), sold(BELA, 350));
    let mut hall = second_price(Some(350));
    let plain = [hall.seal(ANNA, 300, 1)];
    assert_eq!(close(&mut hall, &plain), unsold(Outcome::ReserveNotMet));
}

#[test]
fn equal_sealed_bids_go_to_the_earlier() {
    let mut hall = first_price(None);
    let plain = [hall.seal(BELA, 500, 1), hall.seal(ANNA, 500, 1)];
    assert_eq!(close(&mut hall, &plain), sold(BELA, 500));
}

#[test]
fn a_replaced_sealed_bid_loses_its_earlier_time() {
    let mut hall = first_price(None);
    hall.seal(BELA, 400, 1);
    let anna = hall.seal(ANNA, 500, 1);
    let bela = hall.seal(BELA, 500, 1);
    assert_eq!(hall.auctions.sealed_bids(AUCTION, 1).len(), 2);
    assert_eq!(close(&mut hall, &[bela, anna]), sold(ANNA, 500));
}

#[test]
fn a_bid_that_was_taken_back_does_not_count() {
    let mut hall = first_price(None);
    let anna = hall.seal(ANNA, 300, 1);
    let bela = hall.seal(BELA, 500, 1);
    hall.done(Command::Unseal { auction: AUCTION, lot: 1, company: BELA });
    let again = Command::Unseal { auction: AUCTION, lot: 1, company: BELA };
    assert_eq!(hall.apply(&again), Err(Rejection::UnknownBid));
    assert_eq!(close(&mut hall, &[anna, bela]), sold(ANNA, 300));
}

#[test]
fn a_bid_that_is_not_what_was_committed_to_is_void_and_its_bidder_is_told() {
    let mut hall = first_price(None);
    let anna = hall.seal(ANNA, 300, 1);
    let bela = hall.seal(BELA, 500, 1);
    assert_eq!(close(&mut hall, &[anna, Plain { price: 501, ..bela }]), sold(ANNA, 300));
    let void = What::Void { lot: 1, number: bela.number, why: Void::NotAsCommitted };
    assert!(hall.told(BELA).contains(&void));
    assert!(hall.changes(AUCTION, 1).contains(&Change::Opened { valid: 1, void: vec![bela.number] }));
}

#[test]
fn a_commitment_copied_from_another_bidder_is_worth_nothing() {
    let mut hall = first_price(None);
    let anna = hall.seal(ANNA, 300, 1);
    let commitment = hall.entries()[0].commitment;
    let sealed = Sealed { commitment, ciphertext: vec![0xee; 48] };
    hall.done(Command::Seal { auction: AUCTION, lot: 1, company: BELA, sealed });
    let copied = Plain { number: BidNumber(2), ..anna };
    assert_eq!(close(&mut hall, &[copied]), unsold(Outcome::NoBids));
    assert!(hall.told(ANNA).contains(&What::Void { lot: 1, number: BidNumber(1), why: Void::NotOpened }));
    assert!(hall.told(BELA).contains(&What::Void { lot: 1, number: BidNumber(2), why: Void::NotAsCommitted }));
}

#[test]
fn opened_bids_out_of_range_are_void_each_for_its_reason() {
    for (price, units, why) in [
        (99, 1, Void::BelowStart),
        (MAX_PRICE + 1, 1, Void::PriceOutOfRange),
        (500, 2, Void::UnitsOutOfRange),
        (500, 0, Void::UnitsOutOfRange),
    ] {
        let mut hall = first_price(None);
        let plain = hall.seal(ANNA, price, units);
        assert_eq!(close(&mut hall, &[plain]), unsold(Outcome::NoBids));
        assert!(hall.told(ANNA).contains(&What::Void { lot: 1, number: plain.number, why }), "{why:?}");
    }
}

#[test]
fn the_host_is_told_to_open_and_finds_after_a_restart_what_it_has_to() {
    let mut hall = first_price(None);
    let anna = hall.seal(ANNA, 300, 1);
    assert_eq!(hall.auctions.to_open(), []);
    hall.at(3600);
    assert!(hall.events.contains(&Event::ToOpen { auction: AUCTION, lot: 1 }));
    let mut restored = Auctions::restore(&hall.auctions.snapshot()).unwrap();
    assert_eq!(restored.to_open(), [(AUCTION, 1)]);
    assert_eq!(restored.sealed_bids(AUCTION, 1)[0].number, anna.number);
    let open = Command::Open { auction: AUCTION, lot: 1, plain: vec![anna] };
    assert!(restored.apply(&open, at(3600), &mut Vec::new()).is_ok());
    assert_eq!(restored.to_open(), []);
}

#[test]
fn without_bids_there_is_nothing_to_open() {
    let mut hall = first_price(None);
    hall.at(3600);
    assert_eq!(hall.result(), unsold(Outcome::NoBids));
}

/// 100 units: 30 at 80, 40 at 70, and of 50 at 60 the last 30; all pay 60. The bid of 50 gets nothing.
#[test]
fn in_a_uniform_price_sale_the_last_accepted_bid_sets_the_price_and_may_be_filled_in_part() {
    let mut rules = Rules { pricing: Pricing::UniformPrice, ..rules(Format::SealedFirstPrice) };
    rules.lots[0] = LotRules { units: 100, start: 50, ..rules.lots[0] };
    let mut hall = Hall::open(rules);
    hall.admit(AUCTION, company(4));
    let plain =
        [hall.seal(ANNA, 70, 40), hall.seal(BELA, 80, 30), hall.seal(CARL, 60, 50), hall.seal(company(4), 50, 100)];
    let expected = vec![(BELA, 30, 60), (ANNA, 40, 60), (CARL, 30, 60)];
    assert_eq!(close(&mut hall, &plain), (Outcome::Sold, expected));
}

#[test]
fn a_whole_sale_is_cancelled_when_undersubscribed_if_the_setting_says_so() {
    for (setting, expected) in [
        (Undersubscribed::GoThrough, (Outcome::Sold, vec![(ANNA, 40, 70)])),
        (Undersubscribed::Cancel, unsold(Outcome::Undersubscribed)),
    ] {
        let mut rules = Rules { undersubscribed: setting, ..rules(Format::SealedFirstPrice) };
        rules.lots[0] = LotRules { units: 100, start: 50, reserve: Some(65), ..rules.lots[0] };
        let mut hall = Hall::open(rules);
        // What does not reach the reserve does not count.
        let plain = [hall.seal(ANNA, 70, 40), hall.seal(BELA, 64, 100)];
        assert_eq!(close(&mut hall, &plain), expected);
    }
}
