//! Price lists: other prices for some buyers, for a period.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PortalId, PriceListId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{offer, price_list, price_list_buyer, price_list_tier};

/// A price list without its buyers and prices.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_list, treat_none_as_default_value = false)]
pub struct PriceListRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub seller_id: Uuid,
    pub name: String,
    pub currency: String,
    pub valid_from: Timestamp,
    pub valid_until: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

/// A price for an offer, from a quantity on.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_list_tier, treat_none_as_default_value = false)]
pub struct ListTierRow {
    pub price_list_id: Uuid,
    pub offer_id: Uuid,
    pub from_quantity: Decimal,
    pub unit_price: Decimal,
}

/// A price list with all that belongs to it.
#[derive(Debug, Clone)]
pub struct PriceList {
    pub row: PriceListRow,
    pub buyers: Vec<Uuid>,
    pub tiers: Vec<ListTierRow>,
}

pub async fn insert(tx: &mut Connection, new: &PriceList) -> Result<(), Failure> {
    diesel::insert_into(price_list::table).values(&new.row).execute(tx).await?;
    insert_parts(tx, new).await
}

/// Keeps all that can change of a price list.
pub async fn update(tx: &mut Connection, changed: &PriceList) -> Result<(), Failure> {
    let row = &changed.row;
    diesel::update(price_list::table.find(row.id))
        .set((
            price_list::name.eq(&row.name),
            price_list::currency.eq(&row.currency),
            price_list::valid_from.eq(row.valid_from),
            price_list::valid_until.eq(row.valid_until),
            price_list::archived_at.eq(row.archived_at),
            price_list::version.eq(row.version),
        ))
        .execute(tx)
        .await?;
    diesel::delete(price_list_buyer::table.filter(price_list_buyer::price_list_id.eq(row.id))).execute(tx).await?;
    diesel::delete(price_list_tier::table.filter(price_list_tier::price_list_id.eq(row.id))).execute(tx).await?;
    insert_parts(tx, changed).await
}

async fn insert_parts(tx: &mut Connection, list: &PriceList) -> Result<(), Failure> {
    use price_list_buyer as b;
    let buyers: Vec<_> =
        list.buyers.iter().map(|one| (b::price_list_id.eq(list.row.id), b::organisation_id.eq(*one))).collect();
    diesel::insert_into(b::table).values(buyers).execute(tx).await?;
    for part in list.tiers.chunks(5_000) {
        diesel::insert_into(price_list_tier::table).values(part).execute(tx).await?;
    }
    Ok(())
}

/// A price list of this seller, held until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    id: PriceListId,
) -> Result<Option<PriceList>, Failure> {
    let row = price_list::table
        .filter(price_list::id.eq(id.0).and(price_list::portal_id.eq(portal.0)).and(price_list::seller_id.eq(seller.0)))
        .select(PriceListRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?;
    match row {
        Some(row) => Ok(Some(complete(tx, row).await?)),
        None => Ok(None),
    }
}

pub async fn find(
    connection: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    id: PriceListId,
) -> Result<Option<PriceList>, Failure> {
    let row = price_list::table
        .filter(price_list::id.eq(id.0).and(price_list::portal_id.eq(portal.0)).and(price_list::seller_id.eq(seller.0)))
        .select(PriceListRow::as_select())
        .first(connection)
        .await
        .optional()?;
    match row {
        Some(row) => Ok(Some(complete(connection, row).await?)),
        None => Ok(None),
    }
}

async fn complete(connection: &mut Connection, row: PriceListRow) -> Result<PriceList, Failure> {
    let buyers = price_list_buyer::table
        .filter(price_list_buyer::price_list_id.eq(row.id))
        .order(price_list_buyer::organisation_id)
        .select(price_list_buyer::organisation_id)
        .load(connection)
        .await?;
    let tiers = price_list_tier::table
        .filter(price_list_tier::price_list_id.eq(row.id))
        .order((price_list_tier::offer_id, price_list_tier::from_quantity))
        .select(ListTierRow::as_select())
        .load(connection)
        .await?;
    Ok(PriceList { row, buyers, tiers })
}

/// The price lists of a seller on a portal, without those put away.
pub async fn list(
    connection: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    page: &Page,
) -> Result<List<PriceListRow>, Failure> {
    let mut query = price_list::table
        .filter(price_list::portal_id.eq(portal.0).and(price_list::seller_id.eq(seller.0)))
        .filter(price_list::archived_at.is_null())
        .order(price_list::id)
        .limit(page.rows())
        .select(PriceListRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(price_list::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &PriceListRow| row.id))
}

/// Which of these offers are this seller's on this portal, with their currencies.
pub async fn own_offers(
    connection: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, String)>, Failure> {
    let found = offer::table
        .filter(offer::portal_id.eq(portal.0).and(offer::seller_id.eq(seller.0)).and(offer::id.eq_any(ids)))
        .select((offer::id, offer::currency))
        .load(connection)
        .await?;
    Ok(found)
}
