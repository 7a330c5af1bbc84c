//! Who may be awarded what, and what follows when a winner declines.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::kernel::{Kind, Refusal};

/// Two quotes for coil (20 t) and sheet (10 t).
struct Case {
    terms: Terms,
    quotes: Vec<Quote>,
    state: QuoteState,
    standing: Vec<AwardPart>,
    at: Timestamp,
}

impl Case {
    fn of(inputs: Vec<QuoteInput>) -> Self {
        let terms = request();
        let quotes = inputs.into_iter().map(|input| input.check(&terms, 1).unwrap()).collect();
        Self { terms, quotes, state: QuoteState::Submitted, standing: Vec::new(), at: at(1_500) }
    }

    fn plain() -> Self {
        Self::of(vec![whole("600", "800"), whole("610", "790")])
    }

    fn award(&self, input: &AwardInput) -> Result<Award, Refusal> {
        let entry =
            |(number, quote)| Awardable { id: quote_id(number), quoter: company(number), quote, state: self.state };
        let quotes: Vec<_> = (1..).zip(&self.quotes).map(entry).collect();
        let (terms, standing, at) = (&self.terms, &self.standing, self.at);
        input.check(Decision { state: RfqState::Evaluating, terms, quotes: &quotes, standing, at })
    }

    fn told(&self, input: &AwardInput) -> (Kind, Vec<String>) {
        let refusal = self.award(input).unwrap_err();
        (refusal.kind, refusal.faults.into_iter().map(|fault| fault.pointer + " " + fault.code).collect())
    }

    fn compared(&self) -> Comparison {
        let entrant = |(number, quote): (u128, _)| Entrant {
            id: quote_id(number),
            quoter: company(number),
            submitted_at: at(number as i64),
            quote,
            scores: BTreeMap::new(),
            allowance: None,
            accepted: BTreeSet::new(),
        };
        compare(&self.terms, (1..).zip(&self.quotes).map(entrant).collect()).unwrap()
    }
}

fn whole(coil: &str, sheet: &str) -> QuoteInput {
    quote_input(vec![offer_input(1, coil), offer_input(2, sheet)])
}

fn to_one(number: u128) -> AwardInput {
    AwardInput { quote: Some(quote_id(number)), reason: "The lowest total.".into(), ..AwardInput::default() }
}

fn part(line: LineNumber, quote: u128, quantity: Option<&str>) -> AwardLineInput {
    AwardLineInput { line, quote: quote_id(quote), variant: 0, quantity: quantity.map(String::from) }
}

fn split(lines: Vec<AwardLineInput>) -> AwardInput {
    AwardInput { quote: None, lines, reason: "The best of each.".into() }
}

#[test]
fn a_quote_is_awarded_as_a_whole() {
    let taxed = QuoteInput { freight: Some("100".into()), tax_rate: "19".into(), ..whole("600", "800") };
    let award = Case::of(vec![taxed]).award(&to_one(1)).unwrap();
    let part = &award.parts[0];
    let lines: Vec<_> = part.lines.iter().map(|line| (line.line, line.quantity, line.amount.amount())).collect();
    assert_eq!(lines, [(1, tonnes("20"), dec("12000")), (2, tonnes("10"), dec("8000"))]);
    assert_eq!((part.net.amount(), part.tax.amount()), (dec("20100"), dec("3819")));
    assert_eq!(award.to_approve(), [(company(1), part.net)]);
    assert_eq!(award.standstill_until, None);
}

#[test]
fn what_is_to_be_approved_is_in_the_currency_of_comparison() {
    let dollars = QuoteInput { currency: "USD".into(), ..whole("600", "800") };
    let award = Case::of(vec![dollars]).award(&to_one(1)).unwrap();
    assert_eq!(award.parts[0].net.currency().code(), "USD");
    let (_, amount) = award.to_approve()[0];
    assert_eq!((amount.amount(), amount.currency()), (dec("18000"), euro()));
}

