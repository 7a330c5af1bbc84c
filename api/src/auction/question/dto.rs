//! Questions in JSON.

use infra::auction::question::QuestionRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// A question about an auction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"question": "Were the bars stored under a roof?"}))]
pub struct AuctionQuestionData {
    #[schema(min_length = 1, max_length = 4000)]
    pub question: String,
}

/// What the holder answers. It stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer": "Yes, in a heated hall."}))]
pub struct AuctionAnswerData {
    #[schema(min_length = 1, max_length = 4000)]
    pub answer: String,
}

/// A question and its answer. Who asked is shown to nobody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionQuestion)]
pub struct QuestionDto {
    pub id: Uuid,
    pub question: String,
    pub asked_at: Time,
    /// Your company has asked it.
    pub is_own: bool,
    pub answer: Option<String>,
    pub answered_at: Option<Time>,
}

impl QuestionDto {
    pub fn of(row: &QuestionRow, by: Option<Uuid>) -> Self {
        Self {
            id: row.id,
            question: row.question.clone(),
            asked_at: row.asked_at.into(),
            is_own: by == Some(row.organisation_id),
            answer: row.answer.clone(),
            answered_at: row.answered_at.map(Into::into),
        }
    }
}
