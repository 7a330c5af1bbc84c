use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn eur() -> Currency {
    Currency::parse("EUR").unwrap()
}

fn money(cents: i64) -> Money {
    Money::new(Decimal::new(cents, 2), eur()).unwrap()
}

fn payer(n: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(n))
}

fn invoice(n: u128, cents: i64, by: u128) -> OpenInvoice {
    OpenInvoice { id: id(n), number: format!("INV2026-{n:06}"), due: money(cents), payer: payer(by) }
}

fn id(n: u128) -> InvoiceId {
    InvoiceId(Uuid::from_u128(n))
}

fn paid(cents: i64, by: Option<u128>, reference: &str) -> Incoming {
    Incoming { amount: money(cents), payer: by.map(payer), references: vec![reference.to_owned()] }
}

fn matched(basis: Basis, shares: &[(u128, i64)], left: i64) -> Outcome {
    let shares = shares.iter().map(|(n, cents)| Share { invoice: id(*n), amount: money(*cents) }).collect();
    Outcome::Matched { shares, basis, left_over: money(left) }
}

fn ambiguous(doubt: Doubt, candidates: &[u128]) -> Outcome {
    Outcome::Ambiguous { candidates: candidates.iter().map(|n| id(*n)).collect(), doubt }
}

fn open() -> Vec<OpenInvoice> {
    vec![invoice(1, 10_000, 7), invoice(2, 5_000, 7), invoice(3, 5_000, 8), invoice(4, 0, 7)]
}

fn one(payment: Incoming) -> Outcome {
    match_payments(&[payment], &open()).remove(0)
}

#[test]
fn what_is_named_and_due_is_matched_exactly() {
    assert_eq!(one(paid(10_000, Some(7), "INV2026-000001")), matched(Basis::Exact, &[(1, 10_000)], 0));
    let both = one(paid(15_000, None, "inv2026 000002 und INV2026/000001"));
    assert_eq!(both, matched(Basis::Exact, &[(1, 10_000), (2, 5_000)], 0));
    let just_one = one(paid(5_000, Some(7), "INV2026-000001 INV2026-000002"));
    assert_eq!(just_one, matched(Basis::Exact, &[(2, 5_000)], 0));
}

#[test]
fn less_is_a_part_and_more_is_left_over() {
    assert_eq!(one(paid(4_000, Some(7), "INV2026-000001")), matched(Basis::Part, &[(1, 4_000)], 0));
    assert_eq!(one(paid(12_000, Some(7), "INV2026-000001")), matched(Basis::Over, &[(1, 10_000)], 2_000));
    let several = one(paid(14_000, Some(7), "INV2026-000001 INV2026-000002"));
    assert_eq!(several, ambiguous(Doubt::PartOfSeveral, &[1, 2]));
}

#[test]
fn exact_payments_come_first_wherever_they_stand() {
    let payments = [paid(12_000, Some(7), "INV2026-000001"), paid(10_000, Some(7), "INV2026-000001")];
    let outcomes = match_payments(&payments, &open());
    assert_eq!(outcomes, [Outcome::Unmatched(Reason::NothingDue), matched(Basis::Exact, &[(1, 10_000)], 0)]);
    let parts = [paid(4_000, None, "INV2026-000001"), paid(6_000, None, "INV2026-000001")];
    let outcomes = match_payments(&parts, &open());
    assert_eq!(outcomes, [matched(Basis::Part, &[(1, 4_000)], 0), matched(Basis::Exact, &[(1, 6_000)], 0)]);
}

#[test]
fn a_person_decides_where_payer_currency_or_number_are_in_doubt() {
    assert_eq!(one(paid(5_000, Some(7), "INV2026-000003")), ambiguous(Doubt::OtherPayer, &[3]));
    let own_first = one(paid(5_000, Some(7), "INV2026-000003 INV2026-000002"));
    assert_eq!(own_first, matched(Basis::Exact, &[(2, 5_000)], 0));
    let dollars = Money::new(5_000.into(), Currency::parse("USD").unwrap()).unwrap();
    let foreign = Incoming { amount: dollars, ..paid(0, Some(7), "INV2026-000002") };
    assert_eq!(one(foreign), ambiguous(Doubt::OtherCurrency, &[2]));
    let twins = [invoice(1, 100, 7), OpenInvoice { id: id(9), ..invoice(1, 100, 7) }];
    let outcome = match_payments(&[paid(100, None, "INV2026-000001")], &twins).remove(0);
    assert_eq!(outcome, ambiguous(Doubt::SameNumber, &[1, 9]));
}

#[test]
fn without_a_name_the_amount_has_to_be_of_one_invoice_of_a_known_payer() {
    assert_eq!(one(paid(10_000, Some(7), "thanks")), matched(Basis::AmountOnly, &[(1, 10_000)], 0));
    assert_eq!(one(paid(10_000, None, "thanks")), ambiguous(Doubt::PayerUnknown, &[1]));
    assert_eq!(one(paid(9_999, Some(7), "thanks")), Outcome::Unmatched(Reason::NothingNamed));
    assert_eq!(one(paid(9_999, None, "thanks")), Outcome::Unmatched(Reason::NothingNamed));
    let twice = [invoice(1, 100, 7), invoice(2, 100, 7)];
    assert_eq!(match_payments(&[paid(100, Some(7), "")], &twice), [ambiguous(Doubt::SameAmount, &[1, 2])]);
}

