//! Facets: what the offers that were found have in common, counted, so that a buyer can narrow the search.

use std::collections::{BTreeMap, HashMap};

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

/// What was found, counted by each thing that offers have in common; every list in any order, and its entries each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub count: usize,
    /// By the category right below the chosen one (or the root).
    pub categories: Vec<(Uuid, usize)>,
    pub sellers: Vec<(Uuid, usize)>,
    pub available: usize,
    /// By the days that a delivery takes.
    pub lead_times: Vec<(i32, usize)>,
    pub prices: Vec<(Currency, Decimal, usize)>,
    /// By key and unit. A key that categories define differently may come once for each kind of values.
    pub attributes: Vec<(String, Option<String>, AttributeFacet)>,
}

/// Counts what was found below a chosen category, or anywhere.
pub fn tally(found: &[Counted], chosen: Option<Uuid>) -> Tally {
    Tally {
        count: found.len(),
        categories: counts(found.iter().filter_map(|one| below(&one.categories, chosen))),
        sellers: counts(found.iter().map(|one| one.seller)),
        available: found.iter().filter(|one| one.available).count(),
        lead_times: counts(found.iter().map(|one| one.lead_time_days)),
        prices: prices(found.iter().map(|one| one.price)),
        attributes: attributes(found),
    }
}

/// How often each price occurs.
pub fn prices(all: impl Iterator<Item = (Currency, Decimal)>) -> Vec<(Currency, Decimal, usize)> {
    let mut counted: HashMap<(Currency, Decimal), usize> = HashMap::new();
    for price in all {
        *counted.entry(price).or_default() += 1;
    }
    counted.into_iter().map(|((currency, price), count)| (currency, price, count)).collect()
}

/// What a buyer is told of what was counted.
pub fn facets(tally: Tally) -> Facets {
    let within = |days: &i32| -> usize {
        tally.lead_times.iter().filter(|(takes, _)| takes <= days).map(|(_, count)| *count).sum()
    };
    let mut by_currency: BTreeMap<&str, Vec<(Currency, Decimal, usize)>> = BTreeMap::new();
    for price in &tally.prices {
        by_currency.entry(price.0.code()).or_default().push(*price);
    }
    Facets {
        count: tally.count,
        lead_times: LEAD_TIMES.iter().map(|days| (*days, within(days))).filter(|(_, count)| *count > 0).collect(),
        prices: by_currency.into_values().filter_map(price_facet).collect(),
        categories: most(tally.categories),
        sellers: most(tally.sellers),
        available: tally.available,
        attributes: told(tally.attributes),
    }
}

/// The step of the way that is right below the chosen category.
fn below(way: &[Uuid], chosen: Option<Uuid>) -> Option<Uuid> {
    match chosen {
        None => way.first().copied(),
        Some(chosen) => way.iter().skip_while(|step| **step != chosen).nth(1).copied(),
    }
}

fn counts<K: Ord>(keys: impl Iterator<Item = K>) -> Vec<(K, usize)> {
    let mut counts: BTreeMap<K, usize> = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts.into_iter().collect()
}

fn most<K: Ord>(mut counts: Vec<(K, usize)>) -> Vec<(K, usize)> {
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(MOST_VALUES);
    counts
}

/// Prices that are all in one currency.
fn price_facet(prices: Vec<(Currency, Decimal, usize)>) -> Option<PriceFacet> {
    let currency = prices.first()?.0;
    let ranges = ranges(prices.into_iter().map(|(_, price, count)| (price, count)).collect());
    Some(PriceFacet { currency, ranges })
}

/// Divides prices so that about as many are in each range; equal prices stay together.
fn ranges(mut prices: Vec<(Decimal, usize)>) -> Vec<(Decimal, Decimal, usize)> {
    prices.sort_unstable();
    let all: usize = prices.iter().map(|(_, count)| count).sum();
    let share = all.div_ceil(PRICE_RANGES).max(1);
    let mut ranges: Vec<(Decimal, Decimal, usize)> = Vec::new();
    for (price, many) in prices {
        match ranges.last_mut() {
            Some((_, to, count)) if *count < share => {
                *to = price;
                *count += many;
            }
            _ => ranges.push((price, price, many)),
        }
    }
    ranges
}

