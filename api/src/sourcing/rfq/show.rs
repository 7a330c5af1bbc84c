//! Requests as they are shown.

use domain::kernel::language::pick;
use domain::sourcing::Round;
use infra::Failure;
use infra::sourcing::listing::SummaryRow;
use infra::sourcing::opening::OpeningRow;
use infra::sourcing::version::VersionRow;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::dto::RfqData;
use crate::catalogue::category::texts;
use crate::http::dto::Time;

/// A request in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RfqSummary {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    /// The title in the reader's language.
    pub title: String,
    #[schema(example = "published")]
    pub state: String,
    #[schema(example = "portal")]
    pub visibility: String,
    #[schema(example = "sealed")]
    pub secrecy: String,
    #[schema(example = "contract")]
    pub outcome: String,
    /// The categories that are asked for by themselves.
    pub categories: Vec<Uuid>,
    /// How many lines.
    pub lines: i64,
    pub round: i16,
    pub questions_until: Time,
    pub quotes_until: Time,
    pub created_at: Time,
    pub published_at: Option<Time>,
}

/// A request: as it stands, and how it goes. Target prices that are hidden and who is invited are shown to its buyer alone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rfq)]
pub struct RfqDto {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    #[serde(flatten)]
    pub data: RfqData,
    /// `draft`, `published`, `questions_closed`, `closed`, `evaluating`, `awarded` or `cancelled`.
    #[schema(example = "published")]
    pub state: String,
    /// The version at which it stands, which quotes name; 0 for a draft.
    pub terms_version: i32,
    /// Quotes to versions before this one lapse at the deadline unless they are confirmed.
    pub last_to_confirm: i32,
    /// The round of quotes that runs, or was the last one.
    pub round: i16,
    /// The rounds after the first.
    pub rounds: Vec<RoundDto>,
    /// Who opened quotes, and when.
    pub openings: Vec<OpeningDto>,
    /// What the caller's company is in it.
    pub caller: RfqCallerDto,
    /// The reverse auction that is its last round.
    pub auction_id: Option<Uuid>,
    pub copied_from: Option<Uuid>,
    pub cancel_reason: Option<String>,
    pub created_at: Time,
    pub published_at: Option<Time>,
    pub closed_at: Option<Time>,
}

/// What a company is in a request.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = RfqCaller)]
pub struct RfqCallerDto {
    /// `buyer`, `quoter` (who may quote) or `operator`.
    #[schema(example = "quoter")]
    pub role: String,
    pub invited: bool,
    /// Since when it has said that it does not quote.
    pub declined_at: Option<Time>,
    /// Where quoters are admitted: `applied`, `admitted` or `rejected`.
    pub application: Option<String>,
    pub quote_id: Option<Uuid>,
    pub quote_state: Option<String>,
    /// The quote answers an earlier version, and lapses at the deadline unless it is confirmed.
    pub needs_confirmation: bool,
}

/// A round of quotes after the first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqRound)]
pub struct RoundDto {
    pub number: u8,
    /// `revision`, `best_and_final` or `auction`.
    #[schema(example = "best_and_final")]
    pub kind: String,
    pub begun_at: Time,
    pub deadline: Time,
    /// Who takes part: for the buyer all of them, for others themselves.
    pub invited: Vec<Uuid>,
}

/// Somebody of the buyer opened quotes, or was the first of two to say so.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqOpening)]
pub struct OpeningDto {
    pub round: i16,
    /// `whole`, `technical` or `commercial`.
    #[schema(example = "whole")]
    pub envelope: String,
    pub person_id: Uuid,
    pub at: Time,
}

/// A version of a request as it was published.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqVersion)]
pub struct RfqVersionDto {
    pub number: i32,
    #[serde(flatten)]
    pub data: RfqData,
    /// What it changes: `{"change", "line"}`.
    #[schema(value_type = Vec<Object>)]
    pub changes: Value,
    /// Whether quotes to earlier versions lapse unless they are confirmed.
    pub needs_confirmation: bool,
    pub at: Time,
}

impl RfqSummary {
    pub fn of(row: SummaryRow, languages: &[String]) -> Result<Self, Failure> {
        Ok(Self {
            id: row.id,
            portal_id: row.portal_id,
            buyer_id: row.buyer_id,
            title: pick(&texts(row.titles)?, languages).to_owned(),
            state: row.state,
            visibility: row.visibility,
            secrecy: row.secrecy,
            outcome: row.outcome,
            categories: row.categories,
            lines: row.lines,
            round: row.round,
            questions_until: row.questions_until.into(),
            quotes_until: row.quotes_until.into(),
            created_at: row.created_at.into(),
            published_at: row.published_at.map(Into::into),
        })
    }
}

impl RoundDto {
    /// For the buyer, or for one of those who quote.
    pub fn of(round: &Round, sees_all: bool, own: Option<Uuid>) -> Self {
        let invited = round.invited.iter().map(|company| company.0);
        Self {
            number: round.number,
            kind: round.kind.code().to_owned(),
            begun_at: round.begun_at.into(),
            deadline: round.deadline.into(),
            invited: invited.filter(|company| sees_all || own == Some(*company)).collect(),
        }
    }
}

impl From<OpeningRow> for OpeningDto {
    fn from(row: OpeningRow) -> Self {
        Self { round: row.round, envelope: row.envelope, person_id: row.person_id, at: row.at.into() }
    }
}

impl RfqVersionDto {
    pub fn of(row: &VersionRow, is_own: bool) -> Result<Self, Failure> {
        let terms = row.terms()?;
        let shown = if is_own { terms } else { terms.for_quoters() };
        Ok(Self {
            number: row.number,
            data: RfqData::of(&shown),
            changes: row.changes.clone(),
            needs_confirmation: row.needs_confirmation,
            at: row.at.into(),
        })
    }
}
