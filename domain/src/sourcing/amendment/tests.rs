//! What a new version may change, and which quotes it touches.

use super::super::tests::{at, company, euro, request, tonnes};
use super::*;
use crate::kernel::{Currency, Quantity, Unit};

const OPEN: RfqState = RfqState::Published;

fn amended(change: impl Fn(&mut Terms)) -> Result<Amendment, Refusal> {
    let mut after = request();
    change(&mut after);
    amend(OPEN, 1, &request(), &after, at(5))
}

fn codes(change: impl Fn(&mut Terms)) -> Vec<String> {
    let refusal = amended(change).unwrap_err();
    refusal.faults.into_iter().map(|fault| fault.pointer + " " + fault.code).collect()
}

#[test]
fn what_changes_the_offer_has_to_be_confirmed() {
    let quantity = amended(|terms| terms.lines[0].quantity = tonnes("25")).unwrap();
    assert_eq!((quantity.version, quantity.needs_confirmation), (2, true));
    assert_eq!(quantity.changes, [Change::LineChanged(1)]);
    let payment = amended(|terms| terms.payment_days = 60).unwrap();
    assert_eq!((payment.changes.as_slice(), payment.needs_confirmation), (&[Change::Payment][..], true));
    let removed = amended(|terms| drop(terms.lines.remove(1))).unwrap();
    assert_eq!((removed.changes.as_slice(), removed.needs_confirmation), (&[Change::LineRemoved(2)][..], true));
}

#[test]
fn what_gives_more_time_or_tells_more_companies_has_not() {
    let later = amended(|terms| terms.deadlines.quotes = at(2_000)).unwrap();
    assert_eq!((later.changes.as_slice(), later.needs_confirmation), (&[Change::QuoteDeadline][..], false));
    let wider = amended(|terms| {
        terms.procedure.visibility = Visibility::Both;
        terms.invitations.push(company(9));
    });
    let wider = wider.unwrap();
    assert_eq!(wider.changes, [Change::Visibility, Change::Invitations]);
    assert_eq!(wider.told, [Change::Visibility]);
    let target = amended(|terms| terms.lines[0].target = None).unwrap();
    assert!(target.told.is_empty(), "quoters do not know of the hidden target price");
    assert_eq!((target.changes.as_slice(), target.needs_confirmation), (&[Change::TargetPrice(1)][..], false));
}

#[test]
fn a_line_keeps_its_number_and_a_new_one_gets_its_own() {
    let added = amended(|terms| {
        let line = Line { number: 7, ..terms.lines[0].clone() };
        terms.lines.insert(0, line);
    });
    assert_eq!(added.unwrap().changes, [Change::LineAdded(7)]);
}

#[test]
fn the_deadline_is_never_moved_into_the_past() {
    assert_eq!(codes(|terms| terms.deadlines.quotes = at(5)), ["/deadlines/quotes in_past"]);
    assert!(amended(|terms| terms.deadlines.quotes = at(6)).is_ok());
    assert_eq!(codes(|terms| terms.deadlines.questions = at(4)), ["/deadlines/questions in_past"]);
}

#[test]
fn it_stays_where_it_is_unless_the_buyer_moves_it() {
    let amendment = amended(|terms| terms.lines[0].quantity = tonnes("25")).unwrap();
    assert!(!amendment.changes.contains(&Change::QuoteDeadline));
}

#[test]
fn what_quoters_relied_on_stays() {
    assert_eq!(codes(|terms| terms.procedure.partial_quotes = false), ["/procedure not_changeable"]);
    let narrower = codes(|terms| terms.procedure.visibility = Visibility::Invited);
    assert_eq!(narrower, ["/procedure/visibility not_changeable"]);
    let usd = Currency::parse("USD").unwrap();
    assert!(request().rates.currencies().any(|currency| currency == usd));
    let only_euro = codes(|terms| {
        terms.rates =
            super::super::rates::Rates::check(&[euro().code().into()], &[], "", &mut Faults::default()).unwrap();
    });
    assert_eq!(only_euro, ["/currencies not_changeable"]);
    assert_eq!(codes(|_| {}), [" unchanged"]);
}

#[test]
fn after_the_deadline_nothing_is_amended() {
    let (before, mut after) = (request(), request());
    after.payment_days = 7;
    let late = amend(OPEN, 1, &before, &after, before.deadlines.quotes).unwrap_err();
    assert_eq!(late.kind, Kind::WrongState);
    assert!(amend(RfqState::Closed, 1, &before, &after, at(5)).is_err());
}

#[test]
fn new_time_for_questions_opens_them_again() {
    let (before, mut after) = (request(), request());
    let now = before.deadlines.questions;
    after.deadlines.questions = before.deadlines.quotes;
    let amendment = amend(RfqState::QuestionsClosed, 3, &before, &after, now).unwrap();
    assert_eq!((amendment.step, amendment.version), (RfqStep::ReopenQuestions, 4));
    after.deadlines.questions = before.deadlines.questions;
    after.payment_days = 7;
    let amendment = amend(RfqState::QuestionsClosed, 3, &before, &after, now).unwrap();
    assert_eq!(amendment.step, RfqStep::Amend);
}

#[test]
fn a_quote_to_an_older_version_lapses_where_confirmation_is_needed() {
    for (answers, last, lapsed) in [(1, 1, false), (1, 2, true), (2, 2, false), (3, 2, false)] {
        assert_eq!(lapses(answers, last), lapsed, "{answers} {last}");
    }
}

#[test]
fn another_unit_is_another_line() {
    let kilograms = Quantity::new("20000".parse().unwrap(), Unit::parse("KGM").unwrap()).unwrap();
    assert!(amended(|terms| terms.lines[0].quantity = kilograms).unwrap().needs_confirmation);
}
