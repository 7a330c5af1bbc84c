//! What is told of auctions in the feed. Nobody is named in what others read, and what is bound by a seal is in none of it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use domain::auction::{
    Access, Award, BidNumber, Change, Digest, Disclosed, LotNumber, Outcome, Price, Private, Public, Receipt, Units,
    Void, What, decimal_of,
};
use domain::kernel::{AuctionId, Currency, OrganisationId, PortalId, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::overview::Known;
use crate::Failure;
use crate::auction::{CONCERNED, running};
use crate::db::Connection;
use crate::event::{Event as FeedEvent, id_of};
use crate::portal::store::concerned;

/// Of something in the journal: its entry, and where among the entry's events.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub entry: i64,
    pub position: usize,
    pub at: Timestamp,
}

/// How a lot closed.
struct Closing {
    lot: LotNumber,
    outcome: Outcome,
    entries: u32,
    last_hash: Digest,
    awards: Vec<Disclosed>,
    /// Those who learn of the awards though not everybody does.
    informed: Vec<Uuid>,
    is_public: bool,
}

enum Told {
    /// A part of a lot has begun; it is news if nothing of the auction had before.
    Begun,
    Closed(Closing),
    Accepted {
        company: OrganisationId,
        receipt: Receipt,
        units: Units,
    },
    Outbid {
        company: OrganisationId,
        lot: LotNumber,
        price: Option<Price>,
        leading: Units,
    },
    MayTop {
        company: OrganisationId,
        lot: LotNumber,
        price: Price,
        least: Price,
        until: Timestamp,
    },
    Void {
        company: OrganisationId,
        lot: LotNumber,
        number: BidNumber,
        why: Void,
    },
    Won {
        company: OrganisationId,
        lot: LotNumber,
        award: Award,
    },
}

/// What some entries have brought, in their order.
#[derive(Default)]
pub struct News {
    all: Vec<(Place, AuctionId, Told)>,
    /// Where among them a lot has closed.
    closings: HashMap<(AuctionId, LotNumber), usize>,
}

impl News {
    pub fn note_public(&mut self, public: &Public, place: Place) {
        match &public.what {
            Change::Phase { .. } => self.all.push((place, public.auction, Told::Begun)),
            Change::Closed { outcome, entries, last_hash, awards } => {
                self.closings.insert((public.auction, public.lot), self.all.len());
                let closing = Closing {
                    lot: public.lot,
                    outcome: *outcome,
                    entries: *entries,
                    last_hash: *last_hash,
                    awards: awards.clone(),
                    informed: Vec::new(),
                    is_public: !awards.is_empty(),
                };
                self.all.push((place, public.auction, Told::Closed(closing)));
            }
            Change::Listed { .. } | Change::Price { .. } | Change::Entered { .. } | Change::Opened { .. } => {}
        }
    }

    pub fn note_private(&mut self, private: &Private, place: Place) {
        let company = private.company;
        let told = match private.what {
            What::Accepted { receipt, units, .. } => Told::Accepted { company, receipt, units },
            What::Outbid { lot, price, leading } => Told::Outbid { company, lot, price, leading },
            What::MayTop { lot, price, least, until } => Told::MayTop { company, lot, price, least, until },
            What::Void { lot, number, why } => Told::Void { company, lot, number, why },
            What::Won { lot, award } => Told::Won { company, lot, award },
            What::Result { lot, ref awards, .. } => return self.inform(private, lot, awards),
            What::Admitted { .. }
            | What::Withdrawn
            | What::Opened { .. }
            | What::RunnerUp { .. }
            | What::Deposit { .. } => return,
        };
        self.all.push((place, private.auction, told));
    }

    /// A company learns who won; that the lot closed was told just before.
    fn inform(&mut self, private: &Private, lot: LotNumber, awards: &[Disclosed]) {
        let closed = self.closings.get(&(private.auction, lot)).and_then(|&place| self.all.get_mut(place));
        if let Some((.., Told::Closed(closing))) = closed {
            closing.awards = awards.to_vec();
            closing.informed.push(private.company.0);
        }
    }

    pub async fn events(
        &self,
        connection: &mut Connection,
        stream: Uuid,
        known: &HashMap<Uuid, Known>,
    ) -> Result<Vec<FeedEvent>, Failure> {
        let audiences = self.audiences(connection, known).await?;
        let mut opened = HashSet::new();
        let mut events = Vec::new();
        for (place, auction, told) in &self.all {
            let Some(of) = known.get(&auction.0) else { continue };
            let teller = Teller { stream, of, currency: Currency::parse(&of.currency)?, place: *place };
            let audience = audiences.get(&auction.0).cloned().unwrap_or_default();
            match told {
                Told::Begun if of.state == "scheduled" && opened.insert(auction) => {
                    events.push(teller.event("auction.opened", audience, json!({})));
                }
                Told::Begun => {}
                Told::Closed(closing) => events.extend(teller.closed(closing, audience)),
                other => events.extend(teller.private(other)),
            }
        }
        Ok(events)
    }

