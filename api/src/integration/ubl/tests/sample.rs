//! Records of all documents.

use domain::kernel::country::Country;
use domain::kernel::{Currency, Date, Money, Quantity, Unit};
use rust_decimal::Decimal;

use crate::integration::ubl::delivery::{Delivery, DeliveryTerms, Period};
use crate::integration::ubl::despatch_advice::{DespatchAdvice, DespatchLine, HandlingUnit, Shipment};
use crate::integration::ubl::item::{Classification, Item, Lot, TaxCategory};
use crate::integration::ubl::order::Totals;
use crate::integration::ubl::order_response::{Answer, LineAnswer, OrderResponse, ResponseLine};
use crate::integration::ubl::party::{Address, Contact, Identifier, Party};
use crate::integration::ubl::price::{Allowance, Price};
use crate::integration::ubl::quotation::{LineOffer, Quotation, QuotationLine};
use crate::integration::ubl::request_for_quotation::{RequestForQuotation, RequestLine};
use crate::integration::ubl::{LocalText, Measure, Order, OrderLine};

pub fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn eur() -> Currency {
    Currency::parse("EUR").unwrap()
}

pub fn money(amount: &str) -> Money {
    Money::new(dec(amount), eur()).unwrap()
}

pub fn unit(code: &str) -> Unit {
    Unit::parse(code).unwrap()
}

pub fn quantity(value: &str, code: &str) -> Quantity {
    Quantity::new(dec(value), unit(code)).unwrap()
}

pub fn measure(value: &str, code: &str) -> Measure {
    Measure { value: dec(value), unit: Some(unit(code)) }
}

pub fn id(scheme: &str, value: &str) -> Identifier {
    Identifier { scheme: some(scheme), value: value.to_owned() }
}

pub fn address() -> Address {
    Address {
        street: some("Hafenstraße 7"),
        additional_street: some("Tor 3"),
        city: some("Hamburg"),
        postal_code: some("20457"),
        region: some("HH"),
        further_lines: vec!["Rampe <B> & C".to_owned()],
        country: Some(Country::parse("DE").unwrap()),
    }
}

pub fn party(gln: &str, name: &str) -> Party {
    Party {
        endpoint: Some(id("0088", gln)),
        identifiers: vec![id("0088", gln), Identifier { scheme: None, value: "own-17".to_owned() }],
        name: some(name),
        address: Some(address()),
        tax_numbers: vec![("VAT".to_owned(), "DE123456788".to_owned())],
        legal_name: some(&format!("{name} GmbH")),
        registration: Some(Identifier { scheme: None, value: "HRB 12345".to_owned() }),
        contact: Some(Contact { name: some("I. Sample"), phone: None, email: some("i.sample@example.org") }),
    }
}

pub fn buyer() -> Party {
    party("4012345000009", "Nordmarkt")
}

pub fn seller() -> Party {
    party("4098765000010", "Stahlhof")
}

pub fn item(sku: &str) -> Item {
    Item {
        name: Some(LocalText { language: some("en"), text: format!("Sheet {sku}") }),
        descriptions: vec![LocalText { language: some("ru"), text: "Лист стальной".to_owned() }],
        buyers_id: some("B-1"),
        sellers_id: some(sku),
        manufacturers_id: some("M-1"),
        standard_id: Some(id("0160", "4006381333931")),
        origin: Some(Country::parse("SE").unwrap()),
        classifications: vec![Classification {
            code: "30102000".to_owned(),
            list: some("TST"),
            version: some("26.08"),
        }],
        tax: Some(TaxCategory { code: "S".to_owned(), rate: Some(dec("19")) }),
        properties: vec![("Thickness".to_owned(), "2 mm".to_owned())],
        lots: Vec::new(),
    }
}

pub fn allowance() -> Allowance {
    Allowance {
        is_charge: false,
        reason_code: some("95"),
        reason: some("Discount"),
        percent: Some(dec("5")),
        amount: money("5.00"),
        base: Some(money("100.00")),
        tax: Some(TaxCategory { code: "S".to_owned(), rate: Some(dec("19")) }),
    }
}

