//! Deposits in the books: what a company has paid in as a security is free, or bound for an auction, or lost.

use rust_decimal::Decimal;

use super::ledger::{AccountKind, Entry};
use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Money, OrganisationId, Refusal};

/// Whether money comes in or goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DepositDirection {
    In,
    Out,
}

impl DepositDirection {
    pub const ALL: [Self; 2] = [Self::In, Self::Out];

    pub fn code(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|direction| direction.code() == code);
        found.ok_or_else(|| Invalid::new("direction", format!("`{code}` is neither `in` nor `out`.")))
    }
}

/// Refuses to take more than is free, and says what is missing.
pub fn check_covered(free: Decimal, amount: Money) -> Result<(), Refusal> {
    if amount.amount() <= free {
        return Ok(());
    }
    let missing = Money::rounded(amount.amount() - free, amount.currency());
    let detail = format!("{} {} of the free deposit is missing.", missing.amount(), missing.currency());
    Err(Refusal::new(Kind::DepositNotCovered, detail))
}

/// Money that was paid in, or back.
pub fn paid(direction: DepositDirection, company: OrganisationId, amount: Money) -> Result<Entry, Refusal> {
    match direction {
        DepositDirection::In => moved(company, amount, AccountKind::Cash, AccountKind::Deposits),
        DepositDirection::Out => moved(company, amount, AccountKind::Deposits, AccountKind::Cash),
    }
}

/// Free money that is bound for an auction.
pub fn held(company: OrganisationId, amount: Money) -> Result<Entry, Refusal> {
    moved(company, amount, AccountKind::Deposits, AccountKind::DepositsHeld)
}

/// What was bound is free again.
pub fn released(company: OrganisationId, amount: Money) -> Result<Entry, Refusal> {
    moved(company, amount, AccountKind::DepositsHeld, AccountKind::Deposits)
}

/// What was bound is lost to the holder of the auction, who has it as a free deposit and may have it paid out.
pub fn taken(company: OrganisationId, holder: OrganisationId, amount: Money) -> Result<Vec<Entry>, Refusal> {
    let lost = moved(company, amount, AccountKind::DepositsHeld, AccountKind::Forfeits)?;
    let received = moved(holder, amount, AccountKind::Revenue, AccountKind::Deposits)?;
    Ok(vec![lost, received])
}

/// From one account to another: the first is credited, the second debited.
fn moved(of: OrganisationId, amount: Money, from: AccountKind, to: AccountKind) -> Result<Entry, Refusal> {
    Entry::new(of, amount.currency(), vec![(to, amount.amount()), (from, -amount.amount())])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::kernel::Currency;

    const BIDDER: OrganisationId = OrganisationId(Uuid::from_u128(1));
    const HOLDER: OrganisationId = OrganisationId(Uuid::from_u128(2));

    fn euros(cents: i64) -> Money {
        Money::new(Decimal::new(cents, 2), Currency::parse("EUR").unwrap()).unwrap()
    }

    /// The books, and what was done, counted apart.
    #[derive(Default)]
    struct Books {
        sums: BTreeMap<(OrganisationId, AccountKind), Decimal>,
        held: Vec<i64>,
        paid_in: i64,
        paid_out: i64,
        taken: i64,
    }

    #[derive(Debug, Clone)]
    enum Deed {
        Pay(DepositDirection, i64),
        Hold(i64),
        Release,
        Take,
    }

    impl Books {
        fn sum(&self, of: OrganisationId, kind: AccountKind) -> Decimal {
            self.sums.get(&(of, kind)).copied().unwrap_or_default()
        }

        fn post(&mut self, entries: impl IntoIterator<Item = Entry>) {
            for entry in entries {
                for (kind, amount) in entry.postings() {
                    *self.sums.entry((entry.organisation(), *kind)).or_default() += *amount;
                }
            }
        }

        fn does(&mut self, deed: &Deed) {
            let free = self.sum(BIDDER, AccountKind::Deposits);
            match *deed {
                Deed::Pay(DepositDirection::In, cents) => {
                    self.paid_in += cents;
                    self.post([paid(DepositDirection::In, BIDDER, euros(cents)).unwrap()]);
                }
                Deed::Pay(DepositDirection::Out, cents) if check_covered(free, euros(cents)).is_ok() => {
                    self.paid_out += cents;
                    self.post([paid(DepositDirection::Out, BIDDER, euros(cents)).unwrap()]);
                }
                Deed::Hold(cents) if check_covered(free, euros(cents)).is_ok() => {
                    self.held.push(cents);
                    self.post([held(BIDDER, euros(cents)).unwrap()]);
                }
                Deed::Release => {
                    if let Some(cents) = self.held.pop() {
                        self.post([released(BIDDER, euros(cents)).unwrap()]);
                    }
                }
                Deed::Take => {
                    if let Some(cents) = self.held.pop() {
                        self.taken += cents;
                        self.post(taken(BIDDER, HOLDER, euros(cents)).unwrap());
                    }
                }
                Deed::Pay(..) | Deed::Hold(_) => {}
            }
        }
    }

    fn deed() -> impl Strategy<Value = Deed> {
        let cents = 1_i64..100_000;
        prop_oneof![
            cents.clone().prop_map(|cents| Deed::Pay(DepositDirection::In, cents)),
            cents.clone().prop_map(|cents| Deed::Pay(DepositDirection::Out, cents)),
            cents.prop_map(Deed::Hold),
            Just(Deed::Release),
            Just(Deed::Take),
        ]
    }

    proptest! {
        #[test]
        fn nothing_is_made_or_lost_and_the_books_balance(deeds in prop::collection::vec(deed(), 0..60)) {
            let mut books = Books::default();
            for deed in &deeds {
                books.does(deed);
                let (free, held) =
                    (books.sum(BIDDER, AccountKind::Deposits), books.sum(BIDDER, AccountKind::DepositsHeld));
                prop_assert!(free >= Decimal::ZERO && held >= Decimal::ZERO);
                prop_assert_eq!(free + held, Decimal::new(books.paid_in - books.paid_out - books.taken, 2));
                prop_assert_eq!(held, Decimal::new(books.held.iter().sum(), 2));
                prop_assert_eq!(books.sum(BIDDER, AccountKind::Forfeits), Decimal::new(books.taken, 2));
                prop_assert_eq!(books.sum(HOLDER, AccountKind::Deposits), Decimal::new(books.taken, 2));
                for company in [BIDDER, HOLDER] {
                    let all: Decimal = AccountKind::ALL.iter().map(|kind| books.sum(company, *kind)).sum();
                    prop_assert!(all.is_zero());
                }
            }
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        assert!(check_covered(Decimal::TEN, euros(1_000)).is_ok());
        let refusal = check_covered(Decimal::TEN, euros(1_250)).unwrap_err();
        assert_eq!(refusal.kind, Kind::DepositNotCovered);
        assert_eq!(refusal.detail, "2.50 EUR of the free deposit is missing.");
    }

    #[test]
    fn codes_are_read_back() {
        for direction in DepositDirection::ALL {
            assert_eq!(DepositDirection::parse(direction.code()), Ok(direction));
        }
        assert!(DepositDirection::parse("").is_err());
    }
}
