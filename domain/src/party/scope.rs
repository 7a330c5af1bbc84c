//! Scopes of API clients (OAuth 2, RFC 6749 §3.3).

use crate::kernel::refusal::Invalid;

/// What a machine may do for its organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    OrganisationRead,
    OrganisationWrite,
    PortalRead,
    PortalWrite,
    CatalogueRead,
    CatalogueWrite,
    OrdersRead,
    OrdersWrite,
    ContractsRead,
    ContractsWrite,
    BillingRead,
    BillingWrite,
    DocumentsRead,
    DocumentsWrite,
    EventsRead,
    ExchangeRead,
    ExchangeWrite,
    ExchangeTrade,
    AuctionsRead,
    AuctionsWrite,
    AuctionsBid,
    SourcingRead,
    SourcingWrite,
    SourcingQuote,
    WebhooksRead,
    WebhooksWrite,
}

impl Scope {
    pub const ALL: [Self; 26] = [
        Self::OrganisationRead,
        Self::OrganisationWrite,
        Self::PortalRead,
        Self::PortalWrite,
        Self::CatalogueRead,
        Self::CatalogueWrite,
        Self::OrdersRead,
        Self::OrdersWrite,
        Self::ContractsRead,
        Self::ContractsWrite,
        Self::BillingRead,
        Self::BillingWrite,
        Self::DocumentsRead,
        Self::DocumentsWrite,
        Self::EventsRead,
        Self::ExchangeRead,
        Self::ExchangeWrite,
        Self::ExchangeTrade,
        Self::AuctionsRead,
        Self::AuctionsWrite,
        Self::AuctionsBid,
        Self::SourcingRead,
        Self::SourcingWrite,
        Self::SourcingQuote,
        Self::WebhooksRead,
        Self::WebhooksWrite,
    ];

    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// A line for people who grant it.
    pub fn meaning(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::OrganisationRead => ("organisation:read", "Read the organisation and the directory"),
            Self::OrganisationWrite => ("organisation:write", "Change the organisation's data"),
            Self::PortalRead => ("portal:read", "Read portals and memberships"),
            Self::PortalWrite => ("portal:write", "Open portals, apply to them, decide on members"),
            Self::CatalogueRead => ("catalogue:read", "Read products, offers, prices and stock"),
            Self::CatalogueWrite => ("catalogue:write", "Change products, offers, prices and stock"),
            Self::OrdersRead => ("orders:read", "Read orders"),
            Self::OrdersWrite => ("orders:write", "Place orders and decide on them"),
            Self::ContractsRead => ("contracts:read", "Read contracts and deliveries"),
            Self::ContractsWrite => ("contracts:write", "Despatch and receive deliveries"),
            Self::BillingRead => ("billing:read", "Read invoices, payments and accounts"),
            Self::BillingWrite => ("billing:write", "Issue invoices, record and confirm payments"),
            Self::DocumentsRead => ("documents:read", "Read documents"),
            Self::DocumentsWrite => ("documents:write", "Upload and publish documents"),
            Self::EventsRead => ("events:read", "Read the event feed"),
            Self::ExchangeRead => ("exchange:read", "Read your orders, trades and positions on exchanges"),
            Self::ExchangeWrite => ("exchange:write", "List instruments, decide on schedules, phases and limits"),
            Self::ExchangeTrade => ("exchange:trade", "Place, change and cancel orders on exchanges"),
            Self::AuctionsRead => ("auctions:read", "Read auctions, and your bids, deposits and offers there"),
            Self::AuctionsWrite => ("auctions:write", "Hold auctions: publish, admit, answer, offer, relist"),
            Self::AuctionsBid => ("auctions:bid", "Apply to auctions, bind deposits and bid"),
            Self::SourcingRead => ("sourcing:read", "Read requests for quotation, and your quotes and agreements"),
            Self::SourcingWrite => {
                ("sourcing:write", "Ask for quotes: publish, answer, open, negotiate, award, call off")
            }
            Self::SourcingQuote => ("sourcing:quote", "Ask about requests and quote to them"),
            Self::WebhooksRead => ("webhooks:read", "Read webhooks and, with `events:read`, what was sent to them"),
            Self::WebhooksWrite => (
                "webhooks:write",
                "Manage webhooks and, with `events:read`, have what the event feed tells sent to them",
            ),
        }
    }

    /// Whether it changes nothing.
    pub fn is_read(self) -> bool {
        self.code().ends_with(":read")
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|scope| scope.code() == code);
        known.ok_or_else(|| Invalid::new("scope", format!("`{code}` is not a scope.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_scopes_correspond() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.code()), Ok(scope));
            assert!(!scope.meaning().is_empty());
        }
        assert!(Scope::parse("orders").is_err());
    }
}
