//! Offers by the numbers that documents give goods.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PortalId};
use uuid::Uuid;

use crate::Failure;
use crate::catalogue::visibility::{self, SeenBy};
use crate::db::Connection;
use crate::schema::{offer, organisation, product};

/// The numbers by which goods are looked for.
#[derive(Debug, Default)]
pub struct Numbers {
    pub skus: Vec<String>,
    pub gtins: Vec<String>,
    pub offers: Vec<Uuid>,
}

/// An offer with the numbers of its product.
#[derive(Debug, Clone, Queryable)]
pub struct ByNumber {
    pub offer_id: Uuid,
    pub seller_id: Uuid,
    pub sku: String,
    pub gtin: Option<String>,
    /// The product's base unit.
    pub unit: String,
    /// Whether its seller may trade now.
    pub seller_trades: bool,
}

/// The offers on a portal, of one seller if it is named, that a reader sees and that have one of the numbers.
pub async fn find(
    connection: &mut Connection,
    portal: PortalId,
    seller: Option<OrganisationId>,
    numbers: &Numbers,
    seen: SeenBy,
) -> Result<Vec<ByNumber>, Failure> {
    let products = products(connection, seller, numbers).await?;
    let mut query = offer::table
        .inner_join(product::table.on(product::id.eq(offer::product_id)))
        .inner_join(organisation::table.on(organisation::id.eq(offer::seller_id)))
        .filter(offer::portal_id.eq(portal.0))
        .filter(offer::product_id.eq_any(products).or(offer::id.eq_any(&numbers.offers)))
        .filter(product::archived_at.is_null())
        .order(offer::id)
        .select((
            offer::id,
            offer::seller_id,
            product::sku,
            product::gtin,
            product::base_unit,
            organisation::state.eq("verified"),
        ))
        .into_boxed();
    if let Some(seller) = seller {
        query = query.filter(offer::seller_id.eq(seller.0));
    }
    let found: Vec<ByNumber> = query.load(connection).await?;
    let ids: Vec<Uuid> = found.iter().map(|one| one.offer_id).collect();
    let visible = visibility::among(connection, &ids, seen).await?;
    Ok(found.into_iter().filter(|one| visible.contains(&one.offer_id)).collect())
}

/// The products with these numbers: two queries, each with an index of its own.
async fn products(
    connection: &mut Connection,
    seller: Option<OrganisationId>,
    numbers: &Numbers,
) -> Result<Vec<Uuid>, Failure> {
    let sold = || product::table.filter(product::archived_at.is_null()).select(product::id);
    let mut by_sku = sold().filter(product::sku.eq_any(&numbers.skus)).into_boxed();
    let mut by_gtin = sold().filter(product::gtin.eq_any(&numbers.gtins)).into_boxed();
    if let Some(seller) = seller {
        by_sku = by_sku.filter(product::seller_id.eq(seller.0));
        by_gtin = by_gtin.filter(product::seller_id.eq(seller.0));
    }
    let connection = &*connection;
    let (mut found, more): (Vec<Uuid>, Vec<Uuid>) =
        futures::try_join!(by_sku.load(&mut &*connection), by_gtin.load(&mut &*connection))?;
    found.extend(more);
    Ok(found)
}
