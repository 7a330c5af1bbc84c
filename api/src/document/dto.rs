//! Documents in JSON.

use domain::document::DocumentState;
use infra::document::{DocumentRow, VersionRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::Time;

/// What is said of a file that is uploaded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Certificate of registration", "visibility": "owner",
    "subject": {"kind": "organisation", "id": "0190b5a0-0000-7000-8000-000000000001"}}))]
pub struct DocumentData {
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// `owner`: your organisation; `parties`: also the other side of the subject; `portal`: all who see the portal; `public`:
    /// everybody.
    #[schema(pattern = "^(owner|parties|portal|public)$")]
    pub visibility: String,
    /// The portal whose visitors see it; your organisation must be an active member there.
    pub portal_id: Option<Uuid>,
    /// What it belongs to.
    pub subject: Option<DocumentSubjectDto>,
}

/// What a document belongs to: one's own organisation (as evidence for its verification), product, request for quotation or auction
/// (whose parties are the bidders that are admitted), or an order, contract, delivery or invoice whose buyer or seller one is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DocumentSubject)]
pub struct DocumentSubjectDto {
    #[schema(pattern = "^(organisation|product|order|contract|delivery|invoice|auction|rfq)$")]
    pub kind: String,
    pub id: Uuid,
}

/// The parts of an upload.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(example = json!({"document": {"title": "Certificate of registration", "visibility": "owner"}, "file": "(the bytes)"}))]
pub struct DocumentUpload {
    pub document: DocumentData,
    /// The file with its name. PDF, PNG, JPEG, WebP, text, CSV, XML, JSON, office documents and ZIP are taken; the content decides.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}

/// The part of an upload of a new version.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(example = json!({"file": "(the bytes)"}))]
pub struct VersionUpload {
    /// The file with its name.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}

/// What can be changed of a document.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Price list 2027", "visibility": "portal"}))]
pub struct DocumentProfile {
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    #[schema(pattern = "^(owner|parties|portal|public)$")]
    pub visibility: String,
}

/// A document with its newest file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Document)]
pub struct DocumentDto {
    pub id: Uuid,
    pub owner_id: Uuid,
    pub title: String,
    pub visibility: String,
    pub portal_id: Option<Uuid>,
    pub subject: Option<DocumentSubjectDto>,
    /// `draft`, `published` or `archived`.
    pub state: String,
    pub file: FileDto,
    pub created_at: Time,
    pub published_at: Option<Time>,
    pub archived_at: Option<Time>,
}

/// A file of a document. It never changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentVersion)]
pub struct FileDto {
    pub number: i32,
    /// SHA-256 of the content, in hexadecimal digits.
    pub sha256: String,
    pub size: i64,
    pub media_type: String,
    pub file_name: String,
    pub uploaded_at: Time,
}

/// Which documents to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DocumentQuery {
    /// Only those that belong to things of this kind.
    #[param(pattern = "^(organisation|product|order|contract|delivery|invoice|auction|rfq)$")]
    pub subject_kind: Option<String>,
    /// Only those that belong to this thing.
    pub subject_id: Option<Uuid>,
    /// Only those shown in this portal.
    pub portal_id: Option<Uuid>,
    /// Only those of your organisation.
    #[serde(default)]
    pub own: bool,
    /// How many items to give: 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// Where to go on: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Which file to download, and a signed link's proof.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ContentQuery {
    /// The number of the file; the newest without it.
    #[param(minimum = 1)]
    pub version: Option<i32>,
    /// From a signed link.
    pub expires: Option<i64>,
    /// From a signed link.
    pub signature: Option<String>,
}

/// A link for somebody without a token.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"minutes": 60}))]
pub struct LinkData {
    /// For how long it is good; 15 by default, a day at most.
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: Option<i64>,
}

/// A signed link to one file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentLink)]
pub struct LinkDto {
    #[schema(format = "uri-reference")]
    pub url: String,
    pub expires_at: Time,
}

impl DocumentDto {
    pub fn of(row: &DocumentRow, file: &VersionRow) -> Self {
        let subject = row.subject_kind.clone().zip(row.subject_id);
        Self {
            id: row.id,
            owner_id: row.owner_id,
            title: row.title.clone(),
            visibility: row.visibility.clone(),
            portal_id: row.portal_id,
            subject: subject.map(|(kind, id)| DocumentSubjectDto { kind, id }),
            state: DocumentState::of(row.published_at.is_some(), row.archived_at.is_some()).code().to_owned(),
            file: file.into(),
            created_at: row.created_at.into(),
            published_at: row.published_at.map(Time),
            archived_at: row.archived_at.map(Time),
        }
    }
}

impl From<&VersionRow> for FileDto {
    fn from(row: &VersionRow) -> Self {
        Self {
            number: row.number,
            sha256: hex::encode(&row.sha256),
            size: row.size,
            media_type: row.media_type.clone(),
            file_name: row.file_name.clone(),
            uploaded_at: row.uploaded_at.into(),
        }
    }
}
