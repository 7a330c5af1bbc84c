use super::*;
use crate::catalogue::tier::Tier;

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn price(amount: &str, code: &str) -> UnitPrice {
    UnitPrice::new(amount.parse().unwrap(), currency(code)).unwrap()
}

fn offer() -> Tiers {
    let tier = |from: i64, amount: &str| Tier { from: from.into(), unit_price: price(amount, "EUR") };
    Tiers::new(vec![tier(2, "100"), tier(10, "90")], "").unwrap()
}

fn id(n: u128) -> PriceListId {
    PriceListId(uuid::Uuid::from_u128(n))
}

fn empty(n: u128, audience: Audience, priority: i32) -> PriceList {
    PriceList { id: id(n), audience, priority, entry: Vec::new(), category_discount: None, discount: None }
}

fn priced(n: u128, code: &str, steps: &[(i64, i64)]) -> PriceList {
    let tier = |&(from, amount): &(i64, i64)| ListTier {
        from: from.into(),
        amount: Amount::Price(UnitPrice::new(amount.into(), currency(code)).unwrap()),
    };
    PriceList { entry: steps.iter().map(tier).collect(), ..empty(n, Audience::Buyer, 0) }
}

fn found(lists: &[PriceList], quantity: i64) -> Option<(String, PriceSource)> {
    let price = caller_price(&offer(), lists, quantity.into(), currency("EUR"))?;
    Some((price.unit_price.amount().normalize().to_string(), price.source))
}

fn from_list(amount: &str, n: u128) -> Option<(String, PriceSource)> {
    Some((amount.to_owned(), PriceSource::PriceList(id(n))))
}

#[test]
fn without_price_lists_the_offer_counts() {
    assert_eq!(found(&[], 1), None);
    assert_eq!(found(&[], 2), Some(("100".into(), PriceSource::List)));
    assert_eq!(found(&[], 10), Some(("90".into(), PriceSource::Tier)));
}

#[test]
fn a_price_list_goes_before_the_offer_even_if_dearer() {
    let lists = [priced(1, "EUR", &[(1, 120), (50, 70)])];
    assert_eq!(found(&lists, 10), from_list("120", 1));
    assert_eq!(found(&lists, 50), from_list("70", 1));
}

#[test]
fn the_audience_decides_before_the_priority_and_that_before_the_price() {
    let everyone = PriceList { audience: Audience::Everyone, priority: 9, ..priced(1, "EUR", &[(1, 10)]) };
    let group = PriceList { audience: Audience::BuyerGroup, ..priced(2, "EUR", &[(1, 50)]) };
    let buyer = PriceList { ..priced(3, "EUR", &[(1, 80)]) };
    let urgent = PriceList { priority: 1, ..priced(4, "EUR", &[(1, 85)]) };
    assert_eq!(found(std::slice::from_ref(&everyone), 5), from_list("10", 1));
    assert_eq!(found(&[everyone.clone(), group.clone()], 5), from_list("50", 2));
    assert_eq!(found(&[everyone.clone(), group.clone(), buyer.clone()], 5), from_list("80", 3));
    assert_eq!(found(&[urgent, buyer, group, everyone], 5), from_list("85", 4));
}

#[test]
fn the_lower_price_wins_and_then_the_smaller_id() {
    let lists = [priced(3, "EUR", &[(1, 80)]), priced(2, "EUR", &[(1, 80)]), priced(1, "EUR", &[(1, 85), (20, 60)])];
    assert_eq!(found(&lists, 10), from_list("80", 2));
    assert_eq!(found(&lists, 20), from_list("60", 1));
}

#[test]
fn lists_that_do_not_apply_are_passed_over() {
    let lists = [priced(1, "USD", &[(1, 1)]), priced(2, "EUR", &[(100, 1)])];
    assert_eq!(found(&lists, 10), Some(("90".into(), PriceSource::Tier)));
}

#[test]
fn another_currency_than_the_offers_is_had_by_price_list_only() {
    let discount = PriceList { discount: Some(10.into()), ..empty(2, Audience::Buyer, 5) };
    let lists = [priced(1, "USD", &[(1, 110)]), discount];
    let dollars = caller_price(&offer(), &lists, 5.into(), currency("USD")).unwrap();
    assert_eq!((dollars.unit_price, dollars.source), (price("110", "USD"), PriceSource::PriceList(id(1))));
    assert_eq!(caller_price(&offer(), &[], 5.into(), currency("USD")), None);
    assert_eq!(found(&lists, 5), from_list("90", 2));
}

#[test]
fn discounts_are_on_the_offers_price_at_the_quantity() {
    let list = PriceList {
        entry: vec![ListTier { from: 20.into(), amount: Amount::Discount("33.3333".parse().unwrap()) }],
        category_discount: Some(20.into()),
        discount: Some(10.into()),
        ..empty(1, Audience::Buyer, 0)
    };
    assert_eq!(found(std::slice::from_ref(&list), 2), from_list("80", 1));
    assert_eq!(found(std::slice::from_ref(&list), 10), from_list("72", 1));
    assert_eq!(found(std::slice::from_ref(&list), 20), from_list("60.00003", 1));
    let plain = PriceList { entry: Vec::new(), category_discount: None, ..list.clone() };
    assert_eq!(found(std::slice::from_ref(&plain), 10), from_list("81", 1));
    // Where the offer has no price, a share of it is none.
    assert_eq!(found(&[plain], 1), None);
    assert_eq!(steps(&[list]), ["2: 80", "10: 72", "20: 60.00003"]);
}

