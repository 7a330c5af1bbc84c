//! What is done with categories.

use domain::catalogue::code_list::{LONGEST_NAME, MAX_DEPTH};
use domain::kernel::language::check_texts;
use domain::kernel::{CategoryId, Refusal};
use infra::Failure;
use infra::catalogue::attribute;
use infra::catalogue::category::{self, CategoryRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;
use uuid::Uuid;

use super::{CategoryData, CategoryDto, NewCategory};
use crate::catalogue::attribute::check::{check_products, definition};
use crate::catalogue::attribute::usecase::check_agreement;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;

pub async fn create(tx: &mut Connection, command: &Command, new: &NewCategory) -> Result<Answer<CategoryDto>, Failure> {
    command.by.require_operator()?;
    check_texts(&new.name, LONGEST_NAME).map_err(|invalid| invalid.at("/name"))?;
    category::hold(tx).await?;
    let above = path_to(tx, new.parent_id, 1).await?;
    let id = command.id();
    let row = CategoryRow {
        id,
        code: new.code.clone(),
        parent_id: new.parent_id,
        name: json!(new.name),
        version: 1,
        created_at: command.at,
        path: above.into_iter().chain([id]).collect(),
    };
    category::insert(tx, &row).await?;
    command.event(
        "category.created",
        Subject { kind: "category", id, version: 1 },
        None,
        &[],
        json!({"code": new.code}),
    );
    Ok(Answer::created(format!("/v1/categories/{id}"), CategoryDto::of(row)?).version(1))
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: CategoryId,
    expected: i64,
    patch: &Patch<CategoryData>,
) -> Result<Answer<CategoryDto>, Failure> {
    command.by.require_operator()?;
    category::hold(tx).await?;
    let mut row = category::lock(tx, id).await?.ok_or_else(|| Refusal::not_found("category"))?;
    check_version(row.version, expected)?;
    let before = CategoryData { name: super::texts(row.name.clone())?, parent_id: row.parent_id };
    let changed = patch.apply(&before)?;
    check_texts(&changed.name, LONGEST_NAME).map_err(|invalid| invalid.at("/name"))?;
    row.name = json!(changed.name);
    row.version += 1;
    let from = row.path.clone();
    if changed.parent_id != before.parent_id {
        row.path = new_path(tx, &row, changed.parent_id).await?;
        row.parent_id = changed.parent_id;
    }
    category::update(tx, &row, &from).await?;
    if row.path != from && !same_attributes(tx, &from, &row.path).await? {
        check_products(tx, id, "/parent_id").await?;
    }
    let version = row.version;
    command.event("category.changed", Subject { kind: "category", id: id.0, version }, None, &[], json!({}));
    Ok(Answer::ok(CategoryDto::of(row)?).version(version))
}

/// The way to a category at its new place; what it and its descendants define must agree with what they will inherit there.
async fn new_path(tx: &mut Connection, row: &CategoryRow, parent: Option<Uuid>) -> Result<Vec<Uuid>, Failure> {
    let height = category::height(tx, row).await?;
    let above = path_to(tx, parent, height).await?;
    if above.contains(&row.id) {
        return Err(Refusal::fault("/parent_id", "own_descendant", "A category cannot hang below itself.").into());
    }
    let inherited = attribute::of_categories(tx, &above).await?;
    let keys: Vec<String> = inherited.iter().map(|row| row.key.clone()).collect();
    let mut below = attribute::below(tx, CategoryId(row.id), &keys).await?;
    below.extend(attribute::of_categories(tx, &[row.id]).await?);
    for one in &inherited {
        check_agreement(&definition(one)?, &below, "/parent_id")?;
    }
    Ok(above.into_iter().chain([row.id]).collect())
}

/// Whether a category inherits the same here and there.
async fn same_attributes(tx: &mut Connection, from: &[Uuid], to: &[Uuid]) -> Result<bool, Failure> {
    let differing: Vec<Uuid> =
        from.iter().filter(|id| !to.contains(id)).chain(to.iter().filter(|id| !from.contains(id))).copied().collect();
    Ok(attribute::of_categories(tx, &differing).await?.is_empty())
}

/// The way to a parent below which so many levels come.
pub(super) async fn path_to(tx: &mut Connection, parent: Option<Uuid>, levels: usize) -> Result<Vec<Uuid>, Failure> {
    let Some(id) = parent else { return Ok(Vec::new()) };
    let unknown = || Refusal::fault("/parent_id", "unknown", "There is no such category.");
    let path = category::find(tx, CategoryId(id)).await?.ok_or_else(unknown)?.path;
    if path.len() + levels > MAX_DEPTH {
        let detail = format!("A tree has at most {MAX_DEPTH} levels.");
        return Err(Refusal::fault("/parent_id", "too_deep", detail).into());
    }
    Ok(path)
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
