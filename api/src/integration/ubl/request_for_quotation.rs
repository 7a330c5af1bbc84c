//! What a buyer asks sellers to quote: `RequestForQuotation`.

use chrono::NaiveTime;
use domain::kernel::{Currency, Date, Quantity};

use super::delivery::{self, Delivery, DeliveryTerms, Period};
use super::item::{self, Item};
use super::names::{Measure, date, document, indicator, measure, time};
use super::party::{self, Party};
use crate::integration::xml::write::{Written, Xml};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestForQuotation {
    pub id: String,
    pub issued_on: Date,
    /// In UTC.
    pub issued_at: NaiveTime,
    /// The last day on which quotations are taken.
    pub answer_by: Option<Date>,
    pub note: Option<String>,
    /// In which it is to be quoted.
    pub currency: Option<Currency>,
    /// How long quotations have to be valid.
    pub validity: Option<Period>,
    /// Whom it is sent to; nobody in particular if it is open to all.
    pub seller: Option<Party>,
    pub buyer: Party,
    pub delivery: Option<Delivery>,
    pub delivery_terms: Option<DeliveryTerms>,
    pub lines: Vec<RequestLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    pub id: String,
    pub note: Option<String>,
    /// Whether a quotation may leave it out.
    pub is_optional: bool,
    pub quantity: Quantity,
    pub delivery: Option<Delivery>,
    pub item: Item,
}

pub fn write(request: &RequestForQuotation) -> std::io::Result<String> {
    document("RequestForQuotation", |xml| {
        xml.leaf("cbc:ID", &request.id)?;
        date(xml, "cbc:IssueDate", Some(request.issued_on))?;
        time(xml, "cbc:IssueTime", Some(request.issued_at))?;
        date(xml, "cbc:SubmissionDueDate", request.answer_by)?;
        xml.given("cbc:Note", &request.note)?;
        xml.leaf("cbc:PricingCurrencyCode", request.currency.map_or("", Currency::code))?;
        delivery::write_period(xml, "cac:RequestedValidityPeriod", request.validity)?;
        match &request.seller {
            Some(seller) => party::write_wrapped(xml, "cac:SellerSupplierParty", seller)?,
            None => xml.empty("cac:SellerSupplierParty", &[])?,
        }
        party::write_wrapped(xml, "cac:BuyerCustomerParty", &request.buyer)?;
        delivery::write(xml, &request.delivery)?;
        delivery::write_terms(xml, &request.delivery_terms)?;
        request.lines.iter().try_for_each(|one| line(xml, one))
    })
}

fn line(xml: &mut Xml, line: &RequestLine) -> Written {
    xml.node("cac:RequestForQuotationLine", |xml| {
        xml.leaf("cbc:ID", &line.id)?;
        xml.given("cbc:Note", &line.note)?;
        indicator(xml, "cbc:OptionalLineItemIndicator", line.is_optional.then_some(true))?;
        xml.node("cac:LineItem", |xml| {
            xml.leaf("cbc:ID", &line.id)?;
            let quantity = Measure { value: line.quantity.value(), unit: Some(line.quantity.unit()) };
            measure(xml, "cbc:Quantity", quantity)?;
            delivery::write(xml, &line.delivery)?;
            item::write(xml, &line.item)
        })
    })
}
