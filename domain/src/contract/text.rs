//! The text of a contract, as the parties sign it.
//!
//! The text is a function of the agreement alone: fixed labels in English, one value a line, `\n` at the end of each
//! line, decimals with a point and without grouping. A change of its form gets a new version in the heading; texts
//! that were signed are kept as they were.

use std::fmt::Write;

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::terms::{Charge, ChargeKind, Terms};
use super::weight::CatchWeight;
use crate::catalogue::Tax;
use crate::kernel::{Date, Money, Quantity, UnitPrice};

/// A party as it is named in the text.
#[derive(Debug, Clone)]
pub struct AgreementParty {
    pub legal_name: String,
    /// Scheme and value, such as `lei` and `529900T8BM49AURSDO55`.
    pub identifiers: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct AgreementLine {
    pub sku: String,
    pub description: String,
    pub quantity: Quantity,
    pub unit_price: UnitPrice,
    pub discount_percent: Decimal,
    pub tax: Tax,
    pub amount: Money,
    /// How it is weighed, and the price of one of the weighing unit, if it is billed by that.
    pub weight: Option<(CatchWeight, UnitPrice)>,
    /// Where it goes and by when, as far as that was said.
    pub deliver_to: Option<String>,
    pub deliver_by: Option<Date>,
}

/// All that is agreed on.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// How people refer to the contract.
    pub reference: String,
    pub made_on: Date,
    pub seller: AgreementParty,
    pub buyer: AgreementParty,
    /// What else is agreed on about the goods, in order: a label and what it says.
    pub particulars: Vec<(&'static str, String)>,
    pub lines: Vec<AgreementLine>,
    pub charge: Option<Charge>,
    pub terms: Terms,
    /// Lines and what is charged beside them, without tax.
    pub total: Money,
}

impl Agreement {
    /// The canonical text.
    pub fn text(&self) -> String {
        let mut text = String::from("TORG CONTRACT, TEXT VERSION 4\n\n");
        line(&mut text, "Contract", &one_line(&self.reference));
        line(&mut text, "Date", &self.made_on.to_string());
        party(&mut text, "Seller", &self.seller);
        party(&mut text, "Buyer", &self.buyer);
        if !self.particulars.is_empty() {
            text.push('\n');
        }
        for (label, value) in &self.particulars {
            line(&mut text, label, &one_line(value));
        }
        for (index, agreed) in self.lines.iter().enumerate() {
            text.push('\n');
            goods(&mut text, index + 1, agreed);
            if let Some(place) = &agreed.deliver_to {
                line(&mut text, "  Deliver to", &one_line(place));
            }
            if let Some(date) = agreed.deliver_by.filter(|_| agreed.deliver_by != self.terms.delivery_date) {
                line(&mut text, "  Deliver by", &date.to_string());
            }
        }
        text.push('\n');
        self.totals(&mut text);
        text
    }

