//! How lots stand.

use std::collections::{BTreeMap, BTreeSet};

use domain::auction::{Change as What, Digest, Outcome, Phase, Price, Public, Units};
use domain::kernel::Timestamp;
use uuid::Uuid;

use super::{integer, signed, small};
use crate::Failure;
use crate::db::Connection;
use crate::db::unnest::{Column, Unnest};

/// Who leads, and what is left, of what stands in a lot.
#[derive(Debug, Default)]
struct Standing {
    leader: Option<String>,
    reserve_met: bool,
    units_left: Option<Units>,
}

/// What several changes make of a lot: what is `None` stays as it is.
#[derive(Debug, Default)]
struct Change {
    phase: Option<Phase>,
    ends_at: Option<Timestamp>,
    price: Option<Option<Price>>,
    standing: Option<Standing>,
    entries: Option<(u32, Digest)>,
    /// The number of the last one.
    changes: u64,
    closed_at: Option<Timestamp>,
}

/// The lots that have changed, in the order of their keys.
#[derive(Default)]
pub struct Changes {
    /// The ends of those that were published, or published anew: they stand as at the beginning.
    listed: BTreeMap<(Uuid, i16), (Timestamp, u64)>,
    changed: BTreeMap<(Uuid, i16), Change>,
    /// How many lots an auction has that was published.
    counts: BTreeMap<Uuid, i16>,
}

impl Changes {
    pub fn note(&mut self, public: &Public) {
        let key = (public.auction.0, small(public.lot));
        if let What::Listed { ends_at, .. } = public.what {
            self.listed.insert(key, (ends_at, public.change));
            // They are listed one after the other, the last one last.
            self.counts.insert(key.0, key.1);
            return;
        }
        let change = self.changed.entry(key).or_default();
        change.changes = public.change;
        match &public.what {
            What::Listed { .. } | What::Opened { .. } => {}
            What::Phase { phase, price, ends_at } => {
                let reserve_met = match phase {
                    Phase::Falling | Phase::Topping => true,
                    Phase::Sealing => price.is_some(),
                    _ => false,
                };
                change.phase = Some(*phase);
                change.price = Some(*price);
                change.ends_at = Some(*ends_at);
                change.standing = Some(Standing { reserve_met, ..Standing::default() });
            }
            What::Price { price } => change.price = Some(Some(*price)),
            What::Entered { entry, price, leader, reserve_met, units_left, ends_at } => {
                let leader = leader.map(|leader| leader.to_string());
                change.price = Some(*price);
                change.standing = Some(Standing { leader, reserve_met: *reserve_met, units_left: *units_left });
                change.entries = Some((entry.number.0, entry.hash));
                change.ends_at = Some(*ends_at);
            }
            What::Closed { outcome, entries, last_hash, .. } => {
                change.phase = Some(Phase::Closed(*outcome));
                change.price = Some(None);
                change.standing = Some(Standing::default());
                change.entries = Some((*entries, *last_hash));
                change.closed_at = Some(public.at);
            }
        }
    }

    /// The auctions whose lots these are.
    pub fn auctions(&self) -> Vec<Uuid> {
        let all = self.listed.keys().chain(self.changed.keys()).map(|(auction, _)| *auction);
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    pub async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        if !self.listed.is_empty() {
            self.remove().execute(connection).await?;
            self.begin().execute(connection).await?;
        }
        if !self.changed.is_empty() {
            self.update().execute(connection).await?;
        }
        Ok(())
    }

    /// An auction that is published anew may have fewer lots.
    fn remove(&self) -> Unnest {
        Unnest {
            before: "DELETE FROM auction_lot AS l USING ",
            columns: vec![
                Column::Uuids(self.counts.keys().copied().collect()),
                Column::SmallNumbers(self.counts.values().copied().collect()),
            ],
            after: " AS c (auction_id, lots) WHERE l.auction_id = c.auction_id AND l.number > c.lots",
        }
    }

    fn begin(&self) -> Unnest {
        Unnest {
            before: "INSERT INTO auction_lot (auction_id, number, ends_at, changes, phase, state, reserve_met, entries)
                     SELECT *, 'scheduled', 'scheduled', false, 0 FROM ",
            columns: vec![
                Column::Uuids(self.listed.keys().map(|key| key.0).collect()),
                Column::SmallNumbers(self.listed.keys().map(|key| key.1).collect()),
                Column::Times(self.listed.values().map(|listed| listed.0).collect()),
                Column::Numbers(self.listed.values().map(|listed| signed(listed.1)).collect()),
            ],
            after: " ON CONFLICT (auction_id, number) DO UPDATE SET ends_at = excluded.ends_at, changes = excluded.changes",
        }
    }

    fn update(&self) -> Unnest {
        let all = || self.changed.values();
        let outcome = |change: &Change| match change.phase {
            Some(Phase::Closed(outcome)) => Some(outcome),
            _ => None,
        };
        let standing = || all().map(|change| change.standing.as_ref());
        let last_hash = |(number, hash): (u32, Digest)| (number > 0).then(|| hash.0.to_vec());
        Unnest {
            before: "UPDATE auction_lot AS l SET phase = coalesce(c.phase, l.phase), state = coalesce(c.state, l.state),
                         ends_at = coalesce(c.ends_at, l.ends_at),
                         price = CASE WHEN c.is_priced THEN c.price ELSE l.price END,
                         leader = CASE WHEN c.is_standing THEN c.leader ELSE l.leader END,
                         reserve_met = CASE WHEN c.is_standing THEN c.reserve_met ELSE l.reserve_met END,
                         units_left = CASE WHEN c.is_standing THEN c.units_left ELSE l.units_left END,
                         entries = coalesce(c.entries, l.entries), last_hash = coalesce(c.last_hash, l.last_hash),
                         changes = c.changes, outcome = coalesce(c.outcome, l.outcome),
                         closed_at = coalesce(c.closed_at, l.closed_at)
                     FROM ",
            columns: vec![
                Column::Uuids(self.changed.keys().map(|key| key.0).collect()),
                Column::SmallNumbers(self.changed.keys().map(|key| key.1).collect()),
                Column::OptionalWords(all().map(|change| change.phase.map(Phase::code)).collect()),
                Column::OptionalWords(all().map(|change| change.phase.map(|phase| phase.state().code())).collect()),
                Column::OptionalTimes(all().map(|change| change.ends_at).collect()),
                Column::Flags(all().map(|change| change.price.is_some()).collect()),
                Column::OptionalNumbers(all().map(|change| change.price.flatten()).collect()),
                Column::Flags(standing().map(|standing| standing.is_some()).collect()),
                Column::OptionalTexts(standing().map(|standing| standing?.leader.clone()).collect()),
                Column::Flags(standing().map(|standing| standing.is_some_and(|one| one.reserve_met)).collect()),
                Column::OptionalNumbers(standing().map(|standing| standing?.units_left.map(signed)).collect()),
                Column::OptionalIntegers(all().map(|change| change.entries.map(|(number, _)| integer(number))).collect()),
                Column::OptionalBytes(all().map(|change| change.entries.and_then(last_hash)).collect()),
                Column::Numbers(all().map(|change| signed(change.changes)).collect()),
                Column::OptionalWords(all().map(|change| outcome(change).map(Outcome::code)).collect()),
                Column::OptionalTimes(all().map(|change| change.closed_at).collect()),
            ],
            after: " AS c (auction_id, number, phase, state, ends_at, is_priced, price, is_standing, leader, reserve_met, units_left,
                         entries, last_hash, changes, outcome, closed_at)
                     WHERE l.auction_id = c.auction_id AND l.number = c.number",
        }
    }
}
