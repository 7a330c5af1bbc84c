//! Files of goods on their way in: streamed into the store while they are looked at, never held in memory.

use actix_multipart::{Field, Multipart};
use actix_web::web::Payload;
use domain::catalogue::import::{Dialect, Encoding, ImportKind, MAX_ROWS, Survey, Surveyed};
use domain::document::check_file_name;
use domain::kernel::{Kind, Refusal};
use futures::{StreamExt, stream};
use infra::files::Upload;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::dto::ImportOptions;
use super::reading::SEPARATORS;
use super::{file, ubl, usecase};
use crate::app::App;
use crate::clock::new_id;
use crate::document::upload::{malformed, part_of_json};
use crate::http::body;
use crate::http::call::Call;
use crate::http::problem::Problem;
use crate::integration::ubl::catalogue;
use crate::integration::xml;

/// What else of a form is not the file.
const MARGIN: u64 = 128 * 1024;

/// A file that waits to be worked off.
#[derive(Debug)]
pub struct Received {
    pub file: Uuid,
    pub file_name: Option<String>,
    pub size: u64,
    pub surveyed: Surveyed,
    /// It came as a catalogue of UBL.
    pub is_catalogue: bool,
}

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    Ndjson,
    Ubl,
}

impl Form {
    /// What is declared, or else what it looks like.
    fn of(options: &ImportOptions, by_default: Self) -> Result<Self, Refusal> {
        match options.format.as_deref() {
            None => Ok(by_default),
            Some("csv") => Ok(Self::Csv),
            Some("ndjson") => Ok(Self::Ndjson),
            Some("ubl") => Ok(Self::Ubl),
            Some(other) => Err(unknown(other)),
        }
    }

    fn by_media(media: &str) -> Option<Self> {
        match media {
            "text/csv" => Some(Self::Csv),
            "application/x-ndjson" | "application/jsonl" => Some(Self::Ndjson),
            "application/xml" | "text/xml" => Some(Self::Ubl),
            _ => None,
        }
    }

    fn by_name(name: &str) -> Self {
        match name {
            name if name.ends_with("json") || name.ends_with("jsonl") => Self::Ndjson,
            name if name.ends_with(".xml") => Self::Ubl,
            _ => Self::Csv,
        }
    }
}

/// Takes in a form with the parts `import` and `file`, or the bare file.
pub async fn receive(
    app: &App,
    call: &Call,
    options: ImportOptions,
    payload: Payload,
) -> Result<(ImportOptions, Received), Problem> {
    let kind = call.content_type();
    if call.content_length().is_some_and(|length| length > app.config.max_import_size + MARGIN) {
        return Err(too_large(app));
    }
    if kind == "multipart/form-data" {
        return form(app, call, options, Multipart::new(call.headers(), payload)).await;
    }
    let Some(by_media) = Form::by_media(&kind).filter(|_| !call.has_encoding()) else {
        let wanted = "multipart/form-data, text/csv, application/x-ndjson or application/xml";
        let detail = format!("Send {wanted}, without Content-Encoding.");
        return Err(Problem::new(Kind::UnsupportedMediaType, detail));
    };
    let pieces = payload.map(|piece| piece.map_err(|_| ended()));
    let (received, sha256) = store(app, &options, Form::of(&options, by_media)?, None, pieces).await?;
    call.body_is(sha256);
    Ok((options, received))
}

async fn form(
    app: &App,
    call: &Call,
    mut options: ImportOptions,
    mut form: Multipart,
) -> Result<(ImportOptions, Received), Problem> {
    let mut received: Option<(Received, [u8; 32])> = None;
    let mut hash = Sha256::new();
    while let Some(field) = form.next().await {
        let mut field = field.map_err(|error| malformed(&error))?;
        match field.name() {
            Some("import") if received.is_none() => {
                let (bytes, value) = part_of_json(&mut field, "import").await?;
                hash.update(&bytes);
                options = body::typed(app, value)?;
            }
            Some("file") if received.is_none() => {
                let name = file_name(&field)?;
                let form = Form::of(&options, name.as_deref().map_or(Form::Csv, Form::by_name))?;
                let pieces = field.map(|piece| piece.map_err(|error| malformed(&error)));
                received = Some(store(app, &options, form, name, pieces).await?);
            }
            other => {
                if let Some((received, _)) = &received {
                    file::discard(app, received.file).await?;
                }
                let pointer = format!("/{}", other.unwrap_or_default().replace('~', "~0").replace('/', "~1"));
                let detail = "This part is unknown, or was sent before; `import` comes before `file`.";
                return Err(Refusal::fault(pointer, "unknown_field", detail).into());
            }
        }
    }
    let missing = || Problem::from(Refusal::fault("/file", "required", "The part `file` is missing."));
    let (received, sha256) = received.ok_or_else(missing)?;
    // The boundary of a form may differ from one try to the next, what is in it may not.
    hash.update([0]);
    hash.update(sha256);
    call.body_is(hash.finalize().into());
    Ok((options, received))
}

