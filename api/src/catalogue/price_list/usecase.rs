//! What a seller does with price lists.

use domain::catalogue::price::{MAX_PRICE, check_change};
use domain::catalogue::tier::MAX_TIERS;
use domain::kernel::money::parse_decimal;
use domain::kernel::{Currency, Faults, PriceListId, Refusal};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::catalogue::price_list::{self, PriceListRow};
use infra::catalogue::price_list_edition as edition;
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;
use uuid::Uuid;

use super::check::{fill, refuse_overlap};
use super::dto::{
    ListPriceDto, PriceChange, PriceListData, PriceListDto, PriceListSummaryDto, PriceListTier, PricesChanged,
};
use super::upload::Staged;
use crate::catalogue::offer::usecase::portal_for_seller;
use crate::catalogue::rights;
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
        currency: None,
        valid_from: command.at,
        valid_until: None,
        archived_at: None,
        version: 1,
        created_at: command.at,
        edition_id: command.id(),
        everyone: false,
        priority: 0,
        discount_percent: None,
    };
    let list = fill(tx, row, data, Some(Vec::new())).await?;
    price_list::insert(tx, &list).await?;
    refuse_overlap(tx, &list.row).await?;
    event(command, "price_list.created", &list.row);
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
    let before = PriceListData::of(&held);
    let data = patch.apply(&before)?;
    // Entries that were shown and are not there any more are taken out; those too many to be shown stay.
    let kept = if before.entries.is_some() { Some(Vec::new()) } else { None };
    let mut list = fill(tx, held.row, &data, kept).await?;
    list.row.version += 1;
    price_list::update(tx, &list).await?;
    refuse_overlap(tx, &list.row).await?;
    event(command, "price_list.changed", &list.row);
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
    let mut held = price_list::lock_row(tx, portal, seller, id).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    held.archived_at = held.archived_at.or(Some(command.at));
    held.version += 1;
    price_list::update_row(tx, &held).await?;
    event(command, "price_list.archived", &held);
    Ok(Answer::no_content())
}

/// Changes all prices by so many percent: a new edition takes the place of the old one, which stays for the record.
pub async fn adjust(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    id: PriceListId,
    expected: i64,
    change: &PriceChange,
) -> Result<Answer<PricesChanged>, Failure> {
    let (portal, seller) = portal_for_seller(tx, command, portal).await?;
    let held = price_list::lock_row(tx, portal, seller, id).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    let percent = parse_decimal(&change.percent).and_then(check_change).map_err(|invalid| invalid.at("/percent"))?;
    let of_currency =
        held.currency.as_deref().and_then(|code| Currency::parse(code).ok()).map_or(2, Currency::decimals);
    let decimals = change.decimals.unwrap_or(i32::try_from(of_currency).map_err(Failure::broken)?);
    let fresh: Uuid = command.id();
    edition::insert(tx, fresh, id, command.at, None).await?;
    edition::copy_changed(tx, held.edition_id, fresh, percent, decimals).await?;
    if edition::beyond(tx, fresh, MAX_PRICE).await? {
        return Err(Refusal::fault("/percent", "out_of_range", "A price would be too large.").into());
    }
    put_in_force(tx, command, held, fresh).await
}

/// Puts the prices that were sent in force, all at once.
pub async fn adopt(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    id: PriceListId,
    expected: i64,
    staged: &Staged,
) -> Result<Answer<PricesChanged>, Failure> {
    let (portal, seller) = portal_for_seller(tx, command, portal).await?;
    let held = price_list::lock_row(tx, portal, seller, id).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    let edition = if staged.replace {
        staged.edition
    } else {
        edition::merge(tx, staged.edition, held.edition_id).await?;
        held.edition_id
    };
    let mut faults = Faults::default();
    for sku in edition::crowded(tx, edition, i64::try_from(MAX_TIERS).map_err(Failure::broken)?).await? {
        faults.add("", "too_many", format!("{sku} would have more than {MAX_TIERS} prices."));
    }
    faults.result()?;
    put_in_force(tx, command, held, edition).await
}

async fn put_in_force(
    tx: &mut Connection,
    command: &Command,
    mut held: PriceListRow,
    edition: Uuid,
) -> Result<Answer<PricesChanged>, Failure> {
    edition::adopt(tx, edition, command.at).await?;
    held.edition_id = edition;
    held.version += 1;
    price_list::update_row(tx, &held).await?;
    refuse_overlap(tx, &held).await?;
    event(command, "price_list.prices_changed", &held);
    let prices = edition::count(tx, edition).await?;
    Ok(Answer::ok(PricesChanged { price_list_id: held.id, prices }).version(held.version))
}

/// The list that somebody is about to send prices for. Its version is looked at when they are there: a request that is sent again under
/// its key must come so far.
pub async fn about_to_change(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    id: PriceListId,
) -> Result<PriceListRow, Failure> {
    let seen = access::look(connection, portal, by.organisation_id(), Function::Catalogue).await?;
    let seller = by.require(rights::OFFER)?;
    access::may(&seen, Capability::Sell)?;
    Ok(price_list::find_row(connection, seen.id, seller, id).await?.ok_or_else(unknown)?)
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

pub async fn prices(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    id: PriceListId,
    page: &Page,
) -> Result<List<ListPriceDto>, Failure> {
    let seen = access::look(connection, portal, by.organisation_id(), Function::Catalogue).await?;
    let seller = by.require(rights::READ)?;
    let row = price_list::find_row(connection, seen.id, seller, id).await?.ok_or_else(unknown)?;
    let found = edition::page(connection, row.edition_id, page).await?;
    let currency = row.currency.as_deref();
    Ok(found.map(|(tier, sku)| ListPriceDto { offer_id: tier.offer_id, sku, tier: PriceListTier::of(&tier, currency) }))
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

fn event(command: &Command, kind: &'static str, row: &PriceListRow) {
    let subject = Subject { kind: "price_list", id: row.id, version: row.version };
    command.event(kind, subject, Some(row.portal_id), &[row.seller_id], json!({"name": row.name}));
}
