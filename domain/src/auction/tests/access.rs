//! Who bids, and who does not.

use super::*;
use crate::kernel::GroupId;

const GROUP: GroupId = GroupId(77);

fn admit(company: OrganisationId, group: Option<GroupId>, deposit_covered: bool) -> Command {
    Command::Admit { auction: AUCTION, company, group, deposit_covered }
}

/// The seller belongs to a group.
fn of_a_group() -> Hall {
    let mut hall = Hall::empty();
    let rules = Box::new(rules(Format::English));
    hall.done(Command::List { auction: AUCTION, seller: SELLER, group: Some(GROUP), secret: secret(AUCTION), rules });
    hall
}

#[test]
fn companies_of_the_sellers_group_cannot_bid() {
    let mut hall = of_a_group();
    assert_eq!(hall.apply(&admit(SELLER, None, true)), Err(Rejection::OwnAuction));
    assert_eq!(hall.apply(&admit(ANNA, Some(GROUP), true)), Err(Rejection::OwnAuction));
    hall.done(admit(BELA, Some(GroupId(78)), true));
    hall.done(admit(CARL, None, true));
    hall.at(0);
    assert_eq!(hall.try_bid(SELLER, offer(Some(100), None)), Err(Rejection::OwnAuction));
    hall.bid(BELA, 100);
    // Bela comes to the group while the auction runs.
    hall.done(admit(BELA, Some(GROUP), true));
    assert_eq!(hall.try_bid(BELA, offer(None, Some(900))), Err(Rejection::OwnAuction));
    hall.bid(CARL, 110);
}

#[test]
fn who_is_not_admitted_does_not_bid() {
    let mut hall = Hall::open(rules(Format::English));
    assert_eq!(hall.try_bid(company(9), offer(Some(100), None)), Err(Rejection::NotQualified));
    hall.admit(AUCTION, company(9));
    hall.bid(company(9), 100);
}

#[test]
fn the_deposit_has_to_be_covered_where_there_is_one() {
    for (deposit, expected) in [(0, Ok(true)), (5_000, Err(Rejection::DepositNotCovered))] {
        let mut hall = Hall::open(Rules { deposit, ..rules(Format::English) });
        hall.done(admit(ANNA, None, false));
        assert_eq!(hall.try_bid(ANNA, offer(Some(100), None)).map(|receipt| receipt.leads()), expected);
    }
    let mut hall = Hall::open(Rules { deposit: 5_000, ..rules(Format::English) });
    hall.done(admit(ANNA, None, false));
    hall.done(admit(ANNA, None, true));
    hall.bid(ANNA, 100);
}

#[test]
fn a_withdrawn_company_bids_no_more_until_it_is_admitted_again() {
    let mut hall = Hall::open(rules(Format::English));
    hall.bid(ANNA, 100);
    hall.done(Command::Withdraw { auction: AUCTION, company: ANNA });
    assert_eq!(hall.view().price, None);
    assert_eq!(hall.try_bid(ANNA, offer(Some(100), None)), Err(Rejection::Withdrawn));
    hall.admit(AUCTION, ANNA);
    hall.bid(ANNA, 100);
    let acts: Vec<Act> = hall.entries().iter().map(|entry| entry.act).collect();
    assert_eq!(acts, [Act::Bid, Act::StrikeOut, Act::Bid]);
}

#[test]
fn a_suspended_company_bids_nowhere_until_it_is_reinstated() {
    let mut hall = Hall::open(rules(Format::English));
    hall.list(auction(2), rules(Format::SealedFirstPrice));
    hall.admit(auction(2), ANNA);
    hall.now = 1;
    hall.done(Command::Tick);
    hall.bid(ANNA, 100);
    let sealed = Sealed { commitment: Digest::ZERO, ciphertext: vec![1] };
    hall.done(Command::Seal { auction: auction(2), lot: 1, company: ANNA, sealed });
    hall.done(Command::Suspend { company: ANNA });
    assert!(hall.auctions.is_suspended(ANNA));
    assert_eq!((hall.view().price, hall.auctions.sealed_bids(auction(2), 1).len()), (None, 0));
    assert_eq!(hall.try_bid(ANNA, offer(Some(100), None)), Err(Rejection::CompanySuspended));
    assert_eq!(hall.apply(&admit(ANNA, None, true)), Err(Rejection::CompanySuspended));
    hall.done(Command::Reinstate { company: ANNA });
    hall.bid(ANNA, 100);
}

#[test]
fn a_bidder_keeps_its_pseudonym_however_often_it_is_admitted() {
    let mut hall = Hall::open(rules(Format::English));
    let before = hall.auctions.bidder(AUCTION, ANNA).unwrap().pseudonym;
    hall.done(Command::Withdraw { auction: AUCTION, company: ANNA });
    hall.done(admit(ANNA, Some(GROUP), false));
    let after = hall.auctions.bidder(AUCTION, ANNA).unwrap();
    assert_eq!((after.pseudonym, after.group, after.withdrawn), (before, Some(GROUP), false));
    assert_eq!(hall.auctions.bidders(AUCTION).len(), 3);
}
