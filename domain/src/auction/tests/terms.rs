//! Auctions as they are sent in.

use super::*;
use crate::contract::TermsInput;
use crate::kernel::Faults;
use crate::kernel::language::Texts;

fn texts(text: &str) -> Texts {
    [("en".to_owned(), text.to_owned())].into()
}

fn lot(start: &str) -> LotInput {
    LotInput {
        names: texts("Pallet of bearings"),
        units: 1,
        content: "480".into(),
        unit: "C62".into(),
        start_price: start.into(),
        reserve_price: None,
        buy_now_price: None,
        floor_price: None,
        price_step: None,
    }
}

/// An English auction of bearings, from 100.00 EUR on.
fn input() -> AuctionInput {
    AuctionInput {
        names: texts("Surplus of the Kiel works"),
        preset: None,
        format: Some("english".into()),
        pricing: None,
        currency: "EUR".into(),
        opens_at: at(0),
        closes_at: Some(at(3600)),
        stagger_seconds: None,
        increments: Some(IncrementsInput::Table(vec![RangeInput { from: "0".into(), step: "2.50".into() }])),
        proxy: None,
        soft_close: None,
        interval_seconds: None,
        sealed_seconds: None,
        topping_seconds: None,
        undersubscribed: None,
        disclosure: None,
        access: None,
        deposit: None,
        lots: vec![lot("100.00")],
        terms: TermsInput { incoterm: "EXW".into(), place: "Kiel".into(), payment_days: 14, delivery_date: None },
        tax_category: "S".into(),
        tax_rate: "19".into(),
    }
}

fn preset(code: &str) -> AuctionInput {
    AuctionInput { preset: Some(code.into()), format: None, increments: None, ..input() }
}

fn terms(input: AuctionInput) -> Terms {
    let mut faults = Faults::default();
    input.check("", &mut faults).unwrap_or_else(|| panic!("{faults:?}"))
}

fn faults(input: AuctionInput) -> Vec<String> {
    let mut faults = Faults::default();
    let checked = input.check("", &mut faults);
    assert_eq!(checked.is_none(), !faults.0.is_empty());
    faults.0.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
}

#[test]
fn an_auction_that_fits_passes() {
    let terms = terms(input());
    assert_eq!(terms.rules.increments, Increments::Table(vec![Range { from: 0, step: 250 }]));
    assert_eq!((terms.rules.lots[0].start, terms.rules.proxy, terms.rules.deposit), (10_000, true, 0));
    assert_eq!(terms.goods[0].content, 480.into());
    assert!(terms.check_new(at(-1)).is_ok());
    assert_eq!(terms.check_new(at(0)).unwrap_err().faults[0].code, "in_past");
}

#[test]
fn all_faults_are_told_at_once() {
    let bad = AuctionInput {
        names: Texts::new(),
        currency: "EUX".into(),
        pricing: Some("fair".into()),
        disclosure: Some("nobody".into()),
        access: Some("all".into()),
        undersubscribed: Some("maybe".into()),
        tax_rate: "x".into(),
        lots: vec![LotInput { units: 0, content: "0".into(), unit: "!".into(), ..lot("1") }],
        ..input()
    };
    let expected = [
        "/name required",
        "/currency currency",
        "/pricing pricing",
        "/undersubscribed undersubscribed",
        "/disclosure disclosure",
        "/access access",
        "/lots/0/unit unit",
        "/lots/0/content not_positive",
        "/lots/0/units out_of_range",
        "/tax/rate decimal",
    ];
    assert_eq!(faults(bad), expected);
}

#[test]
fn a_format_or_a_preset_is_needed() {
    assert_eq!(faults(AuctionInput { format: None, ..input() }), ["/format required"]);
    assert_eq!(faults(AuctionInput { format: Some("swedish".into()), ..input() }), ["/format format"]);
    assert_eq!(faults(AuctionInput { preset: Some("x".into()), format: None, ..input() }), ["/preset preset"]);
}