#[test]
fn a_line_is_split_by_quantity_and_never_awarded_over_it() {
    let case = Case::plain();
    let award = case.award(&split(vec![part(1, 1, Some("12.5")), part(1, 2, Some("7.5")), part(2, 2, None)])).unwrap();
    assert_eq!(award.parts.iter().map(|part| part.lines.len()).collect::<Vec<_>>(), [1, 2]);
    let over = split(vec![part(1, 1, Some("12.5")), part(1, 2, Some("7.500001"))]);
    assert_eq!(case.told(&over), (Kind::OverAward, vec!["/lines above_asked".into()]));
    let above = split(vec![part(1, 1, Some("20.000001"))]);
    let expected = vec!["/lines/0/quantity above_offered".to_owned(), "/lines above_asked".into()];
    assert_eq!(case.told(&above), (Kind::OverAward, expected));
}

#[test]
fn what_was_awarded_before_counts() {
    let with_freight = QuoteInput { freight: Some("100".into()), ..whole("600", "800") };
    let mut case = Case::of(vec![with_freight, whole("610", "790")]);
    case.standing = case.award(&split(vec![part(1, 1, Some("15"))])).unwrap().parts;
    assert!(case.award(&split(vec![part(1, 2, Some("5"))])).is_ok());
    assert_eq!(case.told(&split(vec![part(1, 2, Some("5.5"))])), (Kind::OverAward, vec!["/lines above_asked".into()]));
    case.state = QuoteState::Awarded;
    let more = case.award(&split(vec![part(1, 1, None)])).unwrap();
    assert_eq!(more.parts[0].lines[0].quantity, tonnes("5"), "the rest of what it offers");
    assert_eq!((case.standing[0].freight.amount(), more.parts[0].freight.amount()), (dec("100"), dec("0")));
}

#[test]
fn only_quotes_that_stand_are_awarded() {
    for state in QuoteState::ALL {
        let refused = Case { state, ..Case::plain() }.award(&to_one(1)).err().map(|refusal| refusal.kind);
        let expected = (!state.can_be_awarded()).then_some(Kind::QuoteNotStanding);
        assert_eq!(refused, expected, "{state:?}");
    }
    let last_day = Case { at: at(30 * 86_400), ..Case::plain() };
    assert!(last_day.award(&to_one(1)).is_ok());
    let later = Case { at: at(31 * 86_400), ..Case::plain() };
    assert_eq!(later.told(&to_one(1)).0, Kind::QuoteNotStanding);
}

#[test]
fn conditions_of_quoters_hold() {
    let choosy = QuoteInput { least_lines_percent: Some("100".into()), ..whole("600", "800") };
    let case = Case::of(vec![choosy, whole("610", "790")]);
    assert_eq!(case.told(&split(vec![part(1, 1, None)])).1, ["/lines below_least_share"]);
    assert!(case.award(&split(vec![part(1, 1, Some("1")), part(2, 1, Some("1"))])).is_ok());
    let least = OfferInput { least_quantity: Some("10".into()), ..offer_input(1, "600") };
    let case = Case::of(vec![quote_input(vec![least])]);
    assert_eq!(case.told(&split(vec![part(1, 1, Some("9.9"))])).1, ["/lines/0/quantity below_least"]);
    assert!(case.award(&split(vec![part(1, 1, Some("10"))])).is_ok());
}

#[test]
fn the_discount_for_the_whole_and_the_tier_follow_what_is_awarded() {
    let tiers = vec![TierInput { from: "15".into(), unit_price: "580".into() }];
    let offers = vec![OfferInput { tiers, ..offer_input(1, "600") }, offer_input(2, "800")];
    let case = Case::of(vec![QuoteInput { whole_discount_percent: Some("5".into()), ..quote_input(offers) }]);
    let coil = |input: &AwardInput| {
        let line = case.award(input).unwrap().parts[0].lines[0];
        (line.unit_price.amount(), line.discount_percent, line.amount.amount())
    };
    assert_eq!(coil(&to_one(1)), (dec("580"), dec("5"), dec("11020")));
    assert_eq!(coil(&split(vec![part(1, 1, None)])), (dec("580"), dec("0"), dec("11600")));
    let most = split(vec![part(1, 1, Some("14")), part(2, 1, None)]);
    assert_eq!(coil(&most), (dec("600"), dec("0"), dec("8400")));
}

