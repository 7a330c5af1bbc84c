//! What can be asked of a market.

use serde::{Deserialize, Serialize};

use super::instrument::Rules;
use super::member::GroupId;
use super::order::{Amendment, NewOrder, OrderNumber, TradeNumber};
use super::phase::{HaltReason, Phase};
use super::quantity::{Amount, Lots, Price};
use crate::kernel::{Currency, InstrumentId, OrganisationId};

/// All input of a market but the time. The first four are the members'; the others are the operator's, the schedule's or clearing's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    Place {
        company: OrganisationId,
        instrument: InstrumentId,
        order: NewOrder,
    },
    Amend {
        company: OrganisationId,
        order: OrderNumber,
        change: Amendment,
    },
    Cancel {
        company: OrganisationId,
        order: OrderNumber,
    },
    /// Cancels all orders of a company, in one instrument or in all.
    CancelAll {
        company: OrganisationId,
        instrument: Option<InstrumentId>,
    },
    /// Ends the `gtd` orders that are due. Who hosts the market gives it before anything else once
    /// [`super::Market::next_expiry`] has come.
    Expire,
    ChangePhase {
        instrument: InstrumentId,
        to: Phase,
    },
    Halt {
        instrument: InstrumentId,
        reason: HaltReason,
    },
    /// Lists an instrument: it is closed.
    List {
        instrument: InstrumentId,
        rules: Rules,
        reference: Option<Price>,
    },
    /// Changes what may change of the rules, while the instrument is closed.
    ChangeRules {
        instrument: InstrumentId,
        rules: Rules,
    },
    /// Sets the reference price, while the instrument is closed.
    SetReference {
        instrument: InstrumentId,
        price: Price,
    },
    /// Admits a company to trading, or says anew to which group it belongs.
    Admit {
        company: OrganisationId,
        group: Option<GroupId>,
    },
    /// Cancels all orders of a company and takes no new ones.
    Suspend {
        company: OrganisationId,
    },
    Reinstate {
        company: OrganisationId,
    },
    /// Sets for how much a company may buy in a currency, open orders and unsettled purchases together.
    SetLimit {
        company: OrganisationId,
        currency: Currency,
        amount: Amount,
    },
    /// Sets what a company has deposited to be sold.
    SetHolding {
        company: OrganisationId,
        instrument: InstrumentId,
        lots: Lots,
    },
    /// Bilateral credit: up to how much may be outstanding with a counterparty; 0 refuses it, `None` takes the word back.
    SetCredit {
        company: OrganisationId,
        counterparty: OrganisationId,
        currency: Currency,
        limit: Option<Amount>,
    },
    /// Whether a company trades only with those for whom it has set a bilateral limit.
    RefuseOthers {
        company: OrganisationId,
        refuse: bool,
    },
    /// The trades have become contracts: they do not count against limits, holdings and bilateral credit any more.
    Settle {
        trades: Vec<TradeNumber>,
    },
}
