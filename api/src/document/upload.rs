//! Uploads: a form with a part of JSON and a file, which is streamed into the store while it is hashed and counted.

use actix_multipart::{Field, Multipart, MultipartError};
use domain::document::file::HEAD;
use domain::document::{MediaType, check_file_name};
use domain::kernel::{Kind, Refusal};
use futures::StreamExt;
use infra::files::{Stored, Upload};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::app::App;
use crate::clock::new_id;
use crate::http::body;
use crate::http::call::Call;
use crate::http::json;
use crate::http::problem::Problem;

/// The largest part of JSON, and what else of the form is not the file.
const MAX_JSON: usize = 64 * 1024;

/// A file that was taken in and stored.
#[derive(Debug)]
pub struct Received {
    pub file_name: String,
    pub media: MediaType,
    pub stored: Stored,
}

/// Reads a form with the parts `document` and `file`.
pub async fn with_data<T: DeserializeOwned + ToSchema>(
    app: &App,
    call: &Call,
    form: Multipart,
) -> Result<(T, Received), Problem> {
    with_part(app, call, form, "document").await
}

/// Reads a form with a part of JSON of this name and the part `file`.
pub async fn with_part<T: DeserializeOwned + ToSchema>(
    app: &App,
    call: &Call,
    form: Multipart,
    part: &'static str,
) -> Result<(T, Received), Problem> {
    typed(app, part, read(app, call, form, Some(part), None).await?)
}

/// Reads a form with a part of JSON of this name and the part `file`, which is kept under a name of its own.
pub async fn own_with_data<T: DeserializeOwned + ToSchema>(
    app: &App,
    call: &Call,
    form: Multipart,
    part: &'static str,
    keep_as: &str,
) -> Result<(T, Received), Problem> {
    typed(app, part, read(app, call, form, Some(part), Some(keep_as)).await?)
}

fn typed<T: DeserializeOwned + ToSchema>(
    app: &App,
    part: &str,
    (data, received): (Option<Value>, Received),
) -> Result<(T, Received), Problem> {
    let missing = || {
        Problem::from(Refusal::fault(
            format!("/{part}"),
            "required",
            format!("The part `{part}` with JSON is missing."),
        ))
    };
    Ok((body::typed(app, data.ok_or_else(missing)?)?, received))
}

/// Reads a form with the part `file` alone.
pub async fn file(app: &App, call: &Call, form: Multipart) -> Result<Received, Problem> {
    Ok(read(app, call, form, None, None).await?.1)
}

async fn read(
    app: &App,
    call: &Call,
    mut form: Multipart,
    part: Option<&'static str>,
    keep_as: Option<&str>,
) -> Result<(Option<Value>, Received), Problem> {
    if call.content_length().is_some_and(|length| length > app.config.max_file_size + 2 * MAX_JSON as u64) {
        return Err(too_large(app));
    }
    let (mut data, mut received) = (None, None);
    let mut hash = Sha256::new();
    while let Some(field) = form.next().await {
        let mut field = field.map_err(|error| malformed(&error))?;
        match field.name() {
            Some(name) if part == Some(name) && data.is_none() => {
                let (bytes, value) = part_of_json(&mut field, part.unwrap_or_default()).await?;
                hash.update(&bytes);
                data = Some(value);
            }
            Some("file") if received.is_none() => received = Some(store(app, field, keep_as).await?),
            other => {
                let pointer = format!("/{}", other.unwrap_or_default().replace('~', "~0").replace('/', "~1"));
                return Err(
                    Refusal::fault(pointer, "unknown_field", "This part is unknown, or was sent before.").into()
                );
            }
        }
    }
    let missing = || Problem::from(Refusal::fault("/file", "required", "The part `file` is missing."));
    let received = received.ok_or_else(missing)?;
    // The boundary of a form may differ from one try to the next, what is in it may not.
    hash.update([0]);
    hash.update(&received.file_name);
    hash.update(received.stored.sha256);
    call.body_is(hash.finalize().into());
    Ok((data, received))
}

/// A part of JSON, as it came and as a value.
pub async fn part_of_json(field: &mut Field, name: &str) -> Result<(bytes::Bytes, Value), Problem> {
    let too_large = |_| Problem::new(Kind::PayloadTooLarge, format!("The part `{name}` is too large."));
    let bytes = field.bytes(MAX_JSON).await.map_err(too_large)?.map_err(|error| malformed(&error))?;
    let invalid = |error| format!("The part `{name}` is not valid JSON: {error}.");
    let mut value = json::parse(&bytes).map_err(|error| Problem::new(Kind::MalformedRequest, invalid(error)))?;
    json::strip_nulls(&mut value);
    Ok((bytes, value))
}

/// Streams a file into the store. One of another kind than its name says is given up at its head, a too large one at the limit.
async fn store(app: &App, mut field: Field, keep_as: Option<&str>) -> Result<Received, Problem> {
    let file_name = file_name(&field)?;
    let mut upload = app.files.begin(new_id(app.clock.now()));
    match fill(app, &mut field, &mut upload, &file_name).await {
        Ok(media) => {
            let stored = match keep_as {
                Some(name) => upload.keep_own(name).await?,
                None => upload.finish().await?,
            };
            Ok(Received { file_name, media, stored })
        }
        Err(problem) => {
            upload.abort().await;
            Err(problem)
        }
    }
}

async fn fill(app: &App, field: &mut Field, upload: &mut Upload, file_name: &str) -> Result<MediaType, Problem> {
    let mut head = Vec::new();
    let mut media = None;
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|error| malformed(&error))?;
        if upload.size() + chunk.len() as u64 > app.config.max_file_size {
            return Err(too_large(app));
        }
        if media.is_none() {
            head.extend(chunk.iter().take(HEAD - head.len()));
            if head.len() >= HEAD {
                media = Some(MediaType::recognise(file_name, &head)?);
            }
        }
        upload.put(chunk).await?;
    }
    match media {
        Some(media) => Ok(media),
        None => Ok(MediaType::recognise(file_name, &head)?),
    }
}

/// The name that the sender gives a file.
pub fn given_name(field: &Field) -> Option<String> {
    let disposition = field.content_disposition()?;
    match disposition.get_filename_ext() {
        Some(extended) => String::from_utf8(extended.value.clone()).ok(),
        None => disposition.get_filename().map(str::to_owned),
    }
}

fn file_name(field: &Field) -> Result<String, Refusal> {
    let name = given_name(field).unwrap_or_default();
    check_file_name(&name).map_err(|invalid| invalid.at("/file"))?;
    Ok(name)
}

fn too_large(app: &App) -> Problem {
    Problem::new(Kind::FileTooLarge, format!("A file may have {} bytes.", app.config.max_file_size))
}

/// What is wrong with a form that cannot be read.
pub fn malformed(error: &MultipartError) -> Problem {
    use MultipartError as E;
    match error {
        E::ContentTypeMissing | E::ContentTypeParse | E::ContentTypeIncompatible => {
            Problem::new(Kind::UnsupportedMediaType, "Send multipart/form-data.")
        }
        _ => Problem::new(Kind::MalformedRequest, "The form cannot be read, or ended too early."),
    }
}
