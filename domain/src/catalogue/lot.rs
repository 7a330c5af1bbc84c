//! Lots: what of a product lies where and how long it is good, and which of it goes out first.

use rust_decimal::Decimal;

use super::Stock;
use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Date, Kind, LotId, Refusal};

/// What of a product lies in one place under one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lot {
    pub id: LotId,
    /// The last day on which it is good; none for what keeps.
    pub expires_on: Option<Date>,
    pub quantity: Decimal,
}

impl Lot {
    pub fn is_good(&self, on: Date) -> bool {
        self.expires_on.is_none_or(|last| last >= on)
    }
}

/// Why stock moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// What was there before it was kept by lots.
    Opening,
    Receipt,
    Return,
    Count,
    Transfer,
    Damage,
    Loss,
    Expiry,
    Despatch,
}

impl Reason {
    pub const ALL: [Self; 9] = [
        Self::Opening,
        Self::Receipt,
        Self::Return,
        Self::Count,
        Self::Transfer,
        Self::Damage,
        Self::Loss,
        Self::Expiry,
        Self::Despatch,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Receipt => "receipt",
            Self::Return => "return",
            Self::Count => "count",
            Self::Transfer => "transfer",
            Self::Damage => "damage",
            Self::Loss => "loss",
            Self::Expiry => "expiry",
            Self::Despatch => "despatch",
        }
    }

    /// Whether it brings goods in (`true`) or takes them away; none if it may do either.
    pub fn brings(self) -> Option<bool> {
        match self {
            Self::Opening | Self::Receipt | Self::Return => Some(true),
            Self::Damage | Self::Loss | Self::Expiry | Self::Despatch => Some(false),
            Self::Count | Self::Transfer => None,
        }
    }
}

/// A product's stock with the lots that it consists of: they always add up to what is on hand. Without lots it is kept as a total alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    pub stock: Stock,
    pub lots: Vec<Lot>,
}

impl Holding {
    /// Goods come into a lot.
    pub fn bring(&mut self, lot: LotId, quantity: Decimal) -> Result<(), Refusal> {
        check(quantity)?;
        let index = self.place(lot)?;
        self.stock.set_on_hand(self.stock.on_hand() + quantity)?;
        self.lots[index].quantity += quantity;
        Ok(())
    }

    /// Goods of a lot are gone. Refuses more than the lot has, and what is promised to orders.
    pub fn take(&mut self, lot: LotId, quantity: Decimal) -> Result<(), Refusal> {
        check(quantity)?;
        let index = self.place(lot)?;
        let there = self.lots[index].quantity;
        if quantity > there {
            return Err(Refusal::new(Kind::OutOfStock, format!("Only {} of it is in the lot.", there.normalize())));
        }
        self.stock.set_on_hand(self.stock.on_hand() - quantity)?;
        self.lots[index].quantity -= quantity;
        Ok(())
    }

    /// Goods go from one lot to another; what there is in all stays.
    pub fn transfer(&mut self, from: LotId, to: LotId, quantity: Decimal) -> Result<(), Refusal> {
        check(quantity)?;
        let (from, to) = (self.place(from)?, self.place(to)?);
        let there = self.lots[from].quantity;
        if quantity > there {
            return Err(Refusal::new(Kind::OutOfStock, format!("Only {} of it is in the lot.", there.normalize())));
        }
        self.lots[from].quantity -= quantity;
        self.lots[to].quantity += quantity;
        Ok(())
    }

    /// Writes off what of an expired lot is not promised; the rest as it becomes free. Gives how much that is.
    pub fn write_off(&mut self, lot: LotId, on: Date) -> Result<Decimal, Refusal> {
        let index = self.place(lot)?;
        if self.lots[index].is_good(on) {
            return Ok(Decimal::ZERO);
        }
        let free = (self.stock.on_hand() - self.stock.reserved()).max(Decimal::ZERO);
        let gone = self.lots[index].quantity.min(free);
        self.take(lot, gone)?;
        Ok(gone)
    }

