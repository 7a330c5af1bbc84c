//! Random commands of every kind, in a world small enough for much to happen between few.

use proptest::prelude::*;

use super::super::*;
use super::{at, company, euro, euros, instrument};
use crate::kernel::{Currency, InstrumentId, OrganisationId};

/// Numbers from which a command is made once it is known which orders and trades there are.
#[derive(Debug, Clone, Copy)]
pub struct Draft {
    pub kind: u8,
    pub words: [u8; 8],
}

pub fn drafts(most: usize) -> impl Strategy<Value = Vec<Draft>> {
    let draft = (0_u8..100, any::<[u8; 8]>()).prop_map(|(kind, words)| Draft { kind, words });
    prop::collection::vec(draft, 1..most)
}

/// What has been accepted so far.
#[derive(Debug, Default)]
pub struct Known {
    pub orders: Vec<(OrganisationId, OrderNumber)>,
    pub placed: Vec<(OrganisationId, InstrumentId, NewOrder)>,
    pub trades: u64,
    pub now: i64,
    names: u64,
}

fn pick<T: Copy>(from: &[T], word: u8) -> T {
    from[word as usize % from.len()]
}

fn who(word: u8) -> OrganisationId {
    company(1 + u128::from(word % 5))
}

fn what(word: u8) -> InstrumentId {
    instrument(1 + u128::from(word % 2))
}

fn dollar() -> Currency {
    Currency::parse("USD").unwrap()
}

fn price(word: u8) -> Price {
    94 + Price::from(word % 13)
}

pub fn rules(words: [u8; 8]) -> Rules {
    let modes = [SelfTrade::CancelResting, SelfTrade::CancelIncoming, SelfTrade::CancelBoth, SelfTrade::Decrement];
    Rules {
        tick_size: 1.into(),
        lot_size: 1.into(),
        currency: if words[0].is_multiple_of(3) { dollar() } else { euro() },
        band: pick(
            &[None, Some(Band { up_ppm: 50_000, down_ppm: 60_000 }), Some(Band { up_ppm: 40_000, down_ppm: 30_000 })],
            words[1],
        ),
        volatility_ppm: pick(&[None, None, Some(30_000), Some(10_000)], words[2]),
        self_trade: pick(&modes, words[3]),
        guarantee: pick(&[Guarantee::None, Guarantee::Limit, Guarantee::Full], words[4]),
        max_live_orders: pick(&[None, None, Some(6)], words[5]),
        max_session_lots: pick(&[None, None, Some(120)], words[6]),
    }
}

/// The commands that a market begins with.
pub fn beginning(words: [[u8; 8]; 2]) -> Vec<Command> {
    let mut commands = Vec::new();
    for (index, words) in words.into_iter().enumerate() {
        let instrument = instrument(1 + index as u128);
        let reference = (!words[7].is_multiple_of(4)).then_some(100);
        commands.push(Command::List { instrument, rules: rules(words), reference });
    }
    for number in 0..4 {
        let group = (number >= 2).then_some(GroupId(7));
        commands.push(Command::Admit { company: who(number), group });
        for currency in [euro(), dollar()] {
            commands.push(Command::SetLimit { company: who(number), currency, amount: euros(6_000) });
        }
        for number_of in 0..2 {
            commands.push(Command::SetHolding { company: who(number), instrument: what(number_of), lots: 60 });
        }
    }
    for to in [Phase::PreOpen, Phase::OpeningAuction, Phase::Continuous] {
        for number in 0..2 {
            commands.push(Command::ChangePhase { instrument: what(number), to });
        }
    }
    commands
}

impl Known {
    pub fn command(&mut self, draft: Draft) -> Command {
        let words = draft.words;
        match draft.kind {
            0..58 => self.place(words),
            58..66 => self.amend(words),
            66..74 => {
                let (company, order) = self.some_order(words[0]);
                Command::Cancel { company, order }
            }
            74..76 => {
                let instrument = (words[1].is_multiple_of(2)).then_some(what(words[2]));
                Command::CancelAll { company: who(words[0]), instrument }
            }
            76..78 => Command::Expire,
            78..88 => Command::ChangePhase { instrument: what(words[0]), to: pick(&Phase::ALL, words[1]) },
            88 => Command::Halt { instrument: what(words[0]), reason: HaltReason::News },
            89 => Command::SetReference { instrument: what(words[0]), price: price(words[1]) },
            90 => Command::ChangeRules { instrument: what(words[7]), rules: rules(words) },
            _ => self.administer(draft.kind, words),
        }
    }

