//! What was awarded, as a line of a contract.

use super::price::{Price, Units, amount, decimal_of};
use super::terms::Goods;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Money, Quantity, Unit, UnitPrice};

/// The unit of pieces (UN/ECE Rec 20).
const PIECE: &str = "C62";

/// Goods at a price whose product is the amount, to the minor unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoldLine {
    pub quantity: Quantity,
    pub unit_price: UnitPrice,
    pub amount: Money,
    /// It is counted in what was bid for, since a price of the goods' own unit would not be exact.
    pub by_piece: bool,
}

/// The line of so many units at a price for each: in the goods' own unit where the price of that has at most 6 decimals and the quantity is
/// one that can be stated, else in pieces. Nothing is rounded.
pub fn sold_line(goods: &Goods, units: Units, price: Price, currency: Currency) -> Result<SoldLine, Invalid> {
    let too_large = || Invalid::new("out_of_range", "Price times units is too large.");
    let amount = Money::new(decimal_of(amount(price, units).ok_or_else(too_large)?, currency), currency)?;
    if let Some((quantity, unit_price)) = in_own_unit(goods, units, price, currency) {
        return Ok(SoldLine { quantity, unit_price, amount, by_piece: false });
    }
    let quantity = Quantity::new(units.into(), Unit::parse(PIECE)?)?;
    let unit_price = UnitPrice::stated(decimal_of(price, currency), currency)?;
    Ok(SoldLine { quantity, unit_price, amount, by_piece: true })
}

fn in_own_unit(goods: &Goods, units: Units, price: Price, currency: Currency) -> Option<(Quantity, UnitPrice)> {
    let price = decimal_of(price, currency);
    let each = price.checked_div(goods.content)?.normalize();
    let is_exact = each.checked_mul(goods.content)? == price;
    let quantity = goods.content.checked_mul(units.into())?.normalize();
    let quantity = Quantity::new(quantity, goods.unit).ok()?;
    Some((quantity, UnitPrice::stated(each, currency).ok()?)).filter(|_| is_exact)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    fn goods(content: &str, unit: &str) -> Goods {
        Goods { names: Default::default(), unit: Unit::parse(unit).unwrap(), content: content.parse().unwrap() }
    }

    fn line(content: &str, units: Units, price: Price) -> (String, String, String) {
        let line = sold_line(&goods(content, "TNE"), units, price, Currency::parse("EUR").unwrap()).unwrap();
        let quantity = format!("{} {}", line.quantity.value(), line.quantity.unit().code());
        (quantity, line.unit_price.amount().to_string(), line.amount.amount().to_string())
    }

    fn told(quantity: &str, price: &str, amount: &str) -> (String, String, String) {
        (quantity.to_owned(), price.to_owned(), amount.to_owned())
    }

    #[test]
    fn goods_are_sold_in_their_own_unit_where_its_price_is_exact() {
        assert_eq!(line("20", 1, 1_250_000), told("20 TNE", "625", "12500.00"));
        assert_eq!(line("0.5", 3, 100), told("1.5 TNE", "2", "3.00"));
        assert_eq!(line("64", 1, 1), told("1 C62", "0.01", "0.01"));
    }

    #[test]
    fn in_pieces_where_it_is_not() {
        assert_eq!(line("3", 1, 10_000), told("1 C62", "100.00", "100.00"));
        assert_eq!(line("7", 12, 1_000), told("12 C62", "10.00", "120.00"));
        assert_eq!(line("1000000000", 1_000, 100), told("1000 C62", "1.00", "1000.00"));
    }

    proptest! {
        #[test]
        fn price_times_quantity_is_always_the_amount(
            content in 1_i64..10_000_000, scale in 0_u32..=6, units in 1_u64..10_000, price in 0_i64..10_000_000,
        ) {
            let goods = Goods { content: Decimal::new(content, scale), ..goods("1", "KGM") };
            let line = sold_line(&goods, units, price, Currency::parse("EUR").unwrap()).unwrap();
            prop_assert_eq!(line.unit_price.amount() * line.quantity.value(), line.amount.amount());
            prop_assert_eq!(line.amount.amount(), Decimal::new(price, 2) * Decimal::from(units));
        }
    }
}
