//! A seller's answer to an order: `OrderResponse`. Peppol: BIS Ordering 3.

use std::collections::HashSet;

use domain::kernel::refusal::Invalid;
use domain::kernel::{Currency, Date, Refusal};

use super::delivery::{self, Period, read_period};
use super::item::{self, Item};
use super::names::{AGGREGATE, Measure, cac, cbc, date, document, measure_given, measure_in, open, reference};
use super::order_read::joined;
use super::order_write::PROFILE;
use super::party::{self, Party};
use super::price::{self, Price};
use super::specification;
use crate::integration::xml::read;
use crate::integration::xml::write::{Written, Xml};
use crate::integration::xml::{Element, Limits, Reading};

const CUSTOMIZATION: &str = "urn:fdc:peppol.eu:poacc:trns:order_response:3";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderResponse {
    pub id: String,
    pub issued_on: Date,
    pub answer: Answer,
    /// All notes, one a line.
    pub note: Option<String>,
    /// That of the prices, if any are told.
    pub currency: Option<Currency>,
    pub customer_reference: Option<String>,
    /// The number of the order that it answers.
    pub order_id: String,
    pub seller: Party,
    pub buyer: Party,
    /// When it will be delivered.
    pub promised: Option<Period>,
    /// What is said to single lines: needed with [`Answer::Changed`], and not there with [`Answer::Received`], says Peppol.
    pub lines: Vec<ResponseLine>,
}

/// What becomes of the order (UNCL4343).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// `AB`: it arrived; an answer will follow.
    Received,
    /// `AP`: accepted as it is.
    Accepted,
    /// `CA`: accepted as the lines say.
    Changed,
    /// `RE`: refused.
    Rejected,
}

/// What becomes of a line (UNCL1229).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineAnswer {
    /// `1`: the seller adds it.
    Added,
    /// `3`: something is different.
    Changed,
    /// `5`: accepted as it is.
    Accepted,
    /// `7`: not accepted.
    Rejected,
    /// `42`: it was delivered already.
    Delivered,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseLine {
    pub id: String,
    /// The number of the order's line that it is about; that of the response's own line if nothing else is said.
    pub order_line: String,
    pub answer: LineAnswer,
    pub note: Option<String>,
    /// How much will be delivered; all of it if nothing is said.
    pub quantity: Option<Measure>,
    /// How much will follow later.
    pub backorder: Option<Measure>,
    pub promised: Option<Period>,
    pub price: Option<Price>,
    /// To be given where Peppol is to carry the answer, which takes no empty elements; the schema wants the element in any case.
    pub item: Option<Item>,
    /// What will be delivered instead.
    pub substitute: Option<Item>,
}

impl Answer {
    pub fn code(self) -> &'static str {
        match self {
            Self::Received => "AB",
            Self::Accepted => "AP",
            Self::Changed => "CA",
            Self::Rejected => "RE",
        }
    }

    /// Fault `code`.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let all = [Self::Received, Self::Accepted, Self::Changed, Self::Rejected];
        let known = all.into_iter().find(|one| one.code() == code);
        known.ok_or_else(|| Invalid::new("code", format!("`{code}` is none of AB, AP, CA and RE.")))
    }
}

impl LineAnswer {
    pub fn code(self) -> &'static str {
        match self {
            Self::Added => "1",
            Self::Changed => "3",
            Self::Accepted => "5",
            Self::Rejected => "7",
            Self::Delivered => "42",
        }
    }

    /// Fault `code`.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let all = [Self::Added, Self::Changed, Self::Accepted, Self::Rejected, Self::Delivered];
        let known = all.into_iter().find(|one| one.code() == code);
        known.ok_or_else(|| Invalid::new("code", format!("`{code}` is none of 1, 3, 5, 7 and 42.")))
    }
}

/// Reads an answer to an order; refused with all faults.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<OrderResponse, Refusal> {
    let document = open(bytes, limits, "OrderResponse")?;
    let mut reading = Reading::default();
    let response = response(&mut reading, document.root());
    reading.finish(response)
}

fn response(reading: &mut Reading, root: Element<'_>) -> Option<OrderResponse> {
    let id = reading.needed_text(root, cbc("ID"));
    let issued_on = reading.needed_field(root, cbc("IssueDate"), read::date);
    let answer = reading.needed_field(root, cbc("OrderResponseCode"), Answer::parse);
    let currency = reading.field(root, cbc("DocumentCurrencyCode"), Currency::parse);
    let order = reading.needed_child(root, cac("OrderReference"));
    let order_id = order.and_then(|order| reading.needed_text(order, cbc("ID")));
    let seller = party::needed(reading, root, "SellerSupplierParty");
    let buyer = party::needed(reading, root, "BuyerCustomerParty");
    let delivery = root.children_of(AGGREGATE, "Delivery").next();
    let lines = lines(reading, root, currency);
    Some(OrderResponse {
        note: joined(reading.texts(root, cbc("Note"))),
        customer_reference: reading.text(root, cbc("CustomerReference")),
        promised: delivery.and_then(|delivery| read_period(reading, delivery, "PromisedDeliveryPeriod")),
        currency,
        lines,
        id: id?,
        issued_on: issued_on?,
        answer: answer?,
        order_id: order_id?,
        seller: seller?,
        buyer: buyer?,
    })
}

