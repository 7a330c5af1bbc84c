//! The comparison by examples.

use super::super::tests::{
    at, company, dec, euro, line_input, offer_input, quote_id, quote_input, request_input, terms,
};
use super::super::{Criterion, OfferInput, QuoteInput, RequestInput, TierInput};
use super::combination::best_combination;
use super::*;
use crate::kernel::Kind;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// So many lines of a tonne each, in euros or dollars.
pub fn request(lines: usize) -> Terms {
    let lines = (1..=lines).map(|line| line_input(&format!("Coil {line}"), "1", "TNE")).collect();
    terms(RequestInput { lines, ..request_input() })
}

/// A quote by line and price.
fn prices(prices: &[(LineNumber, &str)]) -> QuoteInput {
    quote_input(prices.iter().map(|(line, price)| offer_input(*line, price)).collect())
}

pub fn checked(terms: &Terms, inputs: Vec<QuoteInput>) -> Vec<Quote> {
    inputs.into_iter().map(|input| input.check(terms, 1).unwrap()).collect()
}

/// Handed in one after the other; the first one is quote 0.
pub fn entrants(quotes: &[Quote]) -> Vec<Entrant<'_>> {
    let entrant = |(number, quote): (u128, _)| Entrant {
        id: quote_id(number),
        quoter: company(number + 1),
        submitted_at: at(number as i64),
        quote,
        scores: BTreeMap::new(),
        allowance: None,
        accepted: BTreeSet::new(),
    };
    (0..).zip(quotes).map(entrant).collect()
}

fn compared(terms: &Terms, inputs: Vec<QuoteInput>) -> Comparison {
    let quotes = checked(terms, inputs);
    compare(terms, entrants(&quotes)).unwrap()
}

pub fn total(choice: &Choice) -> Decimal {
    choice.total.amount()
}

#[test]
fn everything_is_brought_to_landed_cost_in_one_currency_and_unit() {
    let terms = terms(request_input());
    let in_kilograms = OfferInput { unit: some("KGM"), ..offer_input(1, "0.6005") };
    let works = QuoteInput {
        currency: "USD".into(),
        incoterm: some("EXW"),
        freight: some("480"),
        tax_rate: "19".into(),
        ..quote_input(vec![in_kilograms, offer_input(2, "800")])
    };
    let compared = compared(&terms, vec![works]);
    let column = &compared.matrix.columns[0];
    let coil = compared.matrix.cell(0, 0).best_offer().unwrap();
    assert_eq!(coil.unit_price, dec("540.45"), "600.50 USD for a tonne at 0.9");
    assert_eq!((coil.net.amount(), coil.net.currency().code()), (dec("12010.00"), "USD"));
    assert_eq!(coil.landed.amount(), dec("12862.71"), "12010.00 × 1.19 × 0.9");
    assert_eq!(column.fixed.amount(), dec("514.08"), "480 × 1.19 × 0.9");
    assert_eq!(column.total.unwrap().amount(), dec("12862.71") + dec("8568.00") + dec("514.08"));
}

#[test]
fn what_the_buyer_reckons_for_the_rest_of_the_way_counts() {
    let terms = request(1);
    let quotes = checked(&terms, vec![prices(&[(1, "100")]), prices(&[(1, "101")])]);
    let mut entrants = entrants(&quotes);
    entrants[0].allowance = Some(Money::new(dec("2.50"), euro()).unwrap());
    let compared = compare(&terms, entrants).unwrap();
    assert_eq!(compared.matrix.columns[0].fixed.amount(), dec("2.50"));
    assert_eq!(compared.best_total.unwrap().by_line, [Some(1)]);
}

#[test]
fn the_tier_of_the_whole_quantity_is_compared() {
    let terms = terms(request_input());
    let tiers = vec![TierInput { from: "20".into(), unit_price: "550".into() }];
    let compared = compared(&terms, vec![quote_input(vec![OfferInput { tiers, ..offer_input(1, "600") }])]);
    assert_eq!(compared.matrix.cell(0, 0).best_offer().unwrap().net.amount(), dec("11000"));
}

#[test]
fn alternatives_compete_once_the_buyer_accepts_them() {
    let terms = request(1);
    let other = OfferInput { kind: some("equivalent"), description: some("S275JR"), ..offer_input(1, "90") };
    let quotes = checked(&terms, vec![quote_input(vec![offer_input(1, "100"), other])]);
    let best = |accepted: &[(LineNumber, Variant)]| {
        let mut entrants = entrants(&quotes);
        entrants[0].accepted = accepted.iter().copied().collect();
        let compared = compare(&terms, entrants).unwrap();
        assert_eq!(compared.matrix.cell(0, 0).offers.len(), 2, "both are shown");
        compared.matrix.cell(0, 0).best_offer().map(|offer| (offer.variant, offer.landed.amount()))
    };
    assert_eq!(best(&[]), Some((0, dec("100"))));
    assert_eq!(best(&[(1, 1)]), Some((1, dec("90"))));
}

