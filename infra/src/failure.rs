//! What can come of a use case besides its result.

use domain::kernel::Refusal;
use domain::kernel::refusal::Invalid;

use crate::db::tx::is_passing;

/// Refused by a rule, or not possible at the moment, or broken.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A rule says no. The caller is told why.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database said no. Logged, never shown.
    #[error("database: {0}")]
    Database(#[from] diesel::result::Error),
    /// No connection to the database could be had in time.
    #[error("no database connection: {0}")]
    Unavailable(String),
    /// Something that must hold does not. Logged, never shown.
    #[error("{0}")]
    Broken(String),
}

impl Failure {
    /// The same may pass later: what it failed by is not the thing itself.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Database(error) => is_passing(error),
            Self::Refused(_) | Self::Broken(_) => false,
        }
    }

    pub fn broken(what: impl std::fmt::Display) -> Self {
        Self::Broken(what.to_string())
    }
}

/// What the database holds was checked before it was written: if it cannot be read back, something is broken.
impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::Broken(format!("stored value: {}", invalid.detail))
    }
}
