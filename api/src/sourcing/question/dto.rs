//! Questions in JSON.

use domain::sourcing::ShownQuestion;
use infra::sourcing::question::QuestionRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// A question about a request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "Is a mill certificate 3.1 needed?"}))]
pub struct RfqQuestionData {
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// What the buyer answers. It stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "Yes, for every coil."}))]
pub struct RfqAnswerData {
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// A question and its answer. Who asked, and when, is shown to nobody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqQuestion)]
pub struct QuestionDto {
    pub id: Uuid,
    pub question: String,
    /// Your company has asked it.
    pub is_own: bool,
    pub answer: Option<String>,
    pub answered_at: Option<Time>,
}

impl QuestionDto {
    pub fn of(row: &QuestionRow, shown: &ShownQuestion<'_>) -> Self {
        Self {
            id: row.id,
            question: shown.text.to_owned(),
            is_own: shown.own,
            answer: shown.answer.map(|answer| answer.text.clone()),
            answered_at: shown.answer.map(|answer| answer.answered_at.into()),
        }
    }
}
