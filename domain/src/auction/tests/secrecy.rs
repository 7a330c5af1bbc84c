//! What nobody may see before its time.

use super::*;

/// A price whose bytes are found nowhere by chance.
const MARKER: Price = 0x2a_b4_c6_d8_e1;

fn marks(bytes: &[u8]) -> bool {
    let written = [MARKER.to_le_bytes()[..5].to_vec(), MARKER.to_be_bytes()[3..].to_vec()];
    written.iter().any(|mark| bytes.windows(mark.len()).any(|window| window == mark))
}

/// Whether the price is to be found in an event, as a number or as bytes.
fn tells(event: &Event) -> bool {
    let text = format!("{event:?}");
    text.contains(&MARKER.to_string()) || text.contains(&hex::encode(&MARKER.to_be_bytes()[3..]))
}

#[test]
fn no_sealed_price_is_in_any_event_or_snapshot_before_the_opening() {
    let mut hall = Hall::open(Rules { disclosure: Disclosure::Public, ..rules(Format::SealedFirstPrice) });
    let plain = hall.seal(ANNA, MARKER, 1);
    hall.at(3600);
    assert_eq!(hall.view().phase, Phase::Opening);
    assert!(!hall.events.iter().any(tells));
    assert!(!marks(&hall.auctions.snapshot()));
    let receipt = hall.told(ANNA).into_iter().find_map(|what| match what {
        What::Accepted { receipt, .. } => Some(receipt),
        _ => None,
    });
    assert_eq!((receipt.unwrap().price, receipt.unwrap().leading), (None, None));
    hall.open_sealed(&[plain]);
    assert!(hall.events.iter().any(tells));
}

#[test]
fn how_many_units_a_sealed_bid_is_for_is_not_told_either() {
    let mut rules = rules(Format::SealedFirstPrice);
    rules.lots[0].units = 1_000;
    let mut hall = Hall::open(rules);
    hall.seal(ANNA, 500, 777);
    assert_eq!((hall.entries()[0].units, hall.entries()[0].price), (0, None));
}

#[test]
fn a_maximum_is_told_to_its_bidder_alone() {
    let mut hall = Hall::open(rules(Format::English));
    hall.bid(BELA, 100);
    hall.proxy(ANNA, MARKER);
    hall.bid(BELA, 200);
    let told = |event: &&Event| tells(event);
    assert_eq!(hall.events.iter().filter(told).count(), 1);
    assert!(matches!(hall.events.iter().find(told), Some(Event::Private(Private { company: ANNA, .. }))));
    assert_eq!(hall.auctions.own(AUCTION, 1, ANNA).unwrap().maximum, Some(MARKER));
    assert_eq!(hall.auctions.own(AUCTION, 1, CARL).unwrap().maximum, None);
    assert!(!format!("{:?}", hall.view()).contains(&MARKER.to_string()));
}

#[test]
fn a_reserve_is_in_no_event_and_only_whether_it_is_met_is_shown() {
    let mut rules = rules(Format::English);
    rules.lots[0].reserve = Some(MARKER);
    let mut hall = Hall::open(rules);
    hall.proxy(ANNA, 500);
    hall.bid(BELA, 300);
    assert!(!hall.view().reserve_met);
    hall.at(3600);
    assert!(!hall.events.iter().any(tells));
    assert!(!format!("{:?}", hall.view()).contains(&MARKER.to_string()));
}
