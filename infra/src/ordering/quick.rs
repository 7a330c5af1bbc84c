//! Offers by the SKUs of their products.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{offer, organisation, product};

/// An offer of a product with a wanted SKU.
#[derive(Debug, Clone, Queryable)]
pub struct BySku {
    pub sku: String,
    pub offer_id: Uuid,
    pub seller_id: Uuid,
    pub seller_name: String,
    pub unit: String,
}

/// The published offers on a portal of products with these SKUs, of sellers who may trade.
pub async fn offers_by_sku(connection: &mut Connection, portal: Uuid, skus: &[String]) -> Result<Vec<BySku>, Failure> {
    let query = offer::table
        .inner_join(product::table.on(product::id.eq(offer::product_id)))
        .inner_join(organisation::table.on(organisation::id.eq(offer::seller_id)))
        .filter(product::sku.eq_any(skus).and(product::archived_at.is_null()))
        .filter(organisation::state.eq("verified"))
        .filter(offer::portal_id.eq(portal).and(offer::state.eq("published")))
        .order((product::sku, offer::id))
        .select((product::sku, offer::id, offer::seller_id, organisation::legal_name, product::base_unit));
    Ok(query.load(connection).await?)
}
