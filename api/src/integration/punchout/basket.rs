//! What a visitor has chosen, at the buyer's own prices.

use std::collections::HashMap;

use domain::kernel::language::{Texts, pick};
use domain::kernel::money::parse_decimal;
use domain::kernel::{Currency, Faults, Money, OfferId, OrganisationId, PortalId, Quantity, Refusal, Unit, UnitPrice};
use domain::ordering::{DraftLine, FreightTerms, OrderFrame, PricedLine};
use infra::Failure;
use infra::catalogue::offer;
use infra::catalogue::visibility::seen_by;
use infra::db::Connection;
use infra::integration::offered::{self, ByNumber, Numbers};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::dto::ItemData;
use crate::command::Command;
use crate::http::problem::refused;
use crate::integration::procurement::places::{is_of_lines, line_of};
use crate::ordering::pricing::{self, Priced};

/// A line of a basket as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub offer_id: Uuid,
    pub sku: String,
    /// A decimal number of more than nothing.
    pub quantity: String,
    pub unit: String,
}

impl Item {
    pub fn quantity(&self) -> Result<Quantity, Failure> {
        Ok(Quantity::new(parse_decimal(&self.quantity)?, Unit::parse(&self.unit)?)?)
    }
}

/// A line of a basket with its price, or with what is in its way.
#[derive(Debug, Clone)]
pub struct Line {
    pub item: Item,
    pub priced: Result<Price, String>,
}

/// What is known of goods that can be ordered.
#[derive(Debug, Clone)]
pub struct Price {
    pub name: String,
    /// For one of the unit.
    pub unit_price: UnitPrice,
    pub amount: Money,
    pub lead_time_days: i32,
}

/// Where a visitor shops.
#[derive(Debug, Clone, Copy)]
pub struct Shop {
    pub buyer: OrganisationId,
    pub portal: PortalId,
    pub seller: Option<OrganisationId>,
}

/// The basket with these items in it: each is put in, changed, or with a quantity of nothing taken out. Refused with all faults.
pub async fn put(
    tx: &mut Connection,
    command: &Command,
    shop: Shop,
    mut basket: Vec<Item>,
    items: &[ItemData],
) -> Result<Vec<Item>, Failure> {
    let wanted = Numbers {
        skus: items.iter().filter_map(|item| item.sku.clone()).collect(),
        offers: items.iter().filter_map(|item| item.offer_id).collect(),
        gtins: Vec::new(),
    };
    let seen = seen_by(Some(shop.buyer), command.at);
    let found = offered::find(tx, shop.portal, shop.seller, &wanted, seen).await?;
    let found: Vec<ByNumber> =
        found.into_iter().filter(|one| one.seller_trades && one.seller_id != shop.buyer.0).collect();
    let mut faults = Faults::default();
    for (index, data) in items.iter().enumerate() {
        let pointer = format!("/items/{index}");
        let Some((offer_id, sku, unit)) = meant(data, &basket, &found, &pointer, &mut faults) else { continue };
        let unit = data.unit.clone().unwrap_or(unit);
        let number = faults.keep(format!("{pointer}/quantity"), parse_decimal(&data.quantity));
        let known = faults.keep(format!("{pointer}/unit"), Unit::parse(&unit));
        let Some((number, known)) = number.zip(known) else { continue };
        let item = Item { offer_id, sku, quantity: number.normalize().to_string(), unit };
        let place = basket.iter().position(|one| one.offer_id == offer_id);
        if number.is_zero() {
            basket.retain(|one| one.offer_id != offer_id);
        } else if faults.keep(format!("{pointer}/quantity"), Quantity::new(number, known)).is_some() {
            match place.and_then(|place| basket.get_mut(place)) {
                Some(kept) => *kept = item,
                None => basket.push(item),
            }
        }
    }
    faults.result()?;
    Ok(basket)
}

/// The offer that is meant, with its SKU and unit: among what is offered, or what is in the basket already and may be taken out of it.
fn meant(
    data: &ItemData,
    basket: &[Item],
    found: &[ByNumber],
    pointer: &str,
    faults: &mut Faults,
) -> Option<(Uuid, String, String)> {
    let is_it = |offer: Uuid, sku: &str| match data.offer_id {
        Some(id) => id == offer,
        None => data.sku.as_deref() == Some(sku),
    };
    if data.offer_id.is_none() && data.sku.is_none() {
        faults.add(pointer, "required", "Name the goods by `sku` or `offer_id`.");
        return None;
    }
    let offers: Vec<&ByNumber> = found.iter().filter(|one| is_it(one.offer_id, &one.sku)).collect();
    if let [one] = offers.as_slice() {
        return Some((one.offer_id, one.sku.clone(), one.unit.clone()));
    }
    if let Some(kept) = basket.iter().find(|one| is_it(one.offer_id, &one.sku)) {
        return Some((kept.offer_id, kept.sku.clone(), kept.unit.clone()));
    }
    if offers.is_empty() {
        faults.add(pointer, "not_offered", "It is not offered to you here.");
    } else {
        faults.add(pointer, "ambiguous_item", "Several sellers offer it: name the offer.");
    }
    None
}

