//! What a seller does with warehouses.

use domain::kernel::country::Country;
use domain::kernel::{Faults, Kind, Refusal, WarehouseId};
use domain::party::registration::text;
use infra::Failure;
use infra::catalogue::warehouse::{self, WarehouseRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;

use super::dto::{WarehouseData, WarehouseDto};
use crate::catalogue::rights;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;

pub fn unknown() -> Refusal {
    Refusal::not_found("warehouse")
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    data: &WarehouseData,
) -> Result<Answer<WarehouseDto>, Failure> {
    let seller = command.by.require(rights::EDIT)?;
    check(data)?;
    let row = WarehouseRow {
        id: command.id::<WarehouseId>().0,
        seller_id: seller.0,
        name: data.name.trim().to_owned(),
        country: data.country.clone(),
        city: data.city.clone(),
        archived_at: None,
        version: 1,
        created_at: command.at,
    };
    warehouse::insert(tx, &row).await?;
    tell(command, "warehouse.created", &row);
    Ok(Answer::created(format!("/v1/warehouses/{}", row.id), WarehouseDto::from(&row)).version(1))
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: WarehouseId,
    expected: i64,
    patch: &Patch<WarehouseData>,
) -> Result<Answer<WarehouseDto>, Failure> {
    let own = command.by.member()?.id;
    let mut held = warehouse::lock(tx, own, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::EDIT)?;
    check_version(held.version, expected)?;
    let data = patch.apply(&WarehouseData::of(&held))?;
    check(&data)?;
    held = WarehouseRow {
        name: data.name.trim().to_owned(),
        country: data.country,
        city: data.city,
        version: held.version + 1,
        ..held
    };
    warehouse::update(tx, &held).await?;
    tell(command, "warehouse.changed", &held);
    Ok(Answer::ok(WarehouseDto::from(&held)).version(held.version))
}

/// Takes an empty warehouse out of use.
pub async fn archive(
    tx: &mut Connection,
    command: &Command,
    id: WarehouseId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let own = command.by.member()?.id;
    let (mut one, others): (Vec<_>, Vec<_>) =
        warehouse::lock_all(tx, own).await?.into_iter().partition(|row| row.id == id.0);
    let mut held = one.pop().ok_or_else(unknown)?;
    command.by.require(rights::EDIT)?;
    check_version(held.version, expected)?;
    if warehouse::holds_stock(tx, id).await? {
        return Err(Refusal::new(Kind::InUse, "There is stock in it, or on its way: move that first.").into());
    }
    if others.is_empty() && warehouse::has_lots(tx, own).await? {
        return Err(Refusal::new(Kind::InUse, "It is your last one: what you count has to lie somewhere.").into());
    }
    held.archived_at = Some(command.at);
    held.version += 1;
    warehouse::update(tx, &held).await?;
    tell(command, "warehouse.archived", &held);
    Ok(Answer::no_content())
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: WarehouseId,
) -> Result<(WarehouseDto, i64), Failure> {
    let seller = by.require(rights::READ)?;
    let found = warehouse::find(connection, seller, id).await?.ok_or_else(unknown)?;
    Ok((WarehouseDto::from(&found), found.version))
}

pub async fn list(connection: &mut Connection, by: &Principal, page: &Page) -> Result<List<WarehouseDto>, Failure> {
    let seller = by.require(rights::READ)?;
    Ok(warehouse::list(connection, seller, page).await?.map(|row| WarehouseDto::from(&row)))
}

fn check(data: &WarehouseData) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    faults.keep("/name", text(&data.name, 200));
    if let Some(country) = &data.country {
        faults.keep("/country", Country::parse(country));
    }
    if let Some(city) = &data.city {
        faults.keep("/city", text(city, 200));
    }
    faults.result()
}

fn tell(command: &Command, kind: &'static str, row: &WarehouseRow) {
    let subject = Subject { kind: "warehouse", id: row.id, version: row.version };
    command.event(kind, subject, None, &[row.seller_id], json!({"name": row.name}));
}
