//! Prices, quantities and amounts as the market counts them: whole numbers, never decimals, never floats.

use rust_decimal::Decimal;

/// A price in whole ticks of its instrument, from [`MIN_PRICE`] to [`MAX_PRICE`].
pub type Price = i64;

/// A quantity in whole lots of its instrument.
pub type Lots = u64;

/// An amount of money in 10⁻¹² of the currency's unit: the product of a tick (up to six decimals) and a lot (up to six decimals) is
/// whole, so that nothing is ever rounded in a market.
pub type Amount = i128;

pub const MIN_PRICE: Price = 1;
pub const MAX_PRICE: Price = 1_000_000_000_000;

/// The most lots of one order. All orders that a market can hold (2²⁴) together stay below 2⁶⁴ lots.
pub const MAX_LOTS: Lots = 1_000_000_000_000;

/// The most lots that one company may have open and traded in one instrument and session: sums stay below 2⁶⁴.
pub const MAX_SESSION_LOTS: Lots = 1_000_000_000_000_000_000;

/// The largest amount of one order, and of a limit: 10¹⁵ units of the currency, as for [`crate::kernel::Money`].
pub const MAX_AMOUNT: Amount = 1_000_000_000_000_000_000_000_000_000;

/// The decimals of an [`Amount`].
pub const AMOUNT_SCALE: u32 = 12;

/// The amount of a decimal number of currency units; none if it is negative, finer than 10⁻¹², or too large.
pub fn amount_of(value: Decimal) -> Option<Amount> {
    let value = value.normalize();
    if value.is_sign_negative() && !value.is_zero() || value.scale() > AMOUNT_SCALE {
        return None;
    }
    let factor = 10_i128.pow(AMOUNT_SCALE - value.scale());
    value.mantissa().checked_mul(factor).filter(|&amount| amount <= MAX_AMOUNT)
}

/// The decimal number of currency units, exact; none for what is beyond the range of decimals (more than 10¹⁶ units).
pub fn decimal_of(amount: Amount) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(amount, AMOUNT_SCALE).ok().map(|value| value.normalize())
}

/// What lots are worth at a price; none if that is more than [`MAX_AMOUNT`].
pub fn worth(price: Price, lots: Lots, tick_value: Amount) -> Option<Amount> {
    // 64 bits times 64 bits fit into 128.
    let turnover = i128::from(price) * i128::from(lots);
    // Two numbers of 63 bits cannot overflow; this is the common case and spares the slow check.
    let amount = match (i64::try_from(turnover), i64::try_from(tick_value)) {
        (Ok(turnover), Ok(tick_value)) => i128::from(turnover) * i128::from(tick_value),
        _ => product(turnover, tick_value)?,
    };
    (amount <= MAX_AMOUNT).then_some(amount)
}

#[cold]
fn product(turnover: i128, tick_value: Amount) -> Option<Amount> {
    turnover.checked_mul(tick_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_none() {
        let amount = |text: &str| amount_of(text.parse().unwrap());
        assert_eq!(amount("1.25"), Some(1_250_000_000_000));
        assert_eq!(amount("0.000000000001"), Some(1));
        assert_eq!(amount("0.0000000000001"), None);
        assert_eq!(amount("-1"), None);
        assert_eq!(amount("1000000000000000"), Some(MAX_AMOUNT));
        assert_eq!(amount("1000000000000001"), None);
        assert_eq!(decimal_of(1_250_000_000_000).unwrap().to_string(), "1.25");
        assert_eq!(decimal_of(i128::MAX), None);
    }

    #[test]
    fn the_ends_of_the_ranges_do_not_overflow() {
        assert_eq!(worth(MAX_PRICE, MAX_LOTS, 1), Some(1_000_000_000_000_000_000_000_000));
        assert_eq!(worth(MAX_PRICE, MAX_LOTS, 1000), Some(MAX_AMOUNT));
        assert_eq!(worth(MAX_PRICE, MAX_LOTS, 1001), None);
        assert_eq!(worth(i64::MAX, u64::MAX, i128::MAX), None);
        assert!((1_u64 << 24).checked_mul(MAX_LOTS).is_some());
    }
}
