//! Every rejection, each by its name.

use std::collections::HashSet;

use super::*;
use crate::auction::sale::Bidder;

fn bid(company: OrganisationId, bid: NewBid) -> Command {
    Command::Bid { auction: AUCTION, lot: 1, company, bid }
}

fn sealed(bytes: usize) -> Sealed {
    Sealed { commitment: Digest::ZERO, ciphertext: vec![1; bytes] }
}

fn seal(company: OrganisationId, bytes: usize) -> Command {
    Command::Seal { auction: AUCTION, lot: 1, company, sealed: sealed(bytes) }
}

fn accept(company: OrganisationId, price: Price, units: Units) -> Command {
    Command::Accept { auction: AUCTION, lot: 1, company, price, units, currency: euro() }
}

fn top(price: Price) -> Command {
    Command::Top { auction: AUCTION, lot: 1, company: ANNA, price, currency: euro() }
}

fn list(seller: OrganisationId, rules: Rules) -> Command {
    Command::List { auction: AUCTION, seller, group: None, secret: secret(AUCTION), rules: Box::new(rules) }
}

fn buy_now(company: OrganisationId) -> Command {
    Command::BuyNow { auction: AUCTION, lot: 1, company, currency: euro() }
}

/// An English auction that Anna leads at 100.
fn led(change: impl FnOnce(&mut Rules)) -> Hall {
    let mut rules = rules(Format::English);
    change(&mut rules);
    let mut hall = Hall::open(rules);
    hall.bid(ANNA, 100);
    hall
}

/// Cases of the open formats: how the hall stands, what is asked, why it is refused.
fn open_cases() -> Vec<(Hall, Command, Rejection)> {
    let open = |format| Hall::open(rules(format));
    let dollars = NewBid { currency: Currency::parse("USD").unwrap(), ..offer(Some(200), None) };
    let mut ended = open(Format::English);
    ended.now = 3600;
    let mut early = Hall::empty();
    early.list(AUCTION, rules(Format::English));
    early.admit(AUCTION, ANNA);
    let mut withdrawn = open(Format::English);
    withdrawn.done(Command::Withdraw { auction: AUCTION, company: BELA });
    let mut suspended = open(Format::English);
    suspended.done(Command::Suspend { company: BELA });
    let mut poor = Hall::open(Rules { deposit: 100, ..rules(Format::English) });
    poor.done(Command::Admit { auction: AUCTION, company: BELA, group: None, deposit_covered: false });
    let share = |rules: &mut Rules| {
        rules.increments = Increments::Share { least: 1_000, most: Some(5_000) };
        rules.proxy = false;
    };
    let bela = |price: Option<Price>, maximum: Option<Price>| bid(BELA, offer(price, maximum));
    vec![
        (open(Format::English), Command::Cancel { auction: auction(2) }, Rejection::UnknownAuction),
        (
            open(Format::English),
            Command::Bid { auction: AUCTION, lot: 2, company: BELA, bid: offer(Some(100), None) },
            Rejection::UnknownLot,
        ),
        (open(Format::English), bid(SELLER, offer(Some(100), None)), Rejection::OwnAuction),
        (open(Format::English), bid(company(9), offer(Some(100), None)), Rejection::NotQualified),
        (suspended, bela(Some(100), None), Rejection::CompanySuspended),
        (withdrawn, bela(Some(100), None), Rejection::Withdrawn),
        (poor, bela(Some(100), None), Rejection::DepositNotCovered),
        (open(Format::English), bid(BELA, dollars), Rejection::OtherCurrency),
        (open(Format::English), seal(BELA, 1), Rejection::WrongFormat),
        (open(Format::English), accept(BELA, 100, 1), Rejection::WrongFormat),
        (open(Format::English), top(100), Rejection::WrongFormat),
        (early, bid(ANNA, offer(Some(100), None)), Rejection::NotOpen),
        (ended, bela(Some(100), None), Rejection::TooLate),
        (open(Format::English), bela(Some(0), None), Rejection::PriceOutOfRange),
        (open(Format::English), bela(Some(100), Some(MAX_PRICE + 1)), Rejection::PriceOutOfRange),
        (open(Format::English), bid(BELA, NewBid { units: 2, ..offer(Some(100), None) }), Rejection::UnitsOutOfRange),
        (open(Format::English), bela(None, None), Rejection::PriceMissing),
        (led(|_| ()), bela(Some(109), None), Rejection::TooLow),
        (led(share), bela(Some(151), None), Rejection::StepTooLarge),
        (open(Format::English), bela(Some(200), Some(150)), Rejection::MaximumBelowPrice),
        (led(|rules| rules.proxy = false), bela(Some(110), Some(200)), Rejection::NoProxy),
        (led(|_| ()), bid(ANNA, offer(None, Some(100))), Rejection::NotRaised),
        (led(|rules| rules.proxy = false), bid(ANNA, offer(Some(200), None)), Rejection::AlreadyLeads),
        (open(Format::English), buy_now(BELA), Rejection::NoBuyNow),
        (open(Format::ReverseEnglish), buy_now(BELA), Rejection::WrongFormat),
        (led(|rules| rules.lots[0].buy_now = Some(500)), buy_now(BELA), Rejection::BuyNowGone),
    ]
}

