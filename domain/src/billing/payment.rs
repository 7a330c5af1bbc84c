//! Payments and the invoices they are for.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::InvoiceState;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Findings, InvoiceId, Kind, Money, OrganisationId, Refusal};

/// The most invoices that one payment is allocated to.
pub const MAX_ALLOCATIONS: usize = 1000;

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentState {
    /// The payer says that it paid; nothing is booked yet.
    Recorded,
    /// The payee has the money.
    Confirmed,
    /// The payee knows nothing of it.
    Rejected,
}

/// What can happen to a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentStep {
    Confirm,
    Reject,
    /// The payee says what the money on account is for.
    Allocate,
}

impl PaymentState {
    pub const ALL: [Self; 3] = [Self::Recorded, Self::Confirmed, Self::Rejected];

    /// The state after a step, or a refusal if the step is not possible now.
    pub fn after(self, step: PaymentStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Recorded, PaymentStep::Confirm) => Ok(Self::Confirmed),
            (Self::Recorded, PaymentStep::Reject) => Ok(Self::Rejected),
            (Self::Confirmed, PaymentStep::Allocate) => Ok(Self::Confirmed),
            _ => Err(Refusal::wrong_state("payment", self.code(), step.done())),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a payment.")))
    }
}

impl PaymentStep {
    pub const ALL: [Self; 3] = [Self::Confirm, Self::Reject, Self::Allocate];

    fn done(self) -> &'static str {
        match self {
            Self::Confirm => "confirmed",
            Self::Reject => "rejected",
            Self::Allocate => "allocated",
        }
    }
}

/// Money from a buyer to a seller.
#[derive(Debug, Clone, Copy)]
pub struct Payment {
    pub payer: OrganisationId,
    pub payee: OrganisationId,
    pub amount: Money,
}

/// What of a payment is for one invoice.
#[derive(Debug, Clone, Copy)]
pub struct Allocation {
    pub invoice: InvoiceId,
    pub amount: Money,
}

/// An invoice with what stands against it: confirmed payments and credit notes, in its currency.
#[derive(Debug, Clone, Copy)]
pub struct OpenInvoice {
    pub id: InvoiceId,
    pub seller: OrganisationId,
    pub buyer: OrganisationId,
    pub state: InvoiceState,
    pub gross: Money,
    pub paid: Decimal,
    pub credited: Decimal,
    /// Its buyer has not approved what is above order or receipt.
    pub is_held: bool,
}

impl OpenInvoice {
    /// What is still to be paid.
    pub fn open(&self) -> Decimal {
        (self.gross.amount() - self.paid - self.credited).max(Decimal::ZERO)
    }
}

/// What an allocation does to its invoice once the payment is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    pub invoice: InvoiceId,
    pub amount: Money,
    pub state: InvoiceState,
}

/// Checks a payment and its allocations, when it is recorded and again when it is confirmed: other payments may have
/// come in between. Each allocation stays within what is open, all together within the payment
/// ([`Kind::OverPayment`]); what is not allocated stays on account. An invoice of others does not exist here. All
/// faults are told at once, with pointers such as `/allocations/0/amount`.
pub fn allocate(
    payment: &Payment,
    allocations: &[Allocation],
    invoices: &[OpenInvoice],
) -> Result<Vec<Settlement>, Refusal> {
    if allocations.len() > MAX_ALLOCATIONS {
        let detail = format!("A payment is for at most {MAX_ALLOCATIONS} invoices.");
        return Err(Refusal::fault("/allocations", "too_many", detail));
    }
    let mut findings = Findings::default();
    if payment.payer == payment.payee {
        findings.add(Kind::InvalidInput, "/payee_id", "same_party", "A company does not pay itself.");
    }
    check_positive(payment.amount, "/amount", &mut findings);
    let mut named = HashSet::new();
    let mut settlements = Vec::new();
    for (index, allocation) in allocations.iter().enumerate() {
        let pointer = format!("/allocations/{index}");
        if !named.insert(allocation.invoice) {
            findings.add(Kind::InvalidInput, pointer + "/invoice_id", "repeated", "The invoice was named before.");
            continue;
        }
        settlements.extend(settle(payment, allocation, invoices, &pointer, &mut findings)?);
    }
    let allocated: Decimal = allocations.iter().map(|allocation| allocation.amount.amount()).sum();
    if allocated > payment.amount.amount() {
        findings.add(Kind::OverPayment, "/allocations", "above_payment", "More is allocated than was paid.");
    }
    findings.result().map(|()| settlements)
}