#[test]
fn a_part_is_shown_and_does_not_compete() {
    let terms = request(2);
    let part = OfferInput { quantity: some("0.5"), ..offer_input(1, "10") };
    let compared = compared(&terms, vec![quote_input(vec![part, offer_input(2, "100")])]);
    let column = &compared.matrix.columns[0];
    assert_eq!((column.missing.as_slice(), column.total), (&[1][..], None));
    assert_eq!(compared.matrix.cell(0, 0).offers[0].landed.amount(), dec("5"));
    assert_eq!((compared.best_total.is_none(), compared.ranking.is_empty()), (true, true));
    assert_eq!(compared.best_split.uncovered, [1]);
    assert_eq!(compared.best_combination.choice.uncovered, [1]);
}

#[test]
fn scores_show_how_they_come_about() {
    let mut terms = request(1);
    let criterion = |kind: CriterionKind, key: &str, weight: &str| Criterion {
        kind,
        key: key.into(),
        names: BTreeMap::new(),
        weight: dec(weight),
    };
    terms.criteria = vec![
        criterion(CriterionKind::Price, "price", "60"),
        criterion(CriterionKind::LeadTime, "lead_time", "15"),
        criterion(CriterionKind::Score, "quality", "25"),
    ];
    let slow = quote_input(vec![OfferInput { lead_time_days: 21, ..offer_input(1, "90") }]);
    let fast = quote_input(vec![OfferInput { lead_time_days: 7, ..offer_input(1, "120") }]);
    let quotes = checked(&terms, vec![slow, fast]);
    let mut entrants = entrants(&quotes);
    entrants[0].scores = [("quality".to_owned(), dec("80"))].into();
    let compared = compare(&terms, entrants).unwrap();
    let money = |amount: &str| Money::new(dec(amount), euro()).unwrap();
    let slow = compared.scores[0].as_ref().unwrap();
    let shown: Vec<_> = slow.points.iter().map(|p| (p.key.as_str(), p.points, p.weighted)).collect();
    let expected = [
        ("price", dec("100"), dec("60")),
        ("lead_time", dec("33.3333"), dec("5.0000")),
        ("quality", dec("80"), dec("20")),
    ];
    assert_eq!((shown.as_slice(), slow.total), (&expected[..], dec("85")));
    let fast = compared.scores[1].as_ref().unwrap();
    assert_eq!(fast.points[0].grounds, Grounds::Price { lowest: money("90"), own: money("120") });
    assert_eq!(fast.points[1].grounds, Grounds::LeadTime { shortest: 7, own: 7 });
    assert_eq!((fast.points[2].grounds, fast.points[2].points), (Grounds::Given(None), dec("0")));
    assert_eq!(fast.total, dec("60"), "75 × 60 % + 100 × 15 %");
    assert_eq!((compared.ranking.as_slice(), compared.rank(quote_id(1))), (&[0, 1][..], Some(2)));
}

#[test]
fn equals_are_in_the_order_of_their_submission() {
    let terms = request(2);
    let same = || prices(&[(1, "100"), (2, "50")]);
    let quotes = checked(&terms, vec![same(), same(), same()]);
    let mut entrants = entrants(&quotes);
    (entrants[0].submitted_at, entrants[1].submitted_at) = (at(9), at(2));
    let compared = compare(&terms, entrants).unwrap();
    let ids: Vec<_> = compared.matrix.columns.iter().map(|column| column.quote).collect();
    assert_eq!(ids, [quote_id(1), quote_id(2), quote_id(0)]);
    assert_eq!(compared.ranking, [0, 1, 2]);
    assert_eq!(compared.line_rankings, [[0, 1, 2], [0, 1, 2]]);
    for choice in [compared.best_total.as_ref().unwrap(), &compared.best_split, &compared.best_combination.choice] {
        assert_eq!(choice.by_line, [Some(0), Some(0)]);
    }
    let next = compared.next_best(&[quote_id(1)]).unwrap();
    assert_eq!(next.quote, quote_id(2));
    assert_eq!(compared.next_best_for(2, &[quote_id(1), quote_id(2)]).unwrap().quote, quote_id(0));
    assert_eq!(compared.next_best_for(3, &[]), None);
}

