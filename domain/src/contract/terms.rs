//! Terms of delivery and payment.

use crate::catalogue::Tax;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Date, Faults, Money};

const LONGEST_PLACE: usize = 200;
const LONGEST_PAYMENT_TERM: i32 = 365;

/// The rules of the International Chamber of Commerce for the delivery of goods, Incoterms® 2020.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Incoterm {
    Exw,
    Fca,
    Cpt,
    Cip,
    Dap,
    Dpu,
    Ddp,
    Fas,
    Fob,
    Cfr,
    Cif,
}

impl Incoterm {
    pub const ALL: [Self; 11] = [
        Self::Exw,
        Self::Fca,
        Self::Cpt,
        Self::Cip,
        Self::Dap,
        Self::Dpu,
        Self::Ddp,
        Self::Fas,
        Self::Fob,
        Self::Cfr,
        Self::Cif,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Exw => "EXW",
            Self::Fca => "FCA",
            Self::Cpt => "CPT",
            Self::Cip => "CIP",
            Self::Dap => "DAP",
            Self::Dpu => "DPU",
            Self::Ddp => "DDP",
            Self::Fas => "FAS",
            Self::Fob => "FOB",
            Self::Cfr => "CFR",
            Self::Cif => "CIF",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|incoterm| incoterm.code() == code);
        found.ok_or_else(|| Invalid::new("incoterm", format!("`{code}` is not a rule of Incoterms 2020.")))
    }
}

/// Terms as they are sent in. The names of the fields are those of the body.
#[derive(Debug, Clone)]
pub struct TermsInput {
    pub incoterm: String,
    pub place: String,
    pub payment_days: i32,
    pub delivery_date: Option<Date>,
}

/// Terms that passed the checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub incoterm: Incoterm,
    /// The place that every Incoterm needs to be complete, such as `Hamburg`.
    pub place: String,
    /// Days from the date of an invoice until it is due.
    pub payment_days: i32,
    /// The day by which everything is to be delivered, if one was agreed on.
    pub delivery_date: Option<Date>,
}

impl TermsInput {
    /// Notes all faults with pointers that begin with `pointer`, such as `/terms/place`.
    pub fn check(self, pointer: &str, faults: &mut Faults) -> Option<Terms> {
        let incoterm = faults.keep(format!("{pointer}/incoterm"), Incoterm::parse(&self.incoterm));
        let place = faults.keep(format!("{pointer}/place"), check_place(&self.place));
        let payment_days = faults.keep(format!("{pointer}/payment_days"), check_payment_days(self.payment_days));
        Some(Terms {
            incoterm: incoterm?,
            place: place?,
            payment_days: payment_days?,
            delivery_date: self.delivery_date,
        })
    }
}

fn check_place(place: &str) -> Result<String, Invalid> {
    let place = place.trim();
    if place.is_empty() {
        return Err(Invalid::new("required", "An Incoterm needs a place."));
    }
    if place.chars().count() > LONGEST_PLACE {
        return Err(Invalid::new("too_long", format!("A place has at most {LONGEST_PLACE} characters.")));
    }
    if place.chars().any(char::is_control) {
        return Err(Invalid::new("control_character", "A place is one line of plain text."));
    }
    Ok(place.to_owned())
}

fn check_payment_days(days: i32) -> Result<i32, Invalid> {
    if (0..=LONGEST_PAYMENT_TERM).contains(&days) {
        return Ok(days);
    }
    Err(Invalid::new("out_of_range", format!("Payment is due within 0 to {LONGEST_PAYMENT_TERM} days.")))
}

/// What is charged once beside the goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChargeKind {
    Freight,
    /// What the buyer owes for trades that were offset by others at lower prices.
    Difference,
}

impl ChargeKind {
    pub const ALL: [Self; 2] = [Self::Freight, Self::Difference];

    /// As the line of the contract is called that charges it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Freight => "freight",
            Self::Difference => "difference",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.code() == code);
        found.ok_or_else(|| Invalid::new("kind", format!("`{code}` is nothing that is charged beside goods.")))
    }

    /// In English.
    pub fn name(self) -> &'static str {
        match self {
            Self::Freight => "Freight",
            Self::Difference => "Difference of trades that were offset",
        }
    }
}

/// An amount charged once beside the goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    pub kind: ChargeKind,
    pub amount: Money,
    pub tax: Tax,
}

impl Charge {
    /// What is charged beside goods shares their tax, to which it is ancillary; of goods taxed differently, that of the line
    /// with the largest net amount, the first of equals. `None` without goods.
    pub fn beside(kind: ChargeKind, amount: Money, goods: &[(Money, Tax)]) -> Option<Self> {
        let dearest = goods.iter().rev().max_by_key(|(net, _)| net.amount())?;
        Some(Self { kind, amount, tax: dearest.1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::TaxCategory;
    use crate::kernel::Currency;

    fn input(incoterm: &str, place: &str, payment_days: i32) -> TermsInput {
        TermsInput { incoterm: incoterm.into(), place: place.into(), payment_days, delivery_date: None }
    }

    fn faults(input: TermsInput) -> Vec<(String, &'static str)> {
        let mut faults = Faults::default();
        assert_eq!(input.check("/terms", &mut faults), None);
        faults.0.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn all_eleven_rules_are_read() {
        for incoterm in Incoterm::ALL {
            assert_eq!(Incoterm::parse(incoterm.code()).unwrap(), incoterm);
        }
        for bad in ["DAT", "fob", "", "CIFF"] {
            assert_eq!(Incoterm::parse(bad).unwrap_err().code, "incoterm", "{bad}");
        }
    }

    #[test]
    fn sound_terms_pass() {
        let mut faults = Faults::default();
        let terms = input("CIP", " Санкт-Петербург ", 365).check("/terms", &mut faults).unwrap();
        assert_eq!((terms.place.as_str(), terms.payment_days), ("Санкт-Петербург", 365));
        assert!(faults.0.is_empty());
    }

    #[test]
    fn codes_and_kinds_of_charges_correspond() {
        for kind in ChargeKind::ALL {
            assert_eq!(ChargeKind::parse(kind.code()), Ok(kind));
        }
        assert_eq!(ChargeKind::parse("goods").unwrap_err().code, "kind");
    }

    #[test]
    fn freight_is_taxed_as_the_dearest_goods() {
        let money = |amount: i64| Money::new(amount.into(), Currency::parse("EUR").unwrap()).unwrap();
        let tax = |rate: i64| Tax::new(TaxCategory::Standard, rate.into()).unwrap();
        let goods = [(money(5), tax(7)), (money(9), tax(19)), (money(9), tax(20))];
        let kind = ChargeKind::Freight;
        assert_eq!(Charge::beside(kind, money(1), &goods), Some(Charge { kind, amount: money(1), tax: tax(19) }));
        assert_eq!(Charge::beside(kind, money(1), &[]), None);
    }

    #[test]
    fn all_faults_are_told() {
        let expected =
            [("/terms/incoterm", "incoterm"), ("/terms/place", "required"), ("/terms/payment_days", "out_of_range")];
        assert_eq!(faults(input("DAF", " ", 366)), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
        assert_eq!(faults(input("EXW", "a\nb", 0)), [("/terms/place".to_owned(), "control_character")]);
        assert_eq!(faults(input("EXW", &"я".repeat(201), 0)), [("/terms/place".to_owned(), "too_long")]);
        assert_eq!(faults(input("EXW", "Tver", -1)), [("/terms/payment_days".to_owned(), "out_of_range")]);
    }
}
