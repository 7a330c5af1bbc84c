//! What the machine, or the tables, know of a lot, in the form in which it is shown.

use domain::auction::{
    Admitted, Change, Clock, Digest, Disclosed, Entry, LotNumber, LotView, Own, Phase, Price, beginning,
};
use domain::kernel::Timestamp;
use infra::auction::history::EntryRow;
use infra::auction::lot::LotRow;
use infra::auction::words;
use serde_json::{Value, json};

use super::dto::{EntryDto, LotDto, OwnDto};
use crate::auction::hall::Called;
use crate::http::dto::{MoneyDto, Time};

/// How many units a lot has.
fn units(called: &Called, number: LotNumber) -> u64 {
    let index = usize::from(number).checked_sub(1);
    index.and_then(|index| called.rules.lots.get(index)).map_or(1, |lot| lot.units)
}

fn outcome(phase: Phase) -> Option<String> {
    match phase {
        Phase::Closed(outcome) => Some(outcome.code().to_owned()),
        _ => None,
    }
}

/// A lot as the machine has it, with what a company has there.
pub fn live(
    number: LotNumber,
    view: &LotView,
    own: Option<&(Admitted, Own)>,
    now: Timestamp,
    called: &Called,
) -> LotDto {
    let price = |minor: Option<Price>| minor.map(|minor| called.price(minor));
    LotDto {
        auction_id: called.id.0,
        number,
        phase: view.phase.code().to_owned(),
        outcome: outcome(view.phase),
        ends_at: view.ends_at.into(),
        now: now.into(),
        price: price(view.price),
        leader: view.leader.map(|leader| leader.to_string()),
        reserve_met: view.reserve_met,
        units: units(called, number),
        units_left: view.units_left,
        minimum: price(view.minimum),
        most: price(view.most),
        buy_now_price: price(view.buy_now),
        entries: view.entries,
        last_hash: view.last_hash.to_string(),
        changes: view.changes,
        own: own.map(|(admitted, own)| OwnDto {
            pseudonym: admitted.pseudonym.to_string(),
            leading: own.leading,
            maximum: price(own.maximum),
            sealed: own.sealed,
        }),
    }
}

/// The hash with which a history ends: that of its last entry, or its beginning.
pub fn last_hash(row: &LotRow, called: &Called) -> String {
    let number = u16::try_from(row.number).unwrap_or_default();
    row.last_hash.as_ref().map_or_else(|| beginning(called.id, number).to_string(), hex::encode)
}

/// A lot as the tables have it: of an auction that the machine has not heard of yet, or no more.
pub fn kept(row: &LotRow, now: Timestamp, called: &Called) -> LotDto {
    let number = u16::try_from(row.number).unwrap_or_default();
    LotDto {
        auction_id: called.id.0,
        number,
        phase: row.phase.clone(),
        outcome: row.outcome.clone(),
        ends_at: row.ends_at.into(),
        now: now.into(),
        price: row.price.map(|minor| called.price(minor)),
        leader: row.leader.clone(),
        reserve_met: row.reserve_met,
        units: units(called, number),
        units_left: row.units_left.and_then(|left| u64::try_from(left).ok()),
        minimum: None,
        most: None,
        buy_now_price: None,
        entries: u32::try_from(row.entries).unwrap_or_default(),
        last_hash: last_hash(row, called),
        changes: u64::try_from(row.changes).unwrap_or_default(),
        own: None,
    }
}

pub fn entry(row: EntryRow, called: &Called) -> EntryDto {
    EntryDto {
        number: row.number,
        at: row.at.into(),
        act: row.act,
        bidder: row.bidder,
        price: row.price.map(|minor| called.price(minor)),
        units: row.units,
        commitment: hex::encode(row.commitment),
        hash: hex::encode(row.hash),
    }
}

/// Name and data of a change of a lot, for the stream.
pub fn change(lot: LotNumber, what: &Change, called: &Called) -> (&'static str, Value) {
    let price = |minor: Option<Price>| -> Option<MoneyDto> { minor.map(|minor| called.price(minor)) };
    match what {
        Change::Listed { opens_at, ends_at } => {
            ("listed", json!({"opens_at": Time(*opens_at), "ends_at": Time(*ends_at)}))
        }
        Change::Phase { phase, price: stands, ends_at } => {
            let data = json!({"phase": phase.code(), "price": price(*stands), "minimum": minimum(lot, None, called),
                "ends_at": Time(*ends_at), "price_falls_at": next_fall(lot, *phase, called)});
            ("phase", data)
        }
        Change::Price { price } => ("price", json!({"price": called.price(*price)})),
        Change::Entered { entry, price: stands, leader, reserve_met, units_left, ends_at } => {
            let data = json!({"entry": entered(entry, called), "price": price(*stands), "leader": leader,
                "minimum": minimum(lot, *stands, called), "reserve_met": reserve_met, "units_left": units_left,
                "ends_at": Time(*ends_at)});
            ("entry", data)
        }
        Change::Opened { valid, void } => ("opened", json!({"valid": valid, "void": void})),
        Change::Closed { outcome, entries, last_hash, awards } => {
            let awards: Vec<Value> = awards.iter().map(|disclosed| disclosed_award(disclosed, called)).collect();
            let data = json!({"outcome": outcome.code(), "entries": entries, "last_hash": last_hash, "awards": awards});
            ("closed", data)
        }
    }
}

/// The least that is taken where bids are open and that price stands.
fn minimum(lot: LotNumber, stands: Option<Price>, called: &Called) -> Option<MoneyDto> {
    let index = usize::from(lot).checked_sub(1).filter(|index| *index < called.rules.lots.len())?;
    if !called.format().is_open() {
        return None;
    }
    let ladder = called.rules.ladder(index);
    Some(called.price(stands.map_or(ladder.start, |price| ladder.next(price))))
}

/// When the price falls for the first time.
fn next_fall(lot: LotNumber, phase: Phase, called: &Called) -> Option<Time> {
    let clock: Clock = called.rules.clock(usize::from(lot).checked_sub(1)?).filter(|_| phase == Phase::Falling)?;
    Some(Time(clock.next_after(clock.opens_at)))
}

fn entered(entry: &Entry, called: &Called) -> Value {
    let Entry { number, at, act, bidder, price, units, commitment, hash } = entry;
    let price = price.map(|minor| called.price(minor));
    json!({"number": number, "at": Time(*at), "act": words::act(*act), "bidder": bidder, "price": price, "units": units,
        "commitment": digest(commitment), "hash": digest(hash)})
}

fn digest(of: &Digest) -> String {
    of.to_string()
}

fn disclosed_award(disclosed: &Disclosed, called: &Called) -> Value {
    let Disclosed { pseudonym, award } = disclosed;
    json!({"organisation_id": award.bidder, "bidder": pseudonym, "number": award.number, "units": award.units,
        "price": called.price(award.price)})
}
