//! A delivery as its buyer takes it into a system of its own: a UBL despatch advice.

use domain::contract::Side;
use domain::kernel::{ContractId, DeliveryId, OrderId, OrganisationId, Timestamp, Unit};
use infra::Failure;
use infra::contract::delivery::{self, DeliveryLineRow};
use infra::contract::store::{Contract, LineRow};
use infra::db::Connection;
use infra::ordering::order::{self, Order};
use rust_decimal::Decimal;

use super::order_out::{line_names, name, named};
use super::parties::{address_out, load, told, written};
use crate::contract::delivery::unknown;
use crate::contract::{dto, rights, usecase};
use crate::http::principal::Principal;
use crate::integration::ubl::Measure;
use crate::integration::ubl::delivery::Period;
use crate::integration::ubl::despatch_advice::{self, DespatchAdvice, DespatchLine, Shipment};
use crate::integration::ubl::item::{Item, TaxCategory};
use crate::integration::ubl::party::Party;
use crate::ordering::dto::address;

/// A delivery under a contract of the caller, as a document; and its file name.
pub async fn document(
    connection: &mut Connection,
    by: &Principal,
    id: DeliveryId,
    at: Timestamp,
    languages: &[String],
) -> Result<(String, String), Failure> {
    let own = by.require(rights::READ)?;
    let sent = delivery::find(connection, own, id).await?.ok_or_else(unknown)?;
    let contract = usecase::load(connection, by, ContractId(sent.row.contract_id), at).await?;
    let seller = load(connection, OrganisationId(contract.row.seller_id)).await?;
    let buyer = load(connection, OrganisationId(contract.row.buyer_id)).await?;
    let order = ordered(connection, &contract).await?;
    let number = format!("{}-{}", dto::number(contract.row.number), sent.row.number);
    let lines = sent.lines.iter().map(|line| advised(line, &contract, order.as_ref(), languages));
    let lines: Vec<DespatchLine> = lines.collect::<Result<_, Failure>>()?;
    let advice = DespatchAdvice {
        id: number.clone(),
        issued_on: sent.row.despatched_at.date_naive(),
        issued_at: Some(sent.row.despatched_at.time()),
        note: sent.row.note.clone(),
        order_id: Some(order.as_ref().map_or_else(|| dto::number(contract.row.number), name)),
        supplier: told(&seller, Side::Seller)?,
        receiver: told(&buyer, Side::Buyer)?,
        buyer: None,
        seller: None,
        shipment: shipment(&sent, &contract)?,
        lines,
    };
    Ok((format!("{number}.xml"), written(despatch_advice::write(&advice))?))
}

/// The order that the contract was made of, if it was one.
async fn ordered(connection: &mut Connection, of: &Contract) -> Result<Option<Order>, Failure> {
    if of.row.origin_kind != "order" {
        return Ok(None);
    }
    order::find(connection, OrganisationId(of.row.buyer_id), OrderId(of.row.origin_id)).await
}

fn shipment(sent: &delivery::Delivery, of: &Contract) -> Result<Shipment, Failure> {
    let first = sent.lines.iter().find_map(|line| of.lines.iter().find(|one| one.id == line.contract_line_id));
    let to = address(first.and_then(|line| line.delivery_address.as_ref()))?;
    let expected = first.and_then(|line| line.delivery_date).or(of.row.delivery_date);
    Ok(Shipment {
        tracking: sent.row.tracking.clone(),
        carrier: sent.row.carrier.clone().map(|name| Party { name: Some(name), ..Party::default() }),
        despatched_on: Some(sent.row.despatched_at.date_naive()),
        expected: expected.map(Period::on),
        deliver_to: to.as_ref().map(address_out),
        ..Shipment::default()
    })
}

fn advised(
    line: &DeliveryLineRow,
    of: &Contract,
    order: Option<&Order>,
    languages: &[String],
) -> Result<DespatchLine, Failure> {
    let agreed = of.lines.iter().find(|one| one.id == line.contract_line_id);
    let agreed = agreed.ok_or_else(|| Failure::broken("a delivery is of no line"))?;
    let unit = Some(Unit::parse(&agreed.unit)?);
    let open = agreed.quantity - agreed.despatched;
    let outstanding = (open > Decimal::ZERO).then_some(Measure { value: open, unit });
    Ok(DespatchLine {
        id: agreed.position.to_string(),
        note: None,
        delivered: Measure { value: line.quantity, unit },
        outstanding,
        outstanding_reason: outstanding.map(|_| "It follows with another delivery.".to_owned()),
        order_line: order
            .and_then(|order| order_line(order, of, agreed))
            .unwrap_or_else(|| agreed.position.to_string()),
        order_id: None,
        item: Item {
            name: Some(named(&agreed.name, languages)?),
            sellers_id: agreed.sku.clone(),
            tax: Some(TaxCategory { code: agreed.tax_category.clone(), rate: Some(agreed.tax_rate) }),
            properties: weighed(line, of)?,
            ..Item::default()
        },
    })
}

/// What the buyer calls the line. The goods of a contract are the lines of its order that were not refused, in their order; where they were
/// changed since, nothing is said.
fn order_line(order: &Order, of: &Contract, agreed: &LineRow) -> Option<String> {
    let names = line_names(&order.lines);
    let confirmed = order.lines.iter().zip(names);
    let confirmed = confirmed.filter(|(line, _)| line.confirmed_quantity.is_some_and(|quantity| !quantity.is_zero()));
    let goods = of.lines.iter().filter(|line| line.kind == "goods");
    let (_, (line, name)) = goods.zip(confirmed).find(|(goods, _)| goods.id == agreed.id)?;
    (Some(line.product_id) == agreed.product_id).then_some(name)
}

/// What it weighs, if it is billed by that.
fn weighed(line: &DeliveryLineRow, of: &Contract) -> Result<Vec<(String, String)>, Failure> {
    let weight = of.weights.iter().find(|one| one.contract_line_id == line.contract_line_id);
    let Some((weighed, weight)) = line.weighed.zip(weight) else { return Ok(Vec::new()) };
    let unit = Unit::parse(&weight.unit)?;
    Ok(vec![("Weight".to_owned(), format!("{} {}", weighed.normalize(), unit.code()))])
}
