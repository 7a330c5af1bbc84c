//! Bank accounts: by IBAN, or by the account number and bank code of a country that has none.

use super::iban::{Bic, Iban, compact};
use crate::kernel::refusal::{Fault, Invalid};
use crate::kernel::{Faults, Refusal};

/// Where to pay to, checked and in its normal form (upper case, no spaces).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankAccount {
    /// An IBAN, or a domestic number.
    pub account_number: String,
    /// The BIC, the Russian BIK, or another country's code of the bank. Only an IBAN does without.
    pub bank_code: Option<String>,
}

impl BankAccount {
    /// What starts with two letters is an IBAN; 20 digits are a Russian account, whose key is checked against the BIK; of other
    /// domestic numbers only the form is known. Tells the faults of both fields, under `/account_number` and `/bank_code`.
    pub fn check(account_number: &str, bank_code: Option<&str>) -> Result<Self, Refusal> {
        let number = compact(account_number);
        let code = bank_code.map(compact).filter(|code| !code.is_empty());
        let mut faults = Faults::default();
        if number.bytes().take(2).all(|b| b.is_ascii_alphabetic()) {
            faults.keep("/account_number", Iban::parse(&number));
            if let Some(code) = &code {
                faults.keep("/bank_code", Bic::parse(code));
            }
        } else {
            faults.0.extend(domestic(&number, code.as_deref()));
        }
        faults.result().map(|()| Self { account_number: number, bank_code: code })
    }
}

fn domestic(number: &str, code: Option<&str>) -> Option<Fault> {
    let fault = |pointer: &str, Invalid { code, detail }| Some(Fault { pointer: pointer.to_owned(), code, detail });
    let Some(code) = code else {
        return fault(
            "/bank_code",
            Invalid::new("required", "An account number that is no IBAN needs the bank's code."),
        );
    };
    if number.len() == 20 && is_digits(number) {
        return match check_bik(code) {
            Err(invalid) => fault("/bank_code", invalid),
            Ok(()) => check_russian_key(number, code).err().and_then(|invalid| fault("/account_number", invalid)),
        };
    }
    if !(4..=34).contains(&number.len()) || !number.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return fault("/account_number", Invalid::new("format", "An account number has 4 to 34 letters or digits."));
    }
    if !(3..=12).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return fault("/bank_code", Invalid::new("format", "A bank code has 3 to 12 letters or digits."));
    }
    None
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// The form of a BIK (bank identification code) of the Bank of Russia: nine digits; the first tells how the bank takes part in
/// its payment system (0 to 2). It has no check digit. Fault: `format`.
pub fn check_bik(bik: &str) -> Result<(), Invalid> {
    if bik.len() == 9 && is_digits(bik) && bik < "3" {
        return Ok(());
    }
    Err(Invalid::new("format", "A BIK has nine digits, the first of them 0, 1 or 2."))
}

/// The key of a Russian account, its ninth digit (Bank of Russia, Order No. 515 of 8 September 1997): three digits of the BIK
/// and the twenty of the account, weighted with 7, 1, 3 in turn, their last digits summed up, give a multiple of 10. Faults:
/// `format`, `check_digit`.
pub fn check_russian_key(account: &str, bik: &str) -> Result<(), Invalid> {
    check_bik(bik)?;
    if account.len() != 20 || !is_digits(account) {
        return Err(Invalid::new("format", "An account number in Russia has 20 digits."));
    }
    // Accounts of the Treasury's own plan have no key.
    if account.starts_with('0') {
        return Ok(());
    }
    // What is held with the Bank of Russia itself goes by the number of its office, the rest by that of the bank.
    let with_central_bank =
        matches!(&bik[6..], "000" | "001" | "002") || account.starts_with("30101") || account.starts_with("40102");
    let office = if with_central_bank { format!("0{}", &bik[4..6]) } else { bik[6..].to_owned() };
    let digits = office.bytes().chain(account.bytes()).map(|b| u32::from(b - b'0'));
    let sum: u32 = digits.zip([7, 1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight % 10).sum();
    if sum.is_multiple_of(10) {
        return Ok(());
    }
    Err(Invalid::new("check_digit", "The account number and the BIK do not belong together."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(number: &str, code: Option<&str>) -> Vec<String> {
        let found = BankAccount::check(number, code).err().map(|refusal| refusal.faults).unwrap_or_default();
        found.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn an_iban_needs_no_bank_code() {
        let account = BankAccount::check("de89 3704 0044 0532 0130 00", Some(" ")).unwrap();
        assert_eq!((&*account.account_number, account.bank_code), ("DE89370400440532013000", None));
        let account = BankAccount::check("DE89370400440532013000", Some("cobadeff")).unwrap();
        assert_eq!(account.bank_code.as_deref(), Some("COBADEFF"));
        assert_eq!(
            faults("DE89370400440532013001", Some("COBA")),
            ["/account_number check_digit", "/bank_code format"]
        );
    }

    #[test]
    fn a_russian_account_fits_its_bik() {
        // The first two are the examples of the order; then correspondent accounts of Sberbank, T-Bank, VTB and Alfa-Bank,
        // and the accounts that taxes are paid to.
        for (account, bik) in [
            ("40602810700000000025", "049805746"),
            ("30101810800000000746", "049805746"),
            ("30101810400000000225", "044525225"),
            ("30101810145250000974", "044525974"),
            ("30101810700000000187", "044525187"),
            ("30101810200000000593", "044525593"),
            ("40101810045250010041", "044525000"),
            ("40102810445370000059", "017003983"),
            ("03100643000000018500", "017003983"),
        ] {
            assert_eq!(faults(account, Some(bik)), [""; 0], "{account} {bik}");
        }
        for (account, bik) in [
            ("40602810700000000026", "049805746"),
            ("40602810800000000025", "049805746"),
            ("40602810700000000025", "049805747"),
            ("30101810400000000225", "044535225"),
        ] {
            assert_eq!(faults(account, Some(bik)), ["/account_number check_digit"], "{account} {bik}");
        }
        assert_eq!(faults("40602810700000000025", Some("04980574")), ["/bank_code format"]);
        assert_eq!(faults("40602810700000000025", Some("349805746")), ["/bank_code format"]);
        assert_eq!(check_russian_key("4060281070000000002", "049805746").unwrap_err().code, "format");
    }

    #[test]
    fn other_domestic_numbers_have_a_form() {
        assert_eq!(faults("000123456789", Some("021000021")), [""; 0]);
        assert_eq!(faults("000123456789", None), ["/bank_code required"]);
        assert_eq!(faults("1-2", Some("021000021")), ["/account_number format"]);
        assert_eq!(faults("000123456789", Some("Ж21")), ["/bank_code format"]);
        assert!(!faults("", None).is_empty());
    }
}
