//! An invoice or credit note with all that is printed on it or sent in it: what [`super::pdf`] and [`super::ubl`] render.
//!
//! It is a plain record. Whoever fills it has computed and rounded every amount; rendering adds nothing up.

use domain::kernel::country::Country;
use domain::kernel::{Currency, Date, Unit};
use rust_decimal::Decimal;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoicePaper {
    pub kind: PaperKind,
    pub number: String,
    pub issued_on: Date,
    pub due_on: Option<Date>,
    pub delivered_on: Option<Date>,
    pub seller: PaperParty,
    pub buyer: PaperParty,
    /// Where to pay.
    pub bank: Option<PaperBank>,
    /// The number of the buyer's purchase order.
    pub order_number: Option<String>,
    /// What the buyer asked to be quoted, such as a cost centre.
    pub buyer_reference: Option<String>,
    pub contract_number: Option<String>,
    pub currency: Currency,
    pub lines: Vec<PaperLine>,
    /// One entry per category and rate.
    pub taxes: Vec<PaperTax>,
    pub totals: PaperTotals,
    pub payment_terms: Option<String>,
    pub language: PaperLanguage,
}

/// The document type, with its code in UNTDID 1001. Amounts on a credit note are positive, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperKind {
    /// 380
    Invoice,
    /// 381, for the invoice that it credits.
    CreditNote { invoice_number: String, invoice_issued_on: Option<Date> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperParty {
    pub legal_name: String,
    /// Street, house and further lines, in the order of printing.
    pub address_lines: Vec<String>,
    pub city: String,
    pub postal_code: Option<String>,
    pub region: Option<String>,
    pub country: Country,
    /// Pairs of scheme and value. Schemes are the platform's (`lei`, `gln`, `duns`, `ru_inn`, `ru_kpp`, `ru_ogrn`, `vat`) or
    /// a four-digit code of ISO 6523.
    pub identifiers: Vec<(String, String)>,
    /// With the country prefix, such as `DE123456789`.
    pub vat_id: Option<String>,
    pub contact_name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperBank {
    pub holder: String,
    /// An IBAN, or a domestic account number.
    pub account: String,
    /// A BIC (ISO 9362), or a Russian BIK of nine digits.
    pub bank_code: Option<String>,
    pub bank_name: Option<String>,
    /// The bank's own account at the central bank, as Russian payments need it.
    pub correspondent_account: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperLine {
    pub position: u32,
    pub sku: Option<String>,
    pub name: String,
    pub quantity: Decimal,
    pub unit: Unit,
    /// For one unit, before the discount; up to six decimals.
    pub unit_price: Decimal,
    /// Between 0 and 100.
    pub discount_percent: Decimal,
    /// After the discount, without tax, rounded to the currency's minor unit.
    pub net: Decimal,
    /// UNCL5305: `S`, `Z`, `E`, `AE`, `K`, `G`, `O`.
    pub tax_category: String,
    /// In percent.
    pub tax_rate: Decimal,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperTax {
    /// UNCL5305, as in [`PaperLine::tax_category`].
    pub category: String,
    /// In percent.
    pub rate: Decimal,
    pub base: Decimal,
    pub tax: Decimal,
    /// Why no tax is charged; without it the standard text of the category is printed.
    pub exemption_reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperTotals {
    pub net: Decimal,
    pub tax: Decimal,
    pub gross: Decimal,
    /// Already paid.
    pub paid: Decimal,
    /// Still to be paid: gross − paid.
    pub payable: Decimal,
}

/// The language of labels, dates and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperLanguage {
    En,
    Ru,
}

impl PaperLanguage {
    /// Russian for `ru` and its regions, English for anything else.
    pub fn of(tag: &str) -> Self {
        match tag.split('-').next() {
            Some("ru") => Self::Ru,
            _ => Self::En,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }
}

impl PaperParty {
    /// The value of the first identifier of a scheme.
    pub fn identifier(&self, scheme: &str) -> Option<&str> {
        self.identifiers.iter().find(|(s, _)| s == scheme).map(|(_, value)| value.as_str())
    }

    /// The VAT number, also where it stands only among the identifiers.
    pub fn vat(&self) -> Option<&str> {
        self.vat_id.as_deref().or_else(|| self.identifier("vat")).filter(|vat| !vat.trim().is_empty())
    }
}

impl PaperBank {
    /// Whether the account has the form of an IBAN (ISO 13616): country, two check digits, eleven or more further characters.
    pub fn is_iban(&self) -> bool {
        let account: Vec<u8> = self.account.bytes().filter(|b| *b != b' ').collect();
        account.len() >= 15
            && account[..2].iter().all(u8::is_ascii_uppercase)
            && account[2..4].iter().all(u8::is_ascii_digit)
            && account[4..].iter().all(u8::is_ascii_alphanumeric)
    }

    /// Whether the bank is named by a Russian BIK.
    pub fn has_bik(&self) -> bool {
        self.bank_code.as_ref().is_some_and(|code| code.len() == 9 && code.bytes().all(|b| b.is_ascii_digit()))
    }
}

/// What is printed and sent as the reason when a category without tax gives none of its own. `None` where a reason must not
/// be given (EN 16931: BR-S-10, BR-Z-10).
pub fn standard_reason(category: &str, language: PaperLanguage) -> Option<&'static str> {
    use PaperLanguage::{En, Ru};
    Some(match (category, language) {
        ("E", En) => "Exempt from VAT",
        ("E", Ru) => "Освобождено от НДС",
        ("AE", En) => "Reverse charge: VAT is owed by the recipient",
        ("AE", Ru) => "Обратное начисление: НДС уплачивает покупатель",
        ("K", En) => "Intra-community supply",
        ("K", Ru) => "Поставка внутри Европейского союза",
        ("G", En) => "Export outside the EU",
        ("G", Ru) => "Экспорт",
        ("O", En) => "Not subject to VAT",
        ("O", Ru) => "Не облагается НДС",
        _ => return None,
    })
}
