//! What is done with categories.

use domain::kernel::language::check_texts;
use domain::kernel::{CategoryId, Refusal};
use infra::Failure;
use infra::catalogue::category::{self, CategoryRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;

use super::{CategoryDto, CategoryName, NewCategory};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;

pub async fn create(tx: &mut Connection, command: &Command, new: &NewCategory) -> Result<Answer<CategoryDto>, Failure> {
    command.by.require_operator()?;
    check_texts(&new.name, 200).map_err(|invalid| invalid.at("/name"))?;
    if let Some(parent) = new.parent_id
        && category::find(tx, CategoryId(parent)).await?.is_none()
    {
        return Err(Refusal::fault("/parent_id", "unknown", "There is no such category.").into());
    }
    let row = CategoryRow {
        id: command.id(),
        code: new.code.clone(),
        parent_id: new.parent_id,
        name: json!(new.name),
        version: 1,
        created_at: command.at,
    };
    category::insert(tx, &row).await?;
    let id = row.id;
    command.event(
        "category.created",
        Subject { kind: "category", id, version: 1 },
        None,
        &[],
        json!({"code": new.code}),
    );
    Ok(Answer::created(format!("/v1/categories/{id}"), CategoryDto::of(row)?).version(1))
}

pub async fn rename(
    tx: &mut Connection,
    command: &Command,
    id: CategoryId,
    expected: i64,
    patch: &Patch<CategoryName>,
) -> Result<Answer<CategoryDto>, Failure> {
    command.by.require_operator()?;
    let mut row = category::lock(tx, id).await?.ok_or_else(|| Refusal::not_found("category"))?;
    check_version(row.version, expected)?;
    let changed = patch.apply(&CategoryName { name: super::texts(row.name.clone())? })?;
    check_texts(&changed.name, 200).map_err(|invalid| invalid.at("/name"))?;
    row.name = json!(changed.name);
    row.version += 1;
    category::update_name(tx, &row).await?;
    let version = row.version;
    command.event("category.changed", Subject { kind: "category", id: id.0, version }, None, &[], json!({}));
    Ok(Answer::ok(CategoryDto::of(row)?).version(version))
}

pub async fn find(connection: &mut Connection, id: CategoryId) -> Result<(CategoryDto, i64), Failure> {
    let row = category::find(connection, id).await?.ok_or_else(|| Refusal::not_found("category"))?;
    let version = row.version;
    Ok((CategoryDto::of(row)?, version))
}

pub async fn children(
    connection: &mut Connection,
    of: Option<CategoryId>,
    page: &Page,
) -> Result<List<CategoryDto>, Failure> {
    let found = category::children(connection, of, page).await?;
    let items: Result<Vec<_>, _> = found.items.into_iter().map(CategoryDto::of).collect();
    Ok(List { items: items?, next: found.next })
}
