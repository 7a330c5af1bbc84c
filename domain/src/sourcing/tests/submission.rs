//! Handing in, revising, confirming and withdrawing, against the deadline and the versions of the request.

use super::*;
use crate::kernel::Kind;

fn published(terms: &Terms) -> Published<'_> {
    Published { state: RfqState::Published, version: 1, terms }
}

fn input() -> QuoteInput {
    quote_input(vec![offer_input(1, "600"), offer_input(2, "800")])
}

#[test]
fn exactly_at_the_deadline_is_late() {
    let terms = request();
    let (request, deadline) = (published(&terms), terms.deadlines.quotes);
    let just_before = deadline - TimeDelta::microseconds(1);
    assert!(request.submit(QuoteState::Draft, input(), just_before).is_ok());
    for late in [deadline, deadline + TimeDelta::milliseconds(1)] {
        assert_eq!(request.submit(QuoteState::Draft, input(), late).unwrap_err().kind, Kind::QuoteTooLate);
        assert_eq!(request.revise(QuoteState::Submitted, input(), late).unwrap_err().kind, Kind::QuoteTooLate);
        assert_eq!(request.withdraw(QuoteState::Submitted, late).unwrap_err().kind, Kind::QuoteTooLate);
        let quote = quote(&["600"]);
        assert_eq!(request.confirm(QuoteState::Submitted, &quote, late).unwrap_err().kind, Kind::QuoteTooLate);
    }
}

#[test]
fn lateness_is_told_before_anything_else_is_looked_at() {
    let terms = request();
    let bad = QuoteInput { currency: "x".into(), ..input() };
    let late = published(&terms).submit(QuoteState::Draft, bad, terms.deadlines.quotes).unwrap_err();
    assert_eq!((late.kind, late.faults.len()), (Kind::QuoteTooLate, 0));
}

#[test]
fn quotes_come_in_while_the_request_is_published_and_never_else() {
    let terms = request();
    for state in RfqState::ALL {
        let taken = Published { state, ..published(&terms) }.submit(QuoteState::Draft, input(), at(1));
        let expected = match state {
            RfqState::Published | RfqState::QuestionsClosed => None,
            RfqState::Closed | RfqState::Evaluating | RfqState::Awarded => Some(Kind::QuoteTooLate),
            RfqState::Draft | RfqState::Cancelled => Some(Kind::WrongState),
        };
        assert_eq!(taken.err().map(|refusal| refusal.kind), expected, "{state:?}");
    }
}

#[test]
fn a_quote_is_revised_withdrawn_and_handed_in_again() {
    let terms = request();
    let request = published(&terms);
    let (state, _) = request.submit(QuoteState::Draft, input(), at(1)).unwrap();
    let (state, _) = request.revise(state, input(), at(2)).unwrap();
    assert_eq!(state, QuoteState::Revised);
    let state = request.withdraw(state, at(3)).unwrap();
    assert_eq!(request.revise(state, input(), at(4)).unwrap_err().kind, Kind::WrongState);
    assert_eq!(request.submit(state, input(), at(4)).unwrap().0, QuoteState::Submitted);
}

#[test]
fn a_quote_is_confirmed_to_a_new_version_as_far_as_it_fits() {
    let mut terms = request();
    terms.payment_days = 60;
    let quote = quote(&["600", "800"]);
    let request = Published { version: 2, ..published(&terms) };
    let (state, confirmed) = request.confirm(QuoteState::Submitted, &quote, at(1)).unwrap();
    assert_eq!((state, confirmed.version), (QuoteState::Submitted, 2));
    assert_eq!(at_close(state, confirmed.version, 2), Ok(QuoteState::Submitted));
    assert_eq!(at_close(state, quote.version, 2), Ok(QuoteState::Lapsed));
}

#[test]
fn what_does_not_fit_the_new_version_has_to_be_revised() {
    let mut terms = request();
    terms.lines.remove(1);
    let quote = quote(&["600", "800"]);
    let refusal =
        Published { version: 2, ..published(&terms) }.confirm(QuoteState::Submitted, &quote, at(1)).unwrap_err();
    assert_eq!(refusal.faults[0].pointer, "/offers/1/line");
}

#[test]
fn a_confirmed_quote_follows_the_quantity_and_unit_of_the_new_version() {
    let mut terms = request();
    terms.lines[0].quantity = Quantity::new(dec("25000"), unit("KGM")).unwrap();
    let request = Published { version: 2, ..published(&terms) };
    let (_, confirmed) = request.confirm(QuoteState::Revised, &quote(&["600"]), at(1)).unwrap();
    let offer = confirmed.offer(1, 0).unwrap();
    assert_eq!((offer.quantity(&terms.lines[0]), offer.asked.unit_price.amount()), (dec("25000"), dec("0.6")));
}

#[test]
fn only_what_competes_lapses() {
    for state in QuoteState::ALL {
        let expected = if state.competes() { QuoteState::Lapsed } else { state };
        assert_eq!(at_close(state, 1, 2), Ok(expected), "{state:?}");
    }
}
