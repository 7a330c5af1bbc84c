//! What comes by time: openings and ends, of one lot and of many.

use super::*;

#[test]
fn the_machine_says_when_it_has_to_do_something_next() {
    let mut hall = Hall::empty();
    assert_eq!(hall.auctions.due(), None);
    hall.list(AUCTION, rules(Format::English));
    assert_eq!(hall.auctions.due(), Some(at(0)));
    hall.at(0);
    assert_eq!(hall.auctions.due(), Some(at(3600)));
    hall.at(3600);
    assert_eq!(hall.auctions.due(), None);
}

#[test]
fn a_tick_before_its_time_closes_nothing() {
    let mut hall = Hall::open(rules(Format::English));
    hall.now = 3599;
    let before = hall.auctions.state_hash();
    hall.done(Command::Tick);
    assert_eq!(hall.auctions.state_hash(), before);
}

#[test]
fn lots_of_one_event_close_staggered_each_with_its_own_extensions() {
    let mut three =
        Rules { stagger: 60, soft_close: Some(SoftClose { seconds: 30, final_end: None }), ..rules(Format::English) };
    three.lots = vec![three.lots[0]; 3];
    let mut hall = Hall::open(three);
    let bid = |lot| Command::Bid { auction: AUCTION, lot, company: ANNA, bid: offer(Some(100), None) };
    hall.done(bid(1));
    hall.at(3659);
    hall.done(bid(2));
    let phases = |hall: &Hall| {
        let lots = hall.auctions.lots(AUCTION, at(hall.now));
        lots.iter().map(|lot| lot.phase.is_closed()).collect::<Vec<_>>()
    };
    assert_eq!(phases(&hall), [true, false, false]);
    hall.at(3660);
    assert_eq!(phases(&hall), [true, false, false]);
    hall.at(3689);
    assert_eq!(phases(&hall), [true, true, false]);
    hall.at(3720);
    assert_eq!(phases(&hall), [true, true, true]);
    assert!(matches!(hall.changes(AUCTION, 3).last(), Some(Change::Closed { outcome: Outcome::NoBids, .. })));
}

#[test]
fn after_a_long_rest_everything_that_was_missed_is_done_in_one_tick() {
    let mut hall = Hall::empty();
    hall.list(AUCTION, rules(Format::English));
    hall.list(auction(2), rules(Format::Dutch));
    hall.now = 10_000;
    hall.done(Command::Tick);
    assert_eq!((hall.auctions.due(), hall.result()), (None, unsold(Outcome::NoBids)));
    assert!(matches!(hall.changes(auction(2), 1).last(), Some(Change::Closed { outcome: Outcome::NoBids, .. })));
}

#[test]
fn a_thousand_auctions_close_in_the_same_second_each_once() {
    let mut hall = Hall::empty();
    for number in 0..1_000 {
        let (auction, rules) = (auction(number), Box::new(rules(Format::English)));
        let list = Command::List { auction, seller: SELLER, group: None, secret: secret(auction), rules };
        hall.auctions.apply(&list, at(-1), &mut hall.events).unwrap();
    }
    for seconds in [0, 3600] {
        hall.auctions.apply(&Command::Tick, at(seconds), &mut hall.events).unwrap();
    }
    let closed = hall.events.iter().filter(|event| match event {
        Event::Public(public) => matches!(public.what, Change::Closed { .. }),
        _ => false,
    });
    assert_eq!((closed.count(), hall.auctions.due()), (1_000, None));
}

#[test]
fn until_it_opens_an_auction_may_be_published_by_other_rules() {
    let mut hall = Hall::empty();
    hall.list(AUCTION, rules(Format::English));
    hall.admit(AUCTION, ANNA);
    let before = hall.auctions.bidder(AUCTION, ANNA);
    let other = Rules { opens_at: at(100), ..rules(Format::SealedFirstPrice) };
    hall.done(Command::List {
        auction: AUCTION,
        seller: SELLER,
        group: None,
        secret: Digest::ZERO,
        rules: Box::new(other.clone()),
    });
    assert_eq!(hall.auctions.due(), Some(at(100)));
    assert_eq!(hall.auctions.bidder(AUCTION, ANNA), before);
    assert_eq!(hall.changes(AUCTION, 1).len(), 2);
    hall.at(100);
    hall.seal(ANNA, 500, 1);
}

#[test]
fn an_auction_whose_end_was_slept_through_closes_without_bids() {
    for format in Format::ALL {
        let mut hall = Hall::empty();
        hall.now = 100_000;
        hall.list(AUCTION, rules(format));
        hall.at(100_000);
        assert_eq!(hall.result(), (Outcome::NoBids, vec![]), "{format:?}");
        assert_eq!(hall.auctions.due(), None);
    }
}

#[test]
fn a_cancelled_auction_closes_what_has_not_closed() {
    let mut two = Rules { stagger: 60, ..rules(Format::English) };
    two.lots = vec![two.lots[0]; 2];
    let mut hall = Hall::open(two);
    hall.bid(ANNA, 100);
    hall.at(3600);
    hall.done(Command::Cancel { auction: AUCTION });
    assert_eq!(hall.result(), sold(ANNA, 100));
    assert!(matches!(hall.changes(AUCTION, 2).last(), Some(Change::Closed { outcome: Outcome::Cancelled, .. })));
    assert_eq!(hall.auctions.due(), None);
}

#[test]
fn an_auction_that_is_over_may_be_forgotten() {
    let mut hall = Hall::open(rules(Format::English));
    hall.at(3600);
    assert_eq!(hall.auctions.listed().collect::<Vec<_>>(), [AUCTION]);
    hall.done(Command::Forget { auction: AUCTION });
    assert_eq!(hall.auctions.listed().count(), 0);
    assert_eq!(hall.try_bid(ANNA, offer(Some(100), None)), Err(Rejection::UnknownAuction));
    assert_eq!(hall.auctions.snapshot(), Auctions::default().snapshot());
}