    fn administer(&self, kind: u8, words: [u8; 8]) -> Command {
        let company = who(words[0]);
        let currency = if words[1].is_multiple_of(3) { dollar() } else { euro() };
        match kind {
            91 => Command::Admit { company, group: pick(&[None, Some(GroupId(7)), Some(GroupId(8))], words[1]) },
            92 if words[1].is_multiple_of(4) => Command::Suspend { company },
            92 => Command::Reinstate { company },
            93 => Command::SetLimit { company, currency, amount: euros(i128::from(words[2]) * 40 - 500) },
            94 => Command::SetHolding { company, instrument: what(words[1]), lots: u64::from(words[2]) },
            95 | 96 => {
                let limit = pick(&[None, Some(0), Some(euros(500)), Some(euros(2_000))], words[2]);
                Command::SetCredit { company, counterparty: who(words[3]), currency, limit }
            }
            97 => Command::RefuseOthers { company, refuse: words[1].is_multiple_of(3) },
            _ => {
                let first = self.trades.saturating_sub(u64::from(words[1] % 16));
                let trades = (0..u64::from(words[2] % 6)).map(|offset| TradeNumber(first + offset)).collect();
                Command::Settle { trades }
            }
        }
    }

    fn place(&mut self, words: [u8; 8]) -> Command {
        if words[7].is_multiple_of(40) && !self.placed.is_empty() {
            let (company, instrument, mut order) = self.placed[words[0] as usize % self.placed.len()];
            order.lots += u64::from(words[1].is_multiple_of(4));
            return Command::Place { company, instrument, order };
        }
        self.names += 1;
        let lots = 1 + u64::from(words[3] % 12);
        let protection = (words[4].is_multiple_of(2)).then_some(price(words[2]));
        let order_type = match words[1] % 16 {
            0..9 => OrderType::Limit { price: price(words[2]) },
            9 | 10 => OrderType::Market { protection },
            11 => OrderType::Stop { trigger: price(words[5]), protection },
            12 => OrderType::StopLimit { trigger: price(words[5]), price: price(words[2]) },
            _ => OrderType::Iceberg { price: price(words[2]), display: 1 + u64::from(words[5] % 4) },
        };
        let time_in_force = match words[6] % 24 {
            0..12 => TimeInForce::Gtc,
            12..14 => TimeInForce::Day,
            14..16 => TimeInForce::Gtd(at(self.now + i64::from(words[5] % 30))),
            16..18 => TimeInForce::Ioc,
            18..20 => TimeInForce::Fok,
            20 => TimeInForce::AtOpen,
            21 => TimeInForce::AtClose,
            _ => TimeInForce::Gtc,
        };
        let order = NewOrder {
            client_order_id: ClientOrderId::parse(&format!("n{}", self.names)).unwrap(),
            side: if words[0].is_multiple_of(2) { Side::Buy } else { Side::Sell },
            order_type,
            lots,
            time_in_force,
            post_only: words[7] % 16 == 1,
            min_quantity: (words[7] % 16 == 2).then_some(1 + u64::from(words[5] % 12)),
            linked_to: (words[7] % 8 == 3).then(|| self.some_order(words[5]).1),
        };
        let company = if words[7] % 8 == 3 { self.some_order(words[5]).0 } else { who(words[4]) };
        let instrument = what(words[0] / 2);
        self.placed.push((company, instrument, order));
        Command::Place { company, instrument, order }
    }

    fn amend(&self, words: [u8; 8]) -> Command {
        let (company, order) = self.some_order(words[0]);
        let change = Amendment {
            lots: (!words[1].is_multiple_of(4)).then_some(u64::from(words[2] % 14)),
            price: (words[1].is_multiple_of(3)).then_some(price(words[3])),
            trigger: (words[1].is_multiple_of(5)).then_some(price(words[4])),
        };
        Command::Amend { company, order, change }
    }

    /// One of the last orders, seldom with the wrong company, seldom none.
    fn some_order(&self, word: u8) -> (OrganisationId, OrderNumber) {
        let back = usize::from(word) % 24;
        let found = self.orders.len().checked_sub(back + 1).map(|index| self.orders[index]);
        match found {
            Some((_, order)) if word >= 248 => (who(word), order),
            Some(found) => found,
            None => (who(word), OrderNumber(u64::from(word))),
        }
    }
}
