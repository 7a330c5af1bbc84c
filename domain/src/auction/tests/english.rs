//! Open bids on a lot of one unit, up and down.

use super::*;

#[test]
fn a_receipt_says_at_once_whether_one_leads() {
    let mut hall = Hall::open(rules(Format::English));
    let first = hall.bid(ANNA, 100);
    assert_eq!((first.number, first.leads(), first.price, first.at), (BidNumber(1), true, Some(100), at(0)));
    let second = hall.proxy(BELA, 150);
    assert_eq!((second.number, second.leads(), second.price), (BidNumber(2), true, Some(110)));
    let third = hall.bid(CARL, 140);
    assert_eq!((third.leads(), third.price), (false, Some(150)));
    assert_eq!(third.ends_at, at(3600));
}

/// Anna opens at 100; Bela names 300 and stands at 110; Carl offers 200 and drives Bela to 210; nobody goes on.
#[test]
fn the_highest_maximum_wins_at_one_increment_over_the_second() {
    let mut hall = Hall::open(rules(Format::English));
    hall.bid(ANNA, 100);
    hall.proxy(BELA, 300);
    hall.bid(CARL, 200);
    hall.at(3600);
    assert_eq!(hall.result(), sold(BELA, 210));
}

#[test]
fn who_is_outbid_is_told_and_nobody_else_by_name() {
    let mut hall = Hall::open(rules(Format::English));
    hall.bid(ANNA, 100);
    hall.bid(BELA, 110);
    let outbid = What::Outbid { lot: 1, price: Some(110), leading: 0 };
    assert_eq!(hall.told(ANNA).last(), Some(&outbid));
    assert!(!hall.told(CARL).contains(&outbid));
}

#[test]
fn a_bid_below_one_step_over_the_price_is_too_low() {
    let mut hall = Hall::open(rules(Format::English));
    assert_eq!(hall.try_bid(ANNA, offer(Some(99), None)), Err(Rejection::TooLow));
    hall.bid(ANNA, 100);
    assert_eq!(hall.view().minimum, Some(110));
    assert_eq!(hall.try_bid(BELA, offer(Some(109), None)), Err(Rejection::TooLow));
    assert_eq!(hall.try_bid(BELA, offer(Some(109), Some(500))), Err(Rejection::TooLow));
    assert_eq!(hall.try_bid(BELA, offer(None, Some(109))), Err(Rejection::TooLow));
    hall.bid(BELA, 110);
}

#[test]
fn nobody_outbids_itself() {
    let mut hall = Hall::open(rules(Format::English));
    hall.proxy(ANNA, 200);
    assert_eq!(hall.try_bid(ANNA, offer(None, Some(200))), Err(Rejection::NotRaised));
    assert_eq!(hall.try_bid(ANNA, offer(Some(150), None)), Err(Rejection::NotRaised));
    let raised = hall.proxy(ANNA, 500);
    assert_eq!((raised.price, raised.leads()), (Some(100), true));
    // Everybody sees that there was an act, and not what it offered.
    assert_eq!(hall.entries().last().unwrap().price, None);
    hall.at(3600);
    assert_eq!(hall.result(), sold(ANNA, 100));
}

#[test]
fn without_maxima_who_leads_waits_until_another_one_does() {
    let mut hall = Hall::open(Rules { proxy: false, ..rules(Format::English) });
    hall.bid(ANNA, 100);
    assert_eq!(hall.try_bid(ANNA, offer(Some(150), None)), Err(Rejection::AlreadyLeads));
    assert_eq!(hall.try_bid(BELA, offer(Some(110), Some(150))), Err(Rejection::NoProxy));
    hall.bid(BELA, 110);
    hall.bid(ANNA, 120);
}

#[test]
fn the_reserve_is_met_at_once_or_the_lot_is_not_sold() {
    let reserved = |maximum| {
        let mut rules = rules(Format::English);
        rules.lots[0].reserve = Some(250);
        let mut hall = Hall::open(rules);
        let receipt = hall.proxy(ANNA, maximum);
        let met = hall.view().reserve_met;
        hall.at(3600);
        (receipt.price, met, hall.result())
    };
    assert_eq!(reserved(249), (Some(100), false, unsold(Outcome::ReserveNotMet)));
    assert_eq!(reserved(400), (Some(250), true, sold(ANNA, 250)));
}

#[test]
fn without_bids_nothing_is_sold() {
    let mut hall = Hall::open(rules(Format::English));
    hall.at(3600);
    assert_eq!(hall.result(), unsold(Outcome::NoBids));
}

#[test]
fn a_bid_at_the_very_instant_of_the_end_is_late() {
    let mut hall = Hall::open(rules(Format::English));
    hall.at(3599);
    hall.bid(ANNA, 100);
    // The end itself decides, whether the host has ticked by then or not.
    hall.now = 3600;
    assert_eq!(hall.try_bid(BELA, offer(Some(110), None)), Err(Rejection::TooLate));
    hall.at(3600);
    assert_eq!(hall.try_bid(BELA, offer(Some(110), None)), Err(Rejection::TooLate));
    assert_eq!(hall.result(), sold(ANNA, 100));
}

