//! An order that came as a document becomes orders, or is refused line by line. Whatever the format, it is one order per number of the buyer.

use std::collections::HashSet;

use domain::integration::numbered_order::{Known, known};
use domain::kernel::{Findings, Kind, OrganisationId, PortalId, Refusal};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::catalogue::visibility::seen_by;
use infra::db::Connection;
use infra::integration::numbered_order;
use infra::integration::offered::{self, ByNumber};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::goods::{numbers, resolve};
use super::parties::address_in;
use super::places::{is_of_lines, line_of};
use crate::app::App;
use crate::command::Command;
use crate::http::body;
use crate::http::dto::QuantityDto;
use crate::http::json::strip_nulls;
use crate::http::problem::refused;
use crate::integration::ubl::input::{OrderInput, WantedLine};
use crate::ordering::dto::{LineData, OrderData};
use crate::ordering::{pricing, rights, usecase};
use crate::portal::access;

/// The longest number of an order.
const MAX_NUMBER: usize = 100;

/// An order as it is wanted.
pub struct Wish<'a> {
    /// Id or slug.
    pub portal: &'a str,
    /// Whose goods are ordered; none: whoever of the portal offers them.
    pub seller: Option<OrganisationId>,
    pub input: &'a OrderInput,
}

/// What became of it.
pub struct Taken {
    pub orders: Vec<Uuid>,
    /// Whether it was ordered now, and not before.
    pub is_new: bool,
}

/// Orders what is wanted, once. Refusals that are about lines alone have pointers `/lines/…` into the lines of the wish.
pub async fn take(tx: &mut Connection, app: &App, command: &Command, wish: &Wish<'_>) -> Result<Taken, Failure> {
    let (buyer, portal) = place(tx, command, wish).await?;
    let (number, hash) = (&wish.input.buyer_reference, content_hash(wish, portal));
    if number.chars().count() > MAX_NUMBER {
        let detail = format!("The number of an order has at most {MAX_NUMBER} characters.");
        return Err(Refusal::fault("/buyer_reference", "too_long", detail).into());
    }
    let kept = numbered_order::claim(tx, buyer, number, &hash, command.at).await?;
    if known(kept.as_ref().map(|kept| kept.content_hash.as_slice()), &hash, number)? == Known::Again {
        return Ok(Taken { orders: kept.map(|kept| kept.order_ids).unwrap_or_default(), is_new: false });
    }
    let data = checked(tx, app, command, wish, (buyer, portal)).await?;
    let made = usecase::create(tx, app, command, &data, &[]).await?;
    let orders: Vec<Uuid> = made.body.iter().flat_map(|made| &made.orders).map(|order| order.id).collect();
    numbered_order::keep(tx, buyer, number, &orders).await?;
    Ok(Taken { orders, is_new: true })
}

/// What [`take`] would refuse, but for the stock; nothing is ordered.
pub async fn check(tx: &mut Connection, app: &App, command: &Command, wish: &Wish<'_>) -> Result<(), Failure> {
    let (buyer, portal) = place(tx, command, wish).await?;
    checked(tx, app, command, wish, (buyer, portal)).await.map(drop)
}

/// The buyer, and the portal where it may buy.
async fn place(tx: &mut Connection, command: &Command, wish: &Wish<'_>) -> Result<(OrganisationId, PortalId), Failure> {
    let buyer = command.by.require(rights::BUY)?;
    // Who may not buy there does not hear what is offered.
    let portal = access::look(tx, wish.portal, Some(buyer.0), Function::Catalogue).await?;
    access::may(&portal, Capability::Buy)?;
    Ok((buyer, portal.id))
}

/// The order in our form; or what is wrong with all of its lines: unknown goods, and what pricing says of those that are known.
async fn checked(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    wish: &Wish<'_>,
    (buyer, portal): (OrganisationId, PortalId),
) -> Result<OrderData, Failure> {
    let wanted = &wish.input.lines;
    let found = offered::find(tx, portal, wish.seller, &numbers(wanted), seen_by(Some(buyer), command.at)).await?;
    let found: Vec<ByNumber> = found.into_iter().filter(|one| one.seller_trades && one.seller_id != buyer.0).collect();
    let mut findings = Findings::default();
    let mut good: Vec<(usize, LineData)> = Vec::new();
    for (index, line) in wanted.iter().enumerate() {
        match resolve(line, &found) {
            Ok(offer) => good.push((index, line_data(line, offer.offer_id))),
            Err(odd) => findings.add(Kind::NotOffered, format!("/lines/{index}/sku"), odd.code, odd.detail),
        }
    }
    let is_whole = good.len() == wanted.len();
    let mut data = order_data(portal, wish.input);
    // Lines that are refused are left out, and the others asked for anew, until all faults are found.
    while !good.is_empty() {
        data.lines = good.iter().map(|(_, line)| line.clone()).collect();
        let Some(odd) = price(tx, app, command, (&data, buyer), (&good, wanted), &mut findings).await? else { break };
        let before = good.len();
        good.retain(|(index, _)| !odd.contains(index));
        if good.len() == before {
            return Err(Failure::broken("a refused line is none of the order"));
        }
    }
    findings.result()?;
    if !is_whole || data.lines.len() != wanted.len() {
        return Err(Failure::broken("a line was lost without a fault"));
    }
    Ok(data)
}

