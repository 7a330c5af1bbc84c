//! An order as its seller takes it into a system of its own: a UBL order.

use std::collections::{BTreeMap, HashSet};

use domain::contract::Side;
use domain::kernel::language::{Texts, pick};
use domain::kernel::{Currency, Money, OrderId, OrganisationId, Quantity, Refusal, Timestamp, Unit};
use infra::Failure;
use infra::db::Connection;
use infra::ordering::order::{self, LineRow, Order as Kept};
use rust_decimal::Decimal;
use serde_json::Value;

use super::parties::{address_out, load, told, written};
use crate::http::principal::Principal;
use crate::integration::ubl::delivery::{Delivery, DeliveryTerms, Period};
use crate::integration::ubl::item::{Item, TaxCategory};
use crate::integration::ubl::order::Totals;
use crate::integration::ubl::party::Party;
use crate::integration::ubl::price::Price;
use crate::integration::ubl::{LocalText, Order, OrderLine, order_write};
use crate::ordering::dto::{address, number};
use crate::ordering::usecase::unknown;
use crate::ordering::{rights, sight};

/// An order that the caller sees, as a document; and its file name.
pub async fn document(
    connection: &mut Connection,
    by: &Principal,
    id: OrderId,
    at: Timestamp,
    languages: &[String],
) -> Result<(String, String), Failure> {
    let kept = seen(connection, by, id, at).await?;
    let (buyer, seller) = parties(connection, &kept).await?;
    if kept.row.placed_at.is_none() {
        return Err(Refusal::wrong_state("order", &kept.row.state, "sent as a document").into());
    }
    let order = order(&kept, (buyer, seller), languages)?;
    Ok((format!("{}.xml", number(kept.row.number)), written(order_write::write(&order))?))
}

/// An order that the caller sees, on either side.
pub async fn seen(connection: &mut Connection, by: &Principal, id: OrderId, at: Timestamp) -> Result<Kept, Failure> {
    let own = by.require(rights::READ)?;
    let kept = order::find(connection, own, id).await?.ok_or_else(unknown)?;
    sight::check(connection, by, at, &kept).await?;
    Ok(kept)
}

/// Buyer and seller. Refused for a draft with several sellers, which is no document to anybody.
pub async fn parties(connection: &mut Connection, kept: &Kept) -> Result<(Party, Party), Failure> {
    let Some(seller) = kept.row.seller_id else {
        return Err(Refusal::wrong_state("order", &kept.row.state, "sent as a document").into());
    };
    let buyer = load(connection, OrganisationId(kept.row.buyer_id)).await?;
    let seller = load(connection, OrganisationId(seller)).await?;
    Ok((told(&buyer, Side::Buyer)?, told(&seller, Side::Seller)?))
}

/// What the buyer calls the order, or else its number here.
pub fn name(kept: &Kept) -> String {
    kept.row.buyer_reference.clone().unwrap_or_else(|| number(kept.row.number))
}

/// What documents call the lines: as the buyer does where it calls each line differently, or else by their places.
pub fn line_names(lines: &[LineRow]) -> Vec<String> {
    let said: Vec<&String> = lines.iter().filter_map(|line| line.buyer_reference.as_ref()).collect();
    let different: HashSet<&&String> = said.iter().collect();
    if different.len() == lines.len() {
        return said.into_iter().cloned().collect();
    }
    lines.iter().map(|line| line.position.to_string()).collect()
}