fn settle(
    payment: &Payment,
    allocation: &Allocation,
    invoices: &[OpenInvoice],
    pointer: &str,
    findings: &mut Findings,
) -> Result<Option<Settlement>, Refusal> {
    let ours = |invoice: &&OpenInvoice| {
        (invoice.id, invoice.seller, invoice.buyer) == (allocation.invoice, payment.payee, payment.payer)
            && invoice.state != InvoiceState::Draft
    };
    let Some(invoice) = invoices.iter().find(ours) else {
        let detail = "There is no such invoice of the payee to the payer.";
        findings.add(Kind::InvalidInput, format!("{pointer}/invoice_id"), "unknown_invoice", detail);
        return Ok(None);
    };
    if invoice.is_held {
        let detail = "It is above order or receipt, and its buyer has not approved that.";
        findings.add(Kind::InvoiceHeld, format!("{pointer}/invoice_id"), "held", detail);
        return Ok(None);
    }
    let (amount, pointer) = (allocation.amount, format!("{pointer}/amount"));
    let currency = invoice.gross.currency();
    if amount.currency() != currency || payment.amount.currency() != currency {
        findings.add(Kind::CurrencyMismatch, pointer, "currency_mismatch", format!("The invoice is in {currency}."));
        return Ok(None);
    }
    if !check_positive(amount, &pointer, findings) {
        return Ok(None);
    }
    if amount.amount() > invoice.open() {
        let detail = format!("Only {} {currency} of the invoice are open.", currency.round(invoice.open()));
        findings.add(Kind::OverPayment, pointer, "above_open", detail);
        return Ok(None);
    }
    let state = invoice.state.settled(invoice.gross.amount(), invoice.paid + amount.amount(), invoice.credited)?;
    Ok(Some(Settlement { invoice: invoice.id, amount, state }))
}