pub fn delivery() -> Delivery {
    Delivery {
        location: Some(id("0088", "4012345000023")),
        place: some("Warehouse 2"),
        address: Some(address()),
        requested: Some(Period { from: Some(day("2026-04-01")), to: Some(day("2026-04-03")) }),
        promised: None,
        receiver: Some(Party { name: some("Goods inward"), ..Party::default() }),
    }
}

pub fn terms() -> DeliveryTerms {
    DeliveryTerms { incoterm: some("DAP"), special: some("Before noon"), place: some("Hamburg") }
}

pub fn line(number: &str, sku: &str) -> OrderLine {
    OrderLine {
        id: number.to_owned(),
        note: some("Handle with care"),
        quantity: quantity("12.5", "TNE"),
        amount: Some(money("8000.50")),
        partial_delivery: Some(true),
        backorder: Some(true),
        accounting_cost: some("K-100"),
        delivery: Some(Delivery { requested: Some(Period::on(day("2026-04-02"))), ..Delivery::default() }),
        allowances: vec![allowance()],
        price: Some(Price { amount: dec("64.0436"), currency: eur(), base: Some(measure("100", "KGM")) }),
        item: item(sku),
    }
}

pub fn order() -> Order {
    Order {
        id: "PO-4711".to_owned(),
        issued_on: day("2026-03-05"),
        kind: some("220"),
        note: some("First line\nsecond line"),
        currency: eur(),
        customer_reference: some("REF-9"),
        accounting_cost: some("K-1"),
        valid_until: Some(day("2026-03-31")),
        quotation: some("Q-5"),
        requisition: some("R-8"),
        contract: some("C-3"),
        buyer: buyer(),
        seller: seller(),
        originator: Some(Party { name: some("Department 4"), ..Party::default() }),
        invoicee: Some(buyer()),
        delivery: Some(delivery()),
        delivery_terms: Some(terms()),
        payment_terms: some("30 days net"),
        allowances: vec![
            allowance(),
            Allowance { is_charge: true, reason_code: some("FC"), reason: some("Freight"), ..allowance() },
        ],
        tax: Some(money("3040.10")),
        totals: Some(Totals {
            lines: Some(money("16001.00")),
            without_tax: Some(money("16001.00")),
            with_tax: Some(money("19041.10")),
            allowances: Some(money("5.00")),
            charges: Some(money("5.00")),
            payable: money("19041.10"),
        }),
        lines: vec![line("1", "S-100"), line("2", "S-200")],
    }
}

/// An order that says as little as an order can.
pub fn bare_order() -> Order {
    let bare = |name: &str| Party { name: some(name), ..Party::default() };
    Order {
        kind: None,
        note: None,
        customer_reference: None,
        accounting_cost: None,
        valid_until: None,
        quotation: None,
        requisition: None,
        contract: None,
        buyer: bare("Buyer"),
        seller: bare("Seller"),
        originator: None,
        invoicee: None,
        delivery: None,
        delivery_terms: None,
        payment_terms: None,
        allowances: Vec::new(),
        tax: None,
        totals: None,
        lines: vec![OrderLine {
            id: "1".to_owned(),
            note: None,
            quantity: quantity("3", "C62"),
            amount: None,
            partial_delivery: None,
            backorder: None,
            accounting_cost: None,
            delivery: None,
            allowances: Vec::new(),
            price: None,
            item: Item { sellers_id: some("S-1"), ..Item::default() },
        }],
        ..order()
    }
}

pub fn response() -> OrderResponse {
    let line = |number: &str, answer| ResponseLine {
        id: number.to_owned(),
        order_line: number.to_owned(),
        answer,
        note: None,
        quantity: None,
        backorder: None,
        promised: None,
        price: None,
        item: None,
        substitute: None,
    };
    OrderResponse {
        id: "AB-1".to_owned(),
        issued_on: day("2026-03-06"),
        answer: Answer::Changed,
        note: some("Half of it later"),
        currency: Some(eur()),
        customer_reference: some("REF-9"),
        order_id: "PO-4711".to_owned(),
        seller: seller(),
        buyer: buyer(),
        promised: Some(Period::on(day("2026-04-02"))),
        lines: vec![
            ResponseLine {
                note: some("Out of stock"),
                quantity: Some(measure("6", "TNE")),
                backorder: Some(measure("6.5", "TNE")),
                promised: Some(Period { from: None, to: Some(day("2026-04-10")) }),
                price: Some(Price { amount: dec("640.436"), currency: eur(), base: None }),
                item: Some(item("S-100")),
                substitute: Some(item("S-101")),
                ..line("1", LineAnswer::Changed)
            },
            ResponseLine { quantity: Some(measure("0", "TNE")), ..line("2", LineAnswer::Rejected) },
        ],
    }
}

