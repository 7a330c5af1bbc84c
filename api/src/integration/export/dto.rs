//! Exports in JSON.

use domain::catalogue::import::JobState;
use infra::Failure;
use infra::integration::export::job::JobRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::old::LIFE;
use crate::catalogue::import::dto::{JobProblem, ProgressDto};
use crate::http::dto::Time;

/// Everything that your organisation owns, on its way into a file of NDJSON.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Export, example = json!({"id": "0190b5a0-0000-7000-8000-000000000001", "state": "finished",
    "progress": {"done": 1204, "total": 1204}, "lines": 1203, "left_out": [],
    "content": "/v1/exports/0190b5a0-0000-7000-8000-000000000001/content", "created_at": "2026-11-30T08:00:00.000000Z",
    "started_at": "2026-11-30T08:00:00.200000Z", "finished_at": "2026-11-30T08:00:04.000000Z",
    "expires_at": "2026-12-07T08:00:04.000000Z"}))]
pub struct ExportDto {
    pub id: Uuid,
    /// `queued`, `running`, `finished` or `failed`. It only moves forward.
    #[schema(example = "finished")]
    pub state: String,
    /// How many things were looked at, of how many. Events count from when they are read, so that the whole grows by them.
    pub progress: ProgressDto,
    /// How many lines were written. What you could not read by its own address has none.
    pub lines: i64,
    /// Types of which there are no lines, since who asked for the export may not read them.
    #[schema(example = json!([]))]
    pub left_out: Vec<String>,
    /// Where the file is read, once it is finished.
    pub content: Option<String>,
    /// Why it failed.
    pub problem: Option<JobProblem>,
    pub created_at: Time,
    pub started_at: Option<Time>,
    pub finished_at: Option<Time>,
    /// When the export is removed with its file.
    pub expires_at: Option<Time>,
}

impl ExportDto {
    pub fn of(job: &JobRow) -> Result<Self, Failure> {
        let is_finished = JobState::parse(&job.state)? == JobState::Finished;
        Ok(Self {
            id: job.id,
            state: job.state.clone(),
            progress: ProgressDto { done: job.done, total: job.total },
            lines: job.lines,
            left_out: job.left_out.clone(),
            content: is_finished.then(|| format!("/v1/exports/{}/content", job.id)),
            problem: JobProblem::of(job.problem.as_deref(), job.detail.as_deref()),
            created_at: job.created_at.into(),
            started_at: job.started_at.map(Time),
            finished_at: job.finished_at.map(Time),
            expires_at: job.finished_at.map(|at| Time(at + LIFE)),
        })
    }
}
