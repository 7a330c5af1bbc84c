//! The companies that trade, and what they may risk.

use super::quantity::{Amount, Lots};
use super::wire::wire;
pub use crate::kernel::GroupId;
use crate::kernel::OrganisationId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub company: OrganisationId,
    pub group: Option<GroupId>,
    pub suspended: bool,
    /// It has said of some counterparty for how much it trades with it, or that it trades with nobody else.
    pub restricts: bool,
    /// It trades only with those for whom it has named a limit.
    pub refuses_others: bool,
    /// By currency, as the market counts them.
    pub accounts: Vec<Account>,
}

impl Member {
    pub fn new(company: OrganisationId) -> Self {
        let accounts = Vec::new();
        Self { company, group: None, suspended: false, restricts: false, refuses_others: false, accounts }
    }

    pub fn account_mut(&mut self, currency: u32) -> &mut Account {
        let currency = currency as usize;
        if self.accounts.len() <= currency {
            self.open_account(currency);
        }
        &mut self.accounts[currency]
    }

    #[cold]
    fn open_account(&mut self, currency: usize) {
        self.accounts.resize(currency + 1, Account::default());
    }
}

/// What a member may buy in one currency, and has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Account {
    pub limit: Amount,
    /// What the open buy orders of guaranteed instruments could cost at most.
    pub reserved: Amount,
    /// Purchases that are not settled.
    pub unsettled: Amount,
}

impl Account {
    pub fn allows(&self, more: Amount) -> bool {
        more <= 0 || self.reserved.saturating_add(self.unsettled).saturating_add(more) <= self.limit
    }
}

/// What a member has in one instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    pub live_orders: u32,
    /// Lots of live orders, both sides.
    pub open: Lots,
    /// Lots traded in this session, both sides.
    pub traded: Lots,
    /// What is deposited for it.
    pub deposited: Lots,
    /// Of that, what open sell orders could take.
    pub reserved: Lots,
    /// Of that, what is sold and not settled.
    pub sold: Lots,
}

impl Position {
    /// So many lots that were open have traded.
    pub(super) fn trade(&mut self, lots: Lots) {
        self.open -= lots;
        self.traded += lots;
    }

    pub fn free(&self) -> Lots {
        self.deposited.saturating_sub(self.reserved).saturating_sub(self.sold)
    }
}

wire!(struct Member { company, group, suspended, restricts, refuses_others, accounts });
wire!(struct Account { limit, reserved, unsettled });
wire!(struct Position { live_orders, open, traded, deposited, reserved, sold });
