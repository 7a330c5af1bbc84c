//! What is done with saved mappings.

use domain::kernel::{ImportMappingId, Refusal};
use domain::party::registration::text;
use infra::Failure;
use infra::catalogue::import::mapping::{self, MappingRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;

use super::dto::{ImportMapping, ImportMappingData};
use crate::catalogue::rights;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;

fn unknown() -> Refusal {
    Refusal::not_found("mapping")
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    data: &ImportMappingData,
) -> Result<Answer<ImportMapping>, Failure> {
    let own = command.by.require(rights::EDIT)?;
    check(data)?;
    let row = MappingRow {
        id: command.id::<ImportMappingId>().0,
        organisation_id: own.0,
        name: data.name.clone(),
        definition: json!(data),
        version: 1,
        created_at: command.at,
    };
    mapping::insert(tx, &row).await?;
    tell(command, "import_mapping.created", &row);
    Ok(Answer::created(format!("/v1/import-mappings/{}", row.id), ImportMapping::of(&row)?).version(1))
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: ImportMappingId,
    expected: i64,
    patch: &Patch<ImportMappingData>,
) -> Result<Answer<ImportMapping>, Failure> {
    let own = command.by.member()?.id;
    let mut held = mapping::lock(tx, own, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::EDIT)?;
    check_version(held.version, expected)?;
    let data = patch.apply(&ImportMapping::of(&held)?.data)?;
    check(&data)?;
    (held.name, held.definition, held.version) = (data.name.clone(), json!(data), held.version + 1);
    mapping::update(tx, &held).await?;
    tell(command, "import_mapping.changed", &held);
    Ok(Answer::ok(ImportMapping::of(&held)?).version(held.version))
}

/// Files that came with it keep it.
pub async fn delete(
    tx: &mut Connection,
    command: &Command,
    id: ImportMappingId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let own = command.by.member()?.id;
    let held = mapping::lock(tx, own, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::EDIT)?;
    check_version(held.version, expected)?;
    mapping::delete(tx, held.id).await?;
    tell(command, "import_mapping.deleted", &held);
    Ok(Answer::no_content())
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: ImportMappingId,
) -> Result<(ImportMapping, i64), Failure> {
    let own = by.require(rights::READ)?;
    let found = mapping::find(connection, own, id).await?.ok_or_else(unknown)?;
    Ok((ImportMapping::of(&found)?, found.version))
}

pub async fn list(connection: &mut Connection, by: &Principal, page: &Page) -> Result<List<ImportMapping>, Failure> {
    let own = by.require(rights::READ)?;
    let found = mapping::list(connection, own, page).await?;
    let items: Result<Vec<_>, _> = found.items.iter().map(ImportMapping::of).collect();
    Ok(List { items: items?, next: found.next })
}

fn check(data: &ImportMappingData) -> Result<(), Refusal> {
    text(&data.name, 100).map_err(|invalid| invalid.at("/name"))?;
    data.parse().map(drop)
}

fn tell(command: &Command, kind: &'static str, row: &MappingRow) {
    let subject = Subject { kind: "import_mapping", id: row.id, version: row.version };
    command.event(kind, subject, None, &[row.organisation_id], json!({"name": row.name}));
}
