//! What a quote is after its quoter has undercut it in the auction that is the last round.

use rust_decimal::{Decimal, RoundingStrategy};

use super::offer::{Offer, Prices};
use super::quote::Quote;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Money, UnitPrice};

/// The decimals of a unit price.
const DECIMALS: u32 = 6;

impl Quote {
    /// The quote at another total: all its prices are lowered by the same share, the freight stays. Totals are landed costs in the currency of
    /// comparison; `total` is what the quote is worth without `fixed`, the part that does not depend on its prices. Unit prices are rounded
    /// down to six decimals, so that the new total is not above the bid but for the rounding of each line to the minor unit. None where the
    /// bid is not lower; refused where it does not even cover what is fixed.
    pub fn undercut(&self, total: Money, fixed: Money, bid: Money) -> Result<Option<Self>, Invalid> {
        let (goods, left) = (total.amount() - fixed.amount(), bid.amount() - fixed.amount());
        if bid.amount() >= total.amount() || goods <= Decimal::ZERO {
            return Ok(None);
        }
        if left <= Decimal::ZERO {
            return Err(Invalid::new("below_fixed", "The bid does not cover what is due beside the prices."));
        }
        let mut lower = self.clone();
        for offer in &mut lower.offers {
            lower_prices(offer, left, goods)?;
        }
        Ok(Some(lower))
    }
}

/// In the line's unit, in which lots are compared.
fn lower_prices(offer: &mut Offer, left: Decimal, goods: Decimal) -> Result<(), Invalid> {
    let lower = |price: UnitPrice| {
        let too_large = || Invalid::new("out_of_range", "The price is too large to be lowered.");
        let product = price.amount().checked_mul(left).ok_or_else(too_large)?;
        let amount = (product / goods).round_dp_with_strategy(DECIMALS, RoundingStrategy::ToZero);
        UnitPrice::new(amount, price.currency())
    };
    let mut tiers = offer.asked.tiers.clone();
    for tier in &mut tiers {
        tier.unit_price = lower(tier.unit_price)?;
    }
    let prices = Prices { unit_price: lower(offer.asked.unit_price)?, tiers, ..offer.asked.clone() };
    (offer.stated, offer.asked) = (prices.clone(), prices);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{dec, euro, quote};
    use super::*;

    fn euros(amount: &str) -> Money {
        Money::new(dec(amount), euro()).unwrap()
    }

    #[test]
    fn all_prices_fall_by_the_same_share() {
        let quote = quote(&["100", "200"]);
        let lower = quote.undercut(euros("1100"), euros("100"), euros("850")).unwrap().unwrap();
        assert!(lower.offers.iter().zip(&quote.offers).all(|(now, before)| {
            now.asked.unit_price.amount() == before.asked.unit_price.amount() * Decimal::new(75, 2)
        }));
        assert_eq!(lower.freight, quote.freight);
    }

    #[test]
    fn a_bid_that_is_not_lower_changes_nothing_and_one_below_the_freight_is_refused() {
        let quote = quote(&["100", "200"]);
        assert_eq!(quote.undercut(euros("1100"), euros("100"), euros("1100")), Ok(None));
        assert_eq!(quote.undercut(euros("1100"), euros("100"), euros("100")).unwrap_err().code, "below_fixed");
    }

    #[test]
    fn prices_are_rounded_down() {
        let quote = quote(&["100", "200"]);
        let lower = quote.undercut(euros("300"), euros("0"), euros("100")).unwrap().unwrap();
        assert_eq!(lower.offers[0].asked.unit_price.amount().to_string(), "33.333333");
    }
}
