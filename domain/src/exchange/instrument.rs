//! What is traded, and by which rules.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::quantity::{Amount, Lots, MAX_AMOUNT, MAX_LOTS, MAX_PRICE, MIN_PRICE, Price, amount_of};
use super::rejection::Rejection;
use super::self_trade::SelfTrade;
use crate::kernel::Currency;
use crate::kernel::refusal::Invalid;

/// How far prices may lie from the reference price, in millionths of it, each side for itself: +0.01 % / −20 % is 100 and 200,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    pub up_ppm: u32,
    pub down_ppm: u32,
}

impl Band {
    /// The lowest and the highest price that are allowed: they themselves are. Fractions of a tick are cut off towards the reference.
    pub fn bounds(self, reference: Price) -> (Price, Price) {
        let low = reference - share(reference, self.down_ppm);
        let high = reference + share(reference, self.up_ppm);
        (low.max(MIN_PRICE), high.min(MAX_PRICE))
    }
}

/// So many millionths of a price, in whole ticks, rounded down.
fn share(price: Price, ppm: u32) -> Price {
    match price.checked_mul(i64::from(ppm)) {
        Some(product) => product / 1_000_000,
        None => Price::try_from(i128::from(price) * i128::from(ppm) / 1_000_000).unwrap_or(MAX_PRICE),
    }
}

/// What stands behind an order before it may trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guarantee {
    /// Nothing: the parties rely on each other (and on bilateral credit).
    #[default]
    None,
    /// Buyers stay within their limit.
    Limit,
    /// And sellers within what they have deposited.
    Full,
}

impl Guarantee {
    pub const ALL: [Self; 3] = [Self::None, Self::Limit, Self::Full];

    pub fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Limit => "limit",
            Self::Full => "full",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|guarantee| guarantee.code() == code);
        known.ok_or_else(|| Invalid::new("guarantee", format!("`{code}` is neither `none` nor `limit` nor `full`.")))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The smallest step of the price, in currency units for one unit of quantity.
    pub tick_size: Decimal,
    /// The smallest quantity, in units of quantity.
    pub lot_size: Decimal,
    pub currency: Currency,
    pub band: Option<Band>,
    /// A trade that would move the price by more millionths than this starts a volatility auction instead.
    pub volatility_ppm: Option<u32>,
    pub self_trade: SelfTrade,
    pub guarantee: Guarantee,
    /// The most live orders of one member.
    pub max_live_orders: Option<u32>,
    /// The most lots of one member in a session, traded and open together, both sides.
    pub max_session_lots: Option<Lots>,
}

impl Rules {
    /// Refuses steps that are nothing or have more than six decimals, and a value of one tick of one lot beyond the range.
    pub fn check(&self) -> Result<(), Rejection> {
        let step = |value: Decimal| value > Decimal::ZERO && value.normalize().scale() <= 6;
        let band = self.band.is_none_or(|band| band.down_ppm < 1_000_000);
        if step(self.tick_size) && step(self.lot_size) && band && self.tick_value().is_some() {
            Ok(())
        } else {
            Err(Rejection::InvalidRules)
        }
    }

    /// What one tick of one lot is worth.
    pub fn tick_value(&self) -> Option<Amount> {
        let value = self.tick_size.checked_mul(self.lot_size)?;
        amount_of(value).filter(|&amount| amount > 0 && amount <= MAX_AMOUNT / 1_000_000)
    }

    /// Whether an instrument of these rules may come to have those: tick, lot, currency and guarantee stay.
    pub fn may_become(&self, other: &Self) -> bool {
        self.tick_size == other.tick_size
            && self.lot_size == other.lot_size
            && self.currency == other.currency
            && self.guarantee == other.guarantee
    }

    /// A price of one unit in ticks: exact, never rounded.
    pub fn ticks(&self, price: Decimal) -> Result<Price, Rejection> {
        let ticks = steps(price, self.tick_size, Rejection::OffTick, Rejection::PriceOutOfRange)?;
        Price::try_from(ticks)
            .ok()
            .filter(|price| (MIN_PRICE..=MAX_PRICE).contains(price))
            .ok_or(Rejection::PriceOutOfRange)
    }

    /// A quantity in lots: exact, never rounded.
    pub fn lots(&self, quantity: Decimal) -> Result<Lots, Rejection> {
        let lots = steps(quantity, self.lot_size, Rejection::OffLot, Rejection::LotsOutOfRange)?;
        Lots::try_from(lots).ok().filter(|lots| (1..=MAX_LOTS).contains(lots)).ok_or(Rejection::LotsOutOfRange)
    }