fn order(kept: &Kept, (buyer, seller): (Party, Party), languages: &[String]) -> Result<Order, Failure> {
    let row = &kept.row;
    let currency = Currency::parse(&row.currency)?;
    let names = line_names(&kept.lines);
    let lines = kept.lines.iter().zip(names).map(|(line, name)| order_line(line, name, currency, languages));
    let (tax, totals) = totals(kept, currency)?;
    let terms = DeliveryTerms { incoterm: row.incoterm.clone(), special: None, place: row.incoterm_place.clone() };
    Ok(Order {
        id: name(kept),
        issued_on: row.placed_at.unwrap_or(row.created_at).date_naive(),
        kind: Some("220".to_owned()),
        note: row.note.clone(),
        currency,
        // The number here, by which an answer can name the order where the buyer's own is not enough.
        customer_reference: Some(number(row.number)),
        accounting_cost: None,
        valid_until: row.expires_at.map(|end| end.date_naive()),
        quotation: None,
        requisition: None,
        contract: None,
        buyer,
        seller,
        originator: None,
        invoicee: None,
        delivery: delivery(row.delivery_address.as_ref(), row.requested_date)?,
        delivery_terms: Some(terms).filter(|terms| *terms != DeliveryTerms::default()),
        payment_terms: row.payment_days.map(|days| format!("{days} days after the date of the invoice.")),
        allowances: Vec::new(),
        tax,
        totals,
        lines: lines.collect::<Result<_, _>>()?,
    })
}

/// Where and when it is wanted, as far as that was said.
pub fn delivery(to: Option<&Value>, on: Option<domain::kernel::Date>) -> Result<Option<Delivery>, Failure> {
    let to = address(to)?;
    if to.is_none() && on.is_none() {
        return Ok(None);
    }
    let requested = on.map(Period::on);
    Ok(Some(Delivery { address: to.as_ref().map(address_out), requested, ..Delivery::default() }))
}

fn order_line(line: &LineRow, name: String, currency: Currency, languages: &[String]) -> Result<OrderLine, Failure> {
    Ok(OrderLine {
        id: name,
        note: line.note.clone(),
        quantity: Quantity::new(line.quantity, Unit::parse(&line.unit)?)?,
        amount: Some(Money::rounded(line.amount, currency)),
        partial_delivery: None,
        backorder: None,
        accounting_cost: None,
        delivery: delivery(line.delivery_address.as_ref(), line.requested_date)?,
        allowances: Vec::new(),
        price: Some(Price { amount: line.unit_price, currency, base: None }),
        item: item(line, languages)?,
    })
}

/// The goods of a line.
pub fn item(line: &LineRow, languages: &[String]) -> Result<Item, Failure> {
    Ok(Item {
        name: Some(named(&line.name, languages)?),
        sellers_id: Some(line.sku.clone()),
        tax: Some(TaxCategory { code: line.tax_category.clone(), rate: Some(line.tax_rate) }),
        ..Item::default()
    })
}

/// A name in the reader's language.
pub fn named(names: &Value, languages: &[String]) -> Result<LocalText, Failure> {
    let names: Texts = serde_json::from_value(names.clone()).map_err(Failure::broken)?;
    let text = pick(&names, languages).to_owned();
    let language = names.iter().find(|(_, other)| **other == text).map(|(tag, _)| tag.clone());
    Ok(LocalText { language, text })
}

/// Tax and sums as far as they are known: what freight a seller may add, and its tax, are not.
fn totals(kept: &Kept, currency: Currency) -> Result<(Option<Money>, Option<Totals>), Failure> {
    if kept.row.freight_terms != "included" || !kept.row.freight.is_zero() {
        return Ok((None, None));
    }
    let mut bases: BTreeMap<(&str, Decimal), Decimal> = BTreeMap::new();
    for line in &kept.lines {
        *bases.entry((line.tax_category.as_str(), line.tax_rate)).or_default() += line.amount;
    }
    let of = |((_, rate), base): (&(&str, Decimal), &Decimal)| currency.round(*base * *rate / Decimal::ONE_HUNDRED);
    let tax: Decimal = bases.iter().map(of).sum();
    let net = Money::rounded(kept.row.total, currency);
    let gross = Money::new(net.amount() + tax, currency)?;
    let totals = Totals {
        lines: Some(net),
        without_tax: Some(net),
        with_tax: Some(gross),
        allowances: None,
        charges: None,
        payable: gross,
    };
    Ok((Some(Money::new(tax, currency)?), Some(totals)))
}
