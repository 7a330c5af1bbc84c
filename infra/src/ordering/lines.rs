//! Writing many lines in one statement that is prepared once: arrays are unnested.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Date as SqlDate, Integer, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid};
use domain::kernel::Date;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::order::LineRow;

pub(super) struct InsertLines<'a> {
    ids: Vec<Uuid>,
    orders: Vec<Uuid>,
    positions: Vec<i32>,
    offers: Vec<Uuid>,
    products: Vec<Uuid>,
    sellers: Vec<Uuid>,
    skus: Vec<&'a str>,
    names: Vec<&'a Value>,
    quantities: Vec<Decimal>,
    units: Vec<&'a str>,
    prices: Vec<Decimal>,
    sources: Vec<&'a str>,
    price_lists: Vec<Option<Uuid>>,
    proposals: Vec<Option<Uuid>>,
    tax_categories: Vec<&'a str>,
    tax_rates: Vec<Decimal>,
    amounts: Vec<Decimal>,
    reserved: Vec<Decimal>,
    base: Vec<Decimal>,
    cost_centres: Vec<Option<Uuid>>,
    references: Vec<Option<&'a str>>,
    notes: Vec<Option<&'a str>>,
    dates: Vec<Option<Date>>,
    addresses: Vec<Option<&'a Value>>,
    weight_units: Vec<Option<&'a str>>,
    nominals: Vec<Option<Decimal>>,
    tolerances: Vec<Option<Decimal>>,
}

impl<'a> InsertLines<'a> {
    pub fn new(lines: &'a [LineRow]) -> Self {
        Self {
            ids: lines.iter().map(|line| line.id).collect(),
            orders: lines.iter().map(|line| line.order_id).collect(),
            positions: lines.iter().map(|line| line.position).collect(),
            offers: lines.iter().map(|line| line.offer_id).collect(),
            products: lines.iter().map(|line| line.product_id).collect(),
            sellers: lines.iter().map(|line| line.seller_id).collect(),
            skus: lines.iter().map(|line| line.sku.as_str()).collect(),
            names: lines.iter().map(|line| &line.name).collect(),
            quantities: lines.iter().map(|line| line.quantity).collect(),
            units: lines.iter().map(|line| line.unit.as_str()).collect(),
            prices: lines.iter().map(|line| line.unit_price).collect(),
            sources: lines.iter().map(|line| line.price_source.as_str()).collect(),
            price_lists: lines.iter().map(|line| line.price_list_id).collect(),
            proposals: lines.iter().map(|line| line.price_proposal_id).collect(),
            tax_categories: lines.iter().map(|line| line.tax_category.as_str()).collect(),
            tax_rates: lines.iter().map(|line| line.tax_rate).collect(),
            amounts: lines.iter().map(|line| line.amount).collect(),
            reserved: lines.iter().map(|line| line.reserved).collect(),
            base: lines.iter().map(|line| line.base_quantity).collect(),
            cost_centres: lines.iter().map(|line| line.cost_centre_id).collect(),
            references: lines.iter().map(|line| line.buyer_reference.as_deref()).collect(),
            notes: lines.iter().map(|line| line.note.as_deref()).collect(),
            dates: lines.iter().map(|line| line.requested_date).collect(),
            addresses: lines.iter().map(|line| line.delivery_address.as_ref()).collect(),
            weight_units: lines.iter().map(|line| line.weight_unit.as_deref()).collect(),
            nominals: lines.iter().map(|line| line.weight_nominal).collect(),
            tolerances: lines.iter().map(|line| line.weight_tolerance).collect(),
        }
    }
}

impl QueryFragment<Pg> for InsertLines<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO order_line (id, order_id, position, offer_id, product_id, seller_id, sku, name, quantity, unit, unit_price,
                price_source, price_list_id, price_proposal_id, tax_category, tax_rate, amount, reserved,
                base_quantity, cost_centre_id, buyer_reference, note, requested_date, delivery_address,
                weight_unit, weight_nominal, weight_tolerance) SELECT * FROM unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.orders)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Integer>, _>(&self.positions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.offers)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.products)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.sellers)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.skus)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Jsonb>, _>(&self.names)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.quantities)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.units)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.prices)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.sources)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.price_lists)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.proposals)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.tax_categories)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.tax_rates)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.amounts)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.reserved)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.base)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.cost_centres)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.references)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.notes)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlDate>>, _>(&self.dates)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Jsonb>>, _>(&self.addresses)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.weight_units)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Numeric>>, _>(&self.nominals)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Numeric>>, _>(&self.tolerances)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for InsertLines<'_> {
    type QueryId = InsertLines<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for InsertLines<'_> {}

