//! The machine and its naive twin do the same, whatever is asked of them.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::draft::{AUCTIONS, Draft, Known, beginning, drafts};
use super::*;
use crate::auction::naive::{Live, Naive};
use crate::auction::sale::{Sale, lot_number};
use crate::kernel::Timestamp;
use crate::kernel::wire::{Damaged, Wire};

/// The auctions, their twin, and all that was asked of both.
struct Pair {
    auctions: Auctions,
    twin: Naive,
    known: Known,
    events: Vec<Event>,
    journal: Vec<(Command, i64)>,
    ends: BTreeMap<(AuctionId, LotNumber), Timestamp>,
}

type Words = [[u8; 8]; AUCTIONS as usize];

impl Pair {
    fn new(words: Words) -> Self {
        let mut pair = Self {
            auctions: Auctions::default(),
            twin: Naive::default(),
            known: Known { now: -5, ..Known::default() },
            events: Vec::new(),
            journal: Vec::new(),
            ends: BTreeMap::new(),
        };
        beginning(words).into_iter().for_each(|command| pair.apply(command));
        pair
    }

    fn step(&mut self, draft: Draft) {
        self.known.now += i64::from(draft.words[7] % 8);
        self.tick();
        let command = self.known.command(draft, &self.auctions);
        self.apply(command);
    }

    /// As a host does: what is due is done before anything else.
    fn tick(&mut self) {
        if self.auctions.due().is_some_and(|due| due <= at(self.known.now)) {
            self.apply(Command::Tick);
        }
    }

    fn apply(&mut self, command: Command) {
        let now = at(self.known.now);
        let (told, before) = (self.events.len(), self.auctions.state_hash());
        let answer = self.auctions.apply(&command, now, &mut self.events);
        let expected = self.twin.apply(&command, now);
        assert_eq!(answer.err(), expected.err(), "{command:?}");
        if answer.is_err() {
            assert_eq!((self.auctions.state_hash(), self.events.len()), (before, told), "{command:?} was refused");
        }
        audit::check(&self.auctions);
        self.compare();
        self.check_ends();
        self.journal.push((command, self.known.now));
    }

    fn compare(&self) {
        for (id, twin) in &self.twin.auctions {
            let sale = &self.auctions.sales[id];
            for (index, lot) in sale.lots.iter().enumerate() {
                let (part, end) = twin.part(index, at(self.known.now));
                assert_eq!(lot.phase.code(), part);
                if matches!(lot.phase, Phase::Bidding | Phase::Falling | Phase::Sealing | Phase::Topping) {
                    assert_eq!(lot.ends_at, end);
                }
                let until = twin.lots[index].deeds.len();
                match lot.phase {
                    Phase::Bidding if sale.rules.lots[index].units == 1 => {
                        let found = lot.standing.map(|found| (found.leader, found.price, found.maximum));
                        assert_eq!(
                            found,
                            twin.standing(index, until),
                            "{:?} {:#?}",
                            sale.rules,
                            twin.lots[index].deeds
                        );
                    }
                    Phase::Bidding => self.compare_units(*id, index, &twin.live_bids(index, until)),
                    Phase::Falling => self.compare_units(*id, index, &twin.accepted(index)),
                    Phase::Sealing | Phase::Opening => {
                        let waiting: Vec<_> =
                            lot.sealed.iter().map(|sealed| (sealed.bidder, sealed.commitment)).collect();
                        let expected: Vec<_> =
                            twin.waiting(index).into_iter().map(|(_, company, digest)| (company, digest)).collect();
                        assert_eq!(waiting, expected);
                    }
                    Phase::Closed(outcome) => {
                        let (expected, awards) = twin.lots[index].closed.clone().unwrap();
                        assert_eq!((outcome, self.awards(*id, lot_number(index))), (expected, awards));
                    }
                    Phase::Scheduled | Phase::Topping => {}
                }
            }
        }
    }

    fn compare_units(&self, id: AuctionId, index: usize, bids: &[Live]) {
        let (sale, twin) = (&self.auctions.sales[&id], &self.twin.auctions[&id]);
        let shares = twin.share_out(index, bids);
        for company in sale.bidders.keys() {
            let expected: Units = shares.iter().filter(|(to, _, _)| to == company).map(|(_, units, _)| units).sum();
            if sale.rules.format != Format::Hybrid {
                assert_eq!(sale.leading(index, *company), Some(expected));
            }
        }
    }

    /// What the seller was told of a lot, which it is told once.
    fn awards(&self, id: AuctionId, number: LotNumber) -> Vec<(OrganisationId, Units, Price)> {
        let results = self.events.iter().filter_map(|event| match event {
            Event::Private(Private { company: SELLER, auction, what: What::Result { lot, awards, .. } })
                if (*auction, *lot) == (id, number) =>
            {
                Some(awards.iter().map(|one| (one.award.bidder, one.award.units, one.award.price)).collect())
            }
            _ => None,
        });
        let results: Vec<_> = results.collect();
        assert_eq!(results.len(), 1, "a lot closes once");
        results.into_iter().next().unwrap()
    }

    /// Ends of bidding never move earlier; those of other parts are fixed when the part begins.
    fn check_ends(&mut self) {
        for (id, sale) in &self.auctions.sales {
            for (index, lot) in sale.lots.iter().enumerate().filter(|(_, lot)| lot.phase == Phase::Bidding) {
                let end = self.ends.entry((*id, lot_number(index))).or_insert(lot.ends_at);
                assert!(lot.ends_at >= *end);
                *end = lot.ends_at;
            }
        }
    }

