//! Units of measure after UN/ECE Recommendation 20, and what converts into what.

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::refusal::Invalid;

/// The decimals of a quantity.
const SCALE: u32 = 6;

/// A row of the recommendation.
struct Entry {
    code: &'static str,
    name: String,
    symbol: String,
    /// Dimension and factor, for units that convert.
    measure: Option<(&'static str, Ratio)>,
}

/// Common codes that are in use: rows marked `X` in the published list are withdrawn, `D` deprecated. The factors are those of the
/// units' definitions, where the recommendation rounds them.
static ENTRIES: LazyLock<HashMap<&'static str, Entry>> = LazyLock::new(|| {
    let factors: HashMap<&str, (&str, Ratio)> =
        include_str!("../../data/unit-factors.tsv").lines().skip(1).filter_map(factor).collect();
    let units = include_str!("../../data/unece-rec20.csv").lines().skip(1).filter_map(|row| entry(row, &factors));
    units.chain(include_str!("../../data/packages.tsv").lines().skip(1).filter_map(package)).collect()
});

/// A package of UN/ECE Rec 21, which Rec 20 admits with an `X` before its code.
fn package(row: &'static str) -> Option<(&'static str, Entry)> {
    let (code, name) = row.split_once('\t')?;
    Some((code, Entry { code, name: name.to_owned(), symbol: String::new(), measure: None }))
}

fn factor(row: &'static str) -> Option<(&'static str, (&'static str, Ratio))> {
    let mut cells = row.split('\t');
    let (code, dimension) = (cells.next()?, cells.next()?);
    let ratio = Ratio::new(cells.next()?.parse().ok()?, cells.next()?.parse().ok()?)?;
    Some((code, (dimension, ratio)))
}

fn entry(row: &'static str, factors: &HashMap<&str, (&'static str, Ratio)>) -> Option<(&'static str, Entry)> {
    let mut plain = row.splitn(3, ',');
    let (status, code) = (plain.next()?, plain.next()?);
    if matches!(status, "X" | "D") || !(2..=3).contains(&code.len()) {
        return None;
    }
    let mut cells = cells(row).into_iter().skip(2);
    let (name, symbol) = (cells.next()?, cells.nth(2).unwrap_or_default());
    Some((code, Entry { code, name, symbol, measure: factors.get(code).copied() }))
}

/// The cells of a row of CSV.
fn cells(row: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for c in row.chars() {
        match (c, cells.last_mut()) {
            ('"', _) => quoted = !quoted,
            (',', _) if !quoted => cells.push(String::new()),
            (c, Some(cell)) => cell.push(c),
            (_, None) => {}
        }
    }
    cells
}

/// A unit of measure: a common code of UN/ECE Rec 20, such as `TNE` (tonne) or `C62` (one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Unit(&'static str);

