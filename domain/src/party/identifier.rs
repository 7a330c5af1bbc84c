//! Identifiers of legal entities, each with the check digits of its scheme. They are kept in one normal form, so that the same
//! number written in two ways is the same identifier.

mod check_digit;
mod russia;
mod vat;

pub(super) use check_digit::mod_97;
use check_digit::{Wrong, gs1, number};

use crate::kernel::refusal::Invalid;

/// Who gave the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Legal Entity Identifier (ISO 17442).
    Lei,
    /// VAT number with the prefix of its country, of the EU, the United Kingdom or EFTA.
    Vat,
    /// Russian taxpayer number: 10 digits for a legal entity, 12 for a sole trader.
    RuInn,
    /// Russian code of the reason for registration with a tax office.
    RuKpp,
    /// Russian registration number: 13 digits for a legal entity, 15 for a sole trader (OGRNIP).
    RuOgrn,
    /// Global Location Number (GS1).
    Gln,
    /// D-U-N-S number (Dun & Bradstreet).
    Duns,
}

impl Scheme {
    pub const ALL: [Self; 7] = [Self::Lei, Self::Vat, Self::RuInn, Self::RuKpp, Self::RuOgrn, Self::Gln, Self::Duns];

    pub fn code(self) -> &'static str {
        match self {
            Self::Lei => "lei",
            Self::Vat => "vat",
            Self::RuInn => "ru_inn",
            Self::RuKpp => "ru_kpp",
            Self::RuOgrn => "ru_ogrn",
            Self::Gln => "gln",
            Self::Duns => "duns",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|scheme| scheme.code() == code);
        known.ok_or_else(|| Invalid::new("scheme", format!("`{code}` is not a scheme of identifiers.")))
    }

    /// The form of the values, for people.
    fn form(self) -> &'static str {
        match self {
            Self::Lei => "An LEI has 18 letters or digits and 2 check digits.",
            Self::Vat => "A VAT number starts with the prefix of its country, such as DE, and has the form used there.",
            Self::RuInn => "An INN has 10 digits for a legal entity or 12 for a sole trader.",
            Self::RuKpp => "A KPP has 9 characters, all digits but for the fifth and sixth.",
            Self::RuOgrn => "An OGRN has 13 digits for a legal entity or 15 for a sole trader.",
            Self::Gln => "A GLN has 13 digits.",
            Self::Duns => "A D-U-N-S number has 9 digits.",
        }
    }

    /// Characters between the others that people write for readability; white space is always one.
    fn separators(self) -> &'static [char] {
        match self {
            Self::Vat => &['.', '-'],
            Self::Duns => &['-'],
            Self::Lei | Self::RuInn | Self::RuKpp | Self::RuOgrn | Self::Gln => &[],
        }
    }
}

/// An identifier in its normal form: upper case, no separators.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identifier {
    pub scheme: Scheme,
    pub value: String,
}

impl Identifier {
    /// Normalises and checks a value. Faults: `scheme` (unknown), `format`, `check_digit`.
    pub fn parse(scheme: &str, value: &str) -> Result<Self, Invalid> {
        let scheme = Scheme::parse(scheme)?;
        let separators = scheme.separators();
        let kept = value.chars().filter(|c| !c.is_whitespace() && !separators.contains(c));
        let plain = kept.collect::<String>().to_ascii_uppercase();
        match check(scheme, plain) {
            Ok(value) => Ok(Self { scheme, value }),
            Err(Wrong::Format) => Err(Invalid::new("format", scheme.form())),
            Err(Wrong::CheckDigit) => Err(Invalid::new("check_digit", "The check digits do not fit the number.")),
        }
    }
}

/// The normal form of a value without separators.
fn check(scheme: Scheme, value: String) -> Result<String, Wrong> {
    match scheme {
        Scheme::Vat => return vat::check(&value),
        Scheme::Lei => lei(&value),
        Scheme::RuInn => russia::inn(&value),
        Scheme::RuKpp => russia::kpp(&value),
        Scheme::RuOgrn => russia::ogrn(&value),
        Scheme::Gln => gln(&value),
        // Its check digit has had no meaning since 2006.
        Scheme::Duns => number(&value, 9).map(drop),
    }?;
    Ok(value)
}

/// ISO 17442: MOD 97-10 of ISO/IEC 7064 over all 20 characters.
fn lei(value: &str) -> Result<(), Wrong> {
    let (entity, digits) = value.split_at_checked(18).ok_or(Wrong::Format)?;
    number(digits, 2)?;
    Wrong::format_unless(entity.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))?;
    Wrong::check_digit_unless(mod_97(value) == 1)
}