async fn store(
    app: &App,
    options: &ImportOptions,
    form: Form,
    file_name: Option<String>,
    pieces: impl futures::Stream<Item = Result<bytes::Bytes, Problem>> + Unpin,
) -> Result<(Received, [u8; 32]), Problem> {
    match form {
        Form::Ubl => store_catalogue(app, options, file_name, pieces).await,
        table => store_table(app, survey(options, table == Form::Ndjson)?, file_name, pieces).await,
    }
}

/// A catalogue is small enough to be read whole. What is stored are the lines that it makes.
async fn store_catalogue(
    app: &App,
    options: &ImportOptions,
    file_name: Option<String>,
    mut pieces: impl futures::Stream<Item = Result<bytes::Bytes, Problem>> + Unpin,
) -> Result<(Received, [u8; 32]), Problem> {
    let kind = options.kind.as_deref().map_or(Ok(ImportKind::Products), ImportKind::parse);
    let kind = kind.map_err(|invalid| invalid.at("/kind"))?;
    let (limits, mut document) = (xml::Limits::default(), bytes::BytesMut::new());
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        if document.len() + piece.len() > limits.bytes {
            let detail = format!("A catalogue may have {} bytes.", limits.bytes);
            return Err(Problem::new(Kind::ImportTooLarge, detail));
        }
        document.extend_from_slice(&piece);
    }
    let (size, sha256) = (document.len() as u64, Sha256::digest(&document).into());
    let today = app.clock.now().date_naive();
    let work = move || ubl::translate(&catalogue::read(&document, &limits)?, kind, today);
    let translated = tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))??;
    if options.portal.is_none() && translated.has_offers {
        return Err(usecase::portal_missing().into());
    }
    let lines = stream::iter([Ok(translated.lines.into())]);
    let survey = Survey::new(true, None, Some(Encoding::Utf8));
    let (received, _) = store_table(app, survey, file_name, lines).await?;
    Ok((Received { size, is_catalogue: true, ..received }, sha256))
}

async fn store_table(
    app: &App,
    mut survey: Survey,
    file_name: Option<String>,
    pieces: impl futures::Stream<Item = Result<bytes::Bytes, Problem>> + Unpin,
) -> Result<(Received, [u8; 32]), Problem> {
    let file_id = new_id(app.clock.now());
    let mut upload = app.files.begin(file_id);
    let filled = fill(app, pieces, &mut upload, &mut survey).await;
    let surveyed = match filled.and_then(|()| Ok(checked(survey.finish()?)?)) {
        Ok(surveyed) => surveyed,
        Err(problem) => {
            upload.abort().await;
            return Err(problem);
        }
    };
    file::expect(app, file_id).await?;
    let stored = upload.wait(file_id).await?;
    let received = Received { file: file_id, file_name, size: stored.size, surveyed, is_catalogue: false };
    Ok((received, stored.sha256))
}

async fn fill(
    app: &App,
    mut pieces: impl futures::Stream<Item = Result<bytes::Bytes, Problem>> + Unpin,
    upload: &mut Upload,
    survey: &mut Survey,
) -> Result<(), Problem> {
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        if upload.size() + piece.len() as u64 > app.config.max_import_size {
            return Err(too_large(app));
        }
        survey.push(&piece);
        upload.put(piece).await?;
    }
    Ok(())
}

fn survey(options: &ImportOptions, ndjson: bool) -> Result<Survey, Refusal> {
    let separator = options.separator.as_deref().map(|name| {
        let known = SEPARATORS.iter().find(|(known, _)| *known == name);
        known.map(|(_, byte)| *byte).ok_or_else(|| unknown(name))
    });
    let encoding = options.encoding.as_deref().map(|code| Encoding::parse(code).map_err(|_| unknown(code)));
    Ok(Survey::new(ndjson, separator.transpose()?, encoding.transpose()?))
}

fn unknown(name: &str) -> Refusal {
    Refusal::new(Kind::InvalidQuery, format!("`{name}` is not one that is known."))
}

fn checked(surveyed: Surveyed) -> Result<Surveyed, Refusal> {
    if surveyed.rows > MAX_ROWS {
        return Err(Refusal::new(Kind::ImportTooLarge, format!("A file may have {MAX_ROWS} rows.")));
    }
    if surveyed.dialect != Dialect::Ndjson && surveyed.header.len() > 1000 {
        return Err(Refusal::new(Kind::ImportTooLarge, "A file may have 1000 columns."));
    }
    Ok(surveyed)
}

/// The name is for people only.
fn file_name(field: &Field) -> Result<Option<String>, Refusal> {
    let Some(name) = crate::document::upload::given_name(field) else { return Ok(None) };
    check_file_name(&name).map_err(|invalid| invalid.at("/file"))?;
    Ok(Some(name))
}

fn ended() -> Problem {
    Problem::new(Kind::MalformedRequest, "The body ended too early.")
}

fn too_large(app: &App) -> Problem {
    Problem::new(Kind::ImportTooLarge, format!("A file for import may have {} bytes.", app.config.max_import_size))
}

/// Removes the file again if no import has it: the request was refused, or came twice with the same key.
pub async fn settle(app: &App, received: &Received) -> Result<(), Problem> {
    let kept = infra::catalogue::import::job::has_file(&mut *app.pool.get().await?, received.file).await?;
    if !kept {
        file::discard(app, received.file).await?;
    }
    Ok(())
}