#[test]
fn bad_awards_are_told_at_once() {
    let case = Case::plain();
    let bad = AwardInput {
        lines: vec![part(1, 9, None), part(3, 1, None), part(2, 1, Some("0")), part(2, 1, Some("0"))],
        ..AwardInput::default()
    };
    let expected = [
        "/reason required",
        "/lines/0/quote_id unknown",
        "/lines/1/line unknown",
        "/lines/2/quantity not_positive",
        "/lines/3 twice",
        "/lines/3/quantity not_positive",
    ];
    assert_eq!(case.told(&bad), (Kind::InvalidInput, expected.map(String::from).to_vec()));
    assert_eq!(case.told(&split(Vec::new())).1, ["/lines required"]);
    assert_eq!(case.told(&to_one(9)).1, ["/quote_id unknown"]);
    let both = AwardInput { lines: vec![part(1, 1, None)], ..to_one(1) };
    assert_eq!(case.told(&both).1, ["/lines contradiction"]);
}

#[test]
fn an_alternative_is_awarded_by_name_only() {
    let other =
        OfferInput { kind: Some("equivalent".into()), description: Some("S275JR".into()), ..offer_input(1, "580") };
    let case = Case::of(vec![quote_input(vec![other])]);
    assert_eq!(case.told(&to_one(1)).1, ["/quote_id alternative"]);
    let named = AwardLineInput { variant: 1, ..part(1, 1, None) };
    assert_eq!(case.award(&split(vec![named])).unwrap().parts[0].lines[0].variant, 1);
}

#[test]
fn awards_are_made_while_the_buyer_evaluates() {
    let case = Case::plain();
    for state in RfqState::ALL.into_iter().filter(|state| *state != RfqState::Evaluating) {
        let decision = Decision { state, terms: &case.terms, quotes: &[], standing: &[], at: at(0) };
        assert_eq!(to_one(1).check(decision).unwrap_err().kind, Kind::WrongState, "{state:?}");
    }
}

#[test]
fn a_standstill_takes_whole_days() {
    let mut case = Case::plain();
    case.terms.procedure.standstill_days = 10;
    let until = case.award(&to_one(1)).unwrap().standstill_until.unwrap();
    assert_eq!(until.to_rfc3339(), "2026-12-05T00:00:00+00:00", "decided on 24 November");
    let midnight = at(12 * 3600);
    let told = |at| standstill_until(&case.terms, at).unwrap().to_rfc3339();
    assert_eq!(told(midnight - TimeDelta::microseconds(1)), "2026-12-05T00:00:00+00:00");
    assert_eq!(told(midnight), "2026-12-06T00:00:00+00:00", "told on 25 November");
}

#[test]
fn the_choices_of_the_comparison_can_be_awarded() {
    let case = Case::plain();
    let compared = case.compared();
    let split = AwardInput::of_choice(&compared, &compared.best_split, "The best of each.");
    let award = case.award(&split).unwrap();
    let net: Decimal = award.parts.iter().map(|part| part.net_compared.amount()).sum();
    assert_eq!((net, compared.best_split.total.amount()), (dec("19900"), dec("19900")));
}

#[test]
fn when_a_winner_declines_the_next_best_is_proposed() {
    let case = Case::of(vec![whole("600", "800"), quote_input(vec![offer_input(2, "790")]), whole("620", "820")]);
    let compared = case.compared();
    let award = case.award(&to_one(1)).unwrap();
    let proposed = next_best(&compared, &award.parts[0].lines, &[quote_id(1)]);
    assert_eq!(proposed, [part(1, 3, Some("20")), part(2, 3, Some("10"))], "the next complete quote gets all");
    let award = case.award(&split(vec![part(1, 1, None), part(2, 1, Some("4"))])).unwrap();
    let one_line = next_best(&compared, &award.parts[0].lines[1..], &[quote_id(1)]);
    assert_eq!(one_line, [part(2, 2, Some("4"))], "a line goes to the next one for it");
    assert!(case.award(&split(one_line)).is_ok());
    let nobody = next_best(&compared, &award.parts[0].lines[..1], &[quote_id(1), quote_id(3)]);
    assert!(nobody.is_empty());
}