#[test]
fn what_is_settled_or_no_payment_is_not_matched() {
    assert_eq!(one(paid(100, Some(7), "INV2026-000004")), Outcome::Unmatched(Reason::NothingDue));
    assert_eq!(one(paid(0, Some(7), "INV2026-000001")), Outcome::Unmatched(Reason::NothingPaid));
    assert_eq!(one(paid(-5, Some(7), "INV2026-000001")), Outcome::Unmatched(Reason::NothingPaid));
    assert!(match_payments(&[], &open()).is_empty());
}

#[test]
fn invoices_are_named_in_the_order_of_the_text() {
    let invoices: Vec<OpenInvoice> = (1..=30).map(|n| invoice(n, 100, 7)).collect();
    let find = |text: &str| {
        let found = named(text, invoices.iter().map(|one| (one.id, one.number.as_str())));
        found.into_iter().map(|id| id.0.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(find("inv2026 000012, INV2026/000003 05.03.2026"), [12, 3]);
    assert_eq!(find("INV2026-000007 and again INV2026-000007"), [7]);
    assert_eq!(find("INV2026-000007"), [7]);
    assert_eq!(find("Re. INV 2026-000030, 100.00 EUR"), [30]);
    assert_eq!(find("nothing"), [] as [u128; 0]);
}

fn invoices_strategy() -> impl Strategy<Value = Vec<OpenInvoice>> {
    prop::collection::vec((0_i64..500, 1_u128..4), 0..12).prop_map(|all| {
        let numbered = all.into_iter().zip(1_u128..);
        numbered.map(|((cents, by), n)| invoice(n, cents, by)).collect()
    })
}

fn payments_strategy() -> impl Strategy<Value = Vec<Incoming>> {
    let names = prop::collection::vec(1_u128..14, 0..3);
    prop::collection::vec((0_i64..900, prop::option::of(1_u128..4), names), 0..12).prop_map(|all| {
        let texts = |names: Vec<u128>| names.iter().map(|n| format!("Inv2026 {n:06} ")).collect::<String>();
        all.into_iter().map(|(cents, by, names)| paid(cents, by, &texts(names))).collect()
    })
}

proptest! {
    #[test]
    fn nothing_is_created_or_lost(payments in payments_strategy(), invoices in invoices_strategy()) {
        let outcomes = match_payments(&payments, &invoices);
        prop_assert_eq!(outcomes.len(), payments.len());
        let mut settled: HashMap<InvoiceId, Decimal> = HashMap::new();
        for (payment, outcome) in payments.iter().zip(&outcomes) {
            let Outcome::Matched { shares, left_over, .. } = outcome else { continue };
            let shared: Decimal = shares.iter().map(|share| share.amount.amount()).sum();
            prop_assert_eq!(shared + left_over.amount(), payment.amount.amount());
            prop_assert!(!shares.is_empty() && shares.iter().all(|share| share.amount.amount() > Decimal::ZERO));
            for share in shares {
                *settled.entry(share.invoice).or_default() += share.amount.amount();
            }
        }
        for invoice in &invoices {
            prop_assert!(settled.get(&invoice.id).copied().unwrap_or_default() <= invoice.due.amount());
        }
    }

    #[test]
    fn each_basis_says_what_happened(payments in payments_strategy(), invoices in invoices_strategy()) {
        for (payment, outcome) in payments.iter().zip(match_payments(&payments, &invoices)) {
            match outcome {
                Outcome::Matched { shares, basis, left_over } => {
                    prop_assert_eq!(basis == Basis::Over, left_over.amount() > Decimal::ZERO);
                    prop_assert!(!matches!(basis, Basis::Part | Basis::AmountOnly) || shares.len() == 1);
                    let of = |share: &Share| invoices.iter().find(|one| one.id == share.invoice).unwrap();
                    prop_assert!(payment.payer.is_none_or(|payer| shares.iter().all(|share| of(share).payer == payer)));
                }
                Outcome::Ambiguous { candidates, .. } => {
                    let mut once = candidates.clone();
                    once.sort_unstable();
                    once.dedup();
                    prop_assert!(!once.is_empty() && once.len() == candidates.len());
                }
                Outcome::Unmatched(reason) => {
                    prop_assert_eq!(reason == Reason::NothingPaid, payment.amount.amount() <= Decimal::ZERO);
                }
            }
        }
    }

    #[test]
    fn a_payment_alone_of_what_is_due_and_named_is_always_matched(
        invoices in invoices_strategy(), chosen in prop::collection::vec(0_usize..12, 1..4)
    ) {
        let mut chosen: Vec<&OpenInvoice> = chosen.iter().filter_map(|n| invoices.get(*n)).collect();
        chosen.retain(|one| one.due.amount() > Decimal::ZERO);
        chosen.sort_by_key(|one| one.id);
        chosen.dedup_by_key(|one| one.id);
        if let Some(first) = chosen.first().copied() {
            chosen.retain(|one| one.payer == first.payer);
            let sum: Decimal = chosen.iter().map(|one| one.due.amount()).sum();
            let payment = Incoming {
                amount: Money::new(sum, eur()).unwrap(),
                payer: Some(first.payer),
                references: chosen.iter().map(|one| one.number.to_lowercase()).collect(),
            };
            let outcome = match_payments(&[payment], &invoices).remove(0);
            let Outcome::Matched { shares, basis, .. } = outcome else { panic!("{outcome:?}") };
            prop_assert_eq!((basis, shares.len()), (Basis::Exact, chosen.len()));
        }
    }
}
