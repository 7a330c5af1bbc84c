//! What a seller names beside a product: substitutes and accessories.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PortalId, ProductId};
use uuid::Uuid;

use super::visibility::SeenBy;
use crate::Failure;
use crate::db::Connection;
use crate::schema::{offer, organisation, product, product_relation};

/// A relation.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = product_relation)]
pub struct RelationRow {
    pub product_id: Uuid,
    /// `substitute` or `accessory`.
    pub kind: String,
    pub related_id: Uuid,
    pub position: i32,
}

/// Gives a product these relations and no others.
pub async fn replace(tx: &mut Connection, of: ProductId, rows: &[RelationRow]) -> Result<(), Failure> {
    diesel::delete(product_relation::table.filter(product_relation::product_id.eq(of.0))).execute(tx).await?;
    diesel::insert_into(product_relation::table).values(rows).execute(tx).await?;
    Ok(())
}

/// The relations of a product with the sku of the other one, by kind and position; what was put away is left out.
pub async fn of_product(connection: &mut Connection, of: ProductId) -> Result<Vec<(RelationRow, String)>, Failure> {
    let query = product_relation::table
        .inner_join(product::table.on(product::id.eq(product_relation::related_id)))
        .filter(product_relation::product_id.eq(of.0).and(product::archived_at.is_null()))
        .order((product_relation::kind, product_relation::position))
        .select((RelationRow::as_select(), product::sku));
    Ok(query.load(connection).await?)
}

/// Which of these products are the seller's own, without those put away.
pub async fn own(tx: &mut Connection, seller: OrganisationId, ids: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let query = product::table
        .filter(product::seller_id.eq(seller.0).and(product::id.eq_any(ids)).and(product::archived_at.is_null()))
        .select(product::id);
    Ok(query.load(tx).await?)
}

/// The offers of the portal that stand for a product's relations, as far as the reader may see them: kind and offer, in order.
pub async fn offers(
    connection: &mut Connection,
    portal: PortalId,
    seen: SeenBy,
    of: Uuid,
) -> Result<Vec<(String, Uuid)>, Failure> {
    let query = product_relation::table
        .inner_join(offer::table.on(offer::product_id.eq(product_relation::related_id)))
        .inner_join(product::table.on(product::id.eq(product_relation::related_id)))
        .inner_join(organisation::table.on(organisation::id.eq(offer::seller_id)))
        .filter(product_relation::product_id.eq(of).and(offer::portal_id.eq(portal.0)))
        .filter(seen)
        .filter(organisation::state.eq("verified").and(product::archived_at.is_null()))
        .order((product_relation::kind, product_relation::position))
        .select((product_relation::kind, offer::id));
    Ok(query.load(connection).await?)
}