#[test]
fn freight_is_due_for_each_quote_that_gets_something() {
    let terms = request(2);
    let with_freight = |input, freight: &str| QuoteInput { freight: some(freight), ..input };
    let first = with_freight(prices(&[(1, "100"), (2, "120")]), "30");
    let second = with_freight(prices(&[(1, "115"), (2, "100")]), "30");
    let compared = compared(&terms, vec![first, second]);
    assert_eq!(
        (total(&compared.best_split), compared.best_split.by_line.clone()),
        (dec("260"), vec![Some(0), Some(1)])
    );
    let best = compared.best_combination;
    assert_eq!((total(&best.choice), best.choice.by_line, best.proven), (dec("245"), vec![Some(1), Some(1)], true));
}

#[test]
fn a_discount_for_the_whole_needs_the_whole() {
    let terms = request(2);
    let discounted = QuoteInput { whole_discount_percent: some("20"), ..prices(&[(1, "100"), (2, "120")]) };
    let compared = compared(&terms, vec![discounted, prices(&[(1, "99"), (2, "90")])]);
    let column = &compared.matrix.columns[0];
    assert_eq!((column.whole_discount.amount(), column.total.unwrap().amount()), (dec("44"), dec("176")));
    assert_eq!(total(&compared.best_split), dec("189"));
    let best = compared.best_combination.choice;
    assert_eq!((total(&best), best.shares.len(), best.shares[0].discount.amount()), (dec("176"), 1, dec("44")));
}

#[test]
fn who_asks_for_a_least_share_gets_it_or_nothing() {
    let terms = request(3);
    let choosy = |percent: &str| QuoteInput {
        least_lines_percent: some(percent),
        ..prices(&[(1, "10"), (2, "100"), (3, "100")])
    };
    let others = || prices(&[(1, "50"), (2, "20"), (3, "20")]);
    let best = |percent| compared(&terms, vec![choosy(percent), others()]);
    let free = best("33.33").best_combination.choice;
    assert_eq!((total(&free), free.by_line), (dec("50"), vec![Some(0), Some(1), Some(1)]));
    let bound = best("60");
    assert!(!bound.best_split.keeps_conditions());
    let bound = bound.best_combination.choice;
    assert_eq!((total(&bound), bound.by_line.clone()), (dec("90"), vec![Some(1); 3]));
    assert!(bound.keeps_conditions());
}

#[test]
fn lines_are_covered_first_and_cheaply_second() {
    let terms = request(2);
    let dear = prices(&[(1, "1000"), (2, "1000")]);
    let cheap = QuoteInput { least_lines_percent: some("100"), ..prices(&[(1, "1")]) };
    let best = compared(&terms, vec![cheap, dear]).best_combination;
    assert_eq!((best.choice.by_line, best.proven), (vec![Some(0), Some(1)], true));
    let only_a_part = QuoteInput {
        least_lines_percent: some("100"),
        ..quote_input(vec![OfferInput { quantity: some("0.5"), ..offer_input(1, "1") }, offer_input(2, "1")])
    };
    let best = compared(&terms, vec![only_a_part]).best_combination.choice;
    assert_eq!((total(&best), best.uncovered), (dec("0"), vec![1, 2]));
}

#[test]
fn a_search_that_is_cut_off_says_so_and_keeps_the_conditions() {
    let terms = request(5);
    let input = |seed: u32| {
        let price = |line: u16| (50 + (u32::from(line) * 37 + seed * 53) % 61).to_string();
        let offers = (1..=5).map(|line| offer_input(line, &price(line))).collect();
        QuoteInput { freight: some("17"), least_lines_percent: some("40"), ..quote_input(offers) }
    };
    let quotes = checked(&terms, (0..6).map(input).collect());
    let compared = compare(&terms, entrants(&quotes)).unwrap();
    assert!(compared.best_combination.proven);
    let problem = Problem::of(&compared.matrix);
    let (cut, proven) = best_combination(&problem, Vec::new(), 3);
    assert!(!proven);
    assert!(problem.value(&cut).unwrap() >= minor(compared.best_combination.choice.total));
}

#[test]
fn what_the_buyer_says_of_quotes_is_checked() {
    let terms = request(1);
    let quotes = checked(&terms, vec![prices(&[(1, "1")])]);
    let mut entrants = entrants(&quotes);
    entrants[0].scores = [("quality".to_owned(), dec("80"))].into();
    entrants[0].allowance = Some(Money::new(dec("-1"), euro()).unwrap());
    let refusal = compare(&terms, entrants).unwrap_err();
    let told: Vec<_> = refusal.faults.iter().map(|fault| fault.code).collect();
    assert_eq!((refusal.kind, told), (Kind::InvalidInput, vec!["unknown", "negative"]));
}

#[test]
fn without_quotes_there_is_nothing_to_choose() {
    let compared = compare(&request(2), Vec::new()).unwrap();
    assert_eq!(compared.best_combination.choice.uncovered, [1, 2]);
    assert_eq!((compared.best_total, compared.best_combination.proven), (None, true));
}
