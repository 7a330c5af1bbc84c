//! Topping the best sealed bid, in the last part of a hybrid auction.

use super::award::{Award, Outcome};
use super::bid::Receipt;
use super::bidding::check_price;
use super::chain::Act;
use super::event::{Event, What};
use super::format::Format;
use super::lot::Phase;
use super::price::Price;
use super::rejection::Rejection;
use super::sale::{Deed, Sale};
use crate::kernel::{Currency, OrganisationId, Timestamp};

impl Sale {
    /// Who accepted the falling price tops the best sealed bid by at least a step, and wins by it at once: it may do so only once.
    pub fn top(
        &mut self,
        index: usize,
        company: OrganisationId,
        (price, currency): (Price, Currency),
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<Receipt, Rejection> {
        self.check_bidder(company)?;
        self.check_currency(currency)?;
        if self.rules.format != Format::Hybrid {
            return Err(Rejection::WrongFormat);
        }
        let lot = &self.lots[index];
        lot.check_runs(Phase::Topping, at)?;
        if lot.taker.is_none_or(|taker| taker.bidder != company) {
            return Err(Rejection::NotToTop);
        }
        check_price(price, 1)?;
        let best = self.hybrid(index).best().map_or(0, |best| best.offer);
        if price < self.rules.ladder(index).next(best) {
            return Err(Rejection::TooLow);
        }
        let commitment = self.committed(index, company, price, 1);
        let nonce = self.next_nonce(index);
        let entry = self.enter(index, &Deed { company, act: Act::Top, price: Some(price), units: 1, commitment }, at);
        self.tell_entry(index, entry, at, events);
        let receipt = Receipt {
            leading: Some(1),
            price: Some(price),
            ends_at: at,
            ..self.receipt(index, &entry, company, Some(nonce))
        };
        self.tell_company(company, What::Accepted { receipt, maximum: None, units: 1 }, events);
        let award = Award { bidder: company, number: entry.number, units: 1, price };
        self.close(index, Outcome::Sold, vec![award], at, events);
        Ok(receipt)
    }
}
