//! Who may give up a purchase, and until when.
//!
//! | where it stands | the buyer | the seller |
//! | --- | --- | --- |
//! | draft | freely | knows nothing of it |
//! | with the seller, changes proposed or not | freely | declines it instead |
//! | confirmed, not signed by both, within 14 days | with the other's consent | with the other's consent |
//! | confirmed, still not signed by both after 14 days | freely | freely |
//! | signed by both, nothing despatched | with the other's consent | with the other's consent |
//! | something was despatched, or it is over | never | never |
//!
//! Who wants to give up what was despatched asks for a return, or disputes the contract.

use chrono::TimeDelta;

use super::OrderState;
use crate::contract::{ContractState, Side};
use crate::kernel::Timestamp;

/// The days within which a confirmed order binds although it is not signed by both.
pub const DAYS_TO_SIGN: i64 = 14;

/// Where a purchase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    Draft,
    WithSeller,
    /// There is a contract that is not signed by both.
    Confirmed,
    /// As before, and the time to sign it is over.
    Unsigned,
    /// Signed by both, and nothing was despatched.
    Signed,
    Despatched,
    Over,
}

/// Whether a side may give it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Leave {
    Freely,
    WithConsent,
    Never,
}

/// The table: where it stands, the buyer, the seller.
const TABLE: [(Standing, Leave, Leave); 7] = [
    (Standing::Draft, Leave::Freely, Leave::Never),
    (Standing::WithSeller, Leave::Freely, Leave::Never),
    (Standing::Confirmed, Leave::WithConsent, Leave::WithConsent),
    (Standing::Unsigned, Leave::Freely, Leave::Freely),
    (Standing::Signed, Leave::WithConsent, Leave::WithConsent),
    (Standing::Despatched, Leave::Never, Leave::Never),
    (Standing::Over, Leave::Never, Leave::Never),
];

/// What a side may do.
pub fn leave(standing: Standing, side: Side) -> Leave {
    let row = TABLE.into_iter().find(|(row, ..)| *row == standing);
    row.map_or(Leave::Never, |(_, buyer, seller)| if side == Side::Buyer { buyer } else { seller })
}

impl Standing {
    /// Of an order without a contract.
    pub fn of_order(state: OrderState) -> Self {
        match state {
            OrderState::Draft | OrderState::AwaitingApproval => Self::Draft,
            OrderState::Placed | OrderState::ConfirmationProposed | OrderState::ConfirmationInApproval => {
                Self::WithSeller
            }
            OrderState::Split
            | OrderState::Confirmed
            | OrderState::PartlyConfirmed
            | OrderState::Declined
            | OrderState::Cancelled
            | OrderState::Expired => Self::Over,
        }
    }

    /// Of a contract that was made at a time, and of which something was despatched or not.
    pub fn of_contract(state: ContractState, made_at: Timestamp, despatched: bool, now: Timestamp) -> Self {
        match state {
            ContractState::AwaitingSignatures if now < made_at + TimeDelta::days(DAYS_TO_SIGN) => Self::Confirmed,
            ContractState::AwaitingSignatures => Self::Unsigned,
            ContractState::Active if despatched => Self::Despatched,
            ContractState::Active => Self::Signed,
            _ => Self::Over,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn before_the_confirmation_the_buyer_is_free_and_the_seller_declines() {
        use OrderState::{ConfirmationInApproval, ConfirmationProposed, Draft, Placed};
        for state in [Draft, Placed, ConfirmationProposed, ConfirmationInApproval] {
            assert_eq!(leave(Standing::of_order(state), Side::Buyer), Leave::Freely, "{state:?}");
            assert_eq!(leave(Standing::of_order(state), Side::Seller), Leave::Never, "{state:?}");
        }
        assert_eq!(leave(Standing::of_order(OrderState::Declined), Side::Buyer), Leave::Never);
    }

    #[test]
    fn after_it_the_other_side_must_agree_until_goods_are_on_their_way() {
        let made = chrono::Utc.with_ymd_and_hms(2026, 11, 1, 12, 0, 0).unwrap();
        let later = |days| made + TimeDelta::days(days);
        let of = |state, despatched, days| {
            let standing = Standing::of_contract(state, made, despatched, later(days));
            assert_eq!(leave(standing, Side::Buyer), leave(standing, Side::Seller), "{standing:?}");
            leave(standing, Side::Buyer)
        };
        assert_eq!(of(ContractState::AwaitingSignatures, false, 13), Leave::WithConsent);
        assert_eq!(of(ContractState::AwaitingSignatures, false, 14), Leave::Freely);
        assert_eq!(of(ContractState::Active, false, 100), Leave::WithConsent);
        assert_eq!(of(ContractState::Active, true, 1), Leave::Never);
        for state in [ContractState::Fulfilled, ContractState::Closed, ContractState::Cancelled] {
            assert_eq!(of(state, false, 1), Leave::Never, "{state:?}");
        }
    }
}
