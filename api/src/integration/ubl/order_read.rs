//! Reading an `Order`.

use std::collections::HashSet;

use domain::kernel::{Currency, Refusal};

use super::delivery::{read as read_delivery, read_period, read_terms};
use super::item;
use super::names::{AGGREGATE, cac, cbc, money_in, open};
use super::order::{Order, OrderLine, Totals};
use super::party;
use super::price;
use crate::integration::xml::read::{boolean, date};
use crate::integration::xml::{Element, Limits, Reading};

/// Reads an order; refused with all faults. Lines have different numbers (fault `repeated`), and there is at least one.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Order, Refusal> {
    let document = open(bytes, limits, "Order")?;
    let mut reading = Reading::default();
    let order = order(&mut reading, document.root());
    reading.finish(order)
}

fn order(reading: &mut Reading, root: Element<'_>) -> Option<Order> {
    let id = reading.needed_text(root, cbc("ID"));
    let issued_on = reading.needed_field(root, cbc("IssueDate"), date);
    let currency = read_currency(reading, root);
    let buyer = party::needed(reading, root, "BuyerCustomerParty");
    let seller = party::needed(reading, root, "SellerSupplierParty");
    let lines = lines(reading, root, currency);
    let tax_total = root.children_of(AGGREGATE, "TaxTotal").next();
    let terms = root.children_of(AGGREGATE, "PaymentTerms").flat_map(|terms| reading.texts(terms, cbc("Note")));
    let payment_terms = joined(terms.collect());
    Some(Order {
        kind: reading.text(root, cbc("OrderTypeCode")),
        note: joined(reading.texts(root, cbc("Note"))),
        customer_reference: reading.text(root, cbc("CustomerReference")),
        accounting_cost: reading.text(root, cbc("AccountingCost")),
        valid_until: read_period(reading, root, "ValidityPeriod").and_then(|period| period.to),
        quotation: referred(reading, root, "QuotationDocumentReference"),
        requisition: referred(reading, root, "OriginatorDocumentReference"),
        contract: referred(reading, root, "Contract"),
        originator: party::wrapped(reading, root, "OriginatorCustomerParty"),
        invoicee: party::wrapped(reading, root, "AccountingCustomerParty"),
        delivery: read_delivery(reading, root),
        delivery_terms: read_terms(reading, root),
        payment_terms,
        allowances: price::read_allowances(reading, root, currency),
        tax: tax_total.and_then(|total| money_in(reading, total, "TaxAmount", currency)),
        totals: totals(reading, root, currency),
        id: id?,
        issued_on: issued_on?,
        currency: currency?,
        buyer: buyer?,
        seller: seller?,
        lines,
    })
}

/// The currency of the document, or else that of its prices.
fn read_currency(reading: &mut Reading, root: Element<'_>) -> Option<Currency> {
    match reading.child(root, cbc("PricingCurrencyCode")) {
        Some(_) if root.children_of(super::names::BASIC, "DocumentCurrencyCode").next().is_none() => {
            reading.needed_field(root, cbc("PricingCurrencyCode"), Currency::parse)
        }
        _ => reading.needed_field(root, cbc("DocumentCurrencyCode"), Currency::parse),
    }
}

/// The number of the document that the first child of that name refers to.
pub fn referred(reading: &mut Reading, of: Element<'_>, name: &str) -> Option<String> {
    let first = of.children_of(AGGREGATE, name).next()?;
    reading.text(first, cbc("ID"))
}

/// The texts as one, a line each.
pub fn joined(texts: Vec<String>) -> Option<String> {
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn totals(reading: &mut Reading, root: Element<'_>, currency: Option<Currency>) -> Option<Totals> {
    let total = reading.child(root, cac("AnticipatedMonetaryTotal"))?;
    let lines = money_in(reading, total, "LineExtensionAmount", currency);
    let without_tax = money_in(reading, total, "TaxExclusiveAmount", currency);
    let with_tax = money_in(reading, total, "TaxInclusiveAmount", currency);
    let allowances = money_in(reading, total, "AllowanceTotalAmount", currency);
    let charges = money_in(reading, total, "ChargeTotalAmount", currency);
    let payable = reading.needed_child(total, cbc("PayableAmount"))?;
    let payable = super::names::money(reading, payable, currency)?;
    Some(Totals { lines, without_tax, with_tax, allowances, charges, payable })
}

fn lines(reading: &mut Reading, root: Element<'_>, currency: Option<Currency>) -> Vec<OrderLine> {
    let (mut lines, mut ids) = (Vec::new(), HashSet::new());
    for line in root.children_of(AGGREGATE, "OrderLine") {
        let Some(item) = reading.needed_child(line, cac("LineItem")) else { continue };
        let read = read_line(reading, line, item, currency);
        if let (Some(id), Some(at)) = (read.as_ref().map(|read| &read.id), reading.child(item, cbc("ID")))
            && !ids.insert(id.clone())
        {
            reading.fault(at, "repeated", "Another line has this number.");
        }
        lines.extend(read);
    }
    if root.children_of(AGGREGATE, "OrderLine").next().is_none() {
        reading.needed_child(root, cac("OrderLine"));
    }
    lines
}

fn read_line(
    reading: &mut Reading,
    line: Element<'_>,
    of: Element<'_>,
    currency: Option<Currency>,
) -> Option<OrderLine> {
    let id = reading.needed_text(of, cbc("ID"));
    let quantity = reading.needed_child(of, cbc("Quantity")).and_then(|at| reading.quantity(at, "unitCode"));
    let item = reading.needed_child(of, cac("Item")).map(|item| item::read(reading, item));
    let notes = [reading.texts(line, cbc("Note")), reading.texts(of, cbc("Note"))].concat();
    let amount = money_in(reading, of, "LineExtensionAmount", currency);
    let price = price::read(reading, of, currency);
    let delivery = read_delivery(reading, of);
    let allowances = price::read_allowances(reading, of, currency);
    Some(OrderLine {
        note: joined(notes),
        amount,
        partial_delivery: reading.field(of, cbc("PartialDeliveryIndicator"), boolean),
        backorder: reading.field(of, cbc("BackOrderAllowedIndicator"), boolean),
        accounting_cost: reading.text(of, cbc("AccountingCost")),
        delivery,
        allowances,
        price,
        id: id?,
        quantity: quantity?,
        item: item?,
    })
}
