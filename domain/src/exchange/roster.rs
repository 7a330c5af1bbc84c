//! Who trades here, and what.

use super::instrument::Rules;
use super::market::Market;
use super::member::{Account, GroupId};
use crate::kernel::{Currency, InstrumentId, OrganisationId};

/// A company as the market knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    pub company: OrganisationId,
    pub group: Option<GroupId>,
    pub suspended: bool,
}

impl Market {
    /// All companies that were ever admitted, the first one first.
    pub fn admitted(&self) -> impl Iterator<Item = Admitted> {
        self.members.iter().map(|member| Admitted {
            company: member.company,
            group: member.group,
            suspended: member.suspended,
        })
    }

    /// What a company may buy in each currency of the market, and has bound; nothing for who is no member.
    pub fn accounts(&self, company: OrganisationId) -> Vec<(Currency, Account)> {
        let Ok(member) = self.member_of(company) else { return Vec::new() };
        let accounts = &self.members[member as usize].accounts;
        self.currencies.iter().copied().zip(accounts.iter().copied()).collect()
    }

    /// All instruments and their rules, in the order in which they were listed.
    pub fn instruments(&self) -> impl Iterator<Item = (InstrumentId, &Rules)> {
        self.listings.iter().map(|entry| (entry.id, entry.rules()))
    }
}
