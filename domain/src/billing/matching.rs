//! Which invoices a payment is for, by what was written on the transfer.

use rust_decimal::Decimal;

use super::payment::{Allocation, MAX_ALLOCATIONS, OpenInvoice};
use crate::kernel::refusal::Invalid;
use crate::kernel::{InvoiceId, Money};

/// The invoices whose numbers stand in a reference, in the order in which they stand there. Case, spaces and signs do not matter:
/// `inv 2026 000042, INV2026/000043` names two. A number that goes on with another digit is another number; a space and whatever comes then
/// ends it.
pub fn named<'a>(reference: &str, numbers: impl IntoIterator<Item = (InvoiceId, &'a str)>) -> Vec<InvoiceId> {
    let (text, goes_on) = written(reference);
    let mut found: Vec<(usize, usize, InvoiceId)> = Vec::new();
    for (id, number) in numbers {
        let (number, _) = written(number);
        let stands = |(at, _): &(usize, &str)| !goes_on[at + number.len() - 1];
        if !number.is_empty()
            && let Some((at, _)) = text.match_indices(number.as_str()).find(stands)
        {
            found.push((at, number.len(), id));
        }
    }
    found.sort_unstable();
    // Where two numbers begin at one place, the longer one is made of what comes after the shorter one.
    found.dedup_by_key(|(at, ..)| *at);
    found.into_iter().map(|(.., id)| id).collect()
}

/// Spreads an amount over invoices in their order: each that is not held gets what is open of it, the last one perhaps a part. What is left when all
/// are settled stays on account.
pub fn spread<'a>(
    amount: Money,
    invoices: impl IntoIterator<Item = &'a OpenInvoice>,
) -> Result<Vec<Allocation>, Invalid> {
    let mut left = amount.amount();
    let mut allocations = Vec::new();
    for one in invoices {
        let part = if one.is_held { Decimal::ZERO } else { one.open().min(left) };
        if part > Decimal::ZERO && allocations.len() < MAX_ALLOCATIONS {
            allocations.push(Allocation { invoice: one.id, amount: Money::new(part, amount.currency())? });
            left -= part;
        }
    }
    Ok(allocations)
}

/// The letters and digits alone, in capitals, and for each whether a digit directly follows it where it was written.
fn written(text: &str) -> (String, Vec<bool>) {
    let next = text.chars().skip(1).map(|next| next.is_ascii_digit()).chain([false]);
    let kept = text.chars().zip(next).filter(|(one, _)| one.is_ascii_alphanumeric());
    kept.map(|(one, next)| (one.to_ascii_uppercase(), next)).unzip()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::billing::InvoiceState;
    use crate::kernel::{Currency, OrganisationId};

    fn id(n: u128) -> InvoiceId {
        InvoiceId(Uuid::from_u128(n))
    }

    fn find(reference: &str) -> Vec<u128> {
        let numbers = [(id(1), "INV2026-000042"), (id(2), "INV2026-000043"), (id(3), "INV2026-0000421")];
        named(reference, numbers).into_iter().map(|id| id.0.as_u128()).collect()
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        assert_eq!(find("INV2026-000042"), [1]);
        assert_eq!(find("Rechnung inv 2026 000043 und INV2026/000042"), [2, 1]);
        assert_eq!(find("INV2026-0000421"), [3]);
        assert_eq!(find("INV2026-00004"), [0; 0]);
        assert_eq!(find(""), [0; 0]);
    }

    #[test]
    fn what_stands_after_a_number_does_not_belong_to_it() {
        assert_eq!(find("INV2026-000042 15.01.2026"), [1]);
        assert_eq!(find("Re. INV 2026-000042, 100.00 EUR"), [1]);
        assert_eq!(find("15.01.2026 INV2026-000042/1 of 2"), [1]);
        assert_eq!(find("INV2026-0000421 and INV2026-000042 100"), [3, 1]);
        assert_eq!(find("INV2026-000042\u{a0}7"), [1]);
    }

    #[test]
    fn an_amount_is_spread_partly_and_over() {
        let eur = Currency::parse("EUR").unwrap();
        let money = |amount: i64| Money::new(amount.into(), eur).unwrap();
        let open = |n, gross, paid: i64| OpenInvoice {
            id: id(n),
            seller: OrganisationId(Uuid::from_u128(8)),
            buyer: OrganisationId(Uuid::from_u128(9)),
            state: InvoiceState::Issued,
            gross: money(gross),
            paid: paid.into(),
            credited: Decimal::ZERO,
            is_held: n == 4,
        };
        let invoices = [open(4, 70, 0), open(1, 100, 40), open(2, 50, 50), open(3, 30, 0)];
        let spread = |amount| -> Vec<(u128, i64)> {
            let parts = spread(money(amount), &invoices).unwrap();
            parts.iter().map(|one| (one.invoice.0.as_u128(), one.amount.amount().try_into().unwrap())).collect()
        };
        assert_eq!(spread(50), [(1, 50)]);
        assert_eq!(spread(70), [(1, 60), (3, 10)]);
        assert_eq!(spread(500), [(1, 60), (3, 30)]);
    }
}
