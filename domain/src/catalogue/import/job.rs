//! The life of an import or export: *queued → running → finished | failed | cancelled*. It only moves forward.

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobState {
    /// Waits for its turn.
    Queued,
    Running,
    /// All rows were tried. Rows that were refused are listed.
    Finished,
    /// The job could not go on. What it did before stays done.
    Failed,
    /// Somebody stopped it. What it did before stays done.
    Cancelled,
}

/// What can be done with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStep {
    Start,
    Finish,
    Fail,
    Cancel,
}

impl JobState {
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Finished, Self::Failed, Self::Cancelled];

    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|state| state.code() == code);
        known.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a job.")))
    }

    /// Nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Failed | Self::Cancelled)
    }

    /// The state after a step.
    pub fn after(self, step: JobStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Queued, JobStep::Start) => Ok(Self::Running),
            (Self::Running, JobStep::Finish) => Ok(Self::Finished),
            (Self::Queued | Self::Running, JobStep::Fail) => Ok(Self::Failed),
            (Self::Queued | Self::Running, JobStep::Cancel) => Ok(Self::Cancelled),
            (_, JobStep::Start) => Err(Refusal::wrong_state("job", self.code(), "started")),
            (_, JobStep::Finish) => Err(Refusal::wrong_state("job", self.code(), "finished")),
            (_, JobStep::Fail) => Err(Refusal::wrong_state("job", self.code(), "failed")),
            (_, JobStep::Cancel) => Err(Refusal::wrong_state("job", self.code(), "cancelled")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_only_moves_forward() {
        let steps = [JobStep::Start, JobStep::Finish, JobStep::Fail, JobStep::Cancel];
        for state in JobState::ALL {
            assert_eq!(JobState::parse(state.code()), Ok(state));
            let next: Vec<JobState> = steps.iter().filter_map(|step| state.after(*step).ok()).collect();
            assert!(next.iter().all(|next| *next > state), "{state:?}");
            assert_eq!(state.is_over(), next.is_empty());
        }
        assert_eq!(JobState::Queued.after(JobStep::Start), Ok(JobState::Running));
        assert!(JobState::Queued.after(JobStep::Finish).is_err());
    }
}
