//! Payments that money which came may be: recorded by the payer, or confirmed by the payee before the bank told of it.

use chrono::Days;
use domain::billing::PaymentState;
use domain::billing::bank_statement::{Confirmed, EntryState};
use domain::kernel::{Date, InvoiceId, OrganisationId, PaymentId};
use infra::Failure;
use infra::billing::bank_statement::EntryRow;
use infra::billing::invoice;
use infra::billing::payment::{self, Payment};
use infra::db::Connection;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::book::recorded;
use crate::command::Command;

/// How long before the bank books money its payer may have said that it was paid.
const DAYS_BEFORE: Days = Days::new(30);
/// The reason of an entry that is linked to a payment which was booked before.
const CONFIRMED_BEFORE: &str = "confirmed_before";

/// The payments of a payee, held until the transaction ends.
pub struct Before {
    /// Recorded, and not confirmed yet.
    pub waiting: Vec<Payment>,
    /// Confirmed, and no entry of a statement tells of them.
    confirmed: Vec<Payment>,
    /// The same as money is compared with them.
    pub known: Vec<Confirmed>,
}

impl Before {
    /// Holds them, for money of these days and amounts. Whoever confirms a payment holds it before its invoices, too.
    pub async fn lock(
        tx: &mut Connection,
        command: &Command,
        payee: OrganisationId,
        currency: &str,
        money: &[(Option<Date>, Decimal)],
    ) -> Result<Self, Failure> {
        let today = command.at.date_naive();
        let first = money.iter().map(|(day, _)| day.unwrap_or(today)).min().unwrap_or(today);
        let since = first.checked_sub_days(DAYS_BEFORE).unwrap_or(first);
        let amounts: Vec<Decimal> = money.iter().map(|(_, amount)| *amount).collect();
        let held = payment::lock_comparable(tx, payee, currency, since, &amounts).await?;
        let is_waiting = |one: &Payment| one.row.state == PaymentState::Recorded.code();
        let (waiting, confirmed): (Vec<Payment>, Vec<Payment>) = held.into_iter().partition(is_waiting);
        let known = known(tx, payee, &confirmed).await?;
        Ok(Self { waiting, confirmed, known })
    }

    /// Takes out the payment that is confirmed by money that came.
    pub fn take_waiting(&mut self, id: PaymentId) -> Option<Payment> {
        let place = self.waiting.iter().position(|one| one.row.id == id.0);
        place.map(|place| self.waiting.swap_remove(place))
    }

    /// A payment of those that were confirmed before.
    pub fn confirmed(&self, id: PaymentId) -> Result<&Payment, Failure> {
        let found = self.confirmed.iter().find(|one| one.row.id == id.0);
        found.ok_or_else(|| Failure::broken("a confirmed payment that is not held"))
    }
}

/// Links an entry to the payment that was booked before: nothing is booked.
pub fn link(row: &mut EntryRow, payment: &Payment) {
    let allocated: Decimal = payment.allocations.iter().map(|one| one.amount).sum();
    let is_whole = allocated == payment.row.amount;
    let state = if is_whole { EntryState::Booked } else { EntryState::PartlyBooked };
    state.code().clone_into(&mut row.state);
    CONFIRMED_BEFORE.clone_into(&mut row.reason);
    row.payment_id = Some(payment.row.id);
}

async fn known(tx: &mut Connection, payee: OrganisationId, payments: &[Payment]) -> Result<Vec<Confirmed>, Failure> {
    let of = |payment: &Payment| payment.allocations.iter().map(|one| one.invoice_id).collect::<Vec<Uuid>>();
    let ids: Vec<Uuid> = payments.iter().flat_map(of).collect();
    let invoices = if ids.is_empty() { Vec::new() } else { invoice::of_seller(tx, payee, &ids).await? };
    let one = |(payment, stated): (&Payment, _)| {
        let ids = of(payment);
        let meant = invoices.iter().filter(|row| ids.contains(&row.id));
        let numbers = meant.map(|row| (InvoiceId(row.id), row.number.clone().unwrap_or_default())).collect();
        Confirmed { payment: stated, numbers }
    };
    Ok(payments.iter().zip(recorded(payments)?).map(one).collect())
}