#[test]
fn what_a_format_does_not_take_is_refused() {
    let soft_close = Some(SoftClose { seconds: 600, final_end: None });
    let sealed = AuctionInput {
        format: Some("sealed_second_price".into()),
        soft_close,
        proxy: Some(true),
        interval_seconds: Some(60),
        sealed_seconds: Some(60),
        lots: vec![LotInput {
            units: 2,
            buy_now_price: Some("500".into()),
            floor_price: Some("50".into()),
            ..lot("100")
        }],
        ..input()
    };
    let expected = [
        "/lots/0/units not_taken",
        "/lots/0/buy_now_price not_taken",
        "/lots/0/floor_price not_taken",
        "/soft_close not_taken",
        "/interval_seconds not_taken",
        "/sealed_seconds not_taken",
        "/proxy not_taken",
    ];
    assert_eq!(faults(sealed), expected);
    let dutch = AuctionInput {
        format: Some("dutch".into()),
        lots: vec![LotInput { reserve_price: Some("100".into()), ..lot("100") }],
        ..input()
    };
    let expected = [
        "/lots/0/reserve_price not_taken",
        "/lots/0/floor_price required",
        "/lots/0/price_step required",
        "/closes_at not_taken",
        "/interval_seconds required",
    ];
    assert_eq!(faults(dutch), expected);
}

#[test]
fn prices_that_contradict_each_other_are_refused() {
    let one = |lot: LotInput| faults(AuctionInput { lots: vec![lot], ..input() });
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(
        one(LotInput { reserve_price: said("99.99"), ..lot("100") }),
        ["/lots/0/reserve_price worse_than_start"]
    );
    let buy = LotInput { reserve_price: said("150"), buy_now_price: said("149"), ..lot("100") };
    assert_eq!(one(buy), ["/lots/0/buy_now_price below_reserve"]);
    assert_eq!(one(lot("0")), ["/lots/0/start_price not_positive"]);
    assert_eq!(one(lot("1.005")), ["/lots/0/start_price too_precise"]);
    let large = LotInput { units: 1_000_000_000, ..lot("1000000000") };
    assert_eq!(one(large), ["/lots/0/start_price out_of_range"]);
    let reverse = AuctionInput {
        format: Some("reverse_english".into()),
        lots: vec![LotInput { reserve_price: said("100.01"), ..lot("100") }],
        ..input()
    };
    assert_eq!(faults(reverse), ["/lots/0/reserve_price worse_than_start"]);
}

#[test]
fn times_that_make_no_sense_are_refused() {
    let soft = |seconds, final_end| Some(SoftClose { seconds, final_end });
    let with = |change: &dyn Fn(&mut AuctionInput)| {
        let mut input = input();
        change(&mut input);
        faults(input)
    };
    assert_eq!(with(&|input| input.closes_at = None), ["/closes_at required"]);
    assert_eq!(with(&|input| input.closes_at = Some(at(0))), ["/closes_at before_start"]);
    assert_eq!(with(&|input| input.closes_at = Some(at(40_000_000))), ["/closes_at out_of_range"]);
    assert_eq!(with(&|input| input.stagger_seconds = Some(u32::MAX)), ["/stagger_seconds out_of_range"]);
    assert_eq!(with(&|input| input.soft_close = soft(0, None)), ["/soft_close/seconds out_of_range"]);
    assert_eq!(with(&|input| input.soft_close = soft(9, Some(at(9)))), ["/soft_close/final_end before_end"]);
    let far = Some(at(80_000_000));
    assert_eq!(with(&|input| input.soft_close = soft(9, far)), ["/soft_close/final_end out_of_range"]);
    let slow = AuctionInput { interval_seconds: Some(9_000_000), closes_at: None, ..preset("prozorro_like") };
    assert_eq!(faults(slow), ["/interval_seconds out_of_range"]);
}

