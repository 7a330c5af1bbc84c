//! From documents to what our use cases take. Nothing is looked up here: whether a number is known is for the caller to find out.

use domain::kernel::{Currency, Date, Faults, Quantity, Refusal, UnitPrice};
use domain::ordering::confirm::Shortage;

use super::delivery::Delivery;
use super::order::{Order, OrderLine};
use super::party::Address;

/// An order as we take it: what is wanted, by numbers that the caller has to find offers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderInput {
    pub currency: Currency,
    /// The buyer's number of the order.
    pub buyer_reference: String,
    pub note: Option<String>,
    pub delivery_address: Option<Address>,
    pub requested_date: Option<Date>,
    pub incoterm: Option<String>,
    pub incoterm_place: Option<String>,
    /// [`Shortage::Backorder`] if the lines allow it, else [`Shortage::Release`].
    pub shortage: Shortage,
    pub lines: Vec<WantedLine>,
}

/// What is wanted. At least one of the numbers is there; the SKU goes before the GTIN, and the GTIN before the buyer's own number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedLine {
    /// Where it stands in the document, for faults that the caller finds.
    pub pointer: String,
    pub sku: Option<String>,
    /// As it was sent; its check digit was not looked at.
    pub gtin: Option<String>,
    pub buyers_id: Option<String>,
    /// What we gave the buyer's system along with the SKU, where it was told (cXML).
    pub auxiliary: Option<String>,
    pub quantity: Quantity,
    /// What the buyer expects to pay for one of the unit, net of what the line takes off or adds.
    pub expected_price: Option<UnitPrice>,
    /// The buyer's number of the line.
    pub buyer_reference: String,
    pub note: Option<String>,
    pub delivery_address: Option<Address>,
    pub requested_date: Option<Date>,
}

/// Refused with all faults: `required` for a line without any number of the item, and those of [`super::price::Price::of_one`] for a
/// price that is none for one of the ordered unit.
pub fn order(order: &Order) -> Result<OrderInput, Refusal> {
    let mut faults = Faults::default();
    let place = |index: usize| match order.lines.len() {
        1 => "/Order/OrderLine/LineItem".to_owned(),
        _ => format!("/Order/OrderLine[{}]/LineItem", index + 1),
    };
    let lines = order.lines.iter().enumerate().map(|(index, line)| wanted(line, place(index), &mut faults));
    let lines = lines.collect();
    faults.result()?;
    let all_wait = !order.lines.is_empty() && order.lines.iter().all(|line| line.backorder == Some(true));
    Ok(OrderInput {
        currency: order.currency,
        buyer_reference: order.id.clone(),
        note: order.note.clone(),
        delivery_address: address(order.delivery.as_ref()),
        requested_date: requested(order.delivery.as_ref()),
        incoterm: order.delivery_terms.as_ref().and_then(|terms| terms.incoterm.clone()),
        incoterm_place: order.delivery_terms.as_ref().and_then(|terms| terms.place.clone()),
        shortage: if all_wait { Shortage::Backorder } else { Shortage::Release },
        lines,
    })
}

fn wanted(line: &OrderLine, pointer: String, faults: &mut Faults) -> WantedLine {
    let (sku, gtin) = (line.item.sellers_id.clone(), line.item.gtin().map(str::to_owned));
    if sku.is_none() && gtin.is_none() && line.item.buyers_id.is_none() {
        faults.add(format!("{pointer}/Item"), "required", "The item has no number to find it by.");
    }
    let price = line.price.as_ref();
    let expected = price.map(|price| price.of_one(line.quantity.unit()));
    let expected_price = expected.and_then(|price| faults.keep(format!("{pointer}/Price"), price));
    WantedLine {
        sku,
        gtin,
        buyers_id: line.item.buyers_id.clone(),
        auxiliary: None,
        quantity: line.quantity,
        // What a line takes off or adds makes another price, which nobody states.
        expected_price: expected_price.filter(|_| line.allowances.is_empty()),
        buyer_reference: line.id.clone(),
        note: line.note.clone(),
        delivery_address: address(line.delivery.as_ref()),
        requested_date: requested(line.delivery.as_ref()),
        pointer,
    }
}

fn address(delivery: Option<&Delivery>) -> Option<Address> {
    delivery?.address.clone()
}

/// The day by which it is wanted.
fn requested(delivery: Option<&Delivery>) -> Option<Date> {
    let period = delivery?.requested?;
    period.to.or(period.from)
}
