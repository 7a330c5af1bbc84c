//! Money and prices: decimals, never floats.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::refusal::Invalid;

/// The largest absolute amount: fifteen digits before the point leave room for sums in 96-bit decimals.
const LIMIT: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// An ISO 4217 currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// `code` is the alphabetic code in upper case, such as `EUR`.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        iso_currency::Currency::from_code(code)
            .filter(|c| c.exponent().is_some())
            .map(Self)
            .ok_or_else(|| Invalid::new("currency", format!("`{code}` is not a currency code of ISO 4217.")))
    }

    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The number of decimals of its minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn decimals(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(2))
    }

    /// Rounds half to even to the minor unit.
    pub fn round(self, amount: Decimal) -> Decimal {
        let mut rounded = amount.round_dp_with_strategy(self.decimals(), RoundingStrategy::MidpointNearestEven);
        rounded.rescale(self.decimals());
        rounded
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// By its code.
impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

/// An amount in whole minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

impl Money {
    /// Refuses more decimals than the currency has, and amounts of a thousand million million and more.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Self, Invalid> {
        let decimals = currency.decimals();
        if amount.normalize().scale() > decimals {
            return Err(Invalid::new("too_precise", format!("{currency} has {decimals} decimals.")));
        }
        if amount.abs() >= LIMIT {
            return Err(Invalid::new("out_of_range", "The amount is too large."));
        }
        Ok(Self::rounded(amount, currency))
    }

    /// Rounds half to even to the currency's minor unit.
    pub fn rounded(amount: Decimal, currency: Currency) -> Self {
        Self { amount: currency.round(amount), currency }
    }

    pub fn zero(currency: Currency) -> Self {
        Self::rounded(Decimal::ZERO, currency)
    }

    pub fn amount(self) -> Decimal {
        self.amount
    }

    pub fn currency(self) -> Currency {
        self.currency
    }
}

/// A price for one unit, not negative. Stated prices have up to six decimals; one for another unit than that the price was stated for
/// may have more, since nothing is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitPrice {
    amount: Decimal,
    currency: Currency,
}

/// The decimals of a price for another unit.
const DERIVED_SCALE: u32 = 12;

impl UnitPrice {
    /// A price as people state it.
    pub fn stated(amount: Decimal, currency: Currency) -> Result<Self, Invalid> {
        if amount.normalize().scale() > 6 {
            return Err(Invalid::new("too_precise", "A unit price has at most 6 decimals."));
        }
        Self::new(amount, currency)
    }

    /// The price of a unit that is so many of this one, if it is exact.
    pub fn per(self, ratio: super::unit::Ratio) -> Option<Self> {
        if ratio == super::unit::Ratio::ONE {
            return Some(self);
        }
        let (numerator, denominator) = (Decimal::from_i128_with_scale(ratio.numerator(), 0), ratio.denominator());
        let product = self.amount.checked_mul(numerator)?;
        let amount = product.checked_div(Decimal::from_i128_with_scale(denominator, 0))?;
        let exact = amount.checked_mul(Decimal::from_i128_with_scale(denominator, 0))? == product;
        Self::new(amount.normalize(), self.currency).ok().filter(|_| exact)
    }

    pub fn new(amount: Decimal, currency: Currency) -> Result<Self, Invalid> {
        if amount.normalize().scale() > DERIVED_SCALE {
            return Err(Invalid::new("too_precise", "A unit price has too many decimals."));
        }
        if amount.is_sign_negative() && !amount.is_zero() {
            return Err(Invalid::new("negative", "A unit price is not negative."));
        }
        if amount >= LIMIT {
            return Err(Invalid::new("out_of_range", "The price is too large."));
        }
        Ok(Self { amount, currency })
    }

    pub fn amount(self) -> Decimal {
        self.amount
    }

    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Price × quantity × (1 − discount / 100), rounded once, half to even, to the minor unit: the net amount of a line.
    /// `discount_percent` lies between 0 and 100. Refuses an amount beyond the range of [`Money`].
    pub fn line_amount(self, quantity: Decimal, discount_percent: Decimal) -> Result<Money, Invalid> {
        let share = (Decimal::ONE_HUNDRED - discount_percent) / Decimal::ONE_HUNDRED;
        self.amount
            .checked_mul(quantity)
            .and_then(|amount| amount.checked_mul(share))
            .filter(|amount| amount.abs() < LIMIT)
            .map(|amount| Money::rounded(amount, self.currency))
            .ok_or_else(|| Invalid::new("out_of_range", "Price times quantity is too large."))
    }
}

