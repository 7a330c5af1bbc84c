//! What can be read of the auctions.

use super::auctions::Auctions;
use super::bid::LotNumber;
use super::commitment::Digest;
use super::lot::{Phase, SealedBid};
use super::price::{Price, Units};
use super::pseudonym::Pseudonym;
use super::rules::Rules;
use super::sale::{Bidder, Picture, Sale, lot_number};
use crate::kernel::{AuctionId, GroupId, OrganisationId, Timestamp};

/// A lot as everybody may see it who may see the auction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotView {
    pub phase: Phase,
    pub ends_at: Timestamp,
    /// The price that stands: of the leader, of the last winner of several units, of the clock, or the one to be topped.
    pub price: Option<Price>,
    /// Who leads a lot of one unit.
    pub leader: Option<Pseudonym>,
    pub reserve_met: bool,
    /// Where units go one after the other.
    pub units_left: Option<Units>,
    /// The least that is taken of who does not lead, where bids are open.
    pub minimum: Option<Price>,
    /// The best that is taken, where steps are bounded above.
    pub most: Option<Price>,
    pub buy_now: Option<Price>,
    pub entries: u32,
    pub last_hash: Digest,
    pub changes: u64,
}

/// A company as an auction knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    pub company: OrganisationId,
    pub pseudonym: Pseudonym,
    pub group: Option<GroupId>,
    pub deposit_covered: bool,
    pub withdrawn: bool,
}

/// What a company has in a lot; for itself alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    /// How many units it would get if the lot closed now, where that can be known.
    pub leading: Option<Units>,
    /// The best that it bid openly or as a maximum.
    pub maximum: Option<Price>,
    /// Whether a sealed bid of it waits.
    pub sealed: bool,
}

impl Auctions {
    /// All auctions that are not forgotten, in the order of their identifiers.
    pub fn listed(&self) -> impl Iterator<Item = AuctionId> {
        self.sales.keys().copied()
    }

    /// The lots of an auction as everybody may see them; none of one that is not known.
    pub fn lots(&self, auction: AuctionId, at: Timestamp) -> Vec<LotView> {
        let Some(sale) = self.sales.get(&auction) else { return Vec::new() };
        (0..sale.lots.len()).map(|index| view(sale, index, at)).collect()
    }

    /// The rules by which an auction runs, what is hidden included: for who compares them with what is kept elsewhere.
    pub fn rules(&self, auction: AuctionId) -> Option<&Rules> {
        self.sales.get(&auction).map(|sale| &sale.rules)
    }

    /// One lot as everybody may see it.
    pub fn lot(&self, auction: AuctionId, lot: LotNumber, at: Timestamp) -> Option<LotView> {
        let (sale, index) = self.place(auction, lot)?;
        Some(view(sale, index, at))
    }

    /// What a company has in a lot.
    pub fn own(&self, auction: AuctionId, lot: LotNumber, company: OrganisationId) -> Option<Own> {
        let (sale, index) = self.place(auction, lot)?;
        let lot = &sale.lots[index];
        Some(Own {
            leading: sale.leading(index, company),
            maximum: lot.bid_of(company).map(|bid| bid.maximum),
            sealed: lot.sealed.iter().any(|sealed| sealed.bidder == company),
        })
    }

    /// The sealed bids of a lot, for who opens them; empty once they are opened.
    pub fn sealed_bids(&self, auction: AuctionId, lot: LotNumber) -> &[SealedBid] {
        self.place(auction, lot).map_or(&[], |(sale, index)| sale.lots[index].sealed.as_slice())
    }

    /// The lots whose sealed bids are to be opened: after a restart, what [`super::Event::ToOpen`] has told.
    pub fn to_open(&self) -> Vec<(AuctionId, LotNumber)> {
        let mut found = Vec::new();
        for sale in self.sales.values() {
            let opening = sale.lots.iter().enumerate().filter(|(_, lot)| lot.phase == Phase::Opening);
            found.extend(opening.map(|(index, _)| (sale.id, lot_number(index))));
        }
        found
    }

    /// The companies that were admitted to an auction, in the order of their identifiers.
    pub fn bidders(&self, auction: AuctionId) -> Vec<Admitted> {
        let bidders = self.sales.get(&auction).map(|sale| sale.bidders.iter());
        bidders.into_iter().flatten().map(|(company, bidder)| admitted(*company, bidder)).collect()
    }

    /// What is known of a company in an auction to which it was admitted.
    pub fn bidder(&self, auction: AuctionId, company: OrganisationId) -> Option<Admitted> {
        let bidder = self.sales.get(&auction)?.bidders.get(&company)?;
        Some(admitted(company, bidder))
    }

    /// Whether a company bids nowhere on the portal for now.
    pub fn is_suspended(&self, company: OrganisationId) -> bool {
        self.suspended.contains(&company)
    }

    fn place(&self, auction: AuctionId, lot: LotNumber) -> Option<(&Sale, usize)> {
        let sale = self.sales.get(&auction)?;
        Some((sale, sale.rules.index(lot)?))
    }
}

fn admitted(company: OrganisationId, bidder: &Bidder) -> Admitted {
    let Bidder { pseudonym, group, deposit_covered, withdrawn, .. } = *bidder;
    Admitted { company, pseudonym, group, deposit_covered, withdrawn }
}

fn view(sale: &Sale, index: usize, at: Timestamp) -> LotView {
    let (lot, rules) = (&sale.lots[index], &sale.rules.lots[index]);
    let Picture { price, leader, reserve_met, units_left } = sale.picture(index, at);
    let (minimum, most) = match lot.phase {
        Phase::Bidding if rules.units == 1 => {
            let ladder = sale.rules.ladder(index);
            (Some(ladder.minimum(lot.standing.as_ref())), ladder.most(lot.standing.as_ref()))
        }
        Phase::Bidding => {
            let (minimum, most) = sale.range_over(index, &lot.bids);
            (Some(minimum), most)
        }
        _ => (None, None),
    };
    LotView {
        phase: lot.phase,
        ends_at: lot.ends_at,
        price,
        leader: leader.and_then(|leader| sale.pseudonym(leader)),
        reserve_met,
        units_left,
        minimum,
        most,
        buy_now: rules.buy_now.filter(|_| !reserve_met && !lot.phase.is_closed()),
        entries: lot.entries,
        last_hash: lot.last_hash,
        changes: lot.changes,
    }
}