    fn place(&self, lot: LotId) -> Result<usize, Refusal> {
        let found = self.lots.iter().position(|one| one.id == lot);
        found.ok_or_else(|| Refusal::new(Kind::Internal, "A lot of another product was named."))
    }
}

/// What to take of which lot: the one that expires first goes first, what keeps goes last; of equal ones the older. Expired ones never
/// go out. Refuses with [`Kind::OutOfStock`] if the good ones are not enough.
pub fn allocate(lots: &[Lot], quantity: Decimal, on: Date) -> Result<Vec<(LotId, Decimal)>, Refusal> {
    let mut good: Vec<&Lot> = lots.iter().filter(|lot| lot.is_good(on) && !lot.quantity.is_zero()).collect();
    good.sort_by_key(|lot| (lot.expires_on.is_none(), lot.expires_on, lot.id));
    let mut rest = quantity;
    let mut taken = Vec::new();
    for lot in good {
        if rest.is_zero() {
            break;
        }
        let part = lot.quantity.min(rest);
        taken.push((lot.id, part));
        rest -= part;
    }
    if rest.is_zero() {
        return Ok(taken);
    }
    let there = (quantity - rest).normalize();
    Err(Refusal::new(Kind::OutOfStock, format!("Only {there} of it is on hand and has not expired.")))
}

/// Where goods go that come back: to the lots that they left, each with how much of it left; that which expires first counts as back first.
/// Refuses what has expired. What left before there were lots is left over.
pub fn take_back(left: &[(Lot, Decimal)], quantity: Decimal, on: Date) -> Result<Vec<(LotId, Decimal)>, Invalid> {
    let mut left: Vec<&(Lot, Decimal)> = left.iter().filter(|(_, part)| *part > Decimal::ZERO).collect();
    left.sort_by_key(|(lot, _)| (lot.expires_on.is_none(), lot.expires_on, lot.id));
    let mut rest = quantity;
    let mut back = Vec::new();
    for (lot, part) in left {
        if rest.is_zero() {
            break;
        }
        check_good(lot, on)?;
        let part = rest.min(*part);
        back.push((lot.id, part));
        rest -= part;
    }
    Ok(back)
}

/// Refuses a lot that is not good any more.
pub fn check_good(lot: &Lot, on: Date) -> Result<(), Invalid> {
    if lot.is_good(on) {
        return Ok(());
    }
    Err(Invalid::new("expired", "It has expired: write it off, or name the lot that it is of."))
}

/// What can be had on a day, were nothing else ordered until then: what is on hand and still good on it, and what is expected from today until
/// then, less what is promised; never less than nothing. What is overdue may never come.
pub fn available_on(holding: &Holding, expected: &[(Date, Decimal)], today: Date, day: Date) -> Decimal {
    let on_hand = if holding.lots.is_empty() {
        holding.stock.on_hand()
    } else {
        holding.lots.iter().filter(|lot| lot.is_good(day)).map(|lot| lot.quantity).sum()
    };
    let coming: Decimal =
        expected.iter().filter(|(on, _)| today <= *on && *on <= day).map(|(_, quantity)| *quantity).sum();
    (on_hand + coming - holding.stock.reserved()).max(Decimal::ZERO)
}

/// The first of these days on which a quantity can be had; `today` or one on which something is expected.
pub fn first_day(holding: &Holding, expected: &[(Date, Decimal)], quantity: Decimal, today: Date) -> Option<Date> {
    let mut days: Vec<Date> = expected.iter().map(|(on, _)| *on).filter(|on| *on > today).collect();
    days.push(today);
    days.sort_unstable();
    days.into_iter().find(|day| available_on(holding, expected, today, *day) >= quantity)
}

