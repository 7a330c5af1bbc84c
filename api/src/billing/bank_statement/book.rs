//! Money that came, as confirmed payments.

use std::collections::BTreeMap;

use domain::billing::bank_statement::{Claim, Recorded};
use domain::billing::payment_matching;
use domain::billing::three_way::MatchState;
use domain::billing::{Allocation, PaymentState, PaymentStep};
use domain::kernel::{Currency, InvoiceId, Money, OrganisationId, PaymentId};
use infra::Failure;
use infra::billing::bank_statement::EntryRow;
use infra::billing::invoice::InvoiceRow;
use infra::billing::payment::{Payment, PaymentRow};
use infra::db::Connection;
use rust_decimal::Decimal;

use crate::billing::payment::{Freed, book_confirmed, decided, free};
use crate::command::Command;

/// The longest reference that is kept with a payment, in characters.
const LONGEST_REFERENCE: usize = 140;

/// What several payments freed, by payer.
#[derive(Default)]
pub struct Freeing(BTreeMap<OrganisationId, Freed>);

/// Books an entry: confirms the payment that was recorded for it, or makes one.
pub async fn book(
    tx: &mut Connection,
    command: &Command,
    entry: &EntryRow,
    payer: OrganisationId,
    recorded: Option<Payment>,
    (wanted, invoices): (&[Allocation], &mut [InvoiceRow]),
) -> Result<(Payment, Freed), Failure> {
    let is_new = recorded.is_none();
    let mut payment = match recorded {
        Some(mut held) => {
            held.row.state = PaymentState::parse(&held.row.state)?.after(PaymentStep::Confirm)?.code().to_owned();
            decided(command, &mut held, None);
            held
        }
        None => made(command, entry, payer),
    };
    let freed = book_confirmed(tx, command, &mut payment, is_new, wanted, invoices).await?;
    Ok((payment, freed))
}

fn made(command: &Command, entry: &EntryRow, payer: OrganisationId) -> Payment {
    let row = PaymentRow {
        id: command.id::<PaymentId>().0,
        payer_id: payer.0,
        payee_id: entry.organisation_id,
        state: PaymentState::Confirmed.code().to_owned(),
        amount: entry.amount,
        currency: entry.currency.clone(),
        paid_on: entry.booked_on.unwrap_or_else(|| command.at.date_naive()),
        reference: entry.texts.first().map(|text| text.chars().take(LONGEST_REFERENCE).collect()),
        reason: None,
        created_by: command.by.actor_id().unwrap_or_default(),
        created_at: command.at,
        decided_at: Some(command.at),
        version: 1,
    };
    Payment { row, allocations: Vec::new() }
}

impl Freeing {
    pub fn add(&mut self, payer: OrganisationId, freed: Freed) {
        let all = self.0.entry(payer).or_default();
        all.invoices.extend(freed.invoices);
        all.ended.extend(freed.ended);
    }

    /// Tells the credit lines of the payers, one after the other; after it nothing else is locked.
    pub async fn tell(
        self,
        tx: &mut Connection,
        command: &Command,
        payee: OrganisationId,
        currency: &str,
        invoices: &[InvoiceRow],
    ) -> Result<(), Failure> {
        for (payer, freed) in self.0 {
            free(tx, command, (payee.0, payer.0, currency), invoices, &freed).await?;
        }
        Ok(())
    }
}

/// Invoices as money is matched with them.
pub fn claims(invoices: &[InvoiceRow]) -> Result<Vec<Claim>, Failure> {
    let one = |row: &InvoiceRow| {
        let due = (row.gross - row.paid - row.credited).max(Decimal::ZERO);
        let state = row.match_state.as_deref().map(MatchState::parse).transpose()?;
        let invoice = payment_matching::OpenInvoice {
            id: InvoiceId(row.id),
            number: row.number.clone().unwrap_or_default(),
            due: Money::new(due, Currency::parse(&row.currency)?)?,
            payer: OrganisationId(row.buyer_id),
        };
        Ok(Claim { invoice, is_held: state.is_some_and(MatchState::holds) })
    };
    invoices.iter().map(one).collect()
}

/// Recorded payments as money is compared with them.
pub fn recorded(payments: &[Payment]) -> Result<Vec<Recorded>, Failure> {
    let one = |payment: &Payment| {
        Ok(Recorded {
            id: PaymentId(payment.row.id),
            payer: OrganisationId(payment.row.payer_id),
            amount: Money::new(payment.row.amount, Currency::parse(&payment.row.currency)?)?,
            invoices: payment.allocations.iter().map(|one| InvoiceId(one.invoice_id)).collect(),
            reference: payment.row.reference.clone(),
        })
    };
    payments.iter().map(one).collect()
}
