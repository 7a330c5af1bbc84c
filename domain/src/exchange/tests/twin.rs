//! The market and its naive twin do the same, whatever is asked of them.

use proptest::prelude::*;

use super::super::naive::{self, Naive};
use super::super::orders::{NIL, Place};
use super::super::*;
use super::audit;
use super::draft::{Draft, Known, beginning, drafts};
use super::{at, company};

/// A market, its twin, and what the orders are called in both.
struct Pair {
    market: Market,
    twin: Naive,
    known: Known,
    events: Vec<Event>,
    journal: Vec<(Command, i64)>,
    changes: Vec<u64>,
}

impl Pair {
    fn new(words: [[u8; 8]; 2]) -> Self {
        let (market, twin) = (Market::default(), Naive::default());
        let mut pair = Self {
            market,
            twin,
            known: Known::default(),
            events: Vec::new(),
            journal: Vec::new(),
            changes: vec![0; 2],
        };
        for command in beginning(words) {
            pair.apply(command);
        }
        pair
    }

    fn step(&mut self, draft: Draft) {
        self.known.now += i64::from(draft.words[7] % 4);
        // As a host does: what is due expires before anything else.
        if self.market.next_expiry().is_some_and(|due| due <= at(self.known.now)) && !draft.words[6].is_multiple_of(3) {
            self.apply(Command::Expire);
        }
        let command = self.known.command(draft);
        self.apply(command);
    }

    fn apply(&mut self, command: Command) {
        let now = at(self.known.now);
        let (told, traded) = (self.events.len(), self.twin.trades.len());
        let before = self.market.state_hash();
        let answer = self.market.apply(&command, now, &mut self.events);
        let expected = self.twin.apply(&command, now);
        assert_eq!(answer.err(), expected.err(), "{command:?}");
        if answer.is_err() {
            assert_eq!(self.market.state_hash(), before, "{command:?} was refused and changed something");
            assert_eq!(self.events.len(), told);
        }
        if let (Ok(Answer::Order(report)), Ok(Some(sequence))) = (answer, expected) {
            self.compare_report(&report, sequence);
            if let Command::Place { company, .. } = command
                && !report.replayed
            {
                self.known.orders.push((company, report.order));
            }
        }
        if answer.is_ok() {
            self.compare_events(told, traded);
        }
        self.known.trades = self.twin.trades.len() as u64;
        audit::check(&self.market);
        self.compare_state();
        self.journal.push((command, self.known.now));
    }

    fn compare_report(&self, report: &OrderReport, sequence: naive::Sequence) {
        let order = self.twin.order(sequence);
        assert_eq!(report.order.0 >> 24, sequence);
        assert_eq!((report.filled, report.turnover), (order.filled, order.turnover));
        assert_eq!(report.open, order.open);
        let waiting = match order.place {
            Place::Stops => OrderState::AwaitingTrigger,
            Place::Close => OrderState::AwaitingClose,
            Place::Book | Place::Hand => OrderState::Resting,
        };
        assert_eq!(report.state, order.ended.unwrap_or(waiting));
    }

    /// Trades with their parties, and orders that ended, each in the order in which it happened; numbers of changes without gaps.
    fn compare_events(&mut self, told: usize, traded: usize) {
        let mut fills = Vec::new();
        let mut trades = Vec::new();
        let mut ended = Vec::new();
        for event in &self.events[told..] {
            match *event {
                Event::Private(Private { company, what: What::Filled { order, price, lots, .. } }) => {
                    fills.push((company, order.0 >> 24, price, lots));
                }
                Event::Public(Public::Trade { instrument, price, lots, .. }) => trades.push((instrument, price, lots)),
                Event::Private(Private { what: What::Ended { order, reason, .. }, .. }) => {
                    ended.push((order.0 >> 24, reason));
                }
                Event::Public(Public::BookChanged { instrument, change, .. }) => {
                    let index = instrument.0.as_u128() as usize - 1;
                    self.changes[index] += 1;
                    assert_eq!(change, self.changes[index]);
                }
                _ => {}
            }
        }
        let expected = &self.twin.trades[traded..];
        let sides = |trade: &naive::Trade| {
            [(trade.buyer, trade.buy, trade.price, trade.lots), (trade.seller, trade.sell, trade.price, trade.lots)]
        };
        assert_eq!(fills, expected.iter().flat_map(sides).collect::<Vec<_>>());
        let public: Vec<_> = expected.iter().map(|trade| (trade.instrument, trade.price, trade.lots)).collect();
        assert_eq!(trades, public);
        assert_eq!(ended, self.twin.ended);
    }