fn steps(lists: &[PriceList]) -> Vec<String> {
    let steps = caller_steps(&offer(), lists);
    steps.iter().map(|(from, one)| format!("{from}: {}", one.amount().normalize())).collect()
}

#[test]
fn the_steps_of_a_caller_are_those_of_the_offer_and_all_lists() {
    assert_eq!(steps(&[]), ["2: 100", "10: 90"]);
    // Up to 5 the list for everyone speaks, from 5 on that for the company; from 50 on the one of the higher priority.
    let everyone = PriceList { audience: Audience::Everyone, ..priced(1, "EUR", &[(0, 95), (20, 60)]) };
    let buyer = priced(2, "EUR", &[(5, 70), (30, 65)]);
    let urgent = PriceList { priority: 1, ..priced(3, "EUR", &[(50, 66), (60, 66)]) };
    let dollars = priced(4, "USD", &[(7, 1)]);
    let lists = [everyone, buyer, urgent, dollars];
    assert_eq!(steps(&lists), ["0: 95", "5: 70", "30: 65", "50: 66"]);
    for (from, price) in caller_steps(&offer(), &lists) {
        assert_eq!(caller_price(&offer(), &lists, from, currency("EUR")).unwrap().unit_price, price);
    }
    // Below the list the offer counts, and a discount is on each of the offer's steps.
    assert_eq!(steps(&[priced(1, "EUR", &[(20, 80)])]), ["2: 100", "10: 90", "20: 80"]);
    let discount = PriceList { discount: Some(10.into()), ..empty(1, Audience::Everyone, 0) };
    assert_eq!(steps(&[discount, priced(2, "EUR", &[(20, 80)])]), ["2: 90", "10: 81", "20: 80"]);
}

#[test]
fn a_discount_is_rounded_half_to_even_to_six_decimals() {
    let half = |amount: &str| discounted(price(amount, "EUR"), "50".parse().unwrap()).unwrap().amount().to_string();
    assert_eq!((half("0.000001"), half("0.000003")), ("0.000000".into(), "0.000002".into()));
    let code = |percent: &str| check_discount(percent.parse().unwrap()).err().map(|invalid| invalid.code);
    assert_eq!(
        ["0", "100", "12.5", "-1", "100.1", "0.00001"].map(code),
        [None, None, None, Some("out_of_range"), Some("out_of_range"), Some("too_precise")]
    );
}

#[test]
fn every_candidate_says_why_it_won_or_lost() {
    let lists = [
        PriceList { audience: Audience::Everyone, priority: 9, ..priced(1, "EUR", &[(1, 10)]) },
        PriceList { priority: 1, ..priced(2, "EUR", &[(1, 80)]) },
        priced(3, "EUR", &[(1, 70)]),
        PriceList { priority: 1, ..priced(4, "EUR", &[(1, 85)]) },
        PriceList { priority: 1, ..priced(5, "EUR", &[(1, 80)]) },
        priced(6, "USD", &[(1, 1)]),
        priced(7, "EUR", &[(100, 1)]),
    ];
    let told = explain(&offer(), &lists, 5.into(), currency("EUR"));
    let told: Vec<_> = told.iter().map(|one| (one.list.map(|id| id.0.as_u128()), one.outcome)).collect();
    assert_eq!(
        told,
        [
            (Some(2), Outcome::Won),
            (Some(5), Outcome::LaterId),
            (Some(4), Outcome::Dearer),
            (Some(3), Outcome::LowerPriority),
            (Some(1), Outcome::LessSpecific),
            (Some(6), Outcome::OtherCurrency),
            (Some(7), Outcome::AboveQuantity),
            (None, Outcome::BehindPriceList),
        ]
    );
    let alone = explain(&offer(), &[], 5.into(), currency("EUR"));
    assert_eq!((alone.len(), alone[0].outcome), (1, Outcome::Won));
}

#[test]
fn the_explanation_and_the_price_never_differ() {
    let lists = [
        priced(1, "EUR", &[(1, 95), (8, 60)]),
        PriceList { audience: Audience::BuyerGroup, discount: Some(50.into()), ..empty(2, Audience::Buyer, 3) },
        priced(3, "USD", &[(4, 7)]),
    ];
    for subset in 0..8_usize {
        let some: Vec<PriceList> = (0..3).filter(|n| subset >> n & 1 == 1).map(|n| lists[n].clone()).collect();
        for quantity in 1..12 {
            for code in ["EUR", "USD", "CHF"] {
                let price = caller_price(&offer(), &some, quantity.into(), currency(code));
                let told = explain(&offer(), &some, quantity.into(), currency(code));
                let won = told.iter().find(|one| one.outcome == Outcome::Won).and_then(|one| one.price);
                assert_eq!(won, price, "{subset} {quantity} {code}");
            }
        }
    }
}
