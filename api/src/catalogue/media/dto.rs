//! Images and data sheets in JSON.

use std::collections::BTreeMap;

use domain::kernel::language::{Texts, pick};
use infra::Failure;
use infra::catalogue::media::{MediaRow, PreviewRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::Time;

/// What is said of an image or a data sheet.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": {"en": "Front view", "ru": "Вид спереди"}, "position": 1}))]
pub struct MediaData {
    /// Per language.
    pub title: BTreeMap<String, String>,
    /// Where it stands among the others, from 1 on; last by default. The first image is that of the product.
    #[schema(minimum = 1, maximum = 30)]
    pub position: Option<i32>,
}

/// The parts of an upload.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(example = json!({"media": {"title": {"en": "Front view"}}, "file": "(the bytes)"}))]
pub struct MediaUpload {
    pub media: MediaData,
    /// The file with its name: JPEG, PNG or WebP of at most 16 MiB, or PDF of at most 32 MiB; the content decides.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}

/// All images and data sheets of a product, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductMediaList {
    pub items: Vec<MediaDto>,
}

/// An image or a data sheet of a product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductMedia)]
pub struct MediaDto {
    pub id: Uuid,
    /// `image` or `data_sheet`.
    #[schema(example = "image")]
    pub kind: String,
    pub title: BTreeMap<String, String>,
    pub position: i32,
    /// `waiting` until it was looked at, then `ready` and shown with offers, or `failed` and never shown.
    #[schema(example = "ready")]
    pub state: String,
    /// Of one that failed: `broken`, `too_large` (more than 24 million pixels) or `too_slow`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    #[serde(flatten)]
    pub file: MediaFileDto,
    pub created_at: Time,
}

/// A file with what was found in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductMediaFile)]
pub struct MediaFileDto {
    #[schema(example = "front.jpg")]
    pub file_name: String,
    #[schema(example = "image/jpeg")]
    pub media_type: String,
    pub size: i64,
    /// Of an image, in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<i32>,
    /// Of a data sheet, where it tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_count: Option<i32>,
    #[schema(format = "uri-reference")]
    pub url: String,
    /// Of an image, the smallest first. Data sheets have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub previews: Vec<PreviewDto>,
}

/// A small image of an image.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductMediaPreview, example = json!({"edge": 160, "width": 160, "height": 107,
    "url": "/v1/portals/northwind/catalogue/0190b5a0-0000-7000-8000-000000000001/media/0190b5a0-0000-7000-8000-000000000002?preview=160"}))]
pub struct PreviewDto {
    /// The longest side at most, in pixels.
    pub edge: i32,
    pub width: i32,
    pub height: i32,
    #[schema(format = "uri-reference")]
    pub url: String,
}

/// An image or a data sheet beside an offer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfferMedia)]
pub struct OfferMediaDto {
    pub id: Uuid,
    /// `image` or `data_sheet`.
    #[schema(example = "image")]
    pub kind: String,
    /// In the reader's language.
    pub title: String,
    #[serde(flatten)]
    pub file: MediaFileDto,
}

/// The first image of an offer's product, in two sizes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfferImage)]
pub struct ImageDto {
    pub id: Uuid,
    /// At most 160 pixels wide and high.
    #[schema(format = "uri-reference")]
    pub small: String,
    /// At most 640 pixels wide and high.
    #[schema(format = "uri-reference")]
    pub large: String,
}

/// Which file is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PreviewOfMedia {
    /// The preview with sides of at most so many pixels, 160 or 640; the file itself without it.
    #[param(minimum = 160, maximum = 640)]
    pub preview: Option<i32>,
}

impl MediaData {
    pub fn of(row: &MediaRow) -> Result<Self, Failure> {
        Ok(Self { title: texts(row)?, position: Some(row.position) })
    }
}

fn texts(row: &MediaRow) -> Result<Texts, Failure> {
    Texts::deserialize(&row.title).map_err(Failure::broken)
}

impl MediaFileDto {
    fn of(row: &MediaRow, previews: &[PreviewRow], url: String) -> Self {
        let preview = |one: &PreviewRow| PreviewDto {
            edge: one.edge,
            width: one.width,
            height: one.height,
            url: format!("{url}?preview={}", one.edge),
        };
        Self {
            file_name: row.file_name.clone(),
            media_type: row.media_type.clone(),
            size: row.size,
            width: row.width,
            height: row.height,
            page_count: row.page_count,
            previews: previews.iter().map(preview).collect(),
            url,
        }
    }
}

impl MediaDto {
    pub fn of(row: &MediaRow, previews: &[PreviewRow]) -> Result<Self, Failure> {
        let url = format!("/v1/products/{}/media/{}/content", row.product_id, row.id);
        Ok(Self {
            id: row.id,
            kind: row.kind.clone(),
            title: texts(row)?,
            position: row.position,
            state: row.state.clone(),
            fault: row.fault.clone(),
            file: MediaFileDto::of(row, previews, url),
            created_at: row.created_at.into(),
        })
    }
}

impl OfferMediaDto {
    pub fn of(
        (portal, offer): (Uuid, Uuid),
        row: &MediaRow,
        previews: &[PreviewRow],
        languages: &[String],
    ) -> Result<Self, Failure> {
        Ok(Self {
            id: row.id,
            kind: row.kind.clone(),
            title: pick(&texts(row)?, languages).to_owned(),
            file: MediaFileDto::of(row, previews, url(portal, offer, row.id)),
        })
    }
}

impl ImageDto {
    pub fn of(portal: Uuid, offer: Uuid, id: Uuid) -> Self {
        let url = url(portal, offer, id);
        Self { id, small: format!("{url}?preview=160"), large: format!("{url}?preview=640") }
    }
}

/// Where readers of an offer find a file.
fn url(portal: Uuid, offer: Uuid, id: Uuid) -> String {
    format!("/v1/portals/{portal}/catalogue/{offer}/media/{id}")
}
