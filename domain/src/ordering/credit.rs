//! Credit that a seller gives a buyer: what binds it, and when an order needs the seller's consent.

use rust_decimal::Decimal;

/// A credit line at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credit {
    /// None is no limit; zero is a limit of zero.
    pub limit: Option<Decimal>,
    /// A suspended one lets nothing pass without consent.
    pub is_active: bool,
    /// What open orders and unpaid invoices bind already.
    pub exposure: Decimal,
}

/// Whether an order of this amount needs the seller's consent. `credit` is the line in the order's currency; a seller that gives
/// credit in other currencies alone is asked, so that nobody escapes a limit by ordering in another one.
pub fn needs_consent(credit: Option<&Credit>, amount: Decimal) -> bool {
    match credit {
        None => true,
        Some(credit) => !credit.is_active || credit.limit.is_some_and(|limit| credit.exposure + amount > limit),
    }
}

/// What is still bound by the order itself when a part of it is invoiced: the invoices bind the rest. Never less than nothing.
pub fn left_of_order(gross: Decimal, invoiced: Decimal) -> Decimal {
    (gross - invoiced).max(Decimal::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consent_is_needed_above_the_limit_only() {
        let credit =
            |limit: Option<i64>| Credit { limit: limit.map(Decimal::from), is_active: true, exposure: 60.into() };
        assert!(!needs_consent(Some(&credit(Some(100))), 40.into()));
        assert!(needs_consent(Some(&credit(Some(100))), 41.into()));
        assert!(!needs_consent(Some(&credit(None)), 1_000_000.into()));
        let nothing = Credit { exposure: Decimal::ZERO, ..credit(Some(0)) };
        assert!(needs_consent(Some(&nothing), 1.into()));
        assert!(!needs_consent(Some(&nothing), Decimal::ZERO));
        assert!(needs_consent(Some(&Credit { is_active: false, ..credit(None) }), 1.into()));
        assert!(needs_consent(None, 1.into()));
    }

    #[test]
    fn what_is_invoiced_no_longer_binds_by_the_order() {
        assert_eq!(left_of_order(100.into(), 30.into()), 70.into());
        assert_eq!(left_of_order(100.into(), 130.into()), Decimal::ZERO);
    }
}
