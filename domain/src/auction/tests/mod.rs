//! The machine's rules by examples, and against its naive twin.

mod access;
mod audit;
mod closing;
mod disclosure;
mod draft;
mod dutch;
mod english;
mod hybrid;
mod rejections;
mod sealed;
mod secrecy;
mod terms;
mod twin;
mod units;

use uuid::Uuid;

use super::rules::tests::{at, rules};
use super::*;
use crate::kernel::{AuctionId, Currency, OrganisationId};

pub const AUCTION: AuctionId = auction(1);
pub const SELLER: OrganisationId = company(0);
pub const ANNA: OrganisationId = company(1);
pub const BELA: OrganisationId = company(2);
pub const CARL: OrganisationId = company(3);

pub const fn company(number: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(0xc0_0000 + number))
}

pub const fn auction(number: u128) -> AuctionId {
    AuctionId(Uuid::from_u128(0xa0_0000 + number))
}

pub fn euro() -> Currency {
    Currency::parse("EUR").unwrap()
}

/// The secret of an auction.
pub fn secret(auction: AuctionId) -> Digest {
    Digest::of(&[b"secret of a test", auction.0.as_bytes()])
}

/// An offer in the open, and up to where the system may go on.
pub fn offer(price: Option<Price>, maximum: Option<Price>) -> NewBid {
    NewBid { price, maximum, units: 1, currency: euro() }
}

/// The auctions of a portal, and what happened there.
pub struct Hall {
    pub auctions: Auctions,
    pub events: Vec<Event>,
    pub now: i64,
}

impl Hall {
    pub fn empty() -> Self {
        Self { auctions: Auctions::default(), events: Vec::new(), now: -100 }
    }

    /// One auction by those rules at its opening; Anna, Bela and Carl bid.
    pub fn open(rules: Rules) -> Self {
        let mut hall = Self::empty();
        hall.list(AUCTION, rules);
        for company in [ANNA, BELA, CARL] {
            hall.admit(AUCTION, company);
        }
        hall.at(0);
        hall
    }

    pub fn list(&mut self, auction: AuctionId, rules: Rules) {
        let rules = Box::new(rules);
        self.done(Command::List { auction, seller: SELLER, group: None, secret: secret(auction), rules });
    }

    pub fn admit(&mut self, auction: AuctionId, company: OrganisationId) {
        self.done(Command::Admit { auction, company, group: None, deposit_covered: true });
    }

    /// Time goes on to that second, and what is due by then is done when it is due, as a host does.
    pub fn at(&mut self, seconds: i64) {
        while let Some(due) = self.auctions.due().filter(|due| *due <= at(seconds)) {
            self.now = (due - at(0)).num_seconds().max(self.now);
            self.done(Command::Tick);
        }
        self.now = seconds;
    }

    /// Applies a command, and checks that a refused one changes nothing and that the state is sound afterwards.
    pub fn apply(&mut self, command: &Command) -> Result<Answer, Rejection> {
        let (before, told) = (self.auctions.state_hash(), self.events.len());
        let answer = self.auctions.apply(command, at(self.now), &mut self.events);
        if answer.is_err() {
            assert_eq!((self.auctions.state_hash(), self.events.len()), (before, told), "{command:?} was refused");
        }
        audit::check(&self.auctions);
        answer
    }

    pub fn done(&mut self, command: Command) -> Answer {
        self.apply(&command).unwrap_or_else(|rejection| panic!("{command:?}: {rejection}"))
    }

    fn receipt(&mut self, command: Command) -> Result<Receipt, Rejection> {
        match self.apply(&command)? {
            Answer::Receipt(receipt) => Ok(receipt),
            Answer::Done => panic!("{command:?} has no receipt"),
        }
    }

    pub fn try_bid(&mut self, company: OrganisationId, bid: NewBid) -> Result<Receipt, Rejection> {
        self.receipt(Command::Bid { auction: AUCTION, lot: 1, company, bid })
    }

    /// An open offer.
    pub fn bid(&mut self, company: OrganisationId, price: Price) -> Receipt {
        self.try_bid(company, offer(Some(price), None)).unwrap_or_else(|rejection| panic!("{price}: {rejection}"))
    }

    /// A proxy bid: the least that is taken, and up to a maximum.
    pub fn proxy(&mut self, company: OrganisationId, maximum: Price) -> Receipt {
        self.try_bid(company, offer(None, Some(maximum))).unwrap_or_else(|rejection| panic!("{maximum}: {rejection}"))
    }

