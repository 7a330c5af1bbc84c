//! Sums of an invoice or credit note, with the tax by category and rate.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::catalogue::Tax;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Money};

/// The part of an invoice with one tax (EN 16931, BG-23).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxSubtotal {
    pub tax: Tax,
    pub base: Money,
    pub amount: Money,
}

/// `gross = net + tax`, `net` is the sum of the bases, `tax` that of the amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Ordered by category, then rate; each tax once.
    pub taxes: Vec<TaxSubtotal>,
    pub net: Money,
    pub tax: Money,
    pub gross: Money,
}

impl Totals {
    /// Sums net amounts, which are rounded already. The tax is base × rate / 100, rounded half to even once for each
    /// category and rate (EN 16931, BR-CO-17). Refuses sums beyond the range of [`Money`].
    pub fn of(currency: Currency, lines: impl IntoIterator<Item = (Decimal, Tax)>) -> Result<Self, Invalid> {
        let mut bases: BTreeMap<Tax, Decimal> = BTreeMap::new();
        for (net, tax) in lines {
            *bases.entry(tax).or_default() += net;
        }
        let subtotal = |(tax, base): (Tax, Decimal)| {
            let base = Money::new(base, currency)?;
            let amount = Money::rounded(base.amount() * tax.rate() / Decimal::ONE_HUNDRED, currency);
            Ok(TaxSubtotal { tax, base, amount })
        };
        let taxes = bases.into_iter().map(subtotal).collect::<Result<Vec<_>, Invalid>>()?;
        Self::sum(currency, taxes)
    }

    /// What is in these totals and not yet in `earlier` ones, whose taxes are among these. Rounding is that of the two
    /// sums, so that differences add up to the whole without a cent lost.
    pub fn since(&self, earlier: &Self) -> Result<Self, Invalid> {
        let currency = self.net.currency();
        let difference = |now: &TaxSubtotal| {
            let before = earlier.taxes.iter().find(|before| before.tax == now.tax);
            let minus = |now: Money, before: Option<Money>| {
                Money::rounded(now.amount() - before.map_or(Decimal::ZERO, Money::amount), currency)
            };
            TaxSubtotal {
                tax: now.tax,
                base: minus(now.base, before.map(|before| before.base)),
                amount: minus(now.amount, before.map(|before| before.amount)),
            }
        };
        Self::sum(currency, self.taxes.iter().map(difference).collect())
    }

    fn sum(currency: Currency, taxes: Vec<TaxSubtotal>) -> Result<Self, Invalid> {
        let net = Money::new(taxes.iter().map(|subtotal| subtotal.base.amount()).sum(), currency)?;
        let tax = Money::new(taxes.iter().map(|subtotal| subtotal.amount.amount()).sum(), currency)?;
        let gross = Money::new(net.amount() + tax.amount(), currency)?;
        Ok(Self { taxes, net, tax, gross })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::TaxCategory;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn totals(currency: &str, lines: &[(&str, Tax)]) -> Result<Totals, Invalid> {
        Totals::of(Currency::parse(currency).unwrap(), lines.iter().map(|(net, tax)| (dec(net), *tax)))
    }

    fn standard(rate: &str) -> Tax {
        Tax::new(TaxCategory::Standard, dec(rate)).unwrap()
    }

    #[test]
    fn tax_is_rounded_once_for_each_rate() {
        let zero = Tax::new(TaxCategory::Zero, Decimal::ZERO).unwrap();
        // Rounded by line, 19 % of 0.13 and 0.13 would be 0.02 + 0.02.
        let lines = [("0.13", standard("19")), ("10.00", zero), ("0.13", standard("19.00")), ("100.00", standard("7"))];
        let totals = totals("EUR", &lines).unwrap();
        let parts: Vec<_> = totals.taxes.iter().map(|part| (part.base.amount(), part.amount.amount())).collect();
        assert_eq!(parts, [(dec("100"), dec("7")), (dec("0.26"), dec("0.05")), (dec("10"), dec("0"))]);
        assert_eq!(totals.net.amount().to_string(), "110.26");
        assert_eq!(totals.tax.amount().to_string(), "7.05");
        assert_eq!(totals.gross.amount().to_string(), "117.31");
    }

    #[test]
    fn half_a_cent_of_tax_goes_to_the_even_one() {
        let tax = |net: &str, rate: &str| totals("EUR", &[(net, standard(rate))]).unwrap().tax.amount().to_string();
        assert_eq!(tax("0.25", "10"), "0.02");
        assert_eq!(tax("0.35", "10"), "0.04");
        assert_eq!(totals("JPY", &[("25", standard("10"))]).unwrap().tax.amount().to_string(), "2");
    }

    #[test]
    fn sums_beyond_the_range_are_refused() {
        let half = ("600000000000000", standard("20"));
        assert!(totals("EUR", &[half]).is_ok());
        assert_eq!(totals("EUR", &[half, half]).unwrap_err().code, "out_of_range");
        assert_eq!(totals("EUR", &[("900000000000000", standard("20"))]).unwrap_err().code, "out_of_range");
    }

    #[test]
    fn differences_add_up_to_the_whole() {
        let (first, all) = ([("0.13", standard("19"))], [("0.26", standard("19")), ("1.00", standard("7"))]);
        let (first, all) = (totals("EUR", &first).unwrap(), totals("EUR", &all).unwrap());
        let rest = all.since(&first).unwrap();
        assert_eq!(first.gross.amount() + rest.gross.amount(), all.gross.amount());
        assert_eq!(rest.taxes.len(), 2);
    }
}
