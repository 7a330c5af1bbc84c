//! What is done with code lists.

use domain::catalogue::code_list::{Code, check_list_key};
use domain::kernel::language::{Texts, check_texts};
use domain::kernel::{Faults, Refusal};
use infra::Failure;
use infra::catalogue::code_list::{self, CodeListRow, CodeRow, CodeSearch};
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;

use super::bundled;
use super::dto::{CodeDto, CodeListDto, CodeQuery};
use crate::command::{Command, Subject};
use crate::http::answer::Answer;

/// Loads a list that comes with the service.
pub async fn load_bundled(tx: &mut Connection, command: &Command, key: &str) -> Result<Answer<CodeListDto>, Failure> {
    command.by.require_operator()?;
    let list = bundled::find(key)?;
    let codes = list.codes()?;
    keep(tx, command, list.key, &list.names(), list.edition, &codes).await
}

/// Loads a list that was uploaded: a new one, or a new edition of a known one.
pub async fn load(
    tx: &mut Connection,
    command: &Command,
    key: &str,
    names: &Texts,
    edition: &str,
    codes: &[Code],
) -> Result<Answer<CodeListDto>, Failure> {
    command.by.require_operator()?;
    let mut faults = Faults::default();
    faults.keep("/code_list/key", check_list_key(key));
    faults.keep("/code_list/name", check_texts(names, 200));
    faults.result()?;
    keep(tx, command, key, names, edition, codes).await
}

/// Keeps a list under a key, whoever asks.
pub async fn keep(
    tx: &mut Connection,
    command: &Command,
    key: &str,
    names: &Texts,
    edition: &str,
    codes: &[Code],
) -> Result<Answer<CodeListDto>, Failure> {
    code_list::hold(tx).await?;
    let known = code_list::find(tx, key).await?;
    let is_new = known.is_none();
    let row = CodeListRow {
        id: known.as_ref().map_or_else(|| command.id(), |row| row.id),
        key: key.to_owned(),
        name: json!(names),
        edition: edition.to_owned(),
        codes: i32::try_from(codes.len()).map_err(Failure::broken)?,
        version: known.as_ref().map_or(1, |row| row.version + 1),
        created_at: known.as_ref().map_or(command.at, |row| row.created_at),
        loaded_at: command.at,
    };
    if is_new {
        code_list::insert(tx, &row).await?;
    } else {
        code_list::update(tx, &row).await?;
    }
    let entry = |code: &Code| CodeRow {
        code_list_id: row.id,
        code: code.code.clone(),
        parent: code.parent.clone(),
        name: json!(code.names),
        retired: false,
    };
    let entries: Vec<CodeRow> = codes.iter().map(entry).collect();
    code_list::replace(tx, row.id, &entries).await?;
    let subject = Subject { kind: "code_list", id: row.id, version: row.version };
    command.event("code_list.loaded", subject, None, &[], json!({"key": key, "edition": edition, "codes": row.codes}));
    let dto = CodeListDto::of(row)?;
    Ok(if is_new { Answer::created(format!("/v1/code-lists/{key}"), dto) } else { Answer::ok(dto) })
}

pub async fn find(connection: &mut Connection, key: &str) -> Result<(CodeListDto, i64), Failure> {
    let row = code_list::find(connection, key).await?.ok_or_else(|| Refusal::not_found("code list"))?;
    let version = row.version;
    Ok((CodeListDto::of(row)?, version))
}

pub async fn list(connection: &mut Connection, page: &Page) -> Result<List<CodeListDto>, Failure> {
    let found = code_list::list(connection, page).await?;
    let items: Result<Vec<_>, _> = found.items.into_iter().map(CodeListDto::of).collect();
    Ok(List { items: items?, next: found.next })
}

pub async fn codes(
    connection: &mut Connection,
    key: &str,
    query: &CodeQuery,
    page: &Page,
) -> Result<List<CodeDto>, Failure> {
    let list = code_list::find(connection, key).await?.ok_or_else(|| Refusal::not_found("code list"))?;
    if query.q.iter().chain(&query.parent).any(|text| text.chars().count() > 200 || text.contains('\0')) {
        let detail = "`q` and `parent` have at most 200 characters, none of them NUL.";
        return Err(Refusal::new(domain::kernel::Kind::InvalidQuery, detail).into());
    }
    let words = query.q.clone().filter(|words| !words.trim().is_empty());
    let search = CodeSearch { parent: query.parent.clone(), words };
    let found = code_list::codes(connection, list.id, &search, page).await?;
    let items: Result<Vec<_>, _> = found.items.into_iter().map(CodeDto::of).collect();
    Ok(List { items: items?, next: found.next })
}
