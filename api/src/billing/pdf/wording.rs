//! Words, numbers and dates as each language prints them.

use chrono::Datelike;
use domain::kernel::{Currency, Date, Unit};
use rust_decimal::Decimal;

use crate::billing::paper::PaperLanguage;

const COUNTRIES: &str = include_str!("../../../assets/countries.tsv");
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The fixed texts of the page.
pub struct Words {
    pub position: &'static str,
    pub invoice: &'static str,
    pub credit_note: &'static str,
    pub number: &'static str,
    pub for_invoice: &'static str,
    pub of_date: &'static str,
    pub amount_due: &'static str,
    pub amount_credited: &'static str,
    pub due_by: &'static str,
    pub paid_in_full: &'static str,
    pub seller: &'static str,
    pub buyer: &'static str,
    pub contact: &'static str,
    pub issue_date: &'static str,
    pub due_date: &'static str,
    pub delivery_date: &'static str,
    pub order: &'static str,
    pub reference: &'static str,
    pub contract: &'static str,
    pub currency: &'static str,
    pub item: &'static str,
    pub quantity: &'static str,
    pub unit: &'static str,
    pub unit_price: &'static str,
    pub discount: &'static str,
    pub vat: &'static str,
    pub net: &'static str,
    pub sku: &'static str,
    pub tax_summary: &'static str,
    pub taxable: &'static str,
    pub total_net: &'static str,
    pub total_tax: &'static str,
    pub total: &'static str,
    pub paid: &'static str,
    pub payment: &'static str,
    pub holder: &'static str,
    pub bank: &'static str,
    pub account: &'static str,
    pub correspondent: &'static str,
    pub payment_reference: &'static str,
    pub terms: &'static str,
}

static EN: Words = Words {
    position: "#",
    invoice: "Invoice",
    credit_note: "Credit note",
    number: "No.",
    for_invoice: "Credits invoice",
    of_date: "of",
    amount_due: "Amount due",
    amount_credited: "Amount credited",
    due_by: "Due by",
    paid_in_full: "Paid in full",
    seller: "Seller",
    buyer: "Buyer",
    contact: "Contact",
    issue_date: "Issue date",
    due_date: "Due date",
    delivery_date: "Delivery date",
    order: "Purchase order",
    reference: "Buyer’s reference",
    contract: "Contract",
    currency: "Currency",
    item: "Item",
    quantity: "Quantity",
    unit: "Unit",
    unit_price: "Unit price",
    discount: "Discount",
    vat: "VAT",
    net: "Net amount",
    sku: "Item no.",
    tax_summary: "VAT summary",
    taxable: "Net amount",
    total_net: "Total without VAT",
    total_tax: "VAT",
    total: "Total with VAT",
    paid: "Paid",
    payment: "Payment details",
    holder: "Account holder",
    bank: "Bank",
    account: "Account",
    correspondent: "Correspondent account",
    payment_reference: "Payment reference",
    terms: "Payment terms",
};

static RU: Words = Words {
    position: "№",
    invoice: "Счёт",
    credit_note: "Кредит-нота",
    number: "№",
    for_invoice: "К счёту",
    of_date: "от",
    amount_due: "К оплате",
    amount_credited: "Сумма кредит-ноты",
    due_by: "Оплатить до",
    paid_in_full: "Оплачено полностью",
    seller: "Продавец",
    buyer: "Покупатель",
    contact: "Контакт",
    issue_date: "Дата выставления",
    due_date: "Срок оплаты",
    delivery_date: "Дата поставки",
    order: "Заказ покупателя",
    reference: "Ссылка покупателя",
    contract: "Договор",
    currency: "Валюта",
    item: "Наименование",
    quantity: "Количество",
    unit: "Ед.",
    unit_price: "Цена",
    discount: "Скидка",
    vat: "НДС",
    net: "Сумма без НДС",
    sku: "Артикул",
    tax_summary: "Расчёт НДС",
    taxable: "Сумма без НДС",
    total_net: "Итого без НДС",
    total_tax: "НДС",
    total: "Всего с НДС",
    paid: "Оплачено",
    payment: "Реквизиты для оплаты",
    holder: "Получатель",
    bank: "Банк",
    account: "Расчётный счёт",
    correspondent: "Корр. счёт",
    payment_reference: "Назначение платежа",
    terms: "Условия оплаты",
};

pub fn words(language: PaperLanguage) -> &'static Words {
    match language {
        PaperLanguage::En => &EN,
        PaperLanguage::Ru => &RU,
    }
}

