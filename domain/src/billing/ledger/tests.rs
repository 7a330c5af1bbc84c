use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::billing::{
    BillableLine, CreditLine, CreditRequest, CreditableLine, InvoiceDraft, InvoiceState, credit, draft,
};
use crate::catalogue::{Tax, TaxCategory};
use crate::kernel::{ContractLineId, InvoiceLineId, Unit, UnitPrice};

const SELLER: OrganisationId = OrganisationId(Uuid::from_u128(1));
const BUYER: OrganisationId = OrganisationId(Uuid::from_u128(2));

fn eur() -> Currency {
    Currency::parse("EUR").unwrap()
}

fn money(amount: Decimal) -> Money {
    Money::new(amount, eur()).unwrap()
}

/// The sum of all postings by account, as in the ledger.
fn sums(entries: &[Entry]) -> BTreeMap<(OrganisationId, AccountKind), Decimal> {
    let mut sums = BTreeMap::new();
    for entry in entries {
        for (kind, amount) in entry.postings() {
            *sums.entry((entry.organisation(), *kind)).or_default() += *amount;
        }
    }
    sums
}

#[test]
fn an_unbalanced_entry_cannot_be_made() {
    let entry = |postings: &[(AccountKind, &str)]| {
        Entry::new(SELLER, eur(), postings.iter().map(|(kind, amount)| (*kind, amount.parse().unwrap())).collect())
    };
    assert!(entry(&[(AccountKind::Cash, "1.00"), (AccountKind::Receivable, "-1.00")]).is_ok());
    assert_eq!(entry(&[(AccountKind::Cash, "1.00"), (AccountKind::Fees, "0")]).unwrap_err().kind, Kind::Internal);
    assert!(entry(&[(AccountKind::Cash, "1.00"), (AccountKind::Receivable, "-0.99")]).is_err());
    assert!(entry(&[(AccountKind::Cash, "0.005"), (AccountKind::Receivable, "-0.005")]).is_err());
}

#[test]
fn an_invoice_is_booked_on_both_sides() {
    let tax = Tax::new(TaxCategory::Standard, 20.into()).unwrap();
    let totals = Totals::of(eur(), [(Decimal::from(100), tax)]).unwrap();
    let sums = sums(&invoice_issued(SELLER, BUYER, &totals).unwrap());
    let expected = [
        ((SELLER, AccountKind::Receivable), 120),
        ((SELLER, AccountKind::Revenue), -100),
        ((SELLER, AccountKind::TaxDue), -20),
        ((BUYER, AccountKind::Payable), -120),
        ((BUYER, AccountKind::Purchases), 100),
        ((BUYER, AccountKind::TaxPaid), 20),
    ];
    assert_eq!(sums, expected.into_iter().map(|(account, amount)| (account, amount.into())).collect());
}

#[test]
fn an_invoice_over_nothing_is_not_booked() {
    let totals = Totals::of(eur(), []).unwrap();
    assert!(invoice_issued(SELLER, BUYER, &totals).unwrap().is_empty());
}

#[test]
fn balances_are_positive_on_the_normal_side() {
    for kind in AccountKind::ALL {
        assert_eq!(AccountKind::parse(kind.code()).unwrap(), kind);
        let growth = if kind.normal_side() == NormalSide::Debit { Decimal::TEN } else { Decimal::NEGATIVE_ONE };
        assert!(kind.balance(growth) > Decimal::ZERO);
    }
    assert!(AccountKind::parse("bank").is_err());
}

fn billable() -> impl Strategy<Value = BillableLine> {
    let rate = prop::sample::select(vec![0i64, 7, 19, 20]);
    (1u32..10_000_000, 1u32..1_000_000, 0u32..=10_000, rate).prop_map(|(price, quantity, discount, rate)| {
        BillableLine {
            line: ContractLineId(Uuid::from_u128(0)),
            description: "Goods".into(),
            unit: Unit::parse("KGM").unwrap(),
            unit_price: UnitPrice::new(Decimal::new(price.into(), 4), eur()).unwrap(),
            discount_percent: Decimal::new(discount.into(), 2),
            tax: match rate {
                0 => Tax::new(TaxCategory::Zero, Decimal::ZERO).unwrap(),
                rate => Tax::new(TaxCategory::Standard, rate.into()).unwrap(),
            },
            delivered: Decimal::new(quantity.into(), 3),
            invoiced: Decimal::ZERO,
        }
    })
}

