//! Why a command is refused. Each kind is one documented problem type (RFC 9457); `api::http::problem_table` gives
//! each its status, title and explanation.

/// What is wrong with one place of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer (RFC 6901) into the body; empty for the whole of it.
    pub pointer: String,
    /// A stable word for machines, such as `required` or `check_digit`.
    pub code: &'static str,
    /// A sentence for people.
    pub detail: String,
}

/// Collects faults so that all of them are told at once.
#[derive(Debug, Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    pub fn add(&mut self, pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) {
        self.0.push(Fault { pointer: pointer.into(), code, detail: detail.into() });
    }

    /// Keeps the value of a check that passed, or notes its fault under `pointer`.
    pub fn keep<T>(&mut self, pointer: impl Into<String>, checked: Result<T, Invalid>) -> Option<T> {
        match checked {
            Ok(value) => Some(value),
            Err(Invalid { code, detail }) => {
                self.add(pointer, code, detail);
                None
            }
        }
    }

    /// `Ok` if nothing was found, otherwise one refusal of kind [`Kind::InvalidInput`] with all faults.
    pub fn result(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::invalid(self.0)) }
    }
}

/// Why a single value cannot be what it should be; the caller knows where it stood and makes a [`Fault`] of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Invalid {
    pub code: &'static str,
    pub detail: String,
}

impl Invalid {
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// The refusal of an input whose only fault is this one.
    pub fn at(self, pointer: impl Into<String>) -> Refusal {
        Refusal::fault(pointer, self.code, self.detail)
    }
}

/// A command that is refused. It changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?}: {detail}")]
pub struct Refusal {
    pub kind: Kind,
    /// A sentence about this very case.
    pub detail: String,
    pub faults: Vec<Fault>,
}

impl Refusal {
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), faults: Vec::new() }
    }

    /// In one line, with its first faults. A fault that says the same as the whole is not repeated.
    pub fn summary(&self) -> String {
        let others = self.faults.iter().filter(|fault| fault.detail != self.detail).take(3);
        let told = others.map(|fault| format!(" {}: {}", fault.pointer, fault.detail));
        self.detail.clone() + &told.collect::<String>()
    }

    pub fn invalid(faults: Vec<Fault>) -> Self {
        let detail = match faults.len() {
            1 => "The input has 1 fault.".to_owned(),
            n => format!("The input has {n} faults."),
        };
        Self { kind: Kind::InvalidInput, detail, faults }
    }

    /// One fault in the input.
    pub fn fault(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self::invalid(vec![Fault { pointer: pointer.into(), code, detail: detail.into() }])
    }

    /// The thing does not exist, or the caller may not know of it: both look the same.
    pub fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound, format!("There is no such {what}."))
    }

    /// The state does not allow the step.
    pub fn wrong_state(what: &str, state: &str, step: &str) -> Self {
        let article = if what.starts_with(['a', 'e', 'i', 'o']) { "An" } else { "A" };
        Self::new(Kind::WrongState, format!("{article} {what} that is {state} cannot be {step}."))
    }

    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, detail)
    }
}

/// All kinds of refusal. Each has a row in the problem table, and a place in [`Kind::ALL`]: tests ask for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    // The request as such.
    MalformedRequest,
    InvalidQuery,
    InvalidCursor,
    InvalidIdempotencyKey,
    InvalidInput,
    IdempotencyKeyReused,
    RequestInProgress,
    PreconditionRequired,
    PreconditionFailed,
    PayloadTooLarge,
    UnsupportedMediaType,
    NotAcceptable,
    MethodNotAllowed,
    UpgradeRequired,
    TooManyRequests,
    // Who asks.
    Unauthenticated,
    InvalidToken,
    InvalidCredentials,
    InsufficientScope,
    Forbidden,
    // What is asked for.
    NotFound,
    WrongState,
    AlreadyExists,
    InUse,
    // party
    NotVerified,
    Suspended,
    IdentifierTaken,
    EmailTaken,
    LastOwner,
    SecretLimit,
    LinkExpired,
    // portal
    RulesNotAccepted,
    CapabilityMissing,
    // catalogue and ordering
    CurrencyMismatch,
    UnitMismatch,
    NotOffered,
    OutOfStock,
    StockReserved,
    OwnOffer,
    PriceChanged,
    ProductsWouldBreak,
    PriceListsOverlap,
    EmptyOrder,
    BudgetExceeded,
    OwnOrder,
    NoApprover,
    CreditHold,
    ProposalExpired,
    ProposalUsed,
    OutOfTolerance,
    ImportUnreadable,
    ImportColumns,
    ImportTooLarge,
    TooManyJobs,
    // exchange
    OffTick,
    OffLot,
    OutsideBand,
    WrongPhase,
    OrderEnded,
    WouldTrade,
    OwnOrdersCross,
    OverLimit,
    InsufficientHoldings,
    OrderCap,
    ClientOrderIdUsed,
    // auction
    OwnAuction,
    NotQualified,
    BidderWithdrawn,
    DepositNotCovered,
    WrongFormat,
    LotNotOpen,
    BidTooLate,
    BidTooLow,
    StepTooLarge,
    AlreadyLeads,
    BuyNowGone,
    NotCurrentPrice,
    // sourcing
    /// A company does not quote to itself.
    OwnRequest,
    /// The invited company is no member of the closed portal.
    OutsiderInvited,
    /// The deadline has passed.
    QuoteTooLate,
    /// Questions are over.
    QuestionTooLate,
    /// The request was amended since.
    VersionOutdated,
    /// The quote was withdrawn, has lapsed, or is not valid any more.
    QuoteNotStanding,
    /// It is opened after the deadline, and in the order of the envelopes.
    StillSealed,
    /// Who opened has to be joined by somebody else.
    SecondPersonNeeded,
    /// What was opened is not what was committed to.
    NotAsCommitted,
    /// More would be awarded than was asked for or offered.
    OverAward,
    /// The standstill has not ended.
    StandstillRunning,
    /// More would be called off than is left.
    OverCallOff,
    /// The framework agreement is not in force on that day.
    OutsidePeriod,
    // contract and delivery
    TextChanged,
    AlreadySigned,
    OverDelivery,
    /// Something that was measured is outside what was agreed on as the grade.
    OffGrade,
    ReceiptMismatch,
    /// More is to be given back than was received and is not on its way back.
    OverReturn,
    // billing
    NothingToInvoice,
    OverPayment,
    BankAccountMissing,
    OverCredit,
    /// The invoice is above order or receipt, and its buyer has not approved that.
    InvoiceHeld,
    InvoiceIncomplete,
    // document
    ForbiddenFileType,
    FileTooLarge,
    // integration
    /// An organisation has so many webhooks at most.
    WebhookLimit,
    // the service
    Unavailable,
    Internal,
}