/// Groups thousands and sets the decimal sign: `1,234.5` in English, `1 234,5` (no-break space) in Russian. The decimals
/// are those that `value` has.
pub fn number(value: Decimal, language: PaperLanguage) -> String {
    let (group, point) = match language {
        PaperLanguage::En => (',', '.'),
        PaperLanguage::Ru => ('\u{a0}', ','),
    };
    let digits = value.abs().to_string();
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut text = String::with_capacity(digits.len() + 8);
    if value.is_sign_negative() && !value.is_zero() {
        text.push('\u{2212}');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// An amount with all the decimals of its currency, and more where it has more.
pub fn amount(value: Decimal, currency: Currency, language: PaperLanguage) -> String {
    let mut value = value.normalize();
    if value.scale() < currency.decimals() {
        value.rescale(currency.decimals());
    }
    number(value, language)
}

pub fn percent(value: Decimal, language: PaperLanguage) -> String {
    format!("{}%", number(value.normalize(), language))
}

/// The rate as a line shows it: with the code of its category unless that is the ordinary or the zero rate, and no rate
/// for what is not subject to the tax.
pub fn tax_rate(category: &str, rate: Decimal, language: PaperLanguage) -> String {
    match category {
        "S" | "Z" => percent(rate, language),
        "O" => "\u{2014}".to_owned(),
        _ => format!("{}\u{a0}{category}", percent(rate, language)),
    }
}

pub fn date(day: Date, language: PaperLanguage) -> String {
    match language {
        PaperLanguage::En => {
            let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
            format!("{}\u{a0}{month}\u{a0}{}", day.day(), day.year())
        }
        PaperLanguage::Ru => format!("{:02}.{:02}.{}", day.day(), day.month(), day.year()),
    }
}

/// The country's common name (after CLDR), or its code where it has none.
pub fn country(code: &str, language: PaperLanguage) -> &str {
    let names = COUNTRIES.lines().find_map(|row| row.strip_prefix(code)?.strip_prefix('\t')?.split_once('\t'));
    match (names, language) {
        (Some((english, _)), PaperLanguage::En) => english,
        (Some((_, russian)), PaperLanguage::Ru) => russian,
        (None, _) => code,
    }
}

/// The usual short form of a unit of UN/ECE Rec 20, or its code.
pub fn unit(unit: Unit, language: PaperLanguage) -> &'static str {
    let (english, russian) = match unit.code() {
        "C62" | "H87" | "EA" | "NAR" => ("pcs", "шт"),
        "PR" => ("pair", "пара"),
        "SET" => ("set", "компл"),
        "DZN" => ("doz.", "дюж."),
        "CEN" => ("100", "100"),
        "MIL" => ("1000", "1000"),
        "KGM" => ("kg", "кг"),
        "GRM" => ("g", "г"),
        "MGM" => ("mg", "мг"),
        "TNE" => ("t", "т"),
        "LBR" => ("lb", "фунт"),
        "ONZ" => ("oz", "унция"),
        "MTR" => ("m", "м"),
        "CMT" => ("cm", "см"),
        "MMT" => ("mm", "мм"),
        "KMT" => ("km", "км"),
        "FOT" => ("ft", "фут"),
        "INH" => ("in", "дюйм"),
        "MTK" => ("m²", "м²"),
        "MTQ" => ("m³", "м³"),
        "LTR" => ("l", "л"),
        "MLT" => ("ml", "мл"),
        "HLT" => ("hl", "гл"),
        "BLL" => ("bbl", "барр."),
        "KWH" => ("kWh", "кВт·ч"),
        "MWH" => ("MWh", "МВт·ч"),
        "HUR" => ("h", "ч"),
        "MIN" => ("min", "мин"),
        "DAY" => ("day", "дн."),
        "WEE" => ("week", "нед."),
        "MON" => ("month", "мес."),
        "ANN" => ("year", "год"),
        "LS" => ("flat", "усл."),
        "P1" => ("%", "%"),
        other => (other, other),
    };
    match language {
        PaperLanguage::En => english,
        PaperLanguage::Ru => russian,
    }
}

/// How an identifier's scheme is called on paper.
pub fn scheme(scheme: &str, language: PaperLanguage) -> String {
    let (english, russian) = match scheme {
        "vat" => ("VAT no.", "Номер НДС"),
        "lei" => ("LEI", "LEI"),
        "gln" | "0088" => ("GLN", "GLN"),
        "duns" | "0060" => ("D-U-N-S", "D-U-N-S"),
        "ru_inn" => ("INN", "ИНН"),
        "ru_kpp" => ("KPP", "КПП"),
        "ru_ogrn" => ("OGRN", "ОГРН"),
        other => return other.to_uppercase(),
    };
    match language {
        PaperLanguage::En => english,
        PaperLanguage::Ru => russian,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use PaperLanguage::{En, Ru};

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn thousands_are_grouped_and_the_decimal_sign_follows_the_language() {
        for (value, english, russian) in [
            ("0", "0", "0"),
            ("999", "999", "999"),
            ("1000", "1,000", "1\u{a0}000"),
            ("1234567.80", "1,234,567.80", "1\u{a0}234\u{a0}567,80"),
            ("-123456.5", "\u{2212}123,456.5", "\u{2212}123\u{a0}456,5"),
            ("-0", "0", "0"),
        ] {
            assert_eq!(number(dec(value), En), english);
            assert_eq!(number(dec(value), Ru), russian);
        }
    }

    #[test]
    fn amounts_show_the_decimals_of_the_currency_and_prices_may_show_more() {
        let shown = |value, code| amount(dec(value), Currency::parse(code).unwrap(), En);
        assert_eq!(shown("5", "EUR"), "5.00");
        assert_eq!(shown("5.000000", "EUR"), "5.00");
        assert_eq!(shown("5.123400", "EUR"), "5.1234");
        assert_eq!(shown("5.00", "JPY"), "5");
        assert_eq!(shown("1234.5", "KWD"), "1,234.500");
    }

    #[test]
    fn dates_countries_and_units_are_worded() {
        let day = Date::from_ymd_opt(2026, 3, 5).unwrap();
        assert_eq!(date(day, En), "5\u{a0}March\u{a0}2026");
        assert_eq!(date(day, Ru), "05.03.2026");
        assert_eq!((country("DE", En), country("DE", Ru), country("QQ", En)), ("Germany", "Германия", "QQ"));
        let shown = |code| unit(Unit::parse(code).unwrap(), Ru);
        assert_eq!((shown("KGM"), shown("C62"), shown("BAR")), ("кг", "шт", "BAR"));
        assert_eq!(percent(dec("7.50"), Ru), "7,5%");
    }
}
