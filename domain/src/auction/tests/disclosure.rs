//! Pseudonyms, what is disclosed to whom, the history, and deposits.

use super::*;

fn pseudonym(hall: &Hall, company: OrganisationId) -> Pseudonym {
    hall.auctions.bidder(AUCTION, company).unwrap().pseudonym
}

/// Anna leads at 110 before Bela; Carl has bid nothing.
fn closed(disclosure: Disclosure) -> Hall {
    let mut hall = Hall::open(Rules { disclosure, deposit: 1_000, ..rules(Format::English) });
    hall.bid(BELA, 100);
    hall.proxy(ANNA, 200);
    hall.at(3600);
    hall
}

/// Who was told the result, besides everybody.
fn informed(hall: &Hall) -> Vec<OrganisationId> {
    let told = |event: &Event| match event {
        Event::Private(Private { company, what: What::Result { .. }, .. }) => Some(*company),
        _ => None,
    };
    hall.events.iter().filter_map(told).collect()
}

/// The awards that everybody was told.
fn published(hall: &Hall) -> Vec<Award> {
    match hall.changes(AUCTION, 1).last() {
        Some(Change::Closed { awards, .. }) => awards.iter().map(|disclosed| disclosed.award).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bidders_appear_under_a_pseudonym_until_it_is_sold() {
    let hall = closed(Disclosure::Parties);
    for event in &hall.events {
        if let Event::Public(public) = event {
            let text = format!("{public:?}");
            for company in [ANNA, BELA, CARL] {
                assert!(!text.contains(&company.to_string()), "{text}");
            }
        }
    }
    let bidders: Vec<Pseudonym> = hall.entries().iter().map(|entry| entry.bidder).collect();
    assert_eq!(bidders, [pseudonym(&hall, BELA), pseudonym(&hall, ANNA)]);
}

#[test]
fn pseudonyms_are_others_in_every_auction() {
    let mut hall = Hall::open(rules(Format::English));
    hall.list(auction(2), Rules { opens_at: at(10), ..rules(Format::English) });
    hall.admit(auction(2), ANNA);
    let other = hall.auctions.bidder(auction(2), ANNA).unwrap().pseudonym;
    assert_ne!(pseudonym(&hall, ANNA), other);
}

#[test]
fn winner_and_price_are_disclosed_as_the_auction_says() {
    let award = Award { bidder: ANNA, number: BidNumber(2), units: 1, price: 110 };
    let hall = closed(Disclosure::Parties);
    assert_eq!((informed(&hall), published(&hall)), (vec![SELLER], vec![]));
    assert!(hall.told(ANNA).contains(&What::Won { lot: 1, award }));
    assert!(!hall.told(BELA).iter().any(|what| matches!(what, What::Won { .. })));
    let hall = closed(Disclosure::Participants);
    assert_eq!((informed(&hall), published(&hall)), (vec![SELLER, ANNA, BELA], vec![]));
    let hall = closed(Disclosure::Public);
    assert_eq!((informed(&hall), published(&hall)), (vec![SELLER], vec![award]));
}

#[test]
fn the_seller_learns_the_second_bidders_price_and_not_its_name() {
    let hall = closed(Disclosure::Parties);
    let runner_up = RunnerUp { pseudonym: pseudonym(&hall, BELA), price: 100 };
    assert!(hall.told(SELLER).contains(&What::RunnerUp { lot: 1, runner_up }));
    // An unsold lot may be offered to who came nearest, at what stood: a maximum that was not needed stays hidden.
    let mut rules = rules(Format::English);
    rules.lots[0].reserve = Some(500);
    let mut hall = Hall::open(rules);
    hall.proxy(ANNA, 400);
    hall.at(3600);
    let runner_up = RunnerUp { pseudonym: pseudonym(&hall, ANNA), price: 100 };
    assert!(hall.told(SELLER).contains(&What::RunnerUp { lot: 1, runner_up }));
}

#[test]
fn who_won_nothing_gets_its_deposit_back_when_all_lots_have_closed() {
    let hall = closed(Disclosure::Parties);
    let deposits: Vec<Option<What>> = [ANNA, BELA, CARL].map(|company| hall.told(company).pop()).into();
    let [bound, free] = [false, true].map(|released| Some(What::Deposit { released }));
    assert_eq!(deposits, [bound, free.clone(), free]);
    let mut two = Rules { deposit: 1_000, stagger: 60, ..rules(Format::English) };
    two.lots.push(two.lots[0]);
    let mut hall = Hall::open(two);
    hall.at(3600);
    assert!(!hall.told(ANNA).contains(&What::Deposit { released: true }));
    hall.at(3660);
    assert!(hall.told(ANNA).contains(&What::Deposit { released: true }));
}

#[test]
fn the_history_is_verified_up_to_the_hash_that_the_close_publishes() {
    let hall = closed(Disclosure::Parties);
    let entries = hall.entries();
    let Some(Change::Closed { entries: count, last_hash, .. }) = hall.changes(AUCTION, 1).pop() else { panic!() };
    assert_eq!((count as usize, verify(AUCTION, 1, &entries)), (entries.len(), Ok(last_hash)));
    assert_ne!(verify(AUCTION, 1, &entries[..1]), Ok(last_hash));
}

/// A bidder proves by its receipt what the commitment in the history stands for: its maximum.
#[test]
fn a_bidder_proves_its_bid_by_its_receipt() {
    let mut hall = Hall::open(rules(Format::English));
    let receipt = hall.proxy(ANNA, 250);
    let entry = hall.entries()[0];
    assert_eq!((entry.number, entry.hash, entry.price), (receipt.number, receipt.hash, Some(100)));
    let bid = Committed { auction: AUCTION, lot: 1, bidder: ANNA, price: 250, units: 1 };
    assert_eq!(commitment(&bid, &receipt.nonce.unwrap()), entry.commitment);
}
