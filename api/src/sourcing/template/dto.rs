//! Templates in JSON.

use domain::kernel::language::Texts;
use infra::Failure;
use infra::sourcing::template::TemplateRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;
use crate::sourcing::rfq::dto::{DeadlinesDto, RfqData};

/// A request that is kept to be sent again: one that is stated, or one that you have sent before.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Coil, quarterly", "rfq_id": "0190b5a0-0000-7000-8000-000000000001"}))]
pub struct RfqTemplateData {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What it says; its deadlines are not kept.
    pub request: Option<RfqData>,
    /// Or a request of yours that it is taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rfq_id: Option<Uuid>,
}

/// A template.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqTemplate)]
pub struct TemplateDto {
    pub id: Uuid,
    pub name: String,
    pub request: RfqData,
    pub created_at: Time,
}

/// What is different this time.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"portal": "metal", "deadlines": {"quotes": "2027-06-01T10:00:00Z"}}))]
pub struct RfqCopyData {
    /// Id or slug; that of the request that is copied, if nothing is said.
    pub portal: Option<String>,
    pub deadlines: DeadlinesDto,
    #[schema(value_type = Option<std::collections::HashMap<String, String>>)]
    pub title: Option<Texts>,
    /// Publishes it at once.
    #[serde(default)]
    #[schema(default = false)]
    pub publish: bool,
}

impl TemplateDto {
    pub fn of(row: &TemplateRow) -> Result<Self, Failure> {
        Ok(Self {
            id: row.id,
            name: row.name.clone(),
            request: serde_json::from_value(row.data.clone()).map_err(Failure::broken)?,
            created_at: row.created_at.into(),
        })
    }
}

impl RfqCopyData {
    /// The request as it is sent this time.
    pub fn request(&self, before: RfqData) -> RfqData {
        RfqData { deadlines: self.deadlines.clone(), title: self.title.clone().unwrap_or(before.title), ..before }
    }
}