pub fn advice() -> DespatchAdvice {
    let lots = vec![Lot { number: some("L-77"), expires_on: Some(day("2027-01-31")), serial: None }];
    DespatchAdvice {
        id: "DA-1".to_owned(),
        issued_on: day("2026-04-01"),
        issued_at: Some("08:30:00".parse().unwrap()),
        note: some("Call before"),
        order_id: some("PO-4711"),
        supplier: seller(),
        receiver: buyer(),
        buyer: Some(buyer()),
        seller: Some(seller()),
        shipment: Shipment {
            id: some("SHP-1"),
            gross_weight: Some(measure("12600", "KGM")),
            tracking: some("TR-123"),
            carrier: Some(Party { name: some("Carrier"), ..Party::default() }),
            despatched_on: Some(day("2026-04-01")),
            despatched_from: Some(address()),
            expected: Some(Period::on(day("2026-04-02"))),
            deliver_to: Some(address()),
            units: vec![HandlingUnit { id: "340123450000000018".to_owned(), kind: some("PX"), marks: some("fragile") }],
        },
        lines: vec![DespatchLine {
            id: "1".to_owned(),
            note: some("two of four"),
            delivered: measure("6", "TNE"),
            outstanding: Some(measure("6.5", "TNE")),
            outstanding_reason: some("Out of stock"),
            order_line: "1".to_owned(),
            order_id: some("PO-4711"),
            item: Item { lots, ..item("S-100") },
        }],
    }
}

pub fn request(seller: Option<Party>) -> RequestForQuotation {
    RequestForQuotation {
        id: "RFQ-7".to_owned(),
        issued_on: day("2026-02-01"),
        issued_at: "09:00:00".parse().unwrap(),
        answer_by: Some(day("2026-02-20")),
        note: some("All or part"),
        currency: Some(eur()),
        validity: Some(Period { from: None, to: Some(day("2026-04-30")) }),
        seller,
        buyer: buyer(),
        delivery: Some(delivery()),
        delivery_terms: Some(terms()),
        lines: vec![RequestLine {
            id: "1".to_owned(),
            note: None,
            is_optional: true,
            quantity: quantity("12.5", "TNE"),
            delivery: Some(Delivery { requested: Some(Period::on(day("2026-04-02"))), ..Delivery::default() }),
            item: item("S-100"),
        }],
    }
}

pub fn quotation() -> Quotation {
    let offer = |number: &str| LineOffer {
        id: number.to_owned(),
        note: some("ex stock"),
        quantity: quantity("12.5", "TNE"),
        amount: Some(money("8000.50")),
        minimum: Some(measure("5", "TNE")),
        delivery: Some(Delivery { promised: Some(Period::on(day("2026-04-02"))), ..Delivery::default() }),
        allowances: vec![allowance()],
        price: Some(Price { amount: dec("640.04"), currency: eur(), base: Some(measure("1", "TNE")) }),
        item: item("S-100"),
    };
    Quotation {
        id: "Q-5".to_owned(),
        issued_on: day("2026-02-10"),
        issued_at: Some("10:15:00".parse().unwrap()),
        note: some("Valid while stocks last"),
        currency: eur(),
        valid: Some(Period { from: Some(day("2026-02-10")), to: Some(day("2026-04-30")) }),
        request_id: some("RFQ-7"),
        seller: seller(),
        buyer: buyer(),
        delivery: Some(delivery()),
        delivery_terms: Some(terms()),
        allowances: vec![allowance()],
        tax: Some(money("1520.10")),
        lines_total: Some(money("8000.50")),
        payable: money("9520.60"),
        lines: vec![QuotationLine {
            id: "1".to_owned(),
            request_line: some("1"),
            note: None,
            offer: offer("1"),
            alternatives: vec![offer("1.1")],
        }],
    }
}