/// The lines at the prices of now.
pub async fn price(
    tx: &mut Connection,
    command: &Command,
    shop: Shop,
    items: &[Item],
    languages: &[String],
) -> Result<Vec<Line>, Failure> {
    let Some(currency) = currency(tx, items).await? else { return Ok(Vec::new()) };
    let freight = FreightTerms::parse("included", None, currency)?;
    let frame = OrderFrame { buyer: shop.buyer, portal: shop.portal, currency, freight };
    let mut odd: HashMap<usize, String> = HashMap::new();
    let mut good: Vec<usize> = (0..items.len()).collect();
    let mut priced: HashMap<usize, Price> = HashMap::new();
    while !good.is_empty() {
        let wanted: Result<Vec<DraftLine>, Failure> = good.iter().map(|index| draft(command, &items[*index])).collect();
        match refused(pricing::price(tx, command, &frame, &wanted?, false).await)? {
            Ok(found) => {
                for (index, line) in good.iter().zip(&found.lines) {
                    priced.insert(*index, known(&found, line, languages)?);
                }
                break;
            }
            Err(refusal) if is_of_lines(&refusal) => {
                for fault in refusal.faults {
                    let place = line_of(&fault.pointer).and_then(|line| good.get(line)).copied();
                    odd.extend(place.map(|place| (place, fault.detail)));
                }
                let before = good.len();
                good.retain(|index| !odd.contains_key(index));
                if good.len() == before {
                    return Err(Failure::broken("a refused line is none of the basket"));
                }
            }
            Err(refusal) => return Err(refusal.into()),
        }
    }
    let line = |(index, item): (usize, &Item)| {
        let gone = || odd.get(&index).cloned().unwrap_or_else(|| "It cannot be ordered.".to_owned());
        Line { item: item.clone(), priced: priced.remove(&index).ok_or_else(gone) }
    };
    Ok(items.iter().enumerate().map(line).collect())
}

/// A basket is in one currency: that of the first of its offers.
async fn currency(tx: &mut Connection, items: &[Item]) -> Result<Option<Currency>, Failure> {
    let ids: Vec<Uuid> = items.iter().map(|item| item.offer_id).collect();
    let offers = offer::load(tx, &ids).await?;
    let first = items.iter().find_map(|item| offers.iter().find(|offer| offer.row.id == item.offer_id));
    Ok(first.map(|offer| Currency::parse(&offer.row.currency)).transpose()?)
}

fn draft(command: &Command, item: &Item) -> Result<DraftLine, Failure> {
    Ok(DraftLine { id: command.id(), offer: OfferId(item.offer_id), quantity: item.quantity()?, proposal: None })
}

fn known(all: &Priced, line: &PricedLine, languages: &[String]) -> Result<Price, Failure> {
    let offer = all.offers.get(&line.offer).ok_or_else(|| Failure::broken("an offer vanished"))?;
    let names: Texts = serde_json::from_value(offer.product.name.clone()).map_err(Failure::broken)?;
    Ok(Price {
        name: pick(&names, languages).to_owned(),
        unit_price: line.unit_price,
        amount: line.amount,
        lead_time_days: offer.product.lead_time_days,
    })
}

/// The sum of the lines that have a price; none without any.
pub fn total(lines: &[Line]) -> Result<Option<Money>, Failure> {
    let mut amounts = lines.iter().filter_map(|line| line.priced.as_ref().ok()).map(|price| price.amount);
    let Some(first) = amounts.next() else { return Ok(None) };
    let sum = amounts.try_fold(first.amount(), |sum, amount| sum.checked_add(amount.amount()));
    let sum = sum.ok_or_else(|| Failure::broken("a basket is too dear to be added up"))?;
    Ok(Some(Money::new(sum, first.currency())?))
}

/// The lines, if all of them can be ordered; refused with all faults.
pub fn all_priced(lines: &[Line]) -> Result<Vec<(&Item, &Price)>, Refusal> {
    let mut faults = Faults::default();
    let mut good = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        match &line.priced {
            Ok(price) => good.push((&line.item, price)),
            Err(reason) => faults.add(format!("/items/{index}"), "not_orderable", reason.clone()),
        }
    }
    faults.result()?;
    Ok(good)
}
