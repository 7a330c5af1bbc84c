//! Writes many goods, in one statement for each table.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::arrays;
use crate::Failure;
use crate::catalogue::offer::{OfferRow, TierRow};
use crate::catalogue::product::{ProductRow, StockRow};
use crate::catalogue::{code_list, stock};
use crate::db::Connection;
use crate::schema::offer_tier;

/// What becomes of goods.
#[derive(Debug, Default)]
pub struct Changes {
    pub new_products: Vec<ProductRow>,
    pub products: Vec<ProductRow>,
    pub new_stock: Vec<StockRow>,
    /// Held before.
    pub stock: Vec<StockRow>,
    pub new_offers: Vec<OfferRow>,
    pub offers: Vec<OfferRow>,
    /// All prices of the offers named in it, and of the new ones.
    pub tiers: Vec<TierRow>,
    pub repriced: Vec<Uuid>,
    /// Products whose codes are written anew, and all codes of them: product, list, code.
    pub coded: Vec<Uuid>,
    pub codes: Vec<(Uuid, Uuid, String)>,
}

/// Writes all of it.
pub async fn apply(tx: &Connection, changes: &Changes) -> Result<(), Failure> {
    if !changes.new_products.is_empty() {
        Products::new(&changes.new_products, false).execute(&mut &*tx).await?;
        InsertStock::new(&changes.new_stock).execute(&mut &*tx).await?;
    }
    if !changes.products.is_empty() {
        Products::new(&changes.products, true).execute(&mut &*tx).await?;
    }
    code_list::set_of_products(tx, &changes.coded, &changes.codes).await?;
    stock::save(tx, &changes.stock).await?;
    if !changes.new_offers.is_empty() {
        Offers::new(&changes.new_offers, false).execute(&mut &*tx).await?;
    }
    if !changes.offers.is_empty() {
        Offers::new(&changes.offers, true).execute(&mut &*tx).await?;
    }
    if !changes.repriced.is_empty() {
        let old = offer_tier::table.filter(offer_tier::offer_id.eq_any(&changes.repriced));
        diesel::delete(old).execute(&mut &*tx).await?;
    }
    if !changes.tiers.is_empty() {
        InsertTiers::new(&changes.tiers).execute(&mut &*tx).await?;
    }
    Ok(())
}

/// Products to be inserted, or written over those that are there.
struct Products<'a> {
    there: bool,
    ids: Vec<Uuid>,
    sellers: Vec<Uuid>,
    skus: Vec<&'a str>,
    gtins: Vec<Option<&'a str>>,
    names: Vec<&'a Value>,
    descriptions: Vec<&'a Value>,
    categories: Vec<Option<Uuid>>,
    units: Vec<&'a str>,
    tax_categories: Vec<&'a str>,
    tax_rates: Vec<Decimal>,
    minimums: Vec<Decimal>,
    multiples: Vec<Decimal>,
    lead_times: Vec<i32>,
    versions: Vec<i64>,
    created: Vec<Timestamp>,
    attributes: Vec<&'a Value>,
    packs: Vec<&'a Value>,
}

impl<'a> Products<'a> {
    fn new(rows: &'a [ProductRow], there: bool) -> Self {
        Self {
            there,
            ids: rows.iter().map(|row| row.id).collect(),
            sellers: rows.iter().map(|row| row.seller_id).collect(),
            skus: rows.iter().map(|row| row.sku.as_str()).collect(),
            gtins: rows.iter().map(|row| row.gtin.as_deref()).collect(),
            names: rows.iter().map(|row| &row.name).collect(),
            descriptions: rows.iter().map(|row| &row.description).collect(),
            categories: rows.iter().map(|row| row.category_id).collect(),
            units: rows.iter().map(|row| row.base_unit.as_str()).collect(),
            tax_categories: rows.iter().map(|row| row.tax_category.as_str()).collect(),
            tax_rates: rows.iter().map(|row| row.tax_rate).collect(),
            minimums: rows.iter().map(|row| row.minimum_order).collect(),
            multiples: rows.iter().map(|row| row.order_multiple).collect(),
            lead_times: rows.iter().map(|row| row.lead_time_days).collect(),
            versions: rows.iter().map(|row| row.version).collect(),
            created: rows.iter().map(|row| row.created_at).collect(),
            attributes: rows.iter().map(|row| &row.attributes).collect(),
            packs: rows.iter().map(|row| &row.packs).collect(),
        }
    }
}

const PRODUCT_COLUMNS: &str =
    "id, seller_id, sku, gtin, name, description, category_id, base_unit, tax_category, tax_rate,
    minimum_order, order_multiple, lead_time_days, version, created_at, attributes, packs";

