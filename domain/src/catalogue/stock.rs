//! Stock of a product: what is there, and what of it is promised.

use rust_decimal::Decimal;

use crate::kernel::quantity::check_quantity;
use crate::kernel::{Kind, Refusal};

/// Quantities in the product's base unit; always `0 <= reserved <= on_hand + backorder`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    on_hand: Decimal,
    reserved: Decimal,
    /// How much may be promised beyond what is on hand.
    backorder: Decimal,
    /// How much of what is on hand has expired: it is there, but nobody is promised it any more.
    expired: Decimal,
}

impl Stock {
    /// Stock of which no more is promised than there is; refuses what could never have come about.
    pub fn new(on_hand: Decimal, reserved: Decimal) -> Result<Self, Refusal> {
        Self::with_backorder(on_hand, reserved, Decimal::ZERO)
    }

    /// Stock as it was kept, of which so much more may be promised than there is.
    pub fn with_backorder(on_hand: Decimal, reserved: Decimal, backorder: Decimal) -> Result<Self, Refusal> {
        for value in [on_hand, reserved, backorder] {
            check(value)?;
        }
        if reserved > on_hand + backorder {
            return Err(Refusal::new(Kind::Internal, "More is reserved than is on hand."));
        }
        Ok(Self { on_hand, reserved, backorder, expired: Decimal::ZERO })
    }

    /// The same where so much of what is on hand has expired.
    pub fn of_which_expired(self, expired: Decimal) -> Self {
        Self { expired, ..self }
    }

    pub fn on_hand(self) -> Decimal {
        self.on_hand
    }

    pub fn reserved(self) -> Decimal {
        self.reserved
    }

    pub fn backorder(self) -> Decimal {
        self.backorder
    }

    /// What can still be promised.
    pub fn available(self) -> Decimal {
        (self.on_hand + self.backorder - self.reserved - self.expired).max(Decimal::ZERO)
    }

    /// Promises a quantity to an order. Refuses with [`Kind::OutOfStock`] if less is available.
    pub fn reserve(&mut self, quantity: Decimal) -> Result<(), Refusal> {
        check(quantity)?;
        if quantity > self.available() {
            let available = self.available().normalize();
            return Err(Refusal::new(Kind::OutOfStock, format!("Only {available} of it is available.")));
        }
        self.reserved += quantity;
        Ok(())
    }

    /// Takes a promise back. To release more than is reserved is a fault of the caller's books, not of a person.
    pub fn release(&mut self, quantity: Decimal) -> Result<(), Refusal> {
        self.check_reserved(quantity)?;
        self.reserved -= quantity;
        Ok(())
    }

    /// What was promised leaves the house. Refuses with [`Kind::OutOfStock`] what is promised and not there yet.
    pub fn despatch(&mut self, quantity: Decimal) -> Result<(), Refusal> {
        self.check_reserved(quantity)?;
        if quantity > self.on_hand {
            let on_hand = self.on_hand.normalize();
            return Err(Refusal::new(Kind::OutOfStock, format!("Only {on_hand} of it is on hand.")));
        }
        self.reserved -= quantity;
        self.on_hand -= quantity;
        Ok(())
    }

    /// States anew what is there, as after counting. Refuses with [`Kind::StockReserved`] less than is reserved.
    pub fn set_on_hand(&mut self, on_hand: Decimal) -> Result<(), Refusal> {
        check(on_hand)?;
        if on_hand + self.backorder < self.reserved {
            return Err(self.is_reserved());
        }
        self.on_hand = on_hand;
        Ok(())
    }

    /// Says how much may be promised beyond what is on hand. Refuses with [`Kind::StockReserved`] less than is.
    pub fn set_backorder(&mut self, backorder: Decimal) -> Result<(), Refusal> {
        check(backorder)?;
        if self.on_hand + backorder < self.reserved {
            return Err(self.is_reserved());
        }
        self.backorder = backorder;
        Ok(())
    }

    fn is_reserved(self) -> Refusal {
        let reserved = self.reserved.normalize();
        Refusal::new(Kind::StockReserved, format!("{reserved} of it is reserved for orders."))
    }

    fn check_reserved(self, quantity: Decimal) -> Result<(), Refusal> {
        check(quantity)?;
        if quantity > self.reserved {
            return Err(Refusal::new(Kind::Internal, "More would be taken than is reserved."));
        }
        Ok(())
    }
}

