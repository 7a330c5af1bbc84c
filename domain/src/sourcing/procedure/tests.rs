//! Settings that go together, and those that do not.

use super::*;

fn preset(code: &str) -> ProcedureInput {
    ProcedureInput { preset: Some(code.into()), ..ProcedureInput::default() }
}

fn check(input: &ProcedureInput, invites: bool) -> Result<Procedure, Vec<String>> {
    let mut faults = Faults::default();
    let checked = input.check(invites, "/procedure", &mut faults);
    let told =
        faults.0.iter().map(|fault| format!("{} {}", fault.pointer.trim_start_matches("/procedure"), fault.code));
    checked.ok_or(told.collect())
}

#[test]
fn nothing_said_is_a_mini_tender() {
    assert_eq!(check(&ProcedureInput::default(), false), Ok(Preset::MiniTender.procedure()));
}

#[test]
fn who_is_invited_alone_sees_it_unless_something_else_is_said() {
    assert_eq!(check(&ProcedureInput::default(), true).unwrap().visibility, Visibility::Invited);
    let both = ProcedureInput { visibility: Some("both".into()), ..ProcedureInput::default() };
    assert_eq!(check(&both, true).unwrap().visibility, Visibility::Both);
    let portal = ProcedureInput { visibility: Some("portal".into()), ..ProcedureInput::default() };
    assert_eq!(check(&portal, true), Err(vec!["/visibility contradiction".into()]));
    let invited = ProcedureInput { visibility: Some("invited".into()), ..ProcedureInput::default() };
    assert_eq!(check(&invited, false), Err(vec!["/visibility contradiction".into()]));
}

#[test]
fn one_setting_overrides_the_preset_and_leaves_the_others() {
    let input = ProcedureInput { standstill_days: Some(0), rounds: Some(2), ..preset("sealed_tender") };
    let expected = Procedure { standstill_days: 0, rounds: 2, ..Preset::SealedTender.procedure() };
    assert_eq!(check(&input, false), Ok(expected));
}

#[test]
fn contradictions_are_told_together() {
    let open = ProcedureInput { secrecy: Some("open_ranking".into()), ..preset("two_envelope") };
    let expected = vec!["/envelopes contradiction".to_owned(), "/two_person_opening contradiction".into()];
    assert_eq!(check(&open, false), Err(expected));
    let auction = ProcedureInput { final_auction: Some(true), ..preset("mini_tender") };
    let expected = vec!["/alternatives contradiction".to_owned(), "/partial_quotes contradiction".into()];
    assert_eq!(check(&auction, false), Err(expected));
    let strict = ProcedureInput { alternatives: Some(false), partial_quotes: Some(false), ..auction };
    assert!(check(&strict, false).unwrap().final_auction);
}

#[test]
fn bounds_hold() {
    for (rounds, ok) in [(0, false), (1, true), (10, true), (11, false)] {
        assert_eq!(
            check(&ProcedureInput { rounds: Some(rounds), ..preset("framework") }, false).is_ok(),
            ok,
            "{rounds}"
        );
    }
    for (days, ok) in [(60, true), (61, false)] {
        let input = ProcedureInput { standstill_days: Some(days), ..preset("framework") };
        assert_eq!(check(&input, false).is_ok(), ok, "{days}");
    }
}

#[test]
fn unknown_words_are_told_together() {
    let input = ProcedureInput {
        preset: Some("auction".into()),
        secrecy: Some("secret".into()),
        envelopes: Some(3),
        outcome: Some("order".into()),
        visibility: Some("all".into()),
        ..ProcedureInput::default()
    };
    let expected =
        ["/preset preset", "/secrecy secrecy", "/envelopes out_of_range", "/outcome outcome", "/visibility visibility"];
    assert_eq!(check(&input, false), Err(expected.map(String::from).to_vec()));
}

#[test]
fn what_was_checked_can_be_sent_in_again() {
    for preset in Preset::ALL {
        let procedure = preset.procedure();
        assert_eq!(check(&procedure.input(), false), Ok(procedure), "{preset:?}");
    }
}