    pub fn try_accept(&mut self, company: OrganisationId, price: Price, units: Units) -> Result<Receipt, Rejection> {
        self.receipt(Command::Accept { auction: AUCTION, lot: 1, company, price, units, currency: euro() })
    }

    pub fn buy_now(&mut self, company: OrganisationId) -> Result<Receipt, Rejection> {
        self.receipt(Command::BuyNow { auction: AUCTION, lot: 1, company, currency: euro() })
    }

    pub fn top(&mut self, company: OrganisationId, price: Price) -> Result<Receipt, Rejection> {
        self.receipt(Command::Top { auction: AUCTION, lot: 1, company, price, currency: euro() })
    }

    pub fn try_seal(&mut self, company: OrganisationId, price: Price, units: Units) -> Result<Receipt, Rejection> {
        let bid = Committed { auction: AUCTION, lot: 1, bidder: company, price, units };
        let sealed = Sealed { commitment: commitment(&bid, &nonce(&bid)), ciphertext: vec![0xee; 48] };
        self.receipt(Command::Seal { auction: AUCTION, lot: 1, company, sealed })
    }

    /// A sealed bid, and what it says.
    pub fn seal(&mut self, company: OrganisationId, price: Price, units: Units) -> Plain {
        let receipt = self.try_seal(company, price, units).unwrap_or_else(|rejection| panic!("{price}: {rejection}"));
        let bid = Committed { auction: AUCTION, lot: 1, bidder: company, price, units };
        Plain { number: receipt.number, price, units, nonce: nonce(&bid) }
    }

    pub fn open_sealed(&mut self, plain: &[Plain]) {
        self.done(Command::Open { auction: AUCTION, lot: 1, plain: plain.to_vec() });
    }

    pub fn view(&self) -> LotView {
        self.auctions.lot(AUCTION, 1, at(self.now)).unwrap()
    }

    pub fn ends(&self) -> i64 {
        (self.view().ends_at - at(0)).num_seconds()
    }

    /// How the first lot closed, and who won how many units at what price.
    pub fn result(&self) -> (Outcome, Vec<(OrganisationId, Units, Price)>) {
        let results = self.events.iter().filter_map(|event| match event {
            Event::Private(Private {
                company: SELLER,
                auction: AUCTION,
                what: What::Result { lot: 1, outcome, awards },
            }) => {
                let awards = awards.iter().map(|disclosed| disclosed.award);
                Some((*outcome, awards.map(|award| (award.bidder, award.units, award.price)).collect()))
            }
            _ => None,
        });
        let results: Vec<_> = results.collect();
        assert_eq!(results.len(), 1, "the lot closes once");
        results.into_iter().next().unwrap()
    }

    /// What a company was told.
    pub fn told(&self, to: OrganisationId) -> Vec<What> {
        let what = |event: &Event| match event {
            Event::Private(Private { company, what, .. }) if *company == to => Some(what.clone()),
            _ => None,
        };
        self.events.iter().filter_map(what).collect()
    }

    /// The changes of one lot that everybody was told, with their numbers checked.
    pub fn changes(&self, auction: AuctionId, lot: LotNumber) -> Vec<Change> {
        let mut changes = Vec::new();
        for event in &self.events {
            match event {
                Event::Public(public) if (public.auction, public.lot) == (auction, lot) => {
                    changes.push(public.what.clone());
                    assert_eq!(public.change, changes.len() as u64);
                }
                _ => {}
            }
        }
        changes
    }

    /// The history of the first lot.
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |change: Change| match change {
            Change::Entered { entry, .. } => Some(entry),
            _ => None,
        };
        self.changes(AUCTION, 1).into_iter().filter_map(entry).collect()
    }
}

/// A nonce that a test finds again.
pub fn nonce(bid: &Committed) -> Digest {
    Digest::of(&[b"nonce of a test", bid.bidder.0.as_bytes(), &bid.price.to_be_bytes(), &bid.units.to_be_bytes()])
}

/// Whole lots won by one company.
pub fn sold(to: OrganisationId, price: Price) -> (Outcome, Vec<(OrganisationId, Units, Price)>) {
    (Outcome::Sold, vec![(to, 1, price)])
}

pub fn unsold(outcome: Outcome) -> (Outcome, Vec<(OrganisationId, Units, Price)>) {
    (outcome, Vec::new())
}