/// Reads a decimal string: an optional minus sign, digits, optionally a point and digits. No exponent, no plus sign, no
/// spaces, at most 28 digits, so that what is read is exactly what was written.
pub fn parse_decimal(text: &str) -> Result<Decimal, Invalid> {
    let invalid = || Invalid::new("decimal", "A decimal number such as \"12.50\" is expected.");
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || (whole.len() > 1 && whole.starts_with('0')) {
        return Err(invalid());
    }
    Decimal::from_str_exact(text).map_err(|_| Invalid::new("out_of_range", "The number has too many digits."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        parse_decimal(text).unwrap()
    }

    #[test]
    fn a_line_is_rounded_once_and_half_to_even() {
        let usd = Currency::parse("USD").unwrap();
        let line = |price, quantity, discount| {
            UnitPrice::new(dec(price), usd)
                .unwrap()
                .line_amount(dec(quantity), dec(discount))
                .unwrap()
                .amount()
                .to_string()
        };
        assert_eq!(line("0.125", "1", "0"), "0.12");
        assert_eq!(line("0.375", "1", "0"), "0.38");
        assert_eq!(line("14.00", "12", "0"), "168.00");
        assert_eq!(line("7.70", "15", "15"), "98.18");
        assert_eq!(line("0.000001", "1", "0"), "0.00");
    }

    #[test]
    fn the_currency_bounds_the_decimals() {
        for (code, amount, ok) in [
            ("EUR", "1.23", true),
            ("EUR", "1.230", true),
            ("EUR", "1.234", false),
            ("JPY", "5.5", false),
            ("KWD", "1.234", true),
        ] {
            assert_eq!(Money::new(dec(amount), Currency::parse(code).unwrap()).is_ok(), ok, "{amount} {code}");
        }
    }

    #[test]
    fn only_plain_decimals_are_read() {
        for bad in ["", "-", ".5", "5.", "1e3", "+1", " 1", "1,0", "NaN", "0x1", "٣", "00.1", "01"] {
            assert!(parse_decimal(bad).is_err(), "{bad}");
        }
        for good in ["0", "-0.5", "12.500000", "9999999999999999999999999999"] {
            assert_eq!(parse_decimal(good).unwrap().to_string(), good);
        }
        assert_eq!(parse_decimal(&"9".repeat(40)).unwrap_err().code, "out_of_range");
    }

    #[test]
    fn a_price_for_another_unit_is_exact_or_none() {
        let eur = Currency::parse("EUR").unwrap();
        let per = |price: &str, numerator, denominator| {
            let ratio = crate::kernel::unit::Ratio::new(numerator, denominator).unwrap();
            UnitPrice::stated(dec(price), eur).unwrap().per(ratio).map(|price| price.amount().to_string())
        };
        assert_eq!(per("2.00", 12, 1).as_deref(), Some("24"));
        assert_eq!(per("1.2345", 1, 1000).as_deref(), Some("0.0012345"));
        assert_eq!(per("1.25", 45_359_237, 100_000_000).as_deref(), Some("0.5669904625"));
        assert_eq!(per("1", 1, 3), None);
        assert_eq!(UnitPrice::stated(dec("0.0000001"), eur).unwrap_err().code, "too_precise");
    }

    #[test]
    fn amounts_beyond_the_range_are_refused() {
        let eur = Currency::parse("EUR").unwrap();
        assert!(Money::new(dec("999999999999999.99"), eur).is_ok());
        assert!(Money::new(dec("1000000000000000"), eur).is_err());
        let dear = UnitPrice::new(dec("999999999999999"), eur).unwrap();
        assert_eq!(dear.line_amount(dec("2"), Decimal::ZERO).unwrap_err().code, "out_of_range");
        assert!(Currency::parse("EURO").is_err() && Currency::parse("XAU").is_err());
    }
}
