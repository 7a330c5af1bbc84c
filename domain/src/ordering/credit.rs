//! Credit that a seller gives a buyer: what binds it, and when an order needs the seller's consent.

use rust_decimal::Decimal;

use crate::kernel::UnitPrice;
use crate::kernel::refusal::Invalid;

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

/// A line of a contract, as far as the order that it was made of binds it still.
#[derive(Debug, Clone, Copy)]
pub struct BoundLine {
    pub quantity: Decimal,
    /// On issued invoices, or not to be invoiced any more.
    pub invoiced: Decimal,
    pub unit_price: UnitPrice,
    pub discount_percent: Decimal,
    pub tax_rate: Decimal,
}

/// What the order itself binds when a part of it is invoiced: the invoices bind the rest. Each line and its tax are rounded once, half
/// to even.
pub fn left_of_order(lines: &[BoundLine]) -> Result<Decimal, Invalid> {
    let mut left = Decimal::ZERO;
    for line in lines {
        let open = (line.quantity - line.invoiced).max(Decimal::ZERO);
        let net = line.unit_price.line_amount(open, line.discount_percent)?;
        let tax = net.currency().round(net.amount() * line.tax_rate / Decimal::ONE_HUNDRED);
        left += net.amount() + tax;
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;

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
        let price = UnitPrice::new(Decimal::new(333, 2), Currency::parse("EUR").unwrap()).unwrap();
        let line = |invoiced: i64| BoundLine {
            quantity: 3.into(),
            invoiced: invoiced.into(),
            unit_price: price,
            discount_percent: Decimal::ZERO,
            tax_rate: 19.into(),
        };
        assert_eq!(left_of_order(&[line(0)]).unwrap(), Decimal::new(1189, 2));
        assert_eq!(left_of_order(&[line(1), line(3)]).unwrap(), Decimal::new(793, 2));
        assert_eq!(left_of_order(&[line(4)]).unwrap(), Decimal::ZERO);
    }
}