fn attributes(found: &[Counted]) -> Vec<(String, Option<String>, AttributeFacet)> {
    let mut stated: BTreeMap<(&str, Option<&str>, u8), Vec<&FacetValue>> = BTreeMap::new();
    for (key, value) in found.iter().flat_map(|one| &one.attributes) {
        let (unit, kind) = match value {
            FacetValue::Number(_, unit) => (unit.as_deref(), 0),
            FacetValue::YesNo(_) => (None, 1),
            FacetValue::Text(_) => (None, 2),
        };
        stated.entry((key, unit, kind)).or_default().push(value);
    }
    let facet = |((key, unit, _), values): ((&str, Option<&str>, u8), Vec<&FacetValue>)| {
        (key.to_owned(), unit.map(str::to_owned), attribute(&values))
    };
    stated.into_iter().map(facet).collect()
}

/// Values that are all of one kind.
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
    AttributeFacet::Values { count: values.len(), values: counts(texts) }
}

/// The attributes that most offers state, by key and unit. Of one that categories define differently, numbers go before yes and no, and
/// these before texts.
fn told(tallied: Vec<(String, Option<String>, AttributeFacet)>) -> Vec<(String, Option<String>, AttributeFacet)> {
    let mut stated: BTreeMap<(String, Option<String>), AttributeFacet> = BTreeMap::new();
    for (key, unit, facet) in tallied {
        let place = stated.entry((key, unit)).or_insert_with(|| facet.clone());
        if facet.kind() < place.kind() {
            *place = facet;
        }
    }
    let mut stated: Vec<_> = stated.into_iter().collect();
    stated.sort_by_key(|(_, facet)| std::cmp::Reverse(facet.count()));
    stated.truncate(MOST_VALUES);
    stated.sort_by(|(a, _), (b, _)| a.cmp(b));
    stated.into_iter().map(|((key, unit), facet)| (key, unit, facet.cut())).collect()
}

impl AttributeFacet {
    fn kind(&self) -> u8 {
        match self {
            Self::Number { .. } => 0,
            Self::YesNo { .. } => 1,
            Self::Values { .. } => 2,
        }
    }

    /// How many offers state it.
    pub fn count(&self) -> usize {
        match self {
            Self::Values { count, .. } | Self::Number { count, .. } => *count,
            Self::YesNo { yes, no } => yes + no,
        }
    }

    /// With the values alone that most have.
    fn cut(self) -> Self {
        match self {
            Self::Values { values, count } => Self::Values { values: most(values), count },
            other => other,
        }
    }
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

    fn found(found: &[Counted], chosen: Option<Uuid>) -> Facets {
        facets(tally(found, chosen))
    }

    #[test]
    fn categories_are_counted_with_all_below_them() {
        let offers =
            [counted(&[1, 11, 111], 1), counted(&[1, 11], 1), counted(&[1, 12], 1), counted(&[2], 1), counted(&[], 1)];
        assert_eq!(found(&offers, None).categories, [(id(1), 3), (id(2), 1)]);
        assert_eq!(found(&offers, Some(id(1))).categories, [(id(11), 2), (id(12), 1)]);
        assert_eq!(found(&offers, Some(id(111))).categories, []);
    }

    #[test]
    fn prices_are_divided_into_ranges_of_about_as_many() {
        let offers: Vec<Counted> = (1..=10).map(|n| counted(&[], n)).collect();
        let expected: Vec<_> = (0..5).map(|n| (Decimal::from(2 * n + 1), Decimal::from(2 * n + 2), 2)).collect();
        assert_eq!(found(&offers, None).prices[0].ranges, expected);
        let equal: Vec<Counted> = (0..10).map(|_| counted(&[], 7)).collect();
        assert_eq!(found(&equal, None).prices[0].ranges, [(7.into(), 7.into(), 10)]);
        assert_eq!(found(&[], None), Facets::default());
    }

    #[test]
    fn what_can_be_had_sooner_can_be_had_later_too() {
        let slow = Counted { lead_time_days: 20, available: false, ..counted(&[], 1) };
        let facets = found(&[counted(&[], 1), slow], None);
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
        let offers = [
            with(&[
                ("colour", text("red")),
                ("length", FacetValue::Number(5.into(), Some("MMT".into()))),
                ("coated", FacetValue::YesNo(true)),
            ]),
            with(&[("colour", text("blue")), ("length", FacetValue::Number(2.into(), Some("MMT".into())))]),
            with(&[("colour", text("red")), ("coated", FacetValue::YesNo(false))]),
        ];
        let in_metres = with(&[("length", FacetValue::Number(1.into(), Some("MTR".into())))]);
        let offers: Vec<Counted> = offers.into_iter().chain([in_metres]).collect();
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
        assert_eq!(found(&offers, None).attributes, expected);
    }
}