    fn compare_state(&self) {
        for (place, entry) in self.market.listings.iter().enumerate() {
            let twin = &self.twin.instruments[&entry.id];
            assert_eq!((entry.phase, entry.session), (twin.phase, twin.session));
            assert_eq!((entry.reference(), entry.last, entry.traded), (twin.reference, twin.last, twin.traded));
            for side in [Side::Buy, Side::Sell] {
                let expected: Vec<_> = self
                    .twin
                    .queue(entry.id, side)
                    .iter()
                    .map(|order| (order.sequence, order.price, order.open, order.visible))
                    .collect();
                assert_eq!(self.queue(place, side), expected, "{side:?} side of the book");
            }
            if entry.phase.is_call() {
                let found =
                    self.market.status(entry.id).unwrap().indicative.and_then(|call| Some((call.price?, call.lots)));
                assert_eq!(found, self.twin.price_of_call(entry.id));
            }
            for (member, of) in self.market.members.iter().enumerate() {
                let position = entry.position(member as u32);
                assert_eq!(position.traded, self.twin.traded(of.company, entry.id));
                let deposited = self.twin.companies[&of.company].deposited.get(&entry.id).copied().unwrap_or(0);
                assert_eq!(position.deposited, deposited);
            }
        }
        let waiting = |place: Place| {
            let orders = self.twin.live().filter(move |order| order.place == place);
            orders.map(|order| (order.sequence, order.price, order.open)).collect::<Vec<_>>()
        };
        for place in [Place::Stops, Place::Close] {
            let orders = self.market.orders.iter().filter(|(_, order)| order.place == place);
            let mut found: Vec<_> = orders.map(|(_, order)| (order.number.0 >> 24, order.price, order.open)).collect();
            found.sort_unstable();
            assert_eq!(found, waiting(place));
        }
        assert_eq!(self.market.next_expiry(), self.twin.next_expiry());
        self.compare_filtered_books();
    }

    /// What a member may see is what it could trade with, order by order.
    fn compare_filtered_books(&self) {
        for (place, entry) in self.market.listings.iter().enumerate() {
            let member = company(1);
            let Ok(depth) = self.market.depth_for(member, entry.id, usize::MAX) else { continue };
            for (side, levels) in [(Side::Buy, depth.bids), (Side::Sell, depth.asks)] {
                let reachable = self.queue(place, side).into_iter().filter(|&(sequence, price, _, _)| {
                    let other = self.twin.order(sequence).company;
                    !self.twin.same_party(member, other) && self.twin.credit(member, other, entry.id, price) > 0
                });
                let mut prices: Vec<_> = reachable.map(|(_, price, _, _)| price).collect();
                prices.dedup();
                assert_eq!(levels.iter().map(|level| level.price).collect::<Vec<_>>(), prices);
            }
        }
    }

    fn queue(&self, listing: usize, side: Side) -> Vec<(naive::Sequence, Price, Lots, Lots)> {
        let mut queue = Vec::new();
        for level in self.market.listings[listing].book.levels(side) {
            let mut slot = level.head;
            while slot != NIL {
                let order = self.market.orders.at(slot);
                queue.push((order.number.0 >> 24, order.price, order.open, order.visible));
                slot = self.market.orders.links[slot as usize].next;
            }
        }
        queue
    }
}

