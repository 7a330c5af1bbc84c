//! From an `OrderRequest` to what our use cases take: the same as of an order in UBL.

use domain::kernel::{Faults, Quantity, Refusal, UnitPrice};
use domain::ordering::confirm::Shortage;

use super::item::{self, ItemOut};
use super::order_request::OrderRequest;
use crate::integration::ubl::input::{OrderInput, WantedLine};
use crate::integration::ubl::party::Address;

/// Refused with all faults: `required` for a line without unit, and those of [`Quantity::new`] and [`UnitPrice::new`]. Whether the order is
/// new, a change or an end is for the caller to see.
pub fn order(request: &OrderRequest) -> Result<OrderInput, Refusal> {
    let mut faults = Faults::default();
    let place = |index: usize| match request.items.len() {
        1 => "/cXML/Request/OrderRequest/ItemOut".to_owned(),
        _ => format!("/cXML/Request/OrderRequest/ItemOut[{}]", index + 1),
    };
    let items = request.items.iter().enumerate();
    let lines = items.filter_map(|(index, item)| wanted(item, index, place(index), &mut faults)).collect();
    faults.result()?;
    Ok(OrderInput {
        currency: request.total.currency(),
        buyer_reference: request.id.clone(),
        note: request.comments.clone(),
        delivery_address: request.ship_to.as_ref().map(address),
        requested_date: None,
        incoterm: None,
        incoterm_place: None,
        shortage: Shortage::Release,
        lines,
    })
}

fn wanted(item: &ItemOut, index: usize, pointer: String, faults: &mut Faults) -> Option<WantedLine> {
    let Some(detail) = &item.detail else {
        faults.add(format!("{pointer}/ItemDetail"), "required", "In which unit it is ordered is not said.");
        return None;
    };
    let quantity = faults.keep(format!("{pointer}/@quantity"), Quantity::new(item.quantity, detail.unit));
    let (amount, currency) = detail.price;
    let price = faults.keep(format!("{pointer}/ItemDetail/UnitPrice/Money"), UnitPrice::new(amount, currency));
    Some(WantedLine {
        sku: Some(item.id.part.clone()),
        gtin: None,
        buyers_id: item.id.buyers.clone(),
        auxiliary: item.id.auxiliary.clone(),
        quantity: quantity?,
        expected_price: price,
        buyer_reference: item.line.map_or_else(|| (index + 1).to_string(), |line| line.to_string()),
        note: item.comments.clone(),
        delivery_address: item.ship_to.as_ref().map(address),
        requested_date: item.requested_on,
        pointer,
    })
}

/// Names and further streets become lines to print.
fn address(from: &item::Address) -> Address {
    let names = from.name.iter().chain(&from.deliver_to).cloned();
    Address {
        street: from.streets.first().cloned(),
        additional_street: from.streets.get(1).cloned(),
        city: from.city.clone(),
        postal_code: from.postal_code.clone(),
        region: from.state.clone(),
        further_lines: names.chain(from.streets.iter().skip(2).cloned()).collect(),
        country: from.country,
    }
}
