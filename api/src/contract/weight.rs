//! Goods that are billed by what was weighed: agreed on with the contract, weighed at the despatch, billed as they arrived.

use std::collections::HashMap;

use domain::contract::CatchWeight;
use domain::contract::delivery::DespatchLine;
use domain::contract::weight::received_weight;
use domain::kernel::quantity::check_quantity;
use domain::kernel::{Findings, Kind, Refusal, Unit};
use infra::Failure;
use infra::catalogue::catch_weight;
use infra::contract::delivery::Delivery;
use infra::contract::store::{Contract, LineRow};
use infra::contract::weight::WeightRow;
use infra::db::Connection;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::delivery_dto::DespatchData;
use super::origin::AgreedLine;

/// How a line that is agreed on will be weighed, by the product's seller's word of today.
pub struct Weighing {
    pub weight: CatchWeight,
    pub counts_stock: bool,
}

/// Those of the agreed lines that are weighed, by product.
pub async fn of_lines(tx: &mut Connection, lines: &[AgreedLine]) -> Result<HashMap<Uuid, Weighing>, Failure> {
    let products: Vec<Uuid> = lines.iter().map(|line| line.product_id).collect();
    let mut found = HashMap::new();
    for (row, base_unit) in catch_weight::of_products(tx, &products).await? {
        let weight = CatchWeight::new(Unit::parse(&row.unit)?, row.nominal, row.tolerance_percent)?;
        found.insert(row.product_id, Weighing { weight, counts_stock: row.unit == base_unit });
    }
    Ok(found)
}

/// The weighing of one line, whose unit may hold several of the base unit.
pub fn of_line(weighing: &Weighing, line: &AgreedLine) -> Result<CatchWeight, Failure> {
    let weight = weighing.weight;
    let nominal = (weight.nominal * line.base_quantity / line.quantity).round_dp(6);
    Ok(CatchWeight::new(weight.unit, nominal, weight.tolerance_percent)?)
}

/// As the contract keeps it.
pub fn kept(row: &WeightRow) -> Result<CatchWeight, Failure> {
    Ok(CatchWeight::new(Unit::parse(&row.unit)?, row.nominal, row.tolerance_percent)?)
}

/// The weights that a despatch states, by line. Every line that is billed by weight has one, within the tolerance unless the buyer
/// shall be asked; no other line has.
pub fn stated(
    held: &Contract,
    data: &DespatchData,
    wanted: &[DespatchLine],
) -> Result<HashMap<Uuid, Decimal>, Failure> {
    let mut findings = Findings::default();
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
        let Some(weighed) = said.value_in(Some(&weight.unit), &pointer, &mut findings) else { continue };
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
    findings.result()?;
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
        row.received += received_weight(weighed, line.quantity, received);
    }
    Ok(())
}
