//! Counter-offers from both sides, version by version.

use super::*;
use crate::contract::Side;
use crate::kernel::{Kind, Refusal};

fn procedure() -> Procedure {
    Preset::MiniTender.procedure()
}

fn line(line: LineNumber, unit_price: &str) -> CounterLineInput {
    CounterLineInput { line, variant: 0, unit_price: unit_price.into(), lead_time_days: None }
}

fn lines(lines: Vec<CounterLineInput>) -> CounterInput {
    CounterInput { lines, ..CounterInput::default() }
}

fn begin(quote: &Quote, input: &CounterInput) -> Result<Negotiation, Refusal> {
    Negotiation::begin(&procedure(), RfqState::Evaluating, QuoteState::Submitted, quote, input, at(0))
}

/// The buyer wants coil for 570 instead of 600.
fn begun(quote: &Quote) -> Negotiation {
    begin(quote, &lines(vec![line(1, "570")])).unwrap()
}

#[test]
fn every_step_from_every_state() {
    use NegotiationState as S;
    use NegotiationStep as T;
    let legal = [
        (S::QuoterToAnswer, T::Counter, S::BuyerToAnswer),
        (S::QuoterToAnswer, T::Accept, S::Accepted),
        (S::QuoterToAnswer, T::Reject, S::Rejected),
        (S::QuoterToAnswer, T::Withdraw, S::Withdrawn),
        (S::QuoterToAnswer, T::Expire, S::Expired),
        (S::BuyerToAnswer, T::Counter, S::QuoterToAnswer),
        (S::BuyerToAnswer, T::Accept, S::Accepted),
        (S::BuyerToAnswer, T::Reject, S::Rejected),
        (S::BuyerToAnswer, T::Withdraw, S::Withdrawn),
        (S::BuyerToAnswer, T::Expire, S::Expired),
    ];
    for state in S::ALL {
        assert_eq!(S::parse(state.code()), Ok(state));
    }
    crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
}

#[test]
fn a_quote_that_competes_is_negotiated_while_the_buyer_evaluates() {
    let quote = quote(&["600", "800"]);
    let input = lines(vec![line(1, "570")]);
    let begin = |procedure: &Procedure, request, state| {
        Negotiation::begin(procedure, request, state, &quote, &input, at(0)).err().map(|refusal| refusal.kind)
    };
    assert_eq!(begin(&procedure(), RfqState::Evaluating, QuoteState::Revised), None);
    for request in RfqState::ALL.into_iter().filter(|state| *state != RfqState::Evaluating) {
        assert_eq!(begin(&procedure(), request, QuoteState::Submitted), Some(Kind::WrongState), "{request:?}");
    }
    for state in QuoteState::ALL.into_iter().filter(|state| !state.competes()) {
        assert_eq!(begin(&procedure(), RfqState::Evaluating, state), Some(Kind::WrongState), "{state:?}");
    }
    let strict = Preset::SealedTender.procedure();
    assert_eq!(begin(&strict, RfqState::Evaluating, QuoteState::Submitted), Some(Kind::WrongState));
}

#[test]
fn the_sides_take_turns() {
    use NegotiationStep as T;
    let quote = quote(&["600", "800"]);
    let kind = |side, step| begun(&quote).conclude(side, step, at(1)).err().map(|refusal| refusal.kind);
    assert_eq!(kind(Side::Seller, T::Accept), None);
    assert_eq!(kind(Side::Seller, T::Reject), None);
    assert_eq!(kind(Side::Buyer, T::Withdraw), None);
    assert_eq!(kind(Side::Buyer, T::Accept), Some(Kind::WrongState));
    assert_eq!(kind(Side::Buyer, T::Reject), Some(Kind::WrongState));
    assert_eq!(kind(Side::Seller, T::Withdraw), Some(Kind::WrongState));
    assert_eq!(kind(Side::Seller, T::Expire), Some(Kind::WrongState));
    let again = begun(&quote).counter(&quote, Side::Buyer, &lines(vec![line(1, "560")]), at(1)).unwrap_err();
    assert_eq!(again.kind, Kind::WrongState);
}

#[test]
fn what_a_version_does_not_name_stands_as_before_and_history_stays() {
    let quote = quote(&["600", "800"]);
    let mut negotiation = begun(&quote);
    let first = negotiation.versions[0].clone();
    let answer = CounterInput { freight: Some("50".into()), ..lines(vec![line(2, "790")]) };
    negotiation.counter(&quote, Side::Seller, &answer, at(1)).unwrap();
    assert_eq!(negotiation.versions[0], first);
    let prices: Vec<_> =
        negotiation.versions[1].lines.iter().map(|line| (line.line, line.unit_price.amount())).collect();
    assert_eq!(prices, [(1, dec("570")), (2, dec("790"))]);
    assert_eq!((negotiation.versions[1].version, negotiation.versions[1].by), (2, Side::Seller));
    negotiation.conclude(Side::Buyer, NegotiationStep::Accept, at(2)).unwrap();
    let agreed = negotiation.agreed(&quote).unwrap();
    let price = |line| agreed.offer(line, 0).unwrap().asked.price_for(dec("1")).amount();
    assert_eq!((price(1), price(2), agreed.freight.amount()), (dec("570"), dec("790"), dec("50")));
}

