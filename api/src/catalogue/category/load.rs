//! Categories made of a code list: a whole tree in one step.

use std::collections::{HashMap, HashSet};

use domain::catalogue::code_list::MAX_DEPTH;
use domain::kernel::{Faults, Refusal};
use infra::Failure;
use infra::catalogue::category::{self, CategoryRow};
use infra::catalogue::code_list::{self, CodeRow};
use infra::db::Connection;
use serde_json::json;
use uuid::Uuid;

use super::usecase::path_to;
use super::{CategoriesLoaded, CategoryLoad};
use crate::command::{Command, Subject};
use crate::http::answer::Answer;

pub async fn load(
    tx: &mut Connection,
    command: &Command,
    key: &str,
    wanted: &CategoryLoad,
) -> Result<Answer<CategoriesLoaded>, Failure> {
    command.by.require_operator()?;
    Ok(Answer::ok(make(tx, command, key, wanted).await?))
}

/// Makes the categories that are missing, whoever asks.
pub async fn make(
    tx: &mut Connection,
    command: &Command,
    key: &str,
    wanted: &CategoryLoad,
) -> Result<CategoriesLoaded, Failure> {
    category::hold(tx).await?;
    let list = code_list::find(tx, key).await?.ok_or_else(|| Refusal::not_found("code list"))?;
    let codes = branch(code_list::all(tx, list.id).await?, wanted.from.as_deref())?;
    let top = path_to(tx, wanted.parent_id, 1).await?;
    let texts: Vec<&str> = codes.iter().map(|row| row.code.as_str()).collect();
    let known = category::by_codes(tx, &texts).await?;
    let kept = known.len();
    let new = new_rows(command, &codes, known, &top)?;
    category::insert_all(tx, &new).await?;
    let data = json!({"code_list": list.key, "created": new.len()});
    command.event(
        "category.loaded",
        Subject { kind: "code_list", id: list.id, version: list.version },
        None,
        &[],
        data,
    );
    Ok(CategoriesLoaded { created: new.len(), kept })
}

/// A code and what is below it, or all; parents before their children.
fn branch(codes: Vec<CodeRow>, from: Option<&str>) -> Result<Vec<CodeRow>, Refusal> {
    if from.is_some_and(|from| !codes.iter().any(|row| row.code == from)) {
        return Err(Refusal::fault("/from", "unknown", "The list has no such code."));
    }
    let mut children: HashMap<Option<String>, Vec<CodeRow>> = HashMap::new();
    for row in codes {
        let above = if from == Some(row.code.as_str()) { None } else { row.parent.clone() };
        let unwanted = from.is_some() && above.is_none() && from != Some(row.code.as_str());
        if !unwanted {
            children.entry(above).or_default().push(row);
        }
    }
    let mut ordered = Vec::new();
    let mut level = children.remove(&None).unwrap_or_default();
    while !level.is_empty() {
        let next = level.iter().filter_map(|row| children.remove(&Some(row.code.clone()))).flatten().collect();
        ordered.extend(std::mem::replace(&mut level, next));
    }
    Ok(ordered)
}

/// A category for each code that has none yet, below that of its parent.
fn new_rows(
    command: &Command,
    codes: &[CodeRow],
    known: Vec<CategoryRow>,
    top: &[Uuid],
) -> Result<Vec<CategoryRow>, Refusal> {
    let mut paths: HashMap<String, Vec<Uuid>> = known.into_iter().map(|row| (row.code, row.path)).collect();
    let among: HashSet<&str> = codes.iter().map(|row| row.code.as_str()).collect();
    let (mut new, mut faults) = (Vec::new(), Faults::default());
    for row in codes {
        if paths.contains_key(&row.code) {
            continue;
        }
        let parent = row.parent.as_deref().filter(|parent| among.contains(parent));
        let above = parent.and_then(|parent| paths.get(parent)).map_or(top, Vec::as_slice);
        if above.len() >= MAX_DEPTH || !is_category_code(&row.code) {
            let detail =
                format!("`{}` cannot be a category: its code has other characters, or it is too deep.", row.code);
            faults.add("", "code", detail);
            break;
        }
        let id: Uuid = command.id();
        let path: Vec<Uuid> = above.iter().copied().chain([id]).collect();
        new.push(CategoryRow {
            id,
            code: row.code.clone(),
            parent_id: above.last().copied(),
            name: row.name.clone(),
            version: 1,
            created_at: command.at,
            path: path.clone(),
        });
        paths.insert(row.code.clone(), path);
    }
    faults.result()?;
    Ok(new)
}

/// As the schema of a new category asks.
fn is_category_code(code: &str) -> bool {
    let fine = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
    code.bytes().all(fine) && code.starts_with(|c: char| c.is_ascii_alphanumeric()) && code.len() <= 40
}
