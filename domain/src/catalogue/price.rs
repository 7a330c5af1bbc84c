//! The price one caller sees, and why.

use rust_decimal::Decimal;

use super::tier::Tiers;
use crate::kernel::{PriceListId, PriceProposalId, UnitPrice};

/// Where a price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceSource {
    /// The first tier of the offer.
    List,
    /// A higher tier of the offer.
    Tier,
    /// A price list that is in force for the caller.
    PriceList(PriceListId),
    /// The two agreed on it for one order.
    Proposal(PriceProposalId),
}

impl PriceSource {
    pub fn code(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Tier => "tier",
            Self::PriceList(_) => "price_list",
            Self::Proposal(_) => "proposal",
        }
    }
}

/// What a price list says about an offer. Whoever loads it has seen to it that the list is in force for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    pub id: PriceListId,
    pub tiers: Tiers,
}

/// The price of a unit for one caller at one quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallerPrice {
    pub unit_price: UnitPrice,
    pub source: PriceSource,
    /// The quantity from which on this price holds.
    pub from: Decimal,
}

/// The price of an offer for a caller who orders `quantity`.
///
/// A price list goes before the offer, even if it is dearer: it is what the two agreed on. Of several the lower price
/// wins, and of equal prices the smaller id. Lists in another currency than the offer's, or that begin above the
/// quantity, do not apply. `None` if the offer itself has no price for so little either.
pub fn caller_price(offer: &Tiers, price_lists: &[PriceList], quantity: Decimal) -> Option<CallerPrice> {
    let best = price_lists
        .iter()
        .filter(|list| list.tiers.currency() == offer.currency())
        .filter_map(|list| {
            price_at(&list.tiers, quantity, |_| PriceSource::PriceList(list.id)).map(|price| (price, list.id))
        })
        .min_by_key(|(price, id)| (price.unit_price.amount(), *id));
    match best {
        Some((price, _)) => Some(price),
        None => price_at(offer, quantity, |tier| if tier == 0 { PriceSource::List } else { PriceSource::Tier }),
    }
}

fn price_at(tiers: &Tiers, quantity: Decimal, source: impl Fn(usize) -> PriceSource) -> Option<CallerPrice> {
    let index = tiers.tier_for(quantity)?;
    let tier = tiers.as_slice()[index];
    Some(CallerPrice { unit_price: tier.unit_price, source: source(index), from: tier.from })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tier::Tier;
    use crate::kernel::Currency;

    fn tiers(currency: &str, tiers: &[(i64, i64)]) -> Tiers {
        let currency = Currency::parse(currency).unwrap();
        let tier = |&(from, price): &(i64, i64)| Tier {
            from: from.into(),
            unit_price: UnitPrice::new(price.into(), currency).unwrap(),
        };
        Tiers::new(tiers.iter().map(tier).collect(), "").unwrap()
    }

    fn id(n: u128) -> PriceListId {
        PriceListId(uuid::Uuid::from_u128(n))
    }

    fn list(n: u128, currency: &str, steps: &[(i64, i64)]) -> PriceList {
        PriceList { id: id(n), tiers: tiers(currency, steps) }
    }

    fn price(lists: &[PriceList], quantity: i64) -> Option<(Decimal, PriceSource)> {
        let offer = tiers("EUR", &[(2, 100), (10, 90)]);
        caller_price(&offer, lists, quantity.into()).map(|price| (price.unit_price.amount(), price.source))
    }

    #[test]
    fn without_price_lists_the_offer_counts() {
        assert_eq!(price(&[], 1), None);
        assert_eq!(price(&[], 2), Some((100.into(), PriceSource::List)));
        assert_eq!(price(&[], 10), Some((90.into(), PriceSource::Tier)));
    }

    #[test]
    fn a_price_list_goes_before_the_offer_even_if_dearer() {
        let lists = [list(1, "EUR", &[(1, 120), (50, 70)])];
        assert_eq!(price(&lists, 10), Some((120.into(), PriceSource::PriceList(id(1)))));
        assert_eq!(price(&lists, 50), Some((70.into(), PriceSource::PriceList(id(1)))));
    }

    #[test]
    fn the_lower_price_wins_and_then_the_smaller_id() {
        let lists = [list(3, "EUR", &[(1, 80)]), list(2, "EUR", &[(1, 80)]), list(1, "EUR", &[(1, 85), (20, 60)])];
        assert_eq!(price(&lists, 10), Some((80.into(), PriceSource::PriceList(id(2)))));
        assert_eq!(price(&lists, 20), Some((60.into(), PriceSource::PriceList(id(1)))));
    }

    #[test]
    fn lists_that_do_not_apply_are_passed_over() {
        let lists = [list(1, "USD", &[(1, 1)]), list(2, "EUR", &[(100, 1)])];
        assert_eq!(price(&lists, 10), Some((90.into(), PriceSource::Tier)));
    }
}
