//! Account numbers and bank codes that are the same all over the world.

use super::identifier::mod_97;
use crate::kernel::country::Country;
use crate::kernel::refusal::Invalid;

/// What follows the check digits in each country, after the registry that SWIFT keeps for ISO 13616: so many digits (n),
/// letters (a), or of either (c).
const REGISTRY: &str = "\
    AD:8n12c AE:19n AL:8n16c AT:16n AZ:4a20c BA:16n BE:12n BG:4a6n8c BH:4a14c BI:23n BR:23n1a1c BY:4c4n16c CH:5n12c \
    CR:18n CY:8n16c CZ:20n DE:18n DJ:23n DK:14n DO:4c20n EE:16n EG:25n ES:20n FI:14n FK:2a12n FO:14n FR:10n11c2n \
    GB:4a14n GE:2a16n GI:4a15c GL:14n GR:7n16c GT:24c HN:4a20n HR:17n HU:24n IE:4a14n IL:19n IQ:4a15n IS:22n \
    IT:1a10n12c JO:4a4n18c KW:4a22c KZ:3n13c LB:4n20c LC:4a24c LI:5n12c LT:16n LU:3n13c LV:4a13c LY:21n MC:10n11c2n \
    MD:20c ME:18n MK:3n10c2n MN:16n MR:23n MT:4a5n18c MU:4a19n3a NI:4a20n NL:4a10n NO:11n OM:3n16c PK:4a16c PL:24n \
    PS:4a21c PT:21n QA:4a21c RO:4a16c RS:18n RU:14n15c SA:2n18c SC:4a20n3a SD:14n SE:20n SI:15n SK:20n SM:1a10n12c \
    SO:19n ST:21n SV:4a20n TL:19n TN:20n TR:6n16c UA:6n19c VA:18n VG:4a16n XK:16n YE:4a4n18c";

/// An international bank account number (ISO 13616), in upper case without spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iban(String);

impl Iban {
    /// Faults: `country` (it has no such numbers), `format`, `check_digit`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let plain = compact(text);
        let (country, rest) = plain.split_at_checked(2).ok_or_else(|| format_fault("XX"))?;
        let (digits, account) = rest.split_at_checked(2).ok_or_else(|| format_fault(country))?;
        let structure = REGISTRY.split(' ').find_map(|entry| entry.strip_prefix(country)?.strip_prefix(':'));
        let structure = structure.ok_or_else(|| {
            Invalid::new("country", format!("No account numbers of the form IBAN start with `{country}`."))
        })?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) || !fits(account, structure) {
            return Err(format_fault(country));
        }
        // The check digits of MOD 97-10 are 02 to 98; others give the same remainder, but are not made by it.
        if !("02"..="98").contains(&digits) || mod_97(&format!("{account}{country}{digits}")) != 1 {
            return Err(Invalid::new("check_digit", "The check digits do not fit the account number."));
        }
        Ok(Self(plain))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country of the bank; `XK` is Kosovo.
    pub fn country(&self) -> &str {
        &self.0[..2]
    }
}

fn format_fault(country: &str) -> Invalid {
    Invalid::new("format", format!("The number has not the form of account numbers that start with `{country}`."))
}

/// Whether the text is made of these runs, such as `4a14n`.
fn fits(text: &str, structure: &str) -> bool {
    let mut rest = text.as_bytes();
    for run in structure.split_inclusive(['n', 'a', 'c']) {
        let (length, kind) = run.split_at(run.len() - 1);
        let Some((piece, after)) = length.parse().ok().and_then(|length| rest.split_at_checked(length)) else {
            return false;
        };
        let of_kind = |b: &u8| match kind {
            "n" => b.is_ascii_digit(),
            "a" => b.is_ascii_uppercase(),
            _ => b.is_ascii_digit() || b.is_ascii_uppercase(),
        };
        if !piece.iter().all(of_kind) {
            return false;
        }
        rest = after;
    }
    rest.is_empty()
}

/// A business identifier code of a bank (ISO 9362), in upper case, eight characters or eleven with a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bic(String);