fn gln(value: &str) -> Result<(), Wrong> {
    let digits = number(value, 13)?;
    Wrong::check_digit_unless(gs1(&digits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each of these is a published number; the last one of a row is the same with one character changed.
    const PUBLISHED: &[(&str, &str, &str, &str)] = &[
        ("Siemens AG", "lei", "W38RGI023J3WT1HWRP32", "W38RGI023J3WT1HWRP33"),
        ("Deutsche Bank AG", "lei", "7LTWFZYICNSX8D621K86", "7LTWFZYICNSX8D621K76"),
        ("SAP SE", "lei", "529900D6BF99LW9R2E68", "529900D6BF99LW9R3E68"),
        ("Apple Inc.", "lei", "HWUPKR0MPOU8FGXBT394", "HWUPKR0MPOU8FGXCT394"),
        ("Microsoft Corporation", "lei", "INR2EJN1ERAN0W5ZP974", "IMR2EJN1ERAN0W5ZP974"),
        ("Sberbank", "ru_inn", "7707083893", "7707083894"),
        ("Gazprom", "ru_inn", "7736050003", "7736050013"),
        ("Yandex", "ru_inn", "7736207543", "7736207643"),
        ("VTB", "ru_inn", "7702070139", "7702071139"),
        ("MTS", "ru_inn", "7740000076", "7740010076"),
        ("a sole trader", "ru_inn", "500100732259", "500100732258"),
        ("a sole trader", "ru_inn", "500100732259", "500100732159"),
        ("Sberbank", "ru_ogrn", "1027700132195", "1027700132196"),
        ("Gazprom", "ru_ogrn", "1027700070518", "1027700070528"),
        ("Yandex", "ru_ogrn", "1027700229193", "1027700229293"),
        ("VTB", "ru_ogrn", "1027739609391", "1027739608391"),
        ("a sole trader", "ru_ogrn", "304500116000157", "304500116000158"),
        ("GS1 Germany", "gln", "4000001000005", "4000001000006"),
        ("an example of GS1 Belgium", "gln", "5412345000013", "5412345010013"),
    ];

    fn code(scheme: &str, value: &str) -> Result<String, &'static str> {
        Identifier::parse(scheme, value).map(|identifier| identifier.value).map_err(|invalid| invalid.code)
    }

    #[test]
    fn published_numbers_pass_and_a_slip_is_found() {
        for &(owner, scheme, value, slip) in PUBLISHED {
            assert_eq!(code(scheme, value).as_deref(), Ok(value), "{owner}");
            assert_eq!(code(scheme, slip), Err("check_digit"), "{owner}: {slip}");
        }
    }

    #[test]
    fn what_has_no_check_digit_has_a_form() {
        assert_eq!(code("ru_kpp", "773601001").as_deref(), Ok("773601001"));
        assert_eq!(code("ru_kpp", "7736ab001").as_deref(), Ok("7736AB001"));
        assert_eq!(code("duns", "15-048-3782").as_deref(), Ok("150483782"));
        for (scheme, bad) in
            [("ru_kpp", "77360100"), ("ru_kpp", "A73601001"), ("ru_kpp", "77360100A"), ("duns", "15048378")]
        {
            assert_eq!(code(scheme, bad), Err("format"), "{scheme} {bad}");
        }
    }

    #[test]
    fn values_are_brought_into_their_normal_form() {
        assert_eq!(code("lei", " w38rgi023j3wt1hwrp32\t").as_deref(), Ok("W38RGI023J3WT1HWRP32"));
        assert_eq!(code("gln", "40 00001 00000 5").as_deref(), Ok("4000001000005"));
        assert_eq!(code("ru_inn", "7707 083893").as_deref(), Ok("7707083893"));
        // A separator that the scheme does not know is a slip of the pen.
        assert_eq!(code("gln", "40-00001-00000-5"), Err("format"));
    }

    #[test]
    fn other_lengths_letters_and_nothing_but_zeros_are_no_numbers() {
        for (scheme, bad) in [
            ("lei", "W38RGI023J3WT1HWRP3"),
            ("lei", "W38RGI023J3WT1HWRP3A"),
            ("lei", "W38RGI023J3WT1HWRÖ2"),
            ("ru_inn", "77070838"),
            ("ru_inn", "77070838931"),
            ("ru_inn", "7707o83893"),
            ("ru_inn", "0000000000"),
            ("ru_inn", "000000000000"),
            ("ru_inn", "٧٧٠٧٠٨٣٨٩٣"),
            ("ru_ogrn", "2027700132195"),
            ("ru_ogrn", "0000000000000"),
            ("ru_ogrn", "10277001321950"),
            ("gln", "0000000000000"),
            ("gln", "400000100000"),
            ("duns", "000000000"),
            ("duns", ""),
        ] {
            assert_eq!(code(scheme, bad), Err("format"), "{scheme} {bad}");
        }
    }

    #[test]
    fn other_schemes_are_refused() {
        for scheme in ["", "LEI", "tax", "ein"] {
            assert_eq!(code(scheme, "1"), Err("scheme"), "{scheme}");
        }
        for scheme in Scheme::ALL {
            assert_eq!(Scheme::parse(scheme.code()), Ok(scheme));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_answered_and_a_normal_form_stays(index in 0..7_usize, value in "\\PC{0,24}") {
            let scheme = Scheme::ALL[index].code();
            if let Ok(identifier) = Identifier::parse(scheme, &value) {
                prop_assert_eq!(Identifier::parse(scheme, &identifier.value), Ok(identifier));
            }
        }

        #[test]
        fn an_lei_shows_every_wrong_digit_and_letter(at in 0..20_usize, digit in "[0-9]", letter in "[A-Z]") {
            let right = "7LTWFZYICNSX8D621K86";
            let other = if right.as_bytes()[at].is_ascii_digit() { digit } else { letter };
            let mut wrong = right.to_owned();
            wrong.replace_range(at..=at, &other);
            prop_assert_eq!(Identifier::parse("lei", &wrong).is_ok(), wrong == right);
        }

        #[test]
        fn an_inn_and_an_ogrn_show_two_digits_swapped(at in 0..9_usize) {
            for (scheme, right) in [("ru_inn", "7736207543"), ("ru_ogrn", "1027700229193")] {
                let mut digits = right.as_bytes().to_vec();
                digits.swap(at, at + 1);
                let swapped = String::from_utf8(digits).unwrap();
                prop_assert_eq!(Identifier::parse(scheme, &swapped).is_ok(), swapped == right, "{}", swapped);
            }
        }
    }
}
