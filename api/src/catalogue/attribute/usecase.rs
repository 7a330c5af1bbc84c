//! What the operator does with the attributes of categories.

use std::collections::BTreeSet;

use domain::catalogue::attribute::{Definition, MAX_ATTRIBUTES};
use domain::kernel::{CategoryId, Refusal};
use infra::Failure;
use infra::catalogue::attribute::{self, AttributeRow};
use infra::catalogue::category::{self, CategoryRow};
use infra::db::Connection;
use serde_json::json;

use super::check::{check_products, definition, holding};
use super::dto::{AttributeData, AttributeDto};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;

fn unknown() -> Refusal {
    Refusal::not_found("attribute")
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    id: CategoryId,
    data: &AttributeData,
) -> Result<Answer<AttributeDto>, Failure> {
    command.by.require_operator()?;
    category::hold(tx).await?;
    let of = find_category(tx, id).await?;
    let new = data.definition()?;
    let above = attribute::of_categories(tx, &of.path).await?;
    let own = above.iter().filter(|row| row.category_id == id.0).count();
    if own >= MAX_ATTRIBUTES {
        return Err(
            Refusal::fault("", "too_many", format!("A category has at most {MAX_ATTRIBUTES} attributes.")).into()
        );
    }
    let below = attribute::below(tx, id, std::slice::from_ref(&new.key)).await?;
    let same: Vec<&AttributeRow> = above.iter().chain(&below).filter(|row| row.key == new.key).collect();
    check_agreement(&new, same.iter().copied().filter(|row| row.category_id != id.0), "/kind")?;
    let row = AttributeRow { id: command.id(), version: 1, created_at: command.at, ..row(&of, data) };
    attribute::insert(tx, &row).await?;
    if new.required || !same.is_empty() {
        check_products(tx, id, "").await?;
    }
    event(command, "category.attribute_added", &row);
    let location = format!("/v1/categories/{id}/attributes/{}", row.key);
    Ok(Answer::created(location, AttributeDto::of(&row, id.0)?).version(1))
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: CategoryId,
    key: &str,
    expected: i64,
    patch: &Patch<AttributeData>,
) -> Result<Answer<AttributeDto>, Failure> {
    command.by.require_operator()?;
    category::hold(tx).await?;
    let before = own(tx, id, key).await?;
    check_version(before.version, expected)?;
    let known = AttributeData::of(&before)?;
    let data = patch.apply(&known)?;
    check_fixed(&known, &data)?;
    let changed = data.definition()?;
    let of = find_category(tx, id).await?;
    let row =
        AttributeRow { id: before.id, version: before.version + 1, created_at: before.created_at, ..row(&of, &data) };
    attribute::update(tx, &row).await?;
    if narrows(&definition(&before)?, &changed) {
        check_products(tx, id, "").await?;
    }
    event(command, "category.attribute_changed", &row);
    Ok(Answer::ok(AttributeDto::of(&row, id.0)?).version(row.version))
}

pub async fn delete(
    tx: &mut Connection,
    command: &Command,
    id: CategoryId,
    key: &str,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    command.by.require_operator()?;
    category::hold(tx).await?;
    let row = own(tx, id, key).await?;
    check_version(row.version, expected)?;
    attribute::delete(tx, row.id).await?;
    check_products(tx, id, "").await?;
    event(command, "category.attribute_deleted", &row);
    Ok(Answer::no_content())
}

/// All that holds for a category.
pub async fn list(connection: &mut Connection, id: CategoryId) -> Result<Vec<AttributeDto>, Failure> {
    let of = find_category(connection, id).await?;
    let rows = attribute::of_categories(connection, &of.path).await?;
    holding(&of.path, &rows).into_iter().map(|row| AttributeDto::of(row, id.0)).collect()
}

/// One that holds for a category, with its version.
pub async fn find(connection: &mut Connection, id: CategoryId, key: &str) -> Result<(AttributeDto, i64), Failure> {
    let of = find_category(connection, id).await?;
    let rows = attribute::of_categories(connection, &of.path).await?;
    let found = holding(&of.path, &rows).into_iter().find(|row| row.key == key).ok_or_else(unknown)?;
    Ok((AttributeDto::of(found, id.0)?, found.version))
}

/// Refuses a definition that makes another kind of thing of a key that is defined further up or down.
pub fn check_agreement<'a>(
    new: &Definition,
    others: impl IntoIterator<Item = &'a AttributeRow>,
    pointer: &str,
) -> Result<(), Failure> {
    for other in others {
        let other = definition(other)?;
        if other.key == new.key && !new.agrees_with(&other) {
            let unit = other.kind.unit().map(|unit| format!(" in {unit}")).unwrap_or_default();
            let detail =
                format!("`{}` is a {}{unit} already, further up or down the tree.", other.key, other.kind.code());
            return Err(Refusal::fault(pointer, "redefined", detail).into());
        }
    }
    Ok(())
}

fn check_fixed(before: &AttributeData, after: &AttributeData) -> Result<(), Refusal> {
    let mut faults = domain::kernel::Faults::default();
    let fixed =
        [("/key", before.key == after.key), ("/kind", before.kind == after.kind), ("/unit", before.unit == after.unit)];
    for (pointer, _) in fixed.into_iter().filter(|(_, same)| !same) {
        faults.add(pointer, "fixed", "It cannot be changed: define another attribute.");
    }
    faults.result()
}

/// Whether something that fitted before might not fit now.
fn narrows(before: &Definition, after: &Definition) -> bool {
    let keys = |one: &Definition| one.choices.iter().map(|choice| choice.key.clone()).collect::<BTreeSet<_>>();
    (after.required && !before.required) || before.bounds != after.bounds || !keys(before).is_subset(&keys(after))
}

async fn find_category(connection: &mut Connection, id: CategoryId) -> Result<CategoryRow, Failure> {
    Ok(category::find(connection, id).await?.ok_or_else(|| Refusal::not_found("category"))?)
}

/// What the category itself defines; what it inherits is changed where it is defined.
async fn own(tx: &mut Connection, id: CategoryId, key: &str) -> Result<AttributeRow, Failure> {
    let rows = attribute::of_categories(tx, &[id.0]).await?;
    Ok(rows.into_iter().find(|row| row.key == key).ok_or_else(unknown)?)
}

fn row(of: &CategoryRow, data: &AttributeData) -> AttributeRow {
    AttributeRow {
        id: of.id,
        category_id: of.id,
        key: data.key.clone(),
        name: json!(data.name),
        kind: data.kind.clone(),
        unit: data.unit.clone(),
        required: data.required,
        choices: json!(data.choices),
        minimum: data.minimum.clone(),
        maximum: data.maximum.clone(),
        version: 1,
        created_at: of.created_at,
    }
}

fn event(command: &Command, kind: &'static str, row: &AttributeRow) {
    let subject = Subject { kind: "category_attribute", id: row.id, version: row.version };
    command.event(kind, subject, None, &[], json!({"category_id": row.category_id, "key": row.key}));
}
