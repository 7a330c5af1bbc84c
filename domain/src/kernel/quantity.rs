//! Quantities in units of measure after UN/ECE Recommendation 20.

use rust_decimal::Decimal;

use super::refusal::Invalid;
use super::unit::Unit;

/// The largest quantity that can be stated.
pub const MAX_QUANTITY: Decimal = Decimal::from_parts(1_215_752_192, 23, 0, false, 0);

/// How much of something: more than nothing, up to six decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    value: Decimal,
    unit: Unit,
}

impl Quantity {
    pub fn new(value: Decimal, unit: Unit) -> Result<Self, Invalid> {
        check_quantity(value)?;
        if value.is_zero() {
            return Err(Invalid::new("not_positive", "A quantity is more than zero."));
        }
        Ok(Self { value, unit })
    }

    pub fn value(self) -> Decimal {
        self.value
    }

    pub fn unit(self) -> Unit {
        self.unit
    }
}

/// Checks a bare quantity that may be zero, such as what is on hand: not negative, at most six decimals, in range.
pub fn check_quantity(value: Decimal) -> Result<Decimal, Invalid> {
    if value.is_sign_negative() && !value.is_zero() {
        return Err(Invalid::new("negative", "A quantity is not negative."));
    }
    if value.normalize().scale() > 6 {
        return Err(Invalid::new("too_precise", "A quantity has at most 6 decimals."));
    }
    if value > MAX_QUANTITY {
        return Err(Invalid::new("out_of_range", format!("A quantity is at most {MAX_QUANTITY}.")));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_positive_and_bounded() {
        let unit = Unit::parse("C62").unwrap();
        let code = |value: &str| Quantity::new(value.parse().unwrap(), unit).err().map(|e| e.code);
        assert_eq!(code("0.000001"), None);
        assert_eq!(code("0"), Some("not_positive"));
        assert_eq!(code("-1"), Some("negative"));
        assert_eq!(code("0.0000001"), Some("too_precise"));
        assert_eq!(code("100000000000"), None);
        assert_eq!(code("100000000001"), Some("out_of_range"));
    }
}
