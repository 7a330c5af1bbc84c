use rust_decimal::Decimal;
use uuid::Uuid;

use super::*;
use crate::kernel::Currency;

fn money(cents: i64) -> Money {
    Money::new(Decimal::new(cents, 2), Currency::parse("EUR").unwrap()).unwrap()
}

fn payer(n: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(n))
}

fn id(n: u128) -> InvoiceId {
    InvoiceId(Uuid::from_u128(n))
}

fn claim(n: u128, cents: i64, by: u128) -> Claim {
    let invoice = OpenInvoice { id: id(n), number: format!("INV2026-{n:06}"), due: money(cents), payer: payer(by) };
    Claim { invoice, is_held: false }
}

fn recorded(n: u128, cents: i64, by: u128, invoices: &[u128], reference: Option<&str>) -> Recorded {
    Recorded {
        id: PaymentId(Uuid::from_u128(n)),
        payer: payer(by),
        amount: money(cents),
        invoices: invoices.iter().map(|n| id(*n)).collect(),
        reference: reference.map(str::to_owned),
    }
}

fn paid(cents: i64, reference: &str) -> Incoming {
    Incoming { amount: money(cents), payer: None, references: vec![reference.to_owned()] }
}

fn confirmed(verdicts: &[Verdict]) -> Vec<Option<u128>> {
    let one = |verdict: &Verdict| match verdict {
        Verdict::Book { confirms, .. } => confirms.map(|id| id.0.as_u128()),
        other => panic!("{other:?}"),
    };
    verdicts.iter().map(one).collect()
}

#[test]
fn every_step_from_every_state() {
    for state in EntryState::ALL {
        assert_eq!(EntryState::parse(state.code()).unwrap(), state);
        let takes = matches!(state, EntryState::Open | EntryState::PartlyBooked);
        assert_eq!(state.after(EntryStep::AllocatePart).ok(), takes.then_some(EntryState::PartlyBooked), "{state:?}");
        assert_eq!(state.after(EntryStep::AllocateAll).ok(), takes.then_some(EntryState::Booked), "{state:?}");
    }
    assert!(EntryState::parse("gone").is_err());
}

#[test]
fn what_is_held_or_of_several_payers_waits_for_a_person() {
    let held = Claim { is_held: true, ..claim(1, 100, 7) };
    let verdicts = judge(&[paid(100, "INV2026-000001")], &[held], &[], &[]);
    assert_eq!(verdicts, [Verdict::Open { why: Why::Held, candidates: vec![id(1)] }]);
    let claims = [claim(1, 100, 7), claim(2, 50, 8)];
    let verdicts = judge(&[paid(150, "INV2026-000001 INV2026-000002")], &claims, &[], &[]);
    assert_eq!(verdicts, [Verdict::Open { why: Why::SeveralPayers, candidates: vec![id(1), id(2)] }]);
    let verdicts = judge(&[paid(7, "nothing")], &claims, &[], &[]);
    assert_eq!(verdicts, [Verdict::Open { why: Why::Reason(Reason::NothingNamed), candidates: Vec::new() }]);
}

#[test]
fn an_amount_alone_books_nothing() {
    let claims = [claim(1, 100, 7), claim(2, 50, 8)];
    let named_none = Incoming { payer: Some(payer(7)), ..paid(100, "thank you") };
    let verdicts = judge(&[named_none], &claims, &[recorded(5, 100, 7, &[1], None)], &[]);
    assert_eq!(verdicts, [Verdict::Open { why: Why::AmountOnly, candidates: vec![id(1)] }]);
}

