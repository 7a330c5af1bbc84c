//! Papers for the tests of both renderings.

use domain::kernel::country::Country;
use domain::kernel::{Currency, Date, Unit};
use rust_decimal::Decimal;

use super::paper::*;

pub fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Quantity, unit, price, discount, category and rate of a line.
pub type Deal<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a str);

pub fn line(
    position: u32,
    name: &str,
    (quantity, unit, price, discount, category, rate): Deal<'_>,
    currency: Currency,
) -> PaperLine {
    let share = (Decimal::ONE_HUNDRED - dec(discount)) / Decimal::ONE_HUNDRED;
    PaperLine {
        position,
        sku: Some(format!("NW-{position:04}")),
        name: name.to_owned(),
        quantity: dec(quantity),
        unit: Unit::parse(unit).unwrap(),
        unit_price: dec(price),
        discount_percent: dec(discount),
        net: currency.round(dec(quantity) * dec(price) * share),
        tax_category: category.to_owned(),
        tax_rate: dec(rate),
    }
}

pub fn party(name: &str, country: &str, identifiers: &[(&str, &str)]) -> PaperParty {
    PaperParty {
        legal_name: name.to_owned(),
        address_lines: vec!["Speicherstadt 14".to_owned()],
        city: "Hamburg".to_owned(),
        postal_code: some("20457"),
        region: None,
        country: Country::parse(country).unwrap(),
        identifiers: identifiers.iter().map(|(scheme, value)| ((*scheme).to_owned(), (*value).to_owned())).collect(),
        vat_id: None,
        contact_name: None,
        phone: None,
        email: None,
    }
}

/// A paper with these lines; taxes and totals follow from them.
pub fn paper(currency: &str, language: PaperLanguage, lines: &[(&str, Deal<'_>)]) -> InvoicePaper {
    let currency = Currency::parse(currency).unwrap();
    let lines = lines.iter().zip(1..).map(|((name, deal), position)| line(position, name, *deal, currency)).collect();
    let mut paper = InvoicePaper {
        kind: PaperKind::Invoice,
        number: "2026-000017".to_owned(),
        issued_on: day("2026-03-05"),
        due_on: Some(day("2026-04-04")),
        delivered_on: Some(day("2026-03-02")),
        seller: PaperParty {
            vat_id: some("DE123456788"),
            contact_name: some("Jörg Weiß"),
            phone: some("+49 40 5550 123"),
            email: some("rechnung@hanse-feinkost.example"),
            ..party("Hanse Feinkost Großhandel GmbH", "DE", &[("gln", "4012345000009")])
        },
        buyer: PaperParty {
            address_lines: vec!["Rue du Marché aux Herbes 61".to_owned(), "Bâtiment C, quai 4".to_owned()],
            city: "Bruxelles".to_owned(),
            postal_code: some("1000"),
            vat_id: some("BE0428759497"),
            ..party("Épicerie Générale de Belgique S.A.", "BE", &[])
        },
        bank: Some(PaperBank {
            holder: "Hanse Feinkost Großhandel GmbH".to_owned(),
            account: "DE89370400440532013000".to_owned(),
            bank_code: some("COBADEFFXXX"),
            bank_name: some("Commerzbank Hamburg"),
            correspondent_account: None,
        }),
        order_number: some("PO-10248"),
        buyer_reference: some("Cost centre 4711"),
        contract_number: some("C-2026-000321"),
        currency,
        lines,
        taxes: Vec::new(),
        totals: PaperTotals { net: dec("0"), tax: dec("0"), gross: dec("0"), paid: dec("0"), payable: dec("0") },
        payment_terms: some("30 days net. Goods remain the property of the seller until they are paid in full."),
        language,
    };
    settle(&mut paper, "0");
    paper
}

/// Works out taxes and totals, with so much already paid.
pub fn settle(paper: &mut InvoicePaper, paid: &str) {
    paper.taxes.clear();
    for line in &paper.lines {
        let same = |tax: &&mut PaperTax| tax.category == line.tax_category && tax.rate == line.tax_rate;
        match paper.taxes.iter_mut().find(same) {
            Some(tax) => tax.base += line.net,
            None => paper.taxes.push(PaperTax {
                category: line.tax_category.clone(),
                rate: line.tax_rate,
                base: line.net,
                tax: Decimal::ZERO,
                exemption_reason: None,
            }),
        }
    }
    for tax in &mut paper.taxes {
        tax.tax = paper.currency.round(tax.base * tax.rate / Decimal::ONE_HUNDRED);
    }
    let net: Decimal = paper.lines.iter().map(|line| line.net).sum();
    let tax: Decimal = paper.taxes.iter().map(|tax| tax.tax).sum();
    paper.totals = PaperTotals { net, tax, gross: net + tax, paid: dec(paid), payable: net + tax - dec(paid) };
}

/// One page in English with several rates.
pub fn english() -> InvoicePaper {
    let mut paper = paper(
        "EUR",
        PaperLanguage::En,
        &[
            ("Queso Cabrales, 1 kg wheels", ("12", "C62", "14.00", "0", "S", "7")),
            ("Singaporean Hokkien Fried Mee", ("10", "C62", "9.80", "5", "S", "7")),
            (
                "Mozzarella di Giovanni, buffalo milk, protected designation of origin, chilled",
                ("250.5", "KGM", "34.80", "12.5", "S", "7"),
            ),
            ("Freight, Hamburg to Brussels, with temperature record", ("1", "C62", "132.38", "0", "S", "19")),
        ],
    );
    settle(&mut paper, "1000.00");
    paper
}

/// One page in Russian between Russian companies.
pub fn russian() -> InvoicePaper {
    let deals = [
        (
            "Арматура стальная горячекатаная периодического профиля А500С, диаметр 12 мм, ГОСТ 34028-2016, мерная длина 11,7 м",
            ("62.45", "TNE", "54300.00", "3", "S", "20"),
        ),
        ("Проволока вязальная отожжённая 1,2 мм", ("480", "KGM", "98.50", "0", "S", "20")),
        ("Доставка автотранспортом до объекта", ("3", "C62", "24500.00", "0", "S", "20")),
    ];
    let moscow = |name: &str, street: &str, postal: &str, inn: &str, kpp: &str| PaperParty {
        address_lines: vec![street.to_owned()],
        city: "г. Москва".to_owned(),
        postal_code: some(postal),
        email: some("buh@example.ru"),
        ..party(name, "RU", &[("ru_inn", inn), ("ru_kpp", kpp)])
    };
    InvoicePaper {
        seller: moscow(
            "ООО «Северная металлобаза»",
            "ул. Складочная, д. 1, стр. 18",
            "127018",
            "7707083893",
            "771501001",
        ),
        buyer: moscow(
            "АО «Строительное управление № 155 „Восход“»",
            "Пресненская наб., д. 12, офис 4512",
            "123112",
            "7736050003",
            "770301001",
        ),
        bank: Some(PaperBank {
            holder: "ООО «Северная металлобаза»".to_owned(),
            account: "40702810900000012345".to_owned(),
            bank_code: some("044525225"),
            bank_name: some("ПАО Сбербанк, г. Москва"),
            correspondent_account: some("30101810400000000225"),
        }),
        number: "2026-000342".to_owned(),
        order_number: some("ЗП-2026-118"),
        buyer_reference: None,
        contract_number: some("Д-2026/44"),
        payment_terms: some(
            "Оплата в течение 30 календарных дней с даты выставления счёта. Пени за просрочку — 0,1% в день.",
        ),
        ..paper("RUB", PaperLanguage::Ru, &deals)
    }
}