    /// Who may see the auctions of which everybody is told something.
    async fn audiences(
        &self,
        connection: &mut Connection,
        known: &HashMap<Uuid, Known>,
    ) -> Result<HashMap<Uuid, Vec<Uuid>>, Failure> {
        let is_for_all = |told: &Told| matches!(told, Told::Begun | Told::Closed(_));
        let named: BTreeSet<Uuid> =
            self.all.iter().filter(|(.., told)| is_for_all(told)).map(|(_, auction, _)| auction.0).collect();
        let (mut portals, mut found) = (HashMap::new(), HashMap::new());
        for of in named.iter().filter_map(|id| known.get(id)) {
            let audience = if of.access == Access::Invited.code() {
                let mut invited = running::companies(connection, AuctionId(of.id)).await?;
                invited.push(of.seller_id);
                invited
            } else {
                let members = match portals.entry(of.portal_id) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(concerned(connection, PortalId(of.portal_id), &CONCERNED).await?),
                };
                members.clone()
            };
            found.insert(of.id, audience);
        }
        Ok(found)
    }
}

/// Makes the events of one place in the journal.
struct Teller<'a> {
    stream: Uuid,
    of: &'a Known,
    currency: Currency,
    place: Place,
}

impl Teller<'_> {
    fn event(&self, kind: &'static str, audience: Vec<Uuid>, data: Value) -> FeedEvent {
        self.numbered(0, kind, audience, data)
    }

    fn numbered(&self, number: usize, kind: &'static str, audience: Vec<Uuid>, data: Value) -> FeedEvent {
        let Place { entry, position, at } = self.place;
        FeedEvent {
            id: id_of(&format!("{} {entry} {position} {number}", self.stream), at),
            kind,
            subject_kind: "auction",
            subject_id: self.of.id,
            subject_version: self.of.version,
            portal_id: Some(self.of.portal_id),
            actor_id: None,
            request_id: None,
            audience,
            data,
            at,
        }
    }

    fn price(&self, minor: Price) -> Value {
        json!({"amount": decimal_of(minor, self.currency), "currency": self.of.currency})
    }

    /// One event for everybody; or one for those who learn of the awards, and one without them for the others.
    fn closed(&self, closing: &Closing, audience: Vec<Uuid>) -> Vec<FeedEvent> {
        const KIND: &str = "auction.lot_closed";
        let Closing { lot, outcome, entries, last_hash, awards, informed, is_public } = closing;
        let data = |awards: Value| json!({"lot": lot, "outcome": outcome.code(), "entries": entries, "last_hash": last_hash, "awards": awards});
        let told: Vec<Value> = awards.iter().map(|disclosed| self.award(disclosed)).collect();
        if *is_public || awards.is_empty() {
            let all: BTreeSet<Uuid> = audience.into_iter().chain(informed.iter().copied()).collect();
            return vec![self.event(KIND, all.into_iter().collect(), data(told.into()))];
        }
        let others = audience.into_iter().filter(|one| !informed.contains(one)).collect();
        vec![self.event(KIND, others, data(Value::Null)), self.numbered(1, KIND, informed.clone(), data(told.into()))]
    }

    fn award(&self, disclosed: &Disclosed) -> Value {
        let Disclosed { pseudonym, award } = disclosed;
        json!({"organisation_id": award.bidder, "bidder": pseudonym, "number": award.number, "units": award.units,
            "price": self.price(award.price)})
    }

    /// What concerns one company alone.
    fn private(&self, told: &Told) -> Option<FeedEvent> {
        let price = |price: Option<Price>| price.map(|price| self.price(price));
        let (kind, company, data) = match *told {
            Told::Begun | Told::Closed(_) => return None,
            Told::Accepted { company, receipt, units } => {
                let data = json!({"lot": receipt.lot, "number": receipt.number, "hash": receipt.hash, "units": units,
                    "leading": receipt.leading, "leads": receipt.leads(), "price": price(receipt.price)});
                ("bid.accepted", company, data)
            }
            Told::Outbid { company, lot, price: stands, leading } => {
                ("bid.outbid", company, json!({"lot": lot, "price": price(stands), "leading": leading}))
            }
            Told::MayTop { company, lot, price, least, until } => {
                let until = until.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
                let data = json!({"lot": lot, "price": self.price(price), "least": self.price(least), "until": until});
                ("auction.may_top", company, data)
            }
            Told::Void { company, lot, number, why } => {
                ("bid.void", company, json!({"lot": lot, "number": number, "reason": why.code()}))
            }
            Told::Won { company, lot, award } => {
                let data =
                    json!({"lot": lot, "number": award.number, "units": award.units, "price": self.price(award.price)});
                ("bid.won", company, data)
            }
        };
        Some(self.event(kind, vec![company.0], data))
    }
}
