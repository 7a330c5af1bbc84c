//! Payments that the payee confirmed before the bank told of their money: that is booked already.

use std::collections::{BTreeMap, BTreeSet};

use super::{Claim, Recorded, is_for};
use crate::billing::payment_matching::{Incoming, named_by_each};
use crate::kernel::{InvoiceId, Money, OrganisationId, PaymentId};

/// A confirmed payment that no entry of a statement tells of yet.
#[derive(Debug, Clone)]
pub struct Confirmed {
    /// Its invoices are those that it is allocated to.
    pub payment: Recorded,
    /// The numbers of these invoices, paid or not.
    pub numbers: Vec<(InvoiceId, String)>,
}

/// The first confirmed payment that is the same money: of the same payer and amount, and for the same invoices. One that is all on account
/// is the same by its reference, or if it has none.
pub fn confirmed_before<'c>(
    confirmed: impl IntoIterator<Item = &'c Confirmed>,
    payer: OrganisationId,
    amount: Money,
    invoices: &BTreeSet<InvoiceId>,
    claims: &[Claim],
) -> Option<PaymentId> {
    let fits = |one: &&Confirmed| is_of(one, payer, amount) && is_for(&one.payment, invoices, claims);
    confirmed.into_iter().find(fits).map(|one| one.payment.id)
}

/// For each payment the confirmed one that is the same money, each taken once. It is named by invoices of one payer. Where no other
/// is for the same invoices, one that is for these and more is the same: what it left over was spread.
pub(super) fn known(payments: &[Incoming], claims: &[Claim], confirmed: &[Confirmed]) -> Vec<Option<PaymentId>> {
    let mut found = vec![None; payments.len()];
    if confirmed.is_empty() {
        return found;
    }
    let named = named_by_payer(payments, claims, confirmed);
    let mut taken = BTreeSet::new();
    let within = |left: &[&Confirmed], payer, amount, invoices: &BTreeSet<InvoiceId>| {
        let fits = |one: &&&Confirmed| is_of(one, payer, amount) && invoices.is_subset(&one.payment.invoices);
        left.iter().find(fits).map(|one| one.payment.id)
    };
    for is_exact in [true, false] {
        for ((payment, named), found) in payments.iter().zip(&named).zip(&mut found) {
            let (Some((payer, invoices)), None) = (named, &found) else { continue };
            let left: Vec<&Confirmed> = confirmed.iter().filter(|one| !taken.contains(&one.payment.id)).collect();
            *found = if is_exact {
                confirmed_before(left, *payer, payment.amount, invoices, claims)
            } else {
                within(&left, *payer, payment.amount, invoices)
            };
            taken.extend(*found);
        }
    }
    found
}

fn is_of(one: &Confirmed, payer: OrganisationId, amount: Money) -> bool {
    one.payment.payer == payer && one.payment.amount == amount
}

/// The invoices that each payment names, if they are of one payer: of the one who paid, if he is known.
fn named_by_payer(
    payments: &[Incoming],
    claims: &[Claim],
    confirmed: &[Confirmed],
) -> Vec<Option<(OrganisationId, BTreeSet<InvoiceId>)>> {
    let mut all: BTreeMap<InvoiceId, (&str, OrganisationId)> = BTreeMap::new();
    for one in confirmed {
        all.extend(one.numbers.iter().map(|(id, number)| (*id, (number.as_str(), one.payment.payer))));
    }
    all.extend(claims.iter().map(|one| (one.invoice.id, (one.invoice.number.as_str(), one.invoice.payer))));
    let named = named_by_each(payments, all.iter().map(|(id, (number, _))| (*id, *number)));
    let one = |(payment, mut named): (&Incoming, BTreeSet<InvoiceId>)| {
        named.retain(|id| payment.payer.is_none_or(|payer| all[id].1 == payer));
        let payers: BTreeSet<OrganisationId> = named.iter().map(|id| all[id].1).collect();
        match (payers.first(), payers.len()) {
            (Some(payer), 1) => Some((*payer, named)),
            _ => None,
        }
    };
    payments.iter().zip(named).map(one).collect()
}