impl Unit {
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        ENTRIES
            .get(code)
            .map(|entry| Self(entry.code))
            .ok_or_else(|| Invalid::new("unit", format!("`{code}` is not a unit code of UN/ECE Rec 20.")))
    }

    /// All units in use, by code.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = ENTRIES.values().map(|entry| Self(entry.code)).collect();
        all.sort_by_key(|unit| unit.0);
        all
    }

    pub fn code(self) -> &'static str {
        self.0
    }

    pub fn name(self) -> &'static str {
        ENTRIES.get(self.0).map_or("", |entry| entry.name.as_str())
    }

    /// How people write it, such as `kg`; empty for many.
    pub fn symbol(self) -> &'static str {
        ENTRIES.get(self.0).map_or("", |entry| entry.symbol.as_str())
    }

    /// What it measures, such as `mass`, with its factor to the unit that the others of this dimension are stated in.
    pub fn measure(self) -> Option<(&'static str, Ratio)> {
        ENTRIES.get(self.0)?.measure
    }

    /// How many of `other` one of this unit is; none if they do not convert.
    pub fn ratio_to(self, other: Self) -> Option<Ratio> {
        if self == other {
            return Some(Ratio::ONE);
        }
        let ((mine, from), (theirs, to)) = (self.measure()?, other.measure()?);
        (mine == theirs).then(|| from.divided_by(to)).flatten()
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// A positive fraction in lowest terms: conversions are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// None unless both are more than zero.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if numerator <= 0 || denominator <= 0 {
            return None;
        }
        let common = gcd(numerator, denominator);
        Some(Self { numerator: numerator / common, denominator: denominator / common })
    }

    /// A decimal as a fraction.
    pub fn of(value: Decimal) -> Option<Self> {
        let value = value.normalize();
        Self::new(value.mantissa(), 10_i128.checked_pow(value.scale())?)
    }

    pub fn numerator(self) -> i128 {
        self.numerator
    }

    pub fn denominator(self) -> i128 {
        self.denominator
    }

    pub fn times(self, other: Self) -> Option<Self> {
        // Crosswise first, so that the products stay small.
        let (a, b) = (Self::new(self.numerator, other.denominator)?, Self::new(other.numerator, self.denominator)?);
        Self::new(a.numerator.checked_mul(b.numerator)?, a.denominator.checked_mul(b.denominator)?)
    }

    pub fn divided_by(self, other: Self) -> Option<Self> {
        self.times(Self { numerator: other.denominator, denominator: other.numerator })
    }

    /// The value times this ratio if that is a decimal number of at most six decimals, none otherwise: nothing is rounded.
    pub fn apply(self, value: Decimal) -> Option<Decimal> {
        if value.is_zero() {
            return Some(Decimal::ZERO);
        }
        let negative = value.is_sign_negative();
        let product = Self::of(value.abs())?.times(self)?;
        let scale = 10_i128.pow(SCALE);
        if scale % product.denominator != 0 {
            return None;
        }
        let mantissa = product.numerator.checked_mul(scale / product.denominator)?;
        let exact = Decimal::try_from_i128_with_scale(mantissa, SCALE).ok()?.normalize();
        Some(if negative { -exact } else { exact })
    }
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unit(code: &str) -> Unit {
        Unit::parse(code).unwrap()
    }

    fn convert(value: &str, from: &str, to: &str) -> Option<String> {
        unit(from).ratio_to(unit(to))?.apply(value.parse().unwrap()).map(|value| value.to_string())
    }

    #[test]
    fn units_are_those_of_the_recommendation() {
        for code in ["TNE", "KGM", "C62", "LTR", "MTR", "H87"] {
            assert_eq!(unit(code).code(), code);
        }
        for code in ["", "tne", "TON!", "05", "PCS"] {
            assert_eq!(Unit::parse(code).unwrap_err().code, "unit", "{code}");
        }
        assert_eq!((unit("TNE").name(), unit("TNE").symbol()), ("tonne (metric ton)", "t"));
        assert!(Unit::all().len() > 1_500);
    }

    #[test]
    fn every_factor_belongs_to_a_unit_in_use() {
        for row in include_str!("../../data/unit-factors.tsv").lines().skip(1) {
            let (code, (dimension, _)) = factor(row).unwrap_or_else(|| panic!("{row}"));
            assert_eq!(unit(code).measure().map(|(dimension, _)| dimension), Some(dimension), "{code}");
        }
    }

    #[test]
    fn conversion_is_exact_inside_a_dimension_and_refused_across() {
        for (value, from, to, expected) in [
            ("2.4", "TNE", "KGM", Some("2400")),
            ("1", "LBR", "GRM", Some("453.59237")),
            ("100", "LBR", "KGM", Some("45.359237")),
            ("1", "FOT", "MMT", Some("304.8")),
            ("0.001", "HUR", "SEC", Some("3.6")),
            ("1", "SEC", "HUR", None),
            ("1.5", "DZN", "C62", Some("18")),
            ("1", "GLL", "LTR", None),
            ("500", "GRM", "TNE", Some("0.0005")),
            ("1", "KGM", "LTR", None),
            ("1", "NMP", "C62", None),
            ("7", "NMP", "NMP", Some("7")),
        ] {
            assert_eq!(convert(value, from, to).as_deref(), expected, "{value} {from} in {to}");
        }
    }

    #[test]
    fn what_would_not_fit_a_decimal_is_none() {
        assert_eq!(convert("100000000000", "KTN", "MC"), None);
        assert_eq!(Ratio::new(0, 1), None);
        assert_eq!(Ratio::of(Decimal::NEGATIVE_ONE), None);
        assert_eq!(Ratio::ONE.apply("-2.50".parse().unwrap()).unwrap().to_string(), "-2.5");
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same(value in 1_i64..1_000_000_000_000, a in 0_usize..27, b in 0_usize..27) {
            let masses: Vec<Unit> = Unit::all().into_iter().filter(|u| u.measure().is_some_and(|(d, _)| d == "mass")).collect();
            let (a, b) = (masses[a % masses.len()], masses[b % masses.len()]);
            let value = Decimal::new(value, 6);
            if let Some(there) = a.ratio_to(b).unwrap().apply(value) {
                prop_assert_eq!(b.ratio_to(a).unwrap().apply(there), Some(value.normalize()));
            }
        }
    }
}
