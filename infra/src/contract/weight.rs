//! Lines of contracts that are billed by what was weighed.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{contract_line, contract_line_weight};

/// What was agreed on about weighing a line, and how far it has come, in the weighing unit.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contract_line_weight)]
pub struct WeightRow {
    pub contract_line_id: Uuid,
    pub unit: String,
    /// What one of the line's unit weighs.
    pub nominal: Decimal,
    pub tolerance_percent: Decimal,
    /// By how much it may be less, where that is another share.
    pub less_percent: Option<Decimal>,
    /// For one of the weighing unit.
    pub unit_price: Decimal,
    /// Stock is counted in the weighing unit.
    pub counts_stock: bool,
    pub received: Decimal,
    pub invoiced: Decimal,
}

pub async fn insert(tx: &mut Connection, new: &[WeightRow]) -> Result<(), Failure> {
    if !new.is_empty() {
        diesel::insert_into(contract_line_weight::table).values(new).execute(tx).await?;
    }
    Ok(())
}

/// Those of a contract's lines that are weighed.
pub async fn of_contract(connection: &Connection, contract: Uuid) -> Result<Vec<WeightRow>, Failure> {
    let query = contract_line_weight::table
        .inner_join(contract_line::table.on(contract_line::id.eq(contract_line_weight::contract_line_id)))
        .filter(contract_line::contract_id.eq(contract))
        .order(contract_line::position)
        .select(WeightRow::as_select());
    Ok(query.load(&mut &*connection).await?)
}

/// Keeps how far weighed lines have come. There are few of them.
pub async fn update(tx: &Connection, changed: &[WeightRow]) -> Result<(), Failure> {
    for row in changed {
        diesel::update(contract_line_weight::table.find(row.contract_line_id))
            .set((contract_line_weight::received.eq(row.received), contract_line_weight::invoiced.eq(row.invoiced)))
            .execute(&mut &*tx)
            .await?;
    }
    Ok(())
}
