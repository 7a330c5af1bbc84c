//! Grades of contracts: the differentials that were agreed on, what was measured, and what deliveries brought at which price.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Numeric, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::contract::{Grading, Measurable, Part};
use domain::exchange::Differential;
use domain::kernel::{ContractLineId, DeliveryId};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{contract_line, contract_line_differential, delivery, delivery_measurement, delivery_part};

/// A differential of a line of a contract.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contract_line_differential, treat_none_as_default_value = false)]
struct DifferentialRow {
    contract_line_id: Uuid,
    parameter: String,
    position: i32,
    unit: Option<String>,
    base: Decimal,
    step: Decimal,
    price_above: Decimal,
    price_below: Decimal,
    least: Option<Decimal>,
    most: Option<Decimal>,
}

impl DifferentialRow {
    fn of(line: Uuid, position: i32, of: &Measurable) -> Self {
        let differential = &of.differential;
        Self {
            contract_line_id: line,
            parameter: differential.parameter.clone(),
            position,
            unit: of.unit.clone(),
            base: differential.base,
            step: differential.step,
            price_above: differential.price_above,
            price_below: differential.price_below,
            least: differential.least,
            most: differential.most,
        }
    }

    fn agreed(self) -> (ContractLineId, Measurable) {
        let differential = Differential {
            parameter: self.parameter,
            base: self.base,
            step: self.step,
            price_above: self.price_above,
            price_below: self.price_below,
            least: self.least,
            most: self.most,
        };
        (ContractLineId(self.contract_line_id), Measurable { differential, unit: self.unit })
    }
}

/// What was measured of a parameter of a line of a delivery.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = delivery_measurement, treat_none_as_default_value = false)]
pub struct MeasurementRow {
    pub delivery_id: Uuid,
    pub contract_line_id: Uuid,
    pub parameter: String,
    /// By the seller as it despatched.
    pub stated: Option<Decimal>,
    /// By the buyer as it received.
    pub found: Option<Decimal>,
}

impl MeasurementRow {
    /// What decides: the buyer's value, or else the seller's.
    pub fn decisive(&self) -> Option<Decimal> {
        self.found.or(self.stated)
    }
}

/// Keeps what was agreed on with a new contract: the differentials of each of its lines, in their order.
pub async fn insert(tx: &mut Connection, agreed: &[(Uuid, &[Measurable])]) -> Result<(), Failure> {
    let of_line = |(line, differentials): &(Uuid, &[Measurable])| {
        let line = *line;
        (1..).zip(*differentials).map(|(position, of)| DifferentialRow::of(line, position, of)).collect::<Vec<_>>()
    };
    let rows: Vec<DifferentialRow> = agreed.iter().flat_map(of_line).collect();
    // As many as one statement can hold.
    for part in rows.chunks(1000) {
        diesel::insert_into(contract_line_differential::table).values(part).execute(tx).await?;
    }
    Ok(())
}

/// The grades of a contract. Only goods that were traded on an exchange have some.
pub async fn of_contract(connection: &Connection, contract: Uuid) -> Result<Grading, Failure> {
    let of_contract = contract_line::contract_id.eq(contract);
    let agreed = contract_line_differential::table
        .inner_join(contract_line::table.on(contract_line::id.eq(contract_line_differential::contract_line_id)))
        .filter(of_contract)
        .order((contract_line::position, contract_line_differential::position))
        .select(DifferentialRow::as_select());
    let agreed: Vec<DifferentialRow> = agreed.load(&mut &*connection).await?;
    if agreed.is_empty() {
        return Ok(Grading::default());
    }
    let parts = delivery_part::table
        .inner_join(delivery::table.on(delivery::id.eq(delivery_part::delivery_id)))
        .filter(delivery::contract_id.eq(contract))
        .order((delivery::number, delivery_part::contract_line_id))
        .select((
            delivery_part::delivery_id,
            delivery_part::contract_line_id,
            delivery_part::unit_price,
            delivery_part::received,
            delivery_part::invoiced,
            delivery_part::returned,
        ));
    let parts: Vec<(Uuid, Uuid, Decimal, Decimal, Decimal, Decimal)> = parts.load(&mut &*connection).await?;
    let part = |(delivery, line, unit_price, received, invoiced, returned)| Part {
        delivery: DeliveryId(delivery),
        line: ContractLineId(line),
        unit_price,
        received,
        invoiced,
        returned,
    };
    Ok(Grading {
        agreed: agreed.into_iter().map(DifferentialRow::agreed).collect(),
        parts: parts.into_iter().map(part).collect(),
    })
}

/// Keeps what deliveries brought and how far it has come.
pub async fn keep_parts(tx: &Connection, parts: &[Part]) -> Result<(), Failure> {
    if !parts.is_empty() {
        KeepParts::new(parts).execute(&mut &*tx).await?;
    }
    Ok(())
}

/// What was measured of the lines of deliveries.
pub async fn measurements(connection: &Connection, of: &[Uuid]) -> Result<Vec<MeasurementRow>, Failure> {
    let query = delivery_measurement::table
        .filter(delivery_measurement::delivery_id.eq_any(of))
        .order((delivery_measurement::delivery_id, delivery_measurement::contract_line_id))
        .select(MeasurementRow::as_select());
    Ok(query.load(&mut &*connection).await?)
}

/// Keeps what was measured; what the seller stated stays.
pub async fn keep_measurements(tx: &Connection, rows: &[MeasurementRow]) -> Result<(), Failure> {
    use delivery_measurement as m;
    for part in rows.chunks(1000) {
        diesel::insert_into(m::table)
            .values(part)
            .on_conflict((m::delivery_id, m::contract_line_id, m::parameter))
            .do_update()
            .set(m::found.eq(diesel::upsert::excluded(m::found)))
            .execute(&mut &*tx)
            .await?;
    }
    Ok(())
}

/// One statement for any number of parts, so that it is prepared once.
struct KeepParts {
    deliveries: Vec<Uuid>,
    lines: Vec<Uuid>,
    prices: Vec<Decimal>,
    received: Vec<Decimal>,
    invoiced: Vec<Decimal>,
    returned: Vec<Decimal>,
}

impl KeepParts {
    fn new(parts: &[Part]) -> Self {
        Self {
            deliveries: parts.iter().map(|part| part.delivery.0).collect(),
            lines: parts.iter().map(|part| part.line.0).collect(),
            prices: parts.iter().map(|part| part.unit_price).collect(),
            received: parts.iter().map(|part| part.received).collect(),
            invoiced: parts.iter().map(|part| part.invoiced).collect(),
            returned: parts.iter().map(|part| part.returned).collect(),
        }
    }
}

impl QueryFragment<Pg> for KeepParts {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO delivery_part (delivery_id, contract_line_id, unit_price, received, invoiced, returned) SELECT * FROM unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.deliveries)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.lines)?;
        for column in [&self.prices, &self.received, &self.invoiced, &self.returned] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Numeric>, _>(column)?;
        }
        out.push_sql(
            ") ON CONFLICT (delivery_id, contract_line_id) DO UPDATE SET invoiced = excluded.invoiced, returned = excluded.returned",
        );
        Ok(())
    }
}

impl QueryId for KeepParts {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for KeepParts {}