#[test]
fn what_was_recorded_for_the_same_is_confirmed_once() {
    let claims = [claim(1, 100, 7), claim(2, 100, 7)];
    let money = [paid(100, "INV2026-000001"), paid(100, "INV2026-000002")];
    let told = |payments: &[Recorded]| confirmed(&judge(&money, &claims, payments, &[]));
    assert_eq!(told(&[recorded(5, 100, 7, &[2], None), recorded(6, 100, 7, &[1], None)]), [Some(6), Some(5)]);
    assert_eq!(told(&[recorded(5, 100, 7, &[], None)]), [Some(5), None]);
    assert_eq!(told(&[recorded(5, 100, 7, &[], Some("inv2026 000002"))]), [None, Some(5)]);
    let others = [recorded(5, 100, 8, &[1], None), recorded(6, 99, 7, &[1], None), recorded(7, 100, 7, &[1, 2], None)];
    assert_eq!(told(&others), [None, None]);
}

#[test]
fn a_reference_that_names_another_invoice_is_not_confirmed() {
    let told = |reference: Option<&str>| {
        let payments = [recorded(5, 100, 7, &[], reference)];
        confirmed(&judge(&[paid(100, "INV2026-000001")], &[claim(1, 100, 7)], &payments, &[]))
    };
    for other in ["INV2026-000009", "rent of May"] {
        assert_eq!(told(Some(other)), [None], "{other}");
    }
    for same in [None, Some(" "), Some("INV2026-000001")] {
        assert_eq!(told(same), [Some(5)], "{same:?}");
    }
}

/// What was confirmed before, of all that came.
fn known(payments: &[Incoming], claims: &[Claim], confirmed: &[Confirmed]) -> Vec<Option<u128>> {
    let one = |verdict: &Verdict| match verdict {
        Verdict::Known { payment } => Some(payment.0.as_u128()),
        _ => None,
    };
    judge(payments, claims, &[], confirmed).iter().map(one).collect()
}

fn settled(payment: Recorded) -> Confirmed {
    let numbers = payment.invoices.iter().map(|id| (*id, format!("INV2026-{:06}", id.0.as_u128()))).collect();
    Confirmed { payment, numbers }
}

#[test]
fn what_was_confirmed_before_is_not_booked_again() {
    let before = [settled(recorded(5, 100, 7, &[1], None))];
    let twice = [paid(100, "INV2026-000001"), paid(100, "INV2026-000001")];
    // Paid in full, the invoice is no claim any more; paid in part it is. Each payment is taken once.
    assert_eq!(known(&twice, &[], &before), [Some(5), None]);
    let verdicts = judge(&twice, &[claim(1, 100, 7)], &[], &before);
    assert_eq!(verdicts[0], Verdict::Known { payment: PaymentId(Uuid::from_u128(5)) });
    assert!(matches!(&verdicts[1], Verdict::Book { basis: Basis::Exact, .. }), "{verdicts:?}");
    for other in [paid(99, "INV2026-000001"), paid(100, "INV2026-000002"), paid(100, "thanks")] {
        assert_eq!(known(&[other], &[claim(2, 100, 7)], &before), [None]);
    }
    let by_another = Incoming { payer: Some(payer(8)), ..paid(100, "INV2026-000001") };
    assert_eq!(known(&[by_another], &[], &before), [None]);
}

#[test]
fn the_confirmed_payment_for_the_same_invoices_goes_first() {
    let both = settled(recorded(5, 100, 7, &[1, 2], None));
    let one = settled(recorded(6, 100, 7, &[1], None));
    let texts = [paid(100, "INV2026-000001"), paid(100, "INV2026-000001 INV2026-000002")];
    assert_eq!(known(&texts, &[], &[both.clone(), one]), [Some(6), Some(5)]);
    assert_eq!(known(&texts, &[], std::slice::from_ref(&both)), [None, Some(5)]);
    assert_eq!(known(&texts[..1], &[], &[both]), [Some(5)]);
    // All on account, it is the same by its reference.
    let claims = [claim(1, 100, 7)];
    for (reference, same) in [(None, Some(5)), (Some("INV2026-000001"), Some(5)), (Some("INV2026-000009"), None)] {
        let on_account = settled(recorded(5, 100, 7, &[], reference));
        assert_eq!(known(&texts[..1], &claims, &[on_account]), [same], "{reference:?}");
    }
}