impl Bic {
    /// Fault: `format`. BICs have no check digit.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let plain = compact(text);
        let letters = |piece: &str| piece.bytes().all(|b| b.is_ascii_uppercase());
        let known = |code: &str| code == "XK" || Country::parse(code).is_ok();
        let holds = matches!(plain.len(), 8 | 11)
            && plain.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && letters(&plain[..4])
            && known(&plain[4..6]);
        if holds {
            return Ok(Self(plain));
        }
        Err(Invalid::new("format", "A BIC has four letters, a country code and two or five letters or digits."))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Without white space, in upper case.
pub(super) fn compact(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> Result<String, &'static str> {
        Iban::parse(text).map(|iban| iban.0).map_err(|invalid| invalid.code)
    }

    /// The examples of the registry and of central banks.
    const EXAMPLES: &[&str] = &[
        "BE68539007547034",
        "CH9300762011623852957",
        "DE89370400440532013000",
        "ES9121000418450200051332",
        "FR1420041010050500013M02606",
        "GB29NWBK60161331926819",
        "IT60X0542811101000000123456",
        "KZ86125KZT5004100100",
        "MT84MALT011000012345MTLCAST001S",
        "NL91ABNA0417164300",
        "NO9386011117947",
        "RU0304452522540817810538091310419",
        "SA0380000000608010167519",
    ];

    #[test]
    fn examples_of_the_registry_pass_and_a_slip_is_found() {
        for &iban in EXAMPLES {
            assert_eq!(code(iban).as_deref(), Ok(iban));
            for at in (2..iban.len()).filter(|&at| iban.as_bytes()[at].is_ascii_digit()) {
                let other = (iban.as_bytes()[at] - b'0' + 1) % 10;
                let mut slip = iban.to_owned();
                slip.replace_range(at..=at, &other.to_string());
                assert_eq!(code(&slip), Err("check_digit"), "{slip}");
            }
        }
        assert_eq!(code(" gb29 nwbk 6016 1331 9268 19 ").as_deref(), Ok("GB29NWBK60161331926819"));
        assert_eq!(Iban::parse("NO9386011117947").unwrap().country(), "NO");
    }

    #[test]
    fn other_lengths_kinds_and_countries_are_refused() {
        for (bad, fault) in [
            ("", "format"),
            ("DE", "format"),
            ("DE8937040044053201300", "format"),
            ("DE893704004405320130000", "format"),
            ("DE8937040044053201300O", "format"),
            ("GB29NWB060161331926819", "format"),
            ("GB29-NWBK-60161331926819", "format"),
            ("DEAA370400440532013000", "format"),
            ("DÉ89370400440532013000", "format"),
            ("DE8937040044053201300é", "format"),
            ("US64SVBKUS6S3300958879", "country"),
            ("AA89370400440532013000", "country"),
            (":A89370400440532013000", "country"),
        ] {
            assert_eq!(code(bad), Err(fault), "{bad}");
        }
    }

    #[test]
    fn check_digits_that_are_never_made_are_refused() {
        // 98 and 01 leave the same remainder, as do 97 and 00, 99 and 02.
        let account = (0..1000).map(|n| format!("{n:018}"));
        let (with_98, with_01): (Vec<bool>, Vec<bool>) = account
            .map(|account| (code(&format!("DE98{account}")).is_ok(), code(&format!("DE01{account}")).is_ok()))
            .unzip();
        assert!(with_98.contains(&true) && !with_01.contains(&true));
    }

    #[test]
    fn bics_have_a_bank_a_country_and_a_place() {
        for good in ["DEUTDEFF", "DEUTDEFF500", "SABRRUMM", "COBADEFFXXX", "sabr ru mm", "NCBVXKPR"] {
            assert_eq!(Bic::parse(good).unwrap().as_str(), compact(good));
        }
        for bad in ["", "DEUTDEF", "DEUTDEFF5", "DEUTDEFF50", "DEUTXXFF", "DEU1DEFF", "DEUTDEF-", "DEUTDEFÄ", "DEUTDEÄ"]
        {
            assert_eq!(Bic::parse(bad).map_err(|invalid| invalid.code), Err("format"), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_answered(text in "\\PC{0,40}", head in "[A-Z]{2}[0-9]{2}") {
            for text in [text.clone(), head + &text] {
                if let Ok(iban) = Iban::parse(&text) {
                    prop_assert_eq!(Iban::parse(iban.as_str()), Ok(iban));
                }
                if let Ok(bic) = Bic::parse(&text) {
                    prop_assert_eq!(Bic::parse(bic.as_str()), Ok(bic));
                }
            }
        }
    }
}