impl QueryFragment<Pg> for Products<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if self.there {
            out.push_sql(
                "UPDATE product SET gtin = n.gtin, name = n.name, description = n.description, category_id = n.category_id,
                    base_unit = n.base_unit, tax_category = n.tax_category, tax_rate = n.tax_rate,
                    minimum_order = n.minimum_order, order_multiple = n.order_multiple, lead_time_days = n.lead_time_days,
                    version = n.version, attributes = n.attributes, packs = n.packs FROM unnest(",
            );
        } else {
            out.push_sql("INSERT INTO product (");
            out.push_sql(PRODUCT_COLUMNS);
            out.push_sql(") SELECT * FROM unnest(");
        }
        arrays!(out; SqlUuid => &self.ids, SqlUuid => &self.sellers, Text => &self.skus, Nullable<Text> => &self.gtins,
            Jsonb => &self.names, Jsonb => &self.descriptions, Nullable<SqlUuid> => &self.categories, Text => &self.units,
            Text => &self.tax_categories, Numeric => &self.tax_rates, Numeric => &self.minimums,
            Numeric => &self.multiples, Integer => &self.lead_times, BigInt => &self.versions,
            Timestamptz => &self.created, Jsonb => &self.attributes, Jsonb => &self.packs);
        out.push_sql(")");
        if self.there {
            out.push_sql(" AS n (");
            out.push_sql(PRODUCT_COLUMNS);
            out.push_sql(") WHERE product.id = n.id");
        }
        Ok(())
    }
}

/// Two statements: no id that would name both.
impl QueryId for Products<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> diesel::RunQueryDsl<C> for Products<'_> {}

struct InsertStock {
    products: Vec<Uuid>,
    on_hand: Vec<Decimal>,
}

impl InsertStock {
    fn new(rows: &[StockRow]) -> Self {
        Self {
            products: rows.iter().map(|row| row.product_id).collect(),
            on_hand: rows.iter().map(|row| row.on_hand).collect(),
        }
    }
}

impl QueryFragment<Pg> for InsertStock {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("INSERT INTO stock (product_id, on_hand) SELECT * FROM unnest(");
        arrays!(out; SqlUuid => &self.products, Numeric => &self.on_hand);
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for InsertStock {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for InsertStock {}

/// Offers to be inserted, or written over those that are there.
struct Offers<'a> {
    there: bool,
    ids: Vec<Uuid>,
    portals: Vec<Uuid>,
    products: Vec<Uuid>,
    sellers: Vec<Uuid>,
    currencies: Vec<&'a str>,
    states: Vec<&'a str>,
    versions: Vec<i64>,
    created: Vec<Timestamp>,
    audiences: Vec<&'a str>,
    publish: Vec<Option<Timestamp>>,
    withdraw: Vec<Option<Timestamp>>,
}

impl<'a> Offers<'a> {
    fn new(rows: &'a [OfferRow], there: bool) -> Self {
        Self {
            there,
            ids: rows.iter().map(|row| row.id).collect(),
            portals: rows.iter().map(|row| row.portal_id).collect(),
            products: rows.iter().map(|row| row.product_id).collect(),
            sellers: rows.iter().map(|row| row.seller_id).collect(),
            currencies: rows.iter().map(|row| row.currency.as_str()).collect(),
            states: rows.iter().map(|row| row.state.as_str()).collect(),
            versions: rows.iter().map(|row| row.version).collect(),
            created: rows.iter().map(|row| row.created_at).collect(),
            audiences: rows.iter().map(|row| row.audience.as_str()).collect(),
            publish: rows.iter().map(|row| row.publish_at).collect(),
            withdraw: rows.iter().map(|row| row.withdraw_at).collect(),
        }
    }
}

const OFFER_COLUMNS: &str = "id, portal_id, product_id, seller_id, currency, state, version, created_at,
    audience, publish_at, withdraw_at";

impl QueryFragment<Pg> for Offers<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if self.there {
            out.push_sql(
                "UPDATE offer SET currency = n.currency, state = n.state, version = n.version,
                    publish_at = n.publish_at, withdraw_at = n.withdraw_at FROM unnest(",
            );
        } else {
            out.push_sql("INSERT INTO offer (");
            out.push_sql(OFFER_COLUMNS);
            out.push_sql(") SELECT * FROM unnest(");
        }
        arrays!(out; SqlUuid => &self.ids, SqlUuid => &self.portals, SqlUuid => &self.products,
            SqlUuid => &self.sellers, Text => &self.currencies, Text => &self.states, BigInt => &self.versions,
            Timestamptz => &self.created, Text => &self.audiences, Nullable<Timestamptz> => &self.publish,
            Nullable<Timestamptz> => &self.withdraw);
        out.push_sql(")");
        if self.there {
            out.push_sql(" AS n (");
            out.push_sql(OFFER_COLUMNS);
            out.push_sql(") WHERE offer.id = n.id");
        }
        Ok(())
    }
}

/// Two statements: no id that would name both.
impl QueryId for Offers<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> diesel::RunQueryDsl<C> for Offers<'_> {}

struct InsertTiers {
    offers: Vec<Uuid>,
    from: Vec<Decimal>,
    prices: Vec<Decimal>,
}

impl InsertTiers {
    fn new(rows: &[TierRow]) -> Self {
        Self {
            offers: rows.iter().map(|row| row.offer_id).collect(),
            from: rows.iter().map(|row| row.from_quantity).collect(),
            prices: rows.iter().map(|row| row.unit_price).collect(),
        }
    }
}

impl QueryFragment<Pg> for InsertTiers {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("INSERT INTO offer_tier (offer_id, from_quantity, unit_price) SELECT * FROM unnest(");
        arrays!(out; SqlUuid => &self.offers, Numeric => &self.from, Numeric => &self.prices);
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for InsertTiers {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for InsertTiers {}
