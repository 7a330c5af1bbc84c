//! Why the market refuses a command. It then changed nothing.

use serde::{Deserialize, Serialize};

use crate::kernel::{Kind, Refusal};

/// Each case by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    #[error("There is no such instrument.")]
    UnknownInstrument,
    #[error("There is no such order.")]
    UnknownOrder,
    #[error("There is no such trade, or it is settled.")]
    UnknownTrade,
    #[error("The organisation does not trade here.")]
    UnknownMember,
    #[error("The member is suspended from trading.")]
    MemberSuspended,
    #[error("The price is not a whole multiple of the tick.")]
    OffTick,
    #[error("The quantity is not a whole multiple of the lot.")]
    OffLot,
    #[error("The price is beyond the range of prices.")]
    PriceOutOfRange,
    #[error("The quantity is nothing, or beyond the range of quantities.")]
    LotsOutOfRange,
    #[error("The amount is beyond the range of amounts.")]
    AmountOutOfRange,
    #[error("What an iceberg shows is at least one lot and at most the whole.")]
    DisplayOutOfRange,
    #[error("The minimum quantity is at least one lot and at most the whole.")]
    MinQuantityOutOfRange,
    #[error("Type, time in force and conditions of the order do not go together.")]
    Combination,
    #[error("The price is outside the price band.")]
    OutsideBand,
    #[error("The phase of the instrument does not allow that.")]
    WrongPhase,
    #[error("The instant until which the order is good has passed.")]
    AlreadyExpired,
    #[error("A market order without protection price needs a price band, for its amount to have a bound.")]
    NeedsProtection,
    #[error("The order would trade at once.")]
    WouldTrade,
    #[error("The order would meet an order of the same company or group.")]
    OwnOrdersCross,
    #[error("The trading limit in that currency does not suffice.")]
    OverLimit,
    #[error("The deposited holdings do not suffice.")]
    InsufficientHoldings,
    #[error("The member has as many live orders in the instrument as it may have.")]
    TooManyOrders,
    #[error("The member may not trade so many lots of the instrument in one session.")]
    TooManyLots,
    #[error("The client_order_id belongs to another order of the company.")]
    ClientOrderIdUsed,
    #[error("The order to be linked is not a live order of the company in the instrument, or linked already.")]
    CannotLink,
    #[error("The order has been filled or has ended.")]
    OrderEnded,
    #[error("The market has no room for more orders.")]
    MarketFull,
    #[error("It exists already.")]
    AlreadyExists,
    #[error("Tick, lot, currency and guarantee of a listed instrument cannot change.")]
    RulesFixed,
    #[error("The rules of the instrument contradict each other or are out of range.")]
    InvalidRules,
    #[error("More is reserved for orders and trades than that.")]
    HoldingsReserved,
}

impl Rejection {
    /// A stable word for machines; the one of the fault where the refusal has one.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownInstrument => "unknown_instrument",
            Self::UnknownOrder => "unknown_order",
            Self::UnknownTrade => "unknown_trade",
            Self::UnknownMember => "unknown_member",
            Self::MemberSuspended => "member_suspended",
            Self::OffTick => "off_tick",
            Self::OffLot => "off_lot",
            Self::PriceOutOfRange => "price_out_of_range",
            Self::LotsOutOfRange => "quantity_out_of_range",
            Self::AmountOutOfRange => "amount_out_of_range",
            Self::DisplayOutOfRange => "display_out_of_range",
            Self::MinQuantityOutOfRange => "min_quantity_out_of_range",
            Self::Combination => "combination",
            Self::OutsideBand => "outside_band",
            Self::WrongPhase => "wrong_phase",
            Self::AlreadyExpired => "already_expired",
            Self::NeedsProtection => "needs_protection",
            Self::WouldTrade => "would_trade",
            Self::OwnOrdersCross => "own_orders_cross",
            Self::OverLimit => "over_limit",
            Self::InsufficientHoldings => "insufficient_holdings",
            Self::TooManyOrders => "too_many_orders",
            Self::TooManyLots => "too_many_lots",
            Self::ClientOrderIdUsed => "client_order_id_used",
            Self::CannotLink => "cannot_link",
            Self::OrderEnded => "order_ended",
            Self::MarketFull => "market_full",
            Self::AlreadyExists => "already_exists",
            Self::RulesFixed => "rules_fixed",
            Self::InvalidRules => "invalid_rules",
            Self::HoldingsReserved => "holdings_reserved",
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::UnknownInstrument | Self::UnknownOrder | Self::UnknownTrade => Kind::NotFound,
            Self::UnknownMember => Kind::CapabilityMissing,
            Self::MemberSuspended => Kind::Suspended,
            Self::OffTick => Kind::OffTick,
            Self::OffLot => Kind::OffLot,
            Self::OutsideBand => Kind::OutsideBand,
            Self::WrongPhase => Kind::WrongPhase,
            Self::OrderEnded => Kind::OrderEnded,
            Self::WouldTrade => Kind::WouldTrade,
            Self::OwnOrdersCross => Kind::OwnOrdersCross,
            Self::OverLimit => Kind::OverLimit,
            Self::InsufficientHoldings => Kind::InsufficientHoldings,
            Self::HoldingsReserved => Kind::StockReserved,
            Self::TooManyOrders | Self::TooManyLots => Kind::OrderCap,
            Self::ClientOrderIdUsed => Kind::ClientOrderIdUsed,
            Self::AlreadyExists => Kind::AlreadyExists,
            Self::RulesFixed => Kind::InUse,
            Self::MarketFull => Kind::Unavailable,
            Self::PriceOutOfRange
            | Self::LotsOutOfRange
            | Self::AmountOutOfRange
            | Self::DisplayOutOfRange
            | Self::MinQuantityOutOfRange
            | Self::Combination
            | Self::AlreadyExpired
            | Self::NeedsProtection
            | Self::CannotLink
            | Self::InvalidRules => Kind::InvalidInput,
        }
    }

    /// The member of the body that it is about; empty for the whole.
    pub(super) fn pointer(self) -> &'static str {
        match self {
            Self::OffTick | Self::PriceOutOfRange | Self::OutsideBand => "/price",
            Self::OffLot | Self::LotsOutOfRange => "/quantity",
            Self::DisplayOutOfRange => "/display_quantity",
            Self::MinQuantityOutOfRange => "/min_quantity",
            Self::AlreadyExpired => "/expires_at",
            Self::NeedsProtection => "/protection_price",
            Self::CannotLink => "/linked_to",
            _ => "",
        }
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        let (kind, detail) = (rejection.kind(), rejection.to_string());
        match (kind, rejection.pointer()) {
            (Kind::InvalidInput, pointer) => Self::fault(pointer, rejection.code(), detail),
            (_, "") => Self::new(kind, detail),
            (_, pointer) => Self { kind, detail: detail.clone(), ..Self::fault(pointer, rejection.code(), detail) },
        }
    }
}
