//! Writing the lines of an invoice in one statement that is prepared once: arrays are unnested.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Integer, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::invoice::InvoiceLineRow;

pub(super) struct InsertLines<'a> {
    ids: Vec<Uuid>,
    invoices: Vec<Uuid>,
    positions: Vec<i32>,
    contract_lines: Vec<Uuid>,
    skus: Vec<Option<&'a str>>,
    names: Vec<&'a Value>,
    quantities: Vec<Decimal>,
    units: Vec<&'a str>,
    prices: Vec<Decimal>,
    discounts: Vec<Decimal>,
    tax_categories: Vec<&'a str>,
    tax_rates: Vec<Decimal>,
    nets: Vec<Decimal>,
}

impl<'a> InsertLines<'a> {
    pub fn new(lines: &'a [InvoiceLineRow]) -> Self {
        Self {
            ids: lines.iter().map(|line| line.id).collect(),
            invoices: lines.iter().map(|line| line.invoice_id).collect(),
            positions: lines.iter().map(|line| line.position).collect(),
            contract_lines: lines.iter().map(|line| line.contract_line_id).collect(),
            skus: lines.iter().map(|line| line.sku.as_deref()).collect(),
            names: lines.iter().map(|line| &line.name).collect(),
            quantities: lines.iter().map(|line| line.quantity).collect(),
            units: lines.iter().map(|line| line.unit.as_str()).collect(),
            prices: lines.iter().map(|line| line.unit_price).collect(),
            discounts: lines.iter().map(|line| line.discount_percent).collect(),
            tax_categories: lines.iter().map(|line| line.tax_category.as_str()).collect(),
            tax_rates: lines.iter().map(|line| line.tax_rate).collect(),
            nets: lines.iter().map(|line| line.net).collect(),
        }
    }
}

impl QueryFragment<Pg> for InsertLines<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO invoice_line (id, invoice_id, position, contract_line_id, sku, name, quantity,
                unit, unit_price, discount_percent, tax_category, tax_rate, net) SELECT * FROM unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.invoices)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Integer>, _>(&self.positions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.contract_lines)?;
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
        out.push_bind_param::<Array<Numeric>, _>(&self.nets)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for InsertLines<'_> {
    type QueryId = InsertLines<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for InsertLines<'_> {}