    /// Time goes on until nothing is due any more and all sealed bids are opened.
    fn finish(&mut self) {
        self.known.now += 10_000;
        self.tick();
        while !self.auctions.to_open().is_empty() {
            let open = self.known.open([0; 8], &self.auctions);
            self.apply(open);
            self.known.now += 10_000;
            self.tick();
        }
        assert!(self.auctions.sales.values().all(Sale::is_over));
    }

    /// All histories are whole, and end with the hash that the close published; winners pay what they bid or less, and at least the
    /// reserve; no more units are given out than there are.
    fn check_results(&self) {
        for (id, sale) in &self.auctions.sales {
            for index in 0..sale.lots.len() {
                let number = lot_number(index);
                let (entries, last) = self.history(*id, number);
                assert_eq!(verify(*id, number, &entries), Ok(last));
                let awards = self.awards(*id, number);
                let given: Units = awards.iter().map(|(_, units, _)| units).sum();
                assert!(given <= sale.rules.lots[index].units);
                let least = sale.rules.lots[index].reserve.unwrap_or(sale.least(index));
                for (company, units, price) in awards {
                    assert!(sale.rules.format.direction().reaches(price, least));
                    assert!(self.offered(*id, number, company, units, price), "{company} never offered {price}");
                }
            }
        }
    }

    fn history(&self, id: AuctionId, number: LotNumber) -> (Vec<Entry>, Digest) {
        let (mut entries, mut last) = (Vec::new(), Digest::ZERO);
        let mut changes = 0;
        for event in &self.events {
            let Event::Public(public) = event else { continue };
            if (public.auction, public.lot) != (id, number) {
                continue;
            }
            changes += 1;
            assert_eq!(public.change, changes, "changes are numbered without gaps");
            match &public.what {
                Change::Entered { entry, .. } => entries.push(*entry),
                Change::Closed { last_hash, .. } => last = *last_hash,
                _ => {}
            }
        }
        (entries, last)
    }

    /// Whether a company has offered as much as it is to pay.
    fn offered(&self, id: AuctionId, lot: LotNumber, company: OrganisationId, units: Units, price: Price) -> bool {
        let direction = self.auctions.sales[&id].rules.format.direction();
        self.journal.iter().any(|(command, _)| {
            let offer = match command {
                Command::Bid { auction, lot: of, company: by, bid } if (*auction, *of, *by) == (id, lot, company) => {
                    let most = bid.maximum.or(bid.price);
                    most.map(|most| (most, bid.units))
                }
                Command::Accept { auction, lot: of, company: by, price, units, .. }
                    if (*auction, *of, *by) == (id, lot, company) =>
                {
                    Some((*price, *units))
                }
                Command::Top { auction, lot: of, company: by, price, .. }
                    if (*auction, *of, *by) == (id, lot, company) =>
                {
                    Some((*price, 1))
                }
                Command::BuyNow { auction, lot: of, company: by, .. } if (*auction, *of, *by) == (id, lot, company) => {
                    Some((200, 1))
                }
                Command::Open { auction, lot: of, plain } if (*auction, *of) == (id, lot) => {
                    let most = plain.iter().map(|plain| plain.price).max();
                    most.map(|most| (most, 10))
                }
                _ => None,
            };
            offer.is_some_and(|(most, of)| direction.reaches(most, price) && of >= units)
        })
    }
}

fn words() -> impl Strategy<Value = Words> {
    any::<Words>()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    /// After every command: the same answer or refusal, the same parts, ends, leaders, prices, units and sealed bids, and all that
    /// [`audit::check`] says; a refused command leaves the same hash. At the end: whole histories, and awards that hold.
    #[test]
    fn the_auctions_do_what_their_naive_twin_does(words in words(), drafts in drafts(160)) {
        let mut pair = Pair::new(words);
        for draft in drafts {
            pair.step(draft);
        }
        pair.finish();
        pair.check_results();
    }

    /// A replay gives identical bytes and events; a snapshot taken anywhere, restored, and the rest of the commands give the same state
    /// as all of them from the start; commands come back from their own bytes.
    #[test]
    fn a_replay_is_identical_and_a_snapshot_is_as_good_as_what_led_to_it(
        words in words(),
        drafts in drafts(100),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut pair = Pair::new(words);
        for draft in drafts {
            pair.step(draft);
        }
        pair.finish();
        let cut = cut.index(pair.journal.len());
        let (mut auctions, mut events) = (Auctions::default(), Vec::new());
        for (index, (command, time)) in pair.journal.iter().enumerate() {
            if index == cut {
                let bytes = auctions.snapshot();
                auctions = Auctions::restore(&bytes).unwrap();
                prop_assert_eq!(&auctions.snapshot(), &bytes);
                audit::check(&auctions);
            }
            let mut bytes = Vec::new();
            command.put(&mut bytes);
            let read = Command::get(&mut bytes.as_slice()).unwrap();
            prop_assert_eq!(&read, command);
            let _ = auctions.apply(&read, at(*time), &mut events);
        }
        prop_assert_eq!(auctions.snapshot(), pair.auctions.snapshot());
        prop_assert_eq!(events, pair.events);
    }

    /// Bytes that were changed anywhere are refused, never misread.
    #[test]
    fn a_damaged_snapshot_is_refused(words in words(), drafts in drafts(20), place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut pair = Pair::new(words);
        for draft in drafts {
            pair.step(draft);
        }
        let mut bytes = pair.auctions.snapshot();
        let place = place.index(bytes.len());
        bytes[place] ^= 1_u8 << bit;
        prop_assert_eq!(Auctions::restore(&bytes).err(), Some(Damaged));
        prop_assert_eq!(Auctions::restore(&bytes[..place]).err(), Some(Damaged));
    }
}
