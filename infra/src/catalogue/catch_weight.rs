//! Products that are billed by what was weighed.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::ProductId;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::catch_weight;

/// How a product is weighed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = catch_weight)]
pub struct CatchWeightRow {
    pub product_id: Uuid,
    pub unit: String,
    /// What one of the base unit weighs.
    pub nominal: Decimal,
    pub tolerance_percent: Decimal,
}

/// How a product is weighed, if it is. Whoever asks was found to be its seller before.
pub async fn find(connection: &mut Connection, of: ProductId) -> Result<Option<CatchWeightRow>, Failure> {
    let query = catch_weight::table.find(of.0).select(CatchWeightRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

pub async fn keep(tx: &mut Connection, row: &CatchWeightRow) -> Result<(), Failure> {
    let insert = diesel::insert_into(catch_weight::table).values(row);
    insert.on_conflict(catch_weight::product_id).do_update().set(row).execute(tx).await?;
    Ok(())
}

/// It is billed as it is ordered again.
pub async fn delete(tx: &mut Connection, of: ProductId) -> Result<(), Failure> {
    diesel::delete(catch_weight::table.find(of.0)).execute(tx).await?;
    Ok(())
}
