//! Prices by quantity.

use rust_decimal::Decimal;

use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Faults, UnitPrice};

/// The most tiers of one offer or price list entry.
pub const MAX_TIERS: usize = 20;

/// From this quantity on, a unit costs this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    pub from: Decimal,
    pub unit_price: UnitPrice,
}

/// One to twenty tiers of one currency, each starting above zero and above the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers {
    currency: Currency,
    tiers: Vec<Tier>,
}

impl Tiers {
    /// All faults are told, with pointers that begin with `pointer`, such as `/tiers/2/from`.
    pub fn new(tiers: Vec<Tier>, pointer: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        if tiers.len() > MAX_TIERS {
            faults.add(pointer, "too_many", format!("There are at most {MAX_TIERS} tiers."));
        }
        let Some(currency) = tiers.first().map(|tier| tier.unit_price.currency()) else {
            faults.add(pointer, "required", "At least one tier is needed.");
            return Err(faults);
        };
        for (index, tier) in tiers.iter().enumerate() {
            let from = format!("{pointer}/{index}/from");
            let sound = faults.keep(&from, check_quantity(tier.from)).is_some();
            if tier.from.is_zero() {
                faults.add(from, "not_positive", "A tier starts above zero.");
            } else if sound && index > 0 && tier.from <= tiers[index - 1].from {
                faults.add(from, "not_ascending", "Each tier starts at a larger quantity than the one before.");
            }
            if tier.unit_price.currency() != currency {
                faults.add(format!("{pointer}/{index}/unit_price"), "currency", "All tiers have one currency.");
            }
        }
        if faults.0.is_empty() { Ok(Self { currency, tiers }) } else { Err(faults) }
    }

    /// Refuses tiers that leave the smallest order without a price.
    pub fn check_minimum(&self, minimum_order: Decimal) -> Result<(), Invalid> {
        check_first(self.tiers[0].from, minimum_order)
    }

    /// The price of a unit when that many are ordered: that of the last tier that starts at or below the quantity.
    /// `None` below the first tier.
    pub fn price_for(&self, quantity: Decimal) -> Option<UnitPrice> {
        self.tier_for(quantity).map(|index| self.tiers[index].unit_price)
    }

    /// The index of the tier that applies, 0 being the list price.
    pub fn tier_for(&self, quantity: Decimal) -> Option<usize> {
        self.tiers.partition_point(|tier| tier.from <= quantity).checked_sub(1)
    }

    pub fn currency(&self) -> Currency {
        self.currency
    }

    pub fn as_slice(&self) -> &[Tier] {
        &self.tiers
    }
}

/// Refuses prices whose first tier begins above the smallest order.
pub fn check_first(from: Decimal, minimum_order: Decimal) -> Result<(), Invalid> {
    if from > minimum_order {
        return Err(Invalid::new("above_minimum", "The first tier starts above the minimum of order."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(from: &str, price: &str, currency: &str) -> Tier {
        let currency = Currency::parse(currency).unwrap();
        Tier { from: from.parse().unwrap(), unit_price: UnitPrice::new(price.parse().unwrap(), currency).unwrap() }
    }

    fn faults(tiers: Vec<Tier>) -> Vec<(String, &'static str)> {
        Tiers::new(tiers, "/tiers").unwrap_err().0.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn the_last_tier_at_or_below_the_quantity_gives_the_price() {
        let tiers =
            Tiers::new(vec![tier("1", "10", "EUR"), tier("10", "9", "EUR"), tier("100", "8.5", "EUR")], "").unwrap();
        let price = |quantity: &str| tiers.price_for(quantity.parse().unwrap()).map(|price| price.amount().to_string());
        assert_eq!(price("0.999999"), None);
        assert_eq!(price("1").as_deref(), Some("10"));
        assert_eq!(price("9.999999").as_deref(), Some("10"));
        assert_eq!(price("10").as_deref(), Some("9"));
        assert_eq!(price("1000000").as_deref(), Some("8.5"));
    }

    #[test]
    fn tiers_ascend_in_one_currency() {
        let disordered =
            vec![tier("1", "10", "EUR"), tier("1", "9", "USD"), tier("-2", "8", "EUR"), tier("0", "7", "EUR")];
        let expected = [
            ("/tiers/1/from", "not_ascending"),
            ("/tiers/1/unit_price", "currency"),
            ("/tiers/2/from", "negative"),
            ("/tiers/3/from", "not_positive"),
        ];
        assert_eq!(faults(disordered), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    }

    #[test]
    fn there_are_one_to_twenty() {
        let many = |n: usize| (1..=n).map(|from| tier(&from.to_string(), "1", "EUR")).collect::<Vec<_>>();
        assert!(Tiers::new(many(20), "").is_ok());
        assert_eq!(faults(many(21)), [("/tiers".to_owned(), "too_many")]);
        assert_eq!(faults(many(0)), [("/tiers".to_owned(), "required")]);
    }

    #[test]
    fn the_smallest_order_must_have_a_price() {
        let tiers = Tiers::new(vec![tier("5", "10", "EUR")], "").unwrap();
        assert!(tiers.check_minimum(Decimal::from(5)).is_ok());
        assert_eq!(tiers.check_minimum(Decimal::from(4)).unwrap_err().code, "above_minimum");
    }
}