#[test]
fn only_what_was_accepted_changes_the_quote() {
    let quote = quote(&["600", "800"]);
    for (side, step) in [(Side::Seller, NegotiationStep::Reject), (Side::Buyer, NegotiationStep::Withdraw)] {
        let mut negotiation = begun(&quote);
        assert_eq!(negotiation.agreed(&quote), None);
        negotiation.conclude(side, step, at(1)).unwrap();
        assert_eq!(negotiation.agreed(&quote), None, "{step:?}");
    }
}

#[test]
fn a_negotiated_price_holds_in_the_lines_unit_at_any_quantity() {
    let tiers = vec![TierInput { from: "10000".into(), unit_price: "0.5".into() }];
    let offer = OfferInput { unit: Some("KGM".into()), tiers, ..offer_input(1, "0.6") };
    let quote = quote_input(vec![offer]).check(&request(), 1).unwrap();
    let mut negotiation = begun(&quote);
    negotiation.conclude(Side::Seller, NegotiationStep::Accept, at(1)).unwrap();
    let agreed = negotiation.agreed(&quote).unwrap();
    assert_eq!(agreed.offers[0].amount(dec("20"), dec("0")).unwrap().amount(), dec("11400"));
    assert_eq!(agreed.input().check(&request(), 1), Ok(agreed), "it is a quote as any other");
}

#[test]
fn each_version_has_a_time_limit() {
    let quote = quote(&["600"]);
    let limited = CounterInput { expires_at: Some(at(60)), ..lines(vec![line(1, "570")]) };
    let mut negotiation = begin(&quote, &limited).unwrap();
    assert_eq!(negotiation.expire(at(59)).unwrap_err().kind, Kind::WrongState);
    let late = negotiation.conclude(Side::Seller, NegotiationStep::Accept, at(60)).unwrap_err();
    assert_eq!(late.kind, Kind::ProposalExpired);
    negotiation.expire(at(60)).unwrap();
    assert_eq!((negotiation.state, negotiation.agreed(&quote)), (NegotiationState::Expired, None));
    assert_eq!(begun(&quote).versions[0].expires_at, at(72 * 3_600));
}

#[test]
fn bad_counter_offers_are_told_at_once() {
    let quote = quote(&["600"]);
    let codes = |input: &CounterInput| -> Vec<String> {
        begin(&quote, input).unwrap_err().faults.into_iter().map(|f| f.pointer + " " + f.code).collect()
    };
    let bad = CounterInput {
        lines: vec![line(2, "1"), line(1, "0"), line(1, "5")],
        freight: Some("-1".into()),
        remarks: Some("x".repeat(4_001)),
        expires_at: Some(at(0)),
    };
    let expected = [
        "/lines/0/line unknown",
        "/lines/1/unit_price not_positive",
        "/lines/2 twice",
        "/freight negative",
        "/remarks too_long",
        "/expires_at in_past",
    ];
    assert_eq!(codes(&bad), expected);
    assert_eq!(codes(&CounterInput::default()), [" unchanged"]);
    let beyond = CounterInput { expires_at: Some(at(31 * 86_400)), ..lines(vec![line(1, "570")]) };
    assert_eq!(codes(&beyond), ["/expires_at beyond_validity"]);
}

#[test]
fn to_repeat_what_was_quoted_is_no_offer_unless_it_takes_tiers_away() {
    let quote = quote(&["600", "800"]);
    let repeated = lines(vec![line(1, "600")]);
    assert_eq!(begin(&quote, &repeated).unwrap_err().faults[0].code, "unchanged");
    let mut back = begun(&quote);
    back.counter(&quote, Side::Seller, &repeated, at(1)).unwrap();
    assert!(back.versions[1].lines.is_empty(), "the quoter stands by what it quoted");
    let mut tiered = quote.clone();
    let price = tiered.offers[0].asked.unit_price;
    tiered.offers[0].asked.tiers.push(PriceTier { from: dec("10"), unit_price: price });
    assert_eq!(begin(&tiered, &repeated).unwrap().versions[0].lines.len(), 1);
}

#[test]
fn to_repeat_the_other_side_is_to_accept() {
    let quote = quote(&["600", "800"]);
    let mut negotiation = begun(&quote);
    let same = negotiation.counter(&quote, Side::Seller, &lines(vec![line(1, "570")]), at(1)).unwrap_err();
    assert_eq!(same.faults[0].code, "unchanged");
    assert_eq!((negotiation.versions.len(), negotiation.state), (1, NegotiationState::QuoterToAnswer));
}

#[test]
fn it_does_not_go_on_for_ever() {
    let quote = quote(&["600"]);
    let mut negotiation = begun(&quote);
    for number in 1..50_u32 {
        let side = negotiation.state.turn().unwrap();
        negotiation.counter(&quote, side, &lines(vec![line(1, &(500 + number).to_string())]), at(1)).unwrap();
    }
    let side = negotiation.state.turn().unwrap();
    assert!(negotiation.counter(&quote, side, &lines(vec![line(1, "1")]), at(1)).is_err());
    assert!(negotiation.conclude(side, NegotiationStep::Accept, at(1)).is_ok());
}