#[test]
fn increments_are_checked_row_by_row() {
    let table = |rows: &[(&str, &str)]| {
        let rows = rows.iter().map(|(from, step)| RangeInput { from: (*from).into(), step: (*step).into() });
        faults(AuctionInput { increments: Some(IncrementsInput::Table(rows.collect())), ..input() })
    };
    assert_eq!(table(&[]), ["/increments/table out_of_range"]);
    assert_eq!(table(&[("1", "1")]), ["/increments/table/0/from not_zero"]);
    assert_eq!(table(&[("0", "0")]), ["/increments/table/0/step not_positive"]);
    let expected = ["/increments/table/1/from not_ascending", "/increments/table/1/step not_ascending"];
    assert_eq!(table(&[("0", "2"), ("0", "1")]), expected);
    assert_eq!(faults(AuctionInput { increments: None, ..input() }), ["/increments required"]);
    let share = |least: &str, most: Option<&str>| {
        let (least_percent, most_percent) = (least.into(), most.map(Into::into));
        let increments = Some(IncrementsInput::Share { least_percent, most_percent });
        faults(AuctionInput { increments, ..input() })
    };
    assert_eq!(share("0.5", Some("5")), [""; 0]);
    assert_eq!(share("5", Some("0.5")), ["/increments/most_percent below_least"]);
    assert_eq!(share("0.001", None), ["/increments/least_percent out_of_range"]);
    assert_eq!(share(&"9".repeat(28), None), ["/increments/least_percent out_of_range"]);
}

#[test]
fn presets_fill_the_settings() {
    let ebay = terms(preset("ebay_like")).rules;
    assert_eq!((ebay.format, ebay.proxy, ebay.increments.step(9_999, 1)), (Format::English, true, 100));
    let tender = terms(preset("tender_44fz_like")).rules;
    assert_eq!((tender.format, tender.proxy), (Format::ReverseEnglish, false));
    assert_eq!(tender.increments, Increments::Share { least: 50, most: Some(500) });
    assert_eq!(tender.soft_close, Some(SoftClose { seconds: 600, final_end: None }));
    let units = vec![LotInput { units: 5_000, ..lot("20") }];
    let allowance = terms(AuctionInput { lots: units, ..preset("allowance_like") }).rules;
    assert_eq!((allowance.format, allowance.pricing), (Format::SealedFirstPrice, Pricing::UniformPrice));
    assert_eq!(allowance.undersubscribed, Undersubscribed::Cancel);
    let prozorro = terms(AuctionInput { closes_at: None, ..preset("prozorro_like") }).rules;
    assert_eq!((prozorro.format, prozorro.parts), (Format::Hybrid, Some(Parts { sealed: 600, topping: 300 })));
    assert_eq!(prozorro.lots[0].fall, Some(Fall { step: 100, floor: 2_000 }));
}

#[test]
fn single_settings_override_a_preset() {
    let tender = AuctionInput {
        soft_close: Some(SoftClose { seconds: 300, final_end: Some(at(7200)) }),
        disclosure: Some("parties".into()),
        access: Some("invited".into()),
        format: Some("english".into()),
        ..preset("tender_44fz_like")
    };
    let rules = terms(tender).rules;
    assert_eq!((rules.format, rules.disclosure, rules.access), (Format::English, Disclosure::Parties, Access::Invited));
    assert_eq!(rules.soft_close.unwrap().seconds, 300);
    let prozorro = AuctionInput {
        closes_at: None,
        interval_seconds: Some(60),
        topping_seconds: Some(120),
        lots: vec![LotInput { floor_price: Some("60".into()), ..lot("100") }],
        ..preset("prozorro_like")
    };
    let rules = terms(prozorro).rules;
    assert_eq!((rules.interval, rules.parts), (Some(60), Some(Parts { sealed: 600, topping: 120 })));
    assert_eq!(rules.lots[0].fall, Some(Fall { step: 100, floor: 6_000 }));
}

#[test]
fn a_deposit_is_an_amount_of_the_currency() {
    assert_eq!(terms(AuctionInput { deposit: Some("25.00".into()), ..input() }).rules.deposit, 2_500);
    let bad = |text: &str| faults(AuctionInput { deposit: Some(text.into()), ..input() });
    assert_eq!((bad("1.001"), bad("-1")), (vec!["/deposit too_precise".into()], vec!["/deposit out_of_range".into()]));
}
