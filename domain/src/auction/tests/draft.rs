//! Random auctions and commands of every kind, in a world small enough for much to happen between few.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Numbers from which a command is made once it is known what has been sealed and at what time.
#[derive(Debug, Clone, Copy)]
pub struct Draft {
    pub kind: u8,
    pub words: [u8; 8],
}

pub fn drafts(most: usize) -> impl Strategy<Value = Vec<Draft>> {
    let draft = (0_u8..100, any::<[u8; 8]>()).prop_map(|(kind, words)| Draft { kind, words });
    prop::collection::vec(draft, 1..most)
}

/// The number of auctions.
pub const AUCTIONS: u8 = 3;

/// What was sealed, by auction, lot and bidder, and what time it is.
#[derive(Debug, Default)]
pub struct Known {
    pub sealed: BTreeMap<(AuctionId, LotNumber, OrganisationId), Vec<(Price, Units)>>,
    pub now: i64,
}

fn pick<T: Copy>(from: &[T], word: u8) -> T {
    from[word as usize % from.len()]
}

/// Four companies, and seldom a fifth that is admitted late or never.
fn who(word: u8) -> OrganisationId {
    company(1 + u128::from(if word < 250 { word % 4 } else { 4 }))
}

fn which(word: u8) -> AuctionId {
    auction(u128::from(word % AUCTIONS))
}

/// Rules of any format, with times of some minutes.
pub fn random_rules(words: [u8; 8]) -> Rules {
    let format = pick(&Format::ALL, words[0]);
    let mut rules = rules(format);
    let up = format.direction() == Direction::Up;
    rules.opens_at = at(0);
    rules.closes_at = rules.closes_at.map(|_| at(100 + i64::from(words[1])));
    rules.stagger = u32::from(words[1] % 40);
    let table = Increments::Table(vec![Range { from: 0, step: 5 }, Range { from: 120, step: 12 }]);
    let share = Increments::Share { least: 300, most: Some(3_000) };
    rules.increments = if words[2].is_multiple_of(4) { share } else { table };
    rules.pricing = pick(&Pricing::ALL, words[3]);
    rules.undersubscribed = pick(&Undersubscribed::ALL, words[3] / 2);
    rules.disclosure = pick(&Disclosure::ALL, words[3] / 4);
    let units = format.takes_units() && words[4].is_multiple_of(3);
    let lot = &mut rules.lots[0];
    lot.units = if units { 10 } else { 1 };
    let reserve = if up { 130 } else { 80 };
    lot.reserve = (!format.falls() && words[4] & 64 != 0).then_some(reserve);
    lot.buy_now = (format == Format::English && !units && words[4] & 32 != 0).then_some(200);
    lot.fall = lot.fall.map(|fall| Fall { step: 7, ..fall });
    rules.interval = rules.interval.map(|_| 15);
    rules.parts = rules.parts.map(|_| Parts { sealed: 60, topping: 40 });
    rules.proxy = format.is_open() && !units && rules.increments.most(1).is_none() && !words[5].is_multiple_of(4);
    let final_end = rules.closes_at.filter(|_| words[6] & 1 == 0).map(|close| close + chrono::TimeDelta::seconds(60));
    rules.soft_close =
        (format.is_open() && !words[6].is_multiple_of(3)).then_some(SoftClose { seconds: 30, final_end });
    rules.deposit = i64::from(words[7] % 2) * 500;
    if words[5] & 16 != 0 {
        rules.lots.push(rules.lots[0]);
    }
    rules
}

/// The commands with which everything begins: most companies are admitted to most auctions.
pub fn beginning(words: [[u8; 8]; AUCTIONS as usize]) -> Vec<Command> {
    let mut commands = Vec::new();
    for (number, words) in (0..AUCTIONS).zip(words) {
        let auction = which(number);
        let rules = Box::new(random_rules(words));
        commands.push(Command::List { auction, seller: SELLER, group: None, secret: secret(auction), rules });
        for word in 0..4 {
            commands.push(Command::Admit { auction, company: who(word), group: None, deposit_covered: true });
        }
    }
    commands
}