fn check(quantity: Decimal) -> Result<(), Refusal> {
    check_quantity(quantity).map(drop).map_err(|invalid| invalid.at("/quantity"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: u32) -> Date {
        Date::from_ymd_opt(2026, 1, n).unwrap()
    }

    fn id(n: u128) -> LotId {
        LotId(uuid::Uuid::from_u128(n))
    }

    fn lot(n: u128, expires_on: Option<u32>, quantity: i64) -> Lot {
        Lot { id: id(n), expires_on: expires_on.map(day), quantity: quantity.into() }
    }

    #[test]
    fn what_comes_back_goes_to_the_lots_that_it_left() {
        let left = |parts: &[(u128, Option<u32>, i64)]| {
            parts
                .iter()
                .map(|(n, expires_on, part)| (lot(*n, *expires_on, 0), Decimal::from(*part)))
                .collect::<Vec<_>>()
        };
        let some = left(&[(1, None, 2), (2, Some(20), 3), (3, Some(10), 1)]);
        let back = |quantity: i64, on| take_back(&some, quantity.into(), day(on));
        assert_eq!(back(2, 5).unwrap(), [(id(3), 1.into()), (id(2), 1.into())]);
        assert_eq!(back(9, 5).unwrap(), [(id(3), 1.into()), (id(2), 3.into()), (id(1), 2.into())]);
        assert_eq!(back(1, 11).unwrap_err().code, "expired");
        assert!(take_back(&[], 3.into(), day(1)).unwrap().is_empty());
    }

    fn taken(quantity: i64, on: u32) -> Result<Vec<(u128, i64)>, Kind> {
        use rust_decimal::prelude::ToPrimitive;
        let lots = [lot(1, None, 5), lot(2, Some(20), 3), lot(3, Some(10), 4), lot(4, Some(20), 2)];
        let taken = allocate(&lots, quantity.into(), day(on)).map_err(|refusal| refusal.kind)?;
        Ok(taken.into_iter().map(|(lot, part)| (lot.0.as_u128(), part.to_i64().unwrap())).collect())
    }

    #[test]
    fn what_expires_first_goes_first_and_the_expired_never() {
        assert_eq!(taken(6, 1), Ok(vec![(3, 4), (2, 2)]));
        assert_eq!(taken(14, 10), Ok(vec![(3, 4), (2, 3), (4, 2), (1, 5)]));
        assert_eq!(taken(6, 11), Ok(vec![(2, 3), (4, 2), (1, 1)]));
        assert_eq!(taken(11, 11), Err(Kind::OutOfStock));
    }

    #[test]
    fn availability_counts_what_is_good_then_and_what_has_come_by_then() {
        let holding = Holding {
            stock: Stock::new(9.into(), 2.into()).unwrap(),
            lots: vec![lot(1, Some(10), 4), lot(2, None, 5)],
        };
        let expected = [(day(8), 10.into()), (day(15), 1.into())];
        let on = |n| available_on(&holding, &expected, day(1), day(n));
        assert_eq!([on(1), on(8), on(11), on(15)], [7, 17, 13, 14].map(Decimal::from));
        let overdue = |n| available_on(&holding, &expected, day(9), day(n));
        assert_eq!([overdue(9), overdue(15)], [7, 4].map(Decimal::from));
        assert_eq!(first_day(&holding, &expected, 8.into(), day(9)), None);
        let total = Holding { lots: Vec::new(), ..holding.clone() };
        assert_eq!(available_on(&total, &[], day(1), day(11)), Decimal::from(7));
        assert_eq!(first_day(&holding, &expected, 7.into(), day(1)), Some(day(1)));
        assert_eq!(first_day(&holding, &expected, 8.into(), day(1)), Some(day(8)));
        assert_eq!(first_day(&holding, &expected, 18.into(), day(1)), None);
    }

    #[derive(Debug, Clone, Copy)]
    enum Command {
        Reserve(u32),
        Release(u32),
        Despatch(u32),
        Bring(u8, u32),
        Take(u8, u32),
        Transfer(u8, u8, u32),
        WriteOff(u8),
        NextDay,
    }

    fn commands() -> impl Strategy<Value = Vec<Command>> {
        let quantity = 0u32..2_000_000;
        let command = prop_oneof![
            quantity.clone().prop_map(Command::Reserve),
            quantity.clone().prop_map(Command::Release),
            quantity.clone().prop_map(Command::Despatch),
            (0u8..4, quantity.clone()).prop_map(|(lot, value)| Command::Bring(lot, value)),
            (0u8..4, quantity.clone()).prop_map(|(lot, value)| Command::Take(lot, value)),
            (0u8..4, 0u8..4, quantity).prop_map(|(from, to, value)| Command::Transfer(from, to, value)),
            (0u8..4).prop_map(Command::WriteOff),
            Just(Command::NextDay),
        ];
        prop::collection::vec(command, 0..80)
    }

    /// As a delivery does it: the promise is kept out of the total, then the lots give their parts; either both or neither.
    fn despatched(holding: &Holding, quantity: Decimal, on: Date) -> Result<Holding, Refusal> {
        let mut after = holding.clone();
        after.stock.despatch(quantity)?;
        for (id, part) in allocate(&after.lots, quantity, on)? {
            let lot = after.lots.iter_mut().find(|lot| lot.id == id).unwrap();
            lot.quantity -= part;
        }
        Ok(after)
    }

    proptest! {
        /// Whatever the order of commands: no lot and no total is ever negative, the lots add up to the stock, what is promised stays within
        /// stock and backorders, a refusal changes nothing, and all that came in is there, gone out or written off.
        #[test]
        fn stock_is_never_negative_and_never_lost(backorder in 0u32..1_000_000, commands in commands()) {
            let micro = |value: u32| Decimal::new(i64::from(value), 6);
            let stock = Stock::with_backorder(Decimal::ZERO, Decimal::ZERO, micro(backorder)).unwrap();
            let lots = vec![lot(0, None, 0), lot(1, Some(3), 0), lot(2, Some(5), 0), lot(3, Some(9), 0)];
            let mut holding = Holding { stock, lots };
            let (mut came, mut went, mut today) = (Decimal::ZERO, Decimal::ZERO, 1);
            for command in commands {
                let before = holding.clone();
                let lot = |n: u8| id(u128::from(n));
                let done = match command {
                    Command::Reserve(value) => holding.stock.reserve(micro(value)),
                    Command::Release(value) => holding.stock.release(micro(value)),
                    Command::Despatch(value) => despatched(&holding, micro(value), day(today)).map(|after| {
                        holding = after;
                        went += micro(value);
                    }),
                    Command::Bring(n, value) => holding.bring(lot(n), micro(value)).map(|()| came += micro(value)),
                    Command::Take(n, value) => holding.take(lot(n), micro(value)).map(|()| went += micro(value)),
                    Command::Transfer(from, to, value) => holding.transfer(lot(from), lot(to), micro(value)),
                    Command::WriteOff(n) => holding.write_off(lot(n), day(today)).map(|gone| went += gone),
                    Command::NextDay => { today = (today + 1).min(28); Ok(()) }
                };
                if done.is_err() {
                    prop_assert_eq!(&holding, &before);
                }
                let sum: Decimal = holding.lots.iter().map(|lot| lot.quantity).sum();
                prop_assert_eq!(sum, holding.stock.on_hand());
                prop_assert!(holding.lots.iter().all(|lot| lot.quantity >= Decimal::ZERO));
                prop_assert!(holding.stock.reserved() >= Decimal::ZERO);
                prop_assert!(holding.stock.reserved() <= holding.stock.on_hand() + micro(backorder));
                prop_assert_eq!(holding.stock.on_hand(), came - went);
            }
        }
    }
}
