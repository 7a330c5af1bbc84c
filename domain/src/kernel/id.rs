//! Identifiers: UUIDv7 (RFC 9562), one type per kind of thing, so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl From<$name> for Uuid {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

identifiers! {
    /// A legal entity.
    OrganisationId,
    /// A natural person who can log in.
    PersonId,
    /// A log-in of a person, from password to log-out.
    SessionId,
    /// An invitation of a person into an organisation.
    InvitationId,
    /// A machine that acts for an organisation.
    ApiClientId,
    /// One of the secrets of an API client.
    SecretId,
    /// A bank account of an organisation.
    BankAccountId,
    /// What a bank says about an account of an organisation.
    BankStatementId,
    /// A movement in one.
    BankStatementEntryId,
    /// A portal: a marketplace with members and functions.
    PortalId,
    /// A node of the category tree.
    CategoryId,
    /// A typed attribute that a category defines.
    AttributeId,
    /// A product of a seller.
    ProductId,
    /// A product put on a portal with prices.
    OfferId,
    /// Prices that a seller gives to some buyers.
    PriceListId,
    /// A place where a seller keeps stock.
    WarehouseId,
    /// What of a product lies in a warehouse under one number.
    LotId,
    /// An image or a data sheet of a product.
    MediaId,
    /// A seller's named set of buyers.
    BuyerGroupId,
    /// A file of goods that is taken in.
    ImportId,
    /// How the columns of a seller's files correspond to fields.
    ImportMappingId,
    /// Everything that an organisation owns, as a file.
    ExportId,
    /// A draft or placed purchase order.
    OrderId,
    /// A line of an order.
    OrderLineId,
    /// A confirmation of an order with changes.
    ConfirmationId,
    /// Where costs of a buying organisation arise.
    CostCentreId,
    /// What may be spent on a cost centre in a period.
    BudgetId,
    /// One run of an order through the approval policy.
    ApprovalId,
    /// A step of an approval.
    ApprovalStepId,
    /// Somebody's standing in for somebody else.
    DelegationId,
    /// A seller's credit to a buyer.
    CreditLineId,
    /// A list of what is ordered again and again.
    RequisitionListId,
    /// A schedule that orders.
    StandingOrderId,
    /// A price that a buyer and a seller negotiate.
    PriceProposalId,
    /// An agreement of two parties.
    ContractId,
    /// A line of a contract.
    ContractLineId,
    /// An amendment of a contract.
    AmendmentId,
    /// A despatch of goods under a contract.
    DeliveryId,
    /// Goods that a buyer gives back.
    GoodsReturnId,
    /// An invoice or a credit note.
    InvoiceId,
    /// A line of an invoice.
    InvoiceLineId,
    /// What the operator charges a seller in a month.
    CommissionStatementId,
    /// A payment from one organisation to another.
    PaymentId,
    /// An account of the ledger.
    AccountId,
    /// A document with its versions.
    DocumentId,
    /// A balanced entry of the ledger.
    EntryId,
    /// An auction, with all its lots.
    AuctionId,
    /// A question about an auction.
    AuctionQuestionId,
    /// What a company has bound for an auction.
    AuctionDepositId,
    /// Who gets what of an auction.
    AuctionAwardId,
    /// A lot that is offered to the second bidder.
    AuctionOfferId,
    /// Money paid in or out as a security.
    DepositPaymentId,
    /// What is traded on an exchange.
    InstrumentId,
    /// When the phases of instruments change by themselves.
    TradingScheduleId,
    /// An order on an exchange; made of its market and its number there.
    ExchangeOrderId,
    /// A trade on an exchange; made of its market and its number there.
    TradeId,
    /// What of a market's trades became contracts at once.
    ClearingId,
    /// A request for quotation.
    RfqId,
    /// A quote, with all its revisions.
    QuoteId,
    /// A question about a request.
    RfqQuestionId,
    /// A request that is kept to be sent again.
    RfqTemplateId,
    /// The counter-offers of a buyer and a quoter.
    NegotiationId,
    /// Who gets what of a request.
    RfqAwardId,
    /// Prices and quantities that are called off over a period.
    FrameworkId,
    /// What is called off at once.
    CallOffId,
    /// An address to which events are sent.
    WebhookId,
    /// An event that is sent to a webhook.
    WebhookDeliveryId,
}

/// A registered group of legal entities that are controlled together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GroupId(pub u128);

impl From<Uuid> for GroupId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid.as_u128())
    }
}
