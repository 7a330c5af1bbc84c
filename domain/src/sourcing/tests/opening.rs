//! Who opens which envelope when.

use super::*;
use crate::kernel::{Kind, Refusal};

/// Opens as a person of the buyer, a second after the deadline.
struct Table {
    terms: Terms,
    state: RfqState,
    record: OpeningRecord,
}

impl Table {
    fn of(preset: Preset) -> Self {
        let procedure = preset.procedure();
        let terms = Terms { procedure, ..request() };
        Self { terms, state: RfqState::Closed, record: OpeningRecord::default() }
    }

    fn open(&mut self, envelope: Envelope, who: u128) -> Result<Opened, Refusal> {
        self.open_at(envelope, who, at(1_001))
    }

    fn open_at(&mut self, envelope: Envelope, who: u128, at: Timestamp) -> Result<Opened, Refusal> {
        let before = self.record.clone();
        let request = Published { state: self.state, version: 1, terms: &self.terms };
        let opened = self.record.open(request, BUYER, BUYER, OpeningEntry { envelope, person: person(who), at });
        assert!(opened.is_ok() || self.record == before, "what is refused changes nothing");
        opened
    }

    fn refusal(&mut self, envelope: Envelope, who: u128) -> Kind {
        self.open(envelope, who).unwrap_err().kind
    }
}

#[test]
fn nothing_is_opened_before_the_deadline() {
    let mut table = Table::of(Preset::MiniTender);
    let early = table.open_at(Envelope::Whole, 1, at(1_000) - TimeDelta::microseconds(1)).unwrap_err();
    assert_eq!(early.kind, Kind::StillSealed);
    assert_eq!(table.open_at(Envelope::Whole, 1, at(1_000)), Ok(Opened::Done));
    for state in RfqState::ALL.into_iter().filter(|state| *state != RfqState::Closed) {
        let mut table = Table { state, ..Table::of(Preset::MiniTender) };
        assert!(table.open(Envelope::Whole, 1).is_err(), "{state:?}");
    }
}

#[test]
fn what_was_cancelled_is_not_opened_and_said_to_be_so_before_its_deadline_as_well() {
    let mut table = Table { state: RfqState::Cancelled, ..Table::of(Preset::MiniTender) };
    for at in [at(0), at(1_001)] {
        assert_eq!(table.open_at(Envelope::Whole, 1, at).unwrap_err().kind, Kind::WrongState);
    }
}

#[test]
fn one_person_opens_where_one_is_enough() {
    let mut table = Table::of(Preset::MiniTender);
    assert_eq!(table.open(Envelope::Whole, 1), Ok(Opened::Done));
    assert_eq!(table.record.entries, [OpeningEntry { envelope: Envelope::Whole, person: person(1), at: at(1_001) }]);
    assert!(table.record.is_complete(&table.terms.procedure));
    assert_eq!(table.refusal(Envelope::Whole, 2), Kind::WrongState);
}

#[test]
fn two_different_people_open_where_two_have_to() {
    let mut table = Table::of(Preset::SealedTender);
    let procedure = table.terms.procedure;
    assert_eq!(table.open(Envelope::Whole, 1), Ok(Opened::AwaitsSecond));
    assert!(!table.record.is_open(Envelope::Whole, &procedure));
    assert_eq!(table.record.opened_at(Envelope::Whole, &procedure), None);
    assert_eq!(table.refusal(Envelope::Whole, 1), Kind::SecondPersonNeeded);
    assert_eq!(table.open_at(Envelope::Whole, 2, at(1_500)), Ok(Opened::Done));
    assert_eq!(table.record.opened_at(Envelope::Whole, &procedure), Some(at(1_500)));
}

#[test]
fn prices_are_opened_after_the_technical_envelopes() {
    let mut table = Table::of(Preset::TwoEnvelope);
    let procedure = table.terms.procedure;
    assert_eq!(table.refusal(Envelope::Commercial, 1), Kind::StillSealed);
    table.open(Envelope::Technical, 1).unwrap();
    assert_eq!(table.refusal(Envelope::Commercial, 2), Kind::StillSealed);
    table.open(Envelope::Technical, 2).unwrap();
    assert!(table.record.is_open(Envelope::Technical, &procedure) && !table.record.is_complete(&procedure));
    table.open(Envelope::Commercial, 2).unwrap();
    assert_eq!(table.open(Envelope::Commercial, 3), Ok(Opened::Done));
    assert!(table.record.is_complete(&procedure));
}

#[test]
fn only_the_buyer_opens_and_only_envelopes_that_there_are() {
    let mut table = Table::of(Preset::MiniTender);
    assert_eq!(table.refusal(Envelope::Technical, 1), Kind::InvalidInput);
    let request = Published { state: RfqState::Closed, version: 1, terms: &table.terms };
    let entry = OpeningEntry { envelope: Envelope::Whole, person: person(1), at: at(1_001) };
    let other = table.record.open(request, BUYER, company(1), entry).unwrap_err();
    assert_eq!(other.kind, Kind::Forbidden);
    table.terms.procedure.secrecy = Secrecy::OpenRanking;
    assert_eq!(table.refusal(Envelope::Whole, 1), Kind::InvalidInput);
    assert!(table.record.is_complete(&table.terms.procedure), "open quotes wait for nobody");
}