    fn totals(&self, text: &mut String) {
        if self.charge.is_none_or(|charge| charge.kind != ChargeKind::Freight) {
            line(text, ChargeKind::Freight.name(), "included in the prices");
        }
        if let Some(charge) = self.charge {
            line(text, charge.kind.name(), &format!("{}, tax {}", money(charge.amount), tax(charge.tax)));
        }
        line(text, "Total without tax", &money(self.total));
        let terms = &self.terms;
        line(text, "Delivery", &format!("{} {}, Incoterms 2020", terms.incoterm.code(), one_line(&terms.place)));
        line(text, "Delivery by", &terms.delivery_date.map_or("no date agreed".to_owned(), |date| date.to_string()));
        line(text, "Payment due", &format!("{} days after the date of the invoice", terms.payment_days));
    }
}

/// The SHA-256 of a text in UTF-8, as 64 hexadecimal digits in lower case.
pub fn hash_of(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn party(text: &mut String, side: &str, party: &AgreementParty) {
    text.push('\n');
    line(text, side, &one_line(&party.legal_name));
    for (scheme, value) in &party.identifiers {
        line(text, &format!("  {}", one_line(scheme)), &one_line(value));
    }
}

fn goods(text: &mut String, number: usize, agreed: &AgreementLine) {
    line(text, &format!("Line {number}"), &one_line(&agreed.description));
    line(text, "  SKU", &one_line(&agreed.sku));
    line(text, "  Quantity", &format!("{} {}", agreed.quantity.value().normalize(), agreed.quantity.unit()));
    let price = agreed.unit_price;
    line(text, "  Unit price", &format!("{} {}", price.amount().normalize(), price.currency()));
    line(text, "  Discount", &format!("{} %", agreed.discount_percent.normalize()));
    line(text, "  Tax", &tax(agreed.tax));
    if let Some((weight, price)) = agreed.weight {
        let tolerance = weight.tolerance();
        if weight.is_quantity(agreed.quantity.unit()) {
            line(text, "  Quantity delivered", &format!("{tolerance}, billed as delivered"));
        } else {
            let nominal = format!("{} {} for each {}", weight.nominal.normalize(), weight.unit, agreed.quantity.unit());
            let price = format!("{} {} for each {}", price.amount().normalize(), price.currency(), weight.unit);
            line(text, "  Billed by weight", &format!("{price}; about {nominal}, {tolerance}"));
        }
    }
    line(text, "  Amount", &money(agreed.amount));
}

fn line(text: &mut String, label: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{label}: {value}");
}

fn money(money: Money) -> String {
    format!("{} {}", money.amount(), money.currency())
}

fn tax(tax: Tax) -> String {
    format!("{} {} %", tax.category().code(), tax.rate())
}

/// A text that somebody typed, on one line: otherwise a product's name could put lines into the contract, or turn the
/// order in which one is read.
fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_whitespace() || c.is_control() || turns_direction(c);
    text.split(breaks).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The characters of Unicode that override or isolate the direction of writing.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::TaxCategory;
    use crate::contract::Incoterm;
    use crate::kernel::{Currency, Unit};

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn agreement() -> Agreement {
        let eur = Currency::parse("EUR").unwrap();
        let price = UnitPrice::new(dec("640.50"), eur).unwrap();
        let tax = Tax::new(TaxCategory::Standard, dec("20.0")).unwrap();
        let party = |name: &str, scheme: &str, value: &str| AgreementParty {
            legal_name: name.into(),
            identifiers: vec![(scheme.into(), value.into())],
        };
        Agreement {
            reference: "PO-2026-000017".into(),
            made_on: Date::from_ymd_opt(2026, 11, 23).unwrap(),
            seller: party("ПАО «Северсталь»", "ru_inn", "3528000597"),
            buyer: party("Siemens AG", "lei", "W38RGI023J3WT1HWRP32"),
            lines: vec![AgreementLine {
                sku: "A-1".into(),
                description: "Rebar 12 mm".into(),
                quantity: Quantity::new(dec("12.500"), Unit::parse("TNE").unwrap()).unwrap(),
                unit_price: price,
                discount_percent: dec("2.50"),
                tax,
                amount: price.line_amount(dec("12.5"), dec("2.5")).unwrap(),
                weight: None,
                deliver_to: None,
                deliver_by: None,
            }],
            particulars: Vec::new(),
            charge: Some(Charge { kind: ChargeKind::Freight, amount: Money::new(dec("100"), eur).unwrap(), tax }),
            terms: Terms {
                incoterm: Incoterm::Fca,
                place: "Cherepovets".into(),
                payment_days: 30,
                delivery_date: Date::from_ymd_opt(2026, 12, 24),
            },
            total: Money::new(dec("7906.09"), eur).unwrap(),
        }
    }

    const TEXT: &str = "\
TORG CONTRACT, TEXT VERSION 4

Contract: PO-2026-000017
Date: 2026-11-23

Seller: ПАО «Северсталь»
  ru_inn: 3528000597

Buyer: Siemens AG
  lei: W38RGI023J3WT1HWRP32

Line 1: Rebar 12 mm
  SKU: A-1
  Quantity: 12.5 TNE
  Unit price: 640.5 EUR
  Discount: 2.5 %
  Tax: S 20 %
  Amount: 7806.09 EUR

Freight: 100.00 EUR, tax S 20 %
Total without tax: 7906.09 EUR
Delivery: FCA Cherepovets, Incoterms 2020
Delivery by: 2026-12-24
Payment due: 30 days after the date of the invoice
";

    #[test]
    fn the_text_is_fixed_to_the_letter() {
        assert_eq!(agreement().text(), TEXT);
    }

    #[test]
    fn numbers_written_otherwise_give_the_same_text() {
        let mut same = agreement();
        same.lines[0].discount_percent = dec("2.5");
        same.lines[0].unit_price = UnitPrice::new(dec("640.500000"), same.total.currency()).unwrap();
        assert_eq!(hash_of(&same.text()), hash_of(&agreement().text()));
        same.lines[0].discount_percent = dec("2.51");
        assert_ne!(hash_of(&same.text()), hash_of(&agreement().text()));
    }

    #[test]
    fn what_people_typed_cannot_add_lines() {
        let mut forged = agreement();
        forged.lines[0].description = "Rebar\r\nTotal without tax:\u{2028}\u{202E}1.00\u{0} EUR".into();
        let text = forged.text();
        assert_eq!(text.lines().count(), TEXT.lines().count());
        assert!(text.contains("Line 1: Rebar Total without tax: 1.00 EUR\n"));
        assert!(!text.contains('\r') && text.ends_with("invoice\n"));
    }

    #[test]
    fn a_line_that_is_billed_by_weight_says_so() {
        let mut weighed = agreement();
        let weight = CatchWeight::new(Unit::parse("KGM").unwrap(), dec("1000"), dec("5.0")).unwrap();
        let price = UnitPrice::new(dec("0.6405"), weighed.total.currency()).unwrap();
        weighed.lines[0].weight = Some((weight, price));
        let said = "\n  Billed by weight: 0.6405 EUR for each KGM; about 1000 KGM for each TNE, 5 % more or less\n";
        assert!(weighed.text().contains(said), "{}", weighed.text());
    }

    #[test]
    fn traded_goods_have_particulars_and_a_tolerance_and_perhaps_a_difference() {
        let mut traded = agreement();
        traded.particulars = vec![("Grade", "B500B".into()), ("Specification", "diameter\n12 MMT".into())];
        let tonne = Unit::parse("TNE").unwrap();
        let weight = CatchWeight::between(tonne, Decimal::ONE, dec("5.0"), dec("2")).unwrap();
        traded.lines[0].weight = Some((weight, traded.lines[0].unit_price));
        traded.charge = traded.charge.map(|charge| Charge { kind: ChargeKind::Difference, ..charge });
        let text = traded.text();
        assert!(text.contains("\n\nGrade: B500B\nSpecification: diameter 12 MMT\n\nLine 1: "), "{text}");
        assert!(text.contains("\n  Quantity delivered: 5 % more or 2 % less, billed as delivered\n"), "{text}");
        let charged =
            "\nFreight: included in the prices\nDifference of trades that were offset: 100.00 EUR, tax S 20 %\n";
        assert!(text.contains(charged), "{text}");
    }

    #[test]
    fn a_line_with_a_place_and_a_day_of_its_own_says_so() {
        let mut split = agreement();
        split.lines[0].deliver_to = Some("Tor 2,\n24103 Kiel, DE".into());
        split.lines[0].deliver_by = split.terms.delivery_date;
        let text = split.text();
        assert!(text.contains("\n  Deliver to: Tor 2, 24103 Kiel, DE\n") && !text.contains("Deliver by"), "{text}");
        split.lines[0].deliver_by = Date::from_ymd_opt(2027, 2, 1);
        assert!(split.text().contains("DE\n  Deliver by: 2027-02-01\n"));
    }

    #[test]
    fn what_was_not_agreed_on_is_said() {
        let mut plain = agreement();
        (plain.charge, plain.terms.delivery_date) = (None, None);
        let text = plain.text();
        assert!(
            text.contains("\nFreight: included in the prices\n") && text.contains("\nDelivery by: no date agreed\n")
        );
    }

    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!(hash_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
