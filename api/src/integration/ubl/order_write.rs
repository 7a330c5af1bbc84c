//! Writing an `Order`, for sellers who take orders as documents. Peppol: BIS Ordering 3.

use super::delivery::{self, Period};
use super::item;
use super::names::{Measure, amount, amount_given, date, document, indicator, measure, reference};
use super::order::{Order, OrderLine, Totals};
use super::party;
use super::price;
use super::specification;
use crate::integration::xml::write::{Written, Xml};

const CUSTOMIZATION: &str = "urn:fdc:peppol.eu:poacc:trns:order:3";
pub const PROFILE: &str = "urn:fdc:peppol.eu:poacc:bis:ordering:3";

pub fn write(order: &Order) -> std::io::Result<String> {
    document("Order", |xml| {
        head(xml, order)?;
        parties(xml, order)?;
        delivery::write(xml, &order.delivery)?;
        delivery::write_terms(xml, &order.delivery_terms)?;
        if let Some(terms) = &order.payment_terms {
            xml.node("cac:PaymentTerms", |xml| xml.leaf("cbc:Note", terms))?;
        }
        price::write_allowances(xml, &order.allowances)?;
        if let Some(tax) = order.tax {
            xml.node("cac:TaxTotal", |xml| amount(xml, "cbc:TaxAmount", tax))?;
        }
        totals(xml, &order.totals)?;
        order.lines.iter().try_for_each(|one| line(xml, one))
    })
}

fn head(xml: &mut Xml, order: &Order) -> Written {
    specification(xml, [&order.buyer, &order.seller], CUSTOMIZATION, PROFILE)?;
    xml.leaf("cbc:ID", &order.id)?;
    date(xml, "cbc:IssueDate", Some(order.issued_on))?;
    xml.given("cbc:OrderTypeCode", &order.kind)?;
    xml.given("cbc:Note", &order.note)?;
    xml.leaf("cbc:DocumentCurrencyCode", order.currency.code())?;
    xml.given("cbc:CustomerReference", &order.customer_reference)?;
    xml.given("cbc:AccountingCost", &order.accounting_cost)?;
    let validity = order.valid_until.map(|day| Period { from: None, to: Some(day) });
    delivery::write_period(xml, "cac:ValidityPeriod", validity)?;
    reference(xml, "cac:QuotationDocumentReference", &order.quotation)?;
    reference(xml, "cac:OriginatorDocumentReference", &order.requisition)?;
    reference(xml, "cac:Contract", &order.contract)
}

fn parties(xml: &mut Xml, order: &Order) -> Written {
    party::write_wrapped(xml, "cac:BuyerCustomerParty", &order.buyer)?;
    party::write_wrapped(xml, "cac:SellerSupplierParty", &order.seller)?;
    party::write_wrapped_given(xml, "cac:OriginatorCustomerParty", &order.originator)?;
    party::write_wrapped_given(xml, "cac:AccountingCustomerParty", &order.invoicee)
}

fn totals(xml: &mut Xml, totals: &Option<Totals>) -> Written {
    let Some(totals) = totals else { return Ok(()) };
    xml.node("cac:AnticipatedMonetaryTotal", |xml| {
        amount_given(xml, "cbc:LineExtensionAmount", totals.lines)?;
        amount_given(xml, "cbc:TaxExclusiveAmount", totals.without_tax)?;
        amount_given(xml, "cbc:TaxInclusiveAmount", totals.with_tax)?;
        amount_given(xml, "cbc:AllowanceTotalAmount", totals.allowances)?;
        amount_given(xml, "cbc:ChargeTotalAmount", totals.charges)?;
        amount(xml, "cbc:PayableAmount", totals.payable)
    })
}

fn line(xml: &mut Xml, line: &OrderLine) -> Written {
    xml.node("cac:OrderLine", |xml| {
        xml.given("cbc:Note", &line.note)?;
        xml.node("cac:LineItem", |xml| {
            xml.leaf("cbc:ID", &line.id)?;
            let quantity = Measure { value: line.quantity.value(), unit: Some(line.quantity.unit()) };
            measure(xml, "cbc:Quantity", quantity)?;
            amount_given(xml, "cbc:LineExtensionAmount", line.amount)?;
            indicator(xml, "cbc:PartialDeliveryIndicator", line.partial_delivery)?;
            indicator(xml, "cbc:BackOrderAllowedIndicator", line.backorder)?;
            xml.given("cbc:AccountingCost", &line.accounting_cost)?;
            delivery::write(xml, &line.delivery)?;
            price::write_allowances(xml, &line.allowances)?;
            price::write(xml, &line.price)?;
            item::write(xml, &line.item)
        })
    })
}
