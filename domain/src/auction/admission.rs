//! Who bids in an auction, and who does no more.

use super::chain::Act;
use super::commitment::Digest;
use super::event::{Event, What};
use super::lot::Phase;
use super::pseudonym::Pseudonym;
use super::rejection::Rejection;
use super::sale::{Bidder, Deed, Sale};
use crate::kernel::{GroupId, OrganisationId, Timestamp};

/// The most bidders of one auction.
pub const MAX_BIDDERS: usize = 10_000;

impl Sale {
    /// Admits a company, or says anew what is known of it. Nobody of the seller's group is admitted; who comes to it later bids no more.
    pub fn admit(
        &mut self,
        company: OrganisationId,
        group: Option<GroupId>,
        deposit_covered: bool,
        events: &mut Vec<Event>,
    ) -> Result<(), Rejection> {
        let known = self.bidders.get(&company).copied();
        if company == self.seller || known.is_none() && self.is_sellers(group) {
            return Err(Rejection::OwnAuction);
        }
        if known.is_none() && self.bidders.len() >= MAX_BIDDERS {
            return Err(Rejection::Full);
        }
        let pseudonym = known.map_or_else(|| self.new_pseudonym(company), |bidder| bidder.pseudonym);
        let has_won = known.is_some_and(|bidder| bidder.has_won);
        self.bidders.insert(company, Bidder { pseudonym, group, deposit_covered, withdrawn: false, has_won });
        self.tell_company(company, What::Admitted { pseudonym, deposit_covered }, events);
        Ok(())
    }

    /// One that nobody else has here.
    fn new_pseudonym(&self, company: OrganisationId) -> Pseudonym {
        let taken = |pseudonym: &Pseudonym| self.bidders.values().any(|bidder| bidder.pseudonym == *pseudonym);
        let mut attempts = (0..).map(|attempt| Pseudonym::of(&self.secret, company, attempt));
        let free = attempts.find(|pseudonym| !taken(pseudonym));
        free.unwrap_or_else(|| Pseudonym::of(&self.secret, company, 0))
    }

    /// Takes a company out of the auction.
    pub fn withdraw(
        &mut self,
        company: OrganisationId,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<(), Rejection> {
        self.bidders.get_mut(&company).ok_or(Rejection::NotQualified)?.withdrawn = true;
        self.strike_out(company, at, events);
        Ok(())
    }

    /// Strikes out the bids of a company for all lots that have not closed. The price that stands is found anew from the bids of the
    /// others; ends stay where they are.
    pub fn strike_out(&mut self, company: OrganisationId, at: Timestamp, events: &mut Vec<Event>) {
        self.tell_company(company, What::Withdrawn, events);
        for index in 0..self.lots.len() {
            if !self.lots[index].phase.is_closed() && self.remove_bids(index, company) {
                let deed = Deed { company, act: Act::StrikeOut, price: None, units: 0, commitment: Digest::ZERO };
                let entry = self.enter(index, &deed, at);
                self.tell_entry(index, entry, at, events);
                if self.lots[index].phase == Phase::Topping && !self.hybrid(index).is_topped() {
                    self.close_by_bids(index, at, events);
                }
            }
        }
    }

    /// Whether there was something to remove.
    fn remove_bids(&mut self, index: usize, company: OrganisationId) -> bool {
        let lot = &mut self.lots[index];
        let before = (lot.bids.len(), lot.sealed.len(), lot.taker.is_some());
        lot.bids.retain(|bid| bid.bidder != company);
        lot.sealed.retain(|sealed| sealed.bidder != company);
        lot.taker = lot.taker.filter(|taker| taker.bidder != company);
        let found = before != (lot.bids.len(), lot.sealed.len(), lot.taker.is_some());
        if found && lot.phase == Phase::Bidding && self.rules.lots[index].units == 1 {
            self.lots[index].standing = self.rules.ladder(index).anew(&self.lots[index].bids);
        }
        found
    }
}
