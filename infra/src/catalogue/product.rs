//! Products of sellers.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::catalogue::Stock;
use domain::kernel::{Kind, OrganisationId, ProductId, Refusal, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{product, stock};

/// A product.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = product, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ProductRow {
    pub id: Uuid,
    pub seller_id: Uuid,
    /// The seller's own number, unique with it.
    pub sku: String,
    pub gtin: Option<String>,
    pub name: Value,
    pub description: Value,
    pub category_id: Option<Uuid>,
    pub base_unit: String,
    pub tax_category: String,
    /// In percent.
    pub tax_rate: Decimal,
    pub minimum_order: Decimal,
    pub order_multiple: Decimal,
    pub lead_time_days: i32,
    pub archived_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
    /// Values by key, as the category defines them; numbers in the attribute's unit.
    pub attributes: Value,
    /// Units that hold so many of the base unit.
    pub packs: Value,
    /// The first of its images that is ready.
    pub image_id: Option<Uuid>,
}

/// What a seller has of a product, in its base unit.
#[derive(Debug, Clone, Copy, Queryable, Selectable, Insertable)]
#[diesel(table_name = stock, treat_none_as_default_value = false)]
pub struct StockRow {
    pub product_id: Uuid,
    pub on_hand: Decimal,
    pub reserved: Decimal,
    pub version: i64,
    /// How much may be promised beyond what is on hand.
    pub backorder_limit: Decimal,
}

impl StockRow {
    /// As the rules see it.
    pub fn level(&self) -> Result<Stock, Refusal> {
        Stock::with_backorder(self.on_hand, self.reserved, self.backorder_limit)
    }

    /// [`Self::level`] where so much has expired, by product.
    pub fn level_without(&self, expired: &HashMap<Uuid, Decimal>) -> Result<Stock, Refusal> {
        Ok(self.level()?.of_which_expired(expired.get(&self.product_id).copied().unwrap_or_default()))
    }
}

fn sku_taken(sku: &str) -> Refusal {
    Refusal::new(Kind::AlreadyExists, format!("There is a product with the sku {sku} already."))
}

/// Keeps a new product and what is in stock of it.
pub async fn insert(tx: &mut Connection, new: &ProductRow, on_hand: Decimal) -> Result<(), Failure> {
    let inserted = diesel::insert_into(product::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "product_sku_key", || sku_taken(&new.sku))?;
    let row =
        StockRow { product_id: new.id, on_hand, reserved: Decimal::ZERO, version: 1, backorder_limit: Decimal::ZERO };
    diesel::insert_into(stock::table).values(&row).execute(tx).await?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &ProductRow) -> Result<(), Failure> {
    let updated = diesel::update(product::table.find(changed.id)).set(changed).execute(tx).await;
    constraint::refuse(updated, "product_sku_key", || sku_taken(&changed.sku))?;
    Ok(())
}

/// A product of this seller.
pub async fn find(
    connection: &mut Connection,
    seller: OrganisationId,
    id: ProductId,
) -> Result<Option<(ProductRow, StockRow)>, Failure> {
    let found = product::table
        .inner_join(stock::table.on(stock::product_id.eq(product::id)))
        .filter(product::id.eq(id.0).and(product::seller_id.eq(seller.0)))
        .select((ProductRow::as_select(), StockRow::as_select()))
        .first(connection)
        .await
        .optional()?;
    Ok(found)
}

/// [`find`], holding both rows until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    seller: OrganisationId,
    id: ProductId,
) -> Result<Option<(ProductRow, StockRow)>, Failure> {
    let found = product::table
        .inner_join(stock::table.on(stock::product_id.eq(product::id)))
        .filter(product::id.eq(id.0).and(product::seller_id.eq(seller.0)))
        .select((ProductRow::as_select(), StockRow::as_select()))
        .for_update()
        .first(tx)
        .await
        .optional()?;
    Ok(found)
}

/// Holds a product of this seller, so that neither it nor its offers change until the transaction ends. What there is of it is
/// left to orders.
pub async fn hold(tx: &mut Connection, seller: OrganisationId, id: ProductId) -> Result<Option<ProductRow>, Failure> {
    let query = product::table.filter(product::id.eq(id.0).and(product::seller_id.eq(seller.0)));
    let query = query.select(ProductRow::as_select()).for_no_key_update();
    Ok(query.first(tx).await.optional()?)
}

/// The products of a seller, in the order of their making.
pub async fn list(
    connection: &mut Connection,
    seller: OrganisationId,
    sku: Option<&str>,
    page: &Page,
) -> Result<List<(ProductRow, StockRow)>, Failure> {
    let mut query = product::table
        .inner_join(stock::table.on(stock::product_id.eq(product::id)))
        .filter(product::seller_id.eq(seller.0).and(product::archived_at.is_null()))
        .order(product::id)
        .limit(page.rows())
        .select((ProductRow::as_select(), StockRow::as_select()))
        .into_boxed();
    if let Some(sku) = sku {
        query = query.filter(product::sku.eq(sku.to_owned()));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(product::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |(row, _): &(ProductRow, StockRow)| row.id))
}

/// The base units of products.
pub async fn base_units(connection: &mut Connection, products: &[Uuid]) -> Result<Vec<(Uuid, String)>, Failure> {
    let query = product::table.filter(product::id.eq_any(products)).select((product::id, product::base_unit));
    Ok(query.load(connection).await?)
}