fn words() -> impl Strategy<Value = [[u8; 8]; 2]> {
    any::<[[u8; 8]; 2]>()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    /// After every command: the same answer or refusal, the same trades in the same order, the same books in the same priority, and
    /// all that [`audit::check`] says; a refused command leaves the same hash.
    #[test]
    fn the_market_does_what_its_naive_twin_does(words in words(), drafts in drafts(220)) {
        let mut pair = Pair::new(words);
        for draft in drafts {
            pair.step(draft);
        }
    }

    /// A replay gives identical bytes and events; a snapshot taken anywhere, restored, and the rest of the commands give the same state
    /// as all of them from the start; commands come back from their own bytes.
    #[test]
    fn a_replay_is_identical_and_a_snapshot_is_as_good_as_what_led_to_it(
        words in words(),
        drafts in drafts(160),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut pair = Pair::new(words);
        for draft in drafts {
            pair.step(draft);
        }
        let cut = cut.index(pair.journal.len());
        let (mut market, mut events) = (Market::default(), Vec::new());
        for (index, (command, time)) in pair.journal.iter().enumerate() {
            if index == cut {
                let bytes = market.snapshot();
                market = Market::restore(&bytes).unwrap();
                prop_assert_eq!(&market.snapshot(), &bytes);
                audit::check(&market);
            }
            let mut bytes = Vec::new();
            command.put(&mut bytes);
            let read = Command::get(&mut bytes.as_slice()).unwrap();
            prop_assert_eq!(&read, command);
            let _ = market.apply(&read, at(*time), &mut events);
        }
        prop_assert_eq!(market.snapshot(), pair.market.snapshot());
        prop_assert_eq!(market.state_hash(), pair.market.state_hash());
        prop_assert_eq!(events, pair.events);
    }

    /// What a client builds from the levels that it is told has, after every change, the checksum that it is told.
    #[test]
    fn a_client_proves_its_book_by_the_checksum(words in words(), drafts in drafts(120)) {
        let mut pair = Pair::new(words);
        let mut books = [const { std::collections::BTreeMap::<(Side, Price), Lots>::new() }; 2];
        let mut seen = 0;
        for draft in drafts {
            pair.step(draft);
            for event in &pair.events[seen..] {
                match *event {
                    Event::Public(Public::Level { instrument, side, price, lots }) => {
                        let book = &mut books[instrument.0.as_u128() as usize - 1];
                        if lots == 0 { book.remove(&(side, price)) } else { book.insert((side, price), lots) };
                    }
                    Event::Public(Public::BookChanged { instrument, checksum, .. }) => {
                        let book = &books[instrument.0.as_u128() as usize - 1];
                        let bids = book.iter().rev().filter(|((side, _), _)| *side == Side::Buy).take(CHECKED_LEVELS);
                        let asks = book.iter().filter(|((side, _), _)| *side == Side::Sell).take(CHECKED_LEVELS);
                        let parts = bids.chain(asks).map(|(&(side, price), &lots)| checksum_part(side, price, lots));
                        prop_assert_eq!(parts.fold(0_u32, u32::wrapping_add), checksum);
                    }
                    _ => {}
                }
            }
            seen = pair.events.len();
        }
    }

    /// Bytes that were changed anywhere are refused, never misread.
    #[test]
    fn a_damaged_snapshot_is_refused(words in words(), drafts in drafts(30), place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut pair = Pair::new(words);
        for draft in drafts {
            pair.step(draft);
        }
        let mut bytes = pair.market.snapshot();
        let place = place.index(bytes.len());
        bytes[place] ^= 1_u8 << bit;
        prop_assert_eq!(Market::restore(&bytes).err(), Some(Damaged));
        prop_assert_eq!(Market::restore(&bytes[..place]).err(), Some(Damaged));
    }
}
