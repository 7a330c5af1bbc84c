//! Facets: what the offers that were found have in common, counted, so that a buyer can narrow the search.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::kernel::Currency;

/// The most values of one facet that are told, those of most offers first.
pub const MOST_VALUES: usize = 50;
/// Into how many ranges prices are divided at most.
const PRICE_RANGES: usize = 5;
/// The days within which deliveries are counted.
const LEAD_TIMES: [i32; 6] = [1, 3, 7, 14, 30, 90];

/// An offer that was found, as far as it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// From the root down to the product's own category.
    pub categories: Vec<Uuid>,
    pub seller: Uuid,
    /// What the reader pays for a unit at the minimum of order.
    pub price: (Currency, Decimal),
    pub lead_time_days: i32,
    pub available: bool,
    pub attributes: Vec<(String, FacetValue)>,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FacetValue {
    /// Also the key of a choice, and a day.
    Text(String),
    YesNo(bool),
    /// With the code of its unit.
    Number(Decimal, Option<String>),
}

/// Everything that was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub count: usize,
    /// The categories right below the chosen one (or the roots), each with all below it.
    pub categories: Vec<(Uuid, usize)>,
    pub sellers: Vec<(Uuid, usize)>,
    pub available: usize,
    /// So many can be delivered within so many days; the longer include the shorter.
    pub lead_times: Vec<(i32, usize)>,
    /// By currency.
    pub prices: Vec<PriceFacet>,
    /// By key and unit: the categories of one key may measure in several. Those that most offers state, at most [`MOST_VALUES`].
    pub attributes: Vec<(String, Option<String>, AttributeFacet)>,
}

/// What is paid in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceFacet {
    pub currency: Currency,
    /// From, to (both included) and how many; about as many in each.
    pub ranges: Vec<(Decimal, Decimal, usize)>,
}

/// The values of one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeFacet {
    /// Values and how many have each, most first, and how many offers state one at all.
    Values {
        values: Vec<(String, usize)>,
        count: usize,
    },
    YesNo {
        yes: usize,
        no: usize,
    },
    Number {
        minimum: Decimal,
        maximum: Decimal,
        count: usize,
    },
}

/// Counts what was found below a chosen category, or anywhere.
pub fn facets(found: &[Counted], chosen: Option<Uuid>) -> Facets {
    let mut by_currency: BTreeMap<&str, (Currency, Vec<Decimal>)> = BTreeMap::new();
    for one in found {
        by_currency.entry(one.price.0.code()).or_insert((one.price.0, Vec::new())).1.push(one.price.1);
    }
    let within = |days: &i32| found.iter().filter(|one| one.lead_time_days <= *days).count();
    Facets {
        count: found.len(),
        categories: most(found.iter().filter_map(|one| below(&one.categories, chosen))),
        sellers: most(found.iter().map(|one| one.seller)),
        available: found.iter().filter(|one| one.available).count(),
        lead_times: LEAD_TIMES.iter().map(|days| (*days, within(days))).filter(|(_, count)| *count > 0).collect(),
        prices: by_currency
            .into_values()
            .map(|(currency, prices)| PriceFacet { currency, ranges: ranges(prices) })
            .collect(),
        attributes: attributes(found),
    }
}

/// The step of the way that is right below the chosen category.
fn below(way: &[Uuid], chosen: Option<Uuid>) -> Option<Uuid> {
    match chosen {
        None => way.first().copied(),
        Some(chosen) => way.iter().skip_while(|step| **step != chosen).nth(1).copied(),
    }
}

