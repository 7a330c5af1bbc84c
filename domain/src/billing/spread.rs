//! How an amount is spread over invoices in their order.

use rust_decimal::Decimal;

use super::payment::{Allocation, MAX_ALLOCATIONS, OpenInvoice};
use crate::kernel::Money;
use crate::kernel::refusal::Invalid;

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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::billing::InvoiceState;
    use crate::kernel::{Currency, InvoiceId, OrganisationId};

    fn id(n: u128) -> InvoiceId {
        InvoiceId(Uuid::from_u128(n))
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
