//! What sellers say about weighing their products. It has the version of the product.

use domain::catalogue::tax::check_percent;
use domain::contract::CatchWeight;
use domain::contract::weight::check_nominal;
use domain::kernel::money::parse_decimal;
use domain::kernel::{Faults, OrganisationId, ProductId, Refusal, Unit};
use infra::Failure;
use infra::catalogue::catch_weight::{self, CatchWeightRow};
use infra::catalogue::product::{self, ProductRow};
use infra::db::Connection;
use serde_json::json;

use super::dto::CatchWeightDto;
use crate::catalogue::rights;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;

fn unknown() -> Refusal {
    Refusal::not_found("product")
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: ProductId,
) -> Result<(CatchWeightDto, i64), Failure> {
    let seller = by.require(rights::READ)?;
    let (of, _) = product::find(connection, seller, id).await?.ok_or_else(unknown)?;
    let found = catch_weight::find(connection, id).await?;
    let found = found.ok_or_else(|| Refusal::not_found("catch weight"))?;
    Ok((CatchWeightDto::from(&found), of.version))
}

/// The product is billed by what was weighed, from the next contract on.
pub async fn keep(
    tx: &mut Connection,
    command: &Command,
    id: ProductId,
    expected: i64,
    data: &CatchWeightDto,
) -> Result<Answer<CatchWeightDto>, Failure> {
    let of = lock(tx, command, id, expected).await?;
    let mut faults = Faults::default();
    let nominal = faults.keep("/nominal", data.nominal.parse());
    let tolerance = faults.keep("/tolerance_percent", parse_decimal(&data.tolerance_percent));
    let unit = nominal.map(|nominal| nominal.unit());
    let value = nominal.and_then(|nominal| faults.keep("/nominal", check_nominal(nominal.value())));
    let tolerance = tolerance.and_then(|percent| faults.keep("/tolerance_percent", check_percent(percent)));
    let checked = match (unit, value, tolerance) {
        (Some(unit), Some(value), Some(tolerance)) => Some(CatchWeight::new(unit, value, tolerance)?),
        _ => None,
    };
    if let Some(weight) = &checked {
        faults.keep("/nominal", weight.check_base(Unit::parse(&of.base_unit)?));
    }
    faults.result()?;
    let weight = checked.ok_or_else(|| Failure::broken("a weight without faults and without a value"))?;
    let row = CatchWeightRow {
        product_id: id.0,
        unit: weight.unit.code().to_owned(),
        nominal: weight.nominal,
        tolerance_percent: weight.tolerance_percent,
    };
    catch_weight::keep(tx, &row).await?;
    let version = changed(tx, command, of).await?;
    Ok(Answer::ok(CatchWeightDto::from(&row)).version(version))
}

/// The product is billed as it is ordered again, from the next contract on.
pub async fn remove(
    tx: &mut Connection,
    command: &Command,
    id: ProductId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let of = lock(tx, command, id, expected).await?;
    catch_weight::delete(tx, id).await?;
    changed(tx, command, of).await?;
    Ok(Answer::no_content())
}

async fn lock(tx: &mut Connection, command: &Command, id: ProductId, expected: i64) -> Result<ProductRow, Failure> {
    let own: OrganisationId = command.by.member()?.id;
    let (of, _) = product::lock(tx, own, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::EDIT)?;
    check_version(of.version, expected)?;
    Ok(of)
}

async fn changed(tx: &mut Connection, command: &Command, mut of: ProductRow) -> Result<i64, Failure> {
    of.version += 1;
    product::update(tx, &of).await?;
    let subject = Subject { kind: "product", id: of.id, version: of.version };
    command.event("product.changed", subject, None, &[of.seller_id], json!({"sku": of.sku}));
    Ok(of.version)
}