fn check(quantity: Decimal) -> Result<(), Refusal> {
    check_quantity(quantity).map(drop).map_err(|invalid| invalid.at(""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stock(on_hand: i64, reserved: i64) -> Stock {
        Stock::new(on_hand.into(), reserved.into()).unwrap()
    }

    #[test]
    fn the_last_unit_goes_to_one_order_only() {
        let mut stock = stock(1, 0);
        assert!(stock.reserve(Decimal::ONE).is_ok());
        assert_eq!(stock.reserve(Decimal::ONE).unwrap_err().kind, Kind::OutOfStock);
    }

    #[test]
    fn what_has_expired_is_promised_to_nobody() {
        let mut stock = stock(10, 4).of_which_expired(5.into());
        assert_eq!(stock.reserve(2.into()).unwrap_err().kind, Kind::OutOfStock);
        assert!(stock.reserve(1.into()).is_ok());
        // What expires while it is promised leaves less than nothing to promise; backorders go on within their limit.
        let promised = Stock::with_backorder(10.into(), 8.into(), 3.into()).unwrap();
        assert_eq!(promised.of_which_expired(10.into()).available(), Decimal::ZERO);
        assert_eq!(promised.of_which_expired(4.into()).available(), Decimal::ONE);
    }

    #[test]
    fn what_is_reserved_cannot_be_counted_away() {
        let mut stock = stock(10, 4);
        assert_eq!(stock.set_on_hand(3.into()).unwrap_err().kind, Kind::StockReserved);
        assert!(stock.set_on_hand(4.into()).is_ok());
        assert_eq!(stock.available(), Decimal::ZERO);
    }

    #[test]
    fn impossible_books_and_negative_quantities_are_refused() {
        assert!(Stock::new(1.into(), 2.into()).is_err());
        assert!(Stock::new((-1).into(), Decimal::ZERO).is_err());
        let mut stock = stock(5, 5);
        for step in [Stock::reserve, Stock::release, Stock::despatch, Stock::set_on_hand] {
            assert!(step(&mut stock, (-1).into()).is_err());
        }
        assert_eq!(stock.release(6.into()).unwrap_err().kind, Kind::Internal);
        assert_eq!(stock.despatch(6.into()).unwrap_err().kind, Kind::Internal);
        assert_eq!(stock, super::tests::stock(5, 5));
    }

    #[derive(Debug, Clone, Copy)]
    enum Command {
        Reserve,
        Release,
        Despatch,
        SetOnHand,
    }

    fn commands() -> impl Strategy<Value = Vec<(Command, u32)>> {
        let command = prop_oneof![
            Just(Command::Reserve),
            Just(Command::Release),
            Just(Command::Despatch),
            Just(Command::SetOnHand)
        ];
        prop::collection::vec((command, 0u32..4_000_000), 0..60)
    }

    proptest! {
        /// Follows the stock with plain sums of what was accepted: in − out = on hand, promised − given back − out =
        /// reserved.
        #[test]
        fn nothing_is_created_or_lost(start in 0u32..5_000_000, commands in commands()) {
            let micro = |value: u32| Decimal::new(i64::from(value), 6);
            let mut stock = Stock::new(micro(start), Decimal::ZERO).unwrap();
            let (mut counted, mut out) = (micro(start), Decimal::ZERO);
            let (mut promised, mut returned) = (Decimal::ZERO, Decimal::ZERO);
            for (command, value) in commands {
                let (value, before) = (micro(value), stock);
                let done = match command {
                    Command::Reserve => stock.reserve(value),
                    Command::Release => stock.release(value),
                    Command::Despatch => stock.despatch(value),
                    Command::SetOnHand => stock.set_on_hand(value),
                };
                match (done, command) {
                    (Err(_), _) => prop_assert_eq!(stock, before),
                    (Ok(()), Command::Reserve) => promised += value,
                    (Ok(()), Command::Release) => returned += value,
                    (Ok(()), Command::Despatch) => out += value,
                    (Ok(()), Command::SetOnHand) => counted += value - before.on_hand(),
                }
                prop_assert!(Decimal::ZERO <= stock.reserved() && stock.reserved() <= stock.on_hand());
                prop_assert_eq!(stock.on_hand(), counted - out);
                prop_assert_eq!(stock.reserved(), promised - returned - out);
                prop_assert_eq!(stock.available() + stock.reserved(), stock.on_hand());
            }
        }
    }
}
