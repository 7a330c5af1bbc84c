//! An uploaded code list: a form with what is said of it and its table.

use actix_multipart::{Field, Multipart};
use domain::catalogue::code_list::{Code, check_codes};
use domain::kernel::{Kind, Refusal};
use futures::StreamExt;
use sha2::{Digest, Sha256};

use super::dto::CodeListData;
use super::table;
use crate::app::App;
use crate::document::upload::malformed;
use crate::http::call::Call;
use crate::http::problem::Problem;
use crate::http::{body, json};

/// The largest table and the largest part of JSON.
const MAX_TABLE: usize = 32 * 1024 * 1024;
const MAX_JSON: usize = 64 * 1024;

/// Reads the parts `code_list` and `file`. The table is judged off the thread that serves others.
pub async fn read(app: &App, call: &Call, mut form: Multipart) -> Result<(CodeListData, Vec<Code>), Problem> {
    if call.content_length().is_some_and(|length| length > (MAX_TABLE + 2 * MAX_JSON) as u64) {
        return Err(too_large("file"));
    }
    let (mut data, mut table) = (None, None);
    let mut hash = Sha256::new();
    while let Some(field) = form.next().await {
        let field = field.map_err(|error| malformed(&error))?;
        let name = field.name().unwrap_or_default().to_owned();
        let (part, most) = match name.as_str() {
            "code_list" if data.is_none() => (&mut data, MAX_JSON),
            "file" if table.is_none() => (&mut table, MAX_TABLE),
            _ => {
                let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
                return Err(
                    Refusal::fault(pointer, "unknown_field", "This part is unknown, or was sent before.").into()
                );
            }
        };
        let bytes = bytes(field, &name, most).await?;
        hash.update(Sha256::digest(&name));
        hash.update(Sha256::digest(&bytes));
        *part = Some(bytes);
    }
    call.body_is(hash.finalize().into());
    let missing = |name: &str| Refusal::fault(format!("/{name}"), "required", format!("The part `{name}` is missing."));
    let data = data.ok_or_else(|| missing("code_list"))?;
    let mut value = json::parse(&data).map_err(|error| {
        Problem::new(Kind::MalformedRequest, format!("The part `code_list` is not valid JSON: {error}."))
    })?;
    json::strip_nulls(&mut value);
    let data: CodeListData = body::typed(app, value)?;
    let table = table.ok_or_else(|| missing("file"))?;
    let language = data.language.clone();
    let judged = tokio::task::spawn_blocking(move || {
        let rows = table::read(&table, &language)?;
        check_codes(rows).map_err(|faults| Refusal::invalid(faults.0))
    });
    let codes = judged.await.map_err(|error| Problem::internal(&error))??;
    Ok((data, codes))
}

async fn bytes(mut field: Field, name: &str, most: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|error| malformed(&error))?;
        if bytes.len() + chunk.len() > most {
            return Err(too_large(name));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn too_large(part: &str) -> Problem {
    Problem::new(Kind::FileTooLarge, format!("The part `{part}` is too large."))
}
