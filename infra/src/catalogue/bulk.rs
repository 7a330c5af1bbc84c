//! The goods of a seller that one call changes by the thousand, held in few statements.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PortalId, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::import::goods::{self, Goods};
use super::product::StockRow;
use super::stock;
use crate::Failure;
use crate::db::Connection;
use crate::schema::{offer, product};

/// What counting asks of a product.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = product)]
pub struct Counted {
    pub id: Uuid,
    pub sku: String,
    pub base_unit: String,
    /// Units that hold so many of the base unit.
    pub packs: Value,
    pub archived_at: Option<Timestamp>,
    pub version: i64,
}

/// The products of a seller with these numbers and their stock, as far as they are there, held until the transaction ends: products
/// first, then stock, each in the order of the ids.
pub async fn hold_stock(
    tx: &mut Connection,
    seller: OrganisationId,
    skus: &[&str],
) -> Result<Vec<(Counted, StockRow)>, Failure> {
    let products = hold_products(tx, seller, skus).await?;
    let ids: Vec<Uuid> = products.iter().map(|one| one.id).collect();
    let stocks = stock::lock(tx, &ids).await?;
    // Each product has its stock, and both come in the order of the ids.
    Ok(products.into_iter().zip(stocks).filter(|(one, stock)| one.id == stock.product_id).collect())
}

/// The goods of a seller with these numbers, as far as they are there, with their offers on the portal, held until the transaction ends.
pub async fn hold_offers(
    tx: &mut Connection,
    seller: OrganisationId,
    portal: PortalId,
    skus: &[&str],
) -> Result<Vec<Goods>, Failure> {
    let products = hold_products(tx, seller, skus).await?;
    let ids: Vec<Uuid> = products.iter().map(|one| one.id).collect();
    let offers = offer::table.filter(offer::portal_id.eq(portal.0).and(offer::product_id.eq_any(&ids)));
    let offers = offers.order(offer::id).select(offer::id).for_no_key_update();
    offers.load::<Uuid>(tx).await?;
    let known: Vec<&str> = products.iter().map(|one| one.sku.as_str()).collect();
    Ok(goods::by_sku(tx, seller, &known, Some(portal)).await?.into_values().collect())
}

async fn hold_products(tx: &mut Connection, seller: OrganisationId, skus: &[&str]) -> Result<Vec<Counted>, Failure> {
    let query = product::table.filter(product::seller_id.eq(seller.0).and(product::sku.eq_any(skus)));
    let query = query.order(product::id).select(Counted::as_select());
    Ok(query.for_no_key_update().load(tx).await?)
}