fn creditable(invoice: &InvoiceDraft) -> Vec<CreditableLine> {
    let line = |(line, n): (&crate::billing::InvoiceLine, u128)| CreditableLine {
        line: InvoiceLineId(Uuid::from_u128(n)),
        quantity: line.quantity.value(),
        unit_price: line.unit_price,
        discount_percent: line.discount_percent,
        tax: line.tax,
        credited: Decimal::ZERO,
    };
    invoice.lines.iter().zip(0..).map(line).collect()
}

/// Credits a share of one line, or what is left of all; returns the entries.
fn credit_some(lines: &mut [CreditableLine], pick: usize, thousandths: u32) -> Vec<Entry> {
    let line = &lines[pick % lines.len()];
    let quantity = ((line.quantity - line.credited) * Decimal::new(thousandths.into(), 3)).trunc_with_scale(3);
    let request = match quantity.is_zero() {
        true => CreditRequest::Whole,
        false => CreditRequest::Lines(vec![CreditLine { line: line.line, quantity }]),
    };
    let Ok(note) = credit(InvoiceState::Issued, eur(), lines, &request) else { return Vec::new() };
    for credited in &note.lines {
        lines.iter_mut().find(|line| line.line == credited.line).unwrap().credited += credited.quantity;
    }
    credit_note_issued(SELLER, BUYER, &note.totals).unwrap()
}

proptest! {
    /// An invoice, credit notes and payments in any mixture: every entry balances, each account holds what the trade
    /// says, and the two sides mirror each other.
    #[test]
    fn the_ledger_tells_the_trade(
        goods in prop::collection::vec(billable(), 1..6),
        credits in prop::collection::vec((0usize..6, 0u32..1000), 0..6),
        payments in prop::collection::vec(1u32..1_000_000, 0..4),
    ) {
        let invoice = draft(&goods, None, false).unwrap();
        let mut lines = creditable(&invoice);
        let mut entries = invoice_issued(SELLER, BUYER, &invoice.totals).unwrap();
        for (pick, thousandths) in credits {
            entries.extend(credit_some(&mut lines, pick, thousandths));
        }
        let mut paid = Decimal::ZERO;
        for cents in payments {
            let amount = Decimal::new(cents.into(), 2);
            paid += amount;
            entries.extend(payment_confirmed(BUYER, SELLER, money(amount)).unwrap());
        }
        for entry in &entries {
            prop_assert!(entry.postings().iter().map(|(_, amount)| amount).sum::<Decimal>().is_zero());
        }
        // What is left of the invoice after the credit notes, computed anew from the quantities.
        let credited_net = |line: &CreditableLine| {
            line.unit_price.line_amount(line.credited, line.discount_percent).unwrap().amount()
        };
        let credited = Totals::of(eur(), lines.iter().map(|line| (credited_net(line), line.tax))).unwrap();
        let left = invoice.totals.since(&credited).unwrap();
        let (net, tax, gross) = (left.net.amount(), left.tax.amount(), left.gross.amount());
        let sums = sums(&entries);
        let sum = |organisation, kind| sums.get(&(organisation, kind)).copied().unwrap_or_default();
        prop_assert_eq!(sum(SELLER, AccountKind::Receivable), gross - paid);
        prop_assert_eq!(sum(SELLER, AccountKind::Revenue), -net);
        prop_assert_eq!(sum(SELLER, AccountKind::TaxDue), -tax);
        prop_assert_eq!(sum(SELLER, AccountKind::Cash), paid);
        let mirrors = [
            (AccountKind::Receivable, AccountKind::Payable),
            (AccountKind::Revenue, AccountKind::Purchases),
            (AccountKind::TaxDue, AccountKind::TaxPaid),
            (AccountKind::Cash, AccountKind::Cash),
        ];
        for (of_seller, of_buyer) in mirrors {
            prop_assert_eq!(sum(SELLER, of_seller), -sum(BUYER, of_buyer));
        }
        // Crediting what is left takes exactly the rest back.
        if let Ok(note) = credit(InvoiceState::Issued, eur(), &lines, &CreditRequest::Whole) {
            prop_assert_eq!((note.totals.net.amount(), note.totals.tax.amount()), (net, tax));
        }
    }
}
