//! What a seller does with price lists.

use std::collections::HashMap;

use domain::kernel::{Faults, OrganisationId, PortalId, PriceListId, Refusal};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::catalogue::price_list::{self, ListTierRow, PriceList, PriceListRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;
use uuid::Uuid;

use super::dto::{PriceListData, PriceListDto, PriceListSummaryDto};
use crate::catalogue::pricing::parse_tiers;
use crate::catalogue::rights;
use crate::catalogue::visibility::check_buyers;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::portal::access;

fn unknown() -> Refusal {
    Refusal::not_found("price list")
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    data: &PriceListData,
) -> Result<Answer<PriceListDto>, Failure> {
    let (portal, seller) = portal_for_seller(tx, command, portal).await?;
    let row = PriceListRow {
        id: command.id(),
        portal_id: portal.0,
        seller_id: seller.0,
        name: String::new(),
        currency: String::new(),
        valid_from: command.at,
        valid_until: None,
        archived_at: None,
        version: 1,
        created_at: command.at,
    };
    let list = fill(tx, row, data).await?;
    price_list::insert(tx, &list).await?;
    event(command, "price_list.created", &list);
    let location = format!("/v1/portals/{portal}/price-lists/{}", list.row.id);
    Ok(Answer::created(location, PriceListDto::from(&list)).version(1))
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    id: PriceListId,
    expected: i64,
    patch: &Patch<PriceListData>,
) -> Result<Answer<PriceListDto>, Failure> {
    let (portal, seller) = portal_for_seller(tx, command, portal).await?;
    let held = price_list::lock(tx, portal, seller, id).await?.ok_or_else(unknown)?;
    check_version(held.row.version, expected)?;
    let data = patch.apply(&PriceListData::of(&held))?;
    let mut list = fill(tx, held.row, &data).await?;
    list.row.version += 1;
    price_list::update(tx, &list).await?;
    event(command, "price_list.changed", &list);
    Ok(Answer::ok(PriceListDto::from(&list)).version(list.row.version))
}

/// Puts a price list away: from now on its prices are not given.
pub async fn archive(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    id: PriceListId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let (portal, seller) = portal_for_seller(tx, command, portal).await?;
    let mut held = price_list::lock(tx, portal, seller, id).await?.ok_or_else(unknown)?;
    check_version(held.row.version, expected)?;
    held.row.archived_at = held.row.archived_at.or(Some(command.at));
    held.row.version += 1;
    price_list::update(tx, &held).await?;
    event(command, "price_list.archived", &held);
    Ok(Answer::no_content())
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    id: PriceListId,
) -> Result<(PriceListDto, i64), Failure> {
    let seen = access::look(connection, portal, by.organisation_id(), Function::Catalogue).await?;
    let seller = by.require(rights::READ)?;
    let list = price_list::find(connection, seen.id, seller, id).await?.ok_or_else(unknown)?;
    Ok((PriceListDto::from(&list), list.row.version))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    page: &Page,
) -> Result<List<PriceListSummaryDto>, Failure> {
    let seen = access::look(connection, portal, by.organisation_id(), Function::Catalogue).await?;
    let seller = by.require(rights::READ)?;
    Ok(price_list::list(connection, seen.id, seller, page).await?.map(PriceListSummaryDto::from))
}

async fn portal_for_seller(
    tx: &mut Connection,
    command: &Command,
    named: &str,
) -> Result<(PortalId, OrganisationId), Failure> {
    let seen = access::look(tx, named, command.by.organisation_id(), Function::Catalogue).await?;
    let seller = command.by.require(rights::OFFER)?;
    access::may(&seen, Capability::Sell)?;
    Ok((seen.id, seller))
}

/// Checks the data as a whole and gives the list that it makes.
async fn fill(tx: &mut Connection, row: PriceListRow, data: &PriceListData) -> Result<PriceList, Failure> {
    let mut faults = Faults::default();
    if data.valid_until.is_some_and(|until| until <= data.valid_from) {
        faults.add("/valid_until", "out_of_range", "The period ends before it begins.");
    }
    check_buyers(tx, OrganisationId(row.seller_id), &data.buyers, "/buyers", &mut faults).await?;
    let wanted: Vec<Uuid> = data.entries.iter().map(|entry| entry.offer_id).collect();
    let known: HashMap<Uuid, String> =
        price_list::own_offers(tx, PortalId(row.portal_id), OrganisationId(row.seller_id), &wanted)
            .await?
            .into_iter()
            .collect();
    let mut tiers = Vec::new();
    let mut currencies: Vec<&str> = Vec::new();
    for (index, entry) in data.entries.iter().enumerate() {
        let pointer = format!("/entries/{index}");
        if wanted[..index].contains(&entry.offer_id) {
            faults.add(format!("{pointer}/offer_id"), "twice", "The offer is named twice.");
        }
        let Some(currency) = known.get(&entry.offer_id) else {
            faults.add(format!("{pointer}/offer_id"), "unknown", "You have no such offer on this portal.");
            continue;
        };
        currencies.push(currency);
        match parse_tiers(&entry.tiers, &format!("{pointer}/tiers")) {
            Ok(parsed) if parsed.currency().code() != currency => {
                faults.add(format!("{pointer}/tiers"), "currency_mismatch", format!("The offer is in {currency}."));
            }
            Ok(parsed) => tiers.extend(parsed.as_slice().iter().map(|tier| ListTierRow {
                price_list_id: row.id,
                offer_id: entry.offer_id,
                from_quantity: tier.from,
                unit_price: tier.unit_price.amount(),
            })),
            Err(refusal) => faults.0.extend(refusal.faults),
        }
    }
    if currencies.windows(2).any(|pair| pair[0] != pair[1]) {
        faults.add("/entries", "currency_mismatch", "A price list is in one currency.");
    }
    faults.result()?;
    let row = PriceListRow {
        name: data.name.trim().to_owned(),
        currency: currencies.first().copied().unwrap_or_default().to_owned(),
        valid_from: data.valid_from,
        valid_until: data.valid_until,
        ..row
    };
    Ok(PriceList { row, buyers: data.buyers.clone(), tiers })
}

fn event(command: &Command, kind: &'static str, list: &PriceList) {
    let subject = Subject { kind: "price_list", id: list.row.id, version: list.row.version };
    command.event(kind, subject, Some(list.row.portal_id), &[list.row.seller_id], json!({"name": list.row.name}));
}