    /// The price of one unit.
    pub fn price(&self, ticks: Price) -> Decimal {
        (self.tick_size * Decimal::from(ticks)).normalize()
    }

    pub fn quantity(&self, lots: Lots) -> Decimal {
        (self.lot_size * Decimal::from(lots)).normalize()
    }
}

/// How many steps a value has.
fn steps(value: Decimal, step: Decimal, uneven: Rejection, beyond: Rejection) -> Result<i128, Rejection> {
    let remainder = value.checked_rem(step).ok_or(beyond)?;
    if !remainder.is_zero() {
        return Err(uneven);
    }
    let count = value.checked_div(step).ok_or(beyond)?.normalize();
    if count.scale() == 0 { Ok(count.mantissa()) } else { Err(uneven) }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Rules {
        /// For tests: in euros, with nothing that limits.
        pub(crate) fn plain(tick: &str, lot: &str) -> Self {
            Self {
                tick_size: tick.parse().unwrap(),
                lot_size: lot.parse().unwrap(),
                currency: Currency::parse("EUR").unwrap(),
                band: None,
                volatility_ppm: None,
                self_trade: SelfTrade::default(),
                guarantee: Guarantee::None,
                max_live_orders: None,
                max_session_lots: None,
            }
        }
    }

    fn rules() -> Rules {
        Rules::plain("0.05", "25")
    }

    #[test]
    fn off_tick_and_off_lot_are_refused_each_by_its_name() {
        let ticks = |text: &str| rules().ticks(text.parse().unwrap());
        assert_eq!(ticks("100.05"), Ok(2001));
        assert_eq!(ticks("100.050"), Ok(2001));
        assert_eq!(ticks("100.06"), Err(Rejection::OffTick));
        assert_eq!(ticks("0"), Err(Rejection::PriceOutOfRange));
        assert_eq!(ticks("-0.05"), Err(Rejection::PriceOutOfRange));
        assert_eq!(ticks("50000000000"), Ok(MAX_PRICE));
        assert_eq!(ticks("50000000000.05"), Err(Rejection::PriceOutOfRange));
        assert_eq!(ticks("79228162514264337593543950335"), Err(Rejection::PriceOutOfRange));
        let lots = |text: &str| rules().lots(text.parse().unwrap());
        assert_eq!(lots("75"), Ok(3));
        assert_eq!(lots("76"), Err(Rejection::OffLot));
        assert_eq!(lots("0"), Err(Rejection::LotsOutOfRange));
        assert_eq!(lots("25000000000025"), Err(Rejection::LotsOutOfRange));
        assert_eq!(rules().price(2001).to_string(), "100.05");
        assert_eq!(rules().quantity(3).to_string(), "75");
    }

    #[test]
    fn a_band_may_be_asymmetric_and_its_bounds_are_rounded_inwards() {
        assert_eq!(Band { up_ppm: 100, down_ppm: 200_000 }.bounds(100_000), (80_000, 100_010));
        assert_eq!(Band { up_ppm: 15_000, down_ppm: 15_000 }.bounds(99), (98, 100));
        assert_eq!(Band { up_ppm: u32::MAX, down_ppm: 999_999 }.bounds(MAX_PRICE), (1_000_000, MAX_PRICE));
        assert_eq!(Band { up_ppm: 0, down_ppm: 999_999 }.bounds(1), (1, 1));
    }

    #[test]
    fn codes_and_guarantees_correspond() {
        for guarantee in Guarantee::ALL {
            assert_eq!(Guarantee::parse(guarantee.code()), Ok(guarantee));
        }
        assert_eq!(Guarantee::parse("half").unwrap_err().code, "guarantee");
    }

    #[test]
    fn rules_that_make_no_sense_are_refused() {
        assert_eq!(rules().check(), Ok(()));
        assert_eq!(rules().tick_value(), amount_of("1.25".parse().unwrap()));
        for (tick, lot) in [("0", "1"), ("-0.1", "1"), ("0.0000001", "1"), ("1", "0"), ("1000000000", "1000000000")] {
            let rules = Rules { tick_size: tick.parse().unwrap(), lot_size: lot.parse().unwrap(), ..rules() };
            assert_eq!(rules.check(), Err(Rejection::InvalidRules), "{tick} {lot}");
        }
        let band = Some(Band { up_ppm: 0, down_ppm: 1_000_000 });
        assert_eq!(Rules { band, ..rules() }.check(), Err(Rejection::InvalidRules));
    }
}
