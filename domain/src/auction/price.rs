//! Prices and quantities as auctions count them: whole numbers, never decimals, never floats.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Money};

/// The price of one unit, in whole minor units of the auction's currency (cents of EUR, yen of JPY). A lot that is sold as a whole is
/// one unit.
pub type Price = i64;

/// A number of equal units.
pub type Units = u64;

/// The largest price of a unit.
pub const MAX_PRICE: Price = 100_000_000_000_000;

/// The most units of one lot.
pub const MAX_UNITS: Units = 1_000_000_000;

/// The largest amount of one bid: below the range of [`Money`] in every currency.
pub const MAX_AMOUNT: i64 = 999_999_999_999_999;

/// Price × units in minor units, exact; none beyond [`MAX_AMOUNT`].
pub fn amount(price: Price, units: Units) -> Option<i64> {
    let product = i128::from(price) * i128::from(units);
    i64::try_from(product).ok().filter(|amount| (0..=MAX_AMOUNT).contains(amount))
}

/// A stated amount in minor units: exact, never rounded. Refuses more decimals than the currency has, and what is negative or too large.
pub fn price_of(value: Decimal, currency: Currency) -> Result<Price, Invalid> {
    let money = Money::new(value, currency)?;
    let minor = Price::try_from(money.amount().mantissa()).ok();
    minor
        .filter(|minor| (0..=MAX_PRICE).contains(minor))
        .ok_or_else(|| Invalid::new("out_of_range", format!("It is from 0 to {}.", decimal_of(MAX_PRICE, currency))))
}

/// Minor units as a decimal number of the currency's units, with all its decimals.
pub fn decimal_of(minor: i64, currency: Currency) -> Decimal {
    Decimal::new(minor, currency.decimals())
}

/// A part of a price in hundredths of a percent, rounded half to even to the minor unit.
pub fn share_of(price: Price, basis_points: u32) -> Price {
    let (whole, rest) = divided(i128::from(price) * i128::from(basis_points), 10_000);
    let up = rest > 5_000 || rest == 5_000 && whole % 2 == 1;
    Price::try_from(whole + i128::from(up)).unwrap_or(Price::MAX)
}

fn divided(value: i128, by: i128) -> (i128, i128) {
    (value / by, value % by)
}

/// Whether bids go up, or suppliers undercut each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Up,
    Down,
}

impl Direction {
    /// Whether the first price is better than the second, for who holds the auction.
    pub fn beats(self, price: Price, other: Price) -> bool {
        match self {
            Self::Up => price > other,
            Self::Down => price < other,
        }
    }

    /// Whether the first price is at least as good as the second.
    pub fn reaches(self, price: Price, other: Price) -> bool {
        !self.beats(other, price)
    }

    /// The better of two prices.
    pub fn better(self, one: Price, other: Price) -> Price {
        if self.beats(one, other) { one } else { other }
    }

    /// The worse of two prices.
    pub fn worse(self, one: Price, other: Price) -> Price {
        if self.beats(one, other) { other } else { one }
    }

    /// By which prices sort, the best first.
    pub fn rank(self, price: Price) -> Price {
        match self {
            Self::Up => price.saturating_neg(),
            Self::Down => price,
        }
    }

    /// The price that is better by a step; downwards it ends at nothing.
    pub fn advance(self, price: Price, step: Price) -> Price {
        match self {
            Self::Up => price.saturating_add(step),
            Self::Down => price.saturating_sub(step).max(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_whole_minor_units_and_never_rounded() {
        let currency = |code: &str| Currency::parse(code).unwrap();
        let price = |text: &str, code: &str| price_of(text.parse().unwrap(), currency(code));
        assert_eq!(price("12.5", "EUR"), Ok(1250));
        assert_eq!(price("12", "JPY"), Ok(12));
        assert_eq!(price("12.505", "EUR").unwrap_err().code, "too_precise");
        assert_eq!(price("-1", "EUR").unwrap_err().code, "out_of_range");
        assert_eq!(price("1000000000000.01", "EUR").unwrap_err().code, "out_of_range");
        assert_eq!(decimal_of(1250, currency("EUR")).to_string(), "12.50");
        assert_eq!(decimal_of(1250, currency("KWD")).to_string(), "1.250");
    }

    #[test]
    fn a_share_is_rounded_half_to_even() {
        for (price, basis_points, expected) in [(100_000, 50, 500), (100, 50, 0), (300, 50, 2), (500, 50, 2), (0, 9, 0)]
        {
            assert_eq!(share_of(price, basis_points), expected, "{price} {basis_points}");
        }
    }

    #[test]
    fn amounts_beyond_the_range_are_none() {
        assert_eq!(amount(MAX_PRICE, 1), Some(MAX_PRICE));
        assert_eq!(amount(MAX_PRICE, 10), None);
        assert_eq!(amount(Price::MAX, Units::MAX), None);
        assert_eq!(amount(-1, 1), None);
    }

    #[test]
    fn down_is_the_mirror_of_up() {
        assert!(Direction::Up.beats(2, 1) && Direction::Down.beats(1, 2));
        assert!(Direction::Up.reaches(2, 2) && Direction::Down.reaches(2, 2));
        assert_eq!((Direction::Up.better(1, 2), Direction::Down.better(1, 2)), (2, 1));
        assert_eq!((Direction::Up.worse(1, 2), Direction::Down.worse(1, 2)), (1, 2));
        assert_eq!(
            (Direction::Up.advance(5, 2), Direction::Down.advance(5, 2), Direction::Down.advance(1, 2)),
            (7, 3, 0)
        );
    }
}