/// Prices the lines; the places of those that were refused, or none if all were priced.
async fn price(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    (data, buyer): (&OrderData, OrganisationId),
    (good, wanted): (&[(usize, LineData)], &[WantedLine]),
    findings: &mut Findings,
) -> Result<Option<HashSet<usize>>, Failure> {
    let priced = async {
        let mut value = serde_json::to_value(data).map_err(Failure::broken)?;
        strip_nulls(&mut value);
        // What documents say is bound by the same schema as JSON.
        body::typed::<OrderData>(app, value).map_err(|problem| Failure::Refused(problem.refusal))?;
        let frame = pricing::frame(data, buyer)?;
        pricing::price(tx, command, &frame, &pricing::wanted(command, data)?, false).await
    };
    let priced = match refused(priced.await)? {
        Ok(priced) => priced,
        Err(refusal) if is_of_lines(&refusal) => {
            let mut odd = HashSet::new();
            for fault in refusal.faults {
                let place = line_of(&fault.pointer).and_then(|line| good.get(line)).map(|(index, _)| *index);
                let Some(place) = place else { continue };
                odd.insert(place);
                findings.add(refusal.kind, format!("/lines/{place}"), fault.code, fault.detail);
            }
            return Ok(Some(odd));
        }
        Err(refusal) => return Err(refusal.into()),
    };
    for ((index, _), line) in good.iter().zip(&priced.lines) {
        let Some(expected) = wanted.get(*index).and_then(|line| line.expected_price) else { continue };
        if expected.amount() != line.unit_price.amount() || expected.currency() != line.unit_price.currency() {
            let (is, currency) = (line.unit_price.amount().normalize(), line.unit_price.currency());
            let detail = format!("The price is {is} {currency}, not {}.", expected.amount().normalize());
            findings.add(Kind::PriceChanged, format!("/lines/{index}"), "price_changed", detail);
        }
    }
    Ok(None)
}

/// All but the lines.
fn order_data(portal: PortalId, input: &OrderInput) -> OrderData {
    let has_incoterm = input.incoterm.is_some();
    OrderData {
        buyer_reference: Some(input.buyer_reference.clone()),
        note: input.note.clone(),
        delivery_address: input.delivery_address.as_ref().map(address_in),
        requested_date: input.requested_date,
        incoterm: input.incoterm.clone(),
        incoterm_place: input.incoterm_place.clone().filter(|_| has_incoterm),
        shortage: input.shortage.code().to_owned(),
        submit: true,
        ..OrderData::new(portal.0, input.currency.code().to_owned())
    }
}

fn line_data(line: &WantedLine, offer: Uuid) -> LineData {
    let quantity = QuantityDto::of(line.quantity.value(), line.quantity.unit().code());
    LineData {
        buyer_reference: Some(line.buyer_reference.clone()),
        note: line.note.clone(),
        delivery_address: line.delivery_address.as_ref().map(address_in),
        requested_date: line.requested_date,
        ..LineData::new(offer, quantity)
    }
}

/// What tells one order from another of the same number: all that it asks for, whatever the format and however it is written.
fn content_hash(wish: &Wish<'_>, portal: PortalId) -> Vec<u8> {
    let input = wish.input;
    let line = |line: &WantedLine| {
        let price = line.expected_price.map(|price| price.amount().normalize().to_string());
        json!([
            [line.sku, line.gtin, line.buyers_id, line.auxiliary],
            [line.quantity.value().normalize().to_string(), line.quantity.unit().code()],
            price,
            line.buyer_reference,
            line.note,
            line.delivery_address.as_ref().map(address_in),
            line.requested_date.map(|day| day.to_string()),
        ])
    };
    let all = json!({
        "portal": portal.0,
        "seller": wish.seller.map(|seller| seller.0),
        "currency": input.currency.code(),
        "note": input.note,
        "delivery_address": input.delivery_address.as_ref().map(address_in),
        "requested_date": input.requested_date.map(|day| day.to_string()),
        "incoterm": [input.incoterm, input.incoterm_place],
        "shortage": input.shortage.code(),
        "lines": input.lines.iter().map(line).collect::<Vec<_>>(),
    });
    Sha256::digest(all.to_string()).to_vec()
}
