//! Writing many lines of contracts in one statement that is prepared once: arrays are unnested.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Date as SqlDate, Integer, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid};
use domain::kernel::Date;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::store::LineRow;

pub(super) struct InsertLines<'a> {
    ids: Vec<Uuid>,
    contracts: Vec<Uuid>,
    positions: Vec<i32>,
    kinds: Vec<&'a str>,
    products: Vec<Option<Uuid>>,
    skus: Vec<Option<&'a str>>,
    names: Vec<&'a Value>,
    quantities: Vec<Decimal>,
    units: Vec<&'a str>,
    prices: Vec<Decimal>,
    discounts: Vec<Decimal>,
    tax_categories: Vec<&'a str>,
    tax_rates: Vec<Decimal>,
    amounts: Vec<Decimal>,
    reserved: Vec<Decimal>,
    base: Vec<Decimal>,
    addresses: Vec<Option<&'a Value>>,
    dates: Vec<Option<Date>>,
}

impl<'a> InsertLines<'a> {
    pub fn new(lines: &'a [LineRow]) -> Self {
        Self {
            ids: lines.iter().map(|line| line.id).collect(),
            contracts: lines.iter().map(|line| line.contract_id).collect(),
            positions: lines.iter().map(|line| line.position).collect(),
            kinds: lines.iter().map(|line| line.kind.as_str()).collect(),
            products: lines.iter().map(|line| line.product_id).collect(),
            skus: lines.iter().map(|line| line.sku.as_deref()).collect(),
            names: lines.iter().map(|line| &line.name).collect(),
            quantities: lines.iter().map(|line| line.quantity).collect(),
            units: lines.iter().map(|line| line.unit.as_str()).collect(),
            prices: lines.iter().map(|line| line.unit_price).collect(),
            discounts: lines.iter().map(|line| line.discount_percent).collect(),
            tax_categories: lines.iter().map(|line| line.tax_category.as_str()).collect(),
            tax_rates: lines.iter().map(|line| line.tax_rate).collect(),
            amounts: lines.iter().map(|line| line.amount).collect(),
            reserved: lines.iter().map(|line| line.reserved).collect(),
            base: lines.iter().map(|line| line.base_quantity).collect(),
            addresses: lines.iter().map(|line| line.delivery_address.as_ref()).collect(),
            dates: lines.iter().map(|line| line.delivery_date).collect(),
        }
    }
}

impl QueryFragment<Pg> for InsertLines<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO contract_line (id, contract_id, position, kind, product_id, sku, name, quantity, unit, unit_price, discount_percent, tax_category, tax_rate, amount, reserved, base_quantity,
                delivery_address, delivery_date) SELECT * FROM unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.contracts)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Integer>, _>(&self.positions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.kinds)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.products)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.skus)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Jsonb>, _>(&self.names)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.quantities)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.units)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.prices)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.discounts)?;
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
        out.push_bind_param::<Array<Nullable<Jsonb>>, _>(&self.addresses)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlDate>>, _>(&self.dates)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for InsertLines<'_> {
    type QueryId = InsertLines<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for InsertLines<'_> {}

/// How far lines have come.
pub(super) struct UpdateLines {
    ids: Vec<Uuid>,
    reserved: Vec<Decimal>,
    despatched: Vec<Decimal>,
    received: Vec<Decimal>,
    invoiced: Vec<Decimal>,
}

impl UpdateLines {
    pub fn new(lines: &[LineRow]) -> Self {
        Self {
            ids: lines.iter().map(|line| line.id).collect(),
            reserved: lines.iter().map(|line| line.reserved).collect(),
            despatched: lines.iter().map(|line| line.despatched).collect(),
            received: lines.iter().map(|line| line.received).collect(),
            invoiced: lines.iter().map(|line| line.invoiced).collect(),
        }
    }
}

impl QueryFragment<Pg> for UpdateLines {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "UPDATE contract_line SET reserved = n.reserved, despatched = n.despatched, received = n.received,
                invoiced = n.invoiced FROM unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.reserved)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.despatched)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.received)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.invoiced)?;
        out.push_sql(") AS n (id, reserved, despatched, received, invoiced) WHERE contract_line.id = n.id");
        Ok(())
    }
}

impl QueryId for UpdateLines {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for UpdateLines {}
