//! Framework agreements and what is called off from them.

use super::*;
use crate::kernel::{Kind, Refusal};

/// 20 t of coil for 600 a tonne and 10 t of sheet, for December to February.
fn framework() -> Framework {
    let mut input = request_input();
    input.procedure.preset = Some("framework".into());
    (input.framework_months, input.deadlines.start) = (Some(3), Some(day(7)));
    let terms = terms(input);
    let quote = quote_input(vec![offer_input(1, "600"), offer_input(2, "800")]).check(&terms, 1).unwrap();
    let entry = Awardable { id: quote_id(1), quoter: company(1), quote: &quote, state: QuoteState::Submitted };
    let award = AwardInput { quote: Some(quote_id(1)), lines: Vec::new(), reason: "The only one.".into() };
    let state = RfqState::Evaluating;
    let decision = Decision { state, terms: &terms, quotes: &[entry], standing: &[], at: at(1_500) };
    Framework::of(&terms, &award.check(decision).unwrap().parts[0]).unwrap()
}

fn call(line: LineNumber, quantity: &str, unit: Option<&str>) -> CallOffInput {
    CallOffInput { line, variant: 0, quantity: quantity.into(), unit: unit.map(String::from) }
}

fn used(coil: &str, sheet: &str) -> Used {
    [((1, 0), dec(coil)), ((2, 0), dec(sheet))].into()
}

fn call_off(used: &Used, inputs: &[CallOffInput]) -> Result<Vec<CallOffLine>, Refusal> {
    framework().call_off(used, inputs, day(7))
}

#[test]
fn orders_are_called_off_at_the_agreed_prices_in_any_unit_that_converts() {
    let called = call_off(&Used::new(), &[call(1, "2500", Some("KGM")), call(2, "1", None)]).unwrap();
    assert_eq!((called[0].quantity, called[0].amount.amount()), (tonnes("2.5"), dec("1500")));
    assert_eq!(called[1].amount.amount(), dec("800"));
}

#[test]
fn no_more_is_called_off_than_is_left() {
    let used = used("17.5", "0");
    assert!(call_off(&used, &[call(1, "2.5", None)]).is_ok());
    let over = call_off(&used, &[call(1, "2.500001", None), call(2, "11", None)]).unwrap_err();
    assert_eq!((over.kind, over.faults.len()), (Kind::OverCallOff, 2));
    assert_eq!(over.faults[0].detail, "Of line 1 2.5 TNE are left.");
}

#[test]
fn it_is_in_force_from_its_first_day_until_before_its_end() {
    let framework = framework();
    let call = |day| framework.call_off(&Used::new(), &[call(1, "1", None)], day).err().map(|refusal| refusal.kind);
    assert_eq!(call(day(6)), Some(Kind::OutsidePeriod));
    assert_eq!(call(day(7)), None);
    let end = Date::from_ymd_opt(2027, 3, 1).unwrap();
    assert_eq!(call(end.pred_opt().unwrap()), None);
    assert_eq!(call(end), Some(Kind::OutsidePeriod));
}

#[test]
fn bad_orders_are_told_at_once() {
    let inputs =
        [call(3, "1", None), call(1, "-1", None), call(1, "1", Some("MTR")), call(2, "1", None), call(2, "1", None)];
    let refusal = call_off(&Used::new(), &inputs).unwrap_err();
    let told: Vec<_> = refusal.faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    let expected = [
        ("/lines/0/line", "unknown"),
        ("/lines/1/quantity", "negative"),
        ("/lines/2/unit", "unit_mismatch"),
        ("/lines/4/line", "twice"),
    ];
    assert_eq!((refusal.kind, told), (Kind::InvalidInput, expected.to_vec()));
    assert_eq!(call_off(&Used::new(), &[call(1, "1", Some("MTR"))]).unwrap_err().kind, Kind::UnitMismatch);
    assert_eq!(call_off(&Used::new(), &[call(1, "0.001", Some("KGM"))]).unwrap()[0].quantity, tonnes("0.000001"));
    assert_eq!(call_off(&Used::new(), &[call(1, "0.0001", Some("KGM"))]).unwrap_err().faults[0].code, "inexact");
    assert_eq!(call_off(&Used::new(), &[]).unwrap_err().faults[0].code, "required");
}

#[test]
fn its_state_follows_from_what_is_left_and_the_day() {
    let framework = framework();
    let table = [
        (used("0", "0"), day(6), FrameworkState::NotBegun),
        (used("20", "9.9"), day(7), FrameworkState::InForce),
        (used("20", "10"), day(8), FrameworkState::UsedUp),
        (used("20", "10"), day(400), FrameworkState::Ended),
    ];
    for (used, day, expected) in table {
        assert_eq!(framework.state(&used, day), expected, "{day}");
    }
}

#[test]
fn its_prices_cover_the_way_to_the_buyer() {
    let mut input = request_input();
    input.procedure.preset = Some("framework".into());
    (input.framework_months, input.deadlines.start) = (Some(3), Some(day(7)));
    let terms = terms(input);
    let with = |incoterm: &str, freight: &str| {
        let quote = quote_input(vec![offer_input(1, "600")]);
        let quote = QuoteInput { incoterm: Some(incoterm.into()), freight: Some(freight.into()), ..quote };
        quote.check(&terms, 1).err().map(|refusal| refusal.faults[0].pointer.clone())
    };
    assert_eq!(with("DAP", "0"), None);
    assert_eq!(with("DAP", "1").as_deref(), Some("/freight"));
    assert_eq!(with("EXW", "0").as_deref(), Some("/incoterm"));
    assert_eq!(Framework::of(&request(), &part()), None);
}

fn part() -> AwardPart {
    let zero = crate::kernel::Money::zero(euro());
    AwardPart {
        quote: quote_id(1),
        quoter: company(1),
        lines: Vec::new(),
        freight: zero,
        net: zero,
        tax: zero,
        net_compared: zero,
    }
}