fn lines(reading: &mut Reading, root: Element<'_>, currency: Option<Currency>) -> Vec<ResponseLine> {
    let (mut lines, mut ids) = (Vec::new(), HashSet::new());
    for line in root.children_of(AGGREGATE, "OrderLine") {
        let Some(item) = reading.needed_child(line, cac("LineItem")) else { continue };
        let Some(read) = read_line(reading, line, item, currency) else { continue };
        if !ids.insert(read.id.clone()) {
            reading.fault(item, "repeated", "Another line has this number.");
        }
        lines.push(read);
    }
    lines
}

fn read_line(
    reading: &mut Reading,
    line: Element<'_>,
    of: Element<'_>,
    currency: Option<Currency>,
) -> Option<ResponseLine> {
    let id = reading.needed_text(of, cbc("ID"));
    let answer = reading.needed_field(of, cbc("LineStatusCode"), LineAnswer::parse);
    let about = line.children_of(AGGREGATE, "OrderLineReference").next();
    let order_line = about.and_then(|about| reading.text(about, cbc("LineID"))).or_else(|| id.clone());
    let delivery = of.children_of(AGGREGATE, "Delivery").next();
    let quantity = measure_in(reading, of, "Quantity");
    let backorder = measure_in(reading, of, "MaximumBackorderQuantity");
    let price = price::read(reading, of, currency);
    let item = reading.child(of, cac("Item")).map(|item| item::read(reading, item));
    let instead = line.children_of(AGGREGATE, "SellerSubstitutedLineItem").next();
    let instead = instead.and_then(|instead| reading.child(instead, cac("Item")));
    let notes = [reading.texts(line, cbc("Note")), reading.texts(of, cbc("Note"))].concat();
    Some(ResponseLine {
        note: joined(notes),
        quantity,
        backorder,
        promised: delivery.and_then(|delivery| read_period(reading, delivery, "PromisedDeliveryPeriod")),
        price,
        item: item.filter(|item| *item != Item::default()),
        substitute: instead.map(|instead| item::read(reading, instead)),
        id: id?,
        order_line: order_line?,
        answer: answer?,
    })
}

pub fn write(response: &OrderResponse) -> std::io::Result<String> {
    document("OrderResponse", |xml| {
        specification(xml, [&response.seller, &response.buyer], CUSTOMIZATION, PROFILE)?;
        xml.leaf("cbc:ID", &response.id)?;
        date(xml, "cbc:IssueDate", Some(response.issued_on))?;
        xml.leaf("cbc:OrderResponseCode", response.answer.code())?;
        xml.given("cbc:Note", &response.note)?;
        xml.leaf("cbc:DocumentCurrencyCode", response.currency.map_or("", Currency::code))?;
        xml.given("cbc:CustomerReference", &response.customer_reference)?;
        reference(xml, "cac:OrderReference", &Some(response.order_id.clone()))?;
        party::write_wrapped(xml, "cac:SellerSupplierParty", &response.seller)?;
        party::write_wrapped(xml, "cac:BuyerCustomerParty", &response.buyer)?;
        promise(xml, response.promised)?;
        response.lines.iter().try_for_each(|one| line(xml, one))
    })
}

fn promise(xml: &mut Xml, promised: Option<Period>) -> Written {
    match promised {
        Some(_) => xml.node("cac:Delivery", |xml| delivery::write_period(xml, "cac:PromisedDeliveryPeriod", promised)),
        None => Ok(()),
    }
}

fn line(xml: &mut Xml, line: &ResponseLine) -> Written {
    xml.node("cac:OrderLine", |xml| {
        xml.node("cac:LineItem", |xml| {
            xml.leaf("cbc:ID", &line.id)?;
            xml.given("cbc:Note", &line.note)?;
            xml.leaf("cbc:LineStatusCode", line.answer.code())?;
            measure_given(xml, "cbc:Quantity", line.quantity)?;
            measure_given(xml, "cbc:MaximumBackorderQuantity", line.backorder)?;
            promise(xml, line.promised)?;
            price::write(xml, &line.price)?;
            match &line.item {
                Some(item) => item::write(xml, item),
                // The schema asks for one; without anything in it, it says that nothing is said.
                None => xml.empty("cac:Item", &[]),
            }
        })?;
        if let Some(substitute) = &line.substitute {
            xml.node("cac:SellerSubstitutedLineItem", |xml| {
                xml.leaf("cbc:ID", &line.id)?;
                item::write(xml, substitute)
            })?;
        }
        xml.node("cac:OrderLineReference", |xml| xml.leaf("cbc:LineID", &line.order_line))
    })
}