fn check_positive(amount: Money, pointer: &str, findings: &mut Findings) -> bool {
    let positive = amount.amount() > Decimal::ZERO;
    if !positive {
        findings.add(Kind::InvalidInput, pointer, "not_positive", "The amount is more than zero.");
    }
    positive
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::Currency;

    fn money(amount: i64, currency: &str) -> Money {
        Money::new(amount.into(), Currency::parse(currency).unwrap()).unwrap()
    }

    fn organisation(n: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(n))
    }

    fn invoice(n: u128, gross: i64, paid: i64, credited: i64) -> OpenInvoice {
        let state = InvoiceState::Issued.settled(gross.into(), paid.into(), credited.into()).unwrap();
        OpenInvoice {
            id: InvoiceId(Uuid::from_u128(n)),
            seller: organisation(2),
            buyer: organisation(1),
            state,
            gross: money(gross, "EUR"),
            paid: paid.into(),
            credited: credited.into(),
            is_held: false,
        }
    }

    #[test]
    fn nothing_is_paid_for_an_invoice_that_is_held() {
        let held = OpenInvoice { is_held: true, ..invoice(1, 100, 0, 0) };
        let expected = (Kind::InvoiceHeld, "/allocations/0/invoice_id".to_owned(), "held");
        assert_eq!(only_fault(run(100, &[part(1, 50)], &[held])), expected);
    }

    fn part(n: u128, amount: i64) -> Allocation {
        Allocation { invoice: InvoiceId(Uuid::from_u128(n)), amount: money(amount, "EUR") }
    }

    fn run(amount: i64, parts: &[Allocation], invoices: &[OpenInvoice]) -> Result<Vec<Settlement>, Refusal> {
        let payment = Payment { payer: organisation(1), payee: organisation(2), amount: money(amount, "EUR") };
        allocate(&payment, parts, invoices)
    }

    fn only_fault(result: Result<Vec<Settlement>, Refusal>) -> (Kind, String, &'static str) {
        let refusal = result.unwrap_err();
        assert_eq!(refusal.faults.len(), 1, "{refusal:?}");
        (refusal.kind, refusal.faults[0].pointer.clone(), refusal.faults[0].code)
    }

    #[test]
    fn every_step_from_every_state() {
        for state in PaymentState::ALL {
            assert_eq!(PaymentState::parse(state.code()).unwrap(), state);
            for step in PaymentStep::ALL {
                let expected = match (state, step) {
                    (PaymentState::Recorded, PaymentStep::Confirm) => Some(PaymentState::Confirmed),
                    (PaymentState::Recorded, PaymentStep::Reject) => Some(PaymentState::Rejected),
                    (PaymentState::Confirmed, PaymentStep::Allocate) => Some(PaymentState::Confirmed),
                    _ => None,
                };
                assert_eq!(state.after(step).ok(), expected, "{state:?} {step:?}");
            }
        }
    }

    #[test]
    fn a_payment_settles_several_invoices() {
        let invoices = [invoice(1, 100, 0, 0), invoice(2, 50, 10, 20), invoice(3, 80, 0, 0)];
        let settlements = run(200, &[part(2, 20), part(1, 40), part(3, 80)], &invoices).unwrap();
        let states: Vec<_> = settlements.iter().map(|settlement| settlement.state).collect();
        assert_eq!(states, [InvoiceState::Paid, InvoiceState::PartlyPaid, InvoiceState::Paid]);
        assert!(run(5, &[], &invoices).unwrap().is_empty());
    }

    #[test]
    fn nothing_is_paid_twice() {
        let at = |pointer: &str| pointer.to_owned();
        let open = [invoice(1, 100, 30, 20)];
        assert_eq!(
            only_fault(run(60, &[part(1, 51)], &open)),
            (Kind::OverPayment, at("/allocations/0/amount"), "above_open")
        );
        assert_eq!(
            only_fault(run(40, &[part(1, 50)], &open)),
            (Kind::OverPayment, at("/allocations"), "above_payment")
        );
        for done in [invoice(1, 100, 100, 0), invoice(1, 100, 0, 100)] {
            assert_eq!(only_fault(run(60, &[part(1, 1)], &[done])).0, Kind::OverPayment);
        }
        assert_eq!(only_fault(run(60, &[part(1, 5), part(1, 5)], &open)).2, "repeated");
    }

    #[test]
    fn invoices_of_others_and_drafts_do_not_exist() {
        let open = invoice(1, 100, 0, 0);
        let others = [
            OpenInvoice { seller: organisation(3), ..open },
            OpenInvoice { buyer: organisation(3), ..open },
            OpenInvoice { state: InvoiceState::Draft, ..open },
        ];
        let absent = run(10, &[part(1, 10)], &[]).unwrap_err();
        for other in others {
            assert_eq!(run(10, &[part(1, 10)], &[other]).unwrap_err(), absent);
        }
    }

    #[test]
    fn amounts_are_positive_and_of_the_invoices_currency() {
        let open = [invoice(1, 100, 0, 0)];
        assert_eq!(only_fault(run(10, &[part(1, 0)], &open)).2, "not_positive");
        assert_eq!(only_fault(run(10, &[part(1, -5)], &open)).2, "not_positive");
        assert_eq!(only_fault(run(0, &[], &open)).1, "/amount");
        let dollars = Payment { payer: organisation(1), payee: organisation(2), amount: money(10, "USD") };
        let result = allocate(&dollars, &[part(1, 10)], &open);
        assert_eq!(only_fault(result).0, Kind::CurrencyMismatch);
        let own = Payment { payer: organisation(2), ..dollars };
        assert_eq!(only_fault(allocate(&own, &[], &[])).2, "same_party");
    }
}