#[test]
fn a_bid_in_the_last_minutes_moves_the_end_to_as_many_minutes_after_it() {
    let mut hall =
        Hall::open(Rules { soft_close: Some(SoftClose { seconds: 600, final_end: None }), ..rules(Format::English) });
    hall.at(2999);
    assert_eq!((hall.bid(ANNA, 100).ends_at, hall.ends()), (at(3600), 3600));
    hall.at(3001);
    assert_eq!((hall.bid(BELA, 110).ends_at, hall.ends()), (at(3601), 3601));
    hall.at(3600);
    assert_eq!((hall.bid(CARL, 120).ends_at, hall.ends()), (at(4200), 4200));
    hall.at(4199);
    assert_eq!(hall.view().phase, Phase::Bidding);
    hall.at(4200);
    assert_eq!(hall.result(), sold(CARL, 120));
}

#[test]
fn only_an_accepted_bid_that_improves_extends_the_end() {
    let mut hall =
        Hall::open(Rules { soft_close: Some(SoftClose { seconds: 600, final_end: None }), ..rules(Format::English) });
    hall.proxy(ANNA, 300);
    hall.at(3500);
    assert_eq!(hall.try_bid(BELA, offer(Some(105), None)), Err(Rejection::TooLow));
    hall.proxy(ANNA, 400);
    assert_eq!(hall.ends(), 3600);
    // A bid that does not lead but raises the price does.
    assert!(!hall.bid(BELA, 110).leads());
    assert_eq!(hall.ends(), 4100);
}

#[test]
fn extensions_end_at_the_final_end() {
    let soft = SoftClose { seconds: 600, final_end: Some(at(3700)) };
    let mut hall = Hall::open(Rules { soft_close: Some(soft), ..rules(Format::English) });
    hall.at(3500);
    hall.bid(ANNA, 100);
    assert_eq!(hall.ends(), 3700);
    hall.at(3699);
    hall.bid(BELA, 110);
    assert_eq!(hall.ends(), 3700);
}

#[test]
fn buy_now_ends_the_lot_until_the_first_bid_reaches_the_reserve() {
    let rules = || {
        let mut rules = rules(Format::English);
        rules.lots[0].reserve = Some(250);
        rules.lots[0].buy_now = Some(500);
        rules
    };
    let mut hall = Hall::open(rules());
    hall.proxy(ANNA, 200);
    assert_eq!(hall.view().buy_now, Some(500));
    let receipt = hall.buy_now(BELA).unwrap();
    assert_eq!((receipt.leads(), receipt.price, hall.result()), (true, Some(500), sold(BELA, 500)));
    assert_eq!(hall.try_bid(CARL, offer(Some(900), None)), Err(Rejection::TooLate));

    let mut hall = Hall::open(rules());
    hall.proxy(ANNA, 250);
    assert_eq!((hall.view().buy_now, hall.buy_now(BELA)), (None, Err(Rejection::BuyNowGone)));
}

#[test]
fn without_a_reserve_the_first_bid_takes_buy_now_away() {
    let mut rules = rules(Format::English);
    rules.lots[0].buy_now = Some(500);
    let mut hall = Hall::open(rules);
    hall.bid(ANNA, 100);
    assert_eq!(hall.buy_now(BELA), Err(Rejection::BuyNowGone));
}

/// Steps of 0.5–5 % of 1000.00, downwards: Anna goes down to 950.00 at most, Bela from there by at least 5.00.
#[test]
fn a_tender_takes_steps_between_two_shares_of_the_start_price() {
    let mut rules = rules(Format::ReverseEnglish);
    rules.lots[0].start = 100_000;
    rules.increments = Increments::Share { least: 50, most: Some(500) };
    rules.proxy = false;
    let mut hall = Hall::open(rules);
    assert_eq!(hall.try_bid(ANNA, offer(Some(94_999), None)), Err(Rejection::StepTooLarge));
    hall.bid(ANNA, 95_000);
    assert_eq!((hall.view().minimum, hall.view().most), (Some(94_500), Some(90_000)));
    assert_eq!(hall.try_bid(BELA, offer(Some(94_501), None)), Err(Rejection::TooLow));
    hall.bid(BELA, 94_500);
    hall.at(3600);
    assert_eq!(hall.result(), sold(BELA, 94_500));
}

/// Anna would go down to 60, Bela to 75: Anna has it one step under Bela.
#[test]
fn in_a_reverse_auction_the_lowest_maximum_wins_one_step_under_the_second() {
    let mut rules = rules(Format::ReverseEnglish);
    rules.lots[0].reserve = Some(70);
    let mut hall = Hall::open(rules);
    assert_eq!(hall.proxy(BELA, 75).price, Some(100));
    assert_eq!(hall.proxy(ANNA, 60).price, Some(65));
    assert!(hall.view().reserve_met);
    hall.at(3600);
    assert_eq!(hall.result(), sold(ANNA, 65));
}

#[test]
fn a_struck_out_leader_leaves_the_lot_to_the_others_as_if_it_had_never_bid() {
    let mut hall = Hall::open(rules(Format::English));
    hall.bid(ANNA, 100);
    hall.proxy(BELA, 150);
    hall.proxy(CARL, 400);
    assert_eq!(hall.view().price, Some(160));
    hall.done(Command::Withdraw { auction: AUCTION, company: CARL });
    let carl = hall.auctions.bidder(AUCTION, BELA).unwrap().pseudonym;
    assert_eq!((hall.view().leader, hall.view().price), (Some(carl), Some(110)));
    hall.at(3600);
    assert_eq!(hall.result(), sold(BELA, 110));
}
