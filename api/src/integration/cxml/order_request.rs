//! `OrderRequest`: a purchase order, a change of one, or its end.

use std::collections::HashSet;

use domain::kernel::refusal::Invalid;
use domain::kernel::{Money, Timestamp};

use super::item::{Address, ItemOut, comments, extrinsics, read_address, read_all, read_money};
use super::named;
use crate::integration::xml::read::{number, string, timestamp};
use crate::integration::xml::{Element, Reading};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRequest {
    /// The buyer's number of the order.
    pub id: String,
    pub ordered_at: Timestamp,
    pub action: Action,
    /// `orderType`, such as `regular`, `release` or `blanket`.
    pub kind: String,
    pub version: Option<u64>,
    /// The `payloadID` of the request that it changes or ends.
    pub replaces: Option<String>,
    /// As the buyer reckons.
    pub total: Money,
    pub ship_to: Option<Address>,
    pub bill_to: Option<Address>,
    pub shipping: Option<Money>,
    pub tax: Option<Money>,
    /// Days until the payment, if they are told.
    pub payment_days: Option<u64>,
    pub comments: Option<String>,
    pub extrinsics: Vec<(String, String)>,
    pub items: Vec<ItemOut>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    New,
    Update,
    Delete,
}

impl Action {
    /// Fault `code`.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "new" => Ok(Self::New),
            "update" => Ok(Self::Update),
            "delete" => Ok(Self::Delete),
            _ => Err(Invalid::new("code", format!("`{code}` is none of new, update and delete."))),
        }
    }
}

/// Faults beside those of the values: `required` for an update or delete that does not name what it is about, and for an order without
/// lines; `repeated` for a line number; `currency_mismatch` for prices in another currency than the total.
pub fn read(reading: &mut Reading, of: Element<'_>) -> Option<OrderRequest> {
    let header = reading.needed_child(of, named("OrderRequestHeader"));
    let items = read_all(reading, of, true);
    if of.children_of("", "ItemOut").next().is_none() {
        reading.needed_child(of, named("ItemOut"));
    }
    check_lines(reading, of);
    let order = read_header(reading, header?, items)?;
    check_currency(reading, of, &order);
    Some(order)
}

fn read_header(reading: &mut Reading, header: Element<'_>, items: Vec<ItemOut>) -> Option<OrderRequest> {
    let id = reading.needed_attribute(header, "orderID", string);
    let ordered_at = reading.needed_attribute(header, "orderDate", timestamp);
    let has_action = header.attribute("type").is_some();
    let action = if has_action { reading.attribute(header, "type", Action::parse) } else { Some(Action::New) };
    let has_total = reading.needed_child(header, named("Total")).is_some();
    let total = if has_total { read_money(reading, header, "Total") } else { None };
    let changes = action.is_some_and(|action| action != Action::New);
    let document = match changes {
        true => reading.needed_child(header, named("DocumentReference")),
        false => reading.child(header, named("DocumentReference")),
    };
    let terms = header.children_of("", "PaymentTerm").next();
    Some(OrderRequest {
        kind: reading.attribute(header, "orderType", string).unwrap_or_else(|| "regular".to_owned()),
        version: reading.attribute(header, "orderVersion", number),
        replaces: document.and_then(|document| reading.needed_attribute(document, "payloadID", string)),
        ship_to: read_address(reading, header, "ShipTo"),
        bill_to: read_address(reading, header, "BillTo"),
        shipping: read_money(reading, header, "Shipping"),
        tax: read_money(reading, header, "Tax"),
        payment_days: terms.and_then(|terms| reading.attribute(terms, "payInNumberOfDays", number)),
        comments: comments(reading, header),
        extrinsics: extrinsics(reading, header),
        items,
        id: id?,
        ordered_at: ordered_at?,
        action: action?,
        total: total?,
    })
}

fn check_lines(reading: &mut Reading, of: Element<'_>) {
    let mut seen = HashSet::new();
    for item in of.children_of("", "ItemOut") {
        if item.attribute("lineNumber").is_some_and(|line| !seen.insert(line.trim())) {
            reading.fault(item, "repeated", "Another line has this number.");
        }
    }
}

fn check_currency(reading: &mut Reading, of: Element<'_>, order: &OrderRequest) {
    let currency = order.total.currency();
    // Where a line was not read, there is a fault already and no telling which.
    if order.items.len() != of.children_of("", "ItemOut").count() {
        return;
    }
    for (item, at) in order.items.iter().zip(of.children_of("", "ItemOut")) {
        let Some((_, found)) = item.detail.as_ref().map(|detail| detail.price) else { continue };
        if found != currency {
            reading.fault(at, "currency_mismatch", format!("The price is in {found}, the total in {currency}."));
        }
    }
}