impl Known {
    /// Most are bids; what is sealed is opened soon.
    pub fn command(&mut self, draft: Draft, auctions: &Auctions) -> Command {
        let words = draft.words;
        if draft.kind < 80 || draft.kind < 88 && auctions.to_open().is_empty() && draft.words[6] > 20 {
            return self.bid(words, auctions);
        }
        let (auction, company) = (which(words[0]), who(words[2]));
        match draft.kind {
            80..88 => self.open(words, auctions),
            88 | 89 => Command::Admit { auction, company, group: None, deposit_covered: !words[1].is_multiple_of(4) },
            90 => Command::Withdraw { auction, company },
            91 => Command::Suspend { company },
            92..96 => Command::Reinstate { company },
            96 if words[1].is_multiple_of(4) => Command::Cancel { auction },
            _ => Command::Tick,
        }
    }

    /// What the format of the lot takes, seldom something else.
    fn bid(&mut self, words: [u8; 8], auctions: &Auctions) -> Command {
        let (auction, company) = (which(words[0]), who(words[2]));
        let sale = &auctions.sales[&auction];
        let lot = 1 + LotNumber::from(words[1] % 4 < sale.lots.len() as u8 - 1 || words[1] == 255);
        let view = auctions.lot(auction, lot, at(self.now));
        let minimum = view.and_then(|view| view.minimum.or(view.price)).unwrap_or(100);
        let away = pick(&[0, 0, 0, 1, 3, 5, 12, 20, 70, -1, -4], words[3]);
        let price = if sale.rules.format == Format::ReverseEnglish { minimum - away } else { minimum + away }.max(1);
        let units = if sale.rules.lots[0].units == 1 { 1 } else { 1 + Units::from(words[5] % 6) };
        let currency = euro();
        let part = view.map_or(Phase::Bidding, |view| view.phase);
        match if words[7] >= 248 { pick(&[Phase::Bidding, Phase::Falling, Phase::Sealing], words[4]) } else { part } {
            Phase::Falling => Command::Accept { auction, lot, company, price: minimum, units, currency },
            Phase::Sealing if words[4].is_multiple_of(8) => Command::Unseal { auction, lot, company },
            Phase::Sealing => {
                let price = 90 + Price::from(words[3] % 80);
                self.seal(Committed { auction, lot, bidder: company, price, units })
            }
            Phase::Topping => Command::Top { auction, lot, company, price: minimum + 5 + away, currency },
            _ if words[4].is_multiple_of(25) => Command::BuyNow { auction, lot, company, currency },
            _ => {
                let far = Price::from(words[6] % 50);
                let far = if sale.rules.format == Format::ReverseEnglish { price - far } else { price + far }.max(1);
                let proxy = sale.rules.proxy && words[4] & 1 == 0 || words[4] == 255;
                let named = (!proxy || words[4] & 2 == 0).then_some(price);
                let bid = NewBid { price: named, maximum: proxy.then_some(far), units, currency };
                Command::Bid { auction, lot, company, bid }
            }
        }
    }

    fn seal(&mut self, bid: Committed) -> Command {
        let Committed { auction, lot, bidder, price, units } = bid;
        self.sealed.entry((auction, lot, bidder)).or_default().push((price, units));
        let sealed = Sealed { commitment: commitment(&bid, &nonce(&bid)), ciphertext: vec![7; 40] };
        Command::Seal { auction, lot, company: bidder, sealed }
    }

    /// Opens a lot that waits for it, seldom wrongly; without one, a lot that does not.
    pub fn open(&self, words: [u8; 8], auctions: &Auctions) -> Command {
        let waiting = auctions.to_open();
        let (auction, lot) = if waiting.is_empty() { (which(words[0]), 1) } else { pick(&waiting, words[0]) };
        let mut plain = Vec::new();
        for sealed in auctions.sealed_bids(auction, lot) {
            let known = &self.sealed[&(auction, lot, sealed.bidder)];
            let said = |&&(price, units): &&(Price, Units)| {
                let bid = Committed { auction, lot, bidder: sealed.bidder, price, units };
                commitment(&bid, &nonce(&bid)) == sealed.commitment
            };
            let (price, units) = *known.iter().find(said).unwrap();
            let bid = Committed { auction, lot, bidder: sealed.bidder, price, units };
            let off = Price::from(words[3] >= 240);
            plain.push(Plain { number: sealed.number, price: price + off, units, nonce: nonce(&bid) });
        }
        if words[4] >= 230 {
            plain.pop();
        }
        Command::Open { auction, lot, plain }
    }
}
