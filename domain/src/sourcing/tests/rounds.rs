//! What may follow the first round.

use super::*;
use crate::kernel::{Kind, Refusal};

fn input(kind: &str) -> RoundInput {
    RoundInput { kind: kind.into(), deadline: at(5_000), invited: None }
}

fn standing() -> Vec<OrganisationId> {
    vec![company(1), company(2), company(3)]
}

fn next(terms: &Terms, earlier: &[Round], input: &RoundInput) -> Result<(Round, Terms), Refusal> {
    next_round(RfqState::Evaluating, terms, earlier, &standing(), input, at(3_000))
}

fn with_rounds(rounds: u8) -> Terms {
    let mut terms = request();
    terms.procedure.rounds = rounds;
    terms
}

#[test]
fn a_round_has_a_number_and_gives_the_request_its_deadline() {
    let (round, terms) = next(&with_rounds(3), &[], &input("revision")).unwrap();
    assert_eq!((round.number, round.kind, round.invited), (2, RoundKind::Revision, standing()));
    assert_eq!((terms.deadlines.quotes, terms.deadlines.award), (at(5_000), Some(at(5_000))));
    assert_eq!(terms.deadlines.questions, request().deadlines.questions);
}

#[test]
fn there_are_no_more_rounds_than_the_procedure_has() {
    let terms = with_rounds(2);
    let (second, terms) = next(&terms, &[], &input("revision")).unwrap();
    let third = next(&terms, &[second], &input("revision")).unwrap_err();
    assert_eq!(third.kind, Kind::WrongState);
    assert!(next(&with_rounds(1), &[], &input("best_and_final")).is_err());
}

#[test]
fn after_best_and_final_offers_only_an_auction_follows() {
    let mut terms = with_rounds(9);
    terms.procedure.final_auction = true;
    let (last, terms) = next(&terms, &[], &input("best_and_final")).unwrap();
    assert!(next(&terms, std::slice::from_ref(&last), &input("revision")).is_err());
    assert!(next(&terms, std::slice::from_ref(&last), &input("best_and_final")).is_err());
    let (auction, _) = next(&terms, std::slice::from_ref(&last), &input("auction")).unwrap();
    assert!(next(&terms, &[last, auction], &input("auction")).is_err());
}

#[test]
fn an_auction_is_a_round_of_its_own_where_the_procedure_has_one() {
    let plain = next(&with_rounds(3), &[], &input("auction")).unwrap_err();
    assert_eq!(plain.faults[0].code, "not_taken");
    let mut terms = with_rounds(1);
    terms.procedure.final_auction = true;
    let alone = RoundInput { invited: Some(vec![company(1)]), ..input("auction") };
    assert_eq!(next(&terms, &[], &alone).unwrap_err().faults[0].code, "too_few");
    let (auction, _) = next(&terms, &[], &input("auction")).unwrap();
    assert_eq!(auction.check(company(1)).unwrap_err().kind, Kind::WrongState);
}

#[test]
fn some_may_be_chosen_of_those_whose_quotes_stand() {
    let some = |companies: &[u128]| RoundInput {
        invited: Some(companies.iter().map(|number| company(*number)).collect()),
        ..input("best_and_final")
    };
    let (round, _) = next(&with_rounds(2), &[], &some(&[1, 3])).unwrap();
    assert_eq!(round.check(company(3)), Ok(()));
    assert_eq!(round.check(company(2)).unwrap_err().kind, Kind::Forbidden);
    let refusal = next(&with_rounds(2), &[], &some(&[1, 1, 4])).unwrap_err();
    let told: Vec<_> = refusal.faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    assert_eq!(told, [("/invited/1", "twice"), ("/invited/2", "not_standing")]);
    assert_eq!(next(&with_rounds(2), &[], &some(&[])).unwrap_err().faults[0].code, "too_few");
}

#[test]
fn it_begins_while_the_buyer_evaluates_and_ends_in_the_future() {
    let terms = with_rounds(2);
    for state in RfqState::ALL.into_iter().filter(|state| *state != RfqState::Evaluating) {
        let refusal = next_round(state, &terms, &[], &standing(), &input("revision"), at(3_000)).unwrap_err();
        assert_eq!(refusal.kind, Kind::WrongState, "{state:?}");
    }
    let past = RoundInput { deadline: at(3_000), ..input("sudden_death") };
    let refusal = next(&terms, &[], &past).unwrap_err();
    let told: Vec<_> = refusal.faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    assert_eq!(told, [("/kind", "kind"), ("/deadline", "in_past")]);
}

#[test]
fn quotes_come_in_again_until_the_new_deadline() {
    let (_, terms) = next(&with_rounds(2), &[], &input("revision")).unwrap();
    let state = RfqState::Evaluating.after(RfqStep::NextRound).unwrap();
    let request = Published { state, version: 1, terms: &terms };
    let input = quote_input(vec![offer_input(1, "590")]);
    assert!(request.revise(QuoteState::Submitted, input.clone(), at(4_999)).is_ok());
    assert_eq!(request.revise(QuoteState::Submitted, input, at(5_000)).unwrap_err().kind, Kind::QuoteTooLate);
}