impl Kind {
    /// Every kind, in the order of the enum: for the pages that explain them.
    pub const ALL: &[Self] = &[
        Self::MalformedRequest,
        Self::InvalidQuery,
        Self::InvalidCursor,
        Self::InvalidIdempotencyKey,
        Self::InvalidInput,
        Self::IdempotencyKeyReused,
        Self::RequestInProgress,
        Self::PreconditionRequired,
        Self::PreconditionFailed,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::NotAcceptable,
        Self::MethodNotAllowed,
        Self::UpgradeRequired,
        Self::TooManyRequests,
        Self::Unauthenticated,
        Self::InvalidToken,
        Self::InvalidCredentials,
        Self::InsufficientScope,
        Self::Forbidden,
        Self::NotFound,
        Self::WrongState,
        Self::AlreadyExists,
        Self::InUse,
        Self::NotVerified,
        Self::Suspended,
        Self::IdentifierTaken,
        Self::EmailTaken,
        Self::LastOwner,
        Self::SecretLimit,
        Self::LinkExpired,
        Self::RulesNotAccepted,
        Self::CapabilityMissing,
        Self::CurrencyMismatch,
        Self::UnitMismatch,
        Self::NotOffered,
        Self::OutOfStock,
        Self::StockReserved,
        Self::OwnOffer,
        Self::PriceChanged,
        Self::ProductsWouldBreak,
        Self::PriceListsOverlap,
        Self::EmptyOrder,
        Self::BudgetExceeded,
        Self::OwnOrder,
        Self::NoApprover,
        Self::CreditHold,
        Self::ProposalExpired,
        Self::ProposalUsed,
        Self::OutOfTolerance,
        Self::ImportUnreadable,
        Self::ImportColumns,
        Self::ImportTooLarge,
        Self::TooManyJobs,
        Self::OffTick,
        Self::OffLot,
        Self::OutsideBand,
        Self::WrongPhase,
        Self::OrderEnded,
        Self::WouldTrade,
        Self::OwnOrdersCross,
        Self::OverLimit,
        Self::InsufficientHoldings,
        Self::OrderCap,
        Self::ClientOrderIdUsed,
        Self::OwnAuction,
        Self::NotQualified,
        Self::BidderWithdrawn,
        Self::DepositNotCovered,
        Self::WrongFormat,
        Self::LotNotOpen,
        Self::BidTooLate,
        Self::BidTooLow,
        Self::StepTooLarge,
        Self::AlreadyLeads,
        Self::BuyNowGone,
        Self::NotCurrentPrice,
        Self::OwnRequest,
        Self::OutsiderInvited,
        Self::QuoteTooLate,
        Self::QuestionTooLate,
        Self::VersionOutdated,
        Self::QuoteNotStanding,
        Self::StillSealed,
        Self::SecondPersonNeeded,
        Self::NotAsCommitted,
        Self::OverAward,
        Self::StandstillRunning,
        Self::OverCallOff,
        Self::OutsidePeriod,
        Self::TextChanged,
        Self::AlreadySigned,
        Self::OverDelivery,
        Self::OffGrade,
        Self::ReceiptMismatch,
        Self::OverReturn,
        Self::NothingToInvoice,
        Self::OverPayment,
        Self::BankAccountMissing,
        Self::OverCredit,
        Self::InvoiceHeld,
        Self::InvoiceIncomplete,
        Self::ForbiddenFileType,
        Self::FileTooLarge,
        Self::WebhookLimit,
        Self::Unavailable,
        Self::Internal,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Internal` is the last one of the enum.
    #[test]
    fn all_kinds_are_listed_in_order() {
        let places: Vec<usize> = Kind::ALL.iter().map(|kind| *kind as usize).collect();
        assert_eq!(places, (0..=Kind::Internal as usize).collect::<Vec<_>>());
    }
}