fn most<K: Ord + Clone>(keys: impl Iterator<Item = K>) -> Vec<(K, usize)> {
    let mut counts: BTreeMap<K, usize> = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    let mut counts: Vec<(K, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(MOST_VALUES);
    counts
}

/// Divides prices so that about as many are in each range; equal prices stay together.
fn ranges(mut prices: Vec<Decimal>) -> Vec<(Decimal, Decimal, usize)> {
    prices.sort();
    let share = prices.len().div_ceil(PRICE_RANGES).max(1);
    let mut ranges: Vec<(Decimal, Decimal, usize)> = Vec::new();
    for price in prices {
        match ranges.last_mut() {
            Some((_, to, count)) if *count < share || *to == price => {
                *to = price;
                *count += 1;
            }
            _ => ranges.push((price, price, 1)),
        }
    }
    ranges
}

fn attributes(found: &[Counted]) -> Vec<(String, Option<String>, AttributeFacet)> {
    let mut stated: BTreeMap<(&str, Option<&str>), Vec<&FacetValue>> = BTreeMap::new();
    for (key, value) in found.iter().flat_map(|one| &one.attributes) {
        let unit = if let FacetValue::Number(_, unit) = value { unit.as_deref() } else { None };
        stated.entry((key, unit)).or_default().push(value);
    }
    let mut stated: Vec<_> = stated.into_iter().collect();
    stated.sort_by_key(|(_, values)| std::cmp::Reverse(values.len()));
    stated.truncate(MOST_VALUES);
    stated.sort_by_key(|(place, _)| *place);
    let facet = |((key, unit), values): ((&str, Option<&str>), Vec<&FacetValue>)| {
        (key.to_owned(), unit.map(str::to_owned), attribute(&values))
    };
    stated.into_iter().map(facet).collect()
}

fn attribute(values: &[&FacetValue]) -> AttributeFacet {
    let numbers: Vec<Decimal> = values
        .iter()
        .filter_map(|value| if let FacetValue::Number(number, _) = value { Some(*number) } else { None })
        .collect();
    if let (Some(minimum), Some(maximum)) = (numbers.iter().min(), numbers.iter().max()) {
        return AttributeFacet::Number { minimum: *minimum, maximum: *maximum, count: numbers.len() };
    }
    let said = |wanted: bool| values.iter().filter(|value| ***value == FacetValue::YesNo(wanted)).count();
    let (yes, no) = (said(true), said(false));
    if yes + no > 0 {
        return AttributeFacet::YesNo { yes, no };
    }
    let texts =
        values.iter().filter_map(|value| if let FacetValue::Text(text) = value { Some(text.clone()) } else { None });
    AttributeFacet::Values { count: values.len(), values: most(texts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn counted(categories: &[u128], price: i64) -> Counted {
        Counted {
            categories: categories.iter().map(|n| id(*n)).collect(),
            seller: id(100),
            price: (Currency::parse("EUR").unwrap(), price.into()),
            lead_time_days: 5,
            available: true,
            attributes: Vec::new(),
        }
    }

    #[test]
    fn categories_are_counted_with_all_below_them() {
        let found =
            [counted(&[1, 11, 111], 1), counted(&[1, 11], 1), counted(&[1, 12], 1), counted(&[2], 1), counted(&[], 1)];
        assert_eq!(facets(&found, None).categories, [(id(1), 3), (id(2), 1)]);
        assert_eq!(facets(&found, Some(id(1))).categories, [(id(11), 2), (id(12), 1)]);
        assert_eq!(facets(&found, Some(id(111))).categories, []);
    }

    #[test]
    fn prices_are_divided_into_ranges_of_about_as_many() {
        let found: Vec<Counted> = (1..=10).map(|n| counted(&[], n)).collect();
        let expected: Vec<_> = (0..5).map(|n| (Decimal::from(2 * n + 1), Decimal::from(2 * n + 2), 2)).collect();
        assert_eq!(facets(&found, None).prices[0].ranges, expected);
        let equal: Vec<Counted> = (0..10).map(|_| counted(&[], 7)).collect();
        assert_eq!(facets(&equal, None).prices[0].ranges, [(7.into(), 7.into(), 10)]);
        assert_eq!(facets(&[], None), Facets::default());
    }

    #[test]
    fn what_can_be_had_sooner_can_be_had_later_too() {
        let slow = Counted { lead_time_days: 20, available: false, ..counted(&[], 1) };
        let facets = facets(&[counted(&[], 1), slow], None);
        assert_eq!(facets.lead_times, [(7, 1), (14, 1), (30, 2), (90, 2)]);
        assert_eq!((facets.count, facets.available), (2, 1));
    }

    #[test]
    fn attributes_are_counted_by_what_they_hold() {
        let with = |values: &[(&str, FacetValue)]| Counted {
            attributes: values.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
            ..counted(&[], 1)
        };
        let text = |text: &str| FacetValue::Text(text.to_owned());
        let found = [
            with(&[
                ("colour", text("red")),
                ("length", FacetValue::Number(5.into(), Some("MMT".into()))),
                ("coated", FacetValue::YesNo(true)),
            ]),
            with(&[("colour", text("blue")), ("length", FacetValue::Number(2.into(), Some("MMT".into())))]),
            with(&[("colour", text("red")), ("coated", FacetValue::YesNo(false))]),
        ];
        let in_metres = with(&[("length", FacetValue::Number(1.into(), Some("MTR".into())))]);
        let found: Vec<Counted> = found.into_iter().chain([in_metres]).collect();
        let colours = vec![("red".into(), 2), ("blue".into(), 1)];
        let length = |minimum: i64, maximum: i64, count| AttributeFacet::Number {
            minimum: minimum.into(),
            maximum: maximum.into(),
            count,
        };
        let expected = [
            ("coated".to_owned(), None, AttributeFacet::YesNo { yes: 1, no: 1 }),
            ("colour".to_owned(), None, AttributeFacet::Values { values: colours, count: 3 }),
            ("length".to_owned(), Some("MMT".to_owned()), length(2, 5, 2)),
            ("length".to_owned(), Some("MTR".to_owned()), length(1, 1, 1)),
        ];
        assert_eq!(facets(&found, None).attributes, expected);
    }
}
