//! Goods that are billed by what was weighed: agreed on with the contract, weighed at the despatch, billed as they arrived.

use std::collections::{HashMap, HashSet};

use domain::contract::CatchWeight;
use domain::contract::delivery::DespatchLine;
use domain::contract::weight::received_weight;
use domain::kernel::quantity::check_quantity;
use domain::kernel::{Findings, Kind, Refusal, Unit};
use infra::Failure;
use infra::catalogue::product;
use infra::contract::delivery::{Delivery, DeliveryLineRow};
use infra::contract::store::{Contract, LineRow};
use infra::contract::weight::WeightRow;
use infra::db::Connection;
use infra::ordering::order::LineRow as OrderLineRow;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::delivery_dto::DespatchData;
use super::origin::AgreedLine;

/// How a line of an order is weighed, as its product's seller said when it was priced; its unit may hold several of the base unit.
pub fn weighing(line: &OrderLineRow) -> Result<Option<CatchWeight>, Failure> {
    let (Some(unit), Some(nominal), Some(tolerance)) = (&line.weight_unit, line.weight_nominal, line.weight_tolerance)
    else {
        return Ok(None);
    };
    let nominal = (nominal * line.base_quantity / line.quantity).round_dp(6);
    Ok(Some(CatchWeight::new(Unit::parse(unit)?, nominal, tolerance)?))
}

/// Those of the products of weighed lines whose stock is counted in the weighing unit.
pub async fn counted_by_weight(tx: &mut Connection, lines: &[AgreedLine]) -> Result<HashSet<Uuid>, Failure> {
    let weighed: HashMap<Uuid, Unit> =
        lines.iter().filter_map(|line| Some((line.product_id?, line.weight?.unit))).collect();
    if weighed.is_empty() {
        return Ok(HashSet::new());
    }
    let products: Vec<Uuid> = weighed.keys().copied().collect();
    let units = product::base_units(tx, &products).await?;
    let counted = units.into_iter().filter(|(id, base)| weighed.get(id).is_some_and(|unit| unit.code() == base));
    Ok(counted.map(|(id, _)| id).collect())
}

/// As the contract keeps it.
pub fn kept(row: &WeightRow) -> Result<CatchWeight, Failure> {
    let less = row.less_percent.unwrap_or(row.tolerance_percent);
    Ok(CatchWeight::between(Unit::parse(&row.unit)?, row.nominal, row.tolerance_percent, less)?)
}

/// What a line of a delivery brought in good order, in the unit in which it is billed.
pub fn brought(row: &DeliveryLineRow) -> Decimal {
    let received = row.received.unwrap_or_default();
    row.weighed.map_or(received, |weighed| received_weight(weighed, row.quantity, received))
}

/// The weights that a despatch states, by line. Every line that is billed by weight has one, within the tolerance unless the buyer
/// shall be asked; no other line has.
pub fn stated(
    held: &Contract,
    data: &DespatchData,
    wanted: &[DespatchLine],
    findings: &mut Findings,
) -> Result<HashMap<Uuid, Decimal>, Failure> {
    let mut weights = HashMap::new();
    for (index, one) in wanted.iter().enumerate() {
        let said = data.lines.as_ref().and_then(|lines| lines.get(index)).and_then(|line| line.weighed.as_ref());
        let pointer = format!("/lines/{index}/weighed");
        let weight = held.weights.iter().find(|row| row.contract_line_id == one.line.0);
        let (weight, said) = match (weight, said) {
            (Some(weight), Some(said)) => (weight, said),
            (Some(_), None) => {
                findings.add(Kind::InvalidInput, pointer, "required", "It is billed by weight: say what it weighs.");
                continue;
            }
            (None, Some(_)) => {
                findings.add(Kind::InvalidInput, pointer, "not_weighed", "It is billed as it was ordered.");
                continue;
            }
            (None, None) => continue,
        };
        let Some(weighed) = said.value_in(Some(&weight.unit), &pointer, findings) else { continue };
        let Some(weighed) = findings.keep(&pointer, check_quantity(weighed)) else { continue };
        if weighed.is_zero() {
            findings.add(Kind::InvalidInput, pointer, "not_positive", "It weighs something.");
        } else if let Err(refusal) = kept(weight)?.check(one.quantity, weighed)
            && !data.beyond_tolerance
        {
            findings.add(refusal.kind, pointer, "out_of_tolerance", refusal.detail);
        }
        weights.insert(one.line.0, weighed);
    }
    Ok(weights)
}

/// What leaves the stock for a line: the weight where stock is counted in it, else what was ordered, in the base unit.
pub fn leaves_stock(held: &[WeightRow], line: &LineRow, weighed: Option<Decimal>, ordered: Decimal) -> Decimal {
    let counts = held.iter().any(|row| row.contract_line_id == line.id && row.counts_stock);
    weighed.filter(|_| counts).unwrap_or(ordered)
}

/// Counts the weight of what arrived. Weights beyond the tolerance have to be accepted by the buyer.
pub fn receive(held: &mut Contract, arrived: &Delivery, accepted: bool) -> Result<(), Failure> {
    for line in &arrived.lines {
        let row = held.weights.iter_mut().find(|row| row.contract_line_id == line.contract_line_id);
        let (Some(row), Some(weighed)) = (row, line.weighed) else { continue };
        let received = line.received.unwrap_or_default();
        if !accepted && !received.is_zero() {
            let refused = |refusal: Refusal| {
                let detail = format!("{} Accept it, or say that it did not arrive in good order.", refusal.detail);
                Refusal::new(refusal.kind, detail)
            };
            kept(row)?.check(line.quantity, weighed).map_err(refused)?;
        }
        row.received += brought(line);
    }
    Ok(())
}