/// Cases of the other formats, and of those who hold auctions.
fn other_cases() -> Vec<(Hall, Command, Rejection)> {
    let open = |format| Hall::open(rules(format));
    let unseal = Command::Unseal { auction: AUCTION, lot: 1, company: BELA };
    let open_sealed = Command::Open { auction: AUCTION, lot: 1, plain: Vec::new() };
    let mut gone = rules(Format::Dutch);
    gone.lots[0].units = 10;
    let mut gone = Hall::open(gone);
    gone.try_accept(ANNA, 100, 9).unwrap();
    let mut accepted = open(Format::Hybrid);
    accepted.try_accept(ANNA, 100, 1).unwrap();
    let mut topping = open(Format::Hybrid);
    topping.try_accept(BELA, 100, 1).unwrap();
    let plain = topping.seal(CARL, 200, 1);
    topping.at(600);
    topping.open_sealed(&[plain]);
    let mut full = open(Format::English);
    let bidder: Bidder = full.auctions.sales[&AUCTION].bidders[&ANNA];
    let crowd = (1_000..1_000 + MAX_BIDDERS as u128).map(|number| (company(number), bidder));
    full.auctions.sales.get_mut(&AUCTION).unwrap().bidders.extend(crowd);
    let mut over = open(Format::English);
    over.at(3600);
    let twelve = Command::Admit { auction: AUCTION, company: company(12), group: None, deposit_covered: true };
    vec![
        (open(Format::SealedFirstPrice), unseal, Rejection::UnknownBid),
        (open(Format::SealedFirstPrice), bid(BELA, offer(Some(100), None)), Rejection::WrongFormat),
        (open(Format::SealedFirstPrice), seal(BELA, 0), Rejection::CiphertextLength),
        (open(Format::SealedFirstPrice), seal(BELA, MAX_CIPHERTEXT + 1), Rejection::CiphertextLength),
        (open(Format::SealedFirstPrice), open_sealed, Rejection::NotToOpen),
        (open(Format::Dutch), accept(BELA, 90, 1), Rejection::NotCurrentPrice),
        (open(Format::Dutch), accept(BELA, 100, 2), Rejection::UnitsOutOfRange),
        (gone, accept(BELA, 100, 2), Rejection::UnitsGone),
        (accepted, seal(ANNA, 1), Rejection::AcceptedAlready),
        (topping, top(300), Rejection::NotToTop),
        (Hall::empty(), list(SELLER, Rules { lots: Vec::new(), ..rules(Format::English) }), Rejection::InvalidRules),
        (open(Format::English), list(SELLER, rules(Format::English)), Rejection::HasOpened),
        (open(Format::English), list(ANNA, rules(Format::English)), Rejection::AlreadyExists),
        (open(Format::English), Command::Forget { auction: AUCTION }, Rejection::StillRunning),
        (over, Command::Cancel { auction: AUCTION }, Rejection::TooLate),
        (full, twelve, Rejection::Full),
    ]
}

#[test]
fn each_case_is_refused_by_its_name_and_none_is_left_out() {
    let mut seen = HashSet::new();
    for (mut hall, command, expected) in open_cases().into_iter().chain(other_cases()) {
        assert_eq!(hall.apply(&command), Err(expected), "{command:?}");
        seen.insert(expected);
    }
    let missing: Vec<_> = Rejection::ALL.into_iter().filter(|rejection| !seen.contains(rejection)).collect();
    assert_eq!(missing, []);
}