/// What lines are placed at and what is reserved for them: what was true of their offers at that moment.
pub(super) struct PlaceLines<'a> {
    ids: Vec<Uuid>,
    skus: Vec<&'a str>,
    names: Vec<&'a Value>,
    prices: Vec<Decimal>,
    sources: Vec<&'a str>,
    price_lists: Vec<Option<Uuid>>,
    proposals: Vec<Option<Uuid>>,
    tax_categories: Vec<&'a str>,
    tax_rates: Vec<Decimal>,
    amounts: Vec<Decimal>,
    reserved: Vec<Decimal>,
    base: Vec<Decimal>,
    weight_units: Vec<Option<&'a str>>,
    nominals: Vec<Option<Decimal>>,
    tolerances: Vec<Option<Decimal>>,
}

impl<'a> PlaceLines<'a> {
    pub fn new(lines: &'a [LineRow]) -> Self {
        Self {
            ids: lines.iter().map(|line| line.id).collect(),
            skus: lines.iter().map(|line| line.sku.as_str()).collect(),
            names: lines.iter().map(|line| &line.name).collect(),
            prices: lines.iter().map(|line| line.unit_price).collect(),
            sources: lines.iter().map(|line| line.price_source.as_str()).collect(),
            price_lists: lines.iter().map(|line| line.price_list_id).collect(),
            proposals: lines.iter().map(|line| line.price_proposal_id).collect(),
            tax_categories: lines.iter().map(|line| line.tax_category.as_str()).collect(),
            tax_rates: lines.iter().map(|line| line.tax_rate).collect(),
            amounts: lines.iter().map(|line| line.amount).collect(),
            reserved: lines.iter().map(|line| line.reserved).collect(),
            base: lines.iter().map(|line| line.base_quantity).collect(),
            weight_units: lines.iter().map(|line| line.weight_unit.as_deref()).collect(),
            nominals: lines.iter().map(|line| line.weight_nominal).collect(),
            tolerances: lines.iter().map(|line| line.weight_tolerance).collect(),
        }
    }
}

impl QueryFragment<Pg> for PlaceLines<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "UPDATE order_line SET sku = n.sku, name = n.name, unit_price = n.unit_price, price_source = n.price_source,
                price_list_id = n.price_list_id, price_proposal_id = n.price_proposal_id,
                tax_category = n.tax_category, tax_rate = n.tax_rate, amount = n.amount, reserved = n.reserved,
                base_quantity = n.base_quantity, weight_unit = n.weight_unit, weight_nominal = n.weight_nominal,
                weight_tolerance = n.weight_tolerance
             FROM unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.skus)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Jsonb>, _>(&self.names)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.prices)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.sources)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.price_lists)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.proposals)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.tax_categories)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.tax_rates)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.amounts)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.reserved)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.base)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.weight_units)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Numeric>>, _>(&self.nominals)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Numeric>>, _>(&self.tolerances)?;
        out.push_sql(
            ") AS n (id, sku, name, unit_price, price_source, price_list_id, price_proposal_id,
                tax_category, tax_rate, amount, reserved, base_quantity, weight_unit, weight_nominal, weight_tolerance)
             WHERE order_line.id = n.id",
        );
        Ok(())
    }
}

impl QueryId for PlaceLines<'_> {
    type QueryId = PlaceLines<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for PlaceLines<'_> {}

/// What the seller confirmed of lines, and what is still reserved for them.
pub(super) struct UpdateLines {
    ids: Vec<Uuid>,
    confirmed: Vec<Option<Decimal>>,
    prices: Vec<Option<Decimal>>,
    discounts: Vec<Decimal>,
    amounts: Vec<Decimal>,
    reserved: Vec<Decimal>,
}

impl UpdateLines {
    pub fn new(lines: &[LineRow]) -> Self {
        Self {
            ids: lines.iter().map(|line| line.id).collect(),
            confirmed: lines.iter().map(|line| line.confirmed_quantity).collect(),
            prices: lines.iter().map(|line| line.confirmed_price).collect(),
            discounts: lines.iter().map(|line| line.discount_percent).collect(),
            amounts: lines.iter().map(|line| line.amount).collect(),
            reserved: lines.iter().map(|line| line.reserved).collect(),
        }
    }
}

impl QueryFragment<Pg> for UpdateLines {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "UPDATE order_line SET confirmed_quantity = n.confirmed, confirmed_price = n.price, discount_percent = n.discount, amount = n.amount,
                reserved = n.reserved FROM unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Numeric>>, _>(&self.confirmed)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Numeric>>, _>(&self.prices)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.discounts)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.amounts)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.reserved)?;
        out.push_sql(") AS n (id, confirmed, price, discount, amount, reserved) WHERE order_line.id = n.id");
        Ok(())
    }
}

impl QueryId for UpdateLines {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for UpdateLines {}
