//! What a seller offers in answer to a request: `Quotation`.

use chrono::NaiveTime;
use domain::kernel::{Currency, Date, Money, Quantity};

use super::delivery::{self, Delivery, DeliveryTerms, Period};
use super::item::{self, Item};
use super::names::{Measure, amount, amount_given, date, document, measure, measure_given, reference, time};
use super::party::{self, Party};
use super::price::{self, Allowance, Price};
use crate::integration::xml::write::{Written, Xml};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    pub id: String,
    pub issued_on: Date,
    /// In UTC.
    pub issued_at: Option<NaiveTime>,
    pub note: Option<String>,
    pub currency: Currency,
    /// How long it is valid.
    pub valid: Option<Period>,
    /// The number of the request.
    pub request_id: Option<String>,
    pub seller: Party,
    pub buyer: Party,
    pub delivery: Option<Delivery>,
    pub delivery_terms: Option<DeliveryTerms>,
    pub allowances: Vec<Allowance>,
    /// All tax together.
    pub tax: Option<Money>,
    /// The lines before what is taken off or added for the whole.
    pub lines_total: Option<Money>,
    /// What it costs in all. Whoever fills it has added it up.
    pub payable: Money,
    pub lines: Vec<QuotationLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotationLine {
    pub id: String,
    /// The number of the request's line.
    pub request_line: Option<String>,
    pub note: Option<String>,
    pub offer: LineOffer,
    /// What else the seller offers for the line.
    pub alternatives: Vec<LineOffer>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOffer {
    /// Within the line.
    pub id: String,
    pub note: Option<String>,
    pub quantity: Quantity,
    pub amount: Option<Money>,
    /// The least that has to be taken.
    pub minimum: Option<Measure>,
    pub delivery: Option<Delivery>,
    pub allowances: Vec<Allowance>,
    pub price: Option<Price>,
    pub item: Item,
}

pub fn write(quotation: &Quotation) -> std::io::Result<String> {
    document("Quotation", |xml| {
        xml.leaf("cbc:ID", &quotation.id)?;
        date(xml, "cbc:IssueDate", Some(quotation.issued_on))?;
        time(xml, "cbc:IssueTime", quotation.issued_at)?;
        xml.given("cbc:Note", &quotation.note)?;
        xml.leaf("cbc:PricingCurrencyCode", quotation.currency.code())?;
        delivery::write_period(xml, "cac:ValidityPeriod", quotation.valid)?;
        reference(xml, "cac:RequestForQuotationDocumentReference", &quotation.request_id)?;
        party::write_wrapped(xml, "cac:SellerSupplierParty", &quotation.seller)?;
        party::write_wrapped(xml, "cac:BuyerCustomerParty", &quotation.buyer)?;
        delivery::write(xml, &quotation.delivery)?;
        delivery::write_terms(xml, &quotation.delivery_terms)?;
        price::write_allowances(xml, &quotation.allowances)?;
        if let Some(tax) = quotation.tax {
            xml.node("cac:TaxTotal", |xml| amount(xml, "cbc:TaxAmount", tax))?;
        }
        xml.node("cac:QuotedMonetaryTotal", |xml| {
            amount_given(xml, "cbc:LineExtensionAmount", quotation.lines_total)?;
            amount(xml, "cbc:PayableAmount", quotation.payable)
        })?;
        quotation.lines.iter().try_for_each(|one| line(xml, one))
    })
}

fn line(xml: &mut Xml, line: &QuotationLine) -> Written {
    xml.node("cac:QuotationLine", |xml| {
        xml.leaf("cbc:ID", &line.id)?;
        xml.given("cbc:Note", &line.note)?;
        xml.given("cbc:RequestForQuotationLineID", &line.request_line)?;
        offer(xml, "cac:LineItem", &line.offer)?;
        line.alternatives.iter().try_for_each(|one| offer(xml, "cac:AlternativeLineItem", one))
    })
}

fn offer(xml: &mut Xml, name: &str, offer: &LineOffer) -> Written {
    xml.node(name, |xml| {
        xml.leaf("cbc:ID", &offer.id)?;
        xml.given("cbc:Note", &offer.note)?;
        let quantity = Measure { value: offer.quantity.value(), unit: Some(offer.quantity.unit()) };
        measure(xml, "cbc:Quantity", quantity)?;
        amount_given(xml, "cbc:LineExtensionAmount", offer.amount)?;
        measure_given(xml, "cbc:MinimumQuantity", offer.minimum)?;
        delivery::write(xml, &offer.delivery)?;
        price::write_allowances(xml, &offer.allowances)?;
        price::write(xml, &offer.price)?;
        item::write(xml, &offer.item)
    })
}
