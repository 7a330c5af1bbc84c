//! Who may export, and what: of each section only what they may read by themselves.

use domain::integration::export::Section as S;
use domain::party::Role::{Admin, Owner};
use domain::party::Scope;

use crate::http::principal::{Principal, Right};
use crate::{auction, billing, catalogue, contract, document, event, exchange, ordering, party, sourcing};

/// Have everything of the organisation written to a file, and read it. A machine gets what its scopes let it read.
pub const EXPORT: Right = Right::of(&[Owner, Admin], Scope::OrganisationRead);

/// Whether somebody reads the things of a section, and did when the export was asked for: the token of a machine may have had fewer scopes
/// than the machine has.
pub fn reads(by: &Principal, left_out: &[String], section: S) -> bool {
    !left_out.iter().any(|code| code == section.code()) && by.require(of(section)).is_ok()
}

/// Who reads the things of a section.
pub fn of(section: S) -> Right {
    match section {
        S::Organisation | S::Member | S::Invitation | S::ApiClient | S::BankAccount => party::rights::READ,
        S::BuyerGroup | S::Warehouse | S::Product | S::Stock | S::Offer | S::PriceList => catalogue::rights::READ,
        S::CostCentre
        | S::Budget
        | S::CreditLine
        | S::RequisitionList
        | S::StandingOrder
        | S::PriceProposal
        | S::Order => ordering::rights::READ,
        S::Contract | S::Delivery | S::Return => contract::rights::READ,
        S::Invoice | S::CreditNote | S::Payment | S::CommissionStatement | S::Account | S::LedgerEntry => {
            billing::rights::READ
        }
        S::Document => document::rights::READ,
        S::ExchangeOrder | S::ExchangeTrade => exchange::rights::READ,
        S::Auction | S::AuctionBids => auction::rights::READ,
        S::RfqTemplate | S::Rfq | S::Quote | S::RfqAward | S::FrameworkAgreement => sourcing::rights::READ,
        S::Event => event::rights::READ,
    }
}
